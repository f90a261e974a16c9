import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** The panel's page: scripts only with this page's nonce, styles and fonts only from the extension. */
export function panelHtml(webview: vscode.Webview, dist: vscode.Uri): string {
  const nonce = randomBytes(16).toString("base64");
  const asset = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
  ].join("; ");
  // The toolkit reads csp-nonce to insert its one style element.
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta property="csp-nonce" content="${nonce}">
  <link rel="stylesheet" href="${asset("panel.css")}">
  <title>Rootport</title>
</head>
<body>
  <main id="panel"></main>
  <script type="module" nonce="${nonce}" src="${asset("panel.js")}"></script>
</body>
</html>`;
}
