from django.urls import re_path

from ..rutas import RETO
from . import views

urlpatterns = [re_path(RETO + r"/seguimiento/$", views.seguimiento, name="seguimiento")]
