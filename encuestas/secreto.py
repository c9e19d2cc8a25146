"""Encuestas secretas: se sabe quién respondió, nunca qué.

Lo contestado se sella con una clave pública y espera en `Sobre`; la privada vive fuera de la base de datos. Al juntarse
dos veces `LOTE_SECRETO` se eligen al azar los que se abren, se barajan, se escriben y se borran; siempre queda un lote
esperando, así que el último, el del cierre, nunca es de una sola persona. Ni el orden, ni las horas, ni la transacción
que escribió cada fila (`xmin`, `ctid`, `rowid`), ni los rasgos, el idioma o la versión dicen de quién es cada una. Quien
tenga a la vez la clave privada y los sobres sí puede: véase docs/encuestas-secretas.md.
"""

import json
import logging
import random
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from nacl.encoding import Base64Encoder
from nacl.public import PrivateKey, PublicKey, SealedBox

from cuentas.models import Organizacion, Participante
from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.models import Ejercicio
from participacion.formularios.actions import catalogo_de, exigir_completa
from participacion.formularios.campos import OTRA_MAXIMO, TEXTO_LARGO_MAXIMO
from participacion.formularios.condiciones import Valores
from participacion.formularios.definicion import Formulario
from participacion.formularios.enums import ABIERTAS, EstadoRespuesta
from participacion.formularios.models import Respuesta, Valor, VersionFormulario
from participacion.formularios.valores import a_filas
from participacion.registro.actions import registrar_acto, tipo_de_actor
from participacion.registro.enums import ActorRegistro, Canal

from . import conteos
from .actions import comprobar_abierta, comprobar_quien
from .cupos import cambiar_cupos
from .enums import ACTO_RESPUESTA_SECRETA, LOTE_SECRETO, Modo
from .models import Codigo, Encuesta, Participacion, Sobre

registro = logging.getLogger(__name__)

# Bytes de un carácter en JSON, en el peor caso («\\u0001»).
_POR_CARACTER = 6
# Tras el cierre se espera a que terminen los envíos que ya habían empezado.
ESPERA_AL_CIERRE = timedelta(minutes=2)


def _clave(nombre: str, clase):
    if not (texto := getattr(settings, nombre)):
        raise ImproperlyConfigured(f"Falta {nombre}: genere el par con «manage.py claves_secreto»")
    return clase(texto.encode(), Base64Encoder)


def tamano_de(formulario: Formulario) -> int:
    """Lo más que puede pesar una respuesta: todos los sobres pesan eso, y el tamaño no dice cuánto escribió alguien."""
    caracteres = sum(
        int(pregunta.maximo or TEXTO_LARGO_MAXIMO) if pregunta.tipo in ABIERTAS else OTRA_MAXIMO
        for pregunta in formulario.preguntas.values()
    )
    claves = len(json.dumps(formulario.a_json()))
    return 2 * claves + _POR_CARACTER * caracteres


def sellar(contenido: dict, tamano: int) -> bytes:
    """El contenido cifrado, relleno hasta `tamano`; sólo lo abre la clave privada.

    Lanza ImproperlyConfigured sin la pública y ValueError si no cabe: un sobre más grande señalaría a alguien.
    """
    texto = json.dumps(contenido, ensure_ascii=False).encode()
    if len(texto) > tamano:
        raise ValueError("La respuesta no cabe en su sobre")
    return SealedBox(_clave("CLAVE_SECRETO_PUBLICA", PublicKey)).encrypt(texto.ljust(tamano))


def abrir(sellado: bytes) -> dict:
    """Lo que se selló. Lanza ImproperlyConfigured sin la clave privada y CryptoError si no es la suya."""
    return json.loads(SealedBox(_clave("CLAVE_SECRETO_PRIVADA", PrivateKey)).decrypt(bytes(sellado)))


@transaction.atomic
def enviar_secreta(
    *,
    encuesta: Encuesta,
    version: VersionFormulario,
    valores: Valores,
    participante: Participante | None = None,
    codigo: Codigo | None = None,
    organizacion: Organizacion | None = None,
) -> None:
    """Anota que esta persona, o este código, respondió hoy, y deja lo contestado en un sobre sellado.

    Del sobre no sale nada que diga quién es: ni sus rasgos ni su idioma, que el acto guarda con su nombre. Decide el
    reloj de la base de datos. Lanza ValidationError: cerrada, codigo, requisitos, organizacion, actor, cupo, incompleta,
    version si las preguntas cambiaron, o repetida si ya había respondido.
    """
    ejercicio, ahora = leer_reglas(encuesta.ejercicio_id)
    comprobar_abierta(ejercicio, ahora)
    comprobar_quien(encuesta, participante, organizacion, codigo)
    formulario = version.formulario()
    quedan = exigir_completa(formulario, valores)
    inicio_del_dia = _inicio_del_dia(ahora)
    _gastar(encuesta, participante, organizacion, codigo, inicio_del_dia.date())
    # Quien contestara la versión de antes quedaría señalado. Tras la primera respuesta ya no hay otra (`publicar_encuesta`).
    if VersionFormulario.objects.vigente(ejercicio) != version:
        raise ValidationError(_("Las preguntas cambiaron mientras respondía. Abra otra vez la encuesta."), code="version")
    actor_tipo = tipo_de_actor(organizacion) if participante else ActorRegistro.SIN_DATO
    cambiar_cupos(ejercicio, tomar=(actor_tipo, set()))
    contenido = sellar({"version": version.pk, "valores": quedan}, tamano_de(formulario))
    Sobre.objects.create(ejercicio=ejercicio, contenido=contenido)
    registrar_acto(
        tipo=ACTO_RESPUESTA_SECRETA,
        ejercicio=ejercicio,
        participante=participante,
        organizacion=organizacion,
        actor_tipo=actor_tipo,
        ocurrido_en=inicio_del_dia,
        registrado_en=inicio_del_dia,
    )


