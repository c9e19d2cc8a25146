from django.apps import AppConfig


class PlataformaConfig(AppConfig):
    name = "plataforma"
    verbose_name = "Plataforma"
