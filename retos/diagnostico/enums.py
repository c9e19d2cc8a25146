from django.db import models
from django.utils.translation import gettext_lazy as _


class EstadoProblema(models.TextChoices):
    ENVIADO = "enviado", _("En revisión")
    PUBLICADO = "publicado", _("Publicado")
    RECHAZADO = "rechazado", _("No se publicó")
    RETIRADO = "retirado", _("Retirado por su autor")


class EstadoPregunta(models.TextChoices):
    ENVIADA = "enviada", _("Sin responder")
    RESPONDIDA = "respondida", _("Respondida")
    RECHAZADA = "rechazada", _("No se publicó")


# Quién hace cada transición: «autor» o «moderacion»; una pregunta la responde la gestión del reto.
TRANSICIONES_PROBLEMA = {
    (EstadoProblema.ENVIADO, EstadoProblema.PUBLICADO): "moderacion",
    (EstadoProblema.ENVIADO, EstadoProblema.RECHAZADO): "moderacion",
    (EstadoProblema.ENVIADO, EstadoProblema.RETIRADO): "autor",
    (EstadoProblema.PUBLICADO, EstadoProblema.RETIRADO): "autor",
}
TRANSICIONES_PREGUNTA = {
    (EstadoPregunta.ENVIADA, EstadoPregunta.RESPONDIDA): "gestion",
    (EstadoPregunta.ENVIADA, EstadoPregunta.RECHAZADA): "gestion",
}

# El acto de llegar a cada estado de un problema, y si lo hace quien participa.
ACTOS_PROBLEMA: dict[str, tuple[str, object, bool]] = {
    EstadoProblema.ENVIADO: ("problema_enviado", _("Problema contado"), True),
    EstadoProblema.PUBLICADO: ("problema_publicado", _("Problema publicado"), False),
    EstadoProblema.RECHAZADO: ("problema_rechazado", _("Problema que no se publicó"), False),
    EstadoProblema.RETIRADO: ("problema_retirado", _("Problema retirado"), False),
}
