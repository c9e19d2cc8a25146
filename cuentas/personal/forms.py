from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from home.forms import LineaField

from ..enums import RolPersonal

AYUDA_ROLES = _(
    "Edición: páginas, imágenes y documentos. Moderación: decidir lo que envía la ciudadanía. "
    "Gestión de retos: requisitos, jurado, decisión y seguimiento. Jurado: evaluar propuestas; se da al invitar. "
    "Analítica: indicadores. "
    "Participación asistida: atender a quien viene a la oficina o envía un papel. "
    "Administración: todo lo anterior y el personal."
)


class RolesField(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(label=_("Roles"), choices=RolPersonal.choices, **kwargs)


class SitioField(forms.ModelChoiceField):
    def label_from_instance(self, sitio):
        return sitio.site_name or sitio.hostname


class RolesForm(forms.Form):
    """Los roles de una persona en un sitio; ninguno marcado la saca del personal de ese sitio."""

    roles = RolesField(required=False)

    def __init__(self, *args, sitio: Site, **kwargs):
        super().__init__(*args, prefix=f"sitio{sitio.pk}", **kwargs)
        self.sitio = sitio


class IncorporarForm(forms.Form):
    """Una persona nueva del personal. `usar_cuenta` aparece sólo cuando el correo ya tiene cuenta."""

    correo = forms.EmailField(
        label=_("Correo electrónico"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    nombre = LineaField(label=_("Nombres"), max_length=150)
    apellido = LineaField(label=_("Apellidos"), max_length=150)
    sitio = SitioField(label=_("Sitio"), queryset=Site.objects.none(), empty_label=None)
    roles = RolesField(help_text=AYUDA_ROLES, error_messages={"required": _("Marque al menos un rol.")})
    usar_cuenta = forms.BooleanField(
        label=_("Dar los roles a la cuenta que ya existe"),
        help_text=_("Revise que el correo esté bien escrito. La cuenta conserva su nombre y su contraseña."),
        required=False,
    )

    def __init__(self, *args, sitios, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sitio"].queryset = sitios
        self.fields["sitio"].initial = sitios.first()

    @property
    def cuenta_existe(self) -> bool:
        """Si ya se avisó que el correo tiene cuenta: entonces hay algo que confirmar."""
        return self.has_error("correo", "existe") or bool(self.is_bound and self.cleaned_data.get("usar_cuenta"))
