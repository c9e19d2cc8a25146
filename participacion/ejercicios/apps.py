from django.apps import AppConfig


class EjerciciosConfig(AppConfig):
    name = "participacion.ejercicios"
    verbose_name = "Ejercicios"

    def ready(self):
        from . import recepcion

        recepcion.conectar()
