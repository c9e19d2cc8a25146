from django.db import models

from . import tipos


class ActoQuerySet(models.QuerySet):
    """Consultas del registro: páginas, exportaciones e indicadores leen aquí y en ningún otro sitio."""

    def del_periodo(self, desde, hasta):
        """Actos que cuentan en [desde, hasta)."""
        return self.filter(ocurrido_en__gte=desde, ocurrido_en__lt=hasta)

    def vigentes(self, en=None):
        """Los que no son anulación ni estaban anulados (en `en`, si se da): lo que queda en pie."""
        anulado = models.Q(anulado_por__isnull=False)
        if en is not None:
            anulado &= models.Q(anulado_por__ocurrido_en__lt=en)
        return self.exclude(anulado).filter(anula__isnull=True)

    def de_participacion(self):
        """Los que hace quien participa, no el personal."""
        return self.filter(tipo__in=tipos.de_participacion())

    def de(self, objeto):
        return self.filter(objeto_tipo=objeto._meta.label_lower, objeto_id=objeto.pk)

    def update(self, **campos):
        raise TypeError("El registro de participación no se cambia: anote otro acto.")

    def delete(self):
        raise TypeError("El registro de participación no se borra: anote otro acto.")
