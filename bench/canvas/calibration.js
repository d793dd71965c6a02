// The calibration page: the same scene by hand, with nothing a program needs beside: no framework, no undo but of the last move, no words for
// screen readers, no checks. What of the machine's time is left to lose is what a canvas adds to this.

const CELL = 512;
const OVERSCAN = 200;
const surface = document.querySelector("#surface");
const plane = document.querySelector("#plane");
const svg = plane.querySelector("svg");
const far = document.querySelector("#far");
const nodes = new Map();
const cells = new Map();
const camera = { x: 40, y: 40, zoom: 1 };
let selected = new Set();
let mounted = new Map();
let edges = new Map();
let covered = null;
let action = null;
let box = null;
const undone = [];
const done = [];

const cellsOf = function* (x, y, width, height) {
  for (let column = Math.floor(x / CELL); column <= Math.floor((x + width) / CELL); column += 1) {
    for (let row = Math.floor(y / CELL); row <= Math.floor((y + height) / CELL); row += 1) yield `${column},${row}`;
  }
};
const heightOf = (node) => 80 + 24 * node.states.length;
const index = (node, isIn) => {
  for (const key of cellsOf(node.x, node.y, 232, heightOf(node))) {
    if (!cells.has(key)) cells.set(key, new Set());
    if (isIn) cells.get(key).add(node);
    else cells.get(key).delete(node);
  }
};
const within = (x, y, width, height) => {
  const found = new Set();
  for (const key of cellsOf(x, y, width, height)) {
    for (const node of cells.get(key) ?? []) {
      if (node.x < x + width && node.x + 232 > x && node.y < y + height && node.y + heightOf(node) > y) found.add(node);
    }
  }
  return found;
};
const line = (from, state, to) => {
  const [x, y] = [from.x + 232, from.y + 86 + 24 * from.states.indexOf(state)];
  const [u, v] = [to.x, to.y + 21];
  return `M${x},${y}C${x + 50},${y} ${u - 50},${v} ${u},${v}`;
};
const place = (element, node) => (element.style.transform = `translate(${node.x}px,${node.y}px)`);
const card = (node) => {
  const element = document.createElement("div");
  element.className = "card";
  element.dataset.node = node.name;
  element.innerHTML = `<u></u><b></b><p></p><ul>${node.states.map(() => "<li><span></span><i></i></li>").join("")}</ul>`;
  element.querySelector("b").textContent = node.name;
  element.querySelector("p").textContent = node.config.text ?? node.config.prompt?.speak ?? node.kind;
  node.states.forEach((state, row) => (element.querySelectorAll("span")[row].textContent = state));
  element.style.height = `${heightOf(node)}px`;
  place(element, node);
  return element;
};

function cull() {
  const { width, height } = surface.getBoundingClientRect();
  const isFar = camera.zoom < 0.35 && nodes.size > 200;
  const view = { x: -camera.x / camera.zoom, y: -camera.y / camera.zoom, width: width / camera.zoom, height: height / camera.zoom };
  if (isFar) {
    if (mounted.size > 0) {
      for (const element of mounted.values()) element.remove();
      for (const path of edges.values()) path.remove();
      mounted = new Map();
      edges = new Map();
    }
    covered = null;
    paint(view);
    return;
  }
  if (far.width > 0) far.width = 0;
  const inside =
    covered && covered.zoom === camera.zoom && view.x >= covered.x && view.y >= covered.y &&
    view.x + view.width <= covered.x + covered.width && view.y + view.height <= covered.y + covered.height;
  if (inside) return;
  const room = OVERSCAN / camera.zoom;
  covered = { x: view.x - room, y: view.y - room, width: view.width + 2 * room, height: view.height + 2 * room, zoom: camera.zoom };
  const wanted = within(covered.x, covered.y, covered.width, covered.height);
  for (const [node, element] of mounted) {
    if (!wanted.has(node)) {
      element.remove();
      mounted.delete(node);
    }
  }
  const wires = new Map();
  for (const node of wanted) {
    if (!mounted.has(node)) {
      const element = card(node);
      mounted.set(node, element);
      plane.append(element);
    }
    for (const [state, to] of node.next) wires.set(`${node.name}.${state}`, [node, state, nodes.get(to)]);
    for (const [from, state] of node.into) wires.set(`${from.name}.${state}`, [from, state, node]);
  }
  for (const [key, path] of edges) {
    if (!wires.has(key)) {
      path.remove();
      edges.delete(key);
    }
  }
  for (const [key, [from, state, to]] of wires) {
    if (!edges.has(key)) {
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", line(from, state, to));
      edges.set(key, path);
      svg.append(path);
    }
  }
}

function paint(view) {
  far.width = surface.clientWidth;
  far.height = surface.clientHeight;
  const pen = far.getContext("2d");
  pen.strokeStyle = "#aaa";
  pen.fillStyle = "#dcdcd4";
  const at = (x, y) => [camera.x + x * camera.zoom, camera.y + y * camera.zoom];
  pen.beginPath();
  const shown = within(view.x, view.y, view.width, view.height);
  for (const node of shown) {
    for (const [, to] of node.next) {
      pen.moveTo(...at(node.x + 232, node.y + 86));
      pen.lineTo(...at(nodes.get(to).x, nodes.get(to).y + 21));
    }
  }
  pen.stroke();
  for (const node of shown) pen.fillRect(...at(node.x, node.y), 232 * camera.zoom, heightOf(node) * camera.zoom);
}

