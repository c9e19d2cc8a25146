"""Quién puede qué con una propuesta. Se preguntan con `.test(usuario, propuesta)`.

No son permisos de Django a propósito: allí un superusuario los tiene todos, y el borrador de una persona
no lo lee ni lo envía nadie más.
"""

from django.db.models import Q
from rules import predicate

from cuentas.enums import RolPersonal
from cuentas.rules import puede_asistir, tiene_rol
from participacion.ejercicios.paginas import cumple_restricciones, pagina_de
from participacion.registro.models import Asistencia

from .enums import ACTOS, EDITABLES, EstadoPropuesta
from .evaluacion.enums import EstadoJurado
from .models import Jurado, Propuesta, RetoPage
from .sellado import esta_sellado

ROLES_QUE_LEEN = [RolPersonal.MODERACION, RolPersonal.ANALITICA, RolPersonal.GESTION, RolPersonal.ADMINISTRACION]
ROLES_QUE_GESTIONAN = [RolPersonal.GESTION, RolPersonal.ADMINISTRACION]
# Lo confidencial y, en una evaluación ciega, de quién es. El jurado lee lo confidencial por la parte de evaluación.
ROLES_QUE_CONOCEN = [RolPersonal.MODERACION, RolPersonal.GESTION, RolPersonal.ADMINISTRACION]
ROLES_QUE_IMPORTAN = [RolPersonal.ADMINISTRACION]


@predicate
def es_publica(_usuario, propuesta):
    """A la vista de cualquiera: publicada, o retirada después de estarlo."""
    return propuesta.es_publica


@predicate
def esta_publicada(_usuario, propuesta):
    return propuesta.estado == EstadoPropuesta.PUBLICADA


@predicate
def es_autor(usuario, propuesta):
    """La cuenta es la de quien la escribió. Dejar la organización no quita la autoría."""
    return (
        usuario.is_authenticated
        and propuesta.autor is not None
        and propuesta.autor.cuenta_id is not None
        and propuesta.autor.cuenta_id == usuario.pk
    )


@predicate
def es_integrante(usuario, propuesta):
    """La cuenta es la de alguien que la escribe con su autor."""
    return usuario.is_authenticated and usuario.pk in propuesta.cuentas_integrantes


# Quienes la escriben: la leen siempre y la editan; enviarla y retirarla es sólo de su autor.
es_del_equipo = es_autor | es_integrante


# Lo que compite, o ya compitió con su nombre.
_COMPITEN = ~Q(estado__in=[EstadoPropuesta.BORRADOR, EstadoPropuesta.RECHAZADA, EstadoPropuesta.RETIRADA])


def propone(usuario, ejercicio) -> bool:
    """Si tiene una propuesta en el reto, sola o con otras personas: no la juzga ni lleva el reto."""
    suyas = Q(autor__cuenta=usuario) | Q(integrantes__participante__cuenta=usuario)
    return ejercicio.propuestas.filter(_COMPITEN, suyas).exists()


def gestiona(usuario, sitio) -> bool:
    """Si lleva el concurso de los retos de un sitio: requisitos, jurado, decisión, seguimiento."""
    return tiene_rol(usuario, sitio, *ROLES_QUE_GESTIONAN)


@predicate
def asiste(usuario, propuesta):
    """Es del personal que la recogió por su autor. Lo que alguien escribió en la web no lo toca nadie más."""
    return propuesta.asistida and puede_asistir(usuario, propuesta.ejercicio.sitio) and not es_autor.test(usuario, propuesta)


@predicate
def la_registro(usuario, propuesta):
    """Es del personal que la envió por su autor."""
    envios = Asistencia.objects.filter(acto__objeto_tipo=propuesta._meta.label_lower, acto__objeto_id=propuesta.pk)
    return propuesta.asistida and envios.filter(acto__tipo=ACTOS[EstadoPropuesta.ENVIADA][0], funcionario=usuario).exists()


# Nadie modera lo suyo: ni quien la escribe, ni quien la registró por su autor.
es_suya = es_del_equipo | la_registro


@predicate
def lee_como_personal(usuario, propuesta):
    """Es del personal que modera o analiza en su sitio, y lo que hay en ella ya lo envió su autor.

    Mientras la corrige (devuelta), lo que escribe es sólo suyo hasta que la envíe otra vez; sellada, hasta el cierre.
    """
    # `is_staff` primero: la ciudadanía no paga las consultas de los roles.
    return (
        usuario.is_staff
        and propuesta.estado not in EDITABLES
        and tiene_rol(usuario, propuesta.ejercicio.sitio, *ROLES_QUE_LEEN)
        and not esta_sellado(propuesta.ejercicio_id)
    )


