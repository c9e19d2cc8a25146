"""Lo que se espera de las direcciones sobre personas: mi cuenta, organizaciones y lo que atiende el personal."""

from cuentas.enums import Finalidad

from .propias import SOLO_LECTURA, Caso

FUERA = "anonima=entrar ciudadania=entrar personal=no"
ATIENDEN = f"{FUERA} atienden=200"
ADMINISTRAN = f"{FUERA} administran=200"
SUYA = "anonima=entrar resto=200"
DE_REPRESENTANTE = "anonima=entrar representante=200 resto=404"


def _atienden(que: str) -> str:
    return f"{FUERA} atienden={que}"


def _administran(que: str, ajena: str = "") -> str:
    """Quien administra, también otro sitio; `ajena`: lo que ése recibe si no es lo mismo."""
    return f"{FUERA} administran={que}" + (f" administracion_ajena={ajena}" if ajena else "")


def _aqui(que: str) -> str:
    """Quien administra este sitio, y no otro."""
    return f"{FUERA} administracion={que} superusuario={que}"


def _organizacion(post: str, get: str = DE_REPRESENTANTE, **valores) -> list[Caso]:
    return [Caso("", get=get, post=post, valores={"pk": "organizacion.pk"} | valores)]


PERSONAS: dict[str, list[Caso]] = {
    # --- Mi cuenta: cada quien lo suyo; no hay dirección que lleve a lo de otra persona ----------------
    "cuentas:perfil": [Caso("", get=SUYA, post="anonima=entrar resto=422")],
    "cuentas:diferencial": [Caso("", get=SUYA, post="anonima=entrar resto=422")],
    "cuentas:autorizaciones": [Caso("", get=SUYA, post="anonima=entrar resto=422")],
    "cuentas:constancia": [Caso("", get=SUYA, post="anonima=entrar resto=405")],
    "cuentas:revocar": [
        Caso("vigente", get=SUYA, post="anonima=entrar resto=sigue", url=lambda m: f"/mi-cuenta/autorizaciones/{Finalidad.PARTICIPAR}/revocar/"),
        Caso("que no existe", get="anonima=entrar resto=404", post="anonima=entrar resto=404", url=lambda m: "/mi-cuenta/autorizaciones/nada/revocar/"),
    ],
    "cuentas:politica": [
        Caso("vigente", get="resto=200", post=SOLO_LECTURA, valores={"pk": "version.pk"}),
        Caso("que no existe", get="resto=404", post=SOLO_LECTURA, url=lambda m: "/mi-cuenta/politica/0/"),
    ],
    "cuentas:verificacion": [Caso("la autora ya está verificada", get=SUYA, post="anonima=entrar autora=sigue resto=422")],
    "cuentas:mis_datos": [Caso("", get=SUYA, post=SOLO_LECTURA)],
    # Piden confirmar antes quién es: su contraseña o su segundo paso.
    "cuentas:descargar_datos": [Caso("sin confirmar", get="anonima=entrar resto=sigue", post="anonima=entrar resto=sigue")],
    "cuentas:suprimir_datos": [Caso("sin confirmar", get="anonima=entrar resto=sigue", post="anonima=entrar resto=sigue")],
    "cuentas:datos_suprimidos": [Caso("sólo dice que se hizo", get="resto=200", post=SOLO_LECTURA)],
    "cuentas:solicitar_datos": [Caso("", get=SUYA, post="anonima=entrar resto=422")],
    # --- Acudientes ------------------------------------------------------------------------------------
    "cuentas:acudiente": [Caso("de adultos", get=SUYA, post="anonima=entrar resto=400")],
    "cuentas:acudiente_retirar": [Caso("sin nada que retirar", get="anonima=entrar resto=sigue", post="anonima=entrar resto=sigue")],
    "cuentas:acudiente_formato": [Caso("", get=SUYA, post=SOLO_LECTURA)],
    # El acudiente no tiene cuenta: entra con el código de su correo.
    "cuentas:acudiente_firmar": [
        Caso("con el código", get="resto=200", post="resto=422", valores={"codigo": "codigo_acudiente"}),
        Caso("código falso", get="resto=404", post="resto=404", url=lambda m: "/mi-cuenta/acudiente/firmar/falso/"),
    ],
    "cuentas:acudiente_revocar": [
        Caso("sin firmar", get="resto=404", post="resto=404", valores={"codigo": "codigo_acudiente"}),
        Caso("código falso", get="resto=404", post="resto=404", url=lambda m: "/mi-cuenta/acudiente/firmar/falso/retirar/"),
    ],
    # --- Organizaciones --------------------------------------------------------------------------------
    "cuentas:organizacion_nueva": [Caso("", get=SUYA, post="anonima=entrar resto=422")],
    "cuentas:organizacion": _organizacion(SOLO_LECTURA, get="anonima=entrar organizacion=200 resto=404"),
    "cuentas:organizacion_editar": _organizacion("anonima=entrar representante=422 resto=404"),
    "cuentas:organizacion_verificacion": _organizacion("anonima=entrar representante=422 resto=404"),
    "cuentas:organizacion_invitar": _organizacion("anonima=entrar representante=422 resto=404"),
    "cuentas:dejar_organizacion": _organizacion(
        "anonima=entrar organizacion=sigue resto=404", get="anonima=entrar organizacion=200 resto=404"
    ),
    "cuentas:organizacion_integrante": _organizacion(
        "anonima=entrar representante=422 resto=404", membresia="membresia.pk"
    ) + [
        Caso("de otra organización", get="anonima=entrar resto=404", post="anonima=entrar resto=404",
             valores={"pk": "organizacion.pk", "membresia": "membresia_ajena.pk"}),
    ],
    "cuentas:organizacion_invitacion": _organizacion(
        "anonima=entrar representante=sigue resto=404", get="anonima=entrar resto=405", invitacion="invitacion.pk"
    ),
    "cuentas:invitacion": [
        # Se invitó a «ciudadana»: a los demás se les explica que es de otra persona.
        Caso("con el código", get="anonima=200 ciudadana=200 resto=403", post="anonima=200 ciudadana=sigue resto=403", valores={"codigo": "codigo_invitacion"}),
        Caso("código falso", get="resto=404", post="resto=404", url=lambda m: "/mi-cuenta/invitaciones/falso/"),
    ],
    # --- Entrada: lo que escribimos sobre allauth --------------------------------------------------------
    "account_login": [Caso("", get="anonima=200 resto=sigue", post="anonima=422 resto=sigue")],
    "openid_connect_login": [Caso("sin proveedores", get="resto=404", post="resto=404", url=lambda m: "/cuenta/oidc/nadie/")],
    "openid_connect_callback": [Caso("sin proveedores", get="resto=404", post="resto=404", url=lambda m: "/cuenta/oidc/nadie/vuelta/")],
    "usersessions_list": [Caso("", get=SUYA, post="anonima=entrar resto=sigue")],
    # --- Lo que atiende el personal ------------------------------------------------------------------------
    "personas_soportes:bajar": [
        Caso("de un acudiente", get=ATIENDEN, post="anonima=entrar ciudadania=entrar resto=405", valores={"clave": "soporte.clave"}),
    ],
    "personas_verificacion:lista": [Caso("", get=ATIENDEN, post=_atienden("405"))],
    "personas_verificacion:buscar": [Caso("", get=ATIENDEN, post=_atienden("422"))],
    "personas_verificacion:verificar": [
        Caso("ficha de asistida", get=f"{_atienden('sigue')} asistida=200", post=f"{_atienden('sigue')} asistida=422",
             valores={"ficha": "ficha_verificacion"}),
    ],
    "personas_verificacion:anular": [Caso("", get=ATIENDEN, post=_atienden("422"), valores={"pk": "verificacion.pk"})],
    "personas_verificacion:padrones": [Caso("", get=_aqui("200"), post=_aqui("405"))],
    "personas_verificacion:subir_padron": [Caso("", get=_aqui("200"), post=_aqui("422"))],
    "personas_verificacion:plantilla": [Caso("", get=_aqui("200"), post=_aqui("405"))],
    "personas_verificacion:padron": [
        Caso("de este sitio", get=_aqui("200"), post=_aqui("405"), valores={"pk": "padron.pk"}),
        Caso("de otro sitio", get=_aqui("404"), post=_aqui("405"), valores={"pk": "padron_ajeno.pk"}),
    ],
    "personas_verificacion:cerrar_padron": [
        Caso("de este sitio", get=_aqui("200"), post=_aqui("sigue"), valores={"pk": "padron.pk"}),
        Caso("de otro sitio", get=_aqui("404"), post=_aqui("404"), valores={"pk": "padron_ajeno.pk"}),
    ],
    "personas_acudientes:cola": [Caso("", get=ATIENDEN, post=_atienden("405"))],
    "personas_acudientes:detalle": [
        Caso("por revisar", get=ATIENDEN, post=_atienden("sigue"), valores={"pk": "autorizacion.pk"}),
        *(
            Caso(accion, get=ATIENDEN, post=_atienden("422"), valores={"pk": "autorizacion.pk"}, datos=lambda m, accion=accion: {"accion": accion})
            for accion in ("aprobar", "rechazar")
        ),
    ],
    "personas_organizaciones:lista": [Caso("", get=ATIENDEN, post=_atienden("405"))],
    "personas_organizaciones:detalle": [Caso("", get=ATIENDEN, post=_atienden("422"), valores={"pk": "organizacion.pk"})],
    "personas_derechos:cola": [Caso("", get=ADMINISTRAN, post=_administran("405"))],
    "personas_derechos:anotar": [Caso("", get=ADMINISTRAN, post=_administran("422"))],
    "personas_derechos:solicitud": [
        Caso("", get=_administran("200", "404"), post=_administran("422", "404"), valores={"pk": "solicitud.pk"})
    ],
    "personas_derechos:prorrogar": [
        Caso("", get=_administran("200", "404"), post=_administran("422", "404"), valores={"pk": "solicitud.pk"})
    ],
    "personas_derechos:suprimir": [
        Caso("", get=_administran("200", "404"), post=_administran("422", "404"), valores={"pk": "solicitud.pk"})
    ],
    "personas_derechos:dias": [Caso("", get=ADMINISTRAN, post=_administran("422"))],
    "personas_derechos:borrar_dia": [
        Caso("", get=_administran("405"), post=_administran("sigue", "404"), valores={"pk": "dia.pk"})
    ],
    # --- Comunas y veredas: quien edita o administra este sitio ----------------------------------------------
    **{
        f"territorios:{nombre}": [
            Caso("de este sitio", get=f"{FUERA} editor=200 administracion=200 superusuario=200",
                 post=f"{FUERA} editor={post} administracion={post} superusuario={post}", valores=valores),
        ]
        for nombre, post, valores in (
            ("index", "405", {}), ("index_results", "405", {}), ("add", "200", {}),
            ("edit", "200", {"pk": "territorio.pk"}), ("delete", "sigue", {"pk": "territorio.pk"}),
            ("history", "405", {"pk": "territorio.pk"}), ("history_results", "405", {"pk": "territorio.pk"}),
            ("usage", "405", {"pk": "territorio.pk"}),
        )
    },
    # --- Participación asistida ---------------------------------------------------------------------------------
    "asistida:persona": [Caso("", get=ATIENDEN, post=_atienden("422"))],
    "asistida:constancia": [
        Caso("de un acto asistido", get=ATIENDEN, post=_atienden("405"), valores={"clave": "acto_asistido.uuid"}),
        Caso("de un acto de la web", get=_atienden("404"), post=_atienden("405"), valores={"clave": "acto_web.uuid"}),
    ],
    "asistida:por_corregir": [
        Caso("sin cuenta", get=_atienden("sigue"), post=_atienden("405"), valores={"pk": "asistida_devuelta.pk"}),
        Caso("lo que escribió la autora", get=_atienden("404"), post=_atienden("405"), valores={"pk": "devuelta.pk"}),
    ],
    # La ficha es de quien abrió la atención (asistida): a los demás que atienden se les manda a empezar.
    "asistida:atender": [
        Caso("ficha de asistida", get=f"{_atienden('sigue')} asistida=200", post=f"{_atienden('sigue')} asistida=405",
             valores={"ficha": "ficha_asistida"}),
    ],
    "asistida:proponer": [
        Caso("reto abierto", get=f"{_atienden('sigue')} asistida=200", post=f"{_atienden('sigue')} asistida=422",
             valores={"ficha": "ficha_asistida", "reto": "reto.ejercicio.pk"}),
        Caso("reto despublicado", get=f"{_atienden('sigue')} asistida=404", post=f"{_atienden('sigue')} asistida=404",
             valores={"ficha": "ficha_asistida", "reto": "reto_oculto.ejercicio.pk"}),
    ],
    "asistida:apoyar": [
        Caso("reto abierto", get=f"{_atienden('sigue')} asistida=200", post=f"{_atienden('sigue')} asistida=422",
             valores={"ficha": "ficha_asistida", "reto": "reto.ejercicio.pk"}),
        Caso("apoyo", get=f"{_atienden('sigue')} asistida=200", post=f"{_atienden('sigue')} asistida=sigue",
             valores={"ficha": "ficha_asistida", "reto": "reto.ejercicio.pk"}, datos=lambda m: {"propuesta": m.publicada.pk}),
        Caso("lo no publicado", get=f"{_atienden('sigue')} asistida=200", post=f"{_atienden('sigue')} asistida=422",
             valores={"ficha": "ficha_asistida", "reto": "reto.ejercicio.pk"}, datos=lambda m: {"propuesta": m.enviada.pk}),
        Caso("reto despublicado", get=f"{_atienden('sigue')} asistida=404", post=f"{_atienden('sigue')} asistida=404",
             valores={"ficha": "ficha_asistida", "reto": "reto_oculto.ejercicio.pk"}),
    ],
    "asistida:corregir": [
        Caso("lo que escribió la autora", get=f"{_atienden('sigue')} asistida=404", post=f"{_atienden('sigue')} asistida=404",
             valores={"ficha": "ficha_asistida", "pk": "devuelta.pk"}),
        Caso("lo de quien se atiende", get=f"{_atienden('sigue')} asistida=200", post=f"{_atienden('sigue')} asistida=422",
             valores={"ficha": "ficha_asistida", "pk": "asistida_devuelta.pk"}),
    ],
}
