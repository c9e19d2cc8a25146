from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("adjuntos", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="adjunto",
            name="sin_metadatos",
            field=models.BooleanField(
                default=False, editable=False, help_text="Ya no dice quién lo hizo: ni autor, ni empresa, ni lugar."
            ),
        ),
    ]
