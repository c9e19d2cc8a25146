"""Lo que Ana tiene en los retos, donde lo guarda cada parte: una fila privada y, si la hay, una a la vista."""

import uuid
from datetime import timedelta

from django.utils import timezone

from cuentas.enums import RolPersonal
from participacion.adjuntos.actions import guardar
from participacion.apoyos.actions import apoyar
from participacion.ejercicios.actions import leer_reglas
from participacion.moderacion.enums import Decision
from retos.actions import retirar_propuesta
from retos.convocatoria.actions import preguntar, resolver_pregunta
from retos.decision.respuestas import asentar
from retos.diagnostico.actions import contar_problema, retirar_problema
from retos.diagnostico.enums import EstadoPregunta
from retos.equipos.integrantes import sumar
from retos.equipos.invitaciones import invitar
from retos.equipos.uniones import pedir_adhesion, pedir_fusion
from retos.models import SolicitudInformacion
from retos.novedades import anunciar
from retos.versiones.historia import anotar_version
from tests import fabricas as f

# Lo que la entidad publica de una propuesta, y lo que la ciudadanía ve de lo que está a la vista.
PUBLICOS = {"retos.novedad": {"titulo", "texto"}, "retos.respuestaoficial": {"texto"}}
_PROPUESTA = {"titulo", "resumen", "descripcion", "descripcion_html", "texto_busqueda"}


def es_publico(fila, campo: str) -> bool:
    """Si cualquiera puede leer ese campo de esa fila."""
    etiqueta = fila._meta.label_lower
    if etiqueta == "retos.propuesta":
        return fila.es_publica and campo in _PROPUESTA
    if etiqueta == "retos.problema":
        return fila.es_publico and campo in ("titulo", "descripcion")
    if etiqueta == "retos.preguntareto":
        return fila.estado == EstadoPregunta.RESPONDIDA
    if etiqueta == "moderacion.entrada":
        return campo == "titulo" and es_publico(fila.objeto, campo)
    return campo in PUBLICOS.get(etiqueta, ())


def anexo(marcas, donde, participante):
    """Un adjunto suelto con una marca en su nombre y otra dentro."""
    nombre = marcas.nueva(f"{donde} (nombre)")
    archivo = f.pdf(f"{nombre}.pdf", relleno=marcas.nueva(f"{donde} (contenido)").encode())
    return guardar(archivo=archivo, participante=participante)


def escenario(moderador, otra) -> dict:
    """Lo que otra persona propuso, y los retos en que Ana hace algo."""
    reto = f.reto()
    ajenas = {"moderador": moderador}
    return {
        "reto": reto,
        "ajena": f.publicada(f.reto(), otra, **ajenas),
        "vecina": f.publicada(reto, otra, **ajenas),
        "del_equipo": [f.publicada(reto, otra, **ajenas), f.borrador(reto, otra), f.enviada(reto, otra)],
        "con_limite": f.publicada(f.reto(modo_apoyo="simple", maximo_apoyos=2), otra, **ajenas),
        "diagnostico": f.reto(**f.programa("diagnostico", fases=("diagnostico",))),
        "gestora": f.personal(RolPersonal.GESTION),
    }


def armar(marcas, mundo, ana) -> None:
    suya = _propuestas(marcas, mundo, ana)
    for objeto in (mundo.ajena, mundo.con_limite):
        apoyar(objeto=objeto, participante=ana.participante)
    _equipos(marcas, mundo, ana, suya)
    _preguntas(marcas, mundo, ana)
    _problemas(marcas, mundo, ana)


def _propuestas(marcas, mundo, ana):
    """Una en cada estado; devuelve la publicada, que la entidad ya respondió y que se envió dos veces."""
    reto, moderador, yo, ahora = mundo.reto, mundo.moderador, ana.participante, timezone.now()
    textos = {campo: marcas.inicial(campo) for campo in ("titulo", "resumen", "descripcion")}
    for estado, decision in (
        ("devuelta", Decision.DEVUELTA), ("rechazada", Decision.RECHAZADA), ("publicada", Decision.APROBADA),
    ):  # fmt: skip
        adjunto = anexo(marcas, f"adjunto[{estado}]", yo) if estado != "publicada" else None
        suyos = {} if estado == "publicada" else textos
        resuelta = f.resolver(f.enviada(reto, ana, adjunto=adjunto, **suyos), decision, moderador, motivo=marcas.inicial("motivo"))
    anotar_version(resuelta, quien=yo, ahora=ahora)
    SolicitudInformacion.objects.create(
        propuesta=resuelta, campos=["descripcion"], mensaje="x", vence_en=ahora + timedelta(days=1), pedida_en=ahora
    )
    asentar(resuelta, "x", actor=mundo.gestora, ahora=ahora, ejercicio=reto.ejercicio)
    anunciar(propuesta=resuelta, titulo="x", texto="x", por=mundo.gestora, ahora=ahora, sitio=f.sitio())
    f.borrador(reto, ana, adjunto=anexo(marcas, "adjunto[borrador]", yo), **textos)
    f.enviada(reto, ana, adjunto=anexo(marcas, "adjunto[enviada]", yo), **textos)
    retirar_propuesta(propuesta=f.enviada(reto, ana, **textos), actor=ana)
    anexo(marcas, "adjunto[suelto]", yo)
    return resuelta


def _equipos(marcas, mundo, ana, suya) -> None:
    """Es de tres equipos ajenos, invita a la suya, la invitan a otro, y pide sumarse y fusionar."""
    ejercicio, ahora = leer_reglas(mundo.reto.ejercicio.pk)
    for propuesta in mundo.del_equipo:
        sumar(propuesta, ana.participante, None, usuario=ana, ejercicio=ejercicio, ahora=ahora)
    invitar(propuesta=suya, correo=f"{marcas.inicial('a quién invita')}@example.org", actor=ana)
    invitar(propuesta=mundo.vecina, correo=ana.email, actor=mundo.vecina.autor.cuenta)
    mensaje = marcas.inicial("mensaje")
    pedir_adhesion(destino=mundo.ajena, mensaje=mensaje, actor=ana)
    pedir_fusion(origen=suya, destino=mundo.vecina, mensaje=mensaje, actor=ana)


def _preguntas(marcas, mundo, ana) -> None:
    """Sin responder, no publicada y publicada."""
    for hacia in ("", EstadoPregunta.RECHAZADA, EstadoPregunta.RESPONDIDA):
        texto = "x" if hacia == EstadoPregunta.RESPONDIDA else marcas.inicial("pregunta")
        hecha = preguntar(
            ejercicio=mundo.reto.ejercicio, participante=ana.participante, texto=texto, clave_envio=uuid.uuid4()
        )
        if hacia:
            resolver_pregunta(pregunta=hecha, hacia=hacia, respuesta="x", actor=mundo.gestora)


def _problemas(marcas, mundo, ana) -> None:
    """En revisión, rechazado, retirado antes de publicarse y publicado."""
    for estado in ("enviado", "rechazado", "retirado", "publicado"):
        textos = {campo: "x" if estado == "publicado" else marcas.inicial(campo) for campo in ("titulo", "descripcion")}
        problema = contar_problema(
            ejercicio=mundo.diagnostico.ejercicio, participante=ana.participante, clave_envio=uuid.uuid4(), **textos
        )
        if estado == "retirado":
            retirar_problema(problema=problema, actor=ana)
        elif estado != "enviado":
            decision = Decision.APROBADA if estado == "publicado" else Decision.RECHAZADA
            f.resolver(problema, decision, mundo.moderador, motivo=marcas.inicial("motivo"))
