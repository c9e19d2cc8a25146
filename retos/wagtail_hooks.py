from importlib import import_module

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.log_actions import LogFormatter
from wagtail.permissions import page_permission_policy

from cuentas.rules import puede_asistir
from home.marco import ajustes_de

from .apps import PARTES
from .enums import EstadoPropuesta, Resultado
from .importacion.rules import PERMISO as PERMISO_IMPORTAR
from .models import RetoPage

# Wagtail busca este módulo; cada parte pone sus ganchos al importarse el suyo.
for _parte in ("convocatoria", "decision", "diagnostico", "equipos", "evaluacion", "seguimiento", "versiones"):
    import_module(f"retos.{_parte}.hooks")

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

    @acciones.register_action("retos.cambiar_resultado")
    class CambioDeResultado(LogFormatter):
        label = _("Cambiar resultado de propuesta")

        def format_message(self, entrada):
            return _("Pasó de «%(desde)s» a «%(hacia)s»") % {
                "desde": Resultado(entrada.data["desde"]).label,
                "hacia": Resultado(entrada.data["hacia"]).label,
            }

    @acciones.register_action("retos.importar_propuestas")
    class Importacion(LogFormatter):
        label = _("Importar propuestas")

        def format_message(self, entrada):
            return _("%(importada)s importadas de «%(fuente)s»") % entrada.data


class RetosMenuItem(MenuItem):
    def is_shown(self, request):
        return page_permission_policy.user_has_permission(request.user, "change")


class RetosListado(PageListingViewSet):
    """Los retos a un clic, con su botón de añadir: quien edita no tiene que buscarlos en el árbol de páginas."""

    model = RetoPage
    icon = "help"
    menu_item_class = RetosMenuItem
    menu_label = _("Todos los retos")
    menu_order = 110
    add_to_admin_menu = True


@hooks.register("register_admin_viewset")
def listado_de_retos():
    return RetosListado("retos_listado", url_prefix="retos")


@hooks.register("register_admin_urls")
def direcciones_de_las_partes():
    return [path(f"programa/{parte}/", include(f"retos.{parte}.admin_urls")) for parte in PARTES]


@hooks.register("register_admin_urls")
def direcciones_de_importacion():
    return [path("importar-propuestas/", include("retos.importacion.urls"))]


@hooks.register("register_admin_urls")
def direcciones_de_asistida():
    return [path("participacion-asistida/", include("retos.asistida.urls"))]


def asiste_aqui(request) -> bool:
    return puede_asistir(request.user, ajustes_de(request).site)


class AsistidaMenuItem(MenuItem):
    def is_shown(self, request):
        return asiste_aqui(request)


@hooks.register("register_admin_menu_item")
def menu_de_asistida():
    return AsistidaMenuItem(
        _("Participación asistida"), reverse("asistida:persona"), name="asistida", icon_name="user", order=60
    )


class AsistidaSummaryItem(SummaryItem):
    """Como el de moderación: por aquí se llega sin JavaScript."""

    order = 20
    template_name = "retos/asistida/resumen.html"

    def is_shown(self):
        return asiste_aqui(self.request)


@hooks.register("construct_homepage_summary_items")
def asistida_en_portada(request, items):
    items.append(AsistidaSummaryItem(request))


class ImportacionMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm(PERMISO_IMPORTAR)


@hooks.register("register_admin_menu_item")
def menu_de_importacion():
    return ImportacionMenuItem(
        _("Importar propuestas"), reverse("importacion:subir"), name="importacion", icon_name="upload", order=900
    )
