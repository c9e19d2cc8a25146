"""Las cifras, contra cuentas hechas a mano."""

from decimal import Decimal

import pytest

from retos.evaluacion.estadistica import Nota, desviacion, media, normalizar, resumir, sin_normalizar

D = Decimal


def notas(*ternas) -> list[Nota]:
    return [Nota(propuesta, jurado, D(total)) for propuesta, jurado, total in ternas]


def test_media_y_desviacion_de_un_ejemplo_conocido():
    """2, 4, 4, 4, 5, 5, 7, 9: media 5; suma de cuadrados 32; muestral √(32 ÷ 7) = 2,13809."""
    valores = [D(v) for v in (2, 4, 4, 4, 5, 5, 7, 9)]
    assert media(valores) == 5
    assert round(desviacion(valores), 5) == D("2.13809")


@pytest.mark.parametrize(("valores", "esperada"), [([], None), ([50], None), ([50, 50], D(0)), ([40, 60], D("14.1421"))])
def test_desviacion_en_los_bordes(valores, esperada):
    obtenida = desviacion(D(v) for v in valores)
    assert obtenida == esperada if esperada is None else round(obtenida, 4) == esperada


def test_resumen_de_una_propuesta():
    (resumen,) = resumir(notas((1, 1, "80"), (1, 2, "60"), (1, 3, "73.50"), (1, 4, "61")))
    assert (resumen.n, resumen.media, resumen.mediana) == (4, D("68.63"), D("67.25"))  # 274,5 ÷ 4 = 68,625
    assert (resumen.minimo, resumen.maximo) == (D(60), D(80))
    # Desvíos 11,375; −8,625; 4,875; −7,625: cuadrados 285,6875; ÷ 3 = 95,2292; raíz 9,7585.
    assert resumen.desviacion == D("9.76")
    assert (resumen.puesto, resumen.empata) == (1, False)


def test_con_una_sola_nota_no_hay_desviacion():
    (resumen,) = resumir(notas((1, 1, "80")))
    assert (resumen.desviacion, resumen.normalizada) == (None, D("80.00"))


def test_la_normalizada_descuenta_la_severidad():
    """Jurado 1 pone 20 y 40; jurado 2, 60 y 80: dicen lo mismo, uno es más severo.

    Todos: media 50, desvíos −30, −10, 10, 30, cuadrados 2000, ÷ 3 = 666,67, desviación 25,8199. Cada jurado: z = ∓0,70711.
    Propuesta 1: 50 − 0,70711 × 25,8199 = 31,74; propuesta 2: 68,26.
    """
    dadas = notas((1, 1, 20), (2, 1, 40), (1, 2, 60), (2, 2, 80))
    assert {n.propuesta: round(n.total, 2) for n in normalizar(dadas)} == {1: D("31.74"), 2: D("68.26")}
    segunda, primera = sorted(resumir(dadas), key=lambda r: r.propuesta)
    assert (primera.media, primera.normalizada) == (D("60.00"), D("68.26"))
    assert (segunda.media, segunda.normalizada) == (D("40.00"), D("31.74"))


def test_quien_dio_una_o_todas_iguales_va_sin_normalizar():
    dadas = notas((1, 1, 20), (2, 1, 40), (1, 2, 90), (1, 3, 50), (2, 3, 50))
    assert sin_normalizar(dadas) == {2, 3}
    crudas = {(n.propuesta, n.jurado): n.total for n in normalizar(dadas)}
    assert (crudas[1, 2], crudas[1, 3], crudas[2, 3]) == (D(90), D(50), D(50))


def test_los_empates_comparten_puesto_y_saltan_el_siguiente():
    resumenes = resumir(notas((1, 1, 70), (2, 1, "70.004"), (3, 1, 90), (4, 1, 10)))
    assert [(r.propuesta, r.puesto, r.empata) for r in resumenes] == [
        (3, 1, False), (1, 2, True), (2, 2, True), (4, 4, False),
    ]  # fmt: skip


def test_sin_notas_no_hay_nada():
    assert (resumir([]), normalizar([]), sin_normalizar([])) == ([], [], set())
