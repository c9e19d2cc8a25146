import pytest
from django.test import Client
from django.urls import reverse

from cuentas.enums import RolPersonal
from encuestas.analisis.comparacion import comparables, comparar
from encuestas.analisis.estadistica import (
    Muestra,
    entre_medias,
    entre_proporciones,
    muestra_efectiva,
    t_de_student,
    wilson,
)
from tests import fabricas
from tests.encuestas.fabricas_encuestas import contestada, encuesta, pregunta, reglas_de


@pytest.mark.parametrize(
    ("antes", "despues", "esperado"),
    [  # Newcombe (1998), tabla II, método 10: a) 56/70 - 48/80, f) 10/10 - 0/20, h) 10/10 - 0/10
        ((48, 80), (56, 70), (0.0524, 0.3339)),
        ((0, 20), (10, 10), (0.6791, 1.0)),
        ((0, 10), (10, 10), (0.6075, 1.0)),
    ],
)
def test_la_diferencia_de_proporciones_es_la_publicada_por_newcombe(antes, despues, esperado):
    diferencia = entre_proporciones(antes, despues)
    assert (diferencia.desde, diferencia.hasta) == pytest.approx(esperado, abs=0.0001)


def test_wilson_no_se_sale_ni_se_anula():
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=0.0001)
    assert wilson(10, 10)[1] == 1.0


@pytest.mark.parametrize(("libertad", "esperado"), [(20, 2.085963), (30, 2.042272), (60, 2.000298), (120, 1.979930)])
def test_la_t_es_la_de_las_tablas(libertad, esperado):
    assert t_de_student(libertad) == pytest.approx(esperado, abs=0.0001)


def test_welch_con_varianzas_distintas():
    antes, despues = Muestra.de({1: 20, 5: 20}), Muestra.de({4: 35, 5: 5})
    diferencia = entre_medias(antes, despues)
    # A mano: medias 3 y 4,125; s²/n = 0,102564 y 0,0028045; error 0,324604; 41,1 grados de libertad, t = 2,0193
    assert diferencia.valor == pytest.approx(1.125)
    assert (diferencia.desde, diferencia.hasta) == pytest.approx((0.4695, 1.7805), abs=0.001)
    assert diferencia.concluye


def test_medias_iguales_y_sin_variacion_no_concluyen():
    assert not entre_medias(Muestra.de({4: 40}), Muestra.de({4: 40})).concluye


def test_muestra_efectiva_es_la_de_kish():
    assert muestra_efectiva({1.0: 80}) == 80
    assert muestra_efectiva({2.0: 10, 0.5: 40}) == pytest.approx(40**2 / 50)


BLOQUES = [
    pregunta("escala", "nota", "¿Qué tal?", escala="satisfaccion"),
    pregunta("unica", "uso", "¿Va?", opciones=["Sí", "No"]),
    pregunta("escala", "nps", "¿Recomienda?", escala="nps"),
]


def dos(antes, despues):
    """Dos encuestas con los mismos bloques. `antes` y `despues`: (nota, uso, nps, cuántas)."""
    base = encuesta(BLOQUES, "Base")
    seguimiento = encuesta(BLOQUES, "Seguimiento", linea_base=base)
    for pagina, partes in ((base, antes), (seguimiento, despues)):
        for nota, uso, nps, veces in partes:
            for _ in range(veces):
                contestada(pagina, {"nota": nota, "uso": {"opcion": f"uso-o{uso}", "otra": ""}, "nps": nps})
    return base, seguimiento


@pytest.mark.django_db
def test_un_cambio_grande_concluye_y_uno_pequeno_no():
    base, seguimiento = dos([(2, 1, 3, 30), (4, 2, 9, 20)], [(2, 1, 3, 10), (4, 2, 9, 18), (5, 1, 10, 22)])
    comparadas = {c.vista.clave: c for c in comparar(reglas_de(base), reglas_de(seguimiento))}
    media = comparadas["nota"].cambios[0]
    assert (media.texto, round(media.antes, 2), round(media.despues, 2)) == ("Media", 2.8, 4.04)
    assert media.concluye and media.sube
    uso = comparadas["uso"].cambios[0]
    assert (uso.antes, uso.despues) == (60.0, 64.0)
    assert not uso.concluye
    nps = comparadas["nps"].cambios[1]
    assert (nps.texto, nps.antes, nps.despues) == ("NPS", -20.0, 60.0)
    assert nps.concluye


@pytest.mark.django_db
def test_con_menos_de_treinta_no_concluye():
    base, seguimiento = dos([(2, 1, 3, 20)], [(5, 2, 10, 40)])
    for comparada in comparar(reglas_de(base), reglas_de(seguimiento)):
        assert comparada.pocas
        assert all(cambio.diferencia is None for cambio in comparada.cambios)


@pytest.mark.django_db
def test_lo_oculto_no_se_compara():
    base, seguimiento = dos([(2, 1, 3, 40), (4, 2, 9, 2)], [(2, 1, 3, 40), (4, 2, 9, 40)])
    uso = next(c for c in comparar(reglas_de(base), reglas_de(seguimiento)) if c.vista.clave == "uso")
    assert all(cambio.antes is None and cambio.diferencia is None for cambio in uso.cambios)


@pytest.mark.django_db
def test_la_linea_base_va_primero_y_las_ajenas_no_estan():
    base, seguimiento = dos([(2, 1, 3, 5)], [(2, 1, 3, 5)])
    copia = encuesta(BLOQUES, "Otra copia")
    ajena = encuesta([pregunta("unica", "z", opciones=["A", "B"])])
    otras = comparables(reglas_de(seguimiento))
    assert [otra.pk for otra in otras] == [base.ejercicio.pk, copia.ejercicio.pk]
    assert ajena.ejercicio not in otras


@pytest.mark.django_db
def test_la_pantalla_compara_con_la_linea_base_sin_pedirlo():
    base, seguimiento = dos([(2, 1, 3, 40), (4, 2, 9, 20)], [(4, 2, 9, 60)])
    navegador = Client()
    navegador.force_login(fabricas.personal(RolPersonal.ANALITICA))
    direccion = reverse("encuestas_analisis:comparar", args=[seguimiento.ejercicio.pk])
    html = navegador.get(direccion).content.decode()
    assert "▲ Subió" in html and "▼ Bajó" in html
    assert navegador.get(direccion, {"con": "999999"}).status_code == 400
