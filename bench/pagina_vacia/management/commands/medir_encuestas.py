"""Cien mil respuestas a veinte preguntas, y cuánto tarda lo que se hace con ellas. Imprime las cifras en JSON."""

import json
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from bench.pagina_vacia.models import VaciaPage
from cuentas.enums import GrupoEdad, TipoActor
from encuestas.enums import Rasgo
from encuestas.microdatos import exportacion
from encuestas.models import Encuesta, EncuestaPage
from encuestas.resultados.catalogo import catalogo
from encuestas.resultados.cruces import cruzar
from participacion.formularios.models import VersionFormulario

RESPUESTAS, REPETIR = 100_000, 9
AREAS = [f"Comuna {n}" for n in range(1, 21)]
UNICAS, MULTIPLES, ESCALAS = 12, 3, 3


def bloques():
    def pregunta(tipo, clave, **valor):
        comun = {"texto": f"Pregunta {clave}", "ayuda": "", "obligatoria": False, "visibilidad": "publica"}
        return {"type": tipo, "id": clave, "value": comun | {"condicion": {"reglas": [], "reunir": "todas"}} | valor}

    def opciones(clave, cuantas):
        return [{"type": "item", "id": f"{clave}-{n}", "value": {"texto": f"Opción {n}"}} for n in range(1, cuantas + 1)]

    return [
        *(pregunta("unica", f"u{n}", opciones=opciones(f"u{n}", 5)) for n in range(UNICAS)),
        *(pregunta("multiple", f"m{n}", opciones=opciones(f"m{n}", 6)) for n in range(MULTIPLES)),
        *(pregunta("escala", f"e{n}", escala="cero_diez") for n in range(ESCALAS)),
        pregunta("numero", "n0"),
        pregunta("texto_largo", "t0"),
    ]


