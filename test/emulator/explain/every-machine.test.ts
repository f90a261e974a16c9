import { describe, expect, test } from "vitest";
import { builtIn } from "../../../emulator/machine/built-in";
import { addresses, faults } from "../../support/addresses";
import { booted, sequence } from "../../support/bench";
import { asItWas, topologies, topology } from "../../support/golden";

describe("of every machine that comes along", () => {
  test.each([...builtIn.keys()])(
    "%s: each address that arrives has others, and all of them lead there",
    (name) => {
      const { machine } = booted(name);
      const found = addresses(machine, sequence(7)).flatMap((it) => faults(machine, it));
      expect(found).toEqual([]);
    },
  );
});

describe("of every recorded machine", () => {
  test.each(topologies())("%s: each address that arrives has others, and all of them lead there", (name) => {
    const [texts] = Object.values(topology(name));
    if (!texts) throw new RangeError(`${name} has no boots`);
    const { machine } = asItWas(texts);
    const found = addresses(machine, sequence(11)).flatMap((it) => faults(machine, it));
    expect(found).toEqual([]);
  });
});
