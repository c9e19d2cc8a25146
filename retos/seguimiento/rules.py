"""Quién ve la evidencia de una novedad."""

from participacion.ejercicios.paginas import cumple_restricciones, pagina_de

from ..models import Novedad, RetoPage
from ..rules import la_ve_siempre


def puede_ver_evidencia(peticion, novedad: Novedad) -> bool:
    """Cualquiera que pueda ver la página de la propuesta: la evidencia es de la entidad y es pública."""
    propuesta = novedad.propuesta
    if la_ve_siempre.test(peticion.user, propuesta):
        return True
    reto = pagina_de(peticion, propuesta.ejercicio, RetoPage)
    return bool(propuesta.es_publica and reto is not None and cumple_restricciones(peticion, reto))
