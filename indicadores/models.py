from django.utils.translation import gettext_lazy as _

from participacion.registro.models import Acto


class Indicador(Acto):
    """Una lectura del registro. Existe porque en Django todo permiso es de un modelo; no tiene tabla propia."""

    class Meta:
        proxy = True
        verbose_name = _("indicador")
        verbose_name_plural = _("indicadores")
        default_permissions = []
        permissions = [("ver_indicadores", _("Puede ver y descargar los indicadores"))]
