from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from django.views.generic.edit import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from participacion.ejercicios.models import Ejercicio
from participacion.ejercicios.paginas import paginas_de

from . import espera
from .actions import importar_propuestas, simular_importacion
from .conversion import Lote, preparar
from .forms import ColumnasForm, LecturaForm, SubirForm, comprobar_lineas
from .informe import Informe, Suerte
from .lectura import Tabla, leer
from .rules import PERMISO, retos_importables

MUESTRA, ERRORES = 10, 100


class ImportacionMixin(WagtailAdminTemplateMixin):
    """Sólo entra quien puede importar en algún sitio; a qué retos lo limita `retos_importables`."""

    page_title = gettext_lazy("Importar propuestas")
    header_icon = "upload"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(PERMISO):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


class SubirView(ImportacionMixin, FormView):
    """Paso 1: elegir el reto y el archivo."""

    template_name = "retos/importacion/subir.html"
    form_class = SubirForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"usuario": self.request.user}

    def form_valid(self, form):
        datos = form.cleaned_data
        ficha = espera.guardar(
            archivo=datos["archivo"], usuario=self.request.user, ejercicio=datos["reto"], fuente=datos["fuente"]
        )
        return redirect("importacion:revisar", ficha)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


class ConFichaMixin(ImportacionMixin):
    """Una importación empezada. Quien perdió el rol tampoco la termina."""

    @cached_property
    def pendiente(self) -> espera.Pendiente | None:
        return espera.recuperar(self.kwargs["ficha"], self.request.user)

    @cached_property
    def ejercicio(self) -> Ejercicio:
        ejercicio = retos_importables(self.request.user).filter(pk=self.pendiente.ejercicio).first()
        if ejercicio is None:
            raise PermissionDenied
        return ejercicio

    def dispatch(self, request, *args, **kwargs):
        if request.user.has_perm(PERMISO) and self.pendiente is None:
            return self.ya_no_esta()
        return super().dispatch(request, *args, **kwargs)

    def ya_no_esta(self):
        messages.warning(self.request, _("Esa importación ya no está a la espera. Suba el archivo otra vez."))
        return redirect("importacion:subir")

    def get_breadcrumbs_items(self):
        inicio = {"url": reverse("importacion:subir"), "label": self.page_title}
        return [*self.breadcrumbs_items, inicio, {"url": "", "label": self.ejercicio.titulo}]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"pendiente": self.pendiente, "ejercicio": self.ejercicio}

    @staticmethod
    def de_informe(informe: Informe) -> dict:
        por_revisar = informe.por_revisar
        return {
            "informe": informe,
            "cuentas": [(suerte.value, informe.etiqueta(suerte), informe.conteo(suerte)) for suerte in Suerte],
            "rechazadas": informe.conteo(Suerte.RECHAZADA),
            "importadas": informe.conteo(Suerte.IMPORTADA),
            "por_revisar": [(linea, informe.etiqueta(linea.suerte)) for linea in por_revisar[:ERRORES]],
            "por_revisar_total": len(por_revisar),
        }

    @staticmethod
    def descarga(informe: Informe) -> HttpResponse:
        return HttpResponse(
            informe.en_csv(),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="informe-importacion.csv"'},
        )


class RevisarView(ConFichaMixin, TemplateView):
    """Pasos 2 y 3: ver cómo quedaría, ajustar la lectura y confirmar.

    La vista previa decide la suerte de cada línea con el mismo código que la carga.
    """

    template_name = "retos/importacion/revisar.html"

    def get(self, request, *args, **kwargs):
        datos = self.leido()
        if datos is None:
            return self.ya_no_esta()
        contexto = self.revisar(datos, request.GET)
        if "descargar" in request.GET and "informe" in contexto:
            return self.descarga(contexto["informe"])
        return self.render_to_response(self.get_context_data(**contexto))

    def post(self, request, *args, **kwargs):
        datos = self.leido()
        if datos is None:
            # Doble clic o botón «atrás»: la primera vez ya contó.
            if espera.leer_informe(self.pendiente):
                return redirect("importacion:resultado", self.kwargs["ficha"])
            return self.ya_no_esta()
        contexto = self.revisar(datos, request.POST)
        if "lote" not in contexto:
            return self.render_to_response(self.get_context_data(**contexto), status=422)
        try:
            informe = importar_propuestas(
                ejercicio=self.ejercicio,
                lote=contexto["lote"],
                fuente=self.pendiente.fuente,
                actor=request.user,
                omitir_malas=contexto["columnas"].cleaned_data["omitir_malas"],
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self.render_to_response(self.get_context_data(**contexto), status=422)
        if not informe.escrito:
            messages.error(request, _("No se cargó nada: hay líneas rechazadas."))
            return self.render_to_response(self.get_context_data(**contexto), status=422)
        espera.terminar(self.pendiente, informe)
        return redirect("importacion:resultado", self.kwargs["ficha"])

    def leido(self) -> bytes | None:
        self.ejercicio  # noqa: B018  sin permiso sobre el reto no se lee el archivo
        return espera.leer_archivo(self.pendiente)

    def revisar(self, datos: bytes, pedido) -> dict:
        """Lo que la pantalla muestra: los formularios y, si se puede leer todo, la simulación."""
        inicial = leer(datos)
        lectura = LecturaForm(
            {"codificacion": inicial.codificacion, "delimitador": inicial.delimitador} | pedido.dict()
        )
        contexto = {"lectura": lectura}
        try:
            tabla = self.releer(datos, inicial, lectura)
        except ValidationError as error:
            lectura.add_error(None, error)
        if not lectura.is_valid():
            return contexto
        columnas = ColumnasForm(pedido if "columna_id" in pedido else ColumnasForm.iniciales(tabla), tabla=tabla)
        contexto |= {"tabla": tabla, "columnas": columnas}
        if columnas.is_valid():
            try:
                contexto |= self.simular(preparar(tabla, columnas.columnas(), columnas.orden()))
            except ValidationError as error:
                columnas.add_error(None if getattr(error, "code", None) == "cerrado" else "orden_fecha", error)
        return contexto

    @staticmethod
    def releer(datos: bytes, inicial: Tabla, lectura: LecturaForm) -> Tabla:
        if not lectura.is_valid():
            return inicial
        elegido = (lectura.cleaned_data["codificacion"], lectura.cleaned_data["delimitador"])
        if elegido == (inicial.codificacion, inicial.delimitador):
            return inicial
        tabla = leer(datos, *elegido)
        comprobar_lineas(tabla)
        return tabla

    def simular(self, lote: Lote) -> dict:
        informe = simular_importacion(ejercicio=self.ejercicio, lote=lote, fuente=self.pendiente.fuente)
        muestra = [
            (fila, linea, informe.etiqueta(linea.suerte))
            for fila, linea in zip(lote.lineas[:MUESTRA], informe.lineas, strict=False)
        ]
        return {"lote": lote, "muestra": muestra, **self.de_informe(informe)}


class ResultadoView(ConFichaMixin, TemplateView):
    """Lo que se cargó, línea por línea."""

    template_name = "retos/importacion/resultado.html"

    def get(self, request, *args, **kwargs):
        self.ejercicio  # noqa: B018
        informe = espera.leer_informe(self.pendiente)
        if informe is None:
            return self.ya_no_esta()
        if "descargar" in request.GET:
            return self.descarga(informe)
        pagina = paginas_de([self.ejercicio]).get(self.ejercicio.translation_key)
        return self.render_to_response(
            self.get_context_data(lista=pagina and f"{pagina.get_url(request)}propuestas/", **self.de_informe(informe))
        )
