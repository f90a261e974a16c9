/** /proc/iomem and /proc/ioports, and sysfs `resource`, read back. */

export interface ProcRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
  readonly name: string;
}

/** A line that is not what the kernel prints, in a text. */
export class ProcError extends Error {
  readonly text: string;
  readonly line: number;

  constructor({ text, line }: { readonly text: string; readonly line: number }, sentence: string) {
    super(sentence);
    this.text = text;
    this.line = line;
  }
}

/** The lines of /proc/iomem or /proc/ioports, in their order. Throws `ProcError`. */
export function parseProc(text: string): readonly ProcRange[] {
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const [, start, end, name] = /^ *([0-9a-f]+)-([0-9a-f]+) : (.*?)\r?$/i.exec(line) ?? [];
    if (start === undefined || end === undefined || name === undefined) {
      throw new ProcError(
        { text, line: index + 1 },
        'This line does not read "start-end : name", as /proc/iomem has it',
      );
    }
    return [
      checked(
        { start: Number.parseInt(start, 16), end: Number.parseInt(end, 16), name },
        { text, line: index + 1 },
      ),
    ];
  });
}

function checked(range: ProcRange, at: { readonly text: string; readonly line: number }): ProcRange {
  if (!Number.isSafeInteger(range.end) || range.end < range.start)
    throw new ProcError(at, "This range ends before it starts, or is larger than an address space");
  return range;
}

const isFunction = ({ name }: ProcRange) => /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.\d$/.test(name);
const isBus = ({ name }: ProcRange) => /^PCI Bus /.test(name);
const isFirmware = ({ name }: ProcRange) => /^(ACPI|pnp|PNP|QEMU)/.test(name);

/** A platform's own lines: no bus, no function, nothing that a driver claimed inside a function. */
export function platformOf(ranges: readonly ProcRange[]): readonly ProcRange[] {
  const claimed = claimedOf(ranges);
  return ranges.filter((it) => !isBus(it) && !isFunction(it) && !claimed.includes(it));
}

/** What drivers claimed inside functions. */
export function claimedOf(ranges: readonly ProcRange[]): readonly ProcRange[] {
  const functions = ranges.filter(isFunction);
  const inside = ({ start, end }: ProcRange) => functions.some((it) => it.start <= start && end <= it.end);
  return ranges.filter((it) => !isBus(it) && !isFunction(it) && !isFirmware(it) && inside(it));
}

/** sysfs `resource` of several functions: `## bdf`, then `start end flags` lines. Throws `ProcError`. */
export function parseResources(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const [, bdf] = /^## (\S+)\r?$/.exec(line) ?? [];
    if (bdf !== undefined) {
      current = [];
      found.set(bdf, current);
    } else if (/^0x[0-9a-f]{16} 0x[0-9a-f]{16} 0x[0-9a-f]{16}\r?$/i.test(line)) current?.push(line.trim());
    else if (line.trim() !== "")
      throw new ProcError(
        { text, line: index + 1 },
        'This line does not read "start end flags", as sysfs resource has it',
      );
  }
  return found;
}
