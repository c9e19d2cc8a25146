"""El segundo paso del personal: se exige a quien puede entrar a la administración, entre como entre."""

import os
import subprocess
import sys

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cuentas.enums import RolPersonal
from tests import fabricas as f

from . import entrada as e

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]


@pytest.fixture(autouse=True)
def _exigido(settings):
    settings.SEGUNDO_FACTOR_PERSONAL = True
    cache.clear()


@pytest.fixture
def modera():
    return f.personal(RolPersonal.MODERACION)


def test_por_omision_se_exige():
    orden = "import plataforma.settings.base as b; print(b.SEGUNDO_FACTOR_PERSONAL)"
    entorno = {k: v for k, v in os.environ.items() if k != "SEGUNDO_FACTOR_PERSONAL"}
    assert subprocess.run([sys.executable, "-c", orden], env=entorno, capture_output=True, text=True).stdout == "True\n"


@pytest.mark.parametrize("url", ["/admin/", "/admin/moderacion/", "/admin/pages/", "/admin/account/", "/admin/no-existe/"])
def test_sin_segundo_paso_se_le_lleva_a_activarlo(client, modera, url):
    e.entrar(client, modera)
    respuesta = client.get(url)
    assert (respuesta.status_code, respuesta.url) == (302, e.SEGUNDO_PASO)
    assert "Para entrar a la administración" in client.get(e.SEGUNDO_PASO).text
    assert client.post(url).status_code == 302


def test_lo_activa_y_vuelve_a_donde_iba(client, modera, monkeypatch):
    e.entrar(client, modera)
    client.get("/admin/moderacion/?estado=x")
    client.post(client.get(reverse("mfa_activate_totp")).url, {"password": f.CLAVE})
    clave = client.get(reverse("mfa_activate_totp")).context["form"].secret
    # La transacción de la prueba nunca se confirma.
    monkeypatch.setattr("django.db.transaction.on_commit", lambda hacer, *resto, **opciones: hacer())
    respuesta = client.post(reverse("mfa_activate_totp"), {"code": e.codigo_totp(clave)})
    respuesta = client.get(respuesta.url)
    assert 'href="/admin/moderacion/?estado=x"' in respuesta.text
    assert client.get("/admin/moderacion/").status_code == 200


def test_con_su_segundo_paso_entra(client, modera):
    clave = e.con_totp(modera)
    assert e.entrar(client, modera).url == e.AUTENTICAR
    assert client.get("/admin/").status_code == 302
    client.post(e.AUTENTICAR, {"code": e.codigo_totp(clave)})
    assert client.get("/admin/").status_code == 200


def test_un_codigo_de_recuperacion_tambien_es_segundo_paso(client, modera):
    e.con_totp(modera)
    e.entrar(client, modera)
    client.post(e.AUTENTICAR, {"code": e.codigos_de_recuperacion(modera)[0]})
    assert client.get("/admin/").status_code == 200


def test_una_sesion_de_antes_debe_confirmarlo(client, modera):
    e.entrar(client, modera)
    clave = e.con_totp(modera)
    respuesta = client.get("/admin/moderacion/")
    assert respuesta.url == "/cuenta/segundo-paso/reauthenticate/?next=%2Fadmin%2Fmoderacion%2F"
    respuesta = client.post(respuesta.url, {"code": e.codigo_totp(clave), "next": "/admin/moderacion/"})
    assert respuesta.url == "/admin/moderacion/"
    assert client.get("/admin/moderacion/").status_code == 200


def test_confirmar_con_la_contrasena_no_es_un_segundo_paso(client, modera):
    e.entrar(client, modera)
    e.con_totp(modera)
    client.post("/cuenta/reauthenticate/", {"password": f.CLAVE})
    assert client.get("/admin/").status_code == 302


def test_el_segundo_paso_de_otra_cuenta_no_vale(client, modera):
    """Cambiar de cuenta en el mismo navegador no arrastra lo que probó la anterior."""
    otra = f.personal(RolPersonal.EDITOR)
    clave = e.con_totp(otra)
    e.entrar(client, otra)
    client.post(e.AUTENTICAR, {"code": e.codigo_totp(clave)})
    client.post("/cuenta/logout/")
    e.entrar(client, modera)
    assert client.get("/admin/").status_code == 302


def test_si_lo_quita_deja_de_pasar(client, modera):
    clave = e.con_totp(modera)
    e.entrar(client, modera)
    client.post(e.AUTENTICAR, {"code": e.codigo_totp(clave)})
    Authenticator.objects.all().delete()
    assert client.get("/admin/").url == e.SEGUNDO_PASO


def test_con_llave_se_confirma_con_la_llave(client, modera):
    e.entrar(client, modera)
    Authenticator.objects.create(user=modera, type="webauthn", data={"name": "L", "credential": {}})
    assert client.get("/admin/").url == "/cuenta/segundo-paso/webauthn/reauthenticate/?next=%2Fadmin%2F"


def test_salir_y_la_puerta_quedan_libres(client, modera):
    e.entrar(client, modera)
    assert client.get("/admin/login/").url == "/admin/"
    assert client.post("/admin/logout/").status_code == 302
    assert client.get("/mi-cuenta/").status_code == 302


def test_a_la_ciudadania_no_se_le_pide(client):
    e.entrar(client, f.persona())
    respuesta = client.get("/admin/")
    assert e.SEGUNDO_PASO not in respuesta.get("Location", "")
    assert client.get("/mi-cuenta/").status_code == 200


def test_un_superusuario_tambien(client):
    jefa = f.cuenta(is_superuser=True)
    e.entrar(client, jefa)
    assert client.get("/admin/").url == e.SEGUNDO_PASO


def test_sin_exigirlo_se_entra(client, modera, settings):
    settings.SEGUNDO_FACTOR_PERSONAL = False
    e.entrar(client, modera)
    assert client.get("/admin/").status_code == 200


def test_consultas_que_anade(client, modera, settings):
    """Con el permiso ya leído, una: si lo usado sigue siendo suyo."""
    clave = e.con_totp(modera)
    e.entrar(client, modera)
    client.post(e.AUTENTICAR, {"code": e.codigo_totp(clave)})
    client.get("/admin/account/")
    cuentas = []
    for exigido in (False, True):
        settings.SEGUNDO_FACTOR_PERSONAL = exigido
        with CaptureQueriesContext(connection) as consultas:
            client.get("/admin/account/")
        cuentas.append(len(consultas))
    assert cuentas[1] - cuentas[0] == 1


# --- Quien lo pierde todo ------------------------------------------------------------------


def test_la_orden_lo_quita_cierra_sus_sesiones_y_deja_rastro(client, modera, capsys):
    clave = e.con_totp(modera)
    e.entrar(client, modera)
    client.post(e.AUTENTICAR, {"code": e.codigo_totp(clave)})
    call_command("quitar_segundo_factor", f" {modera.email.upper()} ")
    assert client.get("/mi-cuenta/").status_code == 302
    assert not Authenticator.objects.exists()
    (entrada,) = ModelLogEntry.objects.filter(action="cuentas.quitar_segundo_factor")
    assert modera.email not in f"{entrada.label} {entrada.data} {capsys.readouterr().out}"
    otro = Client()
    e.entrar(otro, modera)
    assert otro.get("/admin/").url == e.SEGUNDO_PASO


@pytest.mark.parametrize("caso", ["no existe", "sin segundo paso"])
def test_la_orden_dice_que_no_habia_nada_que_quitar(caso, modera):
    correo = "nadie@example.org" if caso == "no existe" else modera.email
    with pytest.raises(CommandError):
        call_command("quitar_segundo_factor", correo)
