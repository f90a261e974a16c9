/**
 * Linux's resource tree (kernel/resource.c): ranges that nest and never overlap among siblings. A claim on a busy
 * range fails; a claim inside a range that is not busy nests there.
 */

/** include/linux/ioport.h */
export const IORESOURCE = {
  /** Of PCI resources: it lies where it lies (include/linux/ioport.h, IORESOURCE_PCI_FIXED). */
  PCI_FIXED: 0x10,
  IO: 0x100,
  MEM: 0x200,
  PREFETCH: 0x2000,
  READONLY: 0x4000,
  SIZEALIGN: 0x40000,
  STARTALIGN: 0x80000,
  MEM_64: 0x100000,
  WINDOW: 0x200000,
  UNSET: 0x20000000,
  BUSY: 0x80000000,
} as const;

interface ResourceParts {
  readonly start: number;
  readonly end: number;
  readonly flags?: number;
  readonly root?: boolean;
}

export class Resource {
  name: string;
  start: number;
  /** Inclusive; one below `start` while it is empty. */
  end: number;
  flags: number;
  /** Of a BAR that virtual functions share: the alignment is the part of one. */
  part: number | undefined;
  parent: Resource | undefined;
  readonly children: Resource[] = [];

  /** The whole of an address space: it lies in no other. */
  readonly #isRoot: boolean;

  constructor(name: string, { start, end, flags = 0, root = false }: ResourceParts) {
    this.name = name;
    this.start = start;
    this.end = end;
    this.flags = flags;
    this.#isRoot = root;
  }

  /** It has an address that counts. */
  get isPlaced(): boolean {
    return this.#isRoot || this.parent !== undefined;
  }

  get size(): number {
    return this.end - this.start + 1;
  }

  /** What it must be aligned to (pci_resource_alignment); 0 where that is unknown. */
  get alignment(): number {
    if (this.part !== undefined) return this.part;
    if (this.has(IORESOURCE.SIZEALIGN)) return this.size;
    return this.has(IORESOURCE.STARTALIGN) ? this.start : 0;
  }

  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }

  contains({ start, end }: { readonly start: number; readonly end: number }): boolean {
    return this.start <= start && end <= this.end;
  }

  overlaps({ start, end }: { readonly start: number; readonly end: number }): boolean {
    return this.start <= end && start <= this.end;
  }

  /** Puts `child` under this resource; the sibling in its way if there is one (request_resource). */
  request(child: Resource): Resource | undefined {
    const conflict = this.contains(child) ? this.children.find((it) => it.overlaps(child)) : this;
    if (conflict) return conflict;
    this.#adopt(child);
    return undefined;
  }

  /** Puts `child` at its depth: under what contains it, above what it contains (insert_resource). */
  insert(child: Resource): void {
    const outer = this.children.find((it) => it.contains(child));
    if (outer) {
      outer.insert(child);
      return;
    }
    for (const inner of this.children.filter((it) => child.contains(it))) {
      inner.release();
      child.#adopt(inner);
    }
    this.#adopt(child);
  }

  /** A driver's claim (__request_region): descends into ranges that are not busy. The conflict, or undefined. */
  claim(child: Resource): Resource | undefined {
    const conflict = this.request(child);
    if (!conflict || conflict === this || conflict.has(IORESOURCE.BUSY)) return conflict;
    return conflict.claim(child);
  }

  /** The busy resource of exactly this range, which is what a release must name. */
  findBusy(start: number, end: number): Resource | undefined {
    for (const child of this.children) {
      if (!child.contains({ start, end })) continue;
      if (child.has(IORESOURCE.BUSY) && child.start === start && child.end === end) return child;
      return child.findBusy(start, end);
    }
    return undefined;
  }

  /** Leaves the tree. */
  release(): void {
    const siblings = this.parent?.children;
    siblings?.splice(siblings.indexOf(this), 1);
    this.parent = undefined;
  }

  /** This resource's descendants, depth first, with their depth below it. */
  *walk(depth = 0): Generator<{ readonly resource: Resource; readonly depth: number }> {
    for (const resource of this.children) {
      yield { resource, depth };
      yield* resource.walk(depth + 1);
    }
  }

  #adopt(child: Resource): void {
    child.parent = this;
    const after = this.children.findIndex(({ start }) => start > child.start);
    this.children.splice(after < 0 ? this.children.length : after, 0, child);
  }
}

/** `[mem 0x40000000-0x400fffff 64bit pref]`: what the kernel prints for %pR (lib/vsprintf.c, resource_string). */
export function formatResource({ start, end, flags }: Resource): string {
  const io = (flags & IORESOURCE.IO) !== 0;
  const width = io ? 4 : 8;
  const digits = (value: number) => `0x${value.toString(16).padStart(width, "0")}`;
  const range =
    flags & IORESOURCE.UNSET ? `size ${digits(end - start + 1)}` : `${digits(start)}-${digits(end)}`;
  const marks = [
    flags & IORESOURCE.MEM_64 ? " 64bit" : "",
    flags & IORESOURCE.PREFETCH ? " pref" : "",
    flags & IORESOURCE.WINDOW ? " window" : "",
  ];
  return `[${io ? "io " : "mem"} ${range}${marks.join("")}]`;
}
