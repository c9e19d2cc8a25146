from django.db import models
from django.utils.translation import gettext_lazy as _

from home.archivos import ArchivoPrivado

from .cuentas import Participante


class Soporte(ArchivoPrivado):
    """Un documento que sustenta una decisión de la entidad: certificado, autorización firmada. Sólo lo ve el personal.

    `titular` es la persona a quien se refiere, si es de una; al suprimir sus datos se borra con ellos.
    """

    CARPETA = "soportes"

    titular = models.ForeignKey(Participante, null=True, on_delete=models.CASCADE, related_name="soportes")

    class Meta(ArchivoPrivado.Meta):
        verbose_name = _("soporte")
        verbose_name_plural = _("soportes")

    def __str__(self):
        return f"soporte {self.clave}"
