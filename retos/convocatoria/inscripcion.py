"""Lo que esta parte de los retos pone en los registros de las salas de abajo."""

from django.utils.translation import gettext_lazy as _

from participacion.avisos import tipos as avisos
from participacion.registro import tipos as actos

from ..diagnostico.enums import EstadoPregunta
from ..gestion import Enlace, declarar
from . import actions, correo, datos_personales, enums, prorrogas


def _sin_responder(ejercicio) -> int:
    return ejercicio.preguntas_reto.filter(estado=EstadoPregunta.ENVIADA).count()


def inscribir() -> None:
    actos.declarar(enums.ACTO_PRORROGA, _("Plazo de un reto ampliado"), participacion=False)
    for clave, etiqueta, participacion in enums.ACTOS_PREGUNTA.values():
        actos.declarar(clave, etiqueta, participacion=participacion)
    avisos.declarar(prorrogas.AVISO, "retos/correo/prorroga", correo.de_prorroga)
    avisos.declarar(actions.AVISO, "retos/correo/pregunta", correo.de_pregunta)
    datos_personales.declarar_fuente()
    declarar(Enlace(_("Resumen"), "retos_convocatoria:reto", 0))
    declarar(Enlace(_("Preguntas"), "retos_convocatoria:preguntas", 10, pendientes=_sin_responder))
