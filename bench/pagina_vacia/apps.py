from django.apps import AppConfig


class PaginaVaciaConfig(AppConfig):
    name = "bench.pagina_vacia"
    verbose_name = "Página vacía para medir"
