/** What Linux decides while it places: its log lines, and each as data where somebody wants to replay them. */
import { hex } from "../core/hex";
import type { BootItem, BootStep, BootTried, UnplacedView } from "../machine/boot-views";
import { gapsOf, type Look } from "./allocate";
import type { KernelLog } from "./log";
import { type PciDev, resourceName } from "./pci-dev";
import { IORESOURCE, type Resource } from "./resource";

/** One resource of one device. */
export interface Item {
  readonly dev: PciDev;
  readonly index: number;
  readonly resource: Resource;
}

/** An item that got no place, as it was before. */
export interface Failure extends Item {
  readonly start: number;
  readonly end: number;
  readonly flags: number;
}

interface Outcome {
  readonly line: string;
  /** Its windows and their gaps, in the order they were asked. */
  readonly looks?: readonly Look[];
  readonly window?: Resource | undefined;
  readonly failed?: string;
}

export class Decisions {
  readonly #log: KernelLog;
  readonly #dropped = new Map<Resource, Failure>();
  readonly #reasons = new Map<Resource, string>();
  /** In the order they were taken; empty unless they are recorded. */
  readonly steps: BootStep[] = [];
  readonly records: boolean;
  /** Counts the tries of `pci=realloc`. */
  round = 1;
  /** Whether optional room is asked for, too. */
  optional = false;

  constructor(log: KernelLog, { record = false }: { readonly record?: boolean } = {}) {
    this.#log = log;
    this.records = record;
  }

  info(line: string): void {
    this.#log.info(line);
  }

  warn(line: string): void {
    this.#log.warn(line);
  }

  /** A window's size is known: with what it must have, and with optional room. */
  sized(item: Item, { must, may, line }: { must: number; may: number; line: string }): void {
    if (line) this.#log.info(line);
    this.#record("size", line, { item: viewOf(item), room: { must: hex(must), may: hex(may) } });
  }

  placed(kind: "claim" | "place" | "expand", item: Item, outcome: Outcome): void {
    const { line, looks, window, failed } = outcome;
    if (line) this.#log.info(line);
    if (failed !== undefined) this.#reasons.set(item.resource, failed);
    if (!this.records) return;
    const { start, end } = item.resource;
    this.#record(kind, line, {
      item: viewOf(item),
      ...(looks && { tried: looks.map(triedView) }),
      ...(window && !failed && { chosen: { start: hex(start), end: hex(end), window: window.name } }),
      ...(failed !== undefined && { failed }),
    });
  }

  released(item: Item, line: string): void {
    this.#log.info(line);
    this.#record("release", line, { item: viewOf(item) });
  }

  retried(line: string): void {
    this.#log.info(line);
    this.#record("retry", line, {});
  }

  /** It has no place, and is nothing now. */
  dropped(failure: Failure): void {
    this.#dropped.set(failure.resource, failure);
  }

  /** It is as it was before. */
  restored({ resource }: Item): void {
    this.#dropped.delete(resource);
  }

  /** Placing is over: what got no place stays known, with its size. */
  finish(): void {
    for (const [resource, { start, end, flags }] of this.#dropped) {
      if (!resource.flags)
        Object.assign(resource, { start: 0, end: end - start, flags: flags | IORESOURCE.UNSET });
    }
  }

  /** What has no place in the end. */
  get unplaced(): readonly UnplacedView[] {
    return [...this.#dropped.values()]
      .filter(({ resource }) => !resource.parent)
      .map((item) => ({
        ...viewOf(item),
        align: hex(alignmentBefore(item)),
        largestGap: hex(largestGap(item)),
        reason: this.#reasons.get(item.resource) ?? "There is no room for it",
      }));
  }

  #record(kind: BootStep["kind"], line: string, rest: Partial<BootStep>): void {
    if (!this.records) return;
    this.steps.push({ kind, round: this.round, optional: this.optional, line, ...rest });
  }
}

/** A window said it by its start, before it was dropped. */
function alignmentBefore({ resource, flags, start, end }: Failure): number {
  if (resource.part !== undefined) return resource.part;
  return flags & IORESOURCE.STARTALIGN ? start : end - start + 1;
}

function viewOf({ dev, index, resource }: Item): BootItem {
  return {
    bdf: dev.name,
    index,
    name: resourceName(index),
    space: resource.has(IORESOURCE.IO) ? "io" : "memory",
    prefetchable: resource.has(IORESOURCE.PREFETCH),
    wide: resource.has(IORESOURCE.MEM_64),
    size: hex(Math.max(0, resource.size)),
    align: hex(resource.alignment),
  };
}

function triedView({ window, refused, gaps }: Look): BootTried {
  return {
    window: window.name,
    start: hex(window.start),
    end: hex(window.end),
    ...(refused !== undefined && { refused }),
    gaps: gaps.map((gap) => ({
      start: hex(gap.start),
      end: hex(gap.end),
      ...(gap.refused !== undefined && { refused: gap.refused }),
    })),
  };
}

/** In the windows of its bus that are of its kind. */
function largestGap({ dev, resource }: Item): number {
  const kind = IORESOURCE.IO | IORESOURCE.MEM;
  const windows = dev.bus.resources.filter(
    (it) =>
      it.isPlaced &&
      !((it.flags ^ resource.flags) & kind) &&
      !(it.has(IORESOURCE.PREFETCH) && !resource.has(IORESOURCE.PREFETCH)),
  );
  const sizes = windows.flatMap((window) => [...gapsOf(window)].map(({ start, end }) => end - start + 1));
  return sizes.reduce((largest, size) => Math.max(largest, size), 0);
}
