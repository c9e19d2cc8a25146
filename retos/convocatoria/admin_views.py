"""Cómo lleva el personal los retos: la lista, cada uno con lo que espera, y las preguntas por responder."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from django.views.generic.list import BaseListView
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.models import Locale

from participacion.ejercicios.enums import TipoEjercicio
from participacion.ejercicios.models import Ejercicio

from ..diagnostico.enums import EstadoPregunta
from ..enums import EstadoPropuesta
from ..fases import FaseProgramada, armar
from ..gestion import ENLACES, GestionRetoMixin
from ..models import PreguntaReto, Propuesta, RetoPage
from .actions import resolver_pregunta
from .completitud import revisar
from .forms import RespuestaForm

POR_PAGINA = 20


@dataclass(frozen=True)
class EnQueVa:
    """La fase de un reto y cuánto le queda, por el reloj de esta máquina: para mostrar."""

    actual: FaseProgramada | None
    siguiente: FaseProgramada | None

    @property
    def dias(self) -> int | None:
        """Días enteros hasta que termine la fase; None si no termina."""
        return (self.actual.termina - timezone.now()).days if self.actual and self.actual.termina else None


def en_que_va(ejercicio: Ejercicio) -> EnQueVa:
    calendario, ahora = armar(ejercicio, ejercicio.fases.all()), timezone.now()
    return EnQueVa(calendario.actual(ahora), calendario.siguiente(ahora))


def _cuantas(filas):
    """Cuántas de estas filas son de cada ejercicio, sin multiplicarse con las demás cuentas de la misma consulta."""
    suyas = filas.filter(ejercicio=OuterRef("pk")).order_by().values("ejercicio")
    return Coalesce(Subquery(suyas.annotate(n=Count("pk")).values("n")), 0)


class ListaView(GestionRetoMixin, BaseListView, TemplateView):
    """Los retos del sitio, el último en abrir primero."""

    template_name = "retos/convocatoria/lista.html"
    paginate_by = POR_PAGINA
    paginator_class = WagtailPaginator
    page_kwarg = "p"

    def get_queryset(self):
        retos = Ejercicio.objects.filter(sitio=self.sitio, tipo=TipoEjercicio.RETO).prefetch_related("fases")
        return retos.annotate(
            publicadas=_cuantas(Propuesta.objects.filter(estado=EstadoPropuesta.PUBLICADA)),
            en_revision=_cuantas(Propuesta.objects.filter(estado=EstadoPropuesta.ENVIADA)),
            preguntas_pendientes=_cuantas(PreguntaReto.objects.filter(estado=EstadoPregunta.ENVIADA)),
        ).order_by("-apertura", "-pk")

    def get_context_data(self, **kwargs):
        contexto = super().get_context_data(**kwargs)
        pagina = contexto["page_obj"]
        return contexto | {
            "retos": [(ejercicio, en_que_va(ejercicio)) for ejercicio in pagina],
            "elided_page_range": pagina.paginator.get_elided_page_range(pagina.number),
        }


class RetoView(GestionRetoMixin, TemplateView):
    """Un reto: en qué va, qué espera al personal en cada pantalla y qué le falta por publicar."""

    template_name = "retos/convocatoria/reto.html"

    def get_context_data(self, **kwargs):
        contexto = super().get_context_data(**kwargs)
        pagina = RetoPage.objects.filter(
            translation_key=self.ejercicio.translation_key, locale=Locale.get_default()
        ).first()
        pendientes = [
            (enlace, enlace.pendientes(self.ejercicio) if enlace.pendientes else None)
            for enlace in ENLACES
            if enlace.url != "retos_convocatoria:reto" and enlace.mostrar(self.ejercicio)
        ]
        return contexto | {
            "va": en_que_va(self.ejercicio),
            "pagina": pagina,
            "pendientes": pendientes,
            "revision": revisar(pagina) if pagina else None,
            "edita": pagina and pagina.permissions_for_user(self.request.user).can_edit(),
        }


class PreguntasView(GestionRetoMixin, BaseListView, TemplateView):
    """Las preguntas de un reto: primero las que esperan respuesta, la más antigua arriba."""

    template_name = "retos/convocatoria/preguntas_gestion.html"
    titulo_propio = gettext_lazy("Preguntas")
    paginate_by = POR_PAGINA
    paginator_class = WagtailPaginator
    page_kwarg = "p"

    def get_queryset(self):
        espera = Q(estado=EstadoPregunta.ENVIADA)
        return self.ejercicio.preguntas_reto.alias(espera=espera).order_by("-espera", "enviada_en", "pk")

    def get_context_data(self, **kwargs):
        contexto = super().get_context_data(**kwargs)
        pagina = contexto["page_obj"]
        return contexto | {"elided_page_range": pagina.paginator.get_elided_page_range(pagina.number)}


class PreguntaView(GestionRetoMixin, FormView):
    """Una pregunta y, si espera, cómo responderla o no publicarla."""

    template_name = "retos/convocatoria/pregunta_gestion.html"
    titulo_propio = gettext_lazy("Responder una pregunta")
    form_class = RespuestaForm

    @cached_property
    def pregunta(self) -> PreguntaReto:
        preguntas = self.ejercicio.preguntas_reto.select_related("respondida_por")
        return get_object_or_404(preguntas, pk=self.kwargs["pregunta"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"pregunta": self.pregunta}

    def form_valid(self, form):
        accion = self.request.POST.get("accion", "")
        try:
            resuelta = resolver_pregunta(
                pregunta=self.pregunta,
                hacia=accion,
                respuesta=form.cleaned_data["respuesta"],
                actor=self.request.user,
            )
        except ValidationError as error:
            form.add_error(None, error)
            del self.pregunta  # otra persona pudo resolverla: se muestra como está
            return self.form_invalid(form)
        publicada = resuelta.estado == EstadoPregunta.RESPONDIDA
        messages.success(
            self.request, _("La respuesta ya está publicada.") if publicada else _("La pregunta no se publica. Se le avisó a su autor.")
        )
        return redirect("retos_convocatoria:preguntas", self.ejercicio.pk)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)
