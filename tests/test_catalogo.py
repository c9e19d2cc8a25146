"""El catálogo en inglés: completo, compilado, y sin español de la interfaz en las páginas que se ven en inglés."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.utils.translation import gettext, override
from wagtail.models import Page

from participacion.moderacion.enums import Decision
from tests import fabricas as f
from tests.participacion.test_ejercicios import traducir
from tests.retos.test_formulario import enviar

RAIZ = Path(__file__).resolve().parents[1]
CARPETA = RAIZ / "locale" / "en" / "LC_MESSAGES"
CATALOGO = polib.pofile(str(CARPETA / "django.po"))
ENTRADAS = [entrada for entrada in CATALOGO if not entrada.obsolete]
MARCADOR = re.compile(r"%\(\w+\)s")
PALABRAS_INCONFUNDIBLES = 3  # desde cuántas se busca un texto también dentro de otro


def pares(entrada) -> list[tuple[str, str]]:
    """Cada forma en español con la suya en inglés."""
    if entrada.msgid_plural:
        return [(entrada.msgid, entrada.msgstr_plural[0]), (entrada.msgid_plural, entrada.msgstr_plural[1])]
    return [(entrada.msgid, entrada.msgstr)]


PARES = [par for entrada in ENTRADAS for par in pares(entrada)]


def test_todo_traducido_y_sin_dudas():
    assert [e.msgid for e in ENTRADAS if e.fuzzy or not e.translated()] == []
    assert not CATALOGO.metadata_is_fuzzy
    assert CATALOGO.metadata["Plural-Forms"] == "nplurals=2; plural=(n != 1);"
    assert CATALOGO.metadata["Language"] == "en"


def test_conserva_los_marcadores():
    distintos = [es for es, en in PARES if sorted(MARCADOR.findall(es)) != sorted(MARCADOR.findall(en))]
    assert distintos == []


def test_no_mete_marcas_en_los_atributos():
    """Lo que devuelve `{% translate %}` no se escapa: una comilla recta cerraría el atributo que lo contiene."""
    assert [en for es, en in PARES if set(en) & set("\"'&") or ("<" in en) != ("<" in es)] == []


def test_compilado_al_dia():
    compilado = {(e.msgctxt, e.msgid): pares(e) for e in polib.mofile(str(CARPETA / "django.mo"))}
    assert compilado == {(e.msgctxt, e.msgid): pares(e) for e in ENTRADAS}


def test_ninguna_aplicacion_ajena_usa_el_mismo_texto_para_otra_cosa():
    """Un texto nuestro que Django, Wagtail o allauth tradujeran al español saldría cambiado en el sitio en español."""
    with override("es"):
        assert [e.msgid for e in ENTRADAS if gettext(e.msgid) != e.msgid] == []
    with override("en"):
        assert [es for e in ENTRADAS if not e.msgid_plural for es, en in pares(e) if gettext(es) != en] == []


def idiomas_fijados(codigo: str) -> list[int]:
    """Líneas con `gettext_lazy(…) % …` fuera de una función: `%` fija el idioma de quien importa el módulo."""
    arbol = ast.parse(codigo)
    perezosos = {
        alias.asname or alias.name
        for nodo in ast.walk(arbol)
        if isinstance(nodo, ast.ImportFrom)
        for alias in nodo.names
        if alias.name.endswith("gettext_lazy")
    }
    lineas, pendientes = [], [arbol]
    while pendientes:
        nodo = pendientes.pop()
        if isinstance(nodo, ast.FunctionDef | ast.Lambda):
            continue
        llamada = nodo.left if isinstance(nodo, ast.BinOp) and isinstance(nodo.op, ast.Mod) else None
        if isinstance(llamada, ast.Call) and getattr(llamada.func, "id", "") in perezosos:
            lineas.append(nodo.lineno)
        pendientes += ast.iter_child_nodes(nodo)
    return lineas


def test_ningun_texto_queda_en_el_idioma_de_quien_importa():
    salas = ["cuentas", "encuestas", "foros", "home", "indicadores", "participacion", "plataforma", "retos"]
    rutas = [ruta for sala in salas for ruta in sorted((RAIZ / sala).rglob("*.py"))]
    fijados = {str(ruta.relative_to(RAIZ)): lineas for ruta in rutas if (lineas := idiomas_fijados(ruta.read_text()))}
    assert fijados == {}
    importa = "from django.utils.translation import gettext_lazy as _\n"
    assert idiomas_fijados(importa + 'class F:\n    a = campo(ayuda=_("%(n)s") % {"n": 1})') == [3]
    assert idiomas_fijados(importa + 'def f():\n    return _("%(n)s") % {"n": 1}') == []


class Textos(HTMLParser):
    """Lo que una página dice: textos y los atributos que se leen o se muestran."""

    ATRIBUTOS = {"alt", "aria-label", "placeholder", "title"}
    CALLADOS = {"script", "style"}

    def __init__(self, html):
        super().__init__()
        self.vistos, self.etiqueta = [], ""
        self.feed(html)

    def handle_starttag(self, etiqueta, atributos):
        self.etiqueta = etiqueta
        self.vistos += [valor for nombre, valor in atributos if nombre in self.ATRIBUTOS and valor]

    def handle_data(self, texto):
        if self.etiqueta not in self.CALLADOS:
            self.vistos.append(texto)


def espanol_en(html: str) -> list[str]:
    """Los textos del catálogo que una página muestra en español."""
    renglones = "\n".join(" ".join(texto.split()) for texto in Textos(html).vistos)
    hallados = []
    for es, en in PARES:
        if not re.search(r"\w{4}", MARCADOR.sub("", es)):
            continue  # «%(n)s de %(total)s» casaría con cualquier renglón
        patron = ".+".join(re.escape(parte) for parte in MARCADOR.split(" ".join(es.split())))
        if len(MARCADOR.sub("", es).split()) < PALABRAS_INCONFUNDIBLES:
            patron = f"^{patron}$"
        if es != en and re.search(patron, renglones, re.M):
            hallados.append(es)
    return hallados


@pytest.mark.una_base
@pytest.mark.django_db
def test_las_paginas_en_ingles_no_muestran_espanol(client):
    Page.objects.filter(pk=f.sitio().root_page_id).update(title="Home")  # el título es contenido
    pagina = f.reto(criterios=[{"type": "criterio", "value": {"nombre": "X", "descripcion": "Y", "peso": 100}}])
    inglesa = traducir(pagina)
    ana = f.persona()
    visible = f.publicada(pagina)
    propia = f.publicada(pagina, ana)
    f.borrador(pagina, ana)
    devuelta = f.resolver(f.enviada(pagina, ana), Decision.DEVUELTA, motivo="Falta el costo.")
    sin_cuenta = {
        "portada": "/en/",
        "lista de retos": inglesa.get_parent().url,
        "reto": inglesa.url,
        "lista": f"{inglesa.url}propuestas/",
        "lista vacía": f"{inglesa.url}propuestas/?q=zzzz",
        "propuesta": f"/en/propuestas/{visible.pk}/",
        "formulario": f"{inglesa.url}proponer/",
        "ingreso": "/en/cuenta/login/",
        "registro": "/en/cuenta/signup/",
        "clave": "/en/cuenta/password/reset/",
        "búsqueda": "/en/buscar/?q=zzzz",
        "mapa": "/en/mapa-del-sitio/",
        "no existe": "/en/no-existe/",
    }
    con_cuenta = {
        "mi cuenta": "/en/mi-cuenta/",
        "organización": "/en/mi-cuenta/organizaciones/nueva/",
        "mis propuestas": "/en/mis-propuestas/",
        "propuesta propia": f"/en/propuestas/{propia.pk}/",
        "retirar": f"/en/propuestas/{propia.pk}/retirar/",
        "corregir": f"/en/propuestas/{devuelta.pk}/editar/",
    }
    respuestas = {nombre: client.get(url) for nombre, url in sin_cuenta.items()}
    client.force_login(ana)
    respuestas |= {nombre: client.get(url) for nombre, url in con_cuenta.items()}
    respuestas["formulario con errores"] = enviar(client, inglesa, titulo="", resumen="")

    estados = {nombre: r.status_code for nombre, r in respuestas.items()}
    assert estados == dict.fromkeys(respuestas, 200) | {"no existe": 404, "formulario con errores": 422}
    assert {r.headers["Content-Language"] for r in respuestas.values()} == {"en"}
    assert {nombre: hallados for nombre, r in respuestas.items() if (hallados := espanol_en(r.text))} == {}


@pytest.mark.una_base
@pytest.mark.django_db
def test_la_busqueda_de_espanol_lo_encuentra_donde_lo_hay(client):
    hallados = espanol_en(client.get("/cuenta/login/").text)
    assert {"Ingresar", "Saltar al contenido principal", "¿Aún no tiene cuenta?"} <= set(hallados)
