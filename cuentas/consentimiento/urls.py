from django.urls import path

from . import views

urlpatterns = [
    path("autorizaciones/", views.autorizaciones, name="autorizaciones"),
    path("autorizaciones/constancia/", views.constancia, name="constancia"),
    path("autorizaciones/<slug:finalidad>/revocar/", views.revocar, name="revocar"),
    path("politica/<int:pk>/", views.politica, name="politica"),
]
