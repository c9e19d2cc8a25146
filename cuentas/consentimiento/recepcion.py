"""Publicar la página de la política estrena versión."""

from wagtail.signals import page_published

from ..models import PoliticaPage
from . import actions


def al_publicar(sender, instance, **kwargs):
    # Wagtail avisa «publicada» también al programarla: entonces aún no rige.
    if instance.live:
        actions.publicar_version(pagina=instance)


def conectar():
    page_published.connect(al_publicar, sender=PoliticaPage, dispatch_uid="cuentas_politica_publicada")
