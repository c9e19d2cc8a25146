from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateView, View
from django.views.generic.edit import FormView
from django.views.generic.list import BaseListView
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from ..enums import EstadoSolicitud, TipoSolicitud
from ..models import DiaNoHabil, SolicitudDatos
from ..personal.rules import sitios_que_administra
from ..plazos import Calendario
from . import actions
from .forms import AnotarForm, DiaNoHabilForm, ProrrogarForm, ResponderForm, TitularForm

FILTROS = {
    "abiertas": gettext_lazy("Por responder"),
    "vencidas": gettext_lazy("Vencidas"),
    "resueltas": gettext_lazy("Respondidas"),
    "todas": gettext_lazy("Todas"),
}


class DerechosMixin(WagtailAdminTemplateMixin):
    """Sólo administración, y sólo lo de los sitios que administra."""

    page_title = gettext_lazy("Solicitudes sobre datos")
    header_icon = "mail"
    titulo_propio = ""

    def dispatch(self, request, *args, **kwargs):
        if not self.sitios:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def sitios(self):
        return sitios_que_administra(self.request.user)

    @property
    def solicitudes(self):
        return SolicitudDatos.objects.filter(sitio__in=self.sitios).select_related("sitio", "participante__cuenta")

    def get_page_subtitle(self):
        return self.titulo_propio

    def get_breadcrumbs_items(self):
        lista = {"url": reverse("personas_derechos:cola") if self.titulo_propio else "", "label": self.page_title}
        propia = [{"url": "", "label": self.titulo_propio}] if self.titulo_propio else []
        return [*self.breadcrumbs_items, lista, *propia]


class FormularioMixin(DerechosMixin, FormView):
    """Un formulario cuyos errores se dicen junto al campo, con 422."""

    success_url = reverse_lazy("personas_derechos:cola")

    def form_valid(self, form):
        try:
            self.hacer(form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        return super().form_valid(form)

    def form_invalid(self, form):
        messages.error(
            self.request, " ".join(form.non_field_errors()) or _("Nada cambió: revise los campos señalados.")
        )
        return self.render_to_response(self.get_context_data(form=form), status=422)


class ColaView(DerechosMixin, BaseListView):
    """Las solicitudes, primero las que vencen antes, con cuánto queda de su plazo."""

    template_name = "cuentas/derechos/cola.html"
    paginate_by = 50
    page_kwarg = "p"
    paginator_class = WagtailPaginator

    @property
    def header_buttons(self):
        return [
            HeaderButton(_("Anotar una solicitud"), reverse("personas_derechos:anotar"), icon_name="plus"),
            HeaderButton(_("Días no hábiles"), reverse("personas_derechos:dias"), icon_name="calendar"),
        ]

    @property
    def filtro(self) -> str:
        pedido = self.request.GET.get("estado", "")
        return pedido if pedido in FILTROS else "abiertas"

    @property
    def tipo(self) -> str:
        pedido = self.request.GET.get("tipo", "")
        return pedido if pedido in TipoSolicitud else ""

    def get_queryset(self):
        consulta = self.solicitudes
        if self.filtro in ("abiertas", "vencidas"):
            consulta = consulta.filter(estado=EstadoSolicitud.ABIERTA)
        if self.filtro == "vencidas":
            consulta = consulta.filter(vence_el__lt=timezone.localdate())
        if self.filtro == "resueltas":
            consulta = consulta.filter(estado=EstadoSolicitud.RESUELTA)
        if self.filtro in ("resueltas", "todas"):
            consulta = consulta.order_by(F("resuelta_en").desc(nulls_first=True), "vence_el", "pk")
        return consulta.filter(tipo=self.tipo) if self.tipo else consulta

    def paginate_queryset(self, queryset, page_size):
        paginador = self.get_paginator(queryset, page_size)
        pagina = paginador.get_page(self.request.GET.get("p"))
        con_semaforo(pagina.object_list)
        return paginador, pagina, pagina.object_list, pagina.has_other_pages()

    def get_context_data(self, **kwargs):
        contexto = super().get_context_data(**kwargs)
        pagina = contexto["page_obj"]
        return contexto | {
            "filtros": FILTROS.items(),
            "filtro": self.filtro,
            "tipos": TipoSolicitud.choices,
            "tipo": self.tipo,
            "elided_page_range": pagina.paginator.get_elided_page_range(pagina.number),
        }


def con_semaforo(solicitudes) -> None:
    """Añade a cada una que espera respuesta su `semaforo` y los días hábiles que `quedan`."""
    calendarios, hoy = {}, timezone.localdate()
    for solicitud in solicitudes:
        if solicitud.estado == EstadoSolicitud.ABIERTA:
            if solicitud.sitio_id not in calendarios:
                calendarios[solicitud.sitio_id] = Calendario(solicitud.sitio)
            calendario = calendarios[solicitud.sitio_id]
            solicitud.semaforo = calendario.semaforo(
                recibida_en=solicitud.recibida_en, vence_el=solicitud.vence_el, hoy=hoy
            )
            solicitud.quedan = calendario.entre(hoy, solicitud.vence_el)


class AnotarView(FormularioMixin):
    """Anota una solicitud de alguien sin cuenta."""

    titulo_propio = gettext_lazy("Anotar una solicitud")
    template_name = "cuentas/derechos/anotar.html"
    form_class = AnotarForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"sitios": self.sitios}

    def hacer(self, datos):
        solicitud = actions.presentar_solicitud(**datos, actor=self.request.user)
        messages.success(
            self.request,
            _("Quedó anotada con el número %(numero)s; vence el %(fecha)s.")
            % {"numero": solicitud.numero, "fecha": f"{solicitud.vence_el:%d/%m/%Y}"},
        )


