from django.db import models
from django.utils.translation import gettext_lazy as _


class EstadoHito(models.TextChoices):
    PENDIENTE = "pendiente", _("Sin empezar")
    EN_CURSO = "en_curso", _("En curso")
    CUMPLIDO = "cumplido", _("Cumplido")
    CANCELADO = "cancelado", _("Cancelado")


H = EstadoHito
# Los mueve la gestión del reto mientras el calendario permita anotar avances. Cancelar pide motivo.
TRANSICIONES_HITO = (
    (H.PENDIENTE, H.EN_CURSO),
    (H.PENDIENTE, H.CANCELADO),
    (H.EN_CURSO, H.CUMPLIDO),
    (H.EN_CURSO, H.CANCELADO),
    (H.CUMPLIDO, H.EN_CURSO),
    (H.CANCELADO, H.PENDIENTE),
)
del H


class Semaforo(models.TextChoices):
    """Cómo va un hito. Se calcula de sus fechas y su avance; no se guarda. Siempre con su texto."""

    A_TIEMPO = "a_tiempo", _("A tiempo")
    EN_RIESGO = "en_riesgo", _("En riesgo")
    ATRASADO = "atrasado", _("Atrasado")
    CUMPLIDO = "cumplido", _("Cumplido")
    CANCELADO = "cancelado", _("Cancelado")


class ProblemaResuelto(models.TextChoices):
    """FURAG, indicadores de innovación abierta: si la solución resolvió el problema del reto."""

    SI = "si", _("Sí")
    EN_PARTE = "en_parte", _("En parte")
    NO = "no", _("No")


class Beneficio(models.TextChoices):
    """Qué permitió la participación: FURAG GDI204. También lo que se logró al experimentar (GDI207)."""

    ALIANZAS = "alianzas", _("Alianzas con otros actores")
    CONFIANZA = "confianza", _("Más confianza en la entidad")
    PROBLEMA_INTERNO = "problema_interno", _("Un problema interno resuelto")
    PROYECTO = "proyecto", _("Un proyecto nuevo")


class TipoAlianza(models.TextChoices):
    """Qué se hizo con cada aliado: FURAG GDI208. Qué se ganó con la alianza (GDI209) se escribe."""

    RETOS = "retos", _("Identificar retos")
    PROYECTOS = "proyectos", _("Desarrollar proyectos")
    DATOS = "datos", _("Compartir o analizar datos")
    INVESTIGACION = "id", _("Investigación y desarrollo")
    APOYO = "apoyo_tecnico", _("Apoyo técnico")


ACTO_CIERRE = "reto_cerrado"
