"""Quién puede qué con un problema. Se preguntan con `.test(usuario, problema)`."""

from rules import predicate

from cuentas.rules import tiene_rol

from ..rules import ROLES_QUE_LEEN
from .enums import EstadoProblema


@predicate
def es_autor(usuario, problema):
    return usuario.is_authenticated and problema.autor.cuenta_id is not None and problema.autor.cuenta_id == usuario.pk


@predicate
def es_publico(_usuario, problema):
    """Publicado, o retirado después de estarlo: los apoyos que recibió siguen a la vista."""
    return problema.es_publico


@predicate
def lee_como_personal(usuario, problema):
    # `is_staff` primero: la ciudadanía no paga las consultas de los roles.
    return usuario.is_staff and tiene_rol(usuario, problema.ejercicio.sitio, *ROLES_QUE_LEEN)


puede_ver = es_publico | es_autor | lee_como_personal


def admite_apoyo(problema) -> bool:
    return problema.estado == EstadoProblema.PUBLICADO
