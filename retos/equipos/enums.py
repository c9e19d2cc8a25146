from django.db import models
from django.utils.translation import gettext_lazy as _


class TipoUnion(models.TextChoices):
    """Cómo se juntan dos proponentes."""

    ADHESION = "adhesion", _("Sumarse al equipo")
    FUSION = "fusion", _("Fusionar dos propuestas")


class EstadoUnion(models.TextChoices):
    PEDIDA = "pedida", _("Espera respuesta")
    ACEPTADA = "aceptada", _("Aceptada")
    RECHAZADA = "rechazada", _("No aceptada")
    RETIRADA = "retirada", _("Retirada por quien la pidió")


class Parte(models.TextChoices):
    """Quién puede hacer una transición de una unión."""

    PIDE = "pide"
    RECIBE = "recibe"


U = EstadoUnion
TRANSICIONES_UNION: dict[tuple[str, str], str] = {
    (U.PEDIDA, U.ACEPTADA): Parte.RECIBE,
    (U.PEDIDA, U.RECHAZADA): Parte.RECIBE,
    (U.PEDIDA, U.RETIRADA): Parte.PIDE,
}
del U


# Los actos de un equipo. No cuentan como participación: ésa es la propuesta, que cuenta una vez, por quien la presenta.
ACTO_SUMADO = "integrante_sumado"
ACTO_SALIDO = "integrante_salido"
