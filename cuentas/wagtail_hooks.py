from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.log_actions import LogFormatter

from home.marco import ajustes_de

from .enums import NivelVerificacion, ResultadoRevision, RolMembresia, RolPersonal
from .perfil.viewsets import territorios
from .personal.rules import sitios_que_administra
from .rules import puede_asistir, tiene_rol


@hooks.register("register_admin_urls")
def direcciones():
    return [
        path("personal/", include("cuentas.personal.urls")),
        path("personas/soportes/", include("cuentas.soportes")),
        path("personas/solicitudes/", include("cuentas.derechos.admin_urls")),
        path("personas/verificacion/", include("cuentas.verificacion.admin_urls")),
        path("personas/acudientes/", include("cuentas.acudientes.admin_urls")),
        path("personas/organizaciones/", include("cuentas.organizaciones.admin_urls")),
    ]


class PersonalMenuItem(MenuItem):
    def is_shown(self, request):
        return sitios_que_administra(request.user).exists()


class AtencionMenuItem(MenuItem):
    """Para quien atiende a las personas: participación asistida y administración."""

    def is_shown(self, request):
        return puede_asistir(request.user, ajustes_de(request).site)


class AdministracionMenuItem(MenuItem):
    def is_shown(self, request):
        return tiene_rol(request.user, ajustes_de(request).site, RolPersonal.ADMINISTRACION)


@hooks.register("register_admin_menu_item")
def entrada_de_menu():
    menu = Menu(register_hook_name="register_personas_menu_item", construct_hook_name="construct_personas_menu")
    return SubmenuMenuItem(_("Personas"), menu, name="personas", icon_name="group", order=900)


@hooks.register("register_personas_menu_item")
def entrada_verificaciones():
    return AtencionMenuItem(
        _("Verificaciones"), reverse("personas_verificacion:lista"), name="verificaciones", icon_name="check", order=100
    )


@hooks.register("register_personas_menu_item")
def entrada_acudientes():
    return AtencionMenuItem(
        _("Acudientes"), reverse("personas_acudientes:cola"), name="acudientes", icon_name="user", order=200
    )


@hooks.register("register_personas_menu_item")
def entrada_organizaciones():
    return AtencionMenuItem(
        _("Organizaciones"),
        reverse("personas_organizaciones:lista"),
        name="organizaciones",
        icon_name="group",
        order=300,
    )


@hooks.register("register_personas_menu_item")
def entrada_padrones():
    return AdministracionMenuItem(
        _("Padrones"), reverse("personas_verificacion:padrones"), name="padrones", icon_name="list-ul", order=800
    )


@hooks.register("register_personas_menu_item")
def entrada_solicitudes():
    return PersonalMenuItem(
        _("Solicitudes sobre datos"), reverse("personas_derechos:cola"), name="solicitudes", icon_name="mail", order=300
    )


@hooks.register("register_personas_menu_item")
def entrada_personal():
    return PersonalMenuItem(_("Personal"), reverse("personal:lista"), name="personal", icon_name="group", order=900)


@hooks.register("register_admin_viewset")
def pantallas_de_territorios():
    return territorios


