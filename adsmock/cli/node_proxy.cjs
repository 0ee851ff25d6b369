// Leads Node's own clients through HTTPS_PROXY: the built-in fetch, and node:http and node:https with
// all that stands on them. Preloaded by NODE_OPTIONS=--require, so that programs stay as they are.
// Node 24 does the same by itself when NODE_USE_ENV_PROXY is set; there this file does nothing.
'use strict';

const http = require('node:http');
const https = require('node:https');
const tls = require('node:tls');

const DISPATCHER = Symbol.for('undici.globalDispatcher.1');
const NATIVE_SINCE = 24;

const proxy = process.env.HTTPS_PROXY || process.env.https_proxy;
const direct = (process.env.NO_PROXY || process.env.no_proxy || '').split(',').map((n) => n.trim());

if (proxy && Number(process.versions.node.split('.')[0]) < NATIVE_SINCE) install(new URL(proxy));

function install(address) {
  direct.push(address.hostname);
  lead(http.Agent, address, 80, (socket) => socket);
  lead(https.Agent, address, 443, (socket, options, host) => tls.connect({
    ...options, path: undefined, socket, servername: options.servername || host,
  }));
  lead_fetch(address);
}

// An agent of node:http or node:https asks here for each connection, a program's own agents too.
function lead(Agent, address, port, secure) {
  const connect_directly = Agent.prototype.createConnection;
  Agent.prototype.createConnection = function (options, callback) {
    const host = options.host || options.hostname;
    if (options.socketPath || direct.includes(host)) {
      return connect_directly.call(this, options, callback);
    }
    tunnel(address, host, options.port || port, (error, socket) => {
      if (error) return callback(error);
      callback(null, secure(socket, options, host));
    });
    return undefined;
  };
}

// The built-in fetch keeps its dispatcher where the published undici looks for it as well.
function lead_fetch(address) {
  if (!globalThis.Response) return; // reading it loads the client, and with it the dispatcher
  const built_in = globalThis[DISPATCHER];
  if (!built_in) return;
  const tunnelled = new built_in.constructor({
    connect: (options, callback) => {
      const host = options.hostname;
      const is_secure = options.protocol === 'https:';
      tunnel(address, host, options.port || (is_secure ? 443 : 80), (error, socket) => {
        if (error) return callback(error);
        if (!is_secure) return callback(null, socket);
        const secured = tls.connect({
          socket, servername: options.servername || host, ALPNProtocols: ['http/1.1'],
        });
        secured.once('secureConnect', () => callback(null, secured));
        secured.once('error', callback);
      });
    },
  });
  const dispatch_directly = built_in.dispatch.bind(built_in);
  built_in.dispatch = (options, handler) => {
    const host = new URL(String(options.origin)).hostname;
    if (direct.includes(host)) return dispatch_directly(options, handler);
    return tunnelled.dispatch(options, handler);
  };
}

function tunnel(address, host, port, callback) {
  const request = http.request({
    host: address.hostname, port: address.port, method: 'CONNECT', path: `${host}:${port}`,
    headers: { host: `${host}:${port}` }, agent: false,
  });
  request.once('connect', (reply, socket) => {
    if (reply.statusCode === 200) return callback(null, socket);
    socket.destroy();
    callback(new Error(`the proxy refused ${host}:${port}: ${reply.statusCode}`));
  });
  request.once('error', callback);
  request.end();
}
