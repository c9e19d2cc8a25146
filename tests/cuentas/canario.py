"""Sembrar una marca única en cada campo privado de una persona, y buscarla en todas partes.

Los campos salen de los modelos inscritos en `cuentas.datos_personales`: uno nuevo se siembra solo.
"""

import base64
import io
import pickle
import re
import secrets
import zipfile
from collections import deque
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote, urljoin, urlsplit

from allauth.account.models import EmailAddress, EmailConfirmation
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from django.utils import timezone

from cuentas.datos_personales import FUENTES
from cuentas.enums import (
    EstadoAutorizacion,
    EstadoSolicitud,
    Finalidad,
    MedioAutorizacion,
    NivelVerificacion,
    OpcionDiferencial,
    RolMembresia,
    RolPersonal,
)
from cuentas.models import (
    AutorizacionAcudiente,
    Invitacion,
    Membresia,
    RespuestaDiferencial,
    SolicitudDatos,
    Soporte,
    Verificacion,
    VersionPolitica,
)
from encuestas.models import Participacion
from home.archivos import datos_de
from participacion.formularios.models import Respuesta, VersionFormulario
from retos.models import InvitacionEquipo
from tests import fabricas as f
from tests.cuentas import canario_retos as retos
from tests.encuestas import fabricas_encuestas as e
from tests.matriz.rutas import todas

# Modelos inscritos de los que una persona de la ciudadanía no tiene filas, y por qué.
SIN_FILAS = {
    **dict.fromkeys(
        FUENTES["cuentas.historial"].modelos, "lo escribe el personal, o anota sólo qué cuenta hizo qué: véase `inicial`"
    ),
    "wagtailcore.comment": "lo escribe el personal",
    "wagtailcore.commentreply": "lo escribe el personal",
    "wagtailcore.pagesubscription": "lo escribe el personal",
    "wagtailadmin.formstate": "lo escribe el personal",
    "wagtailadmin.editingsession": "lo escribe el personal",
    "cuentas.usuario_groups": "sólo el personal tiene grupos",
    "cuentas.usuario_user_permissions": "nadie los tiene",
    "cuentas.asignacionrol": "sólo el personal tiene roles",
    "cuentas.revisionorganizacion": "habla de la organización, y queda",
    "registro.asistencia": "la tiene el funcionario",
    **dict.fromkeys(FUENTES["retos.evaluacion"].modelos, "lo escribe el jurado o el personal, que no es ciudadanía"),
    "socialaccount.socialtoken": "no se guardan (SOCIALACCOUNT_STORE_TOKENS)",
    "indicadores.conteosuprimido": "un número, sin quién",
}  # fmt: skip

# Campos que no dicen nada de nadie (referencias, huellas, tipos) o que dejarían la fila sin poder usarse.
NO_SE_SIEMBRAN = {
    "objeto_tipo", "tipo", "idioma", "remitente", "referencia", "actor_tipo", "fuente", "fuente_id", "password",
    "campos", "session_key", "session_data", "huella", "texto_hash", "sha256", "tipo_mime", "archivo", "avatar", "key", "finalidades",
    "rango_edad", "area", "preferred_language", "current_time_zone", "provider", "theme", "density",
}  # fmt: skip
# Lo que una organización muestra de sí, y lo que se publica con su nombre: sigue siendo suyo.
PUBLICOS = {"cuentas.organizacion": {"nombre", "nit"}}


class Marcas:
    """Cada marca recuerda dónde se sembró."""

    def __init__(self):
        self.prefijo = f"zq{secrets.token_hex(2)}"
        self.de: dict[str, str] = {}

    def nueva(self, donde: str) -> str:
        marca = f"{self.prefijo}{len(self.de):03d}"
        self.de[marca] = donde
        return marca

    def inicial(self, que: str) -> str:
        """La que había al hacer cada cosa, antes de sembrar: la pueden haber copiado el historial o una tarea."""
        return self.nueva(f"inicial: {que}")

    def en(self, contenido: bytes | str) -> set[str]:
        """Dónde se sembraron las marcas que hay en el contenido."""
        texto = contenido.decode("utf-8", "replace") if isinstance(contenido, bytes) else contenido
        return {self.de[marca] for marca in re.findall(rf"{self.prefijo}\d{{3}}", texto.lower())}


# --- Quién es y qué tiene -----------------------------------------------------------------------------


