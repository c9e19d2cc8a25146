"""Lo que no es de ningún producto: la puerta del personal, la búsqueda, el mapa, la salud y los errores."""

import re

from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import DatabaseError, connection
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.models import Page

from home.marco import Marco, ajustes_de
from home.texto import limpiar_linea
from participacion.adjuntos import rescate
from participacion.ejercicios.paginas import paginas_de
from retos.models import Propuesta

RESULTADOS_POR_PAGINA = 10
PROPUESTAS_HALLADAS = 10
CONSULTA_MAXIMA = 200


@never_cache
def entrada_personal(request):
    """Lleva al personal a la puerta común, con los mismos límites de intentos.

    Lanza PermissionDenied si quien ya entró no es del personal: mandarlo a entrar otra vez sería un círculo.
    """
    destino = request.GET.get("next", "")
    propio = url_has_allowed_host_and_scheme(destino, {request.get_host()}, require_https=request.is_secure())
    if not (destino.startswith("/") and propio):
        destino = reverse("wagtailadmin_home")
    if request.user.is_authenticated:
        if not request.user.has_perm("wagtailadmin.access_admin"):
            list(get_messages(request))  # se da por leído el de Wagtail: la página 403 dice lo mismo
            raise PermissionDenied
        return HttpResponseRedirect(destino)
    return redirect(f"{reverse('account_login')}?{urlencode({'next': destino})}")


@never_cache
@require_safe
def salud(request):
    """200 si la base de datos contesta; 503 si no. Para quien vigila el servicio."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return HttpResponse("sin base de datos\n", status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse("bien\n", content_type="text/plain; charset=utf-8")


def _paginas_publicas(request):
    raiz = Marco(request).raiz
    return Page.objects.descendant_of(raiz, inclusive=True).live().public()


@require_safe
def buscar(request):
    consulta = limpiar_linea(request.GET.get("q", ""))[:CONSULTA_MAXIMA]
    # Sólo las palabras: comillas y operadores son sintaxis del buscador de SQLite, que falla si no la entiende.
    palabras = " ".join(re.findall(r"\w+", consulta))
    resultados = _paginas_publicas(request).search(palabras) if palabras else []
    pagina = Paginator(resultados, RESULTADOS_POR_PAGINA).get_page(request.GET.get("page"))
    hallazgos = [
        {
            "titulo": p.title,
            "url": p.get_url(request),
            "tipo": p.page_type_display_name,
            "resumen": p.search_description,
        }
        for p in pagina
    ]
    contexto = {"consulta": consulta, "pagina": pagina, "hallazgos": hallazgos}
    if consulta and pagina.number == 1:
        contexto["propuestas"] = _propuestas_halladas(request, consulta)
    return render(request, "plataforma/buscar.html", contexto)


def _propuestas_halladas(request, consulta):
    """Las públicas con esas palabras o ese número, de retos que cualquiera puede ver."""
    publicas = Propuesta.objects.publicas().filter(
        ejercicio__sitio=ajustes_de(request).site, ejercicio__publicado=True
    )
    por_numero = publicas.filter(referencia__iexact=consulta)
    halladas = list(
        (por_numero or publicas.con_palabras(consulta)).select_related("ejercicio").recientes()[:PROPUESTAS_HALLADAS]
    )
    visibles = paginas_de({propuesta.ejercicio for propuesta in halladas})
    return [propuesta for propuesta in halladas if propuesta.ejercicio.translation_key in visibles]


@require_safe
def mapa_sitio(request):
    raices, pila = [], []
    for pagina in _paginas_publicas(request).order_by("path"):
        nodo = {"titulo": pagina.title, "url": pagina.get_url(request), "hijas": []}
        while pila and not pagina.path.startswith(pila[-1][0]):
            pila.pop()
        (pila[-1][1]["hijas"] if pila else raices).append(nodo)
        pila.append((pagina.path, nodo))
    return render(request, "plataforma/mapa_sitio.html", {"raices": raices})


@require_safe
def robots(request):
    contexto = {"mapa": request.build_absolute_uri(reverse("sitemap"))}
    return render(request, "plataforma/robots.txt", contexto, content_type="text/plain; charset=utf-8")


def error_400(request, exception=None):
    return HttpResponse(render_to_string("400.html"), status=400)


def error_403(request, exception=None):
    return render(request, "403.html", status=403)


def error_404(request, exception=None):
    return render(request, "404.html", status=404)


def error_500(request):
    # Sin contexto ni base de datos: puede ser ella la que falla.
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_vencido(request, reason=""):
    """La ficha CSRF no coincide: casi siempre, una página que se dejó abierta y una sesión que venció.

    Si el formulario estaba en una página propia se conserva lo escrito y se vuelve a él; una petición
    llegada de otro sitio recibe 403 y nada se guarda.
    """
    if rescate.es_rescatable(request) and rescate.es_propia(request):
        if not request.user.is_authenticated:
            return rescate.a_ingresar(request)
        rescate.conservar(request)
        return redirect(request.path)
    return render(request, "403_csrf.html", status=403)
