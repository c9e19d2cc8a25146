from django.urls import path

from . import views

app_name = "moderacion"
urlpatterns = [
    path("", views.ColaView.as_view(), name="cola"),
    path("aprobar/", views.AprobarVariasView.as_view(), name="aprobar_varias"),
    path("<int:pk>/", views.EntradaView.as_view(), name="entrada"),
]
