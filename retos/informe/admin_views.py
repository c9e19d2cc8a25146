"""El informe en la gestión del reto: si ya se puede leer y cómo se comparte."""

from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.models import Locale

from participacion.ejercicios.enums import Fase

from ..gestion import GestionRetoMixin
from ..models import CierreReto, RetoPage


class InformeView(GestionRetoMixin, TemplateView):
    template_name = "retos/informe/gestion.html"
    titulo_propio = _("Informe de resultados")

    def get_context_data(self, **kwargs):
        pagina = RetoPage.objects.live().filter(
            translation_key=self.ejercicio.translation_key, locale=Locale.get_default()
        )
        return super().get_context_data(**kwargs) | {
            "pagina": pagina.first(),
            "cerrada": self.ejercicio.fase == Fase.CERRADA,
            "cierre": CierreReto.objects.filter(ejercicio=self.ejercicio).first(),
        }
