"""El PDF no ejecuta lo que la gente escribe, y se hace aunque escriba con letras que las fuentes no tienen."""

import io
import random
from datetime import date
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from retos.informe.documento import Barra, Barras, Celda, Columna, Documento, Ficha, Parrafos, Seccion, Subtitulo, Tabla
from retos.informe.pdf import SUSTITUTA, como_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
SIN_LOGO = SimpleNamespace(logo=None)
# Lo que en typst es código, matemática, etiqueta, referencia, comentario, lista, título o escape.
TROZOS = [
    "#", "#sys.version", "#panic()", "#{", "}", "[", "]", "$", "$x/0$", "@", "@ref", "<a>", "\\", "\\u{41}", '"', "'", "`", "```",
    "*", "_", "~", "//", "/*", "*/", "= ", "- ", "+ ", "/ a: b", "--", "---", "...", "\n", "\n\n", "\t", " ", "a", "Ñ", "é", "12", "https://x.co",
    "🌳", "👩‍👩‍👧", "中", "हि", "\u0301", "\u2028", "\u200b", "\ufffd", "\U000e0001", "\ue000", "\x00", "\x1f", "\xad", "\ufeff",
]  # fmt: skip


def documento(textos: list[str], **cambios) -> Documento:
    """Cada texto en cada sitio en que un informe pone lo que alguien escribió."""
    celdas = [Celda(texto, "https://example.org/", "es") for texto in textos]
    bloques = [
        *(Parrafos(texto) for texto in textos),
        *(Subtitulo(celda) for celda in celdas),
        Ficha([(texto, celda) for texto, celda in zip(textos, celdas, strict=True)]),
        Tabla(textos[0], [Columna(textos[0]), Columna(textos[-1], True)], [[celda, celda] for celda in celdas], ancha=True),
        Barras("Apoyos", textos[0] or "x", [Barra(celda, "7", 70.0) for celda in celdas]),
    ]
    campos = {
        "titulo": f"Informe {textos[0]}", "entidad": f"Entidad {textos[-1]}", "idioma": "es", "fecha": date(2026, 11, 22),
        "preliminar": True, "direccion": "https://example.org/informe/", "secciones": [Seccion("una", f"Una {textos[0]}", bloques)],
    }  # fmt: skip
    return Documento(**campos | cambios)


def leer(pdf: bytes) -> str:
    return "".join("".join(hoja.extract_text() for hoja in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("semilla", range(6))
def test_cualquier_texto_se_dibuja_y_nada_se_ejecuta(semilla):
    azar = random.Random(semilla)
    textos = ["".join(azar.choices(TROZOS, k=azar.randint(0, 12))) for _vez in range(12)]
    textos += ["".join(chr(azar.choice([azar.randrange(0x20, 0x3000), azar.randrange(0x3000, 0xD800)])) for _n in range(20))]
    pdf = como_pdf(documento(textos), SIN_LOGO)
    assert pdf.startswith(b"%PDF") and len(PdfReader(io.BytesIO(pdf)).pages) >= 1


@pytest.mark.parametrize("texto", ["#sys.version", "$1/0$", '#panic("x")', "*a*_b_`c`", "<a>@b", "//c/*d*/", "\\#{e}", "= f"])
def test_lo_que_parece_codigo_sale_como_se_escribio(texto):
    assert leer(como_pdf(documento([texto]), SIN_LOGO)).count(texto.replace(" ", "")) >= 5


def test_una_letra_sin_dibujo_se_avisa():
    raro = leer(como_pdf(documento(["sembrar 🌳"]), SIN_LOGO))
    assert f"sembrar{SUSTITUTA}" in raro
    assert "esunaletraqueestearchivonopuededibujar" in raro
    assert "esunaletra" not in leer(como_pdf(documento(["sembrar ñandú — «áéíóú» € ≤"]), SIN_LOGO))


def test_es_accesible():
    pdf = como_pdf(documento(["Sombra"]), SIN_LOGO)
    lector = PdfReader(io.BytesIO(pdf))
    raiz = lector.trailer["/Root"]
    assert (raiz["/Lang"], bool(raiz["/MarkInfo"]["/Marked"]), lector.metadata.title) == ("es", True, "Informe Sombra")
    assert raiz["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in raiz["/Metadata"].get_data()
    marcas, alternativos = [], []

    def recorrer(nodo):
        nodo = nodo.get_object()
        if isinstance(nodo, list):
            for hijo in nodo:
                recorrer(hijo)
        elif isinstance(nodo, dict):
            marcas.append(nodo.get("/S"))
            alternativos.append(nodo.get("/Alt"))
            if "/K" in nodo:
                recorrer(nodo["/K"])

    recorrer(raiz["/StructTreeRoot"]["/K"])
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/Figure", "/Link"} <= set(marcas)
    assert marcas.count("/H1") == 1
    assert "Sombra" in alternativos  # la gráfica se cuenta a quien no la ve


def test_la_final_no_lleva_la_marca_de_preliminar():
    assert "PRELIMINAR" in leer(como_pdf(documento(["a"]), SIN_LOGO))
    assert "PRELIMINAR" not in leer(como_pdf(documento(["a"], preliminar=False), SIN_LOGO)).upper()
