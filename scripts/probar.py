"""Todas las pruebas, en orden: revisión, SQLite, PostgreSQL y navegador.

Lo que falte en la máquina se nombra al final; con `CI=true`, lo que falte o se salte es un fallo.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
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
# Lo largo que no depende de la base de datos se prueba con una: permisos por dirección, lo que se ve en cada página,
# los textos. La demostración se carga en PostgreSQL para el navegador.
SOLO_UNA_VEZ = [
    "--ignore=tests/matriz",
    "--ignore=tests/test_arquitectura.py",
    "--ignore=tests/test_catalogo.py",
    "--ignore=tests/plataforma/test_demostracion.py",
    "--ignore=tests/plataforma/test_demostracion_encuestas.py",
    "--ignore=tests/cuentas/test_entrada_oidc.py",
    "--deselect=tests/plataforma/test_preparar.py::test_preparar_sobre_una_base_vacia",  # instala siempre sobre SQLite
    "--deselect=tests/cuentas/test_canario.py::test_nadie_ve_lo_que_no_le_toca",
    "--deselect=tests/cuentas/test_canario.py::test_la_moderacion_si_ve_lo_que_modera",
    "--deselect=tests/cuentas/test_canario.py::test_suprimida_nadie_la_ve_ni_de_la_administracion",
]


class Corrida:
    def __init__(self, carpeta: Path):
        self.carpeta = carpeta
        self.pasos = []  # (nombre, pasaron, fallaron, saltadas, segundos)
        self.faltan = []
        self.saltadas = []

    def orden(self, nombre, *argumentos, **entorno):
        """Un paso que pasa o falla entero."""
        self._titulo(nombre)
        inicio = time.monotonic()
        codigo = self._lanzar([sys.executable, *argumentos], entorno)
        self.pasos.append((nombre, int(codigo == 0), int(codigo != 0), 0, time.monotonic() - inicio))

    def pytest(self, nombre, *argumentos, **entorno):
        """Una batería: cuenta lo que dice su informe; si no hay informe, es un fallo."""
        self._titulo(nombre)
        inicio = time.monotonic()
        propia = self.carpeta / str(len(self.pasos))
        propia.mkdir()
        informe = propia / "informe.xml"
        codigo = self._lanzar(
            [sys.executable, "-m", "pytest", "-q", f"--junitxml={informe}", "-p", "no:cacheprovider", *argumentos],
            {"PRUEBAS_DIR": str(propia), **entorno},
        )
        pasaron = fallaron = saltadas = 0
        if informe.exists():
            for caso in ElementTree.parse(informe).iter("testcase"):
                salto = caso.find("skipped")
                if salto is not None:
                    saltadas += 1
                    self.saltadas.append(f"{nombre}: {caso.get('classname')}.{caso.get('name')}: {salto.get('message')}")
                elif caso.find("failure") is not None or caso.find("error") is not None:
                    fallaron += 1
                else:
                    pasaron += 1
        if codigo and not fallaron:
            fallaron = 1
        self.pasos.append((nombre, pasaron, fallaron, saltadas, time.monotonic() - inicio))

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
        bien, mal, saltadas, segundos = (sum(paso[i] for paso in self.pasos) for i in (1, 2, 3, 4))
        if EN_CI:
            mal += len(self.faltan) + saltadas
        print(f"==== {bien} passed, {mal} failed, {saltadas} skipped in {segundos:.0f}s ====", flush=True)
        return 1 if mal else 0

    def _titulo(self, nombre):
        print(f"\n=== {nombre} " + "=" * max(0, 72 - len(nombre)), flush=True)

    def _lanzar(self, orden, entorno):
        # Dichas aquí, ganan a las de un `.env`.
        propias = {"DATABASE_URL": f"sqlite:///{self.carpeta / 'sin-usar.sqlite3'}", "CACHE_URL": ""}
        proceso = subprocess.Popen(orden, cwd=RAIZ, env={**ENTORNO_LIMPIO, **propias, **entorno})
        try:
            return proceso.wait(timeout=LIMITE)
        except subprocess.TimeoutExpired:
            print(f"No terminó en {LIMITE} s: se detiene.", flush=True)
            self._detener(proceso)
            return 1
        except KeyboardInterrupt:
            # A él ya le llegó por la terminal.
            proceso.wait()
            raise
        except BaseException:
            self._detener(proceso)
            raise

    def _detener(self, proceso):
        """Le pide terminar como lo haría Ctrl-C, para que apague lo que encendió."""
        proceso.send_signal(signal.SIGINT)
        try:
            proceso.wait(timeout=60)
        except subprocess.TimeoutExpired:
            proceso.kill()
            proceso.wait()


def revisar(corrida):
    manage = "manage.py"
    pruebas = {"DJANGO_SETTINGS_MODULE": "plataforma.settings.pruebas", "PRUEBAS_DIR": str(corrida.carpeta)}
    corrida.orden("ruff", "-m", "ruff", "check", "--no-cache", ".")
    corrida.orden("comprobaciones", manage, "check", "--fail-level", "WARNING", **pruebas)
    corrida.orden("comprobaciones de producción", manage, "check", "--deploy", **PRODUCCION)
    corrida.orden("migraciones al día", manage, "makemigrations", "--check", "--dry-run", **pruebas)
    if shutil.which("xgettext") and shutil.which("msgfmt"):
        corrida.orden("catálogo en inglés", "-m", "scripts.catalogo")
    else:
        corrida.falta("gettext", "no se comprobó el catálogo en inglés")


def probar(corrida):
    revisar(corrida)
    nucleos = ["-n", "2", "--ignore=tests/navegador"]
    corrida.pytest("pytest en SQLite", *nucleos)
    with ExitStack() as pila:
        base_navegador = {}
        try:
            postgres = pila.enter_context(PostgresTemporal())
        except SinPostgres as motivo:
            corrida.falta("PostgreSQL", f"{motivo}; las pruebas de navegador usan SQLite")
        else:
            corrida.pytest("pytest en PostgreSQL", *nucleos, *SOLO_UNA_VEZ, DATABASE_URL=postgres.url())
            base_navegador["NAVEGADOR_DATABASE_URL"] = postgres.crear_base("navegador")
        if shutil.which("chromium"):
            corrida.pytest("navegador", "tests/navegador", **base_navegador)
        else:
            corrida.falta("Chromium", "no se hicieron las pruebas de navegador")


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
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
