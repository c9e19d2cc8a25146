"""A quién le toca cada propuesta: un reparto parejo que respeta topes y conflictos de interés.

Es el semiemparejamiento óptimo de Harvey, Ladner, Lovász y Tamir, «Semi-matchings for bipartite graphs and load
balancing» (2003): cada plaza va, por un camino que alterna asignaciones posibles y hechas, al jurado alcanzable con menos
carga. Así se llenan todas las que se puede y ninguna otra asignación de las nuevas deja las cargas más parejas.
"""

import random
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reparto:
    """`nuevas`: pares (propuesta, jurado), en orden. `faltan`: de cada propuesta corta, cuántas evaluaciones le faltan."""

    nuevas: list[tuple[int, int]]
    faltan: dict[int, int]


@dataclass
class _Mesa:
    """El reparto a medio hacer. `fijas`: lo ya asignado, que no se mueve."""

    propuestas: list[int]
    jurados: list[int]
    topes: Mapping[int, int | None]
    vetados: set[tuple[int, int]]
    carga: dict[int, int]
    fijas: set[tuple[int, int]]
    # De cada jurado, las propuestas que le dio esta vuelta: son las que se pueden mover.
    dadas: dict[int, list[int]] = field(default_factory=dict)

    def puede(self, propuesta: int, jurado: int) -> bool:
        par = (propuesta, jurado)
        return par not in self.vetados and par not in self.fijas and propuesta not in self.dadas[jurado]

    def cabe(self, jurado: int) -> bool:
        tope = self.topes[jurado]
        return tope is None or self.carga[jurado] < tope

    def sentar(self, propuesta: int) -> bool:
        """Da la propuesta a un jurado más, moviendo otras si hace falta. Falso si no hay a quién."""
        con_cupo = [self.carga[jurado] for jurado in self.jurados if self.cabe(jurado)]
        if not con_cupo:
            return False
        menor = min(con_cupo)
        desde: dict[int, tuple[int, int | None]] = {}  # jurado → (propuesta que recibe, quién se la pasa)
        cola, mejor = deque([(propuesta, None)]), None
        while cola:
            movida, de = cola.popleft()
            for jurado in self.jurados:
                if jurado in desde or not self.puede(movida, jurado):
                    continue
                desde[jurado] = (movida, de)
                if self.cabe(jurado) and (mejor is None or self.carga[jurado] < self.carga[mejor]):
                    mejor = jurado
                    if self.carga[jurado] == menor:
                        cola.clear()
                        break
                cola.extend((otra, jurado) for otra in self.dadas[jurado])
        if mejor is None:
            return False
        self.carga[mejor] += 1
        recibe: int | None = mejor
        while recibe is not None:
            movida, pasa = desde[recibe]
            self.dadas[recibe].append(movida)
            if pasa is not None:
                self.dadas[pasa].remove(movida)
            recibe = pasa
        return True


def repartir(
    *,
    propuestas: Iterable[int],
    jurados: Mapping[int, int | None],
    actuales: Iterable[tuple[int, int]],
    vetados: Iterable[tuple[int, int]],
    minimo: int,
    semilla: int,
) -> Reparto:
    """Completa cada propuesta hasta `minimo` evaluaciones sin tocar las actuales. La misma semilla da lo mismo.

    `jurados`: de cada uno, su tope (None: sin tope). `vetados`: pares que no pueden ser. Si no alcanza para todas, la
    primera evaluación de cada propuesta va antes que la segunda de ninguna.
    """
    azar = random.Random(semilla)  # noqa: S311 - no protege nada: reparte
    orden_propuestas, orden_jurados = sorted(propuestas), sorted(jurados)
    azar.shuffle(orden_propuestas)
    azar.shuffle(orden_jurados)
    fijas = set(actuales)
    carga = {jurado: sum(1 for _p, j in fijas if j == jurado) for jurado in orden_jurados}
    mesa = _Mesa(orden_propuestas, orden_jurados, jurados, set(vetados), carga, fijas, {j: [] for j in orden_jurados})
    tienen = {p: sum(1 for otra, _j in fijas if otra == p) for p in orden_propuestas}
    agotadas: set[int] = set()
    for ronda in range(minimo):
        for propuesta in orden_propuestas:
            if tienen[propuesta] == ronda and propuesta not in agotadas:
                if mesa.sentar(propuesta):
                    tienen[propuesta] += 1
                else:
                    agotadas.add(propuesta)
    nuevas = sorted((propuesta, jurado) for jurado, suyas in mesa.dadas.items() for propuesta in suyas)
    return Reparto(nuevas, {p: minimo - n for p, n in sorted(tienen.items()) if n < minimo})
