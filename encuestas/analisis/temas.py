"""Respuestas abiertas: buscarlas y agruparlas en temas."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas.models import Usuario
from home.texto import limpiar_linea, sin_tildes
from participacion.formularios.enums import ABIERTAS, EstadoRespuesta
from participacion.formularios.models import Pregunta, Valor

from ..models import Encuesta, Tema


def abiertas(encuesta: Encuesta) -> QuerySet[Pregunta]:
    """Las preguntas que se contestan con palabras propias."""
    return encuesta.ejercicio.preguntas.filter(tipo__in=ABIERTAS)


def respuestas_a(pregunta: Pregunta) -> QuerySet[Valor]:
    """Lo que se contestó, lo más nuevo primero."""
    return pregunta.valores.filter(respuesta__estado=EstadoRespuesta.ENVIADA).exclude(texto="").order_by("-pk")


def buscar(valores: QuerySet[Valor], palabras: str) -> list[int]:
    """Las claves de las que tienen todas las palabras, sin importar tildes ni mayúsculas.

    Compara en memoria: las bases de datos no coinciden en qué letras igualan, y una columna más con el mismo texto
    sería otra copia que suprimir.
    """
    buscadas = sin_tildes(limpiar_linea(palabras)).split()
    if not buscadas:
        return list(valores.values_list("pk", flat=True))
    return [
        pk
        for pk, texto in valores.values_list("pk", "texto").iterator(chunk_size=2000)
        if all(palabra in sin_tildes(texto) for palabra in buscadas)
    ]


@transaction.atomic
def crear_tema(*, pregunta: Pregunta, nombre: str, actor: Usuario) -> Tema:
    """Un tema nuevo. Lanza ValidationError si la pregunta ya lo tiene."""
    try:
        with transaction.atomic():
            tema = Tema.objects.create(pregunta=pregunta, nombre=nombre)
    except IntegrityError as error:
        raise ValidationError({"nombre": _("Ya hay un tema con ese nombre.")}) from error
    log(instance=pregunta.ejercicio, action="encuestas.crear_tema", user=actor, data={"tema": tema.pk})
    return tema


@transaction.atomic
def renombrar_tema(*, tema: Tema, nombre: str, actor: Usuario) -> None:
    """Le cambia el nombre; las respuestas que lo llevan lo conservan. Lanza ValidationError si otro lo tiene."""
    try:
        with transaction.atomic():
            Tema.objects.filter(pk=tema.pk).update(nombre=nombre)
    except IntegrityError as error:
        raise ValidationError({"nombre": _("Ya hay un tema con ese nombre.")}) from error
    log(instance=tema.pregunta.ejercicio, action="encuestas.renombrar_tema", user=actor, data={"tema": tema.pk})


@transaction.atomic
def clasificar(*, tema: Tema, valores: Iterable[Valor], poner: bool, actor: Usuario) -> int:
    """Pone o quita el tema a esas respuestas. Las que no son de su pregunta se pasan por alto; devuelve cuántas eran."""
    propias = list(respuestas_a(tema.pregunta).filter(pk__in=[valor.pk for valor in valores]))
    if poner:
        tema.valores.add(*propias)
    else:
        tema.valores.remove(*propias)
    datos = {"tema": tema.pk, "cuantas": len(propias), "poner": poner}
    log(instance=tema.pregunta.ejercicio, action="encuestas.clasificar", user=actor, data=datos)
    return len(propias)


@transaction.atomic
def publicar_tema(*, tema: Tema, publico: bool, actor: Usuario) -> None:
    """Muestra, o deja de mostrar, cuántas respuestas tocan el tema. Los textos nunca se publican."""
    Tema.objects.filter(pk=tema.pk).update(publico=publico)
    log(
        instance=tema.pregunta.ejercicio,
        action="encuestas.publicar_tema",
        user=actor,
        data={"tema": tema.pk, "publico": publico},
    )


@transaction.atomic
def borrar_tema(*, tema: Tema, actor: Usuario) -> None:
    """Borra el tema; las respuestas quedan."""
    log(instance=tema.pregunta.ejercicio, action="encuestas.borrar_tema", user=actor, data={"tema": tema.pk})
    tema.delete()
