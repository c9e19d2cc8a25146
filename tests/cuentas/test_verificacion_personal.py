"""Las verificaciones en el administrador: buscar a la persona, verificarla, anular."""

import pytest
from django.test import Client
from wagtail.admin.menu import admin_menu
from wagtail.models import ModelLogEntry

from cuentas.enums import NivelVerificacion, RolPersonal
from cuentas.models import Participante, Verificacion
from tests import fabricas as f
from tests.cuentas.test_personal import otro_sitio
from tests.cuentas.test_verificacion import CEDULA, nivel, padron, presencial, sin_cuenta, verificar

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
LISTA = "/admin/personas/verificacion/"
BUSCAR = f"{LISTA}nueva/"
R, N = RolPersonal, NivelVerificacion


@pytest.fixture
def oficial():
    return f.personal(R.ASISTIDA)


@pytest.fixture
def cliente(client, oficial):
    client.force_login(oficial)
    return client


def buscar(cliente, correo):
    return cliente.post(BUSCAR, {"correo": correo})


def ficha(cliente, usuario):
    respuesta = buscar(cliente, usuario.email)
    assert respuesta.status_code == 302
    return respuesta["Location"]


def datos(**cambios):
    return {"tipo": "CC", "numero": CEDULA, "nota": "Vino con su cédula original"} | cambios


@pytest.mark.parametrize(
    ("quien", "entra"),
    [
        (lambda: None, False),
        (f.persona, False),
        (lambda: f.personal(R.EDITOR), False),
        (lambda: f.personal(R.MODERACION), False),
        (lambda: f.personal(R.JURADO), False),
        (lambda: f.personal(R.ANALITICA), False),
        (lambda: f.personal(R.ASISTIDA, en=otro_sitio()), False),
        (lambda: f.personal(R.ASISTIDA), True),
        (lambda: f.personal(R.ADMINISTRACION), True),
        (lambda: f.persona(is_superuser=True), True),
    ],
)
def test_permisos_por_rol(client, cliente, quien, entra):
    ana, benito = f.persona(), f.persona()
    direccion = ficha(cliente, ana)
    hecha = presencial(benito, "2000000")
    client.logout()
    if usuario := quien():
        client.force_login(usuario)
    for ruta in (LISTA, BUSCAR, f"{LISTA}{hecha.pk}/anular/"):
        respuesta = client.get(ruta)
        assert respuesta.status_code == (200 if entra else 302), ruta
        assert (benito.email.encode() in respuesta.content) is False
    antes = ModelLogEntry.objects.filter(action="cuentas.buscar_persona").count()
    buscar(client, ana.email)
    assert ModelLogEntry.objects.filter(action="cuentas.buscar_persona").count() - antes == entra
    # La ficha de otra persona del personal no sirve a nadie más.
    assert client.post(direccion, datos()).status_code == 302
    assert nivel(ana) == N.CORREO
    client.post(f"{LISTA}{hecha.pk}/anular/", {"motivo": "Porque sí"})
    assert Verificacion.objects.vigentes().exists() is not entra


def test_buscar_por_el_correo_exacto_queda_en_el_historial(cliente, oficial):
    ana = f.persona("ana.rios@example.org")
    for otro in ("ana", "ana.rios@example", "ana.rios@example.co"):
        respuesta = buscar(cliente, otro)
        assert respuesta.status_code == 422
        assert otro in respuesta.content.decode()
    assert not ModelLogEntry.objects.filter(action="cuentas.buscar_persona").exists()
    direccion = ficha(cliente, f.Usuario(email="ANA.RIOS@example.org"))
    assert "example" not in direccion
    entrada = ModelLogEntry.objects.get(action="cuentas.buscar_persona")
    assert (entrada.user, entrada.object_id) == (oficial, str(ana.participante.pk))
    assert "ana.rios" not in f"{entrada.label}{entrada.data}"
    texto = cliente.get(direccion).content.decode()
    assert "Ana Ríos" in texto and "ana.rios@example.org" in texto


