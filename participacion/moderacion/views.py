from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from django.views.generic.edit import FormView
from django.views.generic.list import BaseListView
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cuentas.enums import TipoActor

from .actions import decidir
from .enums import Decision
from .filters import EntradaFilter
from .forms import DecisionForm
from .models import Entrada
from .moderables import MODERABLES
from .rules import ROLES_QUE_MODERAN

POR_PAGINA = 50


def en_alcance(usuario):
    """Las entradas que la cuenta puede moderar hoy."""
    return Entrada.objects.visibles().en_sitios_de(usuario, ROLES_QUE_MODERAN)


def nombre_de(usuario) -> str:
    return usuario.get_full_name() or usuario.email if usuario else _("una cuenta suprimida")


def rotular(entrada) -> Entrada:
    """Le pone los nombres de lo que es y de quién la envía."""
    entrada.clase = MODERABLES[entrada.objeto_tipo].etiqueta
    entrada.quien = dict(TipoActor.choices).get(entrada.remitente, entrada.remitente)
    return entrada


class ModeracionMixin:
    """Sólo entra quien modera en algún sitio; qué ve lo limita `en_alcance`."""

    page_title = gettext_lazy("Moderación")
    header_icon = "clipboard-list"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm("moderacion.moderar"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def filtro(self) -> EntradaFilter:
        return EntradaFilter(self.request.GET, en_alcance(self.request.user))

    @property
    def pendientes(self):
        """La cola con el filtro puesto: la más antigua primero."""
        return self.filtro.qs.pendientes().order_by("recibida_en", "pk")


class ColaView(ModeracionMixin, WagtailAdminTemplateMixin, BaseListView):
    """La cola: lo que espera decisión o, con `?vista=decididas`, lo ya resuelto."""

    template_name = "moderacion/cola.html"
    paginate_by = POR_PAGINA
    paginator_class = WagtailPaginator

    @property
    def son_decididas(self) -> bool:
        return self.request.GET.get("vista") == "decididas"

    def get_queryset(self):
        consulta = self.pendientes
        if self.son_decididas:
            consulta = self.filtro.qs.decididas().order_by("-decidida_en", "-pk")
        anterior = Entrada.objects.filter(
            objeto_tipo=OuterRef("objeto_tipo"), objeto_id=OuterRef("objeto_id"), pk__lt=OuterRef("pk")
        )
        return consulta.select_related("ejercicio", "decidida_por").annotate(corregida=Exists(anterior))

    def paginate_queryset(self, queryset, page_size):
        paginador = self.get_paginator(queryset, page_size)
        pagina = paginador.get_page(self.request.GET.get("p"))
        return paginador, pagina, [rotular(entrada) for entrada in pagina], pagina.has_other_pages()

    def get_context_data(self, **kwargs):
        contexto = super().get_context_data(**kwargs)
        pagina = contexto["page_obj"]
        return contexto | {
            "filtro": self.filtro,
            "decididas": self.son_decididas,
            "elided_page_range": pagina.paginator.get_elided_page_range(pagina.number),
        }

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


class EntradaView(ModeracionMixin, WagtailAdminTemplateMixin, FormView):
    """Una entrada completa y, si espera, el formulario para decidirla. Tras decidir pasa a la siguiente."""

    template_name = "moderacion/entrada.html"
    form_class = DecisionForm

    @cached_property
    def entrada(self) -> Entrada:
        consulta = en_alcance(self.request.user).select_related("ejercicio", "sitio", "decidida_por")
        return rotular(get_object_or_404(consulta, pk=self.kwargs["pk"]))

    def get_page_subtitle(self):
        return self.entrada.titulo

    def get_breadcrumbs_items(self):
        cola = {"url": reverse("moderacion:cola") + self.filtro.direccion, "label": self.page_title}
        return [*self.breadcrumbs_items, cola, {"url": "", "label": self.entrada.titulo}]

    def direccion(self, entrada) -> str:
        """La de otra entrada con el mismo filtro; sin entrada, la de la cola."""
        ruta = reverse("moderacion:entrada", args=[entrada.pk]) if entrada else reverse("moderacion:cola")
        return ruta + self.filtro.direccion

    def siguiente(self) -> Entrada | None:
        """La que sigue a ésta en la cola; al llegar al final, la primera que quede."""
        otras = self.pendientes.exclude(pk=self.entrada.pk)
        recibida = self.entrada.recibida_en
        despues = otras.filter(Q(recibida_en__gt=recibida) | Q(recibida_en=recibida, pk__gt=self.entrada.pk))
        return despues.first() or otras.first()

    def get(self, request, *args, **kwargs):
        self.entrada  # noqa: B018  404 si no está a su alcance
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        entrada = self.entrada
        moderable = MODERABLES[entrada.objeto_tipo]
        anteriores = Entrada.objects.de(entrada.objeto).decididas().exclude(pk=entrada.pk)
        siguiente = self.siguiente()
        return super().get_context_data(**kwargs) | {
            "entrada": entrada,
            "decisiones": moderable.decisiones,
            "contenido": render_to_string(moderable.plantilla, moderable.presentar(entrada.objeto), self.request),
            "anteriores": anteriores.select_related("decidida_por").order_by("-decidida_en", "-pk"),
            "siguiente": siguiente and self.direccion(siguiente),
        }

    def form_valid(self, form):
        try:
            entrada = decidir(
                entrada_id=self.entrada.pk,
                decision=form.cleaned_data["decision"],
                motivo=form.motivo_completo(),
                moderador=self.request.user,
            )
        except ValidationError as error:
            if getattr(error, "code", None) == "decidida":
                return self.ya_decidida()
            form.add_error(None, error)
            return self.form_invalid(form)
        quedan = self.pendientes.count()
        messages.success(
            self.request,
            _("«%(titulo)s»: %(decision)s. %(quedan)s")
            % {
                "titulo": entrada.titulo,
                "decision": entrada.get_decision_display().lower(),
                "quedan": ngettext("Queda %(n)s por decidir.", "Quedan %(n)s por decidir.", quedan) % {"n": quedan}
                if quedan
                else _("No queda nada por decidir."),
            },
        )
        return redirect(self.direccion(self.siguiente()))

    def ya_decidida(self):
        """Otra persona decidió mientras ésta leía: se le dice qué, quién y cuándo, y no se cambia nada."""
        entrada = Entrada.objects.select_related("decidida_por").get(pk=self.entrada.pk)
        messages.warning(
            self.request,
            _("Su decisión no se aplicó: «%(titulo)s» ya estaba decidida por %(quien)s, %(cuando)s: %(decision)s.")
            % {
                "titulo": entrada.titulo,
                "quien": _("su autor") if entrada.decision == Decision.RETIRADA else nombre_de(entrada.decidida_por),
                "cuando": formats.date_format(timezone.localtime(entrada.decidida_en), "DATETIME_FORMAT"),
                "decision": entrada.get_decision_display().lower(),
            },
        )
        return redirect(self.direccion(entrada))

    def form_invalid(self, form):
        """Lo que no es de un campo visible sólo se puede decir arriba; lo demás se anuncia y queda junto a su campo."""
        generales = [*form.non_field_errors(), *form["decision"].errors]
        messages.error(self.request, " ".join(generales) or _("Nada cambió: revise el motivo."))
        return self.render_to_response(self.get_context_data(form=form), status=422)


class AprobarVariasView(ModeracionMixin, View):
    """Aprueba las marcadas en la cola, cada una en su transacción: lo que falle no detiene lo demás."""

    http_method_names = ["post"]

    def post(self, request):
        marcadas = [
            v for v in request.POST.getlist("entrada")[:POR_PAGINA] if v.isascii() and v.isdigit() and len(v) < 19
        ]
        aprobadas, fallidas = 0, []
        for entrada in en_alcance(request.user).filter(pk__in=marcadas).order_by("recibida_en", "pk"):
            try:
                decidir(entrada_id=entrada.pk, decision=Decision.APROBADA, moderador=request.user)
                aprobadas += 1
            except ValidationError as error:
                fallidas.append(f"«{entrada.titulo}»: {' '.join(error.messages)}")
        if aprobadas:
            messages.success(
                request,
                ngettext("Se aprobó %(n)s entrada.", "Se aprobaron %(n)s entradas.", aprobadas) % {"n": aprobadas},
            )
        for falla in fallidas:
            messages.warning(request, _("No se aprobó %(falla)s") % {"falla": falla})
        if not aprobadas and not fallidas:
            messages.warning(request, _("Marque al menos una entrada para aprobar."))
        return redirect(reverse("moderacion:cola") + self.filtro.direccion)
