from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError

from .enums import FINALIDADES_NECESARIAS, Finalidad


class FinalidadBlock(blocks.StructBlock):
    """Una finalidad del tratamiento, con las palabras que lee quien la autoriza."""

    clave = blocks.ChoiceBlock(choices=Finalidad.choices, label=_("finalidad"))
    texto = blocks.TextBlock(
        label=_("texto de la casilla"), max_length=600, help_text=_("En primera persona: «Autorizo a… para…».")
    )

    class Meta:
        icon = "tick"
        label = _("Finalidad")


class FinalidadesBlock(blocks.StreamBlock):
    """Las finalidades de la política: ninguna repetida y ninguna necesaria ausente. Se exige al publicar."""

    finalidad = FinalidadBlock()

    def clean(self, value):
        limpio = super().clean(value)
        if self.is_deferred_validation:
            return limpio
        claves = [bloque.value["clave"] for bloque in limpio]
        repetidas = {
            indice: ValidationError(_("Esta finalidad ya está arriba: cada una se pide una sola vez."))
            for indice, clave in enumerate(claves)
            if clave in claves[:indice]
        }
        faltan = [Finalidad(clave).label for clave in FINALIDADES_NECESARIAS if clave not in claves]
        if repetidas or faltan:
            raise StreamBlockValidationError(
                block_errors=repetidas,
                non_block_errors=[_("Falta la finalidad «%(nombre)s».") % {"nombre": nombre} for nombre in faltan],
            )
        return limpio
