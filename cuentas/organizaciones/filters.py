import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from home.texto import limpiar_linea

from ..enums import TIPOS_ORGANIZACION
from ..models import Organizacion


class OrganizacionFilter(django_filters.FilterSet):
    """Cómo se busca una organización en el administrador."""

    texto = django_filters.CharFilter(label=_("Nombre o NIT"), method="filtrar_texto", max_length=100)
    tipo = django_filters.ChoiceFilter(label=_("Tipo"), choices=TIPOS_ORGANIZACION, empty_label=_("Todos"))

    class Meta:
        model = Organizacion
        fields: list[str] = []

    def filtrar_texto(self, consulta, _nombre, valor):
        valor = limpiar_linea(valor)
        cifras = valor.replace(".", "").replace("-", "").replace(" ", "")
        coincide = Q(nombre__icontains=valor)
        return consulta.filter(coincide | Q(nit__startswith=cifras) if cifras.isdigit() else coincide)
