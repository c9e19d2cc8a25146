from django.db import models
from django.utils.translation import gettext_lazy as _


class EstadoJurado(models.TextChoices):
    """En qué va la invitación de un jurado a un reto."""

    INVITADO = "invitado", _("Invitado")
    ACEPTADO = "aceptado", _("Aceptó")
    DECLINADO = "declinado", _("No aceptó")
    REMOVIDO = "removido", _("Removido")


class EstadoEvaluacion(models.TextChoices):
    """En qué va lo que un jurado dice de una propuesta."""

    ASIGNADA = "asignada", _("Sin empezar")
    EN_CURSO = "en_curso", _("En borrador")
    ENVIADA = "enviada", _("Enviada")
    ABSTENIDA = "abstenida", _("Se abstuvo")
    IMPEDIDA = "impedida", _("Conflicto de interés")
    RETIRADA = "retirada", _("Retirada de sus manos")


class Papel(models.TextChoices):
    """Quién puede hacer una transición de la evaluación o del jurado."""

    JURADO = "jurado"
    GESTION = "gestion"


J, E = EstadoJurado, EstadoEvaluacion

TRANSICIONES_JURADO: dict[tuple[str, str], str] = {
    (J.INVITADO, J.ACEPTADO): Papel.JURADO,
    (J.INVITADO, J.DECLINADO): Papel.JURADO,
    (J.INVITADO, J.REMOVIDO): Papel.GESTION,
    (J.ACEPTADO, J.REMOVIDO): Papel.GESTION,
    (J.DECLINADO, J.INVITADO): Papel.GESTION,
    (J.REMOVIDO, J.INVITADO): Papel.GESTION,
}

# Calificar, corregir lo enviado (mientras dure la evaluación), abstenerse o declarar un conflicto son del jurado;
# quitarle o devolverle una propuesta, de la gestión. Lo enviado no se le quita: contó.
TRANSICIONES_EVALUACION: dict[tuple[str, str], str] = {
    (E.ASIGNADA, E.EN_CURSO): Papel.JURADO,
    (E.EN_CURSO, E.ENVIADA): Papel.JURADO,
    (E.ENVIADA, E.EN_CURSO): Papel.JURADO,
    (E.ASIGNADA, E.ABSTENIDA): Papel.JURADO,
    (E.EN_CURSO, E.ABSTENIDA): Papel.JURADO,
    (E.ASIGNADA, E.IMPEDIDA): Papel.JURADO,
    (E.EN_CURSO, E.IMPEDIDA): Papel.JURADO,
    (E.ASIGNADA, E.RETIRADA): Papel.GESTION,
    (E.EN_CURSO, E.RETIRADA): Papel.GESTION,
    (E.RETIRADA, E.ASIGNADA): Papel.GESTION,
    (E.ABSTENIDA, E.ASIGNADA): Papel.GESTION,
}
# Las que todavía esperan algo del jurado.
PENDIENTES = (E.ASIGNADA, E.EN_CURSO)
# Las que cuentan para las que una propuesta debe tener.
VIGENTES = (*PENDIENTES, E.ENVIADA)
# Quien está en uno de estos todavía es del jurado.
EN_EL_JURADO = (J.INVITADO, J.ACEPTADO)

# El acto de cada hecho. Lo hace la entidad o su jurado: no cuenta como participación.
ACTOS_JURADO: dict[str, tuple[str, object]] = {
    J.INVITADO: ("jurado_invitado", _("Jurado invitado")),
    J.ACEPTADO: ("jurado_acepto", _("Jurado que aceptó")),
    J.DECLINADO: ("jurado_declino", _("Jurado que no aceptó")),
    J.REMOVIDO: ("jurado_removido", _("Jurado removido")),
}
ACTOS_EVALUACION: dict[str, tuple[str, object]] = {
    E.ASIGNADA: ("evaluacion_asignada", _("Evaluación asignada")),
    E.EN_CURSO: ("evaluacion_en_curso", _("Evaluación empezada o reabierta")),
    E.ENVIADA: ("evaluacion_enviada", _("Evaluación enviada")),
    E.ABSTENIDA: ("evaluacion_abstenida", _("Abstención de un jurado")),
    E.IMPEDIDA: ("evaluacion_impedida", _("Conflicto de interés declarado")),
    E.RETIRADA: ("evaluacion_retirada", _("Evaluación retirada de un jurado")),
}
ACTO_DELIBERACION = ("deliberacion", _("Acta de deliberación"))

del J, E
