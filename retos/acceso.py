"""Cómo llega una vista a un reto o a una propuesta, y quién pasa."""

from functools import wraps

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language_from_path
from wagtail.views import serve

from home.marco import ajustes_de
from participacion.ejercicios.models import Ejercicio
from participacion.ejercicios.paginas import pagina_de, pagina_por_ruta, servir_como_pagina

from .models import Propuesta, RetoPage
from .rules import es_autor, es_del_equipo, la_ve_siempre, puede_ver

RUTA_MAXIMA = 200


def con_reto(vista):
    """Da a la vista la página del reto y su ejercicio, y respeta las restricciones que Wagtail tenga para la página.

    Lo demás que nombre la dirección le llega con su nombre.
    """

    @wraps(vista)
    def envoltura(request, ruta, **demas):
        reto = pagina_por_ruta(request, ruta, RetoPage) if len(ruta) <= RUTA_MAXIMA else None
        if reto is None:
            return _como_pagina(request)
        sitio = ajustes_de(request).site
        ejercicios = Ejercicio.objects.select_related("reto")
        ejercicio = get_object_or_404(ejercicios, sitio=sitio, translation_key=reto.translation_key)
        return servir_como_pagina(request, reto, lambda: vista(request, reto, ejercicio, **demas))

    return envoltura


def _como_pagina(request):
    """Lo que respondería Wagtail: la página de otra sección también se puede llamar «informe» o «decision»."""
    idioma = get_language_from_path(request.path_info)
    return serve(request, request.path_info.removeprefix(f"/{idioma}" if idioma else "").lstrip("/"))


def obtener_propuesta(request, pk: int) -> Propuesta:
    sitio = ajustes_de(request).site  # antes que Wagtail: trae el sitio y sus ajustes en una consulta
    return get_object_or_404(Propuesta.objects.con_detalle(), pk=pk, ejercicio__sitio=sitio)


def reto_de(request, propuesta: Propuesta) -> RetoPage | None:
    """La página de su reto en el idioma actual; None si hoy no está publicada."""
    return pagina_de(request, propuesta.ejercicio, RetoPage)


def propuesta_propia(request, pk: int) -> Propuesta:
    """La propuesta si es de quien pide; a los demás no se les dice que existe."""
    propuesta = obtener_propuesta(request, pk)
    if not es_autor.test(request.user, propuesta):
        raise Http404
    return propuesta


def propuesta_del_equipo(request, pk: int) -> Propuesta:
    """La propuesta si quien pide la escribe, sola o con otras personas; a los demás no se les dice que existe."""
    propuesta = obtener_propuesta(request, pk)
    if not es_del_equipo.test(request.user, propuesta):
        raise Http404
    return propuesta


def servir_propuesta(request, propuesta, vista):
    """La respuesta de `vista()` a quien puede ver la propuesta y la página de su reto; a los demás, que no existe."""
    if not puede_ver.test(request.user, propuesta):
        raise Http404
    if la_ve_siempre.test(request.user, propuesta):
        return vista()
    reto = reto_de(request, propuesta)
    if reto is None:
        raise Http404
    return servir_como_pagina(request, reto, vista)
