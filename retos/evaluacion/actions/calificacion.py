"""Lo que un jurado hace con una propuesta que tiene en sus manos."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cuentas.models import Usuario
from home.texto import limpiar_parrafos
from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.models import Ejercicio

from ...fases import Accion, comprobar
from ...models import Criterio, Evaluacion, Puntaje
from ..consultas import en_evaluacion
from ..enums import PENDIENTES, EstadoEvaluacion, Papel
from ..plazos import comprobar_preparacion
from ..puntaje import total_de
from ..rules import comprobar_jurado, comprobar_par
from .asignacion import cambiar_evaluacion
from .jurado import bloquear_jurado


def _tomar(evaluacion: Evaluacion, actor: Usuario, *, calificando: bool) -> tuple[Evaluacion, Ejercicio, datetime]:
    """La evaluación bloqueada, si hoy quien pide puede obrar en ella.

    Lanza PermissionDenied si no es suya, y ValidationError si no es el plazo, si dejó de ser del jurado, si hay un
    conflicto o si la propuesta ya no se evalúa. Apartarse se puede antes de que la evaluación abra y con conflicto.
    """
    jurado = bloquear_jurado(evaluacion.jurado_id)
    if jurado.usuario_id != actor.pk:
        raise PermissionDenied
    evaluacion = Evaluacion.objects.select_for_update(of=["self"]).select_related("propuesta").get(pk=evaluacion.pk)
    ejercicio, ahora = leer_reglas(jurado.ejercicio_id)
    if not calificando:
        comprobar_preparacion(ejercicio, ahora)
        return evaluacion, ejercicio, ahora
    comprobar(ejercicio, Accion.EVALUAR, ahora)
    comprobar_jurado(jurado, actor)
    comprobar_par(jurado, evaluacion.propuesta, a_la_gestion=False)
    if not en_evaluacion(ejercicio).filter(pk=evaluacion.propuesta_id).exists():
        raise ValidationError(_("Esta propuesta ya no se está evaluando."), code="ajena")
    return evaluacion, ejercicio, ahora


def _escribir(
    evaluacion: Evaluacion, ejercicio: Ejercicio, valores: Mapping[int, int], comentario_proponente: str, comentario_comite: str
) -> None:
    criterios = {criterio.pk: criterio for criterio in ejercicio.criterios.all()}
    errores = {}
    for pk, valor in valores.items():
        criterio = criterios.get(pk)
        if criterio is None:
            raise ValidationError(_("Ese criterio no es de este reto."), code="criterio")
        if not criterio.minimo <= valor <= criterio.maximo:
            errores[campo_de(criterio)] = _("Elija un valor entre %(minimo)s y %(maximo)s.") % {
                "minimo": criterio.minimo,
                "maximo": criterio.maximo,
            }
    if errores:
        raise ValidationError(errores)
    evaluacion.comentario_proponente = limpiar_parrafos(comentario_proponente)
    evaluacion.comentario_comite = limpiar_parrafos(comentario_comite)
    evaluacion.puntajes.exclude(criterio__in=valores).delete()
    for pk, valor in valores.items():
        Puntaje.objects.update_or_create(evaluacion=evaluacion, criterio_id=pk, defaults={"valor": valor})


def campo_de(criterio: Criterio) -> str:
    """El nombre del campo con que se califica un criterio."""
    return f"criterio-{criterio.pk}"


def _guardar(
    evaluacion: Evaluacion, actor: Usuario, valores: Mapping[int, int], comentario_proponente: str, comentario_comite: str
) -> tuple[Evaluacion, Ejercicio, datetime]:
    evaluacion, ejercicio, ahora = _tomar(evaluacion, actor, calificando=True)
    if evaluacion.estado not in PENDIENTES:
        raise ValidationError(
            _("No se puede: la evaluación está «%(estado)s».") % {"estado": evaluacion.get_estado_display()},
            code="transicion",
        )
    _escribir(evaluacion, ejercicio, valores, comentario_proponente, comentario_comite)
    if evaluacion.estado == EstadoEvaluacion.EN_CURSO:
        evaluacion.save()
    else:
        cambiar_evaluacion(
            evaluacion, EstadoEvaluacion.EN_CURSO, papel=Papel.JURADO, usuario=actor, ahora=ahora, ejercicio=ejercicio
        )
    return evaluacion, ejercicio, ahora


@transaction.atomic
def guardar_evaluacion(
    *,
    evaluacion: Evaluacion,
    actor: Usuario,
    valores: Mapping[int, int],
    comentario_proponente: str = "",
    comentario_comite: str = "",
) -> Evaluacion:
    """Guarda un borrador, con los criterios que haya. Sólo lo ve quien lo escribe.

    Además de lo de `_tomar`, lanza ValidationError si ya la envió (code="transicion") o si una nota se sale de su escala.
    """
    evaluacion, _ejercicio, _ahora = _guardar(evaluacion, actor, valores, comentario_proponente, comentario_comite)
    return evaluacion


@transaction.atomic
def enviar_evaluacion(
    *,
    evaluacion: Evaluacion,
    actor: Usuario,
    valores: Mapping[int, int],
    comentario_proponente: str = "",
    comentario_comite: str = "",
) -> Evaluacion:
    """La da por hecha: con todos los criterios, y con el total congelado. Lanza lo que `guardar_evaluacion`."""
    # La hora es la misma con que se comprobó el plazo: leída otra vez, podría haber vencido entretanto.
    evaluacion, ejercicio, ahora = _guardar(evaluacion, actor, valores, comentario_proponente, comentario_comite)
    criterios = list(ejercicio.criterios.all())
    if not criterios:
        raise ValidationError(_("Este reto no publicó criterios con que evaluar."), code="criterio")
    if faltan := {campo_de(c): _("Falta calificar este criterio.") for c in criterios if c.pk not in valores}:
        raise ValidationError(faltan)
    evaluacion.total, evaluacion.enviada_en = total_de(criterios, valores), ahora
    cambiar_evaluacion(
        evaluacion, EstadoEvaluacion.ENVIADA, papel=Papel.JURADO, usuario=actor, ahora=ahora, ejercicio=ejercicio
    )
    return evaluacion


@transaction.atomic
def reabrir_evaluacion(*, evaluacion: Evaluacion, actor: Usuario) -> Evaluacion:
    """Vuelve a borrador lo enviado, para corregirlo mientras dure la evaluación. No cuenta hasta que la envíe otra vez."""
    evaluacion, ejercicio, ahora = _tomar(evaluacion, actor, calificando=True)
    if evaluacion.estado != EstadoEvaluacion.ENVIADA:
        raise ValidationError(_("Sólo se reabre una evaluación enviada."), code="transicion")
    evaluacion.total = evaluacion.enviada_en = None
    cambiar_evaluacion(
        evaluacion, EstadoEvaluacion.EN_CURSO, papel=Papel.JURADO, usuario=actor, ahora=ahora, ejercicio=ejercicio
    )
    return evaluacion


@transaction.atomic
def abstenerse(*, evaluacion: Evaluacion, actor: Usuario, motivo: str) -> Evaluacion:
    """Devuelve la propuesta sin calificarla, y dice por qué a la gestión. Lanza ValidationError sin motivo."""
    evaluacion, ejercicio, ahora = _tomar(evaluacion, actor, calificando=False)
    evaluacion.motivo = limpiar_parrafos(motivo)
    if not evaluacion.motivo:
        raise ValidationError({"motivo": _("Escriba por qué se abstiene.")})
    cambiar_evaluacion(
        evaluacion, EstadoEvaluacion.ABSTENIDA, papel=Papel.JURADO, usuario=actor, ahora=ahora, ejercicio=ejercicio
    )
    return evaluacion
