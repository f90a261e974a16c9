/** Issue: "One sentence naming file, line and cause, in the Problems view where it has a place." */
import { suiteSetup, suiteTeardown, test } from "mocha";
import { Debugging } from "./debugging";
import { clean, writeDriver } from "./sources";
import { story } from "./story";

const source = `import { module_pci_driver, PCI_DEVICE } from "linux/pci";

enum Command {
  Go = 1,
}

module_pci_driver({ name: "refused", id_table: [PCI_DEVICE(0x1234, 0x11e8)], probe: () => Command.Go });
`;

story("a driver whose types cannot be stripped", (workbench) => {
  suiteSetup(async () => {
    await clean();
    writeDriver("refused.ts", source);
    await workbench().openDriver("refused.ts");
  });
  suiteTeardown(clean);

  test("is refused with file, line and cause", async () => {
    await new Debugging(workbench()).press("F5");
    const message = await workbench().notification(/refused\.ts:3: TypeScript enum is not supported/);
    await workbench().screenshot("refused driver");
    await message.getByText("Show Problems", { exact: true }).click();
  });

  test("stands in the Problems view at its line", async () => {
    const problem = workbench().page.locator(".markers-panel .monaco-list-row");
    await problem.filter({ hasText: /enum is not supported.*\[Ln 3, Col 1\]/ }).waitFor();
    await workbench().screenshot("refused driver in Problems");
  });
});
