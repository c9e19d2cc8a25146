"""Lo que los equipos ponen en los registros de las salas de abajo."""

from django.utils.translation import gettext_lazy as _

from participacion.avisos import tipos as avisos
from participacion.registro import tipos as actos

from . import correo, datos_personales, historia, integrantes, invitaciones, uniones
from .enums import ACTO_SALIDO, ACTO_SUMADO


def inscribir() -> None:
    actos.declarar(ACTO_SUMADO, _("Alguien se sumó al equipo de una propuesta"), participacion=False)
    actos.declarar(ACTO_SALIDO, _("Alguien dejó el equipo de una propuesta"), participacion=False)
    for tipo, plantilla, contexto in (
        (invitaciones.AVISO_SUMADO, "sumado", correo.de_integrante),
        (integrantes.AVISO_QUITADO, "quitado", correo.de_equipo),
        (integrantes.AVISO_DEJADO, "dejado", correo.de_equipo),
        (historia.AVISO_NO_SIGUE, "no_sigue", correo.de_reto),
        (uniones.AVISO_PEDIDA, "union_pedida", correo.de_union),
        (uniones.AVISO_RESUELTA, "union_resuelta", correo.de_union),
    ):
        avisos.declarar(tipo, f"retos/equipos/correo/{plantilla}", contexto)
    datos_personales.declarar_fuente()