def _gastar(encuesta, participante, organizacion, codigo, dia) -> None:
    """La oportunidad de responder, una sola vez. Lanza ValidationError (code="repetida")."""
    if encuesta.modo == Modo.CODIGO:
        # Sólo con sus propias columnas: con otra tabla la condición iría en una subconsulta, que PostgreSQL no repite
        # al soltarse el candado, y doce envíos a la vez gastarían el mismo código.
        if not Codigo.objects.filter(pk=codigo.pk, usado_el=None).update(usado_el=dia):
            raise ValidationError(_("Con ese código ya se respondió."), code="repetida")
        return
    try:
        with transaction.atomic():
            Participacion.objects.create(
                ejercicio=encuesta.ejercicio, participante=participante, organizacion=organizacion, dia=dia
            )
    except IntegrityError as error:
        suya = Participacion.objects.filter(ejercicio=encuesta.ejercicio, participante=participante).exists()
        texto = _("Usted ya respondió esta encuesta.") if suya else _("Su organización ya respondió esta encuesta.")
        raise ValidationError(texto, code="repetida") from error


def _inicio_del_dia(momento: datetime) -> datetime:
    """La medianoche con que empezó ese día en la zona horaria de la instalación."""
    zona = timezone.get_default_timezone()
    return datetime.combine(timezone.localtime(momento, zona).date(), time.min, tzinfo=zona)


def cuantos_abrir(esperan: int, paso_el_cierre: bool, minimo_grupo: int) -> int:
    """De los sobres que esperan, cuántos se abren: un lote o más dejando otro; al cierre, todos, si forman un grupo."""
    if paso_el_cierre:
        return esperan if esperan >= minimo_grupo else 0
    return esperan - LOTE_SECRETO if esperan >= 2 * LOTE_SECRETO else 0


@transaction.atomic
def volcar(ejercicio: Ejercicio) -> int:
    """Escribe barajados los sobres de una encuesta que toque abrir (`cuantos_abrir`) y los borra. Devuelve cuántos.

    Lanza ImproperlyConfigured sin la clave privada: los sobres quedan intactos.
    """
    Ejercicio.objects.select_for_update(of=["self"]).get(pk=ejercicio.pk)
    ejercicio, ahora = leer_reglas(ejercicio.pk)
    esperan = list(Sobre.objects.filter(ejercicio=ejercicio).values_list("pk", flat=True))
    paso_el_cierre = ejercicio.cierre is not None and ahora >= ejercicio.cierre + ESPERA_AL_CIERRE
    cuantos = cuantos_abrir(len(esperan), paso_el_cierre, ejercicio.encuesta.minimo_grupo)
    elegidos = Sobre.objects.in_bulk(random.SystemRandom().sample(esperan, cuantos))
    abiertos = [abrir(sobre.contenido) for sobre in elegidos.values()]
    random.SystemRandom().shuffle(abiertos)
    if abiertos:
        _escribir(ejercicio, abiertos, _inicio_del_dia(ahora))
        Sobre.objects.filter(pk__in=elegidos).delete()
    return cuantos


def _escribir(ejercicio: Ejercicio, abiertos: list[dict], momento: datetime) -> None:
    """Las respuestas en el orden barajado, todas con el mismo día y sin hora, rasgos ni idioma."""
    versiones = {version.pk: version for version in ejercicio.versiones_formulario.all()}
    formularios = {pk: version.formulario() for pk, version in versiones.items()}
    catalogo = catalogo_de(ejercicio)
    respuestas = Respuesta.objects.bulk_create(
        Respuesta(
            ejercicio=ejercicio,
            version=versiones[abierto["version"]],
            estado=EstadoRespuesta.ENVIADA,
            canal=Canal.WEB,
            enviada_en=momento,
        )
        for abierto in abiertos
    )
    # `auto_now` puso la hora del volcado: tampoco hace falta.
    Respuesta.objects.filter(pk__in=[r.pk for r in respuestas]).update(creada_en=momento, actualizada_en=momento)
    partes = [
        (respuesta, a_filas(respuesta, formularios[abierto["version"]], abierto["valores"], catalogo), 1)
        for respuesta, abierto in zip(respuestas, abiertos, strict=True)
    ]
    Valor.objects.bulk_create([fila for _respuesta, filas, _signo in partes for fila in filas])
    conteos.cambiar(partes)


def volcar_pendientes() -> int:
    """Vuelca todas las encuestas que tengan sobres y puedan. Lo llama el trabajador cada minuto.

    Una que falle no detiene a las demás; del error se anota la clase, porque su mensaje podría decir qué se contestó.
    """
    escritas = 0
    for ejercicio in Ejercicio.objects.filter(pk__in=Sobre.objects.values("ejercicio")).order_by("pk"):
        try:
            escritas += volcar(ejercicio)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            registro.error("Encuesta %s: no se pudieron abrir sus sobres (%s)", ejercicio.pk, type(error).__name__)
    return escritas
