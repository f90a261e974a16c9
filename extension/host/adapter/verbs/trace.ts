/** `trace`: the bus analyser. */
import type { Control } from "../../control";
import { transactionLine } from "./transaction-line";
import { misused, type Verb } from "./verb";

const SHOWN = 20;

export const trace: Verb = {
  usage: "trace [on | off | clear | N]",
  does: "records what goes over the bus, and shows the last N",
  words: () => ["on", "off", "clear"],
  async run(control, [word = `${SHOWN}`]) {
    if (word === "on" || word === "off" || word === "clear") return switched(control, word);
    if (!/^[1-9]\d*$/.test(word)) throw misused(this);
    return last(control, Number(word));
  },
};

async function switched(control: Control, to: "on" | "off" | "clear"): Promise<string> {
  await control.bench.operate({ do: "trace", to });
  return { on: "Recording: trace shows it.", off: "Not recording any more.", clear: "Nothing is recorded." }[
    to
  ];
}

function last(control: Control, count: number): string {
  const { fabric } = control.machine.root;
  const all = fabric.trace.transactions();
  if (all.length === 0)
    return fabric.trace.on ? "Nothing has gone over the bus since." : "Nothing is recorded: trace on.";
  return all
    .slice(-count)
    .map((transaction) => transactionLine(control.machine, transaction))
    .join("\n");
}
