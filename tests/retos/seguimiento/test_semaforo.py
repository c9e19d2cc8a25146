"""El semáforo, contado a mano: un hito de diez días, del 1 al 10."""

from datetime import date

import pytest

from retos.models import HitoPlan
from retos.seguimiento.enums import EstadoHito, Semaforo
from retos.seguimiento.semaforo import luz_de, marcha_de, previsto

S, E = Semaforo, EstadoHito


def hito(avance=0, estado=E.EN_CURSO) -> HitoPlan:
    return HitoPlan(inicia=date(2026, 3, 1), vence=date(2026, 3, 10), avance=avance, estado=estado)


@pytest.mark.parametrize(
    ("dia", "esperado"), [(date(2026, 2, 1), 0), (date(2026, 3, 1), 0), (date(2026, 3, 6), 50), (date(2026, 3, 10), 90), (date(2026, 4, 1), 100)]
)
def test_previsto_a_ritmo_constante(dia, esperado):
    assert previsto(hito(), dia) == esperado


@pytest.mark.parametrize(
    ("dia", "avance", "estado", "luz"),
    [
        (6, 30, E.EN_CURSO, S.A_TIEMPO),  # justo veinte puntos por detrás
        (6, 29, E.EN_CURSO, S.EN_RIESGO),
        (6, 0, E.PENDIENTE, S.EN_RIESGO),
        (1, 0, E.PENDIENTE, S.A_TIEMPO),
        (10, 99, E.EN_CURSO, S.A_TIEMPO),  # el día en que vence todavía cuenta
        (11, 99, E.EN_CURSO, S.ATRASADO),
        (11, 100, E.CUMPLIDO, S.CUMPLIDO),
        (11, 0, E.CANCELADO, S.CANCELADO),
    ],
)
def test_luz(dia, avance, estado, luz):
    assert luz_de(hito(avance, estado), date(2026, 3, dia)) == luz


def test_el_plan_va_como_su_peor_hito():
    hitos = [hito(100, E.CUMPLIDO), hito(50), hito(0, E.CANCELADO)]
    marcha = marcha_de(hitos, date(2026, 3, 6))
    assert (marcha.luz, marcha.avance) == (S.A_TIEMPO, 75)
    assert marcha_de(hitos, date(2026, 3, 11)).luz == S.ATRASADO
    assert marcha_de([hitos[0], hitos[2]], date(2026, 3, 11)).luz == S.CUMPLIDO
    assert (marcha_de([], date(2026, 3, 1)).luz, marcha_de([], date(2026, 3, 1)).avance) == (None, 0)
