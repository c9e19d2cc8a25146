from django.db import migrations
from django.utils import timezone


def crear_portada(apps, schema_editor):
    """Idiomas, portada en español y sitio por defecto. La portada en inglés nace como traducción, desde el editor."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Locale = apps.get_model("wagtailcore", "Locale")
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    InicioPage = apps.get_model("home", "InicioPage")
    AjustesSitio = apps.get_model("home", "AjustesSitio")

    espanol, _creado = Locale.objects.get_or_create(language_code="es")
    Locale.objects.get_or_create(language_code="en")
    if InicioPage.objects.exists():
        return
    # La página de bienvenida de Wagtail, que se lleva consigo el sitio que la tenía por raíz.
    Page.objects.filter(depth=2, slug="home", content_type__app_label="wagtailcore").delete()
    tipo, _creado = ContentType.objects.get_or_create(app_label="home", model="iniciopage")
    ahora = timezone.now()
    portada = InicioPage.objects.create(
        title="Inicio",
        draft_title="Inicio",
        slug="inicio",
        content_type=tipo,
        locale=espanol,
        path="00010001",
        depth=2,
        numchild=0,
        url_path="/inicio/",
        first_published_at=ahora,
        last_published_at=ahora,
        introduccion=(
            "El Concejo abre los retos del municipio a la ciudadanía, las empresas, las universidades y las "
            "organizaciones. Proponga soluciones, apoye las de otros y vea en qué terminan."
        ),
        search_description="Retos, encuestas y foros para resolver entre todos los problemas del municipio.",
    )
    sitio = Site.objects.create(hostname="localhost", site_name="Participa", root_page=portada, is_default_site=True)
    AjustesSitio.objects.create(site=sitio)


class Migration(migrations.Migration):
    dependencies = [("home", "0001_initial")]

    operations = [migrations.RunPython(crear_portada, migrations.RunPython.noop)]
