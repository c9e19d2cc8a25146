from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicadoresConfig(AppConfig):
    name = "indicadores"
    verbose_name = _("Indicadores")

    def ready(self):
        from cuentas import datos_personales
        from cuentas.roles import conceder

        from . import diferencial
        from .rules import PERMISO, ROLES_QUE_VEN

        for rol in ROLES_QUE_VEN:
            conceder(rol, PERMISO)
        datos_personales.declarar(
            "indicadores.diferencial",
            _("Conteos de enfoque diferencial"),
            modelos=[],
            copiar=diferencial.copiar,
            suprimir=diferencial.suprimir,
        )
