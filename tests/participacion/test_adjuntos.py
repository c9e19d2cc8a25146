import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from home.archivos import detectar, nombre_limpio
from participacion.adjuntos import actions
from participacion.adjuntos.models import Adjunto
from tests import fabricas as f


def paquete(nombre, **archivos):
    memoria = io.BytesIO()
    with zipfile.ZipFile(memoria, "w") as z:
        for ruta, contenido in archivos.items():
            z.writestr(ruta.replace("__", "/").replace("CT", "[Content_Types].xml"), contenido)
    return SimpleUploadedFile(nombre, memoria.getvalue())


def hoja(nombre="libro.xlsx"):
    memoria = io.BytesIO()
    libro = Workbook()
    libro.active.append([1])
    libro.save(memoria)
    return SimpleUploadedFile(nombre, memoria.getvalue())


def jpeg(nombre="foto.jpg"):
    from PIL import Image

    memoria = io.BytesIO()
    Image.new("RGB", (3, 3)).save(memoria, "JPEG")
    return SimpleUploadedFile(nombre, memoria.getvalue())


@pytest.mark.parametrize(
    ("archivo", "extension"),
    [
        (f.pdf(), "pdf"),
        (f.png(), "png"),
        (jpeg(), "jpg"),
        (jpeg("FOTO.JPEG"), "jpg"),
        (hoja(), "xlsx"),
        (paquete("a.docx", CT="x", word__document="x"), "docx"),
        (paquete("a.pptx", CT="x", ppt__presentation="x"), "pptx"),
        (paquete("a.odt", mimetype="application/vnd.oasis.opendocument.text"), "odt"),
    ],
    ids=lambda v: getattr(v, "name", v),
)
def test_detectar_acepta(archivo, extension):
    assert detectar(archivo).extension == extension
    assert archivo.tell() == 0


@pytest.mark.parametrize(
    "archivo",
    [
        SimpleUploadedFile("a.pdf", b"GIF89a" + b"\x00" * 40),
        SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40),
        SimpleUploadedFile("a.docx", b"PK\x03\x04 roto"),
        SimpleUploadedFile("a.html", b"<html><script>1</script>"),
        SimpleUploadedFile("a.txt", b"hola"),
        paquete("a.zip", hola="x"),
        paquete("a.docx", hola="x"),
        paquete("macro.xlsx", CT="x", xl__workbook="x", xl__vbaProject="x").__class__(
            "macro.xlsx", paquete("m", CT="x", **{"xl__vbaProject.bin": "x"}).read()
        ),
    ],
    ids=lambda v: v.name,
)
def test_detectar_rechaza(archivo):
    with pytest.raises(ValidationError) as caso:
        detectar(archivo)
    assert caso.value.code == "tipo"


@pytest.mark.parametrize(
    ("nombre", "limpio"),
    [
        ("C:\\Users\\ana\\plan.pdf", "plan.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("plan\u202efdp.exe", "planfdp.exe"),
        ("a\nb.pdf", "a b.pdf"),
        ("x" * 300 + ".pdf", "x" * 140 + ".pdf"),
        ("\u200b", "archivo"),
    ],
)
def test_nombre_limpio(nombre, limpio):
    assert nombre_limpio(nombre) == limpio


@pytest.mark.django_db
def test_en_disco_no_queda_el_nombre_ni_en_media(settings):
    adjunto = actions.guardar(archivo=f.pdf("cedula de ana.pdf"), participante=None)
    assert "ana" not in adjunto.archivo.path and "/privado/" in adjunto.archivo.path
    assert not Path(adjunto.archivo.path).is_relative_to(settings.MEDIA_ROOT)


@pytest.mark.django_db
def test_suelto_no_lo_baja_nadie_y_vence(client, django_capture_on_commit_callbacks):
    adjunto = actions.guardar(archivo=f.pdf(), participante=None)
    client.force_login(f.persona())
    assert client.get(f"/adjuntos/{adjunto.clave}/").status_code == 404
    assert actions.limpiar_sueltos() == 0
    Adjunto.objects.update(creado_en=timezone.now() - timedelta(days=3))
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.limpiar_sueltos() == 1
    assert not adjunto.archivo.storage.exists(adjunto.archivo.name)


@pytest.mark.django_db
def test_limpiar_no_toca_lo_que_tiene_dueno():
    propuesta = f.borrador(f.reto(), f.persona(), adjunto=actions.guardar(archivo=f.pdf(), participante=None))
    Adjunto.objects.update(creado_en=timezone.now() - timedelta(days=30))
    assert actions.limpiar_sueltos() == 0
    assert Adjunto.objects.de(propuesta).exists()


@pytest.mark.django_db
def test_dos_pestanas_con_el_mismo_borrador_no_pierden_archivos():
    """Una pestaña quita uno y añade otro; la otra, que cargó antes, guarda lo suyo sin saberlo."""
    uno, dos, tres = (actions.guardar(archivo=f.pdf(f"{n}.pdf"), participante=None) for n in "123")
    propuesta = f.borrador(f.reto(), f.persona(), adjunto=uno)
    actions.quitar(objeto=propuesta, claves=[str(uno.clave)])
    actions.agregar(adjuntos=[dos], objeto=propuesta)
    actions.agregar(adjuntos=[uno, tres], objeto=propuesta)
    assert list(Adjunto.objects.de(propuesta).order_by("pk")) == [dos, tres]


@pytest.mark.django_db
def test_una_ficha_no_sirve_para_dos_formularios():
    adjunto = actions.guardar(archivo=f.pdf(), participante=None)
    reto = f.reto()
    primera = f.borrador(reto, f.persona(), adjunto=adjunto)
    segunda = f.borrador(reto, f.persona(), adjunto=adjunto)
    assert Adjunto.objects.de(primera).get() == adjunto
    assert not Adjunto.objects.de(segunda).exists()


@pytest.mark.django_db
def test_archivo_que_falta_en_el_disco_es_404(client):
    adjunto = actions.guardar(archivo=f.pdf(), participante=None)
    f.publicada(f.reto(), adjunto=adjunto)
    Path(adjunto.archivo.path).unlink()
    assert client.get(f"/adjuntos/{adjunto.clave}/").status_code == 404
