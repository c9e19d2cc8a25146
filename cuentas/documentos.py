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

_NUMERICOS = {TipoDocumento.CC, TipoDocumento.NUIP, TipoDocumento.CE, TipoDocumento.PPT}


def normalizar(tipo: str, numero: str) -> str:
    """«CC», «1.234.567 » → «CC:1234567». Lanza ValidationError si el tipo o el número no pueden ser."""
    tipo = tipo.strip().upper()
    numero = re.sub(r"[\s.,\-]", "", numero).upper()
    if tipo not in TipoDocumento:
        raise ValidationError(_("«%(tipo)s» no es un tipo de documento.") % {"tipo": tipo[:20]}, code="tipo")
    if tipo in _NUMERICOS:
        numero = numero.lstrip("0")
    patron = r"[0-9]{3,15}" if tipo in _NUMERICOS else r"[A-Z0-9]{4,20}"
    if not re.fullmatch(patron, numero, re.ASCII):
        raise ValidationError(_("Ese número de documento no es válido."), code="numero")
    return f"{tipo}:{numero}"


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
