"""Lo que se le pregunta a la evaluación de un reto."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Q

from participacion.ejercicios.models import Ejercicio

from ..enums import EstadoPropuesta, Resultado
from ..fases import TipoFase, calendario_de
from ..models import Evaluacion, Jurado, Propuesta
from .enums import PENDIENTES, VIGENTES, EstadoEvaluacion, EstadoJurado
from .estadistica import Nota, Resumen, resumir, sin_normalizar


def en_evaluacion(ejercicio: Ejercicio):
    """Las propuestas que el jurado evalúa: las admitidas o, si el reto no revisa requisitos, todas las publicadas."""
    propuestas = ejercicio.propuestas.publicadas().exclude(resultado=Resultado.NO_ADMITIDA)
    if calendario_de(ejercicio).de(TipoFase.ADMISIBILIDAD):
        propuestas = propuestas.exclude(resultado=Resultado.EN_ESTUDIO)
    return propuestas.order_by("referencia", "pk")


def por_enviar(desde: str = "") -> Q:
    """La condición de las que esperan algo del jurado: lo retirado, fusionado o no admitido después ya no se evalúa.

    `desde`: el camino hasta la evaluación («evaluaciones__»).
    """
    se_evaluan = [resultado for resultado in Resultado if resultado != Resultado.NO_ADMITIDA]
    return Q(
        **{
            f"{desde}estado__in": PENDIENTES,
            f"{desde}propuesta__estado": EstadoPropuesta.PUBLICADA,
            f"{desde}propuesta__resultado__in": se_evaluan,
        }
    )


def con_carga(ejercicio: Ejercicio):
    """El jurado de un reto con cuántas tiene cada quien, por enviar y enviadas."""
    return (
        Jurado.objects.filter(ejercicio=ejercicio)
        .select_related("usuario")
        .annotate(
            pendientes=Count("evaluaciones", filter=por_enviar("evaluaciones__")),
            enviadas=Count("evaluaciones", filter=Q(evaluaciones__estado=EstadoEvaluacion.ENVIADA)),
        )
        .order_by("usuario__first_name", "usuario__last_name", "pk")
    )


@dataclass
class AvancePropuesta:
    """En qué van las evaluaciones de una propuesta. `faltan`: las que no tiene nadie."""

    propuesta: Propuesta
    enviadas: int
    pendientes: int
    faltan: int


def avance(ejercicio: Ejercicio) -> list[AvancePropuesta]:
    """Una fila por propuesta que se evalúa. Tres consultas."""
    minimo = ejercicio.reto.evaluaciones_minimas
    propuestas = list(en_evaluacion(ejercicio).only("referencia", "titulo", "ejercicio_id"))
    cuenta: dict[int, Counter] = defaultdict(Counter)
    for propuesta, estado in Evaluacion.objects.filter(
        propuesta__ejercicio=ejercicio, estado__in=VIGENTES
    ).values_list("propuesta_id", "estado"):
        cuenta[propuesta][estado == EstadoEvaluacion.ENVIADA] += 1
    return [
        AvancePropuesta(p, cuenta[p.pk][True], cuenta[p.pk][False], max(0, minimo - cuenta[p.pk].total()))
        for p in propuestas
    ]


@dataclass
class Resultados:
    """Las cifras de un reto. `crudos`: los jurados cuyas notas no se pudieron normalizar. `sin_notas`: nadie las evaluó."""

    filas: list[tuple[Propuesta, Resumen]] = field(default_factory=list)
    crudos: list[str] = field(default_factory=list)
    sin_notas: list[Propuesta] = field(default_factory=list)


def resultados(ejercicio: Ejercicio) -> Resultados:
    """Sólo de lo enviado. Una propuesta retirada o no admitida después no compite: sus notas tampoco."""
    propuestas = {p.pk: p for p in en_evaluacion(ejercicio).only("referencia", "titulo", "resultado", "ejercicio_id")}
    enviadas = Evaluacion.objects.filter(propuesta__in=propuestas, estado=EstadoEvaluacion.ENVIADA)
    notas = [Nota(*fila) for fila in enviadas.order_by("pk").values_list("propuesta_id", "jurado_id", "total")]
    resumenes = resumir(notas)
    crudos = Jurado.objects.filter(pk__in=sin_normalizar(notas)).select_related("usuario").order_by("pk")
    con_notas = {resumen.propuesta for resumen in resumenes}
    return Resultados(
        filas=[(propuestas[resumen.propuesta], resumen) for resumen in resumenes],
        crudos=[nombre_de(jurado) for jurado in crudos],
        sin_notas=[p for pk, p in propuestas.items() if pk not in con_notas],
    )


def nombre_de(jurado: Jurado) -> str:
    """Cómo se le nombra en las pantallas de gestión."""
    return (jurado.usuario.get_full_name() or jurado.usuario.email) if jurado.usuario else str(jurado)


def aceptados(ejercicio: Ejercicio):
    return Jurado.objects.filter(ejercicio=ejercicio, estado=EstadoJurado.ACEPTADO).select_related("usuario").order_by("pk")
