from hashlib import md5

from django import template
from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.translation import get_language

from retos.enums import EstadoPropuesta, Resultado
from retos.models import Propuesta

from .programa_tags import estado_resultado

register = template.Library()

# Cómo se muestra cada estado: la clase trae color e icono; el texto siempre acompaña.
_CLASES = {
    EstadoPropuesta.BORRADOR: "neutro",
    EstadoPropuesta.ENVIADA: "espera",
    EstadoPropuesta.DEVUELTA: "atencion",
    EstadoPropuesta.PUBLICADA: "positivo",
    EstadoPropuesta.RECHAZADA: "negativo",
    EstadoPropuesta.RETIRADA: "neutro",
    EstadoPropuesta.FUSIONADA: "neutro",
}


@register.inclusion_tag("componentes/estado.html")
def estado_propuesta(propuesta):
    """Si está a la vista o, cuando ya lo está y el concurso dijo algo de ella, qué dijo."""
    if propuesta.estado == EstadoPropuesta.PUBLICADA and propuesta.resultado != Resultado.EN_ESTUDIO:
        return estado_resultado(propuesta.resultado)
    return {"texto": propuesta.get_estado_display(), "clase": _CLASES[propuesta.estado]}


@register.simple_tag
def tarjetas_propuestas(versiones, conteos_visibles):
    """Las tarjetas de una página de `Propuesta.objects.versiones()`, cada una dibujada una vez por versión e idioma."""
    memoria, idioma = caches["fragmentos"], get_language()
    claves = {
        f"tarjeta:{idioma}:{conteos_visibles}:{md5(repr(version).encode()).hexdigest()}": version[0]
        for version in versiones
    }
    dibujadas = memoria.get_many(claves)
    if faltan := {pk: clave for clave, pk in claves.items() if clave not in dibujadas}:
        for pk, propuesta in Propuesta.objects.con_firma().in_bulk(list(faltan)).items():
            dibujadas[faltan[pk]] = render_to_string("retos/_tarjeta.html", {"propuesta": propuesta, "nivel": 2, "conteos_visibles": conteos_visibles})
        memoria.set_many({clave: dibujadas[clave] for clave in faltan.values() if clave in dibujadas})
    return format_html_join("\n", "<li>{}</li>", ((dibujadas[clave],) for clave in claves if clave in dibujadas))
