import logging
import signal
import time
from datetime import timedelta
from functools import partial

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from encuestas.secreto import volcar_pendientes
from participacion.adjuntos.actions import limpiar_sueltos
from plataforma.publicacion import publicar_programado
from retos.evaluacion.recordatorios import recordar_evaluaciones

logger = logging.getLogger(__name__)

MINUTO = 60
DIA = 24 * 60 * 60
# Una tarea que mata a quien la ejecuta no vuelve a la cola para siempre.
MAXIMO_INTENTOS = 3


def rescatar_abandonadas(*, minutos: int) -> int:
    """Devuelve a la cola las tareas que un trabajador muerto dejó «en curso» y dice cuántas; tras tres intentos, fallan."""
    limite = timezone.now() - timedelta(minutes=minutos)
    rescatadas = 0
    for tarea in DBTaskResult.objects.running().filter(started_at__lt=limite):
        # Por filtro y no por `save()`: otro trabajador pudo rescatarla o terminarla entretanto.
        sigue_igual = DBTaskResult.objects.running().filter(pk=tarea.pk, started_at=tarea.started_at)
        if len(tarea.worker_ids) < MAXIMO_INTENTOS:
            rescatadas += sigue_igual.update(status=TaskResultStatus.READY, started_at=None)
        else:
            sigue_igual.update(
                status=TaskResultStatus.FAILED,
                finished_at=timezone.now(),
                traceback=f"Abandonada por {MAXIMO_INTENTOS} trabajadores.",
            )
            logger.error("La tarea %s (%s) falló: abandonada por %s trabajadores", tarea.pk, tarea.task_path, MAXIMO_INTENTOS)
    return rescatadas


class Command(BaseCommand):
    help = "Ejecuta las tareas en cola y, cada minuto, publica lo programado y abre los sobres secretos que toque. Termina entre tareas con SIGTERM o Ctrl-C."

    def add_arguments(self, parser):
        parser.add_argument(
            "--rescatar-minutos",
            type=int,
            default=15,
            help="Minutos tras los que una tarea «en curso» se da por abandonada y vuelve a la cola (%(default)s). "
            "Debe superar lo que tarda la más larga.",
        )

    def handle(self, *, rescatar_minutos, **opciones):
        self.seguir = True
        self.ronda = None
        for senal in (signal.SIGTERM, signal.SIGINT):
            signal.signal(senal, self.terminar)

        identidad = get_random_string(32)
        periodicas = [
            (MINUTO, publicar_programado),
            (MINUTO, volcar_pendientes),
            (MINUTO, partial(rescatar_abandonadas, minutos=rescatar_minutos)),
            (DIA, self.podar),
            (DIA, recordar_evaluaciones),
        ]
        vencen = [0.0] * len(periodicas)
        espera = 1
        while self.seguir:
            try:
                for i, (cada, hacer) in enumerate(periodicas):
                    if time.monotonic() >= vencen[i]:
                        self.sin_caer(hacer)
                        vencen[i] = time.monotonic() + cada
                self.atender(identidad)
                espera = 1
            except (OperationalError, InterfaceError) as error:
                logger.warning("La base de datos no responde; nuevo intento en %s s: %s", espera, error)
                self.soltar_conexiones()
                self.dormir(espera)
                espera = min(espera * 2, 30)
            else:
                self.dormir(1)

    def terminar(self, senal, _marco):
        self.seguir = False
        if self.ronda is not None:
            self.ronda.running = False
        # Una segunda señal no espera a la tarea en curso: quedará para rescatar.
        signal.signal(senal, signal.SIG_DFL)

    def atender(self, identidad):
        """Ejecuta hasta cien tareas; el tope deja paso a lo periódico aunque la cola no se vacíe."""
        self.ronda = Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=1,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=100,
            worker_id=identidad,
        )
        self.ronda.running = self.seguir
        self.ronda.run()

    def podar(self):
        call_command("prune_db_task_results", queue_name="*", verbosity=0)
        call_command("retencion", ejecutar=True, verbosity=0)
        limpiar_sueltos()

    def sin_caer(self, hacer):
        """Una página que no se puede publicar no detiene las tareas; la base caída sí sube."""
        try:
            hacer()
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("Falló un trabajo periódico")

    def soltar_conexiones(self):
        for conexion in connections.all(initialized_only=True):
            try:
                conexion.close()
            except (OperationalError, InterfaceError):
                conexion.connection = None

    def dormir(self, segundos):
        fin = time.monotonic() + segundos
        while self.seguir and time.monotonic() < fin:
            time.sleep(min(0.5, segundos))
