from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("measure", "0004_lacks")]

    operations = [migrations.AlterField("kpipoint", "grain", models.CharField(max_length=14))]
