from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.forms import ParrafosField

from ..models import DecisionReto, Deliberacion
from ..models.decision import FALLOS
from .actions import Fallado
from .enums import TipoDecision

LARGO = 5000
PUESTO_MAXIMO = 9999


class DecisionForm(forms.Form):
    """Lo común de una decisión: qué se decide, por qué, y la respuesta de las que no tengan una propia."""

    tipo = forms.ChoiceField(label=gettext_lazy("Decisión"), choices=TipoDecision, widget=forms.RadioSelect)
    motivos = ParrafosField(
        label=gettext_lazy("Motivos"),
        max_length=LARGO,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Se publican con la decisión. Si se declara desierto, por qué ninguna propuesta cumple."),
    )
    actas = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Actas de deliberación que se publican"),
        queryset=Deliberacion.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Traen los nombres de quienes asistieron."),
    )

    def __init__(self, *args, decision: DecisionReto, anterior: DecisionReto | None = None, **kwargs):
        # Sin textos propios, se empieza por los del reto que se decidió antes.
        textos = decision.textos or (anterior.textos if anterior else {})
        inicial = {"tipo": decision.tipo, "motivos": decision.motivos, "actas": list(decision.actas.all()) if decision.pk else []}
        super().__init__(*args, initial=inicial, **kwargs)
        self.fields["actas"].queryset = Deliberacion.objects.filter(ejercicio=decision.ejercicio_id)
        self.fields["actas"].label_from_instance = lambda acta: _("Acta del %(fecha)s") % {"fecha": acta.fecha.strftime("%d/%m/%Y")}
        if not self.fields["actas"].queryset.exists():
            del self.fields["actas"]
        for resultado in FALLOS:
            self.fields[resultado.value] = ParrafosField(
                label=_("Respuesta común: %(resultado)s") % {"resultado": resultado.label},
                max_length=LARGO,
                required=False,
                initial=textos.get(resultado.value, ""),
                widget=forms.Textarea(attrs={"rows": 4}),
                help_text=_("Con motivos. {titulo} y {referencia} se cambian por los de cada propuesta."),
            )

    def textos(self) -> dict[str, str]:
        return {resultado.value: self.cleaned_data[resultado.value] for resultado in FALLOS}


class FalloForm(forms.Form):
    """Lo que se decide de una propuesta. El puesto y si se repite lo comprueba la acción."""

    resultado = forms.ChoiceField(
        label=gettext_lazy("Resultado"), choices=[("", gettext_lazy("Por decidir")), *((r.value, r.label) for r in FALLOS)], required=False
    )
    puesto = forms.IntegerField(
        label=gettext_lazy("Puesto en el banco"), required=False, min_value=1, max_value=PUESTO_MAXIMO
    )
    respuesta = ParrafosField(
        label=gettext_lazy("Respuesta"),
        required=False,
        max_length=LARGO,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Vacía: la respuesta común de su resultado."),
    )

    def __init__(self, *args, propuesta, resumen=None, **kwargs):
        self.propuesta, self.resumen = propuesta, resumen
        fallo = getattr(propuesta, "fallo", None)
        inicial = {campo: getattr(fallo, campo) for campo in ("resultado", "puesto", "respuesta")} if fallo else {}
        super().__init__(*args, prefix=f"p{propuesta.pk}", initial=inicial, **kwargs)

    def fallado(self) -> Fallado:
        return Fallado(propuesta_id=self.propuesta.pk, **self.cleaned_data)


class RespuestaForm(forms.Form):
    texto = ParrafosField(
        label=gettext_lazy("Respuesta oficial"),
        max_length=LARGO,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Con motivos. Se publica y se envía por correo a quien propuso."),
    )


class PromoverForm(forms.Form):
    propuesta = forms.ChoiceField(label=gettext_lazy("Propuesta del banco"), widget=forms.RadioSelect)
    respuesta = ParrafosField(
        label=gettext_lazy("Por qué se elige ahora"),
        max_length=LARGO,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Es su nueva respuesta oficial: se publica y se le envía por correo."),
    )
    salto = ParrafosField(
        label=gettext_lazy("Por qué no se sigue el orden del banco"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Sólo si no elige la primera. También se publica."),
    )

    def __init__(self, *args, espera, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["propuesta"].choices = [
            (fallo.propuesta_id, f"{fallo.puesto}. {fallo.propuesta.titulo} ({fallo.propuesta})") for fallo in espera
        ]


