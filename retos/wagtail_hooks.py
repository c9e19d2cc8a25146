from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter

from .enums import EstadoPropuesta
from .importacion.rules import PERMISO as PERMISO_IMPORTAR


@hooks.register("register_log_actions")
def acciones_del_historial(acciones):
    @acciones.register_action("retos.cambiar_estado")
    class CambioDeEstado(LogFormatter):
        label = _("Cambiar estado de propuesta")

        def format_message(self, entrada):
            return _("Pasó de «%(desde)s» a «%(hacia)s»") % {
                "desde": EstadoPropuesta(entrada.data["desde"]).label,
                "hacia": EstadoPropuesta(entrada.data["hacia"]).label,
            }

    @acciones.register_action("retos.importar_propuestas")
    class Importacion(LogFormatter):
        label = _("Importar propuestas")

        def format_message(self, entrada):
            return _("%(importada)s importadas de «%(fuente)s»") % entrada.data


@hooks.register("register_admin_urls")
def direcciones_de_importacion():
    return [path("importar-propuestas/", include("retos.importacion.urls"))]


class ImportacionMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm(PERMISO_IMPORTAR)


@hooks.register("register_admin_menu_item")
def menu_de_importacion():
    return ImportacionMenuItem(
        _("Importar propuestas"), reverse("importacion:subir"), name="importacion", icon_name="upload", order=900
    )
