from django.urls import path, re_path

from ..rutas import RETO
from . import views

urlpatterns = [
    path("propuestas/<int:pk>/apoyar/", views.apoyar, name="apoyar"),
    path("avisos-de-apoyo/<str:codigo>/", views.dejar_de_avisar, name="dejar_de_avisar"),
    re_path(RETO + r"/mi-voto/$", views.mi_voto, name="mi_voto"),
    re_path(RETO + r"/votos/$", views.votos, name="votos"),
    re_path(RETO + r"/votos/(?P<pk>\d{1,18})/$", views.votos_de_propuesta, name="votos_de_propuesta"),
    re_path(RETO + r"/votos/(?P<archivo>[-\w]+\.(?:csv|json))$", views.datos, name="votos_datos"),
]
