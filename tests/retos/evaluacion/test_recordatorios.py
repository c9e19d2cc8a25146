"""Recordar: a mano, una vez al día; solo, tres días y un día antes."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.models import ModelLogEntry

from retos.evaluacion.actions.calificacion import enviar_evaluacion
from retos.evaluacion.recordatorios import recordar_evaluaciones
from retos.models import Deliberacion, Jurado

from .mundo import cuenta_de, en_evaluacion, evaluacion, notas

pytestmark = pytest.mark.django_db


def cierra_en(mundo, **tiempo) -> None:
    mundo.ejercicio.fases.filter(tipo="decision").update(termina=timezone.now() + timedelta(days=90))
    mundo.ejercicio.fases.filter(tipo="evaluacion").update(termina=timezone.now() + timedelta(**tiempo))


def recordado_hace(**tiempo) -> None:
    Jurado.objects.update(recordado_en=timezone.now() - timedelta(**tiempo))


def test_a_mano_una_vez_al_dia(client, trabajar):
    mundo = en_evaluacion()
    client.force_login(mundo.gestion)
    url = f"/admin/programa/evaluacion/{mundo.ejercicio.pk}/avance/"
    pide = {"jurado": mundo.jurados[0].pk}
    assert "Se le recordó" in client.post(url, pide, follow=True).content.decode()
    assert "Hoy ya se le envió" in client.post(url, pide, follow=True).content.decode()
    trabajar()
    assert sum("Le faltan" in m.subject for m in mail.outbox) == 1
    assert ModelLogEntry.objects.filter(action="retos.recordar_jurado", user=mundo.gestion).count() == 1
    recordado_hace(days=1, minutes=1)
    enviar_evaluacion(evaluacion=evaluacion(mundo), actor=cuenta_de(mundo.jurados[0]), valores=notas(mundo, 3, 4))
    assert "No tiene evaluaciones por enviar" in client.post(url, pide, follow=True).content.decode()
    for malo in ("", "x", "9" * 30, "999999"):
        assert client.post(url, {"jurado": malo}).status_code == 404


@pytest.mark.parametrize(
    ("cierra", "antes", "recuerda"),
    [
        ({"days": 3, "minutes": 5}, None, 0),
        ({"days": 2, "hours": 23}, None, 1),
        ({"days": 2, "hours": 23}, {"days": 2}, 1),  # el de antes no era por este plazo
        ({"days": 1, "hours": 12}, {"days": 1, "hours": 1}, 0),  # ya se le recordó por los tres días
        ({"hours": 23}, {"days": 2}, 1),
        ({"hours": 3}, {"minutes": 0}, 0),
    ],
)
def test_solo_tres_dias_y_un_dia_antes(cierra, antes, recuerda):
    mundo = en_evaluacion()
    cierra_en(mundo, **cierra)
    if antes:
        recordado_hace(**antes)
    assert recordar_evaluaciones() == recuerda
    assert recordar_evaluaciones() == 0


def test_el_automatico_no_molesta_a_quien_esta_al_dia_ni_a_quien_no_ha_aceptado():
    mundo = en_evaluacion(jurados=2)
    enviar_evaluacion(evaluacion=evaluacion(mundo), actor=cuenta_de(mundo.jurados[0]), valores=notas(mundo, 3, 4))
    Jurado.objects.filter(pk=mundo.jurados[1].pk).update(estado="removido")
    cierra_en(mundo, hours=20)
    assert recordar_evaluaciones() == 0


def test_las_actas_solo_se_anaden(client):
    mundo = en_evaluacion(jurados=0)
    client.force_login(mundo.gestion)
    url = f"/admin/programa/evaluacion/{mundo.ejercicio.pk}/deliberacion/"
    manana = (timezone.localdate() + timedelta(days=1)).isoformat()
    acta = {"fecha": timezone.localdate().isoformat(), "asistentes": "Ana y Luis.", "texto": "Se propone elegir la primera."}
    for malo in ({"fecha": manana}, {"fecha": "ayer"}, {"asistentes": " "}, {"texto": ""}):
        respuesta = client.post(url, {**acta, **malo})
        assert respuesta.status_code == 422
    assert not Deliberacion.objects.exists()
    assert client.post(url, acta).status_code == 302
    guardada = Deliberacion.objects.get()
    assert (guardada.texto, guardada.por) == ("Se propone elegir la primera.", mundo.gestion)
    with pytest.raises(TypeError):
        guardada.delete()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("campo", ["texto", "asistentes", "fecha"])
def test_la_base_de_datos_no_deja_cambiar_un_acta(campo):
    from django.db import DatabaseError

    mundo = en_evaluacion(jurados=0, propuestas=0)
    acta = Deliberacion.objects.create(
        ejercicio=mundo.ejercicio, fecha=timezone.localdate(), asistentes="A", texto="B", por=mundo.gestion, en=timezone.now()
    )
    with pytest.raises(DatabaseError, match="no se cambia"):
        Deliberacion.objects.filter(pk=acta.pk).update(**{campo: timezone.localdate()})
    Deliberacion.objects.filter(pk=acta.pk).update(por=None)
