"""Carga el contenido de demostración, una sola vez y entero.

**Las fechas de los actos son las verdaderas.** Propuestas, decisiones y apoyos se hacen con las mismas acciones
que usa la gente, y el registro anota la hora de la base de datos: todos quedan en el día de la carga. No hay
puerta para fecharlos hacia atrás, tampoco aquí; quien mire los indicadores por mes verá un solo mes. Lo que sí
es editorial son las fechas de los retos: los abiertos y los cerrados dicen haber abierto hace semanas.

Los retos cerrados se publican abiertos, reciben lo suyo, y al final se publican otra vez con un cierre
posterior a su último acto: dicen que cerraron el día de la carga, y ningún acto cae fuera de su plazo. Igual la
encuesta de línea base; su seguimiento abre en ese instante.

Los dos retos que recorren el programa (`retos_programa`) sí muestran fechas de hace meses en sus páginas; sus actos, no.
"""

from django.db import transaction
from django.utils import translation
from django_tasks_db.models import DBTaskResult

from cuentas.models import Usuario
from participacion.avisos.models import Aviso
from participacion.avisos.tareas import enviar_aviso
from participacion.ejercicios.actions import leer_reglas
from retos.novedades import avisar_a_quienes_apoyaron, avisar_de_novedades

from . import aportes, encuestas, personas, retos_programa
from .paginas import Paginas, leer, sitio_de_demostracion


def cargar() -> None:
    """Deja el sitio por defecto con el contenido de demostración. Si ya está, no hace nada."""
    if Usuario.objects.filter(email=personas.CUENTAS[0][0]).exists():
        return
    with transaction.atomic(), translation.override("es"):
        sitio = sitio_de_demostracion()
        quienes = personas.crear(sitio)
        paginas = Paginas(sitio, quienes.editor)
        territorios = personas.crear_territorios(sitio)  # antes de publicar encuestas que preguntan dónde vive
        paginas.cargar()
        personas.autorizar_todas(sitio, territorios)
        retos = leer("retos")["reto"]
        aportes.cargar(quienes, {reto["clave"]: paginas.ejercicio(reto["clave"]) for reto in retos})
        for reto in retos:
            if reto.get("cerrado"):
                _reglas, ahora = leer_reglas(paginas.ejercicio(reto["clave"]).pk)
                paginas.publicar(reto["clave"], cierre=ahora)
        retos_programa.cargar(quienes, paginas)
        encuestas.cargar(quienes, paginas)
        paginas.traducir()
        _olvidar_avisos()


def _olvidar_avisos() -> None:
    """Quita los avisos que pidió la carga: serían doscientos correos a personas inventadas en el buzón."""
    avisos = Aviso.objects.filter(destinatario__email__endswith=f"@{personas.DOMINIO}")
    claves = set(avisos.values_list("pk", flat=True))
    tareas = DBTaskResult.objects.filter(task_path=enviar_aviso.module_path).values_list("pk", "args_kwargs")
    DBTaskResult.objects.filter(pk__in=[pk for pk, datos in tareas if datos["args"][0] in claves]).delete()
    avisos.delete()
    de_novedades = [tarea.module_path for tarea in (avisar_a_quienes_apoyaron, avisar_de_novedades)]
    DBTaskResult.objects.filter(task_path__in=de_novedades).delete()
