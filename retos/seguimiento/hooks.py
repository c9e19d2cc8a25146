"""Lo que el seguimiento y el cierre escriben en el historial."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from .enums import EstadoHito

ACCIONES = [
    ("retos.guardar_plan", _("Guardar plan de trabajo"), _("Plan de trabajo guardado")),
    ("retos.guardar_hito", _("Guardar hito"), _("Hito guardado")),
    ("retos.guardar_logro", _("Guardar lo que se logró"), _("Lo que se logró, guardado")),
    ("retos.anotar_avance", _("Anotar avance"), _("Novedad publicada")),
]


@hooks.register("register_log_actions")
def acciones_del_seguimiento(registro):
    for accion, etiqueta, mensaje in ACCIONES:
        registro.register_action(accion, etiqueta, mensaje)

    @registro.register_action("retos.mover_hito")
    class CambioDeHito(LogFormatter):
        label = _("Cambiar estado de hito")

        def format_message(self, entrada):
            return _("Pasó de «%(desde)s» a «%(hacia)s»") % {
                "desde": EstadoHito(entrada.data["desde"]).label,
                "hacia": EstadoHito(entrada.data["hacia"]).label,
            }

    @registro.register_action("retos.cerrar_reto")
    class Cierre(LogFormatter):
        label = _("Cerrar reto")

        def format_message(self, entrada):
            return _("Reto cerrado con %(sin_responder)s propuestas sin respuesta") % entrada.data
