from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock


class CriterioBlock(blocks.StructBlock):
    nombre = blocks.CharBlock(label=_("criterio"), max_length=120)
    descripcion = blocks.TextBlock(label=_("qué se mira"), required=False)
    peso = blocks.IntegerBlock(label=_("peso (%)"), min_value=1, max_value=100)

    class Meta:
        label = _("criterio")
        icon = "list-ol"


class HitoBlock(blocks.StructBlock):
    fecha = blocks.DateBlock(label=_("fecha"))
    hito = blocks.CharBlock(label=_("qué ocurre"), max_length=160)

    class Meta:
        label = _("hito")
        icon = "date"


class DocumentoBlock(blocks.StructBlock):
    documento = DocumentChooserBlock(label=_("documento"))
    descripcion = blocks.CharBlock(label=_("descripción"), required=False, max_length=200)

    class Meta:
        label = _("documento")
        icon = "doc-full"
