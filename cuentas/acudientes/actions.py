"""La autorización de quien representa a una persona de 14 a 17 años (Ley 1581 de 2012, art. 7; Decreto 1377 de 2013, art. 12)."""

from collections.abc import Iterable
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..consentimiento.actions import aplicar, comprobar_version
from ..documentos import huella_de_documento, normalizar
from ..enlaces import codigo_nuevo, huella_de_codigo
from ..enums import FINALIDADES_NECESARIAS, TRANSICIONES_AUTORIZACION, EstadoAutorizacion, MedioAutorizacion
from ..models import AutorizacionAcudiente, Participante, Usuario, VersionPolitica
from ..soportes import guardar_soporte
from .rules import necesita_acudiente

VIGENCIA_ENLACE = timedelta(days=7)
ESPERA_PAPEL = timedelta(days=90)
E = EstadoAutorizacion


def _bloquear(participante: Participante) -> Participante:
    """El candado ordena todo lo que pasa con las autorizaciones de una persona."""
    return Participante.objects.select_for_update().get(pk=participante.pk)


def _pasar(autorizacion: AutorizacionAcudiente, estado: str, **campos) -> None:
    """El único que cambia el estado. Lanza ValidationError (code="transicion") si no se puede llegar a él.

    Una vigente reemplaza a la anterior.
    """
    if estado not in TRANSICIONES_AUTORIZACION.get(autorizacion.estado, ()):
        raise ValidationError(
            _("Esta autorización ya no admite ese cambio: está «%(estado)s».")
            % {"estado": autorizacion.get_estado_display().lower()},
            code="transicion",
        )
    if estado == E.VIGENTE:
        autorizacion.participante.autorizaciones.vigentes().update(estado=E.REVOCADA, motivo=_("La reemplazó otra."))
        campos.setdefault("firmada_en", Now())
    for campo, valor in {**campos, "estado": estado}.items():
        setattr(autorizacion, campo, valor)
    autorizacion.save(update_fields=[*campos, "estado"])
    autorizacion.refresh_from_db(fields=list(campos))
    aplicar(autorizacion.participante)


def _leer(autorizacion: AutorizacionAcudiente) -> AutorizacionAcudiente:
    """La fila de hoy, con su participante bloqueado."""
    participante = _bloquear(autorizacion.participante)
    autorizacion = AutorizacionAcudiente.objects.get(pk=autorizacion.pk)
    autorizacion.participante = participante
    return autorizacion


def _comprobar_finalidades(version: VersionPolitica, finalidades: Iterable[str]) -> list[str]:
    elegidas = list(finalidades)
    if not set(FINALIDADES_NECESARIAS) <= set(elegidas):
        raise ValidationError(
            {"finalidades": _("Sin autorizar que se gestione su participación, no puede participar.")}, code="necesarias"
        )
    if not set(elegidas) <= {finalidad["clave"] for finalidad in version.finalidades}:
        raise ValidationError(_("Esa finalidad no está en la política."), code="finalidad")
    return elegidas


def _es_suyo(cuenta: Usuario, correo: str) -> bool:
    return cuenta.email.lower() == correo or EmailAddress.objects.filter(user=cuenta, email__iexact=correo).exists()


def _rechazar_el_del_menor(participante: Participante, huella: str) -> None:
    if participante.documento_hmac == huella:
        raise ValidationError({"numero": _("Ése es el documento de la persona menor de edad.")}, code="del_menor")


def _exigir_que_lo_necesite(participante: Participante) -> None:
    if not necesita_acudiente(participante):
        raise ValidationError(_("Sólo necesita acudiente quien tiene entre 14 y 17 años."), code="adulto")


@transaction.atomic
def pedir_firma(*, participante: Participante, nombre: str, correo: str) -> tuple[AutorizacionAcudiente, str]:
    """Abre, o renueva con otro enlace, la petición de firma al acudiente. Devuelve también el código del enlace.

    El enlace anterior deja de servir. Lanza ValidationError si no necesita acudiente o si el correo es el suyo.
    """
    participante = _bloquear(participante)
    _exigir_que_lo_necesite(participante)
    correo = correo.strip().lower()
    if participante.cuenta and _es_suyo(participante.cuenta, correo):
        raise ValidationError({"correo": _("Escriba el correo de su acudiente, no el suyo.")}, code="correo_propio")
    codigo, huella = codigo_nuevo()
    autorizacion, _nueva = participante.autorizaciones.update_or_create(
        estado=E.PEDIDA,
        defaults={
            "medio": MedioAutorizacion.ENLACE,
            "nombre": nombre,
            "correo": correo,
            "huella": huella,
            "vence_en": timezone.now() + VIGENCIA_ENLACE,
        },
    )
    log(instance=participante, action="cuentas.pedir_acudiente", user=participante.cuenta)
    return autorizacion, codigo


def por_codigo(codigo: str) -> AutorizacionAcudiente | None:
    """La autorización a la que lleva un enlace: por firmar, o ya firmada para poder retirarla; None si ya no sirve."""
    vivas = AutorizacionAcudiente.objects.firmables() | AutorizacionAcudiente.objects.vigentes()
    return vivas.select_related("participante__cuenta").filter(huella=huella_de_codigo(codigo)).first()


