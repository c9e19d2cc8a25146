"""Lo que `cuentas` y las aplicaciones ajenas guardan de una persona: cómo se le entrega y cómo se suprime.

Corren de última y en este orden: lo que dice quién era, la cuenta y la clave, al final.
"""

import re
from functools import partial

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry, PageLogEntry
from wagtail.users.models import UserProfile

from ..datos_personales import SUPRIMIDO, Copia, declarar, describir, describir_todas, nada
from ..enums import EstadoSolicitud, RolMembresia
from ..models import (
    Invitacion,
    Membresia,
    Organizacion,
    Participante,
    Perfil,
    RevisionOrganizacion,
    SolicitudDatos,
    Soporte,
    Usuario,
)

# Lo ajeno que cuelga de la cuenta y se borra con ella: modelo → (llave, lo que se entrega).
DE_LA_CUENTA = {
    "account.emailaddress": ("user", ["email", "verified", "primary"]),
    "mfa.authenticator": ("user", ["type", "created_at", "last_used_at"]),
    "usersessions.usersession": ("user", ["created_at", "last_seen_at", "ip", "user_agent"]),
    "socialaccount.socialaccount": ("user", ["provider", "uid", "last_login", "date_joined", "extra_data"]),
    "wagtailusers.userprofile": ("user", ["preferred_language", "current_time_zone"]),
    "wagtailcore.comment": ("user", ["text", "created_at"]),
    "wagtailcore.commentreply": ("user", ["text", "created_at"]),
    "wagtailadmin.formstate": ("user", ["data"]),
}
# Cuelgan de lo anterior, o dicen de la cuenta lo que ya se entrega con ella: se borran igual.
_CON_ELLOS = [
    "account.emailconfirmation", "socialaccount.socialtoken", "wagtailadmin.editingsession",
    "wagtailcore.pagesubscription", "sessions.session", "cuentas.usuario_groups", "cuentas.usuario_user_permissions",
    "cuentas.asignacionrol",
]  # fmt: skip


def _correos(cuenta: Usuario | None) -> set[str]:
    if cuenta is None:
        return set()
    return {cuenta.email.lower(), *EmailAddress.objects.filter(user=cuenta).values_list("email", flat=True)}


def _instaladas() -> dict:
    return {clave: valor for clave, valor in DE_LA_CUENTA.items() if apps.is_installed(_app(clave))}


def _app(clave: str) -> str:
    """El módulo de la aplicación de «etiqueta.modelo»; vacío si no está instalada."""
    etiqueta = clave.split(".")[0]
    return next((c.name for c in apps.get_app_configs() if c.label == etiqueta), "")


# --- La cuenta y lo que cuelga de ella ------------------------------------------------------------


def copiar_cuenta(participante: Participante) -> Copia:
    cuenta = participante.cuenta
    datos = {"clave en el registro": participante.clave, "desde": participante.creado_en}
    datos |= describir(participante, "nombre", "muestra_nombre", "nivel", "documento_hmac")
    if cuenta is None:
        return Copia(datos)
    datos |= describir(cuenta, "email", "first_name", "last_name", "idioma", "date_joined", "last_login")
    for clave, (llave, campos) in _instaladas().items():
        filas = apps.get_model(clave)._base_manager.filter(**{llave: cuenta})
        datos[str(filas.model._meta.verbose_name_plural)] = describir_todas(filas, *campos)
    datos["roles"] = [str(grupo) for grupo in cuenta.groups.all()]
    return Copia(datos, [(p.avatar.name, p.avatar) for p in UserProfile.objects.filter(user=cuenta) if p.avatar])


def suprimir_cuenta(participante: Participante) -> None:
    """Cierra sus sesiones, borra la cuenta con lo que cuelga de ella y deja la clave sin identidad."""
    if cuenta := participante.cuenta:
        _borrar_sesiones(cuenta)
        for perfil in UserProfile.objects.filter(user=cuenta):
            if perfil.avatar:
                transaction.on_commit(partial(perfil.avatar.storage.delete, perfil.avatar.name))
        cuenta.delete()
    Participante.objects.filter(pk=participante.pk).update(
        cuenta=None, nombre="", documento_hmac=None, muestra_nombre=False, nivel=0, suprimido=True
    )


def _borrar_sesiones(cuenta: Usuario) -> None:
    """Las suyas, y las de quien empezó a entrar o a registrarse con sus correos y aún no lo terminó.

    Una sesión no dice de quién es sin abrirla: se abren todas.
    """
    suyos = _correos(cuenta)
    ajenas = []
    for sesion in Session.objects.iterator():
        datos = sesion.get_decoded()
        textos = set(re.findall(r"[^\s'\"<>,;:]+@[^\s'\"<>,;:]+", str(datos).lower()))
        if datos.get("_auth_user_id") == str(cuenta.pk) or textos & suyos:
            ajenas.append(sesion.pk)
    Session.objects.filter(pk__in=ajenas).delete()


