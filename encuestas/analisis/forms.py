from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from home.forms import LineaField, ParrafosField

from ..enums import CalculoMedida, Rasgo
from ..models import MedidaEncuesta, Tema
from .ponderacion import leer_poblacion

MAXIMO_TABLA = 200_000


class BuscarForm(forms.Form):
    """Qué respuestas abiertas se listan."""

    q = LineaField(label=_("Palabras"), max_length=100, required=False)
    tema = forms.ChoiceField(label=_("Tema"), required=False)

    def __init__(self, datos, *, temas):
        super().__init__(datos)
        self.fields["tema"].choices = [("", _("Todas")), ("ninguno", _("Sin tema")), *((str(t.pk), t.nombre) for t in temas)]


class TemaForm(forms.Form):
    nombre = LineaField(label=_("Tema nuevo"), max_length=120)


class RenombrarForm(forms.Form):
    nombre = LineaField(label=_("Nombre"), max_length=120)

    def __init__(self, *args, tema, **kwargs):
        super().__init__(*args, initial={"nombre": tema.nombre}, auto_id=f"tema-{tema.pk}-%s", **kwargs)
        self.tema = tema


class ClasificarForm(forms.Form):
    """Las respuestas marcadas y el tema que se les pone o se les quita."""

    tema = forms.ModelChoiceField(
        label=_("Tema"), queryset=Tema.objects.none(), error_messages={"required": _("Elija un tema."), "invalid_choice": _("Ese tema ya no está.")}
    )
    valores = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": _("Marque al menos una respuesta."), "invalid_choice": _("Alguna respuesta ya no está: marque otra vez.")}
    )

    def __init__(self, datos, *, temas, valores):
        super().__init__(datos)
        self.fields["tema"].queryset = temas
        self.fields["valores"].choices = [(pk, pk) for pk in valores]


class PoblacionForm(forms.Form):
    """La tabla de población de un rasgo, pegada o en un archivo CSV."""

    rasgo = forms.ChoiceField(label=_("Grupos por"), choices=Rasgo.choices)
    tabla = ParrafosField(
        label=_("Tabla"),
        required=False,
        max_length=MAXIMO_TABLA,
        help_text=_("Un grupo por renglón: «Comuna 1;25000». Puede pegarla de una hoja de cálculo."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    archivo = forms.FileField(label=_("O un archivo CSV"), required=False, allow_empty_file=True)

    def clean(self):
        datos = super().clean()
        texto, campo = datos.get("tabla", ""), "tabla"
        if archivo := datos.get("archivo"):
            texto, campo = self._leer(archivo), "archivo"
        if not self.errors:
            try:
                datos["poblacion"] = leer_poblacion(texto, Rasgo(datos["rasgo"]))
            except ValidationError as error:
                self.add_error(campo, error)
        return datos

    def _leer(self, archivo) -> str:
        if archivo.size > MAXIMO_TABLA:
            self.add_error("archivo", _("El archivo es demasiado grande para una tabla de población."))
            return ""
        contenido = archivo.read()
        for codificacion in ("utf-8-sig", "cp1252"):
            try:
                return contenido.decode(codificacion).replace("\x00", "")
            except UnicodeDecodeError:
                continue
        self.add_error("archivo", _("No se pudo leer el archivo: guárdelo como CSV UTF-8."))
        return ""


class MedidaForm(forms.ModelForm):
    """Una cifra de una pregunta. Las opciones se ofrecen sólo si la pregunta las tiene."""

    casillas = forms.MultipleChoiceField(
        label=_("Opciones que cuentan"), required=False, widget=forms.CheckboxSelectMultiple
    )
    nombre = LineaField(label=_("Nombre"), max_length=120, help_text=_("«Satisfacción con el espacio público»."))
    unidad = LineaField(
        label=_("Unidad"), max_length=40, required=False, help_text=_("Vacía: «%», o «puntos» si es media o NPS.")
    )

    class Meta:
        model = MedidaEncuesta
        fields = ["nombre", "calculo", "casillas", "unidad", "linea_base", "meta", "direccion"]

    def __init__(self, *args, vista, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["casillas"].choices = [(casilla.clave, casilla.texto) for casilla in vista.casillas]
        de_escala = {CalculoMedida.FAVORABLES, CalculoMedida.MEDIA} | ({CalculoMedida.NPS} if vista.es_nps else set())
        if not vista.escala:
            de_escala = set()
        permitidos = [(c.value, c.label) for c in CalculoMedida if c == CalculoMedida.OPCIONES or c in de_escala]
        self.fields["calculo"].choices = permitidos
