"""Subir un padrón: se lee a medida que llega, nada en claro toca el disco, y vale entero o no vale."""

import os
import re
import sqlite3
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from wagtail.admin.menu import admin_menu
from wagtail.models import ModelLogEntry

from cuentas.documentos import huella_de_padron
from cuentas.enums import TRANSICIONES_PADRON, EstadoPadron, NivelVerificacion, RolPersonal
from cuentas.models import DocumentoPadron, Padron, Verificacion
from cuentas.verificacion import espera, lectura, padrones
from cuentas.verificacion.lectura import Lectura
from tests import fabricas as f
from tests.cuentas.test_personal import otro_sitio
from tests.cuentas.test_verificacion import nivel, verificar

pytestmark = pytest.mark.django_db
LISTA = "/admin/personas/verificacion/padrones/"
SUBIR = f"{LISTA}nuevo/"
CABEZA = "tipo_documento;numero_documento\n"
CEDULA = "1032456789"
R, E = RolPersonal, EstadoPadron


@pytest.fixture(autouse=True)
def _carpetas_propias(settings, tmp_path):
    """Lo que quede en ellas es de esta prueba."""
    (tmp_path / "tmp").mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "tmp"
    settings.STORAGES = {
        **settings.STORAGES,
        "privado": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "privado"},
        },
    }


@pytest.fixture
def trabajar(trabajar, django_capture_on_commit_callbacks):
    """También hace lo que espera a que la transacción se confirme."""

    def ejecutar():
        with django_capture_on_commit_callbacks(execute=True):
            trabajar()

    return ejecutar


def leer(contenido, trozo=64 * 1024):
    datos = contenido if isinstance(contenido, bytes) else contenido.encode()
    leido = Lectura()
    for i in range(0, len(datos), trozo):
        leido.recibir(datos[i : i + trozo])
    leido.terminar()
    return leido


def en_espera(leido):
    return {hmac for lote in espera.lotes(leido.espera.archivo, 2) for hmac in lote}


def esperadas(leido, *documentos):
    return {huella_de_padron(leido.sal, *documento) for documento in documentos}


def archivos(carpeta):
    return [ruta for ruta in Path(carpeta).rglob("*") if ruta.is_file()]


def privados():
    return archivos(storages["privado"].location)


def crear(contenido=CABEZA + f"CC;{CEDULA}\nCC;2000000\n", **campos):
    leido = leer(contenido)
    assert leido.sirve, leido.errores
    return padrones.crear_padron(
        nombre="Suscriptores",
        sitio=f.sitio(),
        sal=leido.sal,
        pide_fecha=leido.pide_fecha,
        total=leido.total,
        archivo=leido.espera.archivo,
        actor=campos.pop("actor", None) or f.personal(R.ADMINISTRACION),
    )


# --- Leer ---------------------------------------------------------------------------------

DOS = [("CC", CEDULA), ("NUIP", "1098765432")]


@pytest.mark.parametrize("trozo", [1, 7, 65536])
@pytest.mark.parametrize(
    "contenido",
    [
        f"tipo_documento;numero_documento\nCC;{CEDULA}\nTI;1098765432\n",
        f"tipo_documento,numero_documento\nCC,{CEDULA}\nTI,1098765432",
        "tipo_documento;numero_documento\r\ncc;1.032.456.789\r\nNUIP;1098765432\r\n",
        f"\ufefftipo_documento;numero_documento\nCC;{CEDULA}\nTI;1098765432\n",
        '"Tipo_Documento","NUMERO_DOCUMENTO"\n"CC","1,032,456,789"\n"TI",1098765432\n',
        f"tipo_documento;numero_documento;;\nCC;{CEDULA};;\n;;;\n\nTI;1098765432;;\n",
        "tipo_documento;numero_documento\nCC;1032\xa0456\xa0789\nTI;1098765432\n".encode("latin-1"),
        "tipo_documento;numero_documento\nCC;1032\xa0456\xa0789\nTI;1098765432\n".encode(),
    ],
    ids=["punto y coma", "coma", "CRLF", "BOM", "comillas", "columnas y filas vacías", "Latin-1", "UTF-8"],
)
def test_se_lee_como_venga(contenido, trozo):
    leido = leer(contenido, trozo)
    assert (leido.errores, leido.total, leido.pide_fecha) == ([], 2, False)
    assert en_espera(leido) == esperadas(leido, *DOS)


