from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.admin.menu import admin_menu
from wagtail.models import Page, Site

from cuentas.enums import RolPersonal, TipoActor
from participacion.moderacion.enums import Decision
from participacion.moderacion.models import Entrada
from participacion.moderacion.views import POR_PAGINA
from retos import actions as retos
from retos.models import Propuesta
from tests import fabricas as f

from .cola import COLA, VARIAS, pendiente, titulos, url_de

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]

# Con sesión, cuenta y permisos; sin el menú, que crece con las otras salas.
CONSULTAS_COLA = 11
CONSULTAS_ENTRADA = 15


def otro_sitio():
    raiz = Page.objects.get(depth=1).add_child(instance=Page(title="Otra entidad", slug="otra-entidad"))
    return Site.objects.create(hostname="otra.example.org", site_name="Otra entidad", root_page=raiz)


@pytest.fixture
def moderador():
    return f.personal(RolPersonal.MODERACION)


@pytest.fixture
def cliente(client, moderador):
    client.force_login(moderador)
    return client


@pytest.fixture
def sin_menu(monkeypatch):
    monkeypatch.setattr(admin_menu, "menu_items_for_request", lambda request: [])


def encolar(reto, cuantas):
    """Entradas sin pasar por el envío, una por propuesta, de la más nueva a la más antigua."""
    autor = f.cuentas.participante_de(f.persona())
    ahora = timezone.now()
    for i in range(cuantas):
        propuesta = Propuesta.objects.create(
            ejercicio=reto.ejercicio, autor=autor, titulo=f"Propuesta {i}", referencia=f"R-{i}", estado="enviada"
        )
        Entrada.objects.create(
            objeto_tipo="retos.propuesta",
            objeto_id=propuesta.pk,
            sitio=reto.ejercicio.sitio,
            ejercicio=reto.ejercicio,
            titulo=propuesta.titulo,
            remitente=TipoActor.CIUDADANIA,
            recibida_en=ahora - timedelta(minutes=i),
        )


# --- Quién entra -----------------------------------------------------------------------

QUIENES = {
    "anonima": None,
    "ciudadania": lambda: f.persona(),
    "editor": lambda: f.personal(RolPersonal.EDITOR),
    "analitica": lambda: f.personal(RolPersonal.ANALITICA),
    "moderacion_de_otro_sitio": lambda: f.personal(RolPersonal.MODERACION, en=otro_sitio()),
    "moderacion": lambda: f.personal(RolPersonal.MODERACION),
    "administracion": lambda: f.personal(RolPersonal.ADMINISTRACION),
    "superusuario": lambda: f.persona(is_superuser=True),
}
A_LA_PUERTA, AL_INICIO, BIEN, NO_EXISTE = "puerta", "inicio", 200, 404


@pytest.mark.parametrize(
    ("quien", "en_cola", "en_entrada"),
    [
        ("anonima", A_LA_PUERTA, A_LA_PUERTA),
        ("ciudadania", A_LA_PUERTA, A_LA_PUERTA),
        ("editor", AL_INICIO, AL_INICIO),
        ("analitica", AL_INICIO, AL_INICIO),
        ("moderacion_de_otro_sitio", BIEN, NO_EXISTE),
        ("moderacion", BIEN, BIEN),
        ("administracion", BIEN, BIEN),
        ("superusuario", BIEN, BIEN),
    ],
)
def test_permisos_por_rol(client, settings, quien, en_cola, en_entrada):
    entrada = pendiente(f.enviada(f.reto()))
    if QUIENES[quien]:
        client.force_login(QUIENES[quien]())

    def resultado(respuesta):
        if respuesta.status_code == 302:
            puertas = {settings.WAGTAILADMIN_LOGIN_URL: A_LA_PUERTA, "/admin/": AL_INICIO}
            return puertas[respuesta.url.split("?")[0]]
        return respuesta.status_code

    assert resultado(client.get(COLA)) == en_cola
    assert resultado(client.get(url_de(entrada))) == en_entrada
    puede = en_entrada == BIEN
    client.post(VARIAS, {"entrada": [entrada.pk]})
    entrada.refresh_from_db()
    assert bool(entrada.decision) is puede
    otra = pendiente(f.enviada(f.reto()))
    respuesta = client.post(url_de(otra), {"decision": "aprobada"})
    otra.refresh_from_db()
    assert bool(otra.decision) is puede
    if not puede:
        assert resultado(respuesta) == en_entrada


