from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from participacion.ejercicios.models import Ejercicio
from retos.models import HitoPlan, Implementacion, Propuesta, RespuestaOficial
from retos.seguimiento.enums import EstadoHito
from retos.seguimiento.medidas import publicadas
from tests import fabricas as f

from .fabricas_seguimiento import empezada, hito

pytestmark = pytest.mark.django_db


def cifras(**campos) -> dict:
    ahora = timezone.now()
    hechas = publicadas(f.sitio(), ahora - timedelta(days=365), ahora, **campos)
    return {cifra.clave: cifra.ejecutado for cifra in hechas}


def test_sin_retos_o_sin_nada_que_medir_no_hay_cifras():
    assert cifras() == {}
    f.publicada(f.reto())  # aún no vence su respuesta
    assert cifras() == {}


def test_cifras_de_un_reto_contadas_a_mano():
    """Dos hitos: uno cumplido a tiempo y otro vencido. Tres propuestas: a tiempo, tarde y sin responder ya vencida."""
    reto, propuesta, actor, suyo, paso = empezada()
    hito(suyo, actor, nombre="Tarde")
    hito(suyo, actor, nombre="Todavía no vence")
    hoy, ahora = timezone.localdate(), timezone.now()
    HitoPlan.objects.filter(pk=paso.pk).update(estado=EstadoHito.CUMPLIDO, avance=100, cumplido_en=ahora)
    HitoPlan.objects.filter(nombre="Tarde").update(inicia=hoy - timedelta(days=9), vence=hoy - timedelta(days=1))
    assert cifras() == {"retos-respuestas": 100.0, "retos-hitos": 50.0, "retos-problemas": 0.0}
    Implementacion.objects.update(problema_resuelto="si", explicacion="Bajó.")
    hace_mucho = ahora - timedelta(days=200)
    Ejercicio.objects.filter(pk=reto.ejercicio.pk).update(apertura=hace_mucho - timedelta(days=9), cierre=hace_mucho)
    reto.ejercicio.fases.all().delete()
    Propuesta.objects.update(publicada_en=hace_mucho - timedelta(days=5))
    RespuestaOficial.objects.update(publicada_en=hace_mucho)
    for respondida in (ahora, None):
        otra = Propuesta.objects.get(pk=propuesta.pk)
        otra.pk, otra.clave_envio, otra.respuesta, otra._state.adding = None, uuid4(), None, True
        otra.save()
        if respondida:
            RespuestaOficial.objects.create(propuesta=otra, texto="Sí.", publicada_en=respondida)
    assert cifras(ejercicio=reto.ejercicio) == {"retos-respuestas": 33.33, "retos-hitos": 50.0, "retos-problemas": 100.0}
