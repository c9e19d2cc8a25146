from django.urls import path

from . import admision_views, gestion_views

app_name = "retos_evaluacion"

urlpatterns = [
    path("<int:pk>/requisitos/", admision_views.RequisitosView.as_view(), name="requisitos"),
    path("<int:pk>/requisitos/<int:numero>/", admision_views.RevisionView.as_view(), name="revision"),
    path("<int:pk>/avance/", gestion_views.AvanceView.as_view(), name="avance"),
    path("<int:pk>/jurado/", gestion_views.JuradoView.as_view(), name="jurado"),
    path("<int:pk>/jurado/<int:numero>/", gestion_views.PersonaView.as_view(), name="persona"),
    path("<int:pk>/asignacion/", gestion_views.AsignacionView.as_view(), name="asignacion"),
    path("<int:pk>/resultados/", gestion_views.ResultadosView.as_view(), name="resultados"),
    path("<int:pk>/resultados/<str:formato>/", gestion_views.ResultadosArchivoView.as_view(), name="resultados_archivo"),
    path("<int:pk>/deliberacion/", gestion_views.DeliberacionView.as_view(), name="deliberacion"),
]
