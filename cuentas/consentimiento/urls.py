from django.urls import path

from . import views

urlpatterns = [
    path("autorizaciones/", views.autorizaciones, name="autorizaciones"),
]
