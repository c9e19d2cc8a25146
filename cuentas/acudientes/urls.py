from django.urls import path

from . import firma_views, views

urlpatterns = [
    path("acudiente/", views.acudiente, name="acudiente"),
    path("acudiente/retirar/", views.retirar, name="acudiente_retirar"),
    path("acudiente/formato/", views.formato, name="acudiente_formato"),
    path("acudiente/firmar/<str:codigo>/", firma_views.firmar, name="acudiente_firmar"),
    path("acudiente/firmar/<str:codigo>/retirar/", firma_views.revocar, name="acudiente_revocar"),
]
