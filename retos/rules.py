"""Quién puede qué con una propuesta. Se preguntan con `.test(usuario, propuesta)`.

No son permisos de Django a propósito: allí un superusuario los tiene todos, y el borrador de una persona
no lo lee ni lo envía nadie más.
"""

from rules import predicate

from cuentas.enums import RolPersonal
from cuentas.rules import tiene_rol

from .enums import EstadoPropuesta

ROLES_QUE_LEEN = [RolPersonal.MODERACION, RolPersonal.ANALITICA, RolPersonal.ADMINISTRACION]
ROLES_QUE_IMPORTAN = [RolPersonal.ADMINISTRACION]


@predicate
def es_publica(_usuario, propuesta):
    """A la vista de cualquiera: publicada, o retirada después de estarlo."""
    return propuesta.es_publica


@predicate
def esta_publicada(_usuario, propuesta):
    return propuesta.estado == EstadoPropuesta.PUBLICADA


@predicate
def es_autor(usuario, propuesta):
    """La cuenta es la de quien la escribió. Dejar la organización no quita la autoría."""
    return (
        usuario.is_authenticated
        and propuesta.autor is not None
        and propuesta.autor.cuenta_id is not None
        and propuesta.autor.cuenta_id == usuario.pk
    )


@predicate
def lee_como_personal(usuario, propuesta):
    """Es del personal que modera o analiza en su sitio, y la propuesta ya fue enviada alguna vez."""
    return bool(propuesta.referencia) and tiene_rol(usuario, propuesta.ejercicio.sitio, *ROLES_QUE_LEEN)


puede_ver = es_publica | es_autor | lee_como_personal
# El archivo es público sólo mientras la propuesta está publicada.
puede_ver_adjunto = esta_publicada | es_autor | lee_como_personal