def escenario() -> SimpleNamespace:
    """Lo que no es de Ana y existe antes que ella."""
    moderador = f.personal(RolPersonal.MODERACION)
    otra = f.persona()
    return SimpleNamespace(
        moderador=moderador,
        **retos.escenario(moderador, otra),
        organizacion=f.organizacion(otra),
        politica=VersionPolitica.objects.vigente(f.sitio(), "es"),
        encuestas=[e.encuesta([e.pregunta("texto_largo", "opinion", publica=False)]) for _vez in range(2)],
    )


def armar(marcas, mundo: SimpleNamespace):
    """Ana, con algo en cada sitio donde se puede guardar algo de ella. Su nombre no es público."""
    ana = f.persona(
        f"{marcas.inicial('correo')}@example.org",
        nombre=marcas.inicial("nombres"),
        apellido=marcas.inicial("apellidos"),
        finalidades=[x for x in Finalidad if x != Finalidad.NOMBRE_PUBLICO],
    )
    yo, ahora = ana.participante, timezone.now()
    retos.armar(marcas, mundo, ana)
    _responder(mundo.encuestas, yo)
    RespuestaDiferencial.objects.create(participante=yo, opcion=OpcionDiferencial.VICTIMA)
    soportes = [
        Soporte.objects.create(titular=yo, **datos_de(f.pdf(relleno=marcas.nueva("soporte (contenido)").encode())))
        for _vez in range(3)
    ]
    Verificacion.objects.create(participante=yo, nivel=NivelVerificacion.PRESENCIAL, nota="x", soporte=soportes[0])
    for medio, estado, soporte in (
        (MedioAutorizacion.ENLACE, EstadoAutorizacion.VIGENTE, None),
        (MedioAutorizacion.PAPEL, EstadoAutorizacion.POR_REVISAR, soportes[1]),
    ):
        AutorizacionAcudiente.objects.create(
            participante=yo, medio=medio, estado=estado, nombre="x", firmada_en=ahora, vence_en=ahora + timedelta(days=1),
            soporte=soporte, texto_hash=mundo.politica.texto_hash, finalidades=["participar"],
        )  # fmt: skip
    for estado in EstadoSolicitud:
        SolicitudDatos.objects.create(
            sitio=f.sitio(), participante=yo, tipo="queja", texto="x", estado=estado, recibida_en=ahora,
            vence_el=timezone.localdate(), resuelta_en=ahora,
        )  # fmt: skip
    suya = f.organizacion(ana)
    Invitacion.objects.create(organizacion=suya, correo="x@example.org", huella="h1", vence_en=ahora + timedelta(days=1))
    Membresia.objects.create(participante=yo, organizacion=mundo.organizacion, rol=RolMembresia.INTEGRANTE)
    _de_otras_aplicaciones(ana, marcas)
    return ana


def _responder(encuestas, yo):
    """Una respuesta enviada, otra a medias, y que participó en una secreta."""
    enviada, a_medias = encuestas
    e.contestada(enviada, {"opinion": "x"}, participante=yo)
    version = VersionFormulario.objects.vigente(a_medias.ejercicio)
    Respuesta.objects.create(ejercicio=a_medias.ejercicio, version=version, participante=yo, parcial={"opinion": "x"})
    Participacion.objects.create(ejercicio=enviada.ejercicio, participante=yo, dia=timezone.localdate())


def _de_otras_aplicaciones(ana, marcas):
    correo = EmailAddress.objects.get(user=ana)
    EmailConfirmation.objects.create(email_address=correo, key="k1")
    perfil = apps.get_model("wagtailusers.userprofile").objects.create(user=ana)
    foto = f.png().read() + marcas.nueva("foto (contenido)").encode()
    perfil.avatar.save(f"{marcas.nueva('foto (nombre)')}.png", SimpleUploadedFile("a.png", foto))
    sesion = SessionStore()
    sesion["_auth_user_id"] = str(ana.pk)
    sesion["rescate"] = {"texto": marcas.nueva("sesión")}
    sesion.save()
    ajenos = {
        "mfa.authenticator": {"type": "totp", "data": {}},
        "usersessions.usersession": {"ip": "198.51.100.7", "session_key": sesion.session_key, "user_agent": "x"},
        "socialaccount.socialaccount": {"provider": "oidc", "uid": "x", "extra_data": {}},
    }
    for clave, campos in ajenos.items():
        if clave in inscritos():
            apps.get_model(clave).objects.create(user=ana, **campos)


# --- Sembrar -----------------------------------------------------------------------------------------------


