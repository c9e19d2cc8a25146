"""Un reto con todas sus fases y alguien de cada papel, las puertas por las que algo cambia, y qué deja un intento."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from html import unescape
from types import SimpleNamespace

from django.contrib.contenttypes.models import ContentType
from django.contrib.messages import constants, get_messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cuentas import actions as cuentas
from cuentas.enums import RolPersonal
from participacion.avisos.models import Aviso
from participacion.ejercicios.models import Ejercicio
from participacion.moderacion.models import Entrada
from participacion.registro.models import Acto
from retos.enums import EstadoPropuesta
from retos.evaluacion.actions.jurado import invitar, responder_invitacion
from retos.models import Jurado, Novedad, Propuesta
from tests import fabricas as f
from tests.matriz.lenguaje import FUERA, desenlace
from tests.matriz.mundo import cliente_de

from .equipos.fabricas_equipos import fusion, integrante

FASES = (
    "diagnostico", "convocatoria", "admisibilidad", "apoyo", "evaluacion", "decision", "implementacion", "prototipo", "cierre",
)  # fmt: skip
# Fuera de toda fase, también entre dos: a qué fase se mueve el reloj y cuántos días se corre después.
SIN_FASE = {
    "antes de todas": ("diagnostico", 20),
    "tras la convocatoria": ("convocatoria", -5),
    "tras la implementación": ("implementacion", -5),
    "después de todas": ("cierre", -5),
}
MOMENTOS = (*FASES, *SIN_FASE)
HUECO = timedelta(days=2)
AVANZAN = {"implementacion", "prototipo", "cierre"}
MODERAN, GESTIONAN = {"moderacion", "administracion", "superusuario"}, {"gestion", "administracion", "superusuario"}
# `otra_autora` escribió la propuesta con que se fusionaría: es quien consiente recibirla.
PAPELES = (
    "anonima", "ciudadana", "autora", "integrante", "otra_autora",
    "editor", "moderacion", "gestion", "jurado", "analitica", "asistida", "administracion", "superusuario",
)  # fmt: skip


@dataclass(frozen=True)
class Puerta:
    """Una manera de pedir un cambio: desde qué estados sale bien, en qué fases (None: en cualquiera) y a quiénes.

    `accion(mundo, cuenta)`: la que llama su vista; aquí, con la cuenta de `pide`. `direccion(mundo)` y `datos(mundo)`: el POST.
    `preparar(mundo)`: lo que debe haber para que el estado y el calendario sean lo único que falte. `lo_muestra`: cómo
    dice la pantalla, sin error que señalar, que lo pedido ya no cabe.
    """

    hacia: str
    desde: set
    pueden: set
    pide: str
    accion: Callable
    direccion: Callable
    datos: Callable
    fases: set | None = None
    preparar: Callable | None = None
    lo_muestra: tuple[str, ...] = ()

    def a_tiempo(self, momento: str) -> bool:
        return self.fases is None or momento in self.fases

    def disponer(self, mundo) -> None:
        if self.preparar:
            self.preparar(mundo)

    def actor(self, mundo):
        return getattr(mundo.gente, self.pide)


def armar() -> SimpleNamespace:
    """Una propuesta publicada, con su equipo y una fusión pedida, en un reto cuyas fases dejan días vacíos entre ellas."""
    programa = f.programa()
    programa["cierre"] -= HUECO
    for _bloque, fase in programa["fases"]:
        fase["termina"] -= HUECO
    requisitos = [("requisito", {"texto": "Tiene presupuesto.", "subsanable": True})]
    mundo = SimpleNamespace(pagina=f.reto(**programa, criterios=f.criterios(60, 40), requisitos=requisitos))
    gente = {nombre: f.persona() for nombre in PAPELES[1:5]} | {rol.value: f.habilitar(f.personal(rol)) for rol in RolPersonal}
    mundo.gente = SimpleNamespace(**gente, superusuario=f.persona(is_superuser=True, is_staff=True))
    mundo.ejercicio = Ejercicio.objects.get(pk=mundo.pagina.ejercicio.pk)
    mundo.propuesta = f.publicada(mundo.pagina, mundo.gente.autora, moderador=mundo.gente.moderacion)
    mundo.otra = f.publicada(mundo.pagina, mundo.gente.otra_autora, moderador=mundo.gente.moderacion)
    mundo.entrada = Entrada.objects.de(mundo.propuesta).get()
    integrante(mundo.propuesta, mundo.gente.integrante)
    mundo.union = fusion(mundo.propuesta, mundo.otra)
    mundo.lugar = en_el_jurado(mundo, mundo.gente.jurado)
    mundo.sesiones = {}
    for nombre, cuenta in vars(mundo.gente).items():
        cuentas.participante_de(cuenta)
        cliente = Client()
        cliente.force_login(cuenta)
        mundo.sesiones[nombre] = cliente.cookies["sessionid"].value
    return mundo


def en_el_jurado(mundo, cuenta) -> Jurado:
    lugar = invitar(
        ejercicio=mundo.ejercicio, actor=mundo.gente.gestion, correo=cuenta.email, nombre="Julia", apellido="Mesa", usar_cuenta=True
    )
    return responder_invitacion(jurado=lugar, actor=cuenta, acepta=True)


def situar(mundo, momento: str) -> None:
    fase, dias = SIN_FASE.get(momento, (momento, 0))
    f.mover_reloj(mundo.pagina, fase)
    salto = timedelta(days=dias)
    Ejercicio.objects.filter(pk=mundo.ejercicio.pk).update(apertura=F("apertura") + salto, cierre=F("cierre") + salto)
    mundo.ejercicio.fases.update(inicia=F("inicia") + salto, termina=F("termina") + salto)


def en_estado(mundo, desde, *, devuelta_hace=timedelta(0)) -> None:
    """La propuesta, como si hubiera llegado a ese estado."""
    publica = desde in (EstadoPropuesta.PUBLICADA, EstadoPropuesta.FUSIONADA, EstadoPropuesta.RETIRADA)
    Propuesta.objects.filter(pk=mundo.propuesta.pk).update(
        estado=desde,
        referencia="" if desde == EstadoPropuesta.BORRADOR else "R-2026-00077",
        publicada_en=timezone.now() if publica else None,
        devuelta_en=timezone.now() - devuelta_hace if desde == EstadoPropuesta.DEVUELTA else None,
        fusionada_en=mundo.otra if desde == EstadoPropuesta.FUSIONADA else None,
    )


# En qué están la propuesta, el hito y la evaluación, y cuánto hay escrito de lo que se mira. Los avisos, todos: de lo que no pasó no se
# le escribe a nadie. En una sola lectura, que se hace miles de veces.
HUELLA = """
SELECT p.estado, p.resultado, p.fusionada_en_id, h.estado, h.avance, h.motivo, e.estado, e.total,
    (SELECT count(*) FROM registro_acto WHERE objeto_tipo = %s AND objeto_id = %s),
    (SELECT count(*) FROM wagtailcore_modellogentry WHERE content_type_id = %s AND object_id = %s),
    (SELECT count(*) FROM retos_novedad WHERE propuesta_id = p.id),
    (SELECT count(*) FROM moderacion_entrada WHERE objeto_tipo = 'retos.propuesta' AND objeto_id = p.id AND decision = ''),
    (SELECT count(*) FROM avisos_aviso)
