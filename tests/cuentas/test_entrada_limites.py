"""Cuarenta intentos malos se frenan en cada puerta. Que lo compartan los procesos lo prueba `tests/navegador`."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from cuentas.entrada.views import demasiados_intentos
from cuentas.models import Usuario
from tests import fabricas as f

from . import entrada as e

pytestmark = pytest.mark.django_db
INTENTOS = 40


@pytest.fixture(autouse=True)
def _sin_intentos_de_otra_prueba():
    cache.clear()


def insistir(hacer, veces=INTENTOS):
    return [hacer(n) for n in range(veces)]


def frenado(respuestas) -> int:
    """Cuántos pasaron antes de que se frenara; comprueba que desde ahí no pasó ninguno y que se dice cuándo volver."""
    codigos = [r.status_code for r in respuestas]
    primero = codigos.index(429)
    assert set(codigos[primero:]) == {429}, codigos
    ultima = respuestas[-1]
    assert int(ultima["Retry-After"]) > 0
    assert re.search(r"en \d+ (segundo|minuto)s?\.", ultima.text), ultima.text
    return primero


def test_contrasena_de_una_persona(client):
    ana = f.persona()
    assert frenado(insistir(lambda n: Client().post(e.LOGIN, {"login": ana.email, "password": f"mala-{n}"}, REMOTE_ADDR=f"10.0.{n}.1"))) == 5
    respuesta = e.entrar(client, ana)
    assert respuesta.status_code == 429
    assert "5 minutos" in respuesta.text


def test_contrasena_de_muchas_personas_desde_una_direccion(client):
    assert frenado(insistir(lambda n: client.post(e.LOGIN, {"login": f"p{n}@example.org", "password": "mala"}))) == 10


def test_pedir_codigos(client):
    assert frenado(insistir(lambda n: Client().post(e.PEDIR_CODIGO, {"email": "ana@example.org"}))) == 3
    assert len(mail.outbox) == 3


def test_pedir_codigos_a_muchos_correos():
    assert frenado(insistir(lambda n: Client().post(e.PEDIR_CODIGO, {"email": f"p{n}@example.org"}))) == 20


@pytest.fixture
def sin_limite_de_envios(settings):
    """Para llegar a los códigos por muchas sesiones sin esperar a que dejen pedir otro."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"request_login_code": None, "confirm_email": None}


def test_codigo_de_ingreso(sin_limite_de_envios):
    """allauth deja tres por sesión; aquí cada uno cuenta para el correo y repartirlos en sesiones no ayuda."""
    ana = f.persona()
    respuestas = []
    for n in range(14):
        cliente = Client(REMOTE_ADDR=f"10.0.{n}.1")
        cliente.post(e.PEDIR_CODIGO, {"email": ana.email})
        respuestas += [cliente.post(e.CODIGO, {"code": "XXXX-XXXX"}) for _ in range(3)]
    assert frenado(respuestas) == 10
    cliente.post(e.PEDIR_CODIGO, {"email": ana.email})
    assert cliente.post(e.CODIGO, {"code": e.codigo_recibido()}).status_code == 429


def test_codigo_del_registro(sin_limite_de_envios):
    respuestas = []
    Client().post(e.REGISTRO, e.datos_registro())
    ana = Usuario.objects.get(email="luz@example.org")
    for n in range(14):
        cliente = Client(REMOTE_ADDR=f"10.0.{n}.1")
        e.entrar(cliente, ana)
        respuestas += [cliente.post(e.CONFIRMAR, {"code": "XXXX-XXXX"}) for _ in range(3)]
    assert frenado(respuestas) == 10


def test_aplicacion_de_codigos_y_recuperacion():
    ana = f.persona()
    clave = e.con_totp(ana)
    cliente = Client()
    e.entrar(cliente, ana)
    assert frenado(insistir(lambda n: cliente.post(e.AUTENTICAR, {"code": f"{n:06d}" if n % 2 else f"{n:08d}"}))) == 5
    assert cliente.post(e.AUTENTICAR, {"code": e.codigo_totp(clave)}).status_code == 429


def test_confirmar_quien_es_con_contrasena(client):
    ana = f.persona()
    client.force_login(ana)
    assert frenado(insistir(lambda n: client.post("/cuenta/reauthenticate/", {"password": f"mala-{n}"}))) == 5


def test_confirmar_quien_es_con_codigo(client):
    ana = f.persona()
    e.con_totp(ana)
    client.force_login(ana)
    assert frenado(insistir(lambda n: client.post(reverse("mfa_reauthenticate"), {"code": f"{n:06d}"}))) == 5


