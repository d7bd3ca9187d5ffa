// Holds recorded answers against the types of the client's package, by the TypeScript compiler: fields that are missing, of another type, null
// where there is no null, or unknown. What differs on purpose is listed here and in docs/api.md.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

// Members that are ours: an extension under our name, and what Stripe has no rail for.
const own = new Set(['tributary', 'display_bitcoin_instructions', 'lightning', 'bitcoin', 'url']);
const head = `
import Stripe from 'stripe';
type Own = { tributary?: unknown };
type Envelope = Omit<Stripe.Event, 'data' | 'type'>;
`;

/** What the compiler says of each record, without what is ours. */
export function complaints(records) {
  const folder = path.dirname(fileURLToPath(import.meta.url));
  const file = path.join(folder, 'records.ts');
  const text = head + records.map((record, i) => `const r${i}: ${record.type === 'Event.Envelope' ? 'Envelope' : `Stripe.${record.type}`} & Own = ${JSON.stringify(record.value)};`).join('\n');
  const options = {
    strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, types: ['node'], typeRoots: [path.join(folder, 'node_modules', '@types')],
  };
  const host = ts.createCompilerHost(options);
  const read = host.readFile;
  const exists = host.fileExists;
  const source = host.getSourceFile;
  host.readFile = name => (name === file ? text : read(name));
  host.fileExists = name => name === file || exists(name);
  host.getSourceFile = (name, version, ...rest) => (name === file ? ts.createSourceFile(name, text, version, true) : source(name, version, ...rest));
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program)
    .filter(found => found.file?.fileName === file || !found.file)
    .map(found => ({ text: ts.flattenDiagnosticMessageText(found.messageText, ' '), line: found.file ? found.file.getLineAndCharacterOfPosition(found.start).line : -1 }))
    .filter(found => ![...own].some(name => found.text.includes(`'${name}' does not exist`) || found.text.includes(`"${name}"' does not exist`)))
    .map(found => `${records[found.line - head.split('\n').length + 1]?.type ?? found.line}: ${found.text}`);
}
