"""Lo que la arquitectura promete, leído del código. Cada regla se prueba también con una muestra que la incumple."""

import ast
import re
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

RAIZ = Path(__file__).resolve().parents[1]

# De abajo arriba. Una sala importa sólo de niveles menores; las de un mismo nivel no se ven.
NIVELES = [
    ["home"],
    ["cuentas"],
    ["participacion.ejercicios"],
    ["participacion.registro"],
    ["participacion.avisos", "participacion.adjuntos"],
    ["participacion.moderacion"],
    ["participacion.formularios", "participacion.apoyos", "participacion.comentarios"],
    ["retos", "encuestas", "foros", "indicadores"],
    ["plataforma"],
]
NIVEL = {sala: nivel for nivel, salas in enumerate(NIVELES) for sala in salas}
ETIQUETAS = {sala.rsplit(".", 1)[-1]: sala for sala in NIVEL}
LINEAS_MAXIMAS = 400
NOMBRES_VEDADOS = {"utils", "helpers", "services", "core", "common", "misc"}

# Ruta → por qué ahí el texto ya es seguro.
SEGURO_ADMITIDO = {"home/templatetags/texto_tags.py": "marca lo que acaba de limpiar `home.texto.html_seguro`"}
# Ruta → por qué ahí hace falta estilo o script en línea.
EN_LINEA_ADMITIDO = {}


def sala_de(punteado: str) -> str | None:
    """La sala a la que pertenece `participacion.avisos.models` (o None si es ajeno)."""
    partes = punteado.split(".")
    for largo in (2, 1):
        candidata = ".".join(partes[:largo])
        if candidata in NIVEL:
            return candidata
    return None


def sube(desde: str, hasta: str | None) -> bool:
    return hasta is not None and hasta != desde and NIVEL[hasta] >= NIVEL[desde]


def _modulo_relativo(nodo: ast.ImportFrom, paquete: str) -> str:
    if not nodo.level:
        return nodo.module or ""
    base = paquete.split(".")
    base = base[: len(base) - (nodo.level - 1)]
    return ".".join([*base, nodo.module] if nodo.module else base)


def _nombrado_en_texto(texto: str) -> str | None:
    """La sala que nombra un texto: modelo, permiso, ruta de importación, dirección con nombre o plantilla."""
    # "retos.Propuesta", "retos.change_propuesta"
    if (m := re.fullmatch(r"(\w+)\.\w+", texto)) and m[1] in ETIQUETAS:
        return ETIQUETAS[m[1]]
    if re.fullmatch(r"[a-z_]+(\.\w+){2,}", texto):  # "retos.models.Propuesta"
        return sala_de(texto)
    if m := re.fullmatch(r"(\w+):[\w:]+", texto):  # "retos:detalle"
        return ETIQUETAS.get(m[1])
    if m := re.fullmatch(r"(?:participacion/)?(\w+)/\S+\.(?:html|txt)", texto):  # "retos/lista.html"
        return ETIQUETAS.get(m[1])
    return None


def _es_get_model(nodo) -> bool:
    if not (isinstance(nodo, ast.Call) and nodo.args and isinstance(nodo.args[0], ast.Constant)):
        return False
    return getattr(nodo.func, "attr", getattr(nodo.func, "id", "")) == "get_model"


def referencias_python(codigo: str, modulo: str, es_paquete: bool = False) -> list[tuple[int, str]]:
    """Pares (línea, sala nombrada) de un módulo: importaciones y textos que nombran otra sala."""
    paquete = modulo if es_paquete else modulo.rpartition(".")[0]
    arbol = ast.parse(codigo)
    halladas = []
    for nodo in ast.walk(arbol):
        nombrados = []
        if isinstance(nodo, ast.Import):
            nombrados = [sala_de(alias.name) for alias in nodo.names]
        elif isinstance(nodo, ast.ImportFrom):
            origen = _modulo_relativo(nodo, paquete)
            nombrados = [sala_de(origen) or sala_de(f"{origen}.{alias.name}") for alias in nodo.names]
        elif isinstance(nodo, ast.Constant) and isinstance(nodo.value, str):
            nombrados = [_nombrado_en_texto(nodo.value)]
        elif _es_get_model(nodo):
            nombrados = [ETIQUETAS.get(nodo.args[0].value)]
        halladas += [(nodo.lineno, sala) for sala in nombrados if sala]
    return halladas


