"""Las pantallas del personal que reparte códigos, transcribe papeles y anula respuestas, en el administrador."""

import uuid
from datetime import timedelta

from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic.base import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Site

from cuentas.asistida.actions import reconocer
from home.tablas import CSV, XLSX, a_csv, a_xlsx
from participacion.adjuntos import actions as adjuntos
from participacion.ejercicios.enums import Fase
from participacion.formularios.forms import PaginaForm, en_una_pagina
from participacion.formularios.models import Respuesta, VersionFormulario

from ..actions import anular_respuesta
from ..enums import Modo
from ..models import Encuesta, LoteCodigos
from . import tabla
from .forms import ArchivoForm, DeQuienForm, LoteForm, MotivoForm, ReferenciaForm
from .lotes import anular_lote, generar_lote, hojas_de, imprimir
from .papel import importar, registrar_en_papel
from .rules import puede_administrar, puede_recibir

POR_PAGINA = 50
_SAL = "encuestas.papel"
# Cuánto puede estar abierto el formulario de un papel antes de guardarlo.
_VIGENCIA = timedelta(hours=12)


class GestionMixin(WagtailAdminTemplateMixin):
    """Sólo entra quien `permitido` dice en el sitio; las encuestas de otro sitio no existen para él."""

    page_title = gettext_lazy("Papel y códigos")
    header_icon = "form"
    titulo_propio = ""
    permitido = staticmethod(puede_recibir)

    def dispatch(self, request, *args, **kwargs):
        self.sitio = Site.find_for_request(request)
        if not self.permitido(request.user, self.sitio):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def encuesta(self) -> Encuesta:
        consulta = Encuesta.objects.select_related("ejercicio__sitio")
        return get_object_or_404(consulta, pk=self.kwargs["pk"], ejercicio__sitio=self.sitio)

    def get_page_subtitle(self):
        return self.titulo_propio

    def get_breadcrumbs_items(self):
        migas = [*self.breadcrumbs_items, {"url": reverse("encuestas_gestion:lista"), "label": self.page_title}]
        if "pk" in self.kwargs:
            propia = reverse("encuestas_gestion:encuesta", args=[self.encuesta.pk])
            migas.append({"url": propia, "label": self.encuesta.ejercicio.titulo})
        return [*migas, {"url": "", "label": self.titulo_propio}] if self.titulo_propio else migas

    def get_context_data(self, **kwargs):
        contexto = super().get_context_data(**kwargs)
        if "pk" in self.kwargs:
            contexto |= {
                "encuesta": self.encuesta,
                "con_codigo": self.encuesta.modo == Modo.CODIGO,
                "abierta": self.abierta,
                "administra": puede_administrar(self.request.user, self.sitio),
            }
        return contexto

    @property
    def abierta(self) -> bool:
        return self.encuesta.ejercicio.fase == Fase.ABIERTA

    def invalida(self, **contexto):
        """La misma pantalla con lo escrito y sus errores."""
        return self.render_to_response(self.get_context_data(**contexto), status=422)

    def volver(self):
        return redirect("encuestas_gestion:encuesta", self.encuesta.pk)


class ListaView(GestionMixin, TemplateView):
    """Las encuestas publicadas del sitio."""

    template_name = "encuestas/gestion/lista.html"

    def get_context_data(self, **kwargs):
        encuestas = Encuesta.objects.filter(ejercicio__sitio=self.sitio).select_related("ejercicio")
        pagina = Paginator(encuestas.order_by("-pk"), POR_PAGINA).get_page(self.request.GET.get("p"))
        return super().get_context_data(page_obj=pagina, is_paginated=pagina.has_other_pages(), **kwargs)


class EncuestaView(GestionMixin, TemplateView):
    """Lo que se puede hacer con una encuesta, y sus lotes de códigos."""

    template_name = "encuestas/gestion/encuesta.html"

    def get_context_data(self, **kwargs):
        usados = Count("codigos", filter=Q(codigos__usado_el__isnull=False))
        lotes = LoteCodigos.objects.filter(ejercicio=self.encuesta.pk).annotate(usados=usados)
        return super().get_context_data(**{"lotes": lotes, "form": LoteForm(), **kwargs})

    def post(self, request, *args, **kwargs):
        if not puede_administrar(request.user, self.sitio):
            raise PermissionDenied
        formulario = LoteForm(request.POST)
        if formulario.is_valid():
            try:
                lote = generar_lote(encuesta=self.encuesta, actor=request.user, **formulario.cleaned_data)
            except ValidationError as error:
                formulario.add_error(None, error)
            else:
                messages.success(request, _("El lote quedó listo para imprimir."))
                return redirect("encuestas_gestion:lote", self.encuesta.pk, lote.pk)
        return self.invalida(form=formulario)


