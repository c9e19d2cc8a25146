from django.urls import path

from . import admin_views as views

app_name = "retos_convocatoria"

urlpatterns = [
    path("", views.ListaView.as_view(), name="lista"),
    path("<int:pk>/", views.RetoView.as_view(), name="reto"),
    path("<int:pk>/preguntas/", views.PreguntasView.as_view(), name="preguntas"),
    path("<int:pk>/preguntas/<int:pregunta>/", views.PreguntaView.as_view(), name="pregunta"),
]
