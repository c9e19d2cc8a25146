from wagtail.models import Page


class VaciaPage(Page):
    """Lo menos que cuesta una página de Wagtail: su plantilla es sólo un título."""

    template = "pagina_vacia/vacia.html"
