"""Qué se acepta y cómo se muestra el texto que escriben las personas.

El texto se guarda como se escribió, sin los caracteres que engañan a la vista o rompen la base de datos,
y se vuelve HTML sólo al mostrarlo, siempre por `html_seguro`.
"""

import html
import re
import unicodedata

import nh3
from django.utils.html import linebreaks, urlize

# Formato permitido al importar texto de otras plataformas. Sin atributos, salvo el destino de los enlaces.
ETIQUETAS = {"p", "br", "strong", "b", "em", "i", "u", "ul", "ol", "li", "blockquote", "h3", "h4", "a"}
ATRIBUTOS = {"a": {"href"}}
ESQUEMAS = {"http", "https", "mailto"}

# Invisibles y de dirección (bidi): permiten firmar con el nombre de otro o voltear lo escrito (Unicode TR36, TR39).
_INVISIBLES = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def limpiar_parrafos(texto: str) -> str:
    """Normaliza (NFC), quita controles, invisibles y bidi, y deja saltos de línea `\\n`."""
    texto = unicodedata.normalize("NFC", texto.replace("\r\n", "\n").replace("\r", "\n"))
    texto = _INVISIBLES.sub("", _CONTROL.sub("", texto))
    return texto.strip()


def limpiar_linea(texto: str) -> str:
    """Como `limpiar_parrafos`, en un solo renglón y sin espacios repetidos."""
    return re.sub(r"\s+", " ", limpiar_parrafos(texto))


def html_seguro(fragmento: str) -> str:
    """HTML inerte: sólo el formato permitido; los enlaces llevan `rel="nofollow noopener"`."""
    return nh3.clean(
        fragmento, tags=ETIQUETAS, attributes=ATRIBUTOS, url_schemes=ESQUEMAS, link_rel="nofollow noopener ugc"
    )


def texto_a_html(texto: str) -> str:
    """Párrafos y enlaces del texto que alguien escribió en un cuadro simple."""
    return html_seguro(urlize(linebreaks(texto, autoescape=True), nofollow=True))


def html_a_texto(fragmento: str) -> str:
    """El texto legible de un fragmento HTML, con un renglón por bloque."""
    con_saltos = re.sub(r"(?i)<\s*(br|/p|/li|/h[1-6]|/blockquote|/div|/tr)\b[^>]*>", "\n", fragmento)
    texto = html.unescape(nh3.clean(con_saltos, tags=set()))
    return limpiar_parrafos(re.sub(r"\n{3,}", "\n\n", texto))


def sin_tildes(texto: str) -> str:
    """El texto en minúsculas y sin marcas diacríticas, para buscar: «Ñandú» → «nandu»."""
    descompuesto = unicodedata.normalize("NFD", texto.lower())
    return "".join(letra for letra in descompuesto if not unicodedata.combining(letra))
