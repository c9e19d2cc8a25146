"""Quitar de un archivo lo que dice de quien lo hizo: autor, empresa, equipo, lugar. Lo que se lee en él no cambia."""

import io
import re
import zipfile

import pypdf
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

_FALLAS_PDF = (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, NotImplementedError, OSError)
_FALLAS_ZIP = (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, KeyError, RuntimeError, NotImplementedError, OSError, EOFError)
# Un paquete que se desinfla a más que esto no es un documento: es una bomba.
DESINFLADO_MAXIMO = 200 * 1024 * 1024


def rehacer_imagen(archivo) -> ContentFile:
    """La misma imagen codificada de nuevo: sin EXIF, GPS, comentarios ni lo que viniera pegado detrás.

    Lanza ValidationError si no se deja leer entera.
    """
    try:
        with Image.open(archivo) as original:
            formato = "JPEG" if original.format in ("JPEG", "MPO") else "PNG"
            derecha = ImageOps.exif_transpose(original)
            if formato == "JPEG":
                limpia, opciones = derecha.convert("L" if derecha.mode == "L" else "RGB"), {"quality": 90, "optimize": True}
            else:
                limpia, opciones = derecha.convert("RGBA" if derecha.has_transparency_data else "RGB"), {"optimize": True}
            limpia.info = {}
            memoria = io.BytesIO()
            limpia.save(memoria, formato, **opciones)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(_("Esta imagen está dañada. Guárdela de nuevo y súbala otra vez."), code="danada") from error
    return ContentFile(memoria.getvalue())


def limpiar(archivo, extension: str) -> ContentFile:
    """El documento sin los datos de quien lo hizo. Lanza ValidationError si está cifrado o dañado."""
    archivo.seek(0)
    try:
        if extension == "pdf":
            return _pdf(archivo)
        if extension in ("jpg", "png"):
            return rehacer_imagen(archivo)
        return _paquete(archivo, extension)
    except (*_FALLAS_PDF, *_FALLAS_ZIP) as error:
        raise ValidationError(
            _("No se pudieron quitar los datos de autor de este archivo. Guárdelo de nuevo, sin contraseña, y súbalo otra vez."),
            code="metadatos",
        ) from error


# --- PDF ----------------------------------------------------------------------------------

# De cada objeto: XMP, datos de programas, fechas de sus cambios, certificados, archivos adjuntos y quién hizo cada capa.
_DE_OBJETO = ("/Metadata", "/PieceInfo", "/LastModified", "/M", "/CreationDate", "/DSS", "/Perms", "/AF", "/CreatorInfo", "/Creator")


def _pdf(archivo) -> ContentFile:
    lector = pypdf.PdfReader(archivo)
    if lector.is_encrypted:
        raise ValueError("cifrado")
    escritor = pypdf.PdfWriter(clone_from=lector)
    escritor.xmp_metadata = None
    if "/Names" in escritor.root_object:
        escritor.root_object["/Names"].get_object().pop("/EmbeddedFiles", None)
    for objeto in (hallado for suelto in escritor._objects for hallado in _diccionarios(suelto)):
        for clave in (*_DE_OBJETO, *_de_su_clase(objeto)):
            objeto.pop(clave, None)
        if isinstance(objeto, StreamObject) and objeto.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
            objeto._data = _jpeg_sin_anexos(objeto._data)
    # La segunda copia sólo lleva lo que aún se nombra: lo desprendido seguiría escrito en la primera.
    return ContentFile(_escribir(pypdf.PdfWriter(clone_from=io.BytesIO(_escribir(escritor)))))


def _diccionarios(objeto):
    """Los de un objeto y los escritos dentro de él, que no tienen número."""
    if isinstance(objeto, DictionaryObject):
        yield objeto
    dentro = objeto.values() if isinstance(objeto, DictionaryObject) else objeto if isinstance(objeto, ArrayObject) else ()
    for otro in [otro for otro in dentro if isinstance(otro, (DictionaryObject, ArrayObject))]:
        yield from _diccionarios(otro)


def _de_su_clase(objeto: DictionaryObject) -> tuple[str, ...]:
    """Lo que dice de alguien según qué es: el autor de una nota, una firma con su sello, el archivo que trae dentro."""
    if objeto.get("/FT") == "/Sig":
        return ("/V", "/AP")  # reescrito el archivo, la firma ya no vale
    if "/EF" in objeto:
        return ("/EF", "/F", "/UF", "/Desc")
    es_nota = objeto.get("/Type") == "/Annot" or ("/Subtype" in objeto and "/Rect" in objeto)
    # «/T» nombra también los campos de un formulario: sólo el de una nota es su autor.
    return ("/T", "/FS") if es_nota and objeto.get("/Subtype") != "/Widget" else ()


def _escribir(escritor: pypdf.PdfWriter) -> bytes:
    escritor.metadata, escritor._ID, memoria = None, None, io.BytesIO()
    escritor.write(memoria)
    return memoria.getvalue()


