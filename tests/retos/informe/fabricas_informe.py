"""Un reto que recorrió todas sus fases, de la convocatoria al cierre, con cifras que se pueden contar a mano."""

from types import SimpleNamespace

from cuentas import actions as cuentas
from cuentas.enums import RolPersonal
from cuentas.models import Perfil, Territorio
from participacion.apoyos.actions import apoyar
from participacion.ejercicios.models import Ejercicio
from retos.enums import Licencia, Resultado
from retos.evaluacion.actions.calificacion import enviar_evaluacion
from retos.models import Propuesta
from retos.seguimiento.actions import guardar_logro, mover_propuesta
from retos.seguimiento.cierre import cerrar_reto
from tests import fabricas as f

from ..decision.fabricas_decision import publicada
from ..evaluacion.mundo import asignar, cuenta_de, evaluacion, notas, sumar
from ..seguimiento.fabricas_seguimiento import hito, plan

FASES = ("evaluacion", "decision", "implementacion", "cierre")
TITULO_RARO = '#panic("x") $1/0$ [*a*] @b <c> \\ "d" {e} 🌳'


def vecinos(territorio: Territorio | None, cuantos: int) -> list:
    hechos = [cuentas.participante_de(f.persona()) for _vez in range(cuantos)]
    for quien in hechos:
        Perfil.objects.update_or_create(participante=quien, defaults={"territorio": territorio})
    return hechos


def en_convocatoria(**campos) -> SimpleNamespace:
    """Tres propuestas: A, de una universidad, con 7 apoyos; B, de título raro, con 6; C, sin apoyos.

    Apoyan seis personas del Centro, las dos primeras, y una del Norte, sólo la primera.
    """
    campos = {"criterios": f.criterios(60, 40), "licencias": [Licencia.CC_BY], **campos}
    pagina = f.reto("Sombra en la plaza", **f.programa("convocatoria", fases=FASES), **campos)
    de_a = f.persona(nombre="Nadie", apellido="Debe Verme")
    universidad = f.organizacion(de_a, nombre="Universidad del Norte")
    a = f.publicada(pagina, de_a, en_nombre_de=universidad, titulo="Árboles nativos", licencia=Licencia.CC_BY)
    b = f.publicada(pagina, f.persona(nombre="Tampoco", apellido="Esta"), titulo=TITULO_RARO, licencia=Licencia.CC_BY)
    c = f.publicada(pagina, titulo="=HYPERLINK(1)", licencia=Licencia.CC_BY)
    centro, norte = (
        Territorio.objects.get_or_create(sitio=f.sitio(), nombre=n, defaults={"tipo": "comuna", "zona": "urbana"})[0]
        for n in ("Centro", "Norte")
    )
    for quien in vecinos(centro, 6):
        apoyar(objeto=a, participante=quien)
        apoyar(objeto=b, participante=quien)
    apoyar(objeto=a, participante=vecinos(norte, 1)[0])
    mundo = SimpleNamespace(pagina=pagina, propuestas=[a, b, c], jurados=[], gestion=f.personal(RolPersonal.GESTION))
    mundo.ejercicio = Ejercicio.objects.get(pk=pagina.ejercicio.pk)
    return mundo


def evaluado(**campos) -> SimpleNamespace:
    """Dos jurados: a A le dan 100 y 80, a B 60 y 60, a C 20 y 0. La convocatoria ya cerró y nada se ha decidido."""
    mundo = en_convocatoria(**campos)
    f.mover_reloj(mundo.pagina, "evaluacion")
    mundo.ejercicio.refresh_from_db()
    sumar(mundo)
    sumar(mundo)
    asignar(mundo)
    for jurado, valores in enumerate((((5, 5), (3, 3), (1, 1)), ((4, 4), (3, 3), (0, 0)))):
        for propuesta, suyos in enumerate(valores):
            enviar_evaluacion(
                evaluacion=evaluacion(mundo, propuesta, jurado),
                actor=cuenta_de(mundo.jurados[jurado]),
                valores=notas(mundo, *suyos),
            )
    return mundo


def decidido(**campos) -> SimpleNamespace:
    """Se elige A, B queda en el banco y C no se elige."""
    mundo = evaluado(**campos)
    f.mover_reloj(mundo.pagina, "decision")
    a, b, c = mundo.propuestas
    publicada(mundo.pagina, mundo.gestion, (a, Resultado.ELEGIDA), (b, Resultado.ELEGIBLE, 1), (c, Resultado.NO_ELEGIDA))
    return mundo


def cerrado(**campos) -> SimpleNamespace:
    mundo = decidido(**campos)
    f.mover_reloj(mundo.pagina, "implementacion")
    actor, a = mundo.gestion, Propuesta.objects.get(pk=mundo.propuestas[0].pk)
    suyo = plan(a, actor, "45000000")
    hito(suyo, actor, nombre="Sembrar", presupuesto="12000000")
    mover_propuesta(propuesta=a, hacia=Resultado.EN_IMPLEMENTACION, actor=actor)
    guardar_logro(
        propuesta=a, actor=actor, prototipo="Diez árboles.", prototipo_enlace="", beneficiarios=350,
        problema_resuelto="en_parte", explicacion="Bajó 2 grados.", beneficios=["alianzas"],
        alianzas=[{"con": "CVC", "tipo": "datos", "beneficio": "Mediciones."}],
    )  # fmt: skip
    f.mover_reloj(mundo.pagina, "cierre")
    cerrar_reto(ejercicio=mundo.ejercicio, actor=actor, conclusiones="Hay sombra.")
    return mundo
