"""Un PostgreSQL de usar y tirar, a partir de los binarios instalados y sin permisos especiales.

PostgreSQL se niega a correr como root; en ese caso lo corre `postgres` o, si no existe, `nobody`.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg

# Los datos no sobreviven a la corrida: se renuncia a toda garantía ante un corte de luz.
SIN_DURABILIDAD = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class SinPostgres(Exception):
    """La máquina no tiene `initdb` y `pg_ctl`."""


def buscar_binarios() -> Path:
    """La carpeta con `initdb` y `pg_ctl`: la del PATH o la versión más nueva de las de Debian."""
    en_ruta = shutil.which("initdb")
    carpetas = [Path(en_ruta).parent] if en_ruta else []
    debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    carpetas += sorted(debian, key=lambda carpeta: int(carpeta.parent.name), reverse=True)
    for carpeta in carpetas:
        if all((carpeta / nombre).exists() for nombre in ("initdb", "pg_ctl", "postgres")):
            return carpeta
    raise SinPostgres("no hay initdb y pg_ctl en el PATH ni en /usr/lib/postgresql/*/bin")


def puerto_libre() -> int:
    with socket.socket() as prueba:
        prueba.bind(("127.0.0.1", 0))
        return prueba.getsockname()[1]


class PostgresTemporal:
    """Se usa con `with`; `url(base)` da la dirección de una de sus bases de datos."""

    def __init__(self):
        self.binarios = buscar_binarios()
        self.clave = secrets.token_hex(16)

    def __enter__(self):
        self.carpeta = Path(tempfile.mkdtemp(prefix="postgres-"))
        try:
            self._crear()
            self._arrancar()
        except BaseException:
            self._borrar()
            raise
        return self

    def __exit__(self, *_):
        try:
            self._ejecutar("pg_ctl", "-D", self.datos, "-m", "immediate", "-w", "stop")
        finally:
            self._borrar()

    def url(self, base: str = "postgres") -> str:
        return f"postgresql://postgres:{self.clave}@127.0.0.1:{self.puerto}/{base}"

    def crear_base(self, nombre: str, plantilla: str = "template1") -> str:
        """Crea una base, vacía o copia de otra que nadie esté usando, y devuelve su dirección."""
        self.consultar("postgres", f"CREATE DATABASE {nombre} TEMPLATE {plantilla}")
        return self.url(nombre)

    def consultar(self, base: str, *ordenes: str) -> str | None:
        """Ejecuta órdenes sueltas y devuelve el primer valor de la última, si lo hay."""
        with psycopg.connect(self.url(base), autocommit=True) as conexion:
            for orden in ordenes:
                cursor = conexion.execute(orden)
            return cursor.fetchone()[0] if cursor.description else None

    def _crear(self):
        self.datos = self.carpeta / "datos"
        self.registro = self.carpeta / "registro.log"
        clave = self.carpeta / "clave"
        clave.write_text(self.clave)
        if os.geteuid() == 0:
            self.usuario = next((u.pw_name for u in pwd.getpwall() if u.pw_name == "postgres"), "nobody")
            for ruta in (self.carpeta, clave):
                shutil.chown(ruta, self.usuario)
        else:
            self.usuario = None
        self._ejecutar(
            "initdb", "-D", self.datos, "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={clave}",
            "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip

    def _arrancar(self):
        for intento in range(3):
            # Entre elegir el puerto y ocuparlo, otro proceso puede ganarlo.
            self.puerto = puerto_libre()
            opciones = f"-p {self.puerto} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' {SIN_DURABILIDAD}"
            try:
                self._ejecutar("pg_ctl", "-D", self.datos, "-l", self.registro, "-w", "-t", "60", "-o", opciones, "start")
                return
            except subprocess.CalledProcessError:
                if intento == 2:
                    print(self.registro.read_text() if self.registro.exists() else "PostgreSQL no dejó registro")
                    raise

    def _ejecutar(self, programa, *argumentos):
        orden = [str(self.binarios / programa), *map(str, argumentos)]
        if self.usuario:
            orden = ["runuser", "-u", self.usuario, "--", *orden]
        # Sin tuberías: el servidor las heredaría y `run` esperaría a que él terminara. Y en su propia
        # sesión: el Ctrl-C de la terminal no lo apaga antes que a las pruebas que lo usan.
        salida = self.carpeta / "salida.log"
        with salida.open("w") as destino:
            hecho = subprocess.run(
                orden, cwd=self.carpeta, stdin=subprocess.DEVNULL, stdout=destino, stderr=destino, start_new_session=True
            )
        if hecho.returncode:
            print(salida.read_text())
            hecho.check_returncode()

    def _borrar(self):
        shutil.rmtree(self.carpeta, ignore_errors=True)
