/** The arrows of ARCHITECTURE.md: each rule's comment is the arrow's documentation. test/arrows.test.ts plants a violation of each. */

/**
 * @param {string} name
 * @param {string} comment
 * @param {{ from: object, to: object }} arrow What may not be.
 */
const rule = (name, comment, { from, to }) => ({ name, comment, severity: "error", from, to });

/**
 * Below emulator/: a folder imports only itself and what is listed.
 * @param {string} folder
 * @param {string} comment
 * @param {readonly string[]} below
 */
const standsOn = (folder, comment, ...below) =>
  rule(`${folder}-stands-on-${below.join("-and-") || "nothing"}`, comment, {
    from: { path: `^emulator/${folder}/` },
    to: { path: "^emulator/", pathNot: `^emulator/(${[folder, ...below].join("|")})/` },
  });

const doors =
  "^emulator/(machine/|core/(address|arena)\\.ts$|linux/(kernel|modules|sysfs)\\.ts$|formats/|explain/)";
const editor = "(^|node_modules/@types/)vscode($|/)";
const kit = "(^|node_modules/)(@vscode/webview-ui-toolkit|@vscode-elements)(/|$)";

export default {
  forbidden: [
    rule("no-cycles", "A cycle is one module in two files.", { from: {}, to: { circular: true } }),
    rule("everything-resolves", "An import that nothing answers is a mistake in the making.", {
      from: { pathNot: "^extension/samples/" },
      to: { couldNotResolve: true, pathNot: "^(vscode|linux/.*)$" },
    }),
    rule("emulator-is-pure", "The machine knows neither VS Code, nor Node, nor the DOM, nor us.", {
      from: { path: "^emulator/" },
      // linux/* are the kernel's headers, in emulator/linux/include.
      to: { pathNot: "^(emulator|linux)/" },
    }),
    standsOn("core", "core/ is the bottom: it imports only core/."),
    standsOn("pci", "Configuration space and bridges stand on core/ alone.", "core"),
    standsOn("iommu", "The remapping unit sits between the bus and memory.", "pci", "core"),
    standsOn("mmu", "Page tables stand on memory, not on what is mapped.", "core"),
    standsOn("devices", "A device knows the bus it sits on, not who drives it.", "pci", "core"),
    rule("devices-are-strangers", "Devices meet on the bus, never by import.", {
      from: { path: "^emulator/devices/([^/.]+)" },
      to: { path: "^emulator/devices/", pathNot: "^emulator/devices/$1[/.]" },
    }),
    rule("emulator-has-doors", "The extension enters the machine by its doors.", {
      from: { path: "^extension/" },
      to: { path: "^emulator/", pathNot: doors },
    }),
    rule("host-without-editor", "The machine's process runs without VS Code; the extension plugs it in.", {
      from: { path: "^extension/host/" },
      to: { path: editor },
    }),
    rule("host-stands-alone", "The machine's process knows nothing of the extension that forks it.", {
      from: { path: "^extension/host/" },
      to: { path: "^(extension|webview)/", pathNot: "^extension/(host|schemas)/" },
    }),
    rule("only-the-extension-sees-the-editor", "vscode exists in the extension host and nowhere else.", {
      from: { path: ".", pathNot: "^(extension|test/e2e)/" },
      to: { path: editor },
    }),
    rule("samples-are-drivers", "A sample sees what any driver sees: the kernel's headers.", {
      from: { path: "^extension/samples/" },
      to: { pathNot: "^(linux/|emulator/linux/include/linux/|extension/samples/)" },
    }),
    rule("webview-is-a-leaf", "The panel imports its protocol, its own files and a UI kit.", {
      from: { path: "^webview/" },
      to: { pathNot: `^webview/|${kit}` },
    }),
    rule("kits-behind-one-file", "A UI kit can be exchanged: only webview/kit*.ts imports it.", {
      from: { path: ".", pathNot: "^webview/kit[^/]*\\.ts$" },
      to: { path: kit },
    }),
    rule("protocol-imports-nothing", "webview/protocol*.ts are the whole conversation, readable alone.", {
      from: { path: "^webview/protocol[^/]*\\.ts$" },
      to: { path: ".", pathNot: "^webview/protocol[^/]*\\.ts$" },
    }),
    rule("only-protocol-leaves-webview", "The extension imports the panel's protocol, never its code.", {
      from: { path: "^extension/" },
      to: { path: "^webview/", pathNot: "^webview/protocol[^/]*\\.ts$" },
    }),
    rule("tests-stay-outside", "The product runs without its tests.", {
      from: { path: "^(emulator|extension|webview)/" },
      to: { path: "^test/" },
    }),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^extension/ts-plugin/|/include/linux/" },
  },
};
