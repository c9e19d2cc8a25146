import re

from django.utils.translation import gettext as _

# En orden: Edge y Opera también dicen «Chrome», y Chrome también dice «Safari».
_NAVEGADORES = [("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("Chrom", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari")]  # fmt: skip
_EQUIPOS = [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Macintosh", "Mac"), ("Linux", "Linux")]  # fmt: skip


def describir(agente: str) -> str:
    """«Chrome en Android», a partir de lo que el navegador dice de sí mismo."""
    navegador = next((nombre for marca, nombre in _NAVEGADORES if re.search(marca, agente)), "")
    equipo = next((nombre for marca, nombre in _EQUIPOS if marca in agente), "")
    if navegador and equipo:
        return _("%(navegador)s en %(equipo)s") % {"navegador": navegador, "equipo": equipo}
    return navegador or equipo or _("Navegador desconocido")
