import csv
import io
import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from encuestas.enums import Rasgo
from encuestas.resultados import cruces
from encuestas.resultados.consulta import resultados
from encuestas.resultados.tablas import renglones
from participacion.formularios.definicion import textos_de
from participacion.formularios.enums import EstadoRespuesta
from participacion.formularios.models import Respuesta
from tests.encuestas.fabricas_encuestas import contestada, encuesta, pregunta, reglas_de

pytestmark = pytest.mark.django_db

SATISFACCION = {"escala": "satisfaccion"}


def parque(**campos):
    """Una encuesta con una pregunta de cada clase que se cuenta."""
    campos = {"resultados": "en_vivo", **campos}
    return encuesta(
        [
            pregunta("unica", "uso", "¿Va al parque?", opciones=["Siempre", "A veces", "Nunca"]),
            pregunta("multiple", "arreglos", "¿Qué falta?", opciones=["Luz", "Bancas", "Árboles"]),
            pregunta("escala", "nota", "¿Qué tan satisfecho está?", **SATISFACCION),
            pregunta("matriz", "partes", "¿Cómo están?", filas=["Juegos", "Cancha"], opciones=["Bien", "Mal"]),
            pregunta("ordenamiento", "orden", "¿Qué va primero?", opciones=["Agua", "Vías", "Parques"]),
            pregunta("numero", "veces", "¿Cuántas veces al mes?"),
            pregunta("texto_largo", "ideas", "¿Qué propone?"),
            pregunta("si_no", "reservada", "¿Tiene hijos?", publica=False),
        ],
        **campos,
    )


def todo(uso=1, arreglos=(1,), nota=4, orden=(1, 2, 3), veces="3", hijos=True):
    return {
        "uso": {"opcion": f"uso-o{uso}", "otra": ""},
        "arreglos": {"opciones": [f"arreglos-o{n}" for n in arreglos], "otra": ""},
        "nota": nota,
        "partes": {"partes-f-o1": "partes-o1", "partes-f-o2": "partes-o2"},
        "orden": [f"orden-o{n}" for n in orden],
        "veces": veces,
        "ideas": "Que haya agua para Doña Ñusta",
        "reservada": hijos,
    }


def hechos_de(pagina, **opciones):
    return resultados(reglas_de(pagina), **opciones).por_clave()


def cantidades(resultado):
    return [casilla.cantidad for casilla in resultado.distribuciones[0].casillas]


def test_vacia_y_con_una_respuesta_no_muestran_nada():
    pagina = parque()
    vacia = resultados(reglas_de(pagina))
    assert (vacia.total, vacia.pocas) == (0, True)
    contestada(pagina, todo())
    una = resultados(reglas_de(pagina))
    assert (una.total, una.pocas) == (1, True)
    assert all(resultado.oculta for resultado in una.preguntas)


