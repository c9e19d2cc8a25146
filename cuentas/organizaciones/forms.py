import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.co import nit as stdnum_nit
from stdnum.exceptions import ValidationError as StdnumError

from home.forms import LineaField, ParrafosField

from ..enums import ResultadoRevision, RolMembresia
from ..models import Organizacion
from ..verificacion.forms import EscaneoField
from .actions import CON_NIT, NOTA_MAXIMA, nit_ocupado


class OrganizacionForm(forms.ModelForm):
    """La organización en cuyo nombre alguien quiere participar."""

    class Meta:
        model = Organizacion
        fields = ["tipo", "nombre", "nit", "sector", "tamano", "correo", "telefono"]
        field_classes = {"nombre": LineaField, "telefono": LineaField}
        help_texts = {
            "nombre": gettext_lazy("Como figura en su registro. Se muestra junto a lo que se presente en su nombre."),
            "nit": gettext_lazy(
                "Con el dígito de verificación. Obligatorio para universidades, empresas y entidades públicas. Una "
                "organización social o una veeduría puede no tenerlo, y no lo necesita para participar."
            ),
        }
        widgets = {
            "nit": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            "telefono": forms.TextInput(attrs={"inputmode": "tel"}),
        }

    def clean_nit(self):
        valor = self.cleaned_data["nit"]
        if not valor:
            return ""
        try:
            valor = stdnum_nit.validate(valor)
        except StdnumError as error:
            raise ValidationError(
                _("Ese NIT no es válido: revise los números y el dígito de verificación.")
            ) from error
        if mensaje := nit_ocupado(valor, salvo=self.instance.pk):
            raise ValidationError(mensaje, code="ocupado")
        return valor

    def clean_telefono(self):
        telefono = self.cleaned_data["telefono"]
        if telefono and not re.fullmatch(r"[0-9+()\s./ext-]{7,40}", telefono, re.IGNORECASE):
            raise ValidationError(_("Escriba un teléfono: sólo números, con indicativo si hace falta."))
        return telefono

    def clean(self):
        datos = super().clean()
        if datos.get("tipo") in CON_NIT and "nit" not in self.errors and not datos.get("nit"):
            self.add_error("nit", _("Escriba el NIT: una universidad, empresa o entidad pública siempre lo tiene."))
        return datos


class EditarForm(OrganizacionForm):
    """Los datos de una que ya existe. `sin_verificacion` se muestra sólo cuando hay algo que perder."""

    sin_verificacion = forms.BooleanField(
        label=gettext_lazy("Entiendo que dejará de estar verificada y que habrá que pedirlo otra vez."), required=False
    )

    @property
    def pierde_verificacion(self) -> bool:
        return self.has_error("sin_verificacion") or bool(self.is_bound and self.cleaned_data.get("sin_verificacion"))


class InvitarForm(forms.Form):
    correo = forms.EmailField(
        label=gettext_lazy("Correo de la persona"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Le llegará un enlace que sirve una vez y vence en 7 días."),
    )
    rol = forms.ChoiceField(
        label=gettext_lazy("Rol"),
        choices=RolMembresia,
        initial=RolMembresia.INTEGRANTE,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Integrante: propone y apoya en nombre de la organización. Representante: además cambia sus datos, "
            "invita y quita personas."
        ),
    )


class RolForm(forms.Form):
    rol = forms.ChoiceField(label=gettext_lazy("Rol"), choices=RolMembresia, widget=forms.RadioSelect)


class SoporteForm(forms.Form):
    documento = EscaneoField(
        label=gettext_lazy("Documento que la acredita"),
        max_length=200,
        help_text=gettext_lazy(
            "Certificado de existencia y representación, RUT, acto de creación o acta de inscripción, de no más de "
            "tres meses. PDF, JPG o PNG, hasta 10 MB. Sólo lo ve el personal de la entidad."
        ),
    )


class RevisionForm(forms.Form):
    """Lo que decide el personal. `resultado` llega en el botón que se oprime; `vista`, lo que tenía delante."""

    resultado = forms.ChoiceField(choices=ResultadoRevision)
    nota = ParrafosField(
        label=gettext_lazy("Qué se comprobó"),
        max_length=NOTA_MAXIMA,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Con qué documento o registro. La leerán quienes representan a la organización."),
        error_messages={"required": gettext_lazy("Escriba qué comprobó: la leerán quienes la representan.")},
    )
    vista = forms.JSONField(widget=forms.HiddenInput)

    def clean_vista(self):
        vista = self.cleaned_data["vista"]
        if not isinstance(vista, list) or not all(isinstance(parte, str) for parte in vista):
            raise ValidationError(_("Abra la página otra vez."))
        return tuple(vista)


class InvitarRepresentanteForm(forms.Form):
    correo = forms.EmailField(
        label=gettext_lazy("Correo de quien la representará"),
        max_length=254,
        help_text=gettext_lazy("Compruebe antes, con un documento, que puede representarla."),
    )
