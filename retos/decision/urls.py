from django.urls import re_path

from ..rutas import RETO
from . import views

urlpatterns = [
    re_path(RETO + r"/decision/$", views.decision, name="decision"),
    re_path(RETO + r"/respuestas/$", views.respuestas, name="respuestas"),
]
