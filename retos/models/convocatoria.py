import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cuentas.enums import TipoActor
from cuentas.models import Organizacion, Participante
from participacion.apoyos.models import Apoyable
from participacion.ejercicios.models import Ejercicio

from ..diagnostico.enums import TRANSICIONES_PROBLEMA, EstadoPregunta, EstadoProblema


class Problema(Apoyable):
    """Un problema que alguien cuenta en el diagnóstico (Menú Participa 6.2.4.a). La ciudadanía lo prioriza con apoyos."""

    TITULO_MAXIMO, DESCRIPCION_MAXIMA = 120, 3000

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.PROTECT, related_name="problemas")
    clave_envio = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    estado = models.CharField(max_length=20, choices=EstadoProblema, default=EstadoProblema.ENVIADO)
    autor = models.ForeignKey(Participante, on_delete=models.PROTECT, related_name="problemas")
    organizacion = models.ForeignKey(Organizacion, null=True, blank=True, on_delete=models.PROTECT, related_name="problemas")
    actor_tipo = models.CharField(max_length=20, choices=TipoActor)
    titulo = models.CharField(_("título"), max_length=120)
    descripcion = models.TextField(_("descripción"))
    idioma = models.CharField(max_length=10, blank=True)
    enviado_en = models.DateTimeField()
    publicado_en = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("problema")
        verbose_name_plural = _("problemas")
        default_permissions = []
        indexes = [models.Index(fields=["ejercicio", "estado", "-apoyos", "-id"], name="problema_priorizados")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(estado=EstadoProblema.PUBLICADO) | models.Q(publicado_en__isnull=False),
                name="problema_publicado_con_fecha",
            )
        ]

    def __str__(self):
        return f"problema {self.pk}"

    def get_absolute_url(self):
        return reverse("retos:problema", args=[self.pk])

    @property
    def firma(self) -> str:
        return self.organizacion.nombre if self.organizacion else self.autor.nombre_publico

    @property
    def es_publico(self) -> bool:
        """Publicado, o retirado después de estarlo."""
        return self.estado == EstadoProblema.PUBLICADO or (
            self.estado == EstadoProblema.RETIRADO and self.publicado_en is not None
        )

    @property
    def es_retirable(self) -> bool:
        return (self.estado, EstadoProblema.RETIRADO) in TRANSICIONES_PROBLEMA


class PreguntaReto(models.Model):
    """Una pregunta pública sobre la convocatoria y su respuesta oficial. Se publica al responderla."""

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.PROTECT, related_name="preguntas_reto")
    clave_envio = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    estado = models.CharField(max_length=20, choices=EstadoPregunta, default=EstadoPregunta.ENVIADA)
    autor = models.ForeignKey(Participante, on_delete=models.PROTECT, related_name="preguntas_reto")
    texto = models.TextField(_("pregunta"))
    respuesta = models.TextField(_("respuesta"), blank=True)
    enviada_en = models.DateTimeField()
    respondida_en = models.DateTimeField(null=True)
    respondida_por = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("pregunta del reto")
        verbose_name_plural = _("preguntas de los retos")
        default_permissions = []
        ordering = ["-enviada_en", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(estado=EstadoPregunta.ENVIADA)
                | (~models.Q(respuesta="") & models.Q(respondida_en__isnull=False)),
                name="pregunta_reto_respondida",
            )
        ]

    def __str__(self):
        return f"pregunta {self.pk} del reto {self.ejercicio_id}"
