from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cuentas.models import Organizacion, Participante, Perfil
from participacion.ejercicios.models import Ejercicio
from participacion.registro.actions import tipo_de_actor
from participacion.registro.enums import ActorRegistro

from . import archivos
from .condiciones import Valores, depurar, sin_completar
from .definicion import Formulario
from .enums import EstadoRespuesta
from .models import Opcion, Pregunta, Respuesta, TextosFormulario, Valor, VersionFormulario
from .valores import a_filas, de_respuesta


@transaction.atomic
def publicar_formulario(*, ejercicio: Ejercicio, formulario: Formulario) -> VersionFormulario:
    """Congela el formulario que se publica. El mismo no estrena versión; las preguntas conocidas siguen siendo ellas.

    Lanza ValidationError si una pregunta ya contestada cambió de tipo o de escala: sus conteos mezclarían cosas distintas.
    """
    Ejercicio.objects.select_for_update(of=["self"]).get(pk=ejercicio.pk)  # ordena dos publicaciones a la vez
    ultima = VersionFormulario.objects.vigente(ejercicio)
    if ultima and ultima.huella == formulario.huella:
        return ultima
    _poner_catalogo(ejercicio, formulario, ultima.formulario() if ultima else Formulario())
    return VersionFormulario.objects.create(
        ejercicio=ejercicio,
        numero=ultima.numero + 1 if ultima else 1,
        definicion=formulario.a_json(),
        huella=formulario.huella,
    )


def _poner_catalogo(ejercicio: Ejercicio, formulario: Formulario, ultimo: Formulario) -> None:
    """Las filas de preguntas y opciones, con sus textos de hoy. Lo que ya no se pregunta conserva su fila."""
    conocidas = {pregunta.clave: pregunta for pregunta in ejercicio.preguntas.all()}
    for orden, definida in enumerate(formulario.preguntas.values()):
        anterior = conocidas.get(definida.clave)
        antes = ultimo.preguntas.get(definida.clave, definida)
        cambia = anterior and (anterior.tipo, antes.escala) != (definida.tipo, definida.escala)
        if cambia and anterior.valores.exists():
            raise ValidationError(
                _("«%(texto)s» ya tiene respuestas y no puede cambiar de tipo ni de escala: añada una pregunta nueva.")
                % {"texto": definida.texto}
            )
        pregunta, _nueva = Pregunta.objects.update_or_create(
            ejercicio=ejercicio,
            clave=definida.clave,
            defaults={"tipo": definida.tipo, "texto": definida.texto, "publica": definida.publica, "orden": orden},
        )
        piezas = [(opcion, False) for opcion in definida.opciones] + [(fila, True) for fila in definida.filas]
        for puesto, (opcion, es_fila) in enumerate(piezas):
            Opcion.objects.update_or_create(
                pregunta=pregunta,
                clave=opcion.clave,
                defaults={"texto": opcion.texto, "es_fila": es_fila, "orden": puesto},
            )


@transaction.atomic
def publicar_textos(*, ejercicio: Ejercicio, idioma: str, textos: dict) -> None:
    """Guarda los textos traducidos que se acaban de publicar. No cambian la versión ni lo que se pregunta."""
    TextosFormulario.objects.update_or_create(ejercicio=ejercicio, idioma=idioma, defaults={"textos": textos})


def catalogo_de(ejercicio: Ejercicio) -> dict[str, tuple[Pregunta, dict[str, Opcion]]]:
    """Las preguntas del ejercicio por clave, cada una con sus opciones por clave. Dos consultas."""
    preguntas = ejercicio.preguntas.prefetch_related("opciones")
    return {p.clave: (p, {opcion.clave: opcion for opcion in p.opciones.all()}) for p in preguntas}


@transaction.atomic
def guardar_parcial(*, respuesta: Respuesta, valores: Valores, pagina: int, corrige: bool = False) -> bool:
    """Añade a lo contestado estas respuestas, para seguir después; devuelve si se guardó.

    Dos pestañas en páginas distintas no se pisan. Lo ya enviado no se toca, salvo que se esté corrigiendo (`corrige`):
    entonces la corrección espera aparte hasta que se envíe.
    """
    estado = EstadoRespuesta.ENVIADA if corrige else EstadoRespuesta.PARCIAL
    fila = Respuesta.objects.select_for_update(of=["self"]).filter(pk=respuesta.pk, estado=estado).first()
    if fila is None:
        return False
    formulario = fila.version.formulario()
    enviados = de_respuesta(fila) if corrige else {}
    fila.parcial = (fila.parcial or enviados) | valores
    fila.pagina = pagina
    fila.save(update_fields=["parcial", "pagina", "actualizada_en"])
    en_uso = archivos.claves_de(formulario, fila.parcial) | archivos.claves_de(formulario, enviados)
    archivos.conservar(respuesta=fila, claves=en_uso)
    return True


def exigir_completa(formulario: Formulario, valores: Valores) -> Valores:
    """Lo contestado sin lo oculto. Lanza ValidationError (code="incompleta", `params["faltan"]`) si falta algo obligatorio."""
    if faltan := sin_completar(formulario, valores):
        raise ValidationError(
            _("Faltan respuestas obligatorias: revise las preguntas señaladas."),
            code="incompleta",
            params={"faltan": [pregunta.clave for pregunta in faltan]},
        )
    _visibles, quedan = depurar(formulario, valores)
    return quedan


def escribir_valores(*, respuesta: Respuesta, formulario: Formulario, valores: Valores) -> None:
    """Reemplaza los valores de la respuesta por éstos, sin lo oculto, en una sola inserción.

    Se llama dentro de la transacción que la envía. Lanza lo que `exigir_completa`.
    """
    quedan = exigir_completa(formulario, valores)
    respuesta.valores.all().delete()
    Valor.objects.bulk_create(a_filas(respuesta, formulario, quedan, catalogo_de(respuesta.ejercicio)))
    archivos.conservar(respuesta=respuesta, claves=archivos.claves_de(formulario, quedan))


def rasgos_de(participante: Participante | None, organizacion: Organizacion | None) -> dict:
    """Cómo es hoy quien contesta, con los nombres de los campos de `Respuesta`."""
    perfil = Perfil.objects.filter(participante=participante).select_related("territorio").first() if participante else None
    return {
        "actor_tipo": tipo_de_actor(organizacion) if participante else ActorRegistro.SIN_DATO,
        "rango_edad": perfil.rango_edad if perfil else "",
        "area": perfil.territorio.nombre if perfil and perfil.territorio else "",
        "zona": perfil.zona if perfil else "",
    }


def congelar(*, respuesta: Respuesta, ahora: datetime) -> None:
    """Pasa la respuesta a enviada y copia en ella cómo es hoy quien contesta. Guarda la fila."""
    for campo, valor in rasgos_de(respuesta.participante, respuesta.organizacion).items():
        setattr(respuesta, campo, valor)
    respuesta.estado = EstadoRespuesta.ENVIADA
    respuesta.enviada_en = respuesta.enviada_en or ahora
    respuesta.parcial = {}
    respuesta.save()
