import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cuentas.enums import RolPersonal
from encuestas.analisis import temas
from encuestas.models import Tema
from encuestas.resultados.consulta import resultados
from tests import fabricas
from tests.encuestas.fabricas_encuestas import contestada, encuesta, pregunta, reglas_de

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]


@pytest.fixture
def pagina():
    hecha = encuesta([pregunta("texto_largo", "t", "¿Qué falta?"), pregunta("texto_corto", "z")], resultados="en_vivo")
    for texto in ["Más ÁRBOLES y luz", "Luz en la vía", "Bancas", "árboles", "Luz", "luz de día", "LÚZ"]:
        contestada(hecha, {"t": texto, "z": "otra pregunta"})
    return hecha


@pytest.fixture
def navegador():
    cliente = Client()
    cliente.force_login(fabricas.personal(RolPersonal.ANALITICA))
    return cliente


def pregunta_de(pagina, clave="t"):
    return pagina.ejercicio.preguntas.get(clave=clave)


def ruta(pagina, clave="t"):
    return reverse("encuestas_analisis:abiertas", args=[pagina.ejercicio.pk, pregunta_de(pagina, clave).pk])


@pytest.mark.parametrize(("palabras", "cuantas"), [("arboles", 2), ("LUZ", 5), ("luz arboles", 1), ("", 7), ("nada", 0)])
def test_busca_sin_tildes_ni_mayusculas(pagina, navegador, palabras, cuantas):
    respuesta = navegador.get(ruta(pagina), {"q": palabras})
    assert respuesta.context["page_obj"].paginator.count == cuantas


def crear(pagina, navegador, nombre="Luz"):
    assert navegador.post(ruta(pagina), {"accion": "crear", "nombre": nombre}).status_code == 302
    return Tema.objects.get(nombre=nombre)


def test_se_agrupan_varias_de_una_vez_y_se_quitan(pagina, navegador):
    tema = crear(pagina, navegador)
    de_luz = temas.buscar(temas.respuestas_a(pregunta_de(pagina)), "luz")
    respuesta = navegador.post(ruta(pagina) + "?q=luz", {"accion": "poner", "tema": tema.pk, "valores": de_luz})
    assert respuesta["Location"].endswith("?q=luz")
    assert tema.valores.count() == 5
    assert navegador.get(ruta(pagina), {"tema": "ninguno"}).context["page_obj"].paginator.count == 2
    assert navegador.get(ruta(pagina), {"tema": tema.pk}).context["page_obj"].paginator.count == 5
    navegador.post(ruta(pagina), {"accion": "quitar", "tema": tema.pk, "valores": de_luz[:1]})
    assert tema.valores.count() == 4


@pytest.mark.parametrize("datos", [{"tema": ""}, {"valores": []}, {"valores": ["x"]}, {"tema": "99999"}])
def test_marcar_mal_se_explica_y_no_cambia_nada(pagina, navegador, datos):
    tema = crear(pagina, navegador)
    marcadas = temas.buscar(temas.respuestas_a(pregunta_de(pagina)), "luz")
    respuesta = navegador.post(ruta(pagina), {"accion": "poner", "tema": tema.pk, "valores": marcadas} | datos)
    assert respuesta.status_code == 422
    assert 'role="alert"' in respuesta.content.decode()
    assert tema.valores.count() == 0


def test_las_de_otra_pregunta_no_se_agrupan_aqui(pagina, navegador):
    tema = crear(pagina, navegador)
    ajenas = list(temas.respuestas_a(pregunta_de(pagina, "z")))
    assert temas.clasificar(tema=tema, valores=ajenas, poner=True, actor=fabricas.personal()) == 0
    assert tema.valores.count() == 0


def test_un_tema_repetido_se_explica(pagina, navegador):
    crear(pagina, navegador)
    respuesta = navegador.post(ruta(pagina), {"accion": "crear", "nombre": "Luz"})
    assert respuesta.status_code == 422
    assert "Ya hay un tema con ese nombre" in respuesta.content.decode()


