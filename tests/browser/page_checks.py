"""Scripts that look at the page that is open: contrast of texts, elements outside the screen."""

# WCAG contrast of every piece of visible text against its background.
CONTRAST = """
(() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const known = new Map();
  const rgba = (text) => {
    if (!known.has(text)) known.set(text, measure(text));
    return known.get(text);
  };
  const measure = (text) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const color = rgba(getComputedStyle(node).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility?.()) continue;
    if (node.closest("script, .hear, title, .skip")) continue;
    const style = getComputedStyle(node);
    const ink = node instanceof SVGElement ? style.fill : style.color;
    const [a, b] = [light(rgba(ink)), light(ground(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push([node.className.baseVal ?? node.className, ratio.toFixed(2)]);
  }
  return poor;
})()
"""

# What a container scrolls is not outside: its own edge counts.
OUTSIDE = """
[...document.body.querySelectorAll("*")].filter((node) => {
  const box = node.getBoundingClientRect();
  if (!box.width || box.right <= WIDTH + 1 || node.closest("pre, .hear, .sprite")) return false;
  for (let outer = node.parentElement; outer !== document.body; outer = outer.parentElement)
    if (getComputedStyle(outer).overflowX === "auto") return false;
  return true;
}).map((node) => node.tagName + "." + (node.className.baseVal ?? node.className)).slice(0, 20)
"""
