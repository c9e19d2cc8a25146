from django.urls import path, re_path

from ..rutas import RETO
from . import views

_UNA = "propuestas/<int:pk>/"

urlpatterns = [
    path(f"{_UNA}equipo/", views.equipo, name="equipo"),
    path(f"{_UNA}equipo/invitaciones/<int:invitacion>/", views.cambiar_invitacion, name="cambiar_invitacion"),
    path(f"{_UNA}equipo/integrantes/<int:integrante>/", views.quitar, name="quitar_integrante"),
    path(f"{_UNA}equipo/dejar/", views.dejar, name="dejar_equipo"),
    path("equipos/invitacion/<str:codigo>/", views.invitacion, name="invitacion_equipo"),
    path(f"{_UNA}sumarse/", views.sumarse, name="sumarse"),
    path(f"{_UNA}fusionar/", views.fusionar, name="fusionar"),
    path("uniones/<int:pk>/", views.union, name="union"),
    re_path(RETO + r"/parecidas/$", views.parecidas, name="parecidas"),
]
