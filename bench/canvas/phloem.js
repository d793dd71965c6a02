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
  paper() {
    const area = this.surface().getBoundingClientRect();
    const cards = [...document.querySelectorAll(".canvas .node")].map((node) => node.getBoundingClientRect());
    for (let place = 0; place < 400; place += 1) {
      const [x, y] = [area.x + 60 + 9 * (place % 20), area.y + 120 + 9 * Math.floor(place / 20)];
      if (!cards.some((box) => x > box.x - 14 && x < box.right + 14 && y > box.y - 14 && y < box.bottom + 14)) return { element: this.surface(), x, y };
    }
    throw new Error("there is no free paper");
  },
  follows: (element) => element,
  undo: () => document.querySelector("[data-testid=undo]").click(),
  redo: () => document.querySelector("[data-testid=redo]").click(),
  fit: () => document.querySelector("[data-testid=fit]").click(),
};
