import csv
import io

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from cuentas.enums import RolPersonal
from encuestas.analisis.medidas import calcular, guardar_medida
from encuestas.models import MedidaEncuesta
from encuestas.resultados.consulta import resultados
from participacion.registro.medidas import CifraNombrada
from tests import fabricas
from tests.encuestas.fabricas_encuestas import contestada, encuesta, pregunta, reglas_de


def cifra(ejecutado, meta, *, aumentar=True):
    return CifraNombrada("c", "N", "%", ejecutado, None, meta, aumentar, "")


@pytest.mark.parametrize(
    ("ejecutado", "meta", "aumentar", "eficiencia"),
    [(60.0, 80.0, True, 75.0), (90.0, 80.0, True, 112.5), (40.0, 20.0, False, 50.0), (60.0, None, True, None),
     (None, 80.0, True, None), (5.0, 0.0, True, None), (0.0, 10.0, False, None)],
)  # fmt: skip
def test_eficiencia_es_ejecutado_entre_meta(ejecutado, meta, aumentar, eficiencia):
    assert cifra(ejecutado, meta, aumentar=aumentar).eficiencia == eficiencia


@pytest.fixture
def pagina(db):
    hecha = encuesta(
        [
            pregunta("escala", "nota", "¿Satisfecho?", escala="satisfaccion"),
            pregunta("multiple", "usos", opciones=["Leer", "Jugar"]),
            pregunta("escala", "nps", escala="nps"),
            pregunta("texto_corto", "idea"),
        ],
        "Parques",
    )
    for nota, veces in [(5, 12), (4, 18), (2, 10)]:
        for _ in range(veces):
            contestada(hecha, {"nota": nota, "usos": {"opciones": ["usos-o1"], "otra": ""}, "nps": 2 * nota})
    return hecha


def medida_de(pagina, clave="nota", **campos):
    campos = {"nombre": "Satisfacción", "calculo": "favorables", **campos}
    return MedidaEncuesta(ejercicio=pagina.ejercicio, pregunta=pagina.ejercicio.preguntas.get(clave=clave), **campos)


def guardar(pagina, medida):
    resultado = resultados(reglas_de(pagina)).por_clave()[medida.pregunta.clave]
    return guardar_medida(medida=medida, resultado=resultado, actor=fabricas.personal(RolPersonal.EDITOR))


@pytest.mark.parametrize(
    ("clave", "campos", "valor"),
    [
        ("nota", {"calculo": "favorables"}, 75.0),
        ("nota", {"calculo": "media"}, 3.8),
        ("nota", {"calculo": "opciones", "casillas": ["n5"]}, 30.0),
        ("nps", {"calculo": "nps"}, 100 * (12 - 10) / 40),
        ("usos", {"calculo": "opciones", "casillas": ["usos-o1"]}, 100.0),
    ],
)
def test_cada_calculo_da_la_cifra_que_se_publica(pagina, clave, campos, valor):
    medida = guardar(pagina, medida_de(pagina, clave, **campos))
    assert calcular(medida, resultados(reglas_de(pagina)).por_clave()[clave]) == valor


@pytest.mark.parametrize(
    ("clave", "campos", "campo"),
    [
        ("usos", {"calculo": "media"}, "calculo"),
        ("nota", {"calculo": "nps"}, "calculo"),
        ("nota", {"calculo": "opciones", "casillas": []}, "casillas"),
        ("nota", {"calculo": "opciones", "casillas": ["n77"]}, "casillas"),
        ("usos", {"calculo": "opciones", "casillas": ["usos-o1", "usos-o2"]}, "casillas"),
        ("idea", {"calculo": "opciones", "casillas": ["x"]}, "calculo"),
    ],
)
def test_un_calculo_que_no_corresponde_se_rechaza(pagina, clave, campos, campo):
    with pytest.raises(ValidationError) as error:
        guardar(pagina, medida_de(pagina, clave, **campos))
    assert campo in error.value.message_dict


