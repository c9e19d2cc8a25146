from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Locale, Page, Site
from wagtail_localize.fields import SynchronizedField, TranslatableField

from cuentas.enums import NivelVerificacion, TipoActor

from .enums import Fase, FaseCiclo, GradoIncidencia, TipoEjercicio
from .forms import EjercicioPageForm
from .querysets import EjercicioQuerySet, ReferenciaQuerySet, resolver


def calcular_fase(apertura, cierre, ahora) -> Fase:
    """La fase en `ahora`. El intervalo es semiabierto: en el instante del cierre ya está cerrado."""
    if ahora < apertura:
        return Fase.PROXIMA
    if cierre is not None and ahora >= cierre:
        return Fase.CERRADA
    return Fase.ABIERTA


class ReglasEjercicio(models.Model):
    """Lo que la página declara y el ejercicio obedece: los mismos campos en los dos."""

    apertura = models.DateTimeField(_("abre"), default=timezone.now)
    cierre = models.DateTimeField(
        _("cierra"), null=True, blank=True, help_text=_("En este instante deja de recibir. Vacío: sin cierre.")
    )
    dias_correccion = models.PositiveSmallIntegerField(
        _("días para corregir"),
        default=5,
        help_text=_("Días calendario que tiene quien recibe una devolución para corregir, aunque ya haya cerrado."),
    )
    actores = models.JSONField(
        _("quién puede participar"), default=list, blank=True, help_text=_("Ninguno marcado: todos.")
    )
    nivel_minimo = models.PositiveSmallIntegerField(
        _("verificación que se pide"),
        choices=NivelVerificacion,
        default=NivelVerificacion.CORREO,
        help_text=_("Cuánto debe saber la entidad de quien participa. Más verificación, menos personas."),
    )
    solo_verificadas = models.BooleanField(
        _("sólo organizaciones verificadas"),
        default=False,
        help_text=_("Para participar en nombre de una organización, la entidad debe haberla verificado."),
    )
    fase_ciclo = models.CharField(_("fase del ciclo"), max_length=20, choices=FaseCiclo, default=FaseCiclo.DIAGNOSTICO)
    grado_incidencia = models.CharField(
        _("grado de incidencia"), max_length=20, choices=GradoIncidencia, default=GradoIncidencia.CONSULTADA
    )

    CAMPOS_REGLAS = [
        "apertura", "cierre", "dias_correccion", "actores", "nivel_minimo", "solo_verificadas", "fase_ciclo",
        "grado_incidencia",
    ]  # fmt: skip

    class Meta:
        abstract = True

    def admite(self, tipo_actor: str) -> bool:
        """Si un tipo de actor puede participar; sin lista, todos."""
        return not self.actores or tipo_actor in self.actores

    def admite_organizacion(self, organizacion) -> bool:
        """Si se puede participar en su nombre; en nombre propio (None), siempre."""
        return organizacion is None or not self.solo_verificadas or organizacion.verificada_en is not None

    @property
    def actores_etiquetas(self) -> list[str]:
        return [TipoActor(valor).label for valor in self.actores]

    @property
    def fase(self) -> Fase:
        """La fase según el reloj de esta máquina: para mostrar. Las acciones usan el de la base de datos."""
        return calcular_fase(self.apertura, self.cierre, timezone.now())

    @property
    def esta_abierto(self) -> bool:
        return self.fase == Fase.ABIERTA


class Ejercicio(ReglasEjercicio):
    """Un ejercicio de participación: una fila por sitio, común a todas sus traducciones.

    Guarda las reglas como se publicaron por última vez en la página en español. Filas, actos y plazos
    se rigen por ella y por nada más: una traducción puede estar atrasada.
    """

    sitio = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="ejercicios")
    translation_key = models.UUIDField(editable=False)
    tipo = models.CharField(max_length=20, choices=TipoEjercicio)
    titulo = models.CharField(max_length=255)
    publicado = models.BooleanField(default=False)
    creado_en = models.DateTimeField(auto_now_add=True)

    objects = EjercicioQuerySet.as_manager()

    class Meta:
        verbose_name = _("ejercicio")
        verbose_name_plural = _("ejercicios")
        ordering = ["-apertura"]
        constraints = [
            models.UniqueConstraint(fields=["sitio", "translation_key"], name="ejercicio_unico_por_sitio"),
            models.CheckConstraint(
                condition=models.Q(cierre__isnull=True) | models.Q(cierre__gt=models.F("apertura")),
                name="ejercicio_cierra_despues_de_abrir",
            ),
        ]

    def __str__(self):
        return self.titulo

    def en_uso(self) -> bool:
        """Si alguna fila (propuesta, acto, apoyo…) depende de él; entonces su página no se puede borrar.

        No cuentan las que sólo dicen sus reglas (`ES_REGLA`): nacen al publicar y se van con la página.
        """
        return any(
            relacion.related_model._base_manager.filter(**{relacion.field.name: self}).exists()
            for relacion in self._meta.related_objects
            if not getattr(relacion.related_model, "ES_REGLA", False)
        )


