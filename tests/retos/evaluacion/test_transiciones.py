"""Todo par de estados de un jurado y de una evaluación, para cada papel y cada momento del calendario, desde su tabla."""

from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from participacion.registro.models import Acto
from retos.evaluacion.actions.asignacion import cambiar_asignaciones, cambiar_evaluacion, declarar_impedimento
from retos.evaluacion.actions.calificacion import abstenerse, enviar_evaluacion, guardar_evaluacion, reabrir_evaluacion
from retos.evaluacion.actions.jurado import cambiar_jurado, invitar_de_nuevo, remover, responder_invitacion
from retos.evaluacion.enums import (
    ACTOS_EVALUACION,
    ACTOS_JURADO,
    TRANSICIONES_EVALUACION,
    TRANSICIONES_JURADO,
    EstadoEvaluacion,
    EstadoJurado,
    Papel,
)
from retos.models import Evaluacion, Jurado
from tests import fabricas as f

from .mundo import cuenta_de, en_evaluacion, evaluacion, notas

pytestmark = pytest.mark.django_db
E, J = EstadoEvaluacion, EstadoJurado
# Qué se puede antes de la evaluación y durante ella. Después, nada.
ANTES_Y_DURANTE = {(E.ASIGNADA, E.ABSTENIDA), (E.EN_CURSO, E.ABSTENIDA), (E.ASIGNADA, E.IMPEDIDA), (E.EN_CURSO, E.IMPEDIDA),
                   (E.ASIGNADA, E.RETIRADA), (E.EN_CURSO, E.RETIRADA), (E.RETIRADA, E.ASIGNADA), (E.ABSTENIDA, E.ASIGNADA)}  # fmt: skip
DURANTE = {(E.ASIGNADA, E.EN_CURSO), (E.EN_CURSO, E.ENVIADA), (E.ENVIADA, E.EN_CURSO)}


def en_una_prueba(hacer):
    """Lo que pasó al intentarlo, y la base de datos como estaba."""
    with transaction.atomic():
        try:
            hacer()
        except (ValidationError, PermissionDenied) as error:
            return error
        finally:
            transaction.set_rollback(True)
    return None


def test_la_tabla_de_la_evaluacion_es_toda_la_de_la_prueba():
    assert set(TRANSICIONES_EVALUACION) == ANTES_Y_DURANTE | DURANTE


def test_el_cambio_de_evaluacion_obedece_la_tabla_par_por_par():
    mundo = en_evaluacion()
    suya = evaluacion(mundo)
    for desde, hacia, papel in product(E, E, Papel):
        vistos = {}

        def intentar(desde=desde, hacia=hacia, papel=papel, vistos=vistos):
            Evaluacion.objects.filter(pk=suya.pk).update(estado=desde, total=10, enviada_en=suya.asignada_en)
            fila = Evaluacion.objects.get(pk=suya.pk)
            cambiar_evaluacion(
                fila, hacia, papel=papel, usuario=mundo.gestion, ahora=suya.asignada_en, ejercicio=mundo.ejercicio
            )
            vistos["estado"] = Evaluacion.objects.get(pk=suya.pk).estado
            vistos["acto"] = Acto.objects.filter(objeto_tipo="retos.evaluacion", objeto_id=suya.pk).latest("pk").tipo

        error = en_una_prueba(intentar)
        if TRANSICIONES_EVALUACION.get((desde, hacia)) == papel:
            assert error is None, (desde, hacia, papel)
            assert vistos == {"estado": hacia, "acto": ACTOS_EVALUACION[hacia][0]}
        else:
            assert error.code == "transicion", (desde, hacia, papel)


def test_el_cambio_de_jurado_obedece_la_tabla_par_por_par():
    mundo = en_evaluacion(asignadas=False)
    lugar = mundo.jurados[0]
    for desde, hacia, papel in product(J, J, Papel):
        vistos = {}

        def intentar(desde=desde, hacia=hacia, papel=papel, vistos=vistos):
            Jurado.objects.filter(pk=lugar.pk).update(estado=desde)
            fila = Jurado.objects.get(pk=lugar.pk)
            cambiar_jurado(
                fila, hacia, papel=papel, usuario=mundo.gestion, ahora=lugar.invitado_en, ejercicio=mundo.ejercicio
            )
            vistos["estado"] = Jurado.objects.get(pk=lugar.pk).estado
            vistos["acto"] = Acto.objects.filter(objeto_tipo="retos.jurado", objeto_id=lugar.pk).latest("pk").tipo

        error = en_una_prueba(intentar)
        if TRANSICIONES_JURADO.get((desde, hacia)) == papel:
            assert error is None, (desde, hacia, papel)
            assert vistos == {"estado": hacia, "acto": ACTOS_JURADO[hacia][0]}
        else:
            assert error.code == "transicion", (desde, hacia, papel)


