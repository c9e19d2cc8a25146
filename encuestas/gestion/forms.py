from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cuentas.documentos import normalizar
from cuentas.enums import TipoDocumento
from home.forms import LineaField

from .. import codigos
from ..enums import Modo
from ..forms import CODIGO_MAXIMO
from ..models import Encuesta
from .lotes import MAXIMO


class LoteForm(forms.Form):
    nombre = LineaField(
        label=gettext_lazy("Para quién son"), max_length=120, help_text=gettext_lazy("Por ejemplo «Colegio La Floresta».")
    )
    cantidad = forms.IntegerField(
        label=gettext_lazy("Cuántos códigos"),
        min_value=1,
        max_value=MAXIMO,
        help_text=format_lazy(gettext_lazy("Hasta {maximo} por lote."), maximo=MAXIMO),
    )


class MotivoForm(forms.Form):
    motivo = LineaField(
        label=gettext_lazy("Motivo"), max_length=300, help_text=gettext_lazy("Queda guardado. No escriba datos personales.")
    )


class ReferenciaForm(MotivoForm):
    """La respuesta que se anula, por la referencia de su recibo."""

    referencia = LineaField(label=gettext_lazy("Referencia de la respuesta"), max_length=20)
    field_order = ["referencia", "motivo"]


class ArchivoForm(forms.Form):
    archivo = forms.FileField(
        label=gettext_lazy("Archivo CSV o XLSX"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"empty": gettext_lazy("El archivo está vacío.")},
    )


class DeQuienForm(forms.Form):
    """De quién es un papel, si se sabe: por su documento en una encuesta con cuenta, o por su código."""

    tipo = forms.ChoiceField(
        label=gettext_lazy("Tipo de documento"), choices=[("", "—"), *TipoDocumento.choices], required=False
    )
    numero = forms.CharField(
        label=gettext_lazy("Número"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("Si el papel lo trae. Sin documento, la respuesta cuenta pero no se sabe de quién es."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    codigo = LineaField(
        label=gettext_lazy("Código de un solo uso"),
        max_length=CODIGO_MAXIMO,
        required=False,
        help_text=gettext_lazy("Si el papel lo trae."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, encuesta: Encuesta, **kwargs):
        self.encuesta = encuesta
        super().__init__(*args, **kwargs)
        if encuesta.modo != Modo.CUENTA:
            del self.fields["tipo"], self.fields["numero"]
        if encuesta.modo != Modo.CODIGO:
            del self.fields["codigo"]

    def clean_codigo(self):
        if not (escrito := self.cleaned_data["codigo"]):
            return None
        codigo = codigos.por_texto(self.encuesta.ejercicio, escrito)
        if codigo is None or codigo.lote.anulado_en:
            raise ValidationError(_("Ese código no sirve para esta encuesta. Revíselo."), code="codigo")
        return codigo

    def clean(self):
        datos = super().clean()
        tipo, numero = datos.get("tipo"), datos.get("numero")
        if numero and not tipo:
            self.add_error("tipo", _("Elija el tipo de documento."))
        elif numero:
            try:
                normalizar(tipo, numero)
            except ValidationError as error:
                self.add_error("numero", error)
        elif tipo:
            self.add_error("numero", _("Escriba el número, o deje sin elegir el tipo."))
        return datos
