from django import forms
from django.utils.translation import gettext_lazy as _
from stdnum.co import nit
from stdnum.exceptions import ValidationError as StdnumError

from home.forms import LineaField

from ..models import Organizacion


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
