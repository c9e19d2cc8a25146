from django.db import models
from django.utils.translation import gettext_lazy as _


class Canal(models.TextChoices):
    WEB = "web", _("Web")
    ASISTIDA = "asistida", _("Asistida por la entidad")
    PAPEL = "papel", _("Papel")
    IMPORTACION = "importacion", _("Importación")
    API = "api", _("API")


# Los que registra el personal por una persona: su acto dice quién (`Asistencia`).
ASISTIDOS = (Canal.ASISTIDA, Canal.PAPEL)


class ActorRegistro(models.TextChoices):
    """Quién hace un acto y no es un participante."""

    PERSONAL = "personal", _("Personal de la entidad")
    SIN_DATO = "sin_dato", _("Sin dato")
