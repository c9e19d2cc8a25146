from django.apps import AppConfig


class AvisosConfig(AppConfig):
    name = "participacion.avisos"
    verbose_name = "Avisos"
