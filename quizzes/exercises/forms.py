"""What is sent from an exercise's page."""

from django import forms

from quizzes.exercises.services import Text

MAX_CODE = 50_000


class CodeForm(forms.Form):
    """The code in the editor. Lines end as Python wants them, whatever the browser sent."""

    code = forms.CharField(
        max_length=MAX_CODE,
        required=False,
        strip=False,
        widget=forms.Textarea,
        error_messages={"max_length": f"The code is too long; at most {MAX_CODE:,} characters are run."},
    )

    page = forms.CharField(max_length=36, required=False)
    edit = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    seen = forms.CharField(max_length=16, required=False)

    @property
    def text(self) -> Text:
        fields = self.cleaned_data
        return Text(fields["code"], page=fields["page"], edit=fields["edit"] or 0, seen=fields["seen"])

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).replace("\r\n", "\n").replace("\r", "\n")


class RunForm(CodeForm):
    """A press of Run. id: made by the page, so that a press sent twice is one run."""

    id = forms.UUIDField(required=False)


class HintForm(forms.Form):
    """The hint asked for, from 1."""

    number = forms.IntegerField(min_value=1, required=False)