def test_cada_clase_de_pregunta_se_cuenta_a_su_manera():
    pagina = parque()
    for n in range(20):
        contestada(
            pagina,
            todo(
                uso=1 if n < 12 else 2,
                arreglos=(1, 2) if n < 10 else (1,),
                nota=5 if n < 15 else 2,
                orden=(1, 2, 3) if n < 14 else (2, 1),
                veces=str(n // 5),
            ),
        )
    hechos = hechos_de(pagina)
    assert cantidades(hechos["uso"]) == [12, 8, 0]
    multiple = hechos["arreglos"].distribuciones[0].casillas
    assert [(c.cantidad, c.porcentaje) for c in multiple] == [(20, 100.0), (10, 50.0), (0, 0.0)]
    nota = hechos["nota"].distribuciones[0]
    assert [c.cantidad for c in nota.casillas] == [0, 5, 0, 0, 15]
    assert (nota.media, nota.favorables, nota.nps) == (4.25, 75.0, None)
    juegos, cancha = hechos["partes"].distribuciones
    assert ([c.cantidad for c in juegos.casillas], [c.cantidad for c in cancha.casillas]) == ([20, 0], [0, 20])
    agua, vias, parques = hechos["orden"].orden
    assert (agua.primeros, agua.ordenaron, agua.medio, agua.borda) == (14, 20, 1.3, 14 * 2 + 6)
    assert (vias.primeros, vias.medio, vias.borda) == (6, 1.7, 14 + 6 * 2)
    assert (parques.primeros, parques.ordenaron, parques.medio, parques.borda) == (0, 14, 3.0, 0)
    veces = hechos["veces"].numeros
    assert (veces.minimo, veces.maximo, veces.media, veces.mediana) == (0, 3, 1.5, 1.5)
    assert [tramo.cantidad for tramo in veces.tramos] == [5, 5, 5, 5]
    assert hechos["ideas"].respondieron == 20


def test_nps_son_promotores_menos_detractores():
    pagina = encuesta([pregunta("escala", "nps", escala="nps")])
    for valor, veces in [(10, 10), (9, 5), (7, 10), (3, 5)]:
        for _ in range(veces):
            contestada(pagina, {"nps": valor})
    distribucion = hechos_de(pagina)["nps"].distribuciones[0]
    assert distribucion.nps == pytest.approx(100 * (15 - 5) / 30)


def test_el_porcentaje_es_sobre_quienes_contestaron_esa_pregunta():
    pagina = parque()
    for n in range(20):
        contestada(pagina, todo() if n < 10 else {"uso": {"opcion": "uso-o1", "otra": ""}})
    assert hechos_de(pagina)["arreglos"].respondieron == 10
    assert hechos_de(pagina)["arreglos"].distribuciones[0].casillas[0].porcentaje == 100


def test_renombrar_y_quitar_opciones_conserva_los_conteos_y_junta_versiones():
    pagina = parque()
    for _ in range(6):
        contestada(pagina, todo(uso=1))
        contestada(pagina, todo(uso=3))
    datos = list(pagina.formulario.raw_data)
    opciones = datos[0]["value"]["opciones"]
    opciones[0]["value"]["texto"] = "Todos los días"
    del opciones[2]
    pagina.formulario = datos
    pagina.save_revision().publish()
    for _ in range(5):
        contestada(pagina, todo(uso=1))
    casillas = hechos_de(pagina)["uso"].distribuciones[0].casillas
    assert [(c.texto, c.cantidad, c.definida.retirada) for c in casillas] == [
        ("Todos los días", 11, False), ("A veces", 0, False), ("Nunca", 6, True)
    ]  # fmt: skip


def test_una_pregunta_quitada_sigue_si_tuvo_respuestas():
    pagina = parque()
    for _ in range(6):
        contestada(pagina, todo())
    pagina.formulario = [bloque for bloque in pagina.formulario.raw_data if bloque["id"] != "uso"]
    pagina.save_revision().publish()
    vista = hechos_de(pagina)["uso"].vista
    assert vista.retirada
    assert [resultado.vista.clave for resultado in resultados(reglas_de(pagina)).preguntas][-1] == "uso"


def test_una_escala_contestada_no_cambia_por_otra():
    pagina = parque()
    datos = list(pagina.formulario.raw_data)
    datos[2]["value"]["escala"] = "estrellas"
    pagina.formulario = datos
    pagina.save_revision().publish()  # sin respuestas se puede
    contestada(pagina, todo())
    datos[2]["value"]["escala"] = "nps"
    pagina.formulario = datos
    with pytest.raises(ValidationError, match="de escala"):
        pagina.save_revision().publish()


def test_los_textos_salen_en_el_idioma_que_se_pide():
    from participacion.formularios.actions import publicar_textos

    pagina = parque()
    for _ in range(5):
        contestada(pagina, todo())
    textos = textos_de(pagina.construir_formulario())
    textos["uso"]["texto"], textos["uso-o1"]["texto"] = "Do you go?", "Always"
    publicar_textos(ejercicio=pagina.ejercicio, idioma="en", textos=textos)
    uso = hechos_de(pagina, idioma="en")["uso"]
    assert (uso.vista.texto, uso.distribuciones[0].casillas[0].texto) == ("Do you go?", "Always")


# --- Lo que se oculta ---------------------------------------------------------------------


def test_una_casilla_pequena_se_oculta_con_otra_y_sin_media():
    pagina = parque(minimo_grupo=5)
    for n in range(20):
        contestada(pagina, todo(uso=1 if n < 18 else 2, nota=1 if n < 2 else 5))
    hechos = hechos_de(pagina)
    assert cantidades(hechos["uso"]) == [None, None, 0]
    nota = hechos["nota"].distribuciones[0]
    assert [c.cantidad for c in nota.casillas] == [None, 0, 0, 0, None]
    assert (nota.media, nota.favorables) == (None, None)


def test_un_extremo_que_dijo_poca_gente_no_se_muestra():
    pagina = parque()
    for n in range(12):
        contestada(pagina, todo(veces="97" if n == 0 else "2"))
    numeros = hechos_de(pagina)["veces"].numeros
    assert (numeros.minimo, numeros.maximo) == (2, None)
    assert all(tramo.cantidad in (None, 0) for tramo in numeros.tramos)


def test_un_numero_anulado_no_cuenta():
    pagina = parque()
    ultima = [contestada(pagina, todo(veces="2" if n < 9 else "90")) for n in range(15)][-1]
    Respuesta.objects.filter(pk=ultima.pk).update(estado=EstadoRespuesta.ANULADA)
    numeros = hechos_de(pagina)["veces"].numeros
    assert (numeros.maximo, numeros.media) == (90, pytest.approx((9 * 2 + 5 * 90) / 14))


def con_grupos(pagina, grupos):
    """`grupos`: rasgo → [(opción de «uso», cuántos)]."""
    for actor, partes in grupos.items():
        for uso, veces in partes:
            for _ in range(veces):
                contestada(pagina, todo(uso=uso), actor_tipo=actor, rango_edad="18_28", area="Comuna 1")


def cruce_de(pagina, rasgo=Rasgo.ACTOR, clave="uso"):
    encuesta_ = reglas_de(pagina)
    return cruces.cruzar(encuesta_, resultados(encuesta_).por_clave()[clave].vista, rasgo)[0]


def test_el_cruce_suma_lo_mismo_que_el_total():
    pagina = parque()
    con_grupos(pagina, {"ciudadania": [(1, 10), (2, 20)], "universidad": [(1, 6), (2, 7)]})
    cruce = cruce_de(pagina)
    assert [(g.etiqueta, g.respondieron) for g in cruce.grupos] == [("Ciudadanía", 30), ("Universidad", 13)]
    assert [[c.cantidad for c in f.celdas] + [f.total.cantidad] for f in cruce.filas] == [[10, 6, 16], [20, 7, 27], [0, 0, 0]]
    assert cruce.filas[0].celdas[0].porcentaje == pytest.approx(100 * 10 / 30)


def test_un_grupo_pequeno_se_oculta_entero_y_no_se_halla_por_resta():
    pagina = parque()
    con_grupos(
        pagina,
        {"ciudadania": [(1, 30), (2, 20)], "universidad": [(1, 9), (2, 8)], "empresa": [(1, 11), (2, 12)], "veeduria": [(2, 2)]},
    )
    cruce = cruce_de(pagina)
    por_grupo = {grupo.valor: i for i, grupo in enumerate(cruce.grupos)}
    assert cruce.grupos[por_grupo["veeduria"]].respondieron is None
    for fila in cruce.filas:
        tapadas = [celda for celda in fila.celdas if celda.oculta]
        assert fila.celdas[por_grupo["veeduria"]].oculta
        assert len(tapadas) >= 2  # con una sola, el total menos lo visible la dice
    assert sum(grupo.respondieron is None for grupo in cruce.grupos) == 2


@pytest.mark.parametrize("clave", ["uso", "arreglos", "nota", "partes", "orden", "reservada"])
def test_toda_pregunta_cerrada_se_puede_cruzar(clave):
    pagina = parque()
    con_grupos(pagina, {"ciudadania": [(1, 10)], "empresa": [(2, 10)]})
    cruce = cruce_de(pagina, clave=clave)
    assert sum(grupo.respondieron for grupo in cruce.grupos) == 20


# --- La página y sus archivos ----------------------------------------------------------------


@pytest.fixture
def publicada():
    pagina = parque()
    con_grupos(pagina, {"ciudadania": [(1, 12), (2, 20)], "universidad": [(1, 6), (2, 7)], "veeduria": [(1, 2)]})
    return pagina


def de_csv(texto):
    return list(csv.DictReader(io.StringIO(texto.removeprefix("\ufeff")), delimiter=";"))


def numero(valor):
    """Lo que dice una celda de cualquiera de los archivos."""
    if isinstance(valor, str) and valor not in ("", "oculta"):
        valor = float(valor.replace(",", "."))
    return valor if valor not in (None, "") else ""


def test_pagina_grafica_csv_xlsx_y_json_dicen_lo_mismo(publicada):
    navegador = Client()
    consulta = {"pregunta": "uso", "por": "actor_tipo"}
    pk = publicada.ejercicio.pk
    respuesta = navegador.get(reverse("encuestas:resultados", args=[pk]), consulta)
    assert respuesta.status_code == 200
    contexto = respuesta.context
    propios = list(renglones(contexto["resultados"], [(contexto["cruzada"], contexto["cruces"])]))
    esperado = [(h["numero"], h["categoria"], h["grupo"], h["medida"], numero(h["valor"])) for h in propios]
    en_csv = de_csv(navegador.get(reverse("encuestas:datos", args=[pk, "csv"]), consulta).content.decode())
    assert [(int(h["numero"]), h["categoria"], h["grupo"], h["medida"], numero(h["valor"])) for h in en_csv] == esperado
    en_json = json.loads(navegador.get(reverse("encuestas:datos", args=[pk, "json"]), consulta).content)["cifras"]
    assert [(h["numero"], h["categoria"], h["grupo"], h["medida"], numero(h["valor"])) for h in en_json] == esperado
    libro = load_workbook(io.BytesIO(navegador.get(reverse("encuestas:datos", args=[pk, "xlsx"]), consulta).content))
    filas = list(libro.active.iter_rows(min_row=2, values_only=True))
    assert [(f[0], f[3] or "", f[5] or "", f[6], numero(f[7])) for f in filas] == esperado
    html = respuesta.content.decode()
    for hecho in propios:
        if hecho["medida"] == "cantidad" and not hecho["fila"] and not hecho["grupo"]:
            assert hecho["categoria"] in html
    visibles = [c.porcentaje for r in contexto["resultados"].preguntas for d in r.distribuciones for c in d.casillas if not c.oculta]
    assert html.count('class="grafica__lleno" width="') >= len(visibles)
    assert all(f'width="{porcentaje:.1f}"' in html for porcentaje in visibles)


def test_nada_de_lo_oculto_sale_en_ningun_archivo(publicada):
    """La veeduría, con dos personas, no tiene cifra en ninguna parte; ni su pregunta reservada, ni lo que escribieron."""
    navegador, pk = Client(), publicada.ejercicio.pk
    consulta = {"pregunta": "uso", "por": "actor_tipo"}
    cuerpos = [navegador.get(reverse("encuestas:resultados", args=[pk]), consulta).content.decode()]
    for formato in ("csv", "json"):
        cuerpos.append(navegador.get(reverse("encuestas:datos", args=[pk, formato]), consulta).content.decode())
    for cuerpo in cuerpos:
        assert "¿Tiene hijos?" not in cuerpo
        assert "Ñusta" not in cuerpo
    suyas = [h for h in de_csv(cuerpos[1]) if h["grupo"] == "Veeduría"]
    assert suyas and all(h["valor"] == "oculta" and h["base"] == "oculta" for h in suyas)


@pytest.mark.parametrize(
    ("politica", "dias_cierre", "estado"),
    [("en_vivo", 5, 200), ("en_vivo", -1, 200), ("al_cierre", 5, 403), ("al_cierre", -1, 200), ("nunca", 5, 404), ("nunca", -1, 404)],
)
def test_los_resultados_salen_cuando_la_encuesta_dijo(client, politica, dias_cierre, estado):
    ahora = timezone.now()
    pagina = parque(resultados=politica, apertura=ahora - timedelta(days=9), cierre=ahora + timedelta(days=dias_cierre))
    for _ in range(6):
        contestada(pagina, todo())
    respuesta = client.get(reverse("encuestas:resultados", args=[pagina.ejercicio.pk]))
    assert respuesta.status_code == estado
    assert ("Siempre" in respuesta.content.decode()) == (estado == 200)
    datos = client.get(reverse("encuestas:datos", args=[pagina.ejercicio.pk, "csv"]))
    assert datos.status_code == (200 if estado == 200 else 404)


def test_antes_de_abrir_no_hay_resultados_en_vivo(client):
    pagina = parque(apertura=timezone.now() + timedelta(days=1))
    assert client.get(reverse("encuestas:resultados", args=[pagina.ejercicio.pk])).status_code == 403


@pytest.mark.parametrize(
    "consulta",
    [{"pregunta": "uso"}, {"por": "area"}, {"pregunta": "reservada", "por": "area"}, {"pregunta": "uso", "por": "canal"}, {"pregunta": "no-existe", "por": "area"}],
)
def test_un_cruce_mal_pedido_se_explica(client, publicada, consulta):
    respuesta = client.get(reverse("encuestas:resultados", args=[publicada.ejercicio.pk]), consulta)
    assert respuesta.status_code == 400
    assert "campo__error" in respuesta.content.decode()
    assert client.get(reverse("encuestas:datos", args=[publicada.ejercicio.pk, "json"]), consulta).status_code == 400


def test_la_pagina_no_lleva_estilos_ni_guiones_en_linea(client, publicada):
    html = client.get(reverse("encuestas:resultados", args=[publicada.ejercicio.pk])).content.decode()
    assert " style=" not in html and "<script>" not in html


def test_una_encuesta_de_otro_sitio_no_existe(client):
    assert client.get(reverse("encuestas:resultados", args=[999_999])).status_code == 404


@pytest.mark.parametrize("cuantas", [1, 3])
def test_las_consultas_no_crecen_con_las_preguntas(client, django_assert_num_queries, cuantas):
    pagina = encuesta([pregunta("unica", f"p{n}", opciones=["A", "B"]) for n in range(cuantas)], resultados="en_vivo")
    for _ in range(6):
        contestada(pagina, {f"p{n}": {"opcion": f"p{n}-o1", "otra": ""} for n in range(cuantas)})
    encuesta_ = reglas_de(pagina)
    with django_assert_num_queries(5):  # conteos, preguntas, opciones, versión, temas
        resultados(encuesta_)
