/**
 * The mock as a container in tests, for Node. Needs the package `testcontainers` and an engine such
 * as Docker or Podman. This file can be copied into a project.
 *
 *     const mock = await new AdsmockContainer().start();
 *     const sandbox = await mock.createSandbox({ seed: 7 });
 *     // call `${sandbox.urls.NA.ads}/sp/campaigns`, then:
 *     await mock.stop();
 */
import { createServer } from "node:net";
import { AbstractStartedContainer, GenericContainer, Wait } from "testcontainers";

const MAIN_PORT = 9080;
const CONTROL_PORT = 9090;
const READY = "/_mock/v1/ready";
const TOKEN = "testcontainers-control";
const SECONDS = 60;

/** A mock that is ready when `start` has resolved. */
export class AdsmockContainer extends GenericContainer {
  #options;

  /**
   * @param {string} image
   * @param {string[]} options further options of `adsmock serve`
   */
  constructor(image = "adsmock", options = []) {
    super(image);
    this.#options = options;
    this.withEnvironment({ ADSMOCK_CONTROL_TOKEN: TOKEN });
    this.withWaitStrategy(Wait.forHttp(READY, CONTROL_PORT).forStatusCode(200));
    this.withStartupTimeout(SECONDS * 1000);
  }

  async start() {
    // The main port has the same number outside, so that the addresses of exports work too.
    const port = await freePort();
    const url = `http://localhost:${port}`;
    this.withExposedPorts({ container: MAIN_PORT, host: port }, CONTROL_PORT);
    this.withCommand([
      ...["serve", "--host", "0.0.0.0", "--allow-remote-control", "--stop-seconds", "1"],
      ...["--public-url", url, ...this.#options],
    ]);
    return new StartedAdsmockContainer(await super.start(), url);
  }
}

/** A running mock. */
export class StartedAdsmockContainer extends AbstractStartedContainer {
  /** The base URL of all regions, which are below it: /na, /eu, /fe. */
  mainUrl;

  constructor(started, url) {
    super(started);
    this.mainUrl = url;
  }

  /** The control plane, whose token is `controlToken`. */
  get controlUrl() {
    return `http://${this.getHost()}:${this.getMappedPort(CONTROL_PORT)}`;
  }

  get controlToken() {
    return TOKEN;
  }

  /** Create a sandbox and return its credentials, profiles and URLs. */
  async createSandbox(request = {}) {
    const reply = await fetch(`${this.controlUrl}/_mock/v1/sandboxes`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify(request),
    });
    if (!reply.ok) throw new Error(`the mock refused the sandbox: ${await reply.text()}`);
    return reply.json();
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
