"""Qué se puede preguntar de la decisión de un reto y de sus respuestas oficiales."""

from dataclasses import dataclass

from django.db.models import Avg, Count, Exists, F, OuterRef, Q
from django.utils import timezone

from participacion.apoyos.enums import ModoApoyo
from participacion.ejercicios.models import Ejercicio

from ..enums import POR_DECIDIR, EstadoPropuesta, Resultado
from ..evaluacion.enums import EstadoEvaluacion
from ..models import DecisionReto, Evaluacion, Propuesta, RespuestaOficial
from ..votos.rules import conteos_visibles

EN_PIE = (Resultado.ELEGIDA, Resultado.EN_IMPLEMENTACION, Resultado.IMPLEMENTADA)
# A lo que así está, la decisión publicada lo omitió aunque tuviera fallo: salió antes del concurso.
SIN_FALLAR = (*POR_DECIDIR, Resultado.NO_ADMITIDA)


def por_decidir(ejercicio: Ejercicio):
    """Las que siguen en concurso: publicadas y sin resultado que las saque."""
    return ejercicio.propuestas.publicadas().filter(resultado__in=POR_DECIDIR)


def sin_fallo(ejercicio: Ejercicio):
    return por_decidir(ejercicio).filter(fallo__isnull=True)


def clasificadas(ejercicio: Ejercicio):
    """Las que están por decidir, de mejor a peor: por la media de sus evaluaciones y, a igual o sin ella, por sus apoyos.

    Mientras los apoyos son secretos, por su número: el orden diría cuál lleva más.
    """
    enviada = Q(evaluaciones__estado=EstadoEvaluacion.ENVIADA)
    simple = getattr(ejercicio, "reto", None) is None or ejercicio.reto.modo_apoyo == ModoApoyo.SIMPLE
    por_apoyos = ["-apoyos" if simple else "-puntos"] if conteos_visibles(ejercicio, timezone.now()) else []
    return (
        por_decidir(ejercicio)
        .select_related("organizacion", "autor__cuenta", "fallo")
        .annotate(media=Avg("evaluaciones__total", filter=enviada), evaluaciones_n=Count("evaluaciones", filter=enviada))
        .order_by(F("media").desc(nulls_last=True), *por_apoyos, "pk")
    )


def hay_evaluaciones(ejercicio: Ejercicio) -> bool:
    return Evaluacion.objects.filter(propuesta__ejercicio=ejercicio, estado=EstadoEvaluacion.ENVIADA).exists()


def fallos_vigentes(decision: DecisionReto):
    """Los que la decisión resolvería hoy: su propuesta sigue en concurso."""
    return decision.fallos.filter(
        propuesta__estado=EstadoPropuesta.PUBLICADA, propuesta__resultado__in=POR_DECIDIR
    ).select_related("propuesta")


def fallos_omitidos(decision: DecisionReto):
    """Los de propuestas que entretanto se retiraron, se fusionaron o dejaron de estar admitidas."""
    return decision.fallos.exclude(
        propuesta__estado=EstadoPropuesta.PUBLICADA, propuesta__resultado__in=POR_DECIDIR
    ).select_related("propuesta")


@dataclass(frozen=True)
class Conteo:
    """Cuántas propuestas tiene la decisión en cada resultado, y cuántas le faltan."""

    elegidas: int
    elegibles: int
    no_elegidas: int
    faltan: int


def contar(ejercicio: Ejercicio) -> Conteo:
    def con(resultado):
        return Count("pk", filter=Q(fallo__resultado=resultado))

    return Conteo(
        **por_decidir(ejercicio).aggregate(
            elegidas=con(Resultado.ELEGIDA),
            elegibles=con(Resultado.ELEGIBLE),
            no_elegidas=con(Resultado.NO_ELEGIDA),
            faltan=Count("pk", filter=Q(fallo__isnull=True)),
        )
    )


# --- El banco de elegibles ------------------------------------------------------------


def vacantes(decision: DecisionReto) -> int:
    """Cuántas de las que se eligieron ya no se implementarán y nadie reemplaza."""
    elegidas = fallos_publicados(decision).filter(resultado=Resultado.ELEGIDA).count()
    en_pie = decision.fallos.filter(propuesta__estado=EstadoPropuesta.PUBLICADA, propuesta__resultado__in=EN_PIE)
    return max(elegidas - en_pie.count(), 0)


def banco(decision: DecisionReto):
    """Los que esperan turno en el banco, en su orden."""
    return decision.fallos.filter(
        propuesta__estado=EstadoPropuesta.PUBLICADA, propuesta__resultado=Resultado.ELEGIBLE
    ).select_related("propuesta__organizacion", "propuesta__autor__cuenta").order_by("puesto")


# --- Las respuestas oficiales ------------------------------------------------------------


def sin_responder(ejercicio: Ejercicio):
    """Las publicadas que aún no tienen respuesta oficial: también las no admitidas la merecen."""
    respondida = RespuestaOficial.objects.filter(propuesta=OuterRef("pk"))
    return ejercicio.propuestas.publicadas().filter(~Exists(respondida))


def admite_respuesta(propuesta: Propuesta) -> bool:
    """Si se le puede responder aparte de la decisión: a la que sigue por decidir le responde ésta."""
    if propuesta.estado != EstadoPropuesta.PUBLICADA:
        return False
    return propuesta.resultado not in POR_DECIDIR or DecisionReto.objects.filter(
        ejercicio=propuesta.ejercicio_id, publicada_en__isnull=False
    ).exists()


def fallos_publicados(decision: DecisionReto):
    """Los que se aplicaron, con lo que muestra su tarjeta."""
    fallos = decision.fallos.exclude(propuesta__resultado__in=SIN_FALLAR)
    return fallos.select_related("propuesta__organizacion", "propuesta__autor__cuenta").prefetch_related(
        "propuesta__respuestas_oficiales"
    )


def en_orden(fallos):
    """Primero las elegidas y luego el banco por su puesto."""
    return fallos.exclude(resultado=Resultado.NO_ELEGIDA).order_by(F("puesto").asc(nulls_first=True), "propuesta__referencia")


def no_elegidas(fallos):
    return fallos.filter(resultado=Resultado.NO_ELEGIDA).order_by("propuesta__referencia", "pk")
