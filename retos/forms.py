import uuid
from collections.abc import Collection

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cuentas.models import Organizacion, Participante
from home.archivos import ACEPTADOS, ATRIBUTO_ACCEPT, detectar
from home.forms import LineaField, ParrafosField
from participacion.adjuntos import actions as adjuntos
from participacion.adjuntos.models import Adjunto
from participacion.ejercicios.models import Ejercicio

from .enums import Licencia
from .models import Propuesta, Reto


class VariosArchivosInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else []


class ArchivosField(forms.FileField):
    """Varios archivos en un solo campo; su valor es una lista."""

    widget = VariosArchivosInput

    def clean(self, data, initial=None):
        return [super(ArchivosField, self).clean(archivo) for archivo in data or []]


class ArchivosMixin:
    """Los campos `archivo`, `ficha` y `quitar` de un formulario con varios adjuntos.

    Un archivo puede llegar como archivo o como ficha de uno ya subido: así no se pierde al corregir otro campo. Quien lo
    usa da `participante`, `guardados` (los que el objeto ya tiene) y `excedidos` (si alguno pasó del máximo).
    """

    guardados: list[Adjunto]

    def preparar_archivos(self, *, excedidos: bool):
        self.excedidos = excedidos
        # Aquí y no en el campo: `%` fija el idioma en el momento en que se ejecuta.
        self.fields["archivo"].help_text = _("Hasta %(n)d, de 10 MB cada uno. Se reciben: %(tipos)s.") % {
            "n": adjuntos.POR_OBJETO,
            "tipos": ACEPTADOS,
        }

    @property
    def quitados(self) -> set[str]:
        return set(self.data.getlist("quitar")) if self.is_bound else set()

    @cached_property
    def sueltos(self) -> list[Adjunto]:
        """Los ya subidos que aún no son del objeto: cada uno trae su ficha."""
        claves = [adjuntos.clave_de(ficha) for ficha in self._fichas]
        return list(Adjunto.objects.filter(clave__in=[clave for clave in claves if clave], objeto_tipo="").order_by("pk"))

    @property
    def _fichas(self) -> list[str]:
        return (self["ficha"].value() or [])[: adjuntos.SUELTOS_POR_PERSONA]

    def _perdidos(self) -> bool:
        """Si alguna ficha no lleva a un archivo suelto ni a uno que el objeto ya tiene (doble clic, recarga)."""
        hay = {str(adjunto.clave) for adjunto in self.en_el_formulario}
        return any(adjuntos.clave_de(ficha) not in hay for ficha in self._fichas)

    @property
    def en_el_formulario(self) -> list[Adjunto]:
        """Los que el formulario muestra: guardados y sueltos."""
        return [*self.guardados, *self.sueltos]

    @property
    def bytes_en_total(self) -> int:
        return sum(adjunto.tamano for adjunto in self.en_el_formulario if str(adjunto.clave) not in self.quitados)

    def clean_archivo(self):
        if self.excedidos:
            raise ValidationError(_("Un archivo pasa de 10 MB. Redúzcalo o divídalo."), code="tamano")
        archivos = self.cleaned_data["archivo"]
        for archivo in archivos:
            detectar(archivo)
        return archivos

    def limpiar_archivos(self, datos: dict) -> None:
        """Desde `clean()`: cuántos quedan y si se perdió alguno."""
        nuevos = datos.get("archivo") or []
        if self._perdidos():
            self.add_error("archivo", _("Un archivo que había subido ya no está. Súbalo otra vez."))
        quedan = [adjunto for adjunto in self.en_el_formulario if str(adjunto.clave) not in self.quitados]
        if len(quedan) + len(nuevos) > adjuntos.POR_OBJETO:
            self.add_error("archivo", _("Se reciben hasta %(n)d archivos. Quite alguno.") % {"n": adjuntos.POR_OBJETO})

    def subir_nuevos(self) -> bool:
        """Guarda ya lo subido y pone su ficha en el formulario, también si hay otro campo por corregir: no se pide otra vez.

        Falso si un revisor rechazó alguno: queda dicho en su campo y los demás siguen.
        """
        self.data = self.data.copy()
        for archivo in self.cleaned_data.pop("archivo", []):
            adjuntos.podar_sueltos(participante=self.participante)
            try:
                adjunto = adjuntos.guardar(archivo=archivo, participante=self.participante)
            except ValidationError as error:
                self.add_error("archivo", [f"«{archivo.name}»: {texto}" for texto in error.messages])
                continue
            self.data.appendlist("ficha", adjuntos.ficha(adjunto))
            self.sueltos.append(adjunto)
        return "archivo" not in self.errors

    def ya_guardados(self) -> None:
        """Los sueltos ya son del objeto: el formulario que se vuelve a mostrar los tiene por guardados."""
        self.data = self.data.copy()
        self.data.setlist("ficha", [])
        self.data.setlist("quitar", [])
        self.__dict__.pop("guardados", None)
        self.sueltos = []

    @property
    def adjuntos_nuevos(self) -> list[Adjunto]:
        return [adjunto for adjunto in self.sueltos if str(adjunto.clave) not in self.quitados]


def campo_archivo() -> ArchivosField:
    return ArchivosField(
        label=gettext_lazy("Añadir archivos"),
        required=False,
        max_length=200,
        widget=VariosArchivosInput(attrs={"accept": ATRIBUTO_ACCEPT}),
    )


