import json
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

OBLIGATORIOS = ("id", "nombre", "emisor", "cliente", "secreto")
OPCIONALES = {"ambitos", "correo_confiable", "origenes"}


def _comprobar(dato) -> None:
    if not isinstance(dato, dict):
        raise ImproperlyConfigured("OIDC_PROVEEDORES: cada proveedor es un objeto JSON.")
    if faltan := [clave for clave in OBLIGATORIOS if not isinstance(dato.get(clave), str) or not dato[clave]]:
        raise ImproperlyConfigured(f"OIDC_PROVEEDORES: falta {', '.join(faltan)}.")
    if sobran := sorted(dato.keys() - OPCIONALES - set(OBLIGATORIOS)):
        raise ImproperlyConfigured(f"OIDC_PROVEEDORES: no se conoce {', '.join(sobran)}.")
    emisor = urlsplit(dato["emisor"])
    if emisor.scheme != "https" and emisor.hostname not in ("localhost", "127.0.0.1"):
        raise ImproperlyConfigured(f"OIDC_PROVEEDORES: el emisor de «{dato['id']}» debe usar https.")


def leer_proveedores(texto: str) -> tuple[dict, list[str]]:
    """Lo que allauth pide en SOCIALACCOUNT_PROVIDERS y los orígenes a los que pueden llevar sus botones.

    Lanza ImproperlyConfigured si OIDC_PROVEEDORES no se entiende: mejor al arrancar que al ingresar.
    """
    try:
        datos = json.loads(texto or "[]")
    except ValueError as error:
        raise ImproperlyConfigured(f"OIDC_PROVEEDORES no es JSON válido: {error}") from error
    if not isinstance(datos, list):
        raise ImproperlyConfigured("OIDC_PROVEEDORES es una lista JSON.")
    aplicaciones, origenes = [], []
    for dato in datos:
        _comprobar(dato)
        emisor = urlsplit(dato["emisor"])
        origenes += [f"{emisor.scheme}://{emisor.netloc}", *dato.get("origenes", [])]
        ajustes = {
            "server_url": dato["emisor"],
            "oauth_pkce_enabled": True,
            "correo_confiable": bool(dato.get("correo_confiable", False)),
        }
        if "ambitos" in dato:
            ajustes["scope"] = dato["ambitos"]
        aplicaciones.append(
            {
                "provider_id": dato["id"],
                "name": dato["nombre"],
                "client_id": dato["cliente"],
                "secret": dato["secreto"],
                "settings": ajustes,
            }
        )
    configurado = {"APPS": aplicaciones, "provider_class": "cuentas.entrada.oidc.Proveedor"}
    return {"openid_connect": configurado}, list(dict.fromkeys(origenes))