ACCIONES_DE_PERSONAS = [
    ("cuentas.registrar_persona", _("Registrar a una persona en la oficina"), _("Registrada en la oficina")),
    ("cuentas.atender_persona", _("Atender a una persona"), _("Atendida en la oficina")),
    ("cuentas.cambiar_rango", _("Cambiar la edad declarada"), _("Cambió la edad que declara")),
    ("cuentas.corregir_cuenta", _("Corregir sus datos"), _("Corrigió su nombre o su idioma")),
    ("cuentas.anotar_solicitud", _("Anotar solicitud sobre datos"), _("Solicitud anotada por el personal")),
    ("cuentas.responder_solicitud", _("Responder solicitud sobre datos"), _("Solicitud respondida")),
    ("cuentas.prorrogar_solicitud", _("Prorrogar solicitud sobre datos"), _("Plazo de la solicitud ampliado")),
    ("cuentas.buscar_titular", _("Buscar al titular"), _("Se buscó a quién pertenecen los datos")),
    ("cuentas.suprimir_datos", _("Suprimir datos"), _("Datos suprimidos")),
    ("cuentas.buscar_persona", _("Buscar a una persona"), _("Datos consultados por el personal")),
    ("cuentas.verificar_en_padron", _("Verificarse en un padrón"), _("Verificada en un padrón")),
    ("cuentas.verificar_presencial", _("Verificar en persona"), _("Verificada en persona")),
    ("cuentas.unir_participantes", _("Unir a su cuenta"), _("Su cuenta se unió a lo que hizo sin ella")),
    ("cuentas.crear_padron", _("Subir padrón"), _("Padrón subido")),
    ("cuentas.padron_vigente", _("Cargar padrón"), _("Padrón cargado y vigente")),
    ("cuentas.padron_fallido", _("Detener padrón"), _("Padrón sin cargar")),
    ("cuentas.retirar_padron", _("Retirar padrón"), _("Padrón retirado")),
    ("cuentas.pedir_acudiente", _("Pedir firma de acudiente"), _("Firma del acudiente pedida")),
    ("cuentas.firmar_acudiente", _("Firmar como acudiente"), _("Autorización firmada por el acudiente")),
    ("cuentas.entregar_papel_acudiente", _("Entregar autorización en papel"), _("Autorización en papel entregada")),
    ("cuentas.aprobar_acudiente", _("Aprobar autorización"), _("Autorización del acudiente aprobada")),
    ("cuentas.rechazar_acudiente", _("Rechazar autorización"), _("Autorización del acudiente rechazada")),
    ("cuentas.revocar_acudiente", _("Revocar autorización"), _("Autorización del acudiente revocada")),
]


@hooks.register("register_log_actions")
def acciones_del_historial(registro):
    registro.register_action("cuentas.crear_organizacion", _("Crear organización"), _("Organización creada"))
    registro.register_action("cuentas.terminar_membresia", _("Dejar una organización"), _("Membresía terminada"))
    registro.register_action("cuentas.editar_organizacion", _("Editar organización"), _("Datos de la organización cambiados"))
    registro.register_action("cuentas.pedir_verificacion", _("Pedir verificación"), _("Verificación pedida"))
    registro.register_action("cuentas.anular_invitacion", _("Anular invitación"), _("Invitación anulada"))

    @registro.register_action("cuentas.revisar_organizacion")
    class RevisarOrganizacionFormatter(LogFormatter):
        label = _("Revisar organización")

        def format_message(self, entrada):
            return ResultadoRevision(entrada.data["resultado"]).label

    class RolMembresiaFormatter(LogFormatter):
        def format_message(self, entrada):
            return self.mensaje % {"rol": RolMembresia(entrada.data["rol"]).label}

    @registro.register_action("cuentas.invitar")
    class InvitarFormatter(RolMembresiaFormatter):
        label, mensaje = _("Invitar"), _("Invitación enviada: %(rol)s")

    @registro.register_action("cuentas.aceptar_invitacion")
    class AceptarInvitacionFormatter(RolMembresiaFormatter):
        label, mensaje = _("Aceptar invitación"), _("Invitación aceptada: %(rol)s")

    @registro.register_action("cuentas.cambiar_rol_membresia")
    class CambiarRolMembresiaFormatter(RolMembresiaFormatter):
        label, mensaje = _("Cambiar rol en la organización"), _("Rol cambiado: %(rol)s")

    registro.register_action("cuentas.crear_personal", _("Crear cuenta del personal"), _("Cuenta del personal creada"))
    registro.register_action("cuentas.quitar_segundo_factor", _("Quitar segundo paso"), _("Segundo paso quitado"))
    registro.register_action("cuentas.hacer_superusuario", _("Hacer superusuario"), _("Cuenta hecha superusuario"))

    for accion, etiqueta, mensaje in ACCIONES_DE_PERSONAS:
        registro.register_action(accion, etiqueta, mensaje)

    @registro.register_action("cuentas.anular_verificacion")
    class AnularVerificacionFormatter(LogFormatter):
        label = _("Anular verificación")

        def format_message(self, entrada):
            nivel = NivelVerificacion(entrada.data["nivel"]).label
            if entrada.data["liberado"]:
                return _("Verificación anulada y documento liberado: %(nivel)s") % {"nivel": nivel}
            return _("Verificación anulada: %(nivel)s") % {"nivel": nivel}

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
