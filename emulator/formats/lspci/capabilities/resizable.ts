/** Resizable BARs (PCIe Base Specification 7.8.6). */
import type { Capability, Decoder } from "../capability";
import { bits } from "../text";

const LARGEST = 43;
const MOST_BARS = 6;
const UNITS = ["MB", "GB", "TB", "PB", "EB"] as const;

export const resizable =
  (kind: "Physical" | "Virtual"): Decoder =>
  ({ config, at }) => {
    const heading = `${kind} Resizable BAR`;
    const count = bits(config.long(at + 8), 7, 5);
    if (count < 1 || count > MOST_BARS)
      return [heading, `\t\t<error in resizable BAR: num_bars=${count} is out of specification>`];
    return [heading, ...Array.from({ length: count }, (_, index) => bar(config, at + 4 + index * 8))];
  };

function bar(config: Capability["config"], at: number): string {
  const [able, control] = [config.long(at), config.long(at + 4)];
  const supported = Array.from({ length: 44 }, (_, power) => power).filter((power) =>
    power < 28 ? (able >>> (power + 4)) & 1 : (control >>> (power - 12)) & 1,
  );
  const sizes = supported.map((power) => ` ${sizeName(power)}`).join("");
  return `\t\tBAR ${control & 7}: current size: ${sizeName(bits(control, 13, 8))}${sizes && `, supported:${sizes}`}`;
}

/** 2^power MB. */
function sizeName(power: number): string {
  const unit = power <= LARGEST ? UNITS[Math.floor(power / 10)] : undefined;
  return unit === undefined ? "<unknown>" : `${2 ** (power % 10)}${unit}`;
}
