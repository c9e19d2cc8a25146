"""Los archivos que se descargan: las cifras, y los actos con que un auditor las recalcula."""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from home import tablas
from home.tablas import celda
from participacion.apoyos.actions import APOYO, IMPORTADOS, RETIRO
from participacion.apoyos.querysets import con_conteos_ocultos
from participacion.registro import tipos
from participacion.registro.medidas import CifraNombrada

from .consultas import Consulta

_ANCHOS = [48, 44, 10, 12, 12, 40, 30, 34, 110]


def instante(momento: datetime) -> str:
    """ISO 8601 con la hora de la plataforma y su diferencia con UTC."""
    return momento.astimezone(timezone.get_default_timezone()).isoformat(timespec="microseconds")


def tabla_de_cifras(consulta: Consulta, cifras, nombradas=()) -> list[list]:
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
    ] + [
        [celda(valor) for valor in (cifra.nombre, parte, n, *contexto, f"{cifra.detalle} {unidad}")]
        for cifra in nombradas
        for parte, n, unidad in partes_de(cifra)
    ]


def partes_de(cifra: CifraNombrada) -> list[tuple[str, float | None, str]]:
    """Lo que se dice de una cifra con meta: (qué, cuánto, en qué unidad). Las mismas en la página y en los archivos."""
    return [
        (_("Ejecutado"), cifra.ejecutado, cifra.unidad),
        (_("Línea base"), cifra.linea_base, cifra.unidad),
        (_("Meta"), cifra.meta, cifra.unidad),
        (_("Eficiencia"), cifra.eficiencia, "%"),
    ]


def a_xlsx(renglones: list[list]) -> bytes:
    return tablas.a_xlsx({"Indicadores": (renglones, _ANCHOS)})


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
    "organizacion_verificada",
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
    recalcular los estados y los apoyos vigentes.

    Donde los conteos son secretos, el apoyo va sin su objeto: contándolos se sabría cuántos lleva cada propuesta.
    """
    ocultos = con_conteos_ocultos(consulta.sitio, consulta.corte)
    clases = set(tipos.de_participacion())
    seudonimo = Seudonimos()
    inicio = consulta.periodo.inicio
    yield ["en_periodo", "participacion", *COLUMNAS_ACTO]
    actos = consulta.hasta_el_final().order_by("ocurrido_en", "pk").values(*COLUMNAS_ACTO)
    for acto in actos.iterator(chunk_size=2000):
        if acto["tipo"] in (APOYO, RETIRO, IMPORTADOS) and (acto["ejercicio_id"], acto["objeto_tipo"]) in ocultos:
            acto["objeto_id"] = None
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
