from django.urls import path

from . import admin_views as views

app_name = "retos_diagnostico"

urlpatterns = [path("<int:pk>/", views.ProblemasView.as_view(), name="problemas")]
