"""Qué se muestra según lo contestado. Decide el servidor; lo oculto se descarta y nunca se cuenta.

Un valor es lo que `valores` guarda de cada tipo de pregunta (véase allí). Lo que falta, o está oculto, no se contestó.
"""

from datetime import date
from decimal import Decimal, InvalidOperation

from home.texto import sin_tildes

from .definicion import Condicion, Formulario, Pagina, Pregunta, Regla
from .enums import Operador, TipoPregunta

Valores = dict[str, object]


def contestada(valor) -> bool:
    """Un «no» y un cero son respuestas; un texto, una lista o una casilla vacíos, no."""
    return valor is not None and valor != "" and valor != [] and valor != {}


def completa(pregunta: Pregunta, valor) -> bool:
    """Si basta como respuesta obligatoria: a una matriz no le puede faltar ninguna fila."""
    return contestada(valor) and (pregunta.tipo != TipoPregunta.MATRIZ or len(valor) == len(pregunta.filas))


def _comparable(pregunta: Pregunta, valor):
    """El valor en la forma en que se compara; None si no tiene."""
    try:
        match pregunta.tipo:
            case TipoPregunta.NUMERO | TipoPregunta.ESCALA:
                return Decimal(str(valor))
            case TipoPregunta.FECHA:
                return date.fromisoformat(str(valor))
            case TipoPregunta.SI_NO:
                return {True: "si", False: "no"}.get(valor, valor)
            case TipoPregunta.UNICA:
                return valor["opcion"] if isinstance(valor, dict) else valor
            case TipoPregunta.TEXTO_CORTO | TipoPregunta.TEXTO_LARGO:
                return sin_tildes(str(valor)).strip()
    except (InvalidOperation, ValueError):
        return None
    return valor


def _cumple(pregunta: Pregunta | None, regla: Regla, valores: Valores) -> bool:
    valor = valores.get(regla.pregunta)
    hay = pregunta is not None and contestada(valor)
    if regla.operador == Operador.CONTESTADA:
        return hay
    if regla.operador == Operador.SIN_CONTESTAR:
        return not hay
    if not hay:
        return False
    if pregunta.tipo == TipoPregunta.MULTIPLE:
        return regla.operador == Operador.CONTIENE and regla.valor in valor["opciones"]
    dicho, buscado = _comparable(pregunta, valor), _comparable(pregunta, regla.valor)
    if dicho is None or buscado is None:
        return False
    match regla.operador:
        case Operador.IGUAL:
            return dicho == buscado
        case Operador.DISTINTA:
            return dicho != buscado
        case Operador.CONTIENE:
            return isinstance(dicho, str) and buscado in dicho
        case Operador.MAYOR:
            return dicho > buscado
        case Operador.MENOR:
            return dicho < buscado
    return False


def se_cumple(condicion: Condicion, formulario: Formulario, valores: Valores) -> bool:
    """Si la condición se cumple con estos valores, que ya no incluyen lo oculto."""
    if not condicion.reglas:
        return True
    reunir = all if condicion.todas else any
    return reunir(_cumple(formulario.preguntas.get(r.pregunta), r, valores) for r in condicion.reglas)


def depurar(formulario: Formulario, valores: Valores) -> tuple[set[str], Valores]:
    """Las claves de lo que se muestra (páginas y elementos) y los valores sin lo que quedó oculto.

    Una pasada basta: cada condición mira sólo preguntas anteriores, cuya visibilidad ya se decidió.
    """
    visibles: set[str] = set()
    quedan: Valores = {}
    for pagina in formulario.paginas:
        if not se_cumple(pagina.condicion, formulario, quedan):
            continue
        visibles.add(pagina.clave)
        for elemento in pagina.elementos:
            if not se_cumple(elemento.condicion, formulario, quedan):
                continue
            visibles.add(elemento.clave)
            if isinstance(elemento, Pregunta) and contestada(valor := valores.get(elemento.clave)):
                quedan[elemento.clave] = valor
    return visibles, quedan


def paginas_visibles(formulario: Formulario, valores: Valores) -> list[Pagina]:
    """Las páginas que le tocan a quien contestó esto y en las que algo se muestra."""
    visibles, _quedan = depurar(formulario, valores)
    return [
        pagina
        for pagina in formulario.paginas
        if pagina.clave in visibles and any(elemento.clave in visibles for elemento in pagina.elementos)
    ]


def sin_completar(formulario: Formulario, valores: Valores) -> list[Pregunta]:
    """Las preguntas obligatorias que se muestran y no tienen respuesta suficiente."""
    visibles, quedan = depurar(formulario, valores)
    return [
        pregunta
        for pregunta in formulario.preguntas.values()
        if pregunta.obligatoria and pregunta.clave in visibles and not completa(pregunta, quedan.get(pregunta.clave))
    ]