def test_con_fecha_la_huella_la_lleva():
    leido = leer(f"tipo_documento;numero_documento;fecha_expedicion\nCC;{CEDULA};31/12/2015\nTI;1098765432;2021-07-01\n")
    assert (leido.errores, leido.pide_fecha) == ([], True)
    assert en_espera(leido) == esperadas(leido, ("CC", CEDULA, "2015-12-31"), ("TI", "1098765432", "2021-07-01"))


@pytest.mark.parametrize(
    ("contenido", "error"),
    [
        (b"", "El archivo está vacío."),
        (CABEZA, "El archivo sólo tiene el encabezado: no hay documentos que cargar."),
        ("cedula;nombre\nCC;1032456789\n", "Línea 1: debe decir «tipo_documento;numero_documento»"),
        ("numero_documento;tipo_documento\n1032456789;CC\n", "Línea 1: debe decir"),
        (f"CC;{CEDULA}\n", "Línea 1: debe decir"),
        ("tipo_documento;numero_documento;nombre\nCC;1032456789;Ana\n", "Línea 1: debe decir"),
        (CABEZA + f"CC;{CEDULA}\nNIT;900123456\n", "Línea 3: El tipo de documento debe ser CC, NUIP, TI, CE, PA o PPT."),
        (CABEZA + f"CC;{CEDULA}\n\nCC;1032456789.0\n", "Línea 4: El número de documento no es válido para ese tipo."),
        (CABEZA + f"CC;{CEDULA};Ana\n", "Línea 2: tiene 3 columnas y el encabezado 2."),
        (CABEZA + "CC\n", "Línea 2: tiene 1 columnas y el encabezado 2."),
        (CABEZA + 'CC;"1032456789\n', "Línea 2: las comillas están mal puestas o sin cerrar."),
        (CABEZA + f"CC;{CEDULA}\nCC;2000000\ncc;1.032.456.789\n", "Línea 4: el documento está repetido: ya estaba en la línea 2."),
        (CABEZA + "CC;" + "1" * 2000, "Línea 2: es demasiado larga"),
        (CABEZA + "CC;1032\x00456\n", "El archivo no es un CSV."),
        (b"PK\x03\x04" + os.urandom(5000), "El archivo no es un CSV."),
        (b"\xd0\xcf\x11\xe0" + b"x" * 500, "El archivo no es un CSV."),
        ((CABEZA + f"CC;{CEDULA}\n").encode("utf-16"), "El archivo no es un CSV."),
        (os.urandom(3000).replace(b"\n", b"x").replace(b"\x00", b"x"), "Línea 1: es demasiado larga"),
        (
            f"tipo_documento;numero_documento;fecha_expedicion\nCC;{CEDULA};2015-13-01\n",
            "Línea 2: La fecha de expedición debe ser",
        ),
        (f"tipo_documento;numero_documento;fecha_expedicion\nCC;{CEDULA};2999-01-01\n", "Línea 2: La fecha"),
        (f"tipo_documento;numero_documento;fecha_expedicion\nCC;{CEDULA};\n", "Línea 2: La fecha"),
        (
            f"tipo_documento;numero_documento;fecha_expedicion\nCC;{CEDULA};2015-12-31\nCC;{CEDULA};2016-12-31\n",
            "Línea 3: el documento está repetido: ya estaba en la línea 2.",
        ),
    ],
)
@pytest.mark.parametrize("trozo", [5, 65536])
def test_cada_error_dice_su_linea_y_no_repite_el_numero(contenido, error, trozo):
    leido = leer(contenido, trozo)
    assert not leido.sirve
    assert leido.total_errores == 1, leido.errores
    assert leido.errores[0].startswith(error), leido.errores
    assert not re.search(r"\d{5,}", leido.errores[0])


def test_se_cuentan_todos_los_errores_y_se_muestran_cincuenta():
    leido = leer(CABEZA + "CC;1\n" * 70)
    assert (leido.total_errores, len(leido.errores)) == (70, 50)
    assert leido.errores[0].startswith("Línea 2:") and leido.errores[-1].startswith("Línea 51:")


def test_pasar_del_maximo_se_dice_y_deja_de_leer(monkeypatch):
    monkeypatch.setattr(lectura, "LINEAS_MAXIMAS", 3)
    exacto = CABEZA + "".join(f"CC;200000{n}\n" for n in range(3))
    assert leer(exacto).sirve
    leido = leer(exacto + "CC;2000009\n" * 50)
    assert leido.errores == ["El archivo tiene más de 3 documentos: divídalo."]


