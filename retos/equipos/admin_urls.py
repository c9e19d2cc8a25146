app_name = "retos_equipos"

urlpatterns = []
