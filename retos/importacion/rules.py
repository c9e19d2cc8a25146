from participacion.ejercicios.enums import TipoEjercicio
from participacion.ejercicios.models import Ejercicio

from ..rules import ROLES_QUE_IMPORTAN

PERMISO = "retos.importar_propuestas"


def retos_importables(usuario):
    """Los retos a los que la cuenta puede importar: los de los sitios donde tiene un rol que importa."""
    retos = Ejercicio.objects.filter(tipo=TipoEjercicio.RETO)
    if not usuario.has_perm(PERMISO):
        return retos.none()
    if usuario.is_superuser:
        return retos
    return retos.filter(sitio__in=usuario.asignaciones.filter(grupo__name__in=ROLES_QUE_IMPORTAN).values("sitio"))