# --- Lo que declaró y lo que autorizó ---------------------------------------------------------------


def copiar_perfil(participante: Participante) -> Copia:
    perfil = Perfil.objects.filter(participante=participante).select_related("territorio").first()
    campos = ["rango_declarado", "grupo_edad", "municipio", "territorio", "zona", "actualizado_en"]
    return Copia(
        {
            "perfil": describir(perfil, *campos) if perfil else None,
            "enfoque diferencial": [r.get_opcion_display() for r in participante.respuestas_diferenciales.all()],
        }
    )


def suprimir_perfil(participante: Participante) -> None:
    participante.respuestas_diferenciales.all().delete()
    Perfil.objects.filter(participante=participante).delete()


def copiar_autorizaciones(participante: Participante) -> Copia:
    consentimientos = participante.consentimientos.select_related("version").order_by("pk")
    return Copia(
        [
            describir(c, "finalidad", "canal", "otorgado_en", "revocado_en", "texto_hash") | {"política": str(c.version)}
            for c in consentimientos
        ]
    )


def suprimir_autorizaciones(participante: Participante) -> None:
    participante.consentimientos.all().delete()


def copiar_acudientes(participante: Participante) -> Copia:
    campos = [
        "medio", "estado", "nombre", "parentesco", "documento", "correo", "pedida_en", "firmada_en", "revisada_en", "motivo",
    ]  # fmt: skip
    return Copia(describir_todas(participante.autorizaciones.all(), *campos))


def suprimir_acudientes(participante: Participante) -> None:
    _borrar_con_soportes(participante.autorizaciones.all())


def copiar_verificaciones(participante: Participante) -> Copia:
    campos = ["nivel", "padron", "verificada_en", "nota", "anulada_en", "motivo_anulacion"]
    soportes = participante.soportes.order_by("pk")
    return Copia(
        {
            "verificaciones": describir_todas(participante.verificaciones.select_related("padron"), *campos),
            "soportes": describir_todas(soportes, "nombre", "tipo_mime", "tamano", "creado_en"),
        },
        [(soporte.nombre, soporte.archivo) for soporte in soportes],
    )


def suprimir_verificaciones(participante: Participante) -> None:
    _borrar_con_soportes(participante.verificaciones.all())
    # El de una organización lo aportó ella, aunque lo subiera esta persona.
    for modelo in (Organizacion, RevisionOrganizacion):
        de_organizacion = modelo.objects.filter(soporte__isnull=False).values("soporte")
        participante.soportes.filter(pk__in=de_organizacion).update(titular=None)
    for soporte in participante.soportes.all():
        soporte.borrar()


def _borrar_con_soportes(filas) -> None:
    soportes = list(Soporte.objects.filter(pk__in=filas.values("soporte")))
    filas.delete()
    for soporte in soportes:
        soporte.borrar()


# --- Organizaciones ------------------------------------------------------------------------------------


def _unicamente_suyas(participante: Participante):
    """Las organizaciones en las que sólo ella tiene hoy membresía."""
    vigentes = Membresia.objects.vigentes()
    return Organizacion.objects.filter(pk__in=vigentes.filter(participante=participante).values("organizacion")).exclude(
        pk__in=vigentes.exclude(participante=participante).values("organizacion")
    )


def copiar_organizaciones(participante: Participante) -> Copia:
    invitaciones = Invitacion.objects.filter(_invitada(participante) | Q(invitada_por=participante))
    return Copia(
        {
            "membresías": describir_todas(
                participante.membresias.select_related("organizacion"), "organizacion", "rol", "desde", "hasta"
            ),
            "invitaciones": describir_todas(invitaciones, "correo", "rol", "creada_en", "vence_en", "usada_en"),
            "contacto de las organizaciones que sólo usted integra": describir_todas(
                _unicamente_suyas(participante), "nombre", "nit", "correo", "telefono"
            ),
        }
    )


def _invitada(participante: Participante) -> Q:
    suyas = Q(pk__in=[])
    for correo in _correos(participante.cuenta):
        suyas |= Q(correo__iexact=correo)
    return suyas


def suprimir_organizaciones(participante: Participante) -> None:
    """Termina sus membresías y anula las invitaciones que dejó abiertas. Si era la única representante, lo queda quien lleva más tiempo; si era la única persona,
    la organización pierde su contacto y sus invitaciones."""
    solas = list(_unicamente_suyas(participante).select_related("soporte"))
    Organizacion.objects.filter(pk__in=[o.pk for o in solas]).update(correo="", telefono="", soporte=None)
    for organizacion in solas:
        if organizacion.soporte:
            organizacion.soporte.borrar()
    Invitacion.objects.filter(_invitada(participante) | Q(organizacion__in=solas)).delete()
    suyas = Membresia.objects.vigentes().filter(participante=participante)
    organizaciones = list(suyas.values_list("organizacion", flat=True))
    suyas.update(hasta=Now())
    # Después de la membresía, como al terminarla: en otro orden se bloquearían.
    Invitacion.objects.vigentes().filter(invitada_por=participante).update(anulada_en=Now())
    for organizacion in organizaciones:
        quedan = Membresia.objects.vigentes().filter(organizacion=organizacion)
        if quedan and not quedan.filter(rol=RolMembresia.REPRESENTANTE).exists():
            heredera = quedan.order_by("desde", "pk").first()
            heredera.rol = RolMembresia.REPRESENTANTE
            heredera.save(update_fields=["rol"])


