from django.urls import path, re_path

from . import views

app_name = "retos"

# Las de un reto cuelgan de su página; el resto, de la propuesta.
_RETO = r"^(?P<ruta>[-\w]+(?:/[-\w]+)*)"

urlpatterns = [
    path("mis-propuestas/", views.mis_propuestas, name="mis_propuestas"),
    path("propuestas/<int:pk>/", views.propuesta, name="propuesta"),
    path("propuestas/<int:pk>/editar/", views.editar, name="editar"),
    path("propuestas/<int:pk>/recibida/", views.recibida, name="recibida"),
    path("propuestas/<int:pk>/retirar/", views.retirar, name="retirar"),
    path("propuestas/<int:pk>/borrar/", views.borrar, name="borrar"),
    path("propuestas/<int:pk>/apoyar/", views.apoyar, name="apoyar"),
    re_path(_RETO + r"/propuestas/$", views.propuestas, name="propuestas"),
    re_path(_RETO + r"/proponer/$", views.proponer, name="proponer"),
]
