from django.db import models

from .enums import EstadoRespuesta


class VersionFormularioQuerySet(models.QuerySet):
    def vigente(self, ejercicio):
        """La última publicada de un ejercicio; None si no tiene formulario."""
        return self.filter(ejercicio=ejercicio).order_by("-numero").first()


class RespuestaQuerySet(models.QuerySet):
    def enviadas(self):
        return self.filter(estado=EstadoRespuesta.ENVIADA)

    def parciales(self):
        return self.filter(estado=EstadoRespuesta.PARCIAL)
