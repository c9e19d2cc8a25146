"""Cómo está cada finalidad para una persona: lo que muestra su pantalla de autorizaciones."""

from dataclasses import dataclass

from ..enums import FINALIDADES_NECESARIAS, Finalidad
from ..models import Consentimiento, Participante, VersionPolitica


@dataclass(frozen=True)
class EstadoFinalidad:
    """`texto`: el que rige hoy; vacío si la política ya no la trae. `ultimo`: el último consentimiento, también revocado."""

    clave: str
    texto: str
    ultimo: Consentimiento | None
    numero_vigente: int

    @property
    def etiqueta(self) -> str:
        return Finalidad(self.clave).label

    @property
    def es_necesaria(self) -> bool:
        return self.clave in FINALIDADES_NECESARIAS

    @property
    def esta_autorizada(self) -> bool:
        """Con el texto que sea; si es anterior al que rige, falta renovarla."""
        return self.ultimo is not None and self.ultimo.revocado_en is None

    @property
    def es_anterior(self) -> bool:
        return self.esta_autorizada and self.ultimo.version.numero != self.numero_vigente

    @property
    def se_puede_autorizar(self) -> bool:
        return bool(self.texto) and (not self.esta_autorizada or self.es_anterior)


def estado_de(participante: Participante, sitio, version: VersionPolitica | None) -> list[EstadoFinalidad]:
    """Las finalidades de la política que rige, en su orden, y después las que autorizó y ya no trae."""
    ultimos = {}
    de_persona = Consentimiento.objects.filter(participante=participante, version__sitio=sitio)
    for consentimiento in de_persona.select_related("version").order_by("otorgado_en", "pk"):
        anterior = ultimos.get(consentimiento.finalidad)
        # Uno vigente pesa más que cualquiera revocado: es el que hoy permite usar sus datos.
        if anterior is None or anterior.revocado_en or not consentimiento.revocado_en:
            ultimos[consentimiento.finalidad] = consentimiento
    textos = {f["clave"]: f["texto"] for f in version.finalidades} if version else {}
    sin_texto = {clave: "" for clave, ultimo in ultimos.items() if clave not in textos and not ultimo.revocado_en}
    numero = version.numero if version else 0
    return [
        EstadoFinalidad(clave, texto, ultimos.get(clave), numero) for clave, texto in {**textos, **sin_texto}.items()
    ]
