from django.db import models
from django.utils.translation import gettext_lazy as _


class EstadoDecision(models.TextChoices):
    """Se decide ahora y se publica después: entretanto se revisan los mensajes que saldrán."""

    BORRADOR = "borrador", _("En preparación")
    TOMADA = "tomada", _("Tomada, sin publicar")
    PUBLICADA = "publicada", _("Publicada")


class TipoDecision(models.TextChoices):
    ELIGE = "elige", _("Elige propuestas")
    DESIERTA = "desierta", _("Declara desierto el reto")


D = EstadoDecision
# Sólo la gestión. Lo publicado no se deshace: se corrige con otra respuesta oficial.
TRANSICIONES_DECISION = ((D.BORRADOR, D.TOMADA), (D.TOMADA, D.BORRADOR), (D.TOMADA, D.PUBLICADA))
del D

ACTO_DECISION, ACTO_RESPUESTA = "reto_decidido", "propuesta_respondida"