def test_en_memoria_solo_queda_el_final_de_una_linea():
    leido = Lectura()
    leido.recibir((CABEZA + f"CC;{CEDULA}\nCC;20000").encode())
    en_memoria = [str(valor) for valor in vars(leido).values()]
    assert not [valor for valor in en_memoria if CEDULA in valor]
    assert leido._resto == b"CC;20000"
    leido.recibir(b"x" * 5000)
    assert leido._resto == b"" and leido.total_errores == 1
    leido.descartar()


def test_lo_que_espera_en_el_disco_es_solo_huellas():
    leido = leer(CABEZA + "".join(f"CC;20000{n:03}\n" for n in range(500)))
    assert leido.sirve
    (archivo,) = privados()
    contenido = archivo.read_bytes()
    assert not re.search(rb"20000\d\d\d", contenido)
    assert leido.sal.encode() not in contenido


# --- La pantalla --------------------------------------------------------------------------


@pytest.fixture
def administra():
    return f.personal(R.ADMINISTRACION)


@pytest.fixture
def cliente(client, administra):
    client.force_login(administra)
    return client


def subir(cliente, contenido, nombre="Suscriptores", archivo="padron.csv"):
    datos = contenido if isinstance(contenido, bytes) else contenido.encode()
    return cliente.post(SUBIR, {"nombre": nombre, "archivo": SimpleUploadedFile(archivo, datos)})


@pytest.mark.parametrize(
    ("quien", "entra"),
    [
        (lambda: None, False),
        (f.persona, False),
        (lambda: f.personal(R.EDITOR), False),
        (lambda: f.personal(R.MODERACION), False),
        (lambda: f.personal(R.ANALITICA), False),
        (lambda: f.personal(R.ASISTIDA), False),
        (lambda: f.personal(R.ADMINISTRACION, en=otro_sitio()), False),
        (lambda: f.personal(R.ADMINISTRACION), True),
        (lambda: f.persona(is_superuser=True), True),
    ],
)
def test_los_padrones_son_de_administracion(client, quien, entra):
    ajeno = crear()
    if usuario := quien():
        client.force_login(usuario)
    for ruta in (LISTA, SUBIR, f"{LISTA}plantilla.csv", f"{LISTA}{ajeno.pk}/", f"{LISTA}{ajeno.pk}/cerrar/"):
        assert client.get(ruta).status_code == (200 if entra else 302), ruta
    respuesta = subir(client, CABEZA + "CC;3000000\n")
    assert respuesta.status_code == 302
    client.post(f"{LISTA}{ajeno.pk}/cerrar/", {"accion": "detener"})
    ajeno.refresh_from_db()
    assert (ajeno.estado == E.FALLIDO) is entra
    assert Padron.objects.count() == (2 if entra else 1)
    # A quien no puede no se le recibe nada.
    assert len(privados()) == (2 if entra else 1)


def test_subir_cargar_y_verificarse(cliente, trabajar, settings):
    ana = f.persona()
    respuesta = subir(cliente, CABEZA + f"CC;{CEDULA}\nTI;1098765432\n")
    padron = Padron.objects.get()
    assert (respuesta.status_code, respuesta["Location"]) == (302, f"{LISTA}{padron.pk}/")
    assert (padron.estado, padron.total, padron.cargados, padron.pide_fecha) == (E.CARGANDO, 2, 0, False)
    with pytest.raises(ValidationError):
        verificar(ana)
    texto = cliente.get(f"{LISTA}{padron.pk}/").content.decode()
    assert "0 de 2 documentos" in texto and 'hx-trigger="every 2s"' in texto
    trabajar()
    padron.refresh_from_db()
    assert (padron.estado, padron.cargados, padron.archivo) == (E.VIGENTE, 2, "")
    assert padron.documentos.count() == 2
    assert privados() == [] and archivos(settings.FILE_UPLOAD_TEMP_DIR) == []
    texto = cliente.get(f"{LISTA}{padron.pk}/").content.decode()
    assert "2 documentos. Vale desde" in texto and "hx-get" not in texto
    assert verificar(ana).padron == padron
    acciones = set(ModelLogEntry.objects.for_instance(padron).values_list("action", flat=True))
    assert acciones == {"cuentas.crear_padron", "cuentas.padron_vigente"}


