from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.views.generic.usage import UsageView
from wagtail.admin.viewsets.model import ModelViewSet

from home.forms import LineaField
from home.marco import ajustes_de

from ..models import Territorio
from .rules import administra_territorios


class TerritorioForm(WagtailAdminModelForm):
    nombre = LineaField(label=_("Nombre"), max_length=60)

    class Meta:
        model = Territorio
        fields = ["tipo", "nombre", "zona", "orden"]

    def _get_validation_exclusions(self):
        """El sitio no se pregunta, pero un nombre repetido en él se rechaza aquí y no en la base de datos."""
        return super()._get_validation_exclusions() - {"sitio"}


class DelSitioMixin:
    """Sólo lo del sitio que se administra, y sólo quien tiene un rol en él: los permisos de Django no distinguen sitios."""

    @cached_property
    def sitio(self):
        return ajustes_de(self.request).site

    def dispatch(self, request, *args, **kwargs):
        if not administra_territorios(request.user, self.sitio):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_object(self, *args, **kwargs):
        territorio = super().get_object(*args, **kwargs)
        if territorio.sitio_id != self.sitio.pk:
            raise Http404
        return territorio


class TerritoriosView(DelSitioMixin, generic.IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().filter(sitio=self.sitio)


class TerritorioCreateView(DelSitioMixin, generic.CreateView):
    def get_initial_form_instance(self):
        return Territorio(sitio=self.sitio)


class TerritorioEditView(DelSitioMixin, generic.EditView):
    pass


class TerritorioDeleteView(DelSitioMixin, generic.DeleteView):
    pass


class TerritorioHistoryView(DelSitioMixin, HistoryView):
    pass


class TerritorioUsageView(DelSitioMixin, UsageView):
    pass


class TerritorioMenuItem(MenuItem):
    def is_shown(self, request):
        return administra_territorios(request.user, ajustes_de(request).site)


class TerritorioViewSet(ModelViewSet):
    """Las comunas, corregimientos y veredas entre las que se elige en el perfil.

    Cambiar o borrar una no toca los actos ya anotados: guardan su nombre de entonces.
    """

    model = Territorio
    name = "territorios"
    url_prefix = "personas/territorios"
    icon = "site"
    menu_label = _("Comunas y veredas")
    menu_hook = "register_personas_menu_item"
    menu_order = 300
    menu_item_class = TerritorioMenuItem
    list_display = [
        "nombre",
        Column("tipo", label=_("Tipo"), accessor="get_tipo_display", sort_key="tipo"),
        Column("zona", label=_("Zona"), accessor="get_zona_display", sort_key="zona"),
        "orden",
    ]
    list_per_page = 50
    ordering = ["orden", "nombre"]
    copy_view_enabled = False
    index_view_class = TerritoriosView
    add_view_class = TerritorioCreateView
    edit_view_class = TerritorioEditView
    delete_view_class = TerritorioDeleteView
    history_view_class = TerritorioHistoryView
    usage_view_class = TerritorioUsageView

    def get_form_class(self, for_update=False):
        return TerritorioForm


territorios = TerritorioViewSet()
