from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from django.views.generic.list import BaseListView
from wagtail.admin.paginator import WagtailPaginator

from ..gestion import GestionRetoMixin
from ..models import Problema
from .enums import EstadoProblema


class ProblemasView(GestionRetoMixin, BaseListView, TemplateView):
    """Los problemas de un diagnóstico, el más apoyado primero. Los que esperan se deciden en la moderación."""

    template_name = "retos/diagnostico/problemas_gestion.html"
    titulo_propio = _("Problemas")
    paginate_by = 50
    paginator_class = WagtailPaginator
    page_kwarg = "p"

    def get_queryset(self):
        problemas = Problema.objects.filter(ejercicio=self.ejercicio).select_related("organizacion", "autor__cuenta")
        return problemas.order_by("-apoyos", "-pk")

    def get_context_data(self, **kwargs):
        contexto = super().get_context_data(**kwargs)
        pagina = contexto["page_obj"]
        return contexto | {
            "elided_page_range": pagina.paginator.get_elided_page_range(pagina.number),
            "por_moderar": Problema.objects.filter(ejercicio=self.ejercicio, estado=EstadoProblema.ENVIADO).count(),
            "modera": self.request.user.has_perm("moderacion.moderar"),
        }
