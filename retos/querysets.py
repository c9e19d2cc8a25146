from django.db import models

from home.texto import sin_tildes

from .enums import EstadoPropuesta


class PropuestaQuerySet(models.QuerySet):
    def publicadas(self):
        return self.filter(estado=EstadoPropuesta.PUBLICADA)

    def publicas(self):
        """Las que cualquiera puede ver: publicadas, y retiradas después de publicarse."""
        return self.filter(
            models.Q(estado=EstadoPropuesta.PUBLICADA)
            | models.Q(estado=EstadoPropuesta.RETIRADA, publicada_en__isnull=False)
        )

    def con_firma(self):
        """Trae lo que `firma` necesita, sin consultas por fila ni los textos largos que una lista no muestra."""
        return self.select_related("organizacion", "autor__cuenta").defer(
            "descripcion", "descripcion_html", "texto_busqueda"
        )

    def recientes(self):
        return self.order_by("-publicada_en", "-id")

    def mas_apoyadas(self):
        return self.order_by("-apoyos", "-id")

    def con_palabras(self, texto: str):
        """Las que contienen todas las palabras, sin distinguir tildes ni mayúsculas."""
        consulta = self
        for palabra in sin_tildes(texto).split():
            consulta = consulta.filter(texto_busqueda__contains=palabra)
        return consulta
