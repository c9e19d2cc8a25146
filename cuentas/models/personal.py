from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _


class AsignacionRol(models.Model):
    """Un rol del personal en un sitio. La crea `actions.asignar_rol`, la única puerta para otorgar poderes."""

    usuario = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="asignaciones")
    sitio = models.ForeignKey("wagtailcore.Site", on_delete=models.PROTECT, related_name="+")
    grupo = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    otorgado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    otorgado_en = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("rol asignado")
        verbose_name_plural = _("roles asignados")
        constraints = [models.UniqueConstraint(fields=["usuario", "sitio", "grupo"], name="asignacion_rol_unica")]

    def __str__(self):
        return f"rol {self.grupo_id} de cuenta {self.usuario_id} en sitio {self.sitio_id}"
