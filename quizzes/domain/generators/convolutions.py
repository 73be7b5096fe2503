"""Generated questions on convolutions and boxes."""

from itertools import accumulate
from math import ceil, prod

import numpy as np

from quizzes.domain.generators.base import Draw, Mistake, Redraw, generator
from quizzes.domain.generators.text import num
from quizzes.domain.numbers import Tolerance

EXACT = Tolerance(exact=True)


@generator("conv-output-size", concept="DL-001", difficulty=1, title="Output size of a convolution", version=2)
def conv_output_size(rng: np.random.Generator) -> Draw:
    """Side of a dilated, padded, strided convolution's output."""
    n, k, s = int(rng.integers(16, 129)), int(rng.choice([3, 5, 7])), int(rng.integers(1, 4))
    p, d = int(rng.integers(0, 4)), int(rng.integers(1, 3))
    reach = n + 2 * p - d * (k - 1) - 1
    side = reach // s + 1
    if side == n:
        raise Redraw("the size stays")
    return Draw(
        prompt=f"A convolution has kernel ${k}\\times{k}$, stride {s}, padding {p} on each side and dilation {d}. "
        f"Its input is ${n}\\times{n}$. How long is a side of the output?",
        answer=side,
        tolerance=EXACT,
        mistakes=(
            Mistake(ceil(reach / s) + 1, "You rounded up. A last window that does not fit whole is left out: floor."),
            Mistake(
                (n + 2 * p - k) // s + 1, f"That ignores the dilation: {k} taps at distance {d} span {d * (k - 1) + 1}."
            )
            if d > 1
            else Mistake((n + p - k) // s + 1, "The padding stands on both sides, so it counts twice."),
            Mistake(reach // s, "The first window counts too: add 1 after the division."),
        ),
        solution=f"A dilated kernel spans $d(k-1)+1 = {d * (k - 1) + 1}$ cells.\n\n"
        rf"$$\left\lfloor \frac{{n + 2p - d(k-1) - 1}}{{s}} \right\rfloor + 1 = \left\lfloor \frac{{{n} + {2 * p} - {d * (k - 1)} - 1}}{{{s}}} \right\rfloor + 1 = {side}$$"
        "\n\nThe division rounds down because a window that sticks out is not computed.",
    )


@generator(
    "transposed-conv-output-size",
    concept="DL-001",
    difficulty=2,
    title="Output size of a transposed convolution",
    version=2,
)
def transposed_conv_output_size(rng: np.random.Generator) -> Draw:
    """Side of a transposed convolution's output."""
    n, k, s, p = (
        int(rng.integers(4, 33)),
        int(rng.choice([2, 3, 4, 5])),
        int(rng.integers(2, 4)),
        int(rng.integers(0, 2)),
    )
    side = (n - 1) * s - 2 * p + k
    return Draw(
        prompt=f"A transposed convolution (kernel {k}, stride {s}, padding {p}, output padding 0, dilation 1) upsamples "
        f"a feature map of side {n}. How long is a side of its output?",
        answer=side,
        tolerance=EXACT,
        mistakes=(
            Mistake(
                n * s + 2 * p - k, "The forward formula was turned round term by term; solve it for the input instead."
            ),
            Mistake(n * s, f"Stride {s} alone would give that; the kernel's overlap and the padding shift it."),
        ),
        solution="It is the size that an ordinary convolution with the same settings maps **to** the given side:\n\n"
        rf"$$(n-1)s - 2p + k = {n - 1}\cdot{s} - {2 * p} + {k} = {side}$$"
        f"\n\nCheck: $\\lfloor({side} + {2 * p} - {k})/{s}\\rfloor + 1 = {(side + 2 * p - k) // s + 1}$.",
    )


@generator("conv-parameters", concept="DL-001", difficulty=1, title="Parameters of a convolution")
def conv_parameters(rng: np.random.Generator) -> Draw:
    """Weights and biases of a convolutional layer."""
    c_in, c_out, k = int(rng.integers(2, 65)), int(rng.integers(8, 129)), int(rng.choice([3, 5, 7]))
    total = k * k * c_in * c_out + c_out
    return Draw(
        prompt=f"A convolutional layer has {c_in} input channels and {c_out} filters of ${k}\\times{k}$, with one bias a "
        "filter. How many parameters does it learn?",
        answer=total,
        tolerance=EXACT,
        mistakes=(
            Mistake(k * k * c_out + c_out, "A filter reaches through all input channels; you counted one."),
            Mistake(k * k * c_in * c_out, "The biases are missing, one for each filter."),
            Mistake(k * k * c_in * c_out + c_in * c_out, "There is one bias a filter, not one a pair of channels."),
        ),
        solution=f"Each filter has ${k}\\cdot{k}\\cdot{c_in} = {k * k * c_in}$ weights and 1 bias; {c_out} of them have\n\n"
        f"$$({k * k * c_in} + 1)\\cdot{c_out} = {total}$$\n\nparameters, whatever the size of the image.",
    )


@generator("depthwise-separable-parameters", concept="DL-001", difficulty=2, title="Depthwise separable convolution")
def depthwise_separable_parameters(rng: np.random.Generator) -> Draw:
    """Weights of a depthwise and a pointwise convolution."""
    c_in, c_out, k = 8 * int(rng.integers(1, 17)), 8 * int(rng.integers(1, 33)), int(rng.choice([3, 5]))
    total = k * k * c_in + c_in * c_out
    return Draw(
        prompt=f"A depthwise separable convolution maps {c_in} to {c_out} channels: a depthwise ${k}\\times{k}$ convolution "
        "(one filter a channel), then a pointwise $1\\times1$ one. Without biases, how many weights does it have?",
        answer=total,
        tolerance=EXACT,
        mistakes=(
            Mistake(
                k * k * c_in * c_out, "That is the ordinary convolution, in which every filter sees every channel."
            ),
            Mistake(k * k * c_out + c_in * c_out, "The depthwise part has one filter for each **input** channel."),
            Mistake(k * k + c_in * c_out, "The depthwise part has a filter of its own for every channel."),
        ),
        solution=f"Depthwise: ${k}^2\\cdot{c_in} = {k * k * c_in}$. Pointwise: ${c_in}\\cdot{c_out} = {c_in * c_out}$. "
        f"Together **{total}**, against {k * k * c_in * c_out} for the ordinary convolution: "
        f"{num(k * k * c_in * c_out / total, 3)} times fewer.",
    )


@generator("conv-macs", concept="DL-001", difficulty=2, title="Work of a convolution")
def conv_macs(rng: np.random.Generator) -> Draw:
    """Multiply-accumulates of a convolution, in millions."""
    h, k = int(rng.choice([14, 28, 56])), int(rng.choice([3, 5]))
    c_in, c_out = 16 * int(rng.integers(1, 9)), 16 * int(rng.integers(1, 9))
    macs = h * h * c_out * k * k * c_in / 1e6
    return Draw(
        prompt=f"A ${k}\\times{k}$ convolution maps {c_in} to {c_out} channels; its output is ${h}\\times{h}$. How many "
        "**million** multiply-accumulates does one image cost (biases left out)?",
        answer=macs,
        tolerance=Tolerance(relative=0.01),
        unit="million",
        mistakes=(
            Mistake(2 * macs, "Those are FLOPs: a multiply-accumulate is one multiplication and one addition."),
            Mistake(macs / c_out, "Each of the output channels needs its own sums."),
            Mistake(macs / h, "The output has height times width positions."),
        ),
        solution=f"Each of the ${h}\\cdot{h}\\cdot{c_out}$ outputs sums ${k}\\cdot{k}\\cdot{c_in} = {k * k * c_in}$ products:\n\n"
        f"$${h}^2\\cdot{c_out}\\cdot{k * k * c_in} = {h * h * c_out * k * k * c_in} \\approx {num(macs)}\\text{{ million}}$$",
    )


@generator("receptive-field", concept="DL-001", difficulty=3, title="Receptive field of a stack")
def receptive_field(rng: np.random.Generator) -> Draw:
    """Receptive field of stacked convolutions and pools."""
    layers = [(int(rng.choice([3, 5, 7])), int(rng.integers(1, 3))) for _ in range(int(rng.integers(3, 5)))]
    if all(stride == 1 for _, stride in layers[:-1]):
        raise Redraw("without strides it is a plain sum")
    jumps = [1, *accumulate((stride for _, stride in layers), lambda a, b: a * b)]
    field = 1 + sum((k - 1) * jump for (k, _), jump in zip(layers, jumps, strict=False))
    stack = ", ".join(f"kernel {k} stride {s}" for k, s in layers)
    terms = " + ".join(f"{k - 1}\\cdot{jump}" for (k, _), jump in zip(layers, jumps, strict=False))
    return Draw(
        prompt=f"A network stacks these convolutions, from the input on: {stack} (dilation 1). How many input pixels along "
        "one side does a single output unit see?",
        answer=field,
        tolerance=EXACT,
        mistakes=(
            Mistake(
                1 + sum(k - 1 for k, _ in layers), "That ignores the strides: behind stride 2 each step counts double."
            ),
            Mistake(
                prod(k for k, _ in layers), "Kernels do not multiply; each adds its reach at the spacing it works on."
            ),
            Mistake(
                1 + sum((k - 1) * jump for (k, _), jump in zip(layers, jumps[1:], strict=False)),
                "A layer's own stride does not widen its own field, only that of the layers after it.",
            ),
        ),
        solution="Each layer adds $(k_l - 1)$ times the product of the strides **before** it:\n\n"
        f"$$r = 1 + {terms} = {field}$$\n\nThe depth of the channels plays no part.",
    )


@generator("iou-of-boxes", concept="DL-001", difficulty=2, title="Intersection over union", version=2)
def iou_of_boxes(rng: np.random.Generator) -> Draw:
    """IoU of two axis-parallel boxes."""
    a = [0, 0, int(rng.integers(4, 10)), int(rng.integers(4, 10))]
    x, y = int(rng.integers(1, 4)), int(rng.integers(1, 4))
    b = [x, y, x + int(rng.integers(3, 9)), y + int(rng.integers(3, 9))]
    width, height = min(a[2], b[2]) - x, min(a[3], b[3]) - y
    shared = width * height
    areas = (a[2] * a[3], (b[2] - x) * (b[3] - y))
    union = sum(areas) - shared
    return Draw(
        prompt=f"Two boxes are given by $(x_1, y_1, x_2, y_2)$ with continuous coordinates: $A = ({', '.join(map(str, a))})$ "
        f"and $B = ({', '.join(map(str, b))})$. What is their intersection over union?",
        answer=shared / union,
        tolerance=Tolerance(absolute=0.005),
        mistakes=(
            Mistake(shared / sum(areas), "The intersection lies in both areas; subtract it once from their sum."),
            Mistake(shared / min(areas), "That is the overlap as a share of the smaller box, not of the union."),
            Mistake(2 * shared / sum(areas), "That is the Dice coefficient, $2|A\\cap B|/(|A|+|B|)$."),
        ),
        solution=f"The overlap is ${width}\\times{height} = {shared}$, the areas are {areas[0]} and {areas[1]}, the union "
        f"${areas[0]} + {areas[1]} - {shared} = {union}$.\n\n$$\\text{{IoU}} = \\frac{{{shared}}}{{{union}}} = {num(shared / union)}$$",
    )
