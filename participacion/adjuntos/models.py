import uuid

from django.core.files.storage import storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cuentas.models import Participante
from participacion.ejercicios.models import ReferenciaObjeto


def almacen_privado():
    return storages["privado"]


def ruta(adjunto, nombre) -> str:
    """Sin el nombre que puso la persona: puede identificarla y no aporta nada al disco."""
    return f"adjuntos/{timezone.now():%Y/%m}/{adjunto.clave}"


class Adjunto(ReferenciaObjeto):
    """Un archivo que envió alguien. Privado: quién lo ve lo decide el objeto al que pertenece.

    Mientras no pertenece a ninguno (formulario sin terminar) sólo lo conserva quien tiene su ficha firmada.
    """

    objeto_tipo = models.CharField(max_length=60, blank=True, editable=False)
    objeto_id = models.BigIntegerField(null=True, editable=False)
    clave = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    archivo = models.FileField(storage=almacen_privado, upload_to=ruta, max_length=200)
    nombre = models.CharField(max_length=150)
    tipo_mime = models.CharField(max_length=100)
    tamano = models.PositiveIntegerField(help_text=_("En bytes."))
    sha256 = models.CharField(max_length=64)
    subido_por = models.ForeignKey(Participante, null=True, on_delete=models.PROTECT, related_name="+")
    creado_en = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("adjunto")
        verbose_name_plural = _("adjuntos")
        indexes = [models.Index(fields=["objeto_tipo", "objeto_id"], name="adjunto_objeto")]
        constraints = [models.CheckConstraint(condition=models.Q(tamano__gt=0), name="adjunto_no_vacio")]

    def __str__(self):
        return f"adjunto {self.clave}"
