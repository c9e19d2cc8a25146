from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from home.forms import LineaField

from ..consentimiento.forms import AutorizacionesMixin
from ..enums import (
    OPCIONES_DIFERENCIALES,
    Finalidad,
    GrupoEdad,
    OpcionDiferencial,
    PreguntaDiferencial,
    RangoDeclarado,
    Zona,
)
from ..models import Perfil, Territorio, Usuario, VersionPolitica

SIN_RESPUESTA = _("Prefiero no responder")


class PerfilForm(forms.Form):
    """Cómo se llama y lo poco que declara de sí. Sólo nombre y edad son obligatorios."""

    first_name = LineaField(
        label=_("Nombres"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = LineaField(
        label=_("Apellidos"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    rango_declarado = forms.ChoiceField(
        label=_("¿Qué edad tiene?"),
        choices=RangoDeclarado.choices,
        widget=forms.RadioSelect,
        help_text=_("Entre los 14 y los 17 años se participa con la autorización de su acudiente."),
    )
    grupo_edad = forms.ChoiceField(
        label=_("Grupo de edad"),
        choices=[("", _("Sin decir")), *(o for o in GrupoEdad.choices if o[0] != GrupoEdad.ADOLESCENTE)],
        required=False,
        help_text=_("Si tiene 18 años o más."),
    )
    municipio = LineaField(label=_("Municipio donde vive"), max_length=100, required=False)
    territorio = forms.ModelChoiceField(
        label=_("Comuna, corregimiento o vereda"),
        queryset=Territorio.objects.none(),
        required=False,
        empty_label=_("Sin decir"),
    )
    zona = forms.ChoiceField(
        label=_("Zona"),
        choices=[("", _("Sin decir")), *Zona.choices],
        required=False,
        help_text=_("Si eligió comuna o vereda, se toma de ella."),
    )
    idioma = forms.ChoiceField(label=_("Idioma de los avisos"), choices=settings.LANGUAGES)

    DE_PERFIL = ("rango_declarado", "grupo_edad", "municipio", "territorio", "zona")

    def __init__(self, *args, sitio: Site, usuario: Usuario, perfil: Perfil | None, **kwargs):
        inicial = {campo: getattr(usuario, campo) for campo in ("first_name", "last_name", "idioma")}
        if perfil:
            inicial |= {campo: getattr(perfil, campo) for campo in self.DE_PERFIL}
        super().__init__(*args, initial=inicial, **kwargs)
        territorios = Territorio.objects.filter(sitio=sitio)
        self.fields["territorio"].queryset = territorios
        if not territorios.exists():
            del self.fields["territorio"]

    @property
    def de_perfil(self) -> dict:
        return {campo: self.cleaned_data[campo] for campo in self.DE_PERFIL if campo in self.cleaned_data}


class DiferencialForm(AutorizacionesMixin, forms.Form):
    """Las preguntas de enfoque diferencial: todas voluntarias, y «Prefiero no responder» mientras no se diga otra cosa.

    Con `pregunta_autorizacion` lleva además la casilla que autoriza usarlas, sin marcar y obligatoria.
    """

    def __init__(self, *args, version: VersionPolitica, respuestas: set[str], pregunta_autorizacion: bool, **kwargs):
        solo = {Finalidad.CARACTERIZACION} if pregunta_autorizacion else set()
        super().__init__(*args, version=version, solo=solo, obligatorias={Finalidad.CARACTERIZACION}, **kwargs)
        for pregunta, opciones in OPCIONES_DIFERENCIALES.items():
            elegibles = [(o.value, o.label) for o in opciones]
            elegidas = [o.value for o in opciones if o in respuestas]
            if pregunta == PreguntaDiferencial.OTROS:
                campo = forms.MultipleChoiceField(
                    choices=elegibles,
                    initial=elegidas,
                    widget=forms.CheckboxSelectMultiple,
                    help_text=_("Puede marcar varios o ninguno."),
                )
            else:
                campo = forms.ChoiceField(
                    choices=[("", SIN_RESPUESTA), *elegibles], initial="".join(elegidas[:1]), widget=forms.RadioSelect
                )
            campo.required, campo.label = False, pregunta.label
            self.fields[pregunta.value] = campo

    @property
    def preguntas(self) -> list[forms.BoundField]:
        return [self[pregunta.value] for pregunta in OPCIONES_DIFERENCIALES]

    @property
    def opciones(self) -> set[str]:
        """Lo que respondió quien envió el formulario, ya validado."""
        valores = (self.cleaned_data[pregunta.value] for pregunta in OPCIONES_DIFERENCIALES)
        return {o for valor in valores for o in ([valor] if isinstance(valor, str) else valor)} & set(OpcionDiferencial)
