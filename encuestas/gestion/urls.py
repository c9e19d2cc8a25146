from django.urls import path

from . import views

app_name = "encuestas_gestion"
urlpatterns = [
    path("", views.ListaView.as_view(), name="lista"),
    path("<int:pk>/", views.EncuestaView.as_view(), name="encuesta"),
    path("<int:pk>/papel/", views.PapelView.as_view(), name="papel"),
    path("<int:pk>/importar/", views.ImportarView.as_view(), name="importar"),
    path("<int:pk>/plantilla/<str:formato>/", views.PlantillaView.as_view(), name="plantilla"),
    path("<int:pk>/anular/", views.AnularView.as_view(), name="anular"),
    path("<int:pk>/lotes/<int:numero>/", views.LoteView.as_view(), name="lote"),
    path("<int:pk>/lotes/<int:numero>/hoja/<int:desde>/", views.HojaView.as_view(), name="hoja"),
]
