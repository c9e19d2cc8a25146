"""Qué propuestas evalúa cada jurado: a mano o repartidas."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas.models import Usuario
from home.texto import limpiar_parrafos
from participacion.avisos.actions import avisar
from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.models import Ejercicio
from participacion.registro.actions import registrar_acto

from ...models import Evaluacion, Impedimento, Jurado, Propuesta, Reto
from ..consultas import en_evaluacion, por_enviar
from ..enums import (
    ACTOS_EVALUACION,
    PENDIENTES,
    TRANSICIONES_EVALUACION,
    VIGENTES,
    EstadoEvaluacion,
    Papel,
)
from ..plazos import comprobar_preparacion
from ..reparto import Reparto
from ..reparto import repartir as emparejar
from ..rules import comprobar_jurado, comprobar_par, conflictos


def cambiar_evaluacion(
    evaluacion: Evaluacion, hacia: str, *, papel: str, usuario: Usuario | None, ahora: datetime, ejercicio: Ejercicio
) -> None:
    """Con la evaluación bloqueada, el único lugar que cambia su estado: comprueba la tabla y anota historial y acto."""
    if TRANSICIONES_EVALUACION.get((evaluacion.estado, hacia)) != papel:
        raise ValidationError(
            _("No se puede: la evaluación está «%(estado)s».") % {"estado": evaluacion.get_estado_display()},
            code="transicion",
        )
    desde, evaluacion.estado = evaluacion.estado, hacia
    evaluacion.save()
    anotar_evaluacion(evaluacion, usuario=usuario, ahora=ahora, ejercicio=ejercicio, desde=desde)


def anotar_evaluacion(
    evaluacion: Evaluacion, *, usuario: Usuario | None, ahora: datetime, ejercicio: Ejercicio, desde: str
) -> None:
    tipo, _etiqueta = ACTOS_EVALUACION[evaluacion.estado]
    registrar_acto(tipo=tipo, ejercicio=ejercicio, objeto=evaluacion, estado=evaluacion.estado, ocurrido_en=ahora)
    log(instance=evaluacion, action="retos.cambiar_evaluacion", user=usuario, data={"desde": desde, "hacia": evaluacion.estado})


def _dar(jurado: Jurado, propuesta: Propuesta, *, actor: Usuario, ahora: datetime, ejercicio: Ejercicio) -> Evaluacion:
    """Con el jurado bloqueado. Lo que se le había retirado o de lo que se abstuvo vuelve a sus manos, con lo escrito."""
    evaluacion = Evaluacion.objects.select_for_update(of=["self"]).filter(jurado=jurado, propuesta=propuesta).first()
    if evaluacion is None:
        evaluacion = Evaluacion.objects.create(jurado=jurado, propuesta=propuesta, asignada_en=ahora)
        anotar_evaluacion(evaluacion, usuario=actor, ahora=ahora, ejercicio=ejercicio, desde="")
        return evaluacion
    evaluacion.asignada_en, evaluacion.motivo = ahora, ""
    cambiar_evaluacion(
        evaluacion, EstadoEvaluacion.ASIGNADA, papel=Papel.GESTION, usuario=actor, ahora=ahora, ejercicio=ejercicio
    )
    return evaluacion


def _bloquear_todos(ejercicio: Ejercicio) -> dict[int, Jurado]:
    """Todo el jurado del reto, siempre en el mismo orden: dos repartos a la vez esperan uno al otro."""
    Reto.objects.select_for_update(of=["self"]).get(ejercicio=ejercicio)
    jurados = Jurado.objects.select_for_update(of=["self"]).filter(ejercicio=ejercicio).order_by("pk")
    return {jurado.pk: jurado for jurado in jurados.select_related("usuario", "ejercicio__sitio")}


def _avisar_a(jurados: Iterable[Jurado], ejercicio: Ejercicio) -> None:
    for jurado in jurados:
        avisar(tipo="jurado_asignado", destinatario=jurado.usuario, objeto=jurado, sitio=ejercicio.sitio)


@transaction.atomic
def cambiar_asignaciones(
    *, ejercicio: Ejercicio, actor: Usuario, dar: Iterable[tuple[int, int]], quitar: Iterable[tuple[int, int]]
) -> int:
    """Da y quita pares (propuesta, jurado) a mano, todos o ninguno. Devuelve cuántos cambiaron.

    Lo que ya está como se pide se deja igual. Lanza ValidationError si algún par no puede ser: conflicto, jurado que no
    ha aceptado o con el tope lleno, propuesta que no se evalúa, evaluación ya enviada, o si la evaluación cerró.
    """
    jurados = _bloquear_todos(ejercicio)
    ejercicio, ahora = leer_reglas(ejercicio.pk)
    comprobar_preparacion(ejercicio, ahora)
    dar, quitar = set(dar), set(quitar)
    candidatas = {p.pk: p for p in en_evaluacion(ejercicio).filter(pk__in={propuesta for propuesta, _j in dar})}
    actuales = {(e.propuesta_id, e.jurado_id): e for e in Evaluacion.objects.select_for_update(of=["self"]).filter(jurado__in=jurados)}
    cambios, con_nuevas = 0, {}
    for par in sorted(quitar):
        evaluacion = actuales.get(par)
        if evaluacion is not None and evaluacion.estado != EstadoEvaluacion.RETIRADA:
            cambiar_evaluacion(
                evaluacion, EstadoEvaluacion.RETIRADA, papel=Papel.GESTION, usuario=actor, ahora=ahora, ejercicio=ejercicio
            )
            cambios += 1
    for propuesta, pk in sorted(dar):
        jurado, evaluacion = jurados.get(pk), actuales.get((propuesta, pk))
        if jurado is None or propuesta not in candidatas:
            raise ValidationError(_("Esa propuesta no se está evaluando, o esa persona no es de este jurado."), code="ajena")
        if evaluacion is not None and evaluacion.estado in VIGENTES:
            continue
        comprobar_jurado(jurado, jurado.usuario)
        comprobar_par(jurado, candidatas[propuesta], a_la_gestion=True)
        suyas = jurado.evaluaciones.filter(por_enviar() | Q(estado=EstadoEvaluacion.ENVIADA))
        if jurado.tope is not None and suyas.count() >= jurado.tope:
            raise ValidationError(
                _("%(quien)s ya tiene las %(tope)s que se le fijaron como máximo.")
                % {"quien": jurado.usuario.get_full_name(), "tope": jurado.tope},
                code="tope",
            )
        _dar(jurado, candidatas[propuesta], actor=actor, ahora=ahora, ejercicio=ejercicio)
        con_nuevas[pk] = jurado
        cambios += 1
    _avisar_a(con_nuevas.values(), ejercicio)
    return cambios


@transaction.atomic
def repartir(*, ejercicio: Ejercicio, actor: Usuario, semilla: int) -> Reparto:
    """Completa cada propuesta hasta las evaluaciones que pide el reto, sin deshacer nada. La semilla queda en el historial.

    No vuelve a dar lo que se retiró, ni aquello de que alguien se abstuvo: eso se da a mano.
    """
    jurados = _bloquear_todos(ejercicio)
    ejercicio, ahora = leer_reglas(ejercicio.pk)
    comprobar_preparacion(ejercicio, ahora)
    evaluan = {pk: jurado for pk, jurado in jurados.items() if _evalua(jurado)}
    propuestas = {propuesta.pk: propuesta for propuesta in en_evaluacion(ejercicio)}
    pares = {(e.propuesta_id, e.jurado_id): e.estado for e in Evaluacion.objects.filter(propuesta__in=propuestas)}
    actuales = {par for par, estado in pares.items() if estado in VIGENTES}
    reparto = emparejar(
        propuestas=propuestas,
        jurados={pk: jurado.tope for pk, jurado in evaluan.items()},
        actuales=actuales,
        vetados=set(conflictos(evaluan.values(), propuestas.values())) | (pares.keys() - actuales),
        minimo=ejercicio.reto.evaluaciones_minimas,
        semilla=semilla,
    )
    for propuesta, jurado in reparto.nuevas:
        _dar(evaluan[jurado], propuestas[propuesta], actor=actor, ahora=ahora, ejercicio=ejercicio)
    log(
        instance=ejercicio.reto,
        action="retos.repartir",
        user=actor,
        data={"semilla": semilla, "nuevas": len(reparto.nuevas), "cortas": len(reparto.faltan)},
    )
    _avisar_a([evaluan[pk] for pk in sorted({pk for _propuesta, pk in reparto.nuevas})], ejercicio)
    return reparto


def _evalua(jurado: Jurado) -> bool:
    try:
        comprobar_jurado(jurado, jurado.usuario)
    except ValidationError:
        return False
    return True


@transaction.atomic
def declarar_impedimento(*, jurado: Jurado, propuesta: Propuesta, actor: Usuario, motivo: str, papel: str) -> Impedimento:
    """Anota un conflicto de interés. Lo que tuviera pendiente de esa propuesta deja de estar en sus manos.

    Lanza PermissionDenied si la declara un jurado por otro, y ValidationError sin motivo, si ya se declaró, si la
    evaluación ya se envió o si la fase cerró.
    """
    jurado = Jurado.objects.select_for_update(of=["self"]).select_related("ejercicio__sitio").get(pk=jurado.pk)
    if papel == Papel.JURADO and jurado.usuario_id != actor.pk:
        raise PermissionDenied
    ejercicio, ahora = leer_reglas(jurado.ejercicio_id)
    comprobar_preparacion(ejercicio, ahora)
    motivo = limpiar_parrafos(motivo)
    if not motivo:
        raise ValidationError({"motivo": _("Escriba en qué consiste el conflicto.")})
    if propuesta.ejercicio_id != jurado.ejercicio_id:
        raise ValidationError(_("Esa propuesta no es de este reto."), code="ajena")
    if Impedimento.objects.filter(jurado=jurado, propuesta=propuesta).exists():
        raise ValidationError(_("Ese conflicto ya estaba declarado."), code="repetido")
    evaluacion = Evaluacion.objects.select_for_update(of=["self"]).filter(jurado=jurado, propuesta=propuesta).first()
    if papel == Papel.JURADO and evaluacion is None:
        raise ValidationError(_("Esa propuesta no está en sus manos."), code="ajena")
    if evaluacion is not None and (papel == Papel.JURADO or evaluacion.estado in (*PENDIENTES, EstadoEvaluacion.ENVIADA)):
        hacia = EstadoEvaluacion.IMPEDIDA if papel == Papel.JURADO else EstadoEvaluacion.RETIRADA
        cambiar_evaluacion(evaluacion, hacia, papel=papel, usuario=actor, ahora=ahora, ejercicio=ejercicio)
    impedimento = Impedimento.objects.create(
        jurado=jurado, propuesta=propuesta, motivo=motivo, declarado_por=actor, en=ahora
    )
    log(instance=impedimento, action="retos.declarar_impedimento", user=actor)
    return impedimento

