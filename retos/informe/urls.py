from django.urls import re_path

from ..rutas import RETO
from . import views

urlpatterns = [
    re_path(RETO + r"/informe/$", views.informe, name="informe"),
    re_path(RETO + r"/informe\.pdf$", views.en_pdf, name="informe_pdf"),
    re_path(RETO + r"/(?P<archivo>datos\.csv|datos\.json|diccionario\.csv)$", views.en_datos, name="informe_datos"),
]
