import { describe, expect, test } from "vitest";
import { AddressError } from "../../../emulator/explain/address-text";
import { booted, enable } from "../../support/bench";

function bench() {
  const made = booted();
  enable(made, "serial");
  return made.inspection;
}

describe("an I/O port", () => {
  test("goes through the host bridge's I/O window to a register behind an I/O BAR, never to RAM", () => {
    const { hops, space, sentence } = bench().translate("port:0x3003");
    expect(space).toBe("port");
    expect(hops.map(({ kind }) => kind)).toEqual(["port", "host-bridge", "bus", "bar", "register"]);
    expect(sentence).toBe("port:0x3003 is serial.LCR, which holds 0x0");
  });

  test("is where a register behind an I/O BAR is", () => {
    const { hops, end } = bench().translate("serial.LCR");
    expect(hops[0]).toMatchObject({ kind: "port", address: "0x3003" });
    expect(end).toBe("register");
  });

  test("of the configuration mechanism is the host bridge's own (PCI 3.0, 3.2.2.3.2)", () => {
    expect(bench().translate("port:0xcfc").end).toBe("configuration");
  });

  test("does not lie beyond 0xffff", () => {
    expect(() => bench().translate("port:0x10000")).toThrow(AddressError);
  });
});

describe("an address that the platform has for itself", () => {
  test("is named, and said to be not modelled", () => {
    expect(booted().inspection.translate("0xfee00000").sentence).toBe(
      "0xfee00000 is the platform's Local APIC, whose registers are not modelled; a read is all ones",
    );
  });
});

describe("a configuration register", () => {
  test("has its own width's value, not that of the word around it", () => {
    const { hops, sentence } = bench().translate("serial.config.COMMAND");
    expect(hops.at(-1)).toMatchObject({ kind: "register", title: "serial.config.COMMAND" });
    expect(sentence).toMatch(/: serial\.config\.COMMAND holds 0x7$/);
  });
});

describe("digits without 0x", () => {
  test("are no address: /proc/iomem means hexadecimal, and JavaScript decimal", () => {
    expect(() => bench().translate("40000008")).toThrow(/write 0x/);
    expect(() => bench().translate("bus:40")).toThrow(AddressError);
  });
});
