"""El CSV de un padrón, leído a medida que llega: cada línea se vuelve HMAC antes de que nada toque el disco.

En memoria hay, como mucho, el trozo que acaba de llegar y el final de una línea sin terminar.
"""

import csv
import secrets
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ..documentos import huella_de_padron
from .espera import Espera

CAMPO = "archivo"
COLUMNAS = ["tipo_documento", "numero_documento"]
COLUMNA_FECHA = "fecha_expedicion"
LINEAS_MAXIMAS = 1_000_000
ERRORES_MOSTRADOS = 50
_LINEA_MAXIMA = 1000  # bytes
_NO_ES_TEXTO = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xfe\xff")


def leer_fecha(texto: str) -> str:
    """«2001-12-31» o «31/12/2001» → «2001-12-31». Lanza ValidationError si no es una fecha que ya pasó."""
    for formato in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            fecha = datetime.strptime(texto.strip(), formato).date()
        except ValueError:
            continue
        if date(1900, 1, 1) <= fecha <= timezone.localdate():
            return fecha.isoformat()
    raise ValidationError(_("La fecha de expedición debe ser AAAA-MM-DD o DD/MM/AAAA y haber pasado."), code="fecha")


class Lectura:
    """Lo leído hasta ahora. Vale si `completa` y no hay errores: entonces `espera.archivo` tiene todos los HMAC."""

    def __init__(self):
        self.sal = secrets.token_hex(32)
        self.espera = Espera()
        self.pide_fecha = False
        self.completa = False
        self.total = 0
        self.errores: list[str] = []
        self.total_errores = 0
        self._linea = 0
        self._columnas = 0
        self._separador = ","
        self._resto = b""
        self._detenida = False

    @property
    def sirve(self) -> bool:
        return self.completa and not self.errores

    def recibir(self, trozo: bytes) -> None:
        if self._detenida:
            return
        lineas = (self._resto + trozo).split(b"\n")
        self._resto = lineas.pop()
        for linea in lineas:
            self._leer(linea)
            if self._detenida:
                break
        else:
            if len(self._resto) > _LINEA_MAXIMA:
                self._leer(self._resto)
        if self._detenida:
            self._resto = b""

    def terminar(self) -> None:
        """El archivo llegó entero."""
        if self._resto:
            self._leer(self._resto)
            self._resto = b""
        if not self._linea:
            self._error(_("El archivo está vacío."))
        elif not self.total and not self.errores:
            self._error(_("El archivo sólo tiene el encabezado: no hay documentos que cargar."))
        self.espera.cerrar()
        self.completa = True

    def descartar(self) -> None:
        self.espera.descartar()

    def _error(self, mensaje: str, *, detener: bool = False) -> None:
        self.total_errores += 1
        if detener or len(self.errores) < ERRORES_MOSTRADOS:
            self.errores.append(mensaje)
        self._detenida = self._detenida or detener

    def _error_de_linea(self, mensaje: str, *, detener: bool = False) -> None:
        self._error(_("Línea %(n)s: %(error)s") % {"n": self._linea, "error": mensaje}, detener=detener)

    def _leer(self, cruda: bytes) -> None:
        self._linea += 1
        if self._linea == 1 and cruda.startswith(_NO_ES_TEXTO) or b"\x00" in cruda:
            no_es_csv = _("El archivo no es un CSV. Ábralo en la hoja de cálculo y use «Guardar como» → «CSV UTF-8».")
            return self._error(no_es_csv, detener=True)
        if self._linea > LINEAS_MAXIMAS + 1:
            maximo = number_format(LINEAS_MAXIMAS, force_grouping=True)
            return self._error(_("El archivo tiene más de %(n)s documentos: divídalo.") % {"n": maximo}, detener=True)
        if len(cruda) > _LINEA_MAXIMA:
            return self._error_de_linea(_("es demasiado larga; el archivo no es un CSV de documentos."), detener=True)
        try:
            texto = cruda.decode("utf-8-sig" if self._linea == 1 else "utf-8")
        except UnicodeDecodeError:
            texto = cruda.decode("latin-1")
        if self._linea == 1:
            return self._leer_encabezado(texto)
        try:
            celdas = self._celdas(texto)
            if any(celdas):
                self._leer_documento(celdas)
        except ValidationError as error:
            self._error_de_linea(error.message)

    def _celdas(self, texto: str) -> list[str]:
        """Sin blancos alrededor ni las columnas vacías que añade una hoja de cálculo al final."""
        try:
            celdas = next(csv.reader([texto.rstrip("\r")], delimiter=self._separador, strict=True), [])
        except csv.Error as error:
            raise ValidationError(_("las comillas están mal puestas o sin cerrar.")) from error
        celdas = [celda.strip() for celda in celdas]
        while len(celdas) > self._columnas and not celdas[-1]:
            celdas.pop()
        return celdas

    def _leer_encabezado(self, texto: str) -> None:
        self._separador = ";" if ";" in texto else ","
        self._columnas = len(COLUMNAS)
        try:
            nombres = [celda.lower() for celda in self._celdas(texto)]
        except ValidationError:
            nombres = []
        self.pide_fecha = nombres == [*COLUMNAS, COLUMNA_FECHA]
        self._columnas += self.pide_fecha
        if not self.pide_fecha and nombres != COLUMNAS:
            esperado = _("debe decir «tipo_documento;numero_documento» y, si acaso, «;fecha_expedicion».")
            self._error_de_linea(esperado, detener=True)

    def _leer_documento(self, celdas: list[str]) -> None:
        if len(celdas) != self._columnas:
            raise ValidationError(
                _("tiene %(hay)s columnas y el encabezado %(van)s.") % {"hay": len(celdas), "van": self._columnas}
            )
        tipo, numero = celdas[:2]
        fecha = leer_fecha(celdas[2]) if self.pide_fecha else ""
        clave = huella_de_padron(self.sal, tipo, numero)
        # La clave no lleva la fecha: el mismo documento con dos fechas también está repetido.
        hmac = huella_de_padron(self.sal, tipo, numero, fecha) if fecha else None
        anterior = self.espera.anotar(clave, self._linea, hmac)
        if anterior is not None:
            raise ValidationError(_("el documento está repetido: ya estaba en la línea %(n)s.") % {"n": anterior})
        self.total += 1


class PadronUploadHandler(FileUploadHandler):
    """Recibe el archivo del campo `archivo` y nada más. Django no lo guarda en ninguna parte: `lectura` dice qué traía."""

    lectura: Lectura | None = None

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        if self.field_name != CAMPO or self.lectura is not None:
            raise SkipFile
        self.lectura = Lectura()

    def receive_data_chunk(self, raw_data, start):
        self.lectura.recibir(raw_data)

    def file_complete(self, file_size):
        if self.lectura is not None and not self.lectura.completa:
            self.lectura.terminar()
