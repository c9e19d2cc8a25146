"""Las propuestas de un reto como datos abiertos: una fila por propuesta pública, sin datos personales."""

import json
from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from home.marco import ajustes_de, direccion_de
from home.tablas import a_csv, celda
from participacion.apoyos.enums import ModoApoyo

from ..evaluacion.estadistica import Resumen
from ..models import Propuesta
from .expediente import Expediente, ultima_y_dias

TANDA = 500

# Columna, clase de dato y qué dice. De aquí salen los encabezados, la ayuda de la página y `diccionario.csv`.
DICCIONARIO = [
    ("referencia", "texto", gettext_lazy("Número único de la propuesta.")),
    ("titulo", "texto", gettext_lazy("Como lo escribió quien propone.")),
    ("resumen", "texto", gettext_lazy("Como lo escribió quien propone.")),
    ("idioma", "texto", gettext_lazy("En qué idioma se escribió.")),
    ("direccion", "texto", gettext_lazy("Dónde leerla.")),
    ("tipo_actor", "texto", gettext_lazy("Qué clase de actor propone: ciudadania, universidad, empresa, organizacion, veeduria o entidad. Vacío en una evaluación ciega hasta la decisión.")),
    (
        "propone",
        "texto",
        gettext_lazy("La organización, o el nombre que la persona aceptó mostrar. Vacío en una evaluación ciega hasta la decisión."),
    ),
    ("estado", "texto", gettext_lazy("Si sigue publicada o se retiró o fusionó después.")),
    ("resultado", "texto", gettext_lazy("Qué fue de ella en el concurso.")),
    ("apoyos", "entero", gettext_lazy("Los vigentes, dados en esta plataforma; vacío mientras el reto los oculta.")),
    ("puntos", "entero", gettext_lazy("Lo que suman sus apoyos donde se ordena o se reparten puntos; vacío donde no.")),
    ("apoyos_importados", "entero", gettext_lazy("Apoyos que traía de otra plataforma. No se suman a los de ésta.")),
    ("evaluaciones", "entero", gettext_lazy("Cuántos jurados la evaluaron; vacío hasta que se publica la decisión.")),
    ("media", "decimal", gettext_lazy("Media de los puntajes del jurado, de 0 a 100.")),
    ("mediana", "decimal", gettext_lazy("Mediana de los puntajes del jurado, de 0 a 100.")),
    ("desviacion", "decimal", gettext_lazy("Desviación estándar muestral de los puntajes; vacío con menos de dos.")),
    ("licencia", "texto", gettext_lazy("Con qué derechos entrega la propuesta quien la escribe.")),
    ("enviada_en", "fecha y hora", gettext_lazy("Cuándo se envió, con la diferencia horaria (ISO 8601).")),
    ("publicada_en", "fecha y hora", gettext_lazy("Cuándo se publicó, con la diferencia horaria (ISO 8601).")),
    ("respuesta_oficial", "texto", gettext_lazy("La que vale hoy.")),
    ("respondida_en", "fecha y hora", gettext_lazy("Cuándo se dio la primera respuesta.")),
    ("dias_en_responder", "entero", gettext_lazy("Días calendario desde que se publicó hasta la primera respuesta.")),
]
COLUMNAS = [columna for columna, _clase, _que in DICCIONARIO]


def _iso(momento: datetime | None) -> str | None:
    return momento and timezone.localtime(momento).isoformat(timespec="seconds")


def registros_de(expediente: Expediente, propuestas: list[Propuesta]) -> list[dict]:
    """Una fila por propuesta, con las columnas del diccionario. None: no hay dato o aún no se puede decir."""
    notas = expediente.notas_de(propuestas)
    return [_registro(expediente, propuesta, notas.get(propuesta.pk)) for propuesta in propuestas]


