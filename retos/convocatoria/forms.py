import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from home.forms import ParrafosField

from .actions import RESPUESTA_MAXIMA, TEXTO_MAXIMO


class PreguntaForm(forms.Form):
    """Una pregunta sobre la convocatoria."""

    texto = ParrafosField(
        label=_("Su pregunta"),
        max_length=TEXTO_MAXIMO,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Se publica con la respuesta y sin su nombre. No escriba datos personales. Hasta 600 caracteres."),
        error_messages={"required": _("Escriba su pregunta.")},
    )
    clave_envio = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        kwargs["initial"] = {"clave_envio": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


class RespuestaForm(forms.Form):
    """Lo que contesta la entidad. Qué se hace llega en el botón que se oprime: lo comprueba la acción."""

    respuesta = ParrafosField(
        label=_("Respuesta oficial, o por qué no se publica"),
        max_length=RESPUESTA_MAXIMA,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("La respuesta queda a la vista de todos con la pregunta. El porqué sólo lo lee quien preguntó."),
    )
