from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EncuestasConfig(AppConfig):
    name = "encuestas"
    verbose_name = "Encuestas"

    def ready(self):
        """Inscribe las encuestas en los registros de las salas de abajo."""
        from django.core.checks import register

        from participacion.adjuntos import permisos
        from participacion.registro import medidas as cifras
        from participacion.registro import tipos as actos

        from . import datos_personales
        from . import rules as reglas
        from .analisis import medidas, rules
        from .checks import claves_del_secreto
        from .enums import ACTO_ANULADA, ACTO_RESPUESTA, ACTO_RESPUESTA_SECRETA

        register(claves_del_secreto)
        datos_personales.declarar_fuente()
        permisos.declarar("formularios.respuesta", reglas.puede_descargar)
        rules.conceder_permisos()
        cifras.declarar("encuestas", medidas.publicadas)
        actos.declarar(ACTO_RESPUESTA, _("Encuesta respondida"), participacion=True)
        actos.declarar(ACTO_RESPUESTA_SECRETA, _("Encuesta secreta respondida"), participacion=True)
        actos.declarar(ACTO_ANULADA, _("Respuesta anulada"), participacion=False)