def _registro(expediente: Expediente, propuesta: Propuesta, notas: Resumen | None) -> dict:
    visibles = expediente.apoyos_visibles
    respuesta, respondida_en, dias = ultima_y_dias(propuesta)
    return {
        "referencia": propuesta.referencia,
        "titulo": propuesta.titulo,
        "resumen": propuesta.resumen,
        "idioma": propuesta.idioma,
        "direccion": expediente.absoluta(propuesta.get_absolute_url()),
        "tipo_actor": "" if propuesta.anonima else propuesta.actor_tipo,
        "propone": "" if propuesta.anonima else propuesta.firma,
        "estado": propuesta.estado,
        "resultado": propuesta.resultado,
        "apoyos": propuesta.apoyos if visibles else None,
        "puntos": propuesta.puntos if visibles and expediente.modo_apoyo != ModoApoyo.SIMPLE else None,
        "apoyos_importados": propuesta.apoyos_importados if visibles else None,
        "evaluaciones": notas.n if notas else 0 if expediente.decision else None,
        "media": notas and notas.media,
        "mediana": notas and notas.mediana,
        "desviacion": notas and notas.desviacion,
        "licencia": propuesta.licencia,
        "enviada_en": _iso(propuesta.enviada_en),
        "publicada_en": _iso(propuesta.publicada_en),
        "respuesta_oficial": respuesta,
        "respondida_en": _iso(respondida_en),
        "dias_en_responder": dias,
    }


def _registros(expediente: Expediente) -> Iterator[dict]:
    """Todas, de a pocas: un reto puede tener diez mil. La respuesta se envía cuando ya no rige el idioma de la petición."""
    idioma = get_language()
    ids = list(expediente.propuestas().values_list("pk", flat=True))

    def tanda(desde: int) -> list[dict]:
        estos = ids[desde : desde + TANDA]
        with override(idioma):
            propuestas = {propuesta.pk: propuesta for propuesta in expediente.propuestas().filter(pk__in=estos)}
            return registros_de(expediente, [propuestas[pk] for pk in estos if pk in propuestas])

    return (registro for desde in range(0, len(ids), TANDA) for registro in tanda(desde))


def como_csv(expediente: Expediente) -> Iterator[str]:
    registros = _registros(expediente)

    def renglones():
        yield COLUMNAS
        for registro in registros:
            yield [celda(valor) for valor in registro.values()]

    return a_csv(renglones())


def diccionario_csv() -> Iterator[str]:
    return a_csv([["columna", "clase", "descripcion"], *([c, clase, celda(str(que))] for c, clase, que in DICCIONARIO)])


def _totales(expediente: Expediente) -> dict:
    """Las cifras con que el informe resume el reto. Quiénes participaron se calla mientras se callan los apoyos."""
    participacion = expediente.participacion if expediente.apoyos_visibles else None
    respuestas = expediente.respuestas
    return {
        "propuestas_recibidas": expediente.por_estado.total(),
        "propuestas_publicas": expediente.publicas,
        "participantes": participacion and participacion.participantes,
        "organizaciones": participacion and participacion.organizaciones,
        "respuestas_oficiales": respuestas.respondidas,
        "sin_respuesta": respuestas.sin_responder,
        "jurados": expediente.evaluacion and expediente.evaluacion.jurados,
    }


def como_json(expediente: Expediente) -> Iterator[str]:
    """Todo en un documento, con su licencia y lo que significa cada columna; una propuesta por renglón."""
    ajustes, request = ajustes_de(expediente.request), expediente.request
    cabeza = {
        "reto": expediente.pagina.title,
        "direccion": expediente.absoluta(f"{direccion_de(request, expediente.pagina)}informe/"),
        "entidad": ajustes.nombre,
        "licencia": ajustes.licencia,
        "consultado_en": _iso(expediente.ahora),
        "preliminar": expediente.cierre is None,
        "nota": _("Vacío (null): no hay dato o aún no se puede decir."),
        "totales": _totales(expediente),
        "columnas": {columna: str(que) for columna, _clase, que in DICCIONARIO},
    }
    registros = _registros(expediente)

    def partes():
        yield json.dumps(cabeza, ensure_ascii=False, indent=1)[:-2] + ',\n "propuestas": ['
        coma = "\n"
        for registro in registros:
            yield coma + json.dumps(registro, ensure_ascii=False, default=float)
            coma = ",\n"
        yield "\n]}\n"

    return partes()
