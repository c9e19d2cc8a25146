from datetime import date, datetime
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Site

from ..datos_personales import para_suprimir
from ..documentos import huella_de_correo
from ..enums import EstadoSolicitud, TipoSolicitud
from ..models import ConstanciaSupresion, Participante, SolicitudDatos, Usuario
from ..plazos import Calendario
from . import correo
from .fuentes import olvidar_solicitudes


def _ahora() -> datetime:
    """La hora de la base de datos, leída después del candado."""
    return Site.objects.annotate(ahora=Now()).values_list("ahora", flat=True).first()


def _bloquear(solicitud: SolicitudDatos) -> SolicitudDatos:
    """La solicitud, con su candado. Lanza ValidationError (code="resuelta") si ya se respondió."""
    solicitud = SolicitudDatos.objects.select_for_update(of=["self"]).select_related("sitio").get(pk=solicitud.pk)
    if solicitud.estado != EstadoSolicitud.ABIERTA:
        raise ValidationError(_("Esta solicitud ya se respondió."), code="resuelta")
    return solicitud


def correo_de(solicitud: SolicitudDatos) -> tuple[str, str]:
    """A qué correo y en qué idioma responder; vacío si sólo dejó otra forma de contacto."""
    cuenta = solicitud.participante and solicitud.participante.cuenta
    if cuenta:
        return cuenta.email, cuenta.idioma
    try:
        validate_email(solicitud.contacto)
    except ValidationError:
        return "", "es"
    return solicitud.contacto, "es"


def _escribir(solicitud: SolicitudDatos, plantilla: str, **contexto) -> None:
    """Al confirmarse la transacción, si dejó correo."""
    direccion, idioma = correo_de(solicitud)
    if direccion:
        transaction.on_commit(
            lambda: correo.escribir(
                correo=direccion, plantilla=plantilla, sitio=solicitud.sitio, idioma=idioma, solicitud=solicitud, **contexto
            )
        )


@transaction.atomic
def presentar_solicitud(
    *,
    sitio: Site,
    tipo: TipoSolicitud,
    texto: str,
    participante: Participante | None = None,
    contacto: str = "",
    recibida_en: datetime | None = None,
    actor: Usuario | None = None,
) -> SolicitudDatos:
    """Recibe una consulta o un reclamo y le pone plazo (Ley 1581 de 2012, art. 14 y 15). Acusa recibo por correo.

    `actor`: quién del personal la anota por alguien sin cuenta; entonces puede decir cuándo llegó. Lanza ValidationError
    si la persona ya tiene abierta una igual (code="repetida") o si la fecha de recibo es futura (code="fecha").
    """
    if participante is not None:
        if Participante.objects.select_for_update(of=["self"], no_key=True).get(pk=participante.pk).suprimido:
            raise PermissionDenied  # la pidió otra pestaña mientras tanto
        abiertas = SolicitudDatos.objects.filter(participante=participante, tipo=tipo, estado=EstadoSolicitud.ABIERTA)
        if abierta := abiertas.first():
            raise ValidationError(
                _("Ya tiene una solicitud igual por responder: %(numero)s.") % {"numero": abierta.numero}, code="repetida"
            )
    ahora = _ahora()
    recibida_en = recibida_en or ahora
    if recibida_en > ahora:
        raise ValidationError({"recibida_en": _("No puede haber llegado en el futuro.")}, code="fecha")
    solicitud = SolicitudDatos.objects.create(
        sitio=sitio,
        participante=participante,
        tipo=tipo,
        texto=texto,
        contacto=contacto,
        recibida_en=recibida_en,
        vence_el=Calendario(sitio).vencimiento(tipo, recibida_en),
    )
    if actor is not None:
        log(instance=solicitud, action="cuentas.anotar_solicitud", user=actor)
    _escribir(solicitud, "recibida")
    return solicitud


@transaction.atomic
def responder_solicitud(*, solicitud: SolicitudDatos, respuesta: str, actor: Usuario) -> SolicitudDatos:
    """Responde y cierra. La respuesta va por correo si hay a dónde. Lanza ValidationError si ya se respondió."""
    solicitud = _bloquear(solicitud)
    _cerrar(solicitud, respuesta, actor)
    _escribir(solicitud, "respuesta")
    log(instance=solicitud, action="cuentas.responder_solicitud", user=actor)
    return solicitud


def _cerrar(solicitud: SolicitudDatos, respuesta: str, actor: Usuario) -> None:
    solicitud.estado, solicitud.respuesta = EstadoSolicitud.RESUELTA, respuesta
    solicitud.resuelta_en, solicitud.atendida_por = Now(), actor
    solicitud.save(update_fields=["estado", "respuesta", "resuelta_en", "atendida_por"])
    solicitud.refresh_from_db(fields=["resuelta_en"])


