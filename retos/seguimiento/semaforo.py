"""Cómo va un plan: semáforo y avance, de las fechas y lo anotado en sus hitos. Funciones puras."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ..models import HitoPlan
from .enums import EstadoHito, Semaforo

# Cuántos puntos puede ir por detrás de lo previsto antes de estar en riesgo.
TOLERANCIA = 20
# De lo que más a lo que menos preocupa.
_PEOR_PRIMERO = (Semaforo.ATRASADO, Semaforo.EN_RIESGO, Semaforo.A_TIEMPO, Semaforo.CUMPLIDO, Semaforo.CANCELADO)


def previsto(hito: HitoPlan, hoy: date) -> float:
    """El avance que llevaría a ritmo constante al empezar el día `hoy`, de 0 a 100. El día en que vence cuenta entero."""
    dias = (hito.vence - hito.inicia).days + 1
    return 100 * min(max((hoy - hito.inicia).days, 0), dias) / dias


def luz_de(hito: HitoPlan, hoy: date) -> Semaforo:
    """ATRASADO: venció sin cumplirse. EN_RIESGO: va más de `TOLERANCIA` puntos por detrás de lo previsto."""
    if hito.estado == EstadoHito.CANCELADO:
        return Semaforo.CANCELADO
    if hito.estado == EstadoHito.CUMPLIDO:
        return Semaforo.CUMPLIDO
    if hoy > hito.vence:
        return Semaforo.ATRASADO
    return Semaforo.EN_RIESGO if previsto(hito, hoy) - hito.avance > TOLERANCIA else Semaforo.A_TIEMPO


@dataclass(frozen=True)
class Marcha:
    """Cómo va un plan entero. `luz`: la del hito que peor va; None sin hitos. `avance`: la media de los no cancelados."""

    luces: list[tuple[HitoPlan, Semaforo]]
    luz: Semaforo | None
    avance: int


def marcha_de(hitos: Iterable[HitoPlan], hoy: date) -> Marcha:
    luces = [(hito, luz_de(hito, hoy)) for hito in hitos]
    vivos = [hito.avance for hito, luz in luces if luz != Semaforo.CANCELADO]
    presentes = {luz for _hito, luz in luces}
    return Marcha(
        luces=luces,
        luz=next((luz for luz in _PEOR_PRIMERO if luz in presentes), None),
        avance=round(sum(vivos) / len(vivos)) if vivos else 0,
    )
