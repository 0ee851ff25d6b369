// Routes Node's own clients through HTTPS_PROXY: the built-in fetch, node:http, node:https, and the
// libraries that use them. NODE_OPTIONS=--require loads this file, so programs need no change.
// Node 24 does the same itself when NODE_USE_ENV_PROXY is set; there this file does nothing.
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
  route_agent(http.Agent, address, 80, (socket) => socket);
  route_agent(https.Agent, address, 443, (socket, options, host) => tls.connect({
    ...options, path: undefined, socket, servername: options.servername || host,
  }));
  route_fetch(address);
}

// Agents of node:http and node:https, and those of programs, create each connection here.
function route_agent(Agent, address, port, secure) {
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

// The built-in fetch and the published undici read their dispatcher from the same global symbol.
function route_fetch(address) {
  if (!globalThis.Response) return; // reading it loads the client and its dispatcher
  const built_in = globalThis[DISPATCHER];
  if (!built_in) return;
  const tunneled = new built_in.constructor({
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
    return tunneled.dispatch(options, handler);
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
