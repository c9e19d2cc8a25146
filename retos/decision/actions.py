"""Decidir un reto: preparar, tomar, publicar, y elegir del banco cuando falta la elegida."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log

from cuentas.models import Usuario
from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.models import Ejercicio
from participacion.registro.actions import registrar_acto

from .. import fases
from ..actions import revelar
from ..enums import Resultado
from ..models import DecisionReto, Deliberacion, Fallo, Propuesta, SolicitudInformacion
from ..resultados import Cambio, cambiar_resultado, cambiar_resultados, comprobar_sin_cerrar
from . import consultas
from .enums import ACTO_DECISION, TRANSICIONES_DECISION, EstadoDecision, TipoDecision
from .respuestas import asentar, asentar_varias


@dataclass(frozen=True)
class Fallado:
    """Lo que se escribe de una propuesta al preparar la decisión. `resultado` vacío: todavía no se sabe."""

    propuesta_id: int
    resultado: str = ""
    puesto: int | None = None
    respuesta: str = ""


@dataclass(frozen=True)
class Publicacion:
    """Lo que hizo publicar una decisión."""

    resueltas: int
    omitidas: list[Propuesta]


def _bloquear(ejercicio: Ejercicio) -> tuple[DecisionReto, Ejercicio, datetime]:
    """La decisión con su candado, y las reglas leídas después. Lanza ValidationError si no es hora de decidir."""
    decision, _nueva = DecisionReto.objects.select_for_update(of=["self"]).get_or_create(ejercicio=ejercicio)
    ejercicio, ahora = leer_reglas(ejercicio.pk)
    fases.comprobar(ejercicio, fases.Accion.DECIDIR, ahora)
    comprobar_sin_cerrar(ejercicio)
    return decision, ejercicio, ahora


def _en_borrador(ejercicio: Ejercicio) -> DecisionReto:
    decision, _ejercicio, _ahora = _bloquear(ejercicio)
    if decision.estado != EstadoDecision.BORRADOR:
        raise ValidationError(
            _("La decisión está «%(estado)s»: no se puede cambiar.") % {"estado": decision.get_estado_display()},
            code="transicion",
        )
    return decision


def _comprobar_transicion(decision: DecisionReto, hacia: str) -> None:
    if (decision.estado, hacia) not in TRANSICIONES_DECISION:
        raise ValidationError(
            _("La decisión está «%(desde)s» y no puede pasar a «%(hacia)s».")
            % {"desde": decision.get_estado_display(), "hacia": EstadoDecision(hacia).label},
            code="transicion",
        )


def _cambiar_estado(decision: DecisionReto, hacia: str, *, actor: Usuario) -> None:
    _comprobar_transicion(decision, hacia)
    desde, decision.estado = decision.estado, hacia
    decision.save()
    log(instance=decision, action="retos.decision", user=actor, data={"desde": desde, "hacia": hacia})


@transaction.atomic
def guardar_decision(
    *, ejercicio: Ejercicio, actor: Usuario, tipo: str, motivos: str, textos: dict, actas: Iterable[Deliberacion] = ()
) -> DecisionReto:
    """Guarda lo común de la decisión en preparación. Lanza ValidationError si ya se tomó o no es hora."""
    decision = _en_borrador(ejercicio)
    decision.tipo, decision.motivos, decision.textos = tipo, motivos, textos
    decision.save()
    decision.actas.set(actas)
    log(instance=decision, action="retos.preparar_decision", user=actor)
    return decision


@transaction.atomic
def guardar_fallos(*, ejercicio: Ejercicio, actor: Usuario, fallados: list[Fallado]) -> list[int]:
    """Guarda lo decidido de unas propuestas; devuelve las que se omitieron porque ya no concursan.

    Lanza ValidationError si la decisión ya se tomó, no es hora, o un puesto del banco falta o se repite
    (code="puesto", params["propuestas"]): entonces no se guarda ninguna.
    """
    decision = _en_borrador(ejercicio)
    vigentes = set(consultas.por_decidir(ejercicio).values_list("pk", flat=True))
    recibidos = [f for f in fallados if f.propuesta_id in vigentes]
    _comprobar_puestos(decision, recibidos)
    # Se borran y se ponen otra vez: así dos propuestas pueden cambiar de puesto entre sí.
    Fallo.objects.filter(propuesta__in=[f.propuesta_id for f in recibidos]).delete()
    Fallo.objects.bulk_create(
        Fallo(
            decision=decision,
            propuesta_id=f.propuesta_id,
            resultado=f.resultado,
            puesto=f.puesto if f.resultado == Resultado.ELEGIBLE else None,
            respuesta=f.respuesta,
        )
        for f in recibidos
        if f.resultado
    )
    log(instance=decision, action="retos.preparar_decision", user=actor, data={"propuestas": len(recibidos)})
    return [f.propuesta_id for f in fallados if f.propuesta_id not in vigentes]


def _comprobar_puestos(decision: DecisionReto, recibidos: list[Fallado]) -> None:
    banco = [f for f in recibidos if f.resultado == Resultado.ELEGIBLE]
    if sin_puesto := [f.propuesta_id for f in banco if not f.puesto]:
        raise ValidationError(
            _("Escriba el puesto que tiene en el banco."), code="puesto", params={"propuestas": sin_puesto}
        )
    propios = [f.propuesta_id for f in recibidos]
    ocupados = list(decision.fallos.exclude(propuesta__in=propios).exclude(puesto=None).values_list("puesto", flat=True))
    ocupados += [f.puesto for f in banco]
    if repetidos := [f.propuesta_id for f in banco if ocupados.count(f.puesto) > 1]:
        raise ValidationError(
            _("Otra propuesta ya tiene ese puesto en el banco."), code="puesto", params={"propuestas": repetidos}
        )


@transaction.atomic
def no_elegir_las_demas(*, ejercicio: Ejercicio, actor: Usuario) -> int:
    """Deja como no elegidas, con la respuesta común, las que aún no tienen fallo. Devuelve cuántas."""
    decision = _en_borrador(ejercicio)
    cuantas = _completar(decision, ejercicio)
    log(instance=decision, action="retos.preparar_decision", user=actor, data={"propuestas": cuantas})
    return cuantas


def _completar(decision: DecisionReto, ejercicio: Ejercicio) -> int:
    ids = consultas.sin_fallo(ejercicio).values_list("pk", flat=True)
    return len(
        Fallo.objects.bulk_create(Fallo(decision=decision, propuesta_id=pk, resultado=Resultado.NO_ELEGIDA) for pk in ids)
    )


def componer(texto: str, propuesta: Propuesta) -> str:
    """La respuesta común, con el título y el número de la propuesta donde los nombra."""
    return texto.replace("{titulo}", propuesta.titulo).replace("{referencia}", propuesta.referencia)


def _comprobar_completa(decision: DecisionReto, ejercicio: Ejercicio) -> None:
    """Lanza ValidationError si queda algo sin decidir, o si lo decidido no es lo que dice el tipo."""
    conteo = consultas.contar(ejercicio)
    if conteo.faltan:
        raise ValidationError(
            ngettext(
                "Falta %(n)s propuesta por decidir.", "Faltan %(n)s propuestas por decidir.", conteo.faltan
            )
            % {"n": conteo.faltan},
            code="faltan",
        )
    if decision.tipo == TipoDecision.DESIERTA and conteo.elegidas + conteo.elegibles:
        raise ValidationError(
            _("Un reto desierto no tiene elegidas ni banco de elegibles: cámbielas, o no lo declare desierto."),
            code="desierta",
        )
    if decision.tipo == TipoDecision.ELIGE and not conteo.elegidas:
        raise ValidationError(_("Elija al menos una propuesta, o declare desierto el reto."), code="elegidas")


@transaction.atomic
def tomar_decision(*, ejercicio: Ejercicio, actor: Usuario) -> DecisionReto:
    """Cierra la preparación: nada se publica todavía. Si se declara desierto, todas quedan no elegidas.

    Lanza ValidationError si ya se tomó, no es hora, falta algún fallo, respuesta o motivo.
    """
    decision, ejercicio, ahora = _bloquear(ejercicio)
    _comprobar_transicion(decision, EstadoDecision.TOMADA)
    if not decision.motivos:
        raise ValidationError({"motivos": _("Escriba los motivos de la decisión: se publican.")})
    if decision.tipo == TipoDecision.DESIERTA:
        _completar(decision, ejercicio)
    _comprobar_completa(decision, ejercicio)
    sin_respuesta = list(consultas.fallos_vigentes(decision).filter(respuesta=""))
    for fallo in sin_respuesta:
        fallo.respuesta = componer(decision.textos.get(fallo.resultado, ""), fallo.propuesta)
        if not fallo.respuesta:
            raise ValidationError(
                _("%(propuesta)s no tiene respuesta: escríbala, o escriba la común de «%(resultado)s».")
                % {"propuesta": fallo.propuesta, "resultado": fallo.get_resultado_display()},
                code="respuesta",
            )
    Fallo.objects.bulk_update(sin_respuesta, ["respuesta"], batch_size=200)
    decision.tomada_por, decision.tomada_en = actor, ahora
    _cambiar_estado(decision, EstadoDecision.TOMADA, actor=actor)
    return decision


@transaction.atomic
def volver_a_borrador(*, ejercicio: Ejercicio, actor: Usuario) -> DecisionReto:
    """Reabre la preparación. Lanza ValidationError si no está tomada, o si ya se publicó."""
    decision, _ejercicio, _ahora = _bloquear(ejercicio)
    _cambiar_estado(decision, EstadoDecision.BORRADOR, actor=actor)
    return decision


@transaction.atomic
def publicar_decision(*, ejercicio: Ejercicio, actor: Usuario) -> Publicacion:
    """Aplica la decisión tomada: resultados, respuestas oficiales, identidades, novedades y avisos, o nada.

    Lo que se pedía completar deja de pedirse.

    Omite las propuestas que entretanto salieron del concurso. Lanza ValidationError si no está tomada, no es hora,
    entró alguna propuesta que no tiene fallo, o ya no queda ninguna elegida.
    """
    decision, ejercicio, ahora = _bloquear(ejercicio)
    _comprobar_transicion(decision, EstadoDecision.PUBLICADA)
    # Con candado y en orden: entre comprobar y aplicar, nadie se retira ni se fusiona.
    list(ejercicio.propuestas.publicadas().select_for_update(of=["self"]).order_by("pk").values_list("pk"))
    _comprobar_completa(decision, ejercicio)
    fallos = list(consultas.fallos_vigentes(decision).order_by("propuesta_id"))
    omitidas = [fallo.propuesta for fallo in consultas.fallos_omitidos(decision)]
    cambiar_resultados(
        [Cambio(fallo.propuesta, fallo.resultado, fallo.respuesta) for fallo in fallos],
        usuario=actor,
        ahora=ahora,
        ejercicio=ejercicio,
    )
    asentar_varias(
        [(fallo.propuesta, fallo.respuesta) for fallo in fallos], actor=actor, ahora=ahora, ejercicio=ejercicio
    )
    revelar(ejercicio)
    # Ya no concursan: nadie cambia el texto sobre el que se decidió.
    abiertas = SolicitudInformacion.objects.filter(atendida_en__isnull=True, anulada_en__isnull=True)
    abiertas.filter(propuesta__ejercicio=ejercicio).update(anulada_en=ahora)
    decision.publicada_en = ahora
    _cambiar_estado(decision, EstadoDecision.PUBLICADA, actor=actor)
    registrar_acto(tipo=ACTO_DECISION, ejercicio=ejercicio, objeto=decision, ocurrido_en=ahora)
    return Publicacion(len(fallos), omitidas)


@transaction.atomic
def promover(*, propuesta: Propuesta, actor: Usuario, respuesta: str, salto: str = "") -> Propuesta:
    """Elige una del banco cuando falta una elegida. `salto`: por qué no se sigue el orden del banco.

    Lanza ValidationError si no hay decisión publicada, no falta ninguna (code="vacante"), no está en el banco, se salta
    el orden sin decir por qué, el calendario no lo permite o el reto ya se cerró.
    """
    decision = DecisionReto.objects.select_for_update(of=["self"]).filter(ejercicio=propuesta.ejercicio_id).first()
    propuesta = Propuesta.objects.select_for_update(of=["self"]).get(pk=propuesta.pk)
    ejercicio, ahora = leer_reglas(propuesta.ejercicio_id)
    espera = list(consultas.banco(decision)) if decision else []
    if propuesta.pk not in [fallo.propuesta_id for fallo in espera]:
        raise ValidationError(_("%(propuesta)s no está en el banco de elegibles.") % {"propuesta": propuesta}, code="banco")
    if not consultas.vacantes(decision):
        raise ValidationError(_("No falta ninguna elegida: el banco espera."), code="vacante")
    if not respuesta:
        raise ValidationError({"respuesta": _("Diga por qué se elige.")})
    if espera[0].propuesta_id != propuesta.pk:
        if not salto:
            raise ValidationError(
                {"salto": _("Sigue %(propuesta)s en el orden del banco: diga por qué no.") % {"propuesta": espera[0].propuesta}}
            )
        respuesta = f"{respuesta}\n\n" + _("Por qué no se sigue el orden del banco: %(salto)s") % {"salto": salto}
    cambiar_resultado(
        propuesta, Resultado.ELEGIDA, usuario=actor, ahora=ahora, ejercicio=ejercicio, motivo=respuesta
    )
    asentar(propuesta, respuesta, actor=actor, ahora=ahora, ejercicio=ejercicio)
    return propuesta
