"""El texto con que nace la política: completo según la ley, para que la entidad lo revise, lo complete y lo publique.

Ley 1581 de 2012, art. 9 y 12; Decreto 1377 de 2013, art. 13. Lo que va entre corchetes lo escribe la entidad.
"""

import json
import uuid

from django.db import transaction
from django.utils.html import escape
from wagtail.log_actions import log
from wagtail.models import Site

from home.models import AjustesSitio

from ..enums import Finalidad
from ..models import PoliticaPage

TITULO = "Política de tratamiento de datos personales"

CUERPO = """
<h2>Quién responde por sus datos</h2>
<p>El responsable es <b>{entidad}</b>, {direccion}, {municipio}. Teléfono: {telefono}. Correo para asuntos de datos personales: {correo}. El área o cargo que atiende sus solicitudes es [escriba el área o cargo].</p>
<h2>Qué datos tratamos y para qué</h2>
<ul>
<li><b>Nombres, apellidos y correo electrónico</b>: abrir su cuenta, saber con quién hablamos, avisarle de lo suyo y responderle. El correo no se publica; el nombre, sólo si usted lo autoriza.</li>
<li><b>Rango de edad</b>: cumplir la ley sobre niñas, niños y adolescentes. Se publica sólo en sumas.</li>
<li><b>Grupo de edad, municipio, comuna o vereda y zona</b>, si los dice: saber a quién llega la participación. Se publican sólo en sumas.</li>
<li><b>Lo que envía</b>: propuestas, apoyos, respuestas, comentarios y archivos, para evaluarlos, responderlos, contarlos y mostrar los que se publican.</li>
<li><b>Documento de identidad</b>, sólo si un ejercicio pide verificarlo: comprobar quién participa. No guardamos el número, sino una huella de la que no se puede obtener.</li>
</ul>
<p>No los usamos para nada más, no los vendemos y no los entregamos a terceros, salvo a las autoridades que la ley señala.</p>
<h2>Datos sensibles</h2>
<p>Las preguntas de enfoque diferencial (pertenencia étnica, discapacidad, orientación sexual e identidad de género, género y otros grupos) tratan datos sensibles. Responderlas es voluntario, nadie está obligado a autorizar su tratamiento y no responderlas no le quita nada. No se muestran a nadie; se publican sólo sumas, sin los grupos pequeños.</p>
<h2>Niñas, niños y adolescentes</h2>
<p>Las personas menores de 14 años no pueden tener cuenta. Entre los 14 y los 17 años se participa con la autorización de quien tenga la representación legal, siempre que respete su interés superior y después de escuchar su opinión.</p>
<h2>Sus derechos</h2>
<ul>
<li>Conocer, actualizar y corregir sus datos.</li>
<li>Pedir prueba de la autorización que dio.</li>
<li>Saber qué uso se les ha dado.</li>
<li>Revocar la autorización y pedir que se supriman, salvo que una ley obligue a conservarlos.</li>
<li>Ver sus datos sin costo.</li>
<li>Quejarse ante la Superintendencia de Industria y Comercio, después de haber acudido a nosotros.</li>
</ul>
<h2>Cómo ejercerlos</h2>
<p>En «Mi cuenta» puede, en cualquier momento, corregir sus datos, descargarlos, dar y revocar cada autorización y pedir que se supriman. También puede escribir a {correo} o acudir a {direccion}. Una consulta se responde en diez días hábiles, prorrogables por cinco; un reclamo, en quince, prorrogables por ocho.</p>
<h2>Qué queda si pide que se supriman</h2>
<p>Se borra su cuenta y todo lo que permite identificarle. Quedan los conteos (que hubo una propuesta o un apoyo, sin decir de quién), lo que se publicó sin su nombre y una constancia de la supresión.</p>
<h2>Seguridad y vigencia</h2>
<p>Guardamos sus datos con las medidas técnicas, humanas y administrativas necesarias para que nadie los consulte, altere o pierda sin autorización. Los conservamos mientras tenga cuenta y lo que exijan las normas de archivo. Esta política rige desde su publicación; si cambia, se lo diremos al entrar y le pediremos de nuevo su autorización.</p>
"""

FINALIDADES = {
    Finalidad.PARTICIPAR: "Autorizo a {entidad} a tratar mis datos para gestionar mi participación: recibir lo que envío, evaluarlo, contarlo y responderme.",
    Finalidad.NOMBRE_PUBLICO: "Autorizo que mi nombre se publique junto a lo que envío.",
    Finalidad.CARACTERIZACION: "Autorizo el uso de mis respuestas de enfoque diferencial, que son datos sensibles y no estoy en obligación de dar, sólo en estadísticas.",
}


def _datos(sitio: Site) -> dict[str, str]:
    ajustes = AjustesSitio.for_site(sitio)
    entidad = ajustes.nombre_entidad or sitio.site_name
    return {
        "entidad": entidad or "[nombre de la entidad]",
        "direccion": ajustes.direccion or "[dirección]",
        "municipio": ajustes.municipio or "[municipio y departamento]",
        "telefono": ajustes.telefono or "[teléfono]",
        "correo": ajustes.correo_atencion or "[correo]",
    }


@transaction.atomic
def crear_borrador(*, sitio: Site) -> PoliticaPage | None:
    """Deja una política en borrador bajo la portada y la enlaza en el pie; None si el sitio ya tiene una."""
    portada = Site.objects.select_for_update().get(pk=sitio.pk).root_page
    if PoliticaPage.objects.child_of(portada).exists():
        return None
    datos = _datos(sitio)
    finalidades = [
        {"type": "finalidad", "id": str(uuid.uuid4()), "value": {"clave": clave.value, "texto": texto.format(**datos)}}
        for clave, texto in FINALIDADES.items()
    ]
    cuerpo = CUERPO.strip().format(**{campo: escape(valor) for campo, valor in datos.items()})
    pagina = portada.add_child(
        instance=PoliticaPage(
            title=TITULO,
            slug="politica-de-datos-personales",
            search_description="Cómo trata la entidad los datos personales y cómo ejercer sus derechos.",
            cuerpo=cuerpo,
            finalidades=json.dumps(finalidades),
            live=False,
        )
    )
    pagina.save_revision()
    log(instance=pagina, action="wagtail.create")
    AjustesSitio.objects.filter(site=sitio, pagina_privacidad=None).update(pagina_privacidad=pagina)
    return pagina
