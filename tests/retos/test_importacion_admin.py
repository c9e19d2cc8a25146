"""La importación desde el administrador: subir, revisar, cargar."""

import csv
import io
import os
import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from wagtail.models import Site

from cuentas.enums import RolPersonal
from cuentas.models import AsignacionRol
from participacion.registro.models import Acto
from retos.importacion import espera, forms
from retos.models import CierreReto, Propuesta
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
REAL = Path(__file__).parents[1] / "datos" / "propuestas_madrid.csv"
SUBIR = "/admin/importar-propuestas/"
CABEZA = "id;titulo;descripcion;votos;fecha;retirada\n"
DOS = CABEZA + "1;Uno;<p>Texto <b>uno</b></p>;3;15/01/2024;\n2;Dos;;0;16/01/2024;20/01/2024\n"
MALA = DOS + "3;;;0;16/01/2024;\n"


@pytest.fixture(autouse=True)
def _privado_propio(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "privado": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "privado"},
        },
    }


@pytest.fixture
def pagina():
    return f.reto("Agua para todos")


@pytest.fixture
def quien(client):
    cuenta = f.personal(RolPersonal.ADMINISTRACION)
    client.force_login(cuenta)
    return cuenta


def archivo(contenido, nombre="propuestas.csv"):
    return SimpleUploadedFile(nombre, contenido if isinstance(contenido, bytes) else contenido.encode())


def subir(client, pagina, contenido, **campos):
    datos = {"reto": pagina.ejercicio.pk, "fuente": "Decide Madrid", "archivo": archivo(contenido), **campos}
    return client.post(SUBIR, datos)


def revisar(client, pagina, contenido, **consulta):
    """La dirección y la respuesta de la vista previa."""
    respuesta = subir(client, pagina, contenido)
    assert respuesta.status_code == 302, respuesta.context["form"].errors
    return respuesta["Location"], client.get(respuesta["Location"], consulta)


def ocultos(respuesta):
    """Los campos del formulario que confirma."""
    formulario = re.search(r'<form method="post">.*?</form>', respuesta.content.decode(), re.S)
    assert formulario, "no se ofrece cargar"
    pares = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', formulario[0])
    return {nombre: valor for nombre, valor in pares if nombre != "csrfmiddlewaretoken"}


def guardados():
    try:
        return storages["privado"].listdir(espera.CARPETA)[1]
    except FileNotFoundError:
        return []


# --- Quién --------------------------------------------------------------------------


@pytest.mark.parametrize("rol", [RolPersonal.EDITOR, RolPersonal.MODERACION, RolPersonal.ANALITICA])
def test_otros_roles_no_importan(client, pagina, rol):
    client.force_login(f.personal(rol))
    assert "Importar propuestas" not in client.get("/admin/").content.decode()
    for respuesta in (
        client.get(SUBIR),
        subir(client, pagina, DOS),
        client.get(f"{SUBIR}x/"),
        client.post(f"{SUBIR}x/"),
    ):
        assert (respuesta.status_code, respuesta["Location"]) == (302, "/admin/")
    assert guardados() == []


def test_sin_sesion_o_sin_ser_personal_no_se_entra(client, pagina):
    assert "/login/" in client.get(SUBIR)["Location"]
    client.force_login(f.persona())
    assert client.get(SUBIR).status_code == 302
    assert subir(client, pagina, DOS).status_code == 302
    assert guardados() == []


def test_solo_los_retos_del_sitio_donde_se_tiene_el_rol(client, pagina, quien):
    ajeno = f.reto("De otro sitio").ejercicio
    otro = Site.objects.create(hostname="otro.example.org", root_page=f.sitio().root_page)
    type(ajeno).objects.filter(pk=ajeno.pk).update(sitio=otro)
    contenido = client.get(SUBIR).content.decode()
    assert "Agua para todos" in contenido
    assert "De otro sitio" not in contenido
    respuesta = subir(client, pagina, DOS, reto=ajeno.pk)
    assert (respuesta.status_code, list(respuesta.context["form"].errors)) == (422, ["reto"])


