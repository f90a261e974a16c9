import { describe, expect, it } from "vitest";
import { phaseWords } from "../../extension/phase-words";
import { demo } from "./demo-state";

const { functions } = demo;
const unbound = functions.map(({ driver: _, ...view }) => view);
const onlyPorts = unbound.map((view) => (view.kind === "root-port" ? { ...view, driver: "pcieport" } : view));

describe("what the machine does", () => {
  it.each([
    ["ready", "ready"],
    ["running", "driver running"],
    ["paused", "driver paused"],
    ["ended", "driver removed"],
  ] as const)("is for %s: %s", (phase, words) => {
    expect(phaseWords({ phase, functions })).toBe(words);
  });

  it("tells a bound driver from one that has found no device; a port's own does not count", () => {
    expect(phaseWords({ phase: "idle", functions })).toBe("driver bound");
    expect(phaseWords({ phase: "idle", functions: unbound })).toBe("driver without a device");
    expect(phaseWords({ phase: "idle", functions: onlyPorts })).toBe("driver without a device");
  });
});