def inscritos() -> dict[str, type]:
    nombres = set().union(*(fuente.modelos for fuente in FUENTES.values()))
    instalados = {m._meta.label_lower: m for m in apps.get_models(include_auto_created=True)}
    return {nombre: instalados[nombre] for nombre in nombres if nombre in instalados}


def filas() -> dict[str, set]:
    return {nombre: set(m._base_manager.values_list("pk", flat=True)) for nombre, m in inscritos().items()}


def _privado(fila, campo) -> bool:
    etiqueta = fila._meta.label_lower
    if campo.name in NO_SE_SIEMBRAN or campo.name in PUBLICOS.get(etiqueta, ()):
        return False
    if retos.es_publico(fila, campo.name):
        return False
    # El nombre y el contenido de un adjunto ya llevan marca.
    return etiqueta != "adjuntos.adjunto"


def _donde(fila, campo) -> str:
    dueno = {"moderacion.entrada": "objeto", "retos.versionpropuesta": "propuesta"}.get(fila._meta.label_lower)
    dueno = getattr(fila, dueno) if dueno else fila
    estado = getattr(dueno, "estado", "")
    return f"{fila._meta.label_lower}.{campo.name}" + (f"[{estado}]" if estado else "")


def sembrar(marcas: Marcas, antes: dict[str, set]) -> dict[str, list]:
    """Una marca en cada campo de texto de las filas nuevas. Devuelve las claves de esas filas por modelo."""
    suyas = {}
    for nombre, modelo in inscritos().items():
        if nombre in SIN_FILAS:
            continue
        nuevas = modelo._base_manager.exclude(pk__in=antes[nombre])
        suyas[nombre] = list(nuevas)
        for fila in nuevas:
            cambios = {}
            for campo in fila._meta.concrete_fields:
                if campo.is_relation or campo.choices or campo.primary_key or not _privado(fila, campo):
                    continue
                if valor := _valor(marcas, fila, campo):
                    cambios[campo.name] = valor
            if cambios:
                modelo._base_manager.filter(pk=fila.pk).update(**cambios)
    # A ella la invitaron a su correo, que ya es otro.
    a_ella = InvitacionEquipo.objects.filter(pk__in=[x.pk for x in suyas["retos.invitacionequipo"]]).exclude(
        propuesta__in=[x.pk for x in suyas["retos.propuesta"]]
    )
    a_ella.update(correo=EmailAddress.objects.get(pk=suyas["account.emailaddress"][0].pk).email)
    return suyas


def _valor(marcas, fila, campo):
    if isinstance(campo, models.JSONField):
        dicho = getattr(fila, campo.name)
        textos = [clave for clave, valor in dicho.items() if valor and isinstance(valor, str)] or ["dato"]
        return dicho | {clave: marcas.nueva(_donde(fila, campo)) for clave in textos}
    if isinstance(campo, models.EmailField):
        return f"{marcas.nueva(_donde(fila, campo))}@example.org"
    if isinstance(campo, models.FileField):
        return None
    if isinstance(campo, (models.CharField, models.TextField)):
        return marcas.nueva(_donde(fila, campo))
    return None


# --- Buscar en lo que se ve -----------------------------------------------------------------------------------


class _Enlaces(HTMLParser):
    def __init__(self):
        super().__init__()
        self.halladas = []

    def handle_starttag(self, tag, attrs):
        datos = dict(attrs)
        direccion = datos.get("href") if tag == "a" else datos.get("src") if tag == "img" else None
        if direccion:
            self.halladas.append(direccion)


# Salir cierra la sesión de quien recorre; estáticos y textos de la interfaz no llevan datos.
_NO_SE_VISITAN = re.compile(r"logout|failwhale|/static/|jsi18n|sprite|styleguide|/admin/help|whats_new|_util/|/correo/")


def de_las_rutas(suyas: dict[str, list]) -> set[str]:
    """Toda ruta sin argumentos, y las nuestras con lo que es de Ana: los números de las filas de la sala y toda clave."""
    enteros = {}
    for nombre, lista in suyas.items():
        de_la_sala = enteros.setdefault(nombre.split(".")[0], set())
        de_la_sala.update(fila.pk for fila in lista if isinstance(fila.pk, int))
        de_la_sala.update({getattr(fila, "ejercicio_id", None) for fila in lista} - {None})
    uuids = {getattr(fila, "clave", None) for lista in suyas.values() for fila in lista} - {None}
    direcciones = set()
    for ruta in todas():
        argumentos = re.findall(r"<(?:(\w+):)?(\w+)>", ruta.patron)
        if any(letra in ruta.patron for letra in "()[]*+?\\"):
            continue
        if not argumentos:
            direcciones.add(ruta.url({}))
        elif ruta.es_nuestra and len(argumentos) == 1:
            clase, nombre = argumentos[0]
            for valor in {"int": enteros.get(_sala(ruta.vista), ()), "uuid": uuids}.get(clase, ()):
                direcciones.add(ruta.url({nombre: valor}))
    return direcciones