def test_con_pocas_respuestas_no_hay_cifra(pagina):
    medida = guardar(pagina, medida_de(pagina))
    encuesta_ = reglas_de(pagina)
    encuesta_.minimo_grupo = 100
    assert calcular(medida, resultados(encuesta_).por_clave()["nota"]) is None


def navegador_de(*roles):
    navegador = Client()
    navegador.force_login(fabricas.personal(*roles))
    return navegador


def test_se_publica_se_cambia_y_se_quita_desde_la_pantalla(pagina):
    navegador, pk = navegador_de(RolPersonal.EDITOR), pagina.ejercicio.pk
    pregunta_ = pagina.ejercicio.preguntas.get(clave="nota")
    datos = {"nombre": "Satisfacción", "calculo": "favorables", "linea_base": "60", "meta": "80", "direccion": "aumentar"}
    nueva = reverse("encuestas_analisis:medida_nueva", args=[pk, pregunta_.pk])
    assert navegador.get(nueva).status_code == 200
    assert navegador.post(nueva, datos).status_code == 302
    assert navegador.post(nueva, datos).status_code == 422  # el mismo nombre
    medida = MedidaEncuesta.objects.get()
    propia = reverse("encuestas_analisis:medida", args=[pk, medida.pk])
    assert navegador.post(propia, datos | {"meta": "90"}).status_code == 302
    assert navegador.post(propia, datos | {"meta": "mucho"}).status_code == 422
    medida.refresh_from_db()
    assert medida.meta == 90
    assert "Satisfacción" in navegador.get(reverse("encuestas_analisis:medidas", args=[pk])).content.decode()
    assert navegador.post(propia, {"quitar": "1"}).status_code == 302
    assert not MedidaEncuesta.objects.exists()
    acciones = set(ModelLogEntry.objects.filter(action__startswith="encuestas.").values_list("action", flat=True))
    assert acciones == {"encuestas.publicar_medida", "encuestas.cambiar_medida", "encuestas.quitar_medida"}


def test_pagina_csv_y_xlsx_de_indicadores_dicen_la_misma_eficiencia(pagina):
    guardar(pagina, medida_de(pagina, linea_base=60, meta=80))
    navegador = navegador_de(RolPersonal.ANALITICA)
    esperado = {"Ejecutado": 75.0, "Línea base": 60.0, "Meta": 80.0, "Eficiencia": 93.75}
    html = navegador.get(reverse("indicadores:pagina"))
    ((nombrada, partes),) = html.context["nombradas"]
    assert {parte: valor for parte, valor, _unidad in partes} == esperado
    assert "93,75" in html.content.decode()
    texto = navegador.get(reverse("indicadores:csv")).content.decode("utf-8-sig")
    filas = [f for f in csv.DictReader(io.StringIO(texto), delimiter=";") if f["indicador"] == "Satisfacción"]
    assert {f["desagregacion"]: float(f["valor"].replace(",", ".")) for f in filas} == esperado
    hoja = load_workbook(io.BytesIO(navegador.get(reverse("indicadores:xlsx")).content)).active
    assert {f[1]: f[2] for f in hoja.iter_rows(values_only=True) if f[0] == "Satisfacción"} == esperado


def test_las_medidas_son_de_su_sitio_su_periodo_y_su_ejercicio(pagina):
    guardar(pagina, medida_de(pagina, meta=80))
    otra = encuesta([pregunta("unica", "z", opciones=["A", "B"])])
    navegador = navegador_de(RolPersonal.ANALITICA)
    direccion = reverse("indicadores:pagina")
    assert navegador.get(direccion, {"desde": "2001-01-01", "hasta": "2001-12-31"}).context["nombradas"] == []
    assert navegador.get(direccion, {"ejercicio": otra.ejercicio.pk}).context["nombradas"] == []
    assert len(navegador.get(direccion, {"ejercicio": pagina.ejercicio.pk}).context["nombradas"]) == 1
