from django.urls import path

from . import views

urlpatterns = [
    path("propuestas/<int:pk>/versiones/", views.versiones, name="versiones"),
    path("propuestas/<int:pk>/informacion/", views.informacion, name="informacion"),
]
