"""Todo par de estados de un jurado y de una evaluación, para cada papel y cada momento del calendario, desde su tabla."""

from functools import partial
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from cuentas.enums import RolPersonal
from participacion.registro.models import Acto
from retos.enums import Resultado
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
from retos.models import Evaluacion, Jurado, Propuesta
from tests import fabricas as f

from ..transiciones import (
    FASES,
    GESTIONAN,
    MOMENTOS,
    Puerta,
    armar,
    comprobar_accion,
    comprobar_puerta,
    en_el_jurado,
    situar,
)
from .mundo import cuenta_de, en_evaluacion, evaluacion

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
E, J = EstadoEvaluacion, EstadoJurado
# Apartarse, dar y quitar, desde antes de que abra la evaluación y hasta que cierre.
PREPARAN = {*FASES[: FASES.index("evaluacion") + 1], "antes de todas", "tras la convocatoria"}
PENDIENTES = (E.ASIGNADA, E.EN_CURSO)


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


# --- Lo que hace cada quien con una evaluación -----------------------------------------------------------


@pytest.fixture(scope="module")
def mundo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        mundo = armar()
        Propuesta.objects.filter(pk=mundo.propuesta.pk).update(resultado=Resultado.ADMITIDA)
        mundo.par = (mundo.propuesta.pk, mundo.lugar.pk)
        cambiar_asignaciones(ejercicio=mundo.ejercicio, actor=mundo.gente.gestion, dar=[mundo.par], quitar=[])
        mundo.evaluacion = Evaluacion.objects.get()
        mundo.otro_jurado = f.personal(RolPersonal.JURADO)
        en_el_jurado(mundo, mundo.otro_jurado)
        yield mundo
        transaction.set_rollback(True)


def notas_de(mundo) -> dict[int, int]:
    return dict.fromkeys(mundo.ejercicio.criterios.values_list("pk", flat=True), 3)


def de_jurado(hacia, desde, hacer, final="", fases=("evaluacion",), **datos) -> Puerta:
    return Puerta(
        hacia, set(desde), {"jurado"}, "jurado", hacer, fases=set(fases),
        direccion=lambda m: f"/jurado/evaluaciones/{m.evaluacion.pk}/{final}",
        datos=lambda m: datos | {f"criterio-{pk}": nota for pk, nota in notas_de(m).items()},
    )  # fmt: skip


def de_gestion(hacia, desde, campo) -> Puerta:
    return Puerta(
        hacia, set(desde), GESTIONAN, "gestion", fases=PREPARAN,
        accion=lambda m, actor: cambiar_asignaciones(ejercicio=m.ejercicio, actor=actor, **{"dar": [], "quitar": [], campo: [m.par]}),
        direccion=lambda m: f"/admin/programa/evaluacion/{m.ejercicio.pk}/asignacion/",
        datos=lambda m: {{"dar": "quiere", "quitar": "tenia"}[campo]: "{}-{}".format(*m.par)},
    )  # fmt: skip


PUERTAS = {
    "guardar": de_jurado(
        E.EN_CURSO, PENDIENTES, lambda m, actor: guardar_evaluacion(evaluacion=m.evaluacion, actor=actor, valores={}), accion="guardar"
    ),
    "enviar": de_jurado(
        E.ENVIADA, PENDIENTES, lambda m, actor: enviar_evaluacion(evaluacion=m.evaluacion, actor=actor, valores=notas_de(m)), accion="enviar"
    ),
    "reabrir": de_jurado(
        E.EN_CURSO, [E.ENVIADA], lambda m, actor: reabrir_evaluacion(evaluacion=m.evaluacion, actor=actor), accion="reabrir"
    ),
    "abstenerse": de_jurado(
        E.ABSTENIDA, PENDIENTES, lambda m, actor: abstenerse(evaluacion=m.evaluacion, actor=actor, motivo="No sé del tema."),
        "abstenerse/", PREPARAN, motivo="No sé del tema.",
    ),
    "impedirse": de_jurado(
        E.IMPEDIDA, PENDIENTES,
        lambda m, actor: declarar_impedimento(
            jurado=m.lugar, propuesta=m.propuesta, actor=actor, motivo="Es mi primo.", papel=Papel.JURADO
        ),
        "conflicto/", PREPARAN, motivo="Es mi primo.",
    ),
    "dar": de_gestion(E.ASIGNADA, [E.RETIRADA, E.ABSTENIDA], "dar"),
    "quitar": de_gestion(E.RETIRADA, PENDIENTES, "quitar"),
}  # fmt: skip
# Pedir lo que ya está no es un error, y no cambia nada.
YA_ESTA = {"guardar": {E.EN_CURSO}, "dar": {*PENDIENTES, E.ENVIADA}, "quitar": {E.RETIRADA}}


