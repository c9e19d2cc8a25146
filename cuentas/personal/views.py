from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.generic.base import TemplateView
from django.views.generic.edit import FormView
from django.views.generic.list import BaseListView
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from ..enums import RolPersonal
from ..models import AsignacionRol, Usuario
from . import actions
from .forms import IncorporarForm, RolesForm
from .rules import sitios_que_administra


class PersonalMixin(WagtailAdminTemplateMixin):
    """Sólo entra quien administra algún sitio; a quién ve lo limita `personas`."""

    page_title = gettext_lazy("Personal")
    header_icon = "group"
    titulo_propio = ""

    def dispatch(self, request, *args, **kwargs):
        if not self.sitios:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def sitios(self):
        return sitios_que_administra(self.request.user)

    @property
    def personas(self):
        """El personal de los sitios que administra, con los roles que tiene en ellos."""
        asignaciones = AsignacionRol.objects.filter(sitio__in=self.sitios).select_related("grupo", "sitio")
        return (
            Usuario.objects.filter(pk__in=asignaciones.values("usuario"))
            .prefetch_related(Prefetch("asignaciones", asignaciones.order_by("sitio", "grupo"), to_attr="roles_aqui"))
            .order_by("first_name", "last_name", "pk")
        )

    def get_page_subtitle(self):
        return self.titulo_propio

    def get_breadcrumbs_items(self):
        lista = {"url": reverse("personal:lista") if self.titulo_propio else "", "label": self.page_title}
        propia = [{"url": "", "label": self.titulo_propio}] if self.titulo_propio else []
        return [*self.breadcrumbs_items, lista, *propia]


class PersonalView(PersonalMixin, BaseListView):
    """Quiénes son del personal y qué puede cada quien."""

    template_name = "cuentas/personal/lista.html"
    paginate_by = 50
    page_kwarg = "p"
    paginator_class = WagtailPaginator

    @property
    def header_buttons(self):
        return [HeaderButton(_("Añadir"), reverse("personal:incorporar"), icon_name="plus")]

    def get_queryset(self):
        return self.personas

    def paginate_queryset(self, queryset, page_size):
        paginador = self.get_paginator(queryset, page_size)
        pagina = paginador.get_page(self.request.GET.get("p"))
        etiquetas = dict(RolPersonal.choices)
        for persona in pagina:
            for asignacion in persona.roles_aqui:
                asignacion.etiqueta = etiquetas.get(asignacion.grupo.name, asignacion.grupo.name)
        return paginador, pagina, pagina.object_list, pagina.has_other_pages()

    def get_context_data(self, **kwargs):
        contexto = super().get_context_data(**kwargs)
        pagina = contexto["page_obj"]
        return contexto | {
            "varios_sitios": len(self.sitios) > 1,
            "elided_page_range": pagina.paginator.get_elided_page_range(pagina.number),
        }


class IncorporarView(PersonalMixin, FormView):
    """Da roles a una persona; si no tiene cuenta, la crea y le escribe para que ponga su contraseña."""

    titulo_propio = gettext_lazy("Añadir a una persona")
    template_name = "cuentas/personal/incorporar.html"
    form_class = IncorporarForm
    success_url = reverse_lazy("personal:lista")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"sitios": self.sitios}

    def form_valid(self, form):
        try:
            usuario, nueva = actions.incorporar(**form.cleaned_data, actor=self.request.user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        self.escribir(usuario, nueva, form.cleaned_data["roles"])
        return super().form_valid(form)

    def escribir(self, usuario, nueva, roles):
        """Le cuenta a la persona qué puede hacer. Si el correo está caído, la cuenta queda y se dice qué hacer."""
        with override(usuario.idioma):
            contexto = {
                "nueva": nueva,
                "roles": ", ".join(str(RolPersonal(rol).label) for rol in roles),
                "poner_clave": self.request.build_absolute_uri(reverse("account_reset_password")),
                "entrar": self.request.build_absolute_uri(reverse("wagtailadmin_home")),
            }
            try:
                get_adapter().enviar("cuentas/personal/correo/roles", usuario.email, contexto)
            except OSError:
                messages.warning(
                    self.request,
                    _(
                        "%(correo)s ya tiene sus roles, pero no se le pudo escribir. Dígale que ponga su contraseña en %(direccion)s"
                    )
                    % {"correo": usuario.email, "direccion": contexto["poner_clave"]},
                )
                return
        texto = _("Se creó la cuenta de %(correo)s y se le escribió para que ponga su contraseña.")
        if not nueva:
            texto = _("La cuenta de %(correo)s tiene los roles nuevos y se le avisó por correo.")
        messages.success(self.request, texto % {"correo": usuario.email})

    def form_invalid(self, form):
        messages.error(
            self.request, " ".join(form.non_field_errors()) or _("Nada cambió: revise los campos señalados.")
        )
        return self.render_to_response(self.get_context_data(form=form), status=422)


class RolesView(PersonalMixin, TemplateView):
    """Los roles de una persona en cada sitio que administra quien mira. Los propios sólo se leen."""

    template_name = "cuentas/personal/roles.html"

    @cached_property
    def persona(self):
        return get_object_or_404(self.personas, pk=self.kwargs["pk"])

    @property
    def titulo_propio(self):
        return self.persona.get_full_name() or self.persona.email

    @cached_property
    def formularios(self) -> list[RolesForm]:
        return [
            RolesForm(
                self.request.POST if self.request.method == "POST" else None,
                sitio=sitio,
                initial={"roles": [a.grupo.name for a in self.persona.roles_aqui if a.sitio_id == sitio.pk]},
            )
            for sitio in self.sitios
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "persona": self.persona,
            "es_propia": self.persona == self.request.user,
            "formularios": self.formularios,
        }

    def post(self, request, *args, **kwargs):
        if not all([formulario.is_valid() for formulario in self.formularios]):
            return self.render_to_response(self.get_context_data(), status=422)
        try:
            with transaction.atomic():
                for formulario in self.formularios:
                    actions.cambiar_roles(
                        usuario=self.persona,
                        sitio=formulario.sitio,
                        roles=formulario.cleaned_data["roles"],
                        actor=request.user,
                    )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("personal:roles", self.persona.pk)
        messages.success(request, _("Los roles de %(nombre)s quedaron guardados.") % {"nombre": self.titulo_propio})
        return redirect("personal:lista")
