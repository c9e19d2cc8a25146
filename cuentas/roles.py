"""Qué puede cada rol del personal. Cada sala añade sus permisos al arrancar; los grupos se ponen al día al migrar."""

from .enums import RolPersonal

# Quienes escriben y publican páginas, imágenes y documentos.
EDITAN = (RolPersonal.EDITOR, RolPersonal.ADMINISTRACION)
PERMISOS_PAGINA = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
PERMISOS_COLECCION = (
    "add_image", "change_image", "choose_image", "delete_image",
    "add_document", "change_document", "choose_document", "delete_document",
)  # fmt: skip

PERMISOS: dict[str, set[str]] = {rol: {"wagtailadmin.access_admin"} for rol in RolPersonal}


def conceder(rol: RolPersonal, *permisos: str) -> None:
    """Añade al rol permisos escritos «app.codigo»."""
    PERMISOS[rol].update(permisos)


for _rol in EDITAN:
    conceder(_rol, "wagtail_localize.submit_translation")
    conceder(_rol, "cuentas.add_territorio", "cuentas.change_territorio", "cuentas.delete_territorio")
conceder(RolPersonal.ADMINISTRACION, "home.change_ajustessitio")
