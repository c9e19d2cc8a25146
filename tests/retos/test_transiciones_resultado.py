"""Todo par de resultados de una propuesta, en cada momento del calendario y por cada papel. Véase `test_transiciones_propuesta`."""

from collections.abc import Callable
from functools import partial
from itertools import product

import pytest
from django.db import transaction
from django.utils import timezone

from participacion.ejercicios.actions import leer_reglas
from retos.decision.actions import promover, publicar_decision
from retos.decision.enums import EstadoDecision
from retos.enums import TRANSICIONES_RESULTADO, EstadoPropuesta, Resultado
from retos.evaluacion.actions.admision import admitir, no_admitir
from retos.models import CierreReto, DecisionReto, Fallo, HitoPlan, Implementacion, Propuesta
from retos.resultados import cambiar_resultado
from retos.seguimiento.actions import mover_propuesta

from .transiciones import (
    AVANZAN,
    FASES,
    GESTIONAN,
    MOMENTOS,
    Puerta,
    armar,
    codigo,
    comprobar_accion,
    comprobar_puerta,
    deshecho,
    en_estado,
    huella,
    situar,
)

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
E, R = EstadoPropuesta, Resultado


@pytest.fixture(scope="module")
def mundo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield armar()
        transaction.set_rollback(True)


def cumple(mundo, si: bool) -> dict:
    requisito = mundo.ejercicio.requisitos.get()
    return {requisito.pk: (si, "")}


def de_requisitos(hacia, nombre, desde, accion) -> Puerta:
    si = hacia == R.ADMITIDA
    return Puerta(
        hacia, desde, GESTIONAN, "gestion", fases={"admisibilidad"},
        direccion=lambda m: f"/admin/programa/evaluacion/{m.ejercicio.pk}/requisitos/{m.propuesta.pk}/",
        datos=lambda m: {"accion": nombre, "motivo": "" if si else "Por esto."}
        | {f"cumple-{pk}": "si" if si else "no" for pk in cumple(m, si)},
        accion=lambda m, actor: accion(propuesta=m.propuesta, actor=actor, revision=cumple(m, si), **({} if si else {"motivo": "Por esto."})),
    )  # fmt: skip


def decidida(mundo, resultado, estado) -> None:
    """La decisión del reto: la otra, elegida, y ésta como se diga."""
    decision = DecisionReto.objects.create(
        ejercicio=mundo.ejercicio, estado=estado, motivos="Fueron las mejores.", tomada_en=timezone.now(),
        publicada_en=timezone.now() if estado == EstadoDecision.PUBLICADA else None,
    )  # fmt: skip
    for propuesta, que in ((mundo.propuesta, resultado), (mundo.otra, R.ELEGIDA)):
        Fallo.objects.create(
            decision=decision, propuesta=propuesta, resultado=que, puesto=1 if que == R.ELEGIBLE else None, respuesta="Por esto."
        )


def de_la_decision(hacia) -> Puerta:
    return Puerta(
        hacia, {R.EN_ESTUDIO, R.ADMITIDA}, GESTIONAN, "gestion", fases={"decision"},
        preparar=lambda m: decidida(m, hacia, EstadoDecision.TOMADA),
        direccion=lambda m: f"/admin/programa/decision/{m.ejercicio.pk}/",
        datos=lambda m: {"accion": "publicar"},
        accion=lambda m, actor: publicar_decision(ejercicio=m.ejercicio, actor=actor),
    )  # fmt: skip


def falta_la_elegida(mundo) -> None:
    decidida(mundo, R.ELEGIBLE, EstadoDecision.PUBLICADA)
    Propuesta.objects.filter(pk=mundo.otra.pk).update(resultado=R.NO_IMPLEMENTADA)


def del_plan(hacia, desde) -> Puerta:
    return Puerta(
        hacia, desde, GESTIONAN, "gestion", fases=AVANZAN, preparar=con_plan,
        direccion=lambda m: f"/admin/programa/seguimiento/{m.ejercicio.pk}/propuestas/{m.propuesta.pk}/",
        datos=lambda m: {"accion": hacia, "motivo": "Por esto."},
        accion=lambda m, actor: mover_propuesta(propuesta=m.propuesta, hacia=hacia, actor=actor, motivo="Por esto."),
    )  # fmt: skip


