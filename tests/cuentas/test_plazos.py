from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from cuentas.enums import Semaforo, TipoSolicitud
from cuentas.models import DiaNoHabil
from cuentas.plazos import Calendario

from .. import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
BOGOTA = ZoneInfo("America/Bogota")


@pytest.fixture
def calendario():
    return Calendario(f.sitio())


@pytest.mark.parametrize(
    ("desde", "vencen"),
    [
        (date(2026, 4, 1), {5: date(2026, 4, 10), 10: date(2026, 4, 17), 15: date(2026, 4, 24), 30: date(2026, 5, 19)}),
        (date(2026, 7, 8), {5: date(2026, 7, 16), 10: date(2026, 7, 24), 15: date(2026, 7, 31), 30: date(2026, 8, 25)}),
    ],
)
def test_dias_habiles_con_los_festivos_de_colombia(calendario, desde, vencen):
    assert {n: calendario.sumar(desde, n) for n in vencen} == vencen
    assert {n: calendario.entre(desde, dia) for n, dia in vencen.items()} == {n: n for n in vencen}


@pytest.mark.parametrize(
    ("momento", "recibo"),
    [
        (datetime(2026, 11, 24, 16, 59, 59, tzinfo=BOGOTA), date(2026, 11, 24)),
        (datetime(2026, 11, 24, 17, 0, tzinfo=BOGOTA), date(2026, 11, 25)),
        (datetime(2026, 11, 27, 18, 0, tzinfo=BOGOTA), date(2026, 11, 30)),
        (datetime(2026, 11, 28, 9, 0, tzinfo=BOGOTA), date(2026, 11, 30)),
        # En UTC ya es el 25.
        (datetime(2026, 11, 25, 1, 0, tzinfo=ZoneInfo("UTC")), date(2026, 11, 25)),
        (datetime(2026, 12, 8, 9, 0, tzinfo=BOGOTA), date(2026, 12, 9)),
    ],
)
def test_lo_que_llega_tarde_o_en_dia_no_habil_es_del_siguiente(calendario, momento, recibo):
    assert calendario.dia_de_recibo(momento) == recibo


def test_la_hora_de_cierre_se_configura(calendario, settings):
    from datetime import time

    settings.HORA_CIERRE_ATENCION = time(12)
    assert calendario.dia_de_recibo(datetime(2026, 11, 24, 12, 1, tzinfo=BOGOTA)) == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("tipo", "vence", "prorroga"),
    [
        (TipoSolicitud.CONSULTA, date(2026, 4, 17), date(2026, 4, 24)),
        (TipoSolicitud.CORRECCION, date(2026, 4, 24), date(2026, 5, 7)),
        (TipoSolicitud.SUPRESION, date(2026, 4, 24), date(2026, 5, 7)),
        (TipoSolicitud.REVOCATORIA, date(2026, 4, 24), date(2026, 5, 7)),
        (TipoSolicitud.QUEJA, date(2026, 4, 24), date(2026, 5, 7)),
    ],
)
def test_plazos_de_la_ley_1581(calendario, tipo, vence, prorroga):
    assert calendario.vencimiento(tipo, datetime(2026, 4, 1, 10, 0, tzinfo=BOGOTA)) == vence
    assert calendario.prorroga_maxima(tipo, vence) == prorroga


def test_los_dias_no_habiles_son_de_cada_sitio():
    otro = f.sitio().__class__.objects.create(hostname="otra.example.org", root_page=f.sitio().root_page)
    DiaNoHabil.objects.create(sitio=f.sitio(), fecha=date(2026, 11, 25), motivo="Resolución 1")
    assert not Calendario(f.sitio()).es_habil(date(2026, 11, 25))
    assert Calendario(otro).es_habil(date(2026, 11, 25))


@pytest.mark.parametrize(
    ("hoy", "color"),
    [
        (date(2026, 4, 1), Semaforo.VERDE),
        (date(2026, 4, 9), Semaforo.VERDE),  # quedan 6 de 10
        (date(2026, 4, 10), Semaforo.AMBAR),  # 5 de 10: la mitad ya no es «más de la mitad»
        (date(2026, 4, 15), Semaforo.AMBAR),  # 2 de 10: el 20 %
        (date(2026, 4, 16), Semaforo.ROJO),
        (date(2026, 4, 17), Semaforo.ROJO),  # el último día
        (date(2026, 4, 18), Semaforo.VENCIDA),
    ],
)
def test_semaforo(calendario, hoy, color):
    recibida = datetime(2026, 4, 1, 10, 0, tzinfo=BOGOTA)
    assert calendario.semaforo(recibida_en=recibida, vence_el=date(2026, 4, 17), hoy=hoy) == color


def test_entre_dos_dias_hacia_atras_es_negativo(calendario):
    assert calendario.entre(date(2026, 4, 10), date(2026, 4, 1)) == -5
