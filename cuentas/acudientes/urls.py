from django.urls import path

from . import views

urlpatterns = [
    path("acudiente/", views.acudiente, name="acudiente"),
]
