/** /proc/iomem and /proc/ioports as text (kernel/resource.c, r_show): two spaces a level. */
import type { ResourceLine } from "../machine/views";

/** At least this many digits. */
const IOMEM_DIGITS = 8;
const IOPORT_DIGITS = 4;

export interface Reader {
  /** Without CAP_SYS_ADMIN all addresses read as zero. */
  readonly unprivileged?: boolean;
}

export function formatIomem(lines: readonly ResourceLine[], reader: Reader = {}): string {
  return format(lines, { width: IOMEM_DIGITS, ...reader });
}

export function formatIoports(lines: readonly ResourceLine[], reader: Reader = {}): string {
  return format(lines, { width: IOPORT_DIGITS, ...reader });
}

/** One line of /proc/iomem without its indentation. */
export function formatLine(line: ResourceLine, width = IOMEM_DIGITS): string {
  const digits = (value: string) => value.slice(2).padStart(width, "0");
  return `${digits(line.start)}-${digits(line.end)} : ${line.name}`;
}

function format(
  lines: readonly ResourceLine[],
  { width, unprivileged = false }: Reader & { readonly width: number },
): string {
  const seen = (line: ResourceLine): ResourceLine =>
    unprivileged ? { ...line, start: "0x0", end: "0x0" } : line;
  return lines.map((line) => `${"  ".repeat(line.depth)}${formatLine(seen(line), width)}\n`).join("");
}
