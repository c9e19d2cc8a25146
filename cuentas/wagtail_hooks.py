from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter

from .enums import RolPersonal
from .personal.rules import sitios_que_administra


@hooks.register("register_admin_urls")
def direcciones():
    return [path("personal/", include("cuentas.personal.urls"))]


class PersonalMenuItem(MenuItem):
    def is_shown(self, request):
        return sitios_que_administra(request.user).exists()


@hooks.register("register_admin_menu_item")
def entrada_de_menu():
    return PersonalMenuItem(_("Personal"), reverse("personal:lista"), name="personal", icon_name="group", order=900)


@hooks.register("register_log_actions")
def acciones_del_historial(registro):
    registro.register_action("cuentas.crear_organizacion", _("Crear organización"), _("Organización creada"))
    registro.register_action("cuentas.terminar_membresia", _("Dejar una organización"), _("Membresía terminada"))
    registro.register_action("cuentas.crear_personal", _("Crear cuenta del personal"), _("Cuenta del personal creada"))
    registro.register_action("cuentas.hacer_superusuario", _("Hacer superusuario"), _("Cuenta hecha superusuario"))

    @registro.register_action("cuentas.asignar_rol")
    class AsignarRolFormatter(LogFormatter):
        label = _("Otorgar rol")

        def format_message(self, entrada):
            return _("Rol otorgado: %(rol)s") % {"rol": RolPersonal(entrada.data["rol"]).label}

    @registro.register_action("cuentas.quitar_rol")
    class QuitarRolFormatter(LogFormatter):
        label = _("Quitar rol")

        def format_message(self, entrada):
            return _("Rol quitado: %(rol)s") % {"rol": RolPersonal(entrada.data["rol"]).label}
