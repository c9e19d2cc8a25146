from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from retos.evaluacion.enums import EN_EL_JURADO
from retos.evaluacion.estadistica import Resumen
from retos.models import Jurado

register = template.Library()


@register.simple_tag
def es_jurado(usuario) -> bool:
    """Si tiene un lugar, o una invitación, en el jurado de algún reto."""
    return Jurado.objects.filter(usuario=usuario, estado__in=EN_EL_JURADO).exists()


@register.simple_tag
def dispersion(resumen: Resumen):
    """Un punto por nota sobre una línea de 0 a 100, y la media como raya: lo mismo que dicen las columnas de la tabla."""
    puntos = format_html_join(
        "", '<circle class="dispersion__nota" cx="{}" cy="8" r="4"/>', ((float(total) + 5,) for total in resumen.totales)
    )
    media = float(resumen.media) + 5
    return format_html(
        '<svg class="dispersion" viewBox="0 0 110 16" width="110" height="16" role="img" aria-label="{}">'
        '<line class="dispersion__eje" x1="5" y1="8" x2="105" y2="8"/>{}'
        '<line class="dispersion__media" x1="{}" y1="1" x2="{}" y2="15"/></svg>',
        _("Notas: %(notas)s") % {"notas": " · ".join(str(total).replace(".", ",") for total in resumen.totales)},
        puntos,
        media,
        media,
    )
