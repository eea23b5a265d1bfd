/** A small chart of days: lines, a band and dots as paths of an SVG. Pure. */

export interface Frame {
  readonly width: number;
  readonly height: number;
  /** room at the left for the numbers, and below for the days */
  readonly left: number;
  readonly below: number;
}

/** A whole round number at or above, so that the axis is read easily. */
export function roundTop(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((each) => each * power >= value) ?? 10;
  return Math.max(1, step * power);
}

export interface Scale {
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
}

/** Places of `count` days and of values from zero to `top`; rounded to tenths of a pixel. */
export function scale(frame: Frame, count: number, top: number): Scale {
  const round = (value: number): number => Math.round(value * 10) / 10;
  const step = (frame.width - frame.left - 8) / Math.max(1, count - 1);
  const tall = frame.height - frame.below - 8;
  return {
    x: (at) => round(frame.left + at * step),
    y: (value) => round(8 + tall * (1 - value / top)),
  };
}

type Values = readonly (number | null)[];

/** A line through what is known; it breaks where nothing is. */
export function line(values: Values, to: Scale): string {
  let isDrawing = false;
  const steps = values.map((value, at) => {
    if (value === null) {
      isDrawing = false;
      return "";
    }
    const step = `${isDrawing ? "L" : "M"}${to.x(at)} ${to.y(value)}`;
    isDrawing = true;
    return step;
  });
  return steps.join("");
}

/** The stretch between two lines, in one piece for each run of days in which both are known. */
export function band(low: Values, high: Values, to: Scale): string {
  const runs: number[][] = [];
  low.forEach((value, at) => {
    if (value === null || (high[at] ?? null) === null) return;
    const run = runs.at(-1);
    if (run?.at(-1) === at - 1) run.push(at);
    else runs.push([at]);
  });
  return runs
    .map((run) => {
      const above = run.map((at) => `${to.x(at)} ${to.y(high[at] ?? 0)}`);
      const under = run.toReversed().map((at) => `${to.x(at)} ${to.y(low[at] ?? 0)}`);
      return `M${[...above, ...under].join("L")}Z`;
    })
    .join("");
}
