"""Qué cambió entre dos versiones, palabra por palabra."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from ..enums import Licencia
from ..models import VersionPropuesta
from .campos import COMUNES

_PALABRAS = re.compile(r"\S+|\s+")
# Más comparaciones que éstas tardan segundos: el párrafo se muestra entero, quitado y añadido.
_COMPARACIONES = 4_000_000
IGUAL, QUITADO, ANADIDO = "igual", "quitado", "anadido"


@dataclass(frozen=True)
class Trozo:
    """Un pedazo de texto que sigue igual, se quitó o se añadió."""

    clase: str
    texto: str


@dataclass(frozen=True)
class Cambio:
    """Un campo que cambió, con su texto en trozos."""

    rotulo: str
    trozos: list[Trozo]


def _comparar(antes: list[str], despues: list[str]):
    for que, a, b, c, d in SequenceMatcher(None, antes, despues, autojunk=False).get_opcodes():
        yield que, antes[a:b], despues[c:d]


def _palabras(antes: str, despues: str) -> list[Trozo]:
    de, a = _PALABRAS.findall(antes), _PALABRAS.findall(despues)
    if len(de) * len(a) > _COMPARACIONES:
        return [Trozo(QUITADO, antes), Trozo(ANADIDO, despues)]
    trozos = []
    for que, quitado, anadido in _comparar(de, a):
        if que == "equal":
            trozos.append(Trozo(IGUAL, "".join(quitado)))
            continue
        trozos += [Trozo(clase, "".join(p)) for clase, p in ((QUITADO, quitado), (ANADIDO, anadido)) if p]
    return trozos


def trozos(antes: str, despues: str) -> list[Trozo]:
    """Primero por renglones y, en los que cambian, por palabras: así un párrafo movido no desordena lo demás."""
    salida = []
    for que, quitado, anadido in _comparar(antes.splitlines(keepends=True), despues.splitlines(keepends=True)):
        if que == "equal":
            salida.append(Trozo(IGUAL, "".join(quitado)))
        else:
            salida += _palabras("".join(quitado), "".join(anadido))
    return salida


def _licencia(valor: str) -> str:
    return str(Licencia(valor).label) if valor in Licencia.values else valor


def _campos(version: VersionPropuesta, *, confidencial: bool, con_nombres: bool) -> dict[str, tuple[str, str]]:
    """Clave → rótulo y texto. Sin `con_nombres`, los archivos se dicen por su puesto (evaluación ciega)."""
    datos = version.contenido
    campos = {clave: (str(rotulo), datos.get(clave, "")) for clave, rotulo in COMUNES.items() if clave != "archivo"}
    campos["licencia"] = (_("Licencia"), _licencia(datos.get("licencia", "")))
    campos["terminos"] = (_("Términos aceptados"), _("Versión %(n)s") % {"n": datos["terminos"]} if datos.get("terminos") else "")
    for respuesta in datos.get("respuestas", []):
        if respuesta["publica"] or confidencial:
            oculta = respuesta["es_archivo"] and not con_nombres
            renglones = [_("Un archivo")] * len(respuesta["renglones"]) if oculta else respuesta["renglones"]
            campos[respuesta["clave"]] = (respuesta["pregunta"], "\n".join(renglones))
    archivos = [
        f"{archivo['nombre'] if con_nombres else _('Archivo %(n)d') % {'n': puesto}} ({archivo['sha256'][:12]})"
        for puesto, archivo in enumerate(datos.get("archivos", []), 1)
    ]
    campos["archivo"] = (str(COMUNES["archivo"]), "\n".join(archivos))
    return campos


def cambios(antes: VersionPropuesta, despues: VersionPropuesta, *, confidencial: bool, con_nombres: bool) -> list[Cambio]:
    """Los campos distintos, en orden. `confidencial`: si quien mira lee también lo que no se publica."""
    de, a = (_campos(v, confidencial=confidencial, con_nombres=con_nombres) for v in (antes, despues))
    distintos = []
    for clave in [*a, *(clave for clave in de if clave not in a)]:
        rotulo, _texto = a.get(clave) or de[clave]
        textos = de.get(clave, ("", ""))[1], a.get(clave, ("", ""))[1]
        if textos[0] != textos[1]:
            distintos.append(Cambio(rotulo, trozos(*textos)))
    return distintos
