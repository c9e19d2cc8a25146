from django.db import models
from django.utils.translation import gettext_lazy as _


class EstadoPropuesta(models.TextChoices):
    BORRADOR = "borrador", _("Borrador")
    ENVIADA = "enviada", _("En revisión")
    DEVUELTA = "devuelta", _("Devuelta para corregir")
    PUBLICADA = "publicada", _("Publicada")
    RECHAZADA = "rechazada", _("Rechazada")
    RETIRADA = "retirada", _("Retirada por su autor")
    FUSIONADA = "fusionada", _("Fusionada con otra")


class Quien(models.TextChoices):
    """Quién puede hacer una transición."""

    AUTOR = "autor"
    MODERACION = "moderacion"
    GESTION = "gestion"


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
    (E.PUBLICADA, E.FUSIONADA): Quien.AUTOR,
}

# El acto del registro que corresponde a llegar a cada estado, y si lo hace quien participa.
ACTOS: dict[str, tuple[str, object, bool]] = {
    E.ENVIADA: ("propuesta_enviada", _("Propuesta enviada"), True),
    E.PUBLICADA: ("propuesta_publicada", _("Propuesta publicada"), False),
    E.DEVUELTA: ("propuesta_devuelta", _("Propuesta devuelta"), False),
    E.RECHAZADA: ("propuesta_rechazada", _("Propuesta rechazada"), False),
    E.RETIRADA: ("propuesta_retirada", _("Propuesta retirada"), False),
    E.FUSIONADA: ("propuesta_fusionada", _("Propuesta fusionada"), False),
}

EDITABLES = (E.BORRADOR, E.DEVUELTA)
RETIRABLES = tuple(desde for desde, hacia in TRANSICIONES if hacia == E.RETIRADA)


class Resultado(models.TextChoices):
    """Qué fue de una propuesta en el concurso. Aparte de su `estado`, que dice si está a la vista."""

    EN_ESTUDIO = "en_estudio", _("En estudio")
    ADMITIDA = "admitida", _("Admitida a evaluación")
    NO_ADMITIDA = "no_admitida", _("No admitida")
    ELEGIDA = "elegida", _("Elegida")
    ELEGIBLE = "elegible", _("En el banco de elegibles")
    NO_ELEGIDA = "no_elegida", _("No elegida")
    EN_IMPLEMENTACION = "implementacion", _("En implementación")
    IMPLEMENTADA = "implementada", _("Implementada")
    NO_IMPLEMENTADA = "no_implementada", _("No se implementó")


R = Resultado

# Toda transición de resultado y en qué acción del calendario (`fases.Accion`) cabe. Siempre la hace la gestión del reto.
TRANSICIONES_RESULTADO: dict[tuple[str, str], str] = {
    (R.EN_ESTUDIO, R.ADMITIDA): "admitir",
    (R.EN_ESTUDIO, R.NO_ADMITIDA): "admitir",
    (R.ADMITIDA, R.NO_ADMITIDA): "admitir",
    (R.NO_ADMITIDA, R.ADMITIDA): "admitir",
    **{
        (desde, hacia): "decidir"
        for desde in (R.EN_ESTUDIO, R.ADMITIDA)
        for hacia in (R.ELEGIDA, R.ELEGIBLE, R.NO_ELEGIDA)
    },
    (R.ELEGIBLE, R.ELEGIDA): "avanzar",  # del banco, cuando falta la elegida
    (R.ELEGIDA, R.EN_IMPLEMENTACION): "avanzar",
    (R.ELEGIDA, R.NO_IMPLEMENTADA): "avanzar",
    (R.EN_IMPLEMENTACION, R.IMPLEMENTADA): "avanzar",
    (R.EN_IMPLEMENTACION, R.NO_IMPLEMENTADA): "avanzar",
}

# El acto de llegar a cada resultado. Lo hace la entidad: no cuenta como participación.
ACTOS_RESULTADO: dict[str, tuple[str, object]] = {
    resultado: (f"propuesta_{resultado.value}", resultado.label) for resultado in R if resultado != R.EN_ESTUDIO
}
ELEGIDAS = (R.ELEGIDA, R.EN_IMPLEMENTACION, R.IMPLEMENTADA, R.NO_IMPLEMENTADA)
# Las que una decisión todavía puede resolver.
POR_DECIDIR = (R.EN_ESTUDIO, R.ADMITIDA)


class Licencia(models.TextChoices):
    """Con qué derechos entrega la propuesta quien la escribe. El reto ofrece algunas."""

    CC0 = "cc0", _("Dominio público (CC0 1.0)")
    CC_BY = "cc-by-4.0", _("Uso libre con atribución (CC BY 4.0)")
    CC_BY_SA = "cc-by-sa-4.0", _("Uso libre con atribución, compartir igual (CC BY-SA 4.0)")
    CC_BY_NC = "cc-by-nc-4.0", _("Uso no comercial con atribución (CC BY-NC 4.0)")
    MIT = "mit", _("Software libre permisivo (MIT)")
    GPL = "gpl-3.0", _("Software libre recíproco (GPL 3.0)")
    USO_ENTIDAD = "uso-entidad", _("Derechos reservados, con licencia de uso a la entidad")


del E, R
