from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log
from wagtail.models import Site

from home.tablas import CSV, XLSX, a_csv
from participacion.registro.medidas import publicadas

from . import exportacion, medidas
from .consultas import Consulta, reloj
from .forms import FiltroForm, hoy, periodos
from .rules import puede_ver


class IndicadoresView(WagtailAdminTemplateMixin, View):
    """Las cifras de un periodo. Una fecha inválida responde 400 con el mensaje junto al campo, también al descargar."""

    http_method_names = ["get", "head", "options"]
    template_name = "indicadores/indicadores.html"
    page_title = gettext_lazy("Indicadores")
    header_icon = "table"

    def dispatch(self, request, *args, **kwargs):
        self.sitio = Site.find_for_request(request)
        if not puede_ver(request.user, self.sitio):
            raise PermissionDenied
        self.formulario = FiltroForm(request.GET, sitio=self.sitio)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        if not self.formulario.is_valid():
            return self.render_to_response(self.get_context_data(), status=400)
        return self.responder()

    def responder(self):
        contexto = {
            "cifras": medidas.calcular(self.consulta),
            "nombradas": [(cifra, exportacion.partes_de(cifra)) for cifra in self.nombradas],
        }
        return self.render_to_response(self.get_context_data(**contexto))

    @property
    def nombradas(self):
        """Las cifras con meta que publican otras salas. No son del registro: valen al momento de mirarlas."""
        periodo = self.formulario.periodo
        return publicadas(self.sitio, periodo.inicio, periodo.fin, self.formulario.cleaned_data["ejercicio"])

    @cached_property
    def consulta(self) -> Consulta:
        return Consulta(
            sitio=self.sitio,
            periodo=self.formulario.periodo,
            ejercicio=self.formulario.cleaned_data["ejercicio"],
            corte=reloj(self.sitio),
        )

    def direccion(self, nombre: str, periodo) -> str:
        """La de otra vista con ese periodo y el ejercicio elegido."""
        parametros = {"desde": periodo.desde.isoformat(), "hasta": periodo.hasta.isoformat()}
        if ejercicio := self.formulario.cleaned_data.get("ejercicio"):
            parametros["ejercicio"] = ejercicio.pk
        return f"{reverse(f'indicadores:{nombre}')}?{urlencode(parametros)}"

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": _("Indicadores")}]

    def get_context_data(self, **kwargs):
        contexto = super().get_context_data(**kwargs)
        valido = self.formulario.is_valid()
        elegido = self.formulario.periodo if valido else None
        contexto |= {
            "formulario": self.formulario,
            "periodos": [
                (nombre, self.direccion("pagina", periodo), periodo == elegido) for nombre, periodo in periodos(hoy())
            ],
        }
        if valido:
            corte = self.consulta.corte.astimezone(timezone.get_default_timezone())
            contexto |= {
                "consulta": self.consulta,
                "nombre_sitio": self.sitio.site_name or self.sitio.hostname,
                "corte": formats.date_format(corte, "DATETIME_FORMAT"),
                "descargas": {nombre: self.direccion(nombre, elegido) for nombre in ("csv", "xlsx", "actos")},
            }
        return contexto

    def nombre_archivo(self, base: str, extension: str) -> str:
        periodo = self.formulario.periodo
        return f"{base}_{periodo.desde.isoformat()}_{periodo.hasta.isoformat()}.{extension}"

    def archivo(self, respuesta, nombre: str):
        respuesta["Content-Disposition"] = f'attachment; filename="{nombre}"'
        return respuesta


class CifrasView(IndicadoresView):
    """Las mismas cifras de la página, como archivo."""

    formato = None
    TIPOS = {"csv": CSV, "xlsx": XLSX}

    def responder(self):
        tabla = exportacion.tabla_de_cifras(self.consulta, medidas.calcular(self.consulta), self.nombradas)
        contenido = exportacion.a_xlsx(tabla) if self.formato == "xlsx" else "".join(a_csv(tabla))
        respuesta = HttpResponse(contenido, content_type=self.TIPOS[self.formato])
        return self.archivo(respuesta, self.nombre_archivo("indicadores", self.formato))


class ActosView(IndicadoresView):
    """Los actos de los que salen las cifras, para recalcularlas.

    Con seudónimos, que no bastan: día, reto y tipo de actor distinguen a quien publicó. Por eso se anota quién descarga.
    """

    def responder(self):
        periodo = self.formulario.periodo
        datos = {"desde": periodo.desde.isoformat(), "hasta": periodo.hasta.isoformat()}
        log(instance=self.sitio, action="indicadores.descargar_actos", user=self.request.user, data=datos)
        renglones = a_csv(exportacion.tabla_de_actos(self.consulta))
        respuesta = StreamingHttpResponse(renglones, content_type=CSV)
        return self.archivo(respuesta, self.nombre_archivo("actos", "csv"))
