"""Las direcciones de la demostración: las de siempre y el buzón."""

from django.urls import include, path

from plataforma.urls import *  # noqa: F403
from plataforma.urls import urlpatterns as de_siempre

urlpatterns = [path("correo/", include("plataforma.buzon")), *de_siempre]
