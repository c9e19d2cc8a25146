"""Lo común a las pantallas del administrador con que se atiende a las personas."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic.list import BaseListView
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from home.marco import ajustes_de

from .rules import puede_asistir


class AtencionMixin(WagtailAdminTemplateMixin):
    """Sólo entran participación asistida y administración del sitio. `inicio`: la lista de la que cuelga la pantalla."""

    inicio = ""
    titulo_propio = ""

    def tiene_permiso(self) -> bool:
        return puede_asistir(self.request.user, self.sitio)

    @property
    def sitio(self):
        return ajustes_de(self.request).site

    def dispatch(self, request, *args, **kwargs):
        if not self.tiene_permiso():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return self.titulo_propio

    def get_breadcrumbs_items(self):
        lista = {"url": reverse(self.inicio) if self.titulo_propio else "", "label": self.page_title}
        propia = [{"url": "", "label": self.titulo_propio}] if self.titulo_propio else []
        return [*self.breadcrumbs_items, lista, *propia]

    def form_invalid(self, form):
        messages.error(
            self.request, " ".join(form.non_field_errors()) or _("Nada cambió: revise los campos señalados.")
        )
        return self.render_to_response(self.get_context_data(form=form), status=422)


class ListaView(AtencionMixin, BaseListView):
    paginate_by = 50
    page_kwarg = "p"
    paginator_class = WagtailPaginator

    def paginate_queryset(self, queryset, page_size):
        """Una página que ya no existe muestra la última, no un error."""
        paginador = self.get_paginator(queryset, page_size)
        pagina = paginador.get_page(self.request.GET.get("p"))
        return paginador, pagina, pagina.object_list, pagina.has_other_pages()

    def get_context_data(self, **kwargs):
        contexto = super().get_context_data(**kwargs)
        pagina = contexto["page_obj"]
        return contexto | {"elided_page_range": pagina.paginator.get_elided_page_range(pagina.number)}