def referencias_plantilla(fuente: str, bibliotecas: dict[str, str]) -> list[tuple[int, str]]:
    """Pares (línea, sala) de una plantilla: `load`, `include`, `extends` y `url`."""
    halladas = []
    for numero, linea in enumerate(fuente.splitlines(), 1):
        for orden, resto in re.findall(r"{%\s*(load|include|extends|url)\s+([^%]+)%}", linea):
            if orden == "load":
                nombres = resto.split(" from ")[-1].split()
                salas = [bibliotecas.get(nombre) for nombre in nombres]
            else:
                salas = [_nombrado_en_texto(texto) for texto in re.findall(r"[\"']([^\"']+)[\"']", resto)]
            halladas += [(numero, sala) for sala in salas if sala]
    return halladas


def sin_comentarios(fuente: str) -> str:
    """La plantilla con sus comentarios en blanco, para que los números de línea no cambien."""
    blanco = lambda m: "\n" * m[0].count("\n")  # noqa: E731
    fuente = re.sub(r"{#.*?#}", "", fuente)
    return re.sub(r"{%\s*comment.*?endcomment\s*%}", blanco, fuente, flags=re.S)


def en_linea(fuente: str) -> list[str]:
    """Estilos y scripts en línea de una plantilla; los bloques de datos (`json_script`) no se ejecutan."""
    fuente = sin_comentarios(fuente)
    patrones = [
        r"<style\b[^>]*>",
        r"<script\b(?![^>]*\bsrc=)[^>]*>",
        r"<[^>{]*\sstyle\s*=[^>]*>?",
        r"<[a-z][^>]*\son[a-z]+\s*=\s*[\"'][^>]*>?",
        r"(?:href|action)\s*=\s*[\"']\s*javascript:",
    ]
    return [m[0][:80] for patron in patrones for m in re.finditer(patron, fuente, flags=re.I)]


def declara_seguro(fuente: str, es_plantilla: bool) -> list[str]:
    """Usos que apagan el escapado de HTML."""
    if es_plantilla:
        return re.findall(r"\|\s*safe(?:seq)?\b|{%\s*autoescape\s+off", sin_comentarios(fuente))
    return [
        nombre
        for nodo in ast.walk(ast.parse(fuente))
        if (nombre := getattr(nodo, "attr", getattr(nodo, "id", None))) in {"mark_safe", "SafeString", "SafeText"}
        and isinstance(nodo, (ast.Name, ast.Attribute))
    ]


def sin_fijar(requisitos: str) -> list[str]:
    """Líneas de un archivo de requisitos que no dicen una versión exacta."""
    lineas = (linea.split("#")[0].strip() for linea in requisitos.splitlines())
    return [
        linea
        for linea in lineas
        if linea and not linea.startswith("-r ") and not re.match(r"[\w.\[\],-]+==[\w.]+(\s*;.*)?$", linea)
    ]


def fijados(*archivos: str) -> dict[str, Requirement]:
    """Los paquetes fijados, con la versión que se fijó."""
    leidos = {}
    for archivo in archivos:
        for linea in (RAIZ / archivo).read_text().splitlines():
            if linea and not linea.startswith(("#", "-r")):
                requisito = Requirement(linea)
                leidos[canonicalize_name(requisito.name)] = requisito
    return leidos


def nuestros(patron: str) -> list[Path]:
    carpetas = sorted({sala.split(".")[0] for sala in NIVEL} | {"templates", "scripts", "bench"})
    return [ruta for carpeta in carpetas for ruta in sorted((RAIZ / carpeta).rglob(patron))]


def modulo_de(ruta: Path) -> str:
    return ".".join(ruta.relative_to(RAIZ).with_suffix("").parts).removesuffix(".__init__")


def relativa(ruta: Path) -> str:
    return str(ruta.relative_to(RAIZ))


