"""Un archivo de respuestas en papel: sus columnas, y cada renglón como si se contestara la encuesta.

Una columna por pregunta (por fila en una matriz; con otra más si hay «Otra»). Lo que se escribe en las celdas son las
palabras de la encuesta: la opción elegida, el número, «sí» o «no». Varias opciones, o un orden, se separan con «|».
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zipfile import BadZipFile

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from home.tablas import celda
from home.texto import limpiar_linea, sin_tildes
from participacion.formularios.condiciones import Valores
from participacion.formularios.definicion import Formulario, Opcion, Pregunta
from participacion.formularios.enums import ESCALAS, TipoPregunta
from participacion.formularios.forms import MOSTRADAS, PaginaForm, en_una_pagina, nombre_de

T = TipoPregunta
MAXIMO, TAMANO_MAXIMO, ERRORES_MAXIMOS = 2_000, 10 * 1024 * 1024, 100
IDENTIFICADOR = "id"
SEPARADOR = "|"


@dataclass(frozen=True)
class Columna:
    """Una columna del archivo y los campos del formulario que llena. `parte`: la fila de una matriz, o «otra»."""

    rotulo: str
    pregunta: Pregunta
    parte: str = ""


@dataclass(frozen=True)
class Renglon:
    linea: int
    identificador: str
    valores: Valores


def columnas(formulario: Formulario) -> list[Columna]:
    """Las del archivo, sin el identificador. Los archivos adjuntos no se importan."""
    hechas = []
    for numero, pregunta in enumerate(formulario.preguntas.values(), 1):
        rotulo = f"{numero}. {limpiar_linea(pregunta.texto)}"
        if pregunta.tipo == T.ARCHIVO:
            continue
        if pregunta.tipo == T.MATRIZ:
            hechas += [Columna(f"{rotulo} [{fila.texto}]", pregunta, fila.clave) for fila in pregunta.filas]
            continue
        hechas.append(Columna(rotulo, pregunta))
        hechas += [Columna(f"{rotulo} [{o.texto}: cuál]", pregunta, "otra") for o in pregunta.opciones if o.abierta]
    return hechas


def encabezado(formulario: Formulario) -> list[str]:
    return [IDENTIFICADOR, *(celda(columna.rotulo) for columna in columnas(formulario))]


def leer(datos: bytes, formulario: Formulario) -> list[Renglon]:
    """Las respuestas del archivo. Lanza ValidationError con un mensaje por línea y columna que no se entienda."""
    if len(datos) > TAMANO_MAXIMO:
        raise ValidationError(_("El archivo pasa de %(n)s MB. Divídalo.") % {"n": TAMANO_MAXIMO // 1024**2})
    filas = _libro(datos) if datos.startswith(b"PK\x03\x04") else _csv(datos)
    _linea, titulos = next(filas, (0, []))
    suyas = columnas(formulario)
    puestos = _puestos([limpiar_linea(titulo) for titulo in titulos], encabezado(formulario))
    renglones, errores, vistos = [], [], {}
    for linea, celdas in filas:
        if len(renglones) + len(errores) >= MAXIMO:
            raise ValidationError(_("El archivo tiene más de %(n)s respuestas. Divídalo.") % {"n": MAXIMO})
        dichas = [limpiar_linea(celdas[p]) if p < len(celdas) else "" for p in puestos]
        identificador = dichas[0]
        faltas = []
        if not identificador or len(identificador) > 100:
            faltas.append((IDENTIFICADOR, _("escriba el número o la clave del papel, de hasta 100 caracteres")))
        elif identificador in vistos:
            faltas.append((IDENTIFICADOR, _("repite el de la línea %(n)s") % {"n": vistos[identificador]}))
        vistos.setdefault(identificador, linea)
        valores, malas = _valores(formulario, suyas, dichas[1:])
        faltas += malas
        errores += [_("Línea %(n)s, columna «%(columna)s»: %(falta)s") % {"n": linea, "columna": c, "falta": f} for c, f in faltas]
        if len(errores) >= ERRORES_MAXIMOS:
            errores.append(_("Hay más errores: corrija éstos y vuelva a subirlo."))
            break
        renglones.append(Renglon(linea, identificador, valores))
    if errores:
        raise ValidationError(errores)
    if not renglones:
        raise ValidationError(_("El archivo sólo tiene el encabezado: no hay nada que importar."))
    return renglones


def _puestos(titulos: list[str], esperados: list[str]) -> list[int]:
    """En qué puesto del archivo está cada columna esperada. Lanza ValidationError si falta, sobra o se repite alguna."""
    faltan = [titulo for titulo in esperados if titulo not in titulos]
    sobran = [titulo for titulo in titulos if titulo and titulo not in esperados]
    repetidas = sorted({titulo for titulo in titulos if titulo and titulos.count(titulo) > 1})
    errores = [_("Falta la columna «%(c)s».") % {"c": c} for c in faltan]
    errores += [_("La columna «%(c)s» no es de esta encuesta.") % {"c": c[:80]} for c in sobran[:10]]
    errores += [_("La columna «%(c)s» está repetida.") % {"c": c[:80]} for c in repetidas[:10]]
    if errores:
        raise ValidationError([_("Use la plantilla de esta encuesta."), *errores])
    return [titulos.index(titulo) for titulo in esperados]


def _csv(datos: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        texto = datos.decode("utf-8-sig")
    except UnicodeDecodeError:
        texto = datos.decode("cp1252", errors="replace")
    if "\x00" in texto:
        raise ValidationError(_("El archivo no es una tabla CSV ni un libro XLSX."))
    primera = texto.split("\n", 1)[0]
    lector = csv.reader(io.StringIO(texto, newline=""), delimiter=max(";,\t", key=primera.count), strict=True)
    while True:
        linea = lector.line_num + 1
        try:
            celdas = next(lector)
        except StopIteration:
            return
        except csv.Error as error:
            raise ValidationError(_("Línea %(n)s: las comillas están mal puestas o sin cerrar.") % {"n": linea}) from error
        if any(dicha.strip() for dicha in celdas):
            yield linea, celdas


def _libro(datos: bytes) -> Iterator[tuple[int, list[str]]]:
    ilegible = ValidationError(_("No se pudo leer el libro: guárdelo otra vez como XLSX."))
    try:
        libro = load_workbook(io.BytesIO(datos), read_only=True, data_only=True)
        hoja = libro.worksheets[0]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, IndexError) as error:
        raise ilegible from error
    for linea, fila in enumerate(hoja.iter_rows(values_only=True, max_row=MAXIMO * 2, max_col=500), 1):
        celdas = [_texto(valor) for valor in fila]
        if any(celdas):
            yield linea, celdas


def _texto(valor) -> str:
    """Una celda de un libro como la vería quien la escribió."""
    if valor is None:
        return ""
    if isinstance(valor, bool):
        return "sí" if valor else "no"
    if isinstance(valor, datetime):
        return valor.date().isoformat()
    if isinstance(valor, date):
        return valor.isoformat()
    if isinstance(valor, float) and valor.is_integer():
        return str(int(valor))
    return str(valor).strip()


def _valores(formulario: Formulario, suyas: list[Columna], dichas: list[str]) -> tuple[Valores, list[tuple[str, str]]]:
    """Lo que dice un renglón, comprobado como si se contestara por la web, y lo que está mal: (columna, por qué)."""
    enviado, faltas, por_campo = QueryDict(mutable=True), [], {}
    for columna, dicho in zip(suyas, dichas, strict=True):
        dicho = dicho.removeprefix("'")  # el que la plantilla antepone a lo que parece una fórmula
        nombre = nombre_de(columna.pregunta) + (f"__{columna.parte}" if columna.parte else "")
        por_campo.setdefault(nombre, columna.rotulo)
        por_campo.setdefault(nombre_de(columna.pregunta), columna.rotulo)
        if not dicho:
            continue
        try:
            for campo, valor in _campos(columna, nombre, dicho):
                enviado.appendlist(campo, valor)
                por_campo.setdefault(campo, columna.rotulo)
        except ValidationError as error:
            faltas.append((columna.rotulo, error.message))
    archivos = {nombre_de(p): limpiar_linea(p.texto) for p in formulario.preguntas.values() if p.tipo == T.ARCHIVO}
    enviado[MOSTRADAS] = ",".join(formulario.preguntas)
    form = PaginaForm(enviado, formulario=formulario, pagina=en_una_pagina(formulario), valores={}, semilla="")
    form.is_valid()
    dichas_mal = {rotulo for rotulo, _error in faltas}
    for campo, errores in form.errors.items():
        if campo in archivos:
            faltas.append((archivos[campo], _("pide un archivo: use «Transcribir un papel»")))
            continue
        rotulo = por_campo.get(campo) or por_campo.get(campo.split("__")[0], campo)
        if rotulo not in dichas_mal:
            faltas.append((rotulo, " ".join(errores)))
    puestos = {columna.rotulo: puesto for puesto, columna in enumerate(suyas)}
    return form.propios, sorted(faltas, key=lambda falta: puestos.get(falta[0], len(puestos)))


def _campos(columna: Columna, nombre: str, dicho: str) -> list[tuple[str, str]]:
    """Los campos del formulario que llena una celda. Lanza ValidationError si no se entiende."""
    pregunta = columna.pregunta
    match pregunta.tipo:
        case _ if columna.parte == "otra":
            return [(nombre, dicho)]
        case T.UNICA | T.DESPLEGABLE | T.LUGAR | T.MATRIZ:
            return [(nombre, _opcion(pregunta.opciones, dicho))]
        case T.MULTIPLE:
            return [(nombre, _opcion(pregunta.opciones, parte)) for parte in _partes(dicho)]
        case T.ORDENAMIENTO:
            return [(f"{nombre}__{_opcion(pregunta.opciones, parte)}", str(n)) for n, parte in enumerate(_partes(dicho), 1)]
        case T.ESCALA:
            rotulos = {_igual(str(rotulo)): str(valor) for valor, rotulo in ESCALAS[pregunta.escala][2].items()}
            return [(nombre, rotulos.get(_igual(dicho), dicho))]
        case T.SI_NO | T.ACEPTACION:
            if _igual(dicho) not in ("si", "no", "x"):
                raise ValidationError(_("escriba «sí» o «no»"))
            afirma = _igual(dicho) != "no"
            if pregunta.tipo == T.ACEPTACION:
                return [(nombre, "on")] if afirma else []
            return [(nombre, "si" if afirma else "no")]
    return [(nombre, dicho)]


def _igual(texto: str) -> str:
    return sin_tildes(texto).strip().lower()


def _partes(dicho: str) -> list[str]:
    return [parte.strip() for parte in dicho.split(SEPARADOR) if parte.strip()]


def _opcion(opciones: tuple[Opcion, ...], dicho: str) -> str:
    for opcion in opciones:
        if _igual(opcion.texto) == _igual(dicho):
            return opcion.clave
    raise ValidationError(_("«%(dicho)s» no es una de las opciones") % {"dicho": dicho[:60]})
