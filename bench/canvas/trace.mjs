// What the main thread did in each frame, from Chromium's trace: processor time, so that a neighbour's load counts little.

/** Per scene, the main thread's milliseconds in each frame between the driver's marks. */
export function mainThread(events) {
  const marks = events.filter(({ cat, name }) => cat.includes("blink.user_timing") && /^(frame|end) /.test(name)).sort((a, b) => a.ts - b.ts);
  const [first] = marks;
  if (!first) return {};
  const tasks = events
    .filter(({ name, ph, pid, tid }) => name === "ThreadControllerImpl::RunTask" && ph === "X" && pid === first.pid && tid === first.tid)
    .sort((a, b) => a.ts - b.ts);
  const scenes = {};
  let task = 0;
  for (const [index, mark] of marks.slice(0, -1).entries()) {
    const next = marks[index + 1];
    if (!mark.name.startsWith("frame ") || next.name.slice(-mark.name.length + 6) !== mark.name.slice(6)) continue;
    // A frame is from the task in which its mark lies to the one before the next mark's.
    while (task < tasks.length && tasks[task].ts + tasks[task].dur < mark.ts) task += 1;
    let total = 0;
    while (task < tasks.length && tasks[task].ts + tasks[task].dur < next.ts) {
      total += tasks[task].tdur ?? tasks[task].dur;
      task += 1;
    }
    const name = mark.name.slice(6);
    (scenes[name] ??= []).push(total / 1000);
  }
  return scenes;
}

export const quantile = (values, part) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))];
export const median = (values) => quantile(values, 0.5);
