from django.apps import AppConfig


class ModeracionConfig(AppConfig):
    name = "participacion.moderacion"
    verbose_name = "Moderación"

    def ready(self):
        from cuentas.roles import conceder

        from . import datos_personales
        from .rules import ROLES_QUE_MODERAN

        for rol in ROLES_QUE_MODERAN:
            conceder(rol, "moderacion.moderar")
        datos_personales.declarar_fuente()
