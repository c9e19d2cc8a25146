from django.urls import path

from . import views

urlpatterns = [
    path("perfil/", views.perfil, name="perfil"),
    path("enfoque-diferencial/", views.diferencial, name="diferencial"),
]
