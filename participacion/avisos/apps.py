from django.apps import AppConfig


class AvisosConfig(AppConfig):
    name = "participacion.avisos"
    verbose_name = "Avisos"

    def ready(self):
        from . import datos_personales

        datos_personales.declarar_fuente()
