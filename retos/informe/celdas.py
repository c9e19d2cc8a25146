"""Cómo se escribe en un informe cada fecha, cifra y texto."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from ..models import Propuesta
from .documento import Celda, Columna, Ficha
from .expediente import Expediente


def fecha(momento: datetime) -> str:
    return formats.date_format(timezone.localtime(momento), "DATE_FORMAT")


def hora(momento: datetime | None) -> str:
    return formats.date_format(timezone.localtime(momento), "DATETIME_FORMAT") if momento else _("Sin fecha de cierre")


def numero(valor) -> str:
    if isinstance(valor, float) and valor.is_integer():
        valor = int(valor)
    return "" if valor is None else formats.localize(valor)


def celdas(*textos) -> list[Celda]:
    return [texto if isinstance(texto, Celda) else Celda(str(texto)) for texto in textos]


def ficha_de(*pares, grande=False) -> Ficha:
    """Sin los rótulos que no tienen dato."""
    return Ficha([(rotulo, celdas(dato)[0]) for rotulo, dato in pares if dato not in ("", None)], grande)


def encabezados(*nombres: str, numeros: Iterable[int] = ()) -> list[Columna]:
    return [Columna(nombre, lugar in numeros) for lugar, nombre in enumerate(nombres)]


def escrita(propuesta: Propuesta, expediente: Expediente) -> Celda:
    return Celda(propuesta.titulo, expediente.absoluta(propuesta.get_absolute_url()), propuesta.idioma)
