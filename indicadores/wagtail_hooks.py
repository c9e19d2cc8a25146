from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Site

from .rules import puede_ver


class IndicadoresMenuItem(MenuItem):
    def is_shown(self, request):
        return puede_ver(request.user, Site.find_for_request(request))


@hooks.register("register_log_actions")
def acciones_del_historial(acciones):
    acciones.register_action(
        "indicadores.descargar_actos", _("Descargar actos"), _("Descargó los actos del registro de participación")
    )


@hooks.register("register_admin_urls")
def direcciones():
    return [path("indicadores/", include("indicadores.urls"))]


@hooks.register("register_admin_menu_item")
def entrada_de_menu():
    return IndicadoresMenuItem(
        _("Indicadores"), reverse("indicadores:pagina"), name="indicadores", icon_name="table", order=250
    )
