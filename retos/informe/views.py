"""El informe de resultados de un reto: página, PDF y datos abiertos. Existe desde que cierra su convocatoria."""

from functools import wraps

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from home import tablas
from home.marco import ajustes_de, direccion_de
from participacion.ejercicios.enums import Fase

from ..acceso import con_reto
from . import datos, pdf
from .expediente import Expediente
from .secciones import armar

POR_PAGINA = 50


def _si_cerro(vista):
    """Da a la vista el expediente del reto. Antes de que cierre la convocatoria no existe, aunque sea del personal."""

    @require_safe
    @con_reto
    @wraps(vista)
    def envoltura(request, reto, ejercicio, **demas):
        if ejercicio.fase != Fase.CERRADA:
            raise Http404
        return vista(request, Expediente(request, reto, ejercicio), **demas)

    return envoltura


@_si_cerro
def informe(request, expediente):
    """El informe en una página; su lista de propuestas, por partes."""
    pagina = Paginator(expediente.propuestas(), POR_PAGINA).get_page(request.GET.get("page"))
    documento = armar(expediente, list(pagina))
    return render(
        request,
        "retos/informe/informe.html",
        {
            "reto": expediente.pagina,
            "url_reto": direccion_de(request, expediente.pagina),
            "documento": documento,
            "aviso": pdf.aviso_de(documento),
            "pagina": pagina,
            "diccionario": datos.DICCIONARIO,
        },
    )


@_si_cerro
def en_pdf(request, expediente):
    """El mismo documento, con las primeras propuestas de la lista."""
    documento = armar(expediente, list(expediente.propuestas()[: pdf.PROPUESTAS]))
    respuesta = HttpResponse(pdf.como_pdf(documento, ajustes_de(request)), content_type="application/pdf")
    respuesta["Content-Disposition"] = f'inline; filename="informe-{expediente.pagina.slug}.pdf"'
    return _sin_indexar(respuesta, expediente)


@_si_cerro
def en_datos(request, expediente, archivo):
    """Los datos abiertos: sin registro, con licencia y con el diccionario de sus columnas."""
    if archivo == "datos.json":
        respuesta = StreamingHttpResponse(datos.como_json(expediente), content_type="application/json; charset=utf-8")
    else:
        renglones = datos.diccionario_csv() if archivo == "diccionario.csv" else datos.como_csv(expediente)
        respuesta = StreamingHttpResponse(renglones, content_type=tablas.CSV)
    respuesta["Content-Disposition"] = f'attachment; filename="{expediente.pagina.slug}-{archivo}"'
    respuesta["Link"] = f'<{ajustes_de(request).licencia}>; rel="license"'
    return _sin_indexar(respuesta, expediente)


def _sin_indexar(respuesta, expediente: Expediente):
    """Lo preliminar no debe quedar en los buscadores: su versión final lo reemplaza."""
    if expediente.cierre is None:
        respuesta["X-Robots-Tag"] = "noindex"
    return respuesta
