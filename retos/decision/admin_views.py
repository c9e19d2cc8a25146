"""Las pantallas con que la gestión decide un reto, responde a cada propuesta y elige del banco."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic.base import TemplateView
from wagtail.admin import messages

from participacion.ejercicios.actions import leer_reglas

from ..evaluacion.enums import EstadoEvaluacion
from ..evaluacion.estadistica import Nota, resumir
from ..evaluacion.rules import ve_resultados
from ..fases import Accion, calendario_de
from ..gestion import GestionRetoMixin
from ..models import DecisionReto, Evaluacion
from ..votos.rules import conteos_visibles
from . import actions, consultas, respuestas
from .enums import EstadoDecision
from .forms import DecisionForm, FalloForm, PromoverForm, RespuestaForm
from .mensajes import mensajes_de
from .plazo import PlazoRespuesta, dias_entre

POR_PAGINA = 20


class DecisionMixin(GestionRetoMixin):
    """Da `self.decision`: la guardada o, si no la hay, una en blanco."""

    @cached_property
    def decision(self) -> DecisionReto:
        return DecisionReto.objects.filter(ejercicio=self.ejercicio).first() or DecisionReto(ejercicio=self.ejercicio)

    def get_context_data(self, **kwargs):
        contexto = {"decision": self.decision, "abierta": calendario_de(self.ejercicio).permite(Accion.DECIDIR, timezone.now())}
        return super().get_context_data(**{**contexto, **kwargs})

    def invalida(self, **contexto):
        """La misma pantalla con lo escrito y sus errores."""
        return self.render_to_response(self.get_context_data(**contexto), status=422)


class DecisionView(DecisionMixin, TemplateView):
    """En qué va la decisión, lo común de ella, y los pasos: tomarla, volver atrás, publicarla."""

    template_name = "retos/decision/decision.html"
    titulo_propio = gettext_lazy("Decisión")

    def formulario(self, datos=None) -> DecisionForm:
        anterior = DecisionReto.objects.filter(
            ejercicio__sitio=self.sitio, estado=EstadoDecision.PUBLICADA
        ).order_by("-publicada_en").first()
        return DecisionForm(datos, decision=self.decision, anterior=anterior)

    def get_context_data(self, **kwargs):
        contexto = {"conteo": consultas.contar(self.ejercicio)}
        if self.decision.pk and self.decision.estado != EstadoDecision.PUBLICADA:
            contexto["omitidos"] = list(consultas.fallos_omitidos(self.decision))
        if "form" not in kwargs and self.decision.estado == EstadoDecision.BORRADOR:
            contexto["form"] = self.formulario()
        return super().get_context_data(**{**contexto, **kwargs})

    def post(self, request, *args, **kwargs):
        hacer = {
            "guardar": self.guardar,
            "tomar": self.tomar,
            "borrador": self.volver_a_borrador,
            "publicar": self.publicar,
        }.get(request.POST.get("accion"))
        if hacer is None:
            return self.invalida(errores=[_("No se entendió qué hacer: use los botones de esta pantalla.")])
        try:
            return hacer()
        except ValidationError as error:
            return self.invalida(errores=error.messages)

    def escribir(self, *, tomarla: bool):
        """Guarda lo escrito y, si se pide, toma la decisión con ello. Devuelve la pantalla con errores, o None."""
        formulario = self.formulario(self.request.POST)
        if not formulario.is_valid():
            return self.invalida(form=formulario)
        datos, quien = formulario.cleaned_data, {"ejercicio": self.ejercicio, "actor": self.request.user}
        comun = {campo: datos[campo] for campo in ("tipo", "motivos")} | {"actas": datos.get("actas", ())}
        try:
            actions.guardar_decision(**quien, **comun, textos=formulario.textos())
            if tomarla:
                actions.tomar_decision(**quien)
        except ValidationError as error:
            formulario.add_error(None, error)
            return self.invalida(form=formulario)
        return None

    def guardar(self):
        if errores := self.escribir(tomarla=False):
            return errores
        messages.success(self.request, _("La decisión quedó guardada."))
        return self.volver()

    def tomar(self):
        if errores := self.escribir(tomarla=True):
            return errores
        messages.success(self.request, _("La decisión quedó tomada. Nada se ha publicado: revise los mensajes."))
        return redirect("retos_decision:mensajes", self.ejercicio.pk)

    def volver_a_borrador(self):
        actions.volver_a_borrador(ejercicio=self.ejercicio, actor=self.request.user)
        messages.success(self.request, _("La decisión volvió a preparación."))
        return self.volver()

    def publicar(self):
        hecha = actions.publicar_decision(ejercicio=self.ejercicio, actor=self.request.user)
        messages.success(
            self.request,
            ngettext("La decisión quedó publicada: %(n)s propuesta respondida.", "La decisión quedó publicada: %(n)s propuestas respondidas.", hecha.resueltas)
            % {"n": hecha.resueltas},
        )
        if hecha.omitidas:
            messages.warning(
                self.request,
                _("Se omitieron, porque ya no concursan: %(propuestas)s.")
                % {"propuestas": ", ".join(str(propuesta) for propuesta in hecha.omitidas)},
            )
        return self.volver()

    def volver(self):
        return redirect("retos_decision:decision", self.ejercicio.pk)


class PropuestasView(DecisionMixin, TemplateView):
    """Las propuestas por decidir, de la mejor a la peor, con lo que se decide de cada una.

    Trae las notas: quien además es del jurado espera a que cierre la evaluación.
    """

    template_name = "retos/decision/propuestas.html"
    titulo_propio = gettext_lazy("Propuestas por decidir")

    @cached_property
    def ejercicio(self):
        ejercicio = super().ejercicio
        _reglas, ahora = leer_reglas(ejercicio.pk)
        if not ve_resultados(self.request.user, ejercicio, ahora):
            raise PermissionDenied
        return ejercicio

    @cached_property
    def pagina(self):
        return Paginator(consultas.clasificadas(self.ejercicio), POR_PAGINA).get_page(self.request.GET.get("p"))

    @cached_property
    def resumenes(self) -> dict:
        enviadas = Evaluacion.objects.filter(propuesta__ejercicio=self.ejercicio, estado=EstadoEvaluacion.ENVIADA)
        notas = [Nota(*valores) for valores in enviadas.values_list("propuesta_id", "jurado_id", "total")]
        return {resumen.propuesta: resumen for resumen in resumir(notas)}

    def filas(self, datos=None, propuestas=None) -> list[FalloForm]:
        hay = self.pagina.object_list if propuestas is None else propuestas
        return [FalloForm(datos, propuesta=propuesta, resumen=self.resumenes.get(propuesta.pk)) for propuesta in hay]

    def get_context_data(self, **kwargs):
        contexto = {
            "page_obj": self.pagina,
            "is_paginated": self.pagina.has_other_pages(),
            "conteo": consultas.contar(self.ejercicio),
            "con_notas": bool(self.resumenes),
            "conteos_visibles": conteos_visibles(self.ejercicio, timezone.now()),
            "editable": self.decision.estado == EstadoDecision.BORRADOR,
        }
        if "filas" not in kwargs:
            contexto["filas"] = self.filas()
        return super().get_context_data(**{**contexto, **kwargs})

    def post(self, request, *args, **kwargs):
        if request.POST.get("accion") == "demas":
            return self.las_demas()
        recibidas = {int(pk) for pk in request.POST.getlist("propuestas") if pk.isascii() and pk.isdigit() and len(pk) < 19}
        propuestas = list(consultas.clasificadas(self.ejercicio).filter(pk__in=list(recibidas)[: 2 * POR_PAGINA]))
        filas = self.filas(request.POST, propuestas)
        if not all([fila.is_valid() for fila in filas]):
            return self.invalida(filas=filas, errores=[_("Nada se guardó: corrija lo señalado.")])
        try:
            actions.guardar_fallos(
                ejercicio=self.ejercicio, actor=request.user, fallados=[fila.fallado() for fila in filas]
            )
        except ValidationError as error:
            return self.invalida(filas=filas, errores=self.senalar(filas, error))
        if omitidas := len(recibidas) - len(filas):
            messages.warning(
                request,
                ngettext("%(n)s propuesta ya no concursa: se omitió.", "%(n)s propuestas ya no concursan: se omitieron.", omitidas)
                % {"n": omitidas},
            )
        messages.success(request, _("Quedó guardado lo decidido de esta página."))
        return redirect(f"{request.path}?p={self.pagina.number}")

    def senalar(self, filas, error) -> list[str]:
        """Pone el error de un puesto junto a él; devuelve lo que se dice arriba."""
        if getattr(error, "code", "") != "puesto":
            return error.messages
        for fila in filas:
            if fila.propuesta.pk in error.params["propuestas"]:
                fila.add_error("puesto", error.message)
        return [_("Nada se guardó: corrija lo señalado.")]

    def las_demas(self):
        try:
            n = actions.no_elegir_las_demas(ejercicio=self.ejercicio, actor=self.request.user)
        except ValidationError as error:
            return self.invalida(errores=error.messages)
        messages.success(
            self.request,
            ngettext("%(n)s propuesta quedó como no elegida.", "%(n)s propuestas quedaron como no elegidas.", n) % {"n": n},
        )
        return redirect(self.request.path)


class MensajesView(DecisionMixin, TemplateView):
    """La bandeja de salida: cada mensaje que saldrá al publicar, como lo leerá quien lo recibe."""

    template_name = "retos/decision/mensajes.html"
    titulo_propio = gettext_lazy("Mensajes por enviar")

    def get(self, request, *args, **kwargs):
        if self.decision.estado != EstadoDecision.TOMADA:
            return redirect("retos_decision:decision", self.ejercicio.pk)
        fallos = consultas.fallos_vigentes(self.decision).order_by("resultado", "puesto", "propuesta_id")
        pagina = Paginator(fallos, POR_PAGINA).get_page(request.GET.get("p"))
        contexto = {
            "page_obj": pagina,
            "is_paginated": pagina.has_other_pages(),
            "mensajes": [mensajes_de(fallo, self.ejercicio, para=request.user) for fallo in pagina],
            "omitidos": list(consultas.fallos_omitidos(self.decision)),
        }
        return self.render_to_response(self.get_context_data(**contexto))


class BancoView(DecisionMixin, TemplateView):
    """El banco de elegibles, y elegir de él cuando falta una elegida."""

    template_name = "retos/decision/banco.html"
    titulo_propio = gettext_lazy("Banco de elegibles")

    @cached_property
    def espera(self) -> list:
        return list(consultas.banco(self.decision)) if self.decision.pk else []

    def get_context_data(self, **kwargs):
        contexto = {
            "espera": self.espera,
            "vacantes": consultas.vacantes(self.decision) if self.decision.publicada_en else 0,
            "form": PromoverForm(espera=self.espera),
        }
        return super().get_context_data(**{**contexto, **kwargs})

    def post(self, request, *args, **kwargs):
        formulario = PromoverForm(request.POST, espera=self.espera)
        if not formulario.is_valid():
            return self.invalida(form=formulario)
        datos = formulario.cleaned_data
        propuesta = next(f.propuesta for f in self.espera if str(f.propuesta_id) == datos["propuesta"])
        try:
            actions.promover(propuesta=propuesta, actor=request.user, respuesta=datos["respuesta"], salto=datos["salto"])
        except ValidationError as error:
            formulario.add_error(None, error)
            return self.invalida(form=formulario)
        messages.success(request, _("%(propuesta)s quedó elegida.") % {"propuesta": propuesta})
        return redirect(request.path)


class RespuestasView(GestionRetoMixin, TemplateView):
    """Las propuestas sin respuesta oficial, desde cuándo esperan y hasta cuándo hay para responderles."""

    template_name = "retos/decision/respuestas_gestion.html"
    titulo_propio = gettext_lazy("Respuestas oficiales")

    def get_context_data(self, **kwargs):
        pendientes = consultas.sin_responder(self.ejercicio).select_related("admision").order_by("publicada_en", "pk")
        pagina = Paginator(pendientes, POR_PAGINA).get_page(self.request.GET.get("p"))
        plazo, ahora = PlazoRespuesta(self.ejercicio), timezone.now()
        contexto = {
            "page_obj": pagina,
            "is_paginated": pagina.has_other_pages(),
            "esperas": [
                (p, dias_entre(p.publicada_en, ahora), vence := plazo.vence(p.publicada_en), vence < timezone.localdate())
                for p in pagina
            ],
            "no_admitidas": pendientes.filter(resultado="no_admitida", admision__isnull=False).exclude(admision__motivo="").count(),
        }
        return super().get_context_data(**{**contexto, **kwargs})

    def post(self, request, *args, **kwargs):
        try:
            n = respuestas.responder_no_admitidas(ejercicio=self.ejercicio, actor=request.user)
        except ValidationError as error:
            return self.render_to_response(self.get_context_data(errores=error.messages), status=422)
        messages.success(
            request, ngettext("Se respondió a %(n)s propuesta.", "Se respondió a %(n)s propuestas.", n) % {"n": n}
        )
        return redirect(request.path)


class ResponderView(GestionRetoMixin, TemplateView):
    """Responder a una propuesta, o corregir la respuesta que tiene."""

    template_name = "retos/decision/responder.html"
    titulo_propio = gettext_lazy("Respuesta oficial")

    @cached_property
    def propuesta(self):
        publicas = self.ejercicio.propuestas.publicadas().select_related("ejercicio")
        return get_object_or_404(publicas, pk=self.kwargs["propuesta"])

    def get_context_data(self, **kwargs):
        anteriores = list(self.propuesta.respuestas_oficiales.all())
        admision = getattr(self.propuesta, "admision", None)
        propuesto = anteriores[0].texto if anteriores else (admision.motivo if admision else "")
        contexto = {
            "anteriores": anteriores,
            "admite": consultas.admite_respuesta(self.propuesta),
            "form": RespuestaForm(initial={"texto": propuesto}),
        }
        # Encima de lo que trae la dirección: allí `propuesta` es un número.
        return super().get_context_data(**{**contexto, **kwargs, "propuesta": self.propuesta})

    def post(self, request, *args, **kwargs):
        formulario = RespuestaForm(request.POST)
        if formulario.is_valid():
            try:
                respuestas.responder(propuesta=self.propuesta, actor=request.user, texto=formulario.cleaned_data["texto"])
            except ValidationError as error:
                formulario.add_error(None, error)
            else:
                messages.success(request, _("La respuesta quedó publicada."))
                return redirect("retos_decision:respuestas", self.ejercicio.pk)
        return self.render_to_response(self.get_context_data(form=formulario), status=422)
