import uuid

from django.db import models
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cuentas.enums import TipoActor
from cuentas.models import Organizacion, Participante
from participacion.apoyos.models import Apoyable
from participacion.ejercicios.models import Ejercicio
from participacion.formularios.models import Respuesta
from participacion.registro.enums import ActorRegistro

from ..enums import EDITABLES, RETIRABLES, EstadoPropuesta, Licencia, Resultado
from ..querysets import PropuestaQuerySet
from .reglas import VersionTerminos


class Propuesta(Apoyable):
    """Lo que alguien propone para resolver un reto. Su `estado` sólo lo cambia `retos.actions`."""

    TITULO_MAXIMO, RESUMEN_MAXIMO, DESCRIPCION_MAXIMA = 120, 400, 10_000

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.PROTECT, related_name="propuestas")
    clave_envio = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, help_text=_("La del formulario: repetir el envío no duplica.")
    )
    referencia = models.CharField(_("referencia"), max_length=20, blank=True, editable=False)
    estado = models.CharField(
        _("estado"), max_length=20, choices=EstadoPropuesta, default=EstadoPropuesta.BORRADOR, editable=False
    )
    resultado = models.CharField(
        _("resultado"), max_length=20, choices=Resultado, default=Resultado.EN_ESTUDIO, editable=False
    )
    autor = models.ForeignKey(Participante, null=True, on_delete=models.PROTECT, related_name="propuestas")
    organizacion = models.ForeignKey(
        Organizacion,
        verbose_name=_("en nombre de"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="propuestas",
    )
    asistida = models.BooleanField(
        default=False,
        editable=False,
        help_text=_("La recogió el personal, en la oficina o en papel: también puede corregirla y enviarla por su autor."),
    )
    anonima = models.BooleanField(
        default=False,
        editable=False,
        help_text=_("En una evaluación ciega, hasta que se publique la decisión: no se muestra de quién es."),
    )
    actor_tipo = models.CharField(
        _("tipo de actor"), max_length=20, blank=True, choices=TipoActor.choices + ActorRegistro.choices, editable=False
    )
    titulo = models.CharField(_("título"), max_length=255)
    resumen = models.TextField(_("resumen"), blank=True)
    descripcion = models.TextField(_("descripción"), blank=True)
    descripcion_html = models.TextField(
        blank=True, editable=False, help_text=_("Sólo lo importado con formato; lo demás se forma al mostrarlo.")
    )
    respuesta = models.OneToOneField(
        Respuesta,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="propuesta",
        help_text=_("Lo contestado en el formulario propio del reto, si lo tiene."),
    )
    licencia = models.CharField(_("licencia"), max_length=20, choices=Licencia, blank=True)
    terminos = models.ForeignKey(
        VersionTerminos, null=True, editable=False, on_delete=models.PROTECT, related_name="+", help_text=_("Los últimos que aceptó quien la envía.")
    )
    fusionada_en = models.ForeignKey("self", null=True, editable=False, on_delete=models.PROTECT, related_name="fusionadas")
    texto_busqueda = models.TextField(blank=True, editable=False)
    # Título y resumen sin tildes: lo que se compara al buscar parecidas, sin leer la descripción de cada una.
    comienzo = models.GeneratedField(
        expression=Left("texto_busqueda", TITULO_MAXIMO + 1 + RESUMEN_MAXIMO),
        output_field=models.CharField(max_length=TITULO_MAXIMO + 1 + RESUMEN_MAXIMO),
        db_persist=True,
    )
    idioma = models.CharField(max_length=10, blank=True, editable=False)

    creada_en = models.DateTimeField(auto_now_add=True)
    actualizada_en = models.DateTimeField(auto_now=True)
    enviada_en = models.DateTimeField(_("enviada"), null=True, editable=False)
    devuelta_en = models.DateTimeField(null=True, editable=False)
    publicada_en = models.DateTimeField(_("publicada"), null=True, editable=False)
    corregida_en = models.DateTimeField(
        _("corregida"), null=True, editable=False, help_text=_("La última vez que se envió después de la primera.")
    )

    fuente = models.CharField(max_length=40, blank=True, editable=False, help_text=_("De qué plataforma se importó."))
    fuente_id = models.CharField(max_length=60, blank=True, editable=False)

    objects = PropuestaQuerySet.as_manager()

    class Meta:
        verbose_name = _("propuesta")
        verbose_name_plural = _("propuestas")
        default_permissions = []
        permissions = [("importar_propuestas", _("Puede importar propuestas de otra plataforma"))]
        indexes = [
            models.Index(fields=["ejercicio", "estado", "-publicada_en", "-id"], name="propuesta_recientes"),
            models.Index(fields=["ejercicio", "estado", "-puntos", "-apoyos", "-id"], name="propuesta_apoyadas"),
            models.Index(fields=["autor", "-actualizada_en"], name="propuesta_autor"),
            models.Index(fields=["ejercicio", "estado", "comienzo"], name="propuesta_comienzo"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ejercicio", "fuente", "fuente_id"], condition=~models.Q(fuente=""), name="propuesta_fuente_unica"
            ),
            models.CheckConstraint(
                condition=models.Q(estado=EstadoPropuesta.BORRADOR) | ~models.Q(referencia=""),
                name="propuesta_enviada_con_referencia",
            ),
            models.CheckConstraint(
                condition=models.Q(autor__isnull=False) | ~models.Q(fuente=""), name="propuesta_con_autor_o_fuente"
            ),
            models.CheckConstraint(
                condition=~models.Q(estado=EstadoPropuesta.PUBLICADA) | models.Q(publicada_en__isnull=False),
                name="propuesta_publicada_con_fecha",
            ),
            models.CheckConstraint(
                condition=models.Q(estado=EstadoPropuesta.FUSIONADA, fusionada_en__isnull=False)
                | (~models.Q(estado=EstadoPropuesta.FUSIONADA) & models.Q(fusionada_en__isnull=True)),
                name="propuesta_fusionada_con_destino",
            ),
        ]

    def __str__(self):
        return self.referencia or f"borrador {self.pk}"

    def get_absolute_url(self):
        return reverse("retos:propuesta", args=[self.pk])

    @property
    def firma(self) -> str:
        """En nombre de quién se muestra; en una evaluación ciega, de nadie hasta que se publique la decisión."""
        if self.anonima:
            return str(_("Quien propone se conocerá con la decisión"))
        return self.firma_real

    @property
    def actor_visible(self) -> str:
        """Qué clase de actor propone. En una evaluación ciega tampoco se dice: donde hay una sola universidad, dice cuál."""
        return "" if self.anonima else self.get_actor_tipo_display()

    @property
    def firma_real(self) -> str:
        """De quién es. Sólo para su autor y para el personal que puede saberlo (`rules.conoce_la_identidad`)."""
        if self.organizacion:
            return self.organizacion.nombre
        if self.autor:
            return self.autor.nombre_publico
        return str(_("Importada de %(fuente)s") % {"fuente": self.fuente})

    @cached_property
    def cuentas_integrantes(self) -> set[int]:
        """Las cuentas de quienes la escriben con su autor: se pregunta muchas veces al mostrar una página."""
        return set(self.integrantes.values_list("participante__cuenta", flat=True)) - {None}

    @property
    def sello(self) -> str:
        """Cuál guardado es éste: quien escribe en otra ventana trae uno anterior."""
        return self.actualizada_en.isoformat()

    @property
    def es_editable(self) -> bool:
        return self.estado in EDITABLES

    @property
    def es_retirable(self) -> bool:
        return self.estado in RETIRABLES

    @property
    def es_publica(self) -> bool:
        """Publicada, o retirada o fusionada después de estarlo: su constancia y sus apoyos siguen a la vista."""
        return self.estado in (EstadoPropuesta.PUBLICADA, EstadoPropuesta.FUSIONADA) or (
            self.estado == EstadoPropuesta.RETIRADA and self.publicada_en is not None
        )
