/** `wp`: watchpoints of this session. */
import type { WatchpointStatus } from "../../../../emulator/machine/views";
import type { Control } from "../../control";
import type { Verb } from "./verb";

export const wp: Verb = {
  usage: "wp [WATCHPOINT | remove N]",
  does: "watchpoints of this session: edu.STATUS w if $value & 1",
  takesAddress: true,
  run: watchpoints,
};

/** Adds to the watchpoints of this session, removes by number, or lists them with what has become of each. */
async function watchpoints(control: Control, words: readonly string[]): Promise<string> {
  const before = control.watchpoints.session;
  const number = words[0] === "remove" ? Number(words[1]) : undefined;
  if (number !== undefined && !before[number - 1])
    throw new Error(`There is no watchpoint ${words[1] ?? ""} of this session.`);
  const added =
    number === undefined && words.length > 0 ? [{ id: nextId(before), spec: words.join(" ") }] : [];
  const wanted = [...before.filter((_, index) => index + 1 !== number), ...added];
  const statuses = await control.watchpoints.setSession(wanted);
  const wrong = added.length > 0 ? statuses.at(-1) : undefined;
  if (wrong?.never) await control.watchpoints.setSession(before);
  if (wrong?.never) throw new Error(`${wrong.message ?? "It can never be watched"}.`);
  const lines = wanted.map(({ spec }, index) => `${index + 1}  ${spec}${why(statuses[index])}`);
  return lines.length > 0
    ? lines.join("\n")
    : "No watchpoints of this session: wp edu.STATUS w if $value & 1";
}

function nextId(before: readonly { readonly id: string }[]): string {
  const numbers = before.map(({ id }) => Number(/^console:(\d+)$/.exec(id)?.[1] ?? 0));
  return `console:${Math.max(0, ...numbers) + 1}`;
}

function why(status: WatchpointStatus | undefined): string {
  return status?.verified === false ? `  (${status.message ?? "waits"})` : "";
}
