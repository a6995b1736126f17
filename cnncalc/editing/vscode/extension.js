// Starts `cnncalc lsp` for YAML and Python files; all else is the server's.
const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

exports.activate = async () => {
  // A folder that nobody trusts does not say which program is started.
  const setting = workspace.isTrusted ? workspace.getConfiguration("cnncalc").get("command") : ["cnncalc", "lsp"];
  const [command, ...args] = setting;
  const documentSelector = [
    { scheme: "file", language: "yaml" },
    { scheme: "untitled", language: "yaml" },
    { scheme: "file", language: "python" },
  ];
  client = new LanguageClient("cnncalc", "cnncalc", { command, args }, { documentSelector });
  await client.start();
};

exports.deactivate = () => client?.stop();
