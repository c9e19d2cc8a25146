from .consentimiento import Consentimiento, PoliticaPage, VersionPolitica
from .cuentas import Participante, Usuario
from .derechos import ConstanciaSupresion, DiaNoHabil, SolicitudDatos
from .organizaciones import Invitacion, Membresia, Organizacion, RevisionOrganizacion
from .perfil import AutorizacionAcudiente, Perfil, RespuestaDiferencial, Territorio
from .personal import AsignacionRol
from .soportes import Soporte
from .verificacion import DocumentoPadron, Padron, Verificacion

__all__ = [
    "AsignacionRol",
    "AutorizacionAcudiente",
    "Consentimiento",
    "ConstanciaSupresion",
    "DiaNoHabil",
    "DocumentoPadron",
    "Invitacion",
    "Membresia",
    "Organizacion",
    "Padron",
    "Participante",
    "Perfil",
    "PoliticaPage",
    "RespuestaDiferencial",
    "RevisionOrganizacion",
    "SolicitudDatos",
    "Soporte",
    "Territorio",
    "Usuario",
    "Verificacion",
    "VersionPolitica",
]
