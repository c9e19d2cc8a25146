from django.urls import path

from . import views

app_name = "adjuntos"
urlpatterns = [path("<uuid:clave>/", views.descargar, name="descargar")]
