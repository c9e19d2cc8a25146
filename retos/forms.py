import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from cuentas.models import Organizacion, Participante
from home.archivos import ACEPTADOS, ATRIBUTO_ACCEPT, detectar
from home.forms import LineaField, ParrafosField
from participacion.adjuntos import actions as adjuntos
from participacion.adjuntos.models import Adjunto

from .models import Propuesta


class PropuestaForm(forms.Form):
    """El formulario de una propuesta. Un borrador admite campos vacíos; enviar, no.

    El archivo puede llegar como archivo o como ficha de uno ya subido: así no se pierde al corregir otro campo.
    """

    titulo = LineaField(
        label=_("Título"),
        max_length=Propuesta.TITULO_MAXIMO,
        help_text=_("En una frase, qué propone."),
    )
    resumen = ParrafosField(
        label=_("Resumen"),
        max_length=Propuesta.RESUMEN_MAXIMO,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Dos o tres frases; es lo que se ve en la lista. Hasta 400 caracteres."),
    )
    descripcion = ParrafosField(
        label=_("Descripción"),
        max_length=Propuesta.DESCRIPCION_MAXIMA,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Qué haría, cómo, con quién y cuánto costaría. Deje un renglón en blanco entre párrafos."),
    )
    archivo = forms.FileField(
        label=_("Archivo adjunto"),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ATRIBUTO_ACCEPT}),
    )
    quitar_archivo = forms.BooleanField(label=_("Quitar el archivo"), required=False)
    organizacion = forms.ModelChoiceField(
        label=_("¿En nombre de quién la presenta?"),
        queryset=Organizacion.objects.none(),
        required=False,
        blank=True,
        empty_label=_("En mi propio nombre"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("No puede actuar en nombre de esa organización.")},
    )
    clave_envio = forms.UUIDField(widget=forms.HiddenInput)
    ficha = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args,
        participante: Participante | None,
        actual: Adjunto | None = None,
        borrador: bool = False,
        archivo_excedido: bool = False,
        **kwargs,
    ):
        self.participante, self.actual, self.archivo_excedido = participante, actual, archivo_excedido
        kwargs["initial"] = {"clave_envio": uuid.uuid4(), "organizacion": "", **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        # Aquí y no en el campo: `%` fija el idioma en el momento en que se ejecuta.
        self.fields["archivo"].help_text = _("Uno, hasta 10 MB. Se reciben: %(tipos)s.") % {"tipos": ACEPTADOS}
        if participante:
            self.fields["organizacion"].queryset = Organizacion.objects.filter(
                pk__in=participante.membresias.vigentes().values("organizacion")
            )
        if borrador:
            for nombre in ("resumen", "descripcion"):
                self.fields[nombre].required = False

    def archivo_guardado(self) -> Adjunto | None:
        """El archivo que el formulario ya tiene: el de su ficha o el del borrador."""
        if not self.is_bound:
            return adjuntos.por_ficha(self.initial.get("ficha", "")) or self.actual
        if self.data.get("quitar_archivo"):
            return None
        return adjuntos.por_ficha(self.data.get("ficha", "")) or self._del_borrador()

    def _del_borrador(self) -> Adjunto | None:
        """El del borrador de este formulario, también si lo guardó un envío anterior que no pasó."""
        clave = self.cleaned_data.get("clave_envio")
        propuesta = clave and Propuesta.objects.filter(clave_envio=clave, autor=self.participante).first()
        return Adjunto.objects.de(propuesta).first() if propuesta else None

    def clean_archivo(self):
        if self.archivo_excedido:
            raise forms.ValidationError(_("El archivo pasa de 10 MB. Redúzcalo o divídalo."), code="tamano")
        archivo = self.cleaned_data["archivo"]
        if archivo:
            detectar(archivo)
        return archivo

    def clean(self):
        datos = super().clean()
        archivo = datos.get("archivo")
        perdido = datos.get("ficha") and not archivo and not datos.get("quitar_archivo")
        if perdido and "archivo" not in self.errors and self.archivo_guardado() is None:
            self.add_error("archivo", _("El archivo que había subido ya no está. Súbalo otra vez."))
        if archivo and self.errors:
            # Hay otro campo por corregir: se guarda el archivo para no pedirlo otra vez.
            self.guardar_suelto(archivo)
        return datos

    def guardar_suelto(self, archivo) -> Adjunto:
        adjuntos.podar_sueltos(participante=self.participante)
        adjunto = adjuntos.guardar(archivo=archivo, participante=self.participante)
        self.data = self.data.copy()
        self.data["ficha"] = adjuntos.ficha(adjunto)
        return adjunto

    def adjunto(self) -> Adjunto | None:
        """El archivo con que queda la propuesta. Sólo tras `is_valid()`."""
        if archivo := self.cleaned_data["archivo"]:
            return self.guardar_suelto(archivo)
        return self.archivo_guardado()
