import csv
import io
import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from cuentas.actions import participante_de
from cuentas.enums import RolPersonal
from encuestas.analisis.rules import PERSONALES
from encuestas.enums import EstadoExportacion
from encuestas.microdatos import exportacion, tareas
from encuestas.microdatos.columnas import Columnas
from encuestas.models import Exportacion
from tests import fabricas
from tests.encuestas.fabricas_encuestas import contestada, encuesta, pregunta, reglas_de

pytestmark = pytest.mark.django_db

FORMULA = '=HYPERLINK("http://malo.example","ver")'


@pytest.fixture
def pagina():
    hecha = encuesta(
        [
            pregunta("unica", "u", "¿Cuál?", opciones=["A", FORMULA], otra="Otra"),
            pregunta("multiple", "m", "¿Cuáles?", opciones=["X", "Y"]),
            pregunta("matriz", "x", "¿Cómo?", filas=["F1", "F2"], opciones=["Bien", "Mal"]),
            pregunta("ordenamiento", "o", "¿Orden?", opciones=["P", "Q"]),
            pregunta("escala", "e", "¿Nota?", escala="cero_diez"),
            pregunta("numero", "n", "¿Cuánto?"),
            pregunta("si_no", "s", "¿Sí?"),
            pregunta("fecha", "f", "¿Cuándo?"),
            pregunta("texto_largo", "t", "¿Por qué?"),
            pregunta("correo", "c", "¿Correo?"),
        ],
        "Barrios",
    )
    persona = fabricas.persona()
    contestada(
        hecha,
        {
            "u": {"opcion": "u-otra", "otra": "+1"},
            "m": {"opciones": ["m-o2"], "otra": ""},
            "x": {"x-f-o1": "x-o1"},
            "o": ["o-o2", "o-o1"],
            "e": 7,
            "n": "2.5",
            "s": False,
            "f": "2026-03-01",
            "t": f"{FORMULA}\nsegundo renglón",
            "c": "ana@example.org",
        },
        participante=participante_de(persona),
        actor_tipo="ciudadania",
        area="Comuna 1",
        referencia="E-2026-00001",
    )
    contestada(hecha, {"u": {"opcion": "u-o2", "otra": ""}}, area="@Vereda")
    contestada(hecha, {"u": {"opcion": "u-o1", "otra": ""}})
    return hecha


def navegador_de(*roles):
    navegador = Client()
    navegador.force_login(fabricas.personal(*roles))
    return navegador


def bajar(pagina, navegador=None, **datos):
    direccion = reverse("encuestas_analisis:descargar", args=[pagina.ejercicio.pk])
    return (navegador or navegador_de(RolPersonal.ANALITICA)).post(direccion, {"formato": "csv", **datos})


def filas_csv(respuesta):
    texto = respuesta.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(texto), delimiter=";"))


def test_un_renglon_por_respuesta_con_cada_pregunta_en_su_columna(pagina):
    una, dos, tres = filas_csv(bajar(pagina))
    assert {k: una[k] for k in ("n", "canal", "version", "actor_tipo", "area")} == {
        "n": "1", "canal": "web", "version": "1", "actor_tipo": "ciudadania", "area": "Comuna 1",
    }  # fmt: skip
    preguntas = [una[c] for c in una if c.startswith("p")]
    assert preguntas == ["Otra", "0", "1", "Bien", "", "2", "1", "7", "2,5", "0", "2026-03-01"]
    assert una["enviada_el"] == timezone.localdate().isoformat()
    assert dos["p2_1"] == "" and tres["p1"] == "A"


def test_las_formulas_quedan_inertes_en_los_tres_formatos(pagina):
    navegador = navegador_de(RolPersonal.ANALITICA)
    _una, dos, _tres = filas_csv(bajar(pagina, navegador, personales="on"))
    assert (dos["p1"], dos["area"]) == (f"'{FORMULA}", "'@Vereda")
    libro = io.BytesIO()
    exportacion.escribir_xlsx(reglas_de(pagina), libro, personales=True, avisar=lambda n: None)
    for hoja in load_workbook(libro).worksheets:
        for fila in hoja.iter_rows():
            for casilla in fila:
                assert casilla.data_type != "f"
                assert not str(casilla.value or "").startswith(("=", "@", "+"))


