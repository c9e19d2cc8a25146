"""Lo que la página de un reto, la lista de retos y la gestión dicen de una convocatoria."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cuentas.enums import RolPersonal
from participacion.ejercicios.models import Ejercicio
from retos.convocatoria.completitud import Estado, revisar
from retos.fases import TipoFase
from retos.models import RetoPage
from tests import fabricas as f

from .fabricas_convocatoria import preguntada

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
DIA = timedelta(days=1)
COMPLETO = {"criterios": f.criterios(60, 40), "requisitos": [("requisito", {"texto": "Presupuesto", "subsanable": True})]}
RICO = {
    "propietario": "Secretaría de Ambiente", "objetivo": "<p>Menos basura.</p>", "contexto": "<p>Contexto.</p>",
    "incentivos": "<p>Diez millones.</p>", "propiedad": "<p>De quien propone.</p>", "licencias": ["mit", "cc0"], "ods": [11, 12],
    "responsables": [("responsable", {"nombre": "Rosa Gil", "cargo": "Secretaria", "correo": "rosa@example.org", "telefono": ""})],
    "aliados": [("aliado", {"nombre": "Universidad del Norte", "aporte": "Laboratorio", "enlace": "", "logo": None})],
    "preguntas_frecuentes": [("pregunta", {"pregunta": "¿Puede un colegio?", "respuesta": "<p>Sí.</p>"})],
    "no_aplica": [("codigo", {"codigo": "6.2.4.f", "justificacion": "Se contrata, no se desarrolla."})],
}  # fmt: skip


def test_la_pagina_muestra_lo_que_declara(client):
    reto = f.reto(**f.programa("convocatoria", fases=("diagnostico", "evaluacion")), **COMPLETO, **RICO, evaluacion_ciega=True, sellado=True)
    texto = client.get(reto.url).text
    for dicho in (
        "Secretaría de Ambiente", "Menos basura.", "Diez millones.", "De quien propone.", "Software libre permisivo (MIT)",
        "11. Ciudades y comunidades sostenibles", "Rosa Gil", "mailto:rosa@example.org", "Universidad del Norte", "Laboratorio",
        "¿Puede un colegio?", "Presupuesto", "Criterio 2", "40 %", "0 a 5", "Versión 1", "Se contrata, no se desarrolla.",
        "Nadie las lee antes del cierre", "No se dice de quién es", "Fue consultada",
    ):  # fmt: skip
        assert dicho in texto, dicho
    for ancla in ("participar", "fases", "problema", "objetivo", "premios", "requisitos", "criterios", "propiedad", "terminos",
                  "preguntas", "responsables", "aliados", "menu-participa", "diagnostico"):  # fmt: skip
        assert f'id="{ancla}"' in texto, ancla


def botones(client, reto) -> list[str]:
    return [boton.url.removeprefix(reto.url) for boton in client.get(reto.url).context["botones"]]


def test_la_linea_de_tiempo_y_los_botones_siguen_el_calendario(client):
    reto = f.reto(**f.programa("diagnostico"), **COMPLETO)
    esperados = {
        TipoFase.DIAGNOSTICO: ["problemas/nuevo/", "problemas/"],
        TipoFase.CONVOCATORIA: ["proponer/", "preguntas/"],
        TipoFase.APOYO: ["propuestas/"],
    }
    for fase in TipoFase:
        f.mover_reloj(reto, fase)
        respuesta = client.get(reto.url)
        assert [boton.url.removeprefix(reto.url) for boton in respuesta.context["botones"]] == esperados.get(fase, []), fase
        actual = respuesta.text.split('aria-current="step"')
        assert len(actual) == 2 and str(fase.label) in actual[1].split("</li>")[0] and "En curso" in actual[1].split("</li>")[0]


def test_selladas_no_se_ofrece_apoyar_mientras_se_reciben(client):
    assert botones(client, f.reto()) == ["proponer/", "propuestas/", "preguntas/"]
    assert botones(client, f.reto(sellado=True)) == ["proponer/", "preguntas/"]


def test_la_lista_reparte_los_retos_por_lo_que_hoy_se_puede(client):
    ahora = timezone.now()
    abierto, proximo = f.reto("Abierto"), f.reto("Próximo", apertura=ahora + DIA)
    evaluando = f.reto("Evaluando", **f.programa("evaluacion"), **COMPLETO)
    terminado = f.reto("Terminado", apertura=ahora - 9 * DIA, cierre=ahora - DIA)
    f.reto("Oculto").unpublish()
    respuesta = client.get(abierto.get_parent().url)
    repartidos = {grupo: [ficha.pagina.title for ficha in fichas] for grupo, fichas in respuesta.context["grupos"]}
    assert list(repartidos.items()) == [
        ("Participe ahora", ["Abierto"]),
        ("Abren pronto", ["Próximo"]),
        ("En estudio o en marcha", ["Evaluando"]),
        ("Terminados", ["Terminado"]),
    ]
    assert all(pagina.url in respuesta.text for pagina in (abierto, proximo, evaluando, terminado))


@pytest.mark.parametrize("cuantos", [1, 3])
def test_consultas_de_la_lista_de_retos(client, django_assert_num_queries, cuantos):
    for _ in range(cuantos):
        reto = f.reto(**f.programa("convocatoria"), **COMPLETO)
    url = reto.get_parent().url
    client.get(url)
    with django_assert_num_queries(CONSULTAS_INDICE):
        assert len(client.get(url).context["grupos"][0][1]) == cuantos


CONSULTAS_INDICE = 13


@pytest.mark.parametrize("cuantos", [1, 3])
def test_consultas_de_la_gestion(client, django_assert_num_queries, cuantos):
    for _ in range(cuantos):
        preguntada(f.reto(**f.programa("convocatoria"), **COMPLETO))
    client.force_login(f.personal(RolPersonal.GESTION))
    url = reverse("retos_convocatoria:lista")
    client.get(url)
    with django_assert_num_queries(CONSULTAS_GESTION):
        assert len(client.get(url).context["retos"]) == cuantos


CONSULTAS_GESTION = 17


def test_la_gestion_dice_en_que_va_y_que_falta(client):
    reto = f.reto("Basura", **f.programa("convocatoria"), **COMPLETO)
    preguntada(reto)
    f.enviada(reto)
    client.force_login(f.personal(RolPersonal.GESTION))
    lista = client.get(reverse("retos_convocatoria:lista"))
    assert "quedan 4 días" in lista.text and "1 pregunta por responder" in lista.text and "1 por moderar" in lista.text
    detalle = client.get(reverse("retos_convocatoria:reto", args=[reto.ejercicio.pk]))
    assert "1 pendiente" in detalle.text and "6.2.4.b" in detalle.text and "Dueño del problema" in detalle.text
    assert "Programa de retos" in client.get("/admin/").text
    client.force_login(f.personal(RolPersonal.EDITOR))
    assert "Programa de retos" not in client.get("/admin/").text


# --- Completitud --------------------------------------------------------------------------------------------


def estados(reto) -> str:
    return " ".join(punto.estado.value for punto in revisar(RetoPage.objects.get(pk=reto.pk)).menu)


def test_de_cada_codigo_se_dice_si_se_cumple_falta_o_no_aplica():
    assert estados(f.reto(publicar=False)) == "falta falta falta falta despues falta"
    reto = f.reto(**f.programa("convocatoria", fases=("diagnostico", "prototipo")), criterios=f.criterios(100))
    assert estados(reto) == "cumplido cumplido cumplido despues despues despues"
    # Lo que se cumple se muestra, aunque alguien haya dicho que no aplica.
    dispensas = [("codigo", {"codigo": f"6.2.4.{letra}", "justificacion": "No hace falta."}) for letra in "aef"]
    assert estados(f.reto(no_aplica=dispensas)) == "no_aplica cumplido cumplido falta no_aplica no_aplica"


def test_lo_recomendado_se_pide_y_se_reconoce():
    vacio, lleno = revisar(f.reto()), revisar(f.reto(**COMPLETO, **RICO))
    faltan = lambda revision: {p.nombre for p in revision.recomendados if p.estado == Estado.FALTA}  # noqa: E731
    assert "Dueño del problema" in faltan(vacio) and "Criterios de evaluación" in faltan(vacio)
    assert faltan(lleno) == {"Documentos o datos", "Fases", "Quién puede participar", "Imagen"}
    assert all(punto.detalle for punto in vacio.recomendados if punto.estado == Estado.FALTA)


def test_el_editor_ve_el_panel_antes_y_despues_de_guardar(client):
    reto = f.reto(no_aplica=RICO["no_aplica"])
    client.force_login(f.personal(RolPersonal.EDITOR))
    texto = client.get(f"/admin/pages/{reto.pk}/edit/").text
    assert "Lo que conviene contar" in texto and "Diga qué dependencia vive el problema." in texto
    nueva = client.get(reverse("wagtailadmin_pages:add", args=["retos", "retopage", reto.get_parent().pk]))
    assert "Guarde el borrador y aquí verá qué le falta." in nueva.text


def test_despublicado_no_ofrece_nada(client):
    reto = f.reto()
    reto.unpublish()
    assert client.get(reto.url).status_code == 404
    assert not Ejercicio.objects.get().publicado
