"""Lo que Wagtail avisa de las páginas de ejercicio: publicar, despublicar y borrar."""

from django.db.models import ProtectedError
from django.db.models.signals import post_delete, pre_delete
from django.utils.translation import gettext as _
from wagtail.admin.api.actions import publish as por_la_api
from wagtail.admin.views.pages import edit as por_el_editor
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from . import actions
from .models import Ejercicio, EjercicioPage


def al_publicar(sender, instance, **kwargs):
    # Wagtail avisa «publicada» también al programarla: entonces aún no está a la vista y nada cambia. Un alias repite una
    # página que ya tiene su ejercicio.
    if isinstance(instance, EjercicioPage) and instance.live and not _es_alias(instance):
        actions.publicar_ejercicio(pagina=instance)


def _es_alias(pagina) -> bool:
    """En su mismo idioma: los que wagtail-localize pone en otro comparten la llave de la original."""
    return pagina.alias_of_id is not None and pagina.alias_of.translation_key != pagina.translation_key


def al_despublicar(sender, instance, **kwargs):
    if isinstance(instance, EjercicioPage):
        actions.retirar_ejercicio(pagina=instance)


def antes_de_borrar(sender, instance, **kwargs):
    """La última barrera: ni un comando ni un borrado en cascada quitan la página de un ejercicio en uso."""
    if isinstance(instance, EjercicioPage):
        en_uso = [e for e in Ejercicio.objects.filter(translation_key=instance.translation_key) if e.en_uso()]
        if en_uso:
            raise ProtectedError(_("La página tiene participación registrada; despublíquela."), set(en_uso))


def al_borrar(sender, instance, **kwargs):
    """Sin páginas y sin filas, el ejercicio no describe nada."""
    if (
        isinstance(instance, EjercicioPage)
        and not Page.objects.filter(translation_key=instance.translation_key).exclude(pk=instance.pk).exists()
    ):
        Ejercicio.objects.filter(translation_key=instance.translation_key).delete()


class PublicarConLaPagina:
    """Lo que el editor y la API de Wagtail hacen con `PublishPageRevisionAction`, pero por `Page.publish`.

    Ellos se lo saltan, y allí están el candado, lo que ya no cambia y lo que se anota: una prórroga, por ejemplo.
    """

    def __init__(self, revision, **opciones):
        self.revision, self.opciones = revision, opciones

    def execute(self, skip_permission_checks=False):
        return self.revision.publish(**self.opciones, skip_permission_checks=skip_permission_checks)


def conectar():
    for puerta in (por_el_editor, por_la_api):
        puerta.PublishPageRevisionAction = PublicarConLaPagina
    page_published.connect(al_publicar, dispatch_uid="ejercicios_al_publicar")
    page_unpublished.connect(al_despublicar, dispatch_uid="ejercicios_al_despublicar")
    pre_delete.connect(antes_de_borrar, dispatch_uid="ejercicios_antes_de_borrar")
    post_delete.connect(al_borrar, dispatch_uid="ejercicios_al_borrar")
