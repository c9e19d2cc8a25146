"""Una pregunta según quién contestó: tipo de actor, edad o área."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext as _

from cuentas.enums import GrupoEdad, RangoDeclarado, TipoActor
from participacion.formularios.enums import TipoPregunta
from participacion.registro.enums import ActorRegistro
from participacion.registro.supresion import Suma, suprimir

from ..enums import Rasgo
from ..models import Conteo, Encuesta
from .catalogo import Apartado, CasillaDefinida, PreguntaVista
from .consulta import Casilla, ocultas_de

_ETIQUETAS = {
    Rasgo.ACTOR: dict(TipoActor.choices + ActorRegistro.choices),
    Rasgo.EDAD: dict(RangoDeclarado.choices + GrupoEdad.choices),
    Rasgo.AREA: {},
}


@dataclass(frozen=True)
class Grupo:
    """`respondieron` None: oculto, con toda su columna."""

    valor: str
    etiqueta: str
    respondieron: int | None


@dataclass(frozen=True)
class Fila:
    definida: CasillaDefinida
    total: Casilla
    celdas: list[Casilla]


@dataclass(frozen=True)
class Cruce:
    """Un apartado por los valores de un rasgo. Las celdas van en el orden de `grupos`."""

    apartado: Apartado
    rasgo: Rasgo
    respondieron: int
    grupos: list[Grupo]
    filas: list[Fila]

    @property
    def hay_ocultas(self) -> bool:
        return any(celda.oculta for fila in self.filas for celda in fila.celdas)


def etiqueta(rasgo: Rasgo, valor: str) -> str:
    """Cómo se llama un grupo. Quien no declaró el rasgo forma el suyo."""
    return str(_ETIQUETAS[rasgo].get(valor, valor)) if valor else _("Sin dato")


def _orden(rasgo: Rasgo, valor: str):
    conocidos = list(_ETIQUETAS[rasgo])
    return (not valor, conocidos.index(valor) if valor in conocidos else len(conocidos), valor)


def cantidades_por(encuesta: Encuesta, pregunta: str, rasgo: Rasgo) -> dict[str, dict[str, int]]:
    """Grupo → casilla → cuántas, sumando versiones. Una consulta. Sin ocultar nada: no sale de aquí tal cual."""
    filas = Conteo.objects.filter(ejercicio=encuesta.ejercicio_id, pregunta=pregunta)
    hallados: dict[str, dict[str, int]] = defaultdict(dict)
    for grupo, casilla, n in filas.values_list(rasgo.value, "casilla").annotate(n=Sum("cantidad")).order_by():
        if n:
            hallados[grupo][casilla] = n
    return dict(hallados)


def cruzar(encuesta: Encuesta, pregunta: PreguntaVista, rasgo: Rasgo) -> list[Cruce]:
    """Un cruce por apartado de la pregunta; ninguno si casi nadie la contestó o no se cuenta por casillas."""
    por_grupo = cantidades_por(encuesta, pregunta.clave, rasgo)
    minimo = encuesta.minimo_grupo
    if not pregunta.cerrada or sum(suyos.get("", 0) for suyos in por_grupo.values()) < minimo:
        return []
    cruces = (armar(pregunta, apartado, rasgo, por_grupo, minimo) for apartado in pregunta.apartados)
    return [cruce for cruce in cruces if cruce]


def armar(
    pregunta: PreguntaVista, apartado: Apartado, rasgo: Rasgo, por_grupo: Mapping[str, Mapping[str, int]], minimo: int
) -> Cruce | None:
    """La tabla con lo que se oculta ya oculto. None si el apartado lo contestaron menos que el mínimo."""
    codigos = [casilla.codigo for casilla in apartado.casillas]
    valores = sorted(por_grupo, key=lambda valor: _orden(rasgo, valor))
    cantidades = {(c, g): por_grupo[g].get(c, 0) for c in codigos for g in valores}
    marginales = {c: sum(cantidades[c, g] for g in valores) for c in codigos}
    if pregunta.tipo == TipoPregunta.MATRIZ:
        tamanos = {g: sum(cantidades[c, g] for c in codigos) for g in valores}
    else:
        tamanos = {g: por_grupo[g].get("", 0) for g in valores}
    todos = sum(tamanos.values())
    if todos < minimo:
        return None
    valores = [g for g in valores if tamanos[g]]
    grupos_ocultos = suprimir(tamanos, [Suma(tuple(valores))], minimo)
    filas_ocultas, _segura = ocultas_de(pregunta, apartado, marginales, minimo)
    ocultas = _ocultas(pregunta, codigos, valores, cantidades, grupos_ocultos, filas_ocultas, minimo)

    def celda(definida, grupo):
        clave = (definida.codigo, grupo)
        if clave in ocultas:
            return Casilla(definida, None, None)
        return Casilla(definida, cantidades[clave], 100 * cantidades[clave] / tamanos[grupo])

    def total(definida):
        if definida.codigo in filas_ocultas:
            return Casilla(definida, None, None)
        return Casilla(definida, marginales[definida.codigo], 100 * marginales[definida.codigo] / todos)

    return Cruce(
        apartado=apartado,
        rasgo=rasgo,
        respondieron=todos,
        grupos=[Grupo(g, etiqueta(rasgo, g), None if g in grupos_ocultos else tamanos[g]) for g in valores],
        filas=[
            Fila(definida, total(definida), [celda(definida, g) for g in valores])
            for definida in apartado.casillas
            if marginales[definida.codigo] or not definida.retirada
        ],
    )


def _ocultas(pregunta, codigos, valores, cantidades, grupos_ocultos, filas_ocultas, minimo) -> set:
    """Toda la columna de un grupo oculto y toda la fila de una casilla oculta; y lo que haga falta para no despejarlas.

    La fila entera, ceros incluidos: así los cruces por rasgos distintos no se combinan para hallar su total.
    """
    previas = {(c, g) for c in codigos for g in valores if g in grupos_ocultos or c in filas_ocultas}
    sumas = [Suma(tuple((c, g) for g in valores)) for c in codigos if c not in filas_ocultas]
    if pregunta.excluyente:
        sumas += [Suma(tuple((c, g) for c in codigos)) for g in valores if g not in grupos_ocultos]
    propias = {clave: n for clave, n in cantidades.items() if clave[1] in valores}
    return suprimir(propias, sumas, minimo, ya_ocultas=previas)
