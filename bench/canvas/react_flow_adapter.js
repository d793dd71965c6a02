// Runs inside React Flow's page: where the driver finds what.

window.bench.adapter = {
  lacks: { undo: "has none" },
  surface: () => document.querySelector(".react-flow__pane"),
  zoom: () => window.reactFlow.getZoom(),
  grip() {
    const { x, y } = window.bench.middle();
    const distance = ([, box]) => Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y);
    const nodes = [...document.querySelectorAll(".react-flow__node")].map((node) => [node, node.getBoundingClientRect()]);
    const [element, box] = nodes.sort((a, b) => distance(a) - distance(b))[0];
    return { element, x: box.x + box.width / 2, y: box.y + box.height / 2 };
  },
  paper: () => window.bench.freePaper(".react-flow__node"),
  follows: (element) => element,
  fit: () => document.querySelector(".react-flow__controls-fitview").click(),
  selected: () => document.querySelectorAll(".react-flow__node.selected").length,
};