def test_una_cuenta_desactivada_no_se_encuentra(cliente):
    ana = f.persona()
    f.Usuario.objects.filter(pk=ana.pk).update(is_active=False)
    assert buscar(cliente, ana.email).status_code == 422


def test_verificar_con_soporte_y_verlo_en_la_lista(cliente, oficial):
    ana = f.persona()
    respuesta = cliente.post(ficha(cliente, ana), datos(archivo=f.pdf("cedula.pdf")))
    assert (respuesta.status_code, respuesta["Location"]) == (302, LISTA)
    assert nivel(ana) == N.PRESENCIAL
    verificacion = Verificacion.objects.get()
    assert verificacion.verificada_por == oficial
    texto = cliente.get(LISTA).content.decode()
    assert "Ana Ríos" in texto and "Vino con su cédula original" in texto
    assert f"/admin/personas/soportes/{verificacion.soporte.clave}/" in texto
    assert CEDULA not in texto
    assert "Ya está verificada en persona" in cliente.get(ficha(cliente, ana)).content.decode()


@pytest.mark.parametrize(
    ("cambios", "campo"),
    [
        ({"numero": "12"}, "numero"),
        ({"tipo": "NIT"}, "tipo"),
        ({"nota": ""}, "nota"),
        ({"nota": "n" * 1001}, "nota"),
        ({"numero": ""}, "numero"),
    ],
)
def test_lo_mal_escrito_se_dice_y_no_se_pierde(cliente, cambios, campo):
    ana = f.persona()
    respuesta = cliente.post(ficha(cliente, ana), datos(**cambios))
    assert respuesta.status_code == 422
    assert list(respuesta.context["form"].errors) == [campo]
    if campo != "nota":
        assert "Vino con su cédula original" in respuesta.content.decode()
    assert nivel(ana) == N.CORREO


@pytest.mark.parametrize("nombre", ["cedula.png", "cedula.docx"])
def test_un_soporte_que_no_es_lo_que_dice_se_rechaza(cliente, nombre):
    ana = f.persona()
    archivo = f.pdf(nombre)
    respuesta = cliente.post(ficha(cliente, ana), datos(archivo=archivo))
    assert respuesta.status_code == 422
    assert list(respuesta.context["form"].errors) == ["archivo"]
    assert not Verificacion.objects.exists()


def test_el_documento_de_otra_cuenta_se_dice_junto_al_numero(cliente):
    presencial(f.persona())
    respuesta = cliente.post(ficha(cliente, f.persona()), datos())
    assert respuesta.status_code == 422
    assert "Ese documento ya identifica a otra cuenta." in respuesta.context["form"].errors["numero"]
    assert 'name="unir"' not in respuesta.content.decode()


def test_unir_pide_confirmarlo(cliente):
    rosa, ana = sin_cuenta(), f.persona()
    direccion = ficha(cliente, ana)
    assert 'name="unir"' not in cliente.get(direccion).content.decode()
    respuesta = cliente.post(direccion, datos())
    assert respuesta.status_code == 422
    assert 'name="unir"' in respuesta.content.decode()
    assert "Rosa Papel" not in respuesta.content.decode()
    assert cliente.post(direccion, datos(unir="on")).status_code == 302
    rosa.refresh_from_db()
    assert (rosa.cuenta, rosa.nivel) == (ana, N.PRESENCIAL)


def test_la_ficha_vence_y_no_se_falsifica(cliente, monkeypatch):
    ana = f.persona()
    direccion = ficha(cliente, ana)
    assert cliente.get(f"{BUSCAR}falsa/")["Location"] == BUSCAR
    monkeypatch.setattr("cuentas.verificacion.admin_views._VIGENCIA", -1)
    respuesta = cliente.post(direccion, datos(), follow=True)
    assert "Busque otra vez a la persona" in respuesta.content.decode()
    assert nivel(ana) == N.CORREO


def test_nadie_se_verifica_a_si_mismo(cliente, oficial):
    respuesta = cliente.post(ficha(cliente, oficial), datos())
    assert respuesta.status_code == 422
    assert "Nadie se verifica a sí mismo" in respuesta.content.decode()


