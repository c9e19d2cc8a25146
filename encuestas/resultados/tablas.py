"""Los resultados en renglones, uno por cifra: lo que llevan el CSV, el XLSX y el JSON de datos abiertos."""

from collections.abc import Iterable, Iterator

from home.tablas import celda

from .consulta import Distribucion, ResultadoPregunta, Resultados
from .cruces import Cruce

COLUMNAS = ["numero", "pregunta", "fila", "categoria", "rasgo", "grupo", "medida", "valor", "base"]
OCULTA = "oculta"
DECIMALES = 2


def redondo(valor):
    """Un número con los decimales que se publican; lo que es None se ocultó."""
    if valor is None:
        return OCULTA
    return valor if isinstance(valor, int) else round(float(valor), DECIMALES)


def renglones(resultados: Resultados, cruces: Iterable[tuple[ResultadoPregunta, list[Cruce]]] = ()) -> Iterator[dict]:
    """Una cifra por renglón. `base`: cuántas personas contestaron aquello de lo que habla."""
    for resultado in resultados.preguntas:
        comun = {"numero": resultado.vista.numero, "pregunta": resultado.vista.texto}
        if resultado.oculta:
            yield _renglon(comun, medida="respondieron", valor=None, base=None)
            continue
        yield _renglon(comun, medida="respondieron", valor=resultado.respondieron, base=resultado.respondieron)
        for distribucion in resultado.distribuciones:
            yield from _de_distribucion(comun, distribucion)
        yield from _de_lo_demas(comun, resultado)
    for resultado, tablas in cruces:
        comun = {"numero": resultado.vista.numero, "pregunta": resultado.vista.texto}
        for cruce in tablas:
            yield from _de_cruce(comun, cruce)


def _renglon(comun, **campos) -> dict:
    hecho = dict.fromkeys(COLUMNAS, "") | comun | campos
    return hecho | {"valor": redondo(hecho["valor"]), "base": redondo(hecho["base"])}


def _de_distribucion(comun, distribucion: Distribucion):
    comun = comun | {"fila": distribucion.apartado.texto}
    base = distribucion.respondieron or None
    for casilla in distribucion.casillas:
        yield _renglon(comun, categoria=casilla.texto, medida="cantidad", valor=casilla.cantidad, base=base)
        yield _renglon(comun, categoria=casilla.texto, medida="porcentaje", valor=casilla.porcentaje, base=base)
    for medida in ("media", "favorables", "nps"):
        if (valor := getattr(distribucion, medida)) is not None:
            yield _renglon(comun, medida=medida, valor=valor, base=base)


def _de_lo_demas(comun, resultado: ResultadoPregunta):
    base = resultado.respondieron
    for puesto in resultado.orden:
        for medida in ("primeros", "ordenaron", "medio", "borda"):
            yield _renglon(
                comun, categoria=puesto.definida.texto, medida=medida, valor=getattr(puesto, medida), base=base
            )
    if numeros := resultado.numeros:
        for medida in ("minimo", "media", "mediana", "maximo"):
            yield _renglon(comun, medida=medida, valor=getattr(numeros, medida), base=base)
        for tramo in numeros.tramos:
            yield _renglon(comun, categoria=tramo.texto, medida="cantidad", valor=tramo.cantidad, base=base)
            yield _renglon(comun, categoria=tramo.texto, medida="porcentaje", valor=tramo.porcentaje, base=base)
    for tema in resultado.temas:
        yield _renglon(comun, categoria=tema.texto, medida="tema", valor=tema.cantidad, base=base)
        yield _renglon(comun, categoria=tema.texto, medida="tema_porcentaje", valor=tema.porcentaje, base=base)


def _de_cruce(comun, cruce: Cruce):
    comun = comun | {"fila": cruce.apartado.texto, "rasgo": str(cruce.rasgo.label)}
    for lugar, grupo in enumerate(cruce.grupos):
        suyo = comun | {"grupo": grupo.etiqueta}
        for fila in cruce.filas:
            casilla = fila.celdas[lugar]
            base = grupo.respondieron
            yield _renglon(suyo, categoria=casilla.texto, medida="cantidad", valor=casilla.cantidad, base=base)
            yield _renglon(suyo, categoria=casilla.texto, medida="porcentaje", valor=casilla.porcentaje, base=base)


def como_filas(hechos: Iterable[dict]) -> Iterator[list]:
    """Los renglones para CSV y XLSX, con su encabezado."""
    yield COLUMNAS
    for hecho in hechos:
        yield [celda(hecho[columna]) for columna in COLUMNAS]
