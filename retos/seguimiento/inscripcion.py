"""Lo que esta parte de los retos pone en los registros de las salas de abajo."""

from django.utils.translation import gettext_lazy as _

from participacion.adjuntos import permisos
from participacion.registro import medidas as cifras
from participacion.registro import tipos as actos

from ..gestion import Enlace, declarar
from . import medidas, rules
from .enums import ACTO_CIERRE


def inscribir() -> None:
    actos.declarar(ACTO_CIERRE, _("Reto cerrado"), participacion=False)
    permisos.declarar("retos.novedad", rules.puede_ver_evidencia)
    cifras.declarar("retos", medidas.publicadas)
    declarar(Enlace(_("Seguimiento"), "retos_seguimiento:lista", 70))
    declarar(Enlace(_("Cierre"), "retos_seguimiento:cierre", 90))
