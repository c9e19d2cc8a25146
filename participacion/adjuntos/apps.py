from django.apps import AppConfig


class AdjuntosConfig(AppConfig):
    name = "participacion.adjuntos"
    verbose_name = "Adjuntos"
