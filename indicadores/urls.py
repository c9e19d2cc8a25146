from django.urls import path

from . import views

app_name = "indicadores"
urlpatterns = [
    path("", views.IndicadoresView.as_view(), name="pagina"),
    path("indicadores.csv", views.CifrasView.as_view(formato="csv"), name="csv"),
    path("indicadores.xlsx", views.CifrasView.as_view(formato="xlsx"), name="xlsx"),
    path("actos.csv", views.ActosView.as_view(), name="actos"),
]
