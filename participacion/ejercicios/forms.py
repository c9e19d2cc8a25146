from django import forms
from django.utils.text import capfirst
from wagtail.admin.forms import WagtailAdminPageForm

from cuentas.enums import TipoActor


class EjercicioPageForm(WagtailAdminPageForm):
    """Muestra los tipos de actor como casillas; se guardan como lista."""

    actores = forms.MultipleChoiceField(choices=TipoActor, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "actores" in self.fields:
            campo = self._meta.model._meta.get_field("actores")
            self.fields["actores"].label = capfirst(campo.verbose_name)
            self.fields["actores"].help_text = campo.help_text

    def _post_clean(self):
        super()._post_clean()
        if not self.errors and not self.is_deferred_validation:
            for campo, error in self.instance.errores_al_publicar().items():
                self.add_error(campo, error)