def _jpeg_sin_anexos(datos: bytes) -> bytes:
    """Un JPEG sin sus comentarios ni segmentos de aplicación, salvo los que dicen cómo leer sus colores (JFIF, ICC, Adobe)."""
    if not datos.startswith(b"\xff\xd8"):
        return datos
    limpio, puesto = bytearray(b"\xff\xd8"), 2
    while puesto + 4 <= len(datos) and datos[puesto] == 0xFF:
        marca = datos[puesto + 1]
        if marca == 0xDA:  # empieza la imagen
            break
        largo = 2 + int.from_bytes(datos[puesto + 2 : puesto + 4], "big")
        es_anexo = 0xE0 <= marca <= 0xEF or marca == 0xFE
        if not es_anexo or marca in (0xE0, 0xE2, 0xEE):
            limpio += datos[puesto : puesto + largo]
        puesto += largo
    return bytes(limpio + datos[puesto:])


# --- Word, Excel, PowerPoint y OpenDocument: un ZIP de XML -------------------------------------------

_VACIOS = {
    "docProps/core.xml": '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
    "meta.xml": '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"><office:meta/></office:document-meta>',
}  # fmt: skip
_ELEMENTOS = re.compile(
    rb"<(dc:creator|meta:initial-creator|meta:creator-initials|loext:sender-initials|text:author-name|text:author-initials"
    rb"|text:sender-[a-z-]+|text:creator|text:initial-creator|author"
    rb"|CompanyAddress|CompanyPhone|CompanyFax|CompanyEmail|DisplayName|AccountId)(\s[^<>]*)?>[^<]*</\1>"
)
# Con qué impresora y de qué base de datos de su equipo; y en Word, de qué lista salían las cartas.
_DE_SU_EQUIPO = re.compile(
    rb"""<config:config-item [^<>]*config:name="(?:Printer|CurrentDatabase)[^<>]*>[^<]*</config:config-item>|<w:(?:connectString|query) [^<>]*/>"""
)
# Un vínculo a un archivo de su equipo dice su carpeta, que suele llevar su nombre.
_VINCULOS = re.compile(rb"""(\sTarget=)("(?:file:|[A-Za-z]:|\\\\)[^"]*"|'(?:file:|[A-Za-z]:|\\\\)[^']*')""")
# Las firmas digitales llevan el certificado de quien firmó, y reescrito el archivo ya no valen.
_FIRMAS = re.compile(r"^(_xmlsignatures/.*\.xml|META-INF/(document|macro)signatures\.xml)$")
_SIN_FIRMA = b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'
# Quién comentó o cambió algo, por atributo y no por elemento, y en qué piezas; en las demás «name» dice otra cosa.
_ATRIBUTOS = {
    re.compile(r"^word/"): re.compile(rb"""(\sw(?:15)?:(?:author|initials|userId|providerId)=)("[^"]*"|'[^']*')"""),
    re.compile(r"^(ppt/(commentAuthors|authors)|xl/(persons|revisions)/)"): re.compile(
        rb"""(\s(?:name|displayName|userName|initials|userId|providerId)=)("[^"]*"|'[^']*')"""
    ),
    re.compile(r"^xl/connections"): re.compile(rb"""(\s(?:sourceFile|odcFile|connection)=)("[^"]*"|'[^']*')"""),
}
_DE_LIBRO = re.compile(rb"""<(x15ac:absPath|fileSharing)\b[^<>]*>(?:[^<]*</\1>)?""")


def _paquete(archivo, extension: str) -> ContentFile:
    memoria, total = io.BytesIO(), 0
    with zipfile.ZipFile(archivo) as original, zipfile.ZipFile(memoria, "w", zipfile.ZIP_DEFLATED) as limpio:
        for entrada in original.infolist():
            total += entrada.file_size
            if total > DESINFLADO_MAXIMO:
                raise ValueError("bomba")
            contenido = _pieza(entrada.filename, original.read(entrada), es_odf=extension.startswith("od"))
            # Sin la fecha ni el sistema de quien lo guardó; en ODF «mimetype» va sin comprimir (ODF 1.3, parte 2, 3.3).
            nueva = zipfile.ZipInfo(entrada.filename)
            nueva.compress_type = zipfile.ZIP_STORED if entrada.filename == "mimetype" else zipfile.ZIP_DEFLATED
            limpio.writestr(nueva, contenido)
    return ContentFile(memoria.getvalue())


def _pieza(nombre: str, contenido: bytes, *, es_odf: bool) -> bytes:
    if nombre in _VACIOS and (nombre == "meta.xml") == es_odf:
        return b'<?xml version="1.0" encoding="UTF-8"?>' + _VACIOS[nombre].encode()
    extension = nombre.rpartition(".")[2].lower()
    if extension in ("jpg", "jpeg", "png"):
        try:
            return rehacer_imagen(io.BytesIO(contenido)).read()
        except ValidationError:
            return contenido  # con extensión de imagen y sin serlo: nada que quitarle
    if _FIRMAS.match(nombre):
        return _SIN_FIRMA
    if extension == "rels":
        return _VINCULOS.sub(rb'\1"file:///"', contenido)
    if extension != "xml":
        return contenido
    contenido = _DE_SU_EQUIPO.sub(b"", _ELEMENTOS.sub(rb"<\1\2></\1>", contenido))
    if nombre == "xl/workbook.xml":
        return _DE_LIBRO.sub(b"", contenido)
    for pieza, atributos in _ATRIBUTOS.items():
        if not es_odf and pieza.match(nombre):
            contenido = atributos.sub(rb'\1""', contenido)
    return contenido
