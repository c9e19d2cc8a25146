from django import forms
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic.base import TemplateView
from wagtail.admin import messages

from home.tablas import CSV, XLSX

from ..analisis.rules import LEER, PERSONALES, puede
from ..analisis.views import AnalisisMixin
from ..enums import EstadoExportacion
from ..models import Exportacion
from . import actions, exportacion
from .columnas import Columnas


class ExportarForm(forms.Form):
    """En qué formato y con qué. `bom`: la marca que Excel necesita para leer las tildes."""

    FORMATOS = [
        ("csv", gettext_lazy("CSV")),
        ("diccionario", gettext_lazy("Diccionario del CSV (qué quiere decir cada columna)")),
        ("xlsx", gettext_lazy("Excel (XLSX), con su diccionario")),
        ("json", gettext_lazy("JSON, con su diccionario")),
    ]

    formato = forms.ChoiceField(label=gettext_lazy("Formato"), choices=FORMATOS, widget=forms.RadioSelect, initial="csv")
    bom = forms.BooleanField(
        label=gettext_lazy("CSV para Excel"), required=False, initial=True, help_text=gettext_lazy("Con marca UTF-8 (BOM). Quítela para R o Python.")
    )
    personales = forms.BooleanField(
        label=gettext_lazy("Con datos personales"),
        required=False,
        help_text=gettext_lazy("Quién respondió, correos, archivos y lo escrito con palabras propias. Queda en el historial."),
    )

    def __init__(self, *args, con_personales: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not con_personales:
            del self.fields["personales"]


@method_decorator(never_cache, name="dispatch")
class RespuestasMixin(AnalisisMixin):
    permiso = LEER
    titulo_propio = gettext_lazy("Descargar respuestas")

    @property
    def con_personales(self) -> bool:
        """Si puede llevarse datos personales. En una encuesta secreta no hay quién: sólo lo escrito."""
        return puede(self.request.user, self.sitio, PERSONALES)


class ExportarView(RespuestasMixin, TemplateView):
    """Elegir qué se descarga, y los libros que se están preparando o esperan."""

    template_name = "encuestas/analisis/exportar.html"

    def get_context_data(self, **kwargs):
        libros = Exportacion.objects.filter(ejercicio=self.encuesta.ejercicio, creada_por=self.request.user)
        en_marcha = any(libro.estado in (EstadoExportacion.EN_COLA, EstadoExportacion.EN_CURSO) for libro in libros)
        contexto = {
            "form": ExportarForm(con_personales=self.con_personales),
            "libros": libros,
            "en_marcha": en_marcha,
            "total": exportacion.enviadas(self.encuesta).count(),
            "columnas": Columnas(self.encuesta, personales=False).todas,
            **kwargs,
        }
        return super().get_context_data(**contexto)


class DescargarView(ExportarView):
    """Entrega el archivo o encarga el libro. Por POST: descargar se anota, y nada se anota por seguir un enlace."""

    http_method_names = ["post", "options"]

    def post(self, request, *args, **kwargs):
        formulario = ExportarForm(request.POST, con_personales=self.con_personales)
        if not formulario.is_valid():
            return self.invalida(form=formulario)
        datos = formulario.cleaned_data
        formato, personales = datos["formato"], datos.get("personales", False)
        if formato == "xlsx":
            actions.pedir_xlsx(encuesta=self.encuesta, personales=personales, actor=request.user)
            messages.success(request, _("El libro se está preparando. Vuelva a cargar esta página para ver cuánto va."))
            return redirect("encuestas_analisis:exportar", self.encuesta.pk)
        nombre = f"respuestas-encuesta-{self.encuesta.pk}"
        if formato == "diccionario":
            contenido = exportacion.diccionario_csv(self.encuesta, personales=personales, bom=datos["bom"])
            return _adjunto(HttpResponse(contenido, content_type=CSV), f"{nombre}-diccionario.csv")
        actions.anotar_descarga(encuesta=self.encuesta, formato=formato, personales=personales, actor=request.user)
        if formato == "json":
            partes = exportacion.en_json(self.encuesta, personales=personales)
            return _adjunto(StreamingHttpResponse(partes, content_type="application/json"), f"{nombre}.json")
        partes = exportacion.en_csv(self.encuesta, personales=personales, bom=datos["bom"])
        return _adjunto(StreamingHttpResponse(partes, content_type=CSV), f"{nombre}.csv")


class LibroView(RespuestasMixin, TemplateView):
    """El libro ya preparado, sólo para quien lo pidió y mientras conserve el permiso que usó."""

    http_method_names = ["get", "head", "options"]

    def get(self, request, *args, clave, **kwargs):
        libro = get_object_or_404(
            Exportacion,
            clave=clave,
            ejercicio=self.encuesta.ejercicio,
            creada_por=request.user,
            estado=EstadoExportacion.LISTA,
        )
        if libro.personales and not self.con_personales:
            raise PermissionDenied
        archivo = libro.archivo.open("rb")
        return FileResponse(
            archivo, as_attachment=True, filename=f"respuestas-encuesta-{self.encuesta.pk}.xlsx", content_type=XLSX
        )


def _adjunto(respuesta, nombre: str):
    respuesta["Content-Disposition"] = f'attachment; filename="{nombre}"'
    return respuesta
