"""Las cifras de una evaluación, a partir de los totales de 0 a 100. Funciones puras.

Media, mediana y desviación estándar muestral (n − 1): NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.1 y 1.3.5.6.
La media normalizada descuenta que un jurado sea más severo o más generoso que otro: a cada total se le resta la media de
su jurado y se divide por su desviación, y se vuelve a la media y la desviación de todos los totales. Es el puntaje
estándar o z (E. Kreyszig, Advanced Engineering Mathematics, 4.ª ed., 1979, p. 880).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median

from .puntaje import redondear


@dataclass(frozen=True)
class Nota:
    """El total que un jurado dio a una propuesta."""

    propuesta: int
    jurado: int
    total: Decimal


@dataclass(frozen=True)
class Resumen:
    """Lo que dicen las notas de una propuesta. `desviacion`: None con menos de dos. `puesto`: 1 el mejor, iguales si empatan."""

    propuesta: int
    totales: tuple[Decimal, ...]
    media: Decimal
    mediana: Decimal
    desviacion: Decimal | None
    normalizada: Decimal
    puesto: int = 0
    empata: bool = False

    @property
    def n(self) -> int:
        return len(self.totales)

    @property
    def minimo(self) -> Decimal:
        return min(self.totales)

    @property
    def maximo(self) -> Decimal:
        return max(self.totales)


def media(valores: Iterable[Decimal]) -> Decimal:
    valores = list(valores)
    return sum(valores, Decimal(0)) / len(valores)


def desviacion(valores: Iterable[Decimal]) -> Decimal | None:
    """La muestral, con n − 1; None con menos de dos valores."""
    valores = list(valores)
    if len(valores) < 2:
        return None
    centro = media(valores)
    return (sum(((v - centro) ** 2 for v in valores), Decimal(0)) / (len(valores) - 1)).sqrt()


def _por(notas: Iterable[Nota], que: str) -> dict[int, list[Nota]]:
    grupos = defaultdict(list)
    for nota in notas:
        grupos[getattr(nota, que)].append(nota)
    return grupos


def sin_normalizar(notas: Iterable[Nota]) -> set[int]:
    """Los jurados cuya nota se usa tal cual: con menos de dos evaluaciones, o todas iguales, no hay escala que corregir."""
    return {
        jurado for jurado, suyas in _por(notas, "jurado").items() if not desviacion(nota.total for nota in suyas)
    }


def normalizar(notas: list[Nota]) -> list[Nota]:
    """Las mismas notas, llevadas de la escala de cada jurado a la de todos. Pueden salirse de 0 a 100: sirven para comparar."""
    if not notas:
        return []
    centro, ancho = media(nota.total for nota in notas), desviacion(nota.total for nota in notas)
    crudos = sin_normalizar(notas)
    escalas = {
        jurado: (media(n.total for n in suyas), desviacion(n.total for n in suyas))
        for jurado, suyas in _por(notas, "jurado").items()
        if jurado not in crudos
    }

    def llevar(nota: Nota) -> Decimal:
        if nota.jurado in crudos:
            return nota.total
        suya, dispersion = escalas[nota.jurado]
        return centro + (nota.total - suya) / dispersion * ancho

    return [Nota(nota.propuesta, nota.jurado, llevar(nota)) for nota in notas]


def resumir(notas: list[Nota]) -> list[Resumen]:
    """Un resumen por propuesta, de mayor a menor media. Con la misma media a dos decimales empatan y comparten puesto."""
    normales = _por(normalizar(notas), "propuesta")
    resumenes = []
    for propuesta, suyas in _por(notas, "propuesta").items():
        totales = tuple(sorted(nota.total for nota in suyas))
        ancho = desviacion(totales)
        resumenes.append(
            Resumen(
                propuesta=propuesta,
                totales=totales,
                media=redondear(media(totales)),
                mediana=redondear(Decimal(median(totales))),
                desviacion=None if ancho is None else redondear(ancho),
                normalizada=redondear(media(nota.total for nota in normales[propuesta])),
            )
        )
    resumenes.sort(key=lambda r: (-r.media, r.propuesta))
    iguales, puestos = Counter(r.media for r in resumenes), {}
    for lugar, resumen in enumerate(resumenes, 1):
        puestos.setdefault(resumen.media, lugar)
    return [replace(r, puesto=puestos[r.media], empata=iguales[r.media] > 1) for r in resumenes]
