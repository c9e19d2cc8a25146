"""Cuánto se conserva cada cosa y qué se hace al cumplirse: el registro de donde salen `manage.py retencion` y docs/privacidad.md.

Cada sala declara lo suyo en `AppConfig.ready()`. Los días se cambian con la variable `RETENCION`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone


@dataclass(frozen=True)
class Finalidad:
    """`buscar(limite)` dice sobre qué se actuaría; `aplicar(filas)` lo hace, se puede repetir y devuelve cuántas."""

    clave: str
    etiqueta: str
    dias: int
    hace: str
    buscar: Callable[[datetime], models.QuerySet]
    aplicar: Callable[[models.QuerySet], int]

    @property
    def dias_vigentes(self) -> int:
        return settings.RETENCION.get(self.clave, self.dias)

    def pendientes(self) -> models.QuerySet:
        return self.buscar(timezone.now() - timedelta(days=self.dias_vigentes))

    def ejecutar(self) -> int:
        return self.aplicar(self.pendientes())


FINALIDADES: dict[str, Finalidad] = {}


def declarar(clave: str, etiqueta: str, *, dias: int, hace: str, buscar, aplicar) -> None:
    FINALIDADES[clave] = Finalidad(clave, etiqueta, dias, hace, buscar, aplicar)


@transaction.atomic
def borrar(filas: models.QuerySet) -> int:
    """Borra las filas y lo que cuelga de ellas; cuenta sólo las filas."""
    return filas.delete()[1].get(filas.model._meta.label, 0)
