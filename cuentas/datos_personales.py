"""Quién guarda datos personales: el registro del que salen la copia que pide una persona y la supresión.

Cada sala declara los suyos en `AppConfig.ready()`. `tests/cuentas/test_datos_personales.py` falla si un modelo con una
llave a `Participante` o `Usuario`, o con un campo que nombra a alguien, no está en ninguna fuente ni en las excepciones.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import models
from django.db.models.fields.files import FieldFile

from .models import Participante


@dataclass(frozen=True)
class Copia:
    """Lo que una fuente sabe de alguien: `datos` se escribe como JSON; `archivos` son (nombre en el ZIP, archivo)."""

    datos: object
    archivos: Iterable[tuple[str, FieldFile]] = field(default_factory=list)


@dataclass(frozen=True)
class Fuente:
    """`modelos`: los «app.modelo» que cubre. `suprimir` corre dentro de la transacción y puede repetirse sin daño;
    borra o deja sin identidad, y no cambia ningún conteo ya publicado."""

    clave: str
    etiqueta: str
    modelos: frozenset[str]
    copiar: Callable[[Participante], Copia]
    suprimir: Callable[[Participante], None]


FUENTES: dict[str, Fuente] = {}


def declarar(
    clave: str,
    etiqueta: str,
    *,
    modelos: Iterable[str],
    copiar: Callable[[Participante], Copia],
    suprimir: Callable[[Participante], None],
) -> None:
    FUENTES[clave] = Fuente(clave, etiqueta, frozenset(m.lower() for m in modelos), copiar, suprimir)


# Lo que se escribe donde un texto no puede quedar vacío.
SUPRIMIDO = "(suprimido)"


def nada(_participante: Participante) -> None:
    """Para lo que sólo guarda la clave del participante o cuelga de su cuenta: no hay qué suprimir aparte."""


def describir(objeto: models.Model, *campos: str) -> dict:
    """Los campos de una fila con su nombre y su valor como los lee una persona."""
    descrito = {}
    for nombre in campos:
        campo = objeto._meta.get_field(nombre)
        mostrar = getattr(objeto, f"get_{nombre}_display", None)
        valor = mostrar() if mostrar else getattr(objeto, nombre)
        descrito[str(campo.verbose_name)] = str(valor) if isinstance(valor, models.Model) else valor
    return descrito


def describir_todas(filas: Iterable[models.Model], *campos: str) -> list[dict]:
    return [describir(fila, *campos) for fila in filas]


def para_suprimir() -> list[Fuente]:
    """Primero las salas de arriba: `cuentas`, que se declara de última, borra lo que ellas aún necesitan."""
    return sorted(FUENTES.values(), key=lambda fuente: fuente.clave.startswith("cuentas"))
