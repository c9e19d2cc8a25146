from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from home.blocks import TextoBlock

from .fases import TipoFase
from .menu import CODIGOS


class NivelBlock(blocks.StructBlock):
    valor = blocks.IntegerBlock(label=_("Nota"), min_value=0, max_value=100)
    texto = blocks.CharBlock(label=_("Qué la merece"), max_length=300)

    class Meta:
        label = _("nivel")


class CriterioBlock(blocks.StructBlock):
    nombre = blocks.CharBlock(label=_("Criterio"), max_length=120)
    descripcion = blocks.TextBlock(label=_("Qué se mira"), required=False)
    peso = blocks.IntegerBlock(label=_("Peso (%), en total 100"), min_value=1, max_value=100)
    minimo = blocks.IntegerBlock(label=_("Nota menor"), min_value=0, max_value=100, default=0)
    maximo = blocks.IntegerBlock(label=_("Nota mayor"), min_value=1, max_value=100, default=5)
    guias = blocks.ListBlock(NivelBlock(), label=_("Guía para calificar"), default=[])

    class Meta:
        label = _("criterio")
        icon = "list-ol"


class HitoBlock(blocks.StructBlock):
    fecha = blocks.DateBlock(label=_("Fecha"))
    hito = blocks.CharBlock(label=_("Qué ocurre"), max_length=160)

    class Meta:
        label = _("hito")
        icon = "date"


class DocumentoBlock(blocks.StructBlock):
    documento = DocumentChooserBlock(label=_("Documento"))
    descripcion = blocks.CharBlock(label=_("Descripción"), required=False, max_length=200)

    class Meta:
        label = _("documento")
        icon = "doc-full"


class FaseBlock(blocks.StructBlock):
    tipo = blocks.ChoiceBlock(
        label=_("Fase"), choices=[opcion for opcion in TipoFase.choices if opcion[0] != TipoFase.CONVOCATORIA.value]
    )
    inicia = blocks.DateTimeBlock(label=_("Empieza"))
    termina = blocks.DateTimeBlock(label=_("Termina"), help_text=_("En este instante ya terminó."))

    class Meta:
        label = _("fase")
        icon = "date"


class RequisitoBlock(blocks.StructBlock):
    texto = blocks.CharBlock(label=_("Requisito"), max_length=300)
    subsanable = blocks.BooleanBlock(label=_("Se puede completar después"), required=False, default=True)

    class Meta:
        label = _("requisito")
        icon = "check"


class PreguntaFrecuenteBlock(blocks.StructBlock):
    pregunta = blocks.CharBlock(label=_("Pregunta"), max_length=300)
    respuesta = TextoBlock(label=_("Respuesta"))

    class Meta:
        label = _("pregunta")
        icon = "help"


class ResponsableBlock(blocks.StructBlock):
    nombre = blocks.CharBlock(label=_("Nombre"), max_length=120)
    cargo = blocks.CharBlock(label=_("Cargo"), max_length=120)
    correo = blocks.EmailBlock(label=_("Correo"), required=False)
    telefono = blocks.CharBlock(label=_("Teléfono"), max_length=40, required=False)

    class Meta:
        label = _("responsable")
        icon = "user"


class AliadoBlock(blocks.StructBlock):
    nombre = blocks.CharBlock(label=_("Organización"), max_length=160)
    aporte = blocks.CharBlock(label=_("Qué aporta"), max_length=300, required=False)
    enlace = blocks.URLBlock(label=_("Su sitio web"), required=False)
    logo = ImageChooserBlock(label=_("Logo"), required=False)

    class Meta:
        label = _("aliado")
        icon = "group"


class NoAplicaBlock(blocks.StructBlock):
    codigo = blocks.ChoiceBlock(label=_("Código"), choices=CODIGOS)
    justificacion = blocks.TextBlock(label=_("Por qué no aplica"), max_length=600)

    class Meta:
        label = _("código")
        icon = "cross"
