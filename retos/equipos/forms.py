import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.co import nit as stdnum_nit

from cuentas.models import Organizacion, Participante
from home.forms import LineaField, ParrafosField

from ..enums import POR_DECIDIR, EstadoPropuesta
from ..models import Propuesta

MENSAJE_MAXIMO = 500


class InvitarForm(forms.Form):
    """A quién se invita y, si es el caso, en nombre de qué organización."""

    correo = forms.EmailField(
        label=gettext_lazy("Correo de la persona"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Le llegará su invitación, con el nombre de usted y un enlace que sirve una vez y vence en 7 días."),
    )
    organizacion = LineaField(
        label=gettext_lazy("En nombre de qué organización"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Su NIT o su nombre completo, si la persona se suma por ella. Vacío: en su propio nombre."),
    )

    def clean_organizacion(self) -> Organizacion | None:
        escrito = self.cleaned_data["organizacion"]
        if not escrito:
            return None
        halladas = list(_organizaciones(escrito)[:2])
        if not halladas:
            raise ValidationError(
                _("No hay una organización registrada con ese NIT o nombre. Revíselo, o invite a la persona en su propio nombre.")
            )
        if len(halladas) > 1:
            raise ValidationError(_("Hay más de una con ese nombre: escriba su NIT."))
        return halladas[0]


def _organizaciones(escrito: str):
    limpio = stdnum_nit.compact(escrito)
    if limpio.isdecimal():
        return Organizacion.objects.filter(nit=limpio)
    return Organizacion.objects.filter(nombre__iexact=unicodedata.normalize("NFC", escrito))


class _Mensaje(forms.Form):
    mensaje = ParrafosField(
        label=gettext_lazy("Mensaje"),
        max_length=MENSAJE_MAXIMO,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Por qué le conviene a la propuesta. Sólo lo lee quien la empezó. Hasta 500 caracteres."),
    )


class SumarseForm(_Mensaje):
    organizacion = forms.ModelChoiceField(
        label=gettext_lazy("¿En nombre de quién se suma?"),
        queryset=Organizacion.objects.none(),
        required=False,
        blank=True,
        empty_label=gettext_lazy("En mi propio nombre"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("No puede actuar en nombre de esa organización.")},
    )
    field_order = ["organizacion", "mensaje"]

    def __init__(self, *args, participante: Participante, **kwargs):
        kwargs["initial"] = {"organizacion": "", **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        suyas = participante.membresias.vigentes().values("organizacion")
        self.fields["organizacion"].queryset = Organizacion.objects.filter(pk__in=suyas)


def fusionables(destino: Propuesta, participante: Participante):
    """Las propuestas publicadas de una persona en el mismo reto: la que se fusionaría."""
    suyas = Propuesta.objects.filter(autor=participante, ejercicio=destino.ejercicio_id).exclude(pk=destino.pk)
    return suyas.filter(estado=EstadoPropuesta.PUBLICADA, resultado__in=POR_DECIDIR).order_by("-publicada_en")


class _PropuestaField(forms.ModelChoiceField):
    def label_from_instance(self, propuesta):
        return f"{propuesta.titulo} ({propuesta.referencia})"


class FusionarForm(_Mensaje):
    origen = _PropuestaField(
        label=gettext_lazy("Cuál de las suyas"),
        queryset=Propuesta.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Elija una suya, publicada en este reto.")},
    )
    field_order = ["origen", "mensaje"]

    def __init__(self, *args, destino: Propuesta, participante: Participante, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["origen"].queryset = fusionables(destino, participante)
