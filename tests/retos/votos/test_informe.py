"""El reporte de votos por solución: la página, la gráfica y los archivos dicen lo mismo y no señalan a nadie."""

import csv
import io
import json
import re

import pytest
from django.utils import timezone

from cuentas.enums import RolPersonal, TipoActor
from cuentas.models import Perfil, Territorio
from home.models import AjustesSitio
from participacion.apoyos.actions import apoyar, importar_apoyos
from participacion.registro.enums import Canal
from retos.enums import EstadoPropuesta
from retos.models import Propuesta
from retos.votos import informe
from tests import fabricas as f

from .fabricas_votos import participante, reto, sembrar

pytestmark = pytest.mark.django_db


def vecino(territorio):
    quien = participante()
    Perfil.objects.update_or_create(participante=quien, defaults={"territorio": territorio})
    return quien


def renglones(respuesta) -> list[dict]:
    assert respuesta.status_code == 200
    return list(csv.DictReader(io.StringIO(respuesta.content.decode("utf-8-sig")), delimiter=";"))


@pytest.fixture
def votado(client):
    """Dos propuestas por orden: A con 6 personas del Centro y 1 del Norte; B con 2, una en papel, y 40 importados."""
    r = reto("orden", 3)
    a, b, c = sembrar(r, 3)
    sitio = r.ejercicio.sitio
    centro, norte = (Territorio.objects.create(sitio=sitio, nombre=n, tipo="comuna", zona="urbana") for n in ("Centro", "Norte"))
    del_centro = [vecino(centro) for _ in range(6)]
    for persona in [*del_centro, vecino(norte)]:
        apoyar(objeto=a, participante=persona)
    apoyar(objeto=b, participante=del_centro[0])
    apoyar(objeto=b, participante=participante(), canal=Canal.PAPEL, asistido_por=f.personal(RolPersonal.ASISTIDA))
    importar_apoyos(objeto=b, cantidad=40, ocurrido_en=timezone.now())
    Propuesta.objects.filter(pk=b.pk).update(apoyos_importados=40, fuente="Otra", fuente_id="1")
    return r, (a, b, c)


def test_pagina_grafica_csv_y_json_dicen_lo_mismo(client, votado):
    r, (a, b, c) = votado
    # A mano: A, 7 primeros puestos × 3; B, un segundo (2) y un primero (3).
    esperado = {a.referencia: (21, 7, 7, 0, 7, 0), b.referencia: (5, 2, 2, 0, 1, 40), c.referencia: (0, 0, 0, 0, 0, 0)}
    columnas = ("puntos", "apoyos", "personas", "organizaciones", "primeros_puestos", "importados")
    del_csv = renglones(client.get(f"{r.url}votos/votos.csv"))
    assert {fila["referencia"]: tuple(int(fila[col]) for col in columnas) for fila in del_csv} == esperado
    assert [fila["canal_web"] + fila["canal_papel"] for fila in del_csv] == ["70", "11", "00"]
    documento = json.loads(client.get(f"{r.url}votos/votos.json").content)
    assert {p["referencia"]: tuple(p[col] for col in columnas) for p in documento["propuestas"]} == esperado
    assert documento["totales"] == {
        "propuestas": 3, "apoyos": 9, "participantes": 8, "organizaciones": 0, "puntos": 26, "importados": 40,
    }  # fmt: skip
    assert documento["licencia"] == AjustesSitio.for_site(r.ejercicio.sitio).licencia
    assert documento["columnas"].keys() >= set(columnas)
    pagina = client.get(f"{r.url}votos/").text
    cuerpo = pagina[pagina.index("<tbody>") : pagina.index("</tbody>")]
    de_la_tabla = [tuple(map(int, re.findall(r'class="numero">(\d+)<', fila))) for fila in cuerpo.split("</tr>")[:-1]]
    assert de_la_tabla == [(21, 7, 7, 0, 7, 0, 7, 0), (5, 2, 2, 0, 1, 40, 1, 1), (0, 0, 0, 0, 0, 0, 0, 0)]
    grafica = pagina[pagina.index('class="votos__grafica"') : pagina.index('id="tabla"')]
    assert re.findall(r'grafica__valor">(\d+)<', grafica) == ["21", "5", "0"]
    assert re.findall(r'grafica__lleno" width="([\d.]+)"', grafica) == ["100.0", "23.8", "0.0"]
    assert re.findall(r"<dd>(\d+)</dd>", pagina)[:6] == ["3", "9", "8", "0", "26", "40"]


