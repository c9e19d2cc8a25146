"""Cuánto vale una evaluación: sobre 100, ponderada por los pesos que se publicaron."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

CENTESIMA = Decimal("0.01")


def redondear(valor: Decimal) -> Decimal:
    """A dos decimales; la mitad, hacia arriba."""
    return valor.quantize(CENTESIMA, rounding=ROUND_HALF_UP)


def total_de(criterios: Iterable, valores: Mapping[int, int]) -> Decimal:
    """Σ peso × (valor − mínimo) ÷ (máximo − mínimo), de 0 a 100. Lanza KeyError si falta la nota de un criterio.

    `criterios`: con `pk`, `peso`, `minimo` y `maximo`; los pesos suman 100.
    """
    return redondear(
        sum(
            (Decimal(c.peso) * (valores[c.pk] - c.minimo) / Decimal(c.maximo - c.minimo) for c in criterios),
            Decimal(0),
        )
    )
