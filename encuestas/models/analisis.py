import uuid

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from home.archivos import almacen_privado, ruta_privada
from participacion.ejercicios.models import Ejercicio
from participacion.formularios.models import Pregunta, Valor

from ..enums import CalculoMedida, DireccionMedida, EstadoExportacion, Rasgo


class Tema(models.Model):
    """Aquello de que hablan varias respuestas abiertas a una pregunta. Una respuesta puede tocar varios."""

    pregunta = models.ForeignKey(Pregunta, on_delete=models.CASCADE, related_name="temas")
    nombre = models.CharField(_("tema"), max_length=120)
    publico = models.BooleanField(_("se publica"), default=False)
    valores = models.ManyToManyField(Valor, related_name="temas")

    class Meta:
        verbose_name = _("tema")
        verbose_name_plural = _("temas")
        default_permissions = []
        ordering = ["nombre", "pk"]
        constraints = [models.UniqueConstraint(fields=["pregunta", "nombre"], name="tema_unico")]

    def __str__(self):
        return self.nombre


class PesoPoblacion(models.Model):
    """Cuántas personas hay en la población de un grupo: con eso se pondera."""

    ES_REGLA = True

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.CASCADE, related_name="poblaciones")
    rasgo = models.CharField(max_length=20, choices=Rasgo)
    grupo = models.CharField(max_length=60)
    poblacion = models.PositiveIntegerField(validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = _("población de un grupo")
        verbose_name_plural = _("población por grupos")
        default_permissions = []
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["ejercicio", "rasgo", "grupo"], name="peso_poblacion_unico"),
            models.CheckConstraint(condition=models.Q(poblacion__gt=0), name="peso_poblacion_positivo"),
        ]

    def __str__(self):
        return f"población {self.pk}"


class MedidaEncuesta(models.Model):
    """Una cifra de una encuesta que los indicadores muestran con su línea base y su meta."""

    ES_REGLA = True

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.CASCADE, related_name="medidas_encuesta")
    pregunta = models.ForeignKey(Pregunta, on_delete=models.CASCADE, related_name="medidas", verbose_name=_("pregunta"))
    nombre = models.CharField(_("nombre"), max_length=120, help_text=_("«Satisfacción con el espacio público»."))
    calculo = models.CharField(_("cálculo"), max_length=20, choices=CalculoMedida)
    casillas = models.JSONField(default=list, blank=True)
    unidad = models.CharField(_("unidad"), max_length=40, blank=True, help_text=_("Vacía: «%», o «puntos» si es media o NPS."))
    linea_base = models.DecimalField(_("línea base"), max_digits=9, decimal_places=2, null=True, blank=True)
    meta = models.DecimalField(_("meta"), max_digits=9, decimal_places=2, null=True, blank=True)
    direccion = models.CharField(
        _("se busca"), max_length=10, choices=DireccionMedida, default=DireccionMedida.AUMENTAR
    )

    class Meta:
        verbose_name = _("medida de encuesta")
        verbose_name_plural = _("medidas de encuesta")
        default_permissions = []
        ordering = ["nombre", "pk"]
        constraints = [models.UniqueConstraint(fields=["ejercicio", "nombre"], name="medida_encuesta_unica")]

    def __str__(self):
        return self.nombre


class Exportacion(models.Model):
    """Un archivo de respuestas que se prepara en segundo plano, se descarga y se borra al día siguiente."""

    ES_REGLA = True
    CARPETA = "exportaciones"

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.CASCADE, related_name="exportaciones")
    clave = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    personales = models.BooleanField(default=False)
    estado = models.CharField(max_length=20, choices=EstadoExportacion, default=EstadoExportacion.EN_COLA)
    hechas = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    archivo = models.FileField(storage=almacen_privado, upload_to=ruta_privada, max_length=200, blank=True)
    creada_por = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    creada_en = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("exportación de respuestas")
        verbose_name_plural = _("exportaciones de respuestas")
        default_permissions = []
        ordering = ["-pk"]
        permissions = [
            ("ver_resultados", _("Puede ver todos los resultados de las encuestas")),
            ("leer_respuestas", _("Puede leer respuestas abiertas y descargar respuestas")),
            ("descargar_personales", _("Puede descargar los datos personales de las respuestas")),
        ]

    def __str__(self):
        return f"exportación {self.pk}"

    @property
    def avance(self) -> int:
        """De 0 a 100."""
        return 100 * self.hechas // self.total if self.total else 0
