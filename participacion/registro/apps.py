from django.apps import AppConfig


class RegistroConfig(AppConfig):
    name = "participacion.registro"
    verbose_name = "Registro de participación"
