from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages

from ..atencion import AtencionMixin, ListaView
from ..documentos import normalizar
from ..enums import EstadoAutorizacion
from ..models import AutorizacionAcudiente, VersionPolitica
from . import actions
from .correos import contar_al_menor
from .forms import AprobarForm, RechazarForm


class AcudientesMixin(AtencionMixin):
    page_title = gettext_lazy("Acudientes")
    header_icon = "user"
    inicio = "personas_acudientes:cola"

    @property
    def autorizaciones(self):
        return AutorizacionAcudiente.objects.select_related("participante__cuenta", "soporte", "revisada_por")


class ColaView(AcudientesMixin, ListaView):
    """Lo que espera revisión, lo más antiguo primero; con `?vista=todas`, todo lo demás también."""

    template_name = "cuentas/acudientes/admin/cola.html"

    @property
    def todas(self) -> bool:
        return self.request.GET.get("vista") == "todas"

    def get_queryset(self):
        if self.todas:
            return self.autorizaciones
        return self.autorizaciones.filter(estado=EstadoAutorizacion.POR_REVISAR).order_by("pedida_en", "pk")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"todas": self.todas}


class AutorizacionView(AcudientesMixin, TemplateView):
    """Un formato firmado: aprobarlo con lo que en él se lee o devolverlo con un motivo. Una vigente se puede revocar."""

    template_name = "cuentas/acudientes/admin/detalle.html"
    titulo_propio = gettext_lazy("Autorización")

    @cached_property
    def autorizacion(self) -> AutorizacionAcudiente:
        return get_object_or_404(self.autorizaciones, pk=self.kwargs["pk"])

    @cached_property
    def version(self) -> VersionPolitica | None:
        """La que traía el formato; una firma por enlace aún no leyó ninguna."""
        return VersionPolitica.objects.filter(texto_hash=self.autorizacion.texto_hash).first()

    def formularios(self, datos=None) -> dict:
        if self.autorizacion.estado != EstadoAutorizacion.POR_REVISAR:
            return {}
        accion = datos.get("accion") if datos else ""
        inicial = {"nombre": self.autorizacion.nombre}
        return {
            "aprobar": AprobarForm(datos if accion == "aprobar" else None, version=self.version, initial=inicial),
            "rechazar": RechazarForm(datos if accion == "rechazar" else None),
        }

    def get_context_data(self, **kwargs):
        marcadas = self.autorizacion.finalidades
        textos = [f["texto"] for f in self.version.finalidades if f["clave"] in marcadas] if self.version else []
        return {
            **super().get_context_data(**kwargs),
            "autorizacion": self.autorizacion,
            "textos": textos,
            "vigente": self.autorizacion.estado == EstadoAutorizacion.VIGENTE,
            **self.formularios(),
            **kwargs,
        }

    def post(self, request, *args, **kwargs):
        accion = request.POST.get("accion")
        formularios = self.formularios(request.POST)
        if accion == "revocar":
            return self.decidir(actions.revocar)
        formulario = formularios.get(accion)
        if formulario is None:
            messages.error(request, _("Esa autorización ya se había decidido."))
            return redirect("personas_acudientes:detalle", self.autorizacion.pk)
        if not formulario.is_valid():
            messages.error(request, _("Nada cambió: revise los campos señalados."))
            return self.render_to_response(self.get_context_data(**formularios), status=422)
        datos = formulario.cleaned_data
        if accion == "rechazar":
            return self.decidir(actions.rechazar, motivo=datos["motivo"])
        return self.decidir(
            actions.aprobar,
            nombre=datos["nombre"],
            parentesco=datos["parentesco"],
            documento=normalizar(datos["tipo"], datos["numero"]),
            finalidades=datos["finalidades"],
        )

    def decidir(self, hacer, **datos):
        try:
            decidida = hacer(autorizacion=self.autorizacion, actor=self.request.user, **datos)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
            return redirect("personas_acudientes:detalle", self.autorizacion.pk)
        if contar_al_menor(self.request, decidida):
            messages.success(self.request, _("Quedó anotado y se le avisó a la persona."))
        else:
            messages.warning(self.request, _("Quedó anotado, pero no se pudo avisar por correo a la persona."))
        return redirect("personas_acudientes:cola")
