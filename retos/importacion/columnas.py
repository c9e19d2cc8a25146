"""Qué columna del archivo trae cada dato."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.texto import sin_tildes


class Campo(models.TextChoices):
    """Lo que se importa. Nada de quién la escribió: serían datos personales sin autorización (Ley 1581 de 2012)."""

    ID = "id", gettext_lazy("Identificador en la otra plataforma")
    TITULO = "titulo", gettext_lazy("Título")
    FECHA = "fecha", gettext_lazy("Fecha de publicación")
    RESUMEN = "resumen", gettext_lazy("Resumen")
    DESCRIPCION = "descripcion", gettext_lazy("Descripción")
    APOYOS = "apoyos", gettext_lazy("Número de apoyos")
    RETIRADA = "retirada", gettext_lazy("Fecha de retiro")


OBLIGATORIOS = (Campo.ID, Campo.TITULO, Campo.FECHA)

# Encabezados usuales, del más al menos propio: los de Consul (Decide Madrid), Decidim y los que se escriben a mano.
_USUALES = {
    Campo.ID: "id identificador id_propuesta propuesta_id proposal_id codigo code external_id referencia reference",
    Campo.TITULO: "title titulo title_es titulo_es nombre name asunto subject",
    Campo.FECHA: "created_at fecha fecha_creacion fecha_de_creacion published_at fecha_publicacion "
    "fecha_de_publicacion creada creada_en creado_en publicada_en date created",
    Campo.RESUMEN: "summary resumen summary_es resumen_es extracto",
    Campo.DESCRIPCION: "description descripcion body body_es description_es texto text contenido content detalle",
    Campo.APOYOS: "cached_votes_up apoyos votos supports votes total_apoyos total_votos numero_de_apoyos "
    "endorsements_total_count endorsements_count votes_count total_votes likes",
    Campo.RETIRADA: "retired_at retirada_en fecha_retiro fecha_de_retiro withdrawn_at retirada",
}

Columnas = dict[Campo, int]


def _llano(nombre: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", sin_tildes(nombre)).strip("_")


def adivinar(encabezado: list[str]) -> Columnas:
    """Los datos que se reconocen por el nombre de su columna."""
    llanos = [_llano(nombre) for nombre in encabezado]
    halladas = {}
    for campo, usuales in _USUALES.items():
        for usual in usuales.split():
            if usual in llanos:
                halladas[campo] = llanos.index(usual)
                break
    return halladas


def comprobar(columnas: Columnas) -> None:
    """Lanza ValidationError si falta una columna obligatoria o una sirve para dos datos."""
    if faltan := [str(campo.label) for campo in OBLIGATORIOS if campo not in columnas]:
        raise ValidationError(_("Falta decir qué columna trae: %(campos)s.") % {"campos": ", ".join(faltan)})
    if len(set(columnas.values())) < len(columnas):
        raise ValidationError(_("Una misma columna está elegida para dos datos distintos."))
