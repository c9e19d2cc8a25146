"""Lo que las pruebas de equipos hacen muchas veces."""

from participacion.ejercicios.actions import leer_reglas
from retos.equipos import invitaciones, uniones
from retos.equipos.integrantes import sumar
from retos.models import Integrante
from tests import fabricas as f


def integrante(propuesta, de=None, organizacion=None) -> Integrante:
    """Alguien que ya es del equipo, como queda al aceptar."""
    de = de or f.persona()
    ejercicio, ahora = leer_reglas(propuesta.ejercicio_id)
    return sumar(propuesta, de.participante, organizacion, usuario=de, ejercicio=ejercicio, ahora=ahora)


def invitada(propuesta, de, **campos):
    """Una invitación del autor de la propuesta al correo de esa cuenta; con su código."""
    return invitaciones.invitar(propuesta=propuesta, correo=de.email, actor=propuesta.autor.cuenta, **campos)


def adhesion(destino, de=None, **campos):
    return uniones.pedir_adhesion(destino=destino, actor=de or f.persona(), **campos)


def fusion(origen, destino, **campos):
    return uniones.pedir_fusion(origen=origen, destino=destino, actor=origen.autor.cuenta, **campos)
