"""Cómo se lee en el historial lo que se pide completar de una propuesta."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")
def acciones_del_historial(acciones):
    acciones.register_action("retos.pedir_informacion", _("Pedir información sobre una propuesta"), _("Pidió información"))
    acciones.register_action("retos.anular_solicitud", _("Anular una solicitud de información"), _("Anuló lo que se pedía"))
    acciones.register_action("retos.responder_solicitud", _("Completar la información pedida"), _("Completó la información"))
