"""The pages on which comments are reported and decided on."""

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
PAGE, QUEUE = "/concepts/MATH-001/", "/comments/moderation/"


def read(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def report(client, comment, reason: str = "spam", words: str = "", **extra):
    return client.post(f"/comments/{comment.pk}/report/", {"reason": reason, "words": words}, **extra)
