"""Quién puede abrir una respuesta. No son permisos de Django: lo que alguien contestó no lo corrige nadie más."""

from django.http import HttpRequest

from participacion.ejercicios.enums import TipoEjercicio
from participacion.formularios.enums import EstadoRespuesta
from participacion.formularios.models import Respuesta
from participacion.registro.enums import Canal

from .analisis.rules import LEER, puede
from .codigos import codigo_de
from .enums import Modo
from .models import Encuesta


def es_de_quien_pide(request: HttpRequest, encuesta: Encuesta, respuesta: Respuesta) -> bool:
    """La de su cuenta, la de su código o, si la encuesta es anónima, la de quien tiene su dirección."""
    if respuesta.estado == EstadoRespuesta.ANULADA:
        return False
    if respuesta.participante_id:
        return request.user.is_authenticated and respuesta.participante.cuenta_id == request.user.pk
    if encuesta.modo == Modo.CODIGO:
        codigo = codigo_de(request, encuesta.ejercicio)
        return codigo is not None and codigo.respuesta_id == respuesta.pk
    return encuesta.modo == Modo.ANONIMA and respuesta.canal == Canal.WEB


def puede_descargar(request: HttpRequest, respuesta: Respuesta) -> bool:
    """Los archivos de una respuesta: quien la dio con su cuenta y, enviada, el personal que analiza."""
    if respuesta.ejercicio.tipo != TipoEjercicio.ENCUESTA:
        return False
    suya = respuesta.participante and request.user.is_authenticated and respuesta.participante.cuenta_id == request.user.pk
    enviada = respuesta.estado == EstadoRespuesta.ENVIADA
    return bool(suya or (enviada and puede(request.user, respuesta.ejercicio.sitio, LEER)))
