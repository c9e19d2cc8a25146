"""La cola de autorizaciones en papel en el administrador."""

import pytest
from django.core import mail
from django.test import Client
from wagtail.admin.menu import admin_menu

from cuentas.enums import EstadoAutorizacion, RolPersonal
from cuentas.models import AutorizacionAcudiente
from tests import fabricas as f
from tests.cuentas.test_acudientes import en_papel, firmada, le_falta, menor, pedida
from tests.cuentas.test_personal import otro_sitio

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
COLA = "/admin/personas/acudientes/"
R, E = RolPersonal, EstadoAutorizacion


@pytest.fixture
def oficial():
    return f.personal(R.ASISTIDA)


@pytest.fixture
def cliente(client, oficial):
    client.force_login(oficial)
    return client


def aprobar(**cambios):
    return {
        "accion": "aprobar", "nombre": "Luz Mora", "parentesco": "madre", "tipo": "CC", "numero": "31.000.111",
        "finalidades": ["participar", "nombre_publico"],
    } | cambios  # fmt: skip


@pytest.mark.parametrize(
    ("quien", "entra"),
    [
        (lambda: None, False),
        (menor, False),
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
def test_permisos_por_rol(client, quien, entra):
    juana = menor()
    autorizacion = en_papel(juana)
    if usuario := quien():
        client.force_login(usuario)
    for ruta in (COLA, f"{COLA}?vista=todas", f"{COLA}{autorizacion.pk}/"):
        respuesta = client.get(ruta)
        assert respuesta.status_code == (200 if entra else 302), ruta
        assert ("Juana Mora" in respuesta.content.decode()) is entra
    client.post(f"{COLA}{autorizacion.pk}/", aprobar())
    assert (le_falta(juana) == []) is entra


def test_aprobar_lo_que_dice_el_formato(cliente, oficial):
    juana = menor()
    autorizacion = en_papel(juana)
    texto = cliente.get(f"{COLA}{autorizacion.pk}/").content.decode()
    assert f"/admin/personas/soportes/{autorizacion.soporte.clave}/" in texto
    assert "checked" not in texto
    respuesta = cliente.post(f"{COLA}{autorizacion.pk}/", aprobar())
    assert (respuesta.status_code, respuesta["Location"]) == (302, COLA)
    autorizacion.refresh_from_db()
    assert (autorizacion.estado, autorizacion.revisada_por, autorizacion.documento) == (E.VIGENTE, oficial, "CC:31000111")
    assert autorizacion.finalidades == ["participar", "nombre_publico"]
    assert le_falta(juana) == []
    (mensaje,) = mail.outbox
    assert (mensaje.to, mensaje.subject) == ([juana.email], "Ya tiene la autorización de su acudiente")
    assert "31000111" not in mensaje.body


@pytest.mark.parametrize(
    ("cambios", "campo"),
    [
        ({"finalidades": ["nombre_publico"]}, "finalidades"),
        ({"finalidades": []}, "finalidades"),
        ({"numero": "1"}, "numero"),
        ({"tipo": "NUIP"}, "tipo"),
        ({"parentesco": ""}, "parentesco"),
    ],
)
def test_lo_incompleto_se_dice_junto_a_su_campo(cliente, cambios, campo):
    juana = menor()
    autorizacion = en_papel(juana)
    respuesta = cliente.post(f"{COLA}{autorizacion.pk}/", aprobar(**cambios))
    assert respuesta.status_code == 422
    assert list(respuesta.context["aprobar"].errors) == [campo]
    assert 'value="Luz Mora"' in respuesta.content.decode()
    assert le_falta(juana) == ["acudiente"] and mail.outbox == []


def test_rechazar_pide_un_motivo_y_se_lo_cuenta_al_menor(cliente, client):
    juana = menor()
    autorizacion = en_papel(juana)
    direccion = f"{COLA}{autorizacion.pk}/"
    assert cliente.post(direccion, {"accion": "rechazar", "motivo": " "}).status_code == 422
    assert cliente.post(direccion, {"accion": "rechazar", "motivo": "Falta la firma"}).status_code == 302
    autorizacion.refresh_from_db()
    assert (autorizacion.estado, autorizacion.motivo) == (E.RECHAZADA, "Falta la firma")
    assert "Falta la firma" in mail.outbox[0].body
    client.force_login(juana)
    assert "Falta la firma" in client.get("/mi-cuenta/acudiente/").content.decode()


def test_revocar_a_pedido_de_quien_vino(cliente):
    juana = menor()
    autorizacion = firmada(juana)
    assert "31000111" in cliente.get(f"{COLA}{autorizacion.pk}/").content.decode()
    assert cliente.post(f"{COLA}{autorizacion.pk}/", {"accion": "revocar"}).status_code == 302
    assert le_falta(juana) == ["acudiente"]
    assert mail.outbox[-1].subject == "La autorización de su acudiente ya no vale"


def test_la_que_espera_el_enlace_no_se_puede_aprobar(cliente):
    juana = menor()
    autorizacion, _codigo = pedida(juana)
    for accion in ("aprobar", "rechazar", "otra"):
        respuesta = cliente.post(f"{COLA}{autorizacion.pk}/", aprobar(accion=accion, motivo="No"), follow=True)
        assert "ya se había decidido" in respuesta.content.decode()
    assert le_falta(juana) == ["acudiente"]


def test_dos_del_personal_deciden_y_vale_la_primera(cliente):
    autorizacion = en_papel()
    cliente.post(f"{COLA}{autorizacion.pk}/", aprobar())
    respuesta = cliente.post(f"{COLA}{autorizacion.pk}/", {"accion": "rechazar", "motivo": "No"}, follow=True)
    assert "ya se había decidido" in respuesta.content.decode()
    autorizacion.refresh_from_db()
    assert autorizacion.estado == E.VIGENTE


def test_con_el_correo_caido_la_decision_queda(cliente, monkeypatch):
    def caido(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("cuentas.adaptador.AdaptadorCuentas.enviar", caido)
    juana = menor()
    respuesta = cliente.post(f"{COLA}{en_papel(juana).pk}/", aprobar(), follow=True)
    assert "no se pudo avisar por correo" in respuesta.content.decode()
    assert le_falta(juana) == []


def test_la_cola_muestra_lo_que_espera_y_todas_lo_demas(cliente):
    en_papel(menor())
    firmada(menor())
    assert cliente.get(COLA).context["paginator"].count == 1
    assert cliente.get(COLA, {"vista": "todas"}).context["paginator"].count == 2


@pytest.mark.parametrize("cuantas", [1, 3])
def test_consultas_de_la_cola(cliente, monkeypatch, django_assert_num_queries, cuantas):
    for _n in range(cuantas):
        en_papel(menor())
    monkeypatch.setattr(admin_menu, "menu_items_for_request", lambda request: [])
    assert cliente.get(COLA).content.decode().count("Juana Mora") == cuantas
    with django_assert_num_queries(12):
        cliente.get(COLA)


def test_sin_ficha_csrf_no_se_decide(oficial):
    cliente = Client(enforce_csrf_checks=True)
    cliente.force_login(oficial)
    autorizacion = en_papel()
    assert cliente.post(f"{COLA}{autorizacion.pk}/", aprobar()).status_code == 403
    assert AutorizacionAcudiente.objects.get().estado == E.POR_REVISAR


def test_una_que_no_existe_da_404(cliente):
    assert cliente.get(f"{COLA}999/").status_code == 404
