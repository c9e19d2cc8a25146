import json

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from home import tablas as hojas
from home.marco import ajustes_de, direccion_de
from participacion.ejercicios.enums import Fase
from participacion.ejercicios.paginas import pagina_de, servir_como_pagina

from ..enums import PoliticaResultados, Rasgo
from ..models import Encuesta, EncuestaPage
from .consulta import resultados
from .cruces import cruzar
from .forms import CruceForm
from .rules import son_publicos
from .tablas import como_filas, renglones

FORMATOS = {"csv": hojas.CSV, "xlsx": hojas.XLSX, "json": "application/json"}


def idioma() -> str:
    """El de los textos traducidos; vacío si es el español, que es el de la definición."""
    actual = get_language()
    return "" if actual == settings.LANGUAGE_CODE else actual


def leer(encuesta: Encuesta, datos, *, solo_publicas: bool) -> dict:
    """Los resultados y, si se pidió bien, el cruce. Lo mismo para la página y para los archivos."""
    hechos = resultados(encuesta, idioma=idioma(), solo_publicas=solo_publicas)
    formulario = CruceForm(datos, preguntas=hechos.preguntas)
    cruzada, cruces = None, []
    if formulario.is_valid() and formulario.cleaned_data["pregunta"]:
        cruzada = hechos.por_clave()[formulario.cleaned_data["pregunta"]]
        cruces = cruzar(encuesta, cruzada.vista, Rasgo(formulario.cleaned_data["por"]))
    return {"resultados": hechos, "formulario": formulario, "cruzada": cruzada, "cruces": cruces}


def _encuesta(request, pk: int) -> tuple[Encuesta, EncuestaPage]:
    sitio = ajustes_de(request).site
    consulta = Encuesta.objects.select_related("ejercicio")
    encuesta = get_object_or_404(consulta, pk=pk, ejercicio__sitio=sitio, ejercicio__publicado=True)
    pagina = pagina_de(request, encuesta.ejercicio, EncuestaPage)
    if pagina is None:
        raise Http404
    return encuesta, pagina


@require_safe
def resultados_publicos(request, pk):
    """Los resultados, cuando la encuesta los publica; antes, cuándo se publicarán."""
    encuesta, pagina = _encuesta(request, pk)

    def vista():
        contexto = {"encuesta": encuesta, "ejercicio": encuesta.ejercicio, "pagina": pagina, "url_encuesta": direccion_de(request, pagina)}
        if not son_publicos(encuesta):
            if encuesta.resultados == PoliticaResultados.NUNCA:
                raise Http404
            return render(request, "encuestas/resultados/pendientes.html", contexto, status=403)
        leido = leer(encuesta, request.GET, solo_publicas=True)
        contexto |= leido | {
            "parcial": encuesta.ejercicio.fase != Fase.CERRADA,
            "consulta": request.GET.urlencode() if leido["cruzada"] else "",
        }
        estado = 200 if leido["formulario"].is_valid() else 400
        return render(request, "encuestas/resultados/publicos.html", contexto, status=estado)

    return servir_como_pagina(request, pagina, vista)


@require_safe
def datos(request, pk, formato):
    """Las cifras de la página, como datos abiertos."""
    encuesta, pagina = _encuesta(request, pk)

    def vista():
        if not son_publicos(encuesta):
            raise Http404
        leido = leer(encuesta, request.GET, solo_publicas=True)
        if not leido["formulario"].is_valid():
            return HttpResponse(_("La pregunta o el cruce pedidos no existen."), status=400, content_type="text/plain; charset=utf-8")
        return archivo(encuesta, leido, formato)

    return servir_como_pagina(request, pagina, vista)


def archivo(encuesta: Encuesta, leido: dict, formato: str) -> HttpResponse:
    """El archivo de unas cifras ya leídas."""
    cruces = [(leido["cruzada"], leido["cruces"])] if leido["cruzada"] else []
    hechos = list(renglones(leido["resultados"], cruces))
    if formato == "json":
        contenido = json.dumps(
            {
                "encuesta": encuesta.ejercicio.titulo,
                "respuestas": leido["resultados"].total,
                "grupo_minimo": encuesta.minimo_grupo,
                "cifras": hechos,
            },
            ensure_ascii=False,
            indent=1,
        )
    elif formato == "xlsx":
        contenido = hojas.a_xlsx({_("Resultados"): (como_filas(hechos), [8, 48, 30, 30, 20, 20, 18, 12, 10])})
    else:
        contenido = "".join(hojas.a_csv(como_filas(hechos)))
    respuesta = HttpResponse(contenido, content_type=FORMATOS[formato])
    respuesta["Content-Disposition"] = f'attachment; filename="resultados-encuesta-{encuesta.pk}.{formato}"'
    return respuesta
