"""Los números contestados: media, mediana, extremos e histograma, de los valores que la base de datos ya agrupó."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from participacion.registro.supresion import Suma, suprimir

TRAMOS = 8


@dataclass(frozen=True)
class Tramo:
    """De `desde` (incluido) a `hasta` (sin incluir). `cantidad` None: oculta."""

    desde: Decimal
    hasta: Decimal
    cantidad: int | None
    porcentaje: float | None

    @property
    def texto(self) -> str:
        limites = {nombre: number_format(getattr(self, nombre).normalize()) for nombre in ("desde", "hasta")}
        return _("De %(desde)s a menos de %(hasta)s") % limites

    @property
    def oculta(self) -> bool:
        return self.cantidad is None


@dataclass(frozen=True)
class Numeros:
    """Un extremo es el dato de alguien: se muestra sólo si lo dijeron tantas personas como el mínimo."""

    minimo: Decimal | None
    media: float
    mediana: float
    maximo: Decimal | None
    tramos: list[Tramo]


def resumir(agrupados: list[tuple[Decimal, int]], minimo_grupo: int) -> Numeros | None:
    """`agrupados`: (valor, cuántos), de menor a mayor. Sin valores, None."""
    if not agrupados:
        return None
    total = sum(n for _valor, n in agrupados)
    (menor, de_menor), (mayor, de_mayor) = agrupados[0], agrupados[-1]
    return Numeros(
        minimo=menor if de_menor >= minimo_grupo else None,
        media=float(sum(valor * n for valor, n in agrupados) / total),
        mediana=float(_en(agrupados, (total - 1) // 2) + _en(agrupados, total // 2)) / 2,
        maximo=mayor if de_mayor >= minimo_grupo else None,
        tramos=_tramos(agrupados, total, minimo_grupo),
    )


def _en(agrupados, lugar: int) -> Decimal:
    """El valor que ocupa ese lugar, contando desde cero."""
    for valor, n in agrupados:
        if lugar < n:
            return valor
        lugar -= n
    raise IndexError(lugar)


def _ancho(rango: Decimal, enteros: bool) -> Decimal:
    """Un ancho de 1, 2 o 5 por una potencia de diez: los límites son redondos y no dicen el mínimo ni el máximo exactos."""
    crudo = float(rango) / TRAMOS or 1.0
    potencia = Decimal(10) ** floor(log10(crudo))
    ancho = next(potencia * paso for paso in (1, 2, 5, 10) if float(potencia * paso) >= crudo * 0.999)
    return max(ancho, Decimal(1)) if enteros else ancho


def _tramos(agrupados, total, minimo_grupo) -> list[Tramo]:
    menor, mayor = agrupados[0][0], agrupados[-1][0]
    ancho = _ancho(mayor - menor, all(valor == valor.to_integral_value() for valor, _n in agrupados))
    primero = floor(menor / ancho)
    cuantos = max(1, ceil((mayor - primero * ancho) / ancho + Decimal("1e-9")))
    cantidades = dict.fromkeys(range(cuantos), 0)
    for valor, n in agrupados:
        cantidades[min(cuantos - 1, floor(valor / ancho) - primero)] += n
    ocultas = suprimir(cantidades, [Suma(tuple(cantidades))], minimo_grupo)
    return [
        Tramo(
            desde=(primero + i) * ancho,
            hasta=(primero + i + 1) * ancho,
            cantidad=None if i in ocultas else n,
            porcentaje=None if i in ocultas else 100 * n / total,
        )
        for i, n in cantidades.items()
    ]
