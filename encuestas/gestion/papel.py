"""Las respuestas que llegaron en papel: una por una, o muchas en un archivo."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas.models import Organizacion, Participante, Usuario
from cuentas.rules import puede_asistir
from participacion.ejercicios.actions import leer_reglas, numerar_bloque
from participacion.ejercicios.models import Ejercicio
from participacion.formularios.actions import catalogo_de, exigir_completa, rasgos_de
from participacion.formularios.condiciones import Valores
from participacion.formularios.enums import EstadoRespuesta
from participacion.formularios.models import Respuesta, Valor, VersionFormulario
from participacion.formularios.valores import a_filas
from participacion.registro.actions import registrar_acto
from participacion.registro.enums import ActorRegistro, Canal

from .. import conteos
from ..actions import comprobar_abierta, empezar, enviar_respuesta
from ..cupos import cambiar_cupos
from ..enums import ACTO_RESPUESTA, SERIE
from ..models import Codigo, Encuesta
from .tabla import Renglon

# La clave de una respuesta importada sale de su identificador: importar dos veces el archivo es importarlo una.
_ESPACIO = uuid.UUID("6f1f3c2e-3a55-4a1c-9d0e-6f7a0a1b7c11")


def _comprobar(encuesta: Encuesta, funcionario: Usuario) -> None:
    if not puede_asistir(funcionario, encuesta.ejercicio.sitio):
        raise PermissionDenied
    if encuesta.secreta:
        raise ValidationError(
            _("Esta encuesta es secreta: quien transcribe un papel sabría qué se contestó."), code="secreta"
        )


@transaction.atomic
def registrar_en_papel(
    *,
    encuesta: Encuesta,
    valores: Valores,
    clave: uuid.UUID,
    funcionario: Usuario,
    participante: Participante | None = None,
    organizacion: Organizacion | None = None,
    codigo: Codigo | None = None,
    version: VersionFormulario | None = None,
) -> tuple[Respuesta, bool]:
    """Transcribe una respuesta de papel y dice si es nueva: con la misma `clave` se registra una vez.

    Sin participante ni código no se sabe de quién es. Lanza PermissionDenied si no atiende en el sitio y
    ValidationError: secreta, propio, repetida, o lo que `enviar_respuesta`.
    """
    _comprobar(encuesta, funcionario)
    if participante is not None and participante.cuenta_id == funcionario.pk:
        raise ValidationError(_("Para responder use su propia cuenta, como cualquier persona."), code="propio")
    version = version or VersionFormulario.objects.vigente(encuesta.ejercicio)
    respuesta = empezar(encuesta=encuesta, version=version, clave=clave, participante=participante, codigo=codigo)
    if respuesta.estado == EstadoRespuesta.ENVIADA:
        if respuesta.clave == clave:
            return respuesta, False
        raise ValidationError(_("Esa persona, o ese código, ya respondió esta encuesta."), code="repetida")
    return enviar_respuesta(
        respuesta=respuesta, valores=valores, organizacion=organizacion, canal=Canal.PAPEL, asistido_por=funcionario
    )


@transaction.atomic
def importar(*, encuesta: Encuesta, version: VersionFormulario, renglones: list[Renglon], funcionario: Usuario) -> int:
    """Registra todas las respuestas de un archivo ya leído, o ninguna. Devuelve cuántas eran nuevas.

    Un identificador ya importado no se repite. No se sabe de quién es cada una. Lanza PermissionDenied si no atiende en
    el sitio, y ValidationError: secreta, cerrada, version si las preguntas cambiaron, o cupo, con la línea en que se llenó.
    """
    _comprobar(encuesta, funcionario)
    Ejercicio.objects.select_for_update(of=["self"]).get(pk=encuesta.pk)  # dos importaciones a la vez, una tras otra
    ejercicio, ahora = leer_reglas(encuesta.pk)
    comprobar_abierta(ejercicio, ahora)
    if VersionFormulario.objects.vigente(ejercicio) != version:
        raise ValidationError(_("Las preguntas cambiaron: baje la plantilla otra vez."), code="version")
    claves = {uuid.uuid5(_ESPACIO, f"{encuesta.pk}:{renglon.identificador}"): renglon for renglon in renglones}
    ya = set(Respuesta.objects.filter(clave__in=list(claves)).values_list("clave", flat=True))
    nuevos = {clave: renglon for clave, renglon in claves.items() if clave not in ya}
    if not nuevos:
        return 0
    partes = _escribir(ejercicio, version, nuevos, ahora)
    for (respuesta, valores, _signo), renglon in zip(partes, nuevos.values(), strict=True):
        try:
            cambiar_cupos(ejercicio, tomar=(respuesta.actor_tipo, {v.opcion_id for v in valores if v.opcion_id}))
        except ValidationError as error:
            texto = _("Línea %(n)s: %(error)s") % {"n": renglon.linea, "error": error.message}
            raise ValidationError(texto, code="cupo") from error
        registrar_acto(
            tipo=ACTO_RESPUESTA,
            ejercicio=ejercicio,
            objeto=respuesta,
            actor_tipo=ActorRegistro.SIN_DATO,
            canal=Canal.PAPEL,
            asistido_por=funcionario,
            ocurrido_en=ahora,
        )
    conteos.cambiar(partes)
    log(instance=ejercicio, action="encuestas.importar_papel", user=funcionario, data={"nuevas": len(nuevos)})
    return len(nuevos)


def _escribir(ejercicio, version, nuevos, ahora) -> list[tuple[Respuesta, list[Valor], int]]:
    """Las respuestas con sus valores, como las cuenta `conteos.cambiar`."""
    formulario, catalogo = version.formulario(), catalogo_de(ejercicio)
    referencias = numerar_bloque(sitio=ejercicio.sitio, serie=SERIE, ahora=ahora, cantidad=len(nuevos))
    respuestas = Respuesta.objects.bulk_create(
        [
            Respuesta(
                clave=clave, ejercicio=ejercicio, version=version, estado=EstadoRespuesta.ENVIADA, referencia=referencia,
                canal=Canal.PAPEL, enviada_en=ahora, **rasgos_de(None, None),
            )
            for clave, referencia in zip(nuevos, referencias, strict=True)
        ],
        batch_size=500,
    )  # fmt: skip
    partes = [
        (respuesta, a_filas(respuesta, formulario, exigir_completa(formulario, renglon.valores), catalogo), 1)
        for respuesta, renglon in zip(respuestas, nuevos.values(), strict=True)
    ]
    Valor.objects.bulk_create([fila for _r, filas, _s in partes for fila in filas], batch_size=2000)
    return partes
