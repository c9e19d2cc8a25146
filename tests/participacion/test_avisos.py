from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from participacion.avisos.models import Aviso
from participacion.avisos.tareas import ESPERAS, enviar_aviso
from participacion.moderacion.enums import Decision
from tests import fabricas as f

pytestmark = pytest.mark.django_db


def test_aviso_dice_lo_que_hace_falta(trabajar, mailoutbox):
    ana = f.persona(nombre="Ana")
    propuesta = f.enviada(f.reto("Agua & río"), ana, titulo="Limpiar «La Vieja»")
    f.resolver(propuesta, Decision.DEVUELTA, motivo="Falta el costo & el plazo")
    trabajar()
    recibida, devuelta = mailoutbox
    assert recibida.to == [ana.email]
    assert recibida.subject == f"Recibimos su propuesta {propuesta.referencia}"
    assert propuesta.referencia in recibida.body and "«Limpiar «La Vieja»»" in recibida.body
    assert "Agua & río" in recibida.body
    assert "Falta el costo & el plazo" in devuelta.body
    assert f"http://localhost/propuestas/{propuesta.pk}/" in devuelta.body
    assert not Aviso.objects.filter(enviado_en=None).exists()


def test_aviso_va_en_el_idioma_de_la_cuenta(trabajar, mailoutbox):
    ana = f.persona(idioma="en")
    propuesta = f.enviada(f.reto(), ana)
    trabajar()
    assert mailoutbox[0].subject == f"We received your proposal {propuesta.referencia}"
    assert f"/en/propuestas/{propuesta.pk}/" in mailoutbox[0].body


def test_aviso_no_se_repite(trabajar, mailoutbox):
    f.enviada(f.reto())
    trabajar()
    enviar_aviso.call(Aviso.objects.get().pk)
    assert len(mailoutbox) == 1


def test_correo_caido_se_reintenta_y_no_se_pierde(trabajar, mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nadie atiende
    f.enviada(f.reto())
    trabajar()
    aviso = Aviso.objects.get()
    assert (aviso.enviado_en, aviso.intentos) == (None, 1)
    pendiente = DBTaskResult.objects.get(status="READY", task_path__endswith="enviar_aviso")
    assert pendiente.run_after > timezone.now() + ESPERAS[0] - timedelta(seconds=30)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    DBTaskResult.objects.filter(pk=pendiente.pk).update(run_after=timezone.now())
    trabajar()
    assert len(mail.outbox) == 1 and Aviso.objects.get().enviado_en


def test_tras_agotar_los_intentos_queda_constancia(settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    ana = f.persona(correo="secreta@example.org")
    f.enviada(f.reto(), ana)
    Aviso.objects.update(intentos=len(ESPERAS))
    antes = DBTaskResult.objects.count()
    enviar_aviso.call(Aviso.objects.get().pk)
    assert DBTaskResult.objects.count() == antes
    assert "no se pudo enviar" in caplog.text and "secreta" not in caplog.text


def test_tarea_lleva_solo_ids():
    f.enviada(f.reto())
    tarea = DBTaskResult.objects.get(task_path__endswith="enviar_aviso")
    assert tarea.args_kwargs == {"args": [Aviso.objects.get().pk], "kwargs": {}}
