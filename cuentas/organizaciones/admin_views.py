from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.edit import FormView
from django.views.generic.list import BaseListView
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from home.marco import ajustes_de

from ..enums import RolMembresia
from ..models import Organizacion
from ..rules import puede_asistir
from . import actions, invitaciones
from .correos import escribir_invitacion, escribir_revision
from .filters import OrganizacionFilter
from .forms import InvitarRepresentanteForm, RevisionForm

VISTAS = {
    "pendientes": {"verificacion_pedida_en__isnull": False, "verificada_en__isnull": True},
    "verificadas": {"verificada_en__isnull": False},
    "todas": {},
}
ROTULOS = {
    "pendientes": gettext_lazy("Piden verificación"),
    "verificadas": gettext_lazy("Verificadas"),
    "todas": gettext_lazy("Todas"),
}


class OrganizacionesMixin(WagtailAdminTemplateMixin):
    """Las ve quien atiende a las personas en el sitio: son las mismas en toda la instalación."""

    page_title = gettext_lazy("Organizaciones")
    header_icon = "group"

    def dispatch(self, request, *args, **kwargs):
        if not puede_asistir(request.user, ajustes_de(request).site):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ListaView(OrganizacionesMixin, BaseListView):
    """La cola de las que piden verificación, la más antigua primero, y las demás."""

    template_name = "cuentas/organizaciones/admin/lista.html"
    paginate_by = 50
    page_kwarg = "p"
    paginator_class = WagtailPaginator

    @property
    def vista(self) -> str:
        vista = self.request.GET.get("vista")
        return vista if vista in VISTAS else "pendientes"

    @cached_property
    def filtro(self) -> OrganizacionFilter:
        return OrganizacionFilter(self.request.GET, Organizacion.objects.filter(**VISTAS[self.vista]))

    def get_queryset(self):
        orden = ("verificacion_pedida_en", "pk") if self.vista == "pendientes" else ("nombre", "pk")
        consulta = self.filtro.qs if self.filtro.is_valid() else self.filtro.queryset.none()
        return consulta.order_by(*orden)

    def paginate_queryset(self, queryset, page_size):
        paginador = self.get_paginator(queryset, page_size)
        pagina = paginador.get_page(self.request.GET.get("p"))
        return paginador, pagina, pagina.object_list, pagina.has_other_pages()

    def get_context_data(self, **kwargs):
        contexto = super().get_context_data(**kwargs)
        pagina = contexto["page_obj"]
        return contexto | {
            "filtro": self.filtro,
            "vista": self.vista,
            "vistas": ROTULOS.items(),
            "elided_page_range": pagina.paginator.get_elided_page_range(pagina.number),
        }

    def render_to_response(self, context, **kwargs):
        estado = 200 if self.filtro.is_valid() else 400
        return super().render_to_response(context, **{"status": estado, **kwargs})

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


class DetalleView(OrganizacionesMixin, FormView):
    """Una organización, lo que mostró y lo que se ha revisado; aquí se verifica, se rechaza o se retira."""

    template_name = "cuentas/organizaciones/admin/detalle.html"
    form_class = RevisionForm

    @cached_property
    def organizacion(self) -> Organizacion:
        return get_object_or_404(Organizacion.objects.select_related("soporte"), pk=self.kwargs["pk"])

    def get_page_subtitle(self):
        return self.organizacion.nombre

    def get_breadcrumbs_items(self):
        lista = {"url": reverse("personas_organizaciones:lista"), "label": self.page_title}
        return [*self.breadcrumbs_items, lista, {"url": "", "label": self.organizacion.nombre}]

    def get_initial(self):
        return {"vista": list(self.organizacion.identidad)}

    def get_context_data(self, **kwargs):
        integrantes = self.organizacion.membresias.vigentes().select_related("participante__cuenta").order_by("desde")
        representantes = [m for m in integrantes if m.rol == RolMembresia.REPRESENTANTE]
        return super().get_context_data(**kwargs) | {
            "organizacion": self.organizacion,
            "representantes": representantes,
            "integrantes": len(integrantes),
            "posibles": actions.resultados_posibles(self.organizacion),
            "revisiones": self.organizacion.revisiones.select_related("revisada_por", "soporte"),
            "invitar": kwargs.get("invitar") or (None if representantes else InvitarRepresentanteForm()),
        }

    def post(self, request, *args, **kwargs):
        if request.POST.get("accion") == "invitar":
            return self.invitar()
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            revision = actions.revisar_organizacion(
                organizacion=self.organizacion, actor=self.request.user, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        if escribir_revision(self.request, revision):
            messages.success(self.request, _("Quedó anotado y se avisó a quienes la representan."))
        else:
            messages.warning(self.request, _("Quedó anotado, pero el correo a quienes la representan no salió."))
        return redirect("personas_organizaciones:detalle", self.organizacion.pk)

    def form_invalid(self, form):
        generales = [*form.non_field_errors(), *form["resultado"].errors, *form["vista"].errors]
        messages.error(self.request, " ".join(generales) or _("Nada cambió: revise los campos señalados."))
        # Con los datos de ahora: si cambiaron, es lo que hay que volver a mirar.
        form.data = {**form.data.dict(), "vista": form.fields["vista"].prepare_value(list(self.organizacion.identidad))}
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def invitar(self):
        formulario = InvitarRepresentanteForm(self.request.POST)
        if formulario.is_valid():
            try:
                enviada = invitaciones.invitar_representante(
                    organizacion=self.organizacion, correo=formulario.cleaned_data["correo"], actor=self.request.user
                )
            except ValidationError as error:
                formulario.add_error("correo", error)
            else:
                if escribir_invitacion(self.request, *enviada):
                    messages.success(self.request, _("Se envió la invitación."))
                else:
                    messages.warning(self.request, _("El correo no salió: invite otra vez en unos minutos."))
                return redirect("personas_organizaciones:detalle", self.organizacion.pk)
        messages.error(self.request, _("Nada cambió: revise los campos señalados."))
        contexto = self.get_context_data(form=RevisionForm(initial=self.get_initial()), invitar=formulario)
        return self.render_to_response(contexto, status=422)
