from django.urls import path

from .admin_views import InformeView

app_name = "retos_informe"

urlpatterns = [path("<int:pk>/", InformeView.as_view(), name="informe")]
