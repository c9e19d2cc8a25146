from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from participacion.registro.proyecciones import PROYECCIONES


class Command(BaseCommand):
    help = "Recuenta desde el registro de participación cada cifra guardada y nombra lo que difiere."

    def handle(self, *args, **options):
        total = 0
        with transaction.atomic():
            for nombre, recontar in PROYECCIONES.items():
                diferencias = list(recontar())
                total += len(diferencias)
                self.stdout.write(f"{nombre}: {'conforme' if not diferencias else f'{len(diferencias)} diferencias'}")
                for d in diferencias:
                    self.stdout.write(f"  {d.objeto}: guardado {d.guardado!r}, en el registro {d.recontado!r}")
        if total:
            raise CommandError(f"{total} diferencias con el registro.")
