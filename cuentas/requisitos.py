"""Lo que le falta a una persona para participar en un sitio. Lo preguntan las acciones, antes de escribir, y las pantallas.

Un requisito que falta no pierde nada: lo escrito queda y se dice cómo cumplirlo.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Site

from .enums import EstadoAutorizacion, Finalidad, NivelVerificacion, RangoDeclarado
from .models import Consentimiento, Participante, Perfil, VersionPolitica


@dataclass(frozen=True)
class Requisito:
    """`codigo`: perfil, acudiente, consentimiento o nivel. `direccion`: la pantalla donde se cumple."""

    codigo: str
    mensaje: str
    accion: str
    direccion: str


def _falta_perfil(participante, perfil):
    if perfil is None:
        yield Requisito(
            "perfil",
            _("Falta que diga su edad: sólo se pide el rango."),
            _("Completar mi perfil"),
            reverse("cuentas:perfil"),
        )


def _falta_acudiente(participante, perfil):
    if perfil is None or perfil.rango_declarado != RangoDeclarado.ADOLESCENTE:
        return
    if not participante.autorizaciones.filter(estado=EstadoAutorizacion.VIGENTE).exists():
        yield Requisito(
            "acudiente",
            _("Por tener entre 14 y 17 años necesita la autorización de su padre, madre o acudiente."),
            _("Pedir la autorización"),
            reverse("cuentas:acudiente"),
        )


def tiene_consentimiento(participante: Participante, sitio: Site, finalidad: Finalidad) -> bool:
    """Si autorizó esa finalidad con la versión de la política que rige hoy en el sitio."""
    ultima = VersionPolitica.objects.filter(sitio=sitio).order_by("-numero").values("numero")[:1]
    return (
        Consentimiento.objects.vigentes()
        .filter(participante=participante, finalidad=finalidad, version__sitio=sitio, version__numero=ultima)
        .exists()
    )


def _falta_consentimiento(participante, sitio):
    if not tiene_consentimiento(participante, sitio, Finalidad.PARTICIPAR):
        yield Requisito(
            "consentimiento",
            _("Falta su autorización para tratar sus datos con la política que rige hoy."),
            _("Leer la política y autorizar"),
            reverse("cuentas:autorizaciones"),
        )


def _falta_nivel(participante, nivel_minimo):
    if participante.nivel_verificacion >= nivel_minimo:
        return
    # El correo confirmado evita muchas cuentas de una persona; de quien no tiene cuenta, lo evita su documento.
    if nivel_minimo == NivelVerificacion.CORREO and participante.documento_hmac and not participante.cuenta_id:
        return
    mensaje, accion = {
        NivelVerificacion.CORREO: (_("Aquí participan personas con el correo confirmado."), _("Cómo verificarme")),
        NivelVerificacion.REGISTRO: (
            _("Aquí participan personas cuyo documento está en el registro de la entidad."),
            _("Verificar mi documento"),
        ),
        NivelVerificacion.PRESENCIAL: (
            _("Aquí participan personas que la entidad verificó en persona."),
            _("Cómo verificarme en persona"),
        ),
    }[NivelVerificacion(nivel_minimo)]
    yield Requisito("nivel", mensaje, accion, reverse("cuentas:verificacion"))


def faltantes(participante: Participante, sitio: Site, nivel_minimo: int = NivelVerificacion.NINGUNO) -> list[Requisito]:
    """Lo que falta, en el orden en que conviene cumplirlo; vacía: puede participar."""
    perfil = Perfil.objects.filter(participante=participante).first()
    return [
        *_falta_perfil(participante, perfil),
        *_falta_acudiente(participante, perfil),
        *_falta_consentimiento(participante, sitio),
        *_falta_nivel(participante, nivel_minimo),
    ]


def comprobar(participante: Participante, sitio: Site, nivel_minimo: int = NivelVerificacion.NINGUNO) -> None:
    """Lanza ValidationError (code="requisitos") con lo que falta; `params["requisitos"]` lleva la lista."""
    if faltan := faltantes(participante, sitio, nivel_minimo):
        raise ValidationError(
            " ".join(requisito.mensaje for requisito in faltan), code="requisitos", params={"requisitos": faltan}
        )
