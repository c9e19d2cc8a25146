"""Los planes de un reto, y las cifras de lo que se cumple."""

from django.db.models import Prefetch

from participacion.adjuntos.models import Adjunto
from participacion.ejercicios.models import Ejercicio

from ..enums import ELEGIDAS
from ..models import HitoPlan, Novedad, Propuesta


def elegidas(ejercicio: Ejercicio):
    """Las que alguna vez se eligieron y siguen a la vista, con su plan y sus hitos: tres consultas en total."""
    return (
        ejercicio.propuestas.publicas()
        .filter(resultado__in=ELEGIDAS)
        .con_firma()
        .select_related("implementacion")
        .only(*_CAMPOS)
        .prefetch_related(Prefetch("implementacion__hitos", queryset=HitoPlan.objects.order_by("inicia", "pk")))
        .order_by("referencia", "pk")
    )


_CAMPOS = (
    "ejercicio_id", "estado", "resultado", "anonima", "titulo", "resumen", "referencia", "idioma", "fuente", "publicada_en",
    "organizacion__nombre", "organizacion__verificada_en", "autor__cuenta__first_name", "autor__cuenta__last_name",
    "autor__nombre", "autor__muestra_nombre", "autor__suprimido", "implementacion",
)  # fmt: skip


def plan_de(propuesta: Propuesta):
    """Su implementación, o None."""
    return getattr(propuesta, "implementacion", None)


def linea_de_tiempo(propuesta: Propuesta) -> list[Novedad]:
    """Sus novedades, la última primero, cada una con sus archivos en `evidencia`. Dos consultas."""
    novedades = list(propuesta.novedades.all())
    por_novedad: dict[int, list[Adjunto]] = {}
    if novedades:
        tipo = Novedad._meta.label_lower
        for adjunto in Adjunto.objects.filter(objeto_tipo=tipo, objeto_id__in=[n.pk for n in novedades]).order_by("pk"):
            por_novedad.setdefault(adjunto.objeto_id, []).append(adjunto)
    for novedad in novedades:
        novedad.evidencia = por_novedad.get(novedad.pk, [])
    return novedades
