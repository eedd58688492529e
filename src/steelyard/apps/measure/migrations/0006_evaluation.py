import django.db.models.deletion
import steelyard.web.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("measure", "0005_fiscal_grains"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=steelyard.web.ids.new_public_id, editable=False, max_length=32, unique=True
                    ),
                ),
                ("period", models.CharField(max_length=10)),
                ("starts", models.DateField()),
                (
                    "unit_kind",
                    models.CharField(
                        choices=[("company", "Company"), ("team", "Team"), ("member", "Member")], max_length=7
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=100)),
                ("card", models.JSONField()),
                ("engine_version", models.CharField(max_length=20)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="data.snapshot",
                    ),
                ),
            ],
            options={"ordering": ["-starts", "unit_kind", "unit"]},
        ),
        migrations.AddConstraint(
            model_name="evaluation",
            constraint=models.UniqueConstraint(
                fields=("starts", "unit_kind", "unit"), name="one_evaluation_a_unit_and_month"
            ),
        ),
    ]
