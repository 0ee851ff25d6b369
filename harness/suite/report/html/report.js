/* The report works without this script, which adds charts, calls, filters and links. */
(() => {
  "use strict";
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const byId = (name) => document.getElementById(name);
  const cases = all("details.case");
  const anchorOf = (node) => node.id.slice("case-".length);

  /* Recorded data: one gzip in base64 for each case, unpacked when a reader opens the case. */
  const unpacked = new Map();
  const unpack = (name) => {
    if (!unpacked.has(name)) {
      const packed = byId(name);
      const bytes = Uint8Array.from(atob(packed.content.textContent.trim()), (one) => one.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
      unpacked.set(name, new Response(stream).json());
    }
    return unpacked.get(name);
  };
  const tooOld = (slot) => {
    slot.textContent = "This browser cannot unpack charts and calls: journal.ndjson has every call.";
    slot.hidden = false;
  };
  /* The markup was escaped by the suite; the policy of the page runs no script in it. */
  const fill = (slot, markup) => {
    slot.innerHTML = markup;
    slot.hidden = false;
    for (const button of all("button.copy", slot)) button.hidden = false;
  };

  const renderCharts = async (node) => {
    const slot = node.querySelector(".charts");
    if (!slot || slot.dataset.state || !node.open) return;
    slot.dataset.state = "rendered";
    try {
      const markup = await unpack(slot.dataset.packed);
      if (node.open) fill(slot, markup);
      else delete slot.dataset.state;
    } catch (_unsupported) {
      tooOld(slot);
    }
  };
  const listCalls = async (node) => {
    const log = node.querySelector("details.log");
    if (!log || log.dataset.state) return;
    log.dataset.state = "listed";
    const slot = log.querySelector(".rows");
    try {
      const calls = await unpack(log.dataset.packed);
      if (!log.dataset.state) return; /* closed in the meantime */
      fill(slot, calls.map((call) => call.row).join(""));
      all("details.wire", slot).forEach((row, index) => {
        row.id = `row-${anchorOf(node)}-${calls[index].seq}`;
        row.addEventListener("toggle", () => {
          if (row.open && row.childElementCount === 1) showCall(row, calls[index]);
        });
      });
    } catch (_unsupported) {
      tooOld(slot);
    }
  };
  const showCall = (row, call) => {
    const slot = document.createElement("div");
    row.append(slot);
    fill(slot, call.details);
  };
  const empty = (node) => {
    for (const slot of all(".charts, .rows", node)) slot.replaceChildren();
    for (const one of all(".charts, details.log", node)) {
      delete one.dataset.state;
      unpacked.delete(one.dataset.packed);
    }
    const log = node.querySelector("details.log");
    if (log) log.open = false;
  };

  /* Only charts near the window are rendered, so that 100 open cases cost no more than a few. */
  const near = new IntersectionObserver(
    (seen) => {
      for (const one of seen) if (one.isIntersecting) renderCharts(one.target.closest("details.case"));
    },
    { rootMargin: "600px" },
  );
  for (const node of cases) {
    const log = node.querySelector("details.log");
    if (log) log.hidden = false;
    const slot = node.querySelector(".charts");
    if (slot) {
      slot.hidden = false;
      near.observe(slot);
    }
    node.addEventListener("toggle", (event) => {
      if (event.target === node && !node.open) empty(node);
    });
    if (log) log.addEventListener("toggle", () => log.open && listCalls(node));
  }
  for (const button of all("button.copy")) button.hidden = false;

  /* Open everything around the target of a link, then scroll to it. */
  const show = (target) => {
    for (let node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") node.open = true;
      if (node.matches("details.case, .not-applicable")) node.hidden = false;
    }
    target.scrollIntoView({ block: "start" });
    (target.querySelector(":scope > summary") || target).focus({ preventScroll: true });
  };
  const reveal = async (name) => {
    const row = /^row-(.+)-(\d+)$/.exec(name);
    if (row && byId(`case-${row[1]}`)) {
      const owner = byId(`case-${row[1]}`);
      owner.open = true;
      await listCalls(owner);
    }
    const target = name && byId(name);
    if (!target) return;
    if (target.matches("details.case") && target.hidden) clear();
    show(target);
  };
  const follow = () => {
    try {
      reveal(decodeURIComponent(location.hash.slice(1)));
    } catch (_malformed) {
      /* not a link of this page */
    }
  };
  addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) follow();
    const mark = event.target.closest(".mark[data-seq]");
    const owner = mark && mark.closest("details.case");
    if (owner) location.hash = `row-${anchorOf(owner)}-${mark.dataset.seq}`;
    const button = event.target.closest("button.copy");
    if (button) copy(button);
  });

  /* The clipboard is not available to a page that was opened as a file in every browser. */
  const copy = async (button) => {
    const text = button.parentElement.querySelector("pre");
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
    } catch (_refused) {
      const range = document.createRange();
      range.selectNodeContents(text);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      button.textContent = "Selected: press Ctrl+C";
    }
  };

  /* Search and filters apply to the cases, the index and the table. */
  const search = byId("search");
  const filters = ["by-status", "by-area", "by-practice"].map(byId);
  const texts = new Map();
  const textOf = (node) => {
    if (!texts.has(node)) {
      const parts = all("summary, p, h4, li, .quote, .then", node).map((one) => one.textContent);
      texts.set(node, `${parts.join(" ")} ${node.dataset.terms}`.replace(/\s+/g, " ").toLowerCase());
    }
    return texts.get(node);
  };
  const matches = (node, words, [status, area, practice]) =>
    (!status || (status === "review" ? node.dataset.look === "yes" : node.dataset.status === status)) &&
    (!area || node.dataset.area === area) &&
    (!practice || node.dataset.practice.split(" ").includes(practice)) &&
    words.every((word) => textOf(node).includes(word));
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const values = filters.map((one) => one.value);
    const kept = new Set();
    for (const node of cases) {
      node.hidden = !matches(node, words, values);
      if (!node.hidden) kept.add(anchorOf(node));
    }
    for (const node of all("[data-case]")) node.hidden = !kept.has(node.dataset.case);
    for (const body of all(".matrix tbody"))
      body.hidden = all("[data-case]", body).every((row) => row.hidden) && !body.querySelector(".left-out");
    for (const title of all(".index-area"))
      title.hidden = all("[data-case]", title.nextElementSibling).every((one) => one.hidden);
    const group = document.querySelector(".not-applicable");
    const isFiltered = words.length > 0 || values.some(Boolean);
    if (group) {
      const left = all("details.case", group).filter((node) => !node.hidden);
      group.hidden = left.length === 0;
      if (isFiltered) group.open = left.length > 0;
    }
    byId("clear").disabled = !isFiltered;
    document.querySelector(".nothing").hidden = kept.size > 0;
    document.querySelector(".found").textContent = isFiltered
      ? `${kept.size} of ${cases.length} cases`
      : `${cases.length} ${cases.length === 1 ? "case" : "cases"}`;
  };
  const clear = () => {
    search.value = "";
    for (const one of filters) one.value = "";
    apply();
  };
  if (search) {
    search.addEventListener("input", apply);
    for (const one of filters) one.addEventListener("change", apply);
    byId("clear").addEventListener("click", clear);
    for (const button of all("[data-fold]"))
      button.addEventListener("click", () => {
        for (const node of cases) if (!node.hidden) node.open = button.dataset.fold === "open";
      });
    for (const tools of all(".tools")) tools.hidden = false;
    apply();
  }

  /* Print opens the cases to review; the style sheet leaves the others out. */
  addEventListener("beforeprint", () => {
    for (const node of cases) if (node.dataset.look === "yes") node.open = true;
  });
  /* After the browser's own scroll, which would take the focus away again. */
  addEventListener("load", () => setTimeout(follow, 0));
})();
