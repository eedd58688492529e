from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("measure", "0003_scorecard")]

    operations = [migrations.AddField("pointset", "lacks", models.JSONField(default=dict))]
