/** From where a walk died to why. */
import type { Hardware } from "../machine/hardware";
import type { Cause, Question } from "./cause";
import { dmaCause } from "./dma-cause";
import type { Death, Ending } from "./ending";
import { hostCause } from "./host-cause";
import { pageCause } from "./page-cause";
import { isReadOnly, refusalCause } from "./register-cause";
import { unclaimedCause } from "./unclaimed";

/** `cpu`: the CPU asks; devices' own requests are not refused by width. */
type Asked = Question & { readonly cpu: boolean };

/** Undefined where the access succeeds. */
export function causeOf(machine: Hardware, { death, target }: Ending, question: Asked): Cause | undefined {
  if (death) return ofDeath(machine, death, question);
  if (!target || !question.cpu) return undefined;
  if (target.kind === "bar") return refusalCause(machine, target, question);
  if (target.kind !== "configuration" || !question.write) return undefined;
  const { config, name } = target.function;
  const [register, declared] =
    Object.entries(config.map).find(([, it]) => target.at >= it.at && target.at < it.at + it.width / 8) ?? [];
  if (!declared || !isReadOnly(declared)) return undefined;
  return {
    why: `${name}.config.${register} is read-only: the write completes and changes nothing`,
    mends: [{ sentence: "What the register says is the device's own: software reads it" }],
  };
}

function ofDeath(machine: Hardware, death: Death, question: Question): Cause {
  switch (death.kind) {
    case "page":
      return pageCause(machine, death, question);
    case "unclaimed":
      return unclaimedCause(machine, death, question);
    case "may-not-send":
    case "remapping":
    case "sent-back":
    case "no-ram":
      return dmaCause(machine, death, question);
    default:
      return hostCause(machine, death, question);
  }
}
