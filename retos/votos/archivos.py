"""El reporte de votos como datos abiertos: CSV y JSON, con el diccionario de sus columnas."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.marco import ajustes_de, direccion_de
from home.tablas import celda
from participacion.apoyos.enums import ModoApoyo
from participacion.ejercicios.models import Ejercicio

from .informe import CANALES, MINIMO, Fila, Grupo, filas_de, grupos_de, propuestas_de, totales_de
from .rules import reglas_de

TANDA = 500
OCULTA = "oculta"

# Columna, clase de dato y qué dice. De aquí salen los encabezados, la ayuda de la página y `columnas.csv`.
DICCIONARIO = [
    ("referencia", "texto", gettext_lazy("Número único de la propuesta.")),
    ("titulo", "texto", gettext_lazy("Como lo escribió quien propone.")),
    ("direccion", "texto", gettext_lazy("Dónde leerla.")),
    ("estado", "texto", gettext_lazy("Si sigue publicada o se retiró o fusionó después.")),
    ("apoyos", "entero", gettext_lazy("Los vigentes, dados en esta plataforma: personas más organizaciones.")),
    ("personas", "entero", gettext_lazy("Apoyos que alguien dio en su propio nombre.")),
    ("organizaciones", "entero", gettext_lazy("Apoyos dados en nombre de una organización.")),
    ("puntos", "entero", gettext_lazy("Lo que suman sus apoyos donde se ordena o se reparten puntos; vacío donde no.")),
    ("primeros_puestos", "entero", gettext_lazy("Cuántas personas la pusieron de primera; vacío donde no se ordena.")),
    ("importados", "entero", gettext_lazy("Apoyos que traía de otra plataforma. No se suman a los de ésta.")),
    *((f"canal_{canal.value}", "entero", canal.label) for canal in CANALES),
]
COLUMNAS = [columna for columna, _clase, _que in DICCIONARIO]

DICCIONARIO_DE_GRUPOS = [
    ("referencia", "texto", gettext_lazy("Número único de la propuesta.")),
    ("desagregacion", "texto", gettext_lazy("«actor»: en nombre de qué clase de actor se apoyó. «area»: comuna o vereda de quien apoyó.")),
    ("grupo", "texto", gettext_lazy("El tipo de actor o el nombre de la comuna o vereda; vacío: no la dijo.")),
    (
        "apoyos",
        "entero u «oculta»",
        gettext_lazy("Se oculta un grupo de menos de 5, y otro si hace falta para que no se deduzca. El que no aparece tiene cero."),
    ),
]
COLUMNAS_DE_GRUPOS = [columna for columna, _clase, _que in DICCIONARIO_DE_GRUPOS]


def registro_de(request, fila: Fila, modo: ModoApoyo) -> dict:
    """Una propuesta del reporte, con las columnas del diccionario."""
    propuesta = fila.propuesta
    return {
        "referencia": propuesta.referencia,
        "titulo": propuesta.titulo,
        "direccion": request.build_absolute_uri(propuesta.get_absolute_url()),
        "estado": propuesta.estado,
        "apoyos": fila.apoyos,
        "personas": fila.personas,
        "organizaciones": fila.organizaciones,
        "puntos": None if modo == ModoApoyo.SIMPLE else propuesta.puntos,
        "primeros_puestos": fila.primeros if modo == ModoApoyo.ORDEN else None,
        "importados": propuesta.apoyos_importados,
        **{f"canal_{canal.value}": fila.canales[canal.value] for canal in CANALES},
    }


def _por_tandas(ejercicio: Ejercicio) -> Iterator[list[Fila]]:
    """Todas las propuestas, de a pocas: un reto puede tener diez mil."""
    propuestas = list(propuestas_de(ejercicio))
    for desde in range(0, len(propuestas), TANDA):
        yield filas_de(propuestas[desde : desde + TANDA])


def _dichos(grupos: list[Grupo]) -> list[Grupo]:
    return [grupo for grupo in grupos if grupo.cantidad != 0]


def _votos(request, ejercicio: Ejercicio) -> Iterator[list]:
    yield COLUMNAS
    modo = reglas_de(ejercicio).modo
    for filas in _por_tandas(ejercicio):
        for fila in filas:
            yield [celda(valor) for valor in registro_de(request, fila, modo).values()]


def _por_grupo(_request, ejercicio: Ejercicio) -> Iterator[list]:
    yield COLUMNAS_DE_GRUPOS
    for filas in _por_tandas(ejercicio):
        grupos = grupos_de(ejercicio, filas)
        for fila in filas:
            for desagregacion, lista in grupos[fila.propuesta.pk].items():
                for grupo in _dichos(lista):
                    cantidad = OCULTA if grupo.cantidad is None else grupo.cantidad
                    yield [celda(valor) for valor in (fila.propuesta.referencia, desagregacion, grupo.clave, cantidad)]


def _columnas(_request, _ejercicio: Ejercicio) -> Iterator[list]:
    yield ["archivo", "columna", "clase", "descripcion"]
    for archivo, diccionario in (("votos.csv", DICCIONARIO), ("votos-por-grupo.csv", DICCIONARIO_DE_GRUPOS)):
        for columna, clase, que in diccionario:
            yield [archivo, columna, clase, celda(str(que))]


# Los archivos que se descargan, además de `votos.json`.
CSV = {"votos.csv": _votos, "votos-por-grupo.csv": _por_grupo, "columnas.csv": _columnas}


def como_json(request, reto, ejercicio: Ejercicio) -> dict:
    """Todo el reporte en un documento, con su licencia y lo que significa cada columna."""
    reglas, totales = reglas_de(ejercicio), totales_de(ejercicio)
    ajustes = ajustes_de(request)
    propuestas = []
    for filas in _por_tandas(ejercicio):
        grupos = grupos_de(ejercicio, filas)
        for fila in filas:
            suyos = {
                clave: {grupo.clave: OCULTA if grupo.cantidad is None else grupo.cantidad for grupo in _dichos(lista)}
                for clave, lista in grupos[fila.propuesta.pk].items()
            }
            propuestas.append(registro_de(request, fila, reglas.modo) | {"grupos": suyos})
    return {
        "reto": ejercicio.titulo,
        "direccion": request.build_absolute_uri(direccion_de(request, reto)),
        "entidad": ajustes.site.site_name or ajustes.site.hostname,
        "licencia": ajustes.licencia,
        "consultado_en": timezone.localtime().isoformat(timespec="seconds"),
        "modo": reglas.modo.value,
        "maximo": reglas.maximo,
        "grupo_minimo": MINIMO,
        "nota": _("Un grupo que no aparece tiene cero apoyos."),
        "totales": {
            campo: getattr(totales, campo)
            for campo in ("propuestas", "apoyos", "participantes", "organizaciones", "puntos", "importados")
        },
        "columnas": {columna: str(que) for columna, _clase, que in [*DICCIONARIO, *DICCIONARIO_DE_GRUPOS[1:3]]},
        "propuestas": propuestas,
    }
