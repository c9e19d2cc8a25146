from django import template
from django.db.models import F
from django.utils import timezone
from wagtail.models import Site

from participacion.ejercicios.models import Ejercicio
from participacion.ejercicios.paginas import tarjetas

register = template.Library()


@register.simple_tag(takes_context=True)
def ejercicios_abiertos(context, limite=6):
    """Los ejercicios abiertos del sitio, primero los que cierran antes."""
    request = context["request"]
    abiertos = Ejercicio.objects.abiertos(timezone.now()).filter(sitio=Site.find_for_request(request))
    return tarjetas(abiertos.order_by(F("cierre").asc(nulls_last=True), "pk")[:limite], request)


@register.simple_tag(takes_context=True)
def ejercicios_cerrados(context, limite=6):
    """Los ejercicios ya cerrados del sitio, primero los más recientes."""
    request = context["request"]
    cerrados = Ejercicio.objects.publicados().filter(sitio=Site.find_for_request(request), cierre__lte=timezone.now())
    return tarjetas(cerrados.order_by("-cierre", "-pk")[:limite], request)