def _sala(vista) -> str:
    """La etiqueta de la aplicación que escribió la vista."""
    modulo = getattr(vista, "view_class", vista).__module__
    return max((c for c in apps.get_app_configs() if modulo.startswith(c.name)), key=lambda c: len(c.name)).label


def _abrir(respuesta) -> bytes:
    contenido = b"".join(respuesta.streaming_content) if respuesta.streaming else respuesta.content
    if contenido.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(contenido)) as paquete:
            return b"\n".join(paquete.read(nombre) for nombre in paquete.namelist())
    return contenido + str(dict(respuesta.items())).encode()


def recorrer(cliente, marcas: Marcas, inicio: set[str], enlaces_maximos: int) -> dict[str, set[str]]:
    """Visita todo `inicio` y hasta tantos enlaces de los que halle; devuelve {dónde se sembró: direcciones donde se ve}."""
    pendientes, vistas, halladas = deque(sorted(inicio)), set(), {}
    while pendientes:
        direccion = pendientes.popleft()
        if direccion in vistas or _NO_SE_VISITAN.search(direccion):
            continue
        if direccion not in inicio:
            if not enlaces_maximos:
                continue
            enlaces_maximos -= 1
        vistas.add(direccion)
        respuesta = cliente.get(direccion)
        assert respuesta.status_code < 500, direccion
        contenido = _abrir(respuesta)
        for donde in marcas.en(contenido):
            halladas.setdefault(donde, set()).add(direccion)
        if respuesta.get("Content-Type", "").startswith("text/html"):
            enlaces = _Enlaces()
            enlaces.feed(contenido.decode("utf-8", "replace"))
            for enlace in enlaces.halladas:
                destino = urlsplit(urljoin(direccion, enlace))
                if destino.scheme in ("", "http") and destino.netloc in ("", "testserver", "localhost"):
                    siguiente = destino.path + (f"?{destino.query}" if destino.query else "")
                    if siguiente not in vistas and siguiente.count("?") + siguiente.count("&") < 3:
                        pendientes.append(siguiente)
    return halladas


def busquedas(marcas: Marcas, reto_url: str) -> set[str]:
    q = quote(marcas.prefijo)
    return {f"/buscar/?q={q}", f"{reto_url}propuestas/?q={q}", f"/admin/pages/search/?q={q}", f"/admin/moderacion/?q={q}"}


# --- Buscar en lo guardado -------------------------------------------------------------------------------------


def en_la_base(marcas: Marcas) -> dict[str, set[str]]:
    """{tabla: dónde se sembraron las marcas que hay en ella}, leyendo todas las columnas de todas las tablas."""
    halladas = {}
    with connection.cursor() as cursor:
        for tabla in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(tabla)}")  # noqa: S608
            for fila in cursor.fetchall():
                if donde := marcas.en(" ".join(_legible(valor) for valor in fila)):
                    halladas.setdefault(tabla, set()).update(donde)
    for sesion in Session.objects.all():
        if donde := marcas.en(str(sesion.get_decoded())):
            halladas.setdefault("django_session", set()).update(donde)
    return halladas


def _legible(valor) -> str:
    """El texto de una celda; la caché compartida guarda objetos empaquetados."""
    texto = bytes(valor).decode("utf-8", "replace") if isinstance(valor, (bytes, memoryview)) else str(valor)
    if texto.startswith("gA"):
        try:
            return f"{texto} {pickle.loads(base64.b64decode(texto))}"  # noqa: S301
        except (ValueError, pickle.UnpicklingError):
            pass
    return texto


def en_disco(marcas: Marcas) -> set[str]:
    halladas = set()
    for raiz in (settings.PRIVADO_ROOT, settings.MEDIA_ROOT):
        for ruta in Path(raiz).rglob("*"):
            halladas |= marcas.en(ruta.name)
            if ruta.is_file():
                halladas |= marcas.en(ruta.read_bytes())
    return halladas
