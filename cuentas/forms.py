from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from stdnum.co import nit
from stdnum.exceptions import ValidationError as StdnumError

from home.forms import LineaField

from .models import Organizacion


class RegistroForm(forms.Form):
    """Lo que el registro pide además del correo y la clave; lo extiende el formulario de allauth."""

    first_name = LineaField(
        label=_("Nombres"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = LineaField(
        label=_("Apellidos"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )

    field_order = ["first_name", "last_name", "email", "password1"]

    def signup(self, request, user):
        """Lo llama allauth al crear la cuenta; los nombres ya los guardó. Sus correos irán en el idioma en que se registró."""
        user.idioma = get_language() or settings.LANGUAGE_CODE
        user.save(update_fields=["idioma"])


class OrganizacionForm(forms.ModelForm):
    """La organización en cuyo nombre alguien quiere participar."""

    class Meta:
        model = Organizacion
        fields = ["tipo", "nombre", "nit", "sector"]
        field_classes = {"nombre": LineaField}

    def clean_nit(self):
        valor = self.cleaned_data["nit"]
        if not valor:
            return ""
        try:
            return nit.validate(valor)
        except StdnumError as error:
            raise forms.ValidationError(
                _("Ese NIT no es válido: revise los números y el dígito de verificación.")
            ) from error
