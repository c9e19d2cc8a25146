from datetime import date, datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.forms import LineaField, ParrafosField

from ..models import Criterio, Evaluacion, Requisito
from .actions.calificacion import campo_de

COMENTARIO_MAXIMO = 4000
# Hasta cuántos niveles se muestran como botones; con más, se escribe el número.
NIVELES_EN_BOTONES = 11
PLAZO_PARA_COMPLETAR = timedelta(days=5)
PENULTIMO_DIA = date.max - timedelta(days=1)


def poner_errores(formulario: forms.Form, error: ValidationError) -> None:
    """Los errores de una acción, cada uno junto a su campo; los de un campo que no está aquí, arriba."""
    if not hasattr(error, "error_dict"):
        formulario.add_error(None, error)
        return
    for campo, errores in error.error_dict.items():
        formulario.add_error(campo if campo in formulario.fields else None, errores)


class MotivoForm(forms.Form):
    motivo = ParrafosField(
        label=gettext_lazy("Motivo"), max_length=COMENTARIO_MAXIMO, widget=forms.Textarea(attrs={"rows": 4})
    )


# --- Revisión de requisitos ---------------------------------------------------------------------------


class RevisionForm(forms.Form):
    """Un sí o un no por requisito, y qué hacer con la propuesta. Lo obligatorio depende del botón: lo dice la acción."""

    RESPUESTAS = [("", gettext_lazy("Sin revisar")), ("si", gettext_lazy("Cumple")), ("no", gettext_lazy("No cumple"))]

    motivo = ParrafosField(
        label=gettext_lazy("Motivo para no admitirla"),
        help_text=gettext_lazy("Lo lee quien la propuso, y queda público. Sin datos de otras personas."),
        required=False,
        max_length=COMENTARIO_MAXIMO,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    campos = forms.MultipleChoiceField(
        label=gettext_lazy("Qué puede cambiar"), required=False, widget=forms.CheckboxSelectMultiple
    )
    mensaje = ParrafosField(
        label=gettext_lazy("Qué se le pide"),
        help_text=gettext_lazy("Le llega por correo. Diga con exactitud qué falta."),
        required=False,
        max_length=COMENTARIO_MAXIMO,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    vence_en = forms.DateField(
        label=gettext_lazy("Plazo para completarla"),
        help_text=gettext_lazy("Hasta el final de ese día, hora de Colombia."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, requisitos: list[Requisito], reabribles, cumplimientos, **kwargs):
        super().__init__(*args, **kwargs)
        self.requisitos = requisitos
        self.fields["campos"].choices = reabribles
        self.fields["vence_en"].initial = timezone.localdate() + PLAZO_PARA_COMPLETAR
        for requisito in requisitos:
            dicho = cumplimientos.get(requisito.pk)
            self.fields[f"cumple-{requisito.pk}"] = forms.ChoiceField(
                label=requisito.texto,
                choices=self.RESPUESTAS,
                required=False,
                widget=forms.RadioSelect,
                help_text=_("Se puede pedir que lo complete.") if requisito.subsanable else _("No se subsana."),
                initial="" if dicho is None else "si" if dicho.cumple else "no",
            )
            self.fields[f"nota-{requisito.pk}"] = LineaField(
                label=_("Nota interna"), required=False, max_length=300, initial=dicho.nota if dicho else ""
            )

    @property
    def por_requisito(self):
        return [(self[f"cumple-{r.pk}"], self[f"nota-{r.pk}"]) for r in self.requisitos]

    @property
    def revision(self) -> dict:
        datos, valores = self.cleaned_data, {"si": True, "no": False}
        return {r.pk: (valores.get(datos[f"cumple-{r.pk}"]), datos[f"nota-{r.pk}"]) for r in self.requisitos}

    def clean_vence_en(self) -> datetime | None:
        """El primer instante en que ya no se puede: la medianoche con que termina ese día."""
        if dia := self.cleaned_data["vence_en"]:
            siguiente = min(dia, PENULTIMO_DIA) + timedelta(days=1)  # el último no tiene día siguiente
            return datetime.combine(siguiente, time(), timezone.get_default_timezone())
        return None


# --- El jurado ----------------------------------------------------------------------------------------------


class TopeForm(forms.Form):
    tope = forms.IntegerField(
        label=gettext_lazy("Máximo de propuestas"),
        help_text=gettext_lazy("Vacío: las que hagan falta."),
        required=False,
        min_value=1,
        max_value=1000,
    )


class InvitarForm(TopeForm):
    """`usar_cuenta` aparece sólo cuando el correo ya tiene cuenta."""

    correo = forms.EmailField(
        label=gettext_lazy("Correo electrónico"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    nombre = LineaField(label=gettext_lazy("Nombres"), max_length=150)
    apellido = LineaField(label=gettext_lazy("Apellidos"), max_length=150)
    usar_cuenta = forms.BooleanField(
        label=gettext_lazy("Invitar a la cuenta que ya existe"),
        help_text=gettext_lazy("Revise que el correo esté bien escrito. La cuenta conserva su nombre y su contraseña."),
        required=False,
    )
    field_order = ["correo", "nombre", "apellido", "tope", "usar_cuenta"]

    @property
    def cuenta_existe(self) -> bool:
        return self.has_error("correo", "existe") or bool(self.is_bound and self.cleaned_data.get("usar_cuenta"))


class PropuestaField(forms.ModelChoiceField):
    def label_from_instance(self, propuesta):
        return f"{propuesta.referencia} · {propuesta.titulo}"


class ImpedimentoForm(MotivoForm):
    propuesta = PropuestaField(label=gettext_lazy("Propuesta"), queryset=None)
    field_order = ["propuesta", "motivo"]

    def __init__(self, *args, propuestas, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["propuesta"].queryset = propuestas


class RepartirForm(forms.Form):
    semilla = forms.IntegerField(
        label=gettext_lazy("Semilla"),
        help_text=gettext_lazy("Con la misma semilla y los mismos datos sale el mismo reparto. Queda en el historial."),
        min_value=0,
        max_value=999_999,
    )


class DeliberacionForm(forms.Form):
    fecha = forms.DateField(
        label=gettext_lazy("Fecha"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    asistentes = ParrafosField(
        label=gettext_lazy("Asistentes"), max_length=COMENTARIO_MAXIMO, widget=forms.Textarea(attrs={"rows": 3})
    )
    texto = ParrafosField(label=gettext_lazy("Lo deliberado"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 10}))


# --- Calificar -------------------------------------------------------------------------------------------------


class CalificarForm(forms.Form):
    """Un campo por criterio, con su escala, y los dos comentarios. Un borrador admite criterios en blanco."""

    comentario_proponente = ParrafosField(
        label=gettext_lazy("Comentario para quien propone"),
        help_text=gettext_lazy("Lo leerá, sin el nombre de usted, cuando se publique la decisión."),
        required=False,
        max_length=COMENTARIO_MAXIMO,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    comentario_comite = ParrafosField(
        label=gettext_lazy("Comentario para el comité"),
        help_text=gettext_lazy("Sólo lo lee quien gestiona el reto."),
        required=False,
        max_length=COMENTARIO_MAXIMO,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args, criterios: list[Criterio], evaluacion: Evaluacion, valores: dict[int, int], **kwargs):
        inicial = {
            "comentario_proponente": evaluacion.comentario_proponente,
            "comentario_comite": evaluacion.comentario_comite,
            **{campo_de(c): valores.get(c.pk) for c in criterios},
        }
        super().__init__(*args, initial=inicial, **kwargs)
        self.criterios = criterios
        for criterio in criterios:
            self.fields[campo_de(criterio)] = self._campo(criterio)

    def _campo(self, criterio: Criterio) -> forms.Field:
        opciones = {
            "label": _("%(nombre)s · pesa %(peso)s %%") % {"nombre": criterio.nombre, "peso": criterio.peso},
            "help_text": criterio.descripcion,
            "required": False,
            "min_value": criterio.minimo,
            "max_value": criterio.maximo,
        }
        fuera = _("Elija un valor entre %(minimo)s y %(maximo)s.") % {"minimo": criterio.minimo, "maximo": criterio.maximo}
        mensajes = {"min_value": fuera, "max_value": fuera, "invalid": fuera}
        niveles = range(criterio.minimo, criterio.maximo + 1)
        if len(niveles) > NIVELES_EN_BOTONES:
            return forms.IntegerField(**opciones, error_messages=mensajes)
        guias = {valor: texto for valor, texto in criterio.guias}
        botones = [(n, f"{n} · {guias[n]}" if n in guias else str(n)) for n in niveles]
        return forms.IntegerField(**opciones, error_messages=mensajes, widget=forms.RadioSelect(choices=botones))

    @property
    def por_criterio(self):
        return [(criterio, self[campo_de(criterio)]) for criterio in self.criterios]

    @property
    def valores(self) -> dict[int, int]:
        """Lo calificado, por criterio; sin los que siguen en blanco."""
        datos = self.cleaned_data
        return {c.pk: datos[campo_de(c)] for c in self.criterios if datos[campo_de(c)] is not None}

    def para_guardar(self) -> dict:
        """Los argumentos de `guardar_evaluacion` que vienen de la persona."""
        comentarios = {campo: self.cleaned_data[campo] for campo in ("comentario_proponente", "comentario_comite")}
        return {"valores": self.valores, **comentarios}
