import { describe, expect, it } from "vitest";
import { linkText, type MachineLink, parseLink } from "../../extension/machine-link";

const parts = (text: string) => {
  const { pathname, search } = new URL(`vscode://rootport.rootport${text}`);
  return { path: decodeURIComponent(pathname), query: search.slice(1) };
};

describe("a link", () => {
  it("names a place, and the machine that has it", () => {
    expect(linkText({ kind: "register", place: "edu.STATUS", machine: "demo" })).toBe(
      "/register/edu.STATUS?machine=demo",
    );
  });

  const links: readonly MachineLink[] = [
    { kind: "register", place: "edu.config.COMMAND", machine: "demo" },
    { kind: "function", place: "0000:01:00.0" },
    { kind: "address", place: "0xffffc90000000008", machine: "machines/my card.pcie.json" },
    { kind: "tab", place: "iomem" },
  ];
  it.each(links)("to $kind $place is read back as it was made", (link) => {
    expect(parseLink(parts(linkText(link)))).toEqual(link);
  });

  it.each(["/", "/register", "/panel/edu", "/tab/none", "/register/a/b"])(
    "that ends in %s is refused with examples",
    (path) => {
      expect(parseLink({ path, query: "" })).toContain("/register/edu.STATUS");
    },
  );

  it.each(["/etc/passwd", "../other.pcie.json", "c:\\x.pcie.json", "a?b"])(
    "opens no machine outside of the workspace: %s",
    (machine) => {
      const query = `machine=${encodeURIComponent(machine)}`;
      expect(parseLink({ path: "/register/edu.STATUS", query })).toContain("a file of this workspace");
    },
  );
});
