"""El menú del programa de retos y cómo se leen en el historial las prórrogas y las preguntas."""

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter

from home.marco import ajustes_de

from ..diagnostico.enums import EstadoPregunta
from ..fases import TipoFase
from ..rules import gestiona
from .comprobacion import hora


class ProgramaMenuItem(MenuItem):
    def is_shown(self, request):
        return gestiona(request.user, ajustes_de(request).site)


@hooks.register("register_admin_menu_item")
def menu_del_programa():
    return ProgramaMenuItem(
        _("Programa de retos"), reverse("retos_convocatoria:lista"), name="programa-retos", icon_name="help", order=55
    )


@hooks.register("register_log_actions")
def acciones_del_historial(acciones):
    @acciones.register_action("retos.prorrogar")
    class Prorroga(LogFormatter):
        label = _("Ampliar el plazo de un reto")

        def format_message(self, entrada):
            return _("«%(fase)s»: de %(antes)s a %(despues)s. %(motivo)s") % {
                "fase": TipoFase(entrada.data["fase"]).label,
                "antes": hora(parse_datetime(entrada.data["antes"])),
                "despues": hora(parse_datetime(entrada.data["despues"])),
                "motivo": entrada.data["motivo"],
            }

    @acciones.register_action("retos.cambiar_pregunta")
    class CambioDePregunta(LogFormatter):
        label = _("Resolver una pregunta sobre un reto")

        def format_message(self, entrada):
            return _("Pasó de «%(desde)s» a «%(hacia)s»") % {
                "desde": EstadoPregunta(entrada.data["desde"]).label,
                "hacia": EstadoPregunta(entrada.data["hacia"]).label,
            }
