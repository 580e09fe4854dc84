// Feeds one file to @xterm/headless and prints the seconds of processor time that each pass took.
// Arguments: folder of the package, file, columns, rows, passes.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [folder, file, cols, rows, passes] = process.argv.slice(2);
const { Terminal } = createRequire(folder + "/")("@xterm/headless");
const data = readFileSync(file);
const CHUNK = 65536;

async function pass() {
  const terminal = new Terminal({
    cols: Number(cols), rows: Number(rows), scrollback: 10000, allowProposedApi: true,
  });
  const before = process.cpuUsage();
  for (let at = 0; at < data.length; at += CHUNK) {
    await new Promise((done) => terminal.write(data.subarray(at, at + CHUNK), done));
  }
  const used = process.cpuUsage(before);
  terminal.dispose();
  return (used.user + used.system) / 1e6;
}

for (let number = 0; number < Number(passes); number++) {
  console.log(await pass());
}