class LoteMixin(GestionMixin):
    permitido = staticmethod(puede_administrar)

    @cached_property
    def lote(self) -> LoteCodigos:
        lotes = LoteCodigos.objects.select_related("ejercicio")
        return get_object_or_404(lotes, pk=self.kwargs["numero"], ejercicio=self.encuesta.pk)


class LoteView(LoteMixin, TemplateView):
    """Un lote: cuántos se usaron, sus hojas para imprimir y su anulación."""

    template_name = "encuestas/gestion/lote.html"
    titulo_propio = gettext_lazy("Lote de códigos")

    def get_context_data(self, **kwargs):
        usados = self.lote.codigos.filter(usado_el__isnull=False).count()
        propios = {"lote": self.lote, "usados": usados, "hojas": hojas_de(self.lote), "form": MotivoForm()}
        return super().get_context_data(**{**propios, **kwargs})

    def post(self, request, *args, **kwargs):
        formulario = MotivoForm(request.POST)
        if formulario.is_valid():
            try:
                anular_lote(lote=self.lote, motivo=formulario.cleaned_data["motivo"], actor=request.user)
            except ValidationError as error:
                formulario.add_error(None, error)
            else:
                messages.success(request, _("Los códigos sin usar de ese lote ya no sirven."))
                return redirect("encuestas_gestion:lote", self.encuesta.pk, self.lote.pk)
        return self.invalida(form=formulario)


class HojaView(LoteMixin, View):
    """El PDF de un tramo del lote."""

    def post(self, request, *args, **kwargs):
        tramo = next(((d, h) for d, h in hojas_de(self.lote) if d == kwargs["desde"]), None)
        if tramo is None or self.lote.anulado_en:
            raise Http404
        direccion = request.build_absolute_uri(reverse("encuestas:responder", args=[self.encuesta.pk]))
        pdf = imprimir(lote=self.lote, desde=tramo[0], hasta=tramo[1], direccion=direccion, actor=request.user)
        nombre = f"codigos-{self.lote.pk}-{tramo[0]}-{tramo[1]}.pdf"
        return HttpResponse(
            pdf,
            content_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{nombre}"', "Cache-Control": "no-store"},
        )


class RecepcionMixin(GestionMixin):
    """Sólo se abre mientras la encuesta recibe papeles: nadie transcribe uno que no se guardará. La encuesta dice por qué."""

    def get(self, request, *args, **kwargs):
        if self.encuesta.secreta or not self.abierta:
            return self.volver()
        return super().get(request, *args, **kwargs)


class PapelView(RecepcionMixin, TemplateView):
    """Transcribir una respuesta de papel: la encuesta entera en una página."""

    template_name = "encuestas/gestion/papel.html"
    titulo_propio = gettext_lazy("Transcribir un papel")

    def _version(self, sello: str = "") -> tuple[VersionFormulario, uuid.UUID]:
        """La versión que se está transcribiendo y la clave con que se guarda una sola vez; nuevas si no hay sello."""
        versiones = VersionFormulario.objects.filter(ejercicio=self.encuesta.pk)
        try:
            pk, clave = signing.loads(sello, salt=_SAL, max_age=_VIGENCIA)
            version, clave = versiones.filter(pk=pk).first(), uuid.UUID(clave)
        except signing.BadSignature:
            version, clave = None, uuid.uuid4()
        version = version or versiones.order_by("-numero").first()
        if version is None:
            raise Http404
        version.ejercicio = self.encuesta.ejercicio
        return version, clave

    def _formulario(self, version, clave, datos=None, archivos=None):
        formulario = version.formulario()
        return PaginaForm(
            datos,
            archivos,
            formulario=formulario,
            pagina=en_una_pagina(formulario),
            valores={},
            semilla=str(clave),
            subir=lambda archivo: adjuntos.guardar(archivo=archivo, participante=None),
            excedidos=getattr(self.request, "archivos_excedidos", ()),
        )

    def get_context_data(self, **kwargs):
        if "formulario" not in kwargs:
            version, clave = self._version()
            kwargs |= {
                "formulario": self._formulario(version, clave),
                "quien": DeQuienForm(encuesta=self.encuesta),
                "sello": self._sello(version, clave),
            }
        return super().get_context_data(**kwargs)

    def _sello(self, version, clave):
        return signing.dumps([version.pk, str(clave)], salt=_SAL)

    def post(self, request, *args, **kwargs):
        version, clave = self._version(request.POST.get("sello", ""))
        formulario = self._formulario(version, clave, request.POST, request.FILES)
        quien = DeQuienForm(request.POST, encuesta=self.encuesta)
        contexto = {"formulario": formulario, "quien": quien, "sello": self._sello(version, clave)}
        if not all([formulario.is_valid(), quien.is_valid()]):
            return self.invalida(**contexto)
        if formulario.faltan_por_ver:
            messages.info(request, _("Según lo que respondió, hay preguntas nuevas. Revise la página y continúe."))
            return self.render_to_response(self.get_context_data(**contexto))
        try:
            respuesta, nueva = registrar_en_papel(
                encuesta=self.encuesta,
                version=version,
                valores=formulario.propios,
                clave=clave,
                funcionario=request.user,
                participante=self._participante(quien.cleaned_data),
                codigo=quien.cleaned_data.get("codigo"),
            )
        except ValidationError as error:
            quien.add_error(None, error)
            return self.invalida(**contexto)
        texto = _("Quedó registrada con la referencia %(n)s.") if nueva else _("Ya estaba registrada, con la referencia %(n)s.")
        messages.success(request, texto % {"n": respuesta.referencia})
        return redirect("encuestas_gestion:papel", self.encuesta.pk)

    def _participante(self, datos):
        if not datos.get("numero"):
            return None
        participante = reconocer(
            tipo=datos["tipo"], numero=datos["numero"], comprobado=False, sitio=self.sitio, funcionario=self.request.user
        )
        if participante is None:
            raise ValidationError(
                _("Esa persona aún no está registrada: regístrela al atenderla, o transcriba el papel sin documento."),
                code="desconocida",
            )
        return participante


