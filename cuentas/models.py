import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractUser, Group, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from .enums import TIPOS_ORGANIZACION, NivelVerificacion, RolMembresia, Sector, TipoActor
from .querysets import MembresiaQuerySet


class GestorUsuario(UserManager):
    """Cuentas que se identifican por correo, no por nombre de usuario."""

    def _create_user(self, email, password, **campos):
        if not email:
            raise ValueError("Una cuenta necesita un correo")
        usuario = self.model(email=self.normalize_email(email).lower(), **campos)
        usuario.set_password(password)
        usuario.save(using=self._db)
        return usuario

    def create_user(self, email=None, password=None, **campos):
        campos.setdefault("is_staff", False)
        campos.setdefault("is_superuser", False)
        return self._create_user(email, password, **campos)

    def create_superuser(self, email=None, password=None, **campos):
        return self._create_user(email, password, **{**campos, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class Usuario(AbstractUser):
    """Una cuenta: con qué se entra. Quién participó lo dice `Participante`."""

    username = None
    email = models.EmailField(_("correo electrónico"), unique=True)
    idioma = models.CharField(
        _("idioma de los avisos"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )

    objects = GestorUsuario()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("cuenta")
        verbose_name_plural = _("cuentas")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="usuario_correo_unico",
                violation_error_message=_("Ya hay una cuenta con ese correo."),
            )
        ]

    def __str__(self):
        # Sin datos personales: el historial de Wagtail copia este texto y lo conserva.
        return f"cuenta {self.pk}"


class Participante(models.Model):
    """Una persona en el registro de participación: una clave al azar que nunca se borra.

    La cuenta es opcional: caben el papel, las importaciones y las cuentas suprimidas.
    Suprimir los datos de alguien (Ley 1581 de 2012, art. 8) quita `cuenta` y `documento_hmac`; la clave queda.
    """

    clave = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cuenta = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="participante"
    )
    documento_hmac = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    creado_en = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("participante")
        verbose_name_plural = _("participantes")

    def __str__(self):
        return f"participante {str(self.clave)[:8]}"

    @property
    def nombre_publico(self) -> str:
        """El nombre con que firma; si suprimió su cuenta, una fórmula que no la identifica."""
        if self.cuenta is None:
            return str(_("Persona que retiró sus datos"))
        return self.cuenta.get_full_name() or str(_("Participante"))

    @property
    def nivel_verificacion(self) -> int:
        return NivelVerificacion.CORREO if self.cuenta_id else NivelVerificacion.NINGUNO


class Organizacion(models.Model):
    """Universidad, empresa, organización, veeduría o entidad en cuyo nombre se participa."""

    clave = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tipo = models.CharField(_("tipo"), max_length=20, choices=TIPOS_ORGANIZACION)
    nombre = models.CharField(_("nombre o razón social"), max_length=200)
    nit = models.CharField(_("NIT"), max_length=20, blank=True, help_text=_("Con dígito de verificación. Opcional."))
    sector = models.CharField(_("sector"), max_length=20, choices=Sector, blank=True)
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
