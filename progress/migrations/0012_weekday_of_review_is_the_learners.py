from django.db import migrations


def carry_over(apps, schema_editor):
    """What a learner asked of their plan is their weekday."""
    for plan in apps.get_model("progress", "StudyPlan").objects.exclude(review_weekday=6):
        apps.get_model("progress", "User").objects.filter(pk=plan.learner_id).update(review_weekday=plan.review_weekday)


class Migration(migrations.Migration):
    dependencies = [("progress", "0011_letters")]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(model_name="studyplan", name="review_weekday"),
    ]
