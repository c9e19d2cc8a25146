from django.urls import path

from . import views

_UNA = "organizaciones/<int:pk>/"

urlpatterns = [
    path("organizaciones/nueva/", views.organizacion_nueva, name="organizacion_nueva"),
    path(_UNA, views.organizacion, name="organizacion"),
    path(f"{_UNA}editar/", views.editar, name="organizacion_editar"),
    path(f"{_UNA}verificacion/", views.verificacion, name="organizacion_verificacion"),
    path(f"{_UNA}dejar/", views.dejar, name="dejar_organizacion"),
    path(f"{_UNA}integrantes/<int:membresia>/", views.integrante, name="organizacion_integrante"),
    path(f"{_UNA}invitar/", views.invitar, name="organizacion_invitar"),
    path(f"{_UNA}invitaciones/<int:invitacion>/", views.cambiar_invitacion, name="organizacion_invitacion"),
    path("invitaciones/<str:codigo>/", views.invitacion, name="invitacion"),
]
