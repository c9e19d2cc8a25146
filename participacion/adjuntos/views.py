import logging

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from .models import Adjunto
from .permisos import nombre_para, puede_ver

registro = logging.getLogger(__name__)


@require_safe
def descargar(request, clave):
    """Entrega el archivo a quien puede verlo; a los demás les dice que no existe."""
    adjunto = get_object_or_404(Adjunto, clave=clave)
    if not puede_ver(request, adjunto):
        raise Http404
    try:
        archivo = adjunto.archivo.open("rb")
    except FileNotFoundError:
        registro.error("Falta en el disco el archivo del adjunto %s", adjunto.clave)
        raise Http404 from None
    respuesta = FileResponse(
        archivo, as_attachment=True, filename=nombre_para(request, adjunto), content_type=adjunto.tipo_mime
    )
    respuesta["Content-Security-Policy"] = "default-src 'none'; sandbox"
    respuesta["X-Content-Type-Options"] = "nosniff"
    respuesta["Cache-Control"] = "private, no-store"
    return respuesta
