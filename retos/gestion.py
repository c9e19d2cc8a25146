"""Lo común de las pantallas con que el personal lleva un reto, en el administrador."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Site

from participacion.ejercicios.enums import TipoEjercicio
from participacion.ejercicios.models import Ejercicio

from .rules import gestiona, propone


@dataclass(frozen=True)
class Enlace:
    """Una pantalla de gestión de un reto. `url`: nombre de una dirección que recibe el `pk` del ejercicio.

    `pendientes(ejercicio)`: cuánto espera allí al personal; None si no se cuenta.
    """

    etiqueta: str
    url: str
    orden: int
    mostrar: Callable[[Ejercicio], bool] = lambda ejercicio: True
    pendientes: Callable[[Ejercicio], int] | None = None


ENLACES: list[Enlace] = []


def declarar(enlace: Enlace) -> None:
    """Cada parte pone sus pantallas al arrancar."""
    ENLACES.append(enlace)
    ENLACES.sort(key=lambda enlace: enlace.orden)


class GestionRetoMixin(WagtailAdminTemplateMixin):
    """Sólo entra quien gestiona retos en el sitio; los de otro sitio no existen para él. Da `self.ejercicio`."""

    page_title = _("Programa de retos")
    header_icon = "help"
    titulo_propio = ""

    def dispatch(self, request, *args, **kwargs):
        self.sitio = Site.find_for_request(request)
        if not gestiona(request.user, self.sitio):
            raise PermissionDenied
        # Nadie decide lo suyo (Ley 1437 de 2011, art. 11): lo lleva otra persona.
        if "pk" in self.kwargs and propone(request.user, self.ejercicio):
            messages.error(request, _("Usted tiene una propuesta en «%(reto)s»: lo lleva otra persona.") % {"reto": self.ejercicio.titulo})
            return redirect("retos_convocatoria:lista")
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def ejercicio(self) -> Ejercicio:
        retos = Ejercicio.objects.select_related("sitio").filter(tipo=TipoEjercicio.RETO)
        return get_object_or_404(retos, pk=self.kwargs["pk"], sitio=self.sitio)

    def get_page_subtitle(self):
        return self.titulo_propio

    def get_breadcrumbs_items(self):
        migas = [*self.breadcrumbs_items, {"url": reverse("retos_convocatoria:lista"), "label": self.page_title}]
        if "pk" in self.kwargs:
            propia = reverse("retos_convocatoria:reto", args=[self.ejercicio.pk])
            migas.append({"url": propia, "label": self.ejercicio.titulo})
        return [*migas, {"url": "", "label": self.titulo_propio}] if self.titulo_propio else migas

    def get_context_data(self, **kwargs):
        contexto = super().get_context_data(**kwargs)
        if "pk" in self.kwargs:
            contexto |= {"ejercicio": self.ejercicio, "enlaces": [e for e in ENLACES if e.mostrar(self.ejercicio)]}
        return contexto
