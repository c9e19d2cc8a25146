"""Entrar desde un teléfono: con llave de acceso, con segundo paso, y cerrar la sesión que quedó en otra parte."""

import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from scripts.postgres import puerto_libre

from . import pasos
from .pasos import pulsar


def con_llavero(pagina, *, presente=True):
    """Un llavero virtual en el equipo, que aprueba sin preguntar; devuelve cómo ver lo que guarda."""
    cdp = pagina.context.new_cdp_session(pagina)
    cdp.send("WebAuthn.enable")
    opciones = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": presente,
        "automaticPresenceSimulation": True,
    }
    identificador = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": opciones})["authenticatorId"]
    return lambda: cdp.send("WebAuthn.getCredentials", {"authenticatorId": identificador})["credentials"]


def codigo(correos, correo, cuantos=1):
    mensaje = correos.esperar(correo, cuantos=cuantos)
    return re.search(r"^\s*([A-Z0-9-]{6,12})\s*$", mensaje.get_content(), re.M)[1]


def salir(pagina):
    pulsar(pagina.get_by_role("banner").get_by_role("button", name="Salir"))


def test_registrarse_con_una_llave_y_volver_con_ella(nueva_pagina, correos, axe):
    revisar = pasos.Revisor(axe)
    pagina = nueva_pagina(ancho=360)
    guardadas = con_llavero(pagina)
    pagina.goto("/cuenta/signup/")
    pulsar(pagina.get_by_role("link", name="Con una llave de acceso"))
    revisar(pagina, "registro con llave")
    inicio = time.monotonic()
    pagina.get_by_label("Nombres").fill("Luz")
    pagina.get_by_label("Apellidos").fill("Mora")
    pagina.get_by_label("Correo electrónico").fill("luz@llave.example")
    pasos.declarar_y_autorizar(pagina)
    pulsar(pagina.get_by_role("button", name="Crear mi cuenta"))
    pagina.locator("input[name=code]").fill(codigo(correos, "luz@llave.example"))
    pulsar(pagina.get_by_role("button", name="Confirmar"))
    revisar(pagina, "crear la llave")
    pulsar(pagina.get_by_role("button", name="Crear mi llave"))
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Mi cuenta")
    assert time.monotonic() - inicio < 60
    assert len(guardadas()) == 1

    salir(pagina)
    pagina.goto("/cuenta/login/?next=/mis-propuestas/")
    revisar(pagina, "ingresar")
    pulsar(pagina.get_by_role("button", name="Usar mi llave de acceso"))
    expect(pagina).to_have_url(re.compile(r"/mis-propuestas/$"))

    # Quien pierde el teléfono entra con un código: la llave es otra puerta, no un candado.
    otro = nueva_pagina(ancho=360)
    otro.goto("/cuenta/login/")
    pulsar(otro.get_by_role("link", name="Recibir un código por correo"))
    revisar(otro, "pedir un código")
    otro.get_by_label("Correo electrónico").fill("luz@llave.example")
    pulsar(otro.get_by_role("button", name="Enviarme el código"))
    revisar(otro, "código de ingreso")
    otro.locator("input[name=code]").fill(codigo(correos, "luz@llave.example", cuantos=2))
    pulsar(otro.locator("main").get_by_role("button", name="Ingresar"))
    expect(otro.get_by_role("heading", level=1)).to_have_text("Mi cuenta")

    # Y cierra la sesión que dejó abierta en el teléfono.
    otro.get_by_role("link", name="Dónde está abierta mi cuenta").click()
    revisar(otro, "sesiones")
    pulsar(otro.get_by_role("button", name="Cerrar", exact=True))
    expect(otro.get_by_text("Esa sesión quedó cerrada")).to_be_visible()
    pagina.goto("/mi-cuenta/")
    expect(pagina).to_have_url(re.compile("/cuenta/login/"))


def test_sin_llave_en_el_equipo_se_dice_y_se_puede_seguir(nueva_pagina):
    pagina = nueva_pagina(ancho=360)
    con_llavero(pagina, presente=False)
    pagina.goto("/cuenta/login/")
    pagina.get_by_role("button", name="Usar mi llave de acceso").click()
    expect(pagina.get_by_role("alert")).to_contain_text("No se pudo usar la llave de acceso")


def test_sin_javascript_no_hay_botones_que_no_hacen_nada(nueva_pagina):
    pagina = nueva_pagina(js=False, ancho=360)
    pagina.goto("/cuenta/login/")
    expect(pagina.get_by_role("button", name="Usar mi llave de acceso")).to_be_hidden()
    expect(pagina.get_by_role("link", name="Recibir un código por correo")).to_be_visible()


@pytest.fixture
def universidad(sitio):
    """La cuenta que enciende su segundo paso; después lo deja como estaba para las demás pruebas."""
    correo = "universidad@demo.example"
    yield correo
    sitio.manage("quitar_segundo_factor", correo)


