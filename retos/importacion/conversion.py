"""De las celdas de una línea a una propuesta lista para decidir su suerte."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from home.texto import html_a_texto, html_seguro, limpiar_linea, limpiar_parrafos

from ..models import Propuesta
from . import columnas as mapa
from .columnas import Campo, Columnas
from .fechas import Fecha, Orden, averiguar_orden, leer_fecha
from .lectura import Tabla

CELDA_MAXIMA = 50_000
TITULO_MAXIMO = Propuesta._meta.get_field("titulo").max_length
ID_MAXIMO = Propuesta._meta.get_field("fuente_id").max_length

_ETIQUETA = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(\s[^<>]*)?/?>")
_ENTIDAD = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")
_PARRAFO_VACIO = re.compile(r"<p>(?:\s|&nbsp;|<br>)*</p>\s*")
_FIN_DE_FRASE = re.compile(r"[.!?…]['\"»”)]*\s")
# Lo que no está en el formato permitido pero tiene un equivalente en él, para no pegar un bloque con otro.
_EQUIVALENTES = [
    (re.compile(r"(?i)<(/?)h[12]\b"), r"<\1h3"),
    (re.compile(r"(?i)<(/?)h[56]\b"), r"<\1h4"),
    (re.compile(r"(?i)<(/?)(div|section|article|pre|td)\b"), r"<\1p"),
]


class LineaInvalida(Exception):
    """El motivo por el que una línea no se puede importar, para quien la importa."""


@dataclass(frozen=True)
class Fila:
    """Una línea que se entiende. `resumen_propio`: venía en el archivo, no se sacó de la descripción."""

    linea: int
    fuente_id: str
    titulo: str
    resumen: str
    resumen_propio: bool
    descripcion: str
    descripcion_html: str
    creada: datetime
    apoyos: int
    retirada: datetime | None


@dataclass(frozen=True)
class Rechazo:
    """Una línea que no se puede importar, y por qué."""

    linea: int
    fuente_id: str
    titulo: str
    motivo: str


@dataclass(frozen=True)
class Lote:
    """Lo que hay para importar. `orden_supuesto`: las fechas se podían leer de dos maneras y se eligió una."""

    columnas: Columnas
    orden: Orden
    orden_supuesto: bool
    lineas: list[Fila | Rechazo]


def preparar(tabla: Tabla, columnas: Columnas, orden: Orden | None = None) -> Lote:
    """Convierte todas las líneas; no toca la base de datos.

    Lanza ValidationError si faltan columnas o el orden de las fechas es contradictorio y no se eligió.
    """
    mapa.comprobar(columnas)
    supuesto = False
    if orden is None:
        indices = [columnas[campo] for campo in (Campo.FECHA, Campo.RETIRADA) if campo in columnas]
        orden, supuesto = averiguar_orden(celdas[i] for _n, celdas in tabla.filas for i in indices if i < len(celdas))
    ancho, vistos = len(tabla.encabezado), {}
    lineas = [_convertir(numero, celdas, ancho, columnas, orden, vistos) for numero, celdas in tabla.filas]
    return Lote(columnas, orden, supuesto, lineas)


def _convertir(linea, celdas, ancho, columnas, orden, vistos) -> Fila | Rechazo:
    datos = {campo: celdas[i] for campo, i in columnas.items() if i < len(celdas)}
    fuente_id = limpiar_linea(datos.get(Campo.ID, "")[:CELDA_MAXIMA])
    titulo = limpiar_linea(_sin_formato(datos.get(Campo.TITULO, "")[:CELDA_MAXIMA]))
    try:
        if len(celdas) != ancho:
            raise LineaInvalida(_("Tiene %(n)s columnas y el encabezado %(m)s.") % {"n": len(celdas), "m": ancho})
        if any(len(celda) > CELDA_MAXIMA for celda in datos.values()):
            raise LineaInvalida(_("Una celda pasa de %(n)s caracteres.") % {"n": CELDA_MAXIMA})
        if not fuente_id:
            raise LineaInvalida(_("No tiene identificador."))
        if len(fuente_id) > ID_MAXIMO:
            raise LineaInvalida(_("El identificador pasa de %(n)s caracteres.") % {"n": ID_MAXIMO})
        if fuente_id in vistos:
            raise LineaInvalida(_("El identificador ya aparece en la línea %(n)s.") % {"n": vistos[fuente_id]})
        vistos[fuente_id] = linea
        return _fila(linea, fuente_id, titulo, datos, orden)
    except LineaInvalida as error:
        return Rechazo(linea, fuente_id[:ID_MAXIMO], titulo[:TITULO_MAXIMO], str(error))


def _fila(linea, fuente_id, titulo, datos, orden) -> Fila:
    if not titulo:
        raise LineaInvalida(_("No tiene título."))
    if len(titulo) > TITULO_MAXIMO:
        raise LineaInvalida(_("El título pasa de %(n)s caracteres.") % {"n": TITULO_MAXIMO})
    descripcion, descripcion_html = _descripcion(datos.get(Campo.DESCRIPCION, ""))
    if len(descripcion) > Propuesta.DESCRIPCION_MAXIMA:
        raise LineaInvalida(_("La descripción pasa de %(n)s caracteres.") % {"n": Propuesta.DESCRIPCION_MAXIMA})
    resumen = _sin_formato(datos.get(Campo.RESUMEN, ""))
    creada = _fecha(datos[Campo.FECHA], orden, _("No tiene fecha de publicación."))
    retirada = datos.get(Campo.RETIRADA, "").strip()
    return Fila(
        linea=linea,
        fuente_id=fuente_id,
        titulo=titulo,
        resumen=resumir(resumen or descripcion),
        resumen_propio=bool(resumen),
        descripcion=descripcion,
        descripcion_html=descripcion_html,
        creada=creada.instante,
        apoyos=_apoyos(datos.get(Campo.APOYOS, "")),
        retirada=_retiro(_fecha(retirada, orden), creada) if retirada else None,
    )


def _descripcion(celda: str) -> tuple[str, str]:
    """El texto legible y, si traía formato, el HTML que se permite de él."""
    if not _ETIQUETA.search(celda):
        return _sin_formato(celda), ""
    for patron, cambio in _EQUIVALENTES:
        celda = patron.sub(cambio, celda)
    # Limpiar los caracteres después: una entidad («&#8238;») también puede traer uno engañoso.
    fragmento = _PARRAFO_VACIO.sub("", limpiar_parrafos(html_seguro(celda)))
    if len(fragmento) > CELDA_MAXIMA:
        raise LineaInvalida(_("Una celda pasa de %(n)s caracteres.") % {"n": CELDA_MAXIMA})
    texto = html_a_texto(fragmento)
    return texto, fragmento if texto else ""


def _sin_formato(celda: str) -> str:
    if _ETIQUETA.search(celda) or _ENTIDAD.search(celda):
        return html_a_texto(html_seguro(celda))
    return limpiar_parrafos(celda)


def resumir(texto: str) -> str:
    """Las primeras frases que caben en un resumen; si la primera no cabe, hasta donde alcance."""
    texto = limpiar_linea(texto)
    maximo = Propuesta.RESUMEN_MAXIMO
    if len(texto) <= maximo:
        return texto
    if finales := [m.end() for m in _FIN_DE_FRASE.finditer(texto, 0, maximo + 1)]:
        return texto[: finales[-1]].rstrip()
    return texto[:maximo].rsplit(" ", 1)[0][: maximo - 1] + "…"


def _fecha(celda: str, orden: Orden, si_falta: str = "") -> Fecha:
    celda = limpiar_linea(celda[:100])
    if not celda:
        raise LineaInvalida(si_falta)
    try:
        return leer_fecha(celda, orden)
    except ValueError as error:
        raise LineaInvalida(
            _("«%(texto)s» no es una fecha (%(orden)s).") % {"texto": celda[:40], "orden": orden.label.lower()}
        ) from error


def _retiro(retirada: Fecha, creada: Fecha) -> datetime:
    """El instante del retiro, nunca anterior a la publicación.

    Cuando la publicación trae sólo el día, el mismo día en otro huso puede parecer anterior por unas horas.
    """
    if retirada.instante >= creada.instante:
        return retirada.instante
    if (creada.solo_dia or retirada.solo_dia) and creada.instante - retirada.instante < timedelta(days=1):
        return creada.instante
    raise LineaInvalida(_("La fecha de retiro es anterior a la de publicación."))


def _apoyos(celda: str) -> int:
    celda = celda.strip()
    if not celda:
        return 0
    if not re.fullmatch(r"[0-9]{1,9}", celda):
        raise LineaInvalida(_("«%(texto)s» no es un número de apoyos.") % {"texto": limpiar_linea(celda)[:40]})
    return int(celda)
