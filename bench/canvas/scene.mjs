// The workflow all programs draw: columns of steps as people build them, about 1.25 edges a step.

// In the file's units of 24 pixels.
const COLUMN = 14;
const ROW = 7;

const speak = { kind: "speak", config: (place) => ({ text: `Part ${place}.` }), states: ["completed"] };
const menu = { kind: "get_digits", config: (place) => ({ prompt: { speak: `Key ${place}?` } }), states: ["digits", "no_input"] };
const choice = { kind: "switch", config: () => ({ cases: [{ equals: "1", name: "Sales" }], value: "{{ from }}" }), states: ["Sales", "no_match"] };
// Texts are short, since a file of 5,000 steps has to stay within the mebibyte that the server reads.
const KINDS = [speak, menu, speak, speak, speak, choice, speak, speak, menu, speak];

/** `count` steps with their places in pixels and where they lead: `{ name, kind, config, x, y, states, next: [[state, name]] }`. */
export function scene(count) {
  const rows = Math.max(6, Math.round(Math.sqrt(count * 1.6)));
  const name = (place) => (place === 0 ? "Start" : `S${place}`);
  return Array.from({ length: count }, (_, place) => {
    const [column, row] = [Math.floor(place / rows), place % rows];
    const { kind, config, states } =
      place === 0 ? { kind: "start", config: () => ({}), states: ["incoming_call"] } : KINDS[place % KINDS.length];
    const onward = place + rows;
    const targets = [onward, row + 1 < rows ? onward + 1 : onward].slice(0, states.length);
    const next = targets.flatMap((target, index) => (target < count ? [[states[index], name(target)]] : []));
    return { name: name(place), kind, config: config(place), x: column * COLUMN * 24, y: row * ROW * 24, states, next };
  });
}

/** The same as a workflow file. */
export function workflow(id, count) {
  const nodes = {};
  const layout = {};
  for (const { name, kind, config, x, y, next } of scene(count)) {
    nodes[name] = { kind, config, ...(next.length > 0 && { next: Object.fromEntries(next) }) };
    layout[name] = [x / 24, y / 24];
  }
  return { format: 1, id, name: `${count} steps`, nodes, layout };
}
