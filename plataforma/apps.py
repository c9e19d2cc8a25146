from django.apps import AppConfig


class PlataformaConfig(AppConfig):
    name = "plataforma"
    verbose_name = "Plataforma"

    def ready(self):
        from participacion.avisos import tipos as avisos

        from . import publicacion

        avisos.declarar(publicacion.AVISO, "plataforma/correo/publicacion_rechazada", publicacion.lo_que_falta)
