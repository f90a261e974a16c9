import { execFileSync, spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../support/paths.mjs";
import { cli, driver, PATIENCE_MS } from "./conversation";

/** Debian's emacs-nox and elpa-dap-mode; CI installs both. */
function hasEmacs(): boolean {
  const { status } = spawnSync("emacs", [
    "--batch",
    "-q",
    "--eval",
    "(progn (package-initialize) (require 'dap-mode))",
  ]);
  return status === 0;
}

describe.skipIf(!hasEmacs())("rootport dap from another editor, Emacs with dap-mode", () => {
  it("stops at its breakpoint, steps, shows locals and registers, and stops on a register", () => {
    const session = path.join(root, "test/host/clients/emacs.el");
    const said = execFileSync(
      "emacs",
      [
        "--batch",
        "-q",
        "-l",
        session,
        process.execPath,
        cli,
        "dap",
        "--",
        driver("factorial"),
        "const error =",
      ],
      { encoding: "utf8", timeout: 4 * PATIENCE_MS, stdio: ["ignore", "pipe", "pipe"] },
    );
    expect(said.trim().split("\n")).toEqual([
      "stands in probe: const error = pci_enable_device(dev);",
      "stands in probe: if (error) return error;",
      expect.stringMatching(/^locals: dev, error/),
      "edu.ID is 0x10000ed",
      "stands in factorial: iowrite32(n, card.io, FACTORIAL);",
      "it stopped at a data breakpoint",
      "ended",
    ]);
  });
});
