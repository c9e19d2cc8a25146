"""Lo que se descarga de una evaluación. Ningún texto se ejecuta al abrirlo en una hoja de cálculo (`home.tablas.celda`)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from home.tablas import celda
from participacion.ejercicios.models import Ejercicio

from ..models import Evaluacion
from .consultas import Resultados, en_evaluacion, nombre_de, resultados
from .enums import EstadoEvaluacion

CIFRAS, NOTAS = "resultados", "notas"


def hojas(ejercicio: Ejercicio) -> dict[str, list[list]]:
    """De cada hoja, sus renglones con encabezado: las cifras por propuesta, y cada evaluación con sus notas."""
    return {
        CIFRAS: [[celda(valor) for valor in fila] for fila in _cifras(resultados(ejercicio))],
        NOTAS: [[celda(valor) for valor in fila] for fila in _notas(ejercicio)],
    }


def _cifras(cifras: Resultados) -> Iterable[list]:
    yield [
        _("Referencia"), _("Propuesta"), _("Puesto"), _("Empate"), _("Evaluaciones"), _("Media"), _("Mediana"),
        _("Mínimo"), _("Máximo"), _("Desviación estándar"), _("Media normalizada"),
    ]  # fmt: skip
    for propuesta, r in cifras.filas:
        yield [
            propuesta.referencia, propuesta.titulo, r.puesto, _("Sí") if r.empata else _("No"), r.n, r.media, r.mediana,
            r.minimo, r.maximo, r.desviacion, r.normalizada,
        ]  # fmt: skip
    for propuesta in cifras.sin_notas:
        yield [propuesta.referencia, propuesta.titulo, "", "", 0]


def _notas(ejercicio: Ejercicio) -> Iterable[list]:
    criterios = list(ejercicio.criterios.all())
    yield [
        _("Referencia"), _("Propuesta"), _("Jurado"), _("Total"), *(criterio.nombre for criterio in criterios),
        _("Comentario para quien propone"), _("Comentario para el comité"), _("Enviada"),
    ]  # fmt: skip
    evaluaciones = (
        Evaluacion.objects.filter(propuesta__in=en_evaluacion(ejercicio), estado=EstadoEvaluacion.ENVIADA)
        .select_related("propuesta", "jurado__usuario")
        .prefetch_related("puntajes")
        .order_by("propuesta__referencia", "jurado_id")
    )
    for evaluacion in evaluaciones:
        valores = {puntaje.criterio_id: puntaje.valor for puntaje in evaluacion.puntajes.all()}
        yield [
            evaluacion.propuesta.referencia, evaluacion.propuesta.titulo, nombre_de(evaluacion.jurado), evaluacion.total,
            *(valores.get(criterio.pk) for criterio in criterios),
            evaluacion.comentario_proponente, evaluacion.comentario_comite, evaluacion.enviada_en.isoformat(),
        ]  # fmt: skip
