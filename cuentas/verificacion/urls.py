from django.urls import path

from . import views

urlpatterns = [
    path("verificacion/", views.verificacion, name="verificacion"),
]
