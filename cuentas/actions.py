from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site

from .enums import RolPersonal
from .models import AsignacionRol, Participante, Usuario
from .roles import EDITAN, PERMISOS, PERMISOS_COLECCION, PERMISOS_PAGINA


def participante_de(usuario: Usuario) -> Participante:
    """El participante de una cuenta; nace la primera vez que se necesita."""
    return Participante.objects.get_or_create(cuenta=usuario)[0]


@transaction.atomic
def crear_personal(
    *, correo: str, clave: str, nombre: str, apellido: str, sitio: Site, roles: list[RolPersonal], actor: Usuario | None
) -> Usuario:
    """Crea una cuenta del personal con su correo ya verificado y sus roles.

    Es la única puerta: una cuenta creada en el administrador de Wagtail no tiene correo verificado y
    no podría entrar. Lanza ValidationError si el correo ya tiene cuenta.
    """
    correo = correo.strip().lower()
    if Usuario.objects.filter(email__iexact=correo).exists():
        raise ValidationError({"correo": _("Ya hay una cuenta con ese correo.")})
    usuario = Usuario.objects.create_user(correo, clave, first_name=nombre, last_name=apellido)
    EmailAddress.objects.create(user=usuario, email=correo, verified=True, primary=True)
    for rol in roles:
        asignar_rol(usuario=usuario, sitio=sitio, rol=rol, actor=actor)
    log(instance=usuario, action="cuentas.crear_personal", user=actor)
    return usuario


@transaction.atomic
def asignar_rol(*, usuario: Usuario, sitio: Site, rol: RolPersonal, actor: Usuario | None) -> None:
    """Otorga un rol en un sitio. El grupo da los permisos; la asignación, el sitio donde valen."""
    grupo = Group.objects.get(name=rol)
    _fila, nueva = AsignacionRol.objects.get_or_create(
        usuario=usuario, sitio=sitio, grupo=grupo, defaults={"otorgado_por": actor}
    )
    usuario.groups.add(grupo)
    _marcar_personal(usuario)
    if nueva:
        log(instance=usuario, action="cuentas.asignar_rol", user=actor, data={"rol": rol})


@transaction.atomic
def quitar_rol(*, usuario: Usuario, sitio: Site, rol: RolPersonal, actor: Usuario | None) -> None:
    """Quita un rol en un sitio, y el grupo si ningún otro sitio lo da. Si no lo tenía, no pasa nada."""
    grupo = Group.objects.get(name=rol)
    borradas, _por_modelo = AsignacionRol.objects.filter(usuario=usuario, sitio=sitio, grupo=grupo).delete()
    if not borradas:
        return
    if not AsignacionRol.objects.filter(usuario=usuario, grupo=grupo).exists():
        usuario.groups.remove(grupo)
    _marcar_personal(usuario)
    log(instance=usuario, action="cuentas.quitar_rol", user=actor, data={"rol": rol})


def _marcar_personal(usuario: Usuario) -> None:
    """`is_staff` dice si vale la pena preguntar sus permisos: la ciudadanía no paga esa consulta en cada página."""
    usuario.is_staff = usuario.is_superuser or usuario.asignaciones.exists()
    usuario.save(update_fields=["is_staff"])


def _permisos(claves: set[str]) -> list[Permission]:
    """Los permisos escritos «app.codigo». Lanza LookupError si alguno no existe."""
    pares = {tuple(clave.split(".", 1)) for clave in claves}
    candidatos = Permission.objects.filter(codename__in=[codigo for _app, codigo in pares])
    por_par = {(p.content_type.app_label, p.codename): p for p in candidatos.select_related("content_type")}
    if faltan := pares - por_par.keys():
        raise LookupError(f"Permisos declarados que no existen: {sorted(faltan)}")
    return [por_par[par] for par in pares]


@transaction.atomic
def preparar_roles() -> None:
    """Pone al día los grupos del personal con los permisos que declaran las salas. Se repite sin daño."""
    for rol, permisos in PERMISOS.items():
        grupo, _creado = Group.objects.get_or_create(name=rol)
        grupo.permissions.set(_permisos(permisos))
    pagina, coleccion = Page.get_first_root_node(), Collection.get_first_root_node()
    if pagina is None or coleccion is None:
        return  # una base de datos recién vaciada por las pruebas: no hay árbol que proteger
    for rol in EDITAN:
        grupo = Group.objects.get(name=rol)
        for permiso in _permisos({f"wagtailcore.{codigo}" for codigo in PERMISOS_PAGINA}):
            GroupPagePermission.objects.get_or_create(group=grupo, page=pagina, permission=permiso)
        for permiso in Permission.objects.filter(codename__in=PERMISOS_COLECCION):
            GroupCollectionPermission.objects.get_or_create(group=grupo, collection=coleccion, permission=permiso)
