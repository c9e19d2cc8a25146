from django.urls import path

from . import views

urlpatterns = [
    path("organizaciones/nueva/", views.organizacion_nueva, name="organizacion_nueva"),
    path("organizaciones/<int:pk>/dejar/", views.dejar_organizacion, name="dejar_organizacion"),
]
