"""Tablas que se descargan para abrirlas en una hoja de cálculo.

CSV con «;»: la hoja de cálculo en español de Colombia usa la coma para los decimales y con «,» deja cada renglón en
una sola celda. Con marca UTF-8 (BOM), sin la que muestra mal las tildes.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache

from openpyxl import Workbook

from .texto import limpiar_linea

BOM = "\ufeff"
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Una celda de texto que empieza así se ejecuta como fórmula al abrir el archivo.
_FORMULA = ("=", "+", "-", "@")
# El máximo de una celda de Excel.
_LARGO_CELDA = 32_767


@lru_cache(maxsize=4096)
def _inerte(texto: str) -> str:
    texto = limpiar_linea(texto)
    return f"'{texto}" if texto.startswith(_FORMULA) else texto


def celda(valor):
    """El valor sin nada que una hoja de cálculo ejecute ni rechace; los números siguen siendo números."""
    if valor is None:
        return ""
    return valor if isinstance(valor, int | float | Decimal) else _inerte(str(valor))[:_LARGO_CELDA]


def con_coma(valor):
    """Un número con decimales, como se escribe en español; lo demás, igual."""
    return str(valor).replace(".", ",") if isinstance(valor, float | Decimal) else valor


def a_csv(renglones: Iterable[Iterable], por_tanda: int = 500, *, bom: bool = True) -> Iterator[str]:
    """El CSV por tandas, para enviarlo mientras se lee."""
    memoria = io.StringIO()
    memoria.write(BOM if bom else "")
    escritor = csv.writer(memoria, delimiter=";")
    for numero, renglon in enumerate(renglones, 1):
        escritor.writerow([con_coma(valor) for valor in renglon])
        if numero % por_tanda == 0:
            yield memoria.getvalue()
            memoria.seek(0)
            memoria.truncate()
    yield memoria.getvalue()


def a_xlsx(hojas: dict[str, tuple[Iterable[Iterable], list[int]]]) -> bytes:
    """Un libro con una hoja por nombre; de cada una, sus renglones (el primero, el encabezado) y el ancho de sus columnas."""
    libro = Workbook(write_only=True)
    for nombre, (renglones, anchos) in hojas.items():
        hoja = libro.create_sheet(nombre)
        hoja.freeze_panes = "A2"
        for letra, ancho in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", anchos, strict=False):
            hoja.column_dimensions[letra].width = ancho
        for renglon in renglones:
            hoja.append(list(renglon))
    memoria = io.BytesIO()
    libro.save(memoria)
    return memoria.getvalue()
