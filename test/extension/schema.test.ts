import { expect, test } from "vitest";
import { catalogue } from "../../emulator/machine/catalogue";
import schema from "../../extension/schemas/pcie-machine.schema.json";

test("completion proposes every kind of device that there is, and no other", () => {
  const proposed = schema.definitions.function.properties.device.examples;
  expect([...proposed].sort()).toEqual([...catalogue.keys()].sort());
});
