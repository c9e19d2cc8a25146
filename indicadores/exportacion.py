"""Los archivos que se descargan: las cifras, y los actos con que un auditor las recalcula.

CSV con «;»: la hoja de cálculo en español de Colombia usa la coma para los decimales y con «,» deja cada renglón en
una sola celda. Con marca UTF-8 (BOM), sin la que muestra mal las tildes.
"""

import csv
import hashlib
import io
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache

from django.utils import timezone
from openpyxl import Workbook

from home.texto import limpiar_linea
from participacion.registro import tipos

from .consultas import Consulta

BOM = "\ufeff"
# Una celda de texto que empieza así se ejecuta como fórmula al abrir el archivo.
_FORMULA = ("=", "+", "-", "@")
_ANCHOS = [48, 44, 10, 12, 12, 40, 30, 34, 110]


@lru_cache(maxsize=4096)
def _inerte(texto: str) -> str:
    texto = limpiar_linea(texto)
    return f"'{texto}" if texto.startswith(_FORMULA) else texto


def celda(valor):
    """El valor sin nada que una hoja de cálculo ejecute ni rechace; los números siguen siendo números."""
    return valor if isinstance(valor, int) else _inerte(str(valor))


def instante(momento: datetime) -> str:
    """ISO 8601 con la hora de la plataforma y su diferencia con UTC."""
    return momento.astimezone(timezone.get_default_timezone()).isoformat(timespec="microseconds")


def tabla_de_cifras(consulta: Consulta, cifras) -> list[list]:
    """Un renglón por cifra, cada uno con todo lo que hace falta para entenderlo por separado."""
    encabezado = ["indicador", "desagregacion", "valor", "desde", "hasta", "ejercicio", "sitio", "corte", "definicion"]
    contexto = [
        consulta.periodo.desde.isoformat(),
        consulta.periodo.hasta.isoformat(),
        consulta.ejercicio or "",
        consulta.sitio.site_name or consulta.sitio.hostname,
        instante(consulta.corte),
    ]
    return [encabezado] + [
        [celda(valor) for valor in (medida.etiqueta, desagregacion, n, *contexto, medida.definicion)]
        for medida, filas in cifras
        for desagregacion, n in filas
    ]


def a_csv(renglones: Iterable[list], por_tanda: int = 500) -> Iterator[str]:
    """El CSV por tandas, para enviarlo mientras se lee."""
    memoria = io.StringIO()
    memoria.write(BOM)
    escritor = csv.writer(memoria, delimiter=";")
    for numero, renglon in enumerate(renglones, 1):
        escritor.writerow(renglon)
        if numero % por_tanda == 0:
            yield memoria.getvalue()
            memoria.seek(0)
            memoria.truncate()
    yield memoria.getvalue()


def a_xlsx(renglones: list[list]) -> bytes:
    libro = Workbook(write_only=True)
    hoja = libro.create_sheet("Indicadores")
    hoja.freeze_panes = "A2"
    for letra, ancho in zip("ABCDEFGHI", _ANCHOS, strict=True):
        hoja.column_dimensions[letra].width = ancho
    for renglon in renglones:
        hoja.append(renglon)
    memoria = io.BytesIO()
    libro.save(memoria)
    return memoria.getvalue()


COLUMNAS_ACTO = [
    "uuid",
    "ejercicio_id",
    "ejercicio__titulo",
    "ejercicio__tipo",
    "tipo",
    "objeto_tipo",
    "objeto_id",
    "estado",
    "participante",
    "organizacion",
    "organizacion_tipo",
    "organizacion_sector",
    "actor_tipo",
    "rango_edad",
    "area",
    "zona",
    "nivel_verificacion",
    "fase",
    "canal",
    "idioma",
    "cantidad",
    "anula__uuid",
    "ocurrido_en",
    "registrado_en",
]
# Lo que se cambia por una clave que sólo vale dentro del archivo.
_SEUDONIMOS = {"objeto_id", "participante", "organizacion"}


class Seudonimos:
    """Cambia cada clave por otra que sólo vale dentro de un archivo.

    El secreto nace y muere con la exportación: con dos archivos no se sigue a nadie. También se cambia la clave del
    objeto, para que una propuesta publicada, que lleva firma, no señale sola a su autor. No basta para publicarlo: reto,
    día y tipo de actor distinguen a algunos (Ley 1581 de 2012, art. 4, lit. f y h), así que la descarga se anota.
    """

    def __init__(self):
        self._secreto = secrets.token_bytes(32)

    def __call__(self, columna: str, valor) -> str | None:
        return valor and hashlib.blake2b(f"{columna}:{valor}".encode(), key=self._secreto, digest_size=12).hexdigest()


def tabla_de_actos(consulta: Consulta) -> Iterator[list]:
    """Los actos hasta el final del periodo, en orden. `en_periodo` separa los anteriores, que hacen falta para
    recalcular los estados y los apoyos vigentes."""
    clases = set(tipos.de_participacion())
    seudonimo = Seudonimos()
    inicio = consulta.periodo.inicio
    yield ["en_periodo", "participacion", *COLUMNAS_ACTO]
    actos = consulta.hasta_el_final().order_by("ocurrido_en", "pk").values(*COLUMNAS_ACTO)
    for acto in actos.iterator(chunk_size=2000):
        renglon = ["si" if acto["ocurrido_en"] >= inicio else "no", "si" if acto["tipo"] in clases else "no"]
        for columna in COLUMNAS_ACTO:
            valor = acto[columna]
            if columna in _SEUDONIMOS:
                valor = seudonimo(columna, valor)
            elif isinstance(valor, datetime):
                valor = instante(valor)
            elif isinstance(valor, str):
                valor = celda(valor)
            renglon.append(valor)
        yield renglon
