// A grid of many rows, newest first: only the rows in view are in the document.
import { make } from "./element.js";

const AHEAD = 8;

// `columns` are [title, class]; `cells(row)` returns their contents; `open(row)` is called on Enter and click,
// `close()` on Escape.
export class Grid {
  constructor({ label, columns, cells, open, close }) {
    this.cells = cells;
    this.open = open;
    this.close = close;
    this.rows = [];
    this.active = null; // the number of the row that the keyboard is on
    this.selected = null;
    this.rendered = new Map();
    this.body = make("div", { role: "rowgroup", className: "grid-body" });
    this.head = make("div", { role: "rowgroup", className: "grid-head" },
      make("div", { role: "row", className: "grid-row", "aria-rowindex": 1 },
        columns.map(([title, name]) => make("span", { role: "columnheader", className: name }, title))));
    this.node = make("div", { role: "grid", tabIndex: 0, className: "grid", "aria-label": label, "aria-readonly": "true" }, this.head, this.body);
    this.columns = columns;
    this.node.addEventListener("scroll", () => this.plan(), { passive: true });
    this.node.addEventListener("keydown", (event) => this.key(event));
    this.body.addEventListener("click", (event) => {
      const seq = Number(event.target.closest("[data-seq]")?.dataset.seq);
      if (seq) this.choose(seq, true);
    });
    new ResizeObserver(() => this.plan()).observe(this.node);
  }

  get height() { return innerWidth < 700 ? 62 : 32; }

  // Show rows, oldest first as they are kept; `added` are new at the end.
  show(rows, added = 0) {
    this.rows = rows;
    if (added && this.node.scrollTop > 0) this.node.scrollTop += added * this.height; // what is read stays in place
    this.plan();
  }

  redraw() {
    this.rendered.forEach((node) => node.remove());
    this.rendered.clear();
    this.plan();
  }

  plan() {
    if (this.planned) return;
    this.planned = true;
    requestAnimationFrame(() => { this.planned = false; this.draw(); });
  }

  draw() {
    const { height, rows, node } = this;
    const inView = Math.ceil(node.clientHeight / height);
    this.body.style.height = `${rows.length * height}px`;
    const first = Math.max(0, Math.floor(node.scrollTop / height) - AHEAD);
    const last = Math.min(rows.length, first + inView + 2 * AHEAD);
    node.setAttribute("aria-rowcount", rows.length + 1);
    const wanted = new Map();
    for (let place = first; place < last; place += 1) wanted.set(rows[rows.length - 1 - place].seq, place);
    for (const [seq, old] of this.rendered) {
      if (!wanted.has(seq)) { old.remove(); this.rendered.delete(seq); }
    }
    let before = null;
    for (const [seq, place] of wanted) {
      const row = rows[rows.length - 1 - place];
      let rendered = this.rendered.get(seq);
      if (!rendered || rendered.version !== row.ended) {
        const fresh = this.make(row);
        if (rendered) rendered.replaceWith(fresh);
        this.rendered.set(seq, fresh);
        rendered = fresh;
      }
      rendered.style.top = `${place * height}px`;
      rendered.setAttribute("aria-rowindex", place + 2);
      rendered.setAttribute("aria-selected", String(seq === this.selected));
      rendered.classList.toggle("active", seq === this.active);
      const expected = before ? before.nextSibling : this.body.firstChild;
      if (expected !== rendered) this.body.insertBefore(rendered, expected);
      before = rendered;
    }
    if (this.rendered.has(this.active)) node.setAttribute("aria-activedescendant", `call-${this.active}`);
    else node.removeAttribute("aria-activedescendant");
  }

  make(row) {
    const cells = this.cells(row);
    const node = make("div", { role: "row", className: "grid-row", id: `call-${row.seq}`, "data-seq": row.seq },
      this.columns.map(([, name], place) => make("span", { role: "gridcell", className: name }, cells[place] ?? "")));
    node.version = row.ended;
    return node;
  }

  choose(seq, opens) {
    this.active = seq;
    if (opens) {
      this.selected = seq;
      this.open(seq);
    }
    this.draw();
  }

  // The row before (-1: newer) or after (1: older) another one.
  neighbor(seq, step) {
    const place = this.rows.findIndex((row) => row.seq === seq);
    return place < 0 ? undefined : this.rows[place - step];
  }

  key(event) {
    const page = Math.max(1, Math.floor(this.node.clientHeight / this.height) - 2);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key === "Enter" && this.active !== null) this.choose(this.active, true);
    else if (event.key === "Escape") this.close();
    else if (event.key in steps && this.rows.length) {
      const present = this.rows.length - 1 - this.rows.findIndex((row) => row.seq === this.active);
      const from = present >= this.rows.length ? -1 : present;
      const place = Math.min(this.rows.length - 1, Math.max(0, from + steps[event.key]));
      this.active = this.rows[this.rows.length - 1 - place].seq;
      this.reveal(place);
    } else return;
    event.preventDefault();
  }

  reveal(place) {
    const top = place * this.height, room = this.node.clientHeight - this.head.offsetHeight;
    if (top < this.node.scrollTop) this.node.scrollTop = top;
    if (top + this.height > this.node.scrollTop + room) this.node.scrollTop = top + this.height - room;
    this.draw();
  }
}
