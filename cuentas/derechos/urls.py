from django.urls import path

from . import views

urlpatterns = [
    path("datos/", views.mis_datos, name="mis_datos"),
    path("datos/descargar/", views.descargar, name="descargar_datos"),
    path("datos/solicitar/", views.solicitar, name="solicitar_datos"),
    path("datos/suprimir/", views.suprimir, name="suprimir_datos"),
    path("datos/suprimidos/", views.suprimidos, name="datos_suprimidos"),
]
