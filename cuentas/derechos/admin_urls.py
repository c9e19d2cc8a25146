from django.urls import path

from . import admin_views as views

app_name = "personas_derechos"
urlpatterns = [
    path("", views.ColaView.as_view(), name="cola"),
    path("nueva/", views.AnotarView.as_view(), name="anotar"),
    path("<int:pk>/", views.SolicitudView.as_view(), name="solicitud"),
    path("<int:pk>/prorrogar/", views.ProrrogarView.as_view(), name="prorrogar"),
    path("<int:pk>/suprimir/", views.SuprimirView.as_view(), name="suprimir"),
    path("dias-no-habiles/", views.DiasView.as_view(), name="dias"),
    path("dias-no-habiles/<int:pk>/borrar/", views.BorrarDiaView.as_view(), name="borrar_dia"),
]
