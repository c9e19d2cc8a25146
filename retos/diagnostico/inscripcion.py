"""Lo que esta parte de los retos pone en los registros de las salas de abajo."""

from django.utils.translation import gettext_lazy as _

from participacion.apoyos import apoyables
from participacion.avisos import tipos as avisos
from participacion.moderacion import moderables
from participacion.moderacion.enums import Decision
from participacion.registro import proyecciones as registro
from participacion.registro import tipos as actos

from .. import fases
from ..gestion import Enlace, declarar
from ..models import Problema
from . import actions, datos_personales, enums, presentacion, proyecciones, rules

PROBLEMA = "retos.problema"


def _comprobar_plazo(ejercicio, ahora) -> None:
    fases.comprobar(ejercicio, fases.Accion.PRIORIZAR, ahora)


def _tiene_diagnostico(ejercicio) -> bool:
    return ejercicio.fases.filter(tipo=fases.TipoFase.DIAGNOSTICO).exists()


def _por_moderar(ejercicio) -> int:
    return Problema.objects.filter(ejercicio=ejercicio, estado=enums.EstadoProblema.ENVIADO).count()


def inscribir() -> None:
    for clave, etiqueta, participacion in enums.ACTOS_PROBLEMA.values():
        actos.declarar(clave, etiqueta, participacion=participacion)
    registro.declarar("estado de los problemas", proyecciones.recontar_problemas)
    registro.declarar("estado de las preguntas sobre retos", proyecciones.recontar_preguntas)
    avisos.declarar(actions.AVISO, "retos/correo/problema", presentacion.para_correo)
    apoyables.declarar(PROBLEMA, apoyables.Apoyable(admite=rules.admite_apoyo, comprobar_plazo=_comprobar_plazo))
    moderables.declarar(
        PROBLEMA,
        moderables.Moderable(
            etiqueta=_("Problema"),
            plantilla="retos/moderacion/problema.html",
            es_de=rules.es_autor.test,
            aplicar=actions.aplicar_decision,
            presentar=presentacion.para_moderar,
            # Un problema es corto: no se devuelve, se vuelve a contar.
            decisiones=(Decision.APROBADA, Decision.RECHAZADA),
        ),
    )
    datos_personales.declarar_fuente()
    declarar(
        Enlace(_("Problemas"), "retos_diagnostico:problemas", 5, mostrar=_tiene_diagnostico, pendientes=_por_moderar)
    )
