from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from home.forms import LineaField


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
