// Runs inside the calibration page: where the driver finds what.

window.bench.adapter = {
  surface: () => document.querySelector("#surface"),
  zoom: () => window.calibration.zoom(),
  grip() {
    const { x, y } = window.bench.middle();
    const distance = (box) => Math.hypot(box.x + box.width / 2 - x, box.y + 20 - y);
    const box = [...document.querySelectorAll(".card b")].map((card) => card.getBoundingClientRect()).sort((a, b) => distance(a) - distance(b))[0];
    return { element: this.surface(), x: box.x + box.width / 2, y: box.y + box.height / 2 };
  },
  paper: () => window.bench.freePaper(".card"),
  follows: (element) => element,
  undo: () => window.calibration.undo(),
  redo: () => window.calibration.redo(),
  fit: () => window.calibration.fit(),
};
