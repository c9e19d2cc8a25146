from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from participacion.ejercicios.models import Ejercicio
from participacion.registro.models import Acto
from retos.decision import consultas, respuestas
from retos.decision.plazo import PlazoRespuesta, dias_entre
from retos.enums import Resultado
from retos.models import Admision, CierreReto, Novedad, Propuesta, RespuestaOficial
from tests import fabricas as f

from .fabricas_decision import en_decision, gestora, publicada

pytestmark = pytest.mark.django_db
BOGOTA = ZoneInfo("America/Bogota")


def responder(propuesta, texto="Porque sí.", actor=None):
    respuestas.responder(propuesta=propuesta, actor=actor or gestora(), texto=texto)


def test_responder_y_corregir_dejan_las_dos_a_la_vista():
    reto, (una,) = en_decision(1)
    actor = gestora()
    Propuesta.objects.update(resultado=Resultado.NO_ADMITIDA)
    responder(una, "Falta un requisito.", actor)
    with pytest.raises(ValidationError, match="misma respuesta"):
        responder(una, "Falta un requisito.", actor)
    with pytest.raises(ValidationError, match="Escriba la respuesta"):
        responder(una, "", actor)
    responder(una, "Faltan dos requisitos.", actor)
    assert [r.texto for r in una.respuestas_oficiales.all()] == ["Faltan dos requisitos.", "Falta un requisito."]
    assert list(Novedad.objects.values_list("titulo", flat=True)) == ["Respuesta oficial corregida", "Respuesta oficial"]
    assert Acto.objects.filter(tipo="propuesta_respondida").count() == 2


def test_a_la_que_sigue_por_decidir_le_responde_la_decision():
    reto, (una, otra) = en_decision(2)
    actor = gestora()
    with pytest.raises(ValidationError) as error:
        responder(una, actor=actor)
    assert error.value.code == "decision"
    Propuesta.objects.filter(pk=otra.pk).update(resultado=Resultado.NO_ADMITIDA)
    publicada(reto, actor, (una, Resultado.ELEGIDA))
    Propuesta.objects.filter(pk=otra.pk).update(resultado=Resultado.EN_ESTUDIO)  # llegó después de decidir
    responder(otra, actor=actor)
    assert not consultas.sin_responder(reto.ejercicio).exists()
    Propuesta.objects.filter(pk=una.pk).update(estado="retirada")
    with pytest.raises(ValidationError):
        responder(una, "Otra cosa.", actor)


def test_las_no_admitidas_reciben_el_motivo_de_la_revision():
    reto, (una, otra, tercera) = en_decision(3)
    Propuesta.objects.exclude(pk=tercera.pk).update(resultado=Resultado.NO_ADMITIDA)
    Admision.objects.create(propuesta=una, motivo="No trae presupuesto.", revisada_en=timezone.now())
    actor = gestora()
    assert respuestas.responder_no_admitidas(ejercicio=reto.ejercicio, actor=actor) == 1
    assert respuestas.responder_no_admitidas(ejercicio=reto.ejercicio, actor=actor) == 0
    assert una.respuestas_oficiales.get().texto == "No trae presupuesto."
    assert set(consultas.sin_responder(reto.ejercicio)) == {otra, tercera}


def test_hilos_dos_doble_clic_responden_una_vez_a_cada_una(hilos):
    reto, propuestas = en_decision(4)
    Propuesta.objects.update(resultado=Resultado.NO_ADMITIDA)
    for propuesta in propuestas:
        Admision.objects.create(propuesta=propuesta, motivo="No trae presupuesto.", revisada_en=timezone.now())
    actor, ejercicio = gestora(), Ejercicio.objects.get(pk=reto.ejercicio.pk)
    for _ronda in range(5):
        RespuestaOficial.objects.all().delete()
        salidas = hilos(*[lambda: respuestas.responder_no_admitidas(ejercicio=ejercicio, actor=actor)] * 4)
        assert sorted(salidas) == [0, 0, 0, 4]
        assert RespuestaOficial.objects.count() == 4


def test_cerrado_el_reto_no_se_responde():
    reto, (una,) = en_decision(1)
    Propuesta.objects.update(resultado=Resultado.NO_ADMITIDA)
    CierreReto.objects.create(ejercicio=reto.ejercicio, conclusiones="Fin", sin_responder=1, excepcion="Sí.", en=timezone.now())
    for hacer in (
        lambda: responder(una),
        lambda: respuestas.responder_no_admitidas(ejercicio=reto.ejercicio, actor=gestora()),
    ):
        with pytest.raises(ValidationError) as error:
            hacer()
        assert error.value.code == "cerrado"


# --- El plazo -------------------------------------------------------------------------------


def plazo(cierre, *, decision=None) -> PlazoRespuesta:
    """El de un reto que cerró en esa hora de Bogotá, con o sin fase de decisión que termina en la otra."""
    reto = f.reto(**f.programa("convocatoria", fases=["decision"] if decision else []))
    Ejercicio.objects.filter(pk=reto.ejercicio.pk).update(apertura=cierre - timedelta(days=30), cierre=cierre)
    if decision:
        reto.ejercicio.fases.update(inicia=cierre, termina=decision)
    return PlazoRespuesta(Ejercicio.objects.get(pk=reto.ejercicio.pk))


def test_quince_dias_habiles_desde_que_se_publica_o_cierra():
    """Calculado a mano: el 13 y el 20 de julio son festivos, y el día de recibo no cuenta."""
    cierre = datetime(2026, 7, 1, 12, tzinfo=BOGOTA)
    plazo_ = plazo(cierre)
    assert plazo_.vence(datetime(2026, 7, 8, 9, tzinfo=BOGOTA)) == date(2026, 7, 31)
    assert plazo_.vence(cierre - timedelta(days=20)) == plazo_.vence(cierre) == date(2026, 7, 24)
    assert plazo_.a_tiempo(cierre, datetime(2026, 7, 24, 23, 59, tzinfo=BOGOTA))
    assert not plazo_.a_tiempo(cierre, datetime(2026, 7, 25, 0, 1, tzinfo=BOGOTA))


def test_la_fase_de_decision_anunciada_alarga_el_plazo():
    cierre = datetime(2026, 7, 1, 12, tzinfo=BOGOTA)
    assert plazo(cierre, decision=datetime(2026, 9, 15, 18, tzinfo=BOGOTA)).vence(cierre) == date(2026, 9, 15)
    assert plazo(cierre, decision=datetime(2026, 7, 3, 18, tzinfo=BOGOTA)).vence(cierre) == date(2026, 7, 24)


def test_los_dias_se_cuentan_en_hora_de_colombia():
    noche = datetime(2026, 7, 1, 23, 30, tzinfo=BOGOTA)  # ya es 2 de julio en UTC
    assert dias_entre(noche, datetime(2026, 7, 2, 0, 30, tzinfo=BOGOTA)) == 1
    assert dias_entre(noche, noche) == 0
