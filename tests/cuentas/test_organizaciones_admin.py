"""La verificación de organizaciones por el personal, en el administrador."""

import json
import re

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import ModelLogEntry

from cuentas.enums import ResultadoRevision, RolMembresia, RolPersonal
from cuentas.models import Organizacion, RevisionOrganizacion
from cuentas.organizaciones import actions
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
LISTA = "/admin/personas/organizaciones/"
V = ResultadoRevision


def entrar(usuario):
    cliente = Client()
    cliente.force_login(usuario)
    return cliente


def detalle(org):
    return f"{LISTA}{org.pk}/"


def pedida(nombre="Junta El Roble", de=None, **campos):
    de = de or f.persona()
    org = f.organizacion(de, nombre=nombre, **campos)
    return actions.pedir_verificacion(organizacion=org, archivo=f.pdf("camara.pdf"), actor=de)


def revisar(cliente, org, resultado, nota="Certificado vigente", **cambios):
    org.refresh_from_db()
    datos = {"resultado": resultado, "nota": nota, "vista": json.dumps(org.identidad), **cambios}
    return cliente.post(detalle(org), datos)


@pytest.fixture
def funcionaria():
    return f.personal(RolPersonal.ASISTIDA)


@pytest.fixture
def cliente(funcionaria):
    return entrar(funcionaria)


@pytest.mark.parametrize("rol", list(RolPersonal))
def test_permisos_por_rol(rol):
    org = pedida(correo="secreto@org.example")
    cliente = entrar(f.personal(rol))
    puede = rol in (RolPersonal.ASISTIDA, RolPersonal.ADMINISTRACION)
    for ruta in (LISTA, detalle(org)):
        respuesta = cliente.get(ruta)
        assert respuesta.status_code == (200 if puede else 302)
        assert puede or respuesta.url == "/admin/"
    revisar(cliente, org, V.VERIFICADA)
    org.refresh_from_db()
    assert bool(org.verificada_en) is puede


@pytest.mark.parametrize("usuario", [None, "ciudadania"])
def test_sin_ser_del_personal_no_se_entra(usuario):
    org = pedida()
    cliente = entrar(f.persona()) if usuario else Client()
    assert [cliente.get(r).status_code for r in (LISTA, detalle(org))] == [302, 302]
    revisar(cliente, org, V.VERIFICADA)
    org.refresh_from_db()
    assert org.verificada_en is None


def test_la_cola_y_sus_filtros(cliente):
    pendiente = pedida("Pendiente", nit="8909039388")
    Organizacion.objects.filter(pk=pedida("Verificada").pk).update(verificada_en="2026-01-01T00:00Z")
    f.organizacion(f.persona(), nombre="Callada", tipo="empresa")

    def nombres(consulta):
        respuesta = cliente.get(f"{LISTA}?{consulta}")
        assert respuesta.status_code == 200
        return sorted(org.nombre for org in respuesta.context["object_list"])

    assert nombres("") == nombres("vista=inventada") == ["Pendiente"]
    assert nombres("vista=verificadas") == ["Verificada"]
    assert nombres("vista=todas") == ["Callada", "Pendiente", "Verificada"]
    assert nombres("vista=todas&tipo=empresa") == ["Callada"]
    assert nombres("vista=todas&texto=call") == ["Callada"]
    assert nombres("vista=todas&texto=890.903.938") == ["Pendiente"]
    assert cliente.get(f"{LISTA}?tipo=marciana").status_code == 400
    assert pendiente.soporte.nombre in cliente.get(detalle(pendiente)).text


def test_consultas_iguales_con_1_y_3(cliente, django_assert_num_queries):
    pedida()
    cliente.get(LISTA)
    for _vez in range(2):
        with django_assert_num_queries(17):
            assert cliente.get(LISTA).status_code == 200
        pedida(), pedida()


def test_verificar_anota_avisa_y_se_ve(cliente, funcionaria):
    ana = f.persona()
    org = pedida(de=ana)
    soporte = org.soporte
    assert revisar(cliente, org, V.VERIFICADA).status_code == 302
    org.refresh_from_db()
    assert org.verificada_en and org.verificacion_pedida_en is None and org.soporte is None
    revision = RevisionOrganizacion.objects.get()
    assert (revision.resultado, revision.nota, revision.soporte) == ("verificada", "Certificado vigente", soporte)
    assert revision.revisada_por == funcionaria
    assert ModelLogEntry.objects.get(action="cuentas.revisar_organizacion").data == {"resultado": "verificada"}
    (correo,) = mail.outbox
    assert correo.to == [ana.email] and "Certificado vigente" in correo.body and "Verificada" in correo.body
    assert "Organización verificada" in entrar(ana).get(f"/mi-cuenta/organizaciones/{org.pk}/").text
    assert re.search(rf'href="/admin/personas/soportes/{soporte.clave}/"', cliente.get(detalle(org)).text)


