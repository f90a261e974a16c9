import { describe, expect, test } from "vitest";
import { formatExplanation } from "../../../emulator/formats/explanation";
import { builtIn } from "../../../emulator/machine/built-in";
import type { LinuxState } from "../../../emulator/machine/views";
import type { Explanation } from "../../../emulator/machine/way-views";
import { addresses, faults } from "../../support/addresses";
import { type Bench, booted, sequence } from "../../support/bench";
import { ask, mend } from "../../support/explaining";
import { asItWas, topologies, topology } from "../../support/golden";

type Asked = Pick<Bench, "machine" | "kernel">;

/** Everything that is wrong with an explanation by itself. */
function unsound(explanation: Explanation): readonly string[] {
  const { input, answered, hops, dies, sentence, decides } = explanation;
  const text = formatExplanation(explanation);
  const plain = JSON.stringify(JSON.parse(JSON.stringify(explanation))) === JSON.stringify(explanation);
  const last = hops.at(-1)?.kind;
  return [
    ...(plain ? [] : [`${input}: no JSON`]),
    ...(text.includes(sentence) ? [] : [`${input}: the text lacks the sentence`]),
    ...(answered === (dies === undefined) ? [] : [`${input}: answered, and dies`]),
    ...(answered || last === "dead" ? [] : [`${input}: dies at ${last}`]),
    ...(decides && (answered || decides.is === decides.wants) ? [`${input}: nothing decides`] : []),
  ];
}

/** Does what each explanation says until it is answered, or nothing can be done from here. */
function mendAll(bench: Asked, address: string, linux: LinuxState): Explanation {
  for (let turn = 0; turn < 8; turn++) {
    const why = ask(bench, address, { linux });
    if (why.answered || !why.mends.some(({ command }) => command)) return why;
    mend(bench, why);
  }
  return ask(bench, address, { linux });
}

function check(bench: Asked, seed: number): readonly string[] {
  const asked = addresses(bench.machine, sequence(seed));
  const linux = bench.kernel.state();
  const translated = asked.flatMap((it) => faults(bench.machine, it));
  const explained = asked.flatMap((it) =>
    [true, false].flatMap((write) => unsound(ask(bench, it, { write, linux }))),
  );
  const bars = bench.machine.root.functions.flatMap((fn) =>
    fn.bars.map(({ index }) => `${fn.name}.BAR${index}`),
  );
  const stubborn = bars
    .map((it) => mendAll(bench, it, linux))
    .filter(({ answered, mends }) => !answered && mends.some(({ command }) => command));
  return [...translated, ...explained, ...stubborn.map(({ sentence }) => `not mended: ${sentence}`)];
}

describe("of every machine that comes along", () => {
  test.each([...builtIn.keys()])(
    "%s: each address has others that lead there, each failure a cause, and its cure works",
    (name) => {
      expect(check(booted(name), 7)).toEqual([]);
    },
  );
});

describe("of every recorded machine", () => {
  test.each(topologies())(
    "%s: each address has others that lead there, each failure a cause, and its cure works",
    (name) => {
      const [texts] = Object.values(topology(name));
      if (!texts) throw new RangeError(`${name} has no boots`);
      expect(check(asItWas(texts), 11)).toEqual([]);
    },
  );
});
