// The map of a list of offers. Its list stands beside it, always the same offers: without this
// file, or without opening the map, nothing is missing. Leaflet is fetched when the map is opened.

const box = document.querySelector("[data-offer-map]");
const words = box ? JSON.parse(box.dataset.words) : {};
const KEY = "letabli-map";
let opened = false;

if (box) {
  box.hidden = false;
  box.addEventListener("toggle", () => {
    sessionStorage.setItem(KEY, box.open ? "open" : "");
    if (box.open && !opened) {
      opened = true;
      start().catch(() => say(words.failed));
    }
  });
  if (sessionStorage.getItem(KEY)) box.open = true;
}

function say(text) {
  box.querySelector("[role=status]").textContent = text;
}

const number = (value) => value.toLocaleString(document.documentElement.lang);

async function start() {
  say(words.loading);
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = box.dataset.style;
  const styled = new Promise((done) => (style.onload = style.onerror = done));
  document.head.prepend(style); // our own sheet has the last word
  const [first] = await Promise.all([ask(), import(box.dataset.leaflet), styled]);
  if (!first.areas.length) return say(words.nothing);
  draw(first);
}

async function ask(tiles = {}) {
  const address = new URL(box.dataset.offerMap, location.href);
  for (const [name, value] of Object.entries(tiles)) address.searchParams.set(name, value);
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

function draw({ areas }) {
  const L = window.L;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(box.querySelector(".map-box"), {
    attributionControl: false, zoomControl: false, minZoom: 4, maxZoom: 13, preferCanvas: true,
    zoomAnimation: !still, fadeAnimation: !still, inertia: !still,
  });
  L.control.zoom({ position: "topright", zoomInTitle: words.closer, zoomOutTitle: words.farther }).addTo(map);
  const pins = L.layerGroup().addTo(map);
  const go = (area) => {
    const [south, west, north, east] = area.box;
    map.fitBounds([[south, west], [north, east]], { animate: false, maxZoom: 11 });
  };
  let last = "";
  const refresh = async () => {
    const zoom = Math.round(map.getZoom());
    const seen = map.getPixelBounds();
    const tiles = {
      zoom,
      west: Math.floor(seen.min.x / 256), north: Math.max(0, Math.floor(seen.min.y / 256)),
      east: Math.ceil(seen.max.x / 256), south: Math.min(2 ** zoom, Math.ceil(seen.max.y / 256)),
    };
    const wanted = JSON.stringify(tiles);
    if (wanted === last) return;
    last = wanted;
    const bubbles = await ask(tiles);
    if (wanted !== last) return; // the map has moved on
    pins.clearLayers();
    for (const bubble of bubbles) pins.addLayer(pin(L, map, bubble));
    say(words.shown.replace("{}", number(bubbles.reduce((sum, one) => sum + one.n, 0))));
    box.dataset.ready = performance.now();
  };
  // Opening a bubble moves the map: drawing anew would close it under the reader's eyes.
  let reading = false;
  const again = () => reading || refresh().catch(() => say(words.failed));
  map.on("popupopen", () => (reading = true));
  map.on("popupclose", () => { reading = false; setTimeout(again); });
  map.on("moveend", again);
  places(areas, go);
  go(areas[0]);
  outlines(L, map);
}

function pin(L, map, { at, n, commune, offers }) {
  const icon = L.divIcon({
    className: `bubble${n > 1 ? "" : " is-one"}`, html: n > 1 ? String(n) : "",
    iconSize: n > 99 ? [48, 48] : n > 1 ? [40, 40] : [28, 28],
  });
  // No stop for the keyboard on a hundred bubbles: the list is the way in.
  const marker = L.marker(at, { icon, keyboard: false, title: commune ?? "" });
  if (!offers) {
    return marker.on("click", () => map.setView(at, Math.min(map.getZoom() + 2, 13)));
  }
  const told = document.createElement("div");
  const name = told.appendChild(document.createElement("strong"));
  name.textContent = commune;
  const list = told.appendChild(document.createElement("ul"));
  for (const [title, url] of offers) {
    const link = list.appendChild(document.createElement("li")).appendChild(document.createElement("a"));
    link.textContent = title;
    link.href = url;
  }
  if (n > offers.length) {
    told.appendChild(document.createElement("p")).textContent = words.more.replace("{}", number(n - offers.length));
  }
  return marker.bindPopup(told, { maxWidth: 260, autoPanPadding: [12, 12] });
}

// One button for each part of France that holds an offer, when there are several.
function places(areas, go) {
  const row = box.querySelector(".map-places");
  row.hidden = areas.length < 2;
  for (const area of areas) {
    const button = row.appendChild(document.createElement("button"));
    button.type = "button";
    button.className = "button is-line is-small";
    button.textContent = words.places[area.departement];
    button.addEventListener("click", () => go(area));
  }
}

async function outlines(L, map) {
  const { steps, departements, territories } = await (await fetch(box.dataset.outlines)).json();
  const colour = (name) => getComputedStyle(box).getPropertyValue(name).trim();
  const layer = (shapes, style) => {
    const rings = Object.values(shapes).map((shape) => shape.map((flat) => ring(flat, steps)));
    return L.polygon(rings, { interactive: false, ...style }).addTo(map);
  };
  layer(departements, { color: colour("--edge"), weight: 1, fillColor: colour("--paper"), fillOpacity: 1 });
  layer(territories, { color: colour("--navy"), weight: 0.5, opacity: 0.7, fillColor: colour("--surface-3"), fillOpacity: 0.7 });
}

function ring(flat, steps) {
  let [lat, lon] = flat;
  const points = [[lat / steps, lon / steps]];
  for (let at = 2; at < flat.length; at += 2) {
    lat += flat[at];
    lon += flat[at + 1];
    points.push([lat / steps, lon / steps]);
  }
  return points;
}
