from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from home.texto import limpiar_parrafos

from ..actions import participante_de
from ..enums import ResultadoRevision, RolMembresia, TipoActor
from ..models import Membresia, Organizacion, RevisionOrganizacion, Usuario
from ..soportes import guardar_soporte
from .rules import es_representante, integra

# Las demás pueden no tenerlo: una junta sin personería o una veeduría se inscribe sin NIT (Ley 850 de 2003, art. 3).
CON_NIT = (TipoActor.UNIVERSIDAD, TipoActor.EMPRESA, TipoActor.ENTIDAD)
EDITABLES = ("tipo", "nombre", "nit", "sector", "tamano", "correo", "telefono")
NOTA_MAXIMA = 2000


def bloquear(organizacion_id: int) -> Organizacion:
    """El candado de la organización: ordena los cambios en sus integrantes, sus invitaciones y su verificación."""
    return Organizacion.objects.select_for_update(of=["self"]).get(pk=organizacion_id)


def nit_ocupado(nit: str, *, salvo: int | None = None) -> str:
    """Por qué no se puede usar ese NIT y qué hacer; vacío si está libre."""
    if not nit or not Organizacion.objects.filter(nit=nit).exclude(pk=salvo).exists():
        return ""
    return _(
        "Ya hay una organización con ese NIT. Si es la suya, pida a quien la representa que lo invite desde la página "
        "de la organización. Si no sabe quién es, escriba a la entidad: sus datos están al pie de esta página."
    )


def _guardar(organizacion: Organizacion) -> None:
    try:
        with transaction.atomic():
            organizacion.save()
    except IntegrityError as error:
        # Otra persona registró ese NIT entre validar y guardar.
        if mensaje := nit_ocupado(organizacion.nit, salvo=organizacion.pk):
            raise ValidationError({"nit": mensaje}) from error
        raise


@transaction.atomic
def crear_organizacion(*, organizacion: Organizacion, actor: Usuario) -> Organizacion:
    """Guarda una organización nueva y hace a quien la crea su representante. Lanza ValidationError si el NIT está en uso."""
    _guardar(organizacion)
    Membresia.objects.create(
        participante=participante_de(actor), organizacion=organizacion, rol=RolMembresia.REPRESENTANTE
    )
    log(instance=organizacion, action="cuentas.crear_organizacion", user=actor)
    return organizacion


@transaction.atomic
def editar_organizacion(*, organizacion: Organizacion, actor: Usuario, sin_verificacion: bool = False) -> Organizacion:
    """Guarda los datos cambiados. Cambiar tipo, nombre o NIT de una verificada le quita la verificación.

    Lanza PermissionDenied si no la representa y ValidationError si el NIT está en uso, o si perdería la verificación
    y no se dijo que se acepta con `sin_verificacion` (code="pierde_verificacion").
    """
    actual = bloquear(organizacion.pk)
    if not es_representante(actor, actual):
        raise PermissionDenied
    cambios = [campo for campo in EDITABLES if getattr(actual, campo) != getattr(organizacion, campo)]
    pierde = actual.verificada_en is not None and actual.identidad != organizacion.identidad
    if pierde and not sin_verificacion:
        raise ValidationError(
            _("La entidad verificó el tipo, el nombre y el NIT que tenía: al cambiarlos se pierde la verificación."),
            code="pierde_verificacion",
        )
    for campo in cambios:
        setattr(actual, campo, getattr(organizacion, campo))
    if pierde:
        actual.verificada_en = None
        RevisionOrganizacion.objects.create(
            organizacion=actual,
            resultado=ResultadoRevision.RETIRADA,
            nota=_("Sus representantes cambiaron el tipo, el nombre o el NIT."),
        )
    _guardar(actual)
    if cambios:
        log(
            instance=actual,
            action="cuentas.editar_organizacion",
            user=actor,
            data={"campos": cambios, "pierde_verificacion": pierde},
        )
    return actual


# --- Integrantes -----------------------------------------------------------------------


def _comprobar_que_quede_representante(membresia: Membresia) -> None:
    otras = membresia.organizacion.membresias.vigentes().exclude(pk=membresia.pk)
    if (
        membresia.rol == RolMembresia.REPRESENTANTE
        and otras.exists()
        and not otras.filter(rol=RolMembresia.REPRESENTANTE).exists()
    ):
        raise ValidationError(
            _("Es la única persona que la representa: nombre antes a otra como representante."),
            code="ultimo_representante",
        )


def _anular_sus_invitaciones(membresia: Membresia) -> None:
    """Quien deja de representar no deja puertas abiertas."""
    membresia.organizacion.invitaciones.vigentes().filter(invitada_por=membresia.participante).update(anulada_en=Now())


def _vigente(membresia: Membresia, organizacion: Organizacion) -> Membresia | None:
    return organizacion.membresias.vigentes().select_related("participante").filter(pk=membresia.pk).first()


