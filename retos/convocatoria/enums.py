from django.db import models
from django.utils.translation import gettext_lazy as _


class Ods(models.IntegerChoices):
    """Objetivos de Desarrollo Sostenible (Resolución A/RES/70/1 de la Asamblea General de la ONU)."""

    POBREZA = 1, _("1. Fin de la pobreza")
    HAMBRE = 2, _("2. Hambre cero")
    SALUD = 3, _("3. Salud y bienestar")
    EDUCACION = 4, _("4. Educación de calidad")
    GENERO = 5, _("5. Igualdad de género")
    AGUA = 6, _("6. Agua limpia y saneamiento")
    ENERGIA = 7, _("7. Energía asequible y no contaminante")
    TRABAJO = 8, _("8. Trabajo decente y crecimiento económico")
    INDUSTRIA = 9, _("9. Industria, innovación e infraestructura")
    DESIGUALDADES = 10, _("10. Reducción de las desigualdades")
    CIUDADES = 11, _("11. Ciudades y comunidades sostenibles")
    CONSUMO = 12, _("12. Producción y consumo responsables")
    CLIMA = 13, _("13. Acción por el clima")
    OCEANOS = 14, _("14. Vida submarina")
    TIERRA = 15, _("15. Vida de ecosistemas terrestres")
    PAZ = 16, _("16. Paz, justicia e instituciones sólidas")
    ALIANZAS = 17, _("17. Alianzas para lograr los objetivos")


# Los actos de una pregunta, y si los hace quien participa.
ACTOS_PREGUNTA: dict[str, tuple[str, object, bool]] = {
    "enviada": ("pregunta_enviada", _("Pregunta sobre un reto"), True),
    "respondida": ("pregunta_respondida", _("Pregunta respondida"), False),
    "rechazada": ("pregunta_rechazada", _("Pregunta que no se publicó"), False),
}
ACTO_PRORROGA = "reto_prorrogado"
