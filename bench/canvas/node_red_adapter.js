// Runs inside Node-RED's editor: where the driver finds what.

window.bench.adapter = {
  surface: () => document.querySelector("#red-ui-workspace-chart"),
  zoom: () => RED.view.scale(),
  grip() {
    const { x, y } = window.bench.middle();
    const distance = ([, box]) => Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y);
    const nodes = [...document.querySelectorAll("rect.red-ui-flow-node")].map((node) => [node, node.getBoundingClientRect()]);
    const [element, box] = nodes.sort((a, b) => distance(a) - distance(b))[0];
    return { element, x: box.x + box.width / 2, y: box.y + box.height / 2 };
  },
  paper: () => ({ ...window.bench.freePaper("rect.red-ui-flow-node", 4), element: document.querySelector(".red-ui-workspace-chart-background") }),
  follows: (element) => element,
  /** A wheel event changes its zoom by half a hundredth of `deltaY`, a little less close by; it takes 50 or more for a notched wheel. */
  wheelFor(octaves) {
    const zoom = this.zoom();
    const delta = (zoom * 2 ** octaves - zoom) / (0.005 * Math.max(0.7, Math.min(1.1, 1 / zoom)));
    return -Math.max(-49, Math.min(49, delta));
  },
  undo: () => RED.actions.invoke("core:undo"),
  redo: () => RED.actions.invoke("core:redo"),
  fit: () => RED.actions.invoke("core:zoom-fit"),
  selected: () => document.querySelectorAll(".red-ui-flow-node-selected").length,
};
