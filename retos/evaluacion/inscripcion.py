"""Lo que esta parte de los retos pone en los registros de las salas de abajo."""

from django.utils.translation import gettext_lazy as _

from participacion.avisos import tipos as avisos
from participacion.registro import tipos as actos

from ..enums import Resultado
from ..fases import TipoFase, calendario_de
from ..gestion import Enlace, declarar
from . import datos_personales, enums, presentacion


def _sin_revisar(ejercicio) -> int:
    return ejercicio.propuestas.publicadas().filter(resultado=Resultado.EN_ESTUDIO).count()


def _con_fase(tipo: TipoFase):
    return lambda ejercicio: bool(calendario_de(ejercicio).de(tipo))


def inscribir() -> None:
    for tipo, etiqueta in (*enums.ACTOS_JURADO.values(), *enums.ACTOS_EVALUACION.values(), enums.ACTO_DELIBERACION):
        actos.declarar(tipo, etiqueta, participacion=False)
    for clave in ("invitado", "asignado", "recordatorio", "removido"):
        avisos.declarar(f"jurado_{clave}", f"retos/correo/jurado_{clave}", presentacion.para_correo)
    declarar(
        Enlace(
            _("Requisitos"), "retos_evaluacion:requisitos", 40, mostrar=_con_fase(TipoFase.ADMISIBILIDAD), pendientes=_sin_revisar
        )
    )
    declarar(Enlace(_("Evaluación"), "retos_evaluacion:avance", 50, mostrar=_con_fase(TipoFase.EVALUACION)))
    datos_personales.declarar_fuente()
