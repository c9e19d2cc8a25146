"""Comprobar que alguien es quien dice ser: con un padrón (nivel 2) o ante el personal (nivel 3). Véase docs/verificacion.md."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Site

from ..actions import participante_de
from ..consentimiento.actions import aplicar
from ..documentos import huella_de_documento, huella_de_padron
from ..enums import EstadoPadron, NivelVerificacion
from ..models import DocumentoPadron, Padron, Participante, Usuario, Verificacion
from ..soportes import guardar_soporte
from .union import unir as unir_participantes


def _bloquear(participante: Participante) -> Participante:
    return Participante.objects.select_for_update().get(pk=participante.pk)


def _recalcular(participante: Participante) -> None:
    """El único que cambia `Participante.nivel`: el más alto de sus verificaciones vigentes."""
    mayor = participante.verificaciones.vigentes().aggregate(mayor=Max("nivel"))["mayor"]
    participante.nivel = mayor or NivelVerificacion.NINGUNO
    participante.save(update_fields=["nivel"])


def _tomar_documento(participante: Participante, huella: str) -> bool:
    """Deja a la persona con ese documento; falso si ya tiene otro o si es de otra persona."""
    if participante.documento_hmac:
        return participante.documento_hmac == huella
    participante.documento_hmac = huella
    try:
        with transaction.atomic():
            participante.save(update_fields=["documento_hmac"])
    except IntegrityError:
        participante.documento_hmac = None
        return False
    return True


def _padron_con(sitio: Site, tipo: str, numero: str, fecha: str) -> Padron | None:
    """El primer padrón vigente del sitio que tiene ese documento."""
    for padron in Padron.objects.filter(sitio=sitio, estado=EstadoPadron.VIGENTE):
        hmac = huella_de_padron(padron.sal, tipo, numero, fecha if padron.pide_fecha else "")
        if DocumentoPadron.objects.filter(padron=padron, hmac=hmac).exists():
            return padron
    return None


@transaction.atomic
def buscar_persona(*, correo: str, actor: Usuario) -> Participante | None:
    """La persona cuya cuenta tiene ese correo exacto; None si no hay. Consultarla queda en el historial."""
    cuenta = Usuario.objects.filter(email__iexact=correo.strip(), is_active=True).first()
    if cuenta is None:
        return None
    participante = participante_de(cuenta)
    log(instance=participante, action="cuentas.buscar_persona", user=actor)
    return participante


@transaction.atomic
def verificar_en_padron(
    *, participante: Participante, sitio: Site, tipo: str, numero: str, fecha: str = ""
) -> Verificacion:
    """Da el nivel 2 a quien escribe un documento que está en un padrón vigente del sitio. Repetirlo no cambia nada.

    `fecha`: expedición, AAAA-MM-DD. El número no se guarda. Lanza ValidationError (code="no_verificado") con el mismo
    mensaje si no está, si ya lo usó otra persona o si ésta tiene otro: no debe servir para averiguar de quién es.
    """
    participante = _bloquear(participante)
    padron = _padron_con(sitio, tipo, numero, fecha)
    if padron is None or not _tomar_documento(participante, huella_de_documento(tipo, numero)):
        raise ValidationError(
            _(
                "No pudimos verificar ese documento por aquí. Revise que esté bien escrito o acérquese a la entidad con "
                "él: allí lo verifican en persona."
            ),
            code="no_verificado",
        )
    verificacion, nueva = participante.verificaciones.vigentes().get_or_create(
        participante=participante, nivel=NivelVerificacion.REGISTRO, defaults={"padron": padron}
    )
    if nueva:
        _recalcular(participante)
        log(instance=participante, action="cuentas.verificar_en_padron", user=participante.cuenta)
    return verificacion


@transaction.atomic
def verificar_presencial(
    *,
    participante: Participante,
    tipo: str,
    numero: str,
    nota: str,
    actor: Usuario,
    archivo=None,
    unir: bool = False,
) -> Verificacion:
    """Da el nivel 3 a quien mostró su documento ante el personal; el número no se guarda. Si ya lo tenía, nada cambia.

    `nota`: qué se comprobó. `archivo`: lo que lo sustenta, si se guarda. La verificación devuelta puede ser de otro
    participante: con `unir`, la cuenta pasa al que ya participó sin cuenta con ese documento.
    Lanza ValidationError: "propia" si se verifica a sí mismo; "tipo" o "numero" mal escritos; "otro_documento" si la persona ya tiene otro; "ocupado" si es de
    otra cuenta; "unir" si es de quien participó sin cuenta y no se pidió unirlos; "con_actividad" si no se pueden unir.
    """
    participante = _bloquear(participante)
    if participante.cuenta_id == actor.pk:
        raise ValidationError(_("Nadie se verifica a sí mismo: pídalo a otra persona."), code="propia")
    huella = huella_de_documento(tipo, numero)
    if participante.documento_hmac and participante.documento_hmac != huella:
        raise ValidationError(
            _(
                "Esta persona ya se identificó con otro documento. Si aquél no era suyo o cambió, anule antes esa "
                "verificación y libere el documento."
            ),
            code="otro_documento",
        )
    ocupado = ValidationError(_("Ese documento ya identifica a otra cuenta."), code="ocupado")
    otro = Participante.objects.select_for_update().filter(documento_hmac=huella).exclude(pk=participante.pk).first()
    if otro is None:
        if not _tomar_documento(participante, huella):
            raise ocupado
    elif otro.cuenta_id or not participante.cuenta_id:
        raise ocupado
    elif not unir:
        raise ValidationError(
            _("Con ese documento ya se participó en la oficina, sin cuenta. Confirme que es la misma persona."), code="unir"
        )
    else:
        unir_participantes(participante=participante, con=otro)
        participante = otro
        aplicar(participante)
        log(instance=participante, action="cuentas.unir_participantes", user=actor)
    vigente = participante.verificaciones.vigentes().filter(nivel=NivelVerificacion.PRESENCIAL).first()
    if vigente is not None:
        return vigente
    verificacion = Verificacion.objects.create(
        participante=participante,
        nivel=NivelVerificacion.PRESENCIAL,
        verificada_por=actor,
        nota=nota,
        soporte=guardar_soporte(archivo=archivo, titular=participante) if archivo else None,
    )
    _recalcular(participante)
    log(instance=participante, action="cuentas.verificar_presencial", user=actor)
    return verificacion


@transaction.atomic
def anular_verificacion(
    *, verificacion: Verificacion, motivo: str, actor: Usuario, liberar_documento: bool = False
) -> None:
    """Deja sin efecto una verificación; los actos ya anotados conservan el nivel que tenían.

    `liberar_documento`: el documento no era suyo o cambió. Entonces caen todas, y otra persona lo puede usar.
    Lanza ValidationError (code="anulada") si ya lo estaba, o (code="sin_cuenta") al liberar el único dato con que se
    reconoce a quien participa sin cuenta.
    """
    participante = _bloquear(verificacion.participante)
    vigentes = participante.verificaciones.vigentes()
    if not vigentes.filter(pk=verificacion.pk).exists():
        raise ValidationError(_("Esa verificación ya estaba anulada."), code="anulada")
    if liberar_documento and not participante.cuenta_id:
        raise ValidationError(
            _("Quien participa sin cuenta se reconoce por su documento: no se puede liberar."), code="sin_cuenta"
        )
    if liberar_documento:
        participante.documento_hmac = None
        participante.save(update_fields=["documento_hmac"])
    else:
        vigentes = vigentes.filter(pk=verificacion.pk)
    vigentes.update(anulada_en=Now(), motivo_anulacion=motivo)
    _recalcular(participante)
    log(
        instance=participante,
        action="cuentas.anular_verificacion",
        user=actor,
        data={"nivel": verificacion.nivel, "liberado": liberar_documento},
    )
