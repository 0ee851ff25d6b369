// The calls that the page keeps: at most MOST, oldest first, with a filtered view of them.
import { succeeded } from "./format.js";

export const MOST = 20_000;

export class Rows {
  constructor() {
    this.all = [];
    this.shown = [];
    this.filter = null;
    this.dropped = 0;
    this.tries = new Map(); // the last call of each logical request
  }

  get last() { return this.all.length ? this.all[this.all.length - 1].seq : 0; }

  find(seq) {
    let low = 0, high = this.all.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (this.all[middle].seq === seq) return this.all[middle];
      if (this.all[middle].seq < seq) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  // Returns how many rows the view gained.
  add(rows) {
    const before = this.shown.length;
    let changed = false;
    for (const row of rows) {
      const known = row.seq <= this.last ? this.find(row.seq) : undefined;
      if (known) {
        Object.assign(known, row);
        changed = true;
      } else if (row.seq > this.last) {
        this.count(row);
        this.all.push(row);
        if (!this.filter || this.filter(row)) this.shown.push(row);
      }
    }
    if (changed && this.filter) this.refilter();
    if (this.all.length > MOST) this.prune(this.all[this.all.length - MOST].seq);
    return Math.max(0, this.shown.length - before);
  }

  // A call is another attempt only if the same request failed before; lists are often repeated.
  count(row) {
    if (!row.chain) return;
    const before = this.tries.get(row.chain);
    row.try = before && !succeeded(before) ? before.try + 1 : 1;
    this.tries.set(row.chain, row);
  }

  prune(oldest) {
    const cut = this.all.findIndex((row) => row.seq >= oldest);
    const gone = cut < 0 ? this.all.length : cut;
    if (!gone) return;
    for (const row of this.all.slice(0, gone)) {
      if (this.tries.get(row.chain) === row) this.tries.delete(row.chain);
    }
    this.all = this.all.slice(gone);
    this.refilter();
  }

  refilter() {
    this.shown = this.filter ? this.all.filter(this.filter) : this.all.slice();
  }

  use(filter) {
    this.filter = filter;
    this.refilter();
  }

  values(member) {
    const found = new Set();
    for (const row of this.all) if (row[member]) found.add(row[member]);
    return [...found].sort();
  }
}
