"""Lo que las direcciones de allauth no traen o aquí es distinto. Los nombres son los suyos: sus vistas los usan."""

from django.urls import path

from . import views

urlpatterns = [
    path("login/", views.IngresarView.as_view(), name="account_login"),
    path("sesiones/", views.SesionesView.as_view(), name="usersessions_list"),
]

# Sin idioma: el proveedor de identidad conoce una sola dirección de vuelta.
urlpatterns_oidc = [
    path("<slug:provider_id>/", views.a_proveedor, name="openid_connect_login"),
    path("<slug:provider_id>/vuelta/", views.desde_proveedor, name="openid_connect_callback"),
]