def test_la_ficha_no_sirve_a_otra_cuenta(client, pagina, quien):
    direccion, _vista = revisar(client, pagina, DOS)
    client.force_login(f.personal(RolPersonal.ADMINISTRACION))
    assert client.get(direccion)["Location"] == SUBIR
    assert client.post(direccion, {"codificacion": "utf-8"})["Location"] == SUBIR
    assert not Propuesta.objects.exists()


def test_quien_pierde_el_rol_no_termina(client, pagina, quien):
    direccion, vista = revisar(client, pagina, DOS)
    confirmado = ocultos(vista)
    AsignacionRol.objects.filter(usuario=quien).delete()
    assert client.get(direccion)["Location"] == "/admin/"
    assert client.post(direccion, confirmado)["Location"] == "/admin/"
    assert not Propuesta.objects.exists()


def test_cargar_exige_csrf(client, pagina, quien):
    direccion, vista = revisar(client, pagina, DOS)
    client.handler.enforce_csrf_checks = True
    assert client.post(direccion, ocultos(vista)).status_code == 403
    assert not Propuesta.objects.exists()


# --- El camino entero ---------------------------------------------------------------


def test_subir_revisar_y_cargar(client, pagina, quien):
    assert "Importar propuestas" in client.get("/admin/").content.decode()
    direccion, vista = revisar(client, pagina, DOS)
    texto = vista.content.decode()
    assert {n: cuantas for n, _etiqueta, cuantas in vista.context["cuentas"]} == {
        "importada": 2,
        "ya_estaba": 0,
        "distinta": 0,
        "rechazada": 0,
    }
    for esperado in ("Todavía no se ha cargado nada", "Por importar", "3 apoyos importados", "Texto <b>uno</b>", "Dos"):
        assert esperado in texto
    assert not Propuesta.objects.exists()
    assert len(guardados()) == 1

    respuesta = client.post(direccion, ocultos(vista), follow=True)
    assert respuesta.redirect_chain[-1][0] == f"{direccion}resultado/"
    assert "Se cargaron 2 propuestas" in respuesta.content.decode()
    assert respuesta.context["lista"] == f"/retos/{pagina.slug}/propuestas/"
    assert client.get(respuesta.context["lista"]).content.decode().count("Uno") >= 1
    assert Propuesta.objects.filter(fuente="Decide Madrid").count() == 2
    assert [nombre[-5:] for nombre in guardados()] == [".json"]

    actos = Acto.objects.count()
    assert client.post(direccion, ocultos(vista))["Location"] == f"{direccion}resultado/"
    assert client.get(direccion)["Location"] == SUBIR
    assert Acto.objects.count() == actos
    descarga = client.get(f"{direccion}resultado/?descargar=1")
    assert descarga["Content-Disposition"] == 'attachment; filename="informe-importacion.csv"'
    filas = list(csv.reader(io.StringIO(descarga.content.decode("utf-8-sig")), delimiter=";"))
    assert [(fila[1], fila[3]) for fila in filas[1:]] == [("1", "Importada"), ("2", "Importada")]


def test_lo_que_ya_estaba_no_se_ofrece_cargar(client, pagina, quien):
    direccion, vista = revisar(client, pagina, DOS)
    client.post(direccion, ocultos(vista))
    _direccion, vista = revisar(client, pagina, DOS)
    assert "No hay nada nuevo que cargar" in vista.content.decode()
    assert '<form method="post">' not in vista.content.decode()


def test_con_rechazadas_solo_se_carga_si_se_pide(client, pagina, quien):
    direccion, vista = revisar(client, pagina, MALA)
    texto = vista.content.decode()
    assert "línea 4" in texto and "No tiene título." in texto and "no se cargaría ninguna" in texto
    assert '<form method="post">' not in texto
    columnas = {f"columna_{c}": i for i, c in enumerate(["id", "titulo", "descripcion", "apoyos", "fecha", "retirada"])}
    pedido = {"codificacion": "utf-8", "delimitador": ";", **columnas}
    respuesta = client.post(direccion, pedido)
    assert respuesta.status_code == 422
    assert "No se cargó nada" in respuesta.content.decode()
    assert not Propuesta.objects.exists()

    vista = client.get(direccion, {**pedido, "omitir_malas": "on"})
    assert "Cargar 2 propuestas" in vista.content.decode()
    client.post(direccion, ocultos(vista))
    assert Propuesta.objects.count() == 2


