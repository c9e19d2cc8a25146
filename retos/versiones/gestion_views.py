from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateView, View
from wagtail.admin import messages

from home.texto import limpiar_linea

from ..gestion import GestionRetoMixin
from ..models import Propuesta, SolicitudInformacion
from .actions import abierta_de, anular_solicitud, pedir_informacion
from .campos import rotulos_de
from .enums import CONCURSAN
from .forms import PedirForm

POR_PAGINA = 20
CONSULTA_MAXIMA = 100


class ListaView(GestionRetoMixin, TemplateView):
    """Las solicitudes de un reto, y a qué propuestas se les puede pedir algo más."""

    template_name = "retos/versiones/lista.html"
    titulo_propio = gettext_lazy("Pedir información")

    def get_context_data(self, **kwargs):
        consulta = limpiar_linea(self.request.GET.get("q", ""))[:CONSULTA_MAXIMA]
        concursan = self.ejercicio.propuestas.publicadas().filter(resultado__in=CONCURSAN)
        if consulta:
            concursan = concursan.filter(referencia__iexact=consulta) or concursan.con_palabras(consulta)
        solicitudes = SolicitudInformacion.objects.filter(propuesta__ejercicio=self.ejercicio).select_related("propuesta")
        return super().get_context_data(**kwargs) | {
            "consulta": consulta,
            "solicitudes": Paginator(solicitudes, POR_PAGINA).get_page(self.request.GET.get("p")),
            "propuestas": concursan.recientes()[:POR_PAGINA],
            "ahora": timezone.now(),
        }


class PedirView(GestionRetoMixin, TemplateView):
    """Qué se le pide completar a una propuesta."""

    template_name = "retos/versiones/pedir.html"
    titulo_propio = gettext_lazy("Pedir información")

    @cached_property
    def propuesta(self) -> Propuesta:
        publicadas = self.ejercicio.propuestas.publicadas().select_related("respuesta__version")
        return get_object_or_404(publicadas, pk=self.kwargs["propuesta"])

    def get(self, request, *args, **kwargs):
        return self.responder(PedirForm(propuesta=self.propuesta))

    def responder(self, formulario, estado=200):
        abierta = abierta_de(self.propuesta)
        contexto = self.get_context_data(
            formulario=formulario,
            propuesta=self.propuesta,
            abierta=abierta,
            abierta_campos=rotulos_de(self.propuesta, abierta.campos) if abierta else [],
        )
        return self.render_to_response(contexto, status=estado)

    def post(self, request, *args, **kwargs):
        formulario = PedirForm(request.POST, propuesta=self.propuesta)
        if formulario.is_valid():
            try:
                pedir_informacion(propuesta=self.propuesta, actor=request.user, **formulario.cleaned_data)
                messages.success(request, _("Se pidió. Su equipo recibe un correo."))
                return redirect("retos_versiones:lista", self.ejercicio.pk)
            except ValidationError as error:
                formulario.add_error(None, error)
        return self.responder(formulario, 422)


class AnularView(GestionRetoMixin, View):
    """Deja de pedir algo que aún no se respondió."""

    http_method_names = ["post"]

    def post(self, request, pk, solicitud):
        solicitudes = SolicitudInformacion.objects.filter(propuesta__ejercicio=self.ejercicio)
        try:
            anular_solicitud(solicitud=get_object_or_404(solicitudes, pk=solicitud), actor=request.user)
            messages.success(request, _("La solicitud se anuló."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect(reverse("retos_versiones:lista", args=[self.ejercicio.pk]))
