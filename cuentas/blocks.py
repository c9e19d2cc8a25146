from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .enums import Finalidad


class FinalidadBlock(blocks.StructBlock):
    """Una finalidad del tratamiento, con las palabras que lee quien la autoriza."""

    clave = blocks.ChoiceBlock(choices=Finalidad.choices, label=_("finalidad"))
    texto = blocks.TextBlock(
        label=_("texto de la casilla"), max_length=600, help_text=_("En primera persona: «Autorizo a… para…».")
    )

    class Meta:
        icon = "tick"
        label = _("Finalidad")
