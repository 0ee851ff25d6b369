"use strict";
// Draws the charts of a page with uPlot: stacks, lines, limits, and the bands behind them.
// The charts of a page share the place of the cursor and the part that is zoomed.
const adsmockCharts = (() => {
  const HATCH = {throttled: "/", failed: "x", writes: "/", reports: "x", tokens: "/"};
  const DASH = {second: [8, 4], third: [2, 3], fourth: [10, 3, 2, 3], limit: [10, 4]};
  const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];
  const HOURS = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 4, 6, 12, 24, 48];
  const LANE = 17;
  const figures = new Map();
  const sync = uPlot.sync("adsmock");

  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const number = (value) => (Math.abs(value) < 1e-9 ? 0 : value).toLocaleString("en", {maximumFractionDigits: value < 10 ? 2 : 0});

  // An opaque fill: the color, with lines of the page's surface for a pattern.
  const fill = (context, tone, ratio = devicePixelRatio) => {
    const hatch = HATCH[tone], size = Math.round(8 * ratio);
    if (!hatch) return color(`chart-${tone}`);
    const tile = document.createElement("canvas");
    tile.width = tile.height = size;
    const pen = tile.getContext("2d");
    pen.fillStyle = color(`chart-${tone}`);
    pen.fillRect(0, 0, size, size);
    pen.strokeStyle = color("surface");
    pen.lineWidth = 1.4 * ratio;
    pen.beginPath();
    for (const shift of [-size, 0, size]) {
      pen.moveTo(shift, size); pen.lineTo(shift + size, 0);
      if (hatch === "x") { pen.moveTo(shift, 0); pen.lineTo(shift + size, size); }
    }
    pen.stroke();
    return context.createPattern(tile, "repeat");
  };

  const time = (seconds, span) => {
    const round = (value) => String(Math.round(value * 100) / 100);
    if (span >= 10800) return `${round(seconds / 3600)} h`;
    return span >= 300 ? `${round(seconds / 60)} min` : `${round(seconds)} s`;
  };
  const clock = (hour) => `${String(Math.floor(hour)).padStart(2, "0")}:${String(Math.round(hour % 1 * 60)).padStart(2, "0")}`;

  // The places of marks on an axis whose unit is `unit` times the unit of the data.
  const marks = (steps, unit, room) => (plot, axis, min, max) => {
    const fits = Math.max(2, plot.bbox.width / devicePixelRatio / room);
    const step = steps.find((each) => (max - min) * unit / each <= fits) ?? steps.at(-1);
    const found = [];
    for (let at = Math.ceil(min * unit / step - 1e-6) * step; at <= max * unit + 1e-6; at += step) found.push(at / unit);
    return found;
  };

  // Lanes above the plot for the names of bands, so that no name covers another.
  const lanes = (bands, [min, max], width, measure) => {
    const ends = [], span = max - min;
    return bands.map((band) => {
      if (band.end <= min || band.begin >= max) return 0;
      const left = Math.max(0, (band.begin - min) / span) * width;
      const text = measure(band.name) + 10;
      const from = Math.min(left, Math.max(0, width - text));
      const to = Math.max(from + text, Math.min(1, (band.end - min) / span) * width);
      let lane = ends.findIndex((taken) => taken <= from);
      if (lane < 0) lane = ends.length;
      ends[lane] = to;
      return lane;
    });
  };

  class Figure {
    constructor(element, chart) {
      this.element = element;
      this.place = element.querySelector(".chart-plot");
      this.legend = element.querySelector(".chart-legend");
      this.said = element.querySelector(".chart-place");
      this.view = 0;
      this.range = null;
      this.choice = element.querySelector("select");
      this.choice?.addEventListener("change", () => { this.view = Number(this.choice.value); this.draw(); });
      this.place.addEventListener("keydown", (event) => this.press(event));
      new ResizeObserver(() => this.fit()).observe(this.place);
      this.set(chart);
    }

    // Show new numbers: in the chart that is there, if it has the same series and bands.
    set(chart) {
      const outline = ({views, bands, axis}) => JSON.stringify([views.map((view) => [view.name, view.lines.map((line) => line.name)]), bands.map((band) => band.name), axis.event > 0]);
      const chosen = this.chart?.views[this.view]?.name;
      const isSame = this.chart && outline(chart) === outline(this.chart);
      this.chart = chart;
      if (!isSame) {
        this.view = Math.max(0, chart.views.findIndex((view) => view.name === chosen));
        this.choice?.replaceChildren(...chart.views.map((view, place) => new Option(view.name, place, false, place === this.view)));
      }
      if (!isSame || Math.max(0, ...this.lanes()) !== Math.max(0, ...this.lane)) return this.draw();
      this.lane = this.lanes();
      this.place.setAttribute("aria-label", this.shown.summary);
      this.plot.setData(this.data());
      this.read(this.plot.cursor.idx);
    }

    get shown() { return this.chart.views[this.view]; }

    get lines() { return this.shown.lines; }

    // The series from back to front: sums of the stack, highest first, then lines and limits.
    // A limit has a rim, so that it is visible on every fill.
    series() {
      const stack = this.lines.filter((line) => line.kind === "stack");
      const rest = this.lines.filter((line) => line.kind !== "stack");
      const sums = [];
      stack.forEach((line, place) => sums.push(line.values.map((value, at) => value + (place ? sums[place - 1][at] : 0))));
      const front = rest.flatMap((line) => line.kind === "limit" ? [{line, values: line.values, isRim: true}, {line, values: line.values}] : [{line, values: line.values}]);
      return [...stack.map((line, place) => ({line, values: sums[place]})).reverse(), ...front];
    }

    data() {
      const {at, end} = this.chart.axis;
      return [[...at, end], ...this.series().map(({values}) => [...values, values.at(-1) ?? 0])];
    }

    width() { return Math.max(200, this.place.clientWidth); }

    fit() {
      if (this.plot && Math.abs(this.plot.width - this.width()) > 1) this.draw();
    }

    lanes() {
      const context = document.createElement("canvas").getContext("2d");
      context.font = "12px system-ui, sans-serif";
      return lanes(this.chart.bands, this.range ?? [0, this.chart.axis.end], this.width() - 72, (text) => context.measureText(text).width);
    }

    draw() {
      this.lane = this.lanes();
      const strip = this.chart.bands.length ? (Math.max(...this.lane) + 1) * LANE + 4 : 8;
      this.plot?.destroy();
      this.plot = new uPlot({
        width: this.width(),
        height: 190 + strip + (this.chart.axis.event ? 34 : 0),
        padding: [strip, 22, 0, 0],
        legend: {show: false},
        cursor: {sync: {key: sync.key, scales: ["x", null]}, drag: {x: true, y: false}, points: {show: false}},
        scales: {x: {time: false, range: (plot, min, max) => this.range ?? [0, this.chart.axis.end]}, y: {range: () => [0, this.shown.top * 1.06]}},
        axes: this.axes(),
        series: [{}, ...this.series().map((each) => this.style(each))],
        hooks: {
          drawClear: [(plot) => this.behind(plot)],
          setCursor: [(plot) => this.read(plot.cursor.idx)],
          setSelect: [(plot) => {
            const {left, width} = plot.select;
            if (width <= 4) return plot.setSelect({left: 0, width: 0, top: 0, height: 0}, false);
            const [from, to] = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
            queueMicrotask(() => zoom(from, to)); // it makes the plot again, so not while that handles the mouse
          }],
        },
      }, this.data(), this.place);
      this.plot.over.addEventListener("dblclick", () => zoom(null));
      this.place.setAttribute("aria-label", this.shown.summary);
      this.names();
    }

    axes() {
      const shared = {stroke: color("dim"), font: "12px system-ui, sans-serif", grid: {stroke: color("line"), width: 1}, ticks: {stroke: color("line"), width: 1, size: 4}};
      const {kind, event} = this.chart.axis;
      const part = () => this.chart.axis.event / this.chart.axis.end;
      const first = kind === "clock"
        ? {...shared, splits: marks([1, 2, 3, 6, 12], 1, 44), values: (plot, all) => all.map(clock), size: 26}
        : {...shared, splits: marks(SECONDS, 1, 56), values: (plot, all) => all.map((each) => time(each, this.chart.axis.end)), size: 26};
      const hours = {...shared, grid: {show: false}, splits: (plot, axis, min, max) => marks(HOURS, part(), 44)(plot, axis, min, max), size: 26, gap: 2,
        values: (plot, all) => all.map((each, place) => `${place ? "" : "hour "}${number(each * part())}`)};
      const up = {...shared, size: 50, space: 34, values: (plot, all) => all.map(number)};
      return event ? [first, up, {...hours, scale: "x", side: 2}] : [first, up];
    }

    style({line, isRim}) {
      const step = uPlot.paths.stepped({align: 1});
      if (isRim) return {paths: step, points: {show: false}, stroke: color("surface"), width: 5};
      if (line.kind === "stack") {
        return {paths: step, points: {show: false}, stroke: color("surface"), width: 1, fill: (plot) => fill(plot.ctx, line.tone)};
      }
      return {paths: step, points: {show: false}, stroke: color(`chart-${line.tone}`), width: line.tone === "total" ? 1.25 : 2.25, dash: DASH[line.tone]};
    }

    // Bands behind the curves, each with its name in a lane above them.
    behind(plot) {
      const {ctx, bbox} = plot, ratio = devicePixelRatio;
      ctx.save();
      ctx.font = `${12 * ratio}px system-ui, sans-serif`;
      ctx.textBaseline = "middle";
      ctx.textAlign = "left";  // the axes of an earlier drawing leave "center"
      const shaded = new Set();
      this.chart.bands.forEach((band, place) => {
        const [min, max] = [plot.scales.x.min, plot.scales.x.max];
        if (band.end <= min || band.begin >= max) return;
        const left = plot.valToPos(Math.max(min, band.begin), "x", true), right = plot.valToPos(Math.min(max, band.end), "x", true);
        const y = bbox.top - (this.lane[place] + 0.5) * LANE * ratio - 2 * ratio;
        const ink = color(`chart-${band.kind}`);
        ctx.globalAlpha = band.kind === "phase" ? 0.1 : 0.2;
        ctx.fillStyle = ink;
        const area = `${band.kind} ${band.begin} ${band.end}`;
        const isAll = band.begin <= 0 && band.end >= this.chart.axis.end;
        if (band.kind !== "phase" && !isAll && !shaded.has(area)) ctx.fillRect(left, bbox.top, right - left, bbox.height);
        shaded.add(area);
        ctx.fillRect(left, y - LANE * ratio / 2 + ratio, right - left, LANE * ratio - 2 * ratio);
        ctx.globalAlpha = 1;
        ctx.fillRect(left, y - LANE * ratio / 2 + ratio, 2 * ratio, LANE * ratio - 2 * ratio);
        if (band.kind !== "phase" && !isAll) {
          ctx.strokeStyle = ink; ctx.lineWidth = ratio; ctx.setLineDash([4 * ratio, 3 * ratio]);
          ctx.beginPath();
          for (const x of [left, right]) { ctx.moveTo(x, bbox.top); ctx.lineTo(x, bbox.top + bbox.height); }
          ctx.stroke();
        }
        ctx.fillStyle = color("ink");
        const room = ctx.measureText(band.name).width;
        ctx.fillText(band.name, Math.max(bbox.left, Math.min(left + 5 * ratio, bbox.left + bbox.width - room)), y);
      });
      ctx.restore();
    }

    names() {
      this.legend.replaceChildren(...this.lines.map((line) => {
        const row = document.createElement("li"), swatch = document.createElement("canvas");
        swatch.width = 44; swatch.height = 32;
        const pen = swatch.getContext("2d");
        if (line.kind === "stack") {
          pen.fillStyle = fill(pen, line.tone, 2);
          pen.fillRect(0, 0, 44, 32);
        } else {
          pen.strokeStyle = color(`chart-${line.tone}`);
          pen.lineWidth = 5;
          pen.setLineDash((DASH[line.tone] ?? []).map((each) => each * 1.4));
          pen.beginPath(); pen.moveTo(0, 16); pen.lineTo(44, 16); pen.stroke();
        }
        row.append(swatch, line.name, " ", document.createElement("b"));
        return row;
      }));
    }

    // Show the values of one step in the legend.
    read(index) {
      const {at, end, event, kind} = this.chart.axis;
      const step = index == null ? null : Math.min(index, at.length - 1);
      this.lines.forEach((line, place) => {
        this.legend.children[place].lastChild.textContent = step == null ? "" : number(line.values[step]);
      });
      const hour = event ? `, hour ${number(at[step] / end * event)} of the event` : "";
      this.said.textContent = step == null ? "" : kind === "clock" ? `${clock(at[step])} UTC` : `${time(at[step], end)}${hour}`;
    }

    // Arrow keys move the cursor, plus and minus zoom, Escape shows everything.
    press(event) {
      const {at, end} = this.chart.axis, [min, max] = this.range ?? [0, end];
      const first = at.findIndex((each) => each >= min), last = at.findLastIndex((each) => each < max);
      const now = this.plot.cursor.idx;
      const moves = {ArrowLeft: (now ?? last + 1) - 1, ArrowRight: (now ?? first - 1) + 1, Home: first, End: last};
      if (event.key in moves) {
        const index = Math.max(first, Math.min(last, moves[event.key]));
        for (const {plot, chart} of figures.values()) plot.setCursor({left: plot.valToPos(chart.axis.at[index] + 1e-6, "x"), top: 10});
      } else if (event.key === "+" || event.key === "-") magnify(event.key === "+" ? 2 : 0.5, (min + max) / 2);
      else if (event.key === "Escape") zoom(null);
      else return;
      event.preventDefault();
    }
  }

  // Show a part of the axis in all charts; without arguments, all of it.
  const zoom = (from, to) => {
    for (const figure of figures.values()) {
      const end = figure.chart.axis.end;
      const left = Math.max(0, from ?? 0), right = Math.min(end, to ?? end);
      figure.range = from == null || (left <= 0 && right >= end) || right - left < end / 1000 ? null : [left, right];
      figure.draw();
    }
  };
  const magnify = (times, middle) => {
    const {plot} = figures.values().next().value;
    const half = (plot.scales.x.max - plot.scales.x.min) / 2 / times;
    const center = middle ?? (plot.scales.x.max + plot.scales.x.min) / 2;
    zoom(center - half, center + half);
  };

  const redraw = () => figures.forEach((figure) => figure.draw());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  addEventListener("beforeprint", () => { document.documentElement.dataset.print = ""; redraw(); });
  addEventListener("afterprint", () => { delete document.documentElement.dataset.print; redraw(); });

  return {
    // Draw charts, or draw those again whose numbers have changed.
    draw(charts) {
      for (const chart of charts) {
        const known = figures.get(chart.id), element = document.getElementById(chart.id);
        if (known) known.set(chart);
        else if (element) figures.set(chart.id, new Figure(element, chart));
      }
    },
    figures,
    start() {
      const source = document.getElementById("charts");
      if (source) this.draw(JSON.parse(source.textContent));
      const steps = {in: () => magnify(2), out: () => magnify(0.5), all: () => zoom(null)};
      document.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", steps[button.dataset.zoom]));
    },
  };
})();
adsmockCharts.start();
