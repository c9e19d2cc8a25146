from django.db import models
from django.utils.translation import gettext_lazy as _

from cuentas.models import Participante
from home.archivos import ArchivoPrivado
from participacion.ejercicios.models import ReferenciaObjeto


class Adjunto(ArchivoPrivado, ReferenciaObjeto):
    """Un archivo que envió alguien. Privado: quién lo ve lo decide el objeto al que pertenece.

    Mientras no pertenece a ninguno (formulario sin terminar) sólo lo conserva quien tiene su ficha firmada.
    """

    CARPETA = "adjuntos"

    objeto_tipo = models.CharField(max_length=60, blank=True, editable=False)
    objeto_id = models.BigIntegerField(null=True, editable=False)
    sin_metadatos = models.BooleanField(
        default=False, editable=False, help_text=_("Ya no dice quién lo hizo: ni autor, ni empresa, ni lugar.")
    )
    subido_por = models.ForeignKey(Participante, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("adjunto")
        verbose_name_plural = _("adjuntos")
        indexes = [models.Index(fields=["objeto_tipo", "objeto_id"], name="adjunto_objeto")]
        constraints = [models.CheckConstraint(condition=models.Q(tamano__gt=0), name="adjunto_no_vacio")]

    def __str__(self):
        return f"adjunto {self.clave}"
