from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cuentas.asistida.actions import reconocer, registrar_persona
from cuentas.asistida.forms import DocumentoForm, PersonaForm, esta_completa
from cuentas.consentimiento.rules import version_para_autorizar
from cuentas.enums import NivelVerificacion
from cuentas.rules import puede_asistir
from home.marco import ajustes_de
from home.texto import limpiar_linea
from participacion.apoyos.actions import APOYO
from participacion.apoyos.models import Apoyo
from participacion.ejercicios.enums import TipoEjercicio
from participacion.ejercicios.models import Ejercicio
from participacion.registro.models import Acto, Asistencia
from participacion.registro.tipos import TIPOS

from .. import identidad
from ..enums import ACTOS, EDITABLES, EstadoPropuesta
from ..escritura import preguntas, repartir
from ..fases import Accion, calendario_de
from ..models import Propuesta
from ..presentacion import ultimo_motivo
from ..rules import puede_ver_constancia
from ..votos.papeleta import entero
from ..votos.presentacion import quedan
from ..votos.rules import reglas_de
from . import actions, atencion
from .forms import PropuestaAsistidaForm

ENVIO = ACTOS[EstadoPropuesta.ENVIADA][0]
PROPUESTA = Propuesta._meta.label_lower
POR_PANTALLA = 20
RECIENTES = 10


def por_corregir(sitio):
    """Lo que el personal recogió, la moderación devolvió y su autor no puede corregir por su cuenta, porque no la tiene."""
    devueltas = Propuesta.objects.filter(asistida=True, estado=EstadoPropuesta.DEVUELTA, ejercicio__sitio=sitio)
    return devueltas.filter(autor__cuenta__isnull=True).select_related("ejercicio").order_by("devuelta_en")


class AsistidaMixin(WagtailAdminTemplateMixin):
    """Sólo entra quien asiste en este sitio."""

    page_title = gettext_lazy("Participación asistida")
    header_icon = "user"
    titulo_propio = ""

    def dispatch(self, request, *args, **kwargs):
        self.sitio = ajustes_de(request).site
        if not puede_asistir(request.user, self.sitio):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return self.titulo_propio

    def get_breadcrumbs_items(self):
        inicio = {"url": reverse("asistida:persona") if self.titulo_propio else "", "label": self.page_title}
        propia = [{"url": "", "label": self.titulo_propio}] if self.titulo_propio else []
        return [*self.breadcrumbs_items, inicio, *propia]

    def responder(self, estado=200, **contexto):
        return self.render_to_response(self.get_context_data(**contexto), status=estado)


class PersonaView(AsistidaMixin, TemplateView):
    """Paso 1: quién es. Con el documento basta si ya participó; si no, se pregunta lo que falta en la misma dirección."""

    template_name = "retos/asistida/persona.html"

    def get_context_data(self, **kwargs):
        recientes = Asistencia.objects.filter(
            funcionario=self.request.user, acto__sitio=self.sitio, acto__objeto_tipo=PROPUESTA
        )
        recientes = recientes.select_related("acto__ejercicio").order_by("-pk")[:RECIENTES]
        for asistencia in recientes:
            asistencia.etiqueta = TIPOS[asistencia.acto.tipo].etiqueta
        contexto = {"documento": DocumentoForm()} | super().get_context_data(**kwargs)
        return contexto | {
            "recientes": recientes,
            "por_corregir": por_corregir(self.sitio)[:POR_PANTALLA],
        }

    def post(self, request):
        documento = DocumentoForm(request.POST)
        if not documento.is_valid():
            return self.responder(422, documento=documento)
        datos = documento.cleaned_data
        quien = {campo: datos[campo] for campo in ("tipo", "numero", "comprobado")}
        try:
            participante = reconocer(**quien, sitio=self.sitio, funcionario=request.user)
        except ValidationError as error:
            documento.add_error("numero", error)
            return self.responder(422, documento=documento)
        if esta_completa(participante, self.sitio):
            return self.seguir(participante, datos["canal"])
        registrar = request.POST.get("paso") == "registrar"
        persona = PersonaForm(
            request.POST if registrar else None,
            request.FILES if registrar else None,
            participante=participante,
            sitio=self.sitio,
            documento=(datos["tipo"], datos["numero"]),
            version=version_para_autorizar(self.sitio),
            archivo_excedido="acudiente_archivo" in getattr(request, "archivos_excedidos", ()),
        )
        if not registrar:
            return self.responder(documento=documento, persona=persona)
        if persona.is_valid():
            try:
                participante = registrar_persona(
                    **quien, canal=datos["canal"], sitio=self.sitio, funcionario=request.user, **persona.para_registrar()
                )
                return self.seguir(participante, datos["canal"])
            except ValidationError as error:
                persona.add_error(None, ValidationError(error.messages))
        return self.responder(422, documento=documento, persona=persona)

    def seguir(self, participante, canal):
        ficha = atencion.abrir(
            participante=participante, canal=atencion.CANALES[canal], funcionario=self.request.user
        )
        return redirect("asistida:atender", ficha)