def test_columnas_y_lectura_se_pueden_cambiar(client, pagina, quien):
    datos = "clave;asunto del vecino;cuándo\n1;Año nuevo;01/02/2024\n".encode("cp850")
    direccion, vista = revisar(client, pagina, datos)
    assert "informe" not in vista.context
    assert "Año nuevo" not in vista.content.decode()
    pedido = {
        "codificacion": "cp850",
        "delimitador": ";",
        "columna_id": 0,
        "columna_titulo": 1,
        "columna_fecha": 2,
        "orden_fecha": "",
    }
    vista = client.get(direccion, pedido)
    assert "se pueden leer de dos maneras" in vista.content.decode()
    assert "Año nuevo" in vista.content.decode()
    vista = client.get(direccion, pedido | {"orden_fecha": "mda"})
    assert "se pueden leer de dos maneras" not in vista.content.decode()
    client.post(direccion, ocultos(vista))
    assert timezone.localtime(Propuesta.objects.get().enviada_en).month == 1


def test_fechas_contradictorias_se_dicen_junto_al_campo(client, pagina, quien):
    _direccion, vista = revisar(client, pagina, "id;titulo;fecha\n1;A;13/02/2024\n2;B;02/13/2024\n")
    assert "mezcla fechas" in vista.context["columnas"].errors["orden_fecha"][0]


@pytest.mark.parametrize(
    "consulta",
    [
        {"codificacion": "x"},
        {"codificacion": "utf-8", "delimitador": "\t\t"},
        {"codificacion": "utf-16", "delimitador": ";"},
        {"codificacion": "utf-8", "delimitador": "|"},
        {"columna_id": "99"},
        {"columna_id": "-1", "columna_titulo": "uno", "orden_fecha": "zzz"},
        {"columna_id": "0", "columna_titulo": "0", "columna_fecha": "0"},
        {"columna_id": "0", "columna_titulo": "1", "columna_fecha": "1"},
        {"descargar": "1", "columna_id": ""},
    ],
)
def test_eleccion_absurda_se_explica_y_nunca_se_carga(client, pagina, quien, consulta):
    direccion, _vista = revisar(client, pagina, DOS)
    for respuesta in (client.get(direccion, consulta), client.post(direccion, consulta)):
        assert respuesta.status_code in (200, 422)
        assert b'<form method="post">' not in respuesta.content
    assert not Propuesta.objects.exists()


# --- Archivos malos -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("contenido", "mensaje"),
    [
        (b"", "vacío"),
        (b"PK\x03\x04" + b"\x00" * 50, "libro de cálculo"),
        (bytes(range(256)) * 40, "caracteres nulos"),
        ('id;titulo\n1;"sin cerrar\n', "comillas"),
        ("sin columnas\n", "No se reconocen columnas"),
        ("id;titulo\n", "sólo tiene el encabezado"),
        ("id;titulo\n" + "1;a\n" * (forms.LINEAS_WEB + 1), "manage.py importar_propuestas"),
        (b"id;titulo\n" + b"x" * 20 * 1024 * 1024, "20 MB"),
    ],
)
def test_archivo_malo_se_explica_junto_al_campo(client, pagina, quien, contenido, mensaje):
    respuesta = subir(client, pagina, contenido)
    assert respuesta.status_code == 422
    assert mensaje in respuesta.context["form"].errors["archivo"][0]
    assert respuesta.context["form"].data["fuente"] == "Decide Madrid"
    assert guardados() == []


