from django.apps import AppConfig


class AdjuntosConfig(AppConfig):
    name = "participacion.adjuntos"
    verbose_name = "Adjuntos"

    def ready(self):
        from . import datos_personales

        datos_personales.declarar_fuente()
