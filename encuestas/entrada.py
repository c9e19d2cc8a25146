"""Lo que se comprueba antes de mostrar o recibir una página: quién es, qué le falta y qué respuesta lleva."""

from dataclasses import dataclass
from functools import cached_property, wraps
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from cuentas import requisitos
from cuentas.actions import participante_de
from cuentas.models import Organizacion, Participante
from home.marco import ajustes_de, direccion_de
from participacion.adjuntos import rescate
from participacion.ejercicios.enums import Fase
from participacion.ejercicios.models import Ejercicio
from participacion.ejercicios.paginas import pagina_de, servir_como_pagina
from participacion.formularios.condiciones import Valores, paginas_visibles
from participacion.formularios.definicion import Formulario
from participacion.formularios.enums import EstadoRespuesta
from participacion.formularios.models import Respuesta, VersionFormulario
from participacion.formularios.valores import de_respuesta
from participacion.registro.actions import tipo_de_actor
from participacion.registro.enums import ActorRegistro

from . import presentacion
from .codigos import codigo_de
from .cupos import lleno_para, mensaje_de
from .enums import Modo
from .models import Encuesta, EncuestaPage
from .rules import es_de_quien_pide

# Cuánto puede pasar entre ver la primera página y enviarla con la versión que se vio, en segundos.
_VIGENCIA_VERSION = 24 * 60 * 60
_SAL = "encuestas.version"


def con_encuesta(vista):
    """Da a la vista la encuesta y su página publicada, y respeta las restricciones que Wagtail tenga para ella."""

    @never_cache
    @wraps(vista)
    def envoltura(request, pk, **argumentos):
        ejercicios = Ejercicio.objects.select_related("encuesta", "sitio").filter(sitio=ajustes_de(request).site)
        encuesta = get_object_or_404(ejercicios, pk=pk, encuesta__isnull=False).encuesta
        pagina = pagina_de(request, encuesta.ejercicio, EncuestaPage)
        if pagina is None:
            raise Http404
        return servir_como_pagina(request, pagina, lambda: vista(request, encuesta, pagina, **argumentos))

    return envoltura


def participante_en(request: HttpRequest, encuesta: Encuesta) -> Participante | None:
    """Con quién se anota la respuesta. Con código o sin control, con nadie, aunque haya entrado con su cuenta."""
    return participante_de(request.user) if encuesta.modo == Modo.CUENTA else None


def puerta(request: HttpRequest, encuesta: Encuesta) -> HttpResponse | None:
    """A dónde ir antes de responder: a entrar, a dar el código o a cumplir lo que falta; None si puede pasar.

    Lo que se estaba enviando se conserva en la sesión para la vuelta, salvo que la encuesta sea secreta.
    """
    if encuesta.modo == Modo.CUENTA and not request.user.is_authenticated:
        if request.method == "POST" and not encuesta.secreta:
            return rescate.a_ingresar(request)
        return redirect_to_login(request.path)
    if encuesta.modo == Modo.CODIGO and codigo_de(request, encuesta.ejercicio) is None:
        _conservar(request, encuesta)
        return redirect(f"{reverse('encuestas:codigo', args=[encuesta.pk])}?next={request.path}")
    if encuesta.modo == Modo.CUENTA and faltantes(request, encuesta):
        _conservar(request, encuesta)
        return redirect(f"{reverse('encuestas:responder', args=[encuesta.pk])}?next={request.path}")
    return None


def _conservar(request, encuesta):
    if request.method == "POST" and not encuesta.secreta:
        rescate.conservar(request)


def faltantes(request: HttpRequest, encuesta: Encuesta) -> list[requisitos.Requisito]:
    """Lo que le falta a la cuenta para participar; vacía si la encuesta no la pide."""
    if encuesta.modo != Modo.CUENTA:
        return []
    ejercicio = encuesta.ejercicio
    return requisitos.faltantes(participante_de(request.user), ejercicio.sitio, ejercicio.nivel_minimo)


def le_corresponde(request: HttpRequest, encuesta: Encuesta) -> bool:
    """Si puede responder en su propio nombre o en el de alguna de sus organizaciones."""
    if encuesta.modo != Modo.CUENTA or not encuesta.ejercicio.actores:
        return True
    vigentes = participante_de(request.user).membresias.vigentes().values("organizacion")
    suyas = Organizacion.objects.filter(pk__in=vigentes)
    return any(encuesta.ejercicio.admite(tipo_de_actor(quien)) for quien in [None, *suyas])


