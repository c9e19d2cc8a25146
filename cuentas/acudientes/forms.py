from django import forms
from django.utils.translation import gettext_lazy as _

from home.forms import LineaField, ParrafosField

from ..consentimiento.forms import AutorizacionesMixin
from ..enums import FINALIDADES_NECESARIAS, TipoDocumento
from ..models import VersionPolitica
from ..verificacion.forms import DocumentoForm, EscaneoField


def _nombre_acudiente(**kwargs):
    return LineaField(
        label=_("Nombres y apellidos del acudiente"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        **kwargs,
    )


class PedirForm(forms.Form):
    nombre = _nombre_acudiente(help_text=_("Padre, madre o quien lo representa."))
    correo = forms.EmailField(
        label=_("Correo del acudiente"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("El suyo, no el de usted. Le llegará un enlace que sirve una vez y vence en 7 días."),
    )


class PapelForm(forms.Form):
    nombre = _nombre_acudiente(help_text=_("De quien firmó el formato."))
    archivo = EscaneoField(
        label=_("Formato firmado"),
        max_length=200,
        help_text=_("Una foto o un escaneo en que se lea bien: PDF, JPG o PNG, hasta 10 MB. Sólo lo ve el personal."),
    )


class AcudienteForm(DocumentoForm):
    """Quién firma. Un acudiente es mayor de edad: su documento no es una tarjeta de identidad."""

    tipos = [(tipo.value, tipo.label) for tipo in TipoDocumento if tipo is not TipoDocumento.NUIP]

    nombre = LineaField(label=_("Nombres y apellidos"), max_length=200)
    parentesco = LineaField(
        label=_("Parentesco o calidad"),
        max_length=60,
        help_text=_("Por ejemplo: madre, padre, tutora con sentencia, defensor de familia."),
    )

    field_order = ["nombre", "parentesco", "tipo", "numero"]


class FirmaForm(AutorizacionesMixin, AcudienteForm):
    """Lo que firma el acudiente: quién es, qué declara y qué autoriza, con casillas que nacen sin marcar."""

    declara = forms.BooleanField(
        label=_("Declaro que soy su representante legal y que escuché su opinión antes de firmar."),
        error_messages={"required": _("Sólo puede autorizar quien lo representa.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["declara"].rotulo_corto = _("Declaración")
        self.order_fields([*AcudienteForm.field_order, "declara"])


class AprobarForm(AcudienteForm):
    """Lo que el personal lee en el formato firmado."""

    finalidades = forms.MultipleChoiceField(
        label=_("Casillas marcadas en el formato"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, version: VersionPolitica, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["finalidades"].choices = [(f["clave"], f["texto"]) for f in version.finalidades]

    def clean_finalidades(self):
        finalidades = self.cleaned_data["finalidades"]
        if not set(FINALIDADES_NECESARIAS) <= set(finalidades):
            raise forms.ValidationError(_("Sin la casilla de participar no se puede aprobar: devuélvalo con el motivo."))
        return finalidades


class RechazarForm(forms.Form):
    motivo = ParrafosField(
        label=_("Motivo"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Lo leerá la persona: diga qué falta y cómo corregirlo."),
        error_messages={"required": _("Escriba qué falta: lo leerá la persona.")},
    )
