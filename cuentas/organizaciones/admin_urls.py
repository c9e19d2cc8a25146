from django.urls import path

from . import admin_views

app_name = "personas_organizaciones"
urlpatterns = [
    path("", admin_views.ListaView.as_view(), name="lista"),
    path("<int:pk>/", admin_views.DetalleView.as_view(), name="detalle"),
]
