"""Hasta cuándo se evalúa, y qué cabe antes de que empiece."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from participacion.ejercicios.enums import Fase
from participacion.ejercicios.models import Ejercicio

from ..fases import Accion, FaseProgramada, calendario_de, comprobar


def fase_de_evaluacion(ejercicio: Ejercicio) -> FaseProgramada | None:
    """La fase en que el jurado califica; None si el reto no la tiene."""
    return next(iter(calendario_de(ejercicio).fases_de(Accion.EVALUAR)), None)


def comprobar_preparacion(ejercicio: Ejercicio, ahora: datetime) -> None:
    """Para armar el jurado, repartir y declarar conflictos: desde antes de la evaluación y hasta que cierre.

    Lanza ValidationError (code="plazo") si el reto no tiene evaluación o si ya cerró.
    """
    fase = fase_de_evaluacion(ejercicio)
    if fase is None or not ejercicio.publicado:
        raise ValidationError(_("Este reto no tiene una fase de evaluación."), code="plazo")
    if fase.en(ahora) == Fase.CERRADA:
        comprobar(ejercicio, Accion.EVALUAR, ahora)
