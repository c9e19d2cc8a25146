from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.generic import TemplateView, View
from django.views.generic.edit import FormView
from django_htmx.http import HttpResponseClientRefresh
from wagtail.admin import messages
from wagtail.admin.widgets.button import HeaderButton

from ..atencion import AtencionMixin, ListaView
from ..enums import EstadoPadron, RolPersonal
from ..models import Padron
from ..rules import tiene_rol
from . import padrones
from .forms import PadronForm
from .lectura import COLUMNA_FECHA, COLUMNAS, PadronUploadHandler

SEGUNDOS_ENTRE_CONSULTAS = 2


class PadronMixin(AtencionMixin):
    """Los padrones son del rol de administración, cada uno en su sitio."""

    page_title = gettext_lazy("Padrones")
    header_icon = "list-ul"
    inicio = "personas_verificacion:padrones"

    def tiene_permiso(self) -> bool:
        return tiene_rol(self.request.user, self.sitio, RolPersonal.ADMINISTRACION)

    @property
    def padrones(self):
        return Padron.objects.filter(sitio=self.sitio).select_related("creado_por")

    @cached_property
    def padron(self) -> Padron:
        return get_object_or_404(self.padrones, pk=self.kwargs["pk"])


class PadronesView(PadronMixin, ListaView):
    template_name = "cuentas/verificacion/admin/padrones.html"

    @property
    def header_buttons(self):
        return [HeaderButton(_("Subir un padrón"), reverse("personas_verificacion:subir_padron"), icon_name="plus")]

    def get_queryset(self):
        return self.padrones


class PlantillaView(PadronMixin, View):
    """Un CSV con el encabezado y dos líneas de muestra, que hay que cambiar."""

    def get(self, request):
        lineas = [[*COLUMNAS, COLUMNA_FECHA], ["CC", "1032456789", "2015-12-31"], ["TI", "1098765432", "2021-07-01"]]
        return HttpResponse(
            "".join(";".join(linea) + "\r\n" for linea in lineas),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="padron.csv"'},
        )


@method_decorator(csrf_exempt, name="dispatch")
class SubirPadronView(PadronMixin, FormView):
    """Recibe el archivo sin guardarlo: `PadronUploadHandler` lo vuelve HMAC a medida que llega.

    Quien recibe se cambia antes de leer el cuerpo, y la protección CSRF lo lee: por eso se aplica dentro, después.
    """

    titulo_propio = gettext_lazy("Subir un padrón")
    template_name = "cuentas/verificacion/admin/subir_padron.html"
    form_class = PadronForm

    def dispatch(self, request, *args, **kwargs):
        self.recepcion = PadronUploadHandler(request)
        request.upload_handlers = [self.recepcion]
        try:
            return csrf_protect(self.atender)(request, *args, **kwargs)
        finally:
            # Lo que ningún padrón adoptó no se queda en el disco.
            if self.recepcion.lectura is not None:
                self.recepcion.lectura.descartar()

    def atender(self, request, *args, **kwargs):
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"lectura": self.recepcion.lectura}

    def form_valid(self, form):
        lectura = self.recepcion.lectura
        padron = padrones.crear_padron(
            nombre=form.cleaned_data["nombre"],
            sitio=self.sitio,
            sal=lectura.sal,
            pide_fecha=lectura.pide_fecha,
            total=lectura.total,
            archivo=lectura.espera.archivo,
            actor=self.request.user,
        )
        self.recepcion.lectura = None
        return redirect("personas_verificacion:padron", padron.pk)


class PadronView(PadronMixin, TemplateView):
    """Un padrón y, mientras se carga, cuánto va: la página se pone al día sola o al recargarla."""

    template_name = "cuentas/verificacion/admin/padron.html"

    @property
    def titulo_propio(self):
        return self.padron.nombre

    def get_template_names(self):
        return ["cuentas/verificacion/admin/avance.html"] if self.request.htmx else super().get_template_names()

    def get(self, request, *args, **kwargs):
        if request.htmx and self.padron.estado != EstadoPadron.CARGANDO:
            return HttpResponseClientRefresh()
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "padron": self.padron,
            "cargando": self.padron.estado == EstadoPadron.CARGANDO,
            "vigente": self.padron.estado == EstadoPadron.VIGENTE,
            "cada": SEGUNDOS_ENTRE_CONSULTAS,
            "verificaciones": self.padron.verificaciones.vigentes().count(),
        }


class CerrarPadronView(PadronView):
    """Pregunta, y detiene la carga o retira el padrón vigente."""

    template_name = "cuentas/verificacion/admin/cerrar_padron.html"

    def get_template_names(self):
        return [self.template_name]

    def post(self, request, *args, **kwargs):
        # Lo que se hace es lo que decía el botón: la carga pudo terminar mientras se leía la pregunta.
        detener = request.POST.get("accion") == "detener"
        try:
            if detener:
                padrones.detener(padron=self.padron, actor=request.user)
            else:
                padrones.retirar(padron=self.padron, actor=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("La carga se detuvo.") if detener else _("El padrón quedó retirado."))
        return redirect("personas_verificacion:padron", self.padron.pk)
