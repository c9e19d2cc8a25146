"""Formularios y respuestas al azar, para Hypothesis. Las condiciones miran siempre hacia atrás, como se exige."""

from datetime import date

from hypothesis import strategies as st

from participacion.formularios.definicion import Condicion, Explicacion, Formulario, Opcion, Pagina, Pregunta, Regla
from participacion.formularios.enums import CON_OPCIONES, OPERADORES, Operador, TipoEscala, TipoPregunta

T = TipoPregunta
_TEXTOS = st.sampled_from(["sí", "Si", "casa", "Casa grande", "a", "ñu", "nu"])
_FECHAS = st.dates(date(2020, 1, 1), date(2020, 1, 5)).map(date.isoformat)


def valores_de(pregunta: Pregunta):
    """Una respuesta posible a la pregunta, o None."""
    claves = st.sampled_from([o.clave for o in pregunta.opciones]) if pregunta.opciones else st.nothing()
    posibles = {
        T.TEXTO_CORTO: _TEXTOS,
        T.TEXTO_LARGO: _TEXTOS,
        T.CORREO: st.just("a@example.org"),
        T.ARCHIVO: st.uuids().map(str),
        T.NUMERO: st.decimals(-3, 3, places=1).map(lambda n: format(n.normalize() + 0, "f")),
        T.FECHA: _FECHAS,
        T.UNICA: st.fixed_dictionaries({"opcion": claves, "otra": st.just("")}),
        T.MULTIPLE: st.lists(claves, min_size=1, unique=True).map(
            lambda elegidas: {"opciones": [o.clave for o in pregunta.opciones if o.clave in elegidas], "otra": ""}
        ),
        T.DESPLEGABLE: claves,
        T.LUGAR: claves,
        T.ESCALA: st.integers(1, 5),
        T.MATRIZ: st.dictionaries(st.sampled_from([f.clave for f in pregunta.filas] or ["-"]), claves, min_size=1),
        T.ORDENAMIENTO: st.lists(claves, min_size=1, unique=True),
        T.SI_NO: st.booleans(),
        T.ACEPTACION: st.just(True),
    }
    return st.none() | posibles[T(pregunta.tipo)]


@st.composite
def _condiciones(draw, anteriores):
    if not anteriores or draw(st.booleans()):
        return Condicion()
    reglas = []
    for _vez in range(draw(st.integers(1, 3))):
        origen = draw(st.sampled_from(anteriores))
        operador = draw(st.sampled_from(sorted(OPERADORES[origen.tipo])))
        if operador in (Operador.CONTESTADA, Operador.SIN_CONTESTAR):
            valor = ""
        elif origen.tipo in CON_OPCIONES:
            valor = draw(st.sampled_from([o.clave for o in origen.opciones]))
        elif origen.tipo == T.SI_NO:
            valor = draw(st.sampled_from(["si", "no"]))
        elif origen.tipo == T.FECHA:
            valor = draw(_FECHAS)
        elif origen.tipo in (T.TEXTO_CORTO, T.TEXTO_LARGO):
            valor = draw(_TEXTOS)
        else:
            valor = str(draw(st.integers(-3, 5)))
        reglas.append(Regla(origen.clave, str(operador), valor))
    return Condicion(tuple(reglas), draw(st.booleans()))


@st.composite
def formularios(draw):
    paginas, anteriores, numero = [], [], 0
    for n in range(draw(st.integers(1, 3))):
        condicion_pagina = draw(_condiciones(anteriores))
        elementos = []
        for _vez in range(draw(st.integers(0 if n else 1, 4))):
            numero += 1
            clave = f"k{numero}"
            condicion = draw(_condiciones(anteriores))
            tipo = draw(st.sampled_from([None, *T]))
            if tipo is None:
                elementos.append(Explicacion(clave, draw(_TEXTOS), "<p>x</p>", condicion=condicion))
                continue
            con = tipo in CON_OPCIONES
            opciones = tuple(Opcion(f"{clave}-o{i}", f"Opción {i}") for i in range(draw(st.integers(2, 4)) if con else 0))
            filas = tuple(Opcion(f"{clave}-f{i}", f"Fila {i}") for i in range(2 if tipo == T.MATRIZ else 0))
            pregunta = Pregunta(
                clave,
                str(tipo.value),
                draw(_TEXTOS),
                obligatoria=draw(st.booleans()),
                opciones=opciones,
                filas=filas,
                escala=str(TipoEscala.ACUERDO.value) if tipo == T.ESCALA else "",
                condicion=condicion,
            )
            elementos.append(pregunta)
            anteriores.append(pregunta)
        paginas.append(Pagina(f"pag{n}", f"Página {n}", condicion_pagina, tuple(elementos)))
    return Formulario(tuple(paginas))


@st.composite
def contestados(draw):
    """Un formulario y respuestas a sus preguntas, también a las que quedarán ocultas."""
    formulario = draw(formularios())
    valores = {p.clave: draw(valores_de(p)) for p in formulario.preguntas.values()}
    return formulario, {clave: valor for clave, valor in valores.items() if valor is not None}
