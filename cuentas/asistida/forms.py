from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from home.archivos import ATRIBUTO_ACCEPT, detectar
from home.forms import LineaField

from ..consentimiento.forms import AutorizacionesMixin
from ..documentos import normalizar
from ..enums import MENOR_DE_14, CanalConsentimiento, RangoDeclarado, TipoDocumento
from ..models import Participante, Territorio, VersionPolitica
from ..requisitos import faltantes

CANALES = [
    (CanalConsentimiento.PRESENCIAL.value, gettext_lazy("Está en la oficina")),
    (CanalConsentimiento.PAPEL.value, gettext_lazy("Envió un papel firmado")),
]


class DocumentoForm(forms.Form):
    """Por dónde llega la persona y con qué documento se la reconoce."""

    canal = forms.ChoiceField(
        label=gettext_lazy("¿Cómo participa?"),
        choices=CANALES,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Diga si está en la oficina o envió un papel.")},
    )
    tipo = forms.ChoiceField(label=gettext_lazy("Tipo de documento"), choices=TipoDocumento)
    numero = forms.CharField(
        label=gettext_lazy("Número"),
        max_length=30,
        help_text=gettext_lazy("No se guarda: sólo una huella con la que se reconoce a la misma persona."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    comprobado = forms.BooleanField(
        label=gettext_lazy("Me mostró su documento original y comprobé que es suyo"),
        help_text=gettext_lazy("Opcional. Queda verificada en persona, el nivel más alto."),
        required=False,
    )

    def clean(self):
        datos = super().clean()
        if datos.get("comprobado") and datos.get("canal") == CanalConsentimiento.PAPEL:
            self.add_error("comprobado", _("Sólo se comprueba con la persona presente, no por papel."))
        if datos.get("tipo") and datos.get("numero"):
            try:
                normalizar(datos["tipo"], datos["numero"])
            except ValidationError as error:
                self.add_error("numero", error)
        return datos


class PersonaForm(AutorizacionesMixin, forms.Form):
    """Lo que a una persona le falta para participar, y nada más. `participante`: None si es la primera vez."""

    nombre = LineaField(
        label=gettext_lazy("Nombre"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Opcional. Sólo se publica si autoriza que se publique su nombre."),
    )
    rango_declarado = forms.ChoiceField(
        label=gettext_lazy("¿Qué edad tiene?"),
        choices=[(MENOR_DE_14, gettext_lazy("Menos de 14 años")), *RangoDeclarado.choices],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pregunte la edad: sólo el rango.")},
    )
    territorio = forms.ModelChoiceField(
        label=gettext_lazy("Comuna o vereda"),
        queryset=Territorio.objects.none(),
        required=False,
        empty_label=gettext_lazy("No la dice"),
    )
    acudiente_nombre = LineaField(label=gettext_lazy("Nombre del acudiente"), max_length=200, required=False)
    acudiente_parentesco = LineaField(label=gettext_lazy("Parentesco o calidad"), max_length=60, required=False)
    acudiente_tipo = forms.ChoiceField(
        label=gettext_lazy("Tipo de documento del acudiente"), choices=TipoDocumento, required=False
    )
    acudiente_numero = forms.CharField(
        label=gettext_lazy("Número de documento del acudiente"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    acudiente_archivo = forms.FileField(
        label=gettext_lazy("Autorización firmada, escaneada o en foto"),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ATRIBUTO_ACCEPT}),
    )

    def __init__(
        self, *args, participante: Participante | None, sitio: Site, documento: tuple[str, str],
        version: VersionPolitica | None, archivo_excedido: bool = False, **kwargs,
    ):  # fmt: skip
        self.documento, self.archivo_excedido = documento, archivo_excedido
        faltan = {r.codigo for r in faltantes(participante, sitio)} if participante else {"perfil", "consentimiento"}
        super().__init__(*args, version=version, solo=None if "consentimiento" in faltan else (), **kwargs)
        self.fields["territorio"].queryset = Territorio.objects.filter(sitio=sitio)
        if participante and (participante.cuenta_id or participante.nombre):
            del self.fields["nombre"]
        if "perfil" not in faltan:
            del self.fields["rango_declarado"], self.fields["territorio"]
        # A quien ya es conocido y sólo le falta su acudiente, se le exige; a quien no, según la edad que diga.
        self.es_adolescente = "acudiente" in faltan
        if not faltan & {"perfil", "acudiente"}:
            for nombre in [n for n in self.fields if n.startswith("acudiente_")]:
                del self.fields[nombre]

    @property
    def campos_acudiente(self) -> list[forms.BoundField]:
        return [self[nombre] for nombre in self.fields if nombre.startswith("acudiente_")]

    @property
    def campos_persona(self) -> list[forms.BoundField]:
        return [campo for campo in self.otros_campos if not campo.name.startswith("acudiente_")]

    def clean_rango_declarado(self):
        rango = self.cleaned_data["rango_declarado"]
        if rango == MENOR_DE_14:
            raise ValidationError(
                _(
                    "Quien tiene menos de 14 años no puede participar por aquí: la ley protege sus datos. "
                    "Puede hacerlo por medio de su familia o su colegio. No se guardó nada."
                ),
                code="menor",
            )
        return rango

    def clean_acudiente_archivo(self):
        if self.archivo_excedido:
            raise ValidationError(_("El archivo pasa de 10 MB. Redúzcalo o divídalo."), code="tamano")
        if archivo := self.cleaned_data["acudiente_archivo"]:
            detectar(archivo)
        return archivo

    def clean(self):
        datos = super().clean()
        if self.es_adolescente or datos.get("rango_declarado") == RangoDeclarado.ADOLESCENTE:
            self._limpiar_acudiente(datos)
        return datos

    def _limpiar_acudiente(self, datos):
        falta = _("De 14 a 17 años hace falta la autorización firmada por su acudiente.")
        for campo in self.campos_acudiente:
            if not datos.get(campo.name) and campo.name not in self.errors:
                self.add_error(campo.name, falta)
        if datos.get("acudiente_tipo") and datos.get("acudiente_numero"):
            try:
                suyo = normalizar(datos["acudiente_tipo"], datos["acudiente_numero"])
            except ValidationError as error:
                self.add_error("acudiente_numero", error)
                return
            if suyo == normalizar(*self.documento):
                self.add_error("acudiente_numero", _("Ése es el documento de la persona menor de edad."))
            self.cleaned_data["acudiente"] = {
                "nombre": datos.get("acudiente_nombre"),
                "parentesco": datos.get("acudiente_parentesco"),
                "documento": suyo,
                "archivo": datos.get("acudiente_archivo"),
            }

    def para_registrar(self) -> dict:
        """Lo que recibe `registrar_persona`. Sólo tras `is_valid()`."""
        campos = ("nombre", "rango_declarado", "territorio", "acudiente")
        datos = {campo: self.cleaned_data[campo] for campo in campos if self.cleaned_data.get(campo)}
        return datos | {"version": self.politica, "finalidades": self.finalidades_marcadas}


def esta_completa(participante: Participante | None, sitio: Site) -> bool:
    """Si ya puede participar: nada que preguntarle."""
    return participante is not None and not faltantes(participante, sitio)
