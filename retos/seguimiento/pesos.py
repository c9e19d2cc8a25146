"""Un valor en pesos, como se escribe en Colombia, en cualquier idioma de la pantalla."""

from decimal import Decimal

from django.utils import numberformat


def con_puntos(valor: Decimal) -> str:
    """Con puntos de miles y, si los hay, centavos: 6.000.000 o 1.500,50."""
    centavos = 0 if valor == valor.to_integral_value() else 2
    return numberformat.format(valor, ",", centavos, grouping=3, thousand_sep=".", force_grouping=True)


def en_pesos(valor: Decimal | None) -> str:
    """Con su signo, que no se separa de la cifra; vacío si no hay valor."""
    return "" if valor is None else f"$\u00a0{con_puntos(valor)}"
