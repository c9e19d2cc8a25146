"""Los bloques con que se arma cualquier página editorial del sitio."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

# Sin títulos de primer y segundo nivel (los pone la página) ni contenido incrustado de terceros (CSP).
RASGOS_TEXTO = ["h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link"]


class TextoBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs):
        kwargs.setdefault("features", RASGOS_TEXTO)
        super().__init__(**kwargs)

    class Meta:
        icon = "pilcrow"
        label = _("Texto")
        template = "bloques/texto.html"


class EncabezadoBlock(blocks.CharBlock):
    class Meta:
        icon = "title"
        label = _("Encabezado")
        template = "bloques/encabezado.html"


class ImagenBlock(blocks.StructBlock):
    imagen = ImageBlock(label=_("Imagen"))
    pie = blocks.CharBlock(label=_("Pie de imagen"), required=False, max_length=250)

    class Meta:
        icon = "image"
        label = _("Imagen")
        template = "bloques/imagen.html"


class DocumentosBlock(blocks.StructBlock):
    titulo = blocks.CharBlock(label=_("Título"), max_length=150)
    documentos = blocks.ListBlock(DocumentChooserBlock(label=_("Documento")), label=_("Documentos"))

    class Meta:
        icon = "doc-full"
        label = _("Lista de documentos")
        template = "bloques/documentos.html"

    def get_context(self, value, parent_context=None):
        contexto = super().get_context(value, parent_context)
        documentos = [d for d in value["documentos"] if d is not None]
        # Resolución 1519 de 2020: del más reciente al más antiguo, con su fecha.
        contexto["documentos"] = sorted(documentos, key=lambda d: d.fecha_publicacion, reverse=True)
        return contexto


class BotonBlock(blocks.StructBlock):
    texto = blocks.CharBlock(label=_("Texto"), max_length=60)
    pagina = blocks.PageChooserBlock(label=_("Página"), required=False)
    enlace = blocks.URLBlock(label=_("Enlace externo"), required=False)

    class Meta:
        icon = "link"
        label = _("Botón")
        template = "bloques/boton.html"

    def clean(self, value):
        limpio = super().clean(value)
        if bool(limpio["pagina"]) == bool(limpio["enlace"]):
            raise StructBlockValidationError(
                {"pagina": ValidationError(_("Elija una página o escriba un enlace, sólo uno de los dos."))}
            )
        return limpio


class CitaBlock(blocks.StructBlock):
    texto = blocks.TextBlock(label=_("Cita"))
    autor = blocks.CharBlock(label=_("Quién lo dijo"), required=False, max_length=120)

    class Meta:
        icon = "openquote"
        label = _("Cita")
        template = "bloques/cita.html"


class PreguntaBlock(blocks.StructBlock):
    pregunta = blocks.CharBlock(label=_("Pregunta"), max_length=200)
    respuesta = blocks.RichTextBlock(label=_("Respuesta"), features=RASGOS_TEXTO)


class PreguntasBlock(blocks.ListBlock):
    def __init__(self, **kwargs):
        super().__init__(PreguntaBlock(), **kwargs)

    class Meta:
        icon = "help"
        label = _("Preguntas frecuentes")
        template = "bloques/preguntas.html"


class TablaBlock(TypedTableBlock):
    def __init__(self, **kwargs):
        celdas = [
            ("texto", blocks.CharBlock(label=_("Texto"), required=False)),
            ("numero", blocks.DecimalBlock(label=_("Número"), required=False)),
        ]
        super().__init__(celdas, **kwargs)

    class Meta:
        label = _("Tabla")
        template = "bloques/tabla.html"


class CuerpoBlock(blocks.StreamBlock):
    """El contenido de una página editorial; los productos lo usan también para su contexto."""

    encabezado = EncabezadoBlock()
    texto = TextoBlock()
    imagen = ImagenBlock()
    documentos = DocumentosBlock()
    boton = BotonBlock()
    cita = CitaBlock()
    preguntas = PreguntasBlock()
    tabla = TablaBlock()
