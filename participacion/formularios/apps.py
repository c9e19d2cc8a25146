from django.apps import AppConfig


class FormulariosConfig(AppConfig):
    name = "participacion.formularios"
    verbose_name = "Formularios"

    def ready(self):
        from . import datos_personales

        datos_personales.declarar_fuente()
