from django.urls import path

from . import views

urlpatterns = [
    path("datos/", views.mis_datos, name="mis_datos"),
]