def acciones_de_evaluacion(mundo):
    """De cada acción, qué cambio hace y cómo se pide, por cada quien."""
    par = (mundo.propuestas[0].pk, mundo.jurados[0].pk)

    def de_jurado(accion, hacia, **campos):
        return hacia, lambda actor: accion(evaluacion=evaluacion(mundo), actor=actor, **campos)

    def de_gestion(hacia, **campos):
        return hacia, lambda actor: cambiar_asignaciones(ejercicio=mundo.ejercicio, actor=actor, **{"dar": [], "quitar": [], **campos})

    return {
        "guardar": de_jurado(guardar_evaluacion, E.EN_CURSO, valores={}),
        "enviar": de_jurado(enviar_evaluacion, E.ENVIADA, valores=notas(mundo, 1, 2)),
        "reabrir": de_jurado(reabrir_evaluacion, E.EN_CURSO),
        "abstenerse": de_jurado(abstenerse, E.ABSTENIDA, motivo="No sé del tema."),
        "impedirse": (
            E.IMPEDIDA,
            lambda actor: declarar_impedimento(
                jurado=mundo.jurados[0], propuesta=mundo.propuestas[0], actor=actor, motivo="Es mi primo.", papel=Papel.JURADO
            ),
        ),
        "dar": de_gestion(E.ASIGNADA, dar=[par]),
        "quitar": de_gestion(E.RETIRADA, quitar=[par]),
    }


# Acción → desde qué estados cambia algo; enviar pasa por el borrador, y dar o quitar lo que ya está así no es un error.
SALE_BIEN = {
    "guardar": {E.ASIGNADA, E.EN_CURSO},
    "enviar": {E.ASIGNADA, E.EN_CURSO},
    "reabrir": {E.ENVIADA},
    "abstenerse": {E.ASIGNADA, E.EN_CURSO},
    "impedirse": {E.ASIGNADA, E.EN_CURSO},
    "dar": {E.RETIRADA, E.ABSTENIDA},
    "quitar": {E.ASIGNADA, E.EN_CURSO},
}
SIN_CAMBIO = {"dar": {E.ASIGNADA, E.EN_CURSO, E.ENVIADA}, "quitar": {E.RETIRADA}}
PREPARAN = {"abstenerse", "impedirse", "dar", "quitar"}


@pytest.mark.parametrize("fase", ["convocatoria", "evaluacion", "decision"])
def test_cada_accion_desde_cada_estado_en_cada_fase_y_por_cada_quien(fase):
    mundo = en_evaluacion(jurados=2)
    acciones = acciones_de_evaluacion(mundo)
    f.mover_reloj(mundo.pagina, fase)
    personas = {"jurado": cuenta_de(mundo.jurados[0]), "otro": cuenta_de(mundo.jurados[1])}
    for nombre, desde, quien in product(acciones, E, personas):
        if nombre in ("dar", "quitar") and quien == "otro":
            continue  # quién gestiona lo comprueba la vista: véase la matriz
        hacia, hacer = acciones[nombre]
        vistos = {}

        def intentar(desde=desde, hacer=hacer, quien=quien, vistos=vistos):
            Evaluacion.objects.filter(pk=evaluacion(mundo).pk).update(
                estado=desde, total=10 if desde == E.ENVIADA else None, enviada_en=mundo.jurados[0].invitado_en
            )
            hacer(personas[quien])
            vistos["estado"] = evaluacion(mundo).estado

        error = en_una_prueba(intentar)
        caso = (nombre, desde, quien, fase)
        a_tiempo = fase == "evaluacion" or (fase == "convocatoria" and nombre in PREPARAN)
        if quien == "otro":
            assert isinstance(error, PermissionDenied), caso
        elif not a_tiempo:
            assert getattr(error, "code", None) == "plazo", caso
        elif desde in SALE_BIEN[nombre]:
            assert (error, vistos["estado"]) == (None, hacia), caso
        elif desde in SIN_CAMBIO.get(nombre, ()):
            assert (error, vistos["estado"]) == (None, desde), caso
        else:
            assert error.code == "transicion", caso


@pytest.mark.parametrize("fase", ["convocatoria", "evaluacion", "decision"])
def test_cada_cambio_de_jurado_desde_cada_estado_en_cada_fase(fase):
    mundo = en_evaluacion(asignadas=False)
    f.mover_reloj(mundo.pagina, fase)
    lugar, quien, ajena = mundo.jurados[0], cuenta_de(mundo.jurados[0]), f.cuenta()
    acciones = {
        "aceptar": ({J.INVITADO}, J.ACEPTADO, lambda actor: responder_invitacion(jurado=lugar, actor=actor, acepta=True)),
        "declinar": ({J.INVITADO}, J.DECLINADO, lambda actor: responder_invitacion(jurado=lugar, actor=actor, acepta=False)),
        "remover": ({J.INVITADO, J.ACEPTADO}, J.REMOVIDO, lambda actor: remover(jurado=lugar, actor=actor, motivo="No responde.")),
        "reinvitar": ({J.DECLINADO, J.REMOVIDO}, J.INVITADO, lambda actor: invitar_de_nuevo(jurado=lugar, actor=actor)),
    }
    for (nombre, (desde_cuales, hacia, hacer)), desde in product(acciones.items(), J):
        vistos = {}

        def intentar(desde=desde, hacer=hacer, vistos=vistos):
            Jurado.objects.filter(pk=lugar.pk).update(estado=desde)
            hacer(quien)
            vistos["estado"] = Jurado.objects.get(pk=lugar.pk).estado

        error = en_una_prueba(intentar)
        if fase == "decision" and nombre in ("aceptar", "reinvitar"):
            assert error.code == "plazo", (nombre, desde, fase)
        elif desde in desde_cuales:
            assert (error, vistos["estado"]) == (None, hacia), (nombre, desde, fase)
        else:
            assert error.code == "transicion", (nombre, desde, fase)
        if nombre in ("aceptar", "declinar"):
            assert isinstance(en_una_prueba(lambda hacer=hacer: hacer(ajena)), PermissionDenied)
