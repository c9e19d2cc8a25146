from django.urls import path

from . import views

app_name = "asistida"
urlpatterns = [
    path("", views.PersonaView.as_view(), name="persona"),
    path("constancia/<uuid:clave>/", views.ConstanciaView.as_view(), name="constancia"),
    path("por-corregir/<int:pk>/", views.CorregirView.as_view(), name="por_corregir"),
    path("<str:ficha>/", views.AtenderView.as_view(), name="atender"),
    path("<str:ficha>/retos/<int:reto>/proponer/", views.ProponerView.as_view(), name="proponer"),
    path("<str:ficha>/retos/<int:reto>/apoyar/", views.ApoyarView.as_view(), name="apoyar"),
    path("<str:ficha>/propuestas/<int:pk>/corregir/", views.ProponerView.as_view(), name="corregir"),
]
