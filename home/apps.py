from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = "Sitio"

    def ready(self):
        from django.db.models.signals import post_delete, post_save
        from wagtail.models import Page, PageViewRestriction, Site
        from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

        from .marco import renovar
        from .models import Documento, Imagen

        # Todo lo que cambia lo que se ve en el marco o en un cuerpo ya dibujado.
        for senal in (page_published, page_unpublished, page_slug_changed, post_page_move):
            senal.connect(renovar, dispatch_uid="marco_renovar")
        for modelo in (PageViewRestriction, Site, Documento, Imagen):
            post_save.connect(renovar, sender=modelo, dispatch_uid=f"marco_{modelo.__name__}_guardado")
            post_delete.connect(renovar, sender=modelo, dispatch_uid=f"marco_{modelo.__name__}_borrado")
        # La baja de cualquier página, sea cual sea su tipo, borra también su fila de `Page`.
        post_delete.connect(renovar, sender=Page, dispatch_uid="marco_pagina_borrada")
