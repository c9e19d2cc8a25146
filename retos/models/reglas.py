"""Lo que un reto publicó y obedece: nace al publicar la página y se va con ella (`ES_REGLA`)."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from participacion.apoyos.enums import ModoApoyo
from participacion.ejercicios.enums import TipoEjercicio
from participacion.ejercicios.models import Ejercicio

from ..fases import TipoFase


class ReglasReto(models.Model):
    """Lo que la página declara y el reto obedece: los mismos campos en los dos."""

    sellado = models.BooleanField(
        _("propuestas selladas hasta el cierre"),
        default=False,
        help_text=_("Nadie, tampoco el personal, lee las propuestas antes de que cierre la convocatoria."),
    )
    evaluacion_ciega = models.BooleanField(
        _("evaluación ciega"),
        default=False,
        help_text=_("Ni el jurado ni el público saben de quién es cada propuesta hasta que se publique la decisión."),
    )
    modo_apoyo = models.CharField(_("cómo se apoya"), max_length=10, choices=ModoApoyo, default=ModoApoyo.SIMPLE)
    maximo_apoyos = models.PositiveSmallIntegerField(
        _("máximo por persona"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Cuántas propuestas puede apoyar u ordenar cada persona, o cuántos puntos reparte. Vacío: sin límite."),
    )
    ocultar_apoyos = models.BooleanField(
        _("ocultar los conteos hasta que cierre el apoyo"), default=False, help_text=_("Nadie ve cuántos apoyos lleva cada una.")
    )
    evaluaciones_minimas = models.PositiveSmallIntegerField(
        _("evaluaciones por propuesta"), default=3, validators=[MinValueValidator(1)]
    )
    licencias = models.JSONField(
        _("licencias que se pueden elegir"),
        default=list,
        blank=True,
        help_text=_("Con qué derechos puede entregar su propuesta quien la escribe. Ninguna marcada: no se pregunta."),
    )
    encuesta_satisfaccion = models.ForeignKey(
        Ejercicio,
        verbose_name=_("encuesta de satisfacción"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"tipo": TipoEjercicio.ENCUESTA},
        help_text=_("Las medidas que publique se muestran en el informe de resultados."),
    )

    CAMPOS_RETO = [
        "sellado", "evaluacion_ciega", "modo_apoyo", "maximo_apoyos", "ocultar_apoyos", "evaluaciones_minimas", "licencias",
        "encuesta_satisfaccion",
    ]  # fmt: skip

    class Meta:
        abstract = True


class Reto(ReglasReto):
    """Las reglas propias de un reto, como se publicaron por última vez en español."""

    ES_REGLA = True

    ejercicio = models.OneToOneField(Ejercicio, on_delete=models.CASCADE, related_name="reto")
    huella_criterios = models.CharField(
        max_length=64, blank=True, help_text=_("SHA-256 de criterios, pesos y escalas; abierto el reto ya no cambia.")
    )
    criterios_publicados_en = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("reglas del reto")
        verbose_name_plural = _("reglas de los retos")
        default_permissions = []

    def __str__(self):
        return f"reglas del reto {self.ejercicio_id}"


class FaseReto(models.Model):
    """Una fase opcional con sus fechas. La convocatoria no está aquí: es la apertura y el cierre del ejercicio."""

    ES_REGLA = True

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.CASCADE, related_name="fases")
    tipo = models.CharField(
        max_length=20, choices=[opcion for opcion in TipoFase.choices if opcion[0] != TipoFase.CONVOCATORIA.value]
    )
    inicia = models.DateTimeField()
    termina = models.DateTimeField()

    class Meta:
        verbose_name = _("fase del reto")
        verbose_name_plural = _("fases de los retos")
        default_permissions = []
        ordering = ["inicia"]
        constraints = [
            models.UniqueConstraint(fields=["ejercicio", "tipo"], name="fase_reto_unica"),
            models.CheckConstraint(condition=models.Q(termina__gt=models.F("inicia")), name="fase_reto_termina_despues"),
        ]

    def __str__(self):
        return f"{self.tipo} del reto {self.ejercicio_id}"


class Prorroga(models.Model):
    """Un plazo que se amplió con la fase ya abierta, y por qué."""

    ES_REGLA = True

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.CASCADE, related_name="prorrogas")
    fase = models.CharField(max_length=20, choices=TipoFase)
    antes = models.DateTimeField()
    despues = models.DateTimeField()
    motivo = models.TextField()
    por = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    en = models.DateTimeField()

    class Meta:
        verbose_name = _("prórroga")
        verbose_name_plural = _("prórrogas")
        default_permissions = []
        ordering = ["-en", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(despues__gt=models.F("antes")), name="prorroga_amplia"),
            models.CheckConstraint(condition=~models.Q(motivo=""), name="prorroga_con_motivo"),
        ]

    def __str__(self):
        return f"prórroga de {self.fase} del reto {self.ejercicio_id}"


class Criterio(models.Model):
    """Un criterio de evaluación. Su clave es el id de su bloque; desde la apertura no cambia."""

    ES_REGLA = True

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.CASCADE, related_name="criterios")
    clave = models.CharField(max_length=40)
    nombre = models.CharField(max_length=120)
    descripcion = models.TextField(blank=True)
    peso = models.PositiveSmallIntegerField(help_text=_("En porcentaje; los de un reto suman 100."))
    minimo = models.PositiveSmallIntegerField(default=0)
    maximo = models.PositiveSmallIntegerField(default=5)
    guias = models.JSONField(default=list, help_text=_("Qué merece cada nivel: pares [valor, texto]."))
    orden = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("criterio")
        verbose_name_plural = _("criterios")
        default_permissions = []
        ordering = ["ejercicio", "orden"]
        constraints = [
            models.UniqueConstraint(fields=["ejercicio", "clave"], name="criterio_unico"),
            models.CheckConstraint(condition=models.Q(maximo__gt=models.F("minimo")), name="criterio_con_escala"),
            models.CheckConstraint(condition=models.Q(peso__gte=1, peso__lte=100), name="criterio_peso_en_porcentaje"),
        ]

    def __str__(self):
        return self.nombre


class Requisito(models.Model):
    """Algo que una propuesta debe cumplir para ser admitida a evaluación."""

    ES_REGLA = True

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.CASCADE, related_name="requisitos")
    clave = models.CharField(max_length=40)
    texto = models.CharField(max_length=300)
    subsanable = models.BooleanField(default=True, help_text=_("Se puede pedir que lo complete."))
    orden = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("requisito")
        verbose_name_plural = _("requisitos")
        default_permissions = []
        ordering = ["ejercicio", "orden"]
        constraints = [models.UniqueConstraint(fields=["ejercicio", "clave"], name="requisito_unico")]

    def __str__(self):
        return self.texto


class VersionTerminos(models.Model):
    """Los términos de participación tal como se publicaron; cambiar el texto estrena versión."""

    ES_REGLA = True

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.CASCADE, related_name="terminos")
    numero = models.PositiveSmallIntegerField()
    texto = models.TextField(help_text=_("HTML de la página en español."))
    publicada_en = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("versión de los términos")
        verbose_name_plural = _("versiones de los términos")
        default_permissions = []
        ordering = ["-numero"]
        constraints = [models.UniqueConstraint(fields=["ejercicio", "numero"], name="terminos_version_unica")]

    def __str__(self):
        return f"términos {self.numero} del reto {self.ejercicio_id}"
