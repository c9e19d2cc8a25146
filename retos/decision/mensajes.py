"""Los mensajes que saldrán al publicar una decisión, compuestos como los compone el correo."""

from dataclasses import dataclass

from django.core.mail import EmailMessage
from django.utils import timezone

from cuentas.models import Usuario
from participacion.avisos.models import Aviso
from participacion.avisos.tareas import componer
from participacion.ejercicios.models import Ejercicio

from ..models import Fallo, Novedad
from ..novedades import AVISO, apoyos_que_quieren_saber, cuentas_del_equipo
from ..resultados import titulo_de
from ..rules import conoce_la_identidad
from ..votos.rules import conteos_visibles


@dataclass(frozen=True)
class Mensajes:
    """Los de una propuesta; `al_equipo` None si quien mira no puede saber de quién es.

    `seguidores`: cuántas personas más, de las que la apoyaron, recibirán el mismo; None mientras los apoyos son secretos.
    """

    fallo: Fallo
    al_equipo: list[EmailMessage] | None
    seguidores: int | None


def _componer(fallo: Fallo, cuenta: Usuario, ejercicio: Ejercicio) -> EmailMessage:
    novedad = Novedad(
        propuesta=fallo.propuesta, titulo=titulo_de(fallo.resultado), texto=fallo.respuesta, en=timezone.now()
    )
    aviso = Aviso(tipo=AVISO, destinatario=cuenta, sitio=ejercicio.sitio, idioma=cuenta.idioma)
    aviso.objeto = novedad  # aún no está guardada
    return componer(aviso)


def mensajes_de(fallo: Fallo, ejercicio: Ejercicio, *, para: Usuario) -> Mensajes:
    fallo.propuesta.ejercicio = ejercicio
    equipo = cuentas_del_equipo(fallo.propuesta)
    seguidores = None
    if conteos_visibles(ejercicio, timezone.now()):
        seguidores = apoyos_que_quieren_saber(fallo.propuesta).exclude(participante__cuenta__in=equipo).count()
    if not conoce_la_identidad.test(para, fallo.propuesta):
        return Mensajes(fallo, None, seguidores)
    return Mensajes(fallo, [_componer(fallo, cuenta, ejercicio) for cuenta in equipo], seguidores)
