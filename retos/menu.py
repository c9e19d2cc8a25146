"""El numeral 6.2.4 del Menú Participa (Resolución MinTIC 1519 de 2020, Anexo 2): colaboración e innovación abierta."""

from django.utils.translation import gettext_lazy as _

# Los códigos son de la norma; los textos los resumen.
CODIGOS = [
    ("6.2.4.a", _("6.2.4.a Espacio para consultar sobre temas o problemas")),
    ("6.2.4.b", _("6.2.4.b Convocatoria con el reto")),
    ("6.2.4.c", _("6.2.4.c Retos vigentes y reporte de votos por solución")),
    ("6.2.4.d", _("6.2.4.d Propuesta elegida y criterios de selección")),
    ("6.2.4.e", _("6.2.4.e Plan de trabajo para implementarla")),
    ("6.2.4.f", _("6.2.4.f Desarrollos o prototipos")),
]
