"""Un formulario tal como se publicó: datos puros, sin base de datos ni Wagtail.

Una pregunta y una opción se reconocen por su clave, que es el id de su bloque en el editor: se conserva al
traducir, al sincronizar y al copiar la página, así que renombrar una opción no parte sus conteos.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property

from .enums import CON_OPCIONES, ESCALAS, NUMERICAS, OPERADORES, Operador, TipoPregunta


@dataclass(frozen=True)
class Opcion:
    """`exclusiva`: marcarla descarta las demás («Ninguna»). `abierta`: pide escribir cuál («Otra»)."""

    clave: str
    texto: str
    exclusiva: bool = False
    abierta: bool = False


@dataclass(frozen=True)
class Regla:
    """Una comparación con la respuesta a una pregunta anterior. `valor`: clave de opción, número, fecha ISO o texto."""

    pregunta: str
    operador: str
    valor: str = ""


@dataclass(frozen=True)
class Condicion:
    """Cuándo se muestra algo. Sin reglas, siempre."""

    reglas: tuple[Regla, ...] = ()
    todas: bool = True


SIEMPRE = Condicion()


@dataclass(frozen=True)
class Pregunta:
    """Una pregunta. `minimo` y `maximo` limitan el número, las opciones elegidas o los caracteres, según el tipo."""

    clave: str
    tipo: str
    texto: str
    ayuda: str = ""
    obligatoria: bool = False
    publica: bool = True
    opciones: tuple[Opcion, ...] = ()
    filas: tuple[Opcion, ...] = ()
    minimo: float | None = None
    maximo: float | None = None
    escala: str = ""
    al_azar: bool = False
    condicion: Condicion = SIEMPRE

    @cached_property
    def por_opcion(self) -> dict[str, Opcion]:
        return {opcion.clave: opcion for opcion in self.opciones}

    @property
    def rango(self) -> range:
        """Los valores de una escala."""
        primero, ultimo, _rotulos = ESCALAS[self.escala]
        return range(primero, ultimo + 1)


@dataclass(frozen=True)
class Explicacion:
    """Texto entre preguntas, con un título de sección o una imagen si los lleva."""

    clave: str
    titulo: str = ""
    html: str = ""
    imagen: int | None = None
    condicion: Condicion = SIEMPRE


@dataclass(frozen=True)
class Pagina:
    clave: str
    titulo: str = ""
    condicion: Condicion = SIEMPRE
    elementos: tuple[Pregunta | Explicacion, ...] = ()

    @property
    def preguntas(self) -> Iterator[Pregunta]:
        return (elemento for elemento in self.elementos if isinstance(elemento, Pregunta))


@dataclass(frozen=True)
class Formulario:
    """Las páginas de un formulario, en orden."""

    paginas: tuple[Pagina, ...] = ()

    @cached_property
    def preguntas(self) -> dict[str, Pregunta]:
        """Por clave, en el orden en que aparecen."""
        return {pregunta.clave: pregunta for pagina in self.paginas for pregunta in pagina.preguntas}

    def a_json(self) -> dict:
        return asdict(self)

    @classmethod
    def de_json(cls, datos: dict) -> "Formulario":
        return cls(tuple(_pagina(pagina) for pagina in datos["paginas"]))

    @cached_property
    def huella(self) -> str:
        """SHA-256 de todo lo que dice: dos formularios iguales son la misma versión."""
        return hashlib.sha256(json.dumps(self.a_json(), sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def con_textos(self, textos: dict[str, dict[str, str]]) -> "Formulario":
        """El mismo formulario en otro idioma. `textos`: clave → campos traducidos; lo que falte queda en español."""
        return Formulario(tuple(_traducir_pagina(pagina, textos) for pagina in self.paginas))


def _condicion(datos: dict) -> Condicion:
    return Condicion(tuple(Regla(**regla) for regla in datos["reglas"]), datos["todas"])


def _elemento(datos: dict) -> Pregunta | Explicacion:
    datos = datos | {"condicion": _condicion(datos["condicion"])}
    if "tipo" not in datos:
        return Explicacion(**datos)
    listas = {campo: tuple(Opcion(**opcion) for opcion in datos[campo]) for campo in ("opciones", "filas")}
    return Pregunta(**datos | listas)


def _pagina(datos: dict) -> Pagina:
    elementos = tuple(_elemento(elemento) for elemento in datos["elementos"])
    return Pagina(**datos | {"condicion": _condicion(datos["condicion"]), "elementos": elementos})


def _traducir(cosa, textos):
    """La misma pieza con los campos traducidos que tenga y no estén vacíos."""
    propios = {campo: texto for campo, texto in textos.get(cosa.clave, {}).items() if texto and hasattr(cosa, campo)}
    return replace(cosa, **propios)


def _traducir_pagina(pagina, textos):
    elementos = []
    for elemento in pagina.elementos:
        elemento = _traducir(elemento, textos)
        if isinstance(elemento, Pregunta):
            elemento = replace(
                elemento,
                opciones=tuple(_traducir(opcion, textos) for opcion in elemento.opciones),
                filas=tuple(_traducir(fila, textos) for fila in elemento.filas),
            )
        elementos.append(elemento)
    return replace(_traducir(pagina, textos), elementos=tuple(elementos))


def textos_de(formulario: Formulario) -> dict[str, dict[str, str]]:
    """Lo traducible de un formulario: clave → sus textos. Las claves no son texto y no se traducen."""
    textos = {}
    for pagina in formulario.paginas:
        textos[pagina.clave] = {"titulo": pagina.titulo}
        for elemento in pagina.elementos:
            campos = ("texto", "ayuda") if isinstance(elemento, Pregunta) else ("titulo", "html")
            textos[elemento.clave] = {campo: getattr(elemento, campo) for campo in campos}
            for opcion in (*getattr(elemento, "opciones", ()), *getattr(elemento, "filas", ())):
                textos[opcion.clave] = {"texto": opcion.texto}
    return textos


def faltas(formulario: Formulario) -> dict[str, list[str]]:
    """Lo que impide publicar el formulario, por clave de pieza: códigos que `construccion` dice con palabras.

    Una condición sólo mira hacia atrás: así la visibilidad se decide en una pasada y nunca en círculo.
    """
    halladas: dict[str, list[str]] = {}
    anteriores: dict[str, Pregunta] = {}

    def anotar(clave, codigo):
        halladas.setdefault(clave, []).append(codigo)

    def revisar_condicion(clave, condicion):
        for regla in condicion.reglas:
            origen = anteriores.get(regla.pregunta)
            if origen is None:
                anotar(clave, "condicion_no_anterior")
            elif regla.operador not in OPERADORES[origen.tipo]:
                anotar(clave, "condicion_operador")
            elif not _valor_posible(origen, regla):
                anotar(clave, "condicion_valor")

    for pagina in formulario.paginas:
        revisar_condicion(pagina.clave, pagina.condicion)
        for elemento in pagina.elementos:
            revisar_condicion(elemento.clave, elemento.condicion)
            if not isinstance(elemento, Pregunta):
                continue
            if elemento.tipo == TipoPregunta.LUGAR:
                if not elemento.opciones:
                    anotar(elemento.clave, "sin_lugares")
            elif elemento.tipo in CON_OPCIONES and len(elemento.opciones) < 2:
                anotar(elemento.clave, "pocas_opciones")
            if elemento.tipo == TipoPregunta.MATRIZ and not elemento.filas:
                anotar(elemento.clave, "sin_filas")
            if None not in (elemento.minimo, elemento.maximo) and elemento.minimo > elemento.maximo:
                anotar(elemento.clave, "limites")
            if elemento.tipo == TipoPregunta.MULTIPLE and (elemento.minimo or 0) > len(elemento.opciones):
                anotar(elemento.clave, "limites")
            anteriores[elemento.clave] = elemento
    if not formulario.preguntas:
        anotar("", "sin_preguntas")
    return halladas


def _valor_posible(origen: Pregunta, regla: Regla) -> bool:
    if regla.operador in (Operador.CONTESTADA, Operador.SIN_CONTESTAR):
        return True
    if origen.tipo in CON_OPCIONES:
        return regla.valor in origen.por_opcion
    if origen.tipo == TipoPregunta.SI_NO:
        return regla.valor in ("si", "no")
    try:
        if origen.tipo in NUMERICAS:
            return Decimal(regla.valor).is_finite()
        if origen.tipo == TipoPregunta.FECHA:
            return bool(date.fromisoformat(regla.valor))
    except (InvalidOperation, ValueError):
        return False
    return regla.valor != ""
