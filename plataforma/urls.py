"""Las direcciones de la plataforma. El español no lleva prefijo; el inglés vive bajo `/en/`."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from cuentas.entrada.urls import urlpatterns_oidc

from . import views

handler400 = "plataforma.views.error_400"
handler403 = "plataforma.views.error_403"
handler404 = "plataforma.views.error_404"
handler429 = "cuentas.entrada.views.demasiados_intentos"
handler500 = "plataforma.views.error_500"

urlpatterns = [
    # El personal entra por la misma puerta que la ciudadanía, con los mismos límites de intentos.
    path("admin/login/", views.entrada_personal, name="wagtailadmin_login_redirigido"),
    path("admin/", include(wagtailadmin_urls)),
    path("documentos/", include(wagtaildocs_urls)),
    path("adjuntos/", include("participacion.adjuntos.urls")),
    path("cuenta/oidc/", include(urlpatterns_oidc)),
    path("salud/", views.salud, name="salud"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
]

if settings.DEMOSTRACION:
    urlpatterns += [
        path("correo/", include("plataforma.buzon")),
        re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}),
    ]

urlpatterns += i18n_patterns(
    path("cuenta/", include("cuentas.entrada.urls")),
    path("cuenta/", include("allauth.account.urls")),
    path("cuenta/segundo-paso/", include("allauth.mfa.urls")),
    path("cuenta/proveedores/", include("allauth.socialaccount.urls")),
    path("mi-cuenta/", include("cuentas.urls")),
    path("buscar/", views.buscar, name="buscar"),
    path("mapa-del-sitio/", views.mapa_sitio, name="mapa_sitio"),
    path("", include("encuestas.urls")),
    path("", include("retos.urls")),
    # Wagtail trae otra puerta, sin límite de intentos ni correo confirmado: ésta la reemplaza.
    path(
        "_util/login/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="wagtailcore_login",
    ),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
