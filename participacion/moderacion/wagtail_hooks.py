from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.site_summary import SummaryItem
from wagtail.log_actions import LogFormatter

from .enums import Decision
from .views import en_alcance

PERMISO = "moderacion.moderar"


@hooks.register("register_admin_urls")
def direcciones():
    return [path("moderacion/", include("participacion.moderacion.urls"))]


@hooks.register("insert_global_admin_css")
def estilos():
    return format_html('<link rel="stylesheet" href="{}">', static("css/moderacion.css"))


class ModeracionMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm(PERMISO)

    def render_component(self, request):
        """El menú dice cuántas esperan."""
        componente = super().render_component(request)
        if pendientes := en_alcance(request.user).pendientes().count():
            componente.label = f"{self.label} ({pendientes})"
        return componente


@hooks.register("register_admin_menu_item")
def entrada_de_menu():
    return ModeracionMenuItem(
        _("Moderación"), reverse("moderacion:cola"), name="moderacion", icon_name="clipboard-list", order=50
    )


class ModeracionSummaryItem(SummaryItem):
    """En la portada del administrador: sin JavaScript Wagtail no dibuja su menú, y por aquí se llega a la cola."""

    order = 10
    template_name = "moderacion/resumen.html"

    def is_shown(self):
        return self.request.user.has_perm(PERMISO)

    def get_context_data(self, parent_context):
        return {"pendientes": en_alcance(self.request.user).pendientes().count()}


@hooks.register("construct_homepage_summary_items")
def resumen_de_portada(request, items):
    items.append(ModeracionSummaryItem(request))


@hooks.register("register_log_actions")
def acciones_del_historial(registro):
    @registro.register_action("moderacion.decidir")
    class DecidirFormatter(LogFormatter):
        label = _("Decidir en moderación")

        def format_message(self, entrada_historial):
            return Decision(entrada_historial.data["decision"]).label
