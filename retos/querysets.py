from django.db import models

from home.texto import sin_tildes

from .enums import EstadoPropuesta

_FIRMA = (
    "organizacion__nombre", "organizacion__verificada_en", "autor__cuenta__first_name", "autor__cuenta__last_name", "autor__nombre", "autor__muestra_nombre",
    "autor__suprimido",
)
_DE_TARJETA = (
    "ejercicio_id", "estado", "resultado", "anonima", "actor_tipo", "titulo", "resumen", "idioma", "fuente", "apoyos", "puntos", "apoyos_importados",
    "publicada_en", "actualizada_en", *_FIRMA,
)  # fmt: skip
_DE_DETALLE = (
    *_DE_TARJETA, "referencia", "descripcion", "descripcion_html", "clave_envio", "enviada_en", "devuelta_en", "corregida_en",
    "licencia", "respuesta", "terminos", "asistida", "fusionada_en",
    "ejercicio__sitio_id", "ejercicio__translation_key", "ejercicio__titulo", "ejercicio__publicado",
    "ejercicio__apertura", "ejercicio__cierre", "ejercicio__dias_correccion", "ejercicio__reto",
)  # fmt: skip


class PropuestaQuerySet(models.QuerySet):
    def publicadas(self):
        return self.filter(estado=EstadoPropuesta.PUBLICADA)

    def publicas(self):
        """Las que cualquiera puede ver: publicadas, y retiradas o fusionadas después de publicarse."""
        return self.filter(
            models.Q(estado__in=(EstadoPropuesta.PUBLICADA, EstadoPropuesta.FUSIONADA))
            | models.Q(estado=EstadoPropuesta.RETIRADA, publicada_en__isnull=False)
        )

    def con_firma(self):
        """Sólo lo que una tarjeta muestra, en una consulta: leer todas las columnas cuesta más que dibujarla."""
        return self.select_related("organizacion", "autor__cuenta").only(*_DE_TARJETA)

    def versiones(self):
        """De cada propuesta, su id y todo lo que hace distinta su tarjeta: se dibuja de nuevo sólo si algo cambió."""
        return self.values_list("pk", "actualizada_en", "apoyos", "puntos", "anonima", *_FIRMA)

    def del_equipo(self, cuenta):
        """Las que escribe una cuenta, sola o con otras personas."""
        suyas = models.Q(autor__cuenta=cuenta) | models.Q(integrantes__participante__cuenta=cuenta)
        return self.filter(suyas).distinct()

    def con_detalle(self):
        """Lo que muestra su página y lo que hace falta para saber quién la ve."""
        consulta = self.select_related("ejercicio__reto", "organizacion", "autor__cuenta").only(*_DE_DETALLE)
        integrantes = self.model._meta.get_field("integrantes").related_model.objects.filter(propuesta=models.OuterRef("pk"))
        fusionadas = self.model._base_manager.filter(fusionada_en=models.OuterRef("pk"))
        con_partes = consulta.annotate(tiene_equipo=models.Exists(integrantes), recibio_otras=models.Exists(fusionadas))
        return con_partes.prefetch_related("ejercicio__fases")

    def recientes(self):
        return self.order_by("-publicada_en", "-id")

    def mas_apoyadas(self):
        """Por puntos donde se ordena o se reparten; donde no, todas tienen cero y manda el número de apoyos."""
        return self.order_by("-puntos", "-apoyos", "-id")

    def con_palabras(self, texto: str):
        """Las que contienen todas las palabras, sin distinguir tildes ni mayúsculas."""
        consulta = self
        for palabra in sin_tildes(texto).split():
            consulta = consulta.filter(texto_busqueda__contains=palabra)
        return consulta
