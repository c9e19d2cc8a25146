from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock


class CriterioBlock(blocks.StructBlock):
    nombre = blocks.CharBlock(label=_("Criterio"), max_length=120)
    descripcion = blocks.TextBlock(label=_("Qué se mira"), required=False)
    peso = blocks.IntegerBlock(label=_("Peso (%), en total 100"), min_value=1, max_value=100)

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
