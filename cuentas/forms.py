from allauth.core import context
from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from home.forms import LineaField

from .actions import participante_de
from .consentimiento.actions import autorizar
from .consentimiento.forms import AutorizacionesMixin
from .consentimiento.rules import version_para_autorizar
from .enums import MENOR_DE_14, RangoDeclarado
from .perfil.actions import guardar_perfil


class RegistroForm(AutorizacionesMixin, forms.Form):
    """Lo que el registro pide además del correo y la clave; lo extienden los formularios de allauth.

    Sirve con contraseña, con llave de acceso y con un proveedor de identidad. Lo leído se autoriza con la versión de
    la política que se mostró: si cambió mientras tanto, se muestra la nueva y se pregunta otra vez.
    """

    first_name = LineaField(
        label=_("Nombres"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = LineaField(
        label=_("Apellidos"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    edad = forms.ChoiceField(
        label=_("¿Qué edad tiene?"),
        choices=[(MENOR_DE_14, _("Menos de 14 años")), *RangoDeclarado.choices],
        widget=forms.RadioSelect,
        error_messages={"required": _("Elija una opción: la ley pide cuidados distintos según la edad.")},
    )

    template_name = "cuentas/registro_formulario.html"
    field_order = ["first_name", "last_name", "email", "password1", "edad"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, version=version_para_autorizar(Site.find_for_request(context.request)), **kwargs)

    def clean_edad(self):
        edad = self.cleaned_data["edad"]
        if edad == MENOR_DE_14:
            raise forms.ValidationError(
                _(
                    "Para tener una cuenta hay que haber cumplido 14 años. No guardamos nada de lo que escribió. "
                    "Mientras tanto puede leer todo el sitio y contarle sus ideas a una persona adulta que las envíe."
                ),
                code="menor_de_14",
            )
        return edad

    @transaction.atomic
    def signup(self, request, user):
        """Lo llama allauth al crear la cuenta; los nombres ya los guardó. Sus correos irán en el idioma en que se registró.

        Lanza ValidationError si la política cambió después de validar el formulario.
        """
        user.idioma = get_language() or settings.LANGUAGE_CODE
        user.save(update_fields=["idioma"])
        participante = participante_de(user)
        guardar_perfil(participante=participante, rango_declarado=self.cleaned_data["edad"])
        autorizar(participante=participante, version=self.politica, finalidades=self.finalidades_marcadas)
