from django.urls import path

from . import admin_views, padrones_views

app_name = "personas_verificacion"
urlpatterns = [
    path("", admin_views.VerificacionesView.as_view(), name="lista"),
    path("nueva/", admin_views.BuscarView.as_view(), name="buscar"),
    path("nueva/<str:ficha>/", admin_views.VerificarView.as_view(), name="verificar"),
    path("<int:pk>/anular/", admin_views.AnularView.as_view(), name="anular"),
    path("padrones/", padrones_views.PadronesView.as_view(), name="padrones"),
    path("padrones/nuevo/", padrones_views.SubirPadronView.as_view(), name="subir_padron"),
    path("padrones/plantilla.csv", padrones_views.PlantillaView.as_view(), name="plantilla"),
    path("padrones/<int:pk>/", padrones_views.PadronView.as_view(), name="padron"),
    path("padrones/<int:pk>/cerrar/", padrones_views.CerrarPadronView.as_view(), name="cerrar_padron"),
]