def test_ningun_numero_toca_el_disco_aunque_el_archivo_sea_grande(cliente, settings, monkeypatch):
    """Django pasa a un temporal lo que supera 2,5 MB: aquí no debe crear ni abrir ninguno."""
    from django.core.files import uploadhandler

    def prohibido(*args, **kwargs):
        raise AssertionError("se guardó lo subido")

    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", prohibido)
    monkeypatch.setattr(uploadhandler, "InMemoryUploadedFile", prohibido)
    lineas = "".join(f"CC;{20_000_000 + n}{' ' * 250}\n" for n in range(11_000))
    assert len(lineas) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    assert subir(cliente, CABEZA + lineas + "CC;1\n").status_code == 422
    assert privados() == []
    assert subir(cliente, CABEZA + lineas).status_code == 302
    (archivo,) = privados()
    assert not re.search(rb"CC;|200000\d\d", archivo.read_bytes())
    assert archivos(settings.FILE_UPLOAD_TEMP_DIR) == []


def test_con_errores_no_se_carga_nada_y_se_conserva_el_nombre(cliente):
    respuesta = subir(cliente, CABEZA + f"CC;{CEDULA}\nCC;12\nNIT;900\n", nombre="Mi padrón")
    texto = respuesta.content.decode()
    assert respuesta.status_code == 422
    assert "2 errores en el archivo" in texto
    assert "Línea 3: El número de documento" in texto and "Línea 4: El tipo de documento" in texto
    assert 'value="Mi padrón"' in texto
    assert CEDULA not in texto
    assert not Padron.objects.exists() and privados() == []
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize(
    "datos",
    [
        {},
        {"nombre": "Sin archivo"},
        {"nombre": "", "archivo": SimpleUploadedFile("p.csv", f"{CABEZA}CC;{CEDULA}\n".encode())},
        {"nombre": "Otro campo", "otro": SimpleUploadedFile("p.csv", f"{CABEZA}CC;{CEDULA}\n".encode())},
        {"nombre": "Vacío", "archivo": SimpleUploadedFile("p.csv", b"")},
        {"nombre": "n" * 121, "archivo": SimpleUploadedFile("p.csv", f"{CABEZA}CC;{CEDULA}\n".encode())},
    ],
    ids=["nada", "sin archivo", "sin nombre", "en otro campo", "vacío", "nombre largo"],
)
def test_un_envio_incompleto_se_explica(cliente, datos):
    respuesta = cliente.post(SUBIR, datos)
    assert respuesta.status_code == 422
    assert respuesta.context["form"].errors
    assert not Padron.objects.exists() and privados() == []


def test_dos_archivos_en_el_mismo_envio_vale_el_primero(cliente, trabajar):
    uno, dos = (SimpleUploadedFile("p.csv", f"{CABEZA}CC;{n}\n".encode()) for n in (CEDULA, "2000000"))
    assert cliente.post(SUBIR, {"nombre": "Dos", "archivo": [uno, dos]}).status_code == 302
    trabajar()
    assert Padron.objects.get().total == 1
    assert len(privados()) == 0


def test_un_envio_cortado_no_deja_nada(cliente):
    limite = "XX"
    cuerpo = (
        f'--{limite}\r\nContent-Disposition: form-data; name="nombre"\r\n\r\nCortado\r\n'
        f'--{limite}\r\nContent-Disposition: form-data; name="archivo"; filename="p.csv"\r\n\r\n{CABEZA}CC;{CEDULA}\nCC;20'
    )
    respuesta = cliente.generic("POST", SUBIR, cuerpo, content_type=f"multipart/form-data; boundary={limite}")
    assert respuesta.status_code in (400, 422)
    assert not Padron.objects.exists() and privados() == []


def test_sin_ficha_csrf_se_rechaza_y_no_queda_nada(administra):
    cliente = Client(enforce_csrf_checks=True)
    cliente.force_login(administra)
    assert subir(cliente, CABEZA + f"CC;{CEDULA}\n").status_code == 403
    assert not Padron.objects.exists() and privados() == []
    ficha = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', cliente.get(SUBIR).content.decode())[1]
    archivo = SimpleUploadedFile("p.csv", f"{CABEZA}CC;{CEDULA}\n".encode())
    datos = {"nombre": "Con ficha", "archivo": archivo, "csrfmiddlewaretoken": ficha}
    assert cliente.post(SUBIR, datos).status_code == 302


