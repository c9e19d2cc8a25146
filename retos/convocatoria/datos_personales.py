"""Las preguntas de una persona sobre los retos. Se publican sin su nombre."""

from django.utils.translation import gettext_lazy as _

from cuentas.datos_personales import SUPRIMIDO, Copia, declarar, describir_todas
from cuentas.models import Participante

from ..models import PreguntaReto
from .actions import olvidar_pregunta


def _de(participante: Participante):
    return PreguntaReto.objects.filter(autor=participante).order_by("pk")


def copiar(participante: Participante) -> Copia:
    campos = ("ejercicio", "estado", "texto", "respuesta", "enviada_en", "respondida_en")
    return Copia(describir_todas(_de(participante).select_related("ejercicio"), *campos))


def suprimir(participante: Participante) -> None:
    for pregunta in _de(participante):
        olvidar_pregunta(pregunta=pregunta, texto=SUPRIMIDO)


def declarar_fuente() -> None:
    declarar(
        "retos.preguntas", _("Preguntas sobre retos"), modelos=["retos.preguntareto"], copiar=copiar, suprimir=suprimir
    )