@transaction.atomic
def prorrogar_solicitud(*, solicitud: SolicitudDatos, hasta: date, motivo: str, actor: Usuario) -> SolicitudDatos:
    """Amplía el plazo una vez, antes de que venza, y dice por qué y hasta cuándo (Ley 1581 de 2012, art. 14 y 15).

    Lanza ValidationError si ya se respondió, ya se prorrogó, ya venció o la fecha no cabe en la ley.
    """
    solicitud = _bloquear(solicitud)
    if solicitud.prorrogada_en:
        raise ValidationError(_("Esta solicitud ya se prorrogó una vez."), code="prorrogada")
    ahora, calendario = _ahora(), Calendario(solicitud.sitio)
    if timezone.localtime(ahora).date() > solicitud.vence_el:
        raise ValidationError(_("El plazo ya venció: no se puede prorrogar."), code="vencida")
    maximo = calendario.prorroga_maxima(solicitud.tipo, solicitud.vence_el)
    if not solicitud.vence_el < hasta <= maximo or not calendario.es_habil(hasta):
        raise ValidationError(
            {
                "hasta": _("Elija un día hábil después del %(desde)s y hasta el %(hasta)s.")
                % {"desde": f"{solicitud.vence_el:%d/%m/%Y}", "hasta": f"{maximo:%d/%m/%Y}"}
            },
            code="fecha",
        )
    solicitud.vence_el, solicitud.motivo_prorroga, solicitud.prorrogada_en = hasta, motivo, ahora
    solicitud.save(update_fields=["vence_el", "motivo_prorroga", "prorrogada_en"])
    _escribir(solicitud, "prorroga")
    log(instance=solicitud, action="cuentas.prorrogar_solicitud", user=actor)
    return solicitud


# --- Suprimir -------------------------------------------------------------------------------------------


@transaction.atomic
def suprimir_datos(
    *, participante: Participante, sitio: Site, actor: Usuario | None = None, con_constancia: bool = True
) -> ConstanciaSupresion | None:
    """Suprime todo lo que se guarda de alguien (Ley 1581 de 2012, art. 8): queda una clave sin nombre y lo ya contado.

    `actor`: quién del personal lo hace por otra persona. Repetirla no cambia nada y devuelve None.
    Lanza ValidationError (code="personal") si la cuenta tiene roles o es de superusuario.
    """
    # Sin «no_key», quien envía algo suyo a la vez esperaría a ésta con un candado que ésta necesita.
    participante = Participante.objects.select_for_update(of=["self"], no_key=True).get(pk=participante.pk)
    if participante.suprimido:
        return None
    cuenta = participante.cuenta_id and Usuario.objects.select_for_update(no_key=True).get(pk=participante.cuenta_id)
    if cuenta and (cuenta.is_superuser or cuenta.is_staff or cuenta.asignaciones.exists()):
        raise ValidationError(
            _("Esta cuenta es del personal de la entidad. Primero hay que quitarle sus roles."), code="personal"
        )
    direccion, idioma = (cuenta.email, cuenta.idioma) if cuenta else ("", "")
    for fuente in para_suprimir():
        fuente.suprimir(participante)
    if not con_constancia:
        return None
    constancia = ConstanciaSupresion.objects.create(correo_hmac=huella_de_correo(direccion) if direccion else "")
    # Sobre la constancia y no sobre la persona: el historial no debe decir cuál de las claves era la suya.
    # Tampoco cuándo ni junto a qué: con la hora, o con el grupo de la petición, se uniría a los retiros de esta supresión.
    hoy = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    log(instance=constancia, action="cuentas.suprimir_datos", user=actor, uuid=uuid4(), timestamp=hoy)
    if direccion:
        numero = constancia.numero
        transaction.on_commit(
            lambda: correo.escribir(
                correo=direccion, plantilla="constancia", sitio=sitio, idioma=idioma, numero=numero
            )
        )
    return constancia


def buscar_titular(*, solicitud: SolicitudDatos, actor: Usuario, correo: str = "", documento: str = "") -> Participante | None:
    """La persona que tiene exactamente ese correo, o ese documento (su HMAC). Queda en el historial que se buscó."""
    log(instance=solicitud, action="cuentas.buscar_titular", user=actor)
    if correo:
        de_cuenta = Q(cuenta__email__iexact=correo) | Q(
            cuenta__emailaddress__email__iexact=correo, cuenta__emailaddress__verified=True
        )
        return Participante.objects.filter(de_cuenta).distinct().first()
    return Participante.objects.filter(documento_hmac=documento).first() if documento else None


@transaction.atomic
def atender_supresion(*, solicitud: SolicitudDatos, participante: Participante, actor: Usuario) -> ConstanciaSupresion | None:
    """Suprime los datos de quien lo pidió al personal y cierra su solicitud, que queda sin quién ni qué escribió.

    Lanza ValidationError si ya se respondió, si pedía otra cosa o si la cuenta es del personal.
    """
    # Primero la persona y después su solicitud, como cuando ella misma suprime sus datos: al revés se bloquearían.
    Participante.objects.select_for_update(of=["self"], no_key=True).get(pk=participante.pk)
    solicitud = _bloquear(solicitud)
    if solicitud.tipo != TipoSolicitud.SUPRESION:
        raise ValidationError(_("Esta solicitud no pide suprimir datos."), code="tipo")
    if solicitud.participante_id not in (None, participante.pk):
        raise ValidationError(_("Esos datos no son de quien hizo la solicitud."), code="titular")
    constancia = suprimir_datos(participante=participante, sitio=solicitud.sitio, actor=actor)
    olvidar_solicitudes(SolicitudDatos.objects.filter(pk=solicitud.pk))
    _cerrar(solicitud, _("Se suprimieron los datos."), actor)
    log(instance=solicitud, action="cuentas.responder_solicitud", user=actor)
    return constancia
