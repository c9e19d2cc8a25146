import pytest
from django.http import QueryDict

from participacion.formularios.blocks import FormularioBlock
from participacion.formularios.enums import CON_OPCIONES, TipoPregunta

T = TipoPregunta
CON_LISTA = sorted(CON_OPCIONES - {T.LUGAR})


@pytest.mark.parametrize("tipo", CON_LISTA)
def test_una_pregunta_nueva_trae_dos_opciones_y_ninguna_clave_que_otra_pueda_repetir(tipo):
    bloque = FormularioBlock().child_blocks[tipo]
    estado = bloque.get_form_state(bloque.get_default())
    for lista in {"opciones", "filas"} & estado.keys():
        assert [set(opcion) for opcion in estado[lista]] == [{"value"}, {"value"}]


def test_una_opcion_guardada_o_devuelta_con_errores_conserva_su_clave():
    lista = FormularioBlock().child_blocks[T.UNICA].child_blocks["opciones"]
    guardada = lista.to_python([{"type": "item", "id": "o1", "value": {"texto": "Rojo"}}])
    assert lista.get_form_state(guardada) == [{"value": {"texto": "Rojo"}, "id": "o1"}]

    datos = QueryDict("l-count=1&l-0-deleted=&l-0-order=0&l-0-type=&l-0-id=o2&l-0-value-texto=Az")
    devuelta = lista.value_from_datadict(datos, {}, "l")
    assert lista.get_form_state(devuelta) == [{"value": {"texto": "Az"}, "id": "o2"}]
