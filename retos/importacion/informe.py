"""La suerte de cada línea, y su informe en CSV."""

import csv
import io
from collections import Counter
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Suerte(models.TextChoices):
    IMPORTADA = "importada", gettext_lazy("Importada")
    YA_ESTABA = "ya_estaba", gettext_lazy("Ya estaba")
    DISTINTA = "distinta", gettext_lazy("Distinta: no se cambió")
    RECHAZADA = "rechazada", gettext_lazy("Rechazada")


@dataclass(frozen=True)
class LineaInforme:
    linea: int
    fuente_id: str
    titulo: str
    suerte: str
    motivo: str = ""
    referencia: str = ""


@dataclass(frozen=True)
class Informe:
    """Lo que pasó con cada línea. `escrito`: se cargó; si no, lo «importada» es lo que se cargaría."""

    fuente: str
    escrito: bool
    lineas: list[LineaInforme]

    def conteo(self, suerte: Suerte) -> int:
        return self.conteos[suerte]

    @property
    def conteos(self) -> Counter:
        return Counter(linea.suerte for linea in self.lineas)

    def etiqueta(self, suerte: str) -> str:
        if suerte == Suerte.IMPORTADA and not self.escrito:
            return _("Por importar")
        return str(Suerte(suerte).label)

    @property
    def por_revisar(self) -> list[LineaInforme]:
        """Las rechazadas y las distintas, que alguien tiene que mirar; primero las rechazadas."""
        miradas = [linea for linea in self.lineas if linea.suerte in (Suerte.RECHAZADA, Suerte.DISTINTA)]
        return sorted(miradas, key=lambda linea: linea.suerte != Suerte.RECHAZADA)

    def en_csv(self) -> str:
        """Con punto y coma y marca de orden de bytes: así lo abre bien Excel en español."""
        salida = io.StringIO(newline="")
        escritor = csv.writer(salida, delimiter=";")
        escritor.writerow([_("Línea"), _("Identificador"), _("Título"), _("Resultado"), _("Motivo"), _("Referencia")])
        for linea in self.lineas:
            textos = (linea.fuente_id, linea.titulo, self.etiqueta(linea.suerte), linea.motivo, linea.referencia)
            escritor.writerow([linea.linea, *map(sin_formula, textos)])
        return "\ufeff" + salida.getvalue()


def sin_formula(texto: str) -> str:
    """Una celda que empieza como fórmula la ejecutaría la hoja de cálculo; el apóstrofo la vuelve texto."""
    return f"'{texto}" if texto.startswith(("=", "+", "-", "@", "\t", "\r")) else texto
