from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participacion.ejercicios.models import Ejercicio

from .consultas import Periodo

# Lo importado puede ser anterior a la plataforma; más allá, la fecha es un error de dedo.
PRIMER_ANIO, ULTIMO_ANIO = 2000, 2100


def hoy() -> date:
    return timezone.localdate(timezone=timezone.get_default_timezone())


def _mes(dia: date) -> Periodo:
    primero = dia.replace(day=1)
    siguiente = (primero + timedelta(days=31)).replace(day=1)
    return Periodo(primero, siguiente - timedelta(days=1))


def _anio(anio: int) -> Periodo:
    return Periodo(date(anio, 1, 1), date(anio, 12, 31))


def periodos(dia: date) -> list[tuple[str, Periodo]]:
    """Los periodos de uso diario, para elegirlos con un enlace. El primero es el que se muestra al entrar."""
    return [
        (_("Este año"), _anio(dia.year)),
        (_("Año anterior"), _anio(dia.year - 1)),
        (_("Este mes"), _mes(dia)),
        (_("Mes anterior"), _mes(dia.replace(day=1) - timedelta(days=1))),
    ]


class DiaField(forms.DateField):
    def __init__(self, **opciones):
        formato = "%Y-%m-%d"
        super().__init__(
            input_formats=[formato],
            widget=forms.DateInput(format=formato, attrs={"type": "date"}),
            error_messages={
                "required": _("Escriba la fecha."),
                "invalid": _("Escriba una fecha que exista, como 2026-03-31."),
            },
            **opciones,
        )

    def validate(self, value):
        super().validate(value)
        if not PRIMER_ANIO <= value.year <= ULTIMO_ANIO:
            raise forms.ValidationError(
                _("El año debe estar entre %(primero)s y %(ultimo)s."),
                params={"primero": PRIMER_ANIO, "ultimo": ULTIMO_ANIO},
            )


class FiltroForm(forms.Form):
    """Qué se mide: los días, los dos incluidos, y un ejercicio o todos los del sitio."""

    desde = DiaField(label=_("Desde"))
    hasta = DiaField(label=_("Hasta (ese día incluido)"))
    ejercicio = forms.ModelChoiceField(
        label=_("Ejercicio"),
        queryset=Ejercicio.objects.none(),
        required=False,
        empty_label=_("Todos"),
        error_messages={"invalid_choice": _("Ese ejercicio no es de este sitio.")},
    )

    def __init__(self, datos, *, sitio):
        inicial = periodos(hoy())[0][1]
        super().__init__({"desde": inicial.desde, "hasta": inicial.hasta, **datos.dict()})
        self.fields["ejercicio"].queryset = Ejercicio.objects.filter(sitio=sitio).order_by("titulo", "pk")

    def clean(self):
        limpios = super().clean()
        desde, hasta = limpios.get("desde"), limpios.get("hasta")
        if desde and hasta and hasta < desde:
            self.add_error("hasta", _("Debe ser el mismo día que «Desde» o uno posterior."))
        return limpios

    @property
    def periodo(self) -> Periodo:
        return Periodo(self.cleaned_data["desde"], self.cleaned_data["hasta"])
