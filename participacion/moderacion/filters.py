from urllib.parse import urlencode

import django_filters
from django.utils.translation import gettext_lazy as _

from cuentas.enums import TipoActor
from home.texto import limpiar_linea
from participacion.ejercicios.models import Ejercicio

from .models import Entrada


class EntradaFilter(django_filters.FilterSet):
    """Cómo se busca en la cola. `queryset`: lo que la cuenta modera."""

    ejercicio = django_filters.ModelChoiceFilter(
        label=_("Ejercicio"), queryset=Ejercicio.objects.none(), empty_label=_("Todos")
    )
    remitente = django_filters.ChoiceFilter(label=_("Quién envía"), choices=TipoActor, empty_label=_("Todos"))
    texto = django_filters.CharFilter(label=_("Palabras del título"), method="filtrar_texto", max_length=100)

    class Meta:
        model = Entrada
        fields: list[str] = []

    def __init__(self, data, queryset):
        super().__init__(data, queryset)
        self.filters["ejercicio"].queryset = Ejercicio.objects.filter(
            pk__in=queryset.order_by().values("ejercicio")
        ).order_by("titulo")

    def filtrar_texto(self, consulta, _nombre, valor):
        for palabra in limpiar_linea(valor).split():
            consulta = consulta.filter(titulo__icontains=palabra)
        return consulta

    @property
    def direccion(self) -> str:
        """Lo buscado, para llevarlo a la página siguiente: «?texto=parque». Lo que no era válido se pierde."""
        validos = [campo for campo in self.form.fields if self.form.is_valid() or campo not in self.form.errors]
        buscado = {campo: self.data[campo] for campo in validos if self.data.get(campo)}
        return f"?{urlencode(buscado)}" if buscado else ""
