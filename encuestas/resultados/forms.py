from django import forms
from django.utils.translation import gettext_lazy as _

from ..enums import Rasgo


class CruceForm(forms.Form):
    """Qué pregunta se mira por grupos, y cuáles. Los dos o ninguno."""

    pregunta = forms.ChoiceField(
        label=_("Pregunta"), required=False, error_messages={"invalid_choice": _("Elija una pregunta de la lista.")}
    )
    por = forms.ChoiceField(
        label=_("Según"),
        required=False,
        choices=[("", _("Elija"))] + Rasgo.choices,
        error_messages={"invalid_choice": _("Elija de la lista cómo cruzarla.")},
    )

    def __init__(self, datos, *, preguntas):
        super().__init__(datos)
        opciones = [(p.vista.clave, f"{p.vista.numero}. {p.vista.texto}") for p in preguntas if p.distribuciones]
        self.fields["pregunta"].choices = [("", _("Elija")), *opciones]

    def clean(self):
        datos = super().clean()
        if datos.get("pregunta") and not datos.get("por") and "por" not in self.errors:
            self.add_error("por", _("Elija cómo cruzarla."))
        if datos.get("por") and not datos.get("pregunta") and "pregunta" not in self.errors:
            self.add_error("pregunta", _("Elija la pregunta."))
        return datos
