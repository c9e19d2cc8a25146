"""Quién del personal recibe respuestas en papel, reparte códigos y anula. El permiso lo da el rol; el sitio, su asignación."""

from wagtail.models import Site

from cuentas.enums import RolPersonal
from cuentas.models import Usuario
from cuentas.rules import puede_asistir, tiene_rol


def puede_recibir(usuario: Usuario, sitio: Site | None) -> bool:
    """Quien atiende a las personas transcribe sus respuestas en papel."""
    return sitio is not None and puede_asistir(usuario, sitio)


def puede_administrar(usuario: Usuario, sitio: Site | None) -> bool:
    """Los códigos valen una respuesta cada uno, y anular quita una: sólo quien administra."""
    return sitio is not None and tiene_rol(usuario, sitio, RolPersonal.ADMINISTRACION)
