"""Qué es un archivo, por su contenido y no por su nombre."""

import zipfile
import zlib
from dataclasses import dataclass

import puremagic
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class Formato:
    extension: str
    mime: str


FORMATOS = {
    f.extension: f
    for f in (
        Formato("pdf", "application/pdf"),
        Formato("docx", _OFFICE + "wordprocessingml.document"),
        Formato("xlsx", _OFFICE + "spreadsheetml.sheet"),
        Formato("pptx", _OFFICE + "presentationml.presentation"),
        Formato("odt", _ODF + "text"),
        Formato("ods", _ODF + "spreadsheet"),
        Formato("odp", _ODF + "presentation"),
        Formato("jpg", "image/jpeg"),
        Formato("png", "image/png"),
    )
}
ACEPTADOS = "PDF, Word, Excel, PowerPoint, OpenDocument, JPG, PNG"
ATRIBUTO_ACCEPT = ",".join(f".{extension}" for extension in [*FORMATOS, "jpeg"])
_CARPETA_OFFICE = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}


def _de_zip(archivo) -> str | None:
    """Distingue Word, Excel, PowerPoint y OpenDocument de un ZIP cualquiera."""
    try:
        with zipfile.ZipFile(archivo) as paquete:
            nombres = paquete.namelist()
            if "[Content_Types].xml" in nombres:
                if any(nombre.endswith("vbaProject.bin") for nombre in nombres):
                    return None
                return next((e for c, e in _CARPETA_OFFICE.items() if any(n.startswith(c) for n in nombres)), None)
            if "mimetype" in nombres and paquete.getinfo("mimetype").file_size < 200:
                mime = paquete.read("mimetype").decode("ascii", "replace").strip()
                return next((f.extension for f in FORMATOS.values() if f.mime == mime), None)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError):
        pass
    return None


def _es_imagen(archivo) -> bool:
    try:
        with Image.open(archivo) as imagen:
            imagen.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True


def detectar(archivo) -> Formato:
    """El formato real del archivo.

    Lanza ValidationError si su contenido no es de los aceptados, o si su nombre dice otra cosa.
    """
    archivo.seek(0)
    cabeza = archivo.read(64 * 1024)
    try:
        extension = puremagic.from_string(cabeza).lstrip(".")
    except (puremagic.PureError, ValueError):
        extension = ""
    if cabeza.startswith(b"PK\x03\x04"):
        extension = _de_zip(archivo) or ""
    elif cabeza.startswith(b"%PDF-"):
        extension = "pdf"
    extension = {"jpeg": "jpg", "jfif": "jpg"}.get(extension, extension)
    if extension in ("jpg", "png"):
        archivo.seek(0)
        extension = extension if _es_imagen(archivo) else ""
    archivo.seek(0)
    if extension not in FORMATOS:
        raise ValidationError(
            _("El contenido de este archivo no es de un tipo aceptado. Se reciben: %(tipos)s.") % {"tipos": ACEPTADOS},
            code="tipo",
        )
    dicha = archivo.name.rsplit(".", 1)[-1].lower() if "." in archivo.name else ""
    if {"jpeg": "jpg"}.get(dicha, dicha) != extension:
        raise ValidationError(
            _("El nombre del archivo dice «.%(dicha)s», pero su contenido es %(real)s. Revíselo y súbalo de nuevo.")
            % {"dicha": dicha[:10], "real": extension.upper()},
            code="nombre",
        )
    return FORMATOS[extension]
