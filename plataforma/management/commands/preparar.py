from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from wagtail.models import Site

from cuentas.consentimiento.modelo import crear_borrador
from cuentas.consentimiento.rules import version_para_autorizar

CACHE_EN_BASE = "django.core.cache.backends.db.DatabaseCache"


class Command(BaseCommand):
    help = "Deja la instalación lista para servir: comprobaciones, base de datos, caché y estáticos. Se puede repetir."

    requires_system_checks = []  # las hace `handle`, con las de producción

    def handle(self, *, verbosity, **opciones):
        if verbosity:
            self.stdout.write(f"Ajustes: {settings.SETTINGS_MODULE}")
        self.check(display_num_errors=verbosity > 0, include_deployment_checks=not settings.DEMOSTRACION)
        call_command("migrate", interactive=False, verbosity=verbosity)
        if any(cache["BACKEND"] == CACHE_EN_BASE for cache in settings.CACHES.values()):
            call_command("createcachetable", verbosity=verbosity)
        self.poner_direccion()  # después de la caché: guardar el sitio la vacía
        self.dejar_politica()
        # Las páginas que nacen en una migración no pasan por la cola que las indexa.
        call_command("wagtail_update_index", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=verbosity)

    def poner_direccion(self):
        """La primera vez, el sitio toma su dirección de `URL_BASE`: de ella salen los enlaces de correos y buscadores."""
        direccion = urlsplit(settings.WAGTAILADMIN_BASE_URL)
        sitio = Site.objects.filter(is_default_site=True, hostname="localhost").first()
        if sitio and not settings.DEMOSTRACION and direccion.hostname:
            sitio.hostname = direccion.hostname
            sitio.port = direccion.port or (443 if direccion.scheme == "https" else 80)
            sitio.save()

    def dejar_politica(self):
        """Sin política publicada nadie se registra: la primera vez deja un borrador con el texto que pide la ley."""
        if settings.DEMOSTRACION:
            return  # su contenido trae la suya
        for sitio in Site.objects.select_related("root_page"):
            crear_borrador(sitio=sitio)
            if version_para_autorizar(sitio) is None:
                self.stdout.write(
                    self.style.WARNING(
                        f"{sitio}: el registro está cerrado hasta que se publique la política de datos personales. "
                        "Hay un borrador en Páginas: complételo y publíquelo."
                    )
                )
