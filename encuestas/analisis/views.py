"""Las pantallas del personal sobre los resultados de las encuestas, en el administrador."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Site

from participacion.formularios.enums import EstadoRespuesta

from ..enums import Rasgo
from ..models import Encuesta, MedidaEncuesta, Tema
from ..resultados.consulta import resultados
from ..resultados.cruces import cantidades_por, etiqueta
from ..resultados.views import FORMATOS, archivo, idioma, leer
from . import medidas, ponderacion, temas
from .comparacion import comparables, comparar
from .forms import BuscarForm, ClasificarForm, MedidaForm, PoblacionForm, RenombrarForm, TemaForm
from .rules import LEER, VER, puede

POR_PAGINA = 50
SECCIONES = {
    "resultados": gettext_lazy("Resultados"),
    "comparar": gettext_lazy("Comparar"),
    "poblacion": gettext_lazy("Población"),
    "medidas": gettext_lazy("Medidas"),
    "exportar": gettext_lazy("Descargar respuestas"),
}


class AnalisisMixin(WagtailAdminTemplateMixin):
    """Sólo entra quien tiene el permiso en el sitio; las encuestas de otro sitio no existen para él."""

    page_title = gettext_lazy("Resultados de encuestas")
    header_icon = "doc-full-inverse"
    permiso = VER
    titulo_propio = ""

    def dispatch(self, request, *args, **kwargs):
        self.sitio = Site.find_for_request(request)
        if not puede(request.user, self.sitio, self.permiso):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def encuesta(self) -> Encuesta:
        consulta = Encuesta.objects.select_related("ejercicio")
        return get_object_or_404(consulta, pk=self.kwargs["pk"], ejercicio__sitio=self.sitio)

    def get_page_subtitle(self):
        titulo = self.encuesta.ejercicio.titulo if "pk" in self.kwargs else ""
        return " · ".join(str(parte) for parte in (titulo, self.titulo_propio) if parte)

    def get_breadcrumbs_items(self):
        migas = [*self.breadcrumbs_items, {"url": reverse("encuestas_analisis:lista"), "label": _("Resultados de encuestas")}]
        if "pk" in self.kwargs:
            propia = reverse("encuestas_analisis:resultados", args=[self.encuesta.pk])
            migas.append({"url": propia, "label": self.encuesta.ejercicio.titulo})
        if self.titulo_propio:
            migas.append({"url": "", "label": self.titulo_propio})
        return migas

    def get_context_data(self, **kwargs):
        contexto = super().get_context_data(**kwargs)
        if "pk" in self.kwargs:
            puede_leer = puede(self.request.user, self.sitio, LEER)
            secciones = [(f"encuestas_analisis:{nombre}", texto) for nombre, texto in SECCIONES.items() if nombre != "exportar" or puede_leer]
            contexto |= {"encuesta": self.encuesta, "puede_leer": puede_leer, "secciones": secciones}
        return contexto

    def invalida(self, **contexto):
        """La misma pantalla con lo escrito y sus errores."""
        return self.render_to_response(self.get_context_data(**contexto), status=422)


class ListaView(AnalisisMixin, TemplateView):
    """Las encuestas del sitio y cuánto se respondió cada una."""

    template_name = "encuestas/analisis/lista.html"

    def get_context_data(self, **kwargs):
        enviadas = Count("ejercicio__respuestas", filter=Q(ejercicio__respuestas__estado=EstadoRespuesta.ENVIADA))
        encuestas = Encuesta.objects.filter(ejercicio__sitio=self.sitio).select_related("ejercicio")
        encuestas = encuestas.annotate(respuestas=enviadas).order_by("-ejercicio__apertura", "-pk")
        pagina = Paginator(encuestas, POR_PAGINA).get_page(self.request.GET.get("p"))
        return super().get_context_data(**kwargs) | {"page_obj": pagina, "is_paginated": pagina.has_other_pages()}


class ResultadosView(AnalisisMixin, TemplateView):
    """Todas las preguntas, también las reservadas, con el cruce y la ponderación que se pidan."""

    template_name = "encuestas/analisis/resultados.html"

    def get(self, request, *args, **kwargs):
        leido = leer(self.encuesta, request.GET, solo_publicas=False)
        contexto = leido | {
            "abiertas": set(temas.abiertas(self.encuesta).values_list("pk", flat=True)),
            "poblaciones": ponderacion.poblacion_de(self.encuesta),
            "consulta": request.GET.urlencode() if leido["cruzada"] else "",
            "formatos": [(formato, formato.upper()) for formato in FORMATOS],
        }
        if leido["cruzada"]:
            contexto |= self.ponderar(leido, contexto["poblaciones"])
        estado = 200 if leido["formulario"].is_valid() else 400
        return self.render_to_response(self.get_context_data(**contexto), status=estado)

    def ponderar(self, leido, poblaciones) -> dict:
        """La pregunta cruzada, ponderada por el mismo rasgo, si hay tabla de población."""
        rasgo = Rasgo(leido["formulario"].cleaned_data["por"])
        if rasgo not in poblaciones:
            return {}
        muestra = {grupo: suyas.get("", 0) for grupo, suyas in cantidades_por(self.encuesta, "", rasgo).items()}
        pesos = ponderacion.calcular_pesos(rasgo, poblaciones[rasgo], muestra)
        return {"pesos": pesos, "ponderadas": ponderacion.ponderar(self.encuesta, leido["cruzada"].vista, pesos)}


class CifrasView(AnalisisMixin, TemplateView):
    """Las cifras de la pantalla, como archivo."""

    def get(self, request, *args, formato, **kwargs):
        leido = leer(self.encuesta, request.GET, solo_publicas=False)
        if formato not in FORMATOS or not leido["formulario"].is_valid():
            raise Http404
        return archivo(self.encuesta, leido, formato)


class CompararView(AnalisisMixin, TemplateView):
    """Esta encuesta frente a otra con preguntas en común."""

    template_name = "encuestas/analisis/comparar.html"
    titulo_propio = gettext_lazy("Comparar")

    def get(self, request, *args, **kwargs):
        otras = comparables(self.encuesta)
        elegida = request.GET.get("con") or (str(otras[0].pk) if otras and self.encuesta.linea_base_id == otras[0].pk else "")
        base = next((otra for otra in otras if str(otra.pk) == elegida), None)
        contexto = {"otras": otras, "base": base, "ajena": bool(elegida and base is None)}
        if base:
            contexto["comparadas"] = comparar(base.encuesta, self.encuesta, idioma=idioma())
        return self.render_to_response(self.get_context_data(**contexto), status=400 if contexto["ajena"] else 200)


class PoblacionView(AnalisisMixin, TemplateView):
    """Las tablas de población con que se pondera."""

    template_name = "encuestas/analisis/poblacion.html"
    titulo_propio = gettext_lazy("Población")

    def get_context_data(self, **kwargs):
        tablas = [
            (rasgo, [(etiqueta(rasgo, grupo), n) for grupo, n in grupos.items()])
            for rasgo, grupos in ponderacion.poblacion_de(self.encuesta).items()
        ]
        return super().get_context_data(**{"form": PoblacionForm(), "tablas": tablas, **kwargs})

    def post(self, request, *args, **kwargs):
        formulario = PoblacionForm(request.POST, request.FILES)
        if not formulario.is_valid():
            return self.invalida(form=formulario)
        datos = formulario.cleaned_data
        ponderacion.guardar_poblacion(
            encuesta=self.encuesta, rasgo=Rasgo(datos["rasgo"]), poblacion=datos["poblacion"], actor=request.user
        )
        messages.success(request, _("La tabla de población quedó guardada."))
        return redirect("encuestas_analisis:poblacion", self.encuesta.pk)


class MedidasView(AnalisisMixin, TemplateView):
    """Las medidas publicadas y las preguntas de las que se pueden sacar otras."""

    template_name = "encuestas/analisis/medidas.html"
    titulo_propio = gettext_lazy("Medidas para los indicadores")

    def get_context_data(self, **kwargs):
        hechos = resultados(self.encuesta)
        por_clave = hechos.por_clave()
        propias = MedidaEncuesta.objects.filter(ejercicio=self.encuesta.ejercicio).select_related("pregunta", "ejercicio")
        return super().get_context_data(**kwargs) | {
            "medidas": [(m, medidas.cifra(m, por_clave.get(m.pregunta.clave))) for m in propias],
            "preguntas": [r.vista for r in hechos.preguntas if r.vista.casillas and r.vista.tipo != "matriz"],
        }


class MedidaView(AnalisisMixin, TemplateView):
    """Publicar una medida de una pregunta, cambiarla o quitarla."""

    template_name = "encuestas/analisis/medida.html"
    titulo_propio = gettext_lazy("Medida")

    @cached_property
    def medida(self) -> MedidaEncuesta:
        if "medida" in self.kwargs:
            propias = MedidaEncuesta.objects.select_related("pregunta", "ejercicio")
            return get_object_or_404(propias, pk=self.kwargs["medida"], ejercicio=self.encuesta.ejercicio)
        pregunta = get_object_or_404(self.encuesta.ejercicio.preguntas, pk=self.kwargs["pregunta"])
        return MedidaEncuesta(ejercicio=self.encuesta.ejercicio, pregunta=pregunta)

    @cached_property
    def resultado(self):
        hallado = resultados(self.encuesta).por_clave().get(self.medida.pregunta.clave)
        if hallado is None:
            raise Http404
        return hallado

    def get_context_data(self, **kwargs):
        contexto = {"medida": self.medida, "vista": self.resultado.vista, **kwargs}
        contexto.setdefault("form", MedidaForm(instance=self.medida, vista=self.resultado.vista))
        return super().get_context_data(**contexto)

    def post(self, request, *args, **kwargs):
        if "quitar" in request.POST and self.medida.pk:
            medidas.quitar_medida(medida=self.medida, actor=request.user)
            messages.success(request, _("La medida ya no se muestra en los indicadores."))
            return redirect("encuestas_analisis:medidas", self.encuesta.pk)
        formulario = MedidaForm(request.POST, instance=self.medida, vista=self.resultado.vista)
        if formulario.is_valid():
            medida = formulario.save(commit=False)
            medida.casillas = formulario.cleaned_data["casillas"]
            try:
                medidas.guardar_medida(medida=medida, resultado=self.resultado, actor=request.user)
            except ValidationError as error:
                formulario.add_error(None, error)
            else:
                messages.success(request, _("La medida quedó publicada en los indicadores."))
                return redirect("encuestas_analisis:medidas", self.encuesta.pk)
        return self.invalida(form=formulario)


class AbiertasView(AnalisisMixin, TemplateView):
    """Las respuestas con palabras propias: buscarlas y ponerles tema."""

    template_name = "encuestas/analisis/abiertas.html"
    permiso = LEER

    @cached_property
    def pregunta(self):
        return get_object_or_404(temas.abiertas(self.encuesta), pk=self.kwargs["pregunta"])

    @property
    def titulo_propio(self):
        return self.pregunta.texto if "pregunta" in self.kwargs else ""

    @property
    def temas(self):
        enviada = Q(valores__respuesta__estado=EstadoRespuesta.ENVIADA)
        return Tema.objects.filter(pregunta=self.pregunta).annotate(n=Count("valores", filter=enviada)).order_by("nombre")

    def get_context_data(self, *, renombrar=None, **kwargs):
        propios = list(self.temas)
        buscador = BuscarForm(self.request.GET, temas=propios)
        valores = temas.respuestas_a(self.pregunta)
        hallados = []
        if buscador.is_valid():
            if (tema := buscador.cleaned_data["tema"]) == "ninguno":
                valores = valores.filter(temas__isnull=True)
            elif tema:
                valores = valores.filter(temas=tema)
            hallados = temas.buscar(valores, buscador.cleaned_data["q"])
        pagina = Paginator(hallados, POR_PAGINA).get_page(self.request.GET.get("p"))
        suyos = temas.respuestas_a(self.pregunta).filter(pk__in=list(pagina.object_list)).prefetch_related("temas")
        contexto = {
            "pregunta": self.pregunta,
            "temas": propios,
            "nombres": [renombrar if renombrar and renombrar.tema == tema else RenombrarForm(tema=tema) for tema in propios],
            "buscador": buscador,
            "page_obj": pagina,
            "is_paginated": pagina.has_other_pages(),
            "valores": list(suyos),
            "form": TemaForm(),
            **kwargs,
        }
        return super().get_context_data(**contexto)

    def post(self, request, *args, **kwargs):
        """Crear un tema; poner o quitar uno a lo marcado; renombrarlo, publicarlo u ocultarlo; borrarlo."""
        accion = request.POST.get("accion", "")
        if accion == "crear":
            return self.crear()
        if accion in ("poner", "quitar"):
            return self.clasificar(poner=accion == "poner")
        if accion in ("renombrar", "publicar", "ocultar", "borrar"):
            return self.cambiar(accion)
        return self.invalida()

    def volver(self):
        consulta = self.request.GET.urlencode()
        ruta = reverse("encuestas_analisis:abiertas", args=[self.encuesta.pk, self.pregunta.pk])
        return redirect(f"{ruta}?{consulta}" if consulta else ruta)

    def crear(self):
        formulario = TemaForm(self.request.POST)
        if formulario.is_valid():
            try:
                temas.crear_tema(
                    pregunta=self.pregunta, nombre=formulario.cleaned_data["nombre"], actor=self.request.user
                )
                return self.volver()
            except ValidationError as error:
                formulario.add_error(None, error)
        return self.invalida(form=formulario)

    def clasificar(self, *, poner: bool):
        marcadas = [int(v) for v in self.request.POST.getlist("valores") if v.isascii() and v.isdigit() and len(v) < 19]
        validas = temas.respuestas_a(self.pregunta).filter(pk__in=marcadas)
        formulario = ClasificarForm(self.request.POST, temas=self.temas, valores=validas.values_list("pk", flat=True))
        if not formulario.is_valid():
            return self.invalida(clasificar=formulario, marcadas=marcadas)
        n = temas.clasificar(
            tema=formulario.cleaned_data["tema"], valores=validas, poner=poner, actor=self.request.user
        )
        messages.success(self.request, _("Cambiaron %(n)d respuestas.") % {"n": n})
        return self.volver()

    def cambiar(self, accion: str):
        clave = self.request.POST.get("tema", "")
        tema = get_object_or_404(self.temas, pk=clave if clave.isascii() and clave.isdigit() and len(clave) < 19 else 0)
        if accion == "renombrar":
            return self.renombrar(tema)
        if accion == "borrar":
            temas.borrar_tema(tema=tema, actor=self.request.user)
        else:
            temas.publicar_tema(tema=tema, publico=accion == "publicar", actor=self.request.user)
        return self.volver()

    def renombrar(self, tema: Tema):
        formulario = RenombrarForm(self.request.POST, tema=tema)
        if formulario.is_valid():
            try:
                temas.renombrar_tema(tema=tema, nombre=formulario.cleaned_data["nombre"], actor=self.request.user)
                return self.volver()
            except ValidationError as error:
                formulario.add_error(None, error)
        return self.invalida(renombrar=formulario)
