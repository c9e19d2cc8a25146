from django.urls import path

from . import admin_views as views

app_name = "retos_seguimiento"

urlpatterns = [
    path("<int:pk>/", views.ListaView.as_view(), name="lista"),
    path("<int:pk>/propuestas/<int:propuesta>/", views.PlanView.as_view(), name="plan"),
    path("<int:pk>/propuestas/<int:propuesta>/hitos/nuevo/", views.HitoView.as_view(), name="hito_nuevo"),
    path("<int:pk>/propuestas/<int:propuesta>/hitos/<int:hito>/", views.HitoView.as_view(), name="hito"),
    path("<int:pk>/propuestas/<int:propuesta>/logro/", views.LogroView.as_view(), name="logro"),
    path("<int:pk>/cierre/", views.CierreView.as_view(), name="cierre"),
]
