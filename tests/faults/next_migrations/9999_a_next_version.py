"""What a next version may do while this one answers: add what may be empty, index, and fill in small transactions."""

from pathlib import Path

from django.db import migrations, models

from progress import migrations as ours

_LAST = max(path.stem for path in Path(ours.__path__[0]).glob("0*.py"))


def fill(apps, schema_editor):
    comments = apps.get_model("progress", "Comment").objects.filter(words=None)
    while rows := list(comments.values_list("pk", "body")[:200]):
        for pk, body in rows:
            comments.filter(pk=pk).update(words=len(body.split()))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("progress", _LAST)]
    operations = [
        migrations.AddField("comment", "words", models.PositiveIntegerField(null=True)),
        migrations.AddIndex("comment", models.Index(fields=["author", "created_at"], name="comment_of_author")),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
