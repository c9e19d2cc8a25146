"""El final de la evaluación, por el reloj de la base de datos: un segundo antes se recibe, un segundo después no."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from participacion.ejercicios.models import Ejercicio
from retos.evaluacion.actions.calificacion import enviar_evaluacion, guardar_evaluacion, reabrir_evaluacion
from retos.evaluacion.actions.jurado import bloquear_jurado
from retos.models import Evaluacion, FaseReto
from tests import fabricas as f
from tests.retos.convocatoria.fabricas_convocatoria import fases_de, publicar

from .mundo import cuenta_de, en_evaluacion, evaluacion, notas

pytestmark = pytest.mark.django_db


def ahora():
    return Ejercicio.objects.annotate(ahora=Now()).first().ahora


def terminar(mundo, segundos: float):
    """La evaluación termina a tantos segundos de ahora; la página dice lo mismo."""
    termina = ahora() + timedelta(seconds=segundos)
    FaseReto.objects.filter(ejercicio=mundo.ejercicio, tipo="evaluacion").update(termina=termina)
    bloques = fases_de(mundo.pagina, evaluacion={"termina": termina.isoformat()}, decision={"inicia": (termina + timedelta(days=1)).isoformat()})
    type(mundo.pagina).objects.filter(pk=mundo.pagina.pk).update(fases=bloques)
    FaseReto.objects.filter(ejercicio=mundo.ejercicio, tipo="decision").update(inicia=termina + timedelta(days=1))
    return termina


def enviar_por_la_pagina(client, mundo):
    client.force_login(cuenta_de(mundo.jurados[0]))
    datos = {f"criterio-{pk}": valor for pk, valor in notas(mundo, 3, 4).items()}
    return client.post(f"/jurado/evaluaciones/{evaluacion(mundo).pk}/", datos | {"accion": "enviar", "comentario_comite": "Cara."})


@pytest.mark.parametrize("maquina", [-3600, 0, 3600])
@pytest.mark.parametrize("segundos", [-1, 1])
def test_un_segundo_antes_o_despues_del_final(client, monkeypatch, segundos, maquina):
    """El reloj de la máquina puede ir una hora adelantado o atrasado: no decide."""
    mundo = en_evaluacion()
    terminar(mundo, segundos)
    verdadera = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: verdadera() + timedelta(seconds=maquina))
    suya, quien = evaluacion(mundo), cuenta_de(mundo.jurados[0])
    if segundos > 0:
        guardar_evaluacion(evaluacion=suya, actor=quien, valores=notas(mundo, 1, 1))
        enviada = enviar_evaluacion(evaluacion=suya, actor=quien, valores=notas(mundo, 1, 1))
        reabrir_evaluacion(evaluacion=enviada, actor=quien)
        assert enviar_por_la_pagina(client, mundo).status_code == 302
        assert evaluacion(mundo).estado == "enviada"
        return
    for hacer in (guardar_evaluacion, enviar_evaluacion):
        with pytest.raises(ValidationError, match="Ya no se puede evaluar") as caso:
            hacer(evaluacion=suya, actor=quien, valores=notas(mundo, 1, 1))
        assert caso.value.code == "plazo"
    respuesta = enviar_por_la_pagina(client, mundo)
    assert respuesta.status_code == 422
    assert "Ya no se puede evaluar" in respuesta.text and "Cara." in respuesta.text
    assert (evaluacion(mundo).estado, suya.puntajes.count()) == ("asignada", 0)


def test_lo_enviado_no_se_reabre_despues_del_final():
    mundo = en_evaluacion()
    quien = cuenta_de(mundo.jurados[0])
    enviada = enviar_evaluacion(evaluacion=evaluacion(mundo), actor=quien, valores=notas(mundo, 3, 4))
    terminar(mundo, -1)
    with pytest.raises(ValidationError, match="Ya no se puede evaluar"):
        reabrir_evaluacion(evaluacion=enviada, actor=quien)
    assert evaluacion(mundo).total == enviada.total


def test_quien_espera_el_candado_hasta_despues_del_final_no_alcanza(hilos):
    """La hora se lee con el candado en la mano: llegar antes y esperar no sirve."""
    mundo = en_evaluacion()
    suya, quien = evaluacion(mundo), cuenta_de(mundo.jurados[0])
    tomado, termina = threading.Event(), terminar(mundo, 2)

    def ocupar():
        with transaction.atomic():
            bloquear_jurado(mundo.jurados[0].pk)
            tomado.set()
            time.sleep(max(0, (termina - timezone.now()).total_seconds()) + 0.5)

    def enviar():
        tomado.wait(10)
        assert timezone.now() < termina
        return enviar_evaluacion(evaluacion=suya, actor=quien, valores=notas(mundo, 3, 4))

    _ocupo, envio = hilos(ocupar, enviar)
    assert isinstance(envio, ValidationError) and envio.code == "plazo", envio
    assert evaluacion(mundo).estado == "asignada"


def test_calificar_en_el_instante_del_final_y_ampliar_a_la_vez(hilos):
    """Se enviara antes o después de la prórroga, lo que queda dice lo mismo que lo que se respondió."""
    mundo = en_evaluacion(jurados=3)
    termina = terminar(mundo, 0.6)
    nuevas = fases_de(mundo.pagina, evaluacion={"termina": (termina + timedelta(hours=2)).isoformat()})

    def calificar(cual):
        suya, quien = evaluacion(mundo, 0, cual), cuenta_de(mundo.jurados[cual])
        valores = notas(mundo, 3, 4)
        return lambda: enviar_evaluacion(evaluacion=suya, actor=quien, valores=valores)

    ampliada, *envios = hilos(
        lambda: publicar(mundo.pagina, fases=nuevas, motivo_prorroga="Hubo paro."), *(calificar(cual) for cual in range(3))
    )
    fase = FaseReto.objects.get(ejercicio=mundo.ejercicio, tipo="evaluacion")
    for cual, envio in enumerate(envios):
        guardada = evaluacion(mundo, 0, cual)
        if isinstance(envio, Evaluacion):
            assert guardada.estado == "enviada" and guardada.enviada_en < fase.termina
        else:
            assert envio.code == "plazo" and guardada.estado == "asignada"
    if not isinstance(ampliada, ValidationError):
        assert fase.termina > termina
        f.mover_reloj(mundo.pagina, "evaluacion")
