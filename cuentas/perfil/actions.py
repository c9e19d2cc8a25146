from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ..consentimiento.actions import aplicar, autorizar
from ..enums import Finalidad, GrupoEdad, RangoDeclarado
from ..models import Participante, Perfil, RespuestaDiferencial, Territorio, Usuario, VersionPolitica
from .rules import puede_caracterizarse


@transaction.atomic
def guardar_perfil(
    *,
    participante: Participante,
    rango_declarado: str,
    grupo_edad: str = "",
    municipio: str = "",
    territorio: Territorio | None = None,
    zona: str = "",
) -> Perfil:
    """Crea o cambia lo que alguien declara de sí. Los actos ya anotados conservan lo que decía entonces.

    El rango manda: un grupo de edad que no le corresponde se descarta. La zona sale del territorio si lo hay.
    Cambiar el rango queda en el historial, sin decir cuál era: de él depende que haga falta un acudiente.
    """
    participante = Participante.objects.select_for_update().get(pk=participante.pk)  # a la vez pueden autorizar o revocar
    es_adolescente = rango_declarado == RangoDeclarado.ADOLESCENTE
    if es_adolescente:
        grupo_edad = GrupoEdad.ADOLESCENTE
    elif grupo_edad == GrupoEdad.ADOLESCENTE:
        grupo_edad = ""
    anterior = Perfil.objects.filter(participante=participante).values_list("rango_declarado", flat=True).first()
    perfil, _nuevo = Perfil.objects.update_or_create(
        participante=participante,
        defaults={
            "rango_declarado": rango_declarado,
            "grupo_edad": grupo_edad,
            "municipio": municipio,
            "territorio": territorio,
            "zona": territorio.zona if territorio else zona,
        },
    )
    if anterior not in (None, rango_declarado):
        log(instance=participante, action="cuentas.cambiar_rango", user=participante.cuenta)
    aplicar(participante)  # al cumplir 18 años, el acudiente deja de contar
    return perfil


@transaction.atomic
def corregir_cuenta(*, usuario: Usuario, nombres: str, apellidos: str, idioma: str) -> None:
    """Corrige cómo se llama la persona y en qué idioma se le escribe (Ley 1581 de 2012, art. 8, lit. a)."""
    usuario.first_name, usuario.last_name, usuario.idioma = nombres, apellidos, idioma
    usuario.save(update_fields=["first_name", "last_name", "idioma"])
    log(instance=usuario, action="cuentas.corregir_cuenta", user=usuario)


@transaction.atomic
def responder_diferencial(
    *, participante: Participante, version: VersionPolitica, opciones: Iterable[str], autoriza: bool = False
) -> None:
    """Guarda las respuestas de enfoque diferencial en lugar de las que hubiera; ninguna opción las borra.

    Son datos sensibles (Ley 1581 de 2012, art. 5 y 6): `autoriza` anota antes la autorización expresa de esta versión.
    Lanza ValidationError (code="consentimiento") sin autorización, propia o del acudiente de quien tiene 14 a 17 años.
    """
    if autoriza:
        autorizar(participante=participante, version=version, finalidades=[Finalidad.CARACTERIZACION])
    participante = Participante.objects.select_for_update().get(pk=participante.pk)  # dos pestañas a la vez
    if not puede_caracterizarse(participante, version.sitio):
        raise ValidationError(_("Falta su autorización para usar estas respuestas."), code="consentimiento")
    RespuestaDiferencial.objects.filter(participante=participante).delete()
    RespuestaDiferencial.objects.bulk_create(
        RespuestaDiferencial(participante=participante, opcion=opcion) for opcion in sorted(set(opciones))
    )
