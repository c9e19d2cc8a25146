from django.urls import path, re_path

from ..rutas import RETO
from . import views

urlpatterns = [
    path("problemas/<int:pk>/", views.problema, name="problema"),
    path("problemas/<int:pk>/apoyar/", views.apoyar, name="apoyar_problema"),
    path("problemas/<int:pk>/retirar/", views.retirar, name="retirar_problema"),
    re_path(RETO + r"/problemas/$", views.problemas, name="problemas"),
    re_path(RETO + r"/problemas/nuevo/$", views.contar, name="contar_problema"),
]
