"""Lo que la evaluación guarda de una persona: lo que hizo como jurado, y lo que se dijo de sus propuestas."""

from django.utils.translation import gettext_lazy as _

from cuentas.datos_personales import SUPRIMIDO, Copia, declarar, describir, describir_todas
from cuentas.models import Participante

from ..models import Admision, Evaluacion, Impedimento, Jurado
from .presentacion import comentarios_para

MODELOS = ["retos.admision", "retos.jurado", "retos.impedimento", "retos.evaluacion", "retos.deliberacion"]


def copiar(participante: Participante) -> Copia:
    """Lo que otros opinaron de sus propuestas va sólo cuando es público, y sin quién lo dijo."""
    jurados = Jurado.objects.filter(usuario__participante=participante).order_by("pk")
    evaluaciones = Evaluacion.objects.filter(jurado__in=jurados).select_related("propuesta").order_by("pk")
    impedimentos = Impedimento.objects.filter(jurado__in=jurados).select_related("propuesta", "jurado").order_by("pk")
    admisiones = Admision.objects.filter(propuesta__autor=participante).select_related("propuesta").order_by("propuesta")
    return Copia(
        {
            "como jurado": describir_todas(jurados.select_related("ejercicio"), "ejercicio", "estado", "invitado_en"),
            "evaluaciones": describir_todas(
                evaluaciones, "propuesta", "estado", "comentario_proponente", "comentario_comite", "motivo", "total", "enviada_en"
            ),
            "conflictos declarados": [
                describir(impedimento, "propuesta", *([] if _delata(impedimento) else ["motivo"]), "en")
                for impedimento in impedimentos
            ],
            "revisión de mis propuestas": [
                describir(admision, "propuesta", "motivo", "revisada_en")
                | {"comentarios del jurado": comentarios_para(admision.propuesta)}
                for admision in admisiones
            ],
        }
    )


def _delata(impedimento: Impedimento) -> bool:
    """En una evaluación ciega, lo que la gestión anotó puede decir de quién es; lo suyo ya lo sabe."""
    return impedimento.propuesta.anonima and impedimento.declarado_por_id != impedimento.jurado.usuario_id


def suprimir(participante: Participante) -> None:
    """Lo evaluado cuenta y queda sin quién; lo que dijo de sí mismo (conflictos, abstenciones) se borra."""
    jurados = Jurado.objects.filter(usuario__participante=participante)
    Impedimento.objects.filter(jurado__in=jurados).update(motivo=SUPRIMIDO)
    Evaluacion.objects.filter(jurado__in=jurados).update(motivo="")
    jurados.update(usuario=None, motivo="")


def declarar_fuente() -> None:
    declarar("retos.evaluacion", _("Jurado y evaluaciones"), modelos=MODELOS, copiar=copiar, suprimir=suprimir)
