"""Todo par de estados de una propuesta, en cada momento del calendario y por cada papel.

Lo que se espera está escrito aquí y no sale de las tablas del producto. En cada momento (las nueve fases, entre dos, antes y
después de todas) se pide cada par por su acción. Por su puerta, la dirección que usa la gente, lo pide cada papel en la fase
en que cabe, todos los pares, y en una en que no, los pares que la tabla permite.
"""

from datetime import timedelta
from functools import partial
from itertools import product

import pytest
from django.db import transaction

from participacion.ejercicios.actions import leer_reglas
from participacion.moderacion.actions import decidir
from participacion.moderacion.models import Entrada
from retos import actions
from retos.enums import TRANSICIONES, EstadoPropuesta, Quien, Resultado
from retos.equipos.uniones import aceptar
from retos.models import Propuesta

from .transiciones import (
    MODERAN,
    MOMENTOS,
    Puerta,
    armar,
    comprobar_accion,
    comprobar_puerta,
    deshecho,
    en_estado,
    situar,
)

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
E, R = EstadoPropuesta, Resultado


@pytest.fixture(scope="module")
def mundo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield armar()
        transaction.set_rollback(True)


def de_moderacion(hacia, decision, desde=frozenset({E.ENVIADA})) -> Puerta:
    """Aunque la entrada siga esperando, manda el estado de la propuesta."""

    def preparar(mundo):
        Entrada.objects.filter(pk=mundo.entrada.pk).update(decision="", decidida_en=None, decidida_por=None)

    return Puerta(
        hacia, desde, MODERAN, "moderacion", preparar=preparar,
        direccion=lambda m: f"/admin/moderacion/{m.entrada.pk}/",
        datos=lambda m: {"decision": decision, "motivo": "Por esto."},
        accion=lambda m, actor: decidir(entrada_id=m.entrada.pk, decision=decision, motivo="Por esto.", moderador=actor),
    )  # fmt: skip


ESTADO = {
    "enviar": Puerta(
        E.ENVIADA, {E.BORRADOR, E.DEVUELTA}, {"autora"}, "autora", fases={"convocatoria"},
        direccion=lambda m: f"/propuestas/{m.propuesta.pk}/editar/",
        datos=lambda m: {
            "accion": "enviar", "titulo": "Sombra", "resumen": "En breve.", "descripcion": "En detalle.",
            "clave_envio": m.propuesta.clave_envio,
        },
        accion=lambda m, actor: actions.enviar_propuesta(propuesta=m.propuesta, actor=actor),
    ),
    "publicar": de_moderacion(E.PUBLICADA, "aprobada"),
    "devolver": de_moderacion(E.DEVUELTA, "devuelta"),
    "rechazar": de_moderacion(E.RECHAZADA, "rechazada"),
    "volver a borrador": de_moderacion(E.BORRADOR, "borrador", desde=frozenset()),
    "retirar": Puerta(
        E.RETIRADA, {E.ENVIADA, E.DEVUELTA, E.PUBLICADA}, {"autora"}, "autora",
        direccion=lambda m: f"/propuestas/{m.propuesta.pk}/retirar/",
        datos=lambda m: {},
        accion=lambda m, actor: actions.retirar_propuesta(propuesta=m.propuesta, actor=actor),
    ),
    "fusionar": Puerta(
        E.FUSIONADA, {E.PUBLICADA}, {"otra_autora"}, "otra_autora", fases={"convocatoria"},
        direccion=lambda m: f"/uniones/{m.union.pk}/",
        datos=lambda m: {"accion": "aceptar"},
        accion=lambda m, actor: aceptar(union=m.union, actor=actor),
    ),
}  # fmt: skip
# Quien la recibe y quien la pidió responden por las dos: la fusión es, en la tabla, de sus autores.
DE_QUIEN = {nombre: "moderacion" if puerta.pueden is MODERAN else "autor" for nombre, puerta in ESTADO.items()}
# Con qué se niega cada una cuando el estado no lo permite.
NEGATIVAS = {
    "volver a borrador": dict.fromkeys(E, "campo"),
    "fusionar": dict.fromkeys(E, "estado") | {E.FUSIONADA: "fusionada", E.RETIRADA: "retirada"},
}
# Lo devuelto hace mucho ya no tiene días para corregir.
HACE_MUCHO = timedelta(days=200)


