"""Lo que `cuentas` deja de conservar con el tiempo. Véase `cuentas.retencion`."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from ..actions import participante_de
from ..enums import EstadoAutorizacion, EstadoPadron, EstadoSolicitud
from ..models import AutorizacionAcudiente, DocumentoPadron, Invitacion, SolicitudDatos, Usuario
from ..retencion import FINALIDADES, borrar, declarar
from ..verificacion.union import tiene_actividad
from . import actions, correo
from .fuentes import olvidar_solicitudes

# De la ciudadanía: al personal primero se le quitan sus roles.
_CIUDADANIA = Q(is_staff=False, is_superuser=False)


def sin_confirmar(limite: datetime):
    """Cuentas que nadie confirmó y con las que nadie entró; no las que el personal ya ató al documento de alguien."""
    return (
        Usuario.objects.filter(_CIUDADANIA, date_joined__lt=limite, last_login=None)
        .exclude(emailaddress__verified=True)
        .exclude(participante__documento_hmac__isnull=False)
        .order_by("pk")
    )


def _que_siguen(cuentas):
    """Cada una, si aún cumple al llegar a ella: mientras se hacían las anteriores pudo entrar o confirmar su correo."""
    for cuenta in cuentas:
        if cuentas.filter(pk=cuenta.pk).exists():
            yield cuenta


def descartar_cuentas(cuentas) -> int:
    """Como si no se hubieran abierto: sin constancia ni correo, que iría a quien quizá no la abrió."""
    sitio, hechas = _sitio(), 0
    for cuenta in _que_siguen(cuentas):
        participante = participante_de(cuenta)
        with transaction.atomic():
            actions.suprimir_datos(participante=participante, sitio=sitio, con_constancia=False)
            # Una clave con la que nadie llegó a hacer nada sobra.
            if not tiene_actividad(participante) and not participante.membresias.exists():
                participante.delete()
        hechas += 1
    return hechas


def _sitio() -> Site:
    return Site.objects.get(is_default_site=True)


def _ultima_actividad():
    return Coalesce("last_login", "date_joined")


def sin_uso(limite: datetime):
    """Cuentas sin entrar desde `limite` y a las que aún no se avisó desde entonces."""
    return (
        Usuario.objects.filter(_CIUDADANIA, is_active=True)
        .annotate(actividad=_ultima_actividad())
        .filter(Q(inactividad_avisada_en=None) | Q(inactividad_avisada_en__lt=F("actividad")), actividad__lt=limite)
        .order_by("pk")
    )


def avisar_desuso(cuentas) -> int:
    """Con el correo caído no se anota: se avisará otro día, y el plazo para entrar cuenta desde entonces."""
    sitio, avisadas, dias = _sitio(), 0, FINALIDADES["desuso"].dias_vigentes
    for cuenta in cuentas:
        if correo.escribir(correo=cuenta.email, plantilla="desuso", sitio=sitio, idioma=cuenta.idioma, dias=dias):
            avisadas += Usuario.objects.filter(pk=cuenta.pk).update(inactividad_avisada_en=Now())
    return avisadas


def avisadas_sin_volver(limite: datetime):
    """Las que se avisaron antes de `limite` y no han vuelto a entrar."""
    return (
        Usuario.objects.filter(_CIUDADANIA, inactividad_avisada_en__lt=limite)
        .annotate(actividad=_ultima_actividad())
        .filter(actividad__lt=F("inactividad_avisada_en"))
        .order_by("pk")
    )


def suprimir_cuentas(cuentas) -> int:
    sitio, hechas = _sitio(), 0
    for cuenta in _que_siguen(cuentas):
        hechas += actions.suprimir_datos(participante=participante_de(cuenta), sitio=sitio) is not None
    return hechas


def invitaciones(limite: datetime):
    return Invitacion.objects.filter(Q(usada_en__lt=limite) | Q(anulada_en__lt=limite) | Q(vence_en__lt=limite))


def acudientes(limite: datetime):
    """Las autorizaciones que no rigen: nadie las firmó, se rechazaron o se revocaron."""
    return AutorizacionAcudiente.objects.exclude(estado=EstadoAutorizacion.VIGENTE).filter(vence_en__lt=limite)


@transaction.atomic
def borrar_con_soporte(filas) -> int:
    soportes = [fila.soporte for fila in filas.select_related("soporte") if fila.soporte]
    borradas = borrar(filas)
    for soporte in soportes:
        soporte.borrar()
    return borradas


def solicitudes(limite: datetime):
    con_texto = ~Q(texto="") | ~Q(contacto="") | ~Q(respuesta="") | Q(participante__isnull=False)
    return SolicitudDatos.objects.filter(con_texto, estado=EstadoSolicitud.RESUELTA, resuelta_en__lt=limite)


def documentos_de_padron(limite: datetime):
    return DocumentoPadron.objects.filter(padron__estado=EstadoPadron.RETIRADO, padron__retirado_en__lt=limite)


def sesiones(limite: datetime):
    return Session.objects.filter(expire_date__lt=limite)


def declarar_finalidades() -> None:
    for clave, etiqueta, dias, hace, buscar, aplicar in (
        ("sin_confirmar", _("Cuentas con el correo sin confirmar"), 7, _("se borran"), sin_confirmar, descartar_cuentas),
        ("desuso_aviso", _("Cuentas sin entrar: aviso"), 730, _("se les avisa por correo"), sin_uso, avisar_desuso),
        (
            "desuso",
            _("Cuentas avisadas que no volvieron a entrar"),
            60,
            _("se suprimen sus datos"),
            avisadas_sin_volver,
            suprimir_cuentas,
        ),
        ("invitaciones", _("Invitaciones usadas, anuladas o vencidas"), 90, _("se borran"), invitaciones, borrar),
        (
            "acudientes",
            _("Autorizaciones de acudientes que no rigen"),
            90,
            _("se borran con su soporte"),
            acudientes,
            borrar_con_soporte,
        ),
        (
            "solicitudes",
            _("Solicitudes sobre datos ya respondidas"),
            730,
            _("quedan el número, el tipo y las fechas"),
            solicitudes,
            olvidar_solicitudes,
        ),
        ("padrones", _("Documentos de padrones retirados"), 30, _("se borran"), documentos_de_padron, borrar),
        ("sesiones", _("Sesiones vencidas"), 0, _("se borran"), sesiones, borrar),
    ):
        declarar(clave, etiqueta, dias=dias, hace=hace, buscar=buscar, aplicar=aplicar)
