"""Lo que un archivo dice de quien lo hizo se va; lo que se lee en él, no."""

import io
import re
import time
import zipfile

import pypdf
import pytest
from django.core.exceptions import ValidationError
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from PIL import Image
from pypdf.annotations import FreeText
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject, TextStringObject

from home.archivos import datos_de, detectar
from home.metadatos import limpiar
from tests import fabricas as f

AUTORA = "Casilda"


def jpeg_con_gps() -> bytes:
    exif = Image.Exif()
    exif[0x013B] = AUTORA  # Artist
    exif.get_ifd(0x8825)[2] = (4.0, 44.0, 0.0)  # GPSLatitude
    exif[0x0112] = 6  # girada
    memoria = io.BytesIO()
    Image.new("RGB", (8, 4), "#0943b5").save(memoria, "JPEG", exif=exif, comment=AUTORA.encode())
    return memoria.getvalue()


def pdf_con_autora() -> bytes:
    escritor = pypdf.PdfWriter()
    escritor.add_blank_page(100, 100)
    escritor.add_metadata({"/Author": AUTORA, "/Creator": AUTORA})
    escritor.add_attachment(f"{AUTORA}.txt", AUTORA.encode())
    nota = escritor.add_annotation(0, FreeText(text="Lo que se lee", rect=(1, 1, 50, 50)))
    nota[NameObject("/T")] = TextStringObject(AUTORA)
    xmp = StreamObject()
    xmp._data = f"<x:xmpmeta>{AUTORA}</x:xmpmeta>".encode()
    escritor.root_object[NameObject("/Metadata")] = escritor._add_object(xmp)
    foto = StreamObject()
    foto._data = jpeg_con_gps()
    foto[NameObject("/Filter")] = NameObject("/DCTDecode")
    escritor.pages[0][NameObject("/Foto")] = escritor._add_object(foto)
    _firmar(escritor)
    memoria = io.BytesIO()
    escritor.write(memoria)
    return memoria.getvalue()


def _firmar(escritor) -> None:
    """Lo que dejan una firma digital, un archivo adjunto a la página y una nota, escritos dentro de ella y sin número."""
    nombre, rect = TextStringObject(AUTORA), ArrayObject([NumberObject(0)] * 4)
    firma = DictionaryObject({NameObject("/Type"): NameObject("/Sig"), NameObject("/Name"): nombre, NameObject("/Location"): nombre})
    archivo = DictionaryObject({NameObject("/F"): nombre, NameObject("/EF"): DictionaryObject({NameObject("/F"): nombre})})
    capa = DictionaryObject({NameObject("/Creator"): nombre})
    notas = escritor.pages[0]["/Annots"]
    for clase, suyo in (("/Widget", {"/FT": NameObject("/Sig"), "/V": firma}), ("/FileAttachment", {"/FS": archivo}), ("/Text", {"/T": nombre})):
        notas.append(
            DictionaryObject(
                {NameObject("/Subtype"): NameObject(clase), NameObject("/Rect"): rect, **{NameObject(k): v for k, v in suyo.items()}}
            )
        )
    escritor.root_object[NameObject("/OCProperties")] = DictionaryObject({NameObject("/D"): capa})


def paquete(**piezas) -> bytes:
    memoria = io.BytesIO()
    with zipfile.ZipFile(memoria, "w") as z:
        for nombre, contenido in piezas.items():
            z.writestr(nombre, contenido)
    return memoria.getvalue()


def docx() -> bytes:
    return paquete(
        **{
            "[Content_Types].xml": "x",
            "docProps/core.xml": f"<a><dc:creator>{AUTORA}</dc:creator><cp:lastModifiedBy>{AUTORA}</cp:lastModifiedBy></a>",
            "docProps/app.xml": f"<a><Company>{AUTORA}</Company></a>",
            "docProps/custom.xml": f"<a>{AUTORA}</a>",
            "word/document.xml": f'<w:t>Lo que se lee</w:t><w:ins w:author="{AUTORA}" w:date="x"/><w:style w:name="Normal"/>',
            "word/comments.xml": f"<w:comment w:author='{AUTORA}' w:initials='{AUTORA}'/>",
            "word/people.xml": f'<w15:person w15:author="{AUTORA}"><w15:presenceInfo w15:userId="{AUTORA}@x.co"/></w15:person>',
            "word/media/image1.jpeg": jpeg_con_gps(),
            "word/_rels/settings.xml.rels": f'<Relationship Target="file:///C:\\Users\\{AUTORA}\\x.dotx" TargetMode="External"/>',
            "word/settings.xml": f'<w:mailMerge><w:connectString w:val="C:\\Users\\{AUTORA}"/></w:mailMerge>',
            "customXml/item1.xml": f"<CompanyEmail>{AUTORA}@x.co</CompanyEmail><DisplayName>{AUTORA}</DisplayName>",
            "_xmlsignatures/sig1.xml": f"<X509SubjectName>CN={AUTORA}</X509SubjectName>",
        }
    )


