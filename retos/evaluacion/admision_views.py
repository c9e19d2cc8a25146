"""La revisión de requisitos, en el administrador."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic.base import TemplateView
from wagtail.admin import messages

from participacion.adjuntos.models import Adjunto
from participacion.ejercicios.actions import leer_reglas

from ..enums import Resultado
from ..fases import Accion, TipoFase, calendario_de
from ..gestion import GestionRetoMixin
from ..models import CumplimientoRequisito, SolicitudInformacion
from ..versiones.campos import campos_de
from .actions import admision
from .forms import RevisionForm, poner_errores
from .presentacion import contestado

POR_PAGINA = 50


class RevisionMixin(GestionRetoMixin):
    titulo_propio = gettext_lazy("Requisitos")

    def get_context_data(self, **kwargs):
        ejercicio, ahora = leer_reglas(self.ejercicio.pk)
        calendario = calendario_de(ejercicio)
        propios = {
            "abierta": calendario.permite(Accion.ADMITIR, ahora),
            "fase": next(iter(calendario.de(TipoFase.ADMISIBILIDAD)), None),
        }
        return super().get_context_data(**{**propios, **kwargs})


class RequisitosView(RevisionMixin, TemplateView):
    """Las propuestas por revisar y las ya decididas; admite de una vez las que cumplen."""

    template_name = "retos/evaluacion/requisitos.html"

    def get_context_data(self, **kwargs):
        abierta = SolicitudInformacion.objects.filter(
            propuesta=OuterRef("pk"), atendida_en__isnull=True, anulada_en__isnull=True
        )
        propuestas = (
            self.ejercicio.propuestas.publicadas()
            .filter(resultado__in=admision.REVISABLES)
            .annotate(
                espera=Exists(abierta),
                cumplidos=Count("admision__cumplimientos", filter=Q(admision__cumplimientos__cumple=True)),
                incumplidos=Count("admision__cumplimientos", filter=Q(admision__cumplimientos__cumple=False)),
            )
            .only("referencia", "titulo", "resultado", "publicada_en", "ejercicio_id")
        )
        if self.request.GET.get("ver") != "todas":
            propuestas = propuestas.filter(resultado=Resultado.EN_ESTUDIO)
        pagina = Paginator(propuestas.order_by("publicada_en", "pk"), POR_PAGINA).get_page(self.request.GET.get("p"))
        listas = set(admision.listas_para_admitir(self.ejercicio).filter(pk__in=[p.pk for p in pagina]).values_list("pk", flat=True))
        return super().get_context_data(
            page_obj=pagina,
            is_paginated=pagina.has_other_pages(),
            listas=listas,
            todas=self.request.GET.get("ver") == "todas",
            total_requisitos=self.ejercicio.requisitos.count(),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        elegidas = [int(pk) for pk in request.POST.getlist("propuesta") if pk.isdecimal() and len(pk) < 19]
        try:
            n = admision.admitir_las_que_cumplen(ejercicio=self.ejercicio, actor=request.user, propuestas=elegidas)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self.render_to_response(self.get_context_data(), status=422)
        if not n:
            messages.error(request, _("No se admitió ninguna: marque propuestas que cumplan todos los requisitos."))
            return self.render_to_response(self.get_context_data(), status=422)
        messages.success(request, ngettext("Se admitió %(n)s propuesta.", "Se admitieron %(n)s propuestas.", n) % {"n": n})
        return redirect("retos_evaluacion:requisitos", self.ejercicio.pk)


class RevisionView(RevisionMixin, TemplateView):
    """Una propuesta, requisito por requisito."""

    template_name = "retos/evaluacion/revision.html"

    @cached_property
    def propuesta(self):
        propuestas = self.ejercicio.propuestas.publicadas().filter(resultado__in=admision.REVISABLES)
        return get_object_or_404(
            propuestas.select_related("autor__cuenta", "organizacion", "respuesta__version"), pk=self.kwargs["numero"]
        )

    def formulario(self, datos=None) -> RevisionForm:
        cumplimientos = CumplimientoRequisito.objects.filter(admision__propuesta=self.propuesta)
        anterior = getattr(self.propuesta, "admision", None)
        return RevisionForm(
            datos,
            requisitos=list(self.ejercicio.requisitos.all()),
            reabribles=list(campos_de(self.propuesta).items()),
            cumplimientos={dicho.requisito_id: dicho for dicho in cumplimientos},
            initial={"motivo": anterior.motivo if anterior else ""},
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{
                "propuesta": self.propuesta,
                "form": kwargs.pop("form", None) or self.formulario(),
                "respuestas": contestado(self.propuesta, ciega=False),
                "adjuntos": Adjunto.objects.de(self.propuesta),
                "solicitudes": self.propuesta.solicitudes.all(),
                **kwargs,
            }
        )

    def post(self, request, *args, **kwargs):
        formulario = self.formulario(request.POST)
        if formulario.is_valid():
            try:
                hecho = self.hacer(request.POST.get("accion"), formulario)
            except ValidationError as error:
                poner_errores(formulario, error)
            else:
                messages.success(request, hecho % {"propuesta": self.propuesta.referencia})
                return redirect("retos_evaluacion:requisitos", self.ejercicio.pk)
        messages.error(request, _("No se guardó nada. Revise lo señalado."))
        return self.render_to_response(self.get_context_data(form=formulario), status=422)

    def hacer(self, accion, formulario) -> str:
        datos = formulario.cleaned_data
        comunes = {"propuesta": self.propuesta, "actor": self.request.user, "revision": formulario.revision}
        match accion:
            case "guardar":
                admision.anotar_revision(**comunes)
                return _("Se guardó la revisión de %(propuesta)s, sin decidir.")
            case "admitir":
                admision.admitir(**comunes)
                return _("%(propuesta)s pasó a evaluación.")
            case "no_admitir":
                admision.no_admitir(**comunes, motivo=datos["motivo"])
                return _("%(propuesta)s no se admitió; se le avisó a quien la propuso.")
            case "pedir":
                admision.pedir_completar(
                    **comunes, campos=datos["campos"], mensaje=datos["mensaje"], vence_en=datos["vence_en"]
                )
                return _("Se pidió completar %(propuesta)s.")
        raise ValidationError(_("Elija qué hacer con la propuesta."))
