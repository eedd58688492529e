import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def point_at_sets(apps, schema_editor):
    """Each snapshot had one set of points, and every set was whole."""
    sets = apps.get_model("measure", "PointSet").objects
    points = apps.get_model("measure", "KpiPoint").objects
    sets.update(is_whole=True)
    points.update(point_set_id=Subquery(sets.filter(snapshot_id=OuterRef("snapshot_id")).values("pk")[:1]))
    points.filter(point_set=None).delete()


class Migration(migrations.Migration):
    dependencies = [("measure", "0002_kpi_definition")]

    operations = [
        migrations.AlterField(
            "pointset",
            "snapshot",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="point_sets", to="data.snapshot"
            ),
        ),
        migrations.AlterModelOptions("pointset", {"ordering": ["-snapshot_id", "-pk"]}),
        migrations.AddField("pointset", "is_whole", models.BooleanField(default=False)),
        migrations.AddField(
            "kpipoint",
            "point_set",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="points",
                to="measure.pointset",
            ),
        ),
        migrations.RunPython(point_at_sets, migrations.RunPython.noop),
        migrations.RemoveConstraint("kpipoint", "one_point_a_unit_and_period"),
        migrations.RemoveField("kpipoint", "snapshot"),
        migrations.AlterField(
            "kpipoint",
            "point_set",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="points",
                to="measure.pointset",
            ),
        ),
        migrations.AddConstraint(
            "kpipoint",
            models.UniqueConstraint(
                fields=("point_set", "unit_kind", "unit", "grain", "kpi", "starts"),
                name="one_point_a_unit_and_period",
            ),
        ),
    ]
