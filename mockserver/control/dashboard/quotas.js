// Quotas: gauges with their history, what a call costs, pressure.
import { app } from "./app.js";
import { ask } from "./api.js";
import { button, chip, field, make, refill, table } from "./element.js";
import { count, duration } from "./format.js";
import { sandboxNow } from "./strip.js";

export const id = "quotas";
export const title = "Quotas";

const MOST = 600; // samples of each bucket
const histories = new Map();

const keyOf = (bucket) => `${bucket.region} ${bucket.quota}`;

const PERIOD = 2_000;
const SHOWN = 300; // seconds

const TENTHS = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
const SHORT = new Intl.NumberFormat("en-US", { notation: "compact" });

// The level now: a bucket refills with the sandbox's time.
const levelOf = (bucket) => Math.max(0, Math.min(bucket.burst, bucket.level + bucket.rate * (sandboxNow() - app.state.clock.nowSeconds)));

// The history begins when the page is opened: the mock keeps only the present level.
function record() {
  if (!app.state || app.stale) return;
  for (const bucket of app.state.throttle.buckets) {
    const key = `${app.chosen} ${keyOf(bucket)}`;
    const found = histories.get(key) ?? { times: [], levels: [] };
    found.times.push(Date.now() / 1000);
    found.levels.push(levelOf(bucket));
    if (found.times.length > MOST) { found.times.shift(); found.levels.shift(); }
    histories.set(key, found);
  }
}
app.when("state", record);
setInterval(record, PERIOD);

function loadChart() {
  const base = new URL(".", import.meta.url);
  if (window.uPlot) return Promise.resolve();
  return new Promise((done, fail) => {
    document.head.append(make("link", { rel: "stylesheet", href: `${base}uPlot.min.css` }),
      make("script", { src: `${base}uPlot.iife.min.js`, onload: done, onerror: fail }));
  });
}

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

class Gauge {
  constructor(bucket) {
    this.meter = make("meter", { min: 0, "aria-label": `${bucket.quota} in ${bucket.region}` });
    this.text = make("span", { className: "soft" });
    this.place = make("div", { className: "chart", role: "img", "aria-label": `Level of ${bucket.quota} in ${bucket.region} over the last minutes` });
    this.node = make("div", { className: "gauge" }, make("h3", {}, `${bucket.quota}, ${bucket.region}`), this.meter, this.text, this.place);
  }

  update(bucket) {
    const { meter } = this;
    meter.max = bucket.burst;
    meter.low = bucket.burst * 0.2;
    meter.optimum = bucket.burst;
    const level = levelOf(bucket);
    meter.value = level;
    const full = bucket.rate ? (bucket.burst - level) / bucket.rate : 0;
    this.text.textContent = `${level.toLocaleString("en-US", TENTHS)} of ${Math.round(bucket.burst).toLocaleString("en-US")}, refills ${bucket.rate.toLocaleString("en-US")} a second${full > 0.5 ? `, full in ${duration(full)}` : ""}`;
    const found = histories.get(`${app.chosen} ${keyOf(bucket)}`);
    if (!window.uPlot || !found) return;
    const data = [found.times, found.levels, found.times.map(() => bucket.burst)];
    const width = Math.max(160, this.node.clientWidth - 24);
    if (this.chart && this.chart.width === width) this.chart.setData(data);
    else {
      this.chart?.destroy();
      const axis = { stroke: color("--soft"), grid: { stroke: color("--line"), width: 1 }, ticks: { show: false } };
      this.chart = new window.uPlot({
        width, height: 130, legend: { show: false }, cursor: { drag: { x: false, y: false } },
        scales: { x: { range: () => [Date.now() / 1000 - SHOWN, Date.now() / 1000] }, y: { range: [0, Math.max(1, bucket.burst * 1.1)] } },
        axes: [{ ...axis, space: 70, size: 28, values: (_, times) => times.map((time) => new Date(time * 1000).toTimeString().slice(0, 5)) }, { ...axis, size: 44, values: (_, levels) => levels.map((level) => SHORT.format(level)) }],
        series: [{}, { label: "level", stroke: color("--mark"), width: 2, fill: color("--wash") }, { label: "burst", stroke: color("--soft"), dash: [4, 4] }],
      }, data, this.place);
    }
  }
}

