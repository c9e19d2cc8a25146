import re
from decimal import Decimal

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.archivos import ACEPTADOS, ATRIBUTO_ACCEPT, detectar
from home.forms import LineaField, ParrafosField

from ..models import HitoPlan, Implementacion
from .enums import Beneficio, ProblemaResuelto, TipoAlianza
from .pesos import con_puntos

LARGO = 5000


class PesosField(forms.DecimalField):
    """Un valor en pesos, como se escribe en Colombia: 6.000.000, 6'000.000, $ 6.000.000,50. También 6000000.00 y 6,000,000."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    _DE_MILES = (re.compile(r"[1-9]\d{0,2}(\.\d{3})+(,\d{1,2})?"), re.compile(r"\d+(,\d{1,2})?"))

    def __init__(self, **opciones):
        super().__init__(required=False, min_value=0, max_digits=15, decimal_places=2, **opciones)

    def to_python(self, value):
        if isinstance(value, str):
            value = re.sub(r"[\s$]|COP", "", value.upper())
            value = re.sub("['’´]", ".", value)
            if any(forma.fullmatch(value) for forma in self._DE_MILES):
                value = value.replace(".", "").replace(",", ".")
            elif re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+(\.\d{1,2})?", value):
                value = value.replace(",", "")
        return super().to_python(value)

    def prepare_value(self, value):
        """Lo guardado, con puntos de miles; lo que alguien escribió, tal cual."""
        return con_puntos(value) if isinstance(value, Decimal) else value


class PlanForm(forms.Form):
    responsable = LineaField(label=gettext_lazy("Responsable en la entidad"), max_length=200)
    presupuesto = PesosField(
        label=gettext_lazy("Presupuesto (COP)"), help_text=gettext_lazy("Por ejemplo: 6.000.000. Los hitos no pasan de él. Vacío: sin techo.")
    )

    @classmethod
    def de(cls, plan: Implementacion | None):
        return cls(initial={"responsable": plan.responsable, "presupuesto": plan.presupuesto} if plan else {})


class HitoForm(forms.Form):
    nombre = LineaField(label=gettext_lazy("Hito"), max_length=200, help_text=gettext_lazy("Un paso que se pueda dar por cumplido."))
    responsable = LineaField(label=gettext_lazy("Responsable"), max_length=200)
    inicia = forms.DateField(label=gettext_lazy("Inicia"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    vence = forms.DateField(label=gettext_lazy("Vence"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    presupuesto = PesosField(label=gettext_lazy("Presupuesto (COP)"), help_text=gettext_lazy("Por ejemplo: 1.500.000."))

    @classmethod
    def de(cls, hito: HitoPlan | None, plan: Implementacion):
        campos = ("nombre", "responsable", "inicia", "vence", "presupuesto")
        return cls(initial={c: getattr(hito, c) for c in campos} if hito else {"responsable": plan.responsable})


class MotivoForm(forms.Form):
    motivo = ParrafosField(
        label=gettext_lazy("Motivo"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Se publica."),
    )  # fmt: skip


class NotaForm(forms.Form):
    """Una novedad de la línea de tiempo, con su evidencia."""

    titulo = LineaField(label=gettext_lazy("Título"), max_length=200)
    texto = ParrafosField(
        label=gettext_lazy("Qué pasó"), required=False, max_length=LARGO, widget=forms.Textarea(attrs={"rows": 4})
    )
    archivo = forms.FileField(
        label=gettext_lazy("Evidencia"), required=False, max_length=200, widget=forms.FileInput(attrs={"accept": ATRIBUTO_ACCEPT})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Aquí y no en el campo: `%` fija el idioma en el momento en que se ejecuta.
        self.fields["archivo"].help_text = _("Es pública. Uno, hasta 10 MB. Se reciben: %(tipos)s.") % {"tipos": ACEPTADOS}

    def clean_archivo(self):
        archivo = self.cleaned_data["archivo"]
        if archivo:
            if archivo.size > settings.ADJUNTO_MAXIMO:
                raise forms.ValidationError(_("El archivo pasa de 10 MB. Redúzcalo o divídalo."), code="tamano")
            detectar(archivo)
        return archivo

    def archivos(self) -> list:
        return [self.cleaned_data["archivo"]] if self.cleaned_data["archivo"] else []


class AvanceForm(NotaForm):
    avance = forms.IntegerField(label=gettext_lazy("Avance (%)"), min_value=0, max_value=100)
    field_order = ["avance", "texto", "archivo"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["titulo"]


class LogroForm(forms.Form):
    """El prototipo y lo que se logró: lo que FURAG pregunta de la innovación abierta (GDI204 a GDI207)."""

    prototipo = ParrafosField(
        label=gettext_lazy("Prototipo o desarrollo"), required=False, max_length=LARGO, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Qué se probó, con quién y qué se aprendió."),
    )  # fmt: skip
    prototipo_enlace = forms.URLField(
        label=gettext_lazy("Dónde se ve el prototipo"), required=False, assume_scheme="https", max_length=200
    )
    beneficiarios = forms.IntegerField(
        label=gettext_lazy("Personas beneficiadas"), required=False, min_value=0, max_value=2_000_000_000
    )
    problema_resuelto = forms.ChoiceField(
        label=gettext_lazy("¿Resolvió el problema?"), required=False, widget=forms.RadioSelect,
        choices=[("", gettext_lazy("Todavía no se sabe")), *ProblemaResuelto.choices],
    )  # fmt: skip
    explicacion = ParrafosField(
        label=gettext_lazy("Qué se logró y cómo se sabe"), required=False, max_length=LARGO, widget=forms.Textarea(attrs={"rows": 4})
    )
    beneficios = forms.MultipleChoiceField(
        label=gettext_lazy("Qué permitió la participación"), required=False, choices=Beneficio, widget=forms.CheckboxSelectMultiple
    )

    @classmethod
    def de(cls, plan: Implementacion):
        return cls(initial={campo: getattr(plan, campo) for campo in cls.base_fields})


class AlianzaForm(forms.Form):
    """Una alianza: con quién, para qué (GDI208) y qué se ganó (GDI209)."""

    # Ninguno es obligatorio en una fila vacía, y el asterisco diría que sí.
    con = LineaField(label=gettext_lazy("Con quién"), required=False, max_length=200)
    # Con la primera de partida, una fila que nadie tocó cuenta como vacía.
    tipo = forms.TypedChoiceField(
        label=gettext_lazy("Para qué"), required=False, choices=TipoAlianza, initial=TipoAlianza.RETOS, empty_value=TipoAlianza.RETOS
    )
    beneficio = LineaField(label=gettext_lazy("Qué se ganó"), required=False, max_length=300)

    def clean_con(self):
        """Aquí no llega una fila que nadie tocó."""
        if not self.cleaned_data["con"]:
            raise forms.ValidationError(_("Escriba con quién fue la alianza."), code="required")
        return self.cleaned_data["con"]


AlianzasFormSet = forms.formset_factory(
    AlianzaForm, extra=2, max_num=12, validate_max=True, can_delete=True, can_delete_extra=False
)


class CierreForm(forms.Form):
    conclusiones = ParrafosField(
        label=gettext_lazy("Conclusiones"), max_length=LARGO, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Qué se logró, qué se aprendió, qué sigue. Se publican."),
    )  # fmt: skip
    excepcion = ParrafosField(
        label=gettext_lazy("Por qué se cierra con propuestas sin respuesta"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}), help_text=gettext_lazy("Sólo si las hay. Se publica y queda en el historial."),
    )  # fmt: skip
