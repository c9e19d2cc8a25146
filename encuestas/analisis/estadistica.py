"""Los métodos estadísticos, con la biblioteca estándar. Fuentes y límites: `docs/encuestas-resultados.md`."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

CONFIANZA = 0.95
_Z = NormalDist().inv_cdf(1 - (1 - CONFIANZA) / 2)


@dataclass(frozen=True)
class Diferencia:
    """La diferencia y su intervalo del 95 %."""

    valor: float
    desde: float
    hasta: float

    @property
    def concluye(self) -> bool:
        """Si el intervalo no contiene el cero."""
        return self.desde > 0 or self.hasta < 0


@dataclass(frozen=True)
class Muestra:
    """Cuántos, su media y su varianza (con n - 1)."""

    n: int
    media: float
    varianza: float

    @classmethod
    def de(cls, cuantos: Mapping[float, int]) -> "Muestra":
        """`cuantos`: valor → cuántas personas lo dijeron. Hacen falta al menos dos."""
        n = sum(cuantos.values())
        media = sum(valor * k for valor, k in cuantos.items()) / n
        return cls(n, media, sum(k * (valor - media) ** 2 for valor, k in cuantos.items()) / (n - 1))


def wilson(exitos: int, n: int) -> tuple[float, float]:
    """El intervalo de una proporción (Wilson, 1927): no se sale de 0 a 1 ni se anula cuando nadie o todos."""
    p, z2 = exitos / n, _Z * _Z
    centro = (p + z2 / (2 * n)) / (1 + z2 / n)
    margen = _Z / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(0.0, centro - margen), min(1.0, centro + margen)


def entre_proporciones(antes: tuple[int, int], despues: tuple[int, int]) -> Diferencia:
    """Después menos antes, de (cuántos, entre cuántos). Newcombe (1998), método 10: combina los intervalos de Wilson."""
    p1, p2 = antes[0] / antes[1], despues[0] / despues[1]
    (l1, u1), (l2, u2) = wilson(*antes), wilson(*despues)
    d = p2 - p1
    return Diferencia(d, d - sqrt((p2 - l2) ** 2 + (u1 - p1) ** 2), d + sqrt((u2 - p2) ** 2 + (p1 - l1) ** 2))


def entre_medias(antes: Muestra, despues: Muestra) -> Diferencia:
    """Después menos antes, sin suponer que varían igual. Welch (1947), con los grados de libertad de Satterthwaite."""
    v1, v2 = antes.varianza / antes.n, despues.varianza / despues.n
    d = despues.media - antes.media
    if not v1 + v2:
        return Diferencia(d, d, d)
    libertad = (v1 + v2) ** 2 / (v1**2 / (antes.n - 1) + v2**2 / (despues.n - 1))
    margen = t_de_student(libertad) * sqrt(v1 + v2)
    return Diferencia(d, d - margen, d + margen)


def t_de_student(libertad: float) -> float:
    """El cuantil 97,5 % de la t por el desarrollo de Cornish y Fisher (Abramowitz y Stegun, 26.7.5).

    Con 20 grados o más, que es lo único que se usa, difiere del exacto en menos de 0,0001.
    """
    z, v = _Z, libertad
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    )


def muestra_efectiva(cuantos_y_pesos: Mapping[float, int]) -> float:
    """Cuántas respuestas sin ponderar valdrían lo mismo: (Σ n·w)² ÷ Σ n·w² (Kish, 1965)."""
    suma = sum(n * w for w, n in cuantos_y_pesos.items())
    cuadrados = sum(n * w * w for w, n in cuantos_y_pesos.items())
    return suma * suma / cuadrados if cuadrados else 0.0