class ConPersonaMixin(AsistidaMixin):
    """Lo que sigue cuando ya se sabe a quién se atiende."""

    @cached_property
    def atencion(self):
        return atencion.leer(self.kwargs["ficha"], self.request.user)

    def dispatch(self, request, *args, **kwargs):
        if puede_asistir(request.user, ajustes_de(request).site) and self.atencion is None:
            messages.warning(request, _("Esa atención ya terminó. Escriba otra vez el documento de la persona."))
            return redirect("asistida:persona")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"atencion": self.atencion, "ficha": self.kwargs["ficha"]}

    @cached_property
    def retos(self):
        """Los de este sitio en que ahora se propone o se apoya, según el reloj de la base de datos."""
        retos = Ejercicio.objects.publicados().filter(sitio=self.sitio, tipo=TipoEjercicio.RETO).con_reloj()
        retos = list(retos.select_related("reto").prefetch_related("fases").order_by("cierre", "pk"))
        for reto in retos:
            calendario = calendario_de(reto)
            reto.se_propone = calendario.permite(Accion.PROPONER, reto.ahora)
            reto.se_apoya = calendario.permite(Accion.APOYAR, reto.ahora)
        return [reto for reto in retos if reto.se_propone or reto.se_apoya]

    def a_la_constancia(self, acto):
        url = reverse("asistida:constancia", args=[acto.uuid])
        return redirect(f"{url}?{urlencode({'ficha': self.kwargs['ficha']})}")


class AtenderView(ConPersonaMixin, TemplateView):
    """Paso 2: qué quiere hacer y en qué reto."""

    template_name = "retos/asistida/atender.html"
    titulo_propio = gettext_lazy("Qué quiere hacer")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "retos": self.retos,
            "nivel": NivelVerificacion(self.atencion.participante.nivel_verificacion).label,
            "por_corregir": por_corregir(self.sitio).filter(autor=self.atencion.participante),
        }


class ProponerView(ConPersonaMixin, TemplateView):
    """Escribe y envía la propuesta de la persona, o corrige la que devolvió la moderación. Repetir el envío no la duplica."""

    template_name = "retos/asistida/proponer.html"
    titulo_propio = gettext_lazy("Registrar una propuesta")

    @cached_property
    def propuesta(self):
        if "pk" not in self.kwargs:
            return None
        return get_object_or_404(por_corregir(self.sitio).filter(autor=self.atencion.participante), pk=self.kwargs["pk"])

    @cached_property
    def ejercicio(self):
        if self.propuesta:
            return self.propuesta.ejercicio
        retos = Ejercicio.objects.filter(sitio=self.sitio, tipo=TipoEjercicio.RETO, publicado=True)
        return get_object_or_404(retos, pk=self.kwargs["reto"])

    def formularios(self, datos=None, archivos=None):
        """El de la propuesta y el de las preguntas del reto, si tiene."""
        inicial = {}
        if self.propuesta:
            campos = ("titulo", "resumen", "descripcion", "licencia", "clave_envio", "sello")
            inicial = {campo: getattr(self.propuesta, campo) for campo in campos}
        participante = self.atencion.participante
        formulario = PropuestaAsistidaForm(
            datos,
            archivos,
            initial=inicial,
            participante=participante,
            ejercicio=self.ejercicio,
            propuesta=self.propuesta,
            archivo_excedido="archivo" in getattr(self.request, "archivos_excedidos", ()),
        )
        enviado = datos is not None
        return formulario, preguntas(
            self.request, self.ejercicio, self.propuesta, participante, datos, archivos, exigir=enviado
        )

    def get(self, request, *args, **kwargs):
        formulario, pagina = self.formularios()
        return self.responder(formulario=formulario, pagina=pagina)

    def post(self, request, *args, **kwargs):
        if enviada := self.ya_enviada():
            messages.warning(request, _("Esta propuesta ya se había registrado; no se registró otra vez."))
            return self.constancia_de(enviada)
        formulario, pagina = self.formularios(request.POST, request.FILES)
        validos = [cada.is_valid() for cada in (formulario, pagina) if cada is not None]
        confirmar = False
        if formulario.subir_nuevos() and all(validos) and not (pagina is not None and pagina.faltan_por_ver):
            try:
                propuesta = actions.proponer_por(
                    participante=self.atencion.participante,
                    canal=self.atencion.canal,
                    funcionario=request.user,
                    ejercicio=self.ejercicio,
                    valores=pagina.propios if pagina is not None else None,
                    **formulario.para_registrar(),
                )
                return self.constancia_de(propuesta)
            except ValidationError as error:
                repartir(error, formulario, pagina)
                confirmar = identidad.es_aviso(error)
        return self.responder(422, formulario=formulario, pagina=pagina, confirmar=confirmar)

    def ya_enviada(self) -> Propuesta | None:
        """La de este formulario, si un doble clic o una recarga ya la envió: la primera vez contó."""
        try:
            clave = PropuestaAsistidaForm.base_fields["clave_envio"].clean(self.request.POST.get("clave_envio"))
        except ValidationError:
            return None
        suyas = Propuesta.objects.filter(autor=self.atencion.participante, asistida=True)
        return suyas.filter(clave_envio=clave).exclude(estado__in=EDITABLES).first()

    def constancia_de(self, propuesta):
        acto = actions.ultimo_acto(propuesta=propuesta, participante=self.atencion.participante, tipo=ENVIO)
        return self.a_la_constancia(acto)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "ejercicio": self.ejercicio,
            "motivo": ultimo_motivo(self.propuesta) if self.propuesta else "",
        }


