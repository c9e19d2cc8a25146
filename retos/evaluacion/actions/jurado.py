"""Quién es del jurado de un reto: invitar, aceptar, declinar, remover, recordar."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas.actions import asignar_rol, quitar_rol
from cuentas.enums import RolPersonal
from cuentas.models import Usuario
from cuentas.personal.actions import incorporar
from cuentas.rules import tiene_rol
from home.texto import limpiar_parrafos
from participacion.avisos.actions import avisar
from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.models import Ejercicio
from participacion.registro.actions import registrar_acto

from ...models import Jurado, Reto
from ..consultas import por_enviar
from ..enums import ACTOS_JURADO, EN_EL_JURADO, PENDIENTES, TRANSICIONES_JURADO, EstadoEvaluacion, EstadoJurado, Papel
from ..plazos import comprobar_preparacion
from ..rules import comprobar_persona
from .asignacion import cambiar_evaluacion


def bloquear_jurado(pk: int) -> Jurado:
    """El candado que ordena todo lo que hace o se le hace a un jurado; va antes que el de sus evaluaciones."""
    return Jurado.objects.select_for_update(of=["self"]).select_related("usuario", "ejercicio__sitio").get(pk=pk)


def _bloquear_con_su_cuenta(jurado: Jurado) -> Jurado:
    """Primero la cuenta: quitarle aquí el rol y dárselo en otro reto, a la vez, esperan uno al otro."""
    Usuario.objects.select_for_update(no_key=True).filter(pk=jurado.usuario_id).first()
    return bloquear_jurado(jurado.pk)


def cambiar_jurado(
    jurado: Jurado, hacia: str, *, papel: str, usuario: Usuario, ahora: datetime, ejercicio: Ejercicio, motivo: str = ""
) -> None:
    """Con el jurado bloqueado, el único lugar que cambia su estado: comprueba la tabla y anota historial y acto."""
    if TRANSICIONES_JURADO.get((jurado.estado, hacia)) != papel:
        raise ValidationError(
            _("No se puede: su lugar en el jurado está «%(estado)s».") % {"estado": jurado.get_estado_display()},
            code="transicion",
        )
    desde, jurado.estado, jurado.motivo = jurado.estado, hacia, motivo
    jurado.save()
    _anotar(jurado, usuario=usuario, ahora=ahora, ejercicio=ejercicio, desde=desde)


def _anotar(jurado: Jurado, *, usuario: Usuario, ahora: datetime, ejercicio: Ejercicio, desde: str) -> None:
    tipo, _etiqueta = ACTOS_JURADO[jurado.estado]
    registrar_acto(tipo=tipo, ejercicio=ejercicio, objeto=jurado, estado=jurado.estado, ocurrido_en=ahora)
    log(instance=jurado, action="retos.cambiar_jurado", user=usuario, data={"desde": desde, "hacia": jurado.estado})


@transaction.atomic
def invitar(
    *,
    ejercicio: Ejercicio,
    actor: Usuario,
    correo: str,
    nombre: str,
    apellido: str,
    tope: int | None = None,
    usar_cuenta: bool = False,
) -> Jurado:
    """Invita a alguien al jurado por su correo, le da el rol (y la cuenta, si no tiene) y le escribe.

    Lanza ValidationError si ya está en el jurado, si no puede estarlo (`rules.comprobar_persona`), si la evaluación ya
    cerró o si su cuenta no se puede usar (`cuentas.personal.actions.incorporar`).
    """
    Reto.objects.select_for_update(of=["self"]).get(ejercicio=ejercicio)
    ejercicio, ahora = leer_reglas(ejercicio.pk)
    comprobar_preparacion(ejercicio, ahora)
    usuario = Usuario.objects.filter(email__iexact=correo.strip()).first()
    if usuario is not None:
        if Jurado.objects.filter(ejercicio=ejercicio, usuario=usuario).exists():
            raise ValidationError({"correo": _("Esa persona ya está en la lista del jurado de este reto.")}, code="repetido")
        _comprobar_en_campo(usuario, ejercicio)
        # Quien ya es jurado de otro reto no es un desconocido: no hay que confirmar que la cuenta es la suya.
        usar_cuenta = usar_cuenta or tiene_rol(usuario, ejercicio.sitio, RolPersonal.JURADO)
    usuario, _nueva = incorporar(
        correo=correo,
        nombre=nombre,
        apellido=apellido,
        sitio=ejercicio.sitio,
        roles=[RolPersonal.JURADO],
        actor=actor,
        usar_cuenta=usar_cuenta,
    )
    jurado = Jurado.objects.create(ejercicio=ejercicio, usuario=usuario, tope=tope, invitado_en=ahora)
    _anotar(jurado, usuario=actor, ahora=ahora, ejercicio=ejercicio, desde="")
    avisar(tipo="jurado_invitado", destinatario=usuario, objeto=jurado, sitio=ejercicio.sitio)
    return jurado


def _comprobar_en_campo(usuario: Usuario, ejercicio: Ejercicio) -> None:
    try:
        comprobar_persona(usuario, ejercicio)
    except ValidationError as error:
        raise ValidationError({"correo": error.messages}, code=error.code) from error


@transaction.atomic
def invitar_de_nuevo(*, jurado: Jurado, actor: Usuario) -> Jurado:
    """Vuelve a invitar a quien declinó o fue removido."""
    jurado = _bloquear_con_su_cuenta(jurado)
    ejercicio, ahora = leer_reglas(jurado.ejercicio_id)
    comprobar_preparacion(ejercicio, ahora)
    if jurado.usuario is None:
        raise ValidationError(_("Esa persona suprimió su cuenta."), code="suprimido")
    comprobar_persona(jurado.usuario, ejercicio)
    jurado.invitado_en = ahora
    cambiar_jurado(jurado, EstadoJurado.INVITADO, papel=Papel.GESTION, usuario=actor, ahora=ahora, ejercicio=ejercicio)
    asignar_rol(usuario=jurado.usuario, sitio=ejercicio.sitio, rol=RolPersonal.JURADO, actor=actor)
    avisar(tipo="jurado_invitado", destinatario=jurado.usuario, objeto=jurado, sitio=ejercicio.sitio)
    return jurado


@transaction.atomic
def responder_invitacion(*, jurado: Jurado, actor: Usuario, acepta: bool) -> Jurado:
    """La persona invitada acepta o declina. Lanza PermissionDenied si la invitación no es suya."""
    jurado = _bloquear_con_su_cuenta(jurado)
    if jurado.usuario_id != actor.pk:
        raise PermissionDenied
    ejercicio, ahora = leer_reglas(jurado.ejercicio_id)
    hacia = EstadoJurado.DECLINADO
    if acepta:
        comprobar_preparacion(ejercicio, ahora)
        comprobar_persona(actor, ejercicio)
        hacia = EstadoJurado.ACEPTADO
    cambiar_jurado(jurado, hacia, papel=Papel.JURADO, usuario=actor, ahora=ahora, ejercicio=ejercicio)
    if not acepta:
        _soltar(jurado, actor=actor, ahora=ahora, ejercicio=ejercicio)
    return jurado


@transaction.atomic
def remover(*, jurado: Jurado, actor: Usuario, motivo: str) -> Jurado:
    """Saca a alguien del jurado y le retira lo que no ha enviado; lo enviado cuenta. Lanza ValidationError sin motivo."""
    jurado = _bloquear_con_su_cuenta(jurado)
    motivo = limpiar_parrafos(motivo)
    if not motivo:
        raise ValidationError({"motivo": _("Escriba por qué se remueve.")})
    ejercicio, ahora = leer_reglas(jurado.ejercicio_id)
    cambiar_jurado(
        jurado, EstadoJurado.REMOVIDO, papel=Papel.GESTION, usuario=actor, ahora=ahora, ejercicio=ejercicio, motivo=motivo
    )
    _soltar(jurado, actor=actor, ahora=ahora, ejercicio=ejercicio)
    avisar(tipo="jurado_removido", destinatario=jurado.usuario, objeto=jurado, sitio=ejercicio.sitio)
    return jurado


def _soltar(jurado: Jurado, *, actor: Usuario, ahora: datetime, ejercicio: Ejercicio) -> None:
    """Lo pendiente queda libre para otro jurado; y el rol se va, si no lo necesita en otro reto del sitio."""
    for evaluacion in jurado.evaluaciones.filter(estado__in=PENDIENTES).select_for_update(of=["self"]).order_by("pk"):
        cambiar_evaluacion(
            evaluacion, EstadoEvaluacion.RETIRADA, papel=Papel.GESTION, usuario=actor, ahora=ahora, ejercicio=ejercicio
        )
    otros = Jurado.objects.filter(usuario=jurado.usuario, estado__in=EN_EL_JURADO, ejercicio__sitio=ejercicio.sitio)
    if jurado.usuario is not None and not otros.exclude(pk=jurado.pk).exists():
        quitar_rol(usuario=jurado.usuario, sitio=ejercicio.sitio, rol=RolPersonal.JURADO, actor=actor)


@transaction.atomic
def poner_tope(*, jurado: Jurado, actor: Usuario, tope: int | None) -> Jurado:
    """Cambia cuántas propuestas se le dan como máximo; lo ya asignado queda."""
    jurado = bloquear_jurado(jurado.pk)
    antes, jurado.tope = jurado.tope, tope
    jurado.save(update_fields=["tope"])
    log(instance=jurado, action="retos.poner_tope", user=actor, data={"antes": antes, "tope": tope})
    return jurado


def recordado_hoy(jurado: Jurado, ahora: datetime) -> bool:
    """Un recordatorio al día: el día es el de Bogotá."""
    zona = timezone.get_default_timezone()
    return bool(jurado.recordado_en) and jurado.recordado_en.astimezone(zona).date() == ahora.astimezone(zona).date()


@transaction.atomic
def recordar(*, jurado: Jurado, actor: Usuario | None) -> None:
    """Escribe a un jurado que tiene evaluaciones por enviar. `actor` None: el recordatorio automático.

    Lanza ValidationError si ya se le recordó hoy, si no le falta nada o si ya no evalúa.
    """
    jurado = bloquear_jurado(jurado.pk)
    ejercicio, ahora = leer_reglas(jurado.ejercicio_id)
    comprobar_preparacion(ejercicio, ahora)
    if jurado.estado != EstadoJurado.ACEPTADO or not jurado.evaluaciones.filter(por_enviar()).exists():
        raise ValidationError(_("No tiene evaluaciones por enviar."), code="al_dia")
    if recordado_hoy(jurado, ahora):
        raise ValidationError(_("Hoy ya se le envió un recordatorio; mañana puede enviarle otro."), code="recordado")
    jurado.recordado_en = ahora
    jurado.save(update_fields=["recordado_en"])
    log(instance=jurado, action="retos.recordar_jurado", user=actor)
    avisar(tipo="jurado_recordatorio", destinatario=jurado.usuario, objeto=jurado, sitio=ejercicio.sitio)