class PropuestaForm(ArchivosMixin, forms.Form):
    """El formulario de una propuesta. Un borrador admite campos vacíos; enviar, no.

    Las preguntas propias del reto van aparte, en un `PaginaForm`.
    """

    titulo = LineaField(
        label=gettext_lazy("Título"),
        max_length=Propuesta.TITULO_MAXIMO,
        help_text=gettext_lazy("En una frase, qué propone."),
    )
    resumen = ParrafosField(
        label=gettext_lazy("Resumen"),
        max_length=Propuesta.RESUMEN_MAXIMO,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Dos o tres frases; es lo que se ve en la lista. Hasta 400 caracteres."),
    )
    descripcion = ParrafosField(
        label=gettext_lazy("Descripción"),
        max_length=Propuesta.DESCRIPCION_MAXIMA,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("Qué haría, cómo, con quién y cuánto costaría. Deje un renglón en blanco entre párrafos."),
    )
    archivo = campo_archivo()
    organizacion = forms.ModelChoiceField(
        label=gettext_lazy("¿En nombre de quién la presenta?"),
        queryset=Organizacion.objects.none(),
        required=False,
        blank=True,
        empty_label=gettext_lazy("En mi propio nombre"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("No puede actuar en nombre de esa organización.")},
    )
    licencia = forms.ChoiceField(
        label=gettext_lazy("¿Con qué derechos la entrega?"),
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Se publica con la propuesta. La autoría siempre es suya."),
        error_messages={"invalid_choice": gettext_lazy("Elija una de las que ofrece el reto.")},
    )
    terminos = forms.BooleanField(required=False)
    version_terminos = forms.IntegerField(widget=forms.HiddenInput, required=False)
    confirma_identidad = forms.BooleanField(
        label=gettext_lazy("Lo que se señala no dice quién la propone: enviarla así"), required=False
    )
    clave_envio = forms.UUIDField(widget=forms.HiddenInput)
    sello = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    ficha = forms.Field(widget=forms.MultipleHiddenInput, required=False)

    def __init__(
        self,
        *args,
        participante: Participante | None,
        ejercicio: Ejercicio,
        propuesta: Propuesta | None = None,
        borrador: bool = False,
        archivo_excedido: bool = False,
        **kwargs,
    ):
        self.participante, self.ejercicio, self.propuesta = participante, ejercicio, propuesta
        kwargs["initial"] = {"clave_envio": uuid.uuid4(), "organizacion": "", **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.preparar_archivos(excedidos=archivo_excedido)
        self._ofrecer_licencias()
        self._pedir_terminos()
        if propuesta and participante and propuesta.autor_id != participante.pk:
            del self.fields["organizacion"]  # en nombre de quién la presenta lo dice su autor
        elif participante:
            self.fields["organizacion"].queryset = Organizacion.objects.filter(
                pk__in=participante.membresias.vigentes().values("organizacion")
            )
        if borrador:
            for nombre in ("resumen", "descripcion"):
                self.fields[nombre].required = False

    def _ofrecer_licencias(self):
        reto = Reto.objects.filter(ejercicio=self.ejercicio).first()
        if reto and reto.licencias:
            self.fields["licencia"].choices = [opcion for opcion in Licencia.choices if opcion[0] in reto.licencias]
        else:
            del self.fields["licencia"]

    def _pedir_terminos(self):
        """La casilla nombra la versión de hoy; quien ya la aceptó no la ve otra vez."""
        ultimos = self.ejercicio.terminos.first()
        self.ya_acepto = bool(ultimos and self.propuesta and self.propuesta.terminos_id == ultimos.pk)
        if ultimos is None or self.ya_acepto:
            del self.fields["terminos"], self.fields["version_terminos"]
            return
        self.fields["terminos"].label = _("Acepto los términos de participación, versión %(n)s") % {"n": ultimos.numero}
        self.initial["version_terminos"] = ultimos.numero
        if self.is_bound and self.data.get("version_terminos") != str(ultimos.numero):
            # Cambiaron mientras escribía: lo que marcó era otra cosa.
            self.data = self.data.copy()
            self.data.pop("terminos", None)
            self.data["version_terminos"] = str(ultimos.numero)

    @cached_property
    def guardados(self) -> list[Adjunto]:
        """Los del borrador de este formulario, también si lo guardó un envío anterior que no pasó."""
        propuesta = self.propuesta
        if propuesta is None and self.is_bound:
            clave = self.cleaned_data.get("clave_envio") if hasattr(self, "cleaned_data") else None
            propuesta = clave and Propuesta.objects.filter(clave_envio=clave, autor=self.participante).first()
        return list(Adjunto.objects.de(propuesta).order_by("pk")) if propuesta else []

    def clean(self):
        datos = super().clean()
        self.limpiar_archivos(datos)
        return datos

    def para_guardar(self) -> dict:
        """Lo que `guardar_borrador` recibe de este formulario. Tras `is_valid()` y `subir_nuevos()`."""
        datos = self.cleaned_data
        return {
            "clave_envio": datos["clave_envio"],
            "titulo": datos["titulo"],
            "resumen": datos["resumen"],
            "descripcion": datos["descripcion"],
            "licencia": datos.get("licencia", ""),
            "terminos": datos["version_terminos"] if datos.get("terminos") else None,
            "organizacion": datos.get("organizacion"),
            "adjuntos_nuevos": self.adjuntos_nuevos,
            "quitar": self.quitados & {str(adjunto.clave) for adjunto in self.guardados},
            "sello": datos["sello"] if "sello" in self.data else None,
        }


def en_columnas(formulario: forms.Form, nombres: Collection[str]) -> list[forms.BoundField]:
    """Los campos que hay, en ese orden."""
    return [formulario[nombre] for nombre in nombres if nombre in formulario.fields]