class ApoyarView(ConPersonaMixin, TemplateView):
    """Busca la propuesta y da el apoyo de la persona: uno solo, por aquí o por la web."""

    template_name = "retos/asistida/apoyar.html"
    titulo_propio = gettext_lazy("Registrar un apoyo")

    @cached_property
    def ejercicio(self):
        reto = next((reto for reto in self.retos if reto.pk == self.kwargs["reto"] and reto.se_apoya), None)
        if reto is None:
            raise Http404
        return reto

    def get_context_data(self, **kwargs):
        consulta = limpiar_linea(self.request.GET.get("q", ""))[:200]
        publicadas = self.ejercicio.propuestas.publicadas()
        if consulta:
            publicadas = publicadas.filter(referencia__iexact=consulta) or publicadas.con_palabras(consulta)
        suyos = Apoyo.objects.filter(ejercicio=self.ejercicio, participante=self.atencion.participante)
        reglas = reglas_de(self.ejercicio)
        return super().get_context_data(**kwargs) | {
            "ejercicio": self.ejercicio,
            "reglas_apoyo": reglas,
            "quedan": quedan(self.ejercicio, reglas, self.atencion.participante),
            "consulta": consulta,
            "propuestas": publicadas.select_related("organizacion", "autor__cuenta").recientes()[:POR_PANTALLA],
            "apoyadas": set(suyos.filter(objeto_tipo=PROPUESTA).values_list("objeto_id", flat=True)),
        }

    def get(self, request, *args, **kwargs):
        return self.responder()

    def post(self, request, *args, **kwargs):
        pk = request.POST.get("propuesta", "")
        publicadas = self.ejercicio.propuestas.publicadas()
        propuesta = publicadas.filter(pk=pk).first() if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
        if propuesta is None:
            messages.error(request, _("Elija una propuesta de la lista."))
            return self.responder(422)
        participante = self.atencion.participante
        try:
            nuevo = actions.apoyar_por(
                propuesta=propuesta,
                participante=participante,
                canal=self.atencion.canal,
                funcionario=request.user,
                puntos=entero(request.POST.get(f"puntos-{propuesta.pk}", "")),
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self.responder(422)
        if not nuevo:
            messages.warning(request, _("Esta persona ya había apoyado «%(titulo)s»: cuenta una sola vez.") % {"titulo": propuesta.titulo})
            return redirect(request.get_full_path())
        return self.a_la_constancia(actions.ultimo_acto(propuesta=propuesta, participante=participante, tipo=APOYO))


class ConstanciaView(AsistidaMixin, TemplateView):
    """Lo que se imprime y se entrega a la persona. Sin su nombre ni su documento."""

    template_name = "retos/asistida/constancia.html"
    titulo_propio = gettext_lazy("Constancia")

    def get(self, request, clave):
        actos = Acto.objects.filter(sitio=self.sitio, asistencia__isnull=False, objeto_tipo=PROPUESTA)
        acto = get_object_or_404(actos.select_related("ejercicio", "asistencia__funcionario"), uuid=clave)
        ficha = request.GET.get("ficha", "")
        propuesta = get_object_or_404(Propuesta, pk=acto.objeto_id)
        if not puede_ver_constancia(request.user, propuesta, acto):
            raise Http404
        return self.responder(
            acto=acto,
            es_apoyo=acto.tipo == APOYO,
            propuesta=propuesta,
            entidad=self.sitio.site_name or self.sitio.hostname,
            ficha=ficha if atencion.leer(ficha, request.user) else "",
        )


class CorregirView(AsistidaMixin, View):
    """Abre la atención de quien escribió lo devuelto, por el canal en que llegó: no se le pide otra vez su documento."""

    def get(self, request, pk):
        propuesta = get_object_or_404(por_corregir(self.sitio), pk=pk)
        acto = actions.ultimo_acto(propuesta=propuesta, participante=propuesta.autor, tipo=ENVIO)
        ficha = atencion.abrir(participante=propuesta.autor, canal=acto.canal, funcionario=request.user)
        return redirect("asistida:corregir", ficha, pk)
