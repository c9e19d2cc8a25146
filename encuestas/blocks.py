from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cuentas.enums import TipoActor
from participacion.formularios.blocks import ReferenciaBlock


class CupoBlock(blocks.StructBlock):
    """Cuántas respuestas se reciben de un grupo: un tipo de actor, quienes elijan una opción, o de todos si no se dice."""

    actor_tipo = blocks.ChoiceBlock(choices=TipoActor.choices, label=_("De este tipo de actor"), required=False)
    pregunta = ReferenciaBlock("pregunta", label=_("De quienes en la pregunta"))
    valor = ReferenciaBlock("valor", label=_("Elijan"))
    limite = blocks.IntegerBlock(label=_("Máximo de respuestas"), min_value=1)
    mensaje = blocks.CharBlock(label=_("Mensaje cuando se llene"), max_length=300, required=False)

    class Meta:
        icon = "group"
        label = _("Cupo")


class CuposBlock(blocks.StreamBlock):
    cupo = CupoBlock()
