"""Lo que el papel y los códigos añaden al administrador: direcciones, entrada de menú y acciones del historial."""

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from home.marco import ajustes_de

from .rules import puede_recibir

ACCIONES = [
    ("encuestas.generar_codigos", _("Generar códigos"), _("Lote de códigos generado")),
    ("encuestas.imprimir_codigos", _("Imprimir códigos"), _("Descargó códigos para imprimir")),
    ("encuestas.anular_codigos", _("Anular códigos"), _("Lote de códigos anulado")),
    ("encuestas.importar_papel", _("Importar respuestas"), _("Respuestas en papel importadas")),
    ("encuestas.anular_respuesta", _("Anular respuesta"), _("Respuesta anulada")),
]


class GestionMenuItem(MenuItem):
    def is_shown(self, request):
        return puede_recibir(request.user, ajustes_de(request).site)


@hooks.register("register_admin_urls")
def direcciones_de_gestion():
    return [path("encuestas-papel/", include("encuestas.gestion.urls"))]


@hooks.register("register_admin_menu_item")
def entrada_de_gestion():
    direccion = reverse("encuestas_gestion:lista")
    return GestionMenuItem(_("Papel y códigos"), direccion, name="encuestas-papel", icon_name="form", order=261)


@hooks.register("register_log_actions")
def acciones_de_gestion(registro):
    for accion, etiqueta, mensaje in ACCIONES:
        registro.register_action(accion, etiqueta, mensaje)
