from django.urls import path

from . import views

app_name = "cuentas"
urlpatterns = [
    path("", views.mi_cuenta, name="mi_cuenta"),
    path("organizaciones/nueva/", views.organizacion_nueva, name="organizacion_nueva"),
    path("organizaciones/<int:pk>/dejar/", views.dejar_organizacion, name="dejar_organizacion"),
]
