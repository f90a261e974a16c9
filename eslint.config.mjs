/** What needs types to be seen, and who may import what; Biome does the rest of the linting. */
import tseslint from "typescript-eslint";

const kits = ["@vscode/webview-ui-toolkit*", "@vscode/webview-ui-toolkit/**", "@vscode-elements/**"];

/** @param {readonly {group: string[], message: string}[]} patterns */
const imports = (...patterns) => ({ "no-restricted-imports": ["error", { patterns }] });
const noKit = { group: kits, message: "Only webview/kit*.ts imports a UI kit: add what you need there." };
const noEditor = { group: ["vscode"], message: "Only extension/ outside host/ imports vscode." };

const noAmbient = [
  { object: "Math", property: "random", message: "The machine is deterministic: draw from the seed." },
  { object: "Date", property: "now", message: "The machine has virtual time: ask its clock." },
];

export default tseslint.config(
  {
    ignores: [
      "dist/",
      "out/",
      ".cache/",
      "test/golden/",
      "*.mjs",
      "extension/ts-plugin/",
      "extension/media/",
    ],
  },
  {
    files: ["**/*.ts", "test/**/*.mjs"],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/no-floating-promises": ["error", { checkThenables: true }],
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/require-await": "error",
      "@typescript-eslint/return-await": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/no-unnecessary-type-assertion": "error",
      "@typescript-eslint/no-deprecated": "error",
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/prefer-promise-reject-errors": "error",
      "@typescript-eslint/restrict-plus-operands": "error",
      "@typescript-eslint/no-base-to-string": "error",
      "max-lines": ["error", { max: 250 }],
      "max-lines-per-function": ["error", { max: 40, skipComments: true, skipBlankLines: true }],
      "max-params": ["error", { max: 4 }],
      ...imports(noKit, noEditor),
    },
  },
  {
    files: ["emulator/**/*.ts"],
    rules: {
      "no-restricted-properties": ["error", ...noAmbient],
      "no-restricted-globals": ["error", "performance", "crypto", "console"],
      "no-restricted-syntax": [
        "error",
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: "Ask the machine's clock.",
        },
      ],
    },
  },
  { files: ["extension/**/*.ts"], ignores: ["extension/host/**"], rules: imports(noKit) },
  { files: ["test/e2e/**/*.ts"], rules: imports(noKit) },
  { files: ["webview/kit*.ts"], rules: imports(noEditor) },
  // The kernel's own signatures.
  { files: ["emulator/linux/include/**", "emulator/linux/modules/**"], rules: { "max-params": "off" } },
  { files: ["test/**"], rules: { "max-lines-per-function": "off" } },
);
