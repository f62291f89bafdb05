// Asks for the figures every few seconds and draws what has changed.

import { draw } from "./charts.js";
import { chosenRange, lead, offer, question, recall, remember } from "./choices.js";
import { date, time, toneAt, value } from "./format.js";
import { element, records, table } from "./table.js";

const EVERY_MS = 5000;
const clock = document.body.dataset.clock;
const controls = document.getElementById("controls");
const freshness = document.getElementById("freshness");
const problem = document.getElementById("problem");
const pause = document.getElementById("pause");
const panels = [...document.querySelectorAll("[data-panel]")].map((article) => ({
  id: article.dataset.panel,
  kind: article.dataset.kind,
  title: article.querySelector("h3").textContent,
  body: article.querySelector("[data-body]"),
  toggle: article.querySelector("[data-toggle]"),
  download: article.querySelector("[data-download]"),
  shown: "",
}));

let timer;
let round = new AbortController();

async function refresh() {
  clearTimeout(timer);
  round.abort();
  const { signal } = (round = new AbortController());
  try {
    const overview = JSON.parse(await ask(`overview/${document.body.dataset.dashboard}.json`, signal));
    const query = describe(overview);
    await Promise.all(panels.map((panel) => update(panel, query, signal)));
    tell("live", fresh(overview));
    problem.hidden = true;
  } catch (error) {
    if (signal.aborted) return;
    tell("away", "Not up to date");
    complain(error.message);
  }
  if (!isPressed(pause)) timer = setTimeout(refresh, EVERY_MS);
}

async function ask(address, signal) {
  const response = await fetch(address, { signal }).catch((error) => {
    throw signal.aborted ? error : new Error("The server of this page does not answer.");
  });
  const text = await response.text();
  if (!response.ok) throw new Error(reason(response, text));
  return text;
}

function reason(response, text) {
  const isOurs = response.headers.get("content-type") === "application/json";
  return isOurs ? JSON.parse(text).error : `The server of this page answers ${response.status}.`;
}

// Brings the controls up to date and returns what they ask for, as a query string.
function describe(overview) {
  const range = overview.ranges[chosenRange()];
  document.getElementById("range").textContent = clock === "arrivals" ? moments(range) : days(range);
  if (offer(overview.offers)) remember();
  lead();
  return question(range);
}

const moments = (range) => `${time(range.from)} – ${time(range.to)}`;
const days = (range) => `${date(range.from)} – ${date(Date.parse(range.to) - 1)}`;

async function update(panel, query, signal) {
  panel.download.href = `panel/${panel.id}.csv?${query}`;
  const text = await ask(`panel/${panel.id}.json?${query}`, signal);
  if (text === panel.shown) return;
  panel.shown = text;
  show(panel);
}

function show(panel) {
  if (!panel.shown) return;
  const data = JSON.parse(panel.shown);
  const asTable = panel.kind === "table" || isPressed(panel.toggle);
  if (panel.kind === "stat") panel.body.replaceChildren(figure(data));
  else if (!data.rows.length) panel.body.replaceChildren(element("p", "empty", data.empty));
  else if (panel.kind === "record") panel.body.replaceChildren(records(data));
  else if (asTable) keepPlace(panel.body, table(panel.title, data));
  else draw(chart(panel), data);
}

function figure(data) {
  const [column] = data.columns;
  const [[content]] = data.rows;
  const result = element("p", "figure");
  const tone = toneAt(column, content);
  if (tone) result.style.setProperty("--tone", `var(--${tone})`);
  result.dataset.tone = tone ?? "";
  const isNothing = content === null || (content === 0 && !(data.unit in MEASURES));
  const text = content === null ? "–" : value(column, content);
  result.append(element("b", "", text), element("span", "", isNothing ? data.empty : words(data.unit)));
  return result;
}

// Of what is measured rather than counted, zero is a value like any other.
const MEASURES = { share: "", seconds: "", points: "of 100" };
const words = (unit) => MEASURES[unit] ?? unit;

function chart(panel) {
  const existing = panel.body.querySelector(".chart");
  if (existing) return existing;
  const target = element("div", "chart");
  target.setAttribute("role", "img");
  target.setAttribute("aria-label", `Chart: ${panel.title}. The button Table shows the same figures.`);
  panel.body.replaceChildren(target);
  return target;
}

// A new table takes the place of the old one without moving what is being read.
function keepPlace(body, content) {
  const old = body.querySelector(".scroll");
  const { scrollTop = 0, scrollLeft = 0 } = old ?? {};
  const links = old ? [...old.querySelectorAll("a")] : [];
  const focused = old !== null && old === document.activeElement ? content : undefined;
  const link = links.indexOf(document.activeElement);
  body.replaceChildren(content);
  content.scrollTo(scrollLeft, scrollTop);
  (link < 0 ? focused : content.querySelectorAll("a")[link])?.focus({ preventScroll: true });
}

function fresh({ newest, arrival, as_of }) {
  if (clock === "arrivals") return arrival ? `Newest arrival ${time(arrival)}` : "No arrival yet";
  const events = newest ? `Newest event ${time(newest)}` : "No event yet";
  return as_of ? `${events} · readiness as of ${date(as_of)}` : events;
}

// A live region: it is written to only when it has something new to say.
function tell(state, text) {
  freshness.dataset.state = state;
  if (freshness.textContent !== text) freshness.textContent = text;
}

function complain(text) {
  problem.hidden = false;
  const shown = `${text} What is drawn below may be out of date; trying again every few seconds.`;
  if (problem.textContent !== shown) problem.textContent = shown;
}

function start() {
  recall();
  lead();
  controls.addEventListener("change", () => {
    remember();
    refresh();
  });
  controls.addEventListener("submit", (event) => event.preventDefault());
  pause.addEventListener("click", () => {
    if (press(pause)) stop();
    else refresh();
  });
  for (const panel of panels) {
    panel.toggle?.addEventListener("click", () => {
      press(panel.toggle);
      show(panel);
    });
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => panels.forEach(show));
  refresh();
}

function stop() {
  clearTimeout(timer);
  round.abort();
  tell("paused", "Updates are paused");
}

const isPressed = (button) => button?.getAttribute("aria-pressed") === "true";

// Presses or releases a toggle button and returns whether it is pressed now.
function press(button) {
  button.setAttribute("aria-pressed", String(!isPressed(button)));
  return isPressed(button);
}

start();
