/* The table works without this script, which filters its rows and columns. */
(() => {
  "use strict";
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const byId = (name) => document.getElementById(name);
  const search = byId("search");
  const filters = ["by-status", "by-area", "by-practice"].map(byId);
  const columns = all(".grid thead .col");
  const rows = all(".grid tbody tr");
  const cellsOf = new Map(rows.map((row) => [row, all("td.cell", row)]));

  const apply = () => {
    const text = search.value.trim().toLowerCase();
    const [status, area, practice] = filters.map((one) => one.value);
    const has = (cell) => !status || cell.dataset.word === status;
    let kept = rows.filter((row) => row.dataset.client.includes(text));
    const shown = columns.map(
      (column, at) =>
        (!area || column.dataset.area === area) &&
        (!practice || column.dataset.practice.split(" ").includes(practice)) &&
        kept.some((row) => has(cellsOf.get(row)[at])),
    );
    if (status) kept = kept.filter((row) => cellsOf.get(row).some((cell, at) => shown[at] && has(cell)));
    for (const row of rows) row.hidden = !kept.includes(row);
    columns.forEach((column, at) => {
      column.hidden = !shown[at];
      for (const row of rows) cellsOf.get(row)[at].hidden = !shown[at];
    });
    for (const head of all("[data-span]")) {
      const count = columns.filter((one) => !one.hidden && one.dataset.area === head.dataset.span).length;
      head.hidden = count === 0;
      head.colSpan = count || 1;
    }
    const isFiltered = Boolean(text || status || area || practice);
    byId("clear").disabled = !isFiltered;
    document.querySelector(".found").textContent =
      `clients: ${kept.length}, cases: ${shown.filter(Boolean).length}`;
  };
  search.addEventListener("input", apply);
  for (const one of filters) one.addEventListener("change", apply);
  byId("clear").addEventListener("click", () => {
    search.value = "";
    for (const one of filters) one.value = "";
    apply();
  });
  for (const tools of all(".tools")) tools.hidden = false;
  apply();
})();
