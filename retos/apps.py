from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# Cada una es un paquete con sus formularios, acciones, vistas, direcciones (`urls`, `admin_urls`) e `inscripcion`.
PARTES = (
    "convocatoria", "diagnostico", "equipos", "versiones", "votos", "evaluacion", "decision", "seguimiento", "informe",
)  # fmt: skip


class RetosConfig(AppConfig):
    name = "retos"
    verbose_name = "Retos"

    def ready(self):
        """Inscribe la propuesta en los registros de las salas de abajo."""
        from cuentas.roles import conceder
        from participacion.adjuntos import permisos
        from participacion.avisos import tipos as avisos
        from participacion.moderacion import moderables
        from participacion.registro import proyecciones as registro
        from participacion.registro import tipos as actos

        from . import actions, datos_personales, enums, novedades, presentacion, proyecciones, rules, sellado

        propuesta = "retos.propuesta"
        for parte in PARTES:
            import_module(f"retos.{parte}.inscripcion").inscribir()
        for clave, etiqueta in enums.ACTOS_RESULTADO.values():
            actos.declarar(clave, etiqueta, participacion=False)
        for clave, etiqueta, participacion in enums.ACTOS.values():
            actos.declarar(clave, etiqueta, participacion=participacion)
        actos.declarar("propuesta_importada", _("Propuesta importada"), participacion=False)
        registro.declarar("estado de las propuestas", proyecciones.recontar_estados)
        permisos.declarar(propuesta, rules.puede_descargar)
        permisos.declarar_nombre(propuesta, rules.nombre_de_adjunto)
        permisos.declarar_por_archivo("formularios.respuesta", rules.puede_descargar_respuesta)
        permisos.declarar_nombre("formularios.respuesta", rules.nombre_de_archivo_contestado)
        moderables.declarar(
            propuesta,
            moderables.Moderable(
                etiqueta=_("Propuesta"),
                plantilla="retos/moderacion/propuesta.html",
                es_de=rules.es_suya.test,
                aplicar=actions.aplicar_decision,
                presentar=presentacion.para_moderar,
                reservadas=lambda: sellado.bajo_sello("ejercicio__"),
            ),
        )
        for clave in ("recibida", "publicada", "devuelta", "rechazada"):
            avisos.declarar(f"propuesta_{clave}", f"retos/correo/{clave}", presentacion.para_correo)
        avisos.declarar(novedades.AVISO, "retos/correo/novedad", presentacion.de_novedad)
        datos_personales.declarar_fuente()
        for rol in rules.ROLES_QUE_IMPORTAN:
            conceder(rol, "retos.importar_propuestas")