@pytest.mark.parametrize("bom", [True, False])
def test_la_marca_utf8_se_puede_quitar(pagina, bom):
    cuerpo = bajar(pagina, **({"bom": "on"} if bom else {})).getvalue()
    assert cuerpo.startswith(b"\xef\xbb\xbf") is bom


def test_csv_json_y_xlsx_dicen_lo_mismo(pagina):
    navegador = navegador_de(RolPersonal.ANALITICA)
    en_csv = filas_csv(bajar(pagina, navegador))
    en_json = json.loads(bajar(pagina, navegador, formato="json").getvalue())
    libro = io.BytesIO()
    exportacion.escribir_xlsx(reglas_de(pagina), libro, personales=False, avisar=lambda n: None)
    libro = load_workbook(libro)
    encabezado, *filas = libro["Respuestas"].iter_rows(values_only=True)

    def texto(valor):
        return "" if valor is None else str(valor).replace(".", ",")

    assert [[texto(v) for v in fila.values()] for fila in en_json["respuestas"]] == [[texto(v) for v in f.values()] for f in en_csv]
    assert [[texto(v) for v in fila] for fila in filas] == [[texto(v) for v in f.values()] for f in en_csv]
    assert list(encabezado) == list(en_csv[0])
    diccionario = [fila[0] for fila in libro["Diccionario"].iter_rows(min_row=2, values_only=True)]
    assert diccionario == list(encabezado) == [entrada["columna"] for entrada in en_json["diccionario"]]


def test_el_diccionario_explica_cada_columna(pagina):
    respuesta = bajar(pagina, formato="diccionario")
    filas = {f["columna"]: f for f in csv.DictReader(io.StringIO(respuesta.content.decode("utf-8-sig")), delimiter=";")}
    assert filas["p2_2"]["qué es"] == "¿Cuáles? · Y"
    assert filas["p1"]["clave de la pregunta"] == "u"


# --- Datos personales --------------------------------------------------------------------------


def test_sin_pedirlos_no_salen_datos_personales(pagina):
    cuerpo = bajar(pagina).getvalue().decode()
    for personal in ("ana@example.org", "segundo renglón", "E-2026-00001", "+1", str(participante_clave(pagina))):
        assert personal not in cuerpo


def participante_clave(pagina) -> uuid.UUID:
    return pagina.ejercicio.respuestas.exclude(participante=None).get().participante.clave


def test_con_permiso_salen_marcados_y_quedan_en_el_historial(pagina):
    navegador = navegador_de(RolPersonal.ANALITICA)
    una = filas_csv(bajar(pagina, navegador, personales="on"))[0]
    assert (una["referencia"], una["participante"]) == ("E-2026-00001", str(participante_clave(pagina)))
    assert "ana@example.org" in una.values() and "'+1" in una.values()
    personales = {c.codigo for c in Columnas(reglas_de(pagina), personales=True).todas if c.personal}
    assert personales == {"referencia", "participante", "organizacion", "p1_otra", "p9", "p10"}
    bajar(pagina, navegador)
    acciones = ModelLogEntry.objects.filter(action__startswith="encuestas.descargar").order_by("pk")
    assert [(a.action, a.data) for a in acciones] == [
        ("encuestas.descargar_personales", {"formato": "csv"}),
        ("encuestas.descargar_respuestas", {"formato": "csv"}),
    ]


def test_sin_el_permiso_la_casilla_no_existe_y_forzarla_no_sirve(pagina, monkeypatch):
    monkeypatch.setattr("encuestas.microdatos.views.puede", lambda usuario, sitio, permiso: permiso != PERSONALES)
    navegador = navegador_de(RolPersonal.ANALITICA)
    assert "Con datos personales" not in navegador.get(reverse("encuestas_analisis:exportar", args=[pagina.ejercicio.pk])).content.decode()
    assert "ana@example.org" not in bajar(pagina, navegador, personales="on").getvalue().decode()


def test_de_una_encuesta_secreta_no_salen_fecha_rasgos_ni_personas(pagina):
    encuesta_ = reglas_de(pagina)
    encuesta_.secreta = True
    encuesta_.save()
    una = filas_csv(bajar(pagina, personales="on"))[0]
    assert {c for c in una if not c.startswith("p")} == {"n", "canal", "idioma", "version"}


