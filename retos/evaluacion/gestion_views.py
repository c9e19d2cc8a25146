"""El jurado de un reto, en el administrador: quiénes son, qué les toca, en qué van, qué dijeron y qué se deliberó."""

import secrets

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic.base import TemplateView
from wagtail.admin import messages
from wagtail.log_actions import log

from home.tablas import CSV, XLSX, a_csv, a_xlsx
from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.enums import Fase

from ..fases import Accion, calendario_de
from ..gestion import GestionRetoMixin
from ..models import Deliberacion, Evaluacion, Impedimento, Jurado
from . import exportacion
from .actions import asignacion, jurado
from .actions.deliberacion import anotar_deliberacion
from .consultas import aceptados, avance, con_carga, en_evaluacion, nombre_de, resultados
from .enums import EN_EL_JURADO, PENDIENTES, VIGENTES, Papel
from .forms import DeliberacionForm, ImpedimentoForm, InvitarForm, MotivoForm, RepartirForm, TopeForm, poner_errores
from .plazos import fase_de_evaluacion
from .rules import conflictos, ve_resultados

POR_PAGINA = 25


class EvaluacionMixin(GestionRetoMixin):
    """Un reto con fase de evaluación: sin ella estas pantallas no existen, tampoco para lo que se les envíe."""

    @cached_property
    def ejercicio(self):
        ejercicio = super().ejercicio
        self.fase = fase_de_evaluacion(ejercicio)
        if self.fase is None:
            raise Http404
        return ejercicio

    def get_context_data(self, **kwargs):
        ejercicio, ahora = leer_reglas(self.ejercicio.pk)
        propios = {
            "fase": self.fase,
            "abierta": calendario_de(ejercicio).permite(Accion.EVALUAR, ahora),
            "minimo": self.ejercicio.reto.evaluaciones_minimas,
            "aqui": self.request.resolver_match.url_name,
        }
        return super().get_context_data(**{**propios, **kwargs})

    def invalida(self, **contexto):
        """La misma pantalla con lo escrito y sus errores."""
        messages.error(self.request, _("No se guardó nada. Revise lo señalado."))
        return self.render_to_response(self.get_context_data(**contexto), status=422)

    def volver(self, nombre: str, *argumentos):
        return redirect(f"retos_evaluacion:{nombre}", self.ejercicio.pk, *argumentos)


class AvanceView(EvaluacionMixin, TemplateView):
    """Lo enviado, lo que falta y lo vencido, por jurado y por propuesta; y recordar a quien está atrasado."""

    template_name = "retos/evaluacion/avance.html"
    titulo_propio = gettext_lazy("Avance")

    def get_context_data(self, **kwargs):
        filas = avance(self.ejercicio)
        _ejercicio, ahora = leer_reglas(self.ejercicio.pk)
        lugares = [
            {"jurado": lugar, "nombre": nombre_de(lugar), "recordado": jurado.recordado_hoy(lugar, ahora)}
            for lugar in con_carga(self.ejercicio).filter(estado__in=EN_EL_JURADO)
        ]
        pagina = Paginator(filas, POR_PAGINA).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            page_obj=pagina,
            is_paginated=pagina.has_other_pages(),
            lugares=lugares,
            enviadas=sum(fila.enviadas for fila in filas),
            pendientes=sum(fila.pendientes for fila in filas),
            sin_asignar=sum(fila.faltan for fila in filas),
            vencida=self.fase.en(ahora) == Fase.CERRADA,
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        """Recordar a un jurado."""
        elegido = request.POST.get("jurado", "")
        if not (elegido.isdecimal() and len(elegido) < 19):
            raise Http404
        lugar = get_object_or_404(Jurado.objects.select_related("usuario"), pk=elegido, ejercicio=self.ejercicio)
        try:
            jurado.recordar(jurado=lugar, actor=request.user)
        except ValidationError as error:
            messages.error(request, f"{nombre_de(lugar)}: {' '.join(error.messages)}")
        else:
            messages.success(request, _("Se le recordó a %(nombre)s.") % {"nombre": nombre_de(lugar)})
        return self.volver("avance")


class JuradoView(EvaluacionMixin, TemplateView):
    """Quiénes son el jurado, y la invitación a alguien más."""

    template_name = "retos/evaluacion/jurado.html"
    titulo_propio = gettext_lazy("Jurado")

    def get_context_data(self, **kwargs):
        lugares = [{"jurado": lugar, "nombre": nombre_de(lugar)} for lugar in con_carga(self.ejercicio)]
        return super().get_context_data(**{"lugares": lugares, "form": InvitarForm(), **kwargs})

    def post(self, request, *args, **kwargs):
        formulario = InvitarForm(request.POST)
        if formulario.is_valid():
            try:
                nuevo = jurado.invitar(ejercicio=self.ejercicio, actor=request.user, **formulario.cleaned_data)
            except ValidationError as error:
                poner_errores(formulario, error)
            else:
                messages.success(request, _("Se invitó a %(nombre)s; se le escribió.") % {"nombre": nombre_de(nuevo)})
                return self.volver("jurado")
        return self.invalida(form=formulario)


