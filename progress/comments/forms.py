"""The text of a comment."""

from django import forms

from progress.comments.models import MAX_COMMENT_LENGTH, Comment


class CommentForm(forms.ModelForm):
    """A comment's Markdown, 1 to 10,000 characters."""

    class Meta:
        model = Comment
        fields = ["body"]
        labels = {"body": "Your comment"}
        help_texts = {"body": "Markdown and $maths$"}
        widgets = {"body": forms.Textarea(attrs={"class": "input", "rows": 4, "maxlength": MAX_COMMENT_LENGTH})}
        error_messages = {
            "body": {
                "required": "Write something first.",
                "max_length": "That is %(show_value)d characters; cut it to %(limit_value)d.",
            }
        }