def test_la_plantilla_se_puede_subir_tal_cual(cliente):
    respuesta = cliente.get(f"{LISTA}plantilla.csv")
    assert respuesta["Content-Disposition"] == 'attachment; filename="padron.csv"'
    assert leer(respuesta.content).sirve


@pytest.mark.parametrize("cuantos", [1, 3])
def test_consultas_de_la_lista(cliente, monkeypatch, django_assert_num_queries, cuantos):
    for _n in range(cuantos):
        crear()
    monkeypatch.setattr(admin_menu, "menu_items_for_request", lambda request: [])
    cliente.get(LISTA)
    with django_assert_num_queries(12):
        cliente.get(LISTA)


def test_no_se_ven_los_padrones_de_otro_sitio(cliente):
    ajeno = crear()
    Padron.objects.filter(pk=ajeno.pk).update(sitio=otro_sitio(), nombre="El padrón ajeno")
    assert "El padrón ajeno" not in cliente.get(LISTA).content.decode()
    assert cliente.get(f"{LISTA}{ajeno.pk}/").status_code == 404
    assert cliente.post(f"{LISTA}{ajeno.pk}/cerrar/", {"accion": "detener"}).status_code == 404


def test_con_htmx_llega_solo_el_avance_y_al_terminar_la_pagina_entera(cliente, trabajar):
    padron = crear()
    pedir = lambda: cliente.get(f"{LISTA}{padron.pk}/", headers={"HX-Request": "true"})  # noqa: E731
    assert "<html" not in pedir().content.decode() and "0 de 2 documentos" in pedir().content.decode()
    trabajar()
    assert pedir()["HX-Refresh"] == "true"


# --- Cargar -------------------------------------------------------------------------------


def test_el_avance_se_ve_lote_a_lote(monkeypatch):
    monkeypatch.setattr(padrones, "LOTE", 2)
    padron = crear(CABEZA + "".join(f"CC;200000{n}\n" for n in range(5)))
    avances = []
    original = DocumentoPadron.objects.bulk_create

    def anotar(*args, **kwargs):
        avances.append(Padron.objects.get(pk=padron.pk).cargados)
        return original(*args, **kwargs)

    monkeypatch.setattr(type(DocumentoPadron.objects), "bulk_create", lambda _self, *a, **k: anotar(*a, **k))
    padrones.cargar(padron.pk)
    assert avances == [0, 2, 4]
    padron.refresh_from_db()
    assert (padron.cargados, padron.estado) == (5, E.VIGENTE)


def test_un_trabajador_que_muere_a_medias_no_estropea_la_carga(monkeypatch):
    """La tarea rescatada sigue donde iba, y mientras tanto el padrón no vale."""
    monkeypatch.setattr(padrones, "LOTE", 2)
    padron = crear(CABEZA + f"CC;{CEDULA}\n" + "".join(f"CC;200000{n}\n" for n in range(4)))
    lotes = espera.lotes

    def cortado(*args):
        yield next(lotes(*args))
        raise SystemExit

    monkeypatch.setattr(espera, "lotes", cortado)
    with pytest.raises(SystemExit):
        padrones.cargar(padron.pk)
    padron.refresh_from_db()
    assert (padron.estado, padron.cargados, padron.documentos.count()) == (E.CARGANDO, 2, 2)
    with pytest.raises(ValidationError):
        verificar(f.persona())
    monkeypatch.setattr(espera, "lotes", lotes)
    padrones.cargar(padron.pk)
    padron.refresh_from_db()
    assert (padron.estado, padron.documentos.count()) == (E.VIGENTE, 5)


def test_dos_trabajadores_a_la_vez_cargan_una_sola_vez(hilos, monkeypatch):
    monkeypatch.setattr(padrones, "LOTE", 5)
    padron = crear(CABEZA + "".join(f"CC;20000{n:03}\n" for n in range(100)))
    resultados = hilos(*[lambda: padrones.cargar_padron.func(padron.pk)] * 2)
    assert resultados == [None, None]
    padron.refresh_from_db()
    assert (padron.estado, padron.documentos.count()) == (E.VIGENTE, 100)
    assert privados() == []


def test_detener_mientras_se_carga_no_deja_filas(hilos, monkeypatch):
    monkeypatch.setattr(padrones, "LOTE", 5)
    administra = f.personal(R.ADMINISTRACION)
    padron = crear(CABEZA + "".join(f"CC;20000{n:03}\n" for n in range(100)), actor=administra)
    hilos(lambda: padrones.cargar_padron.func(padron.pk), lambda: padrones.detener(padron=padron, actor=administra))
    padron.refresh_from_db()
    assert (padron.estado, padron.documentos.count()) in [(E.FALLIDO, 0), (E.VIGENTE, 100)]
    assert privados() == []


