"""Quién del personal ve qué de una encuesta. El permiso lo da el rol; el sitio, su asignación."""

from wagtail.models import Site

from cuentas.enums import RolPersonal
from cuentas.models import Usuario
from cuentas.roles import conceder
from cuentas.rules import tiene_rol

VER, LEER, PERSONALES = "encuestas.ver_resultados", "encuestas.leer_respuestas", "encuestas.descargar_personales"
# Quien edita ve las cifras y publica medidas; las palabras de la gente y sus respuestas una a una son de quien analiza.
ROLES = {
    VER: (RolPersonal.EDITOR, RolPersonal.ANALITICA, RolPersonal.ADMINISTRACION),
    LEER: (RolPersonal.ANALITICA, RolPersonal.ADMINISTRACION),
    PERSONALES: (RolPersonal.ANALITICA, RolPersonal.ADMINISTRACION),
}


def conceder_permisos() -> None:
    """Da a cada rol los permisos de esta sala."""
    for permiso, roles in ROLES.items():
        for rol in roles:
            conceder(rol, permiso)


def puede(usuario: Usuario, sitio: Site | None, permiso: str) -> bool:
    """Si la cuenta tiene ese permiso en el sitio."""
    return sitio is not None and usuario.has_perm(permiso) and tiene_rol(usuario, sitio, *ROLES[permiso])
