import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from scripts.postgres import puerto_libre

RAIZ = Path(__file__).resolve().parents[2]
OPCIONES_CHROMIUM = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
REGLAS_AXE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]


class Correos:
    """Un servidor SMTP que guarda lo que recibe."""

    def __init__(self):
        self.recibidos = []

    async def handle_DATA(self, servidor, sesion, sobre):
        self.recibidos.append((tuple(sobre.rcpt_tos), message_from_bytes(sobre.content, policy=policy.default)))
        return "250 recibido"

    def para(self, direccion):
        return [mensaje for destinos, mensaje in list(self.recibidos) if direccion in destinos]

    def esperar(self, direccion, *, contiene="", cuantos=1, segundos=20):
        """El último correo a esa dirección cuyo asunto o texto contiene lo pedido, cuando haya tantos."""
        limite = time.monotonic() + segundos
        while time.monotonic() < limite:
            vistos = [m for m in self.para(direccion) if contiene in f"{m['Subject']}\n{texto(m)}"]
            if len(vistos) >= cuantos:
                return vistos[-1]
            time.sleep(0.2)
        asuntos = [str(m["Subject"]) for m in self.para(direccion)]
        raise AssertionError(f"No llegó a {direccion} un correo con «{contiene}»; llegaron: {asuntos}")


def texto(mensaje):
    """El cuerpo de un correo como texto."""
    return mensaje.get_body(preferencelist=("plain", "html")).get_content()


@pytest.fixture(scope="session")
def correos():
    buzon = Correos()
    servidor = Controller(buzon, hostname="127.0.0.1", port=puerto_libre())
    servidor.start()
    buzon.puerto = servidor.port
    yield buzon
    servidor.stop()


@dataclass
class Sitio:
    url: str
    entorno: dict

    def manage(self, *argumentos):
        """Un comando sobre la base del sitio servido; devuelve lo que escribe."""
        orden = [sys.executable, "manage.py", *argumentos]
        hecho = subprocess.run(orden, cwd=RAIZ, env=self.entorno, capture_output=True, text=True)
        assert hecho.returncode == 0, hecho.stdout + hecho.stderr
        return hecho.stdout


@pytest.fixture(scope="session")
def sitio(correos):
    """La plataforma servida de verdad, con `manage.py demo`: gunicorn, trabajador y contenido de demostración."""
    carpeta = Path(os.environ.get("PRUEBAS_DIR", RAIZ / "var" / "pruebas")) / "sitio"
    shutil.rmtree(carpeta, ignore_errors=True)
    carpeta.mkdir(parents=True)
    puerto = puerto_libre()
    # Nunca `DATABASE_URL`: podría ser la de alguien que trabaja, y aquí se carga contenido.
    entorno = {
        **os.environ,
        "DATABASE_URL": os.environ.get("NAVEGADOR_DATABASE_URL", f"sqlite:///{carpeta / 'sitio.sqlite3'}"),
        "CACHE_URL": "",
        "DJANGO_SETTINGS_MODULE": "tests.navegador.ajustes",
        "PUERTO_SMTP": str(correos.puerto),
        "URL_BASE": f"http://localhost:{puerto}",
    }
    servido = Sitio(url=entorno["URL_BASE"], entorno=entorno)
    registro = carpeta / "registro.log"
    with registro.open("w") as salida:
        demo = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--puerto", str(puerto)],
            cwd=RAIZ, env=entorno, stdout=salida, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            esperar_respuesta(servido.url + "/salud/", demo, registro)
            yield servido
            assert demo.poll() is None, "El sitio se cayó durante las pruebas:\n" + registro.read_text()[-4000:]
        finally:
            demo.terminate()
            demo.wait(timeout=60)
    errores = [linea for linea in registro.read_text().splitlines() if re.search(r"Traceback| ERROR ", linea)]
    assert not errores, "El servidor registró errores:\n" + registro.read_text()[-8000:]


def esperar_respuesta(url, proceso, registro, segundos=180):
    limite = time.monotonic() + segundos
    while time.monotonic() < limite:
        assert proceso.poll() is None, "El sitio no arrancó:\n" + registro.read_text()[-4000:]
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError("El sitio no respondió:\n" + registro.read_text()[-4000:])


@pytest.fixture(scope="session")
def navegador():
    ejecutable = shutil.which("chromium")
    if not ejecutable:
        pytest.skip("no hay Chromium en esta máquina")
    with sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=ejecutable, args=OPCIONES_CHROMIUM)
        yield chromium
        chromium.close()


@dataclass
class Vigia:
    """Anota lo que ninguna página debe hacer: errores en la consola y peticiones a otro servidor."""

    servidor: str
    faltas: list = field(default_factory=list)
    admitidas: list = field(default_factory=list)

    def admitir(self, patron):
        """Una falta esperada en esta prueba (por ejemplo, el 404 que se provoca a propósito)."""
        self.admitidas.append(re.compile(patron))

    def seguir(self, contexto):
        contexto.on("console", self._consola)
        contexto.on("weberror", lambda error: self.faltas.append(f"excepción de JavaScript: {error.error}"))
        contexto.on("request", self._peticion)

    def revisar(self):
        pendientes = [f for f in self.faltas if not any(patron.search(f) for patron in self.admitidas)]
        assert not pendientes, "\n".join(pendientes)

    def _consola(self, mensaje):
        if mensaje.type == "error":
            self.faltas.append(f"consola: {mensaje.text} ({mensaje.location.get('url', '')})")

    def _peticion(self, peticion):
        partes = urlsplit(peticion.url)
        if partes.scheme not in ("data", "blob", "about") and partes.netloc != self.servidor:
            self.faltas.append(f"petición a otro servidor: {peticion.url}")


@pytest.fixture
def vigia(sitio):
    vigilante = Vigia(urlsplit(sitio.url).netloc)
    yield vigilante
    vigilante.revisar()


@pytest.fixture
def nueva_pagina(navegador, sitio, vigia):
    """Abre una página de otra persona: `nueva_pagina(js=False, ancho=320)`. Cada una con sus propias cookies."""
    contextos = []

    def abrir(*, js=True, ancho=1280, alto=900):
        contexto = navegador.new_context(
            base_url=sitio.url,
            java_script_enabled=js,
            viewport={"width": ancho, "height": alto},
            locale="es-CO",
            timezone_id="America/Bogota",
        )
        contexto.set_default_timeout(15_000)
        contextos.append(contexto)
        vigia.seguir(contexto)
        return contexto.new_page()

    yield abrir
    for contexto in contextos:
        contexto.close()


@pytest.fixture
def pagina(nueva_pagina):
    return nueva_pagina()


@pytest.fixture
def pagina_sin_js(nueva_pagina):
    return nueva_pagina(js=False)


@pytest.fixture(scope="session")
def axe():
    """Falla si la página incumple WCAG 2.0 a 2.2, A o AA. `admite`: reglas de una línea base ya anotada."""
    revisor = Axe()

    def revisar(pagina, *, admite=(), contexto=None):
        opciones = {"runOnly": {"type": "tag", "values": REGLAS_AXE}, "resultTypes": ["violations"]}
        hallazgos = revisor.run(pagina, context=contexto, options=opciones).response["violations"]
        detalle = [
            f"{h['id']} ({h['impact']}): {h['help']}\n    {nodo['html'][:300]}"
            for h in hallazgos
            if h["id"] not in admite
            for nodo in h["nodes"]
        ]
        assert not detalle, f"axe en {pagina.url}:\n" + "\n".join(detalle)

    return revisar
