"""Documentos de identidad y correos sin guardarlos: sólo su HMAC-SHA-256, con una clave que vive fuera de la base de datos.

Un número de cédula tiene pocas cifras: sin clave, probar todos cuesta segundos. Con ella, quien robe sólo la base
de datos no puede.
"""

import hashlib
import hmac
import re

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils.translation import gettext as _

from .enums import TipoDocumento

_TIPOS = {valor: valor for valor in TipoDocumento.values} | {"TI": TipoDocumento.NUIP.value}
_LETRAS_Y_CIFRAS = {TipoDocumento.PASAPORTE.value}
# Puntos y comas sólo como separadores de miles: «1032456789.0», como lo escribe una hoja de cálculo, es otro número.
_CIFRAS = re.compile(r"[0-9]{3,15}|[0-9]{1,3}(?:[.,][0-9]{3}){1,4}")
_PASAPORTE = re.compile(r"[A-Z0-9]{4,20}")


def normalizar(tipo: str, numero: str) -> str:
    """«CC», «1.234.567 » → «CC:1234567». Lanza ValidationError si el tipo o el número no pueden ser; no los repite."""
    conocido = _TIPOS.get(tipo.strip().upper())
    if conocido is None:
        raise ValidationError(_("El tipo de documento debe ser CC, NUIP, TI, CE, PA o PPT."), code="tipo")
    numero = "".join(numero.split()).replace("-", "")
    if conocido in _LETRAS_Y_CIFRAS:
        limpio = numero.upper()
        valido = _PASAPORTE.fullmatch(limpio)
    else:
        limpio = numero.replace(".", "").replace(",", "").lstrip("0")
        valido = _CIFRAS.fullmatch(numero) and len(limpio) >= 3
    if not valido:
        raise ValidationError(_("El número de documento no es válido para ese tipo."), code="numero")
    return f"{conocido}:{limpio}"


def huella(*partes: str) -> str:
    """HMAC-SHA-256 en hexadecimal de las partes. Lanza ImproperlyConfigured sin `CLAVE_DOCUMENTOS`."""
    if not settings.CLAVE_DOCUMENTOS:
        raise ImproperlyConfigured("Falta CLAVE_DOCUMENTOS: véase .env.example")
    return hmac.new(settings.CLAVE_DOCUMENTOS.encode(), "\x00".join(partes).encode(), hashlib.sha256).hexdigest()


def huella_de_documento(tipo: str, numero: str) -> str:
    """La que identifica a un participante (`Participante.documento_hmac`): la misma en toda la instalación."""
    return huella("participante", normalizar(tipo, numero))


def huella_de_padron(sal: str, tipo: str, numero: str, fecha: str = "") -> str:
    """La de un documento dentro de un padrón, con la sal de éste. `fecha`: expedición, AAAA-MM-DD, si el padrón la pide."""
    return huella("padron", sal, normalizar(tipo, numero), fecha)


def huella_de_correo(correo: str) -> str:
    """La que conserva la constancia de supresión."""
    return huella("correo", correo.strip().lower())
