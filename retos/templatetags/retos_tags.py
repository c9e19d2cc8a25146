from django import template

from retos.enums import EstadoPropuesta

register = template.Library()

# Cómo se muestra cada estado: la clase trae color e icono; el texto siempre acompaña.
_CLASES = {
    EstadoPropuesta.BORRADOR: "neutro",
    EstadoPropuesta.ENVIADA: "espera",
    EstadoPropuesta.DEVUELTA: "atencion",
    EstadoPropuesta.PUBLICADA: "positivo",
    EstadoPropuesta.RECHAZADA: "negativo",
    EstadoPropuesta.RETIRADA: "neutro",
}


@register.inclusion_tag("componentes/estado.html")
def estado_propuesta(propuesta):
    return {"texto": propuesta.get_estado_display(), "clase": _CLASES[propuesta.estado]}
