"""Reconocer, o registrar, a quien vino a la oficina o envió un papel. De su documento sólo se guarda la huella."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Site

from ..acudientes.actions import registrar_papel
from ..consentimiento.actions import autorizar
from ..documentos import huella_de_documento
from ..enums import CanalConsentimiento
from ..models import Participante, Perfil, Territorio, Usuario, VersionPolitica
from ..perfil.actions import guardar_perfil
from ..rules import puede_asistir
from ..verificacion.actions import verificar_presencial


def _comprobar_quien_asiste(funcionario: Usuario, sitio: Site, participante: Participante | None) -> None:
    if not puede_asistir(funcionario, sitio):
        raise PermissionDenied
    if participante is not None and participante.cuenta_id == funcionario.pk:
        raise ValidationError(
            _("Ese documento es el suyo: para participar use su cuenta, como cualquier persona."), code="propio"
        )


def _verificar(participante: Participante, tipo: str, numero: str, funcionario: Usuario) -> None:
    nota = _("Mostró su documento al participar en la oficina.")
    verificar_presencial(participante=participante, tipo=tipo, numero=numero, nota=nota, actor=funcionario)


@transaction.atomic
def reconocer(
    *, tipo: str, numero: str, comprobado: bool, sitio: Site, funcionario: Usuario
) -> Participante | None:
    """El participante de ese documento, con cuenta o sin ella; None si aún no participa. Queda en el historial.

    `comprobado`: mostró su documento, y queda verificado en persona. Lanza PermissionDenied si quien atiende no asiste
    en el sitio, y ValidationError si el documento no es válido o es el suyo (code="propio").
    """
    participante = Participante.objects.filter(documento_hmac=huella_de_documento(tipo, numero)).first()
    _comprobar_quien_asiste(funcionario, sitio, participante)
    if participante is None:
        return None
    if comprobado:
        _verificar(participante, tipo, numero, funcionario)
    log(instance=participante, action="cuentas.atender_persona", user=funcionario)
    return participante


@transaction.atomic
def registrar_persona(
    *,
    tipo: str,
    numero: str,
    canal: CanalConsentimiento,
    comprobado: bool,
    sitio: Site,
    funcionario: Usuario,
    version: VersionPolitica,
    finalidades: Iterable[str] = (),
    nombre: str = "",
    rango_declarado: str = "",
    territorio: Territorio | None = None,
    acudiente: dict | None = None,
) -> Participante:
    """Registra a una persona por su documento, o completa lo que le falta. Dos veces el mismo documento es la misma persona.

    Lo que ya declaró en su cuenta no se cambia. `acudiente`: nombre, parentesco, documento y archivo de su autorización
    firmada. Lanza PermissionDenied y ValidationError como `reconocer`, y ValidationError si la política cambió
    (code="version") o no se acepta el archivo.
    """
    participante, nueva = Participante.objects.select_for_update().get_or_create(
        documento_hmac=huella_de_documento(tipo, numero)
    )
    _comprobar_quien_asiste(funcionario, sitio, participante)
    if nombre and not participante.cuenta_id and not participante.nombre:
        participante.nombre = nombre
        participante.save(update_fields=["nombre"])
    if rango_declarado and not Perfil.objects.filter(participante=participante).exists():
        guardar_perfil(participante=participante, rango_declarado=rango_declarado, territorio=territorio)
    finalidades = list(finalidades)
    if acudiente:
        registrar_papel(
            participante=participante, version=version, finalidades=finalidades, actor=funcionario, **acudiente
        )
    autorizar(participante=participante, version=version, finalidades=finalidades, canal=canal)
    if comprobado:
        _verificar(participante, tipo, numero, funcionario)
    accion = "cuentas.registrar_persona" if nueva else "cuentas.atender_persona"
    log(instance=participante, action=accion, user=funcionario)
    return participante
