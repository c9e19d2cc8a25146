"""Todas las pruebas: revisión, SQLite, PostgreSQL y navegador.

Migrar desde cero cuesta 25 segundos de procesador: se hace una vez en cada base de datos, a la vez que la revisión, y
cada proceso de pruebas recibe una copia. Lo que falte en la máquina se nombra al final; con `CI=true`, lo que falte o
se salte es un fallo.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from .postgres import PostgresTemporal, SinPostgres

RAIZ = Path(__file__).resolve().parents[1]
LIMITE = 15 * 60  # segundos por paso
EN_CI = os.environ.get("CI", "").lower() == "true"
# Las variables de quien prueba no deciden el resultado.
ENTORNO_LIMPIO = {
    nombre: valor
    for nombre, valor in os.environ.items()
    if nombre in {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "CI"}
} | {"PYTHONUNBUFFERED": "1"}
PRODUCCION = {
    "DJANGO_SETTINGS_MODULE": "plataforma.settings.produccion",
    "SECRET_KEY": "comprobacion-de-arranque-con-ajustes-de-produccion-0123456789",
    "CLAVE_DOCUMENTOS": "comprobacion-de-arranque-clave-de-documentos-0123456789",
    "ALLOWED_HOSTS": "participa.example.org",
    "EMAIL_URL": "smtp://localhost:25",
}
PROCESOS = 2  # de pytest a la vez
SIN_NAVEGADOR = ["-n", str(PROCESOS), "--ignore=tests/navegador", "--reuse-db"]


@dataclass
class Paso:
    """Un proceso que pasa o falla entero o, si escribe un informe de pytest, prueba por prueba."""

    nombre: str
    orden: list
    entorno: dict = field(default_factory=dict)
    informe: Path | None = None


class Corrida:
    def __init__(self, carpeta: Path):
        self.carpeta = carpeta
        self.inicio = time.monotonic()
        self.pasos = []  # (nombre, pasaron, fallaron, saltadas, segundos)
        self.faltan = []
        self.saltadas = []

    def bateria(self, nombre, *argumentos, **entorno) -> Paso:
        """Una batería de pytest, con carpeta propia."""
        carpeta = Path(tempfile.mkdtemp(dir=self.carpeta))
        informe = carpeta / "informe.xml"
        orden = [sys.executable, "-m", "pytest", "-q", f"--junitxml={informe}", "-p", "no:cacheprovider", *argumentos]
        return Paso(nombre, orden, {"PRUEBAS_DIR": str(carpeta), **entorno}, informe)

    def correr(self, *pasos: Paso):
        """Corre los pasos a la vez. Si son varios, lo que escribe cada uno se muestra entero cuando termina."""
        inicio = time.monotonic()
        with ExitStack() as pila:
            salidas = [pila.enter_context(tempfile.TemporaryFile()) if len(pasos) > 1 else None for _ in pasos]
            if len(pasos) == 1:
                self._titulo(pasos[0].nombre)
            procesos = [self._lanzar(paso, salida) for paso, salida in zip(pasos, salidas, strict=True)]
            try:
                for paso, proceso, salida in zip(pasos, procesos, salidas, strict=True):
                    codigo = self._esperar(proceso)
                    if salida:
                        self._titulo(paso.nombre)
                        salida.seek(0)
                        print(salida.read().decode(errors="replace"), end="", flush=True)
                    self._anotar(paso, codigo, time.monotonic() - inicio)
            except KeyboardInterrupt:
                # A ellos ya les llegó por la terminal.
                for proceso in procesos:
                    proceso.wait()
                raise
            except BaseException:
                for proceso in procesos:
                    self._detener(proceso)
                raise

    def _anotar(self, paso, codigo, segundos):
        """Cuenta lo que dice el informe; si debía haberlo y no lo hay, es un fallo."""
        if paso.informe is None:
            self.pasos.append((paso.nombre, int(codigo == 0), int(codigo != 0), 0, segundos))
            return
        pasaron = fallaron = saltadas = 0
        if paso.informe.exists():
            for caso in ElementTree.parse(paso.informe).iter("testcase"):
                salto = caso.find("skipped")
                if salto is not None:
                    saltadas += 1
                    quien = f"{caso.get('classname')}.{caso.get('name')}"
                    self.saltadas.append(f"{paso.nombre}: {quien}: {salto.get('message')}")
                elif caso.find("failure") is not None or caso.find("error") is not None:
                    fallaron += 1
                else:
                    pasaron += 1
        if codigo and not fallaron:
            fallaron = 1
        self.pasos.append((paso.nombre, pasaron, fallaron, saltadas, segundos))

    def falta(self, que, por_que):
        self.faltan.append(f"{que}: {por_que}")

    def resumen(self) -> int:
        print("\n" + "=" * 78)
        for nombre, pasaron, fallaron, saltadas, segundos in self.pasos:
            print(f"  {nombre:<34} {pasaron:>5} bien {fallaron:>4} mal {saltadas:>4} saltadas {segundos:>6.0f} s")
        for linea in self.saltadas:
            print(f"  SALTADA  {linea}")
        for linea in self.faltan:
            print(f"  FALTA    {linea}")
        bien, mal, saltadas = (sum(paso[i] for paso in self.pasos) for i in (1, 2, 3))
        segundos = time.monotonic() - self.inicio
        if EN_CI:
            mal += len(self.faltan) + saltadas
        print(f"==== {bien} passed, {mal} failed, {saltadas} skipped in {segundos:.0f}s ====", flush=True)
        return 1 if mal else 0

    def _titulo(self, nombre):
        print(f"\n=== {nombre} " + "=" * max(0, 72 - len(nombre)), flush=True)

    def _lanzar(self, paso, salida):
        # Dichas aquí, ganan a las de un `.env`.
        propias = {"DATABASE_URL": f"sqlite:///{self.carpeta / 'sin-usar.sqlite3'}", "CACHE_URL": ""}
        entorno = {**ENTORNO_LIMPIO, **propias, **paso.entorno}
        return subprocess.Popen(paso.orden, cwd=RAIZ, env=entorno, stdout=salida, stderr=salida and subprocess.STDOUT)

    def _esperar(self, proceso):
        try:
            return proceso.wait(timeout=LIMITE)
        except subprocess.TimeoutExpired:
            print(f"No terminó en {LIMITE} s: se detiene.", flush=True)
            self._detener(proceso)
            return 1

    def _detener(self, proceso):
        """Le pide terminar como lo haría Ctrl-C, para que apague lo que encendió."""
        if proceso.poll() is not None:
            return
        proceso.send_signal(signal.SIGINT)
        try:
            proceso.wait(timeout=60)
        except subprocess.TimeoutExpired:
            proceso.kill()
            proceso.wait()


def revision(corrida) -> list[Paso]:
    manage = [sys.executable, "manage.py"]
    pruebas = {"DJANGO_SETTINGS_MODULE": "plataforma.settings.pruebas", "PRUEBAS_DIR": str(corrida.carpeta)}
    pasos = [
        Paso("ruff", [sys.executable, "-m", "ruff", "check", "--no-cache", "."]),
        Paso("comprobaciones", [*manage, "check", "--fail-level", "WARNING"], pruebas),
        Paso("comprobaciones de producción", [*manage, "check", "--deploy"], PRODUCCION),
        Paso("migraciones al día", [*manage, "makemigrations", "--check", "--dry-run"], pruebas),
    ]
    if shutil.which("xgettext") and shutil.which("msgfmt"):
        pasos.append(Paso("catálogo en inglés", [sys.executable, "-m", "scripts.catalogo"]))
    else:
        corrida.falta("gettext", "no se comprobó el catálogo en inglés")
    return pasos


def migrar(corrida, motor, url) -> Paso:
    entorno = {"DJANGO_SETTINGS_MODULE": "plataforma.settings.pruebas", "PRUEBAS_DIR": str(corrida.carpeta), "DATABASE_URL": url}
    return Paso(f"migraciones en {motor}", [sys.executable, "manage.py", "migrate", "--verbosity", "0"], entorno)


def en_sqlite(corrida, plantilla) -> Paso:
    bateria = corrida.bateria("pytest en SQLite", *SIN_NAVEGADOR)
    if plantilla.exists():
        for proceso in range(PROCESOS):
            shutil.copy(plantilla, bateria.informe.with_name(f"base.sqlite3_gw{proceso}"))
    return bateria


def en_postgres(corrida, postgres) -> Paso:
    for proceso in range(PROCESOS):
        postgres.crear_base(f"test_postgres_gw{proceso}", "plantilla")
    return corrida.bateria("pytest en PostgreSQL", *SIN_NAVEGADOR, "--otra-base", DATABASE_URL=postgres.url())


def en_navegador(corrida, postgres) -> Paso:
    base = {"NAVEGADOR_DATABASE_URL": postgres.crear_base("navegador", "plantilla")} if postgres else {}
    return corrida.bateria("navegador", "tests/navegador", **base)


def probar(corrida):
    with ExitStack() as pila:
        plantilla = corrida.carpeta / "plantilla.sqlite3"
        preparacion = [*revision(corrida), migrar(corrida, "SQLite", f"sqlite:///{plantilla}")]
        try:
            postgres = pila.enter_context(PostgresTemporal())
        except SinPostgres as motivo:
            postgres = None
            corrida.falta("PostgreSQL", f"{motivo}; las pruebas de navegador usan SQLite")
        else:
            preparacion.append(migrar(corrida, "PostgreSQL", postgres.crear_base("plantilla")))
        corrida.correr(*preparacion)
        corrida.correr(en_sqlite(corrida, plantilla))
        # El navegador pasa buena parte del tiempo esperando: va a la vez que PostgreSQL.
        ultimos = [en_postgres(corrida, postgres)] if postgres else []
        if shutil.which("chromium"):
            ultimos.append(en_navegador(corrida, postgres))
        else:
            corrida.falta("Chromium", "no se hicieron las pruebas de navegador")
        corrida.correr(*ultimos)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # Lanzado con `&` desde un programa, Ctrl-C llega ignorado, y los pasos lo heredarían: no se los podría detener.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    destino = RAIZ / "var" / "pruebas"
    destino.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=destino, prefix="corrida-") as carpeta:
        corrida = Corrida(Path(carpeta))
        probar(corrida)
        return corrida.resumen()


if __name__ == "__main__":
    try:
        codigo = main()
    except KeyboardInterrupt:
        codigo = 130
    sys.exit(codigo)
