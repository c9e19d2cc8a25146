from django.db import models
from django.utils.translation import gettext_lazy as _


class TipoActor(models.TextChoices):
    """Quién participa. Los valores son los que cuentan los indicadores y las preguntas FURAG PCI202 y GDI202."""

    CIUDADANIA = "ciudadania", _("Ciudadanía")
    UNIVERSIDAD = "universidad", _("Universidad")
    EMPRESA = "empresa", _("Empresa")
    ORGANIZACION = "organizacion", _("Organización social")
    VEEDURIA = "veeduria", _("Veeduría")
    ENTIDAD = "entidad", _("Entidad pública")


# Una persona que actúa en su propio nombre es ciudadanía; los demás tipos los aporta su organización.
TIPOS_ORGANIZACION = [(t.value, t.label) for t in TipoActor if t is not TipoActor.CIUDADANIA]


class Sector(models.TextChoices):
    PUBLICO = "publico", _("Público")
    PRIVADO = "privado", _("Privado")
    SOLIDARIO = "solidario", _("Solidario o sin ánimo de lucro")
    MIXTO = "mixto", _("Mixto")


class RolMembresia(models.TextChoices):
    REPRESENTANTE = "representante", _("Representante")
    INTEGRANTE = "integrante", _("Integrante")


class NivelVerificacion(models.IntegerChoices):
    """Cuánto se sabe de que la persona es quien dice ser."""

    NINGUNO = 0, _("Sin verificar")
    CORREO = 1, _("Correo confirmado")
    REGISTRO = 2, _("En el registro de la entidad")
    PRESENCIAL = 3, _("Verificada en persona")


class RolPersonal(models.TextChoices):
    """Los roles del personal; cada uno es un grupo de Wagtail del mismo nombre, puesto al día al migrar."""

    EDITOR = "editor", _("Edición")
    MODERACION = "moderacion", _("Moderación")
    GESTION = "gestion", _("Gestión de retos")
    JURADO = "jurado", _("Jurado")
    ANALITICA = "analitica", _("Analítica")
    ASISTIDA = "asistida", _("Participación asistida")
    ADMINISTRACION = "administracion", _("Administración")


class Tamano(models.TextChoices):
    """Tamaño de una organización. En las empresas, según el Decreto 957 de 2019; en las demás, por personas."""

    MICRO = "micro", _("Micro (hasta 10 personas)")
    PEQUENA = "pequena", _("Pequeña (11 a 50)")
    MEDIANA = "mediana", _("Mediana (51 a 200)")
    GRANDE = "grande", _("Grande (más de 200)")


class ResultadoRevision(models.TextChoices):
    VERIFICADA = "verificada", _("Verificada")
    RECHAZADA = "rechazada", _("No se pudo verificar")
    RETIRADA = "retirada", _("Se retiró la verificación")


class RangoDeclarado(models.TextChoices):
    """La edad que se declara al registrarse. Quien tiene menos de 14 años no se registra."""

    ADOLESCENTE = "14_17", _("14 a 17 años")
    ADULTO = "18_mas", _("18 años o más")


MENOR_DE_14 = "menor_14"


class GrupoEdad(models.TextChoices):
    """Curso de vida: juventud según la Ley 1622 de 2013 (14 a 28), persona mayor según la Ley 1251 de 2008 (60)."""

    ADOLESCENTE = "14_17", _("14 a 17 años")
    JOVEN = "18_28", _("18 a 28 años")
    ADULTO = "29_59", _("29 a 59 años")
    MAYOR = "60_mas", _("60 años o más")


class Zona(models.TextChoices):
    URBANA = "urbana", _("Urbana")
    RURAL = "rural", _("Rural")


class TipoTerritorio(models.TextChoices):
    COMUNA = "comuna", _("Comuna")
    CORREGIMIENTO = "corregimiento", _("Corregimiento")
    VEREDA = "vereda", _("Vereda")


class PreguntaDiferencial(models.TextChoices):
    """Los grupos por los que pregunta FURAG (PCI202), cada uno aparte."""

    ETNIA = "etnia", _("Pertenencia étnica")
    DISCAPACIDAD = "discapacidad", _("Discapacidad")
    DIVERSIDAD = "diversidad", _("Orientación sexual e identidad de género")
    GENERO = "genero", _("Género")
    OTROS = "otros", _("Otros grupos")


class OpcionDiferencial(models.TextChoices):
    INDIGENA = "indigena", _("Indígena")
    NEGRA = "negra", _("Negra, afrocolombiana, raizal o palenquera")
    RROM = "rrom", _("Rrom o gitana")
    DISCAPACIDAD = "discapacidad", _("Persona con discapacidad")
    LGBTIQ = "lgbtiq", _("LGBTIQ+")
    MUJER = "mujer", _("Mujer")
    HOMBRE = "hombre", _("Hombre")
    NO_BINARIO = "no_binario", _("No binario u otro")
    VICTIMA = "victima", _("Víctima del conflicto armado")
    FIRMANTE = "firmante", _("Firmante de paz")
    CAMPESINADO = "campesinado", _("Campesinado")


