"""Lo que cada parte muestra en la página de un reto o de una propuesta, reunido."""

from .decision import presentacion as decision
from .diagnostico import presentacion as diagnostico
from .equipos import presentacion as equipos
from .informe import presentacion as informe
from .seguimiento import presentacion as seguimiento
from .versiones import presentacion as versiones
from .votos import presentacion as votos

_EN_PROPUESTA = (equipos, versiones, votos, decision, seguimiento)
_EN_RETO = (diagnostico, votos, decision, seguimiento, informe)


def en_propuesta(request, propuesta) -> dict:
    return {clave: valor for parte in _EN_PROPUESTA for clave, valor in parte.en_propuesta(request, propuesta).items()}


def en_reto(request, pagina, ejercicio) -> dict:
    return {clave: valor for parte in _EN_RETO for clave, valor in parte.en_reto(request, pagina, ejercicio).items()}
