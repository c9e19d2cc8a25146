import hashlib
import json
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from wagtail.models import Locale, Site

from ..acudientes.rules import finalidades_permitidas
from ..enums import CanalConsentimiento, Finalidad
from ..models import Consentimiento, Participante, PoliticaPage, RespuestaDiferencial, VersionPolitica


def contenido_de(pagina: PoliticaPage) -> dict:
    """Lo que la página dice, en la forma en que se guarda y se le saca la huella."""
    finalidades = [{"clave": b.value["clave"], "texto": b.value["texto"]} for b in pagina.finalidades]
    contenido = {"titulo": pagina.title, "cuerpo": pagina.cuerpo, "finalidades": finalidades}
    texto = json.dumps(contenido, ensure_ascii=False, sort_keys=True)
    return contenido | {"texto_hash": hashlib.sha256(texto.encode()).hexdigest()}


@transaction.atomic
def publicar_version(*, pagina: PoliticaPage) -> VersionPolitica | None:
    """Guarda el texto que se acaba de publicar. Repetir el mismo texto no crea otra versión.

    En español estrena número, y todos deben autorizar de nuevo; en otro idioma se suma a la versión vigente.
    """
    sitio = pagina.get_site()
    if sitio is None:
        return None
    # El candado ordena dos publicaciones a la vez.
    Site.objects.select_for_update().get(pk=sitio.pk)
    contenido = contenido_de(pagina)
    idioma, es_origen = pagina.locale.language_code, pagina.locale_id == Locale.get_default().pk
    de_idioma = VersionPolitica.objects.filter(sitio=sitio, idioma=idioma).order_by("-numero", "-pk").first()
    ultima = VersionPolitica.objects.filter(sitio=sitio).order_by("-numero").first()
    if ultima is None and not es_origen:
        return None
    numero = ultima.numero if ultima else 0
    if de_idioma and de_idioma.texto_hash == contenido["texto_hash"] and (es_origen or de_idioma.numero == numero):
        return de_idioma
    return VersionPolitica.objects.create(
        sitio=sitio, numero=numero + 1 if es_origen else numero, idioma=idioma, **contenido
    )


def comprobar_version(version: VersionPolitica) -> None:
    """Lanza ValidationError (code="version") si el texto que se leyó ya no es el que rige."""
    vigente = VersionPolitica.objects.vigente(version.sitio, version.idioma)
    if vigente is None or vigente.numero != version.numero:
        raise ValidationError(_("La política cambió mientras la leía: revise el texto nuevo."), code="version")


@transaction.atomic
def autorizar(
    *,
    participante: Participante,
    version: VersionPolitica,
    finalidades: Iterable[str],
    canal: CanalConsentimiento = CanalConsentimiento.WEB,
) -> None:
    """Anota la autorización de cada finalidad con el texto exacto que se leyó. Repetirla no cambia nada.

    Lanza ValidationError si alguna finalidad no está en esa versión o si la versión ya no rige.
    """
    comprobar_version(version)
    participante = Participante.objects.select_for_update().get(pk=participante.pk)  # dos pestañas a la vez
    ofrecidas = {finalidad["clave"] for finalidad in version.finalidades}
    for finalidad in finalidades:
        if finalidad not in ofrecidas:
            raise ValidationError(_("Esa finalidad no está en la política."), code="finalidad")
        ya = Consentimiento.objects.vigentes().filter(
            participante=participante, finalidad=finalidad, version__sitio=version.sitio, version__numero=version.numero
        )
        if not ya.exists():
            Consentimiento.objects.create(
                participante=participante,
                version=version,
                finalidad=finalidad,
                texto_hash=version.texto_hash,
                canal=canal,
            )
    aplicar(participante)


@transaction.atomic
def revocar(*, participante: Participante, sitio: Site, finalidad: str) -> None:
    """Deja sin efecto una autorización, de todas las versiones. Lo ya hecho queda; lo que la necesitaba cesa."""
    participante = Participante.objects.select_for_update().get(pk=participante.pk)
    Consentimiento.objects.vigentes().filter(
        participante=participante, finalidad=finalidad, version__sitio=sitio
    ).update(revocado_en=Now())
    aplicar(participante)


def aplicar(participante: Participante) -> None:
    """Lo que cada finalidad gobierna, puesto al día: el nombre a la vista y las respuestas sensibles.

    De quien tiene entre 14 y 17 años vale lo que autorizan la persona y su acudiente.
    """
    otorgadas = set(
        Consentimiento.objects.vigentes().filter(participante=participante).values_list("finalidad", flat=True)
    )
    if (permitidas := finalidades_permitidas(participante)) is not None:
        otorgadas &= permitidas
    participante.muestra_nombre = Finalidad.NOMBRE_PUBLICO in otorgadas
    participante.save(update_fields=["muestra_nombre"])
    if Finalidad.CARACTERIZACION not in otorgadas:
        RespuestaDiferencial.objects.filter(participante=participante).delete()
