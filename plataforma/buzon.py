"""El buzón de la demostración: los correos que la plataforma habría enviado, legibles en el navegador."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache

# Lo que `EmailBackend` de archivos escribe tras cada mensaje.
SEPARADOR = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True)
class Correo:
    archivo: str
    numero: int
    fecha: datetime
    mensaje: EmailMessage

    @property
    def texto(self) -> str:
        """El cuerpo como texto; un correo sólo en HTML muestra su fuente, sin interpretar."""
        cuerpo = self.mensaje.get_body(preferencelist=("plain", "html"))
        return cuerpo.get_content() if cuerpo else ""

    @property
    def asunto(self) -> str:
        return str(self.mensaje.get("Subject", ""))

    @property
    def remitente(self) -> str:
        return str(self.mensaje.get("From", ""))

    @property
    def destinatario(self) -> str:
        return str(self.mensaje.get("To", ""))


def leer(ruta: Path) -> list[Correo]:
    """Un archivo guarda todos los mensajes que salieron por una misma conexión."""
    mensajes = [
        message_from_bytes(trozo, policy=policy.default)
        for trozo in ruta.read_bytes().split(SEPARADOR)
        if trozo.strip()
    ]
    return [Correo(ruta.stem, n, fecha(mensaje), mensaje) for n, mensaje in enumerate(mensajes, 1)]


def fecha(mensaje: EmailMessage) -> datetime:
    """Django fecha en UTC sin decirlo (`-0000`), que Python lee como fecha sin zona."""
    leida = mensaje["Date"].datetime
    return leida if leida.tzinfo else leida.replace(tzinfo=UTC)


@never_cache
def lista(request):
    correos = [correo for ruta in Path(settings.EMAIL_FILE_PATH).glob("*.log") for correo in leer(ruta)]
    correos.sort(key=lambda correo: (correo.fecha, correo.archivo, correo.numero), reverse=True)
    return no_indexar(render(request, "demostracion/buzon.html", {"correos": correos}))


@never_cache
def detalle(request, archivo, numero):
    # `archivo` es un slug: sin puntos ni barras, no sale de la carpeta.
    ruta = Path(settings.EMAIL_FILE_PATH) / f"{archivo}.log"
    correos = leer(ruta) if ruta.is_file() else []
    correo = next((correo for correo in correos if correo.numero == numero), None)
    if correo is None:
        raise Http404
    return no_indexar(render(request, "demostracion/buzon_detalle.html", {"correo": correo}))


def no_indexar(respuesta):
    respuesta["X-Robots-Tag"] = "noindex, nofollow"
    return respuesta


app_name = "buzon"
urlpatterns = [
    path("", lista, name="lista"),
    path("<slug:archivo>/<int:numero>/", detalle, name="detalle"),
]
