"""Quién puede evaluar y quién no: conflictos de interés y evaluación ciega."""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cuentas.enums import RolPersonal
from cuentas.models import Membresia, Usuario
from cuentas.rules import tiene_rol
from participacion.ejercicios.models import Ejercicio
from participacion.registro.models import Asistencia

from ..envio import es_ciega
from ..fases import Accion, calendario_de
from ..models import Evaluacion, Impedimento, Integrante, Jurado, Propuesta
from ..rules import ROLES_QUE_CONOCEN, gestiona, propone
from .enums import EN_EL_JURADO, VIGENTES, EstadoJurado

# En una evaluación ciega no evalúa quien ve de quién es cada propuesta, ni quien descarga lo que la gente envía
# o busca por su documento lo que alguien propuso.
ROLES_INCOMPATIBLES = [*ROLES_QUE_CONOCEN, RolPersonal.ANALITICA, RolPersonal.ASISTIDA]


def comprobar_persona(usuario: Usuario, ejercicio: Ejercicio) -> None:
    """Lanza ValidationError si esa persona no puede ser del jurado del reto: propone en él, o conoce de quién es cada cosa."""
    if propone(usuario, ejercicio):
        raise ValidationError(
            _("No puede ser del jurado: tiene una propuesta en este reto, sola o con otras personas."), code="proponente"
        )
    if es_ciega(ejercicio.reto) and tiene_rol(usuario, ejercicio.sitio, *ROLES_INCOMPATIBLES):
        raise ValidationError(
            _("No puede ser del jurado: la evaluación es ciega y otro de sus roles deja ver quién propone."), code="conoce"
        )


def comprobar_jurado(jurado: Jurado, usuario: Usuario | None) -> None:
    """Lanza ValidationError si hoy no evalúa: no aceptó, se le removió, perdió el rol, propone o conoce identidades."""
    if jurado.estado != EstadoJurado.ACEPTADO:
        raise ValidationError(
            _("No puede evaluar: su lugar en el jurado está «%(estado)s».") % {"estado": jurado.get_estado_display()},
            code="jurado",
        )
    if usuario is None or not tiene_rol(usuario, jurado.ejercicio.sitio, RolPersonal.JURADO):
        raise ValidationError(_("No puede evaluar: ya no tiene el rol de jurado en esta entidad."), code="jurado")
    comprobar_persona(usuario, jurado.ejercicio)


def conflictos(jurados: Iterable[Jurado], propuestas: Iterable[Propuesta]) -> dict[tuple[int, int], str]:
    """De cada par (propuesta, jurado) que no puede ser, por qué. En cuatro consultas, sean cuantos sean.

    Son automáticos ser de su autor o de su equipo, haberla registrado por su autor, y ser de una organización que la
    presenta; los demás, declarados.
    """
    jurados, propuestas = list(jurados), list(propuestas)
    pks = [propuesta.pk for propuesta in propuestas]
    organizaciones, personas, registradas = defaultdict(set), defaultdict(set), defaultdict(set)
    for propuesta in propuestas:
        organizaciones[propuesta.pk].add(propuesta.organizacion_id)
        personas[propuesta.pk].add(propuesta.autor_id)
    for propuesta, persona, organizacion in Integrante.objects.filter(propuesta__in=pks).values_list(
        "propuesta_id", "participante_id", "organizacion_id"
    ):
        personas[propuesta].add(persona)
        organizaciones[propuesta].add(organizacion)
    for propuesta, funcionario in Asistencia.objects.filter(
        acto__objeto_tipo="retos.propuesta", acto__objeto_id__in=pks
    ).values_list("acto__objeto_id", "funcionario_id"):
        registradas[propuesta].add(funcionario)
    cuentas = [jurado.usuario_id for jurado in jurados if jurado.usuario_id]
    de_cuenta, suyas = _participantes(cuentas), defaultdict(set)
    for participante, organizacion in (
        Membresia.objects.vigentes().filter(participante__in=de_cuenta.values()).values_list("participante_id", "organizacion_id")
    ):
        suyas[participante].add(organizacion)
    declarados = set(Impedimento.objects.filter(propuesta__in=pks, jurado__in=jurados).values_list("propuesta_id", "jurado_id"))
    hallados = {}
    for jurado in jurados:
        participante = de_cuenta.get(jurado.usuario_id)
        for pk in pks:
            if participante and participante in personas[pk]:
                hallados[pk, jurado.pk] = _("La escribió.")
            elif jurado.usuario_id and jurado.usuario_id in registradas[pk]:
                hallados[pk, jurado.pk] = _("La registró por su autor.")
            elif participante and suyas[participante] & organizaciones[pk]:
                hallados[pk, jurado.pk] = _("Es de una organización que la presenta.")
            elif (pk, jurado.pk) in declarados:
                hallados[pk, jurado.pk] = _("Hay un conflicto declarado.")
    return hallados


def _participantes(cuentas: list[int]) -> dict[int, int]:
    return dict(Usuario.objects.filter(pk__in=cuentas, participante__isnull=False).values_list("pk", "participante__pk"))


def comprobar_par(jurado: Jurado, propuesta: Propuesta, *, a_la_gestion: bool) -> None:
    """Lanza ValidationError (code="conflicto") si ese jurado no puede evaluar esa propuesta.

    El porqué es sólo para la gestión: en una evaluación ciega le diría al jurado de quién es.
    """
    motivo = conflictos([jurado], [propuesta]).get((propuesta.pk, jurado.pk))
    if motivo and a_la_gestion:
        raise ValidationError(_("Hay un conflicto de interés: %(motivo)s") % {"motivo": motivo}, code="conflicto")
    if motivo:
        raise ValidationError(_("Hay un conflicto de interés con esta propuesta."), code="conflicto")


def impedimento_para_leer(evaluacion: Evaluacion, actor: Usuario) -> str:
    """Por qué quien pide no puede leer la propuesta que tiene en sus manos; vacío si puede.

    Lo que ya no está en sus manos, o de lo que hay un conflicto, no se le muestra más que a cualquiera.
    """
    try:
        comprobar_jurado(evaluacion.jurado, actor)
        if evaluacion.estado not in VIGENTES:
            raise ValidationError(
                _("Esta propuesta ya no está en sus manos: %(estado)s.") % {"estado": evaluacion.get_estado_display()}
            )
        comprobar_par(evaluacion.jurado, evaluacion.propuesta, a_la_gestion=False)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def lee_lo_reservado(usuario: Usuario, propuesta: Propuesta) -> bool:
    """Si la tiene en sus manos para evaluarla y la evaluación no es ciega (decisión 077)."""
    if not usuario.is_authenticated or es_ciega(getattr(propuesta.ejercicio, "reto", None)):
        return False
    evaluaciones = Evaluacion.objects.select_related("jurado__ejercicio__sitio", "propuesta")
    suya = evaluaciones.filter(propuesta=propuesta, jurado__usuario=usuario).first()
    return suya is not None and not impedimento_para_leer(suya, usuario)


def ve_resultados(usuario: Usuario, ejercicio: Ejercicio, ahora) -> bool:
    """Si puede ver las notas de todos: la gestión, siempre; quien es del jurado, aunque gestione, al cerrar la evaluación."""
    suyo = Jurado.objects.filter(ejercicio=ejercicio, usuario=usuario, estado__in=EN_EL_JURADO).first()
    if suyo is None:
        return gestiona(usuario, ejercicio.sitio)
    fases = calendario_de(ejercicio).fases_de(Accion.EVALUAR)
    return bool(fases) and all(fase.termina is not None and fase.termina <= ahora for fase in fases)