class ImportarView(RecepcionMixin, TemplateView):
    """Subir un archivo de respuestas en papel."""

    template_name = "encuestas/gestion/importar.html"
    titulo_propio = gettext_lazy("Importar respuestas en papel")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"form": ArchivoForm(), "maximo": tabla.MAXIMO, **kwargs})

    def post(self, request, *args, **kwargs):
        formulario = ArchivoForm(request.POST, request.FILES)
        version = VersionFormulario.objects.vigente(self.encuesta.ejercicio)
        if version is None:
            raise Http404
        errores = []
        if formulario.is_valid():
            try:
                archivo = formulario.cleaned_data["archivo"]
                renglones = tabla.leer(archivo.read(tabla.TAMANO_MAXIMO + 1), version.formulario())
                nuevas = importar(encuesta=self.encuesta, version=version, renglones=renglones, funcionario=request.user)
            except ValidationError as error:
                errores = error.messages
            else:
                messages.success(request, self._cuantas(nuevas, len(renglones) - nuevas))
                return self.volver()
        return self.invalida(form=formulario, errores=errores)

    def _cuantas(self, nuevas: int, repetidas: int) -> str:
        texto = ngettext("Se importó %(n)s respuesta.", "Se importaron %(n)s respuestas.", nuevas) % {"n": nuevas}
        if repetidas:
            texto += " " + ngettext("%(n)s ya estaba.", "%(n)s ya estaban.", repetidas) % {"n": repetidas}
        return texto


class PlantillaView(GestionMixin, View):
    """El archivo con las columnas de la encuesta, para llenarlo."""

    def get(self, request, *args, **kwargs):
        version = VersionFormulario.objects.vigente(self.encuesta.ejercicio)
        formato = kwargs["formato"]
        if version is None or formato not in ("csv", "xlsx"):
            raise Http404
        titulos = [tabla.encabezado(version.formulario())]
        cuerpo = "".join(a_csv(titulos)) if formato == "csv" else a_xlsx({"Respuestas": (titulos, [12, *[30] * 25])})
        nombre = f'attachment; filename="papel-{self.encuesta.pk}.{formato}"'
        return HttpResponse(cuerpo, content_type=CSV if formato == "csv" else XLSX, headers={"Content-Disposition": nombre})


class AnularView(GestionMixin, TemplateView):
    """Anular una respuesta por su referencia."""

    template_name = "encuestas/gestion/anular.html"
    titulo_propio = gettext_lazy("Anular una respuesta")
    permitido = staticmethod(puede_administrar)

    def get(self, request, *args, **kwargs):
        return self.volver() if self.encuesta.secreta else super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"form": ReferenciaForm(), **kwargs})

    def post(self, request, *args, **kwargs):
        formulario = ReferenciaForm(request.POST)
        if formulario.is_valid():
            datos = formulario.cleaned_data
            suyas = Respuesta.objects.filter(ejercicio=self.encuesta.pk).exclude(referencia="")
            respuesta = suyas.filter(referencia__iexact=datos["referencia"]).first()
            if respuesta is None:
                formulario.add_error("referencia", _("Ninguna respuesta de esta encuesta tiene esa referencia."))
            else:
                try:
                    anular_respuesta(respuesta=respuesta, motivo=datos["motivo"], actor=request.user)
                except ValidationError as error:
                    formulario.add_error(None, error)
                else:
                    messages.success(request, _("La respuesta dejó de contar. Quien la dio puede responder otra vez."))
                    return self.volver()
        return self.invalida(form=formulario)