class PersonaView(EvaluacionMixin, TemplateView):
    """Un jurado: lo que tiene, sus conflictos, su máximo, y sacarlo o volver a invitarlo."""

    template_name = "retos/evaluacion/persona.html"

    @cached_property
    def lugar(self) -> Jurado:
        return get_object_or_404(con_carga(self.ejercicio), pk=self.kwargs["numero"])

    @property
    def titulo_propio(self):
        return nombre_de(self.lugar)

    def formularios(self, accion="", datos=None) -> dict:
        """Los tres de la pantalla; con los datos, el que se envió."""
        inicial = {"tope": self.lugar.tope}
        dados = {accion: datos} if datos is not None else {}
        return {
            "tope": TopeForm(dados.get("tope"), initial=inicial, prefix="tope"),
            "remover": MotivoForm(dados.get("remover"), prefix="remover"),
            "impedir": ImpedimentoForm(dados.get("impedir"), prefix="impedir", propuestas=en_evaluacion(self.ejercicio)),
        }

    def get_context_data(self, **kwargs):
        evaluaciones = Evaluacion.objects.filter(jurado=self.lugar).select_related("propuesta").order_by("propuesta__referencia")
        return super().get_context_data(
            **{
                "lugar": self.lugar,
                "nombre": nombre_de(self.lugar),
                "en_el_jurado": self.lugar.estado in EN_EL_JURADO,
                "evaluaciones": evaluaciones,
                "impedimentos": Impedimento.objects.filter(jurado=self.lugar).select_related("propuesta"),
                "formularios": self.formularios(),
                **kwargs,
            }
        )

    def post(self, request, *args, **kwargs):
        accion = request.POST.get("accion")
        formularios = self.formularios(accion, request.POST)
        formulario = formularios.get(accion)
        if formulario is not None and not formulario.is_valid():
            return self.invalida(formularios=formularios)
        try:
            hecho = self.hacer(accion, formulario.cleaned_data if formulario else {})
        except ValidationError as error:
            if formulario is None:
                messages.error(request, " ".join(error.messages))
                return self.volver("persona", self.lugar.pk)
            poner_errores(formulario, error)
            return self.invalida(formularios=formularios)
        messages.success(request, hecho)
        return self.volver("persona", self.lugar.pk)

    def hacer(self, accion, datos) -> str:
        comunes = {"jurado": self.lugar, "actor": self.request.user}
        match accion:
            case "tope":
                jurado.poner_tope(**comunes, tope=datos["tope"])
                return _("Quedó fijado su máximo.")
            case "remover":
                jurado.remover(**comunes, motivo=datos["motivo"])
                return _("Ya no es del jurado; se le avisó. Lo que no había enviado queda por asignar.")
            case "invitar":
                jurado.invitar_de_nuevo(**comunes)
                return _("Se le invitó de nuevo.")
            case "impedir":
                asignacion.declarar_impedimento(
                    **comunes, propuesta=datos["propuesta"], motivo=datos["motivo"], papel=Papel.GESTION
                )
                return _("Quedó anotado el conflicto de interés.")
        raise ValidationError(_("Elija qué hacer."))


