"""Invitar a alguien, por su correo, a escribir una propuesta, y aceptarlo."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas.actions import participante_de
from cuentas.enlaces import codigo_nuevo
from cuentas.models import Organizacion, Usuario
from cuentas.organizaciones.invitaciones import es_para
from participacion.avisos.actions import avisar
from participacion.ejercicios.actions import leer_reglas

from ..models import Integrante, InvitacionEquipo, Propuesta
from ..rules import es_autor
from .condiciones import (
    bloquear_personas,
    bloquear_propuestas,
    comprobar_abierto,
    comprobar_cupo,
    comprobar_persona,
)
from .integrantes import sumar

DIAS = 7
LIMITE_DIARIO = 20
AVISO_SUMADO = "equipo_sumado"


def _propia(propuesta: Propuesta, actor: Usuario) -> Propuesta:
    bloquear_personas([propuesta.autor_id])
    propuesta = bloquear_propuestas(propuesta.pk)[propuesta.pk]
    if not es_autor.test(actor, propuesta):
        raise PermissionDenied
    return propuesta


def _comprobar_correo(propuesta: Propuesta, correo: str, actor: Usuario) -> None:
    confirmados = EmailAddress.objects.filter(email__iexact=correo, verified=True)
    if confirmados.filter(user=actor).exists():
        raise ValidationError({"correo": _("Ese correo es el suyo: usted ya es del equipo.")}, code="propia")
    if confirmados.filter(user__participante__equipos__propuesta=propuesta).exists():
        raise ValidationError({"correo": _("Esa persona ya es del equipo.")}, code="repetida")


@transaction.atomic
def invitar(
    *, propuesta: Propuesta, correo: str, organizacion: Organizacion | None = None, actor: Usuario
) -> tuple[InvitacionEquipo, str]:
    """Crea una invitación y devuelve también el código de su enlace, que no se guarda.

    Anula la que hubiera para ese correo: sólo el último enlace sirve. No mira si el correo tiene cuenta: quien invita no
    debe saberlo. Lanza PermissionDenied si la propuesta no es suya y ValidationError si el equipo ya no cambia, está
    completo, el correo es suyo o de alguien del equipo, o al pasar de 20 en un día entre todas sus propuestas.
    """
    propuesta = _propia(propuesta, actor)
    ejercicio, ahora = leer_reglas(propuesta.ejercicio_id)
    comprobar_abierto(propuesta, ejercicio, ahora)
    correo = correo.strip().lower()
    _comprobar_correo(propuesta, correo, actor)
    hoy = InvitacionEquipo.objects.filter(propuesta__autor=propuesta.autor_id, creada_en__gt=ahora - timedelta(days=1))
    if hoy.count() >= LIMITE_DIARIO:
        raise ValidationError(
            _("Ya envió %(n)s invitaciones en las últimas 24 horas. Espere a mañana.") % {"n": LIMITE_DIARIO}, code="limite"
        )
    sin_usar = propuesta.invitaciones.filter(usada_en=None, anulada_en=None)
    esperan = sin_usar.filter(vence_en__gt=ahora).exclude(correo=correo)
    comprobar_cupo(1 + propuesta.integrantes.count() + esperan.count() + 1)
    sin_usar.filter(correo=correo).update(anulada_en=ahora)
    codigo, huella = codigo_nuevo()
    invitacion = InvitacionEquipo.objects.create(
        propuesta=propuesta,
        correo=correo,
        organizacion=organizacion,
        huella=huella,
        vence_en=ahora + timedelta(days=DIAS),
    )
    log(instance=propuesta, action="retos.invitar_al_equipo", user=actor)
    return invitacion, codigo


@transaction.atomic
def reenviar(*, invitacion: InvitacionEquipo, actor: Usuario) -> tuple[InvitacionEquipo, str]:
    """Otra igual; el enlace anterior deja de servir. Lanza lo mismo que `invitar`."""
    propuesta = _propia(invitacion.propuesta, actor)
    actual = InvitacionEquipo.objects.select_related("organizacion").filter(pk=invitacion.pk).first()
    if actual is None or actual.usada_en or actual.anulada_en:
        raise ValidationError(_("Esa invitación ya se usó o se anuló: invite de nuevo."), code="no_vigente")
    return invitar(propuesta=propuesta, correo=actual.correo, organizacion=actual.organizacion, actor=actor)


@transaction.atomic
def anular(*, invitacion: InvitacionEquipo, actor: Usuario) -> None:
    """El enlace deja de servir. Repetirlo no hace nada. Lanza PermissionDenied si la propuesta no es suya."""
    propuesta = _propia(invitacion.propuesta, actor)
    _ejercicio, ahora = leer_reglas(propuesta.ejercicio_id)
    if propuesta.invitaciones.filter(pk=invitacion.pk, usada_en=None, anulada_en=None).update(anulada_en=ahora):
        log(instance=propuesta, action="retos.anular_invitacion", user=actor)


@transaction.atomic
def aceptar(*, invitacion: InvitacionEquipo, actor: Usuario) -> Integrante:
    """Suma a la persona al equipo, una sola vez; a quien ya es de él no la cambia en nada.

    Lanza PermissionDenied si la invitación es para otro correo y ValidationError si venció, se usó o se anuló
    (code="no_vigente"), si el equipo ya no cambia o si no puede sumarse (véase `condiciones`).
    """
    persona = participante_de(actor)
    persona = bloquear_personas([persona.pk])[persona.pk]
    propuesta = bloquear_propuestas(invitacion.propuesta_id)[invitacion.propuesta_id]
    invitacion = InvitacionEquipo.objects.select_related("organizacion").filter(pk=invitacion.pk).first()
    if invitacion is None:
        raise ValidationError(_("Esta invitación ya no sirve."), code="no_vigente")
    if not es_para(actor, invitacion):
        raise PermissionDenied
    if ya := propuesta.integrantes.filter(participante=persona).first():
        return ya
    ejercicio, ahora = leer_reglas(propuesta.ejercicio_id)
    if invitacion.usada_en or invitacion.anulada_en or invitacion.vence_en <= ahora:
        raise ValidationError(_("Esta invitación ya no sirve."), code="no_vigente")
    comprobar_abierto(propuesta, ejercicio, ahora)
    comprobar_persona(persona, propuesta, ejercicio, invitacion.organizacion)
    comprobar_cupo(1 + propuesta.integrantes.count() + 1)
    invitacion.usada_en = ahora
    invitacion.save(update_fields=["usada_en"])
    integrante = sumar(propuesta, persona, invitacion.organizacion, usuario=actor, ejercicio=ejercicio, ahora=ahora)
    autor = propuesta.autor
    avisar(tipo=AVISO_SUMADO, destinatario=autor and autor.cuenta, objeto=integrante, sitio=ejercicio.sitio)
    return integrante
