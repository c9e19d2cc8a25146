"""Lo que la gente hace en la demostración: propone, corrige, apoya y retira. Todo por las acciones de verdad."""

import random
from uuid import NAMESPACE_URL, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile

from cuentas.models import Participante
from participacion.adjuntos import actions as adjuntos
from participacion.adjuntos.models import Adjunto
from participacion.apoyos import actions as apoyos
from participacion.ejercicios.models import Ejercicio
from participacion.moderacion import actions as moderacion
from participacion.moderacion.enums import Decision
from participacion.moderacion.models import Entrada
from retos import actions as retos
from retos.enums import EstadoPropuesta
from retos.models import Propuesta

from .archivos import pdf, png
from .paginas import leer
from .personas import Personas

DECISIONES = {
    EstadoPropuesta.PUBLICADA: Decision.APROBADA,
    EstadoPropuesta.DEVUELTA: Decision.DEVUELTA,
    EstadoPropuesta.RECHAZADA: Decision.RECHAZADA,
}
ETAPAS = [("1. Preparar", 1, 3), ("2. Probar con la gente", 3, 8), ("3. Corregir", 8, 10), ("4. Poner en marcha", 10, 16)]
CADA_CUANTOS_SE_RETIRA = 40


def cargar(personas: Personas, ejercicios: dict[str, Ejercicio]) -> None:
    """Envía y modera las propuestas de los retos, reparte los apoyos y retira lo que se retira."""
    contenido = leer("propuestas_cerradas")["propuesta"] + leer("propuestas_abiertas")["propuesta"]
    en_su_nombre = iter(personas.vecinos)
    propuestas = [(datos, proponer(datos, personas, ejercicios[datos["reto"]], en_su_nombre)) for datos in contenido]
    _apoyar([p for _datos, p in propuestas if p.estado == EstadoPropuesta.PUBLICADA], personas.vecinos)
    for datos, propuesta in propuestas:
        if datos.get("estado") == EstadoPropuesta.RETIRADA:
            retos.retirar_propuesta(propuesta=propuesta, actor=propuesta.autor.cuenta)


def proponer(datos: dict, personas: Personas, ejercicio: Ejercicio, en_su_nombre) -> Propuesta:
    """Envía una propuesta y la deja en el estado que dice su contenido. Sin `de`, la firma el siguiente de `en_su_nombre`."""
    organizacion = None
    if "de" not in datos:
        autor = next(en_su_nombre)
    elif datos["de"] == "ciudadana":
        autor = personas.ciudadana
    else:
        organizacion, autor = personas.organizaciones[datos["de"]]
    comunes = {
        "actor": autor.cuenta,
        "participante": autor,
        "ejercicio": ejercicio,
        "clave_envio": uuid5(NAMESPACE_URL, f"{datos['reto']}/{datos['titulo']}"),
        "titulo": datos["titulo"],
        "resumen": datos["resumen"],
        "organizacion": organizacion,
        "licencia": datos.get("licencia", ""),
        "terminos": ejercicio.terminos.first().numero,
    }
    propuesta = retos.guardar_borrador(
        **comunes, descripcion=datos.get("antes", datos["descripcion"]), adjuntos_nuevos=_adjuntos(datos, autor)
    )
    estado = datos.get("estado", EstadoPropuesta.PUBLICADA)
    if estado == EstadoPropuesta.BORRADOR:
        return propuesta
    propuesta = retos.enviar_propuesta(propuesta=propuesta, actor=autor.cuenta)
    if "devolucion" in datos:
        _decidir(propuesta, Decision.DEVUELTA, datos["devolucion"], personas)
        propuesta = retos.guardar_borrador(**comunes, descripcion=datos["descripcion"])
        propuesta = retos.enviar_propuesta(propuesta=propuesta, actor=autor.cuenta)
    if datos.get("publicada_antes"):
        estado = EstadoPropuesta.PUBLICADA
    if estado in DECISIONES:
        _decidir(propuesta, DECISIONES[estado], datos.get("motivo", ""), personas)
        propuesta.refresh_from_db()
    return propuesta


def _decidir(propuesta: Propuesta, decision: Decision, motivo: str, personas: Personas) -> None:
    entrada = Entrada.objects.de(propuesta).pendientes().get()
    moderacion.decidir(entrada_id=entrada.pk, decision=decision, motivo=motivo, moderador=personas.moderador)


def _adjuntos(datos: dict, autor: Participante) -> list[Adjunto]:
    if "adjunto" not in datos:
        return []
    if datos["adjunto"] == "png":
        contenido = png(ETAPAS)
    else:
        plan = [f"{nombre}: semanas {desde} a {hasta}." for nombre, desde, hasta in ETAPAS]
        contenido = pdf(datos["titulo"], ["Anexo de demostración.", datos["resumen"], "Plan de trabajo", *plan])
    archivo = SimpleUploadedFile(f"plan-de-trabajo.{datos['adjunto']}", contenido)
    return [adjuntos.guardar(archivo=archivo, participante=autor)]


def _apoyar(propuestas: list[Propuesta], vecinos: list[Participante]) -> None:
    """Unas pocas propuestas reúnen muchos apoyos y la mayoría unos cuantos. La semilla es fija."""
    azar = random.Random(2024)
    dados = 0
    for propuesta in propuestas:
        candidatos = [vecino for vecino in vecinos if vecino.pk != propuesta.autor_id]
        for vecino in azar.sample(candidatos, int(azar.triangular(2, 40, 7))):
            apoyos.apoyar(objeto=propuesta, participante=vecino)
            dados += 1
            if dados % CADA_CUANTOS_SE_RETIRA == 0:
                apoyos.retirar_apoyo(objeto=propuesta, participante=vecino)
