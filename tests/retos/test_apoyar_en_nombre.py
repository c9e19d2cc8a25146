"""La pantalla de apoyar: en nombre de quién, con y sin HTMX."""

import pytest
from django.core.management import call_command
from django.test import Client

from cuentas import actions as cuentas
from cuentas.models import Organizacion
from cuentas.organizaciones.actions import terminar_membresia
from participacion.apoyos.models import Apoyo
from tests import fabricas as f

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def entrar(usuario):
    cliente = Client()
    cliente.force_login(usuario)
    return cliente


@pytest.fixture
def propuesta():
    return f.publicada(f.reto())


@pytest.fixture
def ana():
    return f.persona()


def detalle(propuesta):
    return f"/propuestas/{propuesta.pk}/"


def apoyar(cliente, propuesta, org="", **kwargs):
    return cliente.post(f"{detalle(propuesta)}apoyar/", {"organizacion": getattr(org, "pk", org)}, **kwargs)


def test_sin_organizaciones_es_un_solo_boton(propuesta, ana):
    f.organizacion(f.persona(), nombre="Ajena")
    pagina = entrar(ana).get(detalle(propuesta)).text
    assert "Apoyar esta propuesta" in pagina and "En nombre de quién" not in pagina and "Ajena" not in pagina


def test_con_organizaciones_se_elige_y_se_dice_en_nombre_de_quien(propuesta, ana):
    org = f.organizacion(ana, nombre="Junta El Roble")
    cliente = entrar(ana)
    pagina = cliente.get(detalle(propuesta)).text
    assert "¿En nombre de quién la apoya?" in pagina and f'value="{org.pk}"' in pagina
    assert apoyar(cliente, propuesta, org).url == f"{detalle(propuesta)}#apoyo"
    assert Apoyo.objects.get().organizacion == org
    assert "incluido el que usted dio en nombre de Junta El Roble" in cliente.get(detalle(propuesta)).text
    cliente.post(f"{detalle(propuesta)}apoyar/", {"accion": "retirar"})
    assert not Apoyo.objects.exists()
    call_command("verificar_registro")


def test_la_otra_integrante_ve_que_ya_apoyo_y_apoya_como_persona(propuesta, ana):
    org, beto = f.organizacion(ana, nombre="Junta El Roble"), f.persona()
    org.membresias.create(participante=beto.participante, rol="integrante")
    de_beto = entrar(beto)
    de_beto.get(detalle(propuesta))  # con la página ya abierta
    apoyar(entrar(ana), propuesta, org)
    respuesta = apoyar(de_beto, propuesta, org, follow=True)
    assert "Junta El Roble ya dio su apoyo. Usted puede apoyar en su propio nombre." in respuesta.text
    assert f'value="{org.pk}" disabled' in respuesta.text
    apoyar(de_beto, propuesta)
    assert sorted(Apoyo.objects.values_list("organizacion", flat=True), key=str) == [org.pk, None]


def test_con_la_pagina_abierta_al_perder_la_membresia(propuesta, ana):
    org, beto = f.organizacion(ana, nombre="Junta El Roble"), f.persona()
    membresia = org.membresias.create(participante=beto.participante, rol="integrante")
    cliente = entrar(beto)
    assert f'value="{org.pk}"' in cliente.get(detalle(propuesta)).text
    terminar_membresia(membresia=membresia, actor=ana)
    respuesta = apoyar(cliente, propuesta, org, follow=True)
    assert "Ya no puede actuar en nombre de Junta El Roble" in respuesta.text
    assert not Apoyo.objects.exists()
    # Lo que dio antes sigue como estaba.
    otra = f.publicada(f.reto())
    membresia = org.membresias.create(participante=beto.participante, rol="integrante")
    apoyar(cliente, otra, org)
    terminar_membresia(membresia=membresia, actor=ana)
    assert Apoyo.objects.get().organizacion == org
    assert "incluido el que usted dio en nombre de Junta El Roble" in cliente.get(detalle(otra)).text


@pytest.mark.parametrize("valor", ["ajena", "999999", "9" * 40, "x", "-1", "1.0"])
def test_una_organizacion_que_no_es_suya_no_dice_si_existe(propuesta, ana, valor):
    ajena = f.organizacion(f.persona(), nombre="Secreta SAS")
    respuesta = apoyar(entrar(ana), propuesta, ajena if valor == "ajena" else valor, follow=True)
    assert "No puede actuar en nombre de esa organización." in respuesta.text and "Secreta" not in respuesta.text
    assert not Apoyo.objects.exists()


def test_con_htmx_los_mensajes_van_en_el_fragmento(propuesta, ana):
    org, beto = f.organizacion(ana, nombre="Junta El Roble"), f.persona()
    org.membresias.create(participante=beto.participante, rol="integrante")
    respuesta = apoyar(entrar(ana), propuesta, org, headers=HTMX)
    assert "<html" not in respuesta.text and "en nombre de Junta El Roble" in respuesta.text
    respuesta = apoyar(entrar(beto), propuesta, org, headers=HTMX)
    assert "Junta El Roble ya dio su apoyo" in respuesta.text


def test_consultas_iguales_con_1_y_3_organizaciones(propuesta, ana, django_assert_num_queries):
    cliente = entrar(ana)
    f.organizacion(ana)
    cliente.get(detalle(propuesta))
    for _vez in range(2):
        with django_assert_num_queries(10):
            assert cliente.get(detalle(propuesta)).status_code == 200
        f.organizacion(ana), f.organizacion(ana)


# --- La marca de verificada ------------------------------------------------------------------


def test_la_marca_de_verificada_sigue_a_la_organizacion_en_detalle_lista_y_reto(client, ana):
    reto, org = f.reto(), f.organizacion(ana, nombre="Junta El Roble")
    propuesta = f.publicada(reto, ana, en_nombre_de=org)
    f.publicada(reto, ana)
    for verificada in (None, "2026-01-01T00:00Z", None):
        Organizacion.objects.filter(pk=org.pk).update(verificada_en=verificada)
        for url in (detalle(propuesta), f"{reto.url}propuestas/", reto.url):
            assert client.get(url).text.count("Organización verificada") == (1 if verificada else 0), (url, verificada)


def test_el_contacto_de_la_organizacion_no_sale_en_lo_publico(client, ana):
    org = f.organizacion(ana, correo="secreto@org.example", telefono="300 555 0101", nit="8909039388")
    reto = f.reto()
    propuesta = f.publicada(reto, ana, en_nombre_de=org)
    Apoyo.objects.all()
    for url in (detalle(propuesta), f"{reto.url}propuestas/", reto.url):
        for quien in (client, entrar(f.persona())):
            pagina = quien.get(url).text
            assert org.nombre in pagina
            assert not any(dato in pagina for dato in ("secreto@org", "555 0101", "8909039388"))


def test_participante_nuevo_puede_apoyar(propuesta):
    """Una cuenta que nunca actuó no tiene aún participante: mirar y apoyar no fallan."""
    nueva = f.cuenta()
    cliente = entrar(nueva)
    assert cliente.get(detalle(propuesta)).status_code == 200
    assert apoyar(cliente, propuesta).status_code == 422
    assert cuentas.participante_de(nueva).apoyos.count() == 0
