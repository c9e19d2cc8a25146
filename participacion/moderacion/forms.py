from django import forms
from django.utils.translation import gettext_lazy as _

from .actions import MOTIVO_MAXIMO
from .enums import DE_MODERADOR

# Lo que más se repite, dicho a quien envió. Quien modera lo elige y, si quiere, añade lo propio del caso.
MOTIVOS_FRECUENTES = {
    "ajena": _("No responde a lo que pregunta este ejercicio."),
    "incompleta": _("Falta explicar en qué consiste, dónde se haría o a quién beneficia."),
    "personales": _("Contiene datos personales de otras personas (nombres, teléfonos, direcciones, documentos)."),
    "irrespetuosa": _("Contiene expresiones irrespetuosas o acusaciones contra personas."),
    "repetida": _("Ya se recibió otra igual de la misma persona u organización."),
    "publicidad": _("Es publicidad o propaganda."),
    "archivo": _("El archivo adjunto no se puede leer o no corresponde al texto."),
}


class DecisionForm(forms.Form):
    """Lo que decide quien modera. `decision` llega en el botón que se oprime."""

    decision = forms.ChoiceField(
        choices=[(decision.value, decision.label) for decision in DE_MODERADOR],
        error_messages={"required": _("Elija qué hacer: aprobar, devolver o rechazar.")},
    )
    frecuente = forms.ChoiceField(
        label=_("Motivo frecuente"), choices=[("", _("Ninguno")), *MOTIVOS_FRECUENTES.items()], required=False
    )
    motivo = forms.CharField(
        label=_("Motivo"),
        help_text=_(
            "Obligatorio para devolver o rechazar. Lo leerá quien envió, después del motivo frecuente si elige uno."
        ),
        max_length=MOTIVO_MAXIMO,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def motivo_completo(self) -> str:
        """El motivo frecuente y lo escrito, en ese orden."""
        frecuente = MOTIVOS_FRECUENTES.get(self.cleaned_data["frecuente"], "")
        return "\n\n".join(str(parte) for parte in (frecuente, self.cleaned_data["motivo"]) if parte)
