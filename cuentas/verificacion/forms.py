from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.archivos import FORMATOS, detectar
from home.forms import LineaField, ParrafosField

from ..documentos import normalizar
from ..enums import TipoDocumento
from .lectura import leer_fecha

_ESCANEOS = [FORMATOS[extension] for extension in ("pdf", "jpg", "png")]


class EscaneoField(forms.FileField):
    """Un documento escaneado o fotografiado. `excedido`: llegó, pero pasaba del tamaño que se recibe."""

    widget = forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"})
    excedido = False

    def clean(self, data, initial=None):
        if self.excedido:
            raise ValidationError(_("El archivo es demasiado grande. Redúzcalo o divídalo."), code="tamano")
        archivo = super().clean(data, initial)
        if archivo and detectar(archivo) not in _ESCANEOS:
            raise ValidationError(_("Se reciben PDF, JPG o PNG."), code="tipo")
        return archivo


class DocumentoForm(forms.Form):
    """Tipo y número de un documento de identidad, comprobados juntos."""

    tipos = TipoDocumento.choices

    tipo = forms.ChoiceField(label=gettext_lazy("Tipo de documento"))
    numero = LineaField(
        label=gettext_lazy("Número del documento"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tipo"].choices = self.tipos

    def clean(self):
        datos = super().clean()
        if "tipo" in datos and "numero" in datos:
            try:
                normalizar(datos["tipo"], datos["numero"])
            except ValidationError as error:
                self.add_error(error.code, error)
        return datos


class VerificarmeForm(DocumentoForm):
    """`pide_fecha`: lo que dice cada padrón vigente; si todos la piden es obligatoria."""

    fecha = forms.CharField(
        label=gettext_lazy("Fecha de expedición"),
        max_length=10,
        help_text=gettext_lazy("La que está impresa en el documento, por ejemplo 31/12/2015."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def __init__(self, *args, pide_fecha: list[bool], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["fecha"].required = all(pide_fecha)
        if not any(pide_fecha):
            del self.fields["fecha"]

    def clean_fecha(self):
        fecha = self.cleaned_data["fecha"]
        return leer_fecha(fecha) if fecha else ""


class BuscarForm(forms.Form):
    correo = forms.EmailField(
        label=gettext_lazy("Correo con que entra a la plataforma"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Completo y exacto. La búsqueda queda en el historial."),
    )


class PresencialForm(DocumentoForm):
    """Lo que el personal comprobó. `unir` aparece sólo cuando ese documento ya participó sin cuenta."""

    nota = ParrafosField(
        label=gettext_lazy("Qué se comprobó"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Por ejemplo: «Vino a la oficina con su cédula original». No escriba el número."),
    )
    archivo = EscaneoField(
        label=gettext_lazy("Soporte"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Sólo si hace falta conservarlo: PDF, JPG o PNG. Una copia del documento casi nunca lo es."),
    )
    unir = forms.BooleanField(
        label=gettext_lazy("Es la misma persona: unir a su cuenta lo que hizo en la oficina"),
        help_text=gettext_lazy("Compruebe que la cuenta es suya: que la abra en su teléfono o confirme el correo."),
        required=False,
    )

    @property
    def hay_que_unir(self) -> bool:
        return self.has_error("numero", "unir") or bool(self.is_bound and self.cleaned_data.get("unir"))


class AnularForm(forms.Form):
    motivo = ParrafosField(
        label=gettext_lazy("Motivo"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Escriba por qué se anula.")},
    )
    liberar_documento = forms.BooleanField(
        label=gettext_lazy("El documento no era suyo o cambió: liberarlo"),
        help_text=gettext_lazy("Se anulan todas sus verificaciones y otra cuenta podrá usar ese documento."),
        required=False,
    )


class PadronForm(forms.Form):
    """El archivo lo recibe `PadronUploadHandler` antes de llegar aquí; `lectura` es lo que encontró."""

    nombre = LineaField(
        label=gettext_lazy("Nombre del padrón"),
        max_length=120,
        help_text=gettext_lazy("Para reconocerlo, por ejemplo «Suscriptores del acueducto, enero de 2026»."),
    )
    archivo = forms.FileField(
        label=gettext_lazy("Archivo CSV"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=gettext_lazy(
            "Primera línea: tipo_documento;numero_documento y, si quiere pedirla, ;fecha_expedicion. Tipos: CC, NUIP (o TI), "
            "CE, PA, PPT. Hasta 1.000.000 de documentos."
        ),
    )

    def __init__(self, *args, lectura=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.lectura = lectura

    def clean_archivo(self):
        if self.lectura is None:
            raise ValidationError(_("Elija el archivo."), code="required")
        if not self.lectura.completa:
            raise ValidationError(_("El archivo no llegó completo. Súbalo otra vez."), code="incompleto")
        if self.lectura.errores:
            raise ValidationError(_("El archivo tiene errores y no se cargó nada."), code="errores")
