"""Lo que comparten las pruebas de la cola de moderación."""

from django.urls import reverse

from participacion.moderacion.models import Entrada

COLA = "/admin/moderacion/"
VARIAS = "/admin/moderacion/aprobar/"


def url_de(entrada):
    return reverse("moderacion:entrada", args=[entrada.pk])


def pendiente(propuesta):
    return Entrada.objects.de(propuesta).pendientes().get()


def titulos(respuesta):
    return [entrada.titulo for entrada in respuesta.context["object_list"]]
