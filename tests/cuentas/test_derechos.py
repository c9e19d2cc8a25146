"""«Mis datos»: la copia, las solicitudes y el borrado desde la pantalla."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from cuentas.datos_personales import FUENTES
from cuentas.enums import EstadoSolicitud, TipoSolicitud
from cuentas.models import ConstanciaSupresion, Participante, SolicitudDatos, Soporte, Usuario
from cuentas.plazos import Calendario
from home.archivos import datos_de
from participacion.adjuntos.actions import guardar

from .. import fabricas as f

pytestmark = pytest.mark.django_db
DATOS, DESCARGA = "/mi-cuenta/datos/", "/mi-cuenta/datos/descargar/"
SOLICITAR, SUPRIMIR, SUPRIMIDOS = "/mi-cuenta/datos/solicitar/", "/mi-cuenta/datos/suprimir/", "/mi-cuenta/datos/suprimidos/"
CONFIRMAR = "/cuenta/reauthenticate/"


@pytest.fixture(autouse=True)
def _sin_limites_de_otra_prueba():
    cache.clear()


@pytest.fixture
def ana():
    return f.persona("ana@example.org", nombre="Ana", apellido="Ríos")


@pytest.fixture
def cliente(client, ana):
    client.force_login(ana)
    return client


@pytest.fixture
def confirmado(cliente):
    """Con la clave recién escrita."""
    cliente.post(CONFIRMAR, {"password": f.CLAVE})
    return cliente


def abrir(respuesta) -> zipfile.ZipFile:
    assert respuesta.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(respuesta.streaming_content)))


# --- Quién entra ---------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [DATOS, DESCARGA, SOLICITAR, SUPRIMIR])
def test_sin_cuenta_no_se_entra(client, url):
    for respuesta in (client.get(url), client.post(url, {"entiendo": "on"})):
        assert respuesta.status_code in (302, 405)
        if respuesta.status_code == 302:
            assert respuesta.url.startswith("/cuenta/login/")


@pytest.mark.parametrize("url", [DESCARGA, SUPRIMIR])
def test_bajar_y_borrar_piden_la_clave_otra_vez(cliente, url):
    respuesta = cliente.get(url)
    assert respuesta.status_code == 302
    assert respuesta.url.startswith(CONFIRMAR)
    despues = cliente.post(respuesta.url, {"password": f.CLAVE})
    assert despues.url == url
    assert cliente.get(url).status_code == 200


def test_la_confirmacion_vence(confirmado, settings):
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    assert confirmado.get(DESCARGA).url.startswith(CONFIRMAR)


def test_quien_entra_sin_clave_debe_haber_entrado_hace_poco(cliente, ana):
    """allauth da por buena cualquier sesión de quien no tiene con qué confirmar."""
    ana.set_unusable_password()
    ana.save()
    cliente.force_login(ana)
    respuesta = cliente.get(SUPRIMIR)
    assert respuesta.url == f"/cuenta/login/?next={SUPRIMIR}"
    assert cliente.get(DATOS).status_code == 302
    cliente.force_login(ana)
    sesion = cliente.session
    sesion["account_authentication_methods"] = [{"method": "code", "at": timezone.now().timestamp()}]
    sesion["account_authentication_methods_user"] = str(ana.pk)
    sesion.save()
    assert cliente.get(SUPRIMIR).status_code == 200


def test_borrar_sin_ficha_csrf_no_borra(ana):
    cliente = Client(enforce_csrf_checks=True)
    cliente.force_login(ana)
    for url in (SUPRIMIR, SOLICITAR, DESCARGA):
        assert cliente.post(url, {"entiendo": "on"}).status_code == 403
    assert Usuario.objects.filter(pk=ana.pk).exists()


# --- La copia ------------------------------------------------------------------------------------


def test_la_copia_trae_cada_fuente_y_sus_archivos(confirmado, ana):
    reto = f.reto()
    soporte = Soporte.objects.create(titular=ana.participante, **datos_de(f.pdf("cédula.pdf")))
    f.publicada(reto, ana, titulo="Mi título", adjunto=guardar(archivo=f.pdf(), participante=ana.participante))
    respuesta = confirmado.post(DESCARGA)
    assert respuesta["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert re.fullmatch(r'attachment; filename="mis-datos-\d{4}-\d\d-\d\d\.zip"', respuesta["Content-Disposition"])
    paquete = abrir(respuesta)
    assert paquete.testzip() is None
    nombres = set(paquete.namelist())
    assert {f"{clave}.json" for clave in FUENTES} <= nombres
    for nombre in nombres:
        if nombre.endswith(".json"):
            json.loads(paquete.read(nombre))
    cuenta = json.loads(paquete.read("cuentas.cuenta.json"))["Cuenta"]
    assert cuenta["correo electrónico"] == "ana@example.org"
    (propuesta,) = json.loads(paquete.read("retos.json"))["Propuestas"]
    assert (propuesta["título"], propuesta["estado"]) == ("Mi título", "Publicada")
    archivos = {n for n in nombres if n.startswith("archivos/")}
    assert archivos == {
        "archivos/cuentas.verificaciones/01-cédula.pdf",
        f"archivos/retos/01-{propuesta['referencia']}-anexo.pdf",
    }
    assert paquete.read("archivos/cuentas.verificaciones/01-cédula.pdf") == soporte.archivo.read()
    soporte.archivo.close()


def test_la_copia_no_trae_nada_de_otra_persona(confirmado, ana):
    berta = f.persona("berta@example.org", nombre="Berta", apellido="Mora")
    reto = f.reto()
    f.borrador(reto, berta, titulo="Secreto de Berta")
    Soporte.objects.create(titular=berta.participante, **datos_de(f.pdf("berta.pdf")))
    SolicitudDatos.objects.create(
        sitio=f.sitio(), participante=berta.participante, tipo="queja", texto="De Berta", recibida_en=timezone.now(),
        vence_el=timezone.localdate(),
    )  # fmt: skip
    f.borrador(reto, ana, titulo="De Ana")
    paquete = abrir(confirmado.post(DESCARGA))
    todo = " ".join([*paquete.namelist(), *(paquete.read(n).decode() for n in paquete.namelist() if n.endswith("json"))])
    assert "De Ana" in todo
    assert "erta" not in todo
    assert str(berta.participante.clave) not in todo


def test_un_nombre_de_archivo_hostil_no_sale_de_su_carpeta(confirmado, ana):
    Soporte.objects.create(titular=ana.participante, **datos_de(f.pdf()) | {"nombre": "../../etc/passwd"})
    nombres = abrir(confirmado.post(DESCARGA)).namelist()
    assert [n for n in nombres if n.startswith("archivos/")] == ["archivos/cuentas.verificaciones/01-....etcpasswd"]


def test_un_archivo_que_ya_no_esta_no_dana_la_copia(confirmado, ana):
    soporte = Soporte.objects.create(titular=ana.participante, **datos_de(f.pdf()))
    soporte.archivo.storage.delete(soporte.archivo.name)
    assert abrir(confirmado.post(DESCARGA)).testzip() is None


def test_la_copia_tiene_limite_por_hora(confirmado):
    estados = []
    for _vez in range(7):
        respuesta = confirmado.post(DESCARGA)
        estados.append(respuesta.status_code)
        if respuesta.streaming:
            abrir(respuesta)
    assert estados == [200] * 6 + [429]


# --- Las solicitudes --------------------------------------------------------------------------------


def test_solicitar_da_numero_plazo_y_acuse(cliente, ana, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        respuesta = cliente.post(SOLICITAR, {"tipo": "consulta", "texto": "¿Qué tienen de mí?"}, follow=True)
    solicitud = SolicitudDatos.objects.get()
    assert (solicitud.participante, solicitud.estado) == (ana.participante, EstadoSolicitud.ABIERTA)
    assert solicitud.vence_el == Calendario(f.sitio()).vencimiento(TipoSolicitud.CONSULTA, solicitud.recibida_en)
    texto = respuesta.content.decode()
    assert solicitud.numero in texto
    assert "¿Qué tienen de mí?" in texto
    (acuse,) = mail.outbox
    assert acuse.to == ["ana@example.org"]
    assert solicitud.numero in acuse.subject
    assert "¿Qué tienen de mí?" not in acuse.body


@pytest.mark.parametrize(
    ("datos", "campo"),
    [
        ({"tipo": "", "texto": "a"}, "tipo"),
        ({"tipo": "inventado", "texto": "a"}, "tipo"),
        ({"tipo": "queja", "texto": ""}, "texto"),
        ({"tipo": "queja", "texto": "a\x00"}, "texto"),
        ({"tipo": "queja", "texto": "a" * 5001}, "texto"),
    ],
)
def test_lo_mal_escrito_se_dice_junto_al_campo(cliente, datos, campo):
    respuesta = cliente.post(SOLICITAR, datos)
    assert respuesta.status_code == 422
    assert list(respuesta.context["formulario"].errors) == [campo]
    assert not SolicitudDatos.objects.exists()


def test_dos_iguales_abiertas_no(cliente):
    cliente.post(SOLICITAR, {"tipo": "queja", "texto": "uno"})
    respuesta = cliente.post(SOLICITAR, {"tipo": "queja", "texto": "dos"})
    assert respuesta.status_code == 422
    assert SolicitudDatos.objects.get().numero in respuesta.content.decode()
    assert cliente.post(SOLICITAR, {"tipo": "consulta", "texto": "otra cosa"}).status_code == 302


def test_muchas_al_dia_no(cliente):
    for _vez in range(10):
        cliente.post(SOLICITAR, {"tipo": "queja", "texto": "uno"})
    assert cliente.post(SOLICITAR, {"tipo": "consulta", "texto": "uno"}).status_code == 429


def test_dos_clics_a_la_vez_presentan_una(hilos):
    from cuentas.derechos.actions import presentar_solicitud

    participante = f.persona().participante
    resultados = hilos(
        *[lambda: presentar_solicitud(sitio=f.sitio(), tipo="queja", texto="x", participante=participante)] * 3
    )
    assert sorted(getattr(r, "code", "bien") for r in resultados) == ["bien", "repetida", "repetida"]
    assert SolicitudDatos.objects.count() == 1


def test_cada_quien_ve_sus_solicitudes_y_su_respuesta(cliente, ana):
    berta = f.persona()
    for de, texto in ((ana, "Texto de Ana"), (berta, "Texto de Berta")):
        SolicitudDatos.objects.create(
            sitio=f.sitio(), participante=de.participante, tipo="queja", texto=texto, respuesta=f"Respuesta a {texto}",
            estado=EstadoSolicitud.RESUELTA, recibida_en=timezone.now(), resuelta_en=timezone.now(),
            vence_el=timezone.localdate(),
        )  # fmt: skip
    texto = cliente.get(DATOS).content.decode()
    assert "Respuesta a Texto de Ana" in texto
    assert "Berta" not in texto


@pytest.mark.parametrize("cuantas", [1, 3])
def test_consultas_de_la_pantalla(cliente, ana, django_assert_num_queries, cuantas):
    for _n in range(cuantas):
        SolicitudDatos.objects.create(
            sitio=f.sitio(), participante=ana.participante, tipo="queja", texto="x",
            recibida_en=timezone.now() - timedelta(days=1), vence_el=timezone.localdate(),
        )  # fmt: skip
    cliente.get(DATOS)
    with django_assert_num_queries(5):
        cliente.get(DATOS)


# --- Borrar -------------------------------------------------------------------------------------------


def test_borrar_pide_confirmar(confirmado, ana):
    respuesta = confirmado.post(SUPRIMIR, {})
    assert respuesta.status_code == 422
    assert list(respuesta.context["formulario"].errors) == ["entiendo"]
    assert Usuario.objects.filter(pk=ana.pk).exists()


def test_borrar_desde_la_pantalla(confirmado, ana, django_capture_on_commit_callbacks):
    participante = ana.participante
    assert "Persona que retiró sus datos" in confirmado.get(SUPRIMIR).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        respuesta = confirmado.post(SUPRIMIR, {"entiendo": "on"})
    assert (respuesta.status_code, respuesta.url) == (302, SUPRIMIDOS)
    constancia = ConstanciaSupresion.objects.get()
    assert constancia.numero in confirmado.get(SUPRIMIDOS).content.decode()
    assert mail.outbox[-1].to == ["ana@example.org"]
    assert Participante.objects.get(pk=participante.pk).suprimido
    assert confirmado.get(DATOS).url.startswith("/cuenta/login/")
    assert constancia.numero not in Client().get(SUPRIMIDOS).content.decode()


def test_borrar_una_cuenta_que_nunca_participo(client):
    cuenta = f.cuenta("nueva@example.org")
    client.force_login(cuenta)
    client.post(CONFIRMAR, {"password": f.CLAVE})
    client.get(SUPRIMIR)
    f.cuentas.participante_de(cuenta)
    client.post(SUPRIMIR, {"entiendo": "on"})
    assert not Usuario.objects.filter(pk=cuenta.pk).exists()


def test_el_personal_lee_por_que_no_puede(client):
    cuenta = f.personal(f.RolPersonal.EDITOR)
    client.force_login(cuenta)
    client.post(CONFIRMAR, {"password": f.CLAVE})
    f.cuentas.participante_de(cuenta)
    respuesta = client.post(SUPRIMIR, {"entiendo": "on"})
    assert respuesta.status_code == 422
    assert "quitarle sus roles" in respuesta.content.decode()
    assert Usuario.objects.filter(pk=cuenta.pk).exists()
