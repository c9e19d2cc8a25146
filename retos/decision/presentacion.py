"""Lo que esta parte muestra en la página de una propuesta o de su reto."""

from django.utils import timezone

from participacion.ejercicios.enums import Fase

from ..enums import POR_DECIDIR, Resultado
from ..models import DecisionReto
from ..rules import es_del_equipo
from .consultas import SIN_FALLAR
from .plazo import dias_entre


def en_propuesta(request, propuesta) -> dict:
    """Las respuestas oficiales y, si aún no la hay y la convocatoria cerró, cuánto lleva esperándola."""
    if not propuesta.es_publica or (propuesta.resultado in POR_DECIDIR and propuesta.ejercicio.fase != Fase.CERRADA):
        return {}
    respuestas = list(propuesta.respuestas_oficiales.all())
    return {
        "respuestas_oficiales": respuestas,
        "dias_sin_respuesta": None if respuestas else dias_entre(propuesta.publicada_en, timezone.now()),
        "comentarios_jurado": _comentarios(request, propuesta),
    }


def _comentarios(request, propuesta) -> list:
    """Lo que el jurado escribió para quien propone: lo lee sólo su equipo."""
    if propuesta.resultado in SIN_FALLAR or not es_del_equipo.test(request.user, propuesta):
        return []
    from ..evaluacion.presentacion import comentarios_para

    return comentarios_para(propuesta)


def en_reto(request, pagina, ejercicio) -> dict:
    """La decisión publicada; antes de que cierre la convocatoria no se busca."""
    if ejercicio.fase != Fase.CERRADA:
        return {}
    decision = DecisionReto.objects.filter(ejercicio=ejercicio, publicada_en__isnull=False).first()
    elegidas = list(ejercicio.propuestas.publicas().filter(fallo__resultado=Resultado.ELEGIDA).exclude(resultado__in=SIN_FALLAR).con_firma()[:6]) if decision else []
    return {"decision_publicada": decision, "propuestas_elegidas": elegidas, "reto_cerrado_a_propuestas": True}
