"""Un revisor de archivos que habla el protocolo INSTREAM de clamd (ClamAV, «clamd.8»), por TCP o por un enchufe local."""

import logging
import socket
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

registro = logging.getLogger(__name__)

ESPERA = 30  # segundos; un archivo de 10 MB se revisa en uno o dos
_TROZO = 64 * 1024


def _conectar() -> socket.socket:
    """`CLAMAV`: «tcp://anfitrion:3310» o «unix:/ruta/clamd.ctl»."""
    direccion = urlsplit(settings.CLAMAV)
    if direccion.scheme == "unix":
        enchufe = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        enchufe.settimeout(ESPERA)
        try:
            enchufe.connect(direccion.path)
        except OSError:
            enchufe.close()
            raise
        return enchufe
    return socket.create_connection((direccion.hostname, direccion.port or 3310), timeout=ESPERA)


def _preguntar(archivo) -> str:
    """Lo que contesta clamd: «stream: OK», «stream: <nombre> FOUND» o un error."""
    with _conectar() as enchufe:
        enchufe.sendall(b"zINSTREAM\0")
        archivo.seek(0)
        while trozo := archivo.read(_TROZO):
            enchufe.sendall(len(trozo).to_bytes(4, "big") + trozo)
        enchufe.sendall(b"\0\0\0\0")
        respuesta = b""
        while not respuesta.endswith(b"\0") and (parte := enchufe.recv(4096)):
            respuesta += parte
    return respuesta.rstrip(b"\0").decode("utf-8", "replace")


def revisar(archivo) -> None:
    """Lanza ValidationError si el archivo trae un virus (code="virus") o si hoy no se pudo revisar (code="sin_revisar")."""
    try:
        respuesta = _preguntar(archivo)
    except OSError as error:
        registro.error("El antivirus no contesta: %s", type(error).__name__)
        respuesta = ""
    finally:
        archivo.seek(0)
    if respuesta.endswith(" FOUND"):
        raise ValidationError(_("El antivirus encontró un programa dañino en este archivo: no se recibió."), code="virus")
    if not respuesta.endswith(": OK"):
        if respuesta:
            registro.error("El antivirus contestó con un error: %s", respuesta[:100])
        raise ValidationError(
            _("En este momento no se pueden revisar archivos y por eso no se recibió. Inténtelo en unos minutos: lo demás no se pierde."),
            code="sin_revisar",
        )
