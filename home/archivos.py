"""Los archivos que envían las personas: qué son, por su contenido y no por su nombre, y cómo se guardan."""

import hashlib
import uuid
import zipfile
import zlib
from dataclasses import dataclass

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, UnidentifiedImageError

from .metadatos import rehacer_imagen
from .texto import limpiar_linea

_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class Formato:
    extension: str
    mime: str

    @property
    def es_imagen(self) -> bool:
        return self.mime.startswith("image/")


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


def nombre_limpio(nombre: str) -> str:
    """El nombre que se mostrará, sin rutas ni caracteres engañosos, con su extensión."""
    nombre = limpiar_linea(nombre.replace("\\", "/").rsplit("/", 1)[-1]) or "archivo"
    base, punto, extension = nombre.rpartition(".")
    return f"{base[:140]}{punto}{extension[:8]}" if punto else nombre[:150]


def datos_de(archivo: UploadedFile) -> dict:
    """Los campos de `ArchivoPrivado` para lo que alguien sube: revisado y, si es una imagen, codificado de nuevo.

    Lanza ValidationError si su contenido no se acepta o si un revisor (`ADJUNTO_REVISORES`) lo rechaza.
    """
    formato = detectar(archivo)
    for revisor in settings.ADJUNTO_REVISORES:
        import_string(revisor)(archivo)
        archivo.seek(0)
    contenido = rehacer_imagen(archivo) if formato.es_imagen else archivo
    contenido.name = archivo.name
    return {**medir(contenido), "nombre": nombre_limpio(archivo.name), "tipo_mime": formato.mime}


def medir(archivo: File) -> dict:
    """El archivo y lo que lo identifica, con los nombres de los campos de `ArchivoPrivado`."""
    suma = hashlib.sha256()
    for trozo in archivo.chunks():
        suma.update(trozo)
    archivo.seek(0)
    return {"archivo": archivo, "tamano": archivo.size, "sha256": suma.hexdigest()}


def almacen_privado():
    return storages["privado"]


def ruta_privada(instancia, nombre) -> str:
    """Sin el nombre que puso la persona: puede identificarla y no aporta nada al disco."""
    return f"{instancia.CARPETA}/{timezone.now():%Y/%m}/{instancia.clave}"


class ArchivoPrivado(models.Model):
    """Un archivo fuera de `MEDIA_ROOT`, sin su nombre en el disco: sólo lo entrega una vista que pregunta quién es."""

    CARPETA: str

    clave = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    archivo = models.FileField(storage=almacen_privado, upload_to=ruta_privada, max_length=200)
    nombre = models.CharField(max_length=150)
    tipo_mime = models.CharField(max_length=100)
    tamano = models.PositiveIntegerField(help_text=gettext_lazy("En bytes."))
    sha256 = models.CharField(max_length=64)
    creado_en = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    def borrar(self) -> None:
        """Borra la fila ya y el archivo cuando la transacción se confirme."""
        almacen, ruta = self.archivo.storage, self.archivo.name
        self.delete()
        transaction.on_commit(lambda: almacen.delete(ruta))
