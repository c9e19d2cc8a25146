from django.db import models
from django.utils.translation import gettext_lazy as _

from participacion.formularios.enums import TipoPregunta


class Modo(models.TextChoices):
    """Cómo se asegura una respuesta por persona."""

    CUENTA = "cuenta", _("Con cuenta: una por persona")
    CODIGO = "codigo", _("Con código de un solo uso: una por código")
    ANONIMA = "anonima", _("Anónima: sin control de quién responde")


class PoliticaResultados(models.TextChoices):
    EN_VIVO = "en_vivo", _("Mientras está abierta")
    AL_CIERRE = "al_cierre", _("Al cerrar")
    NUNCA = "nunca", _("Nunca: sólo el informe")


class Rasgo(models.TextChoices):
    """Por lo que se cruzan los resultados: los campos de la respuesta y de sus conteos."""

    ACTOR = "actor_tipo", _("Tipo de actor")
    EDAD = "rango_edad", _("Edad")
    AREA = "area", _("Comuna, corregimiento o vereda")


class CalculoMedida(models.TextChoices):
    """Qué cifra de una pregunta se publica como medida."""

    OPCIONES = "opciones", _("Porcentaje que eligió ciertas opciones")
    FAVORABLES = "favorables", _("Satisfacción: porcentaje en los dos valores más altos")
    MEDIA = "media", _("Media")
    NPS = "nps", _("NPS: promotores menos detractores")


class DireccionMedida(models.TextChoices):
    AUMENTAR = "aumentar", _("Que aumente")
    REDUCIR = "reducir", _("Que se reduzca")


class EstadoExportacion(models.TextChoices):
    EN_COLA = "en_cola", _("En espera")
    EN_CURSO = "en_curso", _("En preparación")
    LISTA = "lista", _("Lista")
    FALLIDA = "fallida", _("No se pudo preparar")


# Un grupo más pequeño que esto no se muestra: se sabría quién es. El editor puede subirlo, no bajarlo de 3.
MINIMO_GRUPO, MINIMO_GRUPO_MENOR = 5, 3
# Preguntas cuya respuesta dice de quién es.
IDENTIFICAN = {TipoPregunta.ARCHIVO, TipoPregunta.CORREO}
# En modo secreto las respuestas esperan, selladas, hasta ser tantas; entonces se escriben barajadas.
LOTE_SECRETO = 10
SERIE = "E"
ACTO_RESPUESTA, ACTO_RESPUESTA_SECRETA = "encuesta_respondida", "encuesta_respondida_secreta"
ACTO_ANULADA = "respuesta_anulada"
