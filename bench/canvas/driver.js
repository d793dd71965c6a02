// Runs inside the page: moves the camera and things by the events a hand would cause, one step a frame, and marks where frames begin.
// Each program's adapter says what to hit; the steps are the same for all.

window.bench = {
  adapter: null,

  /** One `step` a frame; gives back the milliseconds from frame to frame. */
  frames(count, step, name) {
    return new Promise((resolve) => {
      const times = [];
      let place = 0;
      const frame = () => {
        times.push(performance.now());
        performance.mark(`frame ${name}`);
        if (place === count) {
          performance.mark(`end ${name}`);
          resolve(times.slice(1).map((time, index) => time - times[index]));
          return;
        }
        step(place);
        // Something changes in every frame, or frames in which nothing else does would wait for the screen's beat.
        this.beat.style.opacity = place % 2 ? "0.9" : "1";
        place += 1;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
  },

  beat: document.body.appendChild(
    Object.assign(document.createElement("div"), { style: "position:fixed;inset:auto 0 0 auto;width:2px;height:2px;background:#888;will-change:opacity" }),
  ),

  rest: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),

  middle() {
    const box = this.adapter.surface().getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  },

  wheel(deltaX, deltaY, ctrlKey = false, deltaMode = ctrlKey ? 1 : 0) {
    const { x, y } = this.middle();
    const options = { deltaX, deltaY, ctrlKey, deltaMode, clientX: x, clientY: y, bubbles: true, cancelable: true, view: window };
    this.adapter.surface().dispatchEvent(new WheelEvent("wheel", options));
  },

  /** A pointer's event and the mouse's after it, as browsers send both. */
  point(kind, target, { x, y }, buttons) {
    const options = {
      clientX: x, clientY: y, buttons, button: kind === "move" ? -1 : 0, pointerId: 1, pointerType: "mouse", isPrimary: true,
      bubbles: true, cancelable: true, composed: true, view: window, detail: 1,
    };
    target.dispatchEvent(new PointerEvent(`pointer${kind}`, options));
    target.dispatchEvent(new MouseEvent(`mouse${kind}`, { ...options, button: 0 }));
  },

  /** Zooms by so many octaves about the middle, by the wheel with Ctrl; a line of it is a twentieth of an octave, or what the adapter says. */
  zoomBy(octaves) {
    if (!this.adapter.wheelFor) return this.wheel(0, -octaves / 0.05, true);
    this.wheel(0, this.adapter.wheelFor(octaves), true, 0);
  },

  /** A place with no node about it, near the upper left corner. */
  freePaper(nodes, room = 14) {
    const area = this.adapter.surface().getBoundingClientRect();
    const boxes = [...document.querySelectorAll(nodes)].map((node) => node.getBoundingClientRect());
    for (let place = 0; place < 400; place += 1) {
      const [x, y] = [area.x + 60 + 9 * (place % 20), area.y + 120 + 9 * Math.floor(place / 20)];
      if (!boxes.some((box) => x > box.x - room && x < box.right + room && y > box.y - room && y < box.bottom + room)) return { element: this.adapter.surface(), x, y };
    }
    throw new Error("there is no free paper");
  },

  async zoomTo(zoom) {
    for (let tries = 0; tries < 40; tries += 1) {
      const octaves = Math.log2(zoom / this.adapter.zoom());
      if (Math.abs(octaves) < 0.01) return;
      this.zoomBy(Math.max(-0.9, Math.min(0.9, octaves)));
      await this.rest(60);
    }
    throw new Error(`the zoom is ${this.adapter.zoom()} and not ${zoom}`);
  },

  /** Panning there and back, so that all sizes have room for it. */
  async pan(zoom, name) {
    await this.zoomTo(zoom);
    await this.rest(500);
    return this.frames(90, (place) => this.wheel(place % 60 < 30 ? 24 : -24, place % 60 < 30 ? 10 : -10), name);
  },

  async zoomScene(name) {
    await this.zoomTo(0.5);
    await this.rest(500);
    return this.frames(60, (place) => this.zoomBy(place < 30 ? 1 / 30 : -1 / 30), name);
  },

  async drag(name) {
    await this.zoomTo(1);
    await this.rest(500);
    const { element, x, y } = this.adapter.grip();
    this.point("down", element, { x, y }, 1);
    const target = this.adapter.follows(element);
    const at = (place) => ({ x: x + 70 * Math.sin(place / 9), y: y + 70 * (1 - Math.cos(place / 9)) });
    const times = await this.frames(80, (place) => this.point("move", target, at(place + 1), 1), name);
    this.point("up", target, at(80), 0);
    await this.rest(100);
    return times;
  },

  async undo(name) {
    await this.zoomTo(1);
    await this.rest(1200);
    const times = await this.frames(20, (place) => (place % 4 === 0 ? this.adapter.undo() : place % 4 === 2 ? this.adapter.redo() : null), name);
    await this.rest(300);
    return times;
  },

  async marquee(name) {
    await this.zoomTo(0.5);
    await this.rest(500);
    const { element, x, y } = this.adapter.paper();
    this.point("down", element, { x, y }, 1);
    const target = this.adapter.follows(element);
    const at = (place) => ({ x: x + 5 * place, y: y + 5 * place });
    const times = await this.frames(60, (place) => this.point("move", target, at(place + 1), 1), name);
    this.point("up", target, at(60), 0);
    await this.rest(200);
    this.adapter.deselect?.();
    return times;
  },

  /** The journey from zoom 1 to all of it. */
  async fit(name) {
    await this.zoomTo(1);
    await this.rest(500);
    return this.frames(40, (place) => place === 0 && this.adapter.fit(), name);
  },
};