PYTHON = [ruta for ruta in nuestros("*.py") if ruta.relative_to(RAIZ).parts[0] not in ("scripts", "bench")]
PLANTILLAS = nuestros("*.html") + nuestros("*.txt")


def test_imports_solo_hacia_abajo():
    suben = []
    for ruta in PYTHON:
        modulo = modulo_de(ruta)
        desde = sala_de(modulo)
        if desde is None:
            continue
        for linea, hasta in referencias_python(ruta.read_text(), modulo, ruta.name == "__init__.py"):
            if sube(desde, hasta):
                suben.append(f"{relativa(ruta)}:{linea}: {desde} nombra a {hasta}")
    assert suben == []


def test_plantillas_de_una_sala_no_suben():
    # Las de `templates/` componen varias salas; las que viven dentro de una app son de su sala.
    bibliotecas = {ruta.stem: sala_de(modulo_de(ruta)) for ruta in PYTHON if ruta.parent.name == "templatetags"}
    suben = []
    for ruta in PLANTILLAS:
        desde = sala_de(modulo_de(ruta))
        if desde is None:
            continue
        for linea, hasta in referencias_plantilla(ruta.read_text(), bibliotecas):
            if sube(desde, hasta):
                suben.append(f"{relativa(ruta)}:{linea}: {desde} nombra a {hasta}")
    assert suben == []


def test_todo_modulo_pertenece_a_una_sala():
    sueltos = [relativa(r) for r in PYTHON if sala_de(modulo_de(r)) is None and r != RAIZ / "participacion/__init__.py"]
    assert sueltos == []


def test_ningun_modulo_pasa_de_400_lineas():
    largos = {
        relativa(ruta): lineas
        for ruta in nuestros("*.py")
        if "migrations" not in ruta.parts and (lineas := len(ruta.read_text().splitlines())) > LINEAS_MAXIMAS
    }
    assert largos == {}


def test_nada_en_cajones_de_sastre():
    assert [relativa(r) for r in nuestros("*.py") if NOMBRES_VEDADOS & set(r.with_suffix("").parts)] == []


def test_plantillas_sin_estilos_ni_scripts_en_linea():
    halladas = {relativa(r): h for r in PLANTILLAS if r.suffix == ".html" and (h := en_linea(r.read_text()))}
    assert {ruta: h for ruta, h in halladas.items() if ruta not in EN_LINEA_ADMITIDO} == {}
    assert set(EN_LINEA_ADMITIDO) <= set(halladas), "sobran excepciones"


def test_html_sin_escapar_solo_donde_se_explica():
    # En un correo de texto escapar sería el error.
    html = [ruta for ruta in PLANTILLAS if ruta.suffix == ".html"]
    halladas = {relativa(r): h for r in [*PYTHON, *html] if (h := declara_seguro(r.read_text(), r.suffix == ".html"))}
    assert {ruta: h for ruta, h in halladas.items() if ruta not in SEGURO_ADMITIDO} == {}
    assert set(SEGURO_ADMITIDO) <= set(halladas), "sobran excepciones"


@pytest.mark.parametrize("archivo", ["requirements.txt", "requirements-dev.txt"])
def test_dependencias_fijadas(archivo):
    assert sin_fijar((RAIZ / archivo).read_text()) == []


