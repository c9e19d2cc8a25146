from django.db import transaction
from wagtail.log_actions import log

from cuentas.models import Usuario

from ..models import Encuesta, Exportacion
from .exportacion import enviadas


@transaction.atomic
def pedir_xlsx(*, encuesta: Encuesta, personales: bool, actor: Usuario) -> Exportacion:
    """Encarga el libro de respuestas y lo anota. Lo prepara el trabajador; se borra al día siguiente."""
    from .tareas import preparar

    anotar_descarga(encuesta=encuesta, formato="xlsx", personales=personales, actor=actor)
    exportacion = Exportacion.objects.create(
        ejercicio=encuesta.ejercicio, personales=personales, total=enviadas(encuesta).count(), creada_por=actor
    )
    preparar.enqueue(exportacion.pk)
    return exportacion


def anotar_descarga(*, encuesta: Encuesta, formato: str, personales: bool, actor: Usuario) -> None:
    """Deja en el historial quién se llevó las respuestas y si iban datos personales (Ley 1581 de 2012, art. 17)."""
    accion = "encuestas.descargar_personales" if personales else "encuestas.descargar_respuestas"
    log(instance=encuesta.ejercicio, action=accion, user=actor, data={"formato": formato})


@transaction.atomic
def borrar_exportacion(*, exportacion: Exportacion) -> None:
    """Borra la fila ya y el libro cuando la transacción se confirme."""
    almacen, ruta = exportacion.archivo.storage, exportacion.archivo.name
    exportacion.delete()
    if ruta:
        transaction.on_commit(lambda: almacen.delete(ruta))
