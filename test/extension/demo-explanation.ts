/** Why a read of a device that does not decode ends with all ones, as the panel receives it. */
import type { Explanation } from "../../webview/protocol-explain";

const command = {
  what: "edu.config.COMMAND",
  at: "0000:01:00.0+0x4",
  value: "0x4",
  bits: [{ name: "MEMORY", bits: [1, 1] as const, value: "0x0", meaning: "off" }],
};

export const demoExplanation: Explanation = {
  input: "0x40000008",
  access: "read",
  bytes: 4,
  initiator: "cpu",
  answered: false,
  hops: [
    { kind: "physical", title: "Physical address", address: "0x40000008", facts: [], reads: [] },
    {
      kind: "host-bridge",
      title: "Host bridge window",
      address: "0x40000008",
      facts: [{ label: "offset", value: "0x0" }],
      reads: [],
    },
    { kind: "function", title: "edu", address: "0x40000008", facts: [], reads: [command] },
    { kind: "dead", title: "Nothing answers", address: "0x40000008", facts: [], reads: [] },
  ],
  dies: 3,
  sentence: "A read of 4 bytes at 0x40000008 fails: Memory Space Enable of edu is 0.",
  decides: {
    register: "edu.config.COMMAND",
    at: "0000:01:00.0+0x4",
    value: "0x4",
    field: "MEMORY",
    bits: [1, 1],
    is: "0",
    wants: "1",
  },
  sees: "all ones (0xffffffff)",
  status: [
    { id: "rp0.config.SEC_STATUS.REC_MASTER_ABORT", doc: "A request ended with Unsupported Request." },
  ],
  log: ["pcieport 0000:00:03.0: AER: Uncorrected (Non-Fatal) error received: 0000:01:00.0"],
  mends: [
    {
      sentence: "Set Memory Space Enable.",
      command: "wr edu.config.COMMAND.MEMORY 1",
      shell: "setpci -s 01:00.0 COMMAND=2:2",
      edit: {
        line: "pci_enable_device(dev);",
        where: "in probe(), before the first access",
        header: "linux/pci",
      },
    },
  ],
  notes: ["A posted write would be dropped without a word."],
};
