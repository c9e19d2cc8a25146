from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.models import Site

from ..actions import asignar_rol, crear_personal, quitar_rol
from ..enums import RolPersonal
from ..models import AsignacionRol, Usuario


def _rechazar_propios(usuario: Usuario, actor: Usuario | None) -> None:
    if usuario == actor:
        raise ValidationError(
            _("Nadie cambia sus propios roles: pídalo a otra persona que administre."), code="propios"
        )


def _cuenta_confirmada(correo: str) -> Usuario | None:
    """La cuenta que ya tiene ese correo, bloqueada; None si no hay.

    Lanza ValidationError si está inactiva o si su dueño no ha confirmado el correo: cualquiera pudo abrirla
    con un correo ajeno y una clave propia, y los roles le darían el administrador.
    """
    usuario = Usuario.objects.select_for_update().filter(email__iexact=correo).first()
    if usuario is None:
        return None
    if not usuario.is_active:
        raise ValidationError({"correo": _("La cuenta con ese correo está desactivada.")}, code="inactiva")
    if not EmailAddress.objects.filter(user=usuario, email__iexact=correo, verified=True).exists():
        raise ValidationError(
            {
                "correo": _(
                    "Hay una cuenta con ese correo, pero nadie lo ha confirmado. Pida a esa persona que ponga una contraseña "
                    "nueva en «¿Ha olvidado su contraseña?», entre y confirme su correo; después repita esto."
                )
            },
            code="sin_confirmar",
        )
    return usuario


@transaction.atomic
def incorporar(
    *,
    correo: str,
    nombre: str,
    apellido: str,
    sitio: Site,
    roles: list[RolPersonal],
    actor: Usuario | None,
    clave: str | None = None,
    usar_cuenta: bool = False,
) -> tuple[Usuario, bool]:
    """Da roles del personal a quien tiene ese correo; si no tiene cuenta, se la crea. Devuelve la cuenta y si es nueva.

    Una cuenta que ya existe conserva su nombre y su clave, y sólo se usa si se pide (`usar_cuenta`): un correo
    mal escrito no debe dar poderes a un desconocido. Sin `clave`, la cuenta nueva nace sin ninguna y su dueño la pone.
    Lanza ValidationError (code="existe") si la cuenta existe y no se pidió usarla, o si no se puede usar.
    """
    correo = correo.strip().lower()
    usuario = _cuenta_confirmada(correo)
    if usuario is None:
        datos = {"correo": correo, "clave": clave, "nombre": nombre, "apellido": apellido}
        try:
            with transaction.atomic():
                return crear_personal(**datos, sitio=sitio, roles=roles, actor=actor), True
        except IntegrityError as error:
            raise ValidationError({"correo": _("Ya hay una cuenta con ese correo.")}) from error
    _rechazar_propios(usuario, actor)
    if not usar_cuenta:
        raise ValidationError(
            {"correo": ValidationError(_("Ya hay una cuenta confirmada con ese correo."), code="existe")}
        )
    for rol in roles:
        asignar_rol(usuario=usuario, sitio=sitio, rol=rol, actor=actor)
    return usuario, False


@transaction.atomic
def cambiar_roles(*, usuario: Usuario, sitio: Site, roles: list[RolPersonal], actor: Usuario) -> None:
    """Deja a la cuenta exactamente con estos roles en el sitio. Lanza ValidationError si son los propios.

    El candado ordena los cambios: dos a la vez, en dos sitios, podrían quitar un grupo que el otro acaba de dar.
    """
    usuario = Usuario.objects.select_for_update().get(pk=usuario.pk)
    _rechazar_propios(usuario, actor)
    tiene = set(AsignacionRol.objects.filter(usuario=usuario, sitio=sitio).values_list("grupo__name", flat=True))
    for rol in RolPersonal:
        if rol in roles and rol not in tiene:
            asignar_rol(usuario=usuario, sitio=sitio, rol=rol, actor=actor)
        elif rol in tiene and rol not in roles:
            quitar_rol(usuario=usuario, sitio=sitio, rol=rol, actor=actor)
