"""Del archivo a sus celdas: codificación, delimitador y líneas."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from charset_normalizer import from_bytes
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.texto import limpiar_linea

TAMANO_MAXIMO = 20 * 1024 * 1024
LINEAS_MAXIMAS = 50_000
COLUMNAS_MAXIMAS = 200

CODIFICACIONES = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": gettext_lazy("Windows (cp1252)"),
    "cp850": gettext_lazy("MS-DOS (cp850)"),
    "mac_roman": gettext_lazy("Macintosh (Mac Roman)"),
}
DELIMITADORES = {
    ",": gettext_lazy("Coma ( , )"),
    ";": gettext_lazy("Punto y coma ( ; )"),
    "tab": gettext_lazy("Tabulador"),
    "|": gettext_lazy("Barra ( | )"),
}
_MUESTRA_BYTES, _MUESTRA_LINEAS = 64 * 1024, 200

# El límite de fábrica (128 KB por celda) se comprueba por línea en `conversion`: aquí no debe cortar el archivo.
csv.field_size_limit(TAMANO_MAXIMO)


@dataclass(frozen=True)
class Tabla:
    """El archivo leído. Cada fila lleva el número de la línea donde empieza, como lo muestra un editor de texto."""

    codificacion: str
    delimitador: str
    encabezado: list[str]
    filas: list[tuple[int, list[str]]]


def leer(datos: bytes, codificacion: str = "", delimitador: str = "") -> Tabla:
    """Lee un CSV; lo que no se diga se averigua. Lanza ValidationError si no se puede leer entero."""
    codificacion = codificacion or averiguar_codificacion(datos)
    texto = _decodificar(datos, codificacion)
    delimitador = delimitador or averiguar_delimitador(texto)
    registros = _registros(texto, delimitador)
    _linea, encabezado = next(registros, (0, []))
    if len(encabezado) < 2:
        raise ValidationError(
            _("No se reconocen columnas: la primera línea debe tener sus nombres, separados por un delimitador.")
        )
    if len(encabezado) > COLUMNAS_MAXIMAS:
        raise ValidationError(_("El archivo tiene más de %(n)s columnas.") % {"n": COLUMNAS_MAXIMAS})
    filas = []
    for registro in registros:
        filas.append(registro)
        if len(filas) > LINEAS_MAXIMAS:
            raise ValidationError(_("El archivo tiene más de %(n)s líneas. Divídalo.") % {"n": LINEAS_MAXIMAS})
    if not filas:
        raise ValidationError(_("El archivo sólo tiene el encabezado: no hay nada que importar."))
    nombres = [
        limpiar_linea(nombre)[:80] or _("Columna %(n)s") % {"n": numero} for numero, nombre in enumerate(encabezado, 1)
    ]
    return Tabla(codificacion, delimitador, nombres, filas)


def comprobar_tamano(octetos: int) -> None:
    if octetos == 0:
        raise ValidationError(_("El archivo está vacío."))
    if octetos > TAMANO_MAXIMO:
        raise ValidationError(_("El archivo pasa de %(n)s MB. Divídalo.") % {"n": TAMANO_MAXIMO // 1024**2})


def averiguar_codificacion(datos: bytes) -> str:
    """La codificación más probable. UTF-8 no admite dudas: si todo se lee así, lo es."""
    if datos.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        datos.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    # Sólo las líneas con tildes dicen algo; el resto se escribe igual en todas.
    muestra = b"\n".join(linea for linea in datos.splitlines() if not linea.isascii())[:_MUESTRA_BYTES]
    candidatas = [nombre for nombre in CODIFICACIONES if not nombre.startswith("utf")]
    mejor = from_bytes(muestra, cp_isolation=candidatas, enable_fallback=False).best()
    return mejor.encoding if mejor else "cp1252"


def _decodificar(datos: bytes, codificacion: str) -> str:
    comprobar_tamano(len(datos))
    if datos.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ValidationError(_("Es un libro de cálculo, no un CSV. Ábralo y use «Guardar como» → «CSV UTF-8»."))
    nulos = ValidationError(_("El archivo no es un texto CSV: contiene caracteres nulos."))
    if codificacion != "utf-16" and b"\x00" in datos:
        raise nulos
    try:
        texto = datos.decode("utf-8-sig" if codificacion == "utf-8" else codificacion)
    except UnicodeError as error:
        raise ValidationError(
            _("El archivo no se puede leer como %(nombre)s. Guárdelo como CSV UTF-8 o elija otra codificación.")
            % {"nombre": CODIFICACIONES[codificacion]}
        ) from error
    if "\x00" in texto:
        raise nulos
    return texto


def averiguar_delimitador(texto: str) -> str:
    """El que parte más líneas en tantas columnas como el encabezado; si empatan, el que da más columnas.

    `csv.Sniffer` cuenta caracteres sin mirar las comillas y se equivoca con textos largos.
    """
    return max(DELIMITADORES, key=lambda delimitador: _constancia(texto, delimitador))


def _constancia(texto: str, delimitador: str) -> tuple[float, int]:
    cuentas = []
    try:
        for _linea, celdas in _registros(texto, delimitador):
            cuentas.append(len(celdas))
            if len(cuentas) > _MUESTRA_LINEAS:
                break
    except ValidationError:
        pass  # con otro delimitador las comillas parecen mal cerradas: vale lo leído hasta ahí
    if not cuentas or cuentas[0] < 2:
        return 0, 0
    return cuentas.count(cuentas[0]) / len(cuentas), cuentas[0]


def _registros(texto: str, delimitador: str) -> Iterator[tuple[int, list[str]]]:
    """Los registros que no están en blanco. Estricto con las comillas: una sin cerrar se tragaría el resto."""
    separador = "\t" if delimitador == "tab" else delimitador
    lector = csv.reader(io.StringIO(texto, newline=""), delimiter=separador, strict=True)
    while True:
        linea = lector.line_num + 1
        try:
            celdas = next(lector)
        except StopIteration:
            return
        except csv.Error as error:
            raise ValidationError(
                _("Línea %(n)s: las comillas están mal puestas o sin cerrar; el archivo no se puede leer.")
                % {"n": linea}
            ) from error
        if any(celda.strip() for celda in celdas):
            yield linea, celdas
