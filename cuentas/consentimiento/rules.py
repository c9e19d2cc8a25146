from django.utils.translation import get_language

from ..enums import FINALIDADES_NECESARIAS
from ..models import PoliticaPage, VersionPolitica


def version_para_autorizar(sitio) -> VersionPolitica | None:
    """El texto que hoy se puede autorizar, en el idioma de quien lee; None si la política no está publicada.

    La autorización es previa (Ley 1581 de 2012, art. 9): sin política a la vista no se abre ninguna cuenta. Tampoco con
    una a la que le falte una finalidad necesaria: el editor la rechaza, pero hay otras puertas para publicar.
    """
    if not PoliticaPage.objects.live().descendant_of(sitio.root_page).exists():
        return None
    version = VersionPolitica.objects.vigente(sitio, get_language())
    return version if version and set(FINALIDADES_NECESARIAS) <= {f["clave"] for f in version.finalidades} else None
