from django.apps import AppConfig


class ModeracionConfig(AppConfig):
    name = "participacion.moderacion"
    verbose_name = "Moderación"

    def ready(self):
        from cuentas.roles import conceder

        from .rules import ROLES_QUE_MODERAN

        for rol in ROLES_QUE_MODERAN:
            conceder(rol, "moderacion.moderar")
