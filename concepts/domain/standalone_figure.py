"""A figure as a file of its own: in the page the style sheet gives its colours, here it carries them."""

_STYLE = """
text { font: 12px system-ui, sans-serif; fill: #16191f; stroke: none }
.tick, .key { fill: #555c68 }
.middle { text-anchor: middle }
.end { text-anchor: end }
.grid { stroke: #dfe3e8 }
.axis { stroke: #848c99 }
.line, .contour { fill: none; stroke-width: 2; stroke-linejoin: round }
.contour { stroke: #848c99; stroke-width: 1; opacity: 0.7 }
.dashed { stroke-dasharray: 6 5 }
.box { fill: none; stroke-width: 1.5 }
.muted { stroke: #555c68 }
"""
_SERIES = ("#2747b8", "#b4530a", "#1c6b45", "#7a3fb0", "#555c68")
_NONE, _FULL = (243, 245, 251), (39, 71, 184)
"""The ends of the heat maps' ramp, as red, green and blue."""


def standalone(svg: str) -> str:
    """The SVG with a style sheet inside, on white, so that any viewer shows it as the page does in light colours."""
    start = svg.index(">") + 1
    return f'{svg[:start]}<style>{_style()}</style><rect width="100%" height="100%" fill="#ffffff"/>{svg[start:]}\n'


def _style() -> str:
    filled = ":is(.dot, .bar, .head, .area)"
    series = [
        f".series-{n} {{ stroke: {colour} }}\n{filled}.series-{n} {{ fill: {colour}; stroke: none }}"
        for n, colour in enumerate(_SERIES, start=1)
    ]
    heat = [f".heat-{n} {{ fill: {_mixed(n / 9)} }}" for n in range(10)]
    last = ".area { opacity: 0.2 }\ntext.on-dark { fill: #ffffff }\ntext.on-light { fill: #16191f }\n"
    return "\n".join([_STYLE.strip(), *series, *heat, last])


def _mixed(share: float) -> str:
    return "#" + "".join(f"{round(low + share * (high - low)):02x}" for low, high in zip(_NONE, _FULL, strict=True))
