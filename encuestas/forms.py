from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cuentas.models import Organizacion, Participante
from home.forms import LineaField
from participacion.ejercicios.models import Ejercicio

from . import codigos
from .models import Codigo

CODIGO_MAXIMO = 40


class EnNombreDeForm(forms.Form):
    """En nombre de quién se responde. Sin organizaciones no pregunta nada."""

    organizacion = forms.ModelChoiceField(
        label=_("¿En nombre de quién responde?"),
        queryset=Organizacion.objects.none(),
        required=False,
        blank=True,
        empty_label=_("En mi propio nombre"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("No puede actuar en nombre de esa organización.")},
    )

    def __init__(self, *args, participante: Participante | None, **kwargs):
        kwargs.setdefault("initial", {"organizacion": ""})
        super().__init__(*args, **kwargs)
        suyas = Organizacion.objects.none()
        if participante:
            suyas = Organizacion.objects.filter(pk__in=participante.membresias.vigentes().values("organizacion"))
        self.fields["organizacion"].queryset = suyas
        if not suyas.exists():
            del self.fields["organizacion"]


class CodigoForm(forms.Form):
    codigo = LineaField(
        label=_("Su código"),
        max_length=CODIGO_MAXIMO,
        help_text=_("Está en el papel o el mensaje que recibió. No importan mayúsculas, espacios ni guiones."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def __init__(self, *args, ejercicio: Ejercicio, propio: Codigo | None, **kwargs):
        """`propio`: el código con que este navegador ya entró."""
        self.ejercicio, self.propio = ejercicio, propio
        super().__init__(*args, **kwargs)

    def clean_codigo(self):
        escrito = self.cleaned_data["codigo"]
        codigo = codigos.por_texto(self.ejercicio, escrito)
        if codigo is None:
            if codigos.bien_escrito(escrito):
                raise ValidationError(_("Ese código no sirve para esta encuesta. Revíselo."), code="codigo")
            raise ValidationError(_("Ese código no sirve: parece mal copiado. Revise letra por letra."), code="codigo")
        if codigo.usado_el and codigo != self.propio and not self.ejercicio.encuesta.permite_editar:
            # Quien encuentre la tarjeta después no debe leer lo que otra persona contestó.
            raise ValidationError(_("Con ese código ya se respondió."), code="usado")
        if codigo.lote.anulado_en and not codigo.usado_el:
            raise ValidationError(_("La entidad anuló ese código. Pídale uno nuevo."), code="anulado")
        return codigo