export function mount(root) {
  const gauges = new Map();
  const list = make("div", { className: "gauges" }), pressure = make("div", {}), settings = make("div", {}), costs = make("div", {});
  const region = make("select", { id: "pressure-region" }, ["NA", "EU", "FE"].map((name) => new Option(name)));
  const share = make("input", { type: "number", min: "1", max: "100", value: "30", id: "pressure-share" });
  const put = (change) => app.guarded(() => {
    const { quotas, retryAfter, pressure: present, loadWindows } = app.state.throttle;
    return app.ask("/throttle", "PUT", { quotas, retryAfter, loadWindows, pressure: change(present) });
  });
  const search = make("input", { type: "search", id: "cost-filter", placeholder: "sp.campaigns" });
  root.append(make("h2", {}, "Buckets"), make("p", { className: "soft" }, "The charts begin when this page is opened, and show the last five minutes."), list, make("h2", {}, "Pressure"), pressure,
    make("div", { className: "row end" }, field("Region", region), field("Percent of the quota left", share),
      button("Apply pressure", put((present) => ({ ...present, [region.value]: Number(share.value) / 100 })), { id: "apply-pressure" }),
      button("Remove pressure", put(() => ({})), { id: "remove-pressure" })),
    make("h2", {}, "Quota classes"), settings, make("h2", {}, "What a call costs"), make("div", { className: "row" }, field("Operation", search)), costs);

  let operations = [];
  ask("/costs").then((found) => { operations = found.operations; drawCosts(); }).catch(() => {});
  loadChart().then(draw, () => {});

  function drawCosts() {
    const wanted = search.value.trim().toLowerCase();
    const found = operations.filter((row) => `${row.operation} ${row.quota}`.toLowerCase().includes(wanted));
    costs.replaceChildren(make("p", { className: "soft" }, count(found.length, "operation")),
      table(["Operation", "Quota", "Cost", "Cost with extended data"], found.slice(0, 60).map((row) =>
        [row.operation, row.quota, row.weight, row.extendedWeight === row.weight ? "" : row.extendedWeight]), { label: "Costs" }));
    if (found.length > 60) costs.append(make("p", { className: "soft" }, "The first 60 are shown."));
  }
  search.addEventListener("input", drawCosts);

  function draw() {
    if (!app.state || root.hidden) return;
    const { buckets, quotas, pressure: pressed, loadWindows, retryAfter } = app.state.throttle;
    const keys = new Set(buckets.map(keyOf));
    for (const [key, gauge] of gauges) if (!keys.has(key)) { gauge.node.remove(); gauges.delete(key); }
    for (const bucket of buckets) {
      if (!gauges.has(keyOf(bucket))) {
        gauges.set(keyOf(bucket), new Gauge(bucket));
        list.append(gauges.get(keyOf(bucket)).node);
      }
      gauges.get(keyOf(bucket)).update(bucket);
    }
    list.querySelector(".none")?.remove();
    if (!buckets.length) list.append(make("p", { className: "soft none" }, "No call has used a quota yet."));
    const shares = Object.entries(pressed).map(([name, left]) => chip(`${name} has ${Math.round(left * 100)} % left`, "warn"));
    const now = Date.parse(app.state.clock.now);
    const windows = loadWindows.filter((each) => Date.parse(each.from) <= now && now < Date.parse(each.until))
      .map((each) => chip(`${each.region}: others leave ${Math.round(each.share * 100)} % until ${each.until.slice(11, 16)}`, "warn"));
    refill(pressure, make("p", { className: "row" }, shares, windows, shares.length + windows.length ? "" : "No pressure."));
    refill(settings, make("p", { className: "soft" }, `Retry-After on a 429: ${retryAfter}`),
      table(["Class", "Rate a second", "Burst", "Retry-After"], Object.entries(quotas).map(([name, row]) => [name, row.rate, row.burst, row.retryAfter]), { label: "Quota classes" }));
  }
  app.when("state", draw);
  setInterval(() => { if (!root.hidden && !document.hidden) draw(); }, PERIOD);
  app.when("show", draw);
  app.when("sandbox", () => { gauges.forEach((gauge) => gauge.node.remove()); gauges.clear(); });
  draw();
}
