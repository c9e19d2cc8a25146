from functools import lru_cache

from django import template
from heroicons.templatetags.heroicons import heroicon_mini, heroicon_outline
from wagtail.models import Page

from home.marco import Marco, dibujar_migas

register = template.Library()


def _marco_de(contexto) -> Marco:
    peticion = contexto["request"]
    pagina = contexto.get("page")
    if not isinstance(pagina, Page):
        pagina = None
    guardado = getattr(peticion, "_marco", None)
    if guardado is None or guardado.pagina is not pagina:
        guardado = peticion._marco = Marco(peticion, pagina)
    return guardado


@register.simple_tag(takes_context=True)
def marco(context):
    return _marco_de(context)


@register.simple_tag(takes_context=True)
def migas(context, *tramos, pagina=None):
    """El camino de una vista que no es página: `{% migas "Mi cuenta" url "Nueva" pagina=reto %}`.

    Los tramos van en pares texto y dirección; el último es sólo el texto de donde se está.
    `pagina`, si se da, antepone su propio camino; sin ella empieza en la portada.
    """
    m = _marco_de(context)
    camino = m.camino(pagina)
    pares = list(zip(tramos[:-1:2], tramos[1::2], strict=True))
    return dibujar_migas([*camino, *pares], tramos[-1])


@register.simple_tag(takes_context=True)
def cuerpo(context):
    """El StreamField `cuerpo` de la página, dibujado una vez por versión del sitio."""
    return _marco_de(context).cuerpo()


@register.simple_tag
@lru_cache(maxsize=256)
def icono(nombre, tamano=20):
    """Un icono decorativo: el texto que lo acompaña dice lo mismo a quien no lo ve."""
    dibujar = heroicon_mini if tamano <= 20 else heroicon_outline
    return dibujar(nombre, size=tamano, aria_hidden="true", focusable="false", **{"class": "icono"})
