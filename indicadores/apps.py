from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicadoresConfig(AppConfig):
    name = "indicadores"
    verbose_name = _("Indicadores")

    def ready(self):
        from cuentas.roles import conceder

        from .rules import PERMISO, ROLES_QUE_VEN

        for rol in ROLES_QUE_VEN:
            conceder(rol, PERMISO)
