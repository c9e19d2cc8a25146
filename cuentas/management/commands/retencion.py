from django.core.management.base import BaseCommand

from cuentas.retencion import FINALIDADES


class Command(BaseCommand):
    help = "Dice qué se borraría por haberse cumplido su plazo de conservación; con --ejecutar, lo hace."

    def add_arguments(self, parser):
        parser.add_argument("--ejecutar", action="store_true", help="Hacerlo, y no sólo decirlo.")

    def handle(self, *, ejecutar, verbosity, **opciones):
        for finalidad in FINALIDADES.values():
            cuantas = finalidad.ejecutar() if ejecutar else finalidad.pendientes().count()
            if verbosity:
                self.stdout.write(
                    f"{finalidad.clave}: {cuantas} ({finalidad.etiqueta}, a los {finalidad.dias_vigentes} días: {finalidad.hace})"
                )
        if verbosity and not ejecutar:
            self.stdout.write("Nada cambió. Para hacerlo: manage.py retencion --ejecutar")
