/** `lspci -x`: configuration space, 16 bytes a line. */
import type { SysfsDevice } from "../../linux/sysfs";
import { hex } from "./text";

/** How much `-x`, `-xxx`, `-xxxx` show. */
const BYTES = [0, 64, 64, 256, 4096] as const;
const LINE = 16;

export function hexDump({ config }: SysfsDevice, times: number): readonly string[] {
  const length = Math.min(config.length, BYTES[times] ?? 4096);
  return Array.from({ length: length / LINE }, (_, index) => {
    const bytes = [...config.subarray(index * LINE, (index + 1) * LINE)].map((byte) => hex(byte, 2));
    return `${hex(index * LINE, 2)}: ${bytes.join(" ")}`;
  });
}
