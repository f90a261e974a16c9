/** One decision of Linux about addresses: in a sentence, and as strips of the windows it looked into. */
import type { BootItem, BootStep, BootTried } from "../protocol-boot";
import { hex, placeIn, type Range, sizeText } from "./addresses";

const size = (text: string): string => sizeText(BigInt(text));
const span = ({ start, end }: { start: string; end: string }): string =>
  `${start.replace("0x", "")}-${end.replace("0x", "")}`;

/** `BAR 0 of 0000:01:00.0`; `the memory window of 0000:00:03.0` */
export function itemText({ bdf, name, space, prefetchable }: BootItem): string {
  if (name !== "bridge window") return `${name} of ${bdf}`;
  const kind = space === "io" ? "I/O" : prefetchable ? "prefetchable" : "memory";
  return `the ${kind} window of ${bdf}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

type Teller = (item: string, step: BootStep) => string;

const place: Teller = (item, { item: wish, chosen, failed }) => {
  const wants = wish ? ` asks for ${size(wish.size)}, aligned to ${size(wish.align)}` : "";
  if (chosen) return `${item}${wants}: it gets ${span(chosen)} in ${chosen.window}.`;
  return `${item}${wants}: ${failed ?? "it gets nothing"}.`;
};

const tellers: Readonly<Record<BootStep["kind"], Teller>> = {
  claim: (item, { chosen, failed }) =>
    chosen
      ? `${item} keeps ${span(chosen)}, which it already held.`
      : `${item} cannot keep what it held: ${failed ?? "nothing holds it"}.`,
  size: (item, { room }) => {
    if (!room) return `${item} is sized.`;
    const more = room.may === room.must ? "" : `, ${size(room.may)} with optional room`;
    return `${item} needs ${size(room.must)} for what is behind it${more}.`;
  },
  place,
  expand: (item, step) => (step.chosen ? `${item} grows to ${span(step.chosen)}.` : place(item, step)),
  release: (item) => `${item} gives back what it held.`,
  retry: (_item, { round }) => `Not everything has a place: try ${round} begins.`,
};

/** What was decided. */
export function stepText(step: BootStep): string {
  const text = tellers[step.kind](step.item ? itemText(step.item) : "it", step);
  return capital(text.replace(/\.\.$/, "."));
}

const words: Readonly<Record<BootStep["kind"], string>> = {
  claim: "Keep",
  size: "Size",
  place: "Place",
  expand: "Grow",
  release: "Release",
  retry: "Retry",
};

export const stepWord = ({ kind }: BootStep): string => words[kind];

/** How it ended, for a list: an address, a size, or nothing. */
export function stepEnd({ chosen, room, failed }: BootStep): string {
  if (chosen) return span(chosen);
  if (failed !== undefined) return "no place";
  return room ? size(room.must) : "";
}

/** A part of a window's strip, as fractions of it. */
export interface Part {
  readonly kind: "gap" | "refused" | "chosen";
  readonly x: number;
  readonly width: number;
  readonly title: string;
}

export interface Strip {
  readonly window: string;
  readonly start: string;
  readonly end: string;
  readonly size: string;
  /** Why nobody looked into it. */
  readonly refused: string;
  readonly parts: readonly Part[];
}

const rangeOf = ({ start, end }: { start: string; end: string }): Range => ({
  start: BigInt(start),
  end: BigInt(end),
});

function part(outer: Range, inner: Range, face: Pick<Part, "kind" | "title">): Part {
  return { ...placeIn(outer, inner), ...face };
}

/** A window with its gaps; what lies between them is taken. Gaps say why they would not do. */
export function stripOf(tried: BootTried, chosen: BootStep["chosen"]): Strip {
  const whole = rangeOf(tried);
  const gaps = tried.gaps.map((gap) =>
    part(whole, rangeOf(gap), {
      kind: gap.refused === undefined ? "gap" : "refused",
      title: `${span(gap)}, ${sizeText(rangeOf(gap).end - rangeOf(gap).start + 1n)} free${gap.refused === undefined ? "" : `: ${gap.refused}`}`,
    }),
  );
  const taken =
    chosen?.window === tried.window
      ? [part(whole, rangeOf(chosen), { kind: "chosen", title: span(chosen) })]
      : [];
  return {
    window: tried.window,
    start: hex(whole.start),
    end: hex(whole.end),
    size: sizeText(whole.end - whole.start + 1n),
    refused: tried.refused ?? "",
    parts: [...gaps, ...taken],
  };
}