def test_la_cola_muestra_solo_los_sitios_propios(client):
    f.enviada(f.reto(), titulo="De aquí")
    client.force_login(f.personal(RolPersonal.MODERACION, en=otro_sitio()))
    assert titulos(client.get(COLA)) == []
    assert "De aquí" not in client.get(COLA).content.decode()


def test_perder_el_rol_cierra_la_cola(cliente, moderador):
    entrada = pendiente(f.enviada(f.reto()))
    f.cuentas.quitar_rol(usuario=moderador, sitio=f.sitio(), rol=RolPersonal.MODERACION, actor=None)
    assert cliente.post(url_de(entrada), {"decision": "aprobada"}).status_code == 302
    entrada.refresh_from_db()
    assert entrada.decision == ""


def test_sin_ficha_csrf_no_se_decide(moderador):
    entrada = pendiente(f.enviada(f.reto()))
    cliente = Client(enforce_csrf_checks=True)
    cliente.force_login(moderador)
    assert cliente.post(url_de(entrada), {"decision": "aprobada"}).status_code == 403
    assert cliente.post(VARIAS, {"entrada": [entrada.pk]}).status_code == 403
    entrada.refresh_from_db()
    assert entrada.decision == ""


def test_leer_no_cambia_nada(cliente):
    entrada = pendiente(f.enviada(f.reto()))
    assert cliente.get(url_de(entrada), {"decision": "aprobada"}).status_code == 200
    assert cliente.get(VARIAS, {"entrada": entrada.pk}).status_code == 405
    entrada.refresh_from_db()
    assert entrada.decision == ""


# --- La cola ---------------------------------------------------------------------------


def test_la_mas_antigua_primero(cliente):
    encolar(f.reto(), 3)
    assert titulos(cliente.get(COLA)) == ["Propuesta 2", "Propuesta 1", "Propuesta 0"]


def test_decididas_la_ultima_primero(cliente):
    reto = f.reto()
    primera, segunda = f.enviada(reto, titulo="Uno"), f.enviada(reto, titulo="Dos")
    f.resolver(primera, Decision.RECHAZADA, motivo="No")
    f.resolver(segunda, Decision.APROBADA)
    f.enviada(reto, titulo="Tres")
    assert titulos(cliente.get(COLA)) == ["Tres"]
    respuesta = cliente.get(COLA, {"vista": "decididas"})
    assert titulos(respuesta) == ["Dos", "Uno"]
    assert "Aprobar las marcadas" not in respuesta.content.decode()


def test_filtros(cliente):
    ana = f.persona()
    uno, dos = f.reto(), f.reto()
    f.enviada(uno, ana, titulo="Huerta en el Parque", en_nombre_de=f.organizacion(ana, tipo=TipoActor.EMPRESA))
    f.enviada(dos, titulo="Parque de la vida")
    assert titulos(cliente.get(COLA, {"texto": "parque huerta"})) == ["Huerta en el Parque"]
    assert titulos(cliente.get(COLA, {"remitente": "empresa"})) == ["Huerta en el Parque"]
    assert titulos(cliente.get(COLA, {"ejercicio": dos.ejercicio.pk})) == ["Parque de la vida"]
    assert titulos(cliente.get(COLA, {"ejercicio": dos.ejercicio.pk, "remitente": "empresa"})) == []


