from django.db import models

from home.texto import sin_tildes

from .enums import EstadoPropuesta

_FIRMA = (
    "organizacion__nombre", "organizacion__verificada_en", "autor__cuenta__first_name", "autor__cuenta__last_name", "autor__nombre", "autor__muestra_nombre",
    "autor__suprimido",
)
_DE_TARJETA = (
    "ejercicio_id", "estado", "actor_tipo", "titulo", "resumen", "idioma", "fuente", "apoyos", "apoyos_importados",
    "publicada_en", "actualizada_en", *_FIRMA,
)  # fmt: skip
_DE_DETALLE = (
    *_DE_TARJETA, "referencia", "descripcion", "descripcion_html", "clave_envio", "enviada_en", "devuelta_en",
    "ejercicio__sitio_id", "ejercicio__translation_key", "ejercicio__titulo", "ejercicio__publicado",
    "ejercicio__apertura", "ejercicio__cierre", "ejercicio__dias_correccion",
)  # fmt: skip


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
        """Sólo lo que una tarjeta muestra, en una consulta: leer todas las columnas cuesta más que dibujarla."""
        return self.select_related("organizacion", "autor__cuenta").only(*_DE_TARJETA)

    def versiones(self):
        """De cada propuesta, su id y todo lo que hace distinta su tarjeta: se dibuja de nuevo sólo si algo cambió."""
        return self.values_list("pk", "actualizada_en", "apoyos", *_FIRMA)

    def con_detalle(self):
        """Lo que muestra su página y lo que hace falta para saber quién la ve."""
        return self.select_related("ejercicio", "organizacion", "autor__cuenta").only(*_DE_DETALLE)

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
