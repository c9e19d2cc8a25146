"""Las pantallas con que la gestión lleva el plan de cada propuesta elegida y cierra el reto."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateView
from wagtail.admin import messages

from ..decision.consultas import sin_responder
from ..enums import ELEGIDAS, TRANSICIONES_RESULTADO, Resultado
from ..gestion import GestionRetoMixin
from ..models import CierreReto, HitoPlan, Implementacion
from ..novedades import como_contenido
from . import actions, consultas
from .cierre import cerrar_reto
from .enums import TRANSICIONES_HITO, EstadoHito
from .forms import AlianzasFormSet, AvanceForm, CierreForm, HitoForm, LogroForm, MotivoForm, NotaForm, PlanForm
from .semaforo import luz_de, marcha_de


class ListaView(GestionRetoMixin, TemplateView):
    """Las propuestas elegidas y cómo va cada plan."""

    template_name = "retos/seguimiento/lista.html"
    titulo_propio = gettext_lazy("Seguimiento")

    def get_context_data(self, **kwargs):
        hoy = timezone.localdate()
        planes = []
        for propuesta in consultas.elegidas(self.ejercicio):
            plan = consultas.plan_de(propuesta)
            planes.append((propuesta, plan, marcha_de(plan.hitos.all(), hoy) if plan else None))
        return super().get_context_data(**kwargs) | {"planes": planes}


class ElegidaMixin(GestionRetoMixin):
    """Da `self.propuesta`, elegida, y `self.plan`, o None."""

    @cached_property
    def propuesta(self):
        elegidas = self.ejercicio.propuestas.publicas().filter(resultado__in=ELEGIDAS).select_related("ejercicio")
        return get_object_or_404(elegidas, pk=self.kwargs["propuesta"])

    @cached_property
    def plan(self) -> Implementacion | None:
        return Implementacion.objects.filter(propuesta=self.propuesta).first()

    def get_context_data(self, **kwargs):
        # Encima de lo que trae la dirección: allí `propuesta` es un número.
        return super().get_context_data(**{**kwargs, "propuesta": self.propuesta, "plan": self.plan})

    def invalida(self, **contexto):
        """La misma pantalla con lo escrito y sus errores."""
        return self.render_to_response(self.get_context_data(**contexto), status=422)

    def hacer(self, clave: str, formulario, accion, hecho: str, destino=None, **campos):
        """Llama a la acción con lo escrito; su error se dice en el mismo formulario, que la pantalla llama `clave`."""
        if not formulario.is_valid():
            return self.invalida(**{clave: formulario})
        try:
            accion(actor=self.request.user, **campos)
        except ValidationError as error:
            conocidos = getattr(error, "error_dict", {})
            propios = {campo: errores for campo, errores in conocidos.items() if campo in formulario.fields}
            formulario.add_error(None, propios if propios and len(propios) == len(conocidos) else error.messages)
            return self.invalida(**{clave: formulario})
        messages.success(self.request, hecho)
        return destino() if destino else self.al_plan()

    def al_plan(self):
        return redirect("retos_seguimiento:plan", self.ejercicio.pk, self.propuesta.pk)


class PlanView(ElegidaMixin, TemplateView):
    """El plan de una propuesta: sus hitos, en qué va y lo que se cuenta de ella."""

    template_name = "retos/seguimiento/plan.html"
    titulo_propio = gettext_lazy("Plan de trabajo")

    def get_context_data(self, **kwargs):
        contexto = {
            "marcha": marcha_de(self.plan.hitos.all(), timezone.localdate()) if self.plan else None,
            "destinos": [
                Resultado(hacia)
                for (desde, hacia), accion in TRANSICIONES_RESULTADO.items()
                if desde == self.propuesta.resultado and accion == "avanzar"
            ],
            "novedades": consultas.linea_de_tiempo(self.propuesta),
            "editable": self.propuesta.resultado in actions.CON_PLAN,
            "plan_form": PlanForm.de(self.plan),
            "motivo_form": MotivoForm(),
            "nota_form": NotaForm(),
        }
        return super().get_context_data(**{**contexto, **kwargs})

    def post(self, request, *args, **kwargs):
        accion = request.POST.get("accion")
        if accion == "plan":
            formulario = PlanForm(request.POST)
            return self.hacer("plan_form", formulario, self.guardar(formulario), _("El plan quedó guardado."))
        if accion == "nota":
            formulario = NotaForm(request.POST, request.FILES)
            return self.hacer("nota_form", formulario, self.anotar(formulario), _("La novedad quedó publicada."))
        if accion in TRANSICIONES_DESTINOS:
            formulario = MotivoForm(request.POST)
            return self.hacer(
                "motivo_form", formulario, self.mover(formulario, accion), _("El resultado de la propuesta cambió.")
            )
        raise Http404

    def guardar(self, formulario):
        return lambda actor: actions.guardar_plan(propuesta=self.propuesta, actor=actor, **formulario.cleaned_data)

    def anotar(self, formulario):
        return lambda actor: actions.anotar(
            propuesta=self.propuesta,
            actor=actor,
            titulo=formulario.cleaned_data["titulo"],
            texto=formulario.cleaned_data["texto"],
            archivos=formulario.archivos(),
        )

    def mover(self, formulario, hacia):
        return lambda actor: actions.mover_propuesta(
            propuesta=self.propuesta, hacia=hacia, actor=actor, motivo=formulario.cleaned_data["motivo"]
        )


# Del banco se elige en su pantalla: aquí no.
TRANSICIONES_DESTINOS = {
    hacia for (_desde, hacia), accion in TRANSICIONES_RESULTADO.items() if accion == "avanzar" and hacia != Resultado.ELEGIDA
}


class HitoView(ElegidaMixin, TemplateView):
    """Un hito: lo previsto, en qué va y su avance; o uno nuevo."""

    template_name = "retos/seguimiento/hito.html"
    titulo_propio = gettext_lazy("Hito")

    @cached_property
    def hito(self) -> HitoPlan | None:
        if self.plan is None:
            raise Http404
        if "hito" not in self.kwargs:
            return None
        return get_object_or_404(HitoPlan.objects.select_related("implementacion"), pk=self.kwargs["hito"], implementacion=self.plan)

    def get_context_data(self, **kwargs):
        contexto = {"form": HitoForm.de(self.hito, self.plan)}
        if self.hito:
            contexto |= {
                "luz": luz_de(self.hito, timezone.localdate()),
                "destinos": [EstadoHito(hacia) for desde, hacia in TRANSICIONES_HITO if desde == self.hito.estado],
                "motivo_form": MotivoForm(),
                "avance_form": AvanceForm(initial={"avance": self.hito.avance}),
            }
        contexto["editable"] = self.propuesta.resultado in actions.CON_PLAN
        contexto["previsto_abierto"] = self.hito is None or self.hito.estado not in actions.TERMINADOS
        return super().get_context_data(**{**contexto, **kwargs, "hito": self.hito})

    def post(self, request, *args, **kwargs):
        accion = request.POST.get("accion", "guardar")
        if accion == "guardar":
            formulario = HitoForm(request.POST)
            return self.hacer("form", formulario, self.guardar(formulario), _("El hito quedó guardado."))
        if self.hito is not None and accion == "avance":
            formulario = AvanceForm(request.POST, request.FILES)
            return self.hacer("avance_form", formulario, self.anotar(formulario), _("El avance quedó publicado."), self.al_hito)
        if self.hito is not None and accion in EstadoHito:
            formulario = MotivoForm(request.POST)
            mover = self.mover(formulario, accion)
            return self.hacer("motivo_form", formulario, mover, _("El hito cambió de estado."), self.al_hito)
        raise Http404

    def guardar(self, formulario):
        return lambda actor: actions.guardar_hito(
            implementacion=self.plan, hito=self.hito, actor=actor, **formulario.cleaned_data
        )

    def mover(self, formulario, hacia):
        return lambda actor: actions.mover_hito(
            hito=self.hito, hacia=hacia, actor=actor, motivo=formulario.cleaned_data["motivo"]
        )

    def anotar(self, formulario):
        def hacer(actor):
            avance = formulario.cleaned_data["avance"]
            with como_contenido():
                titulo = _("%(hito)s: avance del %(avance)s %%") % {"hito": self.hito, "avance": avance}
            return actions.anotar(
                propuesta=self.propuesta,
                actor=actor,
                titulo=titulo[-200:],
                texto=formulario.cleaned_data["texto"],
                hito=self.hito,
                avance=avance,
                archivos=formulario.archivos(),
            )

        return hacer

    def al_hito(self):
        return redirect("retos_seguimiento:hito", self.ejercicio.pk, self.propuesta.pk, self.hito.pk)


class LogroView(ElegidaMixin, TemplateView):
    """El prototipo y lo que se logró."""

    template_name = "retos/seguimiento/logro.html"
    titulo_propio = gettext_lazy("Lo que se logró")

    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs) if self.plan else self.al_plan()

    def get_context_data(self, **kwargs):
        contexto = {"form": LogroForm.de(self.plan), "alianzas": AlianzasFormSet(initial=self.plan.alianzas)}
        return super().get_context_data(**{**contexto, **kwargs})

    def post(self, request, *args, **kwargs):
        if self.plan is None:
            return self.al_plan()
        formulario, alianzas = LogroForm(request.POST), AlianzasFormSet(request.POST, initial=self.plan.alianzas)
        if not all([formulario.is_valid(), alianzas.is_valid()]):
            return self.invalida(form=formulario, alianzas=alianzas)
        escritas = [
            {campo: fila.cleaned_data[campo] for campo in ("con", "tipo", "beneficio")}
            for fila in alianzas
            if fila.cleaned_data.get("con") and not fila.cleaned_data.get("DELETE")
        ]
        try:
            actions.guardar_logro(
                propuesta=self.propuesta, actor=request.user, alianzas=escritas, **formulario.cleaned_data
            )
        except ValidationError as error:
            formulario.add_error(None, error)
            return self.invalida(form=formulario, alianzas=alianzas)
        messages.success(request, _("Quedó guardado lo que se logró."))
        return self.al_plan()


class CierreView(GestionRetoMixin, TemplateView):
    """Cerrar el reto, o leer cómo se cerró."""

    template_name = "retos/seguimiento/cierre.html"
    titulo_propio = gettext_lazy("Cierre del reto")

    def get_context_data(self, **kwargs):
        contexto = {
            "cierre": CierreReto.objects.filter(ejercicio=self.ejercicio).first(),
            "faltan": sin_responder(self.ejercicio).count(),
            "form": CierreForm(),
        }
        return super().get_context_data(**{**contexto, **kwargs})

    def post(self, request, *args, **kwargs):
        formulario = CierreForm(request.POST)
        if formulario.is_valid():
            try:
                cerrar_reto(ejercicio=self.ejercicio, actor=request.user, **formulario.cleaned_data)
            except ValidationError as error:
                formulario.add_error(None, error)
            else:
                messages.success(request, _("El reto quedó cerrado."))
                return redirect(request.path)
        return self.render_to_response(self.get_context_data(form=formulario), status=422)
