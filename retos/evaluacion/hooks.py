"""Lo que la evaluación añade al administrador: acciones del historial y la entrada a la mesa del jurado."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter

from cuentas.enums import RolPersonal
from cuentas.rules import tiene_rol
from home.marco import ajustes_de

from .enums import EstadoEvaluacion, EstadoJurado

ACCIONES = [
    ("retos.revisar_requisitos", _("Revisar requisitos"), _("Guardó la revisión de requisitos")),
    ("retos.poner_tope", _("Fijar el máximo de un jurado"), _("Cambió cuántas propuestas se le dan")),
    ("retos.recordar_jurado", _("Recordar a un jurado"), _("Se le recordó lo que le falta")),
    ("retos.declarar_impedimento", _("Declarar conflicto de interés"), _("Conflicto de interés declarado")),
    ("retos.anotar_deliberacion", _("Anotar deliberación"), _("Acta de deliberación añadida")),
    ("retos.exportar_resultados", _("Descargar resultados"), _("Descargó los resultados de la evaluación")),
]


def _cambio(clave: str, etiqueta, estados):
    class Cambio(LogFormatter):
        label = etiqueta

        def format_message(self, entrada):
            hacia = estados(entrada.data["hacia"]).label
            if not entrada.data["desde"]:
                return _("Empezó como «%(hacia)s»") % {"hacia": hacia}
            return _("Pasó de «%(desde)s» a «%(hacia)s»") % {"desde": estados(entrada.data["desde"]).label, "hacia": hacia}

    return clave, Cambio


@hooks.register("register_log_actions")
def acciones_de_evaluacion(registro):
    for accion, etiqueta, mensaje in ACCIONES:
        registro.register_action(accion, etiqueta, mensaje)
    for clave, formato in (
        _cambio("retos.cambiar_jurado", _("Cambiar un lugar en el jurado"), EstadoJurado),
        _cambio("retos.cambiar_evaluacion", _("Cambiar una evaluación"), EstadoEvaluacion),
    ):
        registro.register_action(clave)(formato)

    @registro.register_action("retos.repartir")
    class Reparto(LogFormatter):
        label = _("Repartir propuestas al jurado")

        def format_message(self, entrada):
            return _("Semilla %(semilla)s: %(nuevas)s asignaciones nuevas; %(cortas)s propuestas sin completar") % entrada.data


class MesaMenuItem(MenuItem):
    def is_shown(self, request):
        return not request.user.is_superuser and tiene_rol(request.user, ajustes_de(request).site, RolPersonal.JURADO)


@hooks.register("register_admin_menu_item")
def entrada_a_la_mesa():
    """Quien es jurado y llega al administrador encuentra desde ahí lo suyo, que está en el sitio público."""
    return MesaMenuItem(_("Mi mesa de jurado"), reverse("retos:jurado"), name="jurado", icon_name="clipboard-list", order=50)
