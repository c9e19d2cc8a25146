from django.db import models
from django.utils.translation import gettext_lazy as _


class ModoApoyo(models.TextChoices):
    """Cómo reparte su apoyo una persona entre lo que hay en un ejercicio."""

    SIMPLE = "simple", _("Un apoyo por propuesta")
    ORDEN = "orden", _("Elegir y ordenar las preferidas")
    PUNTOS = "puntos", _("Repartir puntos")
