"""Cuánto lleva una propuesta sin respuesta, y hasta cuándo hay para dársela."""

from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from cuentas.plazos import Calendario
from participacion.ejercicios.models import Ejercicio

from ..fases import Accion, calendario_de

# Toda petición se resuelve en quince días hábiles: Ley 1437 de 2011, art. 14 (Ley 1755 de 2015).
DIAS_HABILES = 15


class PlazoRespuesta:
    """El plazo de un reto. Lee su calendario una vez.

    Los quince días corren desde que la propuesta se publica, y no antes de que cierre la convocatoria: mientras llegan
    otras no se puede decidir. Si el reto publicó una fase de decisión, la respuesta puede esperar a que termine.
    """

    def __init__(self, ejercicio: Ejercicio):
        self.ejercicio = ejercicio
        self._vencen: dict[date, date] = {}

    @cached_property
    def _habiles(self) -> Calendario:
        return Calendario(self.ejercicio.sitio)

    @cached_property
    def _decision(self) -> date | None:
        terminan = [fase.termina for fase in calendario_de(self.ejercicio).fases_de(Accion.DECIDIR) if fase.termina]
        return timezone.localtime(max(terminan)).date() if terminan else None

    def vence(self, publicada_en: datetime) -> date:
        recibo = self._habiles.dia_de_recibo(max(publicada_en, self.ejercicio.cierre or publicada_en))
        if recibo not in self._vencen:
            vence = self._habiles.sumar(recibo, DIAS_HABILES)
            self._vencen[recibo] = max(vence, self._decision or vence)
        return self._vencen[recibo]

    def a_tiempo(self, publicada_en: datetime, respondida_en: datetime) -> bool:
        return timezone.localtime(respondida_en).date() <= self.vence(publicada_en)


def dias_entre(desde: datetime, hasta: datetime) -> int:
    """Días calendario, en hora de Colombia."""
    return (timezone.localtime(hasta).date() - timezone.localtime(desde).date()).days