_O = OpcionDiferencial
OPCIONES_DIFERENCIALES = {
    PreguntaDiferencial.ETNIA: (_O.INDIGENA, _O.NEGRA, _O.RROM),
    PreguntaDiferencial.DISCAPACIDAD: (_O.DISCAPACIDAD,),
    PreguntaDiferencial.DIVERSIDAD: (_O.LGBTIQ,),
    PreguntaDiferencial.GENERO: (_O.MUJER, _O.HOMBRE, _O.NO_BINARIO),
    PreguntaDiferencial.OTROS: (_O.VICTIMA, _O.FIRMANTE, _O.CAMPESINADO),
}


class MedioAutorizacion(models.TextChoices):
    ENLACE = "enlace", _("Enlace al correo del acudiente")
    PAPEL = "papel", _("Documento firmado")


class EstadoAutorizacion(models.TextChoices):
    PEDIDA = "pedida", _("Espera la firma del acudiente")
    POR_REVISAR = "por_revisar", _("Espera revisión de la entidad")
    VIGENTE = "vigente", _("Vigente")
    RECHAZADA = "rechazada", _("Rechazada")
    REVOCADA = "revocada", _("Revocada")


# Toda transición permitida. Lo que no está aquí no ocurre. Cancelar lo que aún no se firma también la revoca.
TRANSICIONES_AUTORIZACION = {
    EstadoAutorizacion.PEDIDA: {EstadoAutorizacion.VIGENTE, EstadoAutorizacion.REVOCADA},
    EstadoAutorizacion.POR_REVISAR: {
        EstadoAutorizacion.VIGENTE,
        EstadoAutorizacion.RECHAZADA,
        EstadoAutorizacion.REVOCADA,
    },
    EstadoAutorizacion.VIGENTE: {EstadoAutorizacion.REVOCADA},
}


class EstadoPadron(models.TextChoices):
    CARGANDO = "cargando", _("Cargando")
    VIGENTE = "vigente", _("Vigente")
    FALLIDO = "fallido", _("No se pudo cargar")
    RETIRADO = "retirado", _("Retirado")


TRANSICIONES_PADRON = {
    EstadoPadron.CARGANDO: {EstadoPadron.VIGENTE, EstadoPadron.FALLIDO},
    EstadoPadron.VIGENTE: {EstadoPadron.RETIRADO},
}


class TipoDocumento(models.TextChoices):
    CC = "CC", _("Cédula de ciudadanía")
    NUIP = "NUIP", _("NUIP o tarjeta de identidad")
    CE = "CE", _("Cédula de extranjería")
    PASAPORTE = "PA", _("Pasaporte")
    PPT = "PPT", _("Permiso por protección temporal")


class Finalidad(models.TextChoices):
    """Para qué se tratan los datos. Cada una se autoriza aparte y gobierna algo de la plataforma."""

    PARTICIPAR = "participar", _("Gestionar mi participación")
    NOMBRE_PUBLICO = "nombre_publico", _("Publicar mi nombre junto a lo que envío")
    CARACTERIZACION = "caracterizacion", _("Usar mis respuestas de enfoque diferencial en estadísticas")


# Sin éstas no hay cuenta ni participación; las demás se pueden negar o revocar sin perder nada más.
FINALIDADES_NECESARIAS = (Finalidad.PARTICIPAR,)


class CanalConsentimiento(models.TextChoices):
    WEB = "web", _("Web")
    PRESENCIAL = "presencial", _("Presencial")
    PAPEL = "papel", _("Papel")


class TipoSolicitud(models.TextChoices):
    """Lo que el titular puede pedir; los plazos están en `cuentas.plazos`."""

    CONSULTA = "consulta", _("Saber qué datos míos tienen")
    CORRECCION = "correccion", _("Corregir o actualizar mis datos")
    SUPRESION = "supresion", _("Suprimir mis datos")
    REVOCATORIA = "revocatoria", _("Revocar mi autorización")
    QUEJA = "queja", _("Reclamar por el uso de mis datos")


class EstadoSolicitud(models.TextChoices):
    ABIERTA = "abierta", _("Por responder")
    RESUELTA = "resuelta", _("Respondida")


class Semaforo(models.TextChoices):
    """Cuánto queda del plazo de una solicitud por responder."""

    VERDE = "verde", _("A tiempo")
    AMBAR = "ambar", _("Queda menos de la mitad del plazo")
    ROJO = "rojo", _("Por vencer")
    VENCIDA = "vencida", _("Vencida")
