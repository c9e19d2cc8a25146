from wagtail.models import Site

from ..enums import RolPersonal


def sitios_que_administra(usuario):
    """Los sitios cuyo personal gestiona la cuenta: donde es administración; un superusuario, todos."""
    if usuario.is_superuser:
        return Site.objects.order_by("site_name", "pk")
    propias = usuario.asignaciones.filter(grupo__name=RolPersonal.ADMINISTRACION)
    return Site.objects.filter(pk__in=propias.values("sitio")).order_by("site_name", "pk")
