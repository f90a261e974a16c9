/** Asks a machine on the bench why an access ends as it does, and listens to what fails on it. */
import { type ExplainOptions, explain } from "../../emulator/explain/explain";
import { type Failure, Failures } from "../../emulator/explain/failures";
import { touch } from "../../emulator/machine/touch";
import type { Hex } from "../../emulator/machine/views";
import type { Explanation } from "../../emulator/machine/way-views";
import type { Bench } from "./bench";

type Asked = Pick<Bench, "machine" | "kernel">;

export function ask({ machine, kernel }: Asked, address: string, options: ExplainOptions = {}): Explanation {
  return explain(machine, address, { ...options, linux: options.linux ?? kernel.state() });
}

/** Every failure from now on, as it is told. */
export function listen({ machine, kernel }: Asked): readonly Failure[] {
  const heard: Failure[] = [];
  const failures = new Failures(machine, {
    linux: () => kernel.state(),
    tell: (failure) => void heard.push(failure),
  });
  machine.watchpoints.events.onFailure = (failed) => failures.note(failed);
  return heard;
}

/** Does what the first advice with a command says, as the Debug Console would. */
export function mend({ machine }: Asked, { mends }: Explanation): void {
  for (const { command } of mends.filter((it) => it.command)) {
    const [, at = "", value = ""] = /^wr (\S+) (\S+)$/.exec(command ?? "") ?? [];
    touch(machine, { verb: "write", at, value: value as Hex });
  }
}
