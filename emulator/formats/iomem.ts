/** /proc/iomem and /proc/ioports as text (kernel/resource.c, r_show): two spaces a level. */
import type { ResourceLine } from "../machine/views";

/** At least this many digits. */
const IOMEM_DIGITS = 8;
const IOPORT_DIGITS = 4;

export function formatIomem(lines: readonly ResourceLine[]): string {
  return format(lines, IOMEM_DIGITS);
}

export function formatIoports(lines: readonly ResourceLine[]): string {
  return format(lines, IOPORT_DIGITS);
}

/** One line of /proc/iomem without its indentation. */
export function formatLine(line: ResourceLine, width = IOMEM_DIGITS): string {
  const digits = (value: string) => value.slice(2).padStart(width, "0");
  return `${digits(line.start)}-${digits(line.end)} : ${line.name}`;
}

function format(lines: readonly ResourceLine[], width: number): string {
  return lines.map((line) => `${"  ".repeat(line.depth)}${formatLine(line, width)}\n`).join("");
}
