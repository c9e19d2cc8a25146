"""Lo que esta parte de los retos pone en los registros de las salas de abajo."""

from django.utils.translation import gettext_lazy as _

from participacion.avisos import tipos as avisos
from participacion.registro import tipos as actos


def inscribir() -> None:
    from ..gestion import Enlace, declarar
    from . import enums, presentacion

    for clave, etiqueta in enums.ACTOS.items():
        actos.declarar(clave, etiqueta, participacion=False)
    avisos.declarar(enums.AVISO, "retos/correo/informacion", presentacion.para_correo)
    declarar(
        Enlace(
            etiqueta=_("Pedir información"),
            url="retos_versiones:lista",
            orden=35,
            pendientes=presentacion.por_responder,
        )
    )
