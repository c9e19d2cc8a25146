from django import template
from django.utils.safestring import mark_safe

from home import texto

register = template.Library()


@register.filter
def como_html(valor):
    """El texto simple que alguien escribió, en párrafos y con sus enlaces."""
    return mark_safe(texto.texto_a_html(str(valor or "")))


@register.filter
def html_seguro(valor):
    """HTML de fuera, reducido al formato permitido."""
    return mark_safe(texto.html_seguro(str(valor or "")))
