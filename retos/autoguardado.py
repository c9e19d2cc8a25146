"""Lo que se guarda solo mientras se escribe (`static/js/formulario.js`): se contesta en JSON y nunca se envía nada."""

from datetime import datetime

from django.http import JsonResponse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

CABECERA = "X-Autoguardado"


def es_automatico(request) -> bool:
    return CABECERA in request.headers


def guardado(momento: datetime, **datos) -> JsonResponse:
    hora = formats.time_format(timezone.localtime(momento), "H:i")
    return JsonResponse({"mensaje": _("Guardado %(hora)s") % {"hora": hora}, **datos})


def sin_guardar(mensaje: str, estado: int) -> JsonResponse:
    return JsonResponse({"mensaje": mensaje}, status=estado)


def por_que(*formularios) -> str:
    """Lo primero que impide guardar."""
    for formulario in formularios:
        if formulario is not None:
            for campo, errores in formulario.errors.items():
                rotulo = formulario.fields[campo].label if campo in formulario.fields else ""
                return _("Sin guardar: revise «%(campo)s». %(error)s") % {"campo": rotulo, "error": errores[0]}
    return ""
