from django.urls import include, path

from . import secreta_views, views

app_name = "encuestas"

_RESPUESTA = "encuestas/<int:pk>/respuestas/<uuid:clave>/"

urlpatterns = [
    path("mis-respuestas/", views.mis_respuestas, name="mis_respuestas"),
    path("encuestas/<int:pk>/responder/", views.responder, name="responder"),
    path("encuestas/<int:pk>/codigo/", views.codigo, name="codigo"),
    path("encuestas/<int:pk>/secreta/", secreta_views.responder, name="secreta"),
    path("encuestas/<int:pk>/recibida/", secreta_views.recibida, name="recibida"),
    path(_RESPUESTA, views.retomar, name="retomar"),
    path(f"{_RESPUESTA}<int:numero>/", views.pagina, name="pagina"),
    path(f"{_RESPUESTA}guardada/", views.guardada, name="guardada"),
    path(f"{_RESPUESTA}revisar/", views.revisar, name="revisar"),
    path(f"{_RESPUESTA}recibo/", views.recibo, name="recibo"),
    path("encuestas/<int:pk>/resultados/", include("encuestas.resultados.urls")),
]
