"""The text of a comment."""

import re

from django import forms

from progress.comments.models import MAX_COMMENT_LENGTH, Comment

_KEY = re.compile(r"[\w-]{8,64}", re.ASCII)


def with_plain_newlines(text: str) -> str:
    """The text with line ends of one character, as browsers count them against `maxlength` but do not send them."""
    return text.replace("\r\n", "\n")


class MarkdownField(forms.CharField):
    """A text whose length is counted as its textarea counts it."""

    def to_python(self, value: object) -> str:
        return with_plain_newlines(super().to_python(value) or "")


class CommentForm(forms.ModelForm):
    """A comment's Markdown, 1 to 10,000 characters, and what its page was made with."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    version = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    class Meta:
        model = Comment
        fields = ["body"]
        field_classes = {"body": MarkdownField}
        labels = {"body": "Your comment"}
        help_texts = {"body": "Markdown and $maths$"}
        widgets = {"body": forms.Textarea(attrs={"class": "input", "rows": 4, "maxlength": MAX_COMMENT_LENGTH})}
        error_messages = {
            "body": {
                "required": "Write something first.",
                "max_length": "That is %(show_value)d characters; cut it to %(limit_value)d.",
            }
        }

    def clean_key(self) -> str:
        """The page's key; what is none is left aside."""
        sent: str = self.cleaned_data["key"]
        return sent if _KEY.fullmatch(sent) else ""