@transaction.atomic
def firmar(
    *,
    autorizacion: AutorizacionAcudiente,
    nombre: str,
    parentesco: str,
    tipo: str,
    numero: str,
    version: VersionPolitica,
    finalidades: Iterable[str],
) -> AutorizacionAcudiente:
    """El acudiente firma con su enlace; vale desde ya. Se guarda la huella del texto que leyó.

    Lanza ValidationError si el enlace ya se usó, venció o se cambió (code="enlace"), si la política cambió
    (code="version"), si no autoriza lo necesario o si el documento no es válido o es el del menor.
    """
    huella = autorizacion.huella
    autorizacion = _leer(autorizacion)
    if not AutorizacionAcudiente.objects.firmables().filter(pk=autorizacion.pk, huella=huella).exists():
        raise ValidationError(_("Este enlace ya se usó o venció."), code="enlace")
    comprobar_version(version)
    documento = normalizar(tipo, numero)
    _rechazar_el_del_menor(autorizacion.participante, huella_de_documento(tipo, numero))
    _pasar(
        autorizacion,
        E.VIGENTE,
        nombre=nombre,
        parentesco=parentesco,
        documento=documento,
        finalidades=_comprobar_finalidades(version, finalidades),
        texto_hash=version.texto_hash,
    )
    log(instance=autorizacion.participante, action="cuentas.firmar_acudiente")
    return autorizacion


@transaction.atomic
def entregar_papel(*, participante: Participante, nombre: str, version: VersionPolitica, archivo) -> AutorizacionAcudiente:
    """Deja en la cola del personal el formato firmado que se subió; reemplaza al que aún esperaba.

    Lanza ValidationError si no necesita acudiente o si el archivo no se acepta.
    """
    participante = _bloquear(participante)
    _exigir_que_lo_necesite(participante)
    for anterior in participante.autorizaciones.filter(estado=E.POR_REVISAR).select_related("soporte"):
        anterior.delete()
        anterior.soporte.borrar()
    autorizacion = AutorizacionAcudiente.objects.create(
        participante=participante,
        medio=MedioAutorizacion.PAPEL,
        estado=E.POR_REVISAR,
        nombre=nombre,
        texto_hash=version.texto_hash,
        vence_en=timezone.now() + ESPERA_PAPEL,
        soporte=guardar_soporte(archivo=archivo, titular=participante),
    )
    log(instance=participante, action="cuentas.entregar_papel_acudiente", user=participante.cuenta)
    return autorizacion


@transaction.atomic
def registrar_papel(
    *,
    participante: Participante,
    nombre: str,
    parentesco: str,
    documento: str,
    version: VersionPolitica,
    finalidades: Iterable[str],
    archivo,
    actor: Usuario,
) -> AutorizacionAcudiente:
    """El personal recibe el formato firmado en la oficina: vale desde ya. `documento`: «CC:123», de `documentos.normalizar`.

    Lanza ValidationError si no necesita acudiente, si no autoriza lo necesario o si el archivo no se acepta.
    """
    elegidas = _comprobar_finalidades(version, finalidades)
    autorizacion = entregar_papel(participante=participante, nombre=nombre, version=version, archivo=archivo)
    aprobar(autorizacion=autorizacion, parentesco=parentesco, documento=documento, finalidades=elegidas, actor=actor)
    return autorizacion


@transaction.atomic
def aprobar(
    *,
    autorizacion: AutorizacionAcudiente,
    finalidades: Iterable[str],
    actor: Usuario,
    nombre: str = "",
    parentesco: str = "",
    documento: str = "",
) -> AutorizacionAcudiente:
    """El personal da por bueno el formato firmado, con lo que en él se lee.

    Lanza ValidationError si ya se decidió o si el documento es el del menor.
    """
    autorizacion = _leer(autorizacion)
    if documento:
        _rechazar_el_del_menor(autorizacion.participante, huella_de_documento(*documento.split(":", 1)))
    version = VersionPolitica.objects.filter(texto_hash=autorizacion.texto_hash).first()
    _pasar(
        autorizacion,
        E.VIGENTE,
        nombre=nombre or autorizacion.nombre,
        parentesco=parentesco,
        documento=documento,
        finalidades=_comprobar_finalidades(version, finalidades),
        revisada_por=actor,
        revisada_en=Now(),
    )
    log(instance=autorizacion.participante, action="cuentas.aprobar_acudiente", user=actor)
    return autorizacion


@transaction.atomic
def rechazar(*, autorizacion: AutorizacionAcudiente, motivo: str, actor: Usuario) -> AutorizacionAcudiente:
    """El personal no acepta el formato; el motivo lo lee el menor. Lanza ValidationError si ya se decidió."""
    autorizacion = _leer(autorizacion)
    _pasar(autorizacion, E.RECHAZADA, motivo=motivo, revisada_por=actor, revisada_en=Now())
    log(instance=autorizacion.participante, action="cuentas.rechazar_acudiente", user=actor)
    return autorizacion


@transaction.atomic
def revocar(*, autorizacion: AutorizacionAcudiente, actor: Usuario | None = None) -> AutorizacionAcudiente:
    """La retira el acudiente, el menor o el personal a pedido de uno de ellos; cesa al instante y lo ya hecho queda.

    Sirve también para cancelar la que aún espera. Lanza ValidationError si ya no estaba viva.
    """
    autorizacion = _leer(autorizacion)
    _pasar(autorizacion, E.REVOCADA)
    log(instance=autorizacion.participante, action="cuentas.revocar_acudiente", user=actor)
    return autorizacion
