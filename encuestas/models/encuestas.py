from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cuentas.enums import TipoActor
from cuentas.models import Organizacion, Participante
from participacion.ejercicios.models import Ejercicio
from participacion.formularios.models import Opcion, Respuesta, VersionFormulario

from .paginas import ReglasEncuesta


class Encuesta(ReglasEncuesta):
    """Las reglas propias de una encuesta, como se publicaron por última vez en español."""

    ES_REGLA = True

    ejercicio = models.OneToOneField(Ejercicio, primary_key=True, on_delete=models.CASCADE, related_name="encuesta")
    linea_base = models.ForeignKey(Ejercicio, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("reglas de encuesta")
        verbose_name_plural = _("reglas de encuestas")
        default_permissions = []

    def __str__(self):
        return f"encuesta {self.ejercicio_id}"


class Participacion(models.Model):
    """Que alguien ya respondió una encuesta secreta: quién y qué día, nunca qué."""

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.PROTECT, related_name="participaciones")
    participante = models.ForeignKey(Participante, on_delete=models.PROTECT, related_name="participaciones")
    organizacion = models.ForeignKey(Organizacion, null=True, on_delete=models.PROTECT, related_name="+")
    dia = models.DateField()

    class Meta:
        verbose_name = _("participación")
        verbose_name_plural = _("participaciones")
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["ejercicio", "participante"], name="participacion_unica_por_persona"),
            models.UniqueConstraint(
                fields=["ejercicio", "organizacion"],
                condition=models.Q(organizacion__isnull=False),
                name="participacion_unica_por_organizacion",
            ),
        ]

    def __str__(self):
        return f"participación {self.pk}"


class LoteCodigos(models.Model):
    """Códigos de un solo uso generados a la vez. No se guardan: se derivan de una clave y del número (`codigos`)."""

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.PROTECT, related_name="lotes")
    nombre = models.CharField(_("nombre"), max_length=120, help_text=_("Para quién son: «Colegio La Floresta»."))
    cantidad = models.PositiveIntegerField(_("cantidad"))
    creado_por = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    creado_en = models.DateTimeField(auto_now_add=True)
    anulado_en = models.DateTimeField(null=True, blank=True)
    motivo = models.CharField(_("motivo de la anulación"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("lote de códigos")
        verbose_name_plural = _("lotes de códigos")
        default_permissions = []
        ordering = ["-pk"]

    def __str__(self):
        return f"lote {self.pk}"


class Codigo(models.Model):
    """Un código: su huella y si ya se usó. En modo secreto no dice con qué respuesta, y la fecha es sólo el día."""

    lote = models.ForeignKey(LoteCodigos, on_delete=models.PROTECT, related_name="codigos")
    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.PROTECT, related_name="codigos")
    huella = models.CharField(max_length=64)
    # Sólo se borran respuestas sin enviar (`datos_personales`): el código vuelve a servir.
    respuesta = models.OneToOneField(Respuesta, null=True, on_delete=models.SET_NULL, related_name="codigo")
    usado_el = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("código")
        verbose_name_plural = _("códigos")
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["ejercicio", "huella"], name="codigo_unico")]

    def __str__(self):
        return f"código {self.pk}"


class Cupo(models.Model):
    """Un tope de respuestas: de un tipo de actor, de quienes elijan una opción, o de todas si no dice nada."""

    ES_REGLA = True

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.CASCADE, related_name="cupos")
    actor_tipo = models.CharField(max_length=20, blank=True, choices=TipoActor)
    opcion = models.ForeignKey(Opcion, null=True, on_delete=models.PROTECT, related_name="+")
    limite = models.PositiveIntegerField(_("máximo de respuestas"))
    usados = models.PositiveIntegerField(default=0, editable=False)
    mensaje = models.CharField(_("mensaje al llenarse"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("cupo")
        verbose_name_plural = _("cupos")
        default_permissions = []
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ejercicio", "actor_tipo"], condition=models.Q(opcion__isnull=True), name="cupo_unico"
            ),
            models.UniqueConstraint(fields=["ejercicio", "actor_tipo", "opcion"], name="cupo_unico_por_opcion"),
            models.CheckConstraint(condition=models.Q(usados__lte=models.F("limite")), name="cupo_sin_exceso"),
        ]

    def __str__(self):
        return f"cupo {self.pk}"


class Sobre(models.Model):
    """Una respuesta secreta que espera, sellada con una clave que vive fuera de la base de datos.

    No dice de quién es ni cuándo llegó. Cuándo se abren, se barajan y se escriben lo dice `secreto.volcar`.
    """

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.PROTECT, related_name="sobres")
    contenido = models.BinaryField()

    class Meta:
        verbose_name = _("sobre")
        verbose_name_plural = _("sobres")
        default_permissions = []

    def __str__(self):
        return "sobre"


class Anulacion(models.Model):
    """Por qué el personal anuló una respuesta. La respuesta queda; deja de contarse y quien la dio puede dar otra."""

    respuesta = models.OneToOneField(Respuesta, on_delete=models.CASCADE, related_name="anulacion")
    motivo = models.CharField(_("motivo"), max_length=300)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    anulada_en = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("anulación")
        verbose_name_plural = _("anulaciones")
        default_permissions = []

    def __str__(self):
        return f"anulación {self.pk}"


class Conteo(models.Model):
    """Cuántas respuestas cayeron en una casilla de una pregunta, por versión y por quiénes las dieron.

    `pregunta`: su clave; vacía, respuestas enteras. `casilla`: vacía, cuántas contestaron la pregunta; «o12», eligieron
    la opción 12; «n4», el número 4; «f3:o12», la opción 12 en la fila 3; «o12@1», la opción 12 en el primer puesto.
    Se escribe en la transacción de la respuesta; `manage.py recontar_encuestas` la comprueba.
    """

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.PROTECT, related_name="conteos")
    version = models.ForeignKey(VersionFormulario, on_delete=models.PROTECT, related_name="+")
    pregunta = models.CharField(max_length=40, blank=True)
    casilla = models.CharField(max_length=40, blank=True)
    actor_tipo = models.CharField(max_length=20, blank=True)
    rango_edad = models.CharField(max_length=20, blank=True)
    area = models.CharField(max_length=60, blank=True)
    cantidad = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("conteo")
        verbose_name_plural = _("conteos")
        default_permissions = []
        constraints = [
            models.UniqueConstraint(
                fields=["version", "pregunta", "casilla", "actor_tipo", "rango_edad", "area"], name="conteo_unico"
            )
        ]
        indexes = [models.Index(fields=["ejercicio", "pregunta"], name="conteo_ejercicio")]

    def __str__(self):
        return f"conteo {self.pk}"
