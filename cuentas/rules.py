from .enums import RolPersonal
from .models import AsignacionRol


def tiene_rol(usuario, sitio, *roles: RolPersonal) -> bool:
    """Si la cuenta tiene alguno de estos roles en el sitio. Un superusuario los tiene todos."""
    if not usuario.is_authenticated or not usuario.is_active:
        return False
    if usuario.is_superuser:
        return True
    if not hasattr(usuario, "_roles_por_sitio"):
        usuario._roles_por_sitio = set(
            AsignacionRol.objects.filter(usuario=usuario).values_list("sitio_id", "grupo__name")
        )
    return any((sitio.pk, rol) in usuario._roles_por_sitio for rol in roles)


def puede_asistir(usuario, sitio) -> bool:
    """Si registra en el sitio lo que hace alguien que vino a la oficina o lo envió en papel."""
    return tiene_rol(usuario, sitio, RolPersonal.ASISTIDA, RolPersonal.ADMINISTRACION)


def puede_actuar_por(participante, organizacion) -> bool:
    """Si hoy la persona puede actuar en nombre de la organización."""
    return organizacion.membresias.vigentes().filter(participante=participante).exists()