def test_renombrar_un_tema_conserva_sus_respuestas_y_queda_en_el_historial(pagina, navegador):
    tema = crear(pagina, navegador)
    temas.clasificar(tema=tema, valores=temas.respuestas_a(pregunta_de(pagina)), poner=True, actor=fabricas.personal())
    respuesta = navegador.post(ruta(pagina), {"accion": "renombrar", "tema": tema.pk, "nombre": " Alumbrado "})
    assert respuesta.status_code == 302
    tema.refresh_from_db()
    assert (tema.nombre, tema.valores.count()) == ("Alumbrado", 7)
    assert ModelLogEntry.objects.filter(action="encuestas.renombrar_tema", data={"tema": tema.pk}).count() == 1


@pytest.mark.parametrize(
    ("nombre", "mensaje"), [("Bancas", "Ya hay un tema con ese nombre"), ("", "Este campo es"), ("x" * 121, "120")]
)
def test_renombrar_mal_se_explica_y_no_cambia_nada(pagina, navegador, nombre, mensaje):
    tema = crear(pagina, navegador)
    crear(pagina, navegador, "Bancas")
    respuesta = navegador.post(ruta(pagina), {"accion": "renombrar", "tema": tema.pk, "nombre": nombre})
    assert respuesta.status_code == 422
    abierto = respuesta.content.decode().split("<details open>")[1].split("</details>")[0]
    assert "Cambiar el nombre de «Luz»" in abierto and mensaje in abierto
    assert (f'value="{nombre}"' in abierto) == bool(nombre)
    assert set(Tema.objects.values_list("nombre", flat=True)) == {"Luz", "Bancas"}


@pytest.mark.parametrize("accion", ["", "otra"])
def test_un_boton_inventado_no_hace_nada(pagina, navegador, accion):
    assert navegador.post(ruta(pagina), {"accion": accion}).status_code == 422


def test_publicar_un_tema_muestra_cuantas_y_nunca_el_texto(pagina, navegador, client):
    tema = crear(pagina, navegador)
    otro = crear(pagina, navegador, "Bancas")
    valores = temas.respuestas_a(pregunta_de(pagina))
    temas.clasificar(tema=tema, valores=valores.filter(pk__in=temas.buscar(valores, "luz")), poner=True, actor=fabricas.personal())
    temas.clasificar(tema=otro, valores=valores.filter(texto="Bancas"), poner=True, actor=fabricas.personal())
    publica = reverse("encuestas:resultados", args=[pagina.ejercicio.pk])
    assert "¿Qué falta?" not in client.get(publica).content.decode()
    for cada in (tema, otro):
        navegador.post(ruta(pagina), {"accion": "publicar", "tema": cada.pk})
    hechos = resultados(reglas_de(pagina), solo_publicas=True).por_clave()["t"].temas
    assert [(c.texto, c.cantidad) for c in hechos] == [("Luz", 5), ("Bancas", None)]
    html = client.get(publica).content.decode()
    assert "¿Qué falta?" in html and "Luz en la vía" not in html
    navegador.post(ruta(pagina), {"accion": "ocultar", "tema": tema.pk})
    navegador.post(ruta(pagina), {"accion": "borrar", "tema": otro.pk})
    assert "¿Qué falta?" not in client.get(publica).content.decode()


@pytest.mark.parametrize("cuantas", [1, 3])
def test_las_consultas_no_crecen_con_las_respuestas(navegador, django_assert_num_queries, cuantas):
    pagina = encuesta([pregunta("texto_largo", "t")])
    for n in range(cuantas):
        contestada(pagina, {"t": f"Luz {n}"})
    tema = temas.crear_tema(pregunta=pregunta_de(pagina), nombre="Luz", actor=fabricas.personal())
    temas.clasificar(tema=tema, valores=temas.respuestas_a(pregunta_de(pagina)), poner=True, actor=fabricas.personal())
    navegador.get(ruta(pagina))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captura:
        navegador.get(ruta(pagina))
    propias = [c for c in captura if "formularios_valor" in c["sql"] or "encuestas_tema" in c["sql"]]
    assert len(propias) == 4  # temas con su conteo, claves, valores, temas de los valores
