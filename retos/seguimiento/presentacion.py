"""Lo que esta parte muestra en la página de una propuesta o de su reto."""

from django.utils import timezone

from participacion.ejercicios.enums import Fase

from ..enums import ELEGIDAS
from ..models import CierreReto, Implementacion
from .consultas import linea_de_tiempo
from .semaforo import marcha_de


def en_propuesta(request, propuesta) -> dict:
    """La línea de tiempo y, si se eligió, su plan."""
    if not propuesta.es_publica:
        return {}
    contexto = {"novedades": linea_de_tiempo(propuesta)}
    if propuesta.resultado in ELEGIDAS:
        plan = Implementacion.objects.filter(propuesta=propuesta).first()
        contexto |= {"plan": plan, "marcha": marcha_de(plan.hitos.all(), timezone.localdate()) if plan else None}
    return contexto


def en_reto(request, pagina, ejercicio) -> dict:
    """Si hay planes que ver y si el reto ya rindió cuentas; antes de que cierre la convocatoria no se busca."""
    if ejercicio.fase != Fase.CERRADA:
        return {}
    return {
        "planes_del_reto": Implementacion.objects.filter(propuesta__ejercicio=ejercicio).count(),
        "cierre_del_reto": CierreReto.objects.filter(ejercicio=ejercicio).first(),
    }
