import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from cuentas.models import Organizacion, Participante
from home.forms import LineaField, ParrafosField

from ..models import Problema


class ProblemaForm(forms.Form):
    """Un problema que alguien cuenta."""

    titulo = LineaField(
        label=_("El problema en una frase"), max_length=Problema.TITULO_MAXIMO, help_text=_("Qué pasa y dónde.")
    )
    descripcion = ParrafosField(
        label=_("Cuéntelo"),
        max_length=Problema.DESCRIPCION_MAXIMA,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("A quién afecta, desde cuándo y qué se ha intentado. Hasta 3000 caracteres."),
    )
    organizacion = forms.ModelChoiceField(
        label=_("¿En nombre de quién lo cuenta?"),
        queryset=Organizacion.objects.none(),
        required=False,
        blank=True,
        empty_label=_("En mi propio nombre"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("No puede actuar en nombre de esa organización.")},
    )
    clave_envio = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, participante: Participante | None, **kwargs):
        kwargs["initial"] = {"clave_envio": uuid.uuid4(), "organizacion": "", **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if participante:
            suyas = participante.membresias.vigentes().values("organizacion")
            self.fields["organizacion"].queryset = Organizacion.objects.filter(pk__in=suyas)
