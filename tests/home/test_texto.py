import pytest

from home import texto


@pytest.mark.parametrize(
    ("sucio", "limpio"),
    [
        ("  hola \r\n mundo\x00\x07 ", "hola \n mundo"),
        ("a\u202eb\u2066c\u200bd\ufeffe", "abcde"),
        ("cafe\u0301", "café"),
        ("familia 👨\u200d👩", "familia 👨👩"),
        ("\u3164\u115f", ""),
    ],
)
def test_limpiar_parrafos(sucio, limpio):
    assert texto.limpiar_parrafos(sucio) == limpio


def test_limpiar_linea_deja_un_renglon():
    assert texto.limpiar_linea(" a \n\t b\u00a0 c ") == "a b c"


@pytest.mark.parametrize(
    "veneno",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        "<svg/onload=alert(1)>",
        "<iframe src=//malo.example></iframe>",
        '<p style="position:fixed">x</p>',
        "<form action=//malo.example><input name=a></form>",
    ],
)
def test_html_seguro_y_texto_a_html_dejan_inerte(veneno):
    permitido = texto.html_seguro(veneno)
    for trozo in ("<script", "onerror", "javascript:", "data:", "<svg", "<iframe", "style=", "<form", "<input", "<img"):
        assert trozo not in permitido
    # En el texto simple todo lo escrito se ve como se escribió, escapado.
    assert "&lt;" in texto.texto_a_html(veneno)


def test_texto_a_html_hace_parrafos_y_enlaces_sin_seguir():
    salida = texto.texto_a_html("Uno\n\nDos https://example.org")
    assert salida.startswith("<p>Uno</p>")
    assert 'href="https://example.org"' in salida and "nofollow" in salida


def test_html_a_texto():
    assert texto.html_a_texto("<p>Uno &amp; dos</p><ul><li>a</li><li>b</li></ul>") == "Uno & dos\na\nb"


def test_sin_tildes():
    assert texto.sin_tildes("Ñandú ÁRBOL") == "nandu arbol"
