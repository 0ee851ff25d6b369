// Adapter kit for Node 18 and newer: the protocol of `adsmock conform --adapter`, so that an adapter
// is verbs only. No dependencies. Types: adsmock-adapter.d.mts.
//
//   import { serve, Unsupported } from './adsmock-adapter.mjs';
//   serve((connection) => new Sync(connection));

import { Console } from 'node:console';
import { createInterface } from 'node:readline';

/** Throw this for a verb, resource or argument that your program cannot do. */
export class Unsupported extends Error {}

/** Where an adapter sends its calls, and with which credentials. */
export class Connection {
  constructor(request) {
    const { case: name, seed, regions, profiles, credentials, caBundle, proxy, aws } = request;
    Object.assign(this, { case: name, seed, regions, profiles, credentials, caBundle, proxy, aws });
  }

  /** Return the region of a profile id: NA, EU or FE. */
  regionOf(profileId) {
    const profile = this.profiles.find((row) => row.profileId === profileId);
    if (!profile) throw new Error(`unknown profile ${profileId}`);
    return profile.region;
  }
}

/**
 * Answer requests from standard input until it ends or a request says `shutdown`.
 *
 * `create(connection)` returns an object with one method for each verb that your program can do. It
 * is called once for each set of credentials, so tokens kept in the object belong to one case. Several
 * methods may run at once. A missing method answers `unsupported`; an exception answers `failed`.
 */
export function serve(create) {
  const reply = protectOutput();
  const adapters = new Map();
  const running = new Set();

  const adapterOf = (request) => {
    const { clientId } = request.credentials;
    if (!adapters.has(clientId)) adapters.set(clientId, create(new Connection(request)));
    return adapters.get(clientId);
  };

  const answer = async (request) => {
    try {
      const adapter = adapterOf(request);
      if (typeof adapter[request.verb] !== 'function') throw new Unsupported(request.verb);
      await reply({ id: request.id, ...resultOf(await adapter[request.verb](request.args)) });
    } catch (error) {
      const refused = error instanceof Unsupported;
      const reason = refused ? `not supported: ${error.message}` : describe(error);
      await reply({ id: request.id, status: refused ? 'unsupported' : 'failed', error: reason });
    }
  };

  const finish = async (request) => {
    await Promise.all(running);
    if (request) await reply({ id: request.id, status: 'done' });
    process.exit(0); // connections that are kept open must not keep the program alive
  };

  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
  lines.on('line', (line) => {
    if (!line.trim()) return;
    const request = JSON.parse(line);
    if (request.verb === 'shutdown') {
      finish(request);
      return;
    }
    const work = answer(request).finally(() => running.delete(work));
    running.add(work);
  });
  lines.on('close', () => finish());
}

/** Return what writes replies; whatever else the program prints goes to standard error. */
function protectOutput() {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  globalThis.console = new Console(process.stderr);
  return (reply) => new Promise((written) => write(`${JSON.stringify(reply)}\n`, () => written()));
}

/** Return the reply to an answer: a number counts the items done, nothing says that all was done. */
function resultOf(answer) {
  if (answer === undefined || answer === null) return { status: 'done' };
  const { done = 0, failed = 0, error, sums } =
    typeof answer === 'object' ? answer : { done: answer };
  const status = !failed && !error ? 'done' : done ? 'partial' : 'failed';
  return { status, done, failed, ...(error && { error: String(error) }), ...(sums && { sums }) };
}

/** Return an error with its cause, which is where fetch says what happened. */
function describe(error) {
  if (!(error instanceof Error)) return String(error);
  return error.cause ? `${error.message}: ${error.cause.message ?? error.cause}` : error.message;
}