@pytest.mark.parametrize("rol", list(RolPersonal))
@pytest.mark.parametrize(
    ("nombre", "roles"),
    [
        ("lista", {RolPersonal.EDITOR, RolPersonal.ANALITICA, RolPersonal.ADMINISTRACION}),
        ("resultados", {RolPersonal.EDITOR, RolPersonal.ANALITICA, RolPersonal.ADMINISTRACION}),
        ("medidas", {RolPersonal.EDITOR, RolPersonal.ANALITICA, RolPersonal.ADMINISTRACION}),
        ("poblacion", {RolPersonal.EDITOR, RolPersonal.ANALITICA, RolPersonal.ADMINISTRACION}),
        ("exportar", {RolPersonal.ANALITICA, RolPersonal.ADMINISTRACION}),
        ("abiertas", {RolPersonal.ANALITICA, RolPersonal.ADMINISTRACION}),
    ],
)
def test_cada_pantalla_es_de_sus_roles(pagina, rol, nombre, roles):
    args = [] if nombre == "lista" else [pagina.ejercicio.pk]
    if nombre == "abiertas":
        args.append(pagina.ejercicio.preguntas.get(clave="t").pk)
    respuesta = navegador_de(rol).get(reverse(f"encuestas_analisis:{nombre}", args=args))
    # Wagtail manda a su portada a quien no tiene permiso.
    assert respuesta.status_code == (200 if rol in roles else 302)


# --- El libro en segundo plano ---------------------------------------------------------------------


def test_el_libro_se_prepara_se_descarga_y_se_borra(pagina, trabajar, django_capture_on_commit_callbacks):
    navegador = navegador_de(RolPersonal.ANALITICA)
    with django_capture_on_commit_callbacks(execute=True):
        assert bajar(pagina, navegador, formato="xlsx").status_code == 302
    libro = Exportacion.objects.get()
    propia = reverse("encuestas_analisis:libro", args=[pagina.ejercicio.pk, libro.clave])
    assert navegador.get(propia).status_code == 404
    assert "0 de 3" in navegador.get(reverse("encuestas_analisis:exportar", args=[pagina.ejercicio.pk])).content.decode()
    trabajar()
    libro.refresh_from_db()
    assert (libro.estado, libro.hechas, libro.avance) == (EstadoExportacion.LISTA, 3, 100)
    respuesta = navegador.get(propia)
    assert load_workbook(io.BytesIO(respuesta.getvalue()))["Respuestas"].max_row == 4
    assert navegador_de(RolPersonal.ADMINISTRACION).get(propia).status_code == 404  # es de quien lo pidió
    almacen, ruta = libro.archivo.storage, libro.archivo.name
    with django_capture_on_commit_callbacks(execute=True):
        tareas.borrar.func(libro.pk)
    assert not Exportacion.objects.exists() and not almacen.exists(ruta)


def test_un_libro_que_falla_lo_dice(pagina, trabajar, monkeypatch, django_capture_on_commit_callbacks):
    def fallar(*args, **kwargs):
        raise RuntimeError("ana@example.org")

    monkeypatch.setattr("encuestas.microdatos.tareas.escribir_xlsx", fallar)
    navegador = navegador_de(RolPersonal.ANALITICA)
    with django_capture_on_commit_callbacks(execute=True):
        bajar(pagina, navegador, formato="xlsx")
    trabajar()
    assert Exportacion.objects.get().estado == EstadoExportacion.FALLIDA
    html = navegador.get(reverse("encuestas_analisis:exportar", args=[pagina.ejercicio.pk])).content.decode()
    assert "No se pudo preparar" in html


def test_un_formato_inventado_se_rechaza_sin_anotar(pagina):
    assert bajar(pagina, formato="exe").status_code == 422
    assert not ModelLogEntry.objects.filter(action__startswith="encuestas.descargar").exists()


@pytest.mark.parametrize("cuantas", [1, 3])
def test_una_tanda_son_dos_consultas(django_assert_num_queries, cuantas):
    pagina = encuesta([pregunta("texto_corto", "t"), pregunta("escala", "e", escala="nps")])
    for _ in range(cuantas):
        contestada(pagina, {"t": "a", "e": 3})
    encuesta_ = reglas_de(pagina)
    columnas = Columnas(encuesta_, personales=True)
    with django_assert_num_queries(3):  # respuestas, valores, y la tanda vacía que dice que no hay más
        assert len(list(exportacion.renglones(encuesta_, columnas))) == cuantas
