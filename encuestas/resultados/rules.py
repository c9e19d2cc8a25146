from participacion.ejercicios.enums import Fase

from ..enums import PoliticaResultados
from ..models import Encuesta


def son_publicos(encuesta: Encuesta) -> bool:
    """Si hoy cualquiera puede ver los resultados, según lo que la encuesta declaró al publicarse."""
    fase = encuesta.ejercicio.fase
    if encuesta.resultados == PoliticaResultados.EN_VIVO:
        return fase != Fase.PROXIMA
    return encuesta.resultados == PoliticaResultados.AL_CIERRE and fase == Fase.CERRADA
