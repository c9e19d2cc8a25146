from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from participacion.ejercicios.models import Ejercicio
from retos.importacion import columnas as mapa
from retos.importacion.actions import importar_propuestas, simular_importacion
from retos.importacion.columnas import Campo
from retos.importacion.conversion import preparar
from retos.importacion.fechas import Orden
from retos.importacion.informe import Informe, Suerte
from retos.importacion.lectura import CODIFICACIONES, DELIMITADORES, Tabla, comprobar_tamano, leer
from retos.models import RetoPage

ERRORES = 100
# Si no se nombra la fuente vale siempre la misma: repetir la orden con otro archivo no debe duplicar.
SIN_NOMBRE = "otra plataforma"


class Command(BaseCommand):
    help = "Importa a un reto las propuestas de otra plataforma, desde un CSV. Repetirla no duplica."

    def add_arguments(self, parser):
        parser.add_argument("archivo", type=Path)
        parser.add_argument("--reto", required=True, metavar="SLUG", help="El último tramo de la dirección del reto.")
        parser.add_argument("--sitio", metavar="DOMINIO", help="Si varios sitios tienen un reto con esa dirección.")
        parser.add_argument(
            "--fuente",
            default=SIN_NOMBRE,
            metavar="NOMBRE",
            help="De qué plataforma vienen; se muestra, y con el identificador dice cuáles ya estaban («%(default)s»).",
        )
        parser.add_argument("--simular", action="store_true", help="Dice qué pasaría, sin escribir nada.")
        parser.add_argument(
            "--omitir-malas", action="store_true", help="Carga las buenas aunque haya rechazadas; si no, ninguna."
        )
        parser.add_argument(
            "--columna",
            action="append",
            default=[],
            metavar="DATO=ENCABEZADO",
            help=f"Qué columna trae un dato ({', '.join(Campo.values)}); ENCABEZADO vacío: no se importa. Se repite.",
        )
        parser.add_argument("--codificacion", default="", choices=CODIFICACIONES, help="Por defecto se averigua.")
        parser.add_argument("--delimitador", default="", choices=DELIMITADORES, help="Por defecto se averigua.")
        parser.add_argument("--orden-fecha", choices=Orden.values, help="Por defecto se averigua.")
        parser.add_argument("--informe", type=Path, metavar="CSV", help="Escribe aquí la suerte de cada línea.")

    def handle(self, *, archivo, reto, sitio, fuente, simular, omitir_malas, informe, **opciones):
        ejercicio = self.buscar_reto(reto, sitio)
        try:
            tabla = self.leer(archivo, opciones)
            orden = Orden(opciones["orden_fecha"]) if opciones["orden_fecha"] else None
            lote = preparar(tabla, self.columnas(tabla, opciones["columna"]), orden)
            if lote.orden_supuesto:
                self.stderr.write(
                    "Las fechas se pueden leer de dos maneras; se leen día/mes/año (véase --orden-fecha)."
                )
            if simular:
                hecho = simular_importacion(ejercicio=ejercicio, lote=lote, fuente=fuente)
            else:
                hecho = importar_propuestas(
                    ejercicio=ejercicio, lote=lote, fuente=fuente, actor=None, omitir_malas=omitir_malas
                )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.contar(hecho)
        if informe:
            informe.write_text(hecho.en_csv(), encoding="utf-8", newline="")
        if not simular and not hecho.escrito:
            raise CommandError("No se cargó nada: corrija las líneas rechazadas o use --omitir-malas.")

    def buscar_reto(self, slug: str, dominio: str | None) -> Ejercicio:
        claves = RetoPage.objects.filter(slug=slug).values("translation_key")
        retos = Ejercicio.objects.filter(translation_key__in=claves).select_related("sitio")
        if dominio:
            retos = retos.filter(sitio__hostname=dominio)
        if len(retos) > 1:
            sitios = ", ".join(sorted({r.sitio.hostname for r in retos}))
            raise CommandError(f"Hay varios retos «{slug}»; elija uno con --sitio: {sitios}.")
        if not retos:
            raise CommandError(f"No hay un reto publicado alguna vez con la dirección «{slug}».")
        return retos[0]

    def leer(self, archivo: Path, opciones: dict) -> Tabla:
        try:
            comprobar_tamano(archivo.stat().st_size)
            datos = archivo.read_bytes()
        except OSError as error:
            raise CommandError(f"No se puede leer {archivo}: {error.strerror}.") from error
        return leer(datos, opciones["codificacion"], opciones["delimitador"])

    def columnas(self, tabla: Tabla, pedidas: list[str]) -> mapa.Columnas:
        columnas = mapa.adivinar(tabla.encabezado)
        for pedida in pedidas:
            dato, igual, encabezado = pedida.partition("=")
            if not igual or dato not in Campo.values:
                raise CommandError(
                    f"--columna {pedida}: se espera DATO=ENCABEZADO, con DATO de {', '.join(Campo.values)}."
                )
            if not encabezado:
                columnas.pop(Campo(dato), None)
            elif encabezado in tabla.encabezado:
                columnas[Campo(dato)] = tabla.encabezado.index(encabezado)
            else:
                raise CommandError(f"No hay una columna «{encabezado}». Hay: {', '.join(tabla.encabezado)}.")
        return columnas

    def contar(self, informe: Informe) -> None:
        por_revisar = informe.por_revisar
        for linea in por_revisar[:ERRORES]:
            etiqueta = informe.etiqueta(linea.suerte)
            self.stdout.write(
                f"línea {linea.linea} ({linea.fuente_id or 'sin identificador'}): {etiqueta}. {linea.motivo}"
            )
        if len(por_revisar) > ERRORES:
            self.stdout.write(f"… y {len(por_revisar) - ERRORES} más; véalas con --informe.")
        for suerte in Suerte:
            self.stdout.write(f"{informe.etiqueta(suerte)}: {informe.conteo(suerte)}")
