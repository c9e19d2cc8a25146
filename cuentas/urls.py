from django.urls import include, path

from . import views

app_name = "cuentas"
urlpatterns = [
    path("", views.mi_cuenta, name="mi_cuenta"),
    path("", include("cuentas.perfil.urls")),
    path("", include("cuentas.consentimiento.urls")),
    path("", include("cuentas.acudientes.urls")),
    path("", include("cuentas.verificacion.urls")),
    path("", include("cuentas.organizaciones.urls")),
    path("", include("cuentas.derechos.urls")),
]