function look() {
  plane.style.transform = `translate(${camera.x}px,${camera.y}px) scale(${camera.zoom})`;
  const step = 24 * camera.zoom < 14 ? 96 * camera.zoom : 24 * camera.zoom;
  surface.style.backgroundSize = `${step}px ${step}px`;
  surface.style.backgroundPosition = `${camera.x}px ${camera.y}px`;
  cull();
}

function move(node, x, y) {
  index(node, false);
  node.x = x;
  node.y = y;
  index(node, true);
  const element = mounted.get(node);
  if (element) place(element, node);
  for (const [state, to] of node.next) edges.get(`${node.name}.${state}`)?.setAttribute("d", line(node, state, nodes.get(to)));
  for (const [from, state] of node.into) edges.get(`${from.name}.${state}`)?.setAttribute("d", line(from, state, node));
}

function select(next) {
  for (const node of selected) if (!next.has(node)) mounted.get(node)?.classList.remove("selected");
  for (const node of next) if (!selected.has(node)) mounted.get(node)?.classList.add("selected");
  selected = next;
}

surface.addEventListener(
  "wheel",
  (event) => {
    event.preventDefault();
    const { x, y } = surface.getBoundingClientRect();
    if (event.ctrlKey) {
      const factor = 2 ** (-event.deltaY * 0.05);
      const [px, py] = [event.clientX - x, event.clientY - y];
      camera.x = px - (px - camera.x) * factor;
      camera.y = py - (py - camera.y) * factor;
      camera.zoom *= factor;
    } else {
      camera.x -= event.deltaX;
      camera.y -= event.deltaY;
    }
    look();
  },
  { passive: false },
);
const toWorld = (event) => {
  const { x, y } = surface.getBoundingClientRect();
  return [(event.clientX - x - camera.x) / camera.zoom, (event.clientY - y - camera.y) / camera.zoom];
};
surface.addEventListener("pointerdown", (event) => {
  const [x, y] = toWorld(event);
  const [node] = within(x, y, 0, 0);
  action = node ? { node, x, y, from: [node.x, node.y] } : { x, y };
  if (node) select(new Set([node]));
  else {
    box = document.createElement("div");
    box.id = "box";
    plane.append(box);
  }
});
surface.addEventListener("pointermove", (event) => {
  if (!action) return;
  const [x, y] = toWorld(event);
  if (action.node) {
    const [fromX, fromY] = action.from;
    move(action.node, fromX + Math.round((x - action.x) / 24) * 24, fromY + Math.round((y - action.y) / 24) * 24);
  } else {
    const area = [Math.min(x, action.x), Math.min(y, action.y), Math.abs(x - action.x), Math.abs(y - action.y)];
    box.style.cssText = `transform:translate(${area[0]}px,${area[1]}px);width:${area[2]}px;height:${area[3]}px`;
    select(within(...area));
  }
});
surface.addEventListener("pointerup", () => {
  if (action?.node) done.push({ node: action.node, from: action.from, to: [action.node.x, action.node.y] });
  box?.remove();
  box = null;
  action = null;
});

function fit() {
  const { width, height } = surface.getBoundingClientRect();
  let [right, bottom] = [0, 0];
  for (const node of nodes.values()) {
    right = Math.max(right, node.x + 232);
    bottom = Math.max(bottom, node.y + heightOf(node));
  }
  const zoom = Math.min(1, (width * 0.8) / right, (height * 0.8) / bottom);
  const [from, goal] = [{ ...camera }, { zoom, x: (width - right * zoom) / 2, y: (height - bottom * zoom) / 2 }];
  const began = performance.now();
  const step = () => {
    const t = Math.min(1, (performance.now() - began) / 200);
    camera.zoom = from.zoom * (goal.zoom / from.zoom) ** t;
    const part = goal.zoom === from.zoom ? t : (camera.zoom - from.zoom) / (goal.zoom - from.zoom);
    camera.x = from.x + (goal.x - from.x) * part;
    camera.y = from.y + (goal.y - from.y) * part;
    look();
    if (t < 1) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

for (const node of window.scene) nodes.set(node.name, { ...node, into: [] });
for (const node of nodes.values()) {
  index(node, true);
  for (const [state, to] of node.next) nodes.get(to).into.push([node, state]);
}
const { x, y, width, height } = window.area;
surface.style.cssText = `left:${x}px;top:${y}px;width:${width}px;height:${height}px`;
look();

window.calibration = {
  zoom: () => camera.zoom,
  fit,
  back(list, other, end) {
    const step = list.pop();
    if (!step) return;
    move(step.node, ...step[end]);
    select(new Set([step.node]));
    other.push(step);
  },
  undo: () => window.calibration.back(done, undone, "from"),
  redo: () => window.calibration.back(undone, done, "to"),
};
