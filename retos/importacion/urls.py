from django.urls import path

from . import views

app_name = "importacion"

urlpatterns = [
    path("", views.SubirView.as_view(), name="subir"),
    path("<str:ficha>/", views.RevisarView.as_view(), name="revisar"),
    path("<str:ficha>/resultado/", views.ResultadoView.as_view(), name="resultado"),
]
