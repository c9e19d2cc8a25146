"""Quiénes aparecen en la demostración. Personas y organizaciones son inventadas."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from wagtail.models import Site

from cuentas.actions import crear_personal, participante_de
from cuentas.consentimiento.actions import autorizar
from cuentas.enums import (
    Finalidad,
    GrupoEdad,
    OpcionDiferencial,
    RangoDeclarado,
    ResultadoRevision,
    RolPersonal,
    Sector,
    TipoActor,
    TipoTerritorio,
    Zona,
)
from cuentas.models import Organizacion, Participante, Territorio, Usuario, VersionPolitica
from cuentas.organizaciones.actions import crear_organizacion, revisar_organizacion
from cuentas.perfil.actions import guardar_perfil, responder_diferencial

CLAVE = "Cartago-2026-demo"
DOMINIO = "demo.example"

PERSONAL = [
    ("editor", RolPersonal.EDITOR, "Camila", "Ríos", "Edición: escribe y publica los retos"),
    ("moderador", RolPersonal.MODERACION, "Hernán", "Salazar", "Moderación: revisa lo que envía la gente"),
    ("gestion", RolPersonal.GESTION, "Liliana", "Aguirre", "Gestión de retos: requisitos, jurado, decisión y seguimiento"),
    ("jurado1", RolPersonal.JURADO, "Ernesto", "Villegas", "Jurado de dos retos, con todo enviado"),
    ("jurado2", RolPersonal.JURADO, "Carmenza", "Palacio", "Jurado de dos retos, con un borrador y una por empezar"),
    ("jurado3", RolPersonal.JURADO, "Nelson", "Ibarra", "Jurado de dos retos, con uno sin empezar"),
    ("analista", RolPersonal.ANALITICA, "Paola", "Cifuentes", "Analítica: lee y exporta los indicadores"),
    ("administrador", RolPersonal.ADMINISTRACION, "Rubén", "Orozco", "Administración: todo lo anterior y los datos de la entidad"),
]
PARTICIPAN = [
    ("ciudadana", "Lucía", "Marín Duque", "Ciudadana"),
    ("empresa", "Andrés", "Quintero Vélez", "Integrante de una empresa: Software El Samán S. A. S."),
    ("universidad", "Elena", "Restrepo Gil", "Integrante de una universidad: Universidad del Río La Vieja"),
]
CUENTAS = [(f"{usuario}@{DOMINIO}", CLAVE, papel) for usuario, *_, papel in PERSONAL + PARTICIPAN]

# Clave en el contenido, tipo, sector y nombre.
ORGANIZACIONES = [
    ("emp-saman", TipoActor.EMPRESA, Sector.PRIVADO, "Software El Samán S. A. S."),
    ("uni-vieja", TipoActor.UNIVERSIDAD, Sector.PRIVADO, "Universidad del Río La Vieja"),
    ("uni-guaduales", TipoActor.UNIVERSIDAD, Sector.PRIVADO, "Corporación Universitaria Los Guaduales"),
    ("uni-cordillera", TipoActor.UNIVERSIDAD, Sector.PUBLICO, "Universidad Pública de las Dos Cordilleras"),
    ("uni-saman", TipoActor.UNIVERSIDAD, Sector.PUBLICO, "Instituto Tecnológico El Samán"),
    ("emp-vega", TipoActor.EMPRESA, Sector.PRIVADO, "Datos de la Vega S. A. S."),
    ("emp-hilo", TipoActor.EMPRESA, Sector.PRIVADO, "Bordados Hilo Fino S. A. S."),
    ("emp-agro", TipoActor.EMPRESA, Sector.MIXTO, "Agroservicios La Ceiba S. A. S."),
    ("emp-accesible", TipoActor.EMPRESA, Sector.PRIVADO, "Pantalla para Todos S. A. S."),
    ("org-bordadoras", TipoActor.ORGANIZACION, Sector.SOLIDARIO, "Asociación de Bordadoras Aguja y Dedal"),
    ("org-campo", TipoActor.ORGANIZACION, Sector.SOLIDARIO, "Asociación Campesina La Floresta"),
    ("org-jovenes", TipoActor.ORGANIZACION, Sector.SOLIDARIO, "Colectivo Juvenil Puente y Río"),
    ("org-jac", TipoActor.ORGANIZACION, Sector.SOLIDARIO, "Junta de Acción Comunal Los Almendros"),
    ("org-sordos", TipoActor.ORGANIZACION, Sector.SOLIDARIO, "Asociación de Personas Sordas Manos del Norte"),
    ("org-mayores", TipoActor.ORGANIZACION, Sector.SOLIDARIO, "Corporación de Mayores Tarde Serena"),
    ("org-radio", TipoActor.ORGANIZACION, Sector.SOLIDARIO, "Emisora Comunitaria La Voz del Guadual"),
    ("org-ventana", TipoActor.ORGANIZACION, Sector.SOLIDARIO, "Fundación Ventana Clara"),
    ("vee-plan", TipoActor.VEEDURIA, Sector.SOLIDARIO, "Veeduría Ciudadana Ojos al Plan"),
    ("ent-bibliotecas", TipoActor.ENTIDAD, Sector.PUBLICO, "Red de Bibliotecas Públicas de la Vega"),
]

VERIFICADAS = ("emp-saman", "uni-guaduales", "org-campo", "vee-plan", "ent-bibliotecas")

# 20 nombres y 16 apellidos: 80 parejas antes de repetir.
NOMBRES = [
    "Marina", "Jorge", "Adriana", "Wilson", "Gloria", "Esteban", "Nubia", "Fabián", "Yolanda", "Óscar",
    "Beatriz", "Julián", "Rosalba", "Mauricio", "Ximena", "Gildardo", "Tatiana", "Ramiro", "Dora", "Kevin",
]  # fmt: skip
APELLIDOS = [
    "Ocampo", "Hincapié", "Valencia", "Grajales", "Montoya", "Arias", "Echeverri", "Loaiza",
    "Bedoya", "Castaño", "Pulgarín", "Tabares", "Marulanda", "Cardona", "Zuluaga", "Henao",
]  # fmt: skip
VECINOS, HABITANTES = 80, 160


@dataclass(frozen=True)
class Personas:
    editor: Usuario
    moderador: Usuario
    gestion: Usuario
    jurados: list[Usuario]
    ciudadana: Participante
    # Por clave del contenido: la organización y quien actúa por ella.
    organizaciones: dict[str, tuple[Organizacion, Participante]]
    # Los demás: escriben en su propio nombre y apoyan.
    vecinos: list[Participante]
    # Sólo responden encuestas.
    habitantes: list[Participante]


def _crear_participante(usuario: str, nombre: str, apellido: str) -> Participante:
    cuenta = Usuario.objects.create_user(f"{usuario}@{DOMINIO}", CLAVE, first_name=nombre, last_name=apellido)
    EmailAddress.objects.create(user=cuenta, email=cuenta.email, verified=True, primary=True)
    return participante_de(cuenta)


def _crear_vecinos() -> list[Participante]:
    """Cuentas sin clave, con las que nadie puede entrar: cifrar tantas claves tardaría más de un minuto."""
    cuentas = Usuario.objects.bulk_create(
        Usuario(
            email=f"vecino{n:02d}@{DOMINIO}",
            password=make_password(None),
            first_name=NOMBRES[n % 20],
            last_name=f"{APELLIDOS[n % 16]} {APELLIDOS[(5 * n + 3) % 16]}",
        )
        for n in range(VECINOS + HABITANTES)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=cuenta, email=cuenta.email, verified=True, primary=True) for cuenta in cuentas
    )
    return Participante.objects.bulk_create(Participante(cuenta=cuenta) for cuenta in cuentas)


def crear(sitio: Site) -> Personas:
    """Crea las cuentas, los participantes y las organizaciones de la demostración."""
    personal = {
        usuario: crear_personal(
            correo=f"{usuario}@{DOMINIO}",
            clave=CLAVE,
            nombre=nombre,
            apellido=apellido,
            sitio=sitio,
            roles=[rol],
            actor=None,
        )
        for usuario, rol, nombre, apellido, _papel in PERSONAL
    }
    ciudadana, empresa, universidad = (_crear_participante(*datos[:3]) for datos in PARTICIPAN)
    todos = _crear_vecinos()
    vecinos, habitantes = todos[:VECINOS], todos[VECINOS:]
    # Las dos primeras organizaciones son las de las cuentas con clave; las demás, de los últimos vecinos.
    representantes = [empresa, universidad, *reversed(vecinos)]
    organizaciones = {}
    for (clave, tipo, sector, nombre), representante in zip(ORGANIZACIONES, representantes, strict=False):
        organizacion = Organizacion(tipo=tipo, sector=sector, nombre=nombre)
        crear_organizacion(organizacion=organizacion, actor=representante.cuenta)
        organizaciones[clave] = (organizacion, representante)
        if clave in VERIFICADAS:
            revisar_organizacion(
                organizacion=organizacion,
                resultado=ResultadoRevision.VERIFICADA,
                nota="Certificado de existencia y representación vigente.",
                vista=organizacion.identidad,
                actor=personal["administrador"],
            )
    jurados = [personal[usuario] for usuario, rol, *_ in PERSONAL if rol == RolPersonal.JURADO]
    return Personas(
        personal["editor"], personal["moderador"], personal["gestion"], jurados, ciudadana, organizaciones, vecinos, habitantes
    )


# Las comunas de Cartago y una muestra de su zona rural.
TERRITORIOS = [
    *((f"Comuna {n}", TipoTerritorio.COMUNA, Zona.URBANA) for n in range(1, 8)),
    ("Zaragoza", TipoTerritorio.CORREGIMIENTO, Zona.RURAL),
    ("Cauca", TipoTerritorio.CORREGIMIENTO, Zona.RURAL),
    ("Modín", TipoTerritorio.CORREGIMIENTO, Zona.RURAL),
    ("Coloradas", TipoTerritorio.VEREDA, Zona.RURAL),
    ("La Grecia", TipoTerritorio.VEREDA, Zona.RURAL),
]
GRUPOS = [GrupoEdad.ADULTO, GrupoEdad.JOVEN, GrupoEdad.ADULTO, GrupoEdad.MAYOR, ""]


def crear_territorios(sitio: Site) -> list[Territorio]:
    return Territorio.objects.bulk_create(
        Territorio(sitio=sitio, nombre=nombre, tipo=tipo, zona=zona, orden=n)
        for n, (nombre, tipo, zona) in enumerate(TERRITORIOS, 1)
    )


def _opciones(n: int) -> list[str]:
    """Lo que responde la persona n a lo diferencial; una de cada tres no responde nada."""
    opciones = {
        OpcionDiferencial.MUJER: n % 2 == 0,
        OpcionDiferencial.HOMBRE: n % 2 == 1,
        OpcionDiferencial.NEGRA: n % 5 == 0,
        OpcionDiferencial.INDIGENA: n % 17 == 1,
        OpcionDiferencial.DISCAPACIDAD: n % 11 == 0,
        OpcionDiferencial.LGBTIQ: n % 13 == 0,
        OpcionDiferencial.VICTIMA: n % 7 == 0,
        OpcionDiferencial.CAMPESINADO: n % 4 == 1,
    }
    return [opcion for opcion, elegida in opciones.items() if elegida and n % 3]


def autorizar_todas(sitio: Site, territorios: list[Territorio]) -> None:
    """Perfil y autorizaciones de quienes participan, como los deja el registro. Va después de publicar la política."""
    version = VersionPolitica.objects.vigente(sitio, "es")
    participan = Participante.objects.filter(cuenta__email__endswith=f"@{DOMINIO}", cuenta__is_staff=False)
    for n, participante in enumerate(participan.order_by("pk")):
        guardar_perfil(
            participante=participante,
            rango_declarado=RangoDeclarado.ADULTO,
            grupo_edad=GRUPOS[n % len(GRUPOS)],
            municipio="Cartago" if n % 7 else "",
            territorio=territorios[n % len(territorios)] if n % 7 else None,
        )
        finalidades = [Finalidad.PARTICIPAR, Finalidad.NOMBRE_PUBLICO]
        autorizar(participante=participante, version=version, finalidades=finalidades)
        if opciones := _opciones(n):
            responder_diferencial(participante=participante, version=version, opciones=opciones, autoriza=True)
