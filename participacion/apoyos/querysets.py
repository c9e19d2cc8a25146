from django.db.models import Exists, OuterRef

from cuentas.models import Organizacion
from participacion.ejercicios.models import Ejercicio

from .apoyables import APOYABLES
from .models import Apoyo


def organizaciones_de(usuario, objeto):
    """Las organizaciones en cuyo nombre la cuenta puede apoyar el objeto; `ya_apoyo` dice cuáles ya lo apoyan."""
    return (
        Organizacion.objects.filter(membresias__participante__cuenta=usuario, membresias__hasta=None)
        .annotate(ya_apoyo=Exists(Apoyo.objects.de(objeto).filter(organizacion=OuterRef("pk"))))
        .order_by("nombre", "pk")
    )


def con_conteos_ocultos(sitio, ahora) -> set[tuple[int, str]]:
    """Los (ejercicio, clase de objeto) de un sitio de los que a esa hora no se dice cuántos apoyos lleva cada objeto."""
    return {
        (ejercicio.pk, tipo)
        for ejercicio in Ejercicio.objects.filter(sitio=sitio)
        for tipo, apoyable in APOYABLES.items()
        if not apoyable.visibles(ejercicio, ahora)
    }
