from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput
from wagtail.models import Site

from home.forms import LineaField, ParrafosField

from ..documentos import huella_de_documento
from ..enums import TipoDocumento, TipoSolicitud
from ..models import DiaNoHabil
from ..personal.forms import SitioField


class SolicitudForm(forms.Form):
    """Lo que pide el titular de los datos, con sus palabras."""

    tipo = forms.ChoiceField(label=_("Qué pide"), choices=TipoSolicitud, widget=forms.RadioSelect)
    texto = ParrafosField(
        label=_("Cuéntenos"), max_length=5000, help_text=_("Qué dato, qué está mal o qué quiere saber.")
    )


class SuprimirForm(forms.Form):
    entiendo = forms.BooleanField(
        label=_("Entiendo que no se puede deshacer"),
        error_messages={"required": _("Marque la casilla para confirmar.")},
    )


class AnotarForm(forms.Form):
    """Una solicitud que llegó en papel, por teléfono o por correo, de alguien sin cuenta."""

    sitio = SitioField(label=_("Sitio"), queryset=Site.objects.none(), empty_label=None)
    tipo = forms.ChoiceField(label=_("Qué pide"), choices=TipoSolicitud)
    contacto = LineaField(
        label=_("A quién y dónde responder"),
        max_length=300,
        help_text=_("Si es sólo un correo electrónico, allí se le escribirá."),
    )
    texto = ParrafosField(label=_("Lo que dice"), max_length=5000)
    recibida_en = forms.DateTimeField(
        label=_("Cuándo llegó"), required=False, widget=AdminDateTimeInput, help_text=_("Vacío: ahora.")
    )

    def __init__(self, *args, sitios, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sitio"].queryset = sitios
        self.fields["sitio"].initial = sitios.first()


class ResponderForm(forms.Form):
    respuesta = ParrafosField(label=_("Respuesta"), max_length=5000)


class ProrrogarForm(forms.Form):
    hasta = forms.DateField(label=_("Nueva fecha"), widget=AdminDateInput)
    motivo = ParrafosField(label=_("Por qué"), max_length=1000, help_text=_("Lo lee quien hizo la solicitud."))


class TitularForm(forms.Form):
    """De quién son los datos: el correo exacto de su cuenta o, si participó sin cuenta, su documento."""

    correo = forms.EmailField(
        label=_("Correo de la cuenta"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    tipo_documento = forms.ChoiceField(
        label=_("Tipo de documento"), required=False, choices=[("", _("Ninguno")), *TipoDocumento.choices]
    )
    numero = LineaField(
        label=_("Número de documento"),
        required=False,
        max_length=30,
        help_text=_("De quien participó sin cuenta. No se guarda."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    entiendo = forms.BooleanField(label=_("Comprobé que lo pide su titular, y que no se puede deshacer"), required=False)

    def clean(self):
        datos = super().clean()
        if self.errors:
            return datos
        if bool(datos["correo"]) == bool(datos["numero"]):
            raise ValidationError(_("Escriba el correo o el documento, uno de los dos."))
        datos["documento"] = ""
        if datos["numero"]:
            try:
                datos["documento"] = huella_de_documento(datos["tipo_documento"], datos["numero"])
            except ValidationError as error:
                campo = "tipo_documento" if error.code == "tipo" else "numero"
                self.add_error(campo, error)
        return datos

    @property
    def criterio(self) -> dict:
        return {"correo": self.cleaned_data["correo"], "documento": self.cleaned_data["documento"]}


class DiaNoHabilForm(forms.ModelForm):
    class Meta:
        model = DiaNoHabil
        fields = ["sitio", "fecha", "motivo"]
        field_classes = {"sitio": SitioField, "motivo": LineaField}
        widgets = {"fecha": AdminDateInput}

    def __init__(self, *args, sitios, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sitio"].queryset = sitios
        self.fields["sitio"].initial = sitios.first()
        self.fields["sitio"].empty_label = None
