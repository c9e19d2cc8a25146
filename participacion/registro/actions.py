from datetime import datetime

from django.utils.translation import get_language

from cuentas.enums import NivelVerificacion, TipoActor
from cuentas.models import Organizacion, Participante, Perfil, Usuario
from participacion.ejercicios.models import Ejercicio

from . import tipos
from .enums import ASISTIDOS, ActorRegistro, Canal
from .models import Acto, Asistencia


def tipo_de_actor(organizacion: Organizacion | None) -> str:
    """En nombre propio, ciudadanía; en nombre de una organización, el tipo de ella."""
    return organizacion.tipo if organizacion else TipoActor.CIUDADANIA


def registrar_acto(
    *,
    tipo: str,
    ejercicio: Ejercicio,
    objeto=None,
    estado: str = "",
    participante: Participante | None = None,
    organizacion: Organizacion | None = None,
    actor_tipo: str | None = None,
    canal: str = Canal.WEB,
    asistido_por: Usuario | None = None,
    cantidad: int = 1,
    puntos: int | None = None,
    anula: Acto | None = None,
    ocurrido_en: datetime,
    registrado_en: datetime | None = None,
) -> Acto:
    """Anota un acto, con lo que describe al actor tal como es ahora. Se llama dentro de la transacción del hecho.

    Sin `participante`, el acto es del personal, salvo que `actor_tipo` diga otra cosa.
    `registrado_en` sólo lo da lo que debe callar la hora (una respuesta secreta); si no, la pone la base de datos.
    `asistido_por`: quién del personal lo registró por la persona; entonces el canal es uno de `ASISTIDOS`.
    Lanza KeyError si ninguna sala declaró el tipo, ValueError si canal y asistencia no concuerdan, e IntegrityError
    al anular dos veces el mismo acto.
    """
    tipos.TIPOS[tipo]
    if (canal in ASISTIDOS) != (asistido_por is not None):
        raise ValueError(f"Canal «{canal}» y asistencia no concuerdan")
    if actor_tipo is None:
        actor_tipo = tipo_de_actor(organizacion) if participante else ActorRegistro.PERSONAL
    perfil = Perfil.objects.filter(participante=participante).select_related("territorio").first() if participante else None
    acto = Acto.objects.create(
        tipo=tipo,
        sitio_id=ejercicio.sitio_id,
        ejercicio=ejercicio,
        objeto_tipo=objeto._meta.label_lower if objeto else "",
        objeto_id=objeto.pk if objeto else None,
        estado=estado,
        participante=participante.clave if participante else None,
        organizacion=organizacion.clave if organizacion else None,
        organizacion_tipo=organizacion.tipo if organizacion else "",
        organizacion_sector=organizacion.sector if organizacion else "",
        organizacion_verificada=organizacion.verificada_en is not None if organizacion else None,
        actor_tipo=actor_tipo,
        rango_edad=perfil.rango_edad if perfil else "",
        area=perfil.territorio.nombre if perfil and perfil.territorio else "",
        zona=perfil.zona if perfil else "",
        nivel_verificacion=participante.nivel_verificacion if participante else NivelVerificacion.NINGUNO,
        fase=ejercicio.fase_ciclo,
        canal=canal,
        idioma=get_language() or "",
        cantidad=cantidad,
        puntos=puntos,
        anula=anula,
        ocurrido_en=ocurrido_en,
        **({"registrado_en": registrado_en} if registrado_en else {}),
    )
    if asistido_por is not None:
        Asistencia.objects.create(acto=acto, funcionario=asistido_por)
    return acto
