// What all panels share: the chosen sandbox, its state and calls, the address, messages.
import { ask, pathOf } from "./api.js";
import { Rows } from "./rows.js";

class App extends EventTarget {
  constructor() {
    super();
    this.sandboxes = new Map();
    this.chosen = null;
    this.sandbox = null; // what does not change: seed, profiles, URLs
    this.state = null;
    this.rows = new Rows();
    this.stale = false;
  }

  tell(name, detail = undefined) { this.dispatchEvent(new CustomEvent(name, { detail })); }
  when(name, work) { this.addEventListener(name, (event) => work(event.detail)); }

  // An operation on the chosen sandbox.
  ask(rest, method = "GET", body = undefined) { return ask(pathOf(this.chosen, rest), method, body); }

  // Run an action of the user; a refusal becomes a notice.
  guarded(work) {
    return async (...given) => {
      try {
        this.warn("");
        return await work(...given);
      } catch (error) {
        this.warn(error.message === "Failed to fetch" ? "The mock does not answer: nothing was changed." : error.message);
        return undefined;
      }
    };
  }

  warn(text) {
    const notice = document.getElementById("notice");
    notice.textContent = text;
    notice.hidden = !text;
  }

  get place() { return new URLSearchParams(location.hash.slice(1)); }

  link(changes) {
    const place = this.place;
    if (this.chosen) place.set("sandbox", this.chosen);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) place.delete(name);
      else place.set(name, value);
    }
    return `#${place}`;
  }

  go(changes) {
    const wanted = this.link(changes);
    if (wanted !== location.hash) location.hash = wanted;
  }
}

export const app = new App();
