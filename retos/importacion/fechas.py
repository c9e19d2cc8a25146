"""Fechas como las escriben otras plataformas y las hojas de cálculo."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone as zona
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.texto import sin_tildes


class Orden(models.TextChoices):
    """Cómo se lee «03/04/2024». El año al principio y los meses en letras no admiten duda."""

    DMA = "dma", gettext_lazy("Día/mes/año")
    MDA = "mda", gettext_lazy("Mes/día/año")


@dataclass(frozen=True)
class Fecha:
    instante: datetime
    solo_dia: bool


_HORA = (
    r"(?:[t ,]+(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?"
    r"(?:\s*(?P<media>[ap])\.?\s?m\.?)?(?:\s*(?P<huso>z|utc|[+-]\d{2}:?\d{2}))?)?"
)
_FORMAS = [
    re.compile(patron + _HORA, re.ASCII)
    for patron in (
        r"(?P<a>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
        r"(?P<uno>\d{1,2})[-/.](?P<dos>\d{1,2})[-/.](?P<a>\d{4})",
        r"(?P<d>\d{1,2}) (?:de )?(?P<mes>[a-z]{3,10})\.?,? (?:de |del )?(?P<a>\d{4})",
        r"(?P<mes>[a-z]{3,10})\.? (?P<d>\d{1,2}),? (?P<a>\d{4})",
    )
]
_MESES = {
    nombre: numero
    for numero, nombres in enumerate(
        ["ene jan", "feb", "mar", "abr apr", "may", "jun", "jul", "ago aug", "sep set", "oct", "nov", "dic dec"], 1
    )
    for nombre in nombres.split()
}


def _partes(texto: str) -> dict[str, str | None] | None:
    llano = sin_tildes(" ".join(texto.split()))
    return next((m.groupdict() for forma in _FORMAS if (m := forma.fullmatch(llano))), None)


def averiguar_orden(textos: Iterable[str]) -> tuple[Orden, bool]:
    """El orden que exigen las fechas del archivo, y si hubo que suponerlo porque se leen de las dos maneras.

    Lanza ValidationError si unas exigen uno y otras el otro.
    """
    exigidos, dudosas = set(), False
    for texto in textos:
        partes = _partes(texto) or {}
        if partes.get("uno"):
            uno, dos = int(partes["uno"]), int(partes["dos"])
            if uno > 12:
                exigidos.add(Orden.DMA)
            elif dos > 12:
                exigidos.add(Orden.MDA)
            else:
                dudosas |= uno != dos
    if len(exigidos) > 1:
        raise ValidationError(
            _("El archivo mezcla fechas día/mes/año y mes/día/año. Elija un orden: las otras se rechazarán.")
        )
    return (exigidos.pop(), False) if exigidos else (Orden.DMA, dudosas)


def leer_fecha(texto: str, orden: Orden) -> Fecha:
    """La fecha escrita; sin huso, es hora de Colombia. Lanza ValueError si no es una fecha."""
    partes = _partes(texto)
    if partes is None:
        raise ValueError(texto)
    dia, mes = partes.get("d"), partes.get("m")
    if partes.get("uno"):
        dia, mes = (partes["uno"], partes["dos"]) if orden == Orden.DMA else (partes["dos"], partes["uno"])
    elif partes.get("mes"):
        mes = _MESES.get(partes["mes"][:3])
        if mes is None:
            raise ValueError(texto)
    hora = int(partes["h"] or 0)
    if partes["media"]:
        if not 1 <= hora <= 12:
            raise ValueError(texto)
        hora = hora % 12 + (12 if partes["media"] == "p" else 0)
    instante = datetime(int(partes["a"]), int(mes), int(dia), hora, int(partes["min"] or 0), int(partes["s"] or 0))
    if instante.year < 1900:
        raise ValueError(texto)
    return Fecha(_con_huso(instante, partes["huso"]), solo_dia=partes["h"] is None)


def _con_huso(instante: datetime, huso: str | None) -> datetime:
    if huso is None:
        return zona.make_aware(instante, zona.get_default_timezone())
    if huso in ("z", "utc"):
        return instante.replace(tzinfo=UTC)
    diferencia = timedelta(hours=int(huso[1:3]), minutes=int(huso[-2:]))
    return instante.replace(tzinfo=timezone(-diferencia if huso[0] == "-" else diferencia))