def _evalua(usuario, propuesta) -> bool:
    """Si es del jurado: de este reto o, con el rol, de cualquiera del sitio. Un superusuario tiene todos los roles."""
    if not usuario.is_superuser and tiene_rol(usuario, propuesta.ejercicio.sitio, RolPersonal.JURADO):
        return True
    en_el_jurado = Jurado.objects.filter(ejercicio=propuesta.ejercicio_id, usuario=usuario)
    return en_el_jurado.filter(estado__in=[EstadoJurado.INVITADO, EstadoJurado.ACEPTADO]).exists()


@predicate
def conoce_la_identidad(usuario, propuesta):
    """Si puede saber de quién es. En una evaluación ciega, hasta la decisión, sólo su equipo y quien la modera o gestiona."""
    if not propuesta.anonima:
        return True
    if es_del_equipo.test(usuario, propuesta):
        return True
    return (
        usuario.is_staff
        and tiene_rol(usuario, propuesta.ejercicio.sitio, *ROLES_QUE_CONOCEN)
        and not _evalua(usuario, propuesta)
    )


@predicate
def ve_lo_confidencial(usuario, propuesta):
    """Si lee las respuestas que no se publican: su equipo y, ya enviada, quien la modera o gestiona."""
    return es_del_equipo.test(usuario, propuesta) or (
        lee_como_personal.test(usuario, propuesta)
        and tiene_rol(usuario, propuesta.ejercicio.sitio, *ROLES_QUE_CONOCEN)
    )


la_ve_siempre = es_autor | lee_como_personal | es_integrante
# Los demás la ven si además pueden ver la página de su reto.
puede_ver = es_publica | la_ve_siempre
# El archivo es público sólo mientras la propuesta está publicada.
puede_ver_adjunto = esta_publicada | la_ve_siempre


def puede_descargar(peticion, propuesta) -> bool:
    """Si quien pide puede bajar el archivo: el suyo, como personal, o el de una publicada cuyo reto puede ver."""
    if la_ve_siempre.test(peticion.user, propuesta):
        return True
    reto = pagina_de(peticion, propuesta.ejercicio, RetoPage)
    return bool(
        puede_ver_adjunto.test(peticion.user, propuesta) and reto is not None and cumple_restricciones(peticion, reto)
    )


def puede_ver_constancia(usuario, propuesta, acto) -> bool:
    """La de lo que registró el personal: cualquiera que asista; sellada, sólo quien la registró, que ya la leyó."""
    return acto.asistencia.funcionario_id == usuario.pk or not esta_sellado(propuesta.ejercicio_id)


def _de_respuesta(respuesta) -> Propuesta | None:
    """La propuesta cuyo formulario contesta; None si es de una encuesta."""
    return Propuesta.objects.select_related("ejercicio__sitio", "autor").filter(respuesta=respuesta).first()


def puede_descargar_respuesta(peticion, respuesta, adjunto) -> bool:
    """Un archivo contestado en el formulario: el de una pregunta pública, como los adjuntos; si no, quien ve lo confidencial o la evalúa."""
    propuesta = _de_respuesta(respuesta)
    if propuesta is None:
        return False
    from .evaluacion.rules import lee_lo_reservado  # la evaluación parte de estas reglas

    if ve_lo_confidencial.test(peticion.user, propuesta) or lee_lo_reservado(peticion.user, propuesta):
        return True
    publica = respuesta.valores.filter(texto=str(adjunto.clave), pregunta__publica=True).exists()
    return publica and puede_descargar(peticion, propuesta)


def nombre_de_adjunto(peticion, propuesta, adjunto) -> str:
    """Con qué nombre se entrega: en una evaluación ciega, uno que no diga nada."""
    if conoce_la_identidad.test(peticion.user, propuesta):
        return adjunto.nombre
    return nombre_neutro(adjunto)


def nombre_de_archivo_contestado(peticion, respuesta, adjunto) -> str:
    propuesta = _de_respuesta(respuesta)
    return nombre_de_adjunto(peticion, propuesta, adjunto) if propuesta else adjunto.nombre


def nombre_neutro(adjunto) -> str:
    """«anexo-2.pdf»: qué puesto tiene entre los de su objeto y qué es."""
    anteriores = type(adjunto).objects.filter(objeto_tipo=adjunto.objeto_tipo, objeto_id=adjunto.objeto_id, pk__lt=adjunto.pk)
    que = "anexo" if adjunto.objeto_tipo == "retos.propuesta" else "respuesta"
    return f"{que}-{anteriores.count() + 1}.{adjunto.nombre.rpartition('.')[2].lower()}"
