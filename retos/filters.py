import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from cuentas.enums import TipoActor
from home.texto import limpiar_linea

from .enums import EstadoPropuesta
from .models import Propuesta

TODAS = "todas"
ESTADOS = [
    (EstadoPropuesta.PUBLICADA.value, _("Publicadas")),
    (EstadoPropuesta.RETIRADA.value, _("Retiradas")),
    (TODAS, _("Todas")),
]
ORDENES = [("recientes", _("Más recientes")), ("apoyos", _("Más apoyadas"))]
# La plantilla dibuja el formulario a mano: es lo más caro de la lista después de las tarjetas.
OPCIONES = {"actores": TipoActor.choices, "estados": ESTADOS, "ordenes": ORDENES}


class PropuestaFilter(django_filters.FilterSet):
    """Cómo se busca entre las propuestas de un reto. Sólo da las públicas: `estado` siempre se filtra."""

    q = django_filters.CharFilter(label=_("Palabras"), method="filtrar_palabras", max_length=100)
    actor = django_filters.MultipleChoiceFilter(
        label=_("Quién propone"), method="filtrar_actor", choices=TipoActor.choices, widget=forms.CheckboxSelectMultiple
    )
    estado = django_filters.ChoiceFilter(
        label=_("Estado"),
        method="filtrar_estado",
        choices=ESTADOS,
        empty_label=None,
    )
    orden = django_filters.ChoiceFilter(
        label=_("Orden"),
        method="ordenar",
        choices=ORDENES,
        empty_label=None,
    )

    class Meta:
        model = Propuesta
        fields: list[str] = []

    def __init__(self, data=None, *args, conteos_visibles: bool, **kwargs):
        datos = data.copy() if data is not None else {}
        datos["estado"] = datos.get("estado") or EstadoPropuesta.PUBLICADA.value
        datos["orden"] = datos.get("orden") or "recientes"
        super().__init__(datos, *args, **kwargs)
        if not conteos_visibles:
            orden = self.form.fields["orden"]
            orden.choices = ORDENES[:1]
            orden.error_messages["invalid_choice"] = _(
                "En este reto no se dice cuántos apoyos lleva cada propuesta hasta que se cierren: no se puede ordenar por ellos."
            )

    def filtrar_palabras(self, consulta, _nombre, valor):
        return consulta.con_palabras(limpiar_linea(valor))

    def filtrar_actor(self, consulta, _nombre, valores):
        return consulta.filter(actor_tipo__in=valores, anonima=False)

    def filtrar_estado(self, consulta, _nombre, valor):
        # Las publicadas, solas: contarlas así es leer un índice; con el resto de las públicas, cada fila.
        if valor == EstadoPropuesta.PUBLICADA:
            return consulta.publicadas()
        consulta = consulta.publicas()
        return consulta if valor == TODAS else consulta.filter(estado=valor)

    def ordenar(self, consulta, _nombre, valor):
        return consulta.mas_apoyadas() if valor == "apoyos" else consulta.recientes()
