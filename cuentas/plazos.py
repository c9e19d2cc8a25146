"""Plazos en días hábiles: festivos nacionales y los días en que la entidad no atiende.

Se cuentan desde el día siguiente al de recibo; lo que llega después de la hora de cierre, o en día no hábil,
se tiene por recibido el día hábil siguiente.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import holidays
from django.conf import settings
from django.utils import timezone
from wagtail.models import Site

from .enums import Semaforo, TipoSolicitud
from .models import DiaNoHabil

UN_DIA = timedelta(days=1)


@dataclass(frozen=True)
class Plazo:
    """Días hábiles para responder y los que, avisando antes de que venzan, se pueden añadir una vez."""

    dias: int
    prorroga: int


# Ley 1581 de 2012: consultas, art. 14; reclamos, art. 15.
CONSULTA, RECLAMO = Plazo(10, 5), Plazo(15, 8)


def plazo_de(tipo: str) -> Plazo:
    return CONSULTA if tipo == TipoSolicitud.CONSULTA else RECLAMO


class Calendario:
    """Los días hábiles de un sitio. Lee sus días no hábiles una vez."""

    def __init__(self, sitio: Site):
        self.locales = set(DiaNoHabil.objects.filter(sitio=sitio).values_list("fecha", flat=True))
        self.festivos = holidays.country_holidays("CO")

    def es_habil(self, dia: date) -> bool:
        return dia.weekday() < 5 and dia not in self.locales and dia not in self.festivos

    def sumar(self, dia: date, habiles: int) -> date:
        """El día hábil número `habiles` después de `dia`, sin contarlo."""
        while habiles:
            dia += UN_DIA
            habiles -= self.es_habil(dia)
        return dia

    def entre(self, desde: date, hasta: date) -> int:
        """Los días hábiles después de `desde` y hasta `hasta` inclusive; negativo si `hasta` ya pasó."""
        if hasta < desde:
            return -self.entre(hasta, desde)
        return sum(self.es_habil(desde + UN_DIA * n) for n in range(1, (hasta - desde).days + 1))

    def dia_de_recibo(self, momento: datetime) -> date:
        """El día hábil en que se tiene por recibido lo que llegó en `momento`."""
        local = timezone.localtime(momento)
        dia = local.date()
        if self.es_habil(dia) and local.time() < settings.HORA_CIERRE_ATENCION:
            return dia
        return self.sumar(dia, 1)

    def vencimiento(self, tipo: str, recibida_en: datetime) -> date:
        """El último día para responder una solicitud sobre datos personales."""
        return self.sumar(self.dia_de_recibo(recibida_en), plazo_de(tipo).dias)

    def prorroga_maxima(self, tipo: str, vence_el: date) -> date:
        """Hasta qué día se puede llevar, una vez, una solicitud que vence en `vence_el`."""
        return self.sumar(vence_el, plazo_de(tipo).prorroga)

    def semaforo(self, *, recibida_en: datetime, vence_el: date, hoy: date) -> Semaforo:
        """Verde con más de la mitad del plazo por delante; ámbar hasta el 20 %; rojo con menos; vencida, aparte."""
        if hoy > vence_el:
            return Semaforo.VENCIDA
        total = max(self.entre(self.dia_de_recibo(recibida_en), vence_el), 1)
        queda = self.entre(hoy, vence_el) / total
        if queda > 0.5:
            return Semaforo.VERDE
        return Semaforo.AMBAR if queda >= 0.2 else Semaforo.ROJO
