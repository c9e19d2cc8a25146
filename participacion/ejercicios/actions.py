from datetime import datetime

from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale, Site

from .models import Consecutivo, Ejercicio, EjercicioPage


@transaction.atomic
def publicar_ejercicio(*, pagina: EjercicioPage) -> Ejercicio | None:
    """Copia al ejercicio las reglas que la página en español acaba de publicar.

    Publicar una traducción no las cambia: sus fechas pueden estar atrasadas. La página añade lo propio de su
    producto (`publicar_en`, `publicar_traduccion_en`).
    """
    sitio = pagina.get_site()
    if sitio is None:
        return None
    if pagina.locale_id != Locale.get_default().pk:
        ejercicio = Ejercicio.objects.filter(sitio=sitio, translation_key=pagina.translation_key).first()
        if ejercicio:
            pagina.publicar_traduccion_en(ejercicio)
        return ejercicio
    reglas = {campo: getattr(pagina, campo) for campo in Ejercicio.CAMPOS_REGLAS}
    ejercicio, _ = Ejercicio.objects.update_or_create(
        sitio=sitio,
        translation_key=pagina.translation_key,
        defaults={"tipo": pagina.tipo_ejercicio, "titulo": pagina.title, "publicado": True, **reglas},
    )
    pagina.publicar_en(ejercicio)
    return ejercicio


@transaction.atomic
def retirar_ejercicio(*, pagina: EjercicioPage) -> None:
    """Al despublicar la página en español el ejercicio deja de recibir; sus filas y actos quedan."""
    if pagina.locale_id == Locale.get_default().pk:
        Ejercicio.objects.filter(translation_key=pagina.translation_key).update(publicado=False)


def leer_reglas(ejercicio_id: int) -> tuple[Ejercicio, datetime]:
    """El ejercicio y la hora de la base de datos, en una lectura.

    Se llama dentro de la transacción y *después* de tomar el candado: `statement_timestamp()` se fija al
    empezar la sentencia, y una que espera el candado traería una hora vieja.
    """
    ejercicio = Ejercicio.objects.con_reloj().get(pk=ejercicio_id)
    return ejercicio, ejercicio.ahora


def numerar(*, sitio: Site, serie: str, ahora: datetime) -> str:
    """Entrega el siguiente número de la serie en el año de `ahora` (hora de Bogotá), p. ej. «R-2026-00042».

    La fila queda bloqueada hasta que la transacción termine: si se deshace, el número no se pierde.
    """
    return numerar_bloque(sitio=sitio, serie=serie, ahora=ahora, cantidad=1)[0]


@transaction.atomic
def numerar_bloque(*, sitio: Site, serie: str, ahora: datetime, cantidad: int) -> list[str]:
    """Como `numerar`, para varios a la vez y seguidos."""
    anio = timezone.localtime(ahora, timezone.get_default_timezone()).year
    Consecutivo.objects.get_or_create(sitio=sitio, serie=serie, anio=anio)
    fila = Consecutivo.objects.select_for_update().get(sitio=sitio, serie=serie, anio=anio)
    primero = fila.ultimo + 1
    fila.ultimo += cantidad
    fila.save(update_fields=["ultimo"])
    return [f"{serie}-{anio}-{numero:05d}" for numero in range(primero, fila.ultimo + 1)]
