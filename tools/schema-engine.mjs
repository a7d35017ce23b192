#!/usr/bin/env node
// Stands in for Prisma's native schema engine, which `prisma migrate` would download: the same JSON-RPC over standard
// input and output, answered by the same engine compiled to WebAssembly (@prisma/schema-engine-wasm, pinned to the
// commit of our Prisma version: `npx prisma version` names it). For people who write migrations; the app never runs it.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as wasm from '@prisma/schema-engine-wasm/schema_engine_bg';

// @prisma/driver-adapter-utils, ColumnTypeEnum.
const CHARACTER_COLUMN = 6;
// pg_type.dat: the catalog's one-byte "char", and bpchar.
const CHAR_OID = 18;
const BPCHAR_OID = 1042;
// @see https://www.jsonrpc.org/specification: Prisma's CLI reads an engine's own errors under this code.
const ENGINE_ERROR = 4466;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: { datamodels: { type: 'string', multiple: true, short: 'd' }, datasource: { type: 'string' } },
});
// `cli can-connect-to-database` and its like: the first real request says it better.
if (positionals[0] === 'cli') process.exit(0);

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const log = (level, message) =>
  process.stderr.write(`${JSON.stringify({ level, target: 'schema_engine::logger', fields: { message } })}\n`);
// The engine calls this when it panics; without it the reason is lost.
globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => log('ERROR', message) };

await loadEngine();
let engine;
let answered = Promise.resolve();
// One request at a time: the engine holds one connection, and its locks live on it.
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  answered = answered.then(() => answer(JSON.parse(line)));
});
lines.on('close', async () => {
  await answered;
  process.exit(0);
});

async function loadEngine() {
  const file = new URL('./schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const imports = { './schema_engine_bg.js': wasm };
  const { instance } = await WebAssembly.instantiate(readFileSync(fileURLToPath(file)), imports);
  wasm.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

async function answer({ id, method, params }) {
  if (!method) return; // the CLI's reply to our own `print`
  try {
    engine ??= await openEngine();
    const result = await engine[method === 'getDatabaseVersion' ? 'version' : method](params ?? undefined);
    // The native engine asks the CLI to print a diff; the WebAssembly one returns it.
    if (method === 'diff' && result?.stdout) {
      send({ id: -1, method: 'print', params: { content: result.stdout.replace(/\n$/, '') } });
      result.stdout = undefined;
    }
    send({ id, result: result ?? null });
  } catch (error) {
    const { message = String(error), meta = null, code: error_code } = error ?? {};
    const data = { is_panic: false, message, meta, error_code };
    send({ id, error: { code: ENGINE_ERROR, message: 'An error happened. Check the data field for details.', data } });
  }
}

function openEngine() {
  const datamodels = options.datamodels?.map((file) => [file, readFileSync(file, 'utf8')]);
  const url = JSON.parse(options.datasource ?? '{}').url ?? process.env.DATABASE_URL;
  const adapter = bindMigrationAwareSqlAdapterFactory(adapterFactory(url));
  return wasm.SchemaEngine.new({ datamodels }, (message) => log('INFO', String(message)), adapter);
}

/** @prisma/adapter-pg 7.10 as the engine needs it: it is made for queries, and three things break migrations. */
function adapterFactory(url) {
  const schema = URL.parse(url ?? '')?.searchParams.get('schema') ?? undefined;
  // One connection: the engine's advisory lock must live on the connection that migrates.
  const connectTo = (database) => {
    const address = new URL(url);
    if (database) address.pathname = `/${database}`;
    return new PrismaPg({ connectionString: address.href, max: 1 }, { schema });
  };
  const factory = connectTo();
  const connect = factory.connect.bind(factory);
  factory.connect = async () => repaired(await connect());
  // The adapter's own drops the shadow database before it closes its pool on it, which PostgreSQL refuses.
  factory.connectToShadowDb = async () => {
    const database = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
    const admin = await factory.connect();
    await admin.executeScript(`CREATE DATABASE "${database}"`);
    const shadow = repaired(await connectTo(database).connect());
    const close = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await close();
      await admin.executeScript(`DROP DATABASE "${database}" WITH (FORCE)`);
      await admin.dispose();
    };
    return shadow;
  };
  return factory;
}

function repaired(connection) {
  // The adapter's own cuts a script at every semicolon, also those inside a function's body.
  connection.executeScript = async (script) => {
    await connection.underlyingDriver().query(script);
  };
  // The catalogs' "char" is unknown to the adapter, and the engine panics unless it comes as a character.
  const queryRaw = connection.queryRaw;
  connection.queryRaw = async (query) => {
    const characters = [];
    const performIO = async (sent) => {
      const answer = await connection.performIO(sent);
      for (const [column, field] of answer.fields.entries()) {
        if (field.dataTypeID !== CHAR_OID) continue;
        field.dataTypeID = BPCHAR_OID;
        characters.push(column);
      }
      return answer;
    };
    const result = await queryRaw.call(Object.create(connection, { performIO: { value: performIO } }), query);
    for (const column of characters) result.columnTypes[column] = CHARACTER_COLUMN;
    return result;
  };
  return connection;
}
