from django.urls import re_path

from ..rutas import RETO
from . import views

urlpatterns = [
    re_path(RETO + r"/criterios\.json$", views.criterios, name="criterios"),
    re_path(RETO + r"/preguntas/$", views.preguntas, name="preguntas"),
]
