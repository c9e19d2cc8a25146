"""Los documentos que sustentan una decisión: se guardan en privado y sólo los baja quien atiende a las personas."""

import logging

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.decorators.http import require_safe

from home.archivos import datos_de
from home.marco import ajustes_de

from .models import Participante, Soporte
from .rules import puede_asistir

registro = logging.getLogger(__name__)


def guardar_soporte(*, archivo, titular: Participante | None = None) -> Soporte:
    """Guarda el archivo que alguien subió. Lanza ValidationError si su contenido no es de los aceptados."""
    return Soporte.objects.create(titular=titular, **datos_de(archivo))


@require_safe
def bajar(request, clave):
    """Entrega un soporte como descarga, sólo a participación asistida y administración."""
    if not puede_asistir(request.user, ajustes_de(request).site):
        raise PermissionDenied
    soporte = get_object_or_404(Soporte, clave=clave)
    try:
        archivo = soporte.archivo.open("rb")
    except FileNotFoundError:
        registro.error("Falta en el disco el archivo del soporte %s", soporte.clave)
        raise Http404 from None
    respuesta = FileResponse(archivo, as_attachment=True, filename=soporte.nombre, content_type=soporte.tipo_mime)
    respuesta["Content-Security-Policy"] = "default-src 'none'; sandbox"
    respuesta["X-Content-Type-Options"] = "nosniff"
    respuesta["Cache-Control"] = "private, no-store"
    return respuesta


app_name = "personas_soportes"
urlpatterns = [path("<uuid:clave>/", bajar, name="bajar")]
