"""Qué se puede moderar. Cada sala declara al arrancar qué pasa con su objeto tras una decisión."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db.models import Q

from .enums import DE_MODERADOR, Decision


@dataclass(frozen=True)
class Moderable:
    """`es_de(usuario, objeto)`: si lo envió esa cuenta, que entonces no lo modera. `aplicar(objeto, decision, motivo, moderador)` cambia el estado del objeto, dentro de la transacción.

    `presentar(objeto)` devuelve el contexto de `plantilla`, que muestra el contenido completo a quien modera.
    `reservadas()`: qué entradas de la clase no se muestran todavía a nadie, ni se deciden.
    `decisiones`: las que caben en esta clase.
    """

    etiqueta: str
    plantilla: str
    es_de: Callable[[object, object], bool]
    aplicar: Callable
    presentar: Callable[[object], dict]
    reservadas: Callable[[], Q] | None = None
    decisiones: Collection[Decision] = tuple(DE_MODERADOR)


MODERABLES: dict[str, Moderable] = {}


def declarar(objeto_tipo: str, moderable: Moderable) -> None:
    MODERABLES[objeto_tipo] = moderable
