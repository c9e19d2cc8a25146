"""Que alguien respondió una encuesta secreta: es lo único que se sabe de eso. Lo demás lo entregan los formularios."""

from django.utils.translation import gettext_lazy as _

from cuentas.datos_personales import Copia, declarar, describir_todas
from cuentas.models import Participante

from .microdatos.actions import borrar_exportacion
from .models import Exportacion, Participacion


def copiar(participante: Participante) -> Copia:
    suyas = Participacion.objects.filter(participante=participante).select_related("ejercicio", "organizacion")
    return Copia(describir_todas(suyas.order_by("pk"), "ejercicio", "organizacion", "dia"))


def suprimir(participante: Participante) -> None:
    """Borra los libros de respuestas ya preparados en los que puede estar lo que escribió; se pueden pedir otra vez.

    La participación queda: es sólo la clave, sin la que se podría responder dos veces.
    """
    for exportacion in Exportacion.objects.filter(ejercicio__respuestas__participante=participante).distinct():
        borrar_exportacion(exportacion=exportacion)


def declarar_fuente() -> None:
    declarar(
        "encuestas", _("Encuestas secretas"), modelos=["encuestas.participacion"], copiar=copiar, suprimir=suprimir
    )
