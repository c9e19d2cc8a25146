from django.core import signing
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.edit import FormView
from wagtail.admin import messages
from wagtail.admin.widgets.button import HeaderButton

from ..atencion import AtencionMixin, ListaView
from ..enums import NivelVerificacion
from ..models import Participante, Verificacion
from . import actions
from .forms import AnularForm, BuscarForm, PresencialForm

_SAL = "cuentas.verificacion"
_VIGENCIA = 60 * 60


class VerificacionMixin(AtencionMixin):
    page_title = gettext_lazy("Verificaciones")
    header_icon = "check"
    inicio = "personas_verificacion:lista"
    success_url = reverse_lazy("personas_verificacion:lista")


class VerificacionesView(VerificacionMixin, ListaView):
    """Todas las comprobaciones hechas, las anuladas también, con la más nueva primero."""

    template_name = "cuentas/verificacion/admin/lista.html"

    @property
    def header_buttons(self):
        return [HeaderButton(_("Verificar en persona"), reverse("personas_verificacion:buscar"), icon_name="plus")]

    def get_queryset(self):
        return Verificacion.objects.select_related("participante__cuenta", "padron", "verificada_por", "soporte")


class BuscarView(VerificacionMixin, FormView):
    """Encontrar a la persona por su correo exacto. Va por POST: un correo no se escribe en la dirección."""

    titulo_propio = gettext_lazy("Verificar en persona")
    template_name = "cuentas/verificacion/admin/buscar.html"
    form_class = BuscarForm

    def form_valid(self, form):
        participante = actions.buscar_persona(correo=form.cleaned_data["correo"], actor=self.request.user)
        if participante is None:
            form.add_error("correo", _("No hay una cuenta con ese correo. Revíselo o use «Participación asistida»."))
            return self.form_invalid(form)
        return redirect("personas_verificacion:verificar", signing.dumps([participante.pk, self.request.user.pk], salt=_SAL))


class VerificarView(VerificacionMixin, FormView):
    """Lo que se comprobó de la persona que se buscó. La ficha vence y sólo sirve a quien la buscó."""

    titulo_propio = gettext_lazy("Verificar en persona")
    template_name = "cuentas/verificacion/admin/verificar.html"
    form_class = PresencialForm

    @cached_property
    def participante(self) -> Participante | None:
        try:
            pk, de = signing.loads(self.kwargs["ficha"], salt=_SAL, max_age=_VIGENCIA)
        except signing.BadSignature:
            return None
        if de != self.request.user.pk:
            return None
        return Participante.objects.select_related("cuenta").filter(pk=pk, cuenta__isnull=False).first()

    def dispatch(self, request, *args, **kwargs):
        if self.tiene_permiso() and self.participante is None:
            messages.warning(request, _("Busque otra vez a la persona: ha pasado más de una hora o la cuenta ya no está."))
            return redirect("personas_verificacion:buscar")
        return super().dispatch(request, *args, **kwargs)

    def get_form(self, form_class=None):
        formulario = super().get_form(form_class)
        formulario.fields["archivo"].excedido = "archivo" in getattr(self.request, "archivos_excedidos", ())
        return formulario

    def get_context_data(self, **kwargs):
        vigentes = self.participante.verificaciones.vigentes().select_related("padron")
        return super().get_context_data(**kwargs) | {
            "participante": self.participante,
            "vigentes": vigentes,
            "ya_esta": any(v.nivel == NivelVerificacion.PRESENCIAL for v in vigentes),
        }

    def form_valid(self, form):
        try:
            actions.verificar_presencial(participante=self.participante, actor=self.request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("numero", error)
            return self.form_invalid(form)
        messages.success(self.request, _("Quedó verificada en persona."))
        return super().form_valid(form)


class AnularView(VerificacionMixin, FormView):
    titulo_propio = gettext_lazy("Anular una verificación")
    template_name = "cuentas/verificacion/admin/anular.html"
    form_class = AnularForm

    @cached_property
    def verificacion(self) -> Verificacion:
        return get_object_or_404(Verificacion.objects.select_related("participante__cuenta"), pk=self.kwargs["pk"])

    def get_form(self, form_class=None):
        formulario = super().get_form(form_class)
        if not self.verificacion.participante.cuenta_id:
            del formulario.fields["liberar_documento"]
        return formulario

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"verificacion": self.verificacion}

    def form_valid(self, form):
        try:
            actions.anular_verificacion(
                verificacion=self.verificacion, actor=self.request.user, **form.cleaned_data
            )
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
            return redirect(self.inicio)
        messages.success(self.request, _("La verificación quedó anulada. Los actos ya anotados no cambian."))
        return super().form_valid(form)
