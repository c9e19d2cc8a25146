"""Cómo se apoya en un reto, y cuándo se puede decir cuántos apoyos lleva cada propuesta."""

from datetime import datetime

from participacion.apoyos.apoyables import Reglas
from participacion.apoyos.enums import ModoApoyo
from participacion.ejercicios.enums import Fase
from participacion.ejercicios.models import Ejercicio

from ..fases import Accion, calendario_de


def reglas_de(ejercicio: Ejercicio) -> Reglas:
    """Las publicadas; un reto que no se ha vuelto a publicar desde que existen, un apoyo por propuesta."""
    reto = getattr(ejercicio, "reto", None)
    return Reglas(ModoApoyo(reto.modo_apoyo), reto.maximo_apoyos) if reto else Reglas()


def conteos_visibles(ejercicio: Ejercicio, ahora: datetime) -> bool:
    """Si se puede decir, a quien sea, cuántos apoyos lleva cada propuesta; si no, tampoco ordenar por ellos."""
    reto = getattr(ejercicio, "reto", None)
    if reto is None or not reto.ocultar_apoyos:
        return True
    return all(fase.en(ahora) == Fase.CERRADA for fase in calendario_de(ejercicio).fases_de(Accion.APOYAR))