def odt() -> bytes:
    mime = "application/vnd.oasis.opendocument.text"
    return paquete(
        mimetype=mime,
        **{
            "meta.xml": f"<office:meta><dc:creator>{AUTORA}</dc:creator></office:meta>",
            "content.xml": f"<text:p>Lo que se lee</text:p><office:annotation><dc:creator>{AUTORA}</dc:creator></office:annotation>",
            "settings.xml": f'<config:config-item config:name="PrinterName" config:type="string">{AUTORA}</config:config-item>',
            "META-INF/documentsignatures.xml": f"<X509SubjectName>CN={AUTORA}</X509SubjectName>",
        },
    )


def xlsx() -> bytes:
    libro, memoria = Workbook(), io.BytesIO()
    libro.properties.creator = AUTORA
    libro.active["A1"] = "Lo que se lee"
    libro.active["A1"].comment = Comment("ojo", AUTORA)
    libro.save(memoria)
    return memoria.getvalue()


def todo_lo_de(datos: bytes) -> bytes:
    if not datos.startswith(b"PK"):
        return datos
    with zipfile.ZipFile(io.BytesIO(datos)) as z:
        return b"".join(z.read(nombre) for nombre in z.namelist()) + str(z.infolist()).encode()


@pytest.mark.parametrize(
    ("extension", "hacer", "se_lee"),
    [("pdf", pdf_con_autora, b"Lo que se lee"), ("docx", docx, b"Lo que se lee"), ("odt", odt, b"Lo que se lee"), ("xlsx", xlsx, b"Lo que se lee"), ("jpg", jpeg_con_gps, b"JFIF")],
)  # fmt: skip
def test_no_queda_quien_lo_hizo_y_queda_lo_que_dice(extension, hacer, se_lee):
    original = hacer()
    assert AUTORA.encode() in todo_lo_de(original)
    limpio = limpiar(io.BytesIO(original), extension).read()
    assert not re.search(AUTORA.encode(), todo_lo_de(limpio), re.IGNORECASE)
    assert se_lee in todo_lo_de(limpio)
    archivo = f.SimpleUploadedFile(f"a.{extension}", limpio)
    assert detectar(archivo).extension == extension


def test_el_pdf_y_el_libro_limpios_se_abren():
    assert len(pypdf.PdfReader(io.BytesIO(limpiar(io.BytesIO(pdf_con_autora()), "pdf").read())).pages) == 1
    libro = load_workbook(limpiar(io.BytesIO(xlsx()), "xlsx"))
    assert libro.active["A1"].value == "Lo que se lee"


def test_la_foto_subida_pierde_su_gps_y_no_queda_girada():
    datos = datos_de(f.SimpleUploadedFile("foto.jpg", jpeg_con_gps()))
    contenido = datos["archivo"].read()
    with Image.open(io.BytesIO(contenido)) as imagen:
        assert (dict(imagen.getexif()), imagen.size) == ({}, (4, 8))
    assert AUTORA.encode() not in contenido and datos["tamano"] == len(contenido)


def cifrado() -> bytes:
    escritor, memoria = pypdf.PdfWriter(), io.BytesIO()
    escritor.add_blank_page(9, 9)
    escritor.encrypt("secreta")
    escritor.write(memoria)
    return memoria.getvalue()


def bomba() -> bytes:
    memoria = io.BytesIO()
    with zipfile.ZipFile(memoria, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("word/document.xml", b"0" * 300_000_000)
    return memoria.getvalue()


@pytest.mark.parametrize(("extension", "hacer"), [("pdf", cifrado), ("pdf", lambda: b"%PDF-1.4 nada"), ("docx", bomba)])
def test_lo_que_no_se_deja_limpiar_se_dice(extension, hacer):
    with pytest.raises(ValidationError) as caso:
        limpiar(io.BytesIO(hacer()), extension)
    assert caso.value.code == "metadatos"


@pytest.mark.parametrize("trozo", ["<author ", "<w:query ", "<fileSharing ", '<config:config-item config:name="Printer', " w:author='"])
def test_un_paquete_hecho_para_tardar_no_tarda(trozo):
    """Pesa medio kilobyte y desinflado repite lo que se busca: cada repetición no puede costar leer todo lo que sigue."""
    antes = time.process_time()
    limpiar(io.BytesIO(paquete(**{"xl/workbook.xml": trozo * 20_000, "word/document.xml": trozo * 20_000})), "xlsx")
    assert time.process_time() - antes < 3
