"""Las claves de las encuestas secretas: si no son pareja, lo sellado no se podrá abrir nunca."""

from django.conf import settings
from django.core.checks import Error
from nacl.encoding import Base64Encoder
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey


def claves_del_secreto(app_configs, **kwargs):
    """Sin claves no hay error: sólo no se pueden publicar encuestas secretas."""
    publica, privada = settings.CLAVE_SECRETO_PUBLICA, settings.CLAVE_SECRETO_PRIVADA
    try:
        if publica:
            PublicKey(publica.encode(), Base64Encoder)
        suya = PrivateKey(privada.encode(), Base64Encoder).public_key.encode(Base64Encoder).decode() if privada else publica
    except (CryptoError, ValueError, TypeError):
        mal = "CLAVE_SECRETO_PUBLICA o CLAVE_SECRETO_PRIVADA no es una clave."
        return [Error(mal, hint="Genere el par con «manage.py claves_secreto».", id="encuestas.E001")]
    if suya != publica:
        distinta = "CLAVE_SECRETO_PRIVADA no abre lo que sella CLAVE_SECRETO_PUBLICA."
        return [Error(distinta, hint="Ponga las dos del mismo «manage.py claves_secreto».", id="encuestas.E002")]
    return []
