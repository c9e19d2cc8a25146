from cuentas.enums import RolPersonal
from cuentas.rules import tiene_rol

ROLES_QUE_MODERAN = [RolPersonal.MODERACION, RolPersonal.ADMINISTRACION]


def puede_moderar(usuario, entrada) -> bool:
    """Si la cuenta modera en el sitio de la entrada."""
    return tiene_rol(usuario, entrada.sitio, *ROLES_QUE_MODERAN)
