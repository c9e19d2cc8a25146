"""Cada persona recibe un aviso de cada novedad, y uno solo."""

from collections import Counter

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cuentas import actions as cuentas
from participacion.apoyos import actions as apoyos
from participacion.apoyos.models import Apoyo
from participacion.avisos.models import Aviso
from retos import novedades
from retos.models import Integrante, Novedad
from tests import fabricas as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def apoyada(trabajar, mailoutbox):
    """Una propuesta con autora, una integrante que además la apoyó, y tres apoyos: dos quieren saber."""
    propuesta = f.publicada(f.reto())
    gente = [f.persona() for _ in range(4)]
    for quien in gente:
        apoyos.apoyar(objeto=propuesta, participante=cuentas.participante_de(quien))
    integrante, uno, dos, _callado = gente
    Apoyo.objects.filter(participante__cuenta__in=[integrante, uno, dos]).update(quiere_avisos=True)
    Integrante.objects.create(propuesta=propuesta, participante=integrante.participante, desde=timezone.now())
    trabajar()
    mailoutbox.clear()
    propuesta.avisadas = Counter(c.email for c in (propuesta.autor.cuenta, integrante, uno, dos))
    return propuesta


def anunciar(propuesta, **campos):
    sitio = propuesta.ejercicio.sitio
    return novedades.anunciar(propuesta=propuesta, titulo="Avanza", por=None, ahora=timezone.now(), sitio=sitio, **campos)


def varias(propuesta):
    return novedades.anunciar_varias([Novedad(propuesta=propuesta, titulo="Avanza", en=timezone.now())])[0]


@pytest.mark.parametrize(("como", "tanda"), [(anunciar, 1), (varias, 500)])
def test_repetir_las_tareas_no_repite_los_mensajes(apoyada, trabajar, mailoutbox, monkeypatch, como, tanda):
    """Un trabajador murió después de confirmar y antes de anotar que terminó: la tarea vuelve a la cola."""
    monkeypatch.setattr(novedades, "TANDA", tanda)
    como(apoyada)
    trabajar()
    assert Counter(m.to[0] for m in mailoutbox) == apoyada.avisadas  # uno por persona, aunque sea del equipo y la apoye
    hechas = DBTaskResult.objects.filter(task_path__startswith="retos.novedades")
    assert hechas.exists()
    hechas.update(status="READY", started_at=None, finished_at=None)
    trabajar()
    assert Counter(m.to[0] for m in mailoutbox) == apoyada.avisadas


def test_sin_avisar_al_equipo_tampoco_como_apoyo(apoyada, trabajar, mailoutbox):
    anunciar(apoyada, al_equipo=False)
    trabajar()
    equipo = {apoyada.autor.cuenta.email, apoyada.integrantes.get().participante.cuenta.email}
    assert {m.to[0] for m in mailoutbox} == set(apoyada.avisadas) - equipo


def test_hilos_la_misma_tarea_en_dos_trabajadores(hilos):
    propuesta = f.publicada(f.reto())
    for _ in range(3):
        apoyos.apoyar(objeto=propuesta, participante=cuentas.participante_de(f.persona()))
    Apoyo.objects.update(quiere_avisos=True)
    novedad = varias(propuesta)
    assert hilos(*[lambda: novedades.avisar_a_quienes_apoyaron.call(novedad.pk, 0)] * 4) == [None] * 4
    assert Aviso.objects.de(novedad).count() == 3
