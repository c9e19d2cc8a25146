from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class EjercicioQuerySet(models.QuerySet):
    def publicados(self):
        """Los que tienen hoy su página en español publicada."""
        return self.filter(publicado=True)

    def abiertos(self, ahora):
        """Los que reciben aportes en `ahora`; el intervalo es [apertura, cierre)."""
        return self.publicados().filter(Q(cierre__isnull=True) | Q(cierre__gt=ahora), apertura__lte=ahora)

    def con_reloj(self):
        """Añade `ahora`, el reloj de la base de datos: decide los plazos, no el de la máquina que atiende."""
        return self.annotate(ahora=Now())


class ReferenciaQuerySet(models.QuerySet):
    def de(self, objeto):
        """Las filas que se refieren a `objeto`."""
        return self.filter(objeto_tipo=objeto._meta.label_lower, objeto_id=objeto.pk)


def resolver(objeto_tipo: str, objeto_id: int):
    """El objeto al que apunta una referencia, o None si ya no está."""
    return apps.get_model(objeto_tipo)._base_manager.filter(pk=objeto_id).first()


def bloquear(objeto_tipo: str, objeto_id: int) -> None:
    """Toma el candado del objeto de una referencia, para tenerlo antes que el de la fila que apunta a él."""
    apps.get_model(objeto_tipo)._base_manager.select_for_update(of=["self"]).filter(pk=objeto_id).first()
