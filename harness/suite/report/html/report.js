/* The report works without this script, which adds filters, links and printing. */
(() => {
  "use strict";
  const all = (selector) => Array.from(document.querySelectorAll(selector));

  /* Expand everything around the target of a link, then scroll to it. */
  const reveal = (name) => {
    const target = name && document.getElementById(decodeURIComponent(name));
    if (!target) return;
    for (let node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") node.open = true;
      node.hidden = false;
    }
    target.scrollIntoView({ block: "start" });
    (target.querySelector(":scope > summary") || target).focus({ preventScroll: true });
  };
  const follow = () => {
    try {
      reveal(location.hash.slice(1));
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
    if (owner) location.hash = `row-${owner.id.slice("case-".length)}-${mark.dataset.seq}`;
  });

  const cases = all("details.case");
  const show = (what) => {
    let shown = 0;
    for (const node of cases) {
      node.hidden = what === "look" && node.dataset.look !== "yes";
      shown += node.hidden ? 0 : 1;
    }
    for (const note of all(".nothing")) note.hidden = shown > 0;
    for (const button of all("[data-show]"))
      button.setAttribute("aria-pressed", String(button.dataset.show === what));
  };
  for (const button of all("[data-show]"))
    button.addEventListener("click", () => show(button.dataset.show));
  for (const button of all("[data-fold]"))
    button.addEventListener("click", () => {
      for (const node of cases) node.open = button.dataset.fold === "open";
    });
  for (const tools of all(".tools")) tools.hidden = false;

  addEventListener("beforeprint", () => {
    for (const node of cases) node.open = true;
  });
  /* After the browser's own scroll, which would take the focus away again. */
  addEventListener("load", () => setTimeout(follow, 0));
})();
