"""Quién puede qué con una propuesta. Se preguntan con `.test(usuario, propuesta)`.

No son permisos de Django a propósito: allí un superusuario los tiene todos, y el borrador de una persona
no lo lee ni lo envía nadie más.
"""

from rules import predicate

from cuentas.enums import RolPersonal
from cuentas.rules import puede_asistir, tiene_rol
from participacion.ejercicios.paginas import cumple_restricciones, pagina_de
from participacion.registro.models import Asistencia

from .enums import ACTOS, EDITABLES, EstadoPropuesta
from .models import RetoPage

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
def asiste(usuario, propuesta):
    """Es del personal que la recogió por su autor. Lo que alguien escribió en la web no lo toca nadie más."""
    return propuesta.asistida and puede_asistir(usuario, propuesta.ejercicio.sitio) and not es_autor.test(usuario, propuesta)


@predicate
def la_registro(usuario, propuesta):
    """Es del personal que la envió por su autor."""
    envios = Asistencia.objects.filter(acto__objeto_tipo=propuesta._meta.label_lower, acto__objeto_id=propuesta.pk)
    return propuesta.asistida and envios.filter(acto__tipo=ACTOS[EstadoPropuesta.ENVIADA][0], funcionario=usuario).exists()


# Nadie modera lo suyo: ni quien la escribió, ni quien la registró por su autor.
es_suya = es_autor | la_registro


@predicate
def lee_como_personal(usuario, propuesta):
    """Es del personal que modera o analiza en su sitio, y lo que hay en ella ya lo envió su autor.

    Mientras la corrige (devuelta), lo que escribe es sólo suyo hasta que la envíe otra vez.
    """
    # `is_staff` primero: la ciudadanía no paga las consultas de los roles.
    return (
        usuario.is_staff
        and propuesta.estado not in EDITABLES
        and tiene_rol(usuario, propuesta.ejercicio.sitio, *ROLES_QUE_LEEN)
    )


la_ve_siempre = es_autor | lee_como_personal
# Los demás la ven si además pueden ver la página de su reto.
puede_ver = es_publica | la_ve_siempre
# El archivo es público sólo mientras la propuesta está publicada.
puede_ver_adjunto = esta_publicada | la_ve_siempre


def puede_descargar(peticion, propuesta) -> bool:
    """Si quien pide puede bajar el archivo: el suyo, como personal, o el de una publicada cuyo reto puede ver."""
    if la_ve_siempre.test(peticion.user, propuesta):
        return True
    reto = pagina_de(peticion, propuesta.ejercicio, RetoPage)
    return bool(
        puede_ver_adjunto.test(peticion.user, propuesta) and reto is not None and cumple_restricciones(peticion, reto)
    )
