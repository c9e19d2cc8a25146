import copy

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cuentas.models import Participante
from home.forms import ParrafosField
from participacion.adjuntos.models import Adjunto

from ..contenido import TEXTOS
from ..forms import ArchivosMixin, PropuestaForm
from ..models import Propuesta
from .actions import MENSAJE_MAXIMO
from .campos import campos_de


class InformacionForm(ArchivosMixin, forms.Form):
    """Los campos de la propuesta que la entidad pidió completar; los demás no están. Las preguntas del reto van aparte."""

    confirma_identidad = copy.deepcopy(PropuestaForm.base_fields["confirma_identidad"])

    def __init__(
        self, *args, propuesta: Propuesta, campos: list[str], participante: Participante, inicial: dict, archivo_excedido=False, **kwargs
    ):
        self.propuesta, self.participante = propuesta, participante
        self.textos_pedidos = [campo for campo in TEXTOS if campo in campos]
        kwargs["initial"] = {campo: getattr(propuesta, campo) for campo in self.textos_pedidos} | inicial
        super().__init__(*args, **kwargs)
        self.con_archivos = "archivo" in campos
        propios = [*self.textos_pedidos, *(["archivo", "ficha"] if self.con_archivos else [])]
        for campo in propios:
            self.fields[campo] = copy.deepcopy(PropuestaForm.base_fields[campo])
        if self.con_archivos:
            self.preparar_archivos(excedidos=archivo_excedido)

    @cached_property
    def guardados(self) -> list[Adjunto]:
        return list(Adjunto.objects.de(self.propuesta).order_by("pk")) if self.con_archivos else []

    def clean(self):
        datos = super().clean()
        if self.con_archivos:
            self.limpiar_archivos(datos)
        return datos

    def para_responder(self) -> dict:
        """Lo que `responder_solicitud` recibe de este formulario. Tras `is_valid()` y `subir_nuevos()`."""
        datos = {
            "textos": {campo: self.cleaned_data[campo] for campo in self.textos_pedidos},
            "confirma_identidad": self.cleaned_data["confirma_identidad"],
        }
        if self.con_archivos:
            suyos = {str(adjunto.clave) for adjunto in self.guardados}
            datos |= {"adjuntos_nuevos": self.adjuntos_nuevos, "quitar": self.quitados & suyos}
        return datos


class PedirForm(forms.Form):
    """Qué se le pide completar a un equipo, y hasta cuándo."""

    campos = forms.MultipleChoiceField(
        label=_("Qué puede cambiar"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Sólo se abre lo que marque; el resto de la propuesta queda como está."),
    )
    mensaje = ParrafosField(
        label=_("Qué se pide"),
        max_length=MENSAJE_MAXIMO,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Lo leen quienes la escribieron, en un correo y en la página de su propuesta."),
    )
    vence_en = forms.DateTimeField(
        label=_("Hasta cuándo"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Hora de Colombia. En ese instante ya no se recibe."),
    )

    def __init__(self, *args, propuesta: Propuesta, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campos"].choices = list(campos_de(propuesta).items())
