"""Lo que se espera de las direcciones de Wagtail y allauth: por familias, con sus excepciones y el porqué.

Gana la primera regla cuyo patrón (como los de archivos: «*» es cualquier cosa) coincide con el nombre de la dirección o con cómo está escrita.
Por eso las excepciones van antes que su familia.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from operator import attrgetter

PUBLICA = "resto=pasa"
CON_SESION = "anonima=entrar resto=pasa"
SIN_SESION = "anonima=200 resto=sigue"
SOLO_ENVIA = "anonima=entrar ciudadania=entrar resto=405"
# El personal, cada quien según su rol; la ciudadanía nunca pasa de la puerta.
PERSONAL = "anonima=entrar ciudadania=entrar resto=pasa"
EDITAN = "anonima=entrar ciudadania=entrar editan=pasa resto=fuera"
ADMINISTRAN = "anonima=entrar ciudadania=entrar administran=pasa resto=fuera"
NADIE = "anonima=entrar ciudadania=entrar superusuario=pasa resto=fuera"
CERRADA = "resto=fuera"


@dataclass(frozen=True)
class Familia:
    """`post`: lo que se espera al enviar. Vacío: a quien no pasa al leer tampoco se le recibe nada; lo demás lo prueba Wagtail."""

    patron: str
    get: str
    por_que: str
    post: str = ""
    datos: dict | None = None


FAMILIAS = [
    # --- Cuentas y poderes: nadie del personal se da poderes (docs/roles) -----------------------------------
    Familia("wagtailusers_users:*", NADIE, "Cambiar cuentas equivale a ser superusuario: Wagtail deja marcar esa casilla."),
    Familia("wagtailusers_groups:*", NADIE, "Cambiar un grupo es darse sus permisos."),
    Familia("wagtailadmin_login", CERRADA, "La puerta de Wagtail, que tapa la nuestra (`wagtailadmin_login_redirigido`)."),
    Familia("wagtailadmin_password_reset*", CERRADA, "Apagada: la contraseña se cambia en /cuenta/."),
    Familia("wagtailcore_login", "resto=entrar", "Las dos llevan a la puerta común; la segunda, de Wagtail, queda tapada."),
    # --- La instalación: sólo un superusuario --------------------------------------------------------------
    Familia("wagtailsites:*", NADIE, "Un sitio es una entidad: lo crea quien instala."),
    Familia("wagtaillocales:*", NADIE, "Los idiomas los fija la instalación."),
    Familia("wagtailredirects:process_import", SOLO_ENVIA.replace("resto", "superusuario") + " resto=no", "Como las demás; sólo recibe envíos."),
    Familia("wagtailredirects:*", NADIE, "Una redirección puede tapar una página."),
    Familia("wagtailadmin_collections:*", NADIE, "Las carpetas de archivos las ordena quien instala."),
    Familia("simple_translation:submit_snippet_translation", CERRADA, "No hay fragmentos que traducir."),
    Familia("simple_translation:*", NADIE, "Copia páginas sin traducirlas: se traduce con wagtail-localize."),
    Familia("wagtailadmin_workflows:task_cho*", PERSONAL, "Excepción de Wagtail: elegir tarea no pide permiso; sólo dice su nombre."),
    Familia("wagtailadmin_workflows:add_task", CERRADA, "Pide una clase de tarea, y retos.retopage no lo es."),
    Familia("wagtailadmin_workflows:enable*", SOLO_ENVIA, "Sólo recibe envíos.", post=NADIE),
    Familia("wagtailadmin_workflows:remove", SOLO_ENVIA, "Sólo recibe envíos.", post=NADIE),
    Familia("wagtailadmin_workflows:*", NADIE, "El flujo de aprobación lo fija quien instala."),
    # --- Quien administra -----------------------------------------------------------------------------------
    Familia("wagtailsettings:preview_on_edit", CERRADA, "Los datos de la entidad no tienen vista previa."),
    Familia("wagtailsettings:*", ADMINISTRAN, "Los datos de la entidad son de quien administra."),
    # --- Quien edita: excepciones ---------------------------------------------------------------------------
    Familia("wagtailadmin_pages:move_confirm", PERSONAL, "Excepción de Wagtail: al leer, la pregunta no pide permiso; mover sí.", post=EDITAN),
    Familia("wagtailadmin_pages:choose_parent", PERSONAL, "Excepción de Wagtail: a quien no puede crear le dice que no hay dónde."),
    Familia("retos_listado:choose_parent", PERSONAL, "Como la anterior."),
    Familia("wagtailadmin_pages:revisions_index", PERSONAL, "Excepción de Wagtail: dirección antigua que redirige al historial, que sí pide permiso."),
    Familia("wagtailadmin_pages:confirm_workflow_cancellation", PERSONAL, "Excepción de Wagtail: una pregunta sin datos."),
    Familia("wagtailadmin_pages:*lock", SOLO_ENVIA, "Sólo recibe envíos.", post=EDITAN),
    Familia("wagtailadmin_pages:convert_alias", CERRADA, "La página no es un alias."),
    Familia("wagtailadmin_pages:workflow_preview", CERRADA, "La página no espera aprobación."),
    Familia("wagtailadmin_pages:*workflow_action*", CERRADA, "La página no espera aprobación."),
    Familia("wagtailadmin_pages:workflow_history_detail", CERRADA, "La página no ha pasado por aprobación."),
    Familia("wagtail_bulk_action", CERRADA, "Sin elegir nada no hay sobre qué actuar."),
    Familia("wagtaildocs:create_multiple*", SOLO_ENVIA, "Sólo recibe envíos, de lo que uno mismo acaba de subir.", post=CERRADA),
    Familia("wagtaildocs:delete_upload*", SOLO_ENVIA, "Sólo recibe envíos, de lo que uno mismo acaba de subir.", post=CERRADA),
    Familia("wagtailimages:create_multiple*", SOLO_ENVIA, "Sólo recibe envíos, de lo que uno mismo acaba de subir.", post=CERRADA),
    Familia("wagtailimages:delete_upload*", SOLO_ENVIA, "Sólo recibe envíos, de lo que uno mismo acaba de subir.", post=CERRADA),
    Familia("wagtail*s:add_multiple", EDITAN, "Subir varios archivos."),
    Familia("wagtaildocs:*_multiple", SOLO_ENVIA, "Sólo recibe envíos.", post=EDITAN),
    Familia("wagtailimages:*_multiple", SOLO_ENVIA, "Sólo recibe envíos.", post=EDITAN),
    Familia("wagtailimages:url_generator*", CERRADA, "Apagado: no servimos imágenes al vuelo."),
    Familia("wagtailimages_chooser:select_format", PERSONAL, "Excepción de Wagtail: muestra una imagen, que ya es pública."),
    Familia("wagtail*s_chooser:cho*en", EDITAN, "Elegir una imagen o un documento."),
    Familia("wagtail*s_chooser:create", EDITAN, "Subir una imagen o un documento."),
    Familia("wagtail*s_chooser:*", PERSONAL, "Sólo ofrece lo que la cuenta puede elegir."),
    # --- Quien edita ----------------------------------------------------------------------------------------
    Familia("wagtailadmin_pages:*", EDITAN, "Escribir, publicar y mover páginas."),
    Familia("wagtailadmin_explore*", EDITAN, "El árbol de páginas."),
    Familia("retos_listado:*", EDITAN, "El listado de retos para editarlos."),
    Familia("wagtaildocs:*", EDITAN, "Documentos."),
    Familia("wagtailimages:*", EDITAN, "Imágenes."),
    # --- Traducción -----------------------------------------------------------------------------------------
    Familia("wagtail_localize:javascript_catalog", PERSONAL, "Textos de la interfaz."),
    Familia("wagtail_localize:translations_report*", PERSONAL, "Excepción de wagtail-localize: dice el título de lo que se traduce."),
    Familia("wagtail_localize:snippets_api*", CERRADA, "No hay fragmentos que traducir."),
    Familia("wagtail_localize:submit_snippet_translation", CERRADA, "No hay fragmentos que traducir."),
    Familia("wagtail_localize:convert_to_alias", CERRADA, "La página no es una traducción."),
    Familia("wagtail_localize:edit_*", SOLO_ENVIA, "Sólo recibe PUT y DELETE.", post=SOLO_ENVIA),
    Familia("wagtail_localize:machine_translate", SOLO_ENVIA, "Sólo recibe envíos; sin traductor automático responde 404.", post=CERRADA),
    Familia("*preview/<str:mode>/", CERRADA, "Una página tiene un solo modo de vista previa."),
    Familia("wagtail_localize:stop_translation", SOLO_ENVIA, "Sólo recibe envíos.", post=EDITAN, datos={"next": "/admin/pages/"}),
    Familia("wagtail_localize:upload_pofile", SOLO_ENVIA, "Sólo recibe envíos. Excepción de wagtail-localize: sin archivo falla, a quien edita.",
            post=EDITAN.replace("pasa", "500")),
    Familia("wagtail_localize:*", EDITAN, "Traducir páginas."),
    # --- Lo que todo el personal usa ------------------------------------------------------------------------
    Familia("wagtailadmin_home", PERSONAL, "La portada del administrador."),
    Familia("wagtailadmin_account", PERSONAL, "El idioma y el aspecto del administrador; correo y contraseña se cambian en /cuenta/."),
    Familia("wagtailadmin_logout", SOLO_ENVIA, "Salir; sólo recibe envíos.", post="resto=entrar"),
    Familia("wagtailadmin_dismissibles", PERSONAL, "Los avisos que cada quien cerró."),
    Familia("wagtailadmin_editing_sessions:release", SOLO_ENVIA, "La propia sesión de edición.", post=PERSONAL),
    Familia("wagtailadmin_editing_sessions:ping", SOLO_ENVIA, "La propia sesión de edición de algo que existe.", post=CERRADA),
    Familia("wagtailadmin_reports:site_history*", PERSONAL, "Excepción de Wagtail: cada quien ve sólo el historial de lo que puede cambiar."),
    Familia("wagtailadmin_reports:*", EDITAN, "Informes sobre páginas."),
    Familia("wagtailadmin_choose_page*", PERSONAL, "Excepción de Wagtail: elegir una página para enlazarla no pide permiso; dice títulos."),
    Familia("wagtailadmin_tag_autocomplete", PERSONAL, "Etiquetas de archivos."),
    Familia("wagtailadmin_tag_model_autocomplete", CERRADA, "Pide una clase de etiqueta, y retos.retopage no lo es."),
    Familia("wagtailadmin_block_preview", CERRADA, "Pide un bloque con vista previa, y no hay."),
    Familia("wagtailembeds:*", PERSONAL, "Ventana para pegar un vídeo; no guarda nada."),
    Familia("wagtailsnippets:index", CERRADA, "Sin fragmentos que la cuenta pueda cambiar, no hay lista."),
    Familia("wagtailadmin_api:*:find", CERRADA, "Busca por dirección, y no se le dio ninguna."),
    Familia("wagtailadmin_api:pages:detail", EDITAN, "Una página, para quien la edita."),
    Familia("wagtailadmin_api:pages:action", SOLO_ENVIA, "Publicar y mover páginas desde el editor.", post=EDITAN),
    Familia("wagtailadmin_api:*", PERSONAL, "Las ventanas del editor: dan lo mismo que las de elegir."),
    Familia("wagtailadmin_error_test", "anonima=entrar ciudadania=entrar resto=500", "Excepción: Wagtail la trae para ver la página de error; falla a propósito."),
    Familia("admin/test404/", PERSONAL, "Wagtail la trae para ver su página 404."),
    Familia("admin/^.*/$", "anonima=entrar ciudadania=entrar resto=404", "Lo que no existe en el administrador."),
    # --- Lo público de Wagtail ------------------------------------------------------------------------------
    Familia("wagtailadmin_sprite", PUBLICA, "Los iconos del administrador: un archivo igual para todos."),
    Familia("wagtailadmin_javascript_catalog", PUBLICA, "Textos de la interfaz del administrador, iguales para todos."),
    Familia("wagtaildocs_serve", PUBLICA, "Los documentos que publica la entidad."),
    Familia("*_authenticate_with_password", CERRADA, "Pide una restricción con contraseña, y no la hay."),
    Familia("sitemap", PUBLICA, "El mapa para buscadores."),
    # --- allauth --------------------------------------------------------------------------------------------
    Familia("account_signup", SIN_SESION, "Registrarse: quien ya entró sigue a lo suyo."),
    Familia("account_logout", "anonima=sigue resto=200", "Salir pregunta antes."),
    Familia("account_reset_password*", PUBLICA, "Recuperar la contraseña, con sesión o sin ella."),
    Familia("account_inactive", PUBLICA, "Dice que la cuenta está desactivada."),
    Familia("account_confirm_login_code", "resto=sigue", "Sin un código pedido no hay qué confirmar."),
    Familia("account_request_login_code", SIN_SESION, "Pedir un código para entrar."),
    Familia("account_signup_by_passkey", SIN_SESION, "Registrarse con una llave de acceso."),
    Familia("account_email_verification_sent", "anonima=entrar resto=sigue", "Sin un correo por confirmar no hay código que escribir."),
    Familia("account_*", CON_SESION, "Lo propio de cada cuenta."),
    Familia("mfa_deactivate_totp", "anonima=entrar resto=404", "Nadie aquí tiene una aplicación de códigos que quitar."),
    Familia("mfa_view_recovery_codes", "anonima=entrar resto=404", "Sin segundo paso no hay códigos de recuperación."),
    Familia("mfa_download_recovery_codes", "anonima=entrar resto=404", "Como la anterior."),
    Familia("mfa_signup_webauthn", PUBLICA, "Registrarse con una llave: sin haber empezado, vuelve al comienzo."),
    Familia("mfa_*", CON_SESION, "El segundo paso de cada cuenta."),
    Familia("socialaccount_login_*", PUBLICA, "Dice que el proveedor no dejó entrar."),
    Familia("socialaccount_signup", "resto=entrar", "Sin venir de un proveedor no hay qué completar."),
    Familia("socialaccount_*", CON_SESION, "Entrar con otro proveedor."),
]

# De qué atributo del mundo sale cada parámetro: primero los que se llaman igual en todas partes; después, por el
# comienzo del nombre de la dirección. «=» es el valor mismo.
PARAMETROS: dict[str, dict[str, str]] = {
    "": {
        "page_id": "reto.pk", "parent_page_id": "indice.pk", "page_to_move_id": "reto.pk", "destination_id": "indice.pk",
        "page_pk": "reto.pk", "revision_id": "revision.pk", "image_id": "imagen.pk", "document_id": "documento.pk",
        "doc_id": "documento.pk", "collection_id": "coleccion.pk", "task_id": "tarea.pk", "workflow_pk": "flujo.pk",
        "content_type_app_name": "=retos", "content_type_model_name": "=retopage",
        "app_label": "=retos", "app_name": "=retos", "model_name": "=retopage",
        "translation_id": "traduccion.pk", "translation_source_id": "traduccion.source.pk", "redirect_id": "redireccion.pk",
        # Lo que no existe: la respuesta a quien pasa es 404.
        "uploaded_file_id": "=0", "task_state_id": "=0", "workflow_state_id": "=0", "session_id": "=0", "object_id": "=0",
        "string_segment_id": "=0", "overridable_segment_id": "=0", "page_view_restriction_id": "=0", "restriction_id": "=0",
        "action_name": "=approve", "action": "=delete", "filter_spec": "=width-100", "mode": "=ninguno",
        "uidb64": "=MQ", "token": "=x", "uidb36": "=1", "key": "=x",
    },
    "wagtailadmin_api:pages": {"pk": "reto.pk", "action_name": "=publish"},
    "wagtailadmin_api:images": {"pk": "imagen.pk"},
    "wagtailadmin_api:documents": {"pk": "documento.pk"},
    "wagtailadmin_collections": {"pk": "coleccion.pk"},
    "wagtailadmin_workflows": {"pk": "flujo.pk"},
    "wagtaillocales": {"pk": "idioma.pk"},
    "wagtailsites": {"pk": "otro_sitio.pk"},
    "wagtailusers_users": {"pk": "gente.jurado.pk"},
    "wagtailusers_groups": {"pk": "grupo.pk"},
    "wagtaildocs_chooser": {"pk": "documento.pk"},
    "wagtailimages_chooser": {"pk": "imagen.pk"},
    "wagtailsettings": {"app_name": "=home", "model_name": "=ajustessitio", "pk": "sitio.pk"},
    "wagtail_localize": {"pk": "reto.pk"},
    "simple_translation": {"pk": "reto.pk"},
    "mfa_": {"pk": "=0"},
}  # fmt: skip
# Las que se escriben con expresiones regulares.
DIRECCIONES = {
    "admin/^.*/$": lambda m: "/admin/no-existe/",
    r"admin/pages/^(\d+)/revisions/compare/(live|earliest|\d+)\.\.\.(live|latest|\d+)/$":
        lambda m: f"/admin/pages/{m.reto.pk}/revisions/compare/earliest...latest/",
    r"documentos/^(\d+)/(.*)$": lambda m: f"/documentos/{m.documento.pk}/{m.documento.filename}",
    r"cuenta/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": lambda m: "/cuenta/password/reset/key/1-x/",
}


def direccion_de(ruta, mundo) -> str:
    if ruta.patron in DIRECCIONES:
        return DIRECCIONES[ruta.patron](mundo)
    valores = {}
    for comienzo, parametros in PARAMETROS.items():
        if ruta.nombre.startswith(comienzo):
            valores |= parametros
    return ruta.url({k: v[1:] if v.startswith("=") else attrgetter(v)(mundo) for k, v in valores.items()})


def familia_de(ruta) -> Familia | None:
    return next((f for f in FAMILIAS if fnmatchcase(ruta.nombre, f.patron) or fnmatchcase(ruta.patron, f.patron)), None)
