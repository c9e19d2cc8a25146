from django.urls import path

from . import admin_views

app_name = "personas_acudientes"
urlpatterns = [
    path("", admin_views.ColaView.as_view(), name="cola"),
    path("<int:pk>/", admin_views.AutorizacionView.as_view(), name="detalle"),
]
