"""Cuelgan de `encuestas/<pk>/resultados/`, en el espacio de nombres `encuestas`."""

from django.urls import path, re_path

from . import views

urlpatterns = [
    path("", views.resultados_publicos, name="resultados"),
    re_path(r"^datos\.(?P<formato>csv|xlsx|json)$", views.datos, name="datos"),
]
