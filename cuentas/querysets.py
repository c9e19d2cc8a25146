from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from .enums import EstadoAutorizacion


class MembresiaQuerySet(models.QuerySet):
    def vigentes(self):
        """Las que hoy dan poder para actuar; perder la membresía lo quita al instante."""
        return self.filter(hasta__isnull=True)


class InvitacionQuerySet(models.QuerySet):
    def vigentes(self):
        """Las que aún se pueden aceptar, según el reloj de la base de datos."""
        return self.filter(usada_en__isnull=True, anulada_en__isnull=True, vence_en__gt=Now())


class VerificacionQuerySet(models.QuerySet):
    def vigentes(self):
        """Las no anuladas: de ellas sale el nivel de cada quien."""
        return self.filter(anulada_en__isnull=True)


class AutorizacionAcudienteQuerySet(models.QuerySet):
    def vigentes(self):
        return self.filter(estado=EstadoAutorizacion.VIGENTE)

    def firmables(self):
        """Las que esperan la firma del acudiente y aún no vencen, según el reloj de la base de datos."""
        return self.filter(estado=EstadoAutorizacion.PEDIDA, vence_en__gt=Now())


class VersionPoliticaQuerySet(models.QuerySet):
    def vigente(self, sitio, idioma: str):
        """El texto que rige hoy en un sitio, en ese idioma si existe y si no en español; None si no hay política."""
        ultimas = list(self.filter(sitio=sitio).order_by("-numero", "-pk")[:20])
        del_numero = [version for version in ultimas if version.numero == ultimas[0].numero]
        en_idioma = [version for version in del_numero if version.idioma == idioma]
        en_espanol = [version for version in del_numero if version.idioma == settings.LANGUAGE_CODE]
        return next(iter(en_idioma or en_espanol), None)


class ConsentimientoQuerySet(models.QuerySet):
    def vigentes(self):
        """Los no revocados, sean de la versión que sean."""
        return self.filter(revocado_en__isnull=True)
