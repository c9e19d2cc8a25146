"""La página, el CSV, el XLSX y un recuento en Python puro sobre las filas dicen lo mismo."""

import csv
import io
from collections import Counter
from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.users.models import UserProfile

from indicadores.consultas import Consulta, Periodo, reloj
from indicadores.medidas import MEDIDAS, calcular
from participacion.registro.models import Acto
from tests import fabricas

from .conftest import BOGOTA, FIN, INICIO, PERIODO, acto, crear_ejercicio

PARTICIPACION = {"propuesta_enviada", "apoyo"}
SEIS = ["ciudadania", "universidad", "empresa", "organizacion", "veeduria", "entidad"]


def filas_de(actos) -> list[dict]:
    """Las filas de la tabla como diccionarios, en orden de ocurrencia y anotación."""
    return [
        {
            **{c: getattr(a, c) for c in ("tipo", "estado", "actor_tipo", "organizacion_tipo", "canal", "fase")},
            "ejercicio": (a.ejercicio_id, a.ejercicio.tipo),
            "objeto": a.objeto_id,
            "participante": a.participante,
            "organizacion": a.organizacion,
            "cantidad": a.cantidad,
            "uuid": str(a.uuid),
            "anula": str(a.anula.uuid) if a.anula else "",
            "en_periodo": a.ocurrido_en >= INICIO,
        }
        for a in sorted(actos, key=lambda a: (a.ocurrido_en, a.pk))
        if a.ocurrido_en < FIN
    ]


def filas_del_archivo(texto: str) -> list[dict]:
    return [
        {
            **fila,
            "ejercicio": (int(fila["ejercicio_id"]), fila["ejercicio__tipo"]),
            "objeto": fila["objeto_id"],
            "cantidad": int(fila["cantidad"]),
            "anula": fila["anula__uuid"],
            "en_periodo": fila["en_periodo"] == "si",
        }
        for fila in csv.DictReader(io.StringIO(texto), delimiter=";")
    ]


def recontar(filas: list[dict]) -> dict[str, list[int]]:
    """Cada medida, contada a mano: sin SQL ni el código de `indicadores`."""
    periodo = [f for f in filas if f["en_periodo"]]
    actos = [f for f in periodo if f["tipo"] in PARTICIPACION]
    anulados = {f["anula"] for f in filas if f["anula"]}
    en_pie = [f for f in filas if not f["anula"] and f["uuid"] not in anulados]
    primero, estado = {}, {}
    for fila in filas:
        if fila["estado"]:
            estado[fila["objeto"]] = fila["estado"]
            if fila["tipo"] in PARTICIPACION:
                primero.setdefault(fila["objeto"], fila)
    recibidos = [f for f in primero.values() if f["en_periodo"]]

    def por(valores, conjunto, clave):
        conteo = Counter(clave(x) for x in conjunto)
        return [conteo[valor] for valor in valores]

    def distintos(columna, segun):
        con_valor = [f for f in actos if f[columna]]
        return [len({f[columna] for f in con_valor})] + [
            len({f[columna] for f in con_valor if f[segun] == valor})
            for valor in (SEIS if segun == "actor_tipo" else SEIS[1:])
        ]

    def total_y(valores, conjunto, columna):
        return [len(conjunto), *por(valores, conjunto, lambda f: f[columna])]

    ejercicios = {f["ejercicio"] for f in actos}
    fases = {(f["ejercicio"], f["fase"]) for f in actos}
    orden_estados = ["enviada", "devuelta", "publicada", "rechazada", "retirada"]
    clases = [
        "reto_prorrogado", "pregunta_enviada", "pregunta_respondida", "pregunta_rechazada", "problema_enviado",
        "problema_publicado", "problema_rechazado", "problema_retirado", "integrante_sumado", "integrante_salido",
        "informacion_pedida", "informacion_completada", "informacion_anulada", "jurado_invitado", "jurado_acepto",
        "jurado_declino", "jurado_removido", "evaluacion_asignada", "evaluacion_en_curso", "evaluacion_enviada",
        "evaluacion_abstenida", "evaluacion_impedida", "evaluacion_retirada", "deliberacion", "reto_decidido",
        "propuesta_respondida", "reto_cerrado", "propuesta_admitida", "propuesta_no_admitida", "propuesta_elegida",
        "propuesta_elegible", "propuesta_no_elegida", "propuesta_implementacion", "propuesta_implementada",
        "propuesta_no_implementada", "propuesta_enviada", "propuesta_publicada", "propuesta_devuelta", "propuesta_rechazada", "propuesta_retirada",
        "propuesta_fusionada", "propuesta_importada", "encuesta_respondida", "encuesta_respondida_secreta", "respuesta_anulada",
        "apoyo", "apoyo_retirado", "apoyos_importados",
    ]  # fmt: skip
    return {
        "ejercicios": [len(ejercicios), *por(["reto", "encuesta", "foro"], ejercicios, lambda e: e[1])],
        "ejercicios_por_fase": [
            len(ejercicios),
            *por(["diagnostico", "formulacion", "implementacion", "evaluacion"], fases, lambda par: par[1]),
        ],
        "actos_de_participacion": total_y(SEIS, actos, "actor_tipo"),
        "participantes": distintos("participante", "actor_tipo"),
        "organizaciones": distintos("organizacion", "organizacion_tipo"),
        "recibidos": total_y(SEIS, recibidos, "actor_tipo"),
        "estados": [len(estado), *por(orden_estados, estado.values(), lambda e: e)],
        "apoyos_vigentes": [sum(f["cantidad"] for f in en_pie if f["tipo"] == "apoyo")],
        "apoyos_importados": [sum(f["cantidad"] for f in en_pie if f["tipo"] == "apoyos_importados")],
        "actos_por_canal": total_y(
            ["web", "asistida", "papel", "importacion", "api"],
            [f for f in periodo if f["actor_tipo"] != "personal"],
            "canal",
        ),
        "actos_por_clase": total_y(clases, periodo, "tipo"),
        "enfoque_diferencial": [],  # ninguno de estos ejercicios cierra: véase test_diferencial
    }


