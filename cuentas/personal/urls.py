from django.urls import path

from . import views

app_name = "personal"
urlpatterns = [
    path("", views.PersonalView.as_view(), name="lista"),
    path("nuevo/", views.IncorporarView.as_view(), name="incorporar"),
    path("<int:pk>/", views.RolesView.as_view(), name="roles"),
]
