"""Lo que la decisión y las respuestas escriben en el historial."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from .enums import EstadoDecision


@hooks.register("register_log_actions")
def acciones_de_la_decision(registro):
    registro.register_action("retos.preparar_decision", _("Preparar decisión"), _("Decisión en preparación cambiada"))
    registro.register_action("retos.responder", _("Responder propuesta"), _("Respuesta oficial publicada"))

    @registro.register_action("retos.decision")
    class CambioDeDecision(LogFormatter):
        label = _("Cambiar estado de la decisión")

        def format_message(self, entrada):
            return _("Pasó de «%(desde)s» a «%(hacia)s»") % {
                "desde": EstadoDecision(entrada.data["desde"]).label,
                "hacia": EstadoDecision(entrada.data["hacia"]).label,
            }
