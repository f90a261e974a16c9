/** /proc/iomem as text (kernel/resource.c, r_show): at least eight digits, two spaces a level. */
import type { ResourceLine } from "../machine/views";

export function formatIomem(lines: readonly ResourceLine[]): string {
  return lines.map((line) => `${"  ".repeat(line.depth)}${formatLine(line)}\n`).join("");
}

/** One line without its indentation. */
export function formatLine({ start, end, name }: ResourceLine): string {
  const digits = (value: string) => value.slice(2).padStart(8, "0");
  return `${digits(start)}-${digits(end)} : ${name}`;
}
