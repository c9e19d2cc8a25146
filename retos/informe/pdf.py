"""El informe en PDF, con etiquetas para lectores de pantalla (PDF/UA-1). Los mismos datos dan los mismos bytes."""

import hashlib
import json
import re
import unicodedata
from dataclasses import asdict
from pathlib import Path

import typst
from django.core.cache import cache
from django.utils import formats
from django.utils.translation import gettext as _

from home.models import AjustesSitio

from .documento import Documento

PLANTILLA = Path(__file__).with_name("informe.typ").read_bytes()
# Cuántas propuestas lista: se arma mientras quien lo pide espera. Las demás están en los datos abiertos (decisión 080).
PROPUESTAS = 300
UN_DIA = 24 * 60 * 60
# Lo que dibujan las fuentes que trae typst. Con una letra que ninguna tiene, un PDF/UA no se puede hacer.
_RANGOS = ((0x20, 0x500), (0x1E00, 0x2150), (0x2190, 0x2300))
_LETRAS = "".join(
    re.escape(letra) for desde, hasta in _RANGOS for letra in map(chr, range(desde, hasta)) if unicodedata.category(letra)[0] != "C"
)
_SIN_DIBUJO = re.compile(f"[^\n{_LETRAS}]")
SUSTITUTA = "□"


def _dibujable(dato):
    """Lo mismo, con cada letra que las fuentes no tienen cambiada por un recuadro."""
    if isinstance(dato, str):
        return _SIN_DIBUJO.sub(SUSTITUTA, dato)
    if isinstance(dato, dict):
        return {clave: _dibujable(valor) for clave, valor in dato.items()}
    return [_dibujable(valor) for valor in dato] if isinstance(dato, list) else dato


def _logo(ajustes: AjustesSitio) -> bytes | None:
    if ajustes.logo is None:
        return None
    try:
        with ajustes.logo.get_rendition("max-600x180|format-png").file.open("rb") as archivo:
            return archivo.read()
    except OSError:  # el archivo se perdió: el informe sale sin él
        return None


def aviso_de(documento: Documento) -> str:
    """Qué clase de informe es y de cuándo son sus cifras."""
    dia = {"fecha": formats.date_format(documento.fecha, "DATE_FORMAT")}
    if documento.preliminar:
        return _("Informe preliminar: el reto sigue en marcha y las cifras pueden cambiar. Cifras al %(fecha)s.") % dia
    return _("Informe de cierre. Cifras al %(fecha)s.") % dia


def _datos(documento: Documento) -> dict:
    datos = json.loads(json.dumps(asdict(documento), default=str))
    limpios = _dibujable(datos)
    dia = documento.fecha
    return limpios | {
        "omitidos": limpios != datos,
        "anio": dia.year,
        "mes": dia.month,
        "dia": dia.day,
        "fecha": formats.date_format(dia, "DATE_FORMAT"),
        "idioma": documento.idioma.partition("-")[0],
        "aviso": aviso_de(documento),
        "rotulos": {
            "preliminar": _("Preliminar"),
            "pagina": _("Página"),
            "omitidos": _("□ es una letra que este archivo no puede dibujar; en la página del informe está completa."),
        },
    }


def como_pdf(documento: Documento, ajustes: AjustesSitio) -> bytes:
    logo = _logo(ajustes)
    datos = json.dumps(_datos(documento) | {"logo": logo and list(logo)}, ensure_ascii=False, sort_keys=True).encode()
    clave = f"informe-de-reto:{hashlib.sha256(PLANTILLA + datos).hexdigest()}"
    pdf = cache.get(clave)
    if pdf is None:
        archivos = {"main.typ": PLANTILLA, "datos.json": datos}
        pdf = typst.compile(archivos, ignore_system_fonts=True, pdf_standards=["ua-1"])
        cache.set(clave, pdf, UN_DIA)
    return pdf