FROM retos_propuesta p LEFT JOIN retos_hitoplan h ON h.id = %s LEFT JOIN retos_evaluacion e ON e.id = %s WHERE p.id = %s
"""


def huella(objeto, mundo) -> tuple:
    tipo = ContentType.objects.get_for_model(objeto).pk
    filas = [getattr(getattr(mundo, cual, None), "pk", None) for cual in ("hito", "evaluacion", "propuesta")]
    with connection.cursor() as cursor:
        cursor.execute(HUELLA, [objeto._meta.label_lower, objeto.pk, tipo, str(objeto.pk), *filas])
        return cursor.fetchone()


def rastro(objeto, mundo) -> SimpleNamespace:
    """Todo lo que hay escrito de un objeto, en orden."""
    historial = ModelLogEntry.objects.for_instance(objeto).order_by("pk")
    return SimpleNamespace(
        fila=type(objeto).objects.get(pk=objeto.pk),
        actos=list(Acto.objects.de(objeto).order_by("pk").values_list("tipo", "estado", "participante")),
        historial=[(h.action, h.data.get("desde"), h.data.get("hacia"), h.user_id) for h in historial],
        novedades=list(Novedad.objects.filter(propuesta=mundo.propuesta).order_by("pk").values_list("titulo", "texto")),
        avisos=Aviso.objects.count(),
    )


def nuevo(antes, despues) -> SimpleNamespace:
    """La fila como era y como quedó, y lo que se añadió a lo escrito; de los avisos, cuántos."""
    listas = {clave: getattr(despues, clave)[len(getattr(antes, clave)) :] for clave in ("actos", "historial", "novedades")}
    return SimpleNamespace(antes=antes.fila, fila=despues.fila, **listas, avisos=despues.avisos - antes.avisos)


@contextmanager
def deshecho():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def codigo(hacer: Callable) -> str:
    """Con qué se negó una acción; vacío si se hizo."""
    try:
        with transaction.atomic():
            hacer()
    except PermissionDenied:
        return "no"
    except ValidationError as error:
        return getattr(error, "code", None) or "campo"
    return ""


def comprobar_accion(mundo, objeto, hacer: Callable, actor, esperado: str, hecho: Callable, caso) -> None:
    """Se niega con ese código y nada queda; o, si es vacío, pasa lo que `hecho(nuevo, actor)` comprueba. Todo se deshace."""
    with deshecho():
        estaba, antes = huella(objeto, mundo), None if esperado else rastro(objeto, mundo)
        assert codigo(partial(hacer, mundo, actor)) == esperado, caso
        if esperado:
            assert huella(objeto, mundo) == estaba, caso
        else:
            hecho(nuevo(antes, rastro(objeto, mundo)), actor)


def comprobar_puerta(mundo, objeto, puerta: Puerta, hecho: Callable | None, caso) -> None:
    """Lo pide cada papel. Quien no puede no pasa; a quien puede, le pasa lo que `hecho(nuevo, cuenta)` comprueba o, si es
    None, nada queda y se le explica."""
    estaba, antes = huella(objeto, mundo), rastro(objeto, mundo)
    for papel in PAPELES:
        with deshecho():
            respuesta = cliente_de(mundo, papel).post(puerta.direccion(mundo), puerta.datos(mundo))
            que = desenlace(respuesta)
            if papel in puerta.pueden and hecho is not None:
                assert que == "sigue" and not dicho(respuesta), (caso, papel, que)
                hecho(nuevo(antes, rastro(objeto, mundo)), getattr(mundo.gente, papel))
                continue
            assert huella(objeto, mundo) == estaba, (caso, papel)
        # A quien la escribe y quiere cambiar lo ya enviado se le dice, y se le lleva a leerlo.
        a_leerla = papel in ("autora", "integrante") and respuesta.headers.get("Location") == mundo.propuesta.get_absolute_url()
        if papel in puerta.pueden or a_leerla:
            assert que == "404" or que in ("sigue", "403", "422") and dicho(respuesta, puerta.lo_muestra), (caso, papel, que)
        else:
            assert que in FUERA, (caso, papel, que)


def dicho(respuesta, lo_muestra=()) -> list[str]:
    """Por qué no: en un mensaje, en los errores que se leen en la misma pantalla, o en lo que ésta ya muestra."""
    mensajes = [str(mensaje) for mensaje in get_messages(respuesta.wsgi_request) if mensaje.level != constants.SUCCESS]
    contexto, texto = respuesta.context or {}, unescape(respuesta.text)
    formularios = [formulario for clave in ("form", "formulario", "motivo_form") if (formulario := contexto.get(clave)) is not None]
    errores = [str(error) for formulario in formularios for campo in formulario.errors.values() for error in campo]
    frases = [*errores, *(contexto.get("errores") or ()), contexto.get("motivo"), *lo_muestra]
    return mensajes + [frase for frase in frases if frase and frase in texto]
