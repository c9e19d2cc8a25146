from django.urls import path

from . import views

urlpatterns = [
    path("jurado/", views.jurado, name="jurado"),
    path("jurado/<int:pk>/responder/", views.responder, name="jurado_responder"),
    path("jurado/<int:pk>/resultados/", views.resultados_jurado, name="jurado_resultados"),
    path("jurado/evaluaciones/<int:pk>/", views.evaluacion, name="evaluacion"),
    path("jurado/evaluaciones/<int:pk>/abstenerse/", views.abstencion, name="evaluacion_abstenerse"),
    path("jurado/evaluaciones/<int:pk>/conflicto/", views.conflicto, name="evaluacion_conflicto"),
]