def se_cambio(nombre, desde, nuevo, actor) -> None:
    hacia, autora = ESTADO[nombre].hacia, nuevo.fila.autor.clave
    assert (nuevo.fila.estado, nuevo.fila.resultado) == (hacia, R.EN_ESTUDIO)
    assert nuevo.actos == [(f"propuesta_{hacia}", hacia, autora if DE_QUIEN[nombre] == "autor" else None)]
    assert nuevo.historial == [("retos.cambiar_estado", desde, hacia, actor.pk)]


def se_hizo(nombre, desde, nuevo, actor) -> None:
    se_cambio(nombre, desde, nuevo, actor)
    assert Entrada.objects.de(nuevo.fila).pendientes().exists() == (nombre == "enviar")
    assert nuevo.avisos  # a quién, lo dicen las pruebas de cada acción


def test_la_tabla_del_estado_es_toda_la_de_la_prueba():
    pares = {(desde, p.hacia): DE_QUIEN[nombre] for nombre, p in ESTADO.items() for desde in p.desde}
    assert pares == TRANSICIONES
    assert {puerta.hacia for puerta in ESTADO.values()} == set(E)


def test_el_cambio_de_estado_obedece_la_tabla_par_por_par(mundo):
    """También por quien no es: ni la gestión ni la moderación hacen lo del autor, ni él lo de ellas."""
    ejercicio, ahora = leer_reglas(mundo.ejercicio.pk)

    def cambiar(puerta, quien, mundo, actor):
        fila = Propuesta.objects.get(pk=mundo.propuesta.pk)
        fila.referencia, fila.publicada_en = "R-2026-00077", ahora
        fila.fusionada_en = mundo.otra if puerta.hacia == E.FUSIONADA else None
        actions._cambiar_estado(fila, puerta.hacia, quien=quien, usuario=actor, ahora=ahora, ejercicio=ejercicio)

    for desde, (nombre, puerta), quien in product(E, ESTADO.items(), Quien):
        en_estado(mundo, desde)
        esperado = "" if desde in puerta.desde and quien == DE_QUIEN[nombre] else "transicion"
        hecho, caso = partial(se_cambio, nombre, desde), (desde, nombre, quien)
        comprobar_accion(mundo, mundo.propuesta, partial(cambiar, puerta, quien), mundo.gente.gestion, esperado, hecho, caso)


def esperado(nombre, desde, momento, reciente) -> str:
    """El código con que se niega; vacío si se hace."""
    puerta = ESTADO[nombre]
    if nombre == "enviar" and desde == E.DEVUELTA and reciente:
        a_tiempo = momento not in ("antes de todas", "diagnostico")
    else:
        a_tiempo = puerta.a_tiempo(momento)
    if desde in puerta.desde:
        return "" if a_tiempo else "plazo"
    if nombre == "fusionar" and not a_tiempo:
        return "plazo"
    return NEGATIVAS.get(nombre, {}).get(desde, "transicion")


@pytest.mark.parametrize("momento", MOMENTOS)
def test_cada_par_de_estados_en_cada_momento(mundo, momento):
    situar(mundo, momento)
    casos = [(desde, nombre, True) for desde, nombre in product(E, ESTADO)] + [(E.DEVUELTA, "enviar", False)]
    for desde, nombre, reciente in casos:
        puerta = ESTADO[nombre]
        en_estado(mundo, desde, devuelta_hace=timedelta(0) if reciente else HACE_MUCHO)
        with deshecho():
            puerta.disponer(mundo)
            hecho, caso = partial(se_hizo, nombre, desde), (momento, desde, nombre, reciente)
            hay = esperado(nombre, desde, momento, reciente)
            comprobar_accion(mundo, mundo.propuesta, puerta.accion, puerta.actor(mundo), hay, hecho, caso)


@pytest.mark.parametrize("nombre", ESTADO)
def test_cada_par_de_estados_por_su_puerta_y_cada_papel(mundo, mailoutbox, nombre):
    """En la convocatoria, todos; en la decisión, los que la tabla permite y ya no caben."""
    puerta = ESTADO[nombre]
    casos = [("convocatoria", desde) for desde in E] + [("decision", desde) for desde in puerta.desde if puerta.fases]
    for momento, desde in casos:
        situar(mundo, momento)
        en_estado(mundo, desde, devuelta_hace=HACE_MUCHO)
        with deshecho():
            puerta.disponer(mundo)
            pasa = puerta.a_tiempo(momento) and desde in puerta.desde
            hecho = partial(se_hizo, nombre, desde) if pasa else None
            comprobar_puerta(mundo, mundo.propuesta, puerta, hecho, (momento, nombre, desde))
    assert mailoutbox == []
