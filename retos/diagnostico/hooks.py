"""Cómo se leen en el historial los cambios de un problema."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from .enums import EstadoProblema


@hooks.register("register_log_actions")
def acciones_del_historial(acciones):
    @acciones.register_action("retos.cambiar_problema")
    class CambioDeProblema(LogFormatter):
        label = _("Cambiar estado de un problema")

        def format_message(self, entrada):
            return _("Pasó de «%(desde)s» a «%(hacia)s»") % {
                "desde": EstadoProblema(entrada.data["desde"]).label,
                "hacia": EstadoProblema(entrada.data["hacia"]).label,
            }
