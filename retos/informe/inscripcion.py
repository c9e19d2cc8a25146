"""Lo que esta parte de los retos pone en los registros de las salas de abajo."""

from django.utils.translation import gettext_lazy as _

from ..gestion import Enlace, declarar


def inscribir() -> None:
    declarar(Enlace(_("Informe de resultados"), "retos_informe:informe", 95))
