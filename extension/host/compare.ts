/** Two boots, of one machine or of two, held against one another: for the command line and for the editor. */
import { formatComparison, formatUnplaced } from "../../emulator/formats/comparison";
import { formatIomem, formatIoports } from "../../emulator/formats/iomem";
import type { BootReplay, Comparison } from "../../emulator/machine/boot-views";
import { type Boot, compare } from "../../emulator/machine/compare";
import { bootSide, type Side, titleOf } from "./boot-side";
import type { BootComparison, BootWish } from "./protocol";

interface AddressMap extends Boot {
  /** The maps as /proc shows them, then what has no place. */
  readonly text: string;
}

/** Throws `MachineProblem`. */
function mapOf(side: Side): AddressMap {
  const { kernel } = bootSide(side);
  const { iomem, ioports, unplaced } = kernel.state();
  const parts = [
    "# /proc/iomem\n",
    formatIomem(iomem),
    "\n# /proc/ioports\n",
    formatIoports(ioports),
    ...(unplaced.length ? ["\n# no place\n", formatUnplaced(unplaced)] : []),
  ];
  return { title: titleOf(side), addresses: kernel.addresses, text: parts.join("") };
}

/** The machine that is meant where none is named: the open one. */
interface Open {
  readonly wanted: string;
}

/** Throws `MachineProblem`. */
export function replayOf(wish: BootWish, { wanted }: Open): BootReplay {
  return bootSide({ machine: wanted, ...wish }, { record: true }).kernel.replay;
}

/** Throws `MachineProblem`. */
export function compareWishes(
  { before, after }: { readonly before: BootWish; readonly after: BootWish },
  { wanted }: Open,
): BootComparison {
  const [old, now] = [mapOf({ machine: wanted, ...before }), mapOf({ machine: wanted, ...after })];
  const comparison = compare(old, now);
  const found = `\n# what is different\n${formatComparison(comparison)}`;
  return { comparison, texts: [old.text, `${now.text}${found}`] };
}

/** Throws `MachineProblem`. */
export function compareSides(before: Side, after: Side): Comparison {
  return compare(mapOf(before), mapOf(after));
}