@pytest.mark.parametrize("archivos", [["requirements.txt"], ["requirements.txt", "requirements-dev.txt"]])
def test_dependencias_transitivas_fijadas(archivos):
    dichos = fijados(*archivos)
    faltan = set()
    pendientes = [(nombre, tuple(r.extras)) for nombre, r in dichos.items()]
    while pendientes:
        nombre, extras = pendientes.pop()
        try:
            pedidas = [Requirement(texto) for texto in requires(nombre) or []]
        except PackageNotFoundError:
            marcador = dichos[nombre].marker
            assert marcador is not None and not marcador.evaluate(), f"{nombre} está fijado y no instalado"
            continue
        for pedida in pedidas:
            if pedida.marker and not any(pedida.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
                continue
            clave = canonicalize_name(pedida.name)
            if clave not in dichos:
                faltan.add(f"{clave} (lo pide {nombre})")
            elif set(pedida.extras) - set(dichos[clave].extras):
                dichos[clave].extras |= pedida.extras
                pendientes.append((clave, tuple(pedida.extras)))
    assert faltan == set()


# --- Las reglas saben fallar ---------------------------------------------------------


@pytest.mark.parametrize(
    ("modulo", "codigo"),
    [
        ("cuentas.models", "from retos.models import Propuesta"),
        ("cuentas.models", "import participacion.registro.actions"),
        ("participacion.registro.actions", "from participacion import avisos"),
        ("participacion.registro.actions", "from ..avisos.actions import avisar"),
        ("participacion.avisos.models", "from participacion.adjuntos.models import Adjunto"),
        ("retos.views", "from foros.models import ForoPage"),
        ("indicadores.querysets", "x = apps.get_model('retos', 'Propuesta')"),
        ("home.models", "models.ForeignKey('cuentas.Usuario', on_delete=CASCADE)"),
        ("cuentas.rules", "usuario.has_perm('retos.change_propuesta')"),
        ("cuentas.apps", "import_string('retos.actions.enviar_propuesta')"),
        ("participacion.moderacion.views", "reverse('retos:propuesta')"),
        ("participacion.avisos.tareas", "render_to_string('retos/correo.txt')"),
        ("retos.models", "from plataforma.middleware import PoliticaContenidoMiddleware"),
    ],
)
def test_una_referencia_hacia_arriba_se_ve(modulo, codigo):
    assert any(sube(sala_de(modulo), sala) for _, sala in referencias_python(codigo, modulo))


@pytest.mark.parametrize(
    ("modulo", "codigo"),
    [
        ("retos.models", "from cuentas.models import Usuario"),
        ("retos.models", "from .enums import EstadoPropuesta"),
        ("participacion.moderacion.actions", "from ..registro import actions"),
        ("plataforma.urls", "from retos import views"),
        ("cuentas.models", "texto = 'Se retos a. todos los foros.'"),
    ],
)
def test_una_referencia_hacia_abajo_pasa(modulo, codigo):
    assert not any(sube(sala_de(modulo), sala) for _, sala in referencias_python(codigo, modulo))


@pytest.mark.parametrize(
    "fuente",
    ["{% load retos_tags %}", "{% include 'retos/tarjeta.html' %}", "{% url 'retos:lista' pk=1 %}"],
)
def test_una_plantilla_que_sube_se_ve(fuente):
    assert [sala for _, sala in referencias_plantilla(fuente, {"retos_tags": "retos"})] == ["retos"]


@pytest.mark.parametrize(
    ("fuente", "se_ve"),
    [
        ('<p style="color:red">', True),
        ("<style>p{}</style>", True),
        ("<script>alert(1)</script>", True),
        ('<a class="x" onclick="ir()">', True),
        ('<a href="javascript:ir()">', True),
        ('<script type="module" src="/static/js/sitio.js"></script>', False),
        ("{# nunca <style> #}<p>bien</p>", False),
        ('<p class="contexto">', False),
    ],
)
def test_un_estilo_o_script_en_linea_se_ve(fuente, se_ve):
    assert bool(en_linea(fuente)) is se_ve


@pytest.mark.parametrize(
    ("fuente", "es_plantilla", "se_ve"),
    [
        ("{{ texto|safe }}", True, True),
        ("{% autoescape off %}", True, True),
        ("from django.utils.safestring import mark_safe\nmark_safe(x)", False, True),
        ("{# no usar |safe #}{{ texto }}", True, False),
        ("'mark_safe'", False, False),
    ],
)
def test_apagar_el_escapado_se_ve(fuente, es_plantilla, se_ve):
    assert bool(declara_seguro(fuente, es_plantilla)) is se_ve


def test_una_dependencia_sin_fijar_se_ve():
    assert sin_fijar("Django==5.2.19\nwagtail>=7.4\nrules\n# nota\npsycopg[binary,pool]==3.3.9\n") == ["wagtail>=7.4", "rules"]
