"""Lo que esta parte de los retos pone en los registros de las salas de abajo."""

from django.utils.translation import gettext_lazy as _

from participacion.registro import tipos as actos

from ..gestion import Enlace, declarar
from . import consultas, datos_personales
from .enums import ACTO_DECISION, ACTO_RESPUESTA


def inscribir() -> None:
    actos.declarar(ACTO_DECISION, _("Decisión publicada"), participacion=False)
    actos.declarar(ACTO_RESPUESTA, _("Respuesta oficial"), participacion=False)
    datos_personales.declarar_fuente()
    declarar(Enlace(_("Decisión"), "retos_decision:decision", 60))
    declarar(
        Enlace(
            _("Respuestas oficiales"),
            "retos_decision:respuestas",
            62,
            pendientes=lambda ejercicio: consultas.sin_responder(ejercicio).count(),
        )
    )
    declarar(Enlace(_("Banco de elegibles"), "retos_decision:banco", 64, mostrar=_hay_decision_publicada))


def _hay_decision_publicada(ejercicio) -> bool:
    decision = getattr(ejercicio, "decision", None)
    return decision is not None and decision.publicada_en is not None
