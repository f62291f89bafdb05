// Panels as charts. Plotly updates a chart in place, so that nothing flickers.

/* global Plotly */

import { isText, value, word } from "./format.js";

const CONFIG = { displayModeBar: false, responsive: true };
const HOUR_MS = 3_600_000;
const KIND_ORDER = ["assessed", "exposure", "engagement", "credential", "other"];
const DRAW = { time_series: timeSeries, bars: (data) => bars(data, "group"), stacked_bars: (data) => bars(data, "stack"), heat_map: heatMap };

export function draw(target, data) {
  const { traces, layout } = DRAW[data.kind](data);
  return Plotly.react(target, traces, { ...base(), ...layout }, CONFIG);
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const column = (data, index) => data.rows.map((row) => row[index]);

function base() {
  return {
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: colour("soft") },
    margin: { l: 8, r: 12, t: 8, b: 8 },
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

function timeSeries(data) {
  const label = data.columns.findIndex((item, index) => index > 0 && isText(item));
  const last = data.columns.length - 1;
  const names = label < 0 ? [data.columns[last].title] : series(column(data, label));
  const width = barWidth(column(data, 0));
  const traces = names.map((name, index) => {
    const rows = label < 0 ? data.rows : data.rows.filter((row) => row[label] === name);
    return {
      type: "bar",
      name: label < 0 ? name : word(name),
      x: rows.map((row) => row[0]),
      y: rows.map((row) => row[last]),
      width,
      offset: 0,
      marker: { color: colour(`series-${(index % 5) + 1}`), line: { width: 0 } },
      hovertemplate: `%{y:,} ${data.unit}<extra>%{fullData.name}</extra>`,
    };
  });
  const layout = {
    barmode: "stack",
    bargap: 0.1,
    hovermode: "x unified",
    showlegend: label >= 0,
    xaxis: axis({ type: "date", range: [data.from, data.to], showgrid: false, hoverformat: "%a %e %b %Y" }),
    yaxis: axis({ rangemode: "tozero", tickformat: ",~d", nticks: 6 }),
  };
  return { traces, layout };
}

// The same order, and so the same colour, whatever is in the range.
function series(names) {
  const place = (name) => (KIND_ORDER.indexOf(name) + 1 || KIND_ORDER.length + 1);
  return [...new Set(names)].sort((a, b) => place(a) - place(b));
}

function barWidth(times) {
  const moments = [...new Set(times)].map(Date.parse).sort((a, b) => a - b);
  const gaps = moments.slice(1).map((moment, index) => moment - moments[index]);
  return 0.86 * Math.min(...gaps, 24 * HOUR_MS * (gaps.length ? 365 : 1));
}

// Rows are placed by number, not by name: two courses may have the same name.
function bars(data, mode) {
  const places = data.rows.map((_, index) => index);
  const traces = data.columns.slice(1).map((item, index) => ({
    type: "bar",
    orientation: "h",
    name: item.title,
    x: column(data, index + 1),
    y: places,
    text: column(data, index + 1).map((count) => (count ? value(item, count) : "")),
    textposition: mode === "stack" ? "inside" : "outside",
    insidetextanchor: "middle",
    textangle: 0,
    cliponaxis: false,
    marker: { color: colour(item.tone ?? `series-${index + 1}`), line: { width: 0 } },
    hovertemplate: `%{x:,} ${item.unit}<extra>%{fullData.name}</extra>`,
  }));
  const names = column(data, 0).map((name) => shorten(value(data.columns[0], name)));
  const layout = {
    barmode: mode,
    bargap: data.rows.length > 2 ? 0.32 : 0.7,
    bargroupgap: 0.06,
    showlegend: traces.length > 1,
    uniformtext: { minsize: 10, mode: "hide" },
    xaxis: axis({ tickformat: ",~d", rangemode: "tozero" }),
    yaxis: axis({ autorange: "reversed", tickmode: "array", tickvals: places, ticktext: names, showgrid: false }),
  };
  return { traces, layout };
}

// Each column has a trace of its own, so that the one for too little evidence can have its own colour.
function heatMap(data) {
  const counts = data.columns.slice(1);
  const most = Math.max(1, ...data.rows.flatMap((row) => row.slice(1)));
  const traces = counts.map((item, index) => ({
    type: "heatmap",
    x0: index,
    dx: 1,
    z: data.rows.map((row) => [row[index + 1]]),
    zmin: 0,
    zmax: most,
    colorscale: [[0, colour("heat-none")], [1, colour(item.tone ? "heat-unknown" : "heat-most")]],
    showscale: false,
    xgap: 3,
    ygap: 3,
    texttemplate: "%{z}",
    textfont: { color: colour("ink") },
    hovertemplate: `${item.title}: %{z:,} ${item.unit}<extra></extra>`,
  }));
  const named = (names) => ({ tickmode: "array", tickvals: names.map((_, place) => place), ticktext: names });
  const rows = column(data, 0).map((name) => value(data.columns[0], name));
  const layout = {
    xaxis: axis({ ...named(counts.map((item) => broken(item.title))), tickangle: 0, showgrid: false }),
    yaxis: axis({ ...named(rows), autorange: "reversed", showgrid: false }),
  };
  return { traces, layout };
}

const broken = (title) => title.replace(/^(.{8,}?) /, "$1<br>");
const shorten = (text) => (text.length > 34 ? `${text.slice(0, 33)}…` : text);