def test_segundo_paso_con_aplicacion_y_con_llave(nueva_pagina, axe, vigia, universidad):
    vigia.admitir(r"status of 422")
    revisar = pasos.Revisor(axe)
    pagina = nueva_pagina(ancho=360)
    guardadas = con_llavero(pagina)
    pasos.entrar(pagina, universidad)
    pagina.get_by_role("link", name="Segundo paso y llaves de acceso").click()
    revisar(pagina, "segundo paso")
    pulsar(pagina.get_by_role("link", name="Activarla"))
    revisar(pagina, "confirmar quién es")
    pagina.get_by_label("Contraseña").fill(pasos.CLAVE_DEMO)
    pulsar(pagina.get_by_role("button", name="Continuar"))
    revisar(pagina, "activar la aplicación")
    clave = pagina.locator("code").inner_text()
    assert pagina.locator("img.codigo-qr").evaluate("img => img.naturalWidth") > 0
    pagina.locator("input[name=code]").fill(format_hotp_value(hotp_value(clave, int(time.time()) // 30)))
    pulsar(pagina.get_by_role("button", name="Activar"))
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Códigos de recuperación")
    revisar(pagina, "códigos de recuperación")
    recuperacion = pagina.locator(".codigos code").first.inner_text()

    pagina.goto("/cuenta/segundo-paso/")
    pulsar(pagina.get_by_role("link", name="Añadir una llave"))
    revisar(pagina, "añadir una llave")
    pagina.get_by_label("Nombre para reconocerla").fill("Mi teléfono")
    pulsar(pagina.get_by_role("button", name="Crear la llave"))
    assert len(guardadas()) == 1
    pagina.goto("/cuenta/segundo-paso/webauthn/")
    revisar(pagina, "mis llaves")
    expect(pagina.get_by_role("heading", name="Mi teléfono")).to_be_visible()
    salir(pagina)

    pagina.goto("/cuenta/login/")
    pagina.get_by_label("Correo electrónico").fill(universidad)
    pagina.get_by_label("Contraseña").fill(pasos.CLAVE_DEMO)
    pulsar(pagina.locator("main").get_by_role("button", name="Ingresar"))
    revisar(pagina, "falta el segundo paso")
    pulsar(pagina.get_by_role("button", name="Usar mi llave de acceso"))
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Mi cuenta")
    salir(pagina)

    pagina.goto("/cuenta/login/")
    pagina.get_by_label("Correo electrónico").fill(universidad)
    pagina.get_by_label("Contraseña").fill(pasos.CLAVE_DEMO)
    pulsar(pagina.locator("main").get_by_role("button", name="Ingresar"))
    pagina.locator("input[name=code]").fill("123")
    pulsar(pagina.locator("main").get_by_role("button", name="Ingresar"))
    revisar(pagina, "segundo paso con errores")
    pagina.locator("input[name=code]").fill(recuperacion)
    pulsar(pagina.locator("main").get_by_role("button", name="Ingresar"))
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Mi cuenta")


# --- Límites entre procesos de verdad ---------------------------------------------------------


@pytest.fixture(scope="module")
def dos_procesos(sitio):
    """Otro gunicorn de dos procesos sobre la misma base, con los límites encendidos. `servir(proxies)`."""
    abiertos = []

    def servir(proxies=0):
        puerto = puerto_libre()
        entorno = {**sitio.entorno, "LIMITES": "1", "PROXIES_DE_CONFIANZA": str(proxies), "WEB_CONCURRENCY": "2"}
        orden = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{puerto}", "--log-level", "warning", "plataforma.wsgi"]
        proceso = subprocess.Popen(orden, env=entorno)
        abiertos.append(proceso)
        url = f"http://localhost:{puerto}"
        limite = time.monotonic() + 60
        while time.monotonic() < limite:
            try:
                urllib.request.urlopen(f"{url}/salud/", timeout=5).close()
                return url
            except OSError:
                time.sleep(0.3)
        raise AssertionError("el segundo servidor no respondió")

    yield servir
    for proceso in abiertos:
        proceso.terminate()
        proceso.wait(timeout=30)


def intentar(url, correo, xff=None):
    """Un ingreso con la clave equivocada, en una conexión nueva; el estado de la respuesta."""
    abridor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with abridor.open(f"{url}/cuenta/login/", timeout=30) as pagina:
        ficha = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', pagina.read().decode())[1]
    datos = urllib.parse.urlencode({"login": correo, "password": "equivocada", "csrfmiddlewaretoken": ficha}).encode()
    peticion = urllib.request.Request(f"{url}/cuenta/login/", datos, {"X-Forwarded-For": xff} if xff else {})
    try:
        with abridor.open(peticion, timeout=30) as respuesta:
            return respuesta.status
    except urllib.error.HTTPError as error:
        return error.code


def test_los_procesos_comparten_los_limites_y_la_cabecera_no_engana(dos_procesos):
    url = dos_procesos(0)
    codigos = [intentar(url, f"nadie{n}@example.org", xff=f"1.2.3.{n}") for n in range(40)]
    assert codigos[:10] == [422] * 10
    assert set(codigos[10:]) == {429}


def test_tras_un_proxy_de_confianza_cada_quien_tiene_su_cuenta(dos_procesos):
    url = dos_procesos(1)
    una = [intentar(url, f"una{n}@example.org", xff="200.0.0.1") for n in range(12)]
    assert una == [422] * 10 + [429] * 2
    assert intentar(url, "otra@example.org", xff="200.0.0.2") == 422
    assert intentar(url, "otra@example.org", xff="9.9.9.9, 200.0.0.1") == 429
