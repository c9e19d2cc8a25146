import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import TIPOS_ORGANIZACION, ResultadoRevision, RolMembresia, Sector, Tamano, TipoActor
from ..querysets import InvitacionQuerySet, MembresiaQuerySet
from .cuentas import Participante
from .soportes import Soporte


class Organizacion(models.Model):
    """Universidad, empresa, organización, veeduría o entidad en cuyo nombre se participa."""

    clave = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tipo = models.CharField(_("tipo"), max_length=20, choices=TIPOS_ORGANIZACION)
    nombre = models.CharField(_("nombre o razón social"), max_length=200)
    nit = models.CharField(_("NIT"), max_length=20, blank=True, help_text=_("Con el dígito de verificación."))
    sector = models.CharField(_("sector"), max_length=20, choices=Sector, blank=True)
    tamano = models.CharField(_("tamaño"), max_length=20, choices=Tamano, blank=True)
    correo = models.EmailField(_("correo de contacto"), blank=True, help_text=_("No se publica."))
    telefono = models.CharField(_("teléfono de contacto"), max_length=40, blank=True, help_text=_("No se publica."))
    soporte = models.ForeignKey(
        Soporte,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("El que espera revisión; al revisarla pasa a la revisión."),
    )
    verificacion_pedida_en = models.DateTimeField(null=True, blank=True, editable=False)
    verificada_en = models.DateTimeField(null=True, blank=True, editable=False)
    creada_en = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("organización")
        verbose_name_plural = _("organizaciones")
        ordering = ["nombre"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(tipo=TipoActor.CIUDADANIA), name="organizacion_tipo_no_ciudadania"
            ),
            models.UniqueConstraint(
                fields=["nit"],
                condition=~models.Q(nit=""),
                name="organizacion_nit_unico",
                violation_error_message=_("Ya hay una organización con ese NIT."),
            ),
        ]

    def __str__(self):
        return self.nombre

    @property
    def identidad(self) -> tuple[str, str, str]:
        """Lo que la entidad verifica: cambiarlo quita la verificación."""
        return self.tipo, self.nombre, self.nit


class Membresia(models.Model):
    """El poder de una persona para actuar en nombre de una organización, mientras esté vigente."""

    participante = models.ForeignKey(Participante, on_delete=models.PROTECT, related_name="membresias")
    organizacion = models.ForeignKey(Organizacion, on_delete=models.PROTECT, related_name="membresias")
    rol = models.CharField(max_length=20, choices=RolMembresia)
    desde = models.DateTimeField(auto_now_add=True)
    hasta = models.DateTimeField(null=True, blank=True, help_text=_("Vacío: sigue vigente."))

    objects = MembresiaQuerySet.as_manager()

    class Meta:
        verbose_name = _("membresía")
        verbose_name_plural = _("membresías")
        constraints = [
            models.UniqueConstraint(
                fields=["participante", "organizacion"],
                condition=models.Q(hasta__isnull=True),
                name="membresia_vigente_unica",
            )
        ]

    def __str__(self):
        return f"{self.participante} en organización {self.organizacion_id}"


class Invitacion(models.Model):
    """Una invitación a actuar por una organización: de un solo uso, para un correo y con vencimiento.

    Del enlace sólo se guarda su huella: quien lea la base de datos no puede usarlo.
    """

    organizacion = models.ForeignKey(Organizacion, on_delete=models.CASCADE, related_name="invitaciones")
    correo = models.EmailField(_("correo electrónico"))
    rol = models.CharField(_("rol"), max_length=20, choices=RolMembresia, default=RolMembresia.INTEGRANTE)
    huella = models.CharField(max_length=64, unique=True, editable=False, help_text=_("SHA-256 del código del enlace."))
    invitada_por = models.ForeignKey(Participante, null=True, on_delete=models.SET_NULL, related_name="+")
    creada_en = models.DateTimeField(auto_now_add=True)
    vence_en = models.DateTimeField()
    usada_en = models.DateTimeField(null=True, blank=True)
    anulada_en = models.DateTimeField(null=True, blank=True)

    objects = InvitacionQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitación")
        verbose_name_plural = _("invitaciones")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(usada_en__isnull=True) | models.Q(anulada_en__isnull=True),
                name="invitacion_usada_o_anulada",
            )
        ]

    def __str__(self):
        return f"invitación {self.pk} a organización {self.organizacion_id}"

    @property
    def vencida(self) -> bool:
        """Para mostrar; si se puede aceptar lo decide el reloj de la base de datos."""
        return self.vence_en <= timezone.now()


class RevisionOrganizacion(models.Model):
    """Lo que la entidad comprobó de una organización, con qué soporte y quién. Sólo se añaden."""

    organizacion = models.ForeignKey(Organizacion, on_delete=models.CASCADE, related_name="revisiones")
    resultado = models.CharField(_("resultado"), max_length=20, choices=ResultadoRevision)
    nota = models.TextField(_("qué se comprobó"), max_length=2000)
    soporte = models.ForeignKey(Soporte, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revisada_por = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revisada_en = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("revisión de organización")
        verbose_name_plural = _("revisiones de organizaciones")
        ordering = ["-revisada_en", "-pk"]

    def __str__(self):
        return f"revisión {self.pk} de organización {self.organizacion_id}"
