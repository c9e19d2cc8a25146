import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from home.tablas import a_csv, celda
from indicadores.exportacion import a_xlsx
from participacion.registro.models import Acto
from tests import fabricas

from .conftest import INICIO, PERIODO, acto, crear_ejercicio

FORMULA = '=HYPERLINK("http://malo.example","ver")'


def leer_actos(navegador) -> list[dict]:
    respuesta = navegador.get(reverse("indicadores:actos"), PERIODO)
    return list(csv.DictReader(io.StringIO(respuesta.getvalue().decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("inicio", ["=", "+", "-", "@", "\t=", "\r=", " =", "\n+", "\u200b=", "\x00@"])
def test_una_formula_queda_como_texto(inicio):
    assert celda(f"{inicio}1+1").startswith("'")


@pytest.mark.parametrize("valor", [0, 12, -3])
def test_un_numero_sigue_siendo_numero(valor):
    assert celda(valor) is valor


def test_el_titulo_de_un_ejercicio_no_es_formula_en_ningun_archivo(navegador):
    ejercicio = crear_ejercicio(fabricas.sitio(), FORMULA + "\x0b")
    acto(ejercicio, "apoyo", INICIO).save()
    filtro = {**PERIODO, "ejercicio": ejercicio.pk}
    texto = navegador.get(reverse("indicadores:csv"), filtro).content.decode("utf-8-sig")
    titulos = {fila["ejercicio"] for fila in csv.DictReader(io.StringIO(texto), delimiter=";")}
    assert titulos == {f"'{FORMULA}"}
    hoja = load_workbook(io.BytesIO(navegador.get(reverse("indicadores:xlsx"), filtro).content)).active
    tipos = [[casilla.data_type for casilla in fila] for fila in hoja.iter_rows(min_row=2)]
    assert {tuple(fila) for fila in tipos} == {("s", "s", "n", "s", "s", "s", "s", "s", "s")}
    assert hoja["F2"].value == f"'{FORMULA}"
    assert [fila["ejercicio__titulo"] for fila in leer_actos(navegador)] == [f"'{FORMULA}"]


def test_el_csv_lleva_marca_y_punto_y_coma_y_cita_lo_que_hace_falta():
    texto = "".join(a_csv([["a", "b"], ['con;punto y "comillas"', 3]], por_tanda=1))
    assert texto == '\ufeffa;b\r\n"con;punto y ""comillas""";3\r\n'


def test_el_xlsx_se_abre_con_su_encabezado_fijo():
    hoja = load_workbook(io.BytesIO(a_xlsx([["indicador"], ["Ñandú"]]))).active
    assert (hoja["A2"].value, hoja.freeze_panes) == ("Ñandú", "A2")


def test_cada_renglon_dice_periodo_sitio_corte_y_definicion(navegador):
    texto = navegador.get(reverse("indicadores:csv"), PERIODO).content.decode("utf-8-sig")
    filas = list(csv.DictReader(io.StringIO(texto), delimiter=";"))
    sitio = fabricas.sitio()
    for fila in filas:
        assert (fila["desde"], fila["hasta"]) == ("2026-01-01", "2026-06-30")
        assert fila["sitio"] == (sitio.site_name or sitio.hostname)
        assert fila["corte"].endswith("-05:00")
        assert fila["definicion"]


def test_los_archivos_se_llaman_como_su_periodo(navegador):
    nombres = {
        vista: navegador.get(reverse(f"indicadores:{vista}"), PERIODO)["Content-Disposition"]
        for vista in ("csv", "xlsx", "actos")
    }
    assert nombres == {
        "csv": 'attachment; filename="indicadores_2026-01-01_2026-06-30.csv"',
        "xlsx": 'attachment; filename="indicadores_2026-01-01_2026-06-30.xlsx"',
        "actos": 'attachment; filename="actos_2026-01-01_2026-06-30.csv"',
    }


def test_las_claves_no_salen_y_no_se_cruzan_entre_descargas(registro, navegador):
    uno, otro = leer_actos(navegador), leer_actos(navegador)
    assert len(uno) == len(otro) > 300
    for columna in ("participante", "organizacion", "objeto_id"):
        claves_uno, claves_otro = ({fila[columna] for fila in filas if fila[columna]} for filas in (uno, otro))
        en_la_base = {str(clave) for clave in Acto.objects.values_list(columna, flat=True) if clave}
        assert claves_uno and claves_uno.isdisjoint(claves_otro)
        assert claves_uno.isdisjoint(en_la_base)
    texto = str(uno)
    for persona in registro.personas:
        assert str(persona) not in texto and persona.hex not in texto


def test_dentro_de_un_archivo_la_misma_persona_es_la_misma_clave(registro, navegador):
    claves = {}
    for fila in leer_actos(navegador):
        persona = Acto.objects.get(uuid=fila["uuid"]).participante
        assert claves.setdefault(persona, fila["participante"]) == fila["participante"]
    assert len(set(claves.values())) == len(claves)
