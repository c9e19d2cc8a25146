"""Todo par de estados de un hito, en cada momento del calendario y por cada papel: lo esperado no sale de la tabla del producto."""

from functools import partial
from itertools import product

import pytest
from django.db import transaction
from django.utils import timezone

from retos.enums import EstadoPropuesta, Resultado
from retos.models import HitoPlan, Implementacion, Propuesta
from retos.seguimiento.actions import mover_hito
from retos.seguimiento.enums import TRANSICIONES_HITO, EstadoHito

from ..transiciones import AVANZAN, GESTIONAN, MOMENTOS, Puerta, armar, comprobar_accion, comprobar_puerta, situar

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
E, H, R = EstadoPropuesta, EstadoHito, Resultado


@pytest.fixture(scope="module")
def mundo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        mundo, hoy = armar(), timezone.localdate()
        Propuesta.objects.filter(pk=mundo.propuesta.pk).update(resultado=R.EN_IMPLEMENTACION)
        plan = Implementacion.objects.create(propuesta=mundo.propuesta, responsable="Obras")
        mundo.hito = HitoPlan.objects.create(implementacion=plan, nombre="Sembrar", responsable="Ana", inicia=hoy, vence=hoy)
        yield mundo
        transaction.set_rollback(True)


def puerta_a(hacia, *desde) -> Puerta:
    return Puerta(
        hacia, set(desde), GESTIONAN, "gestion", fases=AVANZAN,
        direccion=lambda m: f"/admin/programa/seguimiento/{m.ejercicio.pk}/propuestas/{m.propuesta.pk}/hitos/{m.hito.pk}/",
        datos=lambda m: {"accion": hacia, "motivo": "Por esto."},
        accion=lambda m, actor: mover_hito(hito=m.hito, hacia=hacia, actor=actor, motivo="Por esto."),
    )  # fmt: skip


PUERTAS = [
    puerta_a(H.PENDIENTE, H.CANCELADO),
    puerta_a(H.EN_CURSO, H.PENDIENTE, H.CUMPLIDO),
    puerta_a(H.CUMPLIDO, H.EN_CURSO),
    puerta_a(H.CANCELADO, H.PENDIENTE, H.EN_CURSO),
]
# Mientras se prepara, un hito se puede dejar de lado o retomar; lo demás espera a que la implementación empiece.
AL_PREPARAR = {H.PENDIENTE, H.CANCELADO}


def en_estado(mundo, desde) -> None:
    HitoPlan.objects.filter(pk=mundo.hito.pk).update(
        estado=desde,
        avance=100 if desde == H.CUMPLIDO else 30,
        motivo="Antes." if desde == H.CANCELADO else "",
        cumplido_en=timezone.now() if desde == H.CUMPLIDO else None,
    )


def se_movio(puerta, desde, nuevo, actor, *, se_cuenta=True) -> None:
    hacia, fila = puerta.hacia, nuevo.fila
    assert (fila.estado, fila.motivo) == (hacia, "Por esto." if hacia == H.CANCELADO else "")
    assert fila.avance == {H.CUMPLIDO: 100, H.PENDIENTE: 0}.get(hacia, nuevo.antes.avance)
    assert (fila.cumplido_en is not None) == (hacia == H.CUMPLIDO)
    assert nuevo.historial == [("retos.mover_hito", desde, hacia, actor.pk)]
    assert nuevo.novedades == [(f"{H(hacia).label}: Sembrar", "Por esto.")] * se_cuenta
    assert nuevo.avisos == 2 * se_cuenta  # a quien escribió la propuesta y a quien la escribe con ella


def test_la_tabla_del_hito_es_toda_la_de_la_prueba():
    assert {(desde, puerta.hacia) for puerta in PUERTAS for desde in puerta.desde} == set(TRANSICIONES_HITO)
    assert [puerta.hacia for puerta in PUERTAS] == list(H)


@pytest.mark.parametrize("momento", MOMENTOS)
def test_cada_par_de_estados_en_cada_momento(mundo, momento):
    situar(mundo, momento)
    for desde, puerta in product(H, PUERTAS):
        en_estado(mundo, desde)
        esperado = "plazo" if not puerta.a_tiempo(momento) else "" if desde in puerta.desde else "transicion"
        hecho, caso = partial(se_movio, puerta, desde), (momento, desde, puerta.hacia)
        comprobar_accion(mundo, mundo.hito, puerta.accion, puerta.actor(mundo), esperado, hecho, caso)


@pytest.mark.parametrize(("estado", "resultado"), [*product([E.PUBLICADA], R), (E.RETIRADA, R.EN_IMPLEMENTACION)])
def test_cada_par_de_estados_segun_en_que_va_la_propuesta(mundo, estado, resultado):
    situar(mundo, "implementacion")
    Propuesta.objects.filter(pk=mundo.propuesta.pk).update(estado=estado, resultado=resultado)
    empezo = (estado, resultado) == (E.PUBLICADA, R.EN_IMPLEMENTACION)
    con_plan = empezo or (estado, resultado) == (E.PUBLICADA, R.ELEGIDA)
    for desde, puerta in product(H, PUERTAS):
        en_estado(mundo, desde)
        permitido, cabe = desde in puerta.desde, empezo or puerta.hacia in AL_PREPARAR
        esperado = "resultado" if not con_plan or (permitido and not cabe) else "" if permitido else "transicion"
        hecho, caso = partial(se_movio, puerta, desde, se_cuenta=empezo), (estado, resultado, desde, puerta.hacia)
        comprobar_accion(mundo, mundo.hito, puerta.accion, puerta.actor(mundo), esperado, hecho, caso)


@pytest.mark.parametrize("puerta", PUERTAS, ids=[puerta.hacia for puerta in PUERTAS])
def test_cada_par_de_estados_por_su_puerta_y_cada_papel(mundo, mailoutbox, puerta):
    """En la implementación, todos; en la decisión, los que la tabla permite."""
    casos = [("implementacion", desde) for desde in H] + [("decision", desde) for desde in puerta.desde]
    for momento, desde in casos:
        situar(mundo, momento)
        en_estado(mundo, desde)
        pasa = puerta.a_tiempo(momento) and desde in puerta.desde
        comprobar_puerta(mundo, mundo.hito, puerta, partial(se_movio, puerta, desde) if pasa else None, (momento, desde))
    assert mailoutbox == []