class Command(BaseCommand):
    help = __doc__

    def handle(self, **opciones):
        portada = Site.objects.get(is_default_site=True).root_page
        if not VaciaPage.objects.filter(slug="vacia").exists():
            portada.add_child(instance=VaciaPage(title="Vacía", slug="vacia"))
        encuesta = self.crear(portada)
        with transaction.atomic():
            self.sembrar(encuesta)
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM ANALYZE")
        encuesta = Encuesta.objects.select_related("ejercicio").get(pk=encuesta.pk)
        cifras = self.pagina(encuesta) | {"cruce_ms": self.cruces(encuesta)} | self.csv(encuesta) | self.xlsx(encuesta)
        self.stdout.write(json.dumps(cifras))

    def crear(self, portada) -> Encuesta:
        ahora = timezone.now()
        pagina = EncuestaPage(
            title="Encuesta medida", slug="encuesta-medida", resumen="Para medir.", proposito="Para medir.",
            formulario=bloques(), resultados="en_vivo", live=False,
            apertura=ahora - timedelta(days=1), cierre=ahora + timedelta(days=30),
        )  # fmt: skip
        portada.add_child(instance=pagina)
        pagina.save_revision().publish()
        return Encuesta.objects.select_related("ejercicio").get(ejercicio=EncuestaPage.objects.get(pk=pagina.pk).ejercicio)

    def sembrar(self, encuesta):
        """Todo en SQL: con las acciones tardaría horas. Los conteos se suman de los mismos valores."""
        version = VersionFormulario.objects.vigente(encuesta.ejercicio)
        actores, edades = TipoActor.values, [*GrupoEdad.values, ""]
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(
                "INSERT INTO formularios_respuesta (clave, ejercicio_id, version_id, estado, referencia, parcial, pagina, actor_tipo,"
                " rango_edad, area, zona, canal, idioma, creada_en, actualizada_en, enviada_en)"
                " SELECT gen_random_uuid(), %s, %s, 'enviada', '', '{}', 0, (%s::text[])[1 + floor(random() * %s)],"
                " (%s::text[])[1 + floor(random() * %s)], (%s::text[])[1 + floor(random() * %s)], 'urbana', 'web', 'es', now(), now(), now()"
                " FROM generate_series(1, %s)",
                [encuesta.pk, version.pk, actores, len(actores), edades, len(edades), AREAS, len(AREAS), RESPUESTAS],
            )
            for pregunta in encuesta.ejercicio.preguntas.all():
                self.contestar(cursor, encuesta, pregunta)
            self.contar(cursor, encuesta, version)

    def contestar(self, cursor, encuesta, pregunta):
        opciones = list(pregunta.opciones.values_list("pk", flat=True))
        columnas = {
            "unica": ("(%s::bigint[])[1 + floor(random() * %s)], NULL, ''", [opciones, len(opciones)]),
            "escala": ("NULL, floor(random() * 11), ''", []),
            "numero": ("NULL, floor(random() * 90), ''", []),
            "texto_largo": ("NULL, NULL, 'Que arreglen la vía y haya luz en el parque de la esquina'", []),
        }
        inicio = "INSERT INTO formularios_valor (respuesta_id, pregunta_id, opcion_id, numero, texto) SELECT r.id, %s, "
        if pregunta.tipo == "multiple":
            for opcion in opciones:
                consulta = "%s, NULL, '' FROM formularios_respuesta r WHERE r.ejercicio_id = %s AND random() < 0.4"
                cursor.execute(inicio + consulta, [pregunta.pk, opcion, encuesta.pk])
            return
        expresion, parametros = columnas[pregunta.tipo]
        consulta = f"{inicio}{expresion} FROM formularios_respuesta r WHERE r.ejercicio_id = %s"
        cursor.execute(consulta, [pregunta.pk, *parametros, encuesta.pk])

    def contar(self, cursor, encuesta, version):
        inicio = (
            "INSERT INTO encuestas_conteo (ejercicio_id, version_id, pregunta, casilla, actor_tipo, rango_edad, area, cantidad)"
            " SELECT %s, %s, "
        )
        rasgos = "r.actor_tipo, r.rango_edad, r.area, "
        valores = (
            " FROM formularios_valor v JOIN formularios_respuesta r ON r.id = v.respuesta_id"
            " JOIN formularios_pregunta p ON p.id = v.pregunta_id WHERE r.ejercicio_id = %s"
        )
        comunes = [encuesta.pk, version.pk]
        cursor.execute(
            f"{inicio}'', '', {rasgos}count(*) FROM formularios_respuesta r WHERE r.ejercicio_id = %s GROUP BY 3, 4, 5, 6, 7",
            [*comunes, encuesta.pk],
        )
        cursor.execute(
            f"{inicio}p.clave, '', {rasgos}count(DISTINCT r.id){valores} GROUP BY 3, 4, 5, 6, 7", [*comunes, encuesta.pk]
        )
        casilla = "CASE WHEN v.opcion_id IS NOT NULL THEN 'o' || v.opcion_id ELSE 'n' || floor(v.numero)::int END"
        cursor.execute(
            f"{inicio}p.clave, {casilla}, {rasgos}count(*){valores}"
            " AND (v.opcion_id IS NOT NULL OR p.tipo = 'escala') GROUP BY 3, 4, 5, 6, 7",
            [*comunes, encuesta.pk],
        )

    def cronometrar(self, hacer) -> float:
        """Milisegundos: la mediana de varias, después de una de calentamiento."""
        hacer()
        tiempos = []
        for _ in range(REPETIR):
            inicio = time.perf_counter()
            hacer()
            tiempos.append(1000 * (time.perf_counter() - inicio))
        return median(tiempos)

    def pagina(self, encuesta) -> dict:
        navegador = Client()
        ruta = reverse("encuestas:resultados", args=[encuesta.pk])

        def pedir(direccion):
            respuesta = navegador.get(direccion, headers={"host": "localhost"})
            if respuesta.status_code != 200:
                raise RuntimeError(f"{direccion}: {respuesta.status_code}")

        vacia = self.cronometrar(lambda: pedir("/vacia/"))
        resultados = self.cronometrar(lambda: pedir(ruta))
        con_cruce = self.cronometrar(lambda: pedir(f"{ruta}?pregunta=e0&por=area"))
        return {"vacia_ms": vacia, "pagina_ms": resultados, "pagina_con_cruce_ms": con_cruce}

    def cruces(self, encuesta) -> float:
        """El más lento de todas las preguntas por todos los rasgos."""
        vistas = [vista for vista in catalogo(encuesta.ejercicio) if vista.cerrada]
        return max(
            self.cronometrar(lambda v=vista, r=rasgo: cruzar(encuesta, v, r)) for vista in vistas[::4] for rasgo in Rasgo
        )

    def csv(self, encuesta) -> dict:
        base = memoria()
        mayor, inicio = base, time.perf_counter()
        for numero, _tanda in enumerate(exportacion.en_csv(encuesta, personales=True, bom=True)):
            if numero % 10 == 0:
                mayor = max(mayor, memoria())
        segundos = time.perf_counter() - inicio
        return {"csv_por_segundo": RESPUESTAS / segundos, "csv_memoria_mib": mayor - base}

    def xlsx(self, encuesta) -> dict:
        inicio = time.perf_counter()
        with tempfile.TemporaryFile() as destino:
            exportacion.escribir_xlsx(encuesta, destino, personales=True, avisar=lambda hechas: None)
            tamano = destino.tell()
        return {"xlsx_segundos": time.perf_counter() - inicio, "xlsx_mib": tamano / 2**20}


def memoria() -> float:
    """MiB que el proceso ocupa ahora."""
    linea = next(linea for linea in Path("/proc/self/status").read_text().splitlines() if linea.startswith("VmRSS"))
    return int(linea.split()[1]) / 1024