def en_estado(mundo, desde) -> None:
    enviada = {"total": 10, "enviada_en": timezone.now()} if desde == E.ENVIADA else {"total": None, "enviada_en": None}
    Evaluacion.objects.filter(pk=mundo.evaluacion.pk).update(estado=desde, **enviada)


def se_cambio(nombre, desde, nuevo, actor) -> None:
    hacia = PUERTAS[nombre].hacia
    pasos = [] if desde in YA_ESTA.get(nombre, ()) else [(desde, hacia)]
    if (nombre, desde) == ("enviar", E.ASIGNADA):  # pasa por el borrador
        pasos = [(desde, E.EN_CURSO), (E.EN_CURSO, hacia)]
    assert nuevo.fila.estado == (hacia if pasos else desde)
    assert nuevo.actos == [(f"evaluacion_{paso}", paso, None) for _desde, paso in pasos]
    assert nuevo.historial == [("retos.cambiar_evaluacion", *paso, actor.pk) for paso in pasos]


def sale_bien(nombre, desde) -> bool:
    return desde in PUERTAS[nombre].desde or desde in YA_ESTA.get(nombre, ())


def test_la_tabla_de_la_evaluacion_es_toda_la_de_la_prueba():
    cambios = {
        (desde, puerta.hacia): "jurado" if puerta.pide == "jurado" else "gestion"
        for nombre, puerta in PUERTAS.items()
        for desde in puerta.desde - YA_ESTA.get(nombre, set())
        if (nombre, desde) != ("enviar", E.ASIGNADA)
    }
    assert cambios == TRANSICIONES_EVALUACION
    assert {puerta.hacia for puerta in PUERTAS.values()} == set(E)


@pytest.mark.parametrize("momento", MOMENTOS)
def test_cada_par_de_estados_en_cada_momento(mundo, momento):
    situar(mundo, momento)
    for desde, (nombre, puerta) in product(E, PUERTAS.items()):
        en_estado(mundo, desde)
        esperado = "plazo" if not puerta.a_tiempo(momento) else "" if sale_bien(nombre, desde) else "transicion"
        hecho, caso = partial(se_cambio, nombre, desde), (momento, nombre, desde)
        comprobar_accion(mundo, mundo.evaluacion, puerta.accion, puerta.actor(mundo), esperado, hecho, caso)
        if puerta.pide == "jurado":  # ni otra persona del jurado, ni quien gestiona
            for ajena in (mundo.otro_jurado, mundo.gente.gestion):
                comprobar_accion(mundo, mundo.evaluacion, puerta.accion, ajena, "no", hecho, caso)


@pytest.mark.parametrize("nombre", PUERTAS)
def test_cada_par_de_estados_por_su_puerta_y_cada_papel(mundo, mailoutbox, nombre):
    """En la evaluación, todos; en la decisión, los que la tabla permite y ya no caben."""
    puerta = PUERTAS[nombre]
    casos = [("evaluacion", desde) for desde in E] + [("decision", desde) for desde in puerta.desde]
    for momento, desde in casos:
        situar(mundo, momento)
        en_estado(mundo, desde)
        pasa = puerta.a_tiempo(momento) and sale_bien(nombre, desde)
        hecho = partial(se_cambio, nombre, desde) if pasa else None
        comprobar_puerta(mundo, mundo.evaluacion, puerta, hecho, (momento, nombre, desde))
    assert mailoutbox == []


# --- El jurado -----------------------------------------------------------------------------------------------


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
