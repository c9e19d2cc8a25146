"""Quien apoya puede pedir que le cuenten, dejarlo cuando quiera y desde el correo, sin ingresar."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from cuentas.datos_personales import FUENTES
from participacion.apoyos.actions import apoyar
from participacion.apoyos.models import Apoyo
from retos.novedades import anunciar
from tests import fabricas as f

from .fabricas_votos import participante, reto, sembrar

pytestmark = pytest.mark.django_db


def entrar(usuario):
    cliente = Client()
    cliente.force_login(usuario)
    return cliente


def test_se_pide_al_apoyar_y_se_cambia_despues_tambien_tras_el_cierre():
    r, ana = reto(**f.programa("apoyo")), f.persona()
    (p,) = sembrar(r, 1)
    cliente, url = entrar(ana), f"/propuestas/{p.pk}/apoyar/"
    assert 'name="quiere_avisos" value="si">' in cliente.get(f"/propuestas/{p.pk}/").text  # sin marcar
    cliente.post(url)
    assert Apoyo.objects.get().quiere_avisos is False
    cliente.post(url, {"accion": "retirar"})
    cliente.post(url, {"quiere_avisos": "si"})
    assert Apoyo.objects.get().quiere_avisos is True
    f.mover_reloj(r, "decision")
    assert "Le avisaremos por correo" in cliente.get(f"/propuestas/{p.pk}/").text
    for accion, quiere in (("no_avisar", False), ("avisar", True)):
        cliente.post(url, {"accion": accion})
        assert Apoyo.objects.get().quiere_avisos is quiere
    assert "True" in str(FUENTES["apoyos"].copiar(ana.participante).datos)
    FUENTES["apoyos"].suprimir(ana.participante)
    assert Apoyo.objects.get().quiere_avisos is False


def test_solo_a_quien_lo_pidio_le_llega_con_su_enlace_de_baja(client, trabajar):
    (p,) = sembrar(reto(), 1)
    si, no = participante(), participante()
    apoyar(objeto=p, participante=si, quiere_avisos=True)
    apoyar(objeto=p, participante=no)
    anunciar(propuesta=p, titulo="Cambió", por=None, ahora=timezone.now(), sitio=p.ejercicio.sitio)
    trabajar()
    correos = {correo.to[0]: correo.body for correo in mail.outbox}
    assert set(correos) == {si.cuenta.email, p.autor.cuenta.email}
    assert "avisos-de-apoyo" not in correos[p.autor.cuenta.email]
    enlace = re.search(r"/avisos-de-apoyo/\S+", correos[si.cuenta.email])[0]
    # Mirarlo no cambia nada: los programas de correo abren los enlaces antes que las personas.
    assert "Dejar de recibirlos" in client.get(enlace).text
    assert Apoyo.objects.get(participante=si).quiere_avisos is True
    assert "ya no le avisaremos" in client.post(enlace).text
    assert Apoyo.objects.filter(participante=si, quiere_avisos=False).count() == 1
    p.refresh_from_db()
    assert p.apoyos == 2


@pytest.mark.parametrize("codigo", ["x", "WzEsMV0:1:2", "%C3%B1", "a" * 500])
def test_un_enlace_falso_no_existe(client, codigo):
    assert client.get(f"/avisos-de-apoyo/{codigo}/").status_code == 404
