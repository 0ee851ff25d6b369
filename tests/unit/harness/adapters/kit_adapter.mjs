// An adapter on the Node kit for test_kit.py: each verb behaves in one way.
import { execSync } from 'node:child_process';
import { serve, Unsupported } from '../../../../harness/adapters/node/adsmock-adapter.mjs';

let release;
const both = new Promise((resolve) => { release = resolve; });
let waiting = 0;

class Kit {
  constructor(connection) {
    this.connection = connection;
    this.calls = 0;
  }

  list_profiles() {
    console.log('a stray print');
    process.stdout.write('another stray print\n');
    execSync('echo a stray child', { stdio: ['ignore', 2, 2] });
    return 3;
  }

  async list({ profile }) {
    this.calls += 1;
    const { regions, caBundle, proxy } = this.connection;
    const { ads } = regions[this.connection.regionOf(profile)];
    return { done: this.calls, error: `${ads} ${caBundle ?? 'None'} ${proxy ?? 'None'}` };
  }

  create({ resource }) {
    if (resource !== 'sp.campaigns') throw new Unsupported(resource);
    return { done: 1, failed: 1, error: 'item 1: duplicate' };
  }

  update() {
    throw new Error('ValueError: no such id');
  }

  archive() {
    return { failed: 2 };
  }

  consume_stream({ queueUrl }) {
    if (!queueUrl.startsWith(this.connection.aws.sqs)) throw new Error('another queue');
    return { done: 1, sums: { 'sp-traffic': { clicks: 0 } } };
  }

  async idle() {
    waiting += 1;
    if (waiting === 2) release();
    await both;
  }
}

serve((connection) => new Kit(connection));
