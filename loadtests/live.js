// Ask for new numbers every second until the run, and with it the server, has ended.
(() => {
  const status = document.getElementById("status");
  const look = async () => {
    let found;
    try {
      found = await (await fetch("charts.json", {cache: "no-store"})).json();
    } catch {
      document.querySelector("h1").textContent = "Ended";
      status.textContent = "The run has ended: adsmock prints where its report is.";
      return;
    }
    if (found.signature !== document.body.dataset.signature) return location.reload();
    adsmockCharts.draw(found.charts);
    status.textContent = found.status;
    setTimeout(look, 1000);
  };
  setTimeout(look, 1000);
})();
