"""Formularios y respuestas al azar: lo que el motor promete para cualquiera, no para los ejemplos que se nos ocurren."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings

from participacion.formularios.actions import catalogo_de, publicar_formulario
from participacion.formularios.condiciones import depurar
from participacion.formularios.definicion import Formulario, faltas
from participacion.formularios.models import Respuesta, Valor
from participacion.formularios.valores import a_filas, de_filas
from tests import fabricas

from .estrategias import contestados, formularios


def _plano(texto):
    return "".join(c for c in unicodedata.normalize("NFD", texto.lower()) if unicodedata.category(c) != "Mn").strip()


def _cumple(regla, tipo, visible, valor):
    """La comparación escrita otra vez, sin reusar nada del motor: tipo por tipo y operador por operador."""
    hay = visible and valor not in (None, "", [], {})
    if regla.operador == "contestada":
        return hay
    if regla.operador == "sin_contestar":
        return not hay
    if not hay:
        return False
    if tipo == "multiple":
        return regla.valor in valor["opciones"]
    if tipo == "unica":
        dicho, buscado = valor["opcion"], regla.valor
    elif tipo == "si_no":
        dicho, buscado = valor, {"si": True, "no": False}[regla.valor]
    elif tipo in ("numero", "escala"):
        dicho, buscado = float(valor), float(regla.valor)
    elif tipo in ("texto_corto", "texto_largo"):
        dicho, buscado = _plano(valor), _plano(regla.valor)
        if regla.operador == "incluye" or regla.operador == "contiene":
            return buscado in dicho
    else:  # una opción suelta, o una fecha ISO, que se ordena como texto
        dicho, buscado = valor, regla.valor
    return {
        "igual": dicho == buscado,
        "distinta": dicho != buscado,
        "mayor": regla.operador == "mayor" and dicho > buscado,
        "menor": regla.operador == "menor" and dicho < buscado,
    }[regla.operador]


def referencia(formulario, valores):
    """Qué se ve, por definición y sin pasadas: una pieza se ve si su página se ve y su condición se cumple."""
    donde = {e.clave: (pagina, e) for pagina in formulario.paginas for e in pagina.elementos}

    def condicion_se_cumple(condicion):
        veredictos = [
            _cumple(regla, formulario.preguntas[regla.pregunta].tipo, se_ve(regla.pregunta), valores.get(regla.pregunta))
            for regla in condicion.reglas
        ]
        return not veredictos or (all(veredictos) if condicion.todas else any(veredictos))

    def se_ve(clave):
        pagina, elemento = donde[clave]
        return condicion_se_cumple(pagina.condicion) and condicion_se_cumple(elemento.condicion)

    visibles = {clave for clave in donde if se_ve(clave)}
    visibles |= {pagina.clave for pagina in formulario.paginas if condicion_se_cumple(pagina.condicion)}
    return visibles, {clave: valor for clave, valor in valores.items() if clave in visibles}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contestados())
def test_lo_visible_es_lo_que_dice_la_referencia(contestado):
    formulario, valores = contestado
    assert depurar(formulario, valores) == referencia(formulario, valores)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(formularios())
def test_va_y_vuelve_de_json_y_su_huella_no_cambia(formulario):
    otra_vez = Formulario.de_json(formulario.a_json())
    assert otra_vez == formulario
    assert otra_vez.huella == formulario.huella
    assert set(faltas(formulario)) <= {""}  # sólo puede faltarle tener preguntas


@pytest.mark.django_db(transaction=False)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(contestados())
def test_va_y_vuelve_de_las_filas(contestado):
    formulario, valores = contestado
    if not formulario.preguntas:
        return
    ejercicio = _ejercicio()
    version = publicar_formulario(ejercicio=ejercicio, formulario=formulario)
    _visibles, quedan = depurar(formulario, valores)
    respuesta = Respuesta.objects.create(ejercicio=ejercicio, version=version)
    Valor.objects.bulk_create(a_filas(respuesta, formulario, quedan, catalogo_de(ejercicio)))
    filas = respuesta.valores.select_related("pregunta", "opcion", "fila").order_by("pk")
    assert de_filas(filas) == quedan


def _ejercicio():
    """Uno por ejemplo: las claves se repiten de un formulario a otro con distinto tipo."""
    return fabricas.reto().ejercicio
