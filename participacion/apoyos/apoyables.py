"""Qué se puede apoyar, cuándo y cómo. Cada sala lo declara al arrancar."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from participacion.ejercicios.models import Ejercicio

from .enums import ModoApoyo


@dataclass(frozen=True)
class Reglas:
    """Cómo reparte su apoyo una persona en un ejercicio. No cambian una vez abierto el plazo.

    `maximo`: cuántos objetos apoya u ordena, o cuántos puntos reparte; None, sin límite (sólo en SIMPLE).
    """

    modo: ModoApoyo = ModoApoyo.SIMPLE
    maximo: int | None = None

    def valor(self, posicion: int) -> int:
        """Los puntos del puesto `posicion` cuando se ordenan hasta `maximo`: el primero vale `maximo`; el último, 1.

        Es el conteo de J.-C. de Borda («Mémoire sur les élections au scrutin», 1781). Quien ordena menos no pierde
        valor en las que sí puso.
        """
        return self.maximo - posicion + 1


def un_apoyo_por_objeto(_ejercicio: Ejercicio) -> Reglas:
    return Reglas()


def siempre_visibles(_ejercicio: Ejercicio, _ahora: datetime) -> bool:
    return True


@dataclass(frozen=True)
class Apoyable:
    """Lo que la sala dueña dice de un modelo «app.modelo» que hereda de `models.Apoyable`.

    `comprobar_plazo(ejercicio, ahora)` lanza ValidationError (code="plazo") si a esa hora no se apoya ni se retira.
    `admite(objeto)`: si su estado deja apoyarlo; retirar lo ya dado se puede siempre que el plazo esté abierto.
    `visibles(ejercicio, ahora)`: si a esa hora se puede decir cuántos apoyos lleva cada objeto.
    """

    admite: Callable[[object], bool]
    comprobar_plazo: Callable[[Ejercicio, datetime], None]
    reglas: Callable[[Ejercicio], Reglas] = un_apoyo_por_objeto
    visibles: Callable[[Ejercicio, datetime], bool] = siempre_visibles


APOYABLES: dict[str, Apoyable] = {}


def declarar(objeto_tipo: str, apoyable: Apoyable) -> None:
    APOYABLES[objeto_tipo] = apoyable


def apoyable_de(modelo) -> Apoyable:
    """El de una clase de modelo o de uno de sus objetos."""
    return APOYABLES[modelo._meta.label_lower]
