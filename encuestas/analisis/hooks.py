"""Lo que los resultados añaden al administrador: direcciones, entrada de menú y acciones del historial."""

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from home.marco import ajustes_de

from .rules import VER, puede

ACCIONES = [
    ("encuestas.crear_tema", _("Crear tema"), _("Tema de respuestas abiertas creado")),
    ("encuestas.renombrar_tema", _("Renombrar tema"), _("Tema de respuestas abiertas renombrado")),
    ("encuestas.clasificar", _("Clasificar respuestas"), _("Respuestas abiertas clasificadas")),
    ("encuestas.publicar_tema", _("Publicar tema"), _("Cambió si se publica un tema")),
    ("encuestas.borrar_tema", _("Borrar tema"), _("Tema de respuestas abiertas borrado")),
    ("encuestas.guardar_poblacion", _("Guardar población"), _("Tabla de población guardada")),
    ("encuestas.publicar_medida", _("Publicar medida"), _("Medida publicada en los indicadores")),
    ("encuestas.cambiar_medida", _("Cambiar medida"), _("Medida de los indicadores cambiada")),
    ("encuestas.quitar_medida", _("Quitar medida"), _("Medida quitada de los indicadores")),
    ("encuestas.descargar_respuestas", _("Descargar respuestas"), _("Descargó las respuestas")),
    ("encuestas.descargar_personales", _("Descargar datos personales"), _("Descargó las respuestas con datos personales")),
]


class ResultadosMenuItem(MenuItem):
    def is_shown(self, request):
        return puede(request.user, ajustes_de(request).site, VER)


@hooks.register("register_admin_urls")
def direcciones_de_analisis():
    return [path("encuestas-resultados/", include("encuestas.analisis.urls"))]


@hooks.register("register_admin_menu_item")
def entrada_de_resultados():
    return ResultadosMenuItem(
        _("Encuestas"),
        reverse("encuestas_analisis:lista"),
        name="resultados-encuestas",
        icon_name="doc-full-inverse",
        order=260,
    )


@hooks.register("register_log_actions")
def acciones_de_analisis(registro):
    for accion, etiqueta, mensaje in ACCIONES:
        registro.register_action(accion, etiqueta, mensaje)
