// Leads Node's own HTTPS clients through HTTPS_PROXY: the built-in fetch, and node:https with all
// that stands on it. Preloaded by NODE_OPTIONS=--require, so that programs stay as they are.
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
  const connectDirectly = https.Agent.prototype.createConnection;
  https.Agent.prototype.createConnection = function (options, callback) {
    const host = options.host || options.hostname;
    if (direct.includes(host)) return connectDirectly.call(this, options, callback);
    tunnel(address, host, options.port || 443, (error, socket) => {
      if (error) return callback(error);
      const secured = tls.connect({
        ...options, path: undefined, socket, servername: options.servername || host,
      });
      callback(null, secured);
    });
    return undefined;
  };
  install_fetch(address);
}

// The built-in fetch keeps its dispatcher where the published undici looks for it as well.
function install_fetch(address) {
  if (!globalThis.Response) return; // reading it loads the client, and with it the dispatcher
  const built_in = globalThis[DISPATCHER];
  if (!built_in) return;
  const Agent = built_in.constructor;
  const tunnelled = new Agent({
    connect: (options, callback) => {
      const host = options.hostname;
      tunnel(address, host, options.port || 443, (error, socket) => {
        if (error) return callback(error);
        const secured = tls.connect({
          socket, servername: options.servername || host, ALPNProtocols: ['http/1.1'],
        });
        secured.once('secureConnect', () => callback(null, secured));
        secured.once('error', callback);
      });
    },
  });
  const choose = built_in.dispatch.bind(built_in);
  built_in.dispatch = (options, handler) => {
    const origin = new URL(String(options.origin));
    const isDirect = origin.protocol !== 'https:' || direct.includes(origin.hostname);
    return isDirect ? choose(options, handler) : tunnelled.dispatch(options, handler);
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