def con_plan(mundo) -> None:
    """Un plan cumplido, con lo que se logró."""
    hoy = timezone.localdate()
    plan = Implementacion.objects.create(
        propuesta=mundo.propuesta, responsable="Obras", problema_resuelto="si", explicacion="Hay sombra."
    )
    HitoPlan.objects.create(
        implementacion=plan, nombre="Sembrar", responsable="Ana", inicia=hoy, vence=hoy, estado="cumplido", avance=100,
        cumplido_en=timezone.now(),
    )  # fmt: skip


RESULTADO = {
    "admitir": de_requisitos(R.ADMITIDA, "admitir", {R.EN_ESTUDIO, R.NO_ADMITIDA}, admitir),
    "no admitir": de_requisitos(R.NO_ADMITIDA, "no_admitir", {R.EN_ESTUDIO, R.ADMITIDA}, no_admitir),
    "elegir": de_la_decision(R.ELEGIDA),
    "dejar en el banco": de_la_decision(R.ELEGIBLE),
    "no elegir": de_la_decision(R.NO_ELEGIDA),
    "elegir del banco": Puerta(
        R.ELEGIDA, {R.ELEGIBLE}, GESTIONAN, "gestion", fases=AVANZAN, preparar=falta_la_elegida,
        lo_muestra=("No queda ninguna propuesta en el banco.",),
        direccion=lambda m: f"/admin/programa/decision/{m.ejercicio.pk}/banco/",
        datos=lambda m: {"propuesta": m.propuesta.pk, "respuesta": "Por esto."},
        accion=lambda m, actor: promover(propuesta=m.propuesta, actor=actor, respuesta="Por esto."),
    ),
    "empezar": del_plan(R.EN_IMPLEMENTACION, {R.ELEGIDA}),
    "terminar": del_plan(R.IMPLEMENTADA, {R.EN_IMPLEMENTACION}),
    "no implementar": del_plan(R.NO_IMPLEMENTADA, {R.ELEGIDA, R.EN_IMPLEMENTACION}),
    "volver a estudio": del_plan(R.EN_ESTUDIO, set()),
}  # fmt: skip
# La acción del calendario que cada puerta pide, como la nombra el producto.
EN_QUE = dict.fromkeys(RESULTADO, "avanzar") | dict.fromkeys(("admitir", "no admitir"), "admitir")
EN_QUE |= dict.fromkeys(("elegir", "dejar en el banco", "no elegir"), "decidir")
CON_RESPUESTA = ("elegir", "dejar en el banco", "no elegir", "elegir del banco")
PARES = [(nombre, desde) for nombre, puerta in RESULTADO.items() for desde in sorted(puerta.desde)]


def con_resultado(mundo, desde) -> None:
    Propuesta.objects.filter(pk=mundo.propuesta.pk).update(resultado=desde)


def se_resolvio(hacia, desde, nuevo, actor, *, respondida=False, motivo="Por esto.") -> None:
    assert (nuevo.fila.estado, nuevo.fila.resultado) == (E.PUBLICADA, hacia)
    assert nuevo.actos == [(f"propuesta_{hacia}", "", None)] + [("propuesta_respondida", "", None)] * respondida
    assert nuevo.historial == [("retos.cambiar_resultado", desde, hacia, actor.pk)]
    assert nuevo.novedades == [(R(hacia).label, motivo)]


def como_queda(nombre, desde) -> Callable:
    motivo = "" if nombre == "admitir" else "Por esto."
    return partial(se_resolvio, RESULTADO[nombre].hacia, desde, respondida=nombre in CON_RESPUESTA, motivo=motivo)


def cuando_cabe(puerta) -> str:
    return min(puerta.fases, key=FASES.index)


def test_la_tabla_del_resultado_es_toda_la_de_la_prueba():
    assert {(desde, RESULTADO[nombre].hacia): EN_QUE[nombre] for nombre, desde in PARES} == TRANSICIONES_RESULTADO
    assert {puerta.hacia for puerta in RESULTADO.values()} == set(R)


