from django.db import models
from django.utils.translation import gettext_lazy as _


class EstadoPropuesta(models.TextChoices):
    BORRADOR = "borrador", _("Borrador")
    ENVIADA = "enviada", _("En revisión")
    DEVUELTA = "devuelta", _("Devuelta para corregir")
    PUBLICADA = "publicada", _("Publicada")
    RECHAZADA = "rechazada", _("Rechazada")
    RETIRADA = "retirada", _("Retirada por su autor")


class Quien(models.TextChoices):
    """Quién puede hacer una transición."""

    AUTOR = "autor"
    MODERACION = "moderacion"


E = EstadoPropuesta

# Toda transición permitida y quién la hace. Lo que no está aquí no ocurre.
TRANSICIONES: dict[tuple[str, str], str] = {
    (E.BORRADOR, E.ENVIADA): Quien.AUTOR,
    (E.DEVUELTA, E.ENVIADA): Quien.AUTOR,
    (E.ENVIADA, E.PUBLICADA): Quien.MODERACION,
    (E.ENVIADA, E.DEVUELTA): Quien.MODERACION,
    (E.ENVIADA, E.RECHAZADA): Quien.MODERACION,
    (E.ENVIADA, E.RETIRADA): Quien.AUTOR,
    (E.DEVUELTA, E.RETIRADA): Quien.AUTOR,
    (E.PUBLICADA, E.RETIRADA): Quien.AUTOR,
}

# El acto del registro que corresponde a llegar a cada estado, y si lo hace quien participa.
ACTOS: dict[str, tuple[str, object, bool]] = {
    E.ENVIADA: ("propuesta_enviada", _("Propuesta enviada"), True),
    E.PUBLICADA: ("propuesta_publicada", _("Propuesta publicada"), False),
    E.DEVUELTA: ("propuesta_devuelta", _("Propuesta devuelta"), False),
    E.RECHAZADA: ("propuesta_rechazada", _("Propuesta rechazada"), False),
    E.RETIRADA: ("propuesta_retirada", _("Propuesta retirada"), False),
}

EDITABLES = (E.BORRADOR, E.DEVUELTA)
RETIRABLES = tuple(desde for desde, hacia in TRANSICIONES if hacia == E.RETIRADA)

del E
