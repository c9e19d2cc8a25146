from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RetosConfig(AppConfig):
    name = "retos"
    verbose_name = "Retos"

    def ready(self):
        """Inscribe la propuesta en los registros de las salas de abajo."""
        from cuentas.roles import conceder
        from participacion.adjuntos import permisos
        from participacion.apoyos import apoyables
        from participacion.avisos import tipos as avisos
        from participacion.moderacion import moderables
        from participacion.registro import proyecciones as registro
        from participacion.registro import tipos as actos

        from . import actions, datos_personales, enums, presentacion, proyecciones, rules

        propuesta = "retos.propuesta"
        for clave, etiqueta, participacion in enums.ACTOS.values():
            actos.declarar(clave, etiqueta, participacion=participacion)
        actos.declarar("propuesta_importada", _("Propuesta importada"), participacion=False)
        registro.declarar("estado de las propuestas", proyecciones.recontar_estados)
        permisos.declarar(propuesta, rules.puede_descargar)
        apoyables.declarar(propuesta, lambda objeto: objeto.estado == enums.EstadoPropuesta.PUBLICADA)
        moderables.declarar(
            propuesta,
            moderables.Moderable(
                etiqueta=_("Propuesta"),
                plantilla="retos/moderacion/propuesta.html",
                es_de=rules.es_suya.test,
                aplicar=actions.aplicar_decision,
                presentar=presentacion.para_moderar,
            ),
        )
        for clave in ("recibida", "publicada", "devuelta", "rechazada"):
            avisos.declarar(f"propuesta_{clave}", f"retos/correo/{clave}", presentacion.para_correo)
        datos_personales.declarar_fuente()
        for rol in rules.ROLES_QUE_IMPORTAN:
            conceder(rol, "retos.importar_propuestas")
