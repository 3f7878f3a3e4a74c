// The moving map of a figure.area-map. Everything it tells stands in the list below it too.
import * as maplibregl from "./vendor/maplibre-gl-6.17.0/maplibre-gl.mjs";

maplibregl.prewarm(); // its worker starts while the values are on their way

const NOTHING = { type: "FeatureCollection", features: [] };

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    seen.unobserve(entry.target);
    start(entry.target).catch((error) => showPicture(entry.target, error));
  }
}, { rootMargin: "400px" });
// The page has announced the values, so they are taken at once; drawing waits until a map is near.
const values = new WeakMap();
for (const figure of document.querySelectorAll("figure.area-map")) {
  const asked = load(figure.dataset.mapUrl);
  asked.catch(() => {}); // whoever starts the map is told
  values.set(figure, asked);
  seen.observe(figure);
}

async function start(figure) {
  const words = wordsOf(figure);
  const [data, tiles] = await Promise.all([values.get(figure), backgroundOf(figure.dataset.tilesUrl)]);
  figure.querySelector(".live").hidden = false;
  const picture = draw(figure, data, tiles, words);
  await new Promise((resolve, reject) => {
    picture.once("idle", resolve);
    picture.on("error", (event) => picture.loaded() || reject(event.error));
  });
  performance.mark("area-map-drawn", { detail: figure.id });
  // The shapes are in the browser's store by now; they are needed for what stands out.
  const shapes = (await load(figure.dataset.geometryUrl)).features;
  markOut(picture, data, shapes);
  places(figure, picture, data, shapes, words);
  figure.dataset.drawn = "yes";
  figure.querySelector(".on-paper").append(drawnOf(figure));
}

async function load(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

function wordsOf(figure) {
  return JSON.parse(document.getElementById(`${figure.id}-words`).textContent);
}

function drawnOf(figure) {
  return figure.querySelector("template.drawn").content.cloneNode(true);
}

// Without WebGL, or where a file is missing, the picture made on the server stands in its place.
function showPicture(figure, error) {
  console.warn("The map was not drawn:", error?.message);
  const live = figure.querySelector(".live");
  live.hidden = true;
  const why = document.createElement("p");
  why.className = "small muted";
  why.textContent = wordsOf(figure).failed;
  live.before(why, drawnOf(figure));
  figure.dataset.drawn = "no";
}

function draw(figure, data, tiles, words) {
  const picture = new maplibregl.Map({
    container: `${figure.id}-canvas`,
    style: styleOf(figure, data, tiles),
    bounds: data.bounds,
    fitBoundsOptions: { padding: 16 },
    attributionControl: false,
    cooperativeGestures: true,
    dragRotate: false,
    touchPitch: false,
    pitchWithRotate: false,
    maxZoom: 18,
    fadeDuration: 0,
    renderWorldCopies: false,
    validateStyle: false,
    locale: {
      "Map.Title": data.title,
      "NavigationControl.ZoomIn": words.zoom_in,
      "NavigationControl.ZoomOut": words.zoom_out,
      "CooperativeGesturesHandler.WindowsHelpText": words.scroll,
      "CooperativeGesturesHandler.MacHelpText": words.scroll_mac,
      "CooperativeGesturesHandler.MobileHelpText": words.touch,
    },
  });
  picture.setMissingStyleImageResolver((id) => {
    if (id === "hatched" || id === "dotted") picture.addImage(id, pattern(id));
  });
  picture.keyboard.disableRotation();
  picture.touchZoomRotate.disableRotation();
  picture.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  picture.addControl(new maplibregl.ScaleControl({ unit: "metric" }), "bottom-left");
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => repaint(picture, data));
  return picture;
}

// ---- What is drawn ----

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