class AsignacionView(EvaluacionMixin, TemplateView):
    """Qué propuesta le toca a quién: una casilla por par, o el reparto automático."""

    template_name = "retos/evaluacion/asignacion.html"
    titulo_propio = gettext_lazy("Asignación")

    def get_context_data(self, **kwargs):
        lugares = list(aceptados(self.ejercicio))
        propuestas = en_evaluacion(self.ejercicio).only("referencia", "titulo", "autor_id", "organizacion_id", "ejercicio_id")
        pagina = Paginator(propuestas, POR_PAGINA).get_page(self.request.GET.get("p"))
        visibles = list(pagina)
        hechas = {
            (e.propuesta_id, e.jurado_id): e
            for e in Evaluacion.objects.filter(propuesta__in=visibles).only("estado", "propuesta_id", "jurado_id")
        }
        vetos = conflictos(lugares, visibles)
        filas = [
            {
                "propuesta": propuesta,
                "celdas": [
                    {"jurado": lugar, "evaluacion": hechas.get((propuesta.pk, lugar.pk)), "veto": vetos.get((propuesta.pk, lugar.pk))}
                    for lugar in lugares
                ],
                "cuantas": sum(1 for (p, _j), e in hechas.items() if p == propuesta.pk and e.estado in VIGENTES),
            }
            for propuesta in visibles
        ]
        return super().get_context_data(
            **{
                "page_obj": pagina,
                "is_paginated": pagina.has_other_pages(),
                "lugares": [(lugar, nombre_de(lugar)) for lugar in lugares],
                "filas": filas,
                "pendientes": PENDIENTES,
                "vigentes": VIGENTES,
                "form": RepartirForm(initial={"semilla": secrets.randbelow(1_000_000)}),
                **kwargs,
            }
        )

    def post(self, request, *args, **kwargs):
        if request.POST.get("accion") == "repartir":
            return self.repartir()
        quiere, tenia = (self.pares(campo) for campo in ("quiere", "tenia"))
        try:
            n = asignacion.cambiar_asignaciones(
                ejercicio=self.ejercicio, actor=request.user, dar=quiere - tenia, quitar=tenia - quiere
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self.render_to_response(self.get_context_data(), status=422)
        messages.success(request, ngettext("Cambió %(n)s asignación.", "Cambiaron %(n)s asignaciones.", n) % {"n": n})
        return redirect(request.get_full_path())

    def pares(self, campo: str) -> set[tuple[int, int]]:
        """«propuesta-jurado» de cada casilla; lo que no se entiende no se adivina."""
        pares = set()
        for dicho in self.request.POST.getlist(campo):
            propuesta, _guion, quien = dicho.partition("-")
            if not (propuesta.isdecimal() and quien.isdecimal() and len(propuesta) < 19 and len(quien) < 19):
                raise Http404
            pares.add((int(propuesta), int(quien)))
        return pares

    def repartir(self):
        formulario = RepartirForm(self.request.POST)
        if not formulario.is_valid():
            return self.invalida(form=formulario)
        try:
            reparto = asignacion.repartir(ejercicio=self.ejercicio, actor=self.request.user, **formulario.cleaned_data)
        except ValidationError as error:
            poner_errores(formulario, error)
            return self.invalida(form=formulario)
        cuantas = len(reparto.nuevas)
        messages.success(
            self.request,
            ngettext("Se repartió %(n)s evaluación.", "Se repartieron %(n)s evaluaciones.", cuantas) % {"n": cuantas},
        )
        if reparto.faltan:
            messages.warning(
                self.request,
                ngettext(
                    "%(n)s propuesta no llega a las evaluaciones que pide el reto: no hay más jurados sin conflicto y con cupo.",
                    "%(n)s propuestas no llegan a las evaluaciones que pide el reto: no hay más jurados sin conflicto y con cupo.",
                    len(reparto.faltan),
                )
                % {"n": len(reparto.faltan)},
            )
        return self.volver("asignacion")


class ResultadosMixin(EvaluacionMixin, TemplateView):
    """Quien gestiona y además es del jurado espera a que cierre la evaluación, como los demás."""

    def get(self, request, *args, **kwargs):
        ejercicio, ahora = leer_reglas(self.ejercicio.pk)
        if not ve_resultados(request.user, ejercicio, ahora):
            raise PermissionDenied
        return self.mostrar()


class ResultadosView(ResultadosMixin):
    """Las cifras de cada propuesta, su dispersión y su puesto."""

    template_name = "retos/evaluacion/resultados.html"
    titulo_propio = gettext_lazy("Resultados")

    def mostrar(self):
        return self.render_to_response(self.get_context_data(resultados=resultados(self.ejercicio)))


class ResultadosArchivoView(ResultadosMixin):
    """Las cifras y las notas de cada jurado, en CSV o Excel. La descarga queda en el historial."""

    def mostrar(self):
        formato = self.kwargs["formato"]
        if formato not in ("xlsx", "csv", "notas.csv"):
            raise Http404
        hojas = exportacion.hojas(self.ejercicio)
        log(instance=self.ejercicio.reto, action="retos.exportar_resultados", user=self.request.user, data={"formato": formato})
        if formato == "xlsx":
            contenido, tipo = a_xlsx({hoja: (renglones, [14, 40, 24]) for hoja, renglones in hojas.items()}), XLSX
        else:
            cual = exportacion.CIFRAS if formato == "csv" else exportacion.NOTAS
            contenido, tipo = "".join(a_csv(hojas[cual])), CSV
        nombre = f"evaluacion-{self.ejercicio.pk}.{formato}"
        return HttpResponse(
            contenido, content_type=tipo, headers={"Content-Disposition": f'attachment; filename="{nombre}"'}
        )


class DeliberacionView(EvaluacionMixin, TemplateView):
    """Las actas del comité, y una más."""

    template_name = "retos/evaluacion/deliberacion.html"
    titulo_propio = gettext_lazy("Deliberación")

    def get_context_data(self, **kwargs):
        actas = Deliberacion.objects.filter(ejercicio=self.ejercicio).select_related("por")
        return super().get_context_data(**{"actas": actas, "form": DeliberacionForm(), **kwargs})

    def post(self, request, *args, **kwargs):
        formulario = DeliberacionForm(request.POST)
        if formulario.is_valid():
            try:
                anotar_deliberacion(ejercicio=self.ejercicio, actor=request.user, **formulario.cleaned_data)
            except ValidationError as error:
                poner_errores(formulario, error)
            else:
                messages.success(request, _("El acta quedó anotada. Ya no se puede cambiar."))
                return self.volver("deliberacion")
        return self.invalida(form=formulario)
