/** Issue: "A driver with while (true) {} is paused, inspected and killed while VS Code stays responsive." */
import assert from "node:assert/strict";
import { suiteSetup, suiteTeardown, test } from "mocha";
import { Debugging } from "./debugging";
import { clean, lineOf, writeDriver } from "./sources";
import { story } from "./story";
import { Tree } from "./tree";

const source = `import { module_pci_driver, PCI_DEVICE } from "linux/pci";

let rounds = 0;

function spin(): never {
  const limit = 7;
  while (true) {
    rounds = (rounds + 1) % limit;
  }
}

module_pci_driver({
  name: "spin",
  id_table: [PCI_DEVICE(0x1234, 0x11e8)],
  probe: () => spin(),
});
`;

story("a driver that loops for ever", (workbench) => {
  let debugging: Debugging;

  suiteSetup(async () => {
    await clean();
    debugging = new Debugging(workbench());
    writeDriver("spin.ts", source);
    await workbench().openDriver("spin.ts");
  });
  suiteTeardown(clean);

  test("leaves views and editors usable", async () => {
    await debugging.press("F5");
    await workbench().statusBar("driver running").waitFor();
    await workbench().activity("Rootport");
    await new Tree(workbench(), "Devices").row("edu").waitFor();
    await workbench().open("edu.ts");
    await workbench().open("spin.ts");
  });

  test("is paused inside its loop, with locals", async () => {
    await debugging.press("F6");
    await debugging.standsIn(/spin/);
    assert.match(await debugging.variable(/^limit/), /limit = ?7/);
    await workbench().screenshot("endless loop paused");
  });

  test("is killed alone, and the machine stays", async () => {
    await workbench().command("Debug: Continue");
    await workbench().statusBar("driver running").waitFor();
    await workbench().command("Rootport: Kill Driver");
    await debugging.ended();
    await debugging.console(/The driver was killed/).waitFor();
    await workbench().statusBar("driver removed").waitFor();
    await workbench().screenshot("driver killed");
  });

  test("leaves a machine on which the next driver runs", async () => {
    const line = lineOf("edu.ts", /^\s+(const|let) /, /probe\(/);
    await workbench().openDriver("edu.ts");
    await debugging.breakpoint(line);
    await debugging.press("F5");
    await debugging.stopsAt(line);
  });
});