@pytest.mark.parametrize("fuente", ["", "\u200b", "a\x00b", "x" * 41])
def test_fuente_mala_se_explica(client, pagina, quien, fuente):
    respuesta = subir(client, pagina, DOS, fuente=fuente)
    assert (respuesta.status_code, list(respuesta.context["form"].errors)) == (422, ["fuente"])


def test_celda_de_un_mega_se_rechaza_por_linea(client, pagina, quien):
    _direccion, vista = revisar(client, pagina, CABEZA + f"1;T;{'x' * 1024 * 1024};0;15/01/2024;\n")
    assert vista.context["rechazadas"] == 1


def test_html_y_formulas_del_archivo_son_inertes_en_pantalla_e_informe(client, pagina, quien):
    malo = '<script>alert("malo")</script>=1<img src=x onerror=malo()>'
    celda = malo.replace('"', '""')
    encabezado = "id;titulo;descripcion;votos;fecha;" + '"<b>malo</b>"\n'
    direccion, vista = revisar(client, pagina, encabezado + f'"{celda}";"{celda}";"{celda}";0;15/01/2024;\n"=2";;;;;\n')
    texto = vista.content.decode()
    assert "<script>alert(" not in texto and "onerror=malo" not in texto.replace("&lt;img src=x onerror=malo", "")
    assert "<b>malo</b>" not in texto
    informe = client.get(direccion, {"descargar": "1"}).content.decode("utf-8-sig")
    assert "\r\n3;'=2;" in informe


def test_nombre_de_archivo_y_ficha_falsos(client, pagina, quien):
    respuesta = subir(client, pagina, DOS, archivo=archivo(DOS, "../../<b>malo</b>.csv"))
    assert "<b>malo" not in client.get(respuesta["Location"]).content.decode()
    for ficha in ("x", "a:b:c", espera._SAL, "%00"):
        assert client.get(f"{SUBIR}{ficha}/").status_code in (302, 400)


# --- Lo que espera no se queda ------------------------------------------------------


def test_lo_abandonado_se_borra_al_subir_otro(client, pagina, quien):
    revisar(client, pagina, DOS)
    (viejo,) = guardados()
    antes = time.time() - espera.VIGENCIA.total_seconds() - 60
    os.utime(storages["privado"].path(f"{espera.CARPETA}/{viejo}"), (antes, antes))
    revisar(client, pagina, DOS)
    assert len(guardados()) == 1 and viejo not in guardados()


def test_ficha_vencida(client, pagina, quien, monkeypatch):
    direccion, _vista = revisar(client, pagina, DOS)
    monkeypatch.setattr(espera, "VIGENCIA", timedelta(seconds=-1))
    assert client.get(direccion)["Location"] == SUBIR


def test_archivo_que_desaparece_entre_pasos(client, pagina, quien):
    direccion, vista = revisar(client, pagina, DOS)
    storages["privado"].delete(f"{espera.CARPETA}/{guardados()[0]}")
    assert client.post(direccion, ocultos(vista))["Location"] == SUBIR
    assert client.get(f"{direccion}resultado/")["Location"] == SUBIR


def test_archivo_real_desde_el_navegador(client, pagina, quien):
    direccion, vista = revisar(client, pagina, REAL.read_bytes())
    assert vista.context["importadas"] == 1369
    respuesta = client.post(direccion, ocultos(vista), follow=True)
    assert "1369" in respuesta.content.decode() or "1.369" in respuesta.content.decode()
    assert Propuesta.objects.count() == 1369


def test_a_un_reto_que_ya_rindio_cuentas_no_se_importa(client, quien, pagina):
    url, vista = revisar(client, pagina, DOS)
    datos = ocultos(vista)
    CierreReto.objects.create(ejercicio=pagina.ejercicio, conclusiones="Fin.", en=timezone.now())
    respuesta = client.post(url, datos)
    assert (respuesta.status_code, "Este reto ya se cerró" in respuesta.text) == (422, True)
    assert not Propuesta.objects.exists()
    respuesta = subir(client, pagina, DOS)
    assert respuesta.context["form"].errors["reto"]
