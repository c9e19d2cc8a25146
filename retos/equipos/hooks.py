"""Cómo se leen en el historial los cambios de un equipo."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from .enums import EstadoUnion


@hooks.register("register_log_actions")
def acciones_del_historial(acciones):
    for accion, etiqueta in (
        ("integrante_sumado", _("Sumar a alguien al equipo de una propuesta")),
        ("integrante_salido", _("Salir del equipo de una propuesta")),
        ("invitar_al_equipo", _("Invitar al equipo de una propuesta")),
        ("anular_invitacion", _("Anular una invitación al equipo de una propuesta")),
        ("pedir_union", _("Pedir unirse a una propuesta")),
    ):
        acciones.register_action(f"retos.{accion}", etiqueta, etiqueta)

    @acciones.register_action("retos.cambiar_union")
    class CambioDeUnion(LogFormatter):
        label = _("Responder o retirar una petición de unirse a una propuesta")

        def format_message(self, entrada):
            return _("Pasó de «%(desde)s» a «%(hacia)s»") % {
                "desde": EstadoUnion(entrada.data["desde"]).label,
                "hacia": EstadoUnion(entrada.data["hacia"]).label,
            }
