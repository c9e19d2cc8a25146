"""La cola de solicitudes en el administrador: quién entra, responder, prorrogar, suprimir, días no hábiles."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.menu import admin_menu
from wagtail.models import ModelLogEntry, Site

from cuentas.derechos.actions import presentar_solicitud, prorrogar_solicitud, responder_solicitud
from cuentas.documentos import huella_de_documento
from cuentas.enums import EstadoSolicitud, RolPersonal, TipoSolicitud
from cuentas.models import ConstanciaSupresion, DiaNoHabil, Participante, SolicitudDatos, Usuario
from cuentas.plazos import Calendario

from .. import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
R = RolPersonal
COLA, ANOTAR = "/admin/personas/solicitudes/", "/admin/personas/solicitudes/nueva/"
DIAS = "/admin/personas/solicitudes/dias-no-habiles/"
BOGOTA = ZoneInfo("America/Bogota")


@pytest.fixture
def administra():
    return f.personal(R.ADMINISTRACION)


@pytest.fixture
def cliente(client, administra):
    client.force_login(administra)
    return client


def solicitud(de=None, tipo=TipoSolicitud.QUEJA, **campos):
    datos = {"texto": "Lo que pide", "sitio": f.sitio(), **campos}
    return presentar_solicitud(tipo=tipo, participante=de and de.participante, **datos)


def url_de(s, nombre="solicitud"):
    return reverse(f"personas_derechos:{nombre}", args=[s.pk])


def otro_sitio():
    return Site.objects.create(hostname="otra.example.org", root_page=f.sitio().root_page, site_name="Otra")


# --- Quién entra -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rol", [None, "ciudadana", *[r for r in R if r != R.ADMINISTRACION]])
def test_sin_administracion_no_se_entra(rol):
    s = solicitud(contacto="luz@example.org", texto="Secreto de Luz", tipo=TipoSolicitud.SUPRESION)
    dia = DiaNoHabil.objects.create(sitio=f.sitio(), fecha=timezone.localdate(), motivo="x")
    cliente = Client()
    if rol:
        cliente.force_login(f.persona() if rol == "ciudadana" else f.personal(rol))
    urls = [COLA, ANOTAR, DIAS, *(url_de(s, n) for n in ("solicitud", "prorrogar", "suprimir"))]
    for url in [*urls, url_de(dia, "borrar_dia")]:
        for respuesta in (cliente.get(url), cliente.post(url, {"respuesta": "x"})):
            assert respuesta.status_code in (302, 403), url
            assert "Secreto de Luz" not in respuesta.content.decode()
    s.refresh_from_db()
    assert s.estado == EstadoSolicitud.ABIERTA
    assert DiaNoHabil.objects.exists()


def test_sin_ficha_csrf_no_se_cambia_nada(administra):
    s = solicitud()
    cliente = Client(enforce_csrf_checks=True)
    cliente.force_login(administra)
    for url in (ANOTAR, DIAS, *(url_de(s, n) for n in ("solicitud", "prorrogar", "suprimir"))):
        assert cliente.post(url, {"respuesta": "x"}).status_code == 403


def test_lo_de_otro_sitio_no_existe(cliente):
    ajena = solicitud(sitio=otro_sitio(), texto="De otra entidad")
    assert "De otra entidad" not in cliente.get(COLA).content.decode()
    for nombre in ("solicitud", "prorrogar", "suprimir"):
        assert cliente.get(url_de(ajena, nombre)).status_code == 404
    respuesta = cliente.post(ANOTAR, {"sitio": ajena.sitio_id, "tipo": "queja", "contacto": "x", "texto": "x"})
    assert list(respuesta.context["form"].errors) == ["sitio"]


# --- La cola -----------------------------------------------------------------------------------------


def test_la_cola_ordena_por_vencimiento_y_dice_el_semaforo(cliente):
    reciente = solicitud()
    vencida = solicitud(recibida_en=timezone.now() - timedelta(days=60))
    respondida = solicitud()
    responder_solicitud(solicitud=respondida, respuesta="Hecho", actor=f.personal(R.ADMINISTRACION))
    respuesta = cliente.get(COLA)
    assert [s.pk for s in respuesta.context["object_list"]] == [vencida.pk, reciente.pk]
    texto = respuesta.content.decode()
    assert "Vencida" in texto
    assert "A tiempo" in texto
    por_filtro = {
        "vencidas": [vencida.pk],
        "resueltas": [respondida.pk],
        "todas": [vencida.pk, reciente.pk, respondida.pk],
        "inventado": [vencida.pk, reciente.pk],
    }
    for filtro, esperadas in por_filtro.items():
        assert [s.pk for s in cliente.get(COLA, {"estado": filtro}).context["object_list"]] == esperadas, filtro
    assert not cliente.get(COLA, {"tipo": "consulta"}).context["object_list"]


@pytest.mark.parametrize("cuantas", [1, 3])
def test_consultas_de_la_cola(cliente, monkeypatch, django_assert_num_queries, cuantas):
    for _n in range(cuantas):
        solicitud(f.persona())
    # El menú crece con las otras salas.
    monkeypatch.setattr(admin_menu, "menu_items_for_request", lambda request: [])
    cliente.get(COLA)
    with django_assert_num_queries(12):
        cliente.get(COLA)


def test_la_lista_no_muestra_lo_que_escribio_la_persona(cliente):
    solicitud(contacto="luz@example.org", texto="Secreto de Luz")
    texto = cliente.get(COLA).content.decode()
    assert "Secreto" not in texto
    assert "luz@example.org" not in texto


# --- Anotar ---------------------------------------------------------------------------------------------


def test_anotar_una_que_llego_en_papel(cliente, administra, django_capture_on_commit_callbacks):
    datos = {"sitio": f.sitio().pk, "tipo": "consulta", "contacto": "luz@example.org", "texto": "¿Qué tienen?"}
    with django_capture_on_commit_callbacks(execute=True):
        assert cliente.post(ANOTAR, datos | {"recibida_en": "2026-04-01 10:00"}).status_code == 302
    s = SolicitudDatos.objects.get()
    assert s.recibida_en == datetime(2026, 4, 1, 10, tzinfo=BOGOTA)
    assert f"{s.vence_el:%Y-%m-%d}" == "2026-04-17"
    assert ModelLogEntry.objects.get(action="cuentas.anotar_solicitud").user_id == administra.pk
    assert [m.to for m in mail.outbox] == [["luz@example.org"]]


@pytest.mark.parametrize(
    ("cambios", "campo"),
    [
        ({"tipo": "x"}, "tipo"),
        ({"contacto": ""}, "contacto"),
        ({"contacto": "a" * 301}, "contacto"),
        ({"texto": ""}, "texto"),
        ({"recibida_en": "ayer"}, "recibida_en"),
        ({"recibida_en": "2999-01-01 10:00"}, "recibida_en"),
    ],
)
def test_anotar_mal_se_dice_junto_al_campo(cliente, cambios, campo):
    datos = {"sitio": f.sitio().pk, "tipo": "queja", "contacto": "Luz, Calle 1", "texto": "x", **cambios}
    respuesta = cliente.post(ANOTAR, datos)
    assert respuesta.status_code == 422
    assert list(respuesta.context["form"].errors) == [campo]
    assert not SolicitudDatos.objects.exists()


# --- Responder --------------------------------------------------------------------------------------------


def test_responder_cierra_y_escribe_a_la_persona(cliente, administra, django_capture_on_commit_callbacks):
    ana = f.persona("ana@example.org")
    s = solicitud(ana)
    with django_capture_on_commit_callbacks(execute=True):
        assert cliente.post(url_de(s), {"respuesta": "Ya lo corregimos."}).status_code == 302
    s.refresh_from_db()
    assert (s.estado, s.respuesta, s.atendida_por) == (EstadoSolicitud.RESUELTA, "Ya lo corregimos.", administra)
    assert mail.outbox[-1].to == ["ana@example.org"]
    assert "Ya lo corregimos." in mail.outbox[-1].body
    assert "Ya lo corregimos." not in str(ModelLogEntry.objects.values())
    assert cliente.post(url_de(s), {"respuesta": "Otra"}).status_code == 422
    s.refresh_from_db()
    assert s.respuesta == "Ya lo corregimos."


def test_responder_vacio_no_cierra(cliente):
    s = solicitud()
    respuesta = cliente.post(url_de(s), {"respuesta": " "})
    assert respuesta.status_code == 422
    assert list(respuesta.context["form"].errors) == ["respuesta"]


def test_sin_correo_se_avisa_que_hay_que_llevarla(cliente):
    assert "llévesela" in cliente.get(url_de(solicitud(contacto="Luz, Calle 1"))).content.decode()
    assert "llévesela" not in cliente.get(url_de(solicitud(contacto="luz@example.org"))).content.decode()


def test_dos_responden_a_la_vez_y_vale_una(hilos):
    s, jefa = solicitud(), f.personal(R.ADMINISTRACION)
    resultados = hilos(*[lambda: responder_solicitud(solicitud=s, respuesta="x", actor=jefa)] * 3)
    assert sorted(getattr(r, "code", "bien") for r in resultados) == ["bien", "resuelta", "resuelta"]


# --- Prorrogar ----------------------------------------------------------------------------------------------


def test_prorrogar_una_vez_dentro_de_la_ley(administra, django_capture_on_commit_callbacks):
    ana = f.persona("ana@example.org")
    s = solicitud(ana, TipoSolicitud.CONSULTA)
    maximo = Calendario(f.sitio()).sumar(s.vence_el, 5)
    for hasta in (s.vence_el, maximo + timedelta(days=1), Calendario(f.sitio()).sumar(s.vence_el, 6)):
        with pytest.raises(ValidationError):
            prorrogar_solicitud(solicitud=s, hasta=hasta, motivo="Faltan archivos", actor=administra)
    with django_capture_on_commit_callbacks(execute=True):
        prorrogar_solicitud(solicitud=s, hasta=maximo, motivo="Faltan archivos", actor=administra)
    s.refresh_from_db()
    assert (s.vence_el, s.motivo_prorroga) == (maximo, "Faltan archivos")
    assert "Faltan archivos" in mail.outbox[-1].body
    with pytest.raises(ValidationError) as error:
        prorrogar_solicitud(solicitud=s, hasta=maximo, motivo="Otra vez", actor=administra)
    assert error.value.code == "prorrogada"


def test_una_vencida_o_respondida_no_se_prorroga(administra):
    vencida = solicitud(recibida_en=timezone.now() - timedelta(days=60))
    respondida = solicitud()
    responder_solicitud(solicitud=respondida, respuesta="x", actor=administra)
    for s, codigo in ((vencida, "vencida"), (respondida, "resuelta")):
        with pytest.raises(ValidationError) as error:
            prorrogar_solicitud(solicitud=s, hasta=s.vence_el + timedelta(days=1), motivo="x", actor=administra)
        assert error.value.code == codigo


def test_prorrogar_en_pantalla(cliente):
    s = solicitud()
    assert cliente.get(url_de(s, "prorrogar")).status_code == 200
    respuesta = cliente.post(url_de(s, "prorrogar"), {"hasta": "1999-01-01", "motivo": "x"})
    assert respuesta.status_code == 422
    assert list(respuesta.context["form"].errors) == ["hasta"]
    hasta = Calendario(f.sitio()).sumar(s.vence_el, 1)
    assert cliente.post(url_de(s, "prorrogar"), {"hasta": hasta.isoformat(), "motivo": "x"}).status_code == 302
    assert "Ampliar el plazo" not in cliente.get(url_de(s)).content.decode()


# --- Suprimir por otra persona ---------------------------------------------------------------------------------


def test_suprimir_pide_el_correo_exacto_y_confirmar(cliente, administra):
    ana, berta = f.persona("ana@example.org", nombre="Ana"), f.persona("berta@example.org")
    s = solicitud(contacto="Ana, Calle 1", tipo=TipoSolicitud.SUPRESION)
    url = url_de(s, "suprimir")
    assert cliente.post(url, {"correo": "an@example.org"}).status_code == 422
    respuesta = cliente.post(url, {"correo": "ANA@example.org"})
    assert "Ana Ríos" in respuesta.content.decode()
    assert cliente.post(url, {"correo": "ana@example.org", "confirmar": "1"}).status_code == 422
    assert Usuario.objects.filter(pk=ana.pk).exists()
    assert cliente.post(url, {"correo": "ana@example.org", "confirmar": "1", "entiendo": "on"}).status_code == 302
    assert not Usuario.objects.filter(pk=ana.pk).exists()
    assert Usuario.objects.filter(pk=berta.pk).exists()
    s.refresh_from_db()
    assert (s.estado, s.texto, s.contacto) == (EstadoSolicitud.RESUELTA, "", "")
    historial = ModelLogEntry.objects.filter(user=administra)
    assert historial.filter(action="cuentas.buscar_titular").count() == 4
    assert historial.filter(action="cuentas.suprimir_datos").count() == 1
    assert "ana@example.org" not in str(list(historial.values()))


def test_suprimir_a_quien_participo_sin_cuenta_por_su_documento(cliente):
    papel = Participante.objects.create(nombre="Luz Mora", documento_hmac=huella_de_documento("CC", "1234567"))
    s = solicitud(contacto="Luz", tipo=TipoSolicitud.SUPRESION)
    datos = {"tipo_documento": "CC", "numero": "1.234.567", "confirmar": "1", "entiendo": "on"}
    assert cliente.post(url_de(s, "suprimir"), datos).status_code == 302
    papel.refresh_from_db()
    assert papel.suprimido
    assert ConstanciaSupresion.objects.count() == 1


@pytest.mark.parametrize(
    ("datos", "campo"),
    [
        ({}, "__all__"),
        ({"correo": "ana@example.org", "tipo_documento": "CC", "numero": "1234567"}, "__all__"),
        ({"correo": "no es correo"}, "correo"),
        ({"tipo_documento": "CC", "numero": "abc"}, "numero"),
        ({"tipo_documento": "", "numero": "1234567"}, "tipo_documento"),
    ],
)
def test_buscar_mal_se_dice_junto_al_campo(cliente, datos, campo):
    f.persona("ana@example.org")
    respuesta = cliente.post(url_de(solicitud(tipo=TipoSolicitud.SUPRESION), "suprimir"), datos)
    assert respuesta.status_code == 422
    assert list(respuesta.context["form"].errors) == [campo]


def test_no_se_suprime_a_otra_persona_que_quien_lo_pidio(cliente):
    ana, berta = f.persona("ana@example.org"), f.persona("berta@example.org")
    s = solicitud(ana, TipoSolicitud.SUPRESION)
    datos = {"correo": "berta@example.org", "confirmar": "1", "entiendo": "on"}
    assert cliente.post(url_de(s, "suprimir"), datos).status_code == 422
    assert Usuario.objects.filter(pk=berta.pk).exists()


def test_solo_se_suprime_lo_que_lo_pide_y_esta_abierto(cliente, administra):
    ana = f.persona("ana@example.org")
    queja, cerrada = solicitud(contacto="x"), solicitud(contacto="x", tipo=TipoSolicitud.SUPRESION)
    responder_solicitud(solicitud=cerrada, respuesta="No", actor=administra)
    datos = {"correo": "ana@example.org", "confirmar": "1", "entiendo": "on"}
    for s in (queja, cerrada):
        assert cliente.post(url_de(s, "suprimir"), datos).status_code == 422
    assert Usuario.objects.filter(pk=ana.pk).exists()


def test_no_se_suprime_a_alguien_del_personal(cliente):
    editora = f.personal(R.EDITOR)
    f.cuentas.participante_de(editora)
    datos = {"correo": editora.email, "confirmar": "1", "entiendo": "on"}
    respuesta = cliente.post(url_de(solicitud(tipo=TipoSolicitud.SUPRESION), "suprimir"), datos)
    assert respuesta.status_code == 422
    assert "quitarle sus roles" in respuesta.content.decode()


# --- Días no hábiles -------------------------------------------------------------------------------------------


def test_dias_no_habiles_se_anaden_y_se_quitan(cliente, administra):
    datos = {"sitio": f.sitio().pk, "fecha": "2026-12-24", "motivo": "Resolución 12"}
    assert cliente.post(DIAS, datos).status_code == 302
    dia = DiaNoHabil.objects.get()
    assert "Resolución 12" in cliente.get(DIAS).content.decode()
    assert not Calendario(f.sitio()).es_habil(dia.fecha)
    repetido = cliente.post(DIAS, datos)
    assert repetido.status_code == 422
    assert cliente.get(url_de(dia, "borrar_dia")).status_code == 405
    assert cliente.post(url_de(dia, "borrar_dia")).status_code == 302
    assert not DiaNoHabil.objects.exists()
    acciones = ModelLogEntry.objects.filter(user=administra).values_list("action", flat=True)
    assert set(acciones) == {"wagtail.create", "wagtail.delete"}


@pytest.mark.parametrize(("cambio", "campo"), [({"fecha": "x"}, "fecha"), ({"motivo": ""}, "motivo")])
def test_dia_mal_escrito_se_dice_junto_al_campo(cliente, cambio, campo):
    datos = {"sitio": f.sitio().pk, "fecha": "2026-12-24", "motivo": "Resolución 12", **cambio}
    respuesta = cliente.post(DIAS, datos)
    assert respuesta.status_code == 422
    assert list(respuesta.context["form"].errors) == [campo]


def test_el_menu_lo_muestra_solo_a_quien_administra(client, administra):
    for cuenta, se_ve in ((administra, True), (f.personal(R.ASISTIDA), False)):
        client.force_login(cuenta)
        assert (COLA in client.get("/admin/").content.decode()) is se_ve
