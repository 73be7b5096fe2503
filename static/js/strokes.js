// Strokes as lines: the same bends that the server draws, so that a saved drawing looks as it was drawn.
const SVG = "http://www.w3.org/2000/svg";
const PLAIN = 5;

const point = ([x, y]) => `${x} ${y}`;
const middle = ([ax, ay], [bx, by]) => [(ax + bx) / 2, (ay + by) / 2];

// Width and path of each part of a stroke that has one pressure.
function* lines({ width, points, pressures }, widths) {
  const last = points.length - 1;
  if (!last) return yield [widths[width], `M${point(points[0])}h1`];
  const middleBefore = (index) => (index === 0 ? points[0] : index > last ? points[last] : middle(points[index - 1], points[index]));
  for (let start = 0; start <= last; ) {
    const pressure = pressures[start] ?? PLAIN;
    let path = `M${point(middleBefore(start))}`;
    let index = start;
    for (; index <= last && (pressures[index] ?? PLAIN) === pressure; index += 1) {
      path += `Q${point(points[index])} ${point(middleBefore(index + 1))}`;
    }
    yield [widths[width] * (0.4 + 0.12 * pressure), path];
    start = index;
  }
}

export const svgElement = (name, attributes) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

export const drawStroke = (stroke, widths, group = svgElement("g", {})) => {
  group.setAttribute("class", `ink-${stroke.colour}`);
  group.replaceChildren(...Array.from(lines(stroke, widths), ([width, d]) => svgElement("path", { d, "stroke-width": width })));
  return group;
};

const distance = ([px, py], [ax, ay], [bx, by]) => {
  const [dx, dy] = [bx - ax, by - ay];
  const share = Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(px - ax - share * dx, py - ay - share * dy);
};

// Places from one to the other, no further apart than a step.
export const along = ([ax, ay], [bx, by], step) => {
  const count = Math.ceil(Math.hypot(bx - ax, by - ay) / step);
  return Array.from({ length: count + 1 }, (_, index) => {
    const share = count ? index / count : 0;
    return [ax + share * (bx - ax), ay + share * (by - ay)];
  });
};

export const touches = (stroke, place, reach, widths) => {
  const near = reach + widths[stroke.width] / 2;
  return stroke.points.some((from, index) => distance(place, from, stroke.points[index + 1] ?? from) <= near);
};

// As the server takes it: whole numbers one after another.
export const packed = ({ colour, width, points, pressures }) => ({
  colour,
  width,
  points: points.flat(),
  ...(pressures.length ? { pressures } : {}),
});

export const unpacked = ({ colour, width, points, pressures = [] }) => ({
  colour,
  width,
  points: Array.from({ length: points.length / 2 }, (_, index) => [points[2 * index], points[2 * index + 1]]),
  pressures,
});
