/** Issue: "See, in an activity-bar container, a Devices tree of what was really enumerated." */
import assert from "node:assert/strict";
import { suiteSetup, test } from "mocha";
import { clean } from "./sources";
import { story } from "./story";
import { Tree } from "./tree";

story("the Devices tree", (workbench) => {
  let tree: Tree;

  suiteSetup(async () => {
    await clean();
    await workbench().activity("Rootport");
    tree = new Tree(workbench(), "Devices");
    await tree.row("edu").waitFor();
  });

  test("shows the host bridge, the root port and the endpoint below it, with class and ids", async () => {
    await tree.row(/00:00\.0 · [0-9a-f]{4}:[0-9a-f]{4} · Host bridge/).waitFor();
    await tree.row(/^rp0.* · 1b36:000c · PCI bridge/).waitFor();
    await tree.row(/^edu.* · 1234:11e8 · /).waitFor();
    await workbench().screenshot("devices");
  });

  test("shows a BAR with its kind, address and size", async () => {
    await tree.expand(/^edu/);
    await tree.row(/^BAR0.*0x[0-9a-f]+ · 1 MiB · memory, 32-bit/).waitFor();
  });

  test("shows a register with its value and access, and its fields below it", async () => {
    await tree.expand(/^BAR0.*1 MiB/);
    await tree.row(/^ID.*0x010000ed · ro · \+0x0/).waitFor();
    await tree.expand(/^STATUS.*\+0x20/);
    const rows = await tree.text();
    assert.ok(
      rows.some((row) => /COMPUTING/.test(row)),
      `no field of STATUS in ${rows.join("\n")}`,
    );
    await workbench().screenshot("registers");
  });
});
