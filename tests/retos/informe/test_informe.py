"""El informe de resultados: la página, el PDF y los datos abiertos dicen lo mismo, y ninguno dice de más."""

import csv
import html
import io
import json
import re

import pytest
from django.utils import timezone
from pypdf import PdfReader

from encuestas.models import MedidaEncuesta
from home.models import AjustesSitio, Imagen
from participacion.apoyos.actions import apoyar
from participacion.ejercicios.models import Ejercicio
from participacion.formularios.enums import TipoPregunta
from retos.models import Propuesta
from retos.votos.informe import MINIMO
from tests import fabricas as f
from tests.encuestas.fabricas_encuestas import contestada, encuesta, pregunta

from ..decision.fabricas_decision import publicada
from ..votos.fabricas_votos import participante, reto, sembrar
from .fabricas_informe import TITULO_RARO, Resultado, Territorio, cerrado, en_convocatoria, evaluado, vecinos

pytestmark = pytest.mark.django_db
ARCHIVOS = ("datos.csv", "datos.json")


def bajar(client, pagina, ruta) -> bytes:
    respuesta = client.get(f"{pagina.url}{ruta}")
    assert respuesta.status_code == 200
    return b"".join(respuesta.streaming_content) if respuesta.streaming else respuesta.content


def lineas(client, pagina) -> list[dict]:
    return list(csv.DictReader(io.StringIO(bajar(client, pagina, "datos.csv").decode("utf-8-sig")), delimiter=";"))


def texto_del_pdf(contenido: bytes) -> str:
    """De corrido: un renglón largo se parte en la hoja."""
    paginas = (hoja.extract_text() for hoja in PdfReader(io.BytesIO(contenido)).pages)
    return re.sub(r"\s+", " ", " ".join(paginas))


def todo(client, pagina) -> dict[str, str]:
    """Lo que cualquiera lee, por cada uno de los cuatro caminos."""
    return {
        "página": html.unescape(bajar(client, pagina, "informe/").decode()),
        "pdf": texto_del_pdf(bajar(client, pagina, "informe.pdf")),
        **{archivo: bajar(client, pagina, archivo).decode() for archivo in ARCHIVOS},
    }


def seccion(pagina: str, ancla: str) -> str:
    return pagina[pagina.index(f'aria-labelledby="{ancla}"') :].split("</section>")[0]


