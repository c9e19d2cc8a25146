from django.apps import AppConfig


class RegistroConfig(AppConfig):
    name = "participacion.registro"
    verbose_name = "Registro de participación"

    def ready(self):
        from cuentas.verificacion.union import declarar_huella

        from . import datos_personales
        from .models import Acto

        datos_personales.declarar_fuente()
        declarar_huella(lambda participante: Acto.objects.filter(participante=participante.clave).exists())