def test_un_grupo_pequeno_se_oculta_y_no_se_deduce_restando(client, votado):
    r, (a, b, _c) = votado
    por_grupo = renglones(client.get(f"{r.url}votos/votos-por-grupo.csv"))
    de_a = {(f_["desagregacion"], f_["grupo"]): f_["apoyos"] for f_ in por_grupo if f_["referencia"] == a.referencia}
    # El del Norte es uno: se oculta. Con sólo él oculto, 7 − 6 lo diría: se oculta también otro.
    assert de_a[("area", "Norte")] == "oculta"
    assert [valor for (que, _g), valor in de_a.items() if que == "area"].count("oculta") >= 2
    visibles = sum(int(valor) for (que, _g), valor in de_a.items() if que == "area" and valor != "oculta")
    assert 7 - visibles >= informe.MINIMO
    assert de_a[("actor", "ciudadania")] == "7"
    documento = json.loads(client.get(f"{r.url}votos/votos.json").content)
    del_json = next(p for p in documento["propuestas"] if p["referencia"] == a.referencia)["grupos"]
    assert {(que, g): str(n) for que, grupos in del_json.items() for g, n in grupos.items()} == de_a
    pagina = client.get(f"{r.url}votos/{a.pk}/").text
    for (que, grupo), valor in de_a.items():
        if que == "area" and grupo:
            assert re.search(rf'<th scope="row">{grupo}</th><td class="numero">{valor.capitalize()}<', pagina), (grupo, valor)
    assert client.get(f"{r.url}votos/{b.pk}/").text.count("Oculta") >= 4


def test_las_organizaciones_van_aparte_y_por_tipo():
    r = reto()
    (p,) = sembrar(r, 1)
    for n in range(6):
        ana = f.persona()
        tipo = TipoActor.EMPRESA if n < 5 else TipoActor.UNIVERSIDAD
        apoyar(objeto=p, participante=ana.participante, organizacion=f.organizacion(ana, tipo=tipo))
    apoyar(objeto=p, participante=participante())
    p.refresh_from_db()
    (fila,) = informe.filas_de([p])
    assert (fila.personas, fila.organizaciones, fila.apoyos, p.apoyos) == (1, 6, 7, 7)
    actores = {g.clave: g.cantidad for g in informe.grupos_de(r.ejercicio, [fila])[p.pk]["actor"]}
    assert (actores["ciudadania"], actores["universidad"], actores["empresa"]) == (1, None, None)


def test_la_retirada_conserva_sus_apoyos_y_lo_no_publicado_no_esta(client):
    r = reto()
    a, b = sembrar(r, 2)
    apoyar(objeto=b, participante=participante())
    Propuesta.objects.filter(pk=b.pk).update(estado=EstadoPropuesta.RETIRADA)
    secreta = sembrar(r, 1, estado=EstadoPropuesta.ENVIADA, titulo="SECRETA", publicada_en=None)[0]
    filas = renglones(client.get(f"{r.url}votos/votos.csv"))
    assert [(fila["referencia"], fila["estado"], fila["apoyos"], fila["puntos"]) for fila in filas] == [
        (b.referencia, "retirada", "1", ""), (a.referencia, "publicada", "0", ""),
    ]  # fmt: skip
    assert "SECRETA" not in client.get(f"{r.url}votos/").text
    assert client.get(f"{r.url}votos/{secreta.pk}/").status_code == 404
    assert client.get(f"{r.url}votos/{sembrar(reto(), 1)[0].pk}/").status_code == 404


@pytest.mark.parametrize("titulo", ["=HYPERLINK(1)", "+1", "@x", "-2"])
def test_un_titulo_que_parece_formula_no_se_ejecuta(client, titulo):
    r = reto()
    sembrar(r, 1, titulo=titulo)
    assert renglones(client.get(f"{r.url}votos/votos.csv"))[0]["titulo"] == f"'{titulo}"


@pytest.mark.parametrize("archivo", ["otro.csv", "votos.xml", "votos.csv.json", "..csv"])
def test_lo_que_no_existe_es_404(client, archivo):
    assert client.get(f"{reto().url}votos/{archivo}").status_code == 404


def test_consultas_iguales_con_1_y_3(client, django_assert_num_queries):
    r = reto()
    quienes = [participante() for _ in range(3)]
    for cuantas in (1, 2):
        for p in sembrar(r, cuantas):
            for quien in quienes:
                apoyar(objeto=p, participante=quien)
        for url, consultas in ((f"{r.url}votos/", 9), (f"{r.url}votos/votos.csv", 5), (f"{r.url}votos/votos.json", 9)):
            client.get(url)
            with django_assert_num_queries(consultas):
                assert client.get(url).status_code == 200
