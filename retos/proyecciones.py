from collections.abc import Iterable

from participacion.registro.models import Acto
from participacion.registro.proyecciones import Diferencia, comparar

from .enums import EstadoPropuesta
from .models import Propuesta


def recontar_estados() -> Iterable[Diferencia]:
    """El estado de cada propuesta enviada frente al de su último acto."""
    guardados = Propuesta.objects.exclude(estado=EstadoPropuesta.BORRADOR).values_list("pk", "estado")
    actos = (
        Acto.objects.filter(objeto_tipo="retos.propuesta")
        .exclude(estado="")
        .order_by("pk")
        .values_list("objeto_id", "estado")
    )
    return comparar(
        {f"propuesta {pk}": estado for pk, estado in guardados},
        {f"propuesta {pk}": estado for pk, estado in actos},
        "",
    )
