"""El libro de respuestas se prepara aquí y se borra un día después."""

import logging
import tempfile
from datetime import timedelta

from django.core.files import File
from django.utils import timezone
from django_tasks import task

from ..enums import EstadoExportacion
from ..models import Encuesta, Exportacion
from .actions import borrar_exportacion
from .exportacion import escribir_xlsx

CADUCIDAD = timedelta(days=1)
registro = logging.getLogger(__name__)


@task()
def preparar(exportacion_id: int) -> None:
    """Prepara el libro. Repetirla, si el trabajador murió a mitad, empieza otra vez; si ya está lista, no hace nada."""
    suya = Exportacion.objects.filter(pk=exportacion_id)
    exportacion = suya.exclude(estado=EstadoExportacion.LISTA).first()
    if exportacion is None:
        return
    suya.update(estado=EstadoExportacion.EN_CURSO, hechas=0)
    encuesta = Encuesta.objects.select_related("ejercicio").get(pk=exportacion.ejercicio_id)
    try:
        with tempfile.TemporaryFile() as temporal:
            escribir_xlsx(
                encuesta, temporal, personales=exportacion.personales, avisar=lambda hechas: suya.update(hechas=hechas)
            )
            temporal.seek(0)
            exportacion.archivo.save("respuestas.xlsx", File(temporal), save=False)
    except Exception as error:
        # El mensaje podría traer lo que alguien contestó: sólo se anota qué clase de error fue.
        registro.error("Exportación %s: falló (%s)", exportacion_id, type(error).__name__)
        suya.update(estado=EstadoExportacion.FALLIDA)
    else:
        suya.update(estado=EstadoExportacion.LISTA, archivo=exportacion.archivo.name)
    finally:
        borrar.using(run_after=timezone.now() + CADUCIDAD).enqueue(exportacion_id)


@task()
def borrar(exportacion_id: int) -> None:
    """Borra el libro y su fila."""
    exportacion = Exportacion.objects.filter(pk=exportacion_id).first()
    if exportacion is not None:
        borrar_exportacion(exportacion=exportacion)
