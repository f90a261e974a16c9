import { describe, expect, test } from "vitest";
import { booted, enable, iomap } from "../../support/bench";

const [FACTORIAL, STATUS] = [0x08, 0x20];

function watching(spec: string) {
  const bench = booted();
  const heard: string[] = [];
  bench.machine.watchpoints.onHit = ({ text }) => void heard.push(text);
  bench.machine.watchpoints.replace("own", [{ id: "1", spec }]);
  enable(bench, "edu");
  return { ...bench, base: iomap(bench, "edu"), heard };
}

describe("what a watchpoint says", () => {
  test("of a read is the value that the driver gets, also when it changes as the read goes out", () => {
    const { io, base, heard } = watching("edu.STATUS r");
    io.iowrite32(5, base, FACTORIAL);
    const got: string[] = [];
    while (got.at(-1) !== "read edu.STATUS = 0x0")
      got.push(`read edu.STATUS = 0x${io.ioread32(base, STATUS).toString(16)}`);
    expect(got.length).toBeGreaterThan(2);
    expect(heard).toEqual(got);
  });

  test("of changes by the device is each of them, at the driver's next access", () => {
    const { io, base, heard } = watching("edu.STATUS change");
    io.iowrite32(5, base, FACTORIAL);
    while (io.ioread32(base, STATUS));
    expect(heard).toEqual([
      expect.stringMatching(/changed by the device: 0x0 → 0x1/),
      expect.stringMatching(/changed by the device: 0x1 → 0x0/),
    ]);
  });

  test("is nothing when a BAR begins to decode: what was read there before is no value", () => {
    const { io, base, heard } = watching("edu.FACTORIAL change");
    expect(io.ioread32(base, 0)).toBe(0x010000ed);
    expect(heard).toEqual([]);
  });
});