def test_rechazar_y_retirar_dicen_por_que_a_quien_representa(cliente):
    ana = f.persona()
    org = pedida(de=ana)
    revisar(cliente, org, V.RECHAZADA, nota="El certificado está vencido")
    pagina = entrar(ana).get(f"/mi-cuenta/organizaciones/{org.pk}/").text
    assert "El certificado está vencido" in pagina and "Sin verificar" in pagina
    revisar(cliente, org, V.VERIFICADA)
    revisar(cliente, org, V.RETIRADA, nota="Se disolvió")
    org.refresh_from_db()
    assert org.verificada_en is None
    assert [r.resultado for r in org.revisiones.all()] == ["retirada", "verificada", "rechazada"]
    assert len(mail.outbox) == 3


@pytest.mark.parametrize("nota", ["", " \u200b ", "x" * 2001])
def test_sin_nota_no_se_revisa(cliente, nota):
    org = pedida()
    respuesta = revisar(cliente, org, V.VERIFICADA, nota=nota)
    assert respuesta.status_code == 422 and respuesta.context["form"].errors["nota"]
    assert not RevisionOrganizacion.objects.exists() and not mail.outbox


@pytest.mark.parametrize("vista", ["", "{", "[]", "[1, 2, 3]", "null", '{"a": 1}'])
def test_vista_manipulada_no_da_500(cliente, vista):
    assert revisar(cliente, pedida(), V.VERIFICADA, vista=vista).status_code == 422
    assert not RevisionOrganizacion.objects.exists()


def test_toda_transicion():
    funcionaria = f.personal(RolPersonal.ASISTIDA)
    estados = {
        "callada": ({}, {V.VERIFICADA}),
        "pendiente": ({"verificacion_pedida_en": "2026-01-01T00:00Z"}, {V.VERIFICADA, V.RECHAZADA}),
        "verificada": ({"verificada_en": "2026-01-01T00:00Z"}, {V.RETIRADA}),
    }
    for campos, posibles in estados.values():
        for resultado in V:
            org = f.organizacion(f.persona())
            Organizacion.objects.filter(pk=org.pk).update(**campos)
            datos = {"organizacion": org, "resultado": resultado, "nota": "n", "vista": org.identidad}
            if resultado in posibles:
                actions.revisar_organizacion(**datos, actor=funcionaria)
            else:
                with pytest.raises(ValidationError) as caso:
                    actions.revisar_organizacion(**datos, actor=funcionaria)
                assert caso.value.code == "transicion"


def test_si_cambia_de_nombre_mientras_la_revisan_no_se_verifica(cliente):
    ana = f.persona()
    org = pedida(de=ana)
    vista = json.dumps(org.identidad)
    org.nombre = "Alcaldía de Cartago"
    actions.editar_organizacion(organizacion=org, actor=ana)
    respuesta = revisar(cliente, org, V.VERIFICADA, vista=vista)
    assert respuesta.status_code == 422 and "mírela otra vez" in respuesta.text
    org.refresh_from_db()
    assert org.verificada_en is None
    # Con lo que ahora tiene delante, sí.
    de_nuevo = respuesta.context["form"]["vista"].value()
    assert revisar(cliente, org, V.VERIFICADA, vista=de_nuevo).status_code == 302


def test_nadie_revisa_su_propia_organizacion(funcionaria, cliente):
    org = pedida()
    org.membresias.create(participante=f.habilitar(funcionaria).participante, rol=RolMembresia.INTEGRANTE)
    respuesta = revisar(cliente, org, V.VERIFICADA)
    assert respuesta.status_code == 422 and "debe revisarla otra persona" in respuesta.text
    assert not RevisionOrganizacion.objects.exists()


def test_con_el_correo_caido_queda_anotado(cliente, monkeypatch):
    org = pedida()

    def caido(*args, **kwargs):
        raise OSError

    monkeypatch.setattr("cuentas.adaptador.AdaptadorCuentas.enviar", caido)
    respuesta = cliente.post(
        detalle(org), {"resultado": "verificada", "nota": "n", "vista": json.dumps(org.identidad)}, follow=True
    )
    assert "no salió" in respuesta.text and RevisionOrganizacion.objects.count() == 1


def test_hilos_dos_funcionarias_a_la_vez_una_revision(hilos):
    org = pedida()
    personal = [f.personal(RolPersonal.ASISTIDA) for _ in range(4)]
    salidas = hilos(
        *[
            lambda p=p: actions.revisar_organizacion(
                organizacion=org, resultado=V.VERIFICADA, nota="n", vista=org.identidad, actor=p
            )
            for p in personal
        ]
    )
    assert sum(isinstance(s, RevisionOrganizacion) for s in salidas) == 1
    assert {s.code for s in salidas if isinstance(s, ValidationError)} == {"transicion"}


@pytest.mark.parametrize("pk", [0, 10**30])
def test_una_que_no_existe_es_404(cliente, pk):
    assert cliente.get(f"{LISTA}{pk}/").status_code == 404
