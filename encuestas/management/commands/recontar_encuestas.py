from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from encuestas import conteos
from participacion.ejercicios.models import Ejercicio


class Command(BaseCommand):
    help = "Compara los conteos guardados de cada encuesta con sus respuestas. Termina con error si algo difiere."

    def add_arguments(self, parser):
        parser.add_argument("--rehacer", action="store_true", help="Escribe otra vez los conteos que difieren.")

    def handle(self, *, rehacer, **opciones):
        distintas = 0
        for ejercicio in Ejercicio.objects.filter(encuesta__isnull=False).order_by("pk"):
            # La primera mirada no detiene a nadie; si algo no cuadra, pudo ser una respuesta que llegó entre las dos lecturas.
            if comparar(ejercicio) and (casillas := self.revisar(ejercicio, rehacer)):
                distintas += 1
                self.stderr.write(f"Encuesta {ejercicio.pk}: {casillas} casillas distintas.")
        if distintas and not rehacer:
            raise CommandError(f"{distintas} encuestas con conteos distintos. Repita con --rehacer para corregirlos.")
        self.stdout.write(f"{distintas} encuestas corregidas." if distintas else "Los conteos coinciden con las respuestas.")

    @transaction.atomic
    def revisar(self, ejercicio: Ejercicio, rehacer: bool) -> int:
        """Compara otra vez sin que nadie sume entretanto y, si se pidió, corrige."""
        conteos.bloquear()
        casillas = comparar(ejercicio)
        if casillas and rehacer:
            conteos.rehacer(ejercicio)
        return casillas


def comparar(ejercicio: Ejercicio) -> int:
    """Cuántas casillas guardadas no dicen lo que dicen las respuestas."""
    guardados, recontados = conteos.guardados(ejercicio), conteos.contar_de_nuevo(ejercicio)
    return sum(guardados[clave] != recontados[clave] for clave in guardados.keys() | recontados.keys())
