from dataclasses import replace

import pytest
from django.http import QueryDict

from participacion.formularios.condiciones import sin_completar
from participacion.formularios.definicion import Condicion, Formulario, Opcion, Pagina, Pregunta, Regla
from participacion.formularios.enums import TipoPregunta
from participacion.formularios.forms import PaginaForm
from participacion.formularios.presentacion import en_palabras, minutos

T = TipoPregunta
ABC = tuple(Opcion(c, c.upper()) for c in "abc")


def formulario_de(*preguntas):
    return Formulario((Pagina("p", elementos=preguntas),))


def enviado(*preguntas, valores=None, mostradas=None, exigir=True, **datos):
    formulario = formulario_de(*preguntas)
    consulta = QueryDict(mutable=True)
    consulta["mostradas"] = ",".join(p.clave for p in preguntas) if mostradas is None else mostradas
    for campo, valor in datos.items():
        consulta.setlist(campo, valor if isinstance(valor, list) else [valor])
    form = PaginaForm(
        consulta, formulario=formulario, pagina=formulario.paginas[0], valores=valores or {}, semilla="s", exigir=exigir
    )
    form.is_valid()
    return form


@pytest.mark.parametrize(
    ("pregunta", "datos", "valor"),
    [
        (Pregunta("x", T.TEXTO_CORTO, "?"), {"p_x": "  hola\u200b  "}, "hola"),
        (Pregunta("x", T.NUMERO, "?"), {"p_x": "1 234,50"}, "1234.5"),
        (Pregunta("x", T.NUMERO, "?"), {"p_x": "0"}, "0"),
        (Pregunta("x", T.NUMERO, "?"), {"p_x": "10"}, "10"),
        (Pregunta("x", T.FECHA, "?"), {"p_x": "2026-02-28"}, "2026-02-28"),
        (Pregunta("x", T.UNICA, "?", opciones=ABC), {"p_x": "b"}, {"opcion": "b", "otra": ""}),
        (Pregunta("x", T.MULTIPLE, "?", opciones=ABC), {"p_x": ["c", "a"]}, {"opciones": ["a", "c"], "otra": ""}),
        (Pregunta("x", T.ESCALA, "?", escala="nps"), {"p_x": "0"}, 0),
        (Pregunta("x", T.SI_NO, "?"), {"p_x": "no"}, False),
        (Pregunta("x", T.ACEPTACION, "?"), {"p_x": "on"}, True),
        (Pregunta("x", T.MATRIZ, "?", opciones=ABC, filas=(Opcion("f", "F"),)), {"p_x__f": "c"}, {"f": "c"}),
        (Pregunta("x", T.ORDENAMIENTO, "?", opciones=ABC), {"p_x__c": "1", "p_x__a": "2"}, ["c", "a"]),
    ],
    ids=lambda v: str(getattr(v, "tipo", "")),
)
def test_cada_tipo_va_del_campo_al_valor_y_vuelve(pregunta, datos, valor):
    form = enviado(pregunta, **datos)
    assert form.errors == {} and form.propios == {"x": valor}
    devuelta = PaginaForm(
        formulario=form.formulario, pagina=form.pagina, valores={"x": valor}, semilla="s"
    )
    repetida = {campo: devuelta[campo].value() for campo in devuelta.fields if devuelta[campo].value() is not None}
    assert enviado(pregunta, **{c: "on" if v is True else v for c, v in repetida.items()}).propios == {"x": valor}


@pytest.mark.parametrize(
    ("pregunta", "datos", "campo", "codigo"),
    [
        (Pregunta("x", T.MULTIPLE, "?", opciones=ABC, minimo=2), {"p_x": ["a"]}, "p_x", "minimo"),
        (Pregunta("x", T.MULTIPLE, "?", opciones=ABC, maximo=1), {"p_x": ["a", "b"]}, "p_x", "maximo"),
        (
            Pregunta("x", T.MULTIPLE, "?", opciones=(*ABC, Opcion("n", "Ninguna", exclusiva=True))),
            {"p_x": ["a", "n"]}, "p_x", "exclusiva",
        ),
        (Pregunta("x", T.UNICA, "?", opciones=(*ABC, Opcion("o", "Otra", abierta=True))), {"p_x": "o"}, "p_x", "otra"),
        (Pregunta("x", T.ORDENAMIENTO, "?", opciones=ABC), {"p_x__a": "1", "p_x__b": "1"}, "p_x__a", "repetido"),
        (Pregunta("x", T.ORDENAMIENTO, "?", opciones=ABC), {"p_x__a": "1", "p_x__b": "3"}, "p_x__a", "huecos"),
        (Pregunta("x", T.ORDENAMIENTO, "?", opciones=ABC, minimo=2), {"p_x__a": "1"}, "p_x__a", "minimo"),
        (Pregunta("x", T.ORDENAMIENTO, "?", opciones=ABC, obligatoria=True), {}, "p_x__a", "required"),
        (Pregunta("x", T.NUMERO, "?"), {"p_x": "NaN"}, "p_x", "invalid"),
        (Pregunta("x", T.NUMERO, "?"), {"p_x": "1e400"}, "p_x", "max_digits"),
        (Pregunta("x", T.ACEPTACION, "?", obligatoria=True), {}, "p_x", "required"),
        (Pregunta("x", T.SI_NO, "?", obligatoria=True), {}, "p_x", "required"),
    ],
)  # fmt: skip
def test_lo_que_no_se_admite(pregunta, datos, campo, codigo):
    form = enviado(pregunta, **datos)
    assert form.errors.as_data()[campo][0].code == codigo
    assert form.propios == {}