class NoSePuedePublicar(ValidationError):
    """A una página le falta algo para publicarse; dice qué, por campo."""

    def __init__(self, errores: dict[str, str], pagina: "EjercicioPage"):
        super().__init__(errores)
        self.pagina = pagina


class EjercicioPage(ReglasEjercicio, Page):
    """La página de un ejercicio: texto editorial y las reglas que se publican con ella."""

    tipo_ejercicio: TipoEjercicio

    resumen = models.CharField(_("resumen"), max_length=300, help_text=_("Una o dos frases, para las listas."))

    base_form_class = EjercicioPageForm
    # Una convocatoria es pública: sus filas no heredarían todas las restricciones de una página privada.
    private_page_options: list[str] = []

    # Lo que de una página se muestra fuera de ella: su nombre, su resumen y cómo llegar.
    CAMPOS_LISTA = (
        "title", "slug", "url_path", "path", "depth", "live", "translation_key", "resumen", "locale__language_code",
    )  # fmt: skip

    paneles_calendario = [
        MultiFieldPanel(
            [FieldPanel("apertura"), FieldPanel("cierre")], heading=_("Calendario")
        ),
        MultiFieldPanel(
            [
                FieldPanel("actores"),
                FieldPanel("nivel_minimo"),
                FieldPanel("solo_verificadas"),
                FieldPanel("fase_ciclo"),
                FieldPanel("grado_incidencia"),
            ],
            heading=_("Quién participa y para qué"),
        ),
    ]

    # Las reglas vienen del español y no se traducen: las rige `Ejercicio`.
    override_translatable_fields = [
        TranslatableField("slug"),
        *(SynchronizedField(campo, overridable=False) for campo in ReglasEjercicio.CAMPOS_REGLAS),
    ]

    class Meta:
        abstract = True

    @cached_property
    def ejercicio(self) -> Ejercicio | None:
        """El ejercicio que esta página y sus traducciones comparten; None si nunca se publicó en español."""
        sitio = self.get_site()
        return sitio and Ejercicio.objects.filter(sitio=sitio, translation_key=self.translation_key).first()

    @property
    def reglas(self) -> ReglasEjercicio:
        """Las reglas que rigen: las publicadas en español; en una vista previa, las de la página."""
        return self.ejercicio or self

    @classmethod
    def can_create_at(cls, parent):
        """Sólo bajo una página en español: las demás lenguas nacen como traducción."""
        return super().can_create_at(parent) and parent.locale_id == Locale.get_default().pk

    def errores_al_publicar(self) -> dict[str, str]:
        """Lo que impide publicar, por campo. Un borrador se guarda y se previsualiza aunque esté a medias."""
        if self.cierre and self.cierre <= self.apertura:
            return {"cierre": _("El cierre debe ser posterior a la apertura.")}
        return {}

    def publicar_en(self, ejercicio: Ejercicio) -> None:
        """Lo que un producto añade al publicarse en español, en la misma transacción: su formulario, sus criterios."""

    def publicar_traduccion_en(self, ejercicio: Ejercicio) -> None:
        """Lo que añade al publicarse una traducción: sólo textos."""

    def publish(self, revision, *args, **kwargs):
        """Publicar la página y actualizar el ejercicio es un solo hecho: los dos o ninguno.

        Lanza NoSePuedePublicar si a la revisión le falta algo para publicarse.
        """
        if errores := revision.as_object().errores_al_publicar():
            raise NoSePuedePublicar(errores, self)
        with transaction.atomic():
            return super().publish(revision, *args, **kwargs)

    def unpublish(self, *args, **kwargs):
        with transaction.atomic():
            return super().unpublish(*args, **kwargs)


class ReferenciaObjeto(models.Model):
    """Una fila que apunta a un objeto de otra sala sin importarla."""

    objeto_tipo = models.CharField(max_length=60, editable=False)
    objeto_id = models.BigIntegerField(editable=False)

    objects = ReferenciaQuerySet.as_manager()

    class Meta:
        abstract = True

    @cached_property
    def objeto(self):
        return resolver(self.objeto_tipo, self.objeto_id)


class Consecutivo(models.Model):
    """El último número entregado de una serie, por sitio y año. Se numera sin huecos: véase `actions.numerar`."""

    sitio = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    serie = models.CharField(max_length=10)
    anio = models.PositiveSmallIntegerField()
    ultimo = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("consecutivo")
        constraints = [models.UniqueConstraint(fields=["sitio", "serie", "anio"], name="consecutivo_unico")]

    def __str__(self):
        return f"{self.serie}-{self.anio}: {self.ultimo}"


