import itertools
import random

import pytest

from participacion.registro.supresion import Suma, determinadas, suprimir

MINIMO = 5


def soluciones(cantidades, sumas, ocultas, hasta=60):
    """Todas las formas de llenar lo oculto que cuadran con los totales: lo que un curioso con tiempo podría listar."""
    ocultas = sorted(ocultas)
    for valores in itertools.product(range(hasta), repeat=len(ocultas)):
        llenas = cantidades | dict(zip(ocultas, valores, strict=True))
        if all(sum(llenas[c] for c in suma.celdas) == sum(cantidades[c] for c in suma.celdas) for suma in sumas):
            yield valores


def test_nada_pequeno_nada_se_oculta():
    assert suprimir({"a": 5, "b": 0, "c": 9}, [Suma(("a", "b", "c"))], MINIMO) == set()


def test_una_pequena_arrastra_a_otra_y_el_cero_se_queda():
    assert suprimir({"a": 40, "b": 2, "c": 9, "d": 0}, [Suma(tuple("abcd"))], MINIMO) == {"b", "c"}


def test_dos_pequenas_que_juntas_no_llegan_al_minimo_arrastran_otra():
    assert suprimir({"a": 40, "b": 1, "c": 2, "d": 9}, [Suma(tuple("abcd"))], MINIMO) == {"b", "c", "d"}
    assert suprimir({"a": 40, "b": 3, "c": 2, "d": 9}, [Suma(tuple("abcd"))], MINIMO) == {"b", "c"}


def test_sin_sumas_solo_se_ocultan_las_pequenas():
    assert suprimir({"a": 40, "b": 2}, [], MINIMO) == {"b"}


def test_una_media_no_despeja_lo_oculto():
    """Con dos ocultas, el total y la media dan sus valores: hay que ocultar una tercera."""
    cantidades = {1: 2, 2: 7, 3: 20, 4: 30, 5: 40}
    suma, media = Suma(tuple(cantidades)), {valor: valor for valor in cantidades}
    assert suprimir(cantidades, [suma], MINIMO) == {1, 2}
    assert suprimir(cantidades, [suma], MINIMO, otras=[media]) == {1, 2, 3}


def test_determinadas_halla_lo_que_se_despeja():
    assert determinadas([{"a": 1, "b": 1}], {"a", "b"}) == set()
    assert determinadas([{"a": 1, "b": 1}, {"b": 1, "c": 1}], {"a", "b"}) == {"a", "b"}
    assert determinadas([{"a": 1, "b": 1}, {"a": 1, "b": 2}], {"a", "b"}) == {"a", "b"}


@pytest.mark.parametrize("semilla", range(40))
def test_en_una_tabla_al_azar_ninguna_oculta_tiene_un_solo_valor_posible(semilla):
    azar = random.Random(semilla)
    filas, columnas = range(3), range(3)
    cantidades = {(f, c): azar.choice([0, 1, 2, 6, 9]) for f in filas for c in columnas}
    sumas = [Suma(tuple((f, c) for c in columnas)) for f in filas] + [Suma(tuple((f, c) for f in filas)) for c in columnas]
    ocultas = suprimir(cantidades, sumas, MINIMO)
    assert all(celda in ocultas for celda, n in cantidades.items() if 0 < n < MINIMO)
    if not 0 < len(ocultas) <= 4:  # la búsqueda a la fuerza crece con cada oculta
        return
    posibles = list(soluciones(cantidades, sumas, ocultas, hasta=20))
    for lugar in range(len(ocultas)):
        assert len({valores[lugar] for valores in posibles}) > 1


def test_un_puente_entre_dos_bloques_se_detecta():
    """Dos o más ocultas por línea no bastan: la que une dos bloques se despeja restando totales."""
    bloques = {(f, c) for f in (0, 1) for c in (0, 1)} | {(f, c) for f in (2, 3) for c in (2, 3)}
    cantidades = {(f, c): 50 for f in range(4) for c in range(4)} | dict.fromkeys(bloques | {(1, 2)}, 3)
    sumas = [Suma(tuple((f, c) for c in range(4))) for f in range(4)] + [Suma(tuple((f, c) for f in range(4))) for c in range(4)]
    ecuaciones = [dict.fromkeys(suma.celdas, 1) for suma in sumas]
    assert (1, 2) in determinadas(ecuaciones, bloques | {(1, 2)})
    ocultas = suprimir(cantidades, sumas, MINIMO)
    assert not determinadas(ecuaciones, ocultas)
