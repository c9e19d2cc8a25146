from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from ..forms import PropuestaForm


class PropuestaAsistidaForm(PropuestaForm):
    """La propuesta de quien se atiende, siempre en su propio nombre."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["organizacion"]

    def clean_archivo(self):
        # Bajo /admin/ se reciben archivos mayores que los de la ciudadanía; el de una propuesta no lo es.
        archivo = self.cleaned_data["archivo"]
        if archivo and archivo.size > settings.ADJUNTO_MAXIMO:
            raise forms.ValidationError(_("El archivo pasa de 10 MB. Redúzcalo o divídalo."), code="tamano")
        return super().clean_archivo()
