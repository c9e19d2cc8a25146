"""Enlaces de un solo uso: el código va en el correo y sólo su huella se guarda. Quien lea la base de datos no los puede usar."""

import hashlib
import secrets


def huella_de_codigo(codigo: str) -> str:
    return hashlib.sha256(codigo.encode()).hexdigest()


def codigo_nuevo() -> tuple[str, str]:
    """El código para el enlace y la huella para guardar."""
    codigo = secrets.token_urlsafe(32)
    return codigo, huella_de_codigo(codigo)
