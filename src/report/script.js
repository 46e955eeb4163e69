"use strict";
// Makes what is on the page answer to whoever points at it or chooses. Without it the page is complete, only still.
const enliven = () => {
  const two = n => String(n).padStart(2, "0");
  const number = v => v.toLocaleString(document.documentElement.lang, {maximumFractionDigits: Math.abs(v) < 10 ? 2 : 0});
  const at = (v, x) => {
    if (!v.day) return number(x);
    const [y, m, d] = v.day.split("-").map(Number), t = new Date(Date.UTC(y, m - 1, d) + Math.round(x * 60) * 6e4);
    return `${t.getUTCMonth() + 1}-${t.getUTCDate()} ${two(t.getUTCHours())}:${two(t.getUTCMinutes())}`;
  };
  const height = (points, x) => {
    let k = points.findIndex(p => p[0] >= x);
    if (k < 0) return null;
    if (k === 0) return points[0][0] - x < 1e-6 ? points[0][1] : null;
    const [a, b] = [points[k - 1], points[k]];
    return a[0] === b[0] ? b[1] : a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0]);
  };
  for (const figure of document.querySelectorAll("figure[data-values]")) {
    const v = JSON.parse(figure.dataset.values), box = figure.querySelector(".drawing");
    if (!v.lines.length && !v.tiles.length) continue;
    const tip = document.createElement("div"), rule = document.createElement("div");
    tip.className = "point"; rule.className = "rule"; tip.hidden = rule.hidden = true;
    box.append(rule, tip);
    const hide = () => { tip.hidden = rule.hidden = true; };
    box.addEventListener("pointerleave", hide);
    box.addEventListener("pointermove", event => {
      const area = box.querySelector("svg").getBoundingClientRect(), scale = area.width / 1920;
      const px = (event.clientX - area.left) / scale, py = (event.clientY - area.top) / scale;
      const sx = (px - v.across[0]) / (v.across[1] - v.across[0]), sy = (py - v.up[0]) / (v.up[1] - v.up[0]);
      if (sx < 0 || sx > 1 || sy < 0 || sy > 1) return hide();
      const x = v.x[0] + sx * (v.x[1] - v.x[0]), y = v.y[0] + sy * (v.y[1] - v.y[0]);
      const said = [];
      if (v.tiles.length) {
        const tile = v.tiles.find(t => t[0] <= x && x <= t[2] && t[1] <= y && y <= t[3]);
        if (!tile) return hide();
        const row = v.rows.find(r => tile[1] <= r[0] && r[0] <= tile[3]);
        if (row) said.push(row[1]);
        said.push(tile[4]);
      } else {
        said.push(at(v, x));
        for (const line of v.lines) {
          const value = height(line.points, x);
          if (value !== null) said.push(`${line.name} ${number(value)}`);
        }
        if (said.length < 2) return hide();
      }
      tip.replaceChildren(...said.map(text => { const p = document.createElement("div"); p.textContent = text; return p; }));
      tip.hidden = false; rule.hidden = v.tiles.length > 0;
      const left = event.clientX - area.left, room = box.clientWidth - left;
      tip.style.left = room < 200 ? "" : `${left + 14}px`;
      tip.style.right = room < 200 ? `${room + 14}px` : "";
      tip.style.top = `${Math.max(4, event.clientY - area.top - 40)}px`;
      rule.style.left = `${left}px`;
      rule.style.top = `${v.up[1] * scale}px`;
      rule.style.height = `${(v.up[0] - v.up[1]) * scale}px`;
    });
  }
  const choice = document.getElementById("site"), sheets = [...document.querySelectorAll(".sheet")];
  if (choice && sheets.length > 1) {
    choice.closest("p").hidden = false;
    choice.addEventListener("change", () => sheets.forEach((sheet, k) => { sheet.hidden = choice.value !== "" && Number(choice.value) !== k; }));
  }
  const maps = [...document.querySelectorAll("figure[data-hours]")].map(figure => hours(figure, at));
  const round = document.getElementById("round");
  if (round) {
    round.closest("p").hidden = false;
    round.addEventListener("change", () => {
      for (const row of document.querySelectorAll(".rounds tbody tr")) row.hidden = round.value !== "" && row.cells[0].textContent !== round.value;
      for (const turn of maps) turn(round.value);
    });
  }
};
// The map at an hour: what is done by then has a full ring. The map of another round comes from its template. Returns what shows a round by
// its name; without one that which the page has.
const hours = (figure, at) => {
  const field = figure.querySelector("input"), said = figure.querySelector("output"), choice = figure.querySelector("select");
  const map = of => ({values: of.dataset.values, hours: of.dataset.hours, caption: of.querySelector("figcaption"), drawing: of.querySelector("svg")});
  const own = map(figure), others = [...figure.querySelectorAll("template")].map(one => map(one.content.firstElementChild));
  const maps = choice ? [...choice.options].map(option => option.defaultSelected ? own : others.shift()) : [own];
  let h, rings, layer, chosen = false;
  const draw = () => {
    const v = JSON.parse(figure.dataset.values), svg = figure.querySelector(".drawing svg"), fine = svg.viewBox.baseVal.width / 1920;
    const along = (x, from, to) => (to[0] + (x - from[0]) / (from[1] - from[0]) * (to[1] - to[0])) * fine;
    layer?.remove();
    layer = document.createElementNS(svg.namespaceURI, "g");
    h = JSON.parse(figure.dataset.hours);
    rings = h.places.map(([x, y, site]) => {
      const ring = document.createElementNS(svg.namespaceURI, "circle");
      ring.setAttribute("cx", along(x, v.x, v.across));
      ring.setAttribute("cy", along(y, v.y, v.up));
      ring.setAttribute("r", (site ? 24 : 20) * fine);
      layer.append(ring);
      return ring;
    });
    svg.append(layer);
    field.min = 0;
    field.max = h.last;
    if (!chosen) field.value = h.last;
  };
  const show = () => {
    // Nothing lies over the map until somebody chooses an hour.
    layer.setAttribute("visibility", chosen ? "visible" : "hidden");
    const steps = Number(field.value), done = h.places.map(place => place[3] !== null && place[3] <= steps);
    rings.forEach((ring, k) => ring.setAttribute("class", done[k] ? "ring done" : "ring"));
    const share = site => `${h.places.filter((place, k) => place[2] === site && done[k]).length}/${h.places.filter(place => place[2] === site).length}`;
    said.textContent = `${at(h, (h.opens + steps * h.step) / 60)} · ${share(1)} ${h.says[0]} · ${share(0)} ${h.says[1]}`;
  };
  const turn = to => {
    figure.dataset.values = to.values;
    figure.dataset.hours = to.hours;
    figure.querySelector("figcaption").replaceWith(to.caption);
    figure.querySelector(".drawing svg").replaceWith(to.drawing);
    draw();
    show();
  };
  field.addEventListener("input", () => { chosen = true; show(); });
  choice?.addEventListener("change", () => turn(maps[choice.selectedIndex]));
  field.closest("p").hidden = false;
  draw();
  show();
  return name => {
    const k = choice ? [...choice.options].findIndex(option => name === "" ? option.defaultSelected : option.text === name) : -1;
    if (k < 0 || k === choice.selectedIndex) return;
    choice.selectedIndex = k;
    turn(maps[k]);
  };
};
