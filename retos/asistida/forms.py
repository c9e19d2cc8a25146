from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from ..forms import PropuestaForm


class PropuestaAsistidaForm(PropuestaForm):
    """La propuesta de quien se atiende, siempre en su propio nombre."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("organizacion", None)
        if "terminos" in self.fields:
            version = self.initial["version_terminos"]
            self.fields["terminos"].label = _("La persona acepta los términos de participación, versión %(n)s") % {"n": version}

    def clean_archivo(self):
        # Bajo /admin/ se reciben archivos mayores que los de la ciudadanía; los de una propuesta no lo son.
        if any(archivo.size > settings.ADJUNTO_MAXIMO for archivo in self.cleaned_data["archivo"]):
            raise forms.ValidationError(_("Un archivo pasa de 10 MB. Redúzcalo o divídalo."), code="tamano")
        return super().clean_archivo()

    def para_registrar(self) -> dict:
        """Lo que `proponer_por` recibe de este formulario. Tras `is_valid()` y `subir_nuevos()`."""
        datos = {campo: valor for campo, valor in self.para_guardar().items() if campo not in ("organizacion", "sello")}
        return datos | {"confirma_identidad": self.cleaned_data["confirma_identidad"]}