# --- Lo que ha pedido sobre sus datos ---------------------------------------------------------------------


def copiar_solicitudes(participante: Participante) -> Copia:
    campos = ["tipo", "texto", "contacto", "estado", "recibida_en", "vence_el", "motivo_prorroga", "respuesta", "resuelta_en"]
    return Copia([{"número": s.numero, **describir(s, *campos)} for s in participante.solicitudes.all()])


def suprimir_solicitudes(participante: Participante) -> None:
    """Quedan el número, el tipo y las fechas."""
    olvidar_solicitudes(SolicitudDatos.objects.filter(participante=participante))


def olvidar_solicitudes(solicitudes) -> int:
    """Las deja sin quién ni qué escribió, y cierra las que esperaban: ya no hay a quién responder. Devuelve cuántas."""
    abiertas = solicitudes.filter(estado=EstadoSolicitud.ABIERTA)
    abiertas.update(estado=EstadoSolicitud.RESUELTA, resuelta_en=Now())
    solicitudes.exclude(motivo_prorroga="").update(motivo_prorroga=SUPRIMIDO)
    return solicitudes.update(participante=None, texto="", contacto="", respuesta="")


# --- Lo que hizo en el administrador, si fue del personal ---------------------------------------------------


def copiar_historial(participante: Participante) -> Copia:
    """El historial dice qué hizo una cuenta, no quién era: al borrarla queda su número."""
    if participante.cuenta is None:
        return Copia([])
    return Copia(
        [
            {"acción": entrada.action, "sobre": entrada.label, "cuándo": entrada.timestamp}
            for modelo in (ModelLogEntry, PageLogEntry)
            for entrada in modelo.objects.filter(user=participante.cuenta).order_by("timestamp")
        ]
    )


# Guardan qué cuenta hizo algo como personal; al borrar la cuenta esa llave queda vacía o sin destino.
_HISTORIAL = [
    "wagtailcore.modellogentry", "wagtailcore.pagelogentry", "wagtailcore.revision", "wagtailcore.workflowstate",
    "wagtailcore.taskstate", "wagtailcore.uploadedfile", "wagtailcore.page", "home.imagen", "home.documento",
    "wagtaildocs.document", "wagtailimages.image", "wagtail_localize.stringtranslation",
    "wagtail_localize.segmentoverride", "cuentas.padron",
]  # fmt: skip


def declarar_fuentes() -> None:
    m = "cuentas."
    declarar(
        "cuentas.solicitudes",
        _("Solicitudes sobre sus datos"),
        modelos=[m + "solicituddatos"],
        copiar=copiar_solicitudes,
        suprimir=suprimir_solicitudes,
    )
    declarar(
        "cuentas.acudientes",
        _("Autorizaciones de su acudiente"),
        modelos=[m + "autorizacionacudiente"],
        copiar=copiar_acudientes,
        suprimir=suprimir_acudientes,
    )
    declarar(
        "cuentas.verificaciones",
        _("Verificaciones y soportes"),
        modelos=[m + "verificacion", m + "soporte"],
        copiar=copiar_verificaciones,
        suprimir=suprimir_verificaciones,
    )
    declarar(
        "cuentas.organizaciones",
        _("Organizaciones"),
        modelos=[m + "membresia", m + "invitacion", m + "organizacion", m + "revisionorganizacion"],
        copiar=copiar_organizaciones,
        suprimir=suprimir_organizaciones,
    )
    declarar(
        "cuentas.autorizaciones",
        _("Autorizaciones para tratar sus datos"),
        modelos=[m + "consentimiento"],
        copiar=copiar_autorizaciones,
        suprimir=suprimir_autorizaciones,
    )
    declarar(
        "cuentas.perfil",
        _("Perfil y enfoque diferencial"),
        modelos=[m + "perfil", m + "respuestadiferencial"],
        copiar=copiar_perfil,
        suprimir=suprimir_perfil,
    )
    declarar(
        "cuentas.historial",
        _("Lo que hizo como personal"),
        modelos=_HISTORIAL,
        copiar=copiar_historial,
        suprimir=nada,
    )
    declarar(
        "cuentas.cuenta",
        _("Cuenta"),
        modelos=[m + "usuario", m + "participante", *DE_LA_CUENTA, *_CON_ELLOS],
        copiar=copiar_cuenta,
        suprimir=suprimir_cuenta,
    )
