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

// The package's names of the objects; an event's type ties its parts together in a way that no recorded one can be held against.
const names = {
  balance: 'Balance', balance_transaction: 'BalanceTransaction', charge: 'Charge', 'checkout.session': 'Checkout.Session', customer: 'Customer', dispute: 'Dispute', event: 'Event.Envelope', item: 'LineItem',
  payment_intent: 'PaymentIntent', payment_link: 'PaymentLink', payment_method: 'PaymentMethod', payout: 'Payout', refund: 'Refund', review: 'Review', setup_intent: 'SetupIntent', webhook_endpoint: 'WebhookEndpoint',
};

/** The objects of recorded answers, alone and in lists, a few of each kind. */
export function recordsOf(exchanges, each = 12) {
  const counts = {};
  const objects = exchanges.filter(one => one.status === 200).map(one => JSON.parse(one.body)).flatMap(answer => (Array.isArray(answer.data) ? answer.data : [answer]));
  return objects
    // What a browser sees of an intent is less than the type says, as it is with Stripe.
    .filter(value => names[value.object] && !value.deleted && (value.object !== 'payment_intent' || 'metadata' in value))
    .filter(value => (counts[`${value.object} ${Object.keys(value).length} ${value.status}`] = (counts[`${value.object} ${Object.keys(value).length} ${value.status}`] ?? 0) + 1) <= each)
    .map(value => ({ type: names[value.object], value: value.object === 'event' ? { ...value, data: undefined, type: undefined } : value }));
}

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