@transaction.atomic
def terminar_membresia(*, membresia: Membresia, actor: Usuario) -> None:
    """Quita el poder de actuar por la organización; lo ya hecho en su nombre queda como estaba. Repetirlo no hace nada.

    Lanza PermissionDenied si no es la propia ni la representa, y ValidationError si los demás quedarían sin quien los
    represente (code="ultimo_representante").
    """
    organizacion = bloquear(membresia.organizacion_id)
    membresia = _vigente(membresia, organizacion)
    if membresia is None:
        return
    if membresia.participante.cuenta_id != actor.pk and not es_representante(actor, organizacion):
        raise PermissionDenied
    _comprobar_que_quede_representante(membresia)
    organizacion.membresias.filter(pk=membresia.pk).update(hasta=Now())
    _anular_sus_invitaciones(membresia)
    log(instance=organizacion, action="cuentas.terminar_membresia", user=actor)


@transaction.atomic
def cambiar_rol(*, membresia: Membresia, rol: RolMembresia, actor: Usuario) -> None:
    """Cambia el rol de una persona en la organización.

    Lanza PermissionDenied si el actor no la representa y ValidationError si esa persona ya no la integra o era la única
    representante (code="ultimo_representante").
    """
    organizacion = bloquear(membresia.organizacion_id)
    if not es_representante(actor, organizacion):
        raise PermissionDenied
    membresia = _vigente(membresia, organizacion)
    if membresia is None:
        raise ValidationError(_("Esa persona ya no integra la organización."), code="terminada")
    if membresia.rol == rol:
        return
    _comprobar_que_quede_representante(membresia)
    membresia.rol = rol
    membresia.save(update_fields=["rol"])
    if rol != RolMembresia.REPRESENTANTE:
        _anular_sus_invitaciones(membresia)
    log(instance=organizacion, action="cuentas.cambiar_rol_membresia", user=actor, data={"rol": rol})


# --- Verificación ----------------------------------------------------------------------


@transaction.atomic
def pedir_verificacion(*, organizacion: Organizacion, archivo: UploadedFile, actor: Usuario) -> Organizacion:
    """Pide a la entidad que la verifique, con un documento. Pedirla otra vez mientras espera reemplaza el documento.

    Lanza PermissionDenied si no la representa y ValidationError si ya está verificada o el archivo no se acepta.
    """
    organizacion = bloquear(organizacion.pk)
    if not es_representante(actor, organizacion):
        raise PermissionDenied
    if organizacion.verificada_en:
        raise ValidationError(_("Esta organización ya está verificada."), code="verificada")
    anterior = organizacion.soporte
    organizacion.soporte = guardar_soporte(archivo=archivo)
    organizacion.verificacion_pedida_en = organizacion.verificacion_pedida_en or Now()
    organizacion.save()
    if anterior:
        anterior.borrar()
    log(instance=organizacion, action="cuentas.pedir_verificacion", user=actor)
    return organizacion


def resultados_posibles(organizacion: Organizacion) -> list[ResultadoRevision]:
    """Lo que el personal puede decidir hoy sobre ella."""
    if organizacion.verificada_en:
        return [ResultadoRevision.RETIRADA]
    if organizacion.verificacion_pedida_en:
        return [ResultadoRevision.VERIFICADA, ResultadoRevision.RECHAZADA]
    return [ResultadoRevision.VERIFICADA]


@transaction.atomic
def revisar_organizacion(
    *, organizacion: Organizacion, resultado: str, nota: str, vista: tuple[str, str, str], actor: Usuario
) -> RevisionOrganizacion:
    """El personal verifica una organización, dice que no pudo o le retira la verificación. Sólo se añaden revisiones.

    `vista`: la `identidad` que el personal tenía delante. Lanza ValidationError si falta la nota, si es su propia
    organización (code="propia"), si alguien cambió sus datos (code="cambio") o si ya no procede (code="transicion").
    """
    organizacion = bloquear(organizacion.pk)
    if integra(actor, organizacion):
        raise ValidationError(_("Usted integra esta organización: debe revisarla otra persona."), code="propia")
    if organizacion.identidad != vista:
        raise ValidationError(
            _("Sus representantes cambiaron el tipo, el nombre o el NIT mientras usted la revisaba: mírela otra vez."),
            code="cambio",
        )
    if resultado not in resultados_posibles(organizacion):
        raise ValidationError(_("Ya no procede: otra persona la revisó. Mire la última revisión."), code="transicion")
    nota = limpiar_parrafos(nota)
    if not nota or len(nota) > NOTA_MAXIMA:
        raise ValidationError(
            {"nota": _("Escriba qué comprobó, en hasta %(n)s caracteres.") % {"n": NOTA_MAXIMA}}, code="nota"
        )
    revision = RevisionOrganizacion.objects.create(
        organizacion=organizacion, resultado=resultado, nota=nota, soporte=organizacion.soporte, revisada_por=actor
    )
    organizacion.soporte = organizacion.verificacion_pedida_en = None
    organizacion.verificada_en = Now() if resultado == ResultadoRevision.VERIFICADA else None
    organizacion.save()
    log(instance=organizacion, action="cuentas.revisar_organizacion", user=actor, data={"resultado": resultado})
    return revision