def pedir(navegador, nombre, **parametros):
    respuesta = navegador.get(reverse(f"indicadores:{nombre}"), {**PERIODO, **parametros})
    assert respuesta.status_code == 200
    return respuesta


def de_la_pagina(respuesta) -> dict[str, list[int]]:
    return {medida.clave: [n for _etiqueta, n in filas] for medida, filas in respuesta.context["cifras"]}


def renglones(respuesta) -> list[tuple]:
    return [(str(m.etiqueta), str(etiqueta), n) for m, filas in respuesta.context["cifras"] for etiqueta, n in filas]


@pytest.mark.parametrize("uno_solo", [False, True], ids=["todos", "un ejercicio"])
def test_pagina_csv_xlsx_actos_y_recuento_coinciden(registro, navegador, uno_solo):
    actos = Acto.objects.filter(sitio=registro.sitio).select_related("ejercicio", "anula")
    parametros = {}
    if uno_solo:
        parametros["ejercicio"] = registro.ejercicios[0].pk
        actos = actos.filter(ejercicio=registro.ejercicios[0])
    assert actos.count() > (100 if uno_solo else 500)

    pagina = pedir(navegador, "pagina", **parametros)
    cifras = de_la_pagina(pagina)
    assert cifras == recontar(filas_de(actos))
    if not uno_solo:
        # Si el azar dejara algo en cero, la igualdad probaría menos de lo que dice.
        for clave in ("actos_de_participacion", "participantes", "organizaciones", "recibidos", "estados"):
            assert all(cifras[clave]), clave

    del_csv = csv.reader(io.StringIO(pedir(navegador, "csv", **parametros).content.decode("utf-8-sig")), delimiter=";")
    assert [(a, b, int(n)) for a, b, n, *_resto in list(del_csv)[1:]] == renglones(pagina)
    libro = load_workbook(io.BytesIO(pedir(navegador, "xlsx", **parametros).content))
    assert [fila[:3] for fila in libro.active.iter_rows(min_row=2, values_only=True)] == renglones(pagina)

    archivo = pedir(navegador, "actos", **parametros).getvalue().decode("utf-8-sig")
    assert recontar(filas_del_archivo(archivo)) == cifras


def test_un_dia_es_de_medianoche_a_medianoche_de_bogota(db, navegador):
    ejercicio = crear_ejercicio(fabricas.sitio())
    for momento in (
        datetime(2026, 3, 9, 23, 59, 59, 999999, tzinfo=BOGOTA),
        datetime(2026, 3, 10, 0, 0, tzinfo=BOGOTA),
        datetime(2026, 3, 10, 23, 59, 59, 999999, tzinfo=BOGOTA),
        datetime(2026, 3, 11, 0, 0, tzinfo=BOGOTA),
    ):
        acto(ejercicio, "apoyo", momento).save()
    pagina = pedir(navegador, "pagina", desde="2026-03-10", hasta="2026-03-10")
    assert de_la_pagina(pagina)["actos_de_participacion"][0] == 2


def test_la_zona_horaria_del_perfil_no_mueve_el_periodo(registro, navegador, analista):
    antes = de_la_pagina(pedir(navegador, "pagina"))
    UserProfile.objects.create(user=analista, current_time_zone="Asia/Tokyo")
    assert de_la_pagina(pedir(navegador, "pagina")) == antes


def test_lo_anotado_despues_del_corte_no_cuenta(db):
    sitio = fabricas.sitio()
    ejercicio = crear_ejercicio(sitio)
    acto(ejercicio, "apoyo", INICIO).save()
    corte = reloj(sitio)
    acto(ejercicio, "apoyo", INICIO, registrado_en=corte + timezone.timedelta(seconds=1)).save()
    consulta = Consulta(sitio, Periodo(date(2026, 1, 1), date(2026, 6, 30)), None, corte)
    cifras = {medida.clave: filas[0][1] for medida, filas in calcular(consulta) if filas}
    assert (cifras["actos_de_participacion"], cifras["apoyos_vigentes"]) == (1, 1)


def test_lo_que_no_es_de_ningun_tipo_de_actor_se_ve_y_suma(db):
    sitio = fabricas.sitio()
    acto(crear_ejercicio(sitio), "apoyo", INICIO, actor_tipo="sin_dato").save()
    consulta = Consulta(sitio, Periodo(date(2026, 1, 1), date(2026, 6, 30)), None, reloj(sitio))
    filas = dict(calcular(consulta))[next(m for m in MEDIDAS if m.clave == "actos_de_participacion")]
    assert [n for _etiqueta, n in filas] == [1, 0, 0, 0, 0, 0, 0, 1]
    assert filas[-1][0] == "Sin dato"


def test_cada_medida_tiene_clave_propia_y_definicion():
    assert len({medida.clave for medida in MEDIDAS}) == len(MEDIDAS)
    assert all(str(medida.definicion).endswith(".") for medida in MEDIDAS)