@pytest.mark.parametrize(
    "consulta",
    [
        {"ejercicio": "x"},
        {"ejercicio": "9" * 40},
        {"ejercicio": "1\x00"},
        {"remitente": "marciano"},
        {"texto": "a\x00b"},
        {"texto": "a" * 5000},
        {"vista": "\x00"},
        {"p": "x"},
        {"p": "99999999999999999999"},
    ],
)
def test_un_filtro_invalido_no_rompe(cliente, rf, consulta):
    f.enviada(f.reto(), titulo="Sigue aquí")
    respuesta = cliente.get(COLA, consulta)
    assert respuesta.status_code == (400 if "\x00" in "".join(consulta.values()) else 200)
    if respuesta.status_code == 200:
        assert titulos(respuesta) == ["Sigue aquí"]


def test_una_entrada_corregida_se_distingue(cliente):
    ana = f.persona()
    propuesta = f.resolver(f.enviada(f.reto(), ana), Decision.DEVUELTA, motivo="Falta el sitio")
    assert "Corregida y enviada otra vez" not in cliente.get(COLA).content.decode()
    retos.enviar_propuesta(propuesta=propuesta, actor=ana)
    assert "Corregida y enviada otra vez" in cliente.get(COLA).content.decode()
    assert "Falta el sitio" in cliente.get(url_de(pendiente(propuesta))).content.decode()


def test_se_pagina_y_conserva_el_filtro(cliente):
    reto = f.reto()
    encolar(reto, POR_PAGINA + 1)
    respuesta = cliente.get(COLA, {"ejercicio": reto.ejercicio.pk, "p": 2})
    assert titulos(respuesta) == ["Propuesta 0"]
    assert f"ejercicio={reto.ejercicio.pk}" in respuesta.content.decode()


@pytest.mark.parametrize("cuantas", [1, 3, 300])
def test_consultas_de_la_cola(cliente, sin_menu, django_assert_num_queries, cuantas):
    encolar(f.reto(), cuantas)
    cliente.get(COLA)
    with django_assert_num_queries(CONSULTAS_COLA):
        assert len(titulos(cliente.get(COLA))) == min(cuantas, POR_PAGINA)


@pytest.mark.parametrize("cuantas", [1, 3, 300])
def test_consultas_de_las_decididas(cliente, sin_menu, django_assert_num_queries, cuantas):
    encolar(f.reto(), cuantas)
    Entrada.objects.update(decision="aprobada", decidida_en=timezone.now(), decidida_por=f.persona())
    cliente.get(COLA, {"vista": "decididas"})
    with django_assert_num_queries(CONSULTAS_COLA):
        assert len(titulos(cliente.get(COLA, {"vista": "decididas"}))) == min(cuantas, POR_PAGINA)


@pytest.mark.parametrize("cuantas", [1, 3, 300])
def test_consultas_de_la_entrada(cliente, sin_menu, django_assert_num_queries, cuantas):
    encolar(f.reto(), cuantas)
    entrada = Entrada.objects.first()
    cliente.get(url_de(entrada))
    # Si ninguna la sigue, otra más busca la primera que quede.
    with django_assert_num_queries(CONSULTAS_ENTRADA + (cuantas == 1)):
        cliente.get(url_de(entrada))


# --- Cómo se llega -------------------------------------------------------------------------


def test_la_portada_del_administrador_lleva_a_la_cola(cliente, client):
    f.enviada(f.reto())
    texto = cliente.get("/admin/").content.decode()
    assert f'<a href="{COLA}">1 por moderar</a>' in texto
    assert "Moderaci\\u00f3n (1)" in texto
    client.force_login(f.personal(RolPersonal.EDITOR))
    texto = client.get("/admin/").content.decode()
    assert COLA not in texto


def test_la_decision_queda_en_el_historial(cliente):
    propuesta = f.enviada(f.reto())
    entrada = pendiente(propuesta)
    cliente.post(url_de(entrada), {"decision": "aprobada"})
    cliente = Client()
    cliente.force_login(f.persona(is_superuser=True))
    texto = cliente.get("/admin/reports/site-history/").content.decode()
    assert "Aprobada" in texto
    assert propuesta.titulo not in texto
