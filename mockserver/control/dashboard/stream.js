// The one stream of events. It is read with fetch, because EventSource cannot send a token.
import { Refused, send } from "./api.js";

const SILENCE = 6_000; // the mock sends something at least once a second
const POLL = 1_000;
const LONGEST_PAUSE = 4_000;
const FULL = 503;

// Calls `take(name, value)` for each event, `status(state)` with "live", "polled" or "gone".
export class Stream {
  constructor(take, status) {
    this.take = take;
    this.status = status;
    this.sandbox = null;
    this.cursor = () => 0;
    this.run = 0;
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.stop(); // a hidden page occupies no place of the few
      else this.start();
    });
  }

  follow(sandbox, cursor) {
    this.sandbox = sandbox;
    this.cursor = cursor;
    this.start();
  }

  stop() {
    this.run += 1;
    this.abort?.abort();
  }

  start() {
    this.stop();
    if (!document.hidden) this.loop(this.run);
  }

  async loop(run) {
    let pause = 250;
    while (run === this.run) {
      try {
        await this.read(run, "yes");
        pause = 250; // it ended in good order: the mock limits its length
      } catch (error) {
        if (run !== this.run) return;
        if (error instanceof Refused && error.status === FULL) {
          await this.poll(run).catch(() => this.status("gone", null));
        } else {
          this.status("gone", error instanceof Refused ? error : null);
          pause = Math.min(pause * 2, LONGEST_PAUSE);
        }
        await new Promise((done) => { setTimeout(done, pause); });
      }
    }
  }

  async poll(run) {
    for (let left = 20; left && run === this.run; left -= 1) {
      await this.read(run, "no");
      await new Promise((done) => { setTimeout(done, POLL); });
    }
  }

  async read(run, wait) {
    const query = new URLSearchParams({ wait, cursor: this.cursor() });
    if (this.sandbox !== null) query.set("follow", this.sandbox);
    this.abort = new AbortController();
    const { signal } = this.abort;
    const own = this.abort;
    let watchdog = setTimeout(() => own.abort(), SILENCE);
    try {
      const reply = await send(`/events?${query}`, "GET", undefined, { signal });
      const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const { done, value } = await reader.read();
        clearTimeout(watchdog);
        if (done || run !== this.run) return;
        watchdog = setTimeout(() => own.abort(), SILENCE);
        this.status(wait === "yes" ? "live" : "polled", null);
        text += value;
        const end = text.lastIndexOf("\n\n");
        if (end < 0) continue;
        text.slice(0, end).split("\n\n").forEach((block) => this.event(block));
        text = text.slice(end + 2);
      }
    } finally {
      clearTimeout(watchdog);
    }
  }

  event(block) {
    const name = /^event: (.*)$/m.exec(block)?.[1];
    const data = block.indexOf("\ndata: ");
    if (name && data >= 0) this.take(name, JSON.parse(block.slice(data + 7)));
  }
}