def cupo_lleno(request: HttpRequest, encuesta: Encuesta) -> str:
    """El mensaje del cupo que impide responder a quien pide, en su nombre o en el de sus organizaciones; vacío si puede."""
    actores = {ActorRegistro.SIN_DATO}
    if encuesta.modo == Modo.CUENTA:
        participante = participante_de(request.user)
        vigentes = participante.membresias.vigentes().values("organizacion")
        posibles = [None, *Organizacion.objects.filter(pk__in=vigentes)]
        actores = {tipo for quien in posibles if encuesta.ejercicio.admite(tipo := tipo_de_actor(quien))}
    cupo = lleno_para(encuesta.ejercicio, actores)
    return mensaje_de(cupo) if cupo else ""


def cerrada(request: HttpRequest, encuesta: Encuesta, pagina: EncuestaPage, *, guardada: bool = False) -> HttpResponse:
    """La respuesta a quien llega fuera de plazo: 422 si estaba enviando algo."""
    contexto = {
        "pagina": pagina,
        "ejercicio": encuesta.ejercicio,
        "guardada": guardada,
        "url_pagina": direccion_de(request, pagina),
    }
    return render(request, "encuestas/cerrada.html", contexto, status=422 if request.method == "POST" else 200)


@dataclass
class Curso:
    """Una respuesta que se está dando: su fila, si ya nació, y la versión que se le muestra."""

    encuesta: Encuesta
    pagina: EncuestaPage
    clave: UUID
    respuesta: Respuesta | None
    version: VersionFormulario

    @property
    def abierta(self) -> bool:
        return self.encuesta.ejercicio.fase == Fase.ABIERTA

    @property
    def enviada(self) -> bool:
        return self.respuesta is not None and self.respuesta.estado == EstadoRespuesta.ENVIADA

    @property
    def terminada(self) -> bool:
        """Ya no se puede cambiar: se envió y no se admite corregir, o cerró."""
        return self.enviada and not (self.encuesta.permite_editar and self.abierta)

    @cached_property
    def formulario(self) -> Formulario:
        return presentacion.formulario_en(self.version)

    @cached_property
    def valores(self) -> Valores:
        """Lo contestado hasta ahora; en una corrección sin empezar, lo que se envió."""
        if self.respuesta is None:
            return {}
        return self.respuesta.parcial or (de_respuesta(self.respuesta) if self.enviada else {})

    def vecinas(self, numero: int, valores: Valores) -> tuple[int | None, int | None]:
        """Las páginas que se muestran antes y después de ésta; None si no hay."""
        numeros = [self.formulario.paginas.index(p) + 1 for p in paginas_visibles(self.formulario, valores)]
        return (
            max((n for n in numeros if n < numero), default=None),
            min((n for n in numeros if n > numero), default=None),
        )

    def direccion(self, nombre: str, *args) -> str:
        return reverse(f"encuestas:{nombre}", args=[self.encuesta.pk, self.clave, *args])

    def direccion_de_pagina(self, numero: int | None) -> str:
        """La de la página, o la revisión si ya no hay otra."""
        return self.direccion("pagina", numero) if numero else self.direccion("revisar")


def curso_de(request: HttpRequest, encuesta: Encuesta, pagina: EncuestaPage, clave: UUID) -> Curso:
    """Lo que se está respondiendo en esa dirección. Lanza Http404 si es de otra persona o no hay preguntas.

    Una cuenta o un código tienen una sola respuesta: otra pestaña con otra clave llega a la misma.
    """
    filas = Respuesta.objects.select_related("version", "participante")
    respuesta = filas.filter(ejercicio=encuesta.ejercicio, clave=clave).first()
    if respuesta is not None and not es_de_quien_pide(request, encuesta, respuesta):
        raise Http404
    if respuesta is None:
        respuesta = presentacion.propia(request, encuesta)
    version = respuesta.version if respuesta else version_vista(request.POST, encuesta)
    if version is None:
        raise Http404
    version.ejercicio = encuesta.ejercicio
    return Curso(encuesta, pagina, respuesta.clave if respuesta else clave, respuesta, version)


def sello_de(version: VersionFormulario) -> str:
    """Con qué versión se mostró una página cuya respuesta aún no nace."""
    return signing.dumps(version.pk, salt=_SAL)


def version_vista(enviado: QueryDict, encuesta: Encuesta) -> VersionFormulario | None:
    """La versión que vio quien envía, aunque entretanto se publicara otra; sin sello, la que rige."""
    versiones = VersionFormulario.objects.filter(ejercicio=encuesta.ejercicio)
    try:
        pk = signing.loads(enviado.get("version", ""), salt=_SAL, max_age=_VIGENCIA_VERSION)
    except signing.BadSignature:
        return VersionFormulario.objects.vigente(encuesta.ejercicio)
    return versiones.filter(pk=pk).first() or VersionFormulario.objects.vigente(encuesta.ejercicio)
