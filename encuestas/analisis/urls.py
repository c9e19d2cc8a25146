from django.urls import path

from ..microdatos import views as microdatos
from . import views

app_name = "encuestas_analisis"
urlpatterns = [
    path("", views.ListaView.as_view(), name="lista"),
    path("<int:pk>/", views.ResultadosView.as_view(), name="resultados"),
    path("<int:pk>/datos/<str:formato>/", views.CifrasView.as_view(), name="cifras"),
    path("<int:pk>/comparar/", views.CompararView.as_view(), name="comparar"),
    path("<int:pk>/poblacion/", views.PoblacionView.as_view(), name="poblacion"),
    path("<int:pk>/medidas/", views.MedidasView.as_view(), name="medidas"),
    path("<int:pk>/medidas/<int:pregunta>/nueva/", views.MedidaView.as_view(), name="medida_nueva"),
    path("<int:pk>/medidas/<int:medida>/", views.MedidaView.as_view(), name="medida"),
    path("<int:pk>/abiertas/<int:pregunta>/", views.AbiertasView.as_view(), name="abiertas"),
    path("<int:pk>/respuestas/", microdatos.ExportarView.as_view(), name="exportar"),
    path("<int:pk>/respuestas/descargar/", microdatos.DescargarView.as_view(), name="descargar"),
    path("<int:pk>/respuestas/libro/<uuid:clave>/", microdatos.LibroView.as_view(), name="libro"),
]
