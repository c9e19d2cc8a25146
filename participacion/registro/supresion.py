"""Qué casillas se ocultan para que nadie quede a la vista, ni por resta.

Primero las que cuentan a menos personas que el mínimo (salvo cero: no señala a nadie y ocultarlo vaciaría las tablas).
Después, las que hagan falta para que ninguna oculta se deduzca de los totales publicados: en cada suma quedan ocultas
dos o más que juntas no bajan del mínimo, y ninguna se despeja del sistema de ecuaciones de la tabla entera. Es la
supresión complementaria (Hundepool y otros, «Statistical Disclosure Control», 2012, cap. 4).
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

Celda = Hashable
# Se elimina módulo un primo: exacto y sin fracciones que crezcan.
_PRIMO = 2**61 - 1


@dataclass(frozen=True)
class Suma:
    """Unas celdas cuya suma es conocida: el total que se publica junto a ellas."""

    celdas: tuple[Celda, ...]


def suprimir(
    cantidades: Mapping[Celda, int],
    sumas: Iterable[Suma],
    minimo: int,
    *,
    otras: Iterable[Mapping[Celda, int]] = (),
    ya_ocultas: Iterable[Celda] = (),
) -> set[Celda]:
    """Las celdas que no se muestran.

    `otras`: combinaciones de celdas que también se publican (una media es Σ valor × cantidad).
    `ya_ocultas`: las que otra tabla publicada ya oculta.
    """
    sumas, otras = list(sumas), [dict(otra) for otra in otras]
    ocultas = set(ya_ocultas) | {celda for celda, n in cantidades.items() if 0 < n < minimo}
    ecuaciones = [dict.fromkeys(suma.celdas, 1) for suma in sumas] + otras
    while ocultas:
        for suma in sumas:
            _completar(suma, cantidades, ocultas, minimo)
        despejadas = determinadas(ecuaciones, ocultas)
        visibles = {
            celda
            for ecuacion in ecuaciones
            if despejadas & ecuacion.keys()
            for celda in ecuacion
            if celda not in ocultas and cantidades[celda]
        }
        if not visibles:
            return ocultas
        ocultas.add(min(visibles, key=lambda celda: (cantidades[celda], str(celda))))
    return ocultas


def _completar(suma: Suma, cantidades, ocultas: set, minimo: int) -> None:
    """Oculta en la suma, de menor a mayor, hasta que lo oculto no se sepa por resta."""
    while True:
        tapadas = [celda for celda in suma.celdas if celda in ocultas]
        if not tapadas or (len(tapadas) > 1 and sum(cantidades[celda] for celda in tapadas) >= minimo):
            return
        quedan = [celda for celda in suma.celdas if celda not in ocultas]
        if not quedan:
            return
        # Las de cero, sólo si no hay otra: ocultarlas quita más de lo que protege.
        ocultas.add(min(quedan, key=lambda celda: (cantidades[celda] == 0, cantidades[celda], str(celda))))


def determinadas(ecuaciones: Iterable[Mapping[Celda, int]], ocultas: set[Celda]) -> set[Celda]:
    """Las ocultas que quien conoce todo lo demás puede despejar (eliminación de Gauss-Jordan)."""
    reducidas: dict[Celda, dict[Celda, int]] = {}
    for ecuacion in ecuaciones:
        fila = {celda: k % _PRIMO for celda, k in ecuacion.items() if celda in ocultas and k % _PRIMO}
        for pivote in [celda for celda in fila if celda in reducidas]:
            _restar(fila, reducidas[pivote], fila[pivote])
        if not fila:
            continue
        pivote = next(iter(fila))
        inverso = pow(fila[pivote], -1, _PRIMO)
        fila = {celda: k * inverso % _PRIMO for celda, k in fila.items()}
        for otra in reducidas.values():
            if k := otra.get(pivote):
                _restar(otra, fila, k)
        reducidas[pivote] = fila
    return {pivote for pivote, fila in reducidas.items() if len(fila) == 1}


def _restar(fila: dict, otra: Mapping, veces: int) -> None:
    for celda, k in otra.items():
        queda = (fila.get(celda, 0) - veces * k) % _PRIMO
        if queda:
            fila[celda] = queda
        else:
            fila.pop(celda, None)
