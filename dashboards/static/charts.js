// Panels as charts. Plotly updates a chart in place, so that nothing flickers.

/* global Plotly */

import { destination } from "./choices.js";
import { isNumber, isText, toneOf, value, word } from "./format.js";

const CONFIG = { displayModeBar: false, responsive: true };
const DAY_MS = 86_400_000;
const ORDER = ["assessed", "exposure", "engagement", "credential", "other", "candidate", "review", "developing", "insufficient_evidence"];
const ENOUGH_CONFIDENCE = 0.3;
const DRAW = {
  time_series: timeSeries,
  lines,
  bars: (data) => bars(data, "group"),
  stacked_bars: (data) => bars(data, "stack"),
  heat_map: heatMap,
  matrix,
  intervals,
};

export async function draw(target, data) {
  const { traces, layout } = DRAW[data.kind](data, target.clientWidth);
  await Plotly.react(target, traces, { ...base(), ...layout }, CONFIG);
  target.removeAllListeners("plotly_click");
  if (!data.columns[0].link || data.kind === "matrix") return;
  target.classList.add("leads");
  target.on("plotly_click", ({ points: [point] }) => {
    const address = destination(data.columns[0], data.columns, data.rows[Math.round(point.y)] ?? []);
    if (address) location.assign(address);
  });
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const column = (data, index) => data.rows.map((row) => row[index]);

function base() {
  return {
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: colour("soft") },
    margin: { l: 8, r: 14, t: 8, b: 8 },
    hoverlabel: { bgcolor: colour("card"), bordercolor: colour("line"), font: { color: colour("ink") } },
    legend: { orientation: "h", x: 0, y: 1.03, yanchor: "bottom", traceorder: "normal" },
    dragmode: false,
  };
}

const axis = (more = {}) => ({
  automargin: true,
  gridcolor: colour("line"),
  linecolor: colour("line"),
  zeroline: false,
  ticks: "",
  ticklabelstandoff: 6,
  fixedrange: true,
  ...more,
});

const named = (names) => ({ tickmode: "array", tickvals: names.map((_, place) => place), ticktext: names });
const shorten = (text) => (text.length > 34 ? `${text.slice(0, 33)}…` : text);

// Too little evidence is hatched wherever it is drawn: it is not one more grade.
function fill(tone) {
  const solid = { color: colour(tone), line: { width: 0 } };
  if (tone !== "unknown") return solid;
  return { ...solid, pattern: { shape: "/", size: 7, solidity: 0.3, fgcolor: colour("heat-unknown"), bgcolor: colour("hatch") } };
}

function timeAxes(data, unit) {
  const format = data.interval_s < DAY_MS / 1000 ? "%e %b, %H:%M" : "%a %e %b %Y";
  return {
    hovermode: "x unified",
    xaxis: axis({ type: "date", range: [data.from, data.to], showgrid: false, hoverformat: format }),
    yaxis: axis({ rangemode: "tozero", tickformat: unit === "seconds" ? ",~r" : ",~d", ticksuffix: unit === "seconds" ? " s" : "", nticks: 6 }),
  };
}

function timeSeries(data) {
  const label = data.columns.findIndex((item, index) => index > 0 && isText(item));
  const last = data.columns.length - 1;
  const names = label < 0 ? [data.columns[last].title] : series(column(data, label));
  const width = 0.86 * (data.columns[0].unit === "day" ? DAY_MS : data.interval_s * 1000);
  const traces = names.map((name, index) => {
    const rows = label < 0 ? data.rows : data.rows.filter((row) => row[label] === name);
    return {
      type: "bar",
      name: label < 0 || !data.columns[label].unit ? name : word(name),
      x: rows.map((row) => row[0]),
      y: rows.map((row) => row[last]),
      width,
      offset: 0,
      marker: fill(toneOf(name) ?? `series-${(index % 5) + 1}`),
      hovertemplate: `%{y:,.${data.unit === "hours" ? 1 : 0}f} ${data.unit}<extra>%{fullData.name}</extra>`,
    };
  });
  return { traces, layout: { barmode: "stack", bargap: 0.1, showlegend: label >= 0, ...timeAxes(data, data.unit) } };
}

