"""Los recordatorios automáticos al jurado, que corren en el trabajo diario."""

import logging
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models.functions import Now

from participacion.ejercicios.models import Ejercicio

from ..fases import TipoFase
from ..models import FaseReto, Jurado
from .actions.jurado import recordar
from .consultas import por_enviar
from .enums import EstadoJurado

registro = logging.getLogger(__name__)
# Cuánto antes del cierre se recuerda.
ANTES = (timedelta(days=1), timedelta(days=3))


def recordar_evaluaciones() -> int:
    """Recuerda a quien tiene evaluaciones por enviar, tres días y un día antes del cierre; dice a cuántos.

    Se puede repetir: pasado cada momento, a cada quien se le recuerda una vez, aunque el trabajo haya faltado un día.
    """
    recordados = 0
    abiertas = FaseReto.objects.filter(
        tipo=TipoFase.EVALUACION, inicia__lte=Now(), termina__gt=Now(), ejercicio__publicado=True
    ).annotate(ahora=Now())
    for fase in abiertas:
        antes = next((antes for antes in ANTES if fase.termina - antes <= fase.ahora), None)
        if antes is None:
            continue
        for jurado in _sin_recordar(fase.ejercicio, fase.termina - antes):
            try:
                recordar(jurado=jurado, actor=None)
            except ValidationError as error:
                registro.info("Jurado %s: %s", jurado.pk, error.code)
            else:
                recordados += 1
    return recordados


def _sin_recordar(ejercicio: Ejercicio, desde) -> list[Jurado]:
    aceptaron = Jurado.objects.filter(por_enviar("evaluaciones__"), ejercicio=ejercicio, estado=EstadoJurado.ACEPTADO)
    return list(aceptaron.exclude(recordado_en__gte=desde).order_by("pk").distinct())
