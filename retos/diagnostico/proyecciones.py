from collections.abc import Iterable

from participacion.registro.models import Acto
from participacion.registro.proyecciones import Diferencia, comparar

from ..models import PreguntaReto, Problema


def _recontar(modelo) -> Iterable[Diferencia]:
    """El estado guardado de cada fila frente al de su último acto."""
    tipo = modelo._meta.label_lower
    actos = Acto.objects.filter(objeto_tipo=tipo).exclude(estado="").order_by("pk").values_list("objeto_id", "estado")
    guardados = modelo.objects.values_list("pk", "estado")
    return comparar({f"{tipo} {pk}": e for pk, e in guardados}, {f"{tipo} {pk}": e for pk, e in actos}, "")


def recontar_problemas() -> Iterable[Diferencia]:
    return _recontar(Problema)


def recontar_preguntas() -> Iterable[Diferencia]:
    return _recontar(PreguntaReto)