def test_ninguna_exclusiva_sola_no_necesita_llegar_al_minimo():
    opciones = (*ABC, Opcion("n", "Ninguna", exclusiva=True))
    assert enviado(Pregunta("x", T.MULTIPLE, "?", opciones=opciones, minimo=2), p_x=["n"]).errors == {}


def test_a_una_matriz_obligatoria_se_le_senala_la_fila_que_falta():
    filas = (Opcion("f1", "Uno"), Opcion("f2", "Dos"))
    pregunta = Pregunta("x", T.MATRIZ, "?", opciones=ABC, filas=filas, obligatoria=True)
    form = enviado(pregunta, p_x__f1="a")
    assert list(form.errors) == ["p_x__f2"]
    # Y si se guardó a medias, no alcanza para enviar.
    assert sin_completar(form.formulario, {"x": {"f1": "a"}}) == [pregunta]
    assert sin_completar(form.formulario, {"x": {"f1": "a", "f2": "a"}}) == []


def test_lo_obligatorio_que_no_se_veia_no_se_exige_aun():
    filtro = Pregunta("x", T.SI_NO, "?")
    nueva = Pregunta("y", T.TEXTO_CORTO, "?", obligatoria=True, condicion=Condicion((Regla("x", "igual", "si"),)))
    form = enviado(filtro, nueva, mostradas="x", p_x="si")
    assert form.errors == {} and form.faltan_por_ver == [nueva]
    assert [pieza.elemento.clave for pieza in form.cambiaron] == ["y"]
    vista = enviado(filtro, nueva, p_x="si")
    assert list(vista.errors) == ["p_y"] and vista.faltan_por_ver == []


def test_un_error_en_lo_que_quedo_oculto_no_estorba():
    filtro = Pregunta("x", T.SI_NO, "?")
    oculta = Pregunta("y", T.NUMERO, "?", condicion=Condicion((Regla("x", "igual", "si"),)))
    assert enviado(filtro, oculta, p_x="no", p_y="abc").errors == {}


def test_lo_contestado_antes_vuelve_al_reaparecer():
    filtro = Pregunta("x", T.SI_NO, "?")
    oculta = Pregunta("y", T.MULTIPLE, "?", opciones=ABC, condicion=Condicion((Regla("x", "igual", "si"),)))
    previo = {"y": {"opciones": ["a", "c"], "otra": ""}}
    form = enviado(filtro, oculta, valores=previo, mostradas="x", p_x="si")
    assert form.propios["y"] == previo["y"]
    assert form["p_y"].value() == ["a", "c"]


@pytest.mark.parametrize(
    ("pregunta", "valor", "dice"),
    [
        (Pregunta("x", T.UNICA, "?", opciones=(Opcion("o", "Otra", abierta=True),)), {"opcion": "o", "otra": "moto"}, ["Otra: moto"]),
        (Pregunta("x", T.MATRIZ, "?", opciones=ABC, filas=(Opcion("f", "F"),)), {"f": "a"}, ["F: A"]),
        (Pregunta("x", T.ORDENAMIENTO, "?", opciones=ABC), ["c", "a"], ["1. C", "2. A"]),
        (Pregunta("x", T.ESCALA, "?", escala="satisfaccion"), 5, ["Muy satisfecho"]),
        (Pregunta("x", T.ESCALA, "?", escala="nps"), 7, ["7"]),
        (Pregunta("x", T.SI_NO, "?"), False, ["No"]),
        (Pregunta("x", T.NUMERO, "?"), "3.5", ["3,5"]),
        (Pregunta("x", T.FECHA, "?"), "2026-07-20", ["20 de julio de 2026"]),
        (Pregunta("x", T.TEXTO_CORTO, "?"), None, []),
    ],
)
def test_en_palabras(pregunta, valor, dice):
    assert en_palabras(pregunta, valor) == dice


def test_minutos_crecen_con_el_formulario():
    corto = formulario_de(Pregunta("x", T.SI_NO, "?"))
    largo = formulario_de(*(Pregunta(f"x{n}", T.TEXTO_LARGO, "?") for n in range(10)))
    assert (minutos(corto), minutos(largo)) == (1, 10)


@pytest.mark.parametrize(
    ("pregunta", "campo", "valor"),
    [
        (Pregunta("x", T.UNICA, "?", opciones=ABC), "p_x", {"opcion": "b", "otra": ""}),
        (Pregunta("x", T.ESCALA, "?", escala="nps"), "p_x", 0),
        (Pregunta("x", T.SI_NO, "?"), "p_x", False),
        (Pregunta("x", T.MATRIZ, "?", opciones=ABC, filas=(Opcion("f", "F"),)), "p_x__f", {"f": "c"}),
    ],
    ids=lambda v: str(getattr(v, "tipo", "")),
)
def test_lo_opcional_de_una_sola_opcion_se_puede_dejar_sin_respuesta(pregunta, campo, valor):
    con_valor = PaginaForm(
        formulario=formulario_de(pregunta), pagina=formulario_de(pregunta).paginas[0], valores={"x": valor}, semilla="s"
    )
    assert con_valor.fields[campo].choices[-1] == ("", "Sin respuesta")
    quitada = enviado(pregunta, valores={"x": valor}, **{campo: ""})
    assert quitada.errors == {} and quitada.propios == {"x": None}
    assert 'value="" ' in str(quitada[campo]) and str(quitada[campo]).count("checked") == 1

    obligatoria = enviado(replace(pregunta, obligatoria=True), **{campo: ""})
    assert "" not in dict(obligatoria.fields[campo].choices)
    assert campo in obligatoria.errors
