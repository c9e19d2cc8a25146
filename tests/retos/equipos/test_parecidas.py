"""Lo que se parece a lo que alguien está escribiendo: sólo lo publicado, poco y pronto."""

import pytest
from django.core.cache import caches
from django.db import connection

from retos.equipos import parecidas as busqueda
from retos.models import Propuesta, Reto
from tests import fabricas as f

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _sin_limites_de_otra_prueba():
    caches["default"].clear()


@pytest.fixture
def pagina():
    return f.reto()


def sembrar(pagina):
    for titulo, resumen in (
        ("Árboles para dar sombra en la plaza", "Sembrar guayacanes."),
        ("Sombra y bancas en la plaza de Bolívar", "Poner bancas."),
        ("Buses eléctricos", "Menos humo en el centro."),
        ("Biblioteca abierta los domingos", "Más horas de lectura."),
    ):
        f.publicada(pagina, titulo=titulo, resumen=resumen)


def titulos(pagina, texto) -> list[str]:
    return [propuesta.titulo for propuesta in busqueda.parecidas(pagina.ejercicio, texto)]


EN_POSTGRESQL = connection.vendor == "postgresql"


# Con los trigramas de PostgreSQL, y sin ellos en las dos.
@pytest.mark.parametrize("con_trigramas", [True, False] if EN_POSTGRESQL else [False])
def test_encuentra_lo_parecido_y_no_lo_demas(pagina, monkeypatch, con_trigramas):
    monkeypatch.setattr(busqueda, "hay_trigramas", lambda: con_trigramas)
    sembrar(pagina)
    halladas = titulos(pagina, "arbol con SOMBRA para las plazas")
    assert halladas[0] == "Árboles para dar sombra en la plaza" and "Buses eléctricos" not in halladas
    assert titulos(pagina, "Comedor comunitario de la vereda") == []
    assert titulos(pagina, "para que la propuesta del municipio") == titulos(pagina, "") == []


def test_hay_trigramas_en_postgresql_y_solo_alli():
    assert busqueda.hay_trigramas() == EN_POSTGRESQL


def test_hasta_cinco(pagina):
    for _ in range(6):
        f.publicada(pagina, titulo="Sombra en la plaza")
    assert len(titulos(pagina, "Sombra en la plaza")) == 5


def test_solo_lo_publicado_de_ese_reto(client, pagina):
    f.publicada(f.reto(), titulo="Sombra de otro reto")
    f.borrador(pagina, f.persona(), titulo="Sombra en borrador")
    f.enviada(pagina, titulo="Sombra en revisión")
    f.publicada(pagina, titulo="Sombra publicada")
    respuesta = client.get(f"{pagina.url}parecidas/", {"titulo": "Sombra"})
    assert "Sombra publicada" in respuesta.text
    assert not any(oculta in respuesta.text for oculta in ("otro reto", "en borrador", "en revisión"))
    Reto.objects.update(sellado=True)
    assert "Sombra publicada" not in client.get(f"{pagina.url}parecidas/", {"titulo": "Sombra"}).text


def test_no_dice_de_quien_es(client, pagina):
    ana = f.persona()
    f.publicada(pagina, ana, titulo="Sombra publicada", en_nombre_de=f.organizacion(ana, nombre="Colegio Central"))
    Propuesta.objects.update(anonima=True)
    assert "Colegio" not in client.get(f"{pagina.url}parecidas/", {"titulo": "Sombra"}).text


def test_trozo_y_pagina(client, pagina):
    sembrar(pagina)
    datos = {"titulo": "Sombra en la plaza", "resumen": "<b>x</b>"}
    trozo = client.get(f"{pagina.url}parecidas/", datos, headers=HTMX)
    assert "<html" not in trozo.text and "propuestas parecidas" in trozo.text and 'target="_blank"' in trozo.text
    pagina_entera = client.get(f"{pagina.url}parecidas/", datos)
    assert "<html" in pagina_entera.text and "&lt;b&gt;x&lt;/b&gt;" in pagina_entera.text
    for raro in ({"titulo": "x" * 5000}, {}, {"resumen": "%_\\'"}):
        assert client.get(f"{pagina.url}parecidas/", raro, headers=HTMX).status_code == 200


def test_con_limite(client, pagina, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "parecidas": "1/h/ip"}
    assert client.get(f"{pagina.url}parecidas/").status_code == 200
    respuesta = client.get(f"{pagina.url}parecidas/")
    assert respuesta.status_code == 429 and "Espere unos minutos" in respuesta.text


def test_al_escribir_se_ofrecen(client, pagina):
    texto = client.get(f"{pagina.url}proponer/").text
    assert f'hx-get="{pagina.url}parecidas/"' in texto and f'href="{pagina.url}parecidas/"' in texto
