from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

CACHE_EN_BASE = "django.core.cache.backends.db.DatabaseCache"


class Command(BaseCommand):
    help = "Deja la instalación lista para servir: comprobaciones, base de datos, caché y estáticos. Se puede repetir."

    requires_system_checks = []  # las hace `handle`, con las de producción

    def handle(self, *, verbosity, **opciones):
        self.check(display_num_errors=verbosity > 0, include_deployment_checks=not settings.DEMOSTRACION)
        call_command("migrate", interactive=False, verbosity=verbosity)
        if any(cache["BACKEND"] == CACHE_EN_BASE for cache in settings.CACHES.values()):
            call_command("createcachetable", verbosity=verbosity)
        # Las páginas que nacen en una migración no pasan por la cola que las indexa.
        call_command("wagtail_update_index", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=verbosity)
