app_name = "retos_votos"

urlpatterns = []
