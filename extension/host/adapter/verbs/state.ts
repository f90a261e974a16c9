/** `state`: puts the machine's state aside, brings it back, and says what has changed since. */
import type { RegisterView } from "../../../../emulator/machine/views";
import type { Control } from "../../control";
import type { RegisterChange, StateDifference } from "../../saved-states";
import { misused, type Verb } from "./verb";

const MOST_LINES = 60;

export const state: Verb = {
  usage: "state [save NAME | restore NAME | diff NAME [NAME]]",
  does: "the hardware's state, put aside, brought back, compared with now or with another",
  words: ({ bench }, before) =>
    before.length === 0 ? ["save", "restore", "diff"] : before[0] === "save" ? [] : bench.states,
  async run(control, [verb, name, other]) {
    if (verb === undefined) return listed(control.bench.states);
    if (name === undefined) throw misused(this);
    if (verb === "save") return saved(control, name);
    if (verb === "restore") return restored(control, name);
    if (verb !== "diff") throw misused(this);
    return differenceText(control.bench.difference(name, other));
  },
};

function listed(names: readonly string[]): string {
  return names.length === 0 ? "No state is saved: state save before" : names.join("\n");
}

function saved(control: Control, name: string): string {
  control.bench.save(name);
  return `Saved as ${name}: state diff ${name} says what changes from here on.`;
}

async function restored(control: Control, name: string): Promise<string> {
  await control.bench.restore(name);
  return `The hardware is as in ${name}. What Linux and the driver know stays as it is.`;
}

function differenceText({ registers, pages }: StateDifference): string {
  if (registers.length + pages.length === 0) return "Nothing differs.";
  const lines = [
    ...registers.map(registerLine),
    ...pages.map(({ start, end }) => `RAM 0x${start.toString(16)}-0x${(end - 1).toString(16)}`),
  ];
  const more = lines.length - MOST_LINES;
  return [...lines.slice(0, MOST_LINES), ...(more > 0 ? [`… and ${more} more`] : [])].join("\n");
}

function registerLine({ before, after }: RegisterChange): string {
  const fields = fieldChanges(before, after);
  return `${after.id} ${before.value} → ${after.value}${fields === "" ? "" : ` (${fields})`}`;
}

function fieldChanges(before: RegisterView, after: RegisterView): string {
  const changed = after.fields.flatMap(({ name, value }, index) => {
    const old = before.fields[index]?.value ?? value;
    return old === value ? [] : [`${name} ${old} → ${value}`];
  });
  return changed.join(", ");
}
