"""La papeleta que alguien está armando en `mi-voto`. No cuenta hasta que la guarda: cada cambio guardado es un acto."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from participacion.apoyos.actions import resumen
from participacion.apoyos.apoyables import Reglas
from participacion.apoyos.enums import ModoApoyo
from participacion.apoyos.models import Apoyo

# Más renglones de los que nadie arma a mano: si llegan más no se guarda nada, porque dejar los de más fuera los quitaría.
RENGLONES = 200


def entero(texto: str) -> int | None:
    """Lo escrito en una casilla de número, o None si no es un entero sin signo de hasta cinco cifras."""
    texto = texto.strip()
    return int(texto) if texto.isascii() and texto.isdigit() and len(texto) < 6 else None


def _id(texto: str) -> int | None:
    return int(texto) if texto.isascii() and texto.isdigit() and len(texto) < 19 else None


@dataclass
class Renglon:
    """Una propuesta en la papeleta. `escrito`: los puntos como los escribió."""

    pk: int
    escrito: str = ""
    error: str = ""

    @property
    def puntos(self) -> int:
        return entero(self.escrito) or 0


@dataclass
class Borrador:
    reglas: Reglas
    renglones: list[Renglon]
    base: list[tuple[int, int | None]]
    errores: list[str] = field(default_factory=list)

    @classmethod
    def de_guardado(cls, reglas: Reglas, dados: Iterable[Apoyo]) -> "Borrador":
        base = resumen(reglas, dados)
        return cls(reglas, [Renglon(pk, "" if puntos is None else str(puntos)) for pk, puntos in base], base)

    @classmethod
    def de_peticion(cls, reglas: Reglas, datos) -> "Borrador":
        ids = dict.fromkeys(pk for texto in datos.getlist("voto") if (pk := _id(texto)) is not None)
        renglones = [Renglon(pk, datos.get(f"puntos-{pk}", "")[:20]) for pk in ids]
        pares = (par.partition(":") for par in datos.get("base", "")[: 40 * RENGLONES].split(",") if par)
        base = [(pk, entero(puntos)) for texto, _dos, puntos in pares if (pk := _id(texto)) is not None]
        return cls(reglas, renglones, base)

    def aplicar(self, datos) -> None:
        """Lo que pide el botón: subir, bajar, quitar o añadir una. Lo que no se puede no hace nada."""
        for boton in ("subir", "bajar", "quitar", "anadir"):
            if (pk := _id(datos.get(boton, ""))) is not None:
                self._mover(boton, pk)

    def _mover(self, boton: str, pk: int) -> None:
        lugares = {renglon.pk: lugar for lugar, renglon in enumerate(self.renglones)}
        lugar = lugares.get(pk)
        if boton == "anadir":
            if lugar is None and self.cabe_otra:
                self.renglones.append(Renglon(pk))
        elif lugar is None:
            return
        elif boton == "quitar":
            del self.renglones[lugar]
        else:
            otro = lugar + (-1 if boton == "subir" else 1)
            if 0 <= otro < len(self.renglones):
                uno, dos = self.renglones[lugar], self.renglones[otro]
                self.renglones[lugar], self.renglones[otro] = dos, uno

    @property
    def en_puntos(self) -> bool:
        return self.reglas.modo == ModoApoyo.PUNTOS

    @property
    def usados(self) -> int:
        return sum(renglon.puntos for renglon in self.renglones) if self.en_puntos else len(self.renglones)

    @property
    def quedan(self) -> int:
        return self.reglas.maximo - self.usados

    @property
    def cabe_otra(self) -> bool:
        return len(self.renglones) < RENGLONES and (self.en_puntos or self.quedan > 0)

    @property
    def votos(self) -> list[tuple[int, int | None]]:
        """Lo que se guardaría. Sin puntos, o con cero, es quitarla."""
        if self.en_puntos:
            return sorted((renglon.pk, renglon.puntos) for renglon in self.renglones if renglon.puntos)
        return [(renglon.pk, None) for renglon in self.renglones]

    @property
    def cambiado(self) -> bool:
        return self.votos != self.base

    @cached_property
    def base_escrita(self) -> str:
        return ",".join(f"{pk}:{'' if puntos is None else puntos}" for pk, puntos in self.base)

    def es_valido(self) -> bool:
        """Comprueba lo escrito y deja cada error junto a su casilla."""
        for renglon in self.renglones:
            if self.en_puntos and renglon.escrito.strip() and entero(renglon.escrito) is None:
                renglon.error = _("Escriba un número entero, sin signos ni decimales.")
        if len(self.renglones) > RENGLONES:
            self.errores.append(
                _("Aquí se guardan hasta %(maximo)s propuestas: quite %(sobran)s.")
                % {"maximo": RENGLONES, "sobran": len(self.renglones) - RENGLONES}
            )
        if self.quedan < 0:
            self.errores.append(
                _("Repartió %(dados)s puntos y tiene %(maximo)s: quite %(sobran)s.")
                % {"dados": self.usados, "maximo": self.reglas.maximo, "sobran": -self.quedan}
                if self.en_puntos
                else _("Puede ordenar hasta %(maximo)s: quite %(sobran)s.")
                % {"maximo": self.reglas.maximo, "sobran": -self.quedan}
            )
        return not self.errores and not any(renglon.error for renglon in self.renglones)
