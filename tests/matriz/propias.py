"""Lo que se espera de cada dirección nuestra, para cada quien y cada situación. Una dirección sin renglón hace fallar la matriz.

Para añadir una: `"nombre": [Caso("situación", get="…", post="…", valores={"parámetro": "atributo.del.mundo"})]`. Cómo se escribe lo
esperado lo dice `lenguaje.py`; quiénes son y qué hay, `mundo.py`.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter

PUERTA = "anonima=entrar ciudadania=entrar personal=no superusuario=200"
SOLO_LECTURA = "resto=405"


@dataclass(frozen=True)
class Caso:
    """`valores`: de cada parámetro de la dirección, de qué atributo del mundo sale. `datos`: lo que lleva el POST."""

    situacion: str
    get: str
    post: str
    valores: dict = field(default_factory=dict)
    datos: Callable | None = None
    url: Callable | None = None

    def direccion(self, ruta, mundo) -> str:
        return self.url(mundo) if self.url else ruta.url({k: attrgetter(v)(mundo) for k, v in self.valores.items()})


def _propuesta(cual: str, *, get: str, post: str, datos=None) -> Caso:
    return Caso(cual, get=get, post=post, valores={"pk": f"{cual}.pk"}, datos=datos)


def _de_reto(nombre: str, situacion: str, cual: str, **opciones) -> Caso:
    return Caso(situacion, url=lambda mundo: f"/retos/{getattr(mundo, cual).slug}/{nombre}/", **opciones)


def _texto(enviar: bool) -> Callable:
    return lambda mundo: {
        "titulo": "Sombra en la plaza", "resumen": "Árboles.", "descripcion": "Sembrar árboles.",
        "clave_envio": uuid.uuid4(), "accion": "enviar" if enviar else "guardar", "terminos": "on", "version_terminos": "1",
    }  # fmt: skip


def _en_nombre_de(cual: str) -> Callable:
    return lambda mundo: _texto(True)(mundo) | {"organizacion": getattr(mundo, cual).pk}


# Quién lee lo que aún no es público (retos/rules.py): su autor, y el personal que modera, analiza o gestiona en ese sitio.
LEE_LO_ENVIADO = "autora=200 moderacion=200 analitica=200 gestionan=200 resto=404"
SOLO_SU_AUTORA = "anonima=entrar autora=200 resto=404"

PROPIAS: dict[str, list[Caso]] = {
    # --- Lo que cualquiera ve ---------------------------------------------------------------------
    "salud": [Caso("", get="resto=200", post=SOLO_LECTURA)],
    "robots": [Caso("", get="resto=200", post=SOLO_LECTURA)],
    "buscar": [Caso("", get="resto=200", post=SOLO_LECTURA)],
    "mapa_sitio": [Caso("", get="resto=200", post=SOLO_LECTURA)],
    "wagtail_serve": [
        Caso("portada", get="resto=200", post="resto=200", url=lambda m: "/"),
        Caso("reto publicado", get="resto=200", post="resto=200", url=lambda m: m.reto.url),
        Caso("reto despublicado", get="resto=404", post="resto=404", url=lambda m: f"/retos/{m.reto_oculto.slug}/"),
    ],
    # --- Propuestas -------------------------------------------------------------------------------
    "retos:propuestas": [
        _de_reto("propuestas", "reto publicado", "reto", get="resto=200", post=SOLO_LECTURA),
        _de_reto("propuestas", "reto despublicado", "reto_oculto", get="resto=404", post=SOLO_LECTURA),
    ],
    "retos:proponer": [
        _de_reto("proponer", "vacía", "reto", get="resto=200", post="anonima=entrar resto=422"),
        _de_reto("proponer", "completa", "reto", get="resto=200", post="anonima=entrar resto=sigue", datos=_texto(True)),
        _de_reto(
            "proponer", "en nombre de una organización", "reto",
            get="resto=200", post="anonima=entrar organizacion=sigue resto=422", datos=_en_nombre_de("organizacion"),
        ),
        _de_reto(
            "proponer", "en nombre de otra organización", "reto",
            get="resto=200", post="anonima=entrar otra_organizacion=sigue resto=422", datos=_en_nombre_de("ajena"),
        ),
        _de_reto("proponer", "reto despublicado", "reto_oculto", get="resto=404", post="resto=404", datos=_texto(True)),
    ],
    "retos:propuesta": [
        _propuesta("borrador", get="autora=200 resto=404", post=SOLO_LECTURA),
        _propuesta("devuelta", get="autora=200 resto=404", post=SOLO_LECTURA),
        _propuesta("enviada", get=LEE_LO_ENVIADO, post=SOLO_LECTURA),
        _propuesta("publicada", get="resto=200", post=SOLO_LECTURA),
        _propuesta("oculta", get=LEE_LO_ENVIADO, post=SOLO_LECTURA),
    ],
    "retos:editar": [
        _propuesta("borrador", get=SOLO_SU_AUTORA, post="anonima=entrar autora=422 resto=404"),
        _propuesta("devuelta", get=SOLO_SU_AUTORA, post="anonima=entrar autora=422 resto=404"),
        _propuesta("enviada", get="anonima=entrar autora=sigue resto=404", post="anonima=entrar autora=sigue resto=404"),
        _propuesta("publicada", get="anonima=entrar autora=sigue resto=404", post="anonima=entrar autora=sigue resto=404"),
        _propuesta("oculta", get="anonima=entrar autora=sigue resto=404", post="anonima=entrar autora=sigue resto=404"),
    ],
    "retos:recibida": [
        _propuesta("borrador", get="anonima=entrar resto=404", post=SOLO_LECTURA),
        _propuesta("enviada", get=SOLO_SU_AUTORA, post=SOLO_LECTURA),
        _propuesta("publicada", get=SOLO_SU_AUTORA, post=SOLO_LECTURA),
        _propuesta("oculta", get=SOLO_SU_AUTORA, post=SOLO_LECTURA),
    ],
    "retos:retirar": [
        _propuesta(cual, get=SOLO_SU_AUTORA, post="anonima=entrar autora=sigue resto=404")
        for cual in ("borrador", "devuelta", "enviada", "publicada", "oculta")
    ],
    "retos:borrar": [
        _propuesta(cual, get=SOLO_SU_AUTORA, post="anonima=entrar autora=sigue resto=404")
        for cual in ("borrador", "devuelta", "enviada", "publicada", "oculta")
    ],
    "retos:apoyar": [
        _propuesta("borrador", get="resto=405", post="autora=sigue resto=404"),
        _propuesta("devuelta", get="resto=405", post="autora=sigue resto=404"),
        # Quien la puede leer recibe la explicación de que no se puede apoyar; los demás, que no existe.
        _propuesta("enviada", get="resto=405", post=LEE_LO_ENVIADO.replace("=200", "=sigue")),
        _propuesta("publicada", get="resto=405", post="anonima=entrar resto=sigue"),
        _propuesta("oculta", get="resto=405", post=LEE_LO_ENVIADO.replace("=200", "=sigue")),
    ],
    "retos:mis_propuestas": [Caso("", get="anonima=entrar resto=200", post=SOLO_LECTURA)],
    "adjuntos:descargar": [
        Caso("de un borrador", get="autora=200 resto=404", post=SOLO_LECTURA, valores={"clave": "adjunto_borrador.clave"}),
        Caso("de una publicada", get="resto=200", post=SOLO_LECTURA, valores={"clave": "adjunto_publicado.clave"}),
        Caso("de un reto oculto", get=LEE_LO_ENVIADO, post=SOLO_LECTURA, valores={"clave": "adjunto_oculto.clave"}),
        Caso("sin dueño", get="resto=404", post=SOLO_LECTURA, valores={"clave": "suelto.clave"}),
    ],
    # --- Mi cuenta --------------------------------------------------------------------------------
    "cuentas:mi_cuenta": [Caso("", get="anonima=entrar resto=200", post=SOLO_LECTURA)],
    # --- El personal ------------------------------------------------------------------------------
    "wagtailadmin_login_redirigido": [
        # Quien entró y no es del personal recibe un no; lo demás se manda a la puerta común.
        Caso("", get="anonima=entrar ciudadania=403 resto=no", post="anonima=entrar ciudadania=403 resto=no")
    ],
    "moderacion:cola": [
        Caso("", get=f"{PUERTA} moderacion=200 administracion=200 administracion_ajena=200",
             post="anonima=entrar ciudadania=entrar moderacion=405 administran=405 personal=no"),
    ],
    "moderacion:entrada": [
        Caso("pendiente", get=f"{PUERTA} moderacion=200 administracion=200 administracion_ajena=404",
             post="anonima=entrar ciudadania=entrar moderacion=422 administracion=422 superusuario=422 administracion_ajena=404 personal=no",
             valores={"pk": "entrada.pk"}),
        Caso("aprobarla", get=f"{PUERTA} moderacion=200 administracion=200 administracion_ajena=404",
             post="anonima=entrar ciudadania=entrar moderacion=sigue administracion=sigue superusuario=sigue administracion_ajena=404 personal=no",
             valores={"pk": "entrada.pk"}, datos=lambda m: {"decision": "aprobada"}),
    ],
    "moderacion:aprobar_varias": [
        Caso("", get="anonima=entrar ciudadania=entrar moderacion=405 administran=405 personal=no",
             post="anonima=entrar ciudadania=entrar moderacion=sigue administran=sigue personal=no",
             datos=lambda m: {"entrada": [m.entrada.pk]}),
    ],
    "importacion:subir": [
        Caso("", get=f"{PUERTA} administran=200",
             post="anonima=entrar ciudadania=entrar administran=422 personal=no"),
    ],
    "importacion:revisar": [
        # La espera es de quien subió el archivo: a otra persona que administra se le dice que ya no está.
        Caso("de administracion", get="anonima=entrar ciudadania=entrar administracion=200 administran=sigue personal=no",
             post="anonima=entrar ciudadania=entrar administracion=422 administran=sigue personal=no",
             valores={"ficha": "ficha_importacion"}),
    ],
    "importacion:resultado": [
        Caso("sin cargar", get="anonima=entrar ciudadania=entrar administran=sigue personal=no",
             post="anonima=entrar ciudadania=entrar administracion=405 administran=sigue personal=no",
             valores={"ficha": "ficha_importacion"}),
    ],
    **{
        f"indicadores:{nombre}": [
            Caso("", get=f"{PUERTA} analitica=200 administracion=200",
                 post="anonima=entrar ciudadania=entrar analitica=405 administracion=405 superusuario=405 personal=no"),
        ]
        for nombre in ("pagina", "csv", "xlsx", "actos")
    },
    "personal:lista": [
        Caso("", get=f"{PUERTA} administran=200",
             post="anonima=entrar ciudadania=entrar administran=405 personal=no"),
    ],
    "personal:incorporar": [
        Caso("", get=f"{PUERTA} administran=200",
             post="anonima=entrar ciudadania=entrar administran=422 personal=no"),
    ],
    "personal:roles": [
        Caso("de otra persona", get=f"{PUERTA} administracion=200 administracion_ajena=404",
             post="anonima=entrar ciudadania=entrar administracion=sigue superusuario=sigue administracion_ajena=404 personal=no",
             valores={"pk": "gente.editor.pk"}),
        Caso("los propios de administracion", get=f"{PUERTA} administracion=200 administracion_ajena=404",
             post="anonima=entrar ciudadania=entrar administracion=sigue superusuario=sigue administracion_ajena=404 personal=no",
             valores={"pk": "gente.administracion.pk"}),
    ],
}
