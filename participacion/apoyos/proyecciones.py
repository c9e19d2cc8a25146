from collections.abc import Iterable

from django.apps import apps
from django.db.models import Count, Sum

from participacion.registro.models import Acto
from participacion.registro.proyecciones import Diferencia, comparar

from .actions import APOYO, IMPORTADOS
from .apoyables import APOYABLES
from .enums import ModoApoyo
from .models import Apoyo, Papeleta


def _del_registro(tipo_acto, valor) -> dict:
    actos = Acto.objects.vigentes().filter(tipo=tipo_acto).values_list("objeto_tipo", "objeto_id").annotate(n=valor)
    return {f"{tipo} {pk}": n for tipo, pk, n in actos.order_by()}


def _guardados(campo) -> dict:
    return {
        f"{tipo} {pk}": n
        for tipo in APOYABLES
        for pk, n in apps.get_model(tipo)._base_manager.exclude(**{campo: 0}).values_list("pk", campo)
    }


def recontar_conteos() -> Iterable[Diferencia]:
    """El conteo de apoyos de cada objeto."""
    return comparar(_guardados("apoyos"), _del_registro(APOYO, Sum("cantidad")), 0)


def recontar_puntos() -> Iterable[Diferencia]:
    """Los puntos de cada objeto, donde se ordena o se reparten."""
    con_puntos = {objeto: n for objeto, n in _del_registro(APOYO, Sum("puntos")).items() if n}
    return comparar(_guardados("puntos"), con_puntos, 0)


def recontar_papeletas() -> Iterable[Diferencia]:
    """Lo que ha usado cada persona donde hay un límite."""
    papeletas = Papeleta.objects.exclude(usados=0).select_related("ejercicio", "participante")
    guardado, recontado = {}, {}
    for ejercicio, tipo in {(p.ejercicio, p.objeto_tipo) for p in papeletas}:
        en_puntos = APOYABLES[tipo].reglas(ejercicio).modo == ModoApoyo.PUNTOS
        actos = Acto.objects.vigentes().filter(tipo=APOYO, ejercicio=ejercicio, objeto_tipo=tipo)
        usos = actos.order_by().values_list("participante").annotate(n=Sum("puntos") if en_puntos else Count("pk"))
        recontado |= {f"papeleta {ejercicio.pk} {tipo} {clave}": n for clave, n in usos}
    for papeleta in papeletas:
        clave = papeleta.participante.clave
        guardado[f"papeleta {papeleta.ejercicio_id} {papeleta.objeto_tipo} {clave}"] = papeleta.usados
    return comparar(guardado, recontado, 0)


def recontar_importados() -> Iterable[Diferencia]:
    """Los apoyos traídos de otra plataforma."""
    return comparar(_guardados("apoyos_importados"), _del_registro(IMPORTADOS, Sum("cantidad")), 0)


def recontar_filas() -> Iterable[Diferencia]:
    """Las filas de apoyo vigentes frente a los actos en pie."""
    filas = Apoyo.objects.values_list("objeto_tipo", "objeto_id").annotate(n=Count("pk")).order_by()
    return comparar({f"{t} {pk}": n for t, pk, n in filas}, _del_registro(APOYO, Count("pk")), 0)
