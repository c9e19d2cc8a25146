from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from .models import Ejercicio, EjercicioPage


def paginas_en_uso(paginas) -> list[Page]:
    """De estas páginas y sus descendientes, las que tienen un ejercicio en uso."""
    por_clave = {}
    for pagina in paginas:
        for hija in Page.objects.descendant_of(pagina, inclusive=True):
            por_clave.setdefault(hija.translation_key, hija)
    return [
        por_clave[ejercicio.translation_key]
        for ejercicio in Ejercicio.objects.filter(translation_key__in=por_clave)
        if ejercicio.en_uso()
    ]


def rechazar_borrado(request, paginas):
    """Si alguna página está en uso, lo explica, ofrece despublicarla y devuelve a dónde ir; si no, None."""
    en_uso = paginas_en_uso(paginas)
    if not en_uso:
        return None
    messages.error(
        request,
        _(
            "No se puede borrar: %(paginas)s tiene participación registrada y esa constancia debe permanecer. "
            "Puede despublicarla: dejará de verse y de recibir aportes."
        )
        % {"paginas": ", ".join(f"«{pagina.title}»" for pagina in en_uso)},
        buttons=[
            messages.button(
                reverse("wagtailadmin_pages:unpublish", args=[pagina.pk]),
                _("Despublicar «%(titulo)s»") % {"titulo": pagina.title},
            )
            for pagina in en_uso[:5]
            if pagina.live
        ],
    )
    return redirect("wagtailadmin_explore", en_uso[0].get_parent().pk)


@hooks.register("before_delete_page")
def antes_de_borrar_pagina(request, page):
    return rechazar_borrado(request, [page])


@hooks.register("before_copy_page")
def antes_de_copiar(request, page):
    """Una copia es otro ejercicio; un alias sería el mismo en dos direcciones, y sólo una recibe."""
    if request.method != "POST" or "alias" not in request.POST:
        return None
    if not any(issubclass(p.specific_class, EjercicioPage) for p in Page.objects.descendant_of(page, inclusive=True)):
        return None
    messages.error(request, _("No se puede repetir en otro lugar lo que recibe participación: ponga allí un enlace a «%(titulo)s».") % {"titulo": page.title})
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_bulk_action")
def antes_de_borrar_varias(request, action_type, objects, action_class_instance):
    if action_type == "delete" and objects and isinstance(objects[0], Page):
        return rechazar_borrado(request, objects)
    return None
