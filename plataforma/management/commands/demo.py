import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections, transaction
from wagtail.models import Site

ESPERA_CIERRE = 20  # segundos que se da a cada proceso para terminar lo que tiene entre manos


class Command(BaseCommand):
    help = "Prepara, carga el contenido de demostración si falta y sirve la plataforma con un trabajador de tareas."

    requires_system_checks = []  # las hace `preparar`

    def add_arguments(self, parser):
        parser.add_argument("--puerto", type=int, default=8000, help="Puerto local (%(default)s).")
        parser.add_argument("--solo-contenido", action="store_true", help="Prepara y carga, sin servir.")

    def handle(self, *, puerto, solo_contenido, **opciones):
        if not settings.DEMOSTRACION:
            raise CommandError("La demostración crea cuentas de clave conocida: no se carga con ajustes de producción.")
        if not solo_contenido:
            self.comprobar_puerto(puerto)
        call_command("preparar", verbosity=0)
        cuentas = self.cargar()
        if solo_contenido:
            return
        self.poner_direccion(puerto)
        # Los procesos hijos abren sus propias conexiones.
        connections.close_all()
        self.servir(puerto, cuentas)

    def poner_direccion(self, puerto):
        """Los enlaces de los correos salen de la dirección del sitio: la de esta vez, no la de la primera."""
        sitio = Site.objects.get(is_default_site=True)
        sitio.hostname, sitio.port = "localhost", puerto
        sitio.save()

    def comprobar_puerto(self, puerto):
        with socket.socket() as prueba:
            # Sin esto, un puerto recién soltado parecería ocupado durante un minuto.
            prueba.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                prueba.bind(("127.0.0.1", puerto))
            except OSError as error:
                raise CommandError(
                    f"No se puede usar el puerto {puerto} ({error.strerror}). Cierre lo que lo ocupa o elija otro: "
                    f"manage.py demo --puerto {puerto + 1}"
                ) from error

    def cargar(self):
        """Carga el contenido, entero o nada, la primera vez. Devuelve las cuentas de demostración."""
        # Se importa aquí: fuera de la demostración nadie necesita su contenido.
        from plataforma.demostracion import CUENTAS, cargar

        primera_cuenta = CUENTAS[0][0]
        if not get_user_model().objects.filter(email=primera_cuenta).exists():
            self.stdout.write("Cargando el contenido de demostración…")
            with transaction.atomic():
                cargar()
        return CUENTAS

    def servir(self, puerto, cuentas):
        direccion = f"http://localhost:{puerto}"
        entorno = {**os.environ, "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE, "URL_BASE": direccion}
        ordenes = {
            "servidor": ["-m", "gunicorn", "--bind", f"127.0.0.1:{puerto}", "--log-level", "warning", "plataforma.wsgi"],
            "trabajador": ["manage.py", "trabajador"],
        }
        self.cierre_pedido = False
        for senal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(senal, self.pedir_cierre)

        procesos = {}
        try:
            for nombre, orden in ordenes.items():
                # En su propia sesión: el Ctrl-C de la terminal llega sólo aquí, y a cada hijo una única señal.
                procesos[nombre] = subprocess.Popen(
                    [sys.executable, *orden], cwd=settings.RAIZ, env=entorno, start_new_session=True
                )
            self.anunciar(direccion, cuentas)
            while not self.cierre_pedido:
                caido = next((nombre for nombre, p in procesos.items() if p.poll() is not None), None)
                if caido:
                    raise CommandError(f"El {caido} terminó solo (código {procesos[caido].returncode}). Se detiene todo.")
                time.sleep(0.2)
        finally:
            self.detener(procesos.values())

    def pedir_cierre(self, *_):
        self.cierre_pedido = True

    def anunciar(self, direccion, cuentas):
        ancho = max(len(correo) for correo, _clave, _papel in cuentas)
        self.stdout.write(f"\nPlataforma en {direccion}  ·  administración en {direccion}/admin/")
        self.stdout.write(f"Correos enviados en {direccion}/correo/\n\nCuentas de demostración:")
        for correo, clave, papel in cuentas:
            self.stdout.write(f"  {correo:<{ancho}}  {clave}  {papel}")
        self.stdout.write("\nCtrl-C para terminar; los datos se conservan en var/.")
        self.stdout.flush()

    def detener(self, procesos):
        for proceso in procesos:
            # Al grupo: si el maestro de gunicorn murió, sus procesos siguen con el puerto.
            with suppress(ProcessLookupError):
                os.killpg(proceso.pid, signal.SIGTERM)
        limite = time.monotonic() + ESPERA_CIERRE
        for proceso in procesos:
            try:
                proceso.wait(timeout=max(0.1, limite - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(proceso.pid, signal.SIGKILL)
                proceso.wait()