@pytest.mark.parametrize("dano", ["falta", "basura", "de menos"])
def test_si_lo_que_esperaba_se_dano_queda_fallido_y_sin_filas(trabajar, dano):
    padron = crear()
    (archivo,) = privados()
    if dano == "falta":
        archivo.unlink()
    elif dano == "basura":
        archivo.write_bytes(b"x" * 4096)
    else:
        with sqlite3.connect(archivo) as base:
            base.execute("DELETE FROM documento WHERE clave = (SELECT MIN(clave) FROM documento)")
    trabajar()
    padron.refresh_from_db()
    assert (padron.estado, padron.cargados, padron.documentos.count()) == (E.FALLIDO, 0, 0)
    assert ModelLogEntry.objects.for_instance(padron).filter(action="cuentas.padron_fallido").exists()
    assert privados() == []


def test_si_la_base_de_datos_falla_se_reintenta_y_al_final_se_rinde(monkeypatch):
    def caida(_pk):
        raise OperationalError("sin espacio")

    monkeypatch.setattr(padrones, "cargar", caida)
    padron = crear()
    DBTaskResult.objects.all().delete()
    for intento in range(len(padrones.ESPERAS)):
        padrones.cargar_padron.func(padron.pk, intento)
        tarea = DBTaskResult.objects.get()
        assert (tarea.args_kwargs["args"], tarea.status) == ([padron.pk, intento + 1], TaskResultStatus.READY)
        assert tarea.run_after is not None
        tarea.delete()
    padron.refresh_from_db()
    assert padron.estado == E.CARGANDO
    padrones.cargar_padron.func(padron.pk, len(padrones.ESPERAS))
    padron.refresh_from_db()
    assert (padron.estado, DBTaskResult.objects.count()) == (E.FALLIDO, 0)


def test_una_tarea_de_un_padron_que_ya_no_se_carga_no_hace_nada():
    padron = crear()
    padrones.detener(padron=padron)
    padrones.cargar_padron.func(padron.pk)
    padrones.cargar_padron.func(padron.pk + 999)
    padron.refresh_from_db()
    assert (padron.estado, padron.documentos.count()) == (E.FALLIDO, 0)


@pytest.mark.parametrize("desde", E)
@pytest.mark.parametrize("hacer", ["detener", "retirar"])
def test_transiciones(cliente, administra, desde, hacer):
    hacia = {"detener": E.FALLIDO, "retirar": E.RETIRADO}[hacer]
    padron = crear()
    Padron.objects.filter(pk=padron.pk).update(estado=desde)
    puede = hacia in TRANSICIONES_PADRON.get(desde, ())
    respuesta = cliente.post(f"{LISTA}{padron.pk}/cerrar/", {"accion": hacer}, follow=True)
    padron.refresh_from_db()
    assert padron.estado == (hacia if puede else desde)
    if not puede:
        assert "El padrón ya no admite ese cambio" in respuesta.content.decode()


def test_retirar_un_padron_no_quita_las_verificaciones(cliente, trabajar):
    padron = crear()
    trabajar()
    ana = f.persona()
    verificar(ana)
    cliente.post(f"{LISTA}{padron.pk}/cerrar/", {"accion": "retirar"})
    padron.refresh_from_db()
    assert padron.estado == E.RETIRADO and padron.retirado_en
    assert nivel(ana) == NivelVerificacion.REGISTRO
    assert Verificacion.objects.vigentes().get().padron == padron
    with pytest.raises(ValidationError):
        verificar(f.persona(), "2000000")
    assert "1 persona se verificó con él." in cliente.get(f"{LISTA}{padron.pk}/").content.decode()


def test_lo_que_dejo_un_proceso_muerto_se_borra_al_dia_siguiente():
    olvidado, reciente, en_uso = leer(CABEZA + "CC;2000000\n"), leer(CABEZA + "CC;2000000\n"), crear()
    ruta = storages["privado"].path
    for archivo in (olvidado.espera.archivo, en_uso.archivo):
        os.utime(ruta(archivo), (0, 0))
    leer(CABEZA + "CC;2000000\n").descartar()
    assert {str(p) for p in privados()} == {ruta(reciente.espera.archivo), ruta(en_uso.archivo)}