class UnaSolicitudMixin(FormularioMixin):
    @cached_property
    def solicitud(self) -> SolicitudDatos:
        solicitud = get_object_or_404(self.solicitudes, pk=self.kwargs["pk"])
        con_semaforo([solicitud])
        return solicitud

    @property
    def titulo_propio(self):
        return self.solicitud.numero

    def get_success_url(self):
        return reverse("personas_derechos:solicitud", args=[self.solicitud.pk])

    def get_context_data(self, **kwargs):
        solicitud = self.solicitud
        contexto = super().get_context_data(**kwargs) | {"solicitud": solicitud}
        contexto["abierta"] = solicitud.estado == EstadoSolicitud.ABIERTA
        return contexto


class SolicitudView(UnaSolicitudMixin):
    """Una solicitud y su respuesta."""

    template_name = "cuentas/derechos/solicitud.html"
    form_class = ResponderForm

    def get_context_data(self, **kwargs):
        solicitud = self.solicitud
        return super().get_context_data(**kwargs) | {
            "es_supresion": solicitud.tipo == TipoSolicitud.SUPRESION,
            "prorrogable": not solicitud.prorrogada_en and timezone.localdate() <= solicitud.vence_el,
            "sin_correo": not actions.correo_de(solicitud)[0],
        }

    def hacer(self, datos):
        actions.responder_solicitud(solicitud=self.solicitud, actor=self.request.user, **datos)
        messages.success(self.request, _("La solicitud quedó respondida."))


class ProrrogarView(UnaSolicitudMixin):
    """Amplía una vez el plazo de una solicitud."""

    template_name = "cuentas/derechos/prorrogar.html"
    form_class = ProrrogarForm

    def get_context_data(self, **kwargs):
        maximo = Calendario(self.solicitud.sitio).prorroga_maxima(self.solicitud.tipo, self.solicitud.vence_el)
        return super().get_context_data(**kwargs) | {"maximo": maximo}

    def hacer(self, datos):
        actions.prorrogar_solicitud(solicitud=self.solicitud, actor=self.request.user, **datos)
        messages.success(self.request, _("El plazo quedó ampliado."))


class SuprimirView(UnaSolicitudMixin):
    """Suprime los datos de quien lo pidió: primero dice de quién son y después, al confirmarlo, lo hace."""

    template_name = "cuentas/derechos/suprimir_titular.html"
    form_class = TitularForm

    def get_initial(self):
        cuenta = self.solicitud.participante and self.solicitud.participante.cuenta
        return {"correo": cuenta.email if cuenta else ""}

    def form_valid(self, form):
        titular = actions.buscar_titular(solicitud=self.solicitud, actor=self.request.user, **form.criterio)
        if titular is None:
            form.add_error(None, _("Nadie tiene ese correo o ese documento. Escríbalo exactamente."))
            return self.form_invalid(form)
        if not form.cleaned_data["entiendo"]:
            if "confirmar" in self.request.POST:
                form.add_error("entiendo", _("Marque la casilla para confirmar."))
                return self.render_to_response(self.get_context_data(form=form, titular=titular), status=422)
            return self.render_to_response(self.get_context_data(form=form, titular=titular))
        try:
            actions.atender_supresion(solicitud=self.solicitud, participante=titular, actor=self.request.user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, _("Los datos se suprimieron y la solicitud quedó respondida."))
        return redirect(self.get_success_url())


class DiasView(FormularioMixin, TemplateView):
    """Los días en que la entidad no atiende, además de los festivos nacionales."""

    titulo_propio = gettext_lazy("Días no hábiles")
    template_name = "cuentas/derechos/dias.html"
    form_class = DiaNoHabilForm
    success_url = reverse_lazy("personas_derechos:dias")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"sitios": self.sitios}

    def form_valid(self, form):
        try:
            with transaction.atomic():
                dia = form.save()
                log(instance=dia, action="wagtail.create", user=self.request.user)
        except IntegrityError:  # otra persona lo añadió a la vez: ya está
            pass
        return redirect(self.success_url)

    def get_context_data(self, **kwargs):
        dias = DiaNoHabil.objects.filter(sitio__in=self.sitios).select_related("sitio")
        return super().get_context_data(**kwargs) | {"dias": dias[:200], "varios_sitios": len(self.sitios) > 1}


class BorrarDiaView(DerechosMixin, View):
    http_method_names = ["post"]

    @transaction.atomic
    def post(self, request, pk):
        dia = get_object_or_404(DiaNoHabil, pk=pk, sitio__in=self.sitios)
        log(instance=dia, action="wagtail.delete", user=request.user, deleted=True)
        dia.delete()
        return redirect("personas_derechos:dias")
