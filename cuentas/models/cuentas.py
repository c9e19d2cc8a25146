import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ..enums import NivelVerificacion


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
    inactividad_avisada_en = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("Cuándo se le avisó que su cuenta se suprimiría por desuso.")
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
    nombre = models.CharField(
        _("nombre"), max_length=200, blank=True, help_text=_("Sólo de quien participa sin cuenta: asistida o en papel.")
    )
    muestra_nombre = models.BooleanField(
        default=False, editable=False, help_text=_("Autorizó publicar su nombre junto a lo que envía.")
    )
    nivel = models.PositiveSmallIntegerField(
        default=NivelVerificacion.NINGUNO,
        choices=NivelVerificacion,
        editable=False,
        help_text=_("El más alto de sus verificaciones vigentes; lo cambia `cuentas.verificacion.actions`."),
    )
    documento_hmac = models.CharField(
        max_length=64,
        null=True,
        blank=True,
        unique=True,
        editable=False,
        help_text=_("HMAC de su documento: una persona, un participante. Véase `cuentas.documentos`."),
    )
    suprimido = models.BooleanField(
        default=False,
        editable=False,
        help_text=_("Se suprimieron sus datos. Sin fecha: con ella se podría saber qué constancia es la suya."),
    )
    creado_en = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("participante")
        verbose_name_plural = _("participantes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(suprimido=False)
                | models.Q(cuenta__isnull=True, nombre="", documento_hmac__isnull=True, muestra_nombre=False, nivel=0),
                name="participante_suprimido_sin_identidad",
            )
        ]

    def __str__(self):
        return f"participante {str(self.clave)[:8]}"

    @property
    def nombre_publico(self) -> str:
        """El nombre con que firma, si autorizó publicarlo; si no, una fórmula que no la identifica."""
        nombre = self.cuenta.get_full_name() if self.cuenta else self.nombre
        if nombre and self.muestra_nombre:
            return nombre
        return str(_("Persona que retiró sus datos") if self.suprimido else _("Participante"))

    @property
    def nivel_verificacion(self) -> int:
        """El nivel con que participa hoy: una cuenta sólo existe con el correo confirmado."""
        return max(self.nivel, NivelVerificacion.CORREO if self.cuenta_id else NivelVerificacion.NINGUNO)
