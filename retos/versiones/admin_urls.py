from django.urls import path

from . import gestion_views as views

app_name = "retos_versiones"

urlpatterns = [
    path("<int:pk>/", views.ListaView.as_view(), name="lista"),
    path("<int:pk>/propuestas/<int:propuesta>/", views.PedirView.as_view(), name="pedir"),
    path("<int:pk>/solicitudes/<int:solicitud>/anular/", views.AnularView.as_view(), name="anular"),
]
