"""El constructor de formularios en el editor: un bloque por tipo de pregunta, sin escribir claves."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from home.blocks import TextoBlock

from .enums import Operador, TipoEscala, TipoPregunta

T = TipoPregunta


class ReferenciaBlock(blocks.FieldBlock):
    """La clave de una pregunta u opción anterior, que se elige de una lista (`static/js/condiciones.js`).

    No hereda de CharBlock: una clave no es texto y no se ofrece a quien traduce.
    """

    def __init__(self, papel, required=False, **kwargs):
        atributos = {"data-controller": "condicion", "data-condicion-papel-value": papel, "hidden": True}
        self.field = forms.CharField(required=required, max_length=300, widget=forms.TextInput(attrs=atributos))
        super().__init__(**kwargs)


class ListaBlock(blocks.ListBlock):
    """Una lista de opciones, en la que cada una nace con su propia clave.

    Wagtail da una clave por pantalla a las opciones con que nace una pregunta: dos preguntas añadidas seguidas la
    compartirían. Sin clave, el editor pone una distinta cada vez.
    """

    def get_form_state(self, value):
        value = self.normalize(value)
        estados = zip(value.bound_blocks, super().get_form_state(value), strict=True)
        return [estado if opcion.original_id else {"value": estado["value"]} for opcion, estado in estados]


class ReglaBlock(blocks.StructBlock):
    pregunta = ReferenciaBlock("pregunta", required=True, label=_("Si en la pregunta"))
    operador = blocks.ChoiceBlock(choices=Operador.choices, default=Operador.IGUAL, label=_("La respuesta"))
    valor = ReferenciaBlock("valor", label=_("Lo siguiente"))

    class Meta:
        label = _("Condición")
        label_format = ""  # si no, plegada mostraría la clave de la pregunta


class CondicionBlock(blocks.StructBlock):
    reglas = blocks.ListBlock(ReglaBlock(), label=_("Se muestra si"), default=[])
    # Con menos de dos condiciones, `static/js/condiciones.js` no lo muestra.
    reunir = blocks.ChoiceBlock(
        choices=[("todas", _("Se cumplen todas")), ("alguna", _("Se cumple al menos una"))],
        default="todas",
        label=_("Cuando hay varias condiciones"),
    )

    class Meta:
        label = _("Cuándo se muestra")
        help_text = _("Sin condiciones, siempre. Sólo se puede depender de preguntas anteriores.")
        collapsed = True
        label_format = ""  # el programa dice si hay condiciones


class OpcionBlock(blocks.StructBlock):
    texto = blocks.CharBlock(label=_("Texto"), max_length=200)

    class Meta:
        label = _("Opción")


class OpcionMultipleBlock(OpcionBlock):
    exclusiva = blocks.BooleanBlock(
        label=_("Descarta las demás"), required=False, help_text=_("Para «Ninguna» o «No sé».")
    )


def _pregunta(icono, *campos):
    """Un bloque de pregunta con lo común y los campos propios de su tipo."""
    comunes = [
        ("texto", blocks.CharBlock(label=_("Pregunta"), max_length=300)),
        ("ayuda", blocks.CharBlock(label=_("Ayuda"), max_length=300, required=False)),
        *campos,
        ("obligatoria", blocks.BooleanBlock(label=_("Obligatoria"), required=False)),
        (
            "visibilidad",
            blocks.ChoiceBlock(
                choices=[("publica", _("Públicos")), ("personal", _("Sólo para el personal"))],
                default="publica",
                label=_("Sus resultados son"),
            ),
        ),
        ("condicion", CondicionBlock()),
    ]
    return {"icono": icono, "campos": comunes}


def _entero(rotulo, **opciones):
    return blocks.IntegerBlock(label=rotulo, required=False, min_value=0, **opciones)


def _lista(nombre, rotulo, bloque):
    """Trae dos elementos por llenar: con uno no hay qué elegir."""
    return (nombre, ListaBlock(bloque, label=rotulo, min_num=1, default=[{}, {}]))


def _opciones(bloque=OpcionBlock):
    return _lista("opciones", _("Opciones"), bloque())


_OTRA = ("otra", blocks.CharBlock(
    label=_("Opción abierta"), max_length=100, required=False, help_text=_("Por ejemplo «Otra». Vacío: no hay.")
))  # fmt: skip
_AL_AZAR = ("al_azar", blocks.BooleanBlock(label=_("Mostrar las opciones en orden al azar"), required=False))

PREGUNTAS = {
    T.TEXTO_CORTO: _pregunta("edit", ("maximo", _entero(_("Caracteres como máximo"), max_value=300))),
    T.TEXTO_LARGO: _pregunta("pilcrow", ("maximo", _entero(_("Caracteres como máximo"), max_value=10_000))),
    T.NUMERO: _pregunta(
        "order",
        ("minimo", blocks.FloatBlock(label=_("Desde"), required=False)),
        ("maximo", blocks.FloatBlock(label=_("Hasta"), required=False)),
    ),
    T.FECHA: _pregunta("date"),
    T.UNICA: _pregunta("radio-full", _opciones(), _OTRA, _AL_AZAR),
    T.MULTIPLE: _pregunta(
        "tick-inverse",
        _opciones(OpcionMultipleBlock),
        _OTRA,
        ("minimo", _entero(_("Marcar al menos"))),
        ("maximo", _entero(_("Marcar como máximo"))),
        _AL_AZAR,
    ),
    T.DESPLEGABLE: _pregunta("list-ul", _opciones(), _AL_AZAR),
    T.ESCALA: _pregunta(
        "sliders", ("escala", blocks.ChoiceBlock(choices=TipoEscala.choices, default=TipoEscala.ACUERDO, label=_("Escala")))
    ),
    T.MATRIZ: _pregunta(
        "table",
        _lista("filas", _("Filas"), OpcionBlock(label=_("Fila"))),
        _lista("opciones", _("Columnas"), OpcionBlock(label=_("Columna"))),
    ),
    T.ORDENAMIENTO: _pregunta(
        "list-ol", _opciones(), ("minimo", _entero(_("Ordenar al menos"))), ("maximo", _entero(_("Ordenar como máximo"))), _AL_AZAR
    ),
    T.SI_NO: _pregunta("check"),
    T.ARCHIVO: _pregunta("upload"),
    T.LUGAR: _pregunta("site"),
    T.ACEPTACION: _pregunta("circle-check"),
    T.CORREO: _pregunta("mail"),
}


class PaginaBlock(blocks.StructBlock):
    titulo = blocks.CharBlock(label=_("Título de la página"), max_length=120, required=False)
    condicion = CondicionBlock()

    class Meta:
        icon = "doc-empty"
        label = _("Página nueva")
        group = _("Estructura")


class ExplicacionBlock(blocks.StructBlock):
    titulo = blocks.CharBlock(label=_("Título de la sección"), max_length=120, required=False)
    texto = TextoBlock(label=_("Texto"), required=False)
    imagen = ImageChooserBlock(label=_("Imagen"), required=False)
    condicion = CondicionBlock()

    class Meta:
        icon = "title"
        label = _("Sección o explicación")
        group = _("Estructura")


class FormularioBlock(blocks.StreamBlock):
    """Las preguntas de un formulario, con sus páginas y explicaciones, en orden."""

    def __init__(self, local_blocks=(), **kwargs):
        preguntas = [
            (
                str(tipo.value),
                blocks.StructBlock(partes["campos"], icon=partes["icono"], label=tipo.label, group=_("Preguntas")),
            )
            for tipo, partes in PREGUNTAS.items()
        ]
        propios = [("pagina", PaginaBlock()), ("explicacion", ExplicacionBlock())]
        super().__init__([*preguntas, *propios, *local_blocks], **kwargs)
