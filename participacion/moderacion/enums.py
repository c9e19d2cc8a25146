from django.db import models
from django.utils.translation import gettext_lazy as _


class Decision(models.TextChoices):
    """Qué resolvió la moderación. El valor vacío en una entrada significa «por decidir»."""

    APROBADA = "aprobada", _("Aprobada")
    DEVUELTA = "devuelta", _("Devuelta para corregir")
    RECHAZADA = "rechazada", _("Rechazada")
    RETIRADA = "retirada", _("Retirada por su autor")


# Lo que un moderador puede resolver; devolver y rechazar exigen motivo.
DE_MODERADOR = [Decision.APROBADA, Decision.DEVUELTA, Decision.RECHAZADA]
CON_MOTIVO = {Decision.DEVUELTA, Decision.RECHAZADA}
