from django.urls import include, path, re_path

from . import escritura, views
from .apps import PARTES
from .rutas import RETO

app_name = "retos"

# Las de un reto cuelgan de su página; el resto, de la propuesta. Cada parte tiene las suyas y las une aquí.

urlpatterns = [
    path("mis-propuestas/", views.mis_propuestas, name="mis_propuestas"),
    path("propuestas/<int:pk>/", views.propuesta, name="propuesta"),
    path("propuestas/<int:pk>/editar/", escritura.editar, name="editar"),
    path("propuestas/<int:pk>/recibida/", views.recibida, name="recibida"),
    path("propuestas/<int:pk>/retirar/", views.retirar, name="retirar"),
    path("propuestas/<int:pk>/borrar/", views.borrar, name="borrar"),
    *(path("", include(f"retos.{parte}.urls")) for parte in PARTES),
    re_path(RETO + r"/propuestas/$", views.propuestas, name="propuestas"),
    re_path(RETO + r"/proponer/$", escritura.proponer, name="proponer"),
]