def plano(trozo: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", trozo))).strip()


def test_pagina_pdf_csv_y_json_dicen_lo_mismo(client):
    mundo = cerrado()
    pagina = bajar(client, mundo.pagina, "informe/").decode()
    pdf = texto_del_pdf(bajar(client, mundo.pagina, "informe.pdf"))
    documento = json.loads(bajar(client, mundo.pagina, "datos.json"))
    # A mano: las notas de `evaluado`, (nota - mínimo) / (máximo - mínimo) de cada jurado.
    esperadas = [
        ("Árboles nativos", "Universidad del Norte", "7", "90,00", "90,00", "14,14", "En implementación", "0"),
        (TITULO_RARO, "Tampoco Esta", "6", "60,00", "60,00", "0,00", "En el banco de elegibles", "0"),
        ("=HYPERLINK(1)", "Ana Ríos", "0", "10,00", "10,00", "14,14", "No elegida", "0"),
    ]
    referencias = [p.referencia for p in mundo.propuestas]
    cuerpo = seccion(pagina, "propuestas").split("<tbody>")[1]
    de_la_pagina = [
        tuple(plano(celda) for celda in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", fila, re.S)) for fila in cuerpo.split("</tr>")[:-1]
    ]
    assert de_la_pagina == [(r, *fila) for r, fila in zip(referencias, esperadas, strict=True)]
    for referencia, fila in zip(referencias, esperadas, strict=True):
        assert " ".join((referencia, *fila)).replace("🌳", "□") in pdf

    por_csv = lineas(client, mundo.pagina)
    de_los_datos = [
        (p["titulo"], p["propone"], str(p["apoyos"]), *(f"{p[c]:.2f}".replace(".", ",") for c in ("media", "mediana", "desviacion")),
         str(Resultado(p["resultado"]).label), str(p["dias_en_responder"])) for p in documento["propuestas"]
    ]  # fmt: skip
    assert de_los_datos == esperadas
    assert [p["referencia"] for p in documento["propuestas"]] == referencias == [fila["referencia"] for fila in por_csv]
    for fila, p in zip(por_csv, documento["propuestas"], strict=True):
        for columna, valor in p.items():
            escrito = "" if valor is None else f"{valor:.2f}".replace(".", ",") if isinstance(valor, float) else str(valor)
            assert fila[columna].removeprefix("'") == escrito, columna
    assert por_csv[2]["titulo"] == "'=HYPERLINK(1)"  # una hoja de cálculo no la ejecuta

    totales = documento["totales"]
    assert totales == {
        "propuestas_recibidas": 3, "propuestas_publicas": 3, "participantes": 10, "organizaciones": 1,
        "respuestas_oficiales": 3, "sin_respuesta": 0, "jurados": 2,
    }  # fmt: skip
    for ancla, cifras in [
        ("participantes", "Participantes 10 Organizaciones 1"),
        ("conteos", "Recibidas 3 A la vista 3 Elegidas 1"),
        ("evaluacion", "Jurados que evaluaron 2 Propuestas evaluadas 3 Evaluaciones 6 Media más alta 90,00 Media más baja 10,00"),
        ("decision", "Elige propuestas"),
        ("respuestas", "Respondidas 3 Sin respuesta 0 A tiempo 3"),
        ("compromisos", "Sembrar Ana"),
        ("cierre", "Hay sombra."),
    ]:
        assert cifras in plano(seccion(pagina, ancla)), ancla
        assert cifras in pdf, ancla
    for dicho in ("Bajó 2 grados.", "Con CVC: Compartir o analizar datos. Mediciones.", "$\xa045.000.000", "En parte", "Criterio 1"):
        assert dicho.replace("\xa0", " ") in plano(pagina), dicho
        assert dicho.replace("\xa0", " ") in pdf, dicho
    assert documento["licencia"] == AjustesSitio.for_site(f.sitio()).licencia
    diccionario = bajar(client, mundo.pagina, "diccionario.csv").decode("utf-8-sig").splitlines()[1:]
    assert [renglon.split(";")[0] for renglon in diccionario] == list(documento["columnas"]) == list(por_csv[0])
    assert "Informe de cierre" in pagina
    assert "Preliminar" not in pagina
    assert 'name="robots"' not in pagina
    # De quién es una propuesta de una organización lo dice la organización, no la persona que la escribió.
    assert not any("Debe Verme" in dicho for dicho in todo(client, mundo.pagina).values())
    assert f"{mundo.pagina.url}informe/" in client.get("/sitemap.xml").text
    assert "Quiénes participaron, qué se decidió" in client.get(mundo.pagina.url).text


def test_preliminar_y_ciego_no_dice_de_quien_es_ni_cuanto_saco(client):
    mundo = evaluado(evaluacion_ciega=True)
    nombres = ("Universidad del Norte", "Tampoco Esta", "Ana Ríos", "90,00", "14,14", "90.0")
    for donde, dicho in todo(client, mundo.pagina).items():
        assert [nombre for nombre in nombres if nombre in dicho] == [], donde
        assert "Árboles nativos" in dicho, donde
    assert {fila["propone"] + fila["media"] + fila["evaluaciones"] for fila in lineas(client, mundo.pagina)} == {""}
    pagina, pdf = (todo(client, mundo.pagina)[donde] for donde in ("página", "pdf"))
    assert '<meta name="robots" content="noindex">' in pagina
    assert "Informe preliminar" in pagina
    assert "PRELIMINAR" in pdf
    assert "La entidad todavía no publica su decisión." in pagina
    assert {client.get(f"{mundo.pagina.url}{ruta}")["X-Robots-Tag"] for ruta in ("informe.pdf", *ARCHIVOS)} == {"noindex"}
    assert f"{mundo.pagina.url}informe/" not in client.get("/sitemap.xml").text
    assert "Preliminar: el reto sigue en marcha" in client.get(mundo.pagina.url).text

    f.mover_reloj(mundo.pagina, "decision")
    a, b, c = mundo.propuestas
    fallos = (a, Resultado.ELEGIDA), (b, Resultado.NO_ELEGIDA), (c, Resultado.NO_ELEGIDA)
    publicada(mundo.pagina, mundo.gestion, *fallos)
    for donde, dicho in todo(client, mundo.pagina).items():
        assert "Universidad del Norte" in dicho, donde
        assert re.search(r"90[.,]0", dicho), donde


def test_antes_de_cerrar_la_convocatoria_no_existe(client):
    mundo = en_convocatoria()
    client.force_login(mundo.gestion)
    for ruta in ("informe/", "informe.pdf", *ARCHIVOS, "diccionario.csv"):
        assert client.get(f"{mundo.pagina.url}{ruta}").status_code == 404, ruta
    assert "Informe de resultados" not in client.get(mundo.pagina.url).text
    admin = f"/admin/programa/informe/{mundo.ejercicio.pk}/"
    assert "cuando cierre la convocatoria. Cierra el" in re.sub(r"\s+", " ", client.get(admin).text)
    f.mover_reloj(mundo.pagina, "evaluacion")
    assert f"{mundo.pagina.url}informe.pdf" in client.get(admin).text


def test_mientras_los_apoyos_se_ocultan_no_se_dicen_ni_se_dejan_contar(client):
    r = reto(ocultar_apoyos=True, **f.programa("convocatoria", fases=("apoyo", "decision")))
    a, b = sembrar(r, 2)
    f.mover_reloj(r, "apoyo")
    for _vez in range(6):
        apoyar(objeto=b, participante=participante())
    filas = lineas(client, r)
    assert [fila["referencia"] for fila in filas] == [a.referencia, b.referencia]
    assert {fila["apoyos"] + fila["puntos"] + fila["apoyos_importados"] for fila in filas} == {""}
    documento = json.loads(bajar(client, r, "datos.json"))
    assert (documento["totales"]["participantes"], documento["totales"]["organizaciones"]) == (None, None)
    pagina = bajar(client, r, "informe/").decode()
    assert "Los apoyos se ocultan hasta que cierre" in pagina
    assert "Se dirá cuando cierre" in pagina
    assert ">6<" not in pagina
    f.mover_reloj(r, "decision")
    assert [fila["apoyos"] for fila in lineas(client, r)] == ["6", "0"]


def grupos(pagina: str) -> dict[str, str]:
    filas = re.findall(r'<th scope="row">(.*?)</th><td class="numero">(.*?)</td>', seccion(pagina, "participantes"), re.S)
    return {plano(grupo): plano(n) for grupo, n in filas}


def test_un_grupo_pequeno_se_oculta_y_no_se_deduce_del_total(client):
    r = reto(**f.programa("convocatoria", fases=("decision",)))
    uno, otro = sembrar(r, 2)
    for nombre, cuantos in (("Centro", 7), ("Norte", 1), ("Sur", 6)):
        territorio = Territorio.objects.create(sitio=f.sitio(), nombre=nombre, tipo="comuna", zona="urbana")
        for quien in vecinos(territorio, cuantos):
            apoyar(objeto=uno, participante=quien)
    f.mover_reloj(r, "decision")
    # Cada quien apoyó una sola: los totales por comuna son los apoyos por comuna, que el reporte de votos oculta.
    pagina = bajar(client, r, "informe/").decode()
    assert "restándoles los apoyos" in pagina
    assert grupos(pagina) == {"Web": "14"}
    f.mover_reloj(r, "convocatoria")
    for quien in {apoyo.participante for apoyo in r.ejercicio.apoyos.filter(acto__area="Centro")}:
        apoyar(objeto=otro, participante=quien)
    f.mover_reloj(r, "decision")
    dichos = grupos(bajar(client, r, "informe/").decode())
    # El del Norte es uno; con sólo él oculto, 14 − 13 lo diría.
    assert dichos == {"Ciudadanía": "14", "Centro": "7", "Norte": "Se oculta", "Sur": "Se oculta", "Web": "21"}
    assert MINIMO <= 14 - 7


def test_la_satisfaccion_sale_de_la_encuesta_que_el_reto_eligio(client):
    hecha = encuesta([pregunta(TipoPregunta.ESCALA, "nota", escala="satisfaccion")])
    ajena = encuesta([pregunta(TipoPregunta.ESCALA, "nota", escala="satisfaccion")])
    for cual, nombre in ((hecha, "Quedó satisfecho"), (ajena, "De otra encuesta")):
        MedidaEncuesta.objects.create(
            ejercicio=cual.ejercicio, pregunta=cual.ejercicio.preguntas.get(), nombre=nombre, calculo="favorables", meta=80
        )
    for nota in (5, 5, 5, 5, 5, 5, 1, 1, 1, 1, 1):
        contestada(hecha, {"nota": nota})
    r = reto(encuesta_satisfaccion=Ejercicio.objects.get(pk=hecha.ejercicio.pk), **f.programa("decision", fases=("decision",)))
    dicho = plano(seccion(bajar(client, r, "informe/").decode(), "satisfaccion"))
    assert "Quedó satisfecho" in dicho
    assert "54,55 % 80" in dicho  # 6 de 11
    assert "De otra encuesta" not in dicho
    assert "54,55 %" in texto_del_pdf(bajar(client, r, "informe.pdf"))
    sin_encuesta = reto(**f.programa("decision", fases=("decision",)))
    assert 'id="satisfaccion"' not in bajar(client, sin_encuesta, "informe/").decode()


# Las miniaturas de Wagtail dejan archivos por cerrar.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_los_mismos_datos_dan_los_mismos_bytes_y_otros_datos_otros(client):
    r = reto(**f.programa("decision", fases=("decision",)))
    sembrar(r, 1)
    ajustes = AjustesSitio.for_site(f.sitio())
    logo = f.png()
    ajustes.logo = Imagen.objects.create(title="Escudo", file=logo)
    ajustes.save()
    primero = bajar(client, r, "informe.pdf")
    assert bajar(client, r, "informe.pdf") == primero
    assert "/XObject" in PdfReader(io.BytesIO(primero)).pages[0]["/Resources"]  # el escudo
    ajustes.logo.file.storage.delete(ajustes.logo.file.name)
    ajustes.logo.renditions.all().delete()
    assert bajar(client, r, "informe.pdf") != primero  # sin el archivo del escudo, el informe sale igual
    antes = bajar(client, r, "informe.pdf")
    Propuesta.objects.filter(ejercicio=r.ejercicio).update(titulo="Otro título")
    assert bajar(client, r, "informe.pdf") != antes


def test_consultas_iguales_con_1_y_3(client, django_assert_num_queries):
    r = reto(**f.programa("decision", fases=("decision",)))
    quien = participante()
    for cuantas in (1, 2):
        for p in sembrar(r, cuantas, publicada_en=timezone.now()):
            Propuesta.objects.filter(pk=p.pk).update(apoyos=3, autor=quien)
        for ruta, consultas in (("informe/", 26), ("datos.csv", 9), ("datos.json", 17)):
            bajar(client, r, ruta)
            with django_assert_num_queries(consultas):
                bajar(client, r, ruta)
