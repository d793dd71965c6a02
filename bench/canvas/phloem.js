// Runs inside our editor: where the driver finds what.

window.bench.adapter = {
  surface: () => document.querySelector(".canvas-surface"),
  zoom: () => new DOMMatrix(getComputedStyle(document.querySelector(".canvas-plane")).transform).a,
  grip() {
    const { x, y } = window.bench.middle();
    const distance = (box) => Math.hypot(box.x + box.width / 2 - x, box.y + 20 - y);
    const boxes = [...document.querySelectorAll(".canvas .node .node-header")].map((node) => node.getBoundingClientRect());
    const box = boxes.sort((a, b) => distance(a) - distance(b))[0];
    return { element: this.surface(), x: box.x + box.width / 2, y: box.y + box.height / 2 };
  },
  paper: () => window.bench.freePaper(".canvas .node"),
  follows: (element) => element,
  undo: () => document.querySelector("[data-testid=undo]").click(),
  redo: () => document.querySelector("[data-testid=redo]").click(),
  fit: () => document.querySelector("[data-testid=fit]").click(),
};
