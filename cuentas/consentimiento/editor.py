import re

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from home.texto import html_a_texto

_POR_COMPLETAR = re.compile(r"\[[^\]]{2,80}\]")


class PoliticaPageForm(WagtailAdminPageForm):
    """No deja publicar el texto modelo a medio completar; guardarlo en borrador, sí."""

    def clean(self):
        limpios = super().clean()
        texto = html_a_texto(limpios.get("cuerpo") or "")
        if not self.is_deferred_validation and "cuerpo" in limpios:
            if faltan := _POR_COMPLETAR.findall(texto):
                self.add_error("cuerpo", _("Complete antes lo que está entre corchetes: %s") % ", ".join(faltan))
            elif not texto:
                self.add_error("cuerpo", _("Escriba el texto de la política."))
        return limpios