// The same order, and so the same colour, whatever is in the range.
function series(names) {
  const place = (name) => (ORDER.indexOf(name) + 1 || ORDER.length + 1);
  return [...new Set(names)].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

function lines(data) {
  const times = column(data, 0);
  const traces = data.columns.slice(1).map((item, index) => ({
    type: "scatter",
    mode: "lines+markers",
    name: item.title,
    x: times,
    y: column(data, index + 1),
    line: { color: colour(`series-${index + 1}`), width: 2 },
    marker: { size: 5 },
    hovertemplate: `%{y:.2f} ${data.unit}<extra>%{fullData.name}</extra>`,
  }));
  return { traces, layout: { showlegend: true, ...timeAxes(data, data.unit) } };
}

// Rows are placed by number, not by name: two courses may have the same name.
function bars(data, mode) {
  const places = data.rows.map((_, index) => index);
  const counted = data.columns.map((item, index) => [item, index]).filter(([item]) => isNumber(item));
  const traces = counted.map(([item, index]) => ({
    type: "bar",
    orientation: "h",
    name: item.title,
    x: column(data, index),
    y: places,
    text: column(data, index).map((count) => (count ? value(item, count) : "")),
    textposition: mode === "stack" ? "inside" : "outside",
    insidetextanchor: "middle",
    textangle: 0,
    cliponaxis: false,
    insidetextfont: { color: colour(item.tone === "unknown" ? "ink" : "on-accent") },
    marker: fill(item.tone ?? `series-${index}`),
    hovertemplate: `%{x:,} ${item.unit}<extra>%{fullData.name}</extra>`,
  }));
  const layout = {
    barmode: mode,
    bargap: data.rows.length > 2 ? 0.32 : 0.7,
    bargroupgap: 0.06,
    showlegend: traces.length > 1,
    uniformtext: { minsize: 10, mode: "hide" },
    xaxis: axis({ tickformat: ",~d", rangemode: "tozero" }),
    yaxis: axis({ ...named(rowNames(data)), autorange: "reversed", showgrid: false }),
  };
  return { traces, layout };
}

const rowNames = (data) => column(data, 0).map((name) => shorten(value(data.columns[0], name)));

// Each column has a trace of its own, so that the one for too little evidence can have its own colour.
function heatMap(data, width) {
  const counts = data.columns.slice(1);
  const most = Math.max(1, ...data.rows.flatMap((row) => row.slice(1)));
  const traces = counts.map((item, index) => ({
    ...cells(data.rows.map((row) => [row[index + 1]]), most, item.tone ? "heat-unknown" : "heat-most"),
    x0: index,
    dx: 1,
    texttemplate: "%{z}",
    hovertemplate: `${item.title}: %{z:,} ${item.unit}<extra></extra>`,
  }));
  return { traces, layout: grid(counts.map((item) => item.title), rowNames(data), width) };
}

// Rows hold one cell each. A cell that is null is known to be unknown; one that is not there is not asked for.
function matrix(data, width) {
  const [across, down] = [1, 0].map((index) => [...new Set(column(data, index))].sort());
  const held = new Map(data.rows.map((row) => [`${row[0]}\n${row[1]}`, row]));
  const find = (row, name) => held.get(`${row}\n${name}`);
  const layer = (pick) => down.map((row) => across.map((name) => pick(find(row, name)) ?? null));
  const known = layer((row) => row?.[2]);
  const most = Math.max(1, ...known.flat());
  const text = layer((row) => row && `${word(row[0])}, ${word(row[1])}<br>${about(data.columns, row)}`);
  const traces = [
    { ...cells(layer((row) => (row && row[2] === null ? 1 : null)), 1, "heat-unknown"), texttemplate: "?" },
    { ...cells(known, most, "heat-gap"), texttemplate: "%{z:.0f}" },
  ];
  const layout = grid(across.map(word), down.map(word), width);
  return { traces: traces.map((trace) => ({ ...trace, text, hovertemplate: "%{text}<extra></extra>" })), layout };
}

const about = (columns, row) =>
  columns.slice(2).map((item, index) => `${item.title}: ${value(item, row[index + 2])}`).join("<br>");

const cells = (z, most, name) => ({
  type: "heatmap",
  z,
  zmin: 0,
  zmax: most,
  colorscale: [[0, colour("heat-none")], [1, colour(name)]],
  showscale: false,
  hoverongaps: false,
  xgap: 3,
  ygap: 3,
  textfont: { color: colour("ink") },
});

const LABEL_PX = 6; // a character of a label, about
const ROW_NAMES_PX = 120;

// Names of columns stand in one line where they have the room, else a word a line, else on end.
function grid(across, down, width) {
  const room = (width - ROW_NAMES_PX) / across.length;
  const fit = (names) => Math.max(0, ...names.map((name) => name.length)) * LABEL_PX + 6 < room;
  const isLevel = fit(across.flatMap((name) => name.split(" ")));
  const names = !isLevel || fit(across) ? across : across.map((name) => name.replaceAll(" ", "<br>"));
  return {
    xaxis: axis({ ...named(names), tickangle: isLevel ? 0 : -90, tickfont: { size: 11 }, showgrid: false }),
    yaxis: axis({ ...named(down), autorange: "reversed", showgrid: false }),
  };
}

// Value and range on a scale of 100; hollow and grey where there is too little evidence.
function intervals(data) {
  const places = data.rows.map((_, index) => index);
  const isKnown = (place) => data.rows[place][4] >= ENOUGH_CONFIDENCE;
  const trace = (name, chosen, tone, symbol) => ({
    type: "scatter",
    mode: "markers",
    name,
    x: chosen.map((place) => data.rows[place][1]),
    y: chosen,
    error_x: {
      type: "data",
      symmetric: false,
      array: chosen.map((place) => data.rows[place][3] - data.rows[place][1]),
      arrayminus: chosen.map((place) => data.rows[place][1] - data.rows[place][2]),
      color: colour(tone),
      thickness: symbol === "circle" ? 3 : 1.5,
      width: symbol === "circle" ? 0 : 4,
    },
    marker: { color: colour(tone), size: 12, symbol, line: { color: colour("card"), width: symbol === "circle" ? 2 : 0 } },
    text: chosen.map((place) => about(data.columns, data.rows[place])),
    hovertemplate: "Level %{x:.0f}<br>%{text}<extra></extra>",
  });
  const names = data.rows.map((row, place) => `${shorten(value(data.columns[0], row[0]))}  <b>${isKnown(place) ? Math.round(row[1]) : "?"}</b>`);
  return {
    traces: [
      trace("Level and 90 % interval", places.filter(isKnown), "neutral", "circle"),
      trace("Too little evidence", places.filter((place) => !isKnown(place)), "unknown", "circle-open"),
    ],
    layout: {
      showlegend: true,
      xaxis: axis({ range: [0, 100], dtick: 20 }),
      yaxis: axis({ ...named(names), range: [data.rows.length - 0.4, -0.6], showgrid: false }),
    },
  };
}
