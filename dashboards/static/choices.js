// What is chosen: it stands in the controls and in the address of the page, and links carry it along.

const controls = document.getElementById("controls");
const variables = [...controls.querySelectorAll("[data-variable]")];
const tabs = [...document.querySelectorAll("nav a[data-dashboard]")];

export const chosenRange = () => new FormData(controls).get("range");
const chosen = (name) => controls.elements[name]?.value.trim() ?? "";

// The values of the variables, as the server is asked for them.
export function question(range) {
  const query = new URLSearchParams({ from: range.from, to: range.to });
  for (const { name } of variables) if (chosen(name)) query.append(name, chosen(name));
  return query;
}

// The address of another dashboard: `set` holds values by variable, the others stay as they are chosen here.
export function address(dashboard, set = {}) {
  const tab = tabs.find((link) => link.dataset.dashboard === dashboard);
  const query = new URLSearchParams({ range: chosenRange() });
  for (const name of tab.dataset.variables.split(" ")) {
    const content = set[name] ?? chosen(name);
    if (content) query.set(name, content);
  }
  return `${dashboard}?${query}`;
}

// The address that a value of a row leads to, if it leads anywhere.
export function destination(column, columns, row) {
  if (!column.link) return "";
  const set = Object.entries(column.link.variables).map(([name, source]) => [
    name,
    row[columns.findIndex((item) => item.name === source)],
  ]);
  return set.every(([, content]) => content) ? address(column.link.dashboard, Object.fromEntries(set)) : "";
}

export function remember() {
  history.replaceState(null, "", address(document.body.dataset.dashboard));
  lead();
}

// Makes the navigation lead to what is chosen here.
export function lead() {
  for (const link of tabs) link.href = address(link.dataset.dashboard);
}

// Takes over what the address of the page asks for.
export function recall() {
  const query = new URLSearchParams(location.search);
  const range = [...controls.querySelectorAll("[name=range]")].find((option) => option.value === query.get("range"));
  if (range) range.checked = true;
  for (const control of variables) {
    const content = query.get(control.name);
    if (!content) continue;
    if (control.tagName === "SELECT") control.append(new Option(content, content, true, true));
    else control.value = content;
  }
}

// Puts the values that there are into the controls. Returns whether one was chosen that nobody chose.
export function offer(offers) {
  let isNew = false;
  for (const control of variables) {
    const known = offers[control.name];
    if (control.tagName === "SELECT") select(control, known);
    else if (known) isNew = suggest(control, known) || isNew;
  }
  return isNew;
}

function select(control, known) {
  const chosenNow = control.value;
  const wanted = known.some(([content]) => content === chosenNow) || !chosenNow ? known : [...known, [chosenNow, chosenNow]];
  const labels = wanted.map(([content, label]) => `${content} ${label}`).join("\n");
  if (control.dataset.labels === labels) return;
  control.dataset.labels = labels;
  control.replaceChildren(control.options[0], ...wanted.map(([content, label]) => new Option(label, content)));
  control.value = chosenNow;
}

function suggest(control, known) {
  const list = control.list;
  if (list.children.length !== known.length) {
    list.replaceChildren(...known.map(([content]) => new Option(content, content)));
  }
  if (control.value || !known.length) return false;
  control.value = known[0][0];
  return true;
}
