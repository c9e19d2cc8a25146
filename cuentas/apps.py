from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


def preparar_roles(sender, **kwargs):
    """Tras migrar la última aplicación, cuando ya existen todos los permisos."""
    from .actions import preparar_roles

    ultima = [config for config in apps.get_app_configs() if config.models_module][-1]
    if sender is ultima:
        preparar_roles()


class CuentasConfig(AppConfig):
    name = "cuentas"
    verbose_name = "Cuentas"

    def ready(self):
        from .consentimiento import recepcion
        from .derechos import finalidades, fuentes
        from .entrada import recepcion as entrada

        recepcion.conectar()
        entrada.conectar()
        fuentes.declarar_fuentes()
        finalidades.declarar_finalidades()
        post_migrate.connect(preparar_roles, dispatch_uid="cuentas_preparar_roles")
