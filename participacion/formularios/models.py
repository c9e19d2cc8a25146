import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cuentas.enums import TipoActor, Zona
from cuentas.models import Organizacion, Participante
from participacion.ejercicios.models import Ejercicio
from participacion.registro.enums import ActorRegistro, Canal

from .definicion import Formulario
from .enums import EstadoRespuesta, TipoPregunta
from .querysets import RespuestaQuerySet, VersionFormularioQuerySet


class VersionFormulario(models.Model):
    """El formulario de un ejercicio tal como se publicó. Cambiarlo en vivo estrena otra; lo contestado conserva la suya."""

    ES_REGLA = True

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.CASCADE, related_name="versiones_formulario")
    numero = models.PositiveIntegerField()
    definicion = models.JSONField(help_text=_("`definicion.Formulario.a_json()`, en español."))
    huella = models.CharField(max_length=64)
    publicada_en = models.DateTimeField(auto_now_add=True)

    objects = VersionFormularioQuerySet.as_manager()

    class Meta:
        verbose_name = _("versión del formulario")
        verbose_name_plural = _("versiones del formulario")
        default_permissions = []
        ordering = ["-numero"]
        constraints = [models.UniqueConstraint(fields=["ejercicio", "numero"], name="version_formulario_unica")]

    def __str__(self):
        return f"formulario {self.numero} del ejercicio {self.ejercicio_id}"

    def formulario(self, idioma: str = "") -> Formulario:
        """El formulario, con los textos de ese idioma donde estén traducidos."""
        formulario = Formulario.de_json(self.definicion)
        traduccion = self.ejercicio.textos_formulario.filter(idioma=idioma).first() if idioma else None
        return formulario.con_textos(traduccion.textos) if traduccion else formulario


class TextosFormulario(models.Model):
    """Los textos de un formulario en otro idioma, por clave: sirven a todas las versiones que tengan esas claves."""

    ES_REGLA = True

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.CASCADE, related_name="textos_formulario")
    idioma = models.CharField(max_length=10)
    textos = models.JSONField()

    class Meta:
        verbose_name = _("traducción del formulario")
        verbose_name_plural = _("traducciones del formulario")
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["ejercicio", "idioma"], name="textos_formulario_unicos")]

    def __str__(self):
        return f"formulario en {self.idioma} del ejercicio {self.ejercicio_id}"


class Pregunta(models.Model):
    """Una pregunta de un ejercicio, la misma en todas las versiones e idiomas: su clave es el id de su bloque."""

    ES_REGLA = True

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.CASCADE, related_name="preguntas")
    clave = models.CharField(max_length=40)
    tipo = models.CharField(max_length=20, choices=TipoPregunta)
    texto = models.TextField(help_text=_("El de la última versión que la tiene."))
    publica = models.BooleanField(default=True)
    orden = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("pregunta")
        verbose_name_plural = _("preguntas")
        default_permissions = []
        ordering = ["ejercicio", "orden"]
        constraints = [models.UniqueConstraint(fields=["ejercicio", "clave"], name="pregunta_unica")]

    def __str__(self):
        return f"pregunta {self.clave}"


class Opcion(models.Model):
    """Una opción, o una fila de matriz. Renombrarla no parte sus conteos: la reconoce su clave."""

    pregunta = models.ForeignKey(Pregunta, on_delete=models.CASCADE, related_name="opciones")
    clave = models.CharField(max_length=50)
    texto = models.TextField()
    es_fila = models.BooleanField(default=False)
    orden = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("opción")
        verbose_name_plural = _("opciones")
        default_permissions = []
        ordering = ["pregunta", "orden"]
        constraints = [models.UniqueConstraint(fields=["pregunta", "clave"], name="opcion_unica")]

    def __str__(self):
        return f"opción {self.clave}"


class Respuesta(models.Model):
    """Un formulario contestado, entero o a medias. Lo que describe a quien contesta se congela al enviarla."""

    clave = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.PROTECT, related_name="respuestas")
    version = models.ForeignKey(VersionFormulario, on_delete=models.PROTECT, related_name="respuestas")
    estado = models.CharField(max_length=20, choices=EstadoRespuesta, default=EstadoRespuesta.PARCIAL)
    referencia = models.CharField(max_length=20, blank=True)
    participante = models.ForeignKey(Participante, null=True, on_delete=models.PROTECT, related_name="respuestas")
    organizacion = models.ForeignKey(Organizacion, null=True, on_delete=models.PROTECT, related_name="respuestas")
    parcial = models.JSONField(default=dict, help_text=_("Valores aún sin enviar; vacío al enviarla."))
    pagina = models.PositiveSmallIntegerField(default=0, help_text=_("En cuál quedó."))

    actor_tipo = models.CharField(max_length=20, blank=True, choices=TipoActor.choices + ActorRegistro.choices)
    rango_edad = models.CharField(max_length=20, blank=True)
    area = models.CharField(max_length=60, blank=True)
    zona = models.CharField(max_length=20, blank=True, choices=Zona)
    canal = models.CharField(max_length=20, choices=Canal, default=Canal.WEB)
    idioma = models.CharField(max_length=10, blank=True)
    creada_en = models.DateTimeField(auto_now_add=True)
    actualizada_en = models.DateTimeField(auto_now=True)
    enviada_en = models.DateTimeField(null=True, blank=True)

    objects = RespuestaQuerySet.as_manager()

    class Meta:
        verbose_name = _("respuesta")
        verbose_name_plural = _("respuestas")
        default_permissions = []
        indexes = [models.Index(fields=["ejercicio", "estado", "id"], name="respuesta_ejercicio")]
        constraints = [
            models.UniqueConstraint(
                fields=["ejercicio", "participante"],
                condition=models.Q(participante__isnull=False) & ~models.Q(estado=EstadoRespuesta.ANULADA),
                name="respuesta_unica_por_persona",
            ),
            models.UniqueConstraint(
                fields=["ejercicio", "organizacion"],
                condition=models.Q(organizacion__isnull=False, estado=EstadoRespuesta.ENVIADA),
                name="respuesta_unica_por_organizacion",
            ),
            models.CheckConstraint(
                condition=~models.Q(estado=EstadoRespuesta.ENVIADA) | models.Q(enviada_en__isnull=False),
                name="respuesta_enviada_con_fecha",
            ),
        ]

    def __str__(self):
        return self.referencia or f"respuesta {self.pk}"


class Valor(models.Model):
    """Una parte de lo contestado: una opción elegida, una celda de matriz, un puesto, un número o un texto."""

    respuesta = models.ForeignKey(Respuesta, on_delete=models.CASCADE, related_name="valores")
    pregunta = models.ForeignKey(Pregunta, on_delete=models.PROTECT, related_name="valores")
    opcion = models.ForeignKey(Opcion, null=True, on_delete=models.PROTECT, related_name="+")
    fila = models.ForeignKey(Opcion, null=True, on_delete=models.PROTECT, related_name="+")
    numero = models.DecimalField(max_digits=15, decimal_places=4, null=True)
    fecha = models.DateField(null=True)
    texto = models.TextField(blank=True)
    puesto = models.PositiveSmallIntegerField(null=True, help_text=_("En una pregunta de ordenar: 1 es el primero."))

    class Meta:
        verbose_name = _("valor")
        verbose_name_plural = _("valores")
        default_permissions = []
        indexes = [models.Index(fields=["pregunta", "opcion"], name="valor_pregunta_opcion")]

    def __str__(self):
        return f"valor {self.pk}"
