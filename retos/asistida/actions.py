from collections.abc import Collection, Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cuentas.models import Participante, Usuario
from participacion.adjuntos.models import Adjunto
from participacion.apoyos import actions as apoyos
from participacion.ejercicios.models import Ejercicio
from participacion.formularios.condiciones import Valores
from participacion.registro.enums import Canal
from participacion.registro.models import Acto

from ..actions import enviar_propuesta, guardar_borrador
from ..models import Propuesta


@transaction.atomic
def proponer_por(
    *,
    participante: Participante,
    canal: Canal,
    funcionario: Usuario,
    ejercicio: Ejercicio,
    clave_envio: UUID,
    titulo: str,
    resumen: str,
    descripcion: str,
    licencia: str = "",
    terminos: int | None = None,
    valores: Valores | None = None,
    adjuntos_nuevos: Iterable[Adjunto] = (),
    quitar: Collection[str] = (),
    confirma_identidad: bool = False,
) -> Propuesta:
    """Escribe y envía en un solo paso la propuesta de quien se atiende; si no se puede enviar, no queda nada.

    Lanza lo que lanzan `guardar_borrador` y `enviar_propuesta`.
    """
    propuesta = guardar_borrador(
        actor=funcionario,
        asistido_por=funcionario,
        participante=participante,
        ejercicio=ejercicio,
        clave_envio=clave_envio,
        titulo=titulo,
        resumen=resumen,
        descripcion=descripcion,
        licencia=licencia,
        terminos=terminos,
        valores=valores,
        adjuntos_nuevos=adjuntos_nuevos,
        quitar=quitar,
    )
    return enviar_propuesta(
        propuesta=propuesta,
        actor=funcionario,
        canal=canal,
        confirma_identidad=confirma_identidad,
        asistido_por=funcionario,
    )


def apoyar_por(
    *, propuesta: Propuesta, participante: Participante, canal: Canal, funcionario: Usuario, puntos: int | None = None
) -> bool:
    """Da el apoyo de quien se atiende; False si ya lo había dado, por aquí o por la web. Lanza lo que lanza `apoyar`."""
    if participante.cuenta_id == funcionario.pk:
        raise PermissionDenied
    return apoyos.apoyar(objeto=propuesta, participante=participante, canal=canal, asistido_por=funcionario, puntos=puntos)


def ultimo_acto(*, propuesta: Propuesta, participante: Participante, tipo: str) -> Acto | None:
    """El último acto vigente de esa clase de esa persona sobre la propuesta."""
    actos = Acto.objects.vigentes().filter(objeto_tipo=propuesta._meta.label_lower, objeto_id=propuesta.pk, tipo=tipo)
    return actos.filter(participante=participante.clave).order_by("-pk").first()
