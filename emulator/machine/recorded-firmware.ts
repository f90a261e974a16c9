/** What firmware had left in a function's registers, from the kernel's log: `start end flags` by resource index. */
import type { ProbedBar, Span, WindowKind } from "../formats/dmesg";

const WINDOW_INDEX: Readonly<Record<WindowKind, number>> = { io: 13, memory: 14, prefetchable: 15 };
const ROM_INDEX = 6;
/** Memory that lies where it lies, and is a copy of a ROM (include/linux/ioport.h). */
const SHADOW_FLAGS = 0x212;

interface Other {
  readonly windows: ReadonlyMap<WindowKind, Span> | undefined;
  /** Where the ROM's copy is. */
  readonly shadow: Span | undefined;
}

/** Empty where the log says nothing of the function. Flags are zero but for a copied ROM. */
export function firmwareLines(
  bars: ReadonlyMap<number, ProbedBar>,
  { windows, shadow }: Other,
): readonly string[] {
  const found = new Map<number, Span>();
  for (const [index, { start, size }] of bars) if (start) found.set(index, { start, end: start + size - 1 });
  for (const [kind, span] of windows ?? []) found.set(WINDOW_INDEX[kind], span);
  if (shadow) found.set(ROM_INDEX, shadow);
  const length = Math.max(-1, ...found.keys()) + 1;
  return Array.from({ length }, (_, index) => {
    const { start, end } = found.get(index) ?? { start: 0, end: 0 };
    const flags = shadow && index === ROM_INDEX ? SHADOW_FLAGS : 0;
    return [start, end, flags].map((value) => `0x${value.toString(16).padStart(16, "0")}`).join(" ");
  });
}