@pytest.mark.parametrize("momento", MOMENTOS)
def test_cada_par_de_resultados_en_cada_momento(mundo, momento):
    situar(mundo, momento)
    ejercicio, ahora = leer_reglas(mundo.ejercicio.pk)
    fases_de = {(desde, RESULTADO[nombre].hacia): RESULTADO[nombre].fases for nombre, desde in PARES}

    def cambiar(hacia, mundo, actor):
        fila = Propuesta.objects.get(pk=mundo.propuesta.pk)
        cambiar_resultado(fila, hacia, usuario=actor, ahora=ahora, ejercicio=ejercicio, motivo="Por esto.")

    for desde, hacia in product(R, R):
        con_resultado(mundo, desde)
        fases = fases_de.get((desde, hacia))
        esperado = "transicion" if fases is None else "" if momento in fases else "plazo"
        hecho, caso = partial(se_resolvio, hacia, desde), (momento, desde, hacia)
        comprobar_accion(mundo, mundo.propuesta, partial(cambiar, hacia), mundo.gente.gestion, esperado, hecho, caso)


def probar(mundo, nombre, desde, esperado) -> None:
    puerta = RESULTADO[nombre]
    con_resultado(mundo, desde)
    with deshecho():
        puerta.disponer(mundo)
        hecho = como_queda(nombre, desde)
        comprobar_accion(mundo, mundo.propuesta, puerta.accion, puerta.actor(mundo), esperado, hecho, (nombre, desde))


@pytest.mark.parametrize("momento", MOMENTOS)
def test_cada_accion_sobre_el_resultado_en_cada_momento(mundo, momento):
    situar(mundo, momento)
    for nombre, desde in PARES:
        probar(mundo, nombre, desde, "" if RESULTADO[nombre].a_tiempo(momento) else "plazo")


def test_cerrado_el_reto_ningun_resultado_cambia(mundo):
    CierreReto.objects.create(ejercicio=mundo.ejercicio, conclusiones="Fin.", sin_responder=0, en=timezone.now())
    for nombre, desde in PARES:
        situar(mundo, cuando_cabe(RESULTADO[nombre]))
        probar(mundo, nombre, desde, "cerrado")


@pytest.mark.parametrize("estado", [estado for estado in E if estado != E.PUBLICADA])
def test_lo_que_ya_no_concursa_no_cambia_de_resultado(mundo, estado):
    """Una decisión la omite y publica las demás."""
    en_estado(mundo, estado)
    for nombre, desde in PARES:
        puerta = RESULTADO[nombre]
        situar(mundo, cuando_cabe(puerta))
        con_resultado(mundo, desde)
        with deshecho():
            puerta.disponer(mundo)
            estaba = huella(mundo.propuesta, mundo)
            esperado = {"decidir": "", "admitir": "transicion"}.get(EN_QUE[nombre], "banco" if nombre == "elegir del banco" else "transicion")
            assert codigo(partial(puerta.accion, mundo, puerta.actor(mundo))) == esperado, (nombre, desde)
            assert huella(mundo.propuesta, mundo) == estaba, (nombre, desde)


@pytest.mark.parametrize("nombre", RESULTADO)
def test_cada_par_de_resultados_por_su_puerta_y_cada_papel(mundo, mailoutbox, nombre):
    """En su fase, todos; en la evaluación, los que la tabla permite y no caben."""
    puerta = RESULTADO[nombre]
    casos = [(cuando_cabe(puerta), desde) for desde in R] + [("evaluacion", desde) for desde in puerta.desde]
    for momento, desde in casos:
        situar(mundo, momento)
        con_resultado(mundo, desde)
        with deshecho():
            puerta.disponer(mundo)
            pasa = puerta.a_tiempo(momento) and desde in puerta.desde
            hecho = como_queda(nombre, desde) if pasa else None
            comprobar_puerta(mundo, mundo.propuesta, puerta, hecho, (momento, nombre, desde))
    assert mailoutbox == []
