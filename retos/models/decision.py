from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from participacion.ejercicios.models import Ejercicio

from ..decision.enums import EstadoDecision, TipoDecision
from ..enums import Resultado
from .evaluacion import Deliberacion
from .propuestas import Propuesta

FALLOS = [Resultado.ELEGIDA, Resultado.ELEGIBLE, Resultado.NO_ELEGIDA]


class DecisionReto(models.Model):
    """Lo que la entidad decidió de un reto, y por qué. Una por reto."""

    ejercicio = models.OneToOneField(Ejercicio, on_delete=models.PROTECT, related_name="decision")
    estado = models.CharField(max_length=20, choices=EstadoDecision, default=EstadoDecision.BORRADOR)
    tipo = models.CharField(_("decisión"), max_length=20, choices=TipoDecision, default=TipoDecision.ELIGE)
    motivos = models.TextField(_("motivos"), blank=True)
    textos = models.JSONField(
        default=dict, help_text=_("Por resultado, la respuesta de las propuestas que no tengan una propia.")
    )
    actas = models.ManyToManyField(
        Deliberacion, verbose_name=_("actas que se publican"), blank=True, related_name="+"
    )
    tomada_por = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    tomada_en = models.DateTimeField(null=True)
    publicada_en = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("decisión")
        verbose_name_plural = _("decisiones")
        default_permissions = []
        constraints = [
            models.CheckConstraint(
                condition=models.Q(estado=EstadoDecision.BORRADOR) | (~models.Q(motivos="") & models.Q(tomada_en__isnull=False)),
                name="decision_tomada_con_motivos",
            ),
            models.CheckConstraint(
                condition=~models.Q(estado=EstadoDecision.PUBLICADA) | models.Q(publicada_en__isnull=False),
                name="decision_publicada_con_fecha",
            ),
        ]

    def __str__(self):
        return f"decisión del reto {self.ejercicio_id}"


class Fallo(models.Model):
    """Qué decide sobre una propuesta, con la respuesta que recibirá su autor. No obra hasta que se publica."""

    decision = models.ForeignKey(DecisionReto, on_delete=models.CASCADE, related_name="fallos")
    propuesta = models.OneToOneField(Propuesta, on_delete=models.PROTECT, related_name="fallo")
    resultado = models.CharField(max_length=20, choices=[(r.value, r.label) for r in FALLOS])
    puesto = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("En el banco de elegibles: 1 es el primero."))
    respuesta = models.TextField(_("respuesta con motivos"))

    class Meta:
        verbose_name = _("fallo")
        verbose_name_plural = _("fallos")
        default_permissions = []
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "puesto"], condition=models.Q(puesto__isnull=False), name="fallo_puesto_unico"
            ),
            models.CheckConstraint(
                condition=models.Q(resultado=Resultado.ELEGIBLE, puesto__isnull=False)
                | (~models.Q(resultado=Resultado.ELEGIBLE) & models.Q(puesto__isnull=True)),
                name="fallo_elegible_con_puesto",
            ),
        ]

    def __str__(self):
        return f"fallo sobre la propuesta {self.propuesta_id}"


class RespuestaOficial(models.Model):
    """Lo que la entidad contesta, en público, a quien propuso. Corregirla es añadir otra: vale la última."""

    propuesta = models.ForeignKey(Propuesta, on_delete=models.PROTECT, related_name="respuestas_oficiales")
    texto = models.TextField(_("respuesta"))
    por = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    publicada_en = models.DateTimeField()

    class Meta:
        verbose_name = _("respuesta oficial")
        verbose_name_plural = _("respuestas oficiales")
        default_permissions = []
        ordering = ["-publicada_en", "-pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(texto=""), name="respuesta_oficial_con_texto")]

    def __str__(self):
        return f"respuesta oficial {self.pk}"