// A token's colour as the browser works it out, for the theme in force.
function token(name) {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  probe.style.setProperty("color", `var(${name})`);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

function fillOf(data) {
  const theme = isDark() ? "dark" : "light";
  const cases = data.classes.flatMap((one, number) => [number, one[theme]]);
  if (!cases.length) return "rgba(0, 0, 0, 0)";
  const numbers = data.class.map((number) => number ?? -1);
  return ["match", ["at", ["id"], ["literal", numbers]], ...cases, "rgba(0, 0, 0, 0)"];
}

function styleOf(figure, data, tiles) {
  const address = (path) => new URL(path, location.href).href;
  const sources = {
    places: { type: "geojson", data: address(figure.dataset.geometryUrl), buffer: 32 },
    ...tiles?.sources,
    marked: { type: "geojson", data: NOTHING },
    chosen: { type: "geojson", data: NOTHING },
  };
  if (figure.dataset.groundUrl) sources.ground = { type: "geojson", data: address(figure.dataset.groundUrl) };
  return { version: 8, sources, layers: layersOf(data, sources, tiles?.layers ?? []) };
}

function layersOf(data, sources, below) {
  const withheld = new Set(data.withheld);
  const none = data.class.flatMap((number, i) => (number === null && !withheld.has(i) ? [i] : []));
  const among = (list) => ["in", ["id"], ["literal", list]];
  const line = (id, source, colour, width) => ({ id, type: "line", source, layout: { "line-join": "round" }, paint: { "line-color": token(colour), "line-width": width } });
  return [
    { id: "paper", type: "background", paint: { "background-color": token("--picture-paper") } },
    sources.ground && { id: "ground", type: "fill", source: "ground", paint: { "fill-color": token("--picture-land") } },
    ...below,
    { id: "classes", type: "fill", source: "places", paint: { "fill-color": fillOf(data), "fill-opacity": below.length ? 0.75 : 1, "fill-outline-color": token("--picture-axis") } },
    none.length && { id: "none", type: "fill", source: "places", filter: among(none), paint: { "fill-pattern": "hatched" } },
    withheld.size && { id: "withheld", type: "fill", source: "places", filter: among(data.withheld), paint: { "fill-pattern": "dotted" } },
    none.length && { ...line("borders", "places", "--picture-axis", 1), filter: among(none) },
    line("marked", "marked", "--picture-ink", 2.5),
    line("chosen-ground", "chosen", "--picture-paper", 7),
    line("chosen", "chosen", "--picture-mark", 4),
  ].filter(Boolean);
}

function repaint(picture, data) {
  const paint = { paper: ["background-color", token("--picture-paper")], ground: ["fill-color", token("--picture-land")], classes: ["fill-color", fillOf(data)], borders: ["line-color", token("--picture-axis")], marked: ["line-color", token("--picture-ink")], "chosen-ground": ["line-color", token("--picture-paper")], chosen: ["line-color", token("--picture-mark")] };
  for (const [layer, [name, value]] of Object.entries(paint)) {
    if (picture.getLayer(layer)) picture.setPaintProperty(layer, name, value);
  }
  for (const name of ["hatched", "dotted"]) if (picture.hasImage(name)) picture.updateImage(name, pattern(name));
}

// Hatching and dots, drawn as on the server, so that places without a value differ from a class.
function pattern(name) {
  const side = 12;
  const canvas = new OffscreenCanvas(side, side);
  const ink = canvas.getContext("2d");
  ink.fillStyle = token("--picture-paper");
  ink.fillRect(0, 0, side, side);
  ink.strokeStyle = ink.fillStyle = token(name === "hatched" ? "--picture-axis" : "--picture-muted");
  ink.lineWidth = 2;
  ink.beginPath();
  if (name === "hatched") {
    for (const shift of [-side, 0, side]) { ink.moveTo(shift, side); ink.lineTo(shift + side, 0); }
    ink.stroke();
  } else {
    ink.arc(side / 2, side / 2, 1.8, 0, 7);
    ink.fill();
  }
  return ink.getImageData(0, 0, side, side);
}

// ---- The city's own tiles, if there are some ----

async function backgroundOf(address) {
  if (!address) return null;
  const { PMTiles, Protocol } = await import("./vendor/pmtiles-4.5.0/pmtiles.mjs");
  const url = new URL(address, location.href).href;
  const file = new PMTiles(url);
  const protocol = new Protocol();
  protocol.add(file);
  maplibregl.addProtocol("pmtiles", protocol.tile);
  const [header, metadata] = await Promise.all([file.getHeader(), file.getMetadata()]);
  const isVector = header.tileType === 1;
  const source = { type: isVector ? "vector" : "raster", url: `pmtiles://${url}`, ...(isVector ? {} : { tileSize: 256 }) };
  const layers = isVector ? (metadata.vector_layers ?? []).flatMap(vectorLayers) : [{ id: "tiles", type: "raster", source: "tiles" }];
  return { sources: { tiles: source }, layers };
}

function vectorLayers({ id }) {
  const base = { source: "tiles", "source-layer": id };
  return [
    { ...base, id: `tiles-${id}-fill`, type: "fill", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": token("--picture-grid"), "fill-opacity": 0.6 } },
    { ...base, id: `tiles-${id}-line`, type: "line", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": token("--picture-axis"), "line-width": 0.7 } },
  ];
}

// ---- Marked places: a heavy outline, and the numbers of the list ----

function markOut(picture, data, shapes) {
  if (!data.marked.length) return;
  picture.getSource("marked").setData({ ...NOTHING, features: data.marked.map((index) => shapes[index]) });
  for (const place of data.places) {
    if (!place.number) continue;
    const badge = document.createElement("span");
    badge.className = "badge";
    badge.textContent = String(place.number);
    const marker = new maplibregl.Marker({ element: badge }).setLngLat(boxOf(shapes[place.index]).getCenter()).addTo(picture);
    for (const name of ["role", "aria-label", "tabindex"]) marker.getElement().removeAttribute(name);
    marker.getElement().setAttribute("aria-hidden", "true");
  }
}

function boxOf(shape) {
  const box = new maplibregl.LngLatBounds();
  eachPoint(shape.geometry.coordinates, (point) => box.extend(point));
  return box;
}

function eachPoint(coordinates, use) {
  if (typeof coordinates[0] === "number") use(coordinates);
  else for (const part of coordinates) eachPoint(part, use);
}

// ---- Choosing a place: on the map, in the list, by its name ----

function places(figure, picture, data, shapes, words) {
  const readout = figure.querySelector(".readout");
  const byIndex = new Map(data.places.map((place) => [place.index, place]));

  function choose(index, { move }) {
    const place = byIndex.get(index);
    if (!place) return;
    picture.getSource("chosen").setData(shapes[index]);
    readout.textContent = describe(place, data, words);
    for (const row of figure.querySelectorAll("tr.shown")) row.classList.remove("shown");
    figure.querySelector(`tr[data-index="${index}"]`)?.classList.add("shown");
    if (move) bring(picture, boxOf(shapes[index]));
  }

  picture.on("click", "classes", (event) => choose(event.features[0].id, { move: false }));
  picture.on("mousemove", "classes", (event) => {
    const place = byIndex.get(event.features[0].id);
    if (place) picture.getCanvas().title = describe(place, data, words);
  });
  listOf(figure, choose, words);
  search(figure, data, choose, words);
}

function describe(place, data, words) {
  const sentence = place.value ? words.chosen : words.chosen_kind;
  const unit = data.unit && place.value && !place.withheld ? ` ${data.unit}` : "";
  const told = sentence.replace("{place}", place.label).replace("{value}", place.value + unit).replace("{class}", place.class);
  return place.marked ? `${told} ${words.marked}` : told;
}

function bring(picture, box) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  picture.fitBounds(box, { padding: 80, maxZoom: Math.max(picture.getZoom(), 13), animate: !still });
}

// The names in the list become buttons when the list is opened, not before: it may be long.
function listOf(figure, choose, words) {
  const list = figure.querySelector("details.list");
  const table = list.querySelector("table");
  const prepare = () => {
    for (const row of table.tBodies[0].rows) {
      const cell = row.cells[0];
      if (cell.firstElementChild) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "plain";
      button.textContent = cell.textContent;
      button.title = words.show.replace("{place}", cell.textContent);
      cell.replaceChildren(button);
    }
  };
  if (list.open) prepare();
  list.addEventListener("toggle", () => list.open && prepare());
  table.addEventListener("click", (event) => {
    const row = event.target.closest("button")?.closest("tr");
    if (row) choose(Number(row.dataset.index), { move: true });
  });
}

function search(figure, data, choose, words) {
  const form = figure.querySelector(".find form");
  const found = figure.querySelector(".found");
  const readout = figure.querySelector(".readout");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = form.querySelector("input").value.trim();
    const hits = text ? matches(data.places, text) : [];
    found.replaceChildren(...(hits.length > 1 ? hits.slice(0, 12).map(entry) : []));
    if (hits.length === 1) choose(hits[0].index, { move: true });
    else readout.textContent = (hits.length ? words.found : words.none).replace("{count}", String(hits.length)).replace("{text}", text);
  });
  function entry(place) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button secondary small";
    button.textContent = place.label;
    button.addEventListener("click", () => choose(place.index, { move: true }));
    item.append(button);
    return item;
  }
}

// Without regard to case and accents; an exact name wins over names that only hold the words.
function matches(list, text) {
  const plain = (word) => String(word).normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
  const wanted = plain(text);
  const exact = list.filter((place) => plain(place.label) === wanted);
  return exact.length ? exact : list.filter((place) => plain(place.label).includes(wanted));
}
