"""Invitar a alguien a actuar por una organización, y aceptarlo."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..actions import participante_de
from ..enlaces import codigo_nuevo
from ..enums import RolMembresia
from ..models import Invitacion, Membresia, Organizacion, Usuario
from .actions import bloquear
from .rules import es_representante

DIAS = 7
LIMITE_DIARIO = 20


def velado(correo: str) -> str:
    """El correo sin decirlo entero: basta para reconocer el propio."""
    nombre, _arroba, dominio = correo.partition("@")
    return f"{nombre[:1]}***@{dominio}"


def _crear(organizacion, *, correo, rol, invitada_por, actor) -> tuple[Invitacion, str]:
    """Anula la que hubiera para ese correo: sólo el último enlace sirve."""
    correo = correo.strip().lower()
    suyas = Q(organizacion=organizacion) | Q(invitada_por=invitada_por, invitada_por__isnull=False)
    if Invitacion.objects.filter(suyas, creada_en__gt=Now() - timedelta(days=1)).count() >= LIMITE_DIARIO:
        raise ValidationError(
            _("Ya envió %(n)s invitaciones en las últimas 24 horas. Espere a mañana.") % {"n": LIMITE_DIARIO},
            code="limite",
        )
    organizacion.invitaciones.filter(correo=correo, usada_en=None, anulada_en=None).update(anulada_en=Now())
    codigo, huella = codigo_nuevo()
    invitacion = Invitacion.objects.create(
        organizacion=organizacion,
        correo=correo,
        rol=rol,
        huella=huella,
        invitada_por=invitada_por,
        vence_en=Now() + timedelta(days=DIAS),
    )
    log(instance=organizacion, action="cuentas.invitar", user=actor, data={"rol": rol})
    return invitacion, codigo


@transaction.atomic
def invitar(*, organizacion: Organizacion, correo: str, rol: RolMembresia, actor: Usuario) -> tuple[Invitacion, str]:
    """Crea una invitación y devuelve también el código de su enlace, que no se guarda.

    No mira si el correo tiene cuenta: quien invita no debe saberlo. Lanza PermissionDenied si no la representa y
    ValidationError al pasar de 20 en un día, contadas por organización y por persona (code="limite").
    """
    organizacion = bloquear(organizacion.pk)
    if not es_representante(actor, organizacion):
        raise PermissionDenied
    return _crear(organizacion, correo=correo, rol=rol, invitada_por=participante_de(actor), actor=actor)


@transaction.atomic
def invitar_representante(*, organizacion: Organizacion, correo: str, actor: Usuario) -> tuple[Invitacion, str]:
    """El personal devuelve a alguien una organización que se quedó sin quien la represente.

    Lanza ValidationError si tiene representante (code="con_representante") o al pasar del límite diario.
    """
    organizacion = bloquear(organizacion.pk)
    if organizacion.membresias.vigentes().filter(rol=RolMembresia.REPRESENTANTE).exists():
        raise ValidationError(_("Tiene quien la represente: esa persona invita."), code="con_representante")
    return _crear(
        organizacion, correo=correo, rol=RolMembresia.REPRESENTANTE, invitada_por=None, actor=actor
    )


@transaction.atomic
def reenviar_invitacion(*, invitacion: Invitacion, actor: Usuario) -> tuple[Invitacion, str]:
    """Otra con el mismo correo y rol; el enlace anterior deja de servir. Lanza lo mismo que `invitar`."""
    if invitacion.usada_en or invitacion.anulada_en:
        raise ValidationError(_("Esa invitación ya se usó o se anuló: invite de nuevo."), code="no_vigente")
    return invitar(organizacion=invitacion.organizacion, correo=invitacion.correo, rol=invitacion.rol, actor=actor)


@transaction.atomic
def anular_invitacion(*, invitacion: Invitacion, actor: Usuario) -> None:
    """El enlace deja de servir. Repetirlo no hace nada. Lanza PermissionDenied si no la representa."""
    organizacion = bloquear(invitacion.organizacion_id)
    if not es_representante(actor, organizacion):
        raise PermissionDenied
    pendiente = Invitacion.objects.filter(pk=invitacion.pk, usada_en=None, anulada_en=None)
    if pendiente.update(anulada_en=Now()):
        log(instance=organizacion, action="cuentas.anular_invitacion", user=actor)


def es_para(usuario: Usuario, invitacion: Invitacion) -> bool:
    """Si la cuenta confirmó el correo al que se envió."""
    return EmailAddress.objects.filter(user=usuario, email__iexact=invitacion.correo, verified=True).exists()


@transaction.atomic
def aceptar_invitacion(*, invitacion: Invitacion, actor: Usuario) -> Membresia:
    """Une a la persona a la organización, una sola vez; a quien ya la integra no la cambia en nada.

    Lanza PermissionDenied si la invitación es para otro correo y ValidationError si venció, se usó o se anuló
    (code="no_vigente"), según el reloj de la base de datos.
    """
    organizacion = bloquear(invitacion.organizacion_id)
    if not es_para(actor, invitacion):
        raise PermissionDenied
    participante = participante_de(actor)
    propia = organizacion.membresias.vigentes().filter(participante=participante).first()
    gastada = Invitacion.objects.vigentes().filter(pk=invitacion.pk).update(usada_en=Now())
    if propia is not None:
        return propia
    if not gastada:
        raise ValidationError(_("Esta invitación ya no sirve."), code="no_vigente")
    log(instance=organizacion, action="cuentas.aceptar_invitacion", user=actor, data={"rol": invitacion.rol})
    return Membresia.objects.create(participante=participante, organizacion=organizacion, rol=invitacion.rol)
