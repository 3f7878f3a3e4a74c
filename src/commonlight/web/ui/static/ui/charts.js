// Charts marked data-chart can be read point by point: one tab stop, arrow keys, a spoken readout.
const numbers = new Intl.NumberFormat(document.documentElement.lang, { maximumSignificantDigits: 4 });
// Thousands stand apart as they do in English sentences of findings.
const apart = (part) => (part.type === "group" && part.value === "," ? "\u202f" : part.value);
const written = (value) => numbers.formatToParts(value).map(apart).join("");

for (const figure of document.querySelectorAll("figure[data-chart]")) prepare(figure);
document.addEventListener("htmx:load", (event) => {
  for (const figure of event.target.querySelectorAll?.("figure[data-chart]") ?? []) prepare(figure);
});

function prepare(figure) {
  const walk = figure.querySelector(".walk");
  const source = document.getElementById(figure.dataset.chart);
  if (!walk || !source || walk.childElementCount) return;
  const points = pointsOf(JSON.parse(source.textContent), figure);
  if (!points.length) return;
  const { stop, help, readout } = controls(walk);
  let at = -1;

  function go(to) {
    at = Math.max(0, Math.min(points.length - 1, to));
    const point = points[at];
    stop.setAttribute("aria-valuenow", String(at + 1));
    stop.setAttribute("aria-valuetext", sentence(point, walk.dataset));
    readout.textContent = sentence(point, walk.dataset);
    mark(figure, point);
    markRow(figure, point);
  }

  stop.setAttribute("aria-valuemin", "1");
  stop.setAttribute("aria-valuemax", String(points.length));
  stop.setAttribute("aria-valuenow", "1");
  stop.setAttribute("aria-valuetext", sentence(points[0], walk.dataset));
  stop.setAttribute("aria-describedby", help.id = `${figure.dataset.chart}-help`);
  stop.addEventListener("focus", () => go(at < 0 ? 0 : at));
  stop.addEventListener("blur", () => clear(figure));
  stop.addEventListener("keydown", (event) => {
    const to = target(event.key, at, points);
    if (to === null) return;
    event.preventDefault();
    go(to);
  });
  figure.addEventListener("pointerover", (event) => {
    const found = points.findIndex((point) => touches(point, event.target));
    if (found >= 0) go(found);
  });
}

function controls(walk) {
  const stop = document.createElement("div");
  stop.className = "walk-stop";
  stop.tabIndex = 0;
  stop.setAttribute("role", "slider");
  stop.setAttribute("aria-label", walk.dataset.label);
  stop.textContent = walk.dataset.label;
  const help = document.createElement("p");
  help.className = "chart-hint";
  help.textContent = walk.dataset.help;
  const readout = document.createElement("p");
  readout.className = "readout"; // the same words are the slider's value, which is read out
  walk.append(stop, help, readout);
  return { stop, help, readout };
}

// Right and left go through the values of a row or series; up and down to the next row or series.
function target(key, at, points) {
  const here = points[at];
  const beside = (step) => {
    const other = points.findIndex((one) => one.line === here.line + step && one.place === here.place);
    return other < 0 ? at : other;
  };
  switch (key) {
    case "ArrowRight": return at + 1;
    case "ArrowLeft": return at - 1;
    case "ArrowDown": return here.upright ? at + 1 : beside(1);
    case "ArrowUp": return here.upright ? at - 1 : beside(-1);
    case "Home": return 0;
    case "End": return points.length - 1;
    case "PageDown": return at + 10;
    case "PageUp": return at - 10;
    default: return null;
  }
}

function pointsOf(chart, figure) {
  if (chart.values) return cellsOf(chart);
  const names = chart.categories ?? namesOf(chart, figure);
  const upright = Boolean(chart.categories);
  const points = chart.series.flatMap((series, line) => names.map((name, place) => ({
    name,
    series: chart.series.length > 1 ? series.label : "",
    value: series.values[place],
    lower: series.lower?.[place],
    upper: series.upper?.[place],
    line, place, row: place, upright,
  })));
  // Bars of one category stand together, so the walk goes category by category.
  return upright ? points.sort((a, b) => a.place - b.place || a.line - b.line) : points;
}

function cellsOf(chart) {
  return chart.values.flatMap((row, line) => row.map((value, place) => ({
    name: `${chart.row_labels[line]}, ${chart.column_labels[place]}`,
    series: "", value, line, place, row: line, upright: false,
  })));
}

// Positions of a line are named by the table, which has one row for each, or by the axis.
function namesOf(chart, figure) {
  const rows = rowsOf(figure);
  const ticks = new Map(Object.entries(chart.x_tick_labels ?? {}).map(([x, words]) => [Number(x), words]));
  if (rows.length === chart.x.length) return rows.map((row) => row.cells[0].textContent.trim());
  return chart.x.map((x) => ticks.get(x) ?? String(x));
}

function sentence(point, words) {
  const who = [point.name, point.series].filter(Boolean).join(", ");
  if (point.value === null || point.value === undefined) return `${who}: ${words.missing}`;
  const value = written(point.value);
  if (point.lower === null || point.lower === undefined) return `${who}: ${value}`;
  const range = words.range
    .replace("{value}", value)
    .replace("{lower}", written(point.lower))
    .replace("{upper}", written(point.upper));
  return `${who}: ${range}`;
}

function touches(point, element) {
  const { row, series } = element.dataset ?? {};
  if (row !== undefined && series !== undefined) return Number(row) === point.row && Number(series) === point.line;
  const group = element.parentNode;
  if (group?.dataset?.row === undefined || point.upright) return false;
  return Number(group.dataset.row) === point.line && [...group.children].indexOf(element) === point.place;
}

function mark(figure, point) {
  clear(figure);
  for (const svg of figure.querySelectorAll("svg")) {
    const box = boxOf(svg, point);
    if (box) svg.append(ring(box));
  }
}

function boxOf(svg, point) {
  const bar = svg.querySelector(`[data-row="${point.row}"][data-series="${point.line}"]`);
  if (bar) return bar.getBBox();
  const cell = svg.querySelector(`g[data-row="${point.line}"]`)?.children[point.place];
  if (cell) return cell.getBBox();
  for (const run of svg.querySelectorAll(`[data-series="${point.line}"][data-from]`)) {
    const vertices = run.getAttribute("d")?.match(/-?[\d.]+ -?[\d.]+/g) ?? [`${run.getAttribute("cx")} ${run.getAttribute("cy")}`];
    const step = Number(run.dataset.step ?? 1);
    const found = vertices[(point.place - Number(run.dataset.from)) * step];
    if (!found) continue;
    const [x, y] = found.split(" ").map(Number);
    return { x: x - 2, y: y - 2, width: 4, height: 4 };
  }
  return null;
}

function ring(box) {
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const edge = { x: box.x - 4, y: box.y - 4, width: box.width + 8, height: box.height + 8, rx: 4, fill: "none" };
  for (const [name, value] of Object.entries(edge)) shape.setAttribute(name, String(value));
  shape.setAttribute("class", "here");
  return shape;
}

function clear(figure) {
  for (const shape of figure.querySelectorAll("svg .here")) shape.remove();
  for (const row of rowsOf(figure)) row.classList.remove("shown");
}

function rowsOf(figure) {
  return [...(figure.querySelector("table")?.tBodies[0]?.rows ?? [])];
}

function markRow(figure, point) {
  const row = rowsOf(figure).find((one) => one.cells[0].textContent.trim() === point.name);
  row?.classList.add("shown");
}