def test_anular_pide_motivo_y_lo_muestra(cliente):
    ana = f.persona()
    hecha = presencial(ana)
    direccion = f"{LISTA}{hecha.pk}/anular/"
    assert cliente.get(direccion).status_code == 200
    respuesta = cliente.post(direccion, {"motivo": " "})
    assert respuesta.status_code == 422
    assert nivel(ana) == N.PRESENCIAL
    cliente.post(direccion, {"motivo": "La foto no era la suya"})
    assert nivel(ana) == N.CORREO
    assert "La foto no era la suya" in cliente.get(LISTA).content.decode()
    assert "ya estaba anulada" in cliente.post(direccion, {"motivo": "Otra"}, follow=True).content.decode()


def test_anular_y_liberar_el_documento(cliente):
    padron(CEDULA)
    ana = f.persona()
    hecha = verificar(ana)
    cliente.post(f"{LISTA}{hecha.pk}/anular/", {"motivo": "No era suya", "liberar_documento": "on"})
    assert Participante.objects.get(cuenta=ana).documento_hmac is None
    assert verificar(f.persona()).nivel == N.REGISTRO


def test_de_quien_no_tiene_cuenta_no_se_ofrece_liberar(cliente, oficial):
    from cuentas.verificacion.actions import verificar_presencial

    hecha = verificar_presencial(participante=sin_cuenta(), tipo="CC", numero=CEDULA, nota="Vino", actor=oficial)
    assert "Rosa Papel" in cliente.get(LISTA).content.decode()
    assert "liberar_documento" not in cliente.get(f"{LISTA}{hecha.pk}/anular/").content.decode()


@pytest.mark.parametrize("cuantas", [1, 3])
def test_consultas_de_la_lista(cliente, monkeypatch, django_assert_num_queries, cuantas):
    lista = padron(*[f"200000{n}" for n in range(cuantas)])
    for n in range(cuantas):
        ana = f.persona()
        verificar(ana, f"200000{n}")
        presencial(ana, f"200000{n}", archivo=f.pdf())
    monkeypatch.setattr(admin_menu, "menu_items_for_request", lambda request: [])
    texto = cliente.get(LISTA).content.decode()
    assert texto.count(lista.nombre) == cuantas
    with django_assert_num_queries(12):
        cliente.get(LISTA)


@pytest.mark.parametrize("pagina", ["99", "-1", "x"])
def test_una_pagina_que_no_existe_muestra_otra(cliente, pagina):
    assert cliente.get(LISTA, {"p": pagina}).status_code == 200


def test_sin_ficha_csrf_no_se_cambia_nada(oficial):
    cliente = Client(enforce_csrf_checks=True)
    cliente.force_login(oficial)
    ana = f.persona()
    hecha = presencial(ana)
    assert buscar(cliente, ana.email).status_code == 403
    assert cliente.post(f"{LISTA}{hecha.pk}/anular/", {"motivo": "Sí"}).status_code == 403
    assert nivel(ana) == N.PRESENCIAL


@pytest.mark.parametrize(
    ("roles", "entradas"),
    [
        ([R.ASISTIDA], {"Verificaciones", "Acudientes"}),
        ([R.ADMINISTRACION], {"Verificaciones", "Acudientes", "Padrones", "Personal"}),
        ([R.EDITOR], set()),
    ],
)
def test_el_menu_muestra_lo_que_cada_rol_puede(client, rf, roles, entradas):
    usuario = f.personal(*roles)
    client.force_login(usuario)
    peticion = client.get("/admin/").wsgi_request
    menu = {item.name: item for item in admin_menu.menu_items_for_request(peticion)}
    nuestras = {"Verificaciones", "Acudientes", "Padrones", "Personal"}
    hijas = menu["personas"].menu.menu_items_for_request(peticion) if "personas" in menu else []
    assert {str(hija.label) for hija in hijas} & nuestras == entradas
    for hija in hijas:
        assert client.get(hija.url).status_code == 200
    assert "personal" not in menu
