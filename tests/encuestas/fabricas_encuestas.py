"""Cómo se hace en las pruebas una encuesta y lo que la gente contesta."""

import itertools
import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from encuestas import conteos
from encuestas.models import Encuesta, EncuestaPage
from participacion.formularios.actions import escribir_valores
from participacion.formularios.enums import EstadoRespuesta
from participacion.formularios.models import Respuesta, VersionFormulario
from tests import fabricas

_numero = itertools.count(1)


def _condicion(reglas, todas):
    return {
        "reglas": [
            {"type": "item", "id": str(uuid.uuid4()), "value": {"pregunta": p, "operador": o, "valor": v}} for p, o, v in reglas
        ],
        "reunir": "todas" if todas else "alguna",
    }


def _opciones(clave, opciones):
    """`opciones`: textos, o pares (clave, texto). Sin clave, es la de la pregunta con el puesto: «p1-o1»."""
    hechas = []
    for puesto, opcion in enumerate(opciones, 1):
        propia, texto = opcion if isinstance(opcion, tuple) else (f"{clave}-o{puesto}", opcion)
        hechas.append({"type": "item", "id": propia, "value": {"texto": texto}})
    return hechas


def pregunta(tipo, clave, texto="", *, opciones=(), filas=(), publica=True, obligatoria=False, reglas=(), todas=True, **valor):
    """El bloque de una pregunta, como lo guarda el editor. `clave` es su id."""
    valor = {
        "texto": texto or f"¿{clave}?",
        "ayuda": "",
        "obligatoria": obligatoria,
        "visibilidad": "publica" if publica else "personal",
        "condicion": _condicion(reglas, todas),
        **valor,
    }
    if opciones:
        valor["opciones"] = _opciones(clave, opciones)
    if filas:
        valor["filas"] = _opciones(f"{clave}-f", filas)
    return {"type": str(tipo), "id": clave, "value": valor}


def encuesta(bloques=(), titulo=None, *, publicar=True, apertura=None, cierre=None, **campos) -> EncuestaPage:
    """Una página de encuesta con estos bloques; publicada y abierta salvo que se diga otra cosa."""
    ahora = timezone.now()
    numero = next(_numero)
    pagina = EncuestaPage(
        title=titulo or f"Encuesta {numero}",
        slug=slugify(f"{numero} {titulo or 'encuesta'}")[:60],
        resumen="Lo que se pregunta.",
        proposito="Para saber qué piensa la gente.",
        formulario=list(bloques),
        apertura=apertura or ahora - timedelta(days=1),
        cierre=cierre if cierre is not None else ahora + timedelta(days=30),
        live=False,
        **campos,
    )
    fabricas.sitio().root_page.add_child(instance=pagina)
    if publicar:
        pagina.save_revision().publish()
        pagina = EncuestaPage.objects.get(pk=pagina.pk)
    return pagina


def reglas_de(pagina: EncuestaPage) -> Encuesta:
    """Las reglas publicadas de una encuesta, recién leídas."""
    return Encuesta.objects.select_related("ejercicio").get(ejercicio=pagina.ejercicio)


@transaction.atomic
def contestada(pagina: EncuestaPage, valores: dict, **rasgos) -> Respuesta:
    """Una respuesta ya enviada y contada, sin pasar por quién es: para probar lo que se cuenta, no quién puede."""
    version = VersionFormulario.objects.vigente(pagina.ejercicio)
    respuesta = Respuesta.objects.create(
        ejercicio=pagina.ejercicio, version=version, estado=EstadoRespuesta.ENVIADA, enviada_en=timezone.now(), **rasgos
    )
    escribir_valores(respuesta=respuesta, formulario=version.formulario(), valores=valores)
    conteos.sumar(respuesta, list(respuesta.valores.select_related("pregunta")))
    return respuesta
