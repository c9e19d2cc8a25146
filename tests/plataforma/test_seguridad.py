"""Puertas y bordes que no deben reabrirse."""

import pytest
from django.contrib.auth.views import LoginView
from django.test import Client
from django.urls import URLPattern, get_resolver

from cuentas.enums import RolPersonal
from cuentas.models import Organizacion, VersionPolitica
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]


def rutas(resolver, prefijo=""):
    for patron in resolver.url_patterns:
        ruta = prefijo + str(patron.pattern)
        if isinstance(patron, URLPattern):
            yield ruta, patron
        else:
            yield from rutas(patron, ruta)


def test_una_sola_puerta_de_entrada():
    """Ninguna dirección que conteste lleva a otra vista de ingreso: saltaría los límites y el correo confirmado."""
    ajenas = [r for r, p in rutas(get_resolver()) if issubclass(getattr(p.callback, "view_class", object), LoginView)]
    assert set(ajenas) == {"_util/login/", "admin/login/", "^_util/login/$"} & set(ajenas)
    for url in ("/_util/login/", "/en/_util/login/", "/admin/login/"):
        respuesta = Client().post(url, {"username": "a@example.org", "password": "x"})
        assert respuesta.status_code in (302, 405)
        assert "/cuenta/login/" in respuesta.get("Location", "/cuenta/login/")
        assert "sessionid" not in respuesta.cookies


def test_sin_confirmar_el_correo_no_hay_sesion(client):
    f.politica()
    version = VersionPolitica.objects.get().pk
    datos = {"first_name": "A", "last_name": "B", "email": "nueva@example.org", "password1": "Muy-larga-2026"}
    datos |= {"edad": "18_mas", "version": version, "finalidad_participar": "on"}
    assert client.post("/cuenta/signup/", datos).status_code == 302
    for url in ("/cuenta/login/", "/_util/login/"):
        otro = Client()
        otro.post(url, {"login": "nueva@example.org", "username": "nueva@example.org", "password": "Muy-larga-2026"})
        assert otro.get("/mi-cuenta/").status_code == 302


def test_intentos_de_entrada_limitados_y_compartidos(client):
    ana = f.persona()
    textos = [
        client.post("/cuenta/login/", {"login": ana.email, "password": f"mala{n}"}, REMOTE_ADDR="10.0.0.9").text
        for n in range(8)
    ]
    assert "Demasiados" in textos[-1]
    respuesta = Client().post("/cuenta/login/", {"login": ana.email, "password": f.CLAVE}, REMOTE_ADDR="10.0.0.9")
    assert respuesta.status_code != 302


@pytest.mark.parametrize("destino", ["foo", "?x", "[::1", "a b", "//malo.example", "https://malo.example", "wagtailadmin_home"])
def test_destino_ajeno_o_raro_no_redirige_ni_da_500(client, destino):
    client.force_login(f.persona())
    datos = {"tipo": "organizacion", "nombre": f"Fundación {destino}", "next": destino}
    respuesta = client.post("/mi-cuenta/organizaciones/nueva/", datos)
    assert respuesta.url == f"/mi-cuenta/organizaciones/{Organizacion.objects.get().pk}/"
    client.force_login(f.personal(RolPersonal.EDITOR))
    assert client.get("/admin/login/", {"next": destino}).url == "/admin/"


def test_cookie_con_nulo_es_400():
    assert Client().get("/", headers={"Cookie": 'sessionid="abcdefghijk\\000"'}).status_code == 400


def test_paginas_personales_no_se_guardan_en_el_navegador(client):
    ana, reto = f.persona(), f.reto()
    client.force_login(ana)
    borrador = f.borrador(reto, ana)
    for url in ("/mi-cuenta/", "/mis-propuestas/", f"{reto.url}proponer/", f"/propuestas/{borrador.pk}/editar/"):
        assert "no-store" in client.get(url)["Cache-Control"]


def test_subida_anonima_al_administrador_tiene_tope(settings):
    settings.SUBIDA_PERSONAL_MAXIMA = 100_000
    cliente = Client(enforce_csrf_checks=True)  # comprobar la ficha obliga a leer lo subido
    cliente.cookies["csrftoken"] = "a" * 32
    respuesta = cliente.post("/admin/login/", {"archivo": f.pdf(relleno=b"x" * 300_000)})
    assert respuesta.wsgi_request.archivos_excedidos == {"archivo"}
