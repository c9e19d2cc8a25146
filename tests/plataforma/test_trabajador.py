import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from plataforma.management.commands.trabajador import Command, rescatar_abandonadas
from tests import fabricas as f


@task()
def saludar(nombre):
    return f"hola {nombre}"


def en_curso(*, hace, intentos=1):
    """Una tarea que alguien tomó hace esos minutos y no terminó."""
    saludar.enqueue("ana")
    fila = DBTaskResult.objects.get(task_path=saludar.module_path)
    fila.status = TaskResultStatus.RUNNING
    fila.started_at = timezone.now() - timedelta(minutes=hace)
    fila.worker_ids = ["muerto"] * intentos
    fila.save()
    return fila


@pytest.fixture
def una_vuelta(monkeypatch, conexion_de_la_prueba):
    """Corre el comando hasta la primera pausa."""
    senales = {senal: signal.getsignal(senal) for senal in (signal.SIGTERM, signal.SIGINT)}

    def correr(**opciones):
        monkeypatch.setattr(Command, "dormir", lambda self, _: setattr(self, "seguir", False))
        call_command("trabajador", **opciones)

    yield correr
    for senal, anterior in senales.items():
        signal.signal(senal, anterior)


@pytest.mark.django_db
def test_tarea_abandonada_vuelve_a_la_cola():
    fila = en_curso(hace=16)
    assert rescatar_abandonadas(minutos=15) == 1
    fila.refresh_from_db()
    assert (fila.status, fila.started_at) == (TaskResultStatus.READY, None)


@pytest.mark.django_db
def test_tarea_reciente_no_se_rescata():
    fila = en_curso(hace=14)
    assert rescatar_abandonadas(minutos=15) == 0
    fila.refresh_from_db()
    assert fila.status == TaskResultStatus.RUNNING


@pytest.mark.django_db
def test_tarea_que_mata_a_tres_trabajadores_falla(caplog):
    fila = en_curso(hace=16, intentos=3)
    assert rescatar_abandonadas(minutos=15) == 0
    fila.refresh_from_db()
    assert fila.status == TaskResultStatus.FAILED
    assert "abandonada por 3 trabajadores" in caplog.text


@pytest.mark.django_db
def test_trabajador_ejecuta_lo_pendiente_y_lo_rescatado(una_vuelta):
    fila = en_curso(hace=16)
    saludar.enqueue("beto")
    una_vuelta()
    estados = DBTaskResult.objects.filter(task_path=saludar.module_path).values_list("status", "return_value")
    assert sorted(estados) == [("SUCCESSFUL", "hola ana"), ("SUCCESSFUL", "hola beto")]
    fila.refresh_from_db()
    assert len(fila.worker_ids) == 2


@pytest.mark.django_db
def test_trabajador_poda_resultados_viejos(una_vuelta):
    vieja = en_curso(hace=0)
    vieja.status = TaskResultStatus.SUCCESSFUL
    vieja.finished_at = timezone.now() - timedelta(days=15)
    vieja.save()
    una_vuelta()
    assert not DBTaskResult.objects.filter(pk=vieja.pk).exists()


@pytest.mark.django_db
def test_trabajador_sigue_si_lo_programado_falla(una_vuelta, caplog):
    rota = f.reto(publicar=False).save_revision()
    rota.approved_go_live_at = timezone.now() - timedelta(hours=1)
    rota.content["apertura"] = "ayer"
    rota.save()
    saludar.enqueue("ana")
    una_vuelta()
    assert DBTaskResult.objects.get(task_path=saludar.module_path).status == TaskResultStatus.SUCCESSFUL
    assert "Falló un trabajo periódico" in caplog.text


@pytest.mark.django_db
def test_trabajador_espera_si_la_base_no_responde(una_vuelta, monkeypatch, caplog):
    def caer(self, identidad):
        raise OperationalError("the database system is shutting down")

    monkeypatch.setattr(Command, "atender", caer)
    monkeypatch.setattr(Command, "soltar_conexiones", lambda self: None)
    una_vuelta()
    assert "La base de datos no responde; nuevo intento en 1 s" in caplog.text


@pytest.mark.parametrize("senal", [signal.SIGTERM, signal.SIGINT])
def test_trabajador_termina_limpio_con_la_senal(senal, hilos):
    proceso = lanzar_trabajador()
    saludar.enqueue("ana")
    esperar(lambda: DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL).exists(), proceso)
    proceso.send_signal(senal)
    _, errores = proceso.communicate(timeout=30)
    assert (proceso.returncode, errores) == (0, "")
    assert not DBTaskResult.objects.running().exists()


def lanzar_trabajador():
    """El comando de verdad, en otro proceso, sobre la base de la prueba."""
    codigo = (
        "import django, sys; django.setup()\n"
        "from django.db import connection; connection.settings_dict['NAME'] = sys.argv[1]\n"
        "from django.core.management import call_command; call_command('trabajador')"
    )
    return subprocess.Popen(
        [sys.executable, "-c", codigo, str(connection.settings_dict["NAME"])],
        cwd=settings.RAIZ,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "plataforma.settings.pruebas"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def esperar(condicion, proceso, segundos=60):
    limite = time.monotonic() + segundos
    while not condicion():
        assert proceso.poll() is None, proceso.stderr.read()
        assert time.monotonic() < limite, "el trabajador no hizo la tarea"
        time.sleep(0.2)


def test_espera_entre_rondas_atiende_la_senal():
    comando = Command()
    comando.seguir = False
    inicio = time.monotonic()
    comando.dormir(30)
    assert time.monotonic() - inicio < 1

