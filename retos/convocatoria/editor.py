"""Cómo se edita la página de un reto: las listas que se marcan, y el panel que dice qué le falta."""

from django import forms
from django.utils.text import capfirst
from wagtail.admin.panels import Panel

from participacion.ejercicios.forms import EjercicioPageForm

from ..enums import Licencia
from .enums import Ods


class RetoPageForm(EjercicioPageForm):
    """Muestra licencias y objetivos como casillas; se guardan como listas."""

    licencias = forms.MultipleChoiceField(choices=Licencia, required=False, widget=forms.CheckboxSelectMultiple)
    ods = forms.TypedMultipleChoiceField(choices=Ods, coerce=int, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for nombre in ("licencias", "ods"):
            if nombre in self.fields:
                campo = self._meta.model._meta.get_field(nombre)
                self.fields[nombre].label = capfirst(campo.verbose_name)
                self.fields[nombre].help_text = campo.help_text
        # Cada prórroga tiene su porqué: el de la anterior no sirve para la siguiente.
        self.initial["motivo_prorroga"] = ""


class CompletitudPanel(Panel):
    """Qué cumple y qué le falta a lo último que se guardó."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "retos/convocatoria/panel_completitud.html"

        def get_context_data(self, parent_context=None):
            from .completitud import revisar

            contexto = super().get_context_data(parent_context)
            return contexto | {"revision": revisar(self.instance) if self.instance.pk else None}
