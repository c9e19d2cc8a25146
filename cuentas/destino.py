from django.utils.http import url_has_allowed_host_and_scheme


def destino_propio(request) -> str:
    """A dónde volver después (`next`), si es una ruta de este sitio; vacío si no."""
    destino = request.POST.get("next") or request.GET.get("next") or ""
    propio = destino.startswith("/") and url_has_allowed_host_and_scheme(
        destino, {request.get_host()}, require_https=request.is_secure()
    )
    return destino if propio else ""
