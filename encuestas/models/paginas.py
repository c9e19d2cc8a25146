from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from cuentas.models import Territorio
from home.blocks import RASGOS_TEXTO, CuerpoBlock
from participacion.ejercicios.enums import TipoEjercicio
from participacion.ejercicios.models import EjercicioPage
from participacion.formularios import construccion
from participacion.formularios.actions import publicar_textos
from participacion.formularios.blocks import FormularioBlock
from participacion.formularios.definicion import Formulario, textos_de

from ..blocks import CuposBlock
from ..enums import IDENTIFICAN, MINIMO_GRUPO, MINIMO_GRUPO_MENOR, Modo, PoliticaResultados


class ReglasEncuesta(models.Model):
    """Lo que la página declara y la encuesta obedece: los mismos campos en las dos."""

    modo = models.CharField(_("una respuesta por persona"), max_length=10, choices=Modo, default=Modo.CUENTA)
    secreta = models.BooleanField(
        _("respuesta secreta"),
        default=False,
        help_text=_("Nadie podrá saber quién contestó qué; no se puede corregir ni retomar. No aplica a la anónima."),
    )
    permite_editar = models.BooleanField(
        _("se puede corregir hasta el cierre"), default=False, help_text=_("Sólo con cuenta o código, y si no es secreta.")
    )
    resultados = models.CharField(
        _("resultados públicos"), max_length=10, choices=PoliticaResultados, default=PoliticaResultados.AL_CIERRE
    )
    minimo_grupo = models.PositiveSmallIntegerField(
        _("grupo mínimo"),
        default=MINIMO_GRUPO,
        validators=[MinValueValidator(MINIMO_GRUPO_MENOR)],
        help_text=_("Las cifras de grupos de menos personas no se muestran."),
    )

    CAMPOS_ENCUESTA = ["modo", "secreta", "permite_editar", "resultados", "minimo_grupo"]

    class Meta:
        abstract = True


class EncuestaPage(EjercicioPage, ReglasEncuesta):  # noqa: DJ008 -- el de Page
    """Una consulta con preguntas, desde su convocatoria hasta su informe."""

    tipo_ejercicio = TipoEjercicio.ENCUESTA

    proposito = models.TextField(
        _("propósito"), max_length=600, help_text=_("Para qué se hace y qué pasará con lo que se diga.")
    )
    cuerpo = StreamField(CuerpoBlock(), verbose_name=_("contenido"), blank=True)
    formulario = StreamField(FormularioBlock(), verbose_name=_("preguntas"), blank=True)
    cupos = StreamField(CuposBlock(), verbose_name=_("cupos"), blank=True)
    gracias = RichTextField(
        _("mensaje de agradecimiento"), blank=True, features=RASGOS_TEXTO, help_text=_("Lo que se lee después de enviar.")
    )
    informe = models.ForeignKey(
        Page, verbose_name=_("informe de resultados"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    linea_base = models.ForeignKey(
        "self",
        verbose_name=_("se compara con"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("La encuesta de la que se copió ésta: sus preguntas comunes se comparan."),
    )

    parent_page_types = ["home.InicioPage", "home.ContenidoPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("resumen"),
        FieldPanel("proposito"),
        FieldPanel("cuerpo", help_text=_("Lo que se lee antes de responder, después del propósito.")),
        FieldPanel("formulario", help_text=_("En el orden en que se hacen. «Página nueva» parte el formulario en pasos.")),
        FieldPanel("gracias"),
        MultiFieldPanel(
            [
                FieldPanel("modo"),
                FieldPanel("secreta"),
                FieldPanel("permite_editar"),
                FieldPanel("cupos", help_text=_("Sin cupos, se reciben todas las respuestas.")),
            ],
            heading=_("Cómo se responde"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("resultados"),
                FieldPanel("minimo_grupo"),
                PageChooserPanel("informe"),
                PageChooserPanel("linea_base"),
            ],
            heading=_("Resultados"),
        ),
        *EjercicioPage.paneles_calendario,
    ]
    override_translatable_fields = [
        *EjercicioPage.override_translatable_fields,
        *(SynchronizedField(campo, overridable=False) for campo in ReglasEncuesta.CAMPOS_ENCUESTA),
        SynchronizedField("cupos", overridable=False),
        SynchronizedField("linea_base", overridable=False),
    ]
    search_fields = [*Page.search_fields, index.SearchField("proposito"), index.SearchField("cuerpo")]

    class Meta:
        verbose_name = _("encuesta")
        verbose_name_plural = _("encuestas")

    def construir_formulario(self) -> Formulario:
        """Lo que dicen los bloques de esta página, con las comunas y veredas de su sitio."""
        return construccion.construir(self.formulario, Territorio.objects.filter(sitio=self.get_site()))

    def errores_al_publicar(self):
        from ..publicacion import errores_de_cupos, errores_en_uso

        errores = super().errores_al_publicar()
        formulario = self.construir_formulario()
        if faltas := list(construccion.errores(formulario)):
            errores["formulario"] = " ".join(faltas)
        if falta := errores_de_cupos(self, formulario):
            errores["cupos"] = falta
        if self.ejercicio:
            errores |= errores_en_uso(self, self.ejercicio)
        if self.secreta and self.modo == Modo.ANONIMA:
            errores["secreta"] = _("Una encuesta anónima ya no guarda quién responde: quite «respuesta secreta».")
        elif self.secreta and (falta := self._falta_para_ser_secreta()):
            errores["secreta"] = falta
        if self.permite_editar and (self.secreta or self.modo == Modo.ANONIMA):
            errores["permite_editar"] = _("No se puede corregir una respuesta secreta o anónima: no se sabe cuál es.")
        return errores

    def _falta_para_ser_secreta(self) -> str:
        """Lo que impide prometer el secreto; vacío si nada."""
        if not settings.CLAVE_SECRETO_PUBLICA:
            return _("Falta instalar las claves de las encuestas secretas: pídalo a quien administra el servidor.")
        if not self.cierre:
            return _("Una encuesta secreta necesita fecha de cierre: entonces se escriben las últimas respuestas.")
        tipos = {pregunta.tipo for pregunta in self.construir_formulario().preguntas.values()}
        if tipos & IDENTIFICAN:
            return _("Una encuesta secreta no puede pedir archivos ni correos: dirían quién es.")
        return ""

    def publicar_en(self, ejercicio):
        from ..actions import publicar_encuesta

        publicar_encuesta(pagina=self, ejercicio=ejercicio)

    def publicar_traduccion_en(self, ejercicio):
        textos = textos_de(self.construir_formulario())
        publicar_textos(ejercicio=ejercicio, idioma=self.locale.language_code, textos=textos)

    def get_context(self, request, *args, **kwargs):
        from ..presentacion import contexto

        reglas = self.reglas
        comun = super().get_context(request, *args, **kwargs)
        return {**comun, "reglas": reglas, "fase": reglas.fase, **contexto(request, self)}
