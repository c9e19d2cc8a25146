from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApoyosConfig(AppConfig):
    name = "participacion.apoyos"
    verbose_name = "Apoyos"

    def ready(self):
        from participacion.registro import proyecciones as registro
        from participacion.registro import tipos

        from . import actions, datos_personales, proyecciones

        tipos.declarar(actions.APOYO, _("Apoyo"), participacion=True)
        tipos.declarar(actions.RETIRO, _("Retiro de apoyo"), participacion=False)
        tipos.declarar(actions.IMPORTADOS, _("Apoyos importados"), participacion=False)
        registro.declarar("conteo de apoyos", proyecciones.recontar_conteos)
        registro.declarar("puntos de apoyo", proyecciones.recontar_puntos)
        registro.declarar("papeletas", proyecciones.recontar_papeletas)
        registro.declarar("apoyos importados", proyecciones.recontar_importados)
        registro.declarar("filas de apoyo", proyecciones.recontar_filas)
        datos_personales.declarar_fuente()