def test_activar_la_aplicacion(client):
    ana = f.persona()
    client.force_login(ana)
    client.post("/cuenta/reauthenticate/", {"password": f.CLAVE})
    client.get(reverse("mfa_activate_totp"))
    assert frenado(insistir(lambda n: client.post(reverse("mfa_activate_totp"), {"code": f"{n:06d}"}))) == 5
    assert not Authenticator.objects.exists()


def test_recuperar_la_contrasena():
    ana = f.persona()
    assert frenado(insistir(lambda n: Client().post(e.OLVIDO, {"email": ana.email}))) == 5
    assert len(mail.outbox) == 5


def test_recuperar_la_contrasena_de_muchos():
    assert frenado(insistir(lambda n: Client().post(e.OLVIDO, {"email": f"p{n}@example.org"}))) == 20


def test_llave_de_acceso(client):
    assert frenado(insistir(lambda n: client.post(reverse("mfa_login_webauthn"), {"credential": "{}"}))) == 10


@pytest.mark.parametrize("url", [e.REGISTRO, e.REGISTRO_LLAVE])
def test_registro(url):
    assert frenado(insistir(lambda n: Client().post(url, e.datos_registro(f"p{n}@example.org")))) == 20


def test_cambiar_la_contrasena(client):
    client.force_login(f.persona())
    datos = {"oldpassword": "mala", "password1": "Otra-muy-larga-1", "password2": "Otra-muy-larga-1"}
    assert frenado(insistir(lambda n: client.post("/cuenta/password/change/", datos))) == 5


@pytest.mark.parametrize("url", ["/admin/login/", "/_util/login/", "/en/_util/login/"])
def test_las_puertas_viejas_no_comprueban_nada(url):
    """Llevan a la única puerta: ni la contraseña buena abre una sesión por ellas."""
    ana = f.personal()
    for _n in range(INTENTOS):
        respuesta = Client().post(url, {"username": ana.email, "login": ana.email, "password": f.CLAVE})
        assert "sessionid" not in respuesta.cookies
        assert respuesta.status_code in (302, 405)


# --- Quién es quién -----------------------------------------------------------------------


def fallar(xff="", desde="10.9.9.9", veces=1, correo=None):
    cabeceras = {"X-Forwarded-For": xff} if xff else {}
    return [
        Client().post(e.LOGIN, {"login": correo or f"p{n}@example.org", "password": "mala"}, headers=cabeceras, REMOTE_ADDR=desde)
        for n in range(veces)
    ][-1].status_code


def test_sin_proxies_la_cabecera_no_engana(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    codigos = [fallar(xff=f"1.2.3.{n}") for n in range(12)]
    assert codigos[-1] == 429


def test_con_un_proxy_dos_personas_se_distinguen(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert fallar(xff="200.1.1.1", veces=11) == 429
    assert fallar(xff="200.1.1.2") == 422
    # Lo que la persona escriba delante no cuenta: vale lo que añadió el proxy.
    assert fallar(xff="8.8.8.8, 200.1.1.1") == 429


# --- La página --------------------------------------------------------------------------------


def test_registrarse_otra_vez_enseguida_se_explica(client):
    client.post(e.REGISTRO, e.datos_registro())
    respuesta = Client().post(e.REGISTRO, e.datos_registro())
    assert respuesta.status_code == 429
    assert "Acabamos de enviarle un correo" in respuesta.text
    assert re.search(r"en (\d|10) segundos?\.", respuesta.text)
    assert e.PEDIR_CODIGO in respuesta.text
    assert "no-store" in respuesta["Cache-Control"]


def test_y_con_el_codigo_recupera_el_registro_a_medias(client):
    client.post(e.REGISTRO_LLAVE, e.datos_registro())
    otro = Client()
    otro.post(e.PEDIR_CODIGO, {"email": "luz@example.org"})
    assert otro.post(e.CODIGO, {"code": e.codigo_recibido()}).url == "/mi-cuenta/"


def test_la_pagina_sirve_a_puertas_que_no_conoce():
    peticion = RequestFactory().get("/")
    cliente = Client()
    cliente.get("/")
    peticion.session, peticion.user, peticion.resolver_match = cliente.session, f.persona(), resolve("/")
    respuesta = demasiados_intentos(peticion)
    assert (respuesta.status_code, respuesta["Retry-After"]) == (429, "60")
