from cuentas.enums import RolPersonal
from cuentas.rules import tiene_rol

PERMISO = "indicadores.ver_indicadores"
ROLES_QUE_VEN = [RolPersonal.ANALITICA, RolPersonal.ADMINISTRACION]


def puede_ver(usuario, sitio) -> bool:
    """Si la cuenta ve los indicadores del sitio: el permiso lo da el grupo; el sitio, su asignación."""
    return sitio is not None and usuario.has_perm(PERMISO) and tiene_rol(usuario, sitio, *ROLES_QUE_VEN)
