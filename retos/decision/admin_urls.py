from django.urls import path

from . import admin_views as views

app_name = "retos_decision"

urlpatterns = [
    path("<int:pk>/", views.DecisionView.as_view(), name="decision"),
    path("<int:pk>/propuestas/", views.PropuestasView.as_view(), name="propuestas"),
    path("<int:pk>/mensajes/", views.MensajesView.as_view(), name="mensajes"),
    path("<int:pk>/banco/", views.BancoView.as_view(), name="banco"),
    path("<int:pk>/respuestas/", views.RespuestasView.as_view(), name="respuestas"),
    path("<int:pk>/respuestas/<int:propuesta>/", views.ResponderView.as_view(), name="responder"),
]
