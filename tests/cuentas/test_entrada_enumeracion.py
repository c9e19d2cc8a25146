"""Ninguna puerta dice si un correo tiene cuenta: ni por lo que responde, ni por sus cabeceras, ni por lo que deja.

Cuánto tarda cada una lo mide `make bench`, con el cifrado de verdad.
"""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.test import Client

from cuentas.models import Participante, Usuario
from tests import fabricas as f

from . import entrada as e

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]

# El mismo largo: la página repite lo que se escribió.
EXISTE, NO_EXISTE = "quien.existe@example.org", "quien.ignora@example.org"


@pytest.fixture(autouse=True)
def _sin_intentos_de_otra_prueba():
    cache.clear()


def lo_visible(respuesta, correo):
    """Lo que ve quien pregunta, sin su correo ni lo que cambia en cada petición."""
    texto = respuesta.text.replace(correo, "CORREO")
    texto = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", texto)
    texto = re.sub(r'"challenge": "[^"]+"', "", texto)
    cabeceras = {k: v for k, v in respuesta.headers.items() if k not in ("Date", "Content-Length", "Expires", "Last-Modified")}
    if "Retry-After" in cabeceras:
        cabeceras["Retry-After"] = "segundos"  # los que falten según cuándo se pidió: un recorrido va después del otro
    galletas = {k: {a: v for a, v in g.items() if a != "expires"} for k, g in respuesta.cookies.items()}
    valores = {k: len(g.value) for k, g in respuesta.cookies.items()}
    return respuesta.status_code, cabeceras, galletas, valores, texto


def recorrer(correo, pasos):
    """Hace los pasos como alguien nuevo y devuelve lo que vio en cada uno."""
    cliente, visto = Client(), []
    for metodo, url, datos in pasos:
        respuesta = getattr(cliente, metodo)(url, {k: correo if v is None else v for k, v in datos.items()})
        visto.append(lo_visible(respuesta, correo))
    return visto


RECORRIDOS = {
    "contraseña": [("post", e.LOGIN, {"login": None, "password": "equivocada-2026"}), ("get", e.LOGIN, {})],
    "código": [
        ("post", e.PEDIR_CODIGO, {"email": None}),
        ("get", e.CODIGO, {}),
        ("post", e.CODIGO, {"code": "XXXX-XXXX"}),
        ("post", e.CODIGO, {"action": "resend"}),
        ("get", e.CODIGO, {}),
        ("post", e.CODIGO, {"code": "XXXX-XXXX"}),
        ("post", e.CODIGO, {"code": "XXXX-XXXX"}),
        ("get", e.PEDIR_CODIGO, {}),
    ],
    "olvido": [("post", e.OLVIDO, {"email": None}), ("get", "/cuenta/password/reset/done/", {})],
    "registro": [
        ("post", e.REGISTRO, "registro"),
        ("get", e.CONFIRMAR, {}),
        ("post", e.CONFIRMAR, {"code": "XXXX-XXXX"}),
        ("get", e.REGISTRO, {}),
        ("post", e.CONFIRMAR, {"action": "resend"}),
        ("post", e.CONFIRMAR, {"code": "XXXX-XXXX"}),
        ("post", e.CONFIRMAR, {"code": "XXXX-XXXX"}),
        ("get", e.CONFIRMAR, {}),
    ],
    "registro con llave": [
        ("post", e.REGISTRO_LLAVE, "registro"),
        ("get", e.CONFIRMAR, {}),
        ("post", e.CONFIRMAR, {"code": "XXXX-XXXX"}),
    ],
}


@pytest.mark.parametrize("puerta", RECORRIDOS)
@pytest.mark.parametrize("cuenta", ["confirmada", "sin confirmar", "inactiva", "sin contraseña", "con segundo paso"])
def test_con_cuenta_y_sin_ella_se_ve_lo_mismo(puerta, cuenta):
    e.datos_registro()
    usuario = f.persona(EXISTE, is_active=cuenta != "inactiva")
    EmailAddress.objects.filter(user=usuario).update(verified=cuenta != "sin confirmar")
    if cuenta == "sin contraseña":
        usuario.set_unusable_password()
        usuario.save()
    if cuenta == "con segundo paso":
        e.con_totp(usuario)
    pasos = [(m, url, e.datos_registro(None) if d == "registro" else d) for m, url, d in RECORRIDOS[puerta]]
    con, sin = recorrer(EXISTE, pasos), recorrer(NO_EXISTE, pasos)
    for n, (uno, otro) in enumerate(zip(con, sin, strict=True)):
        assert uno == otro, (puerta, n, pasos[n])


def test_solo_el_buzon_lo_sabe():
    f.persona(EXISTE)
    for correo in (EXISTE, NO_EXISTE):
        for pasos in ("código", "olvido"):
            recorrer(correo, RECORRIDOS[pasos][:1])
        Client().post(e.REGISTRO, e.datos_registro(correo))
    asuntos = {correo: [m.subject for m in mail.outbox if m.to == [correo]] for correo in (EXISTE, NO_EXISTE)}
    assert [a.split(" en ")[0].split(" a ")[0] for a in asuntos[EXISTE]] == [
        "Su código para ingresar", "Ponga una contraseña nueva", "Ya tiene una cuenta"]  # fmt: skip
    assert [a.split(" en ")[0] for a in asuntos[NO_EXISTE]] == [
        "No encontramos su cuenta", "No encontramos su cuenta", "Confirme su correo"]  # fmt: skip


def test_el_ensayo_no_deja_nada(client):
    """Registrarse con un correo que existe hace el mismo trabajo y lo deshace."""
    f.persona(EXISTE)
    antes = (Usuario.objects.count(), Participante.objects.count(), EmailAddress.objects.count())
    for url in (e.REGISTRO, e.REGISTRO_LLAVE):
        Client().post(url, e.datos_registro(EXISTE))
        cache.clear()
    assert (Usuario.objects.count(), Participante.objects.count(), EmailAddress.objects.count()) == antes
    assert [m.to for m in mail.outbox] == [[EXISTE]] * 2


@pytest.mark.parametrize("url", [e.REGISTRO, e.REGISTRO_LLAVE])
@pytest.mark.parametrize("clave", [f.CLAVE, ""])
def test_el_registro_cifra_lo_mismo_haya_cuenta_o_no(url, clave, monkeypatch):
    f.persona(EXISTE)
    datos = {correo: e.datos_registro(correo, password1=clave) for correo in (EXISTE, NO_EXISTE)}
    cifradas = []
    cifrar = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *a: cifradas.append(1) or cifrar(self, *a))
    gastado = []
    for correo in (EXISTE, NO_EXISTE):
        cifradas.clear()
        Client().post(url, datos[correo])
        gastado.append(len(cifradas))
    assert gastado[0] == gastado[1] == int(bool(clave) and url == e.REGISTRO)
