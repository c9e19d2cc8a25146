"""Cuántas personas de cada grupo diferencial participaron en un ejercicio, sin que se pueda saber quiénes.

Son datos sensibles (Ley 1581 de 2012, art. 5 y 6): sólo se publican sumas. Tres cuidados, explicados en
`docs/decisiones/035-cifras-de-enfoque-diferencial.md`: sólo ejercicios cerrados y enteros, sin periodo; ningún grupo de
menos de cinco personas; y tampoco los que dejarían deducir uno.
"""

from collections import Counter, defaultdict

from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from cuentas.datos_personales import Copia
from cuentas.enums import OPCIONES_DIFERENCIALES, OpcionDiferencial, PreguntaDiferencial
from cuentas.models import Participante, RespuestaDiferencial
from participacion.registro.models import Acto

from .models import ConteoSuprimido

MINIMO = 5
RESERVADO = _("menos de 5, o deducible")


def filas(consulta) -> list[tuple[str, int | str]]:
    """Una fila por ejercicio y opción; una sola si de un ejercicio no se puede decir nada."""
    salida = []
    for titulo, total, conteo in _conteos(consulta):
        visibles = _visibles(total, conteo)
        if not visibles:
            salida.append((f"{titulo}: {_('todas las opciones')}", RESERVADO))
            continue
        salida += [(f"{titulo}: {o.label}", conteo[o] if o in visibles else RESERVADO) for o in OpcionDiferencial]
    return salida


def _conteos(consulta) -> list[tuple[str, int, Counter]]:
    """De cada ejercicio cerrado del sitio: título, participantes distintos y cuántos por opción."""
    actos = Acto.objects.de_participacion().filter(
        sitio=consulta.sitio,
        registrado_en__lte=consulta.corte,
        ejercicio__cierre__lte=consulta.corte,
        participante__isnull=False,
    )
    if consulta.ejercicio:
        actos = actos.filter(ejercicio=consulta.ejercicio)
    de_opcion = {
        opcion.value: RespuestaDiferencial.objects.filter(opcion=opcion).values("participante__clave")
        for opcion in OpcionDiferencial
    }
    por_ejercicio = (
        actos.order_by("ejercicio__titulo", "ejercicio")
        .values("ejercicio", "ejercicio__titulo")
        .annotate(
            total=Count("participante", distinct=True),
            **{
                opcion: Count("participante", distinct=True, filter=Q(participante__in=respuestas))
                for opcion, respuestas in de_opcion.items()
            },
        )
    )
    suprimidos = defaultdict(Counter)
    for ejercicio, opcion, cantidad in ConteoSuprimido.objects.filter(ejercicio__sitio=consulta.sitio).values_list(
        "ejercicio", "opcion", "cantidad"
    ):
        suprimidos[ejercicio][opcion] = cantidad
    return [
        (fila["ejercicio__titulo"], fila["total"], suprimidos[fila["ejercicio"]] + Counter({o: fila[o] for o in de_opcion}))
        for fila in por_ejercicio
    ]


def _visibles(total: int, conteo: Counter) -> set[str]:
    """Las opciones que se pueden decir sin señalar a nadie.

    Se calla también la que, restada del total de participantes —que está en la misma página—, deje menos de cinco:
    diría que casi todos son de ese grupo. Donde se elige una sola opción, cuenta la suma de las que se dicen.
    """
    visibles = set()
    for pregunta, opciones in OPCIONES_DIFERENCIALES.items():
        juntas = [[o] for o in opciones] if pregunta == PreguntaDiferencial.OTROS else [list(opciones)]
        for grupo in juntas:
            dichas = sorted((o for o in grupo if conteo[o] >= MINIMO), key=lambda o: conteo[o])
            while dichas and total - sum(conteo[o] for o in dichas) < MINIMO:
                dichas.pop(0)
            visibles.update(dichas)
    return visibles


def suprimir(participante: Participante) -> None:
    """Antes de que se borren sus respuestas, deja contado lo que aportaban: ninguna cifra publicada cambia.

    Las borra aquí mismo para que repetirlo no las cuente dos veces.
    """
    respuestas = RespuestaDiferencial.objects.select_for_update().filter(participante=participante)
    # En orden: dos personas que suprimen sus datos a la vez suman en las mismas filas.
    opciones = sorted(respuestas.values_list("opcion", flat=True))
    suyos = Acto.objects.de_participacion().filter(participante=participante.clave)
    ejercicios = suyos.order_by("ejercicio_id").values_list("ejercicio_id").distinct()
    for (ejercicio,) in ejercicios if opciones else ():
        for opcion in opciones:
            fila, _nueva = ConteoSuprimido.objects.get_or_create(ejercicio_id=ejercicio, opcion=opcion)
            ConteoSuprimido.objects.filter(pk=fila.pk).update(cantidad=F("cantidad") + 1)
    respuestas.delete()


def copiar(_participante: Participante) -> Copia:
    """Nada: las respuestas las copia `cuentas`, y los conteos no son de nadie."""
    return Copia(datos=[])
