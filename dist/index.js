import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 24:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");

/***/ }),

/***/ 36:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  R: () => (/* binding */ act)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __nccwpck_require__(24);
;// CONCATENATED MODULE: ./build/clock.js
/**
 * Time and chance as one object, so that whoever waits or jitters takes them as an argument.
 */
/** Longer timers fire at once; a service may well ask for more with `Retry-After`. */
const LONGEST = 2 ** 31 - 1;
const systemClock = {
    now: () => Date.now(),
    random: () => Math.random(),
    sleep: (ms, signal) => new Promise((resolve, reject) => {
        if (signal.aborted) {
            reject(signal.reason);
            return;
        }
        const timer = setTimeout(() => {
            signal.removeEventListener('abort', stop);
            resolve();
        }, Math.min(ms, LONGEST));
        const stop = () => {
            clearTimeout(timer);
            reject(signal.reason);
        };
        signal.addEventListener('abort', stop, { once: true });
    }),
};

;// CONCATENATED MODULE: ./build/proxies.js
/**
 * Which proxy a URL is reached through. Both HTTP clients of the action ask here, so that they always agree.
 */
/** proxyFor gives the proxy for a URL, or null if it is reached directly. `https` uses `HTTPS_PROXY` only, as curl and Node do. */
function proxyFor({ protocol, hostname, port }, proxies) {
    const proxy = protocol === 'https:' ? proxies.HTTPS_PROXY : proxies.HTTP_PROXY;
    if (proxy === undefined || proxy === '')
        return null;
    const target = { host: bare(hostname), port: port || (protocol === 'https:' ? '443' : '80') };
    return entriesOf(proxies.NO_PROXY ?? '').some((entry) => exempts(entry, target)) ? null : new URL(proxy);
}
/** cidrEntries lists the entries of `NO_PROXY` in CIDR notation. They have no effect, because names are not resolved to compare them. */
function cidrEntries(noProxy) {
    return entriesOf(noProxy).filter((entry) => /^[0-9a-f.:]+\/\d+$/i.test(entry));
}
/** An entry is `*`, a host with its subdomains, `*.` and subdomains only, or a range of IPv4 addresses; a port narrows it down. */
function exempts(entry, { host, port }) {
    const [, name = entry, narrowed] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
    if (narrowed !== undefined && narrowed !== port)
        return false;
    if (name === '*')
        return true;
    const [from, to] = name.split('-').map(ipv4);
    const address = ipv4(host);
    if (from != null && to != null && address !== null)
        return from <= address && address <= to;
    if (name.startsWith('*.'))
        return host.endsWith(name.slice(1));
    const suffix = bare(name).replace(/^\./, '');
    return host === suffix || host.endsWith(`.${suffix}`);
}
function entriesOf(noProxy) {
    return noProxy.split(/[,\s]+/).flatMap((entry) => (entry === '' ? [] : [entry.toLowerCase()]));
}
/** A host without the brackets of an IPv6 address and without the dot that ends a full name. */
function bare(host) {
    return host
        .toLowerCase()
        .replace(/^\[(.*)\]$/, '$1')
        .replace(/(?<=.)\.$/, '');
}
function ipv4(text) {
    const parts = /^\d{1,3}(\.\d{1,3}){3}$/.test(text) ? text.split('.').map(Number) : [];
    return parts.length === 4 && parts.every((part) => part <= 255)
        ? parts.reduce((sum, part) => sum * 256 + part, 0)
        : null;
}

;// CONCATENATED MODULE: ./build/values.js
/**
 * Questions about plain values that several folders ask; each has one answer.
 */
/**
 * isProjectId tells a project's ID from its name: IDs are 32 hexadecimal digits, with dashes in some editions, and names begin with
 * the region (OTC IAM API reference, Querying Projects).
 */
function isProjectId(text) {
    return /^[0-9a-f]{32}$/i.test(text.replaceAll('-', ''));
}
/** isAccountId tells whether a text looks like the ID of an account or project: 32 hexadecimal digits. */
function isAccountId(text) {
    return /^[0-9a-f]{32}$/i.test(text);
}
/**
 * isLoopback tells whether a host is this machine. Takes the `hostname` of a URL, which has brought every spelling of an IPv4
 * address to four numbers and of an IPv6 address to its shortest form.
 */
function isLoopback(hostname) {
    return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
/** jsonOf parses JSON; undefined where the text is none. */
function jsonOf(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
/** urlOf parses an absolute URL; null where the text is none. */
function urlOf(text) {
    return URL.canParse(text) ? new URL(text) : null;
}
/** hasStatus tells whether an image has the requested status, as far as the run knows. */
function hasStatus({ outcome }) {
    return outcome === 'updated' || outcome === 'unchanged';
}

;// CONCATENATED MODULE: ./build/cloud/wire-error.js
/**
 * Why no usable answer came back over the wire.
 */
/** WireError says why no whole answer came. `sent` is false only if the request certainly did not reach the service. */
class WireError extends Error {
    sent;
    /**
     * Set if trying again will not help: the server's certificate was refused, the proxy denies access, or the headers of the answer
     * exceed the limit.
     */
    obstacle;
    constructor(message, sent, obstacle = null) {
        super(message);
        this.name = 'WireError';
        this.sent = sent;
        this.obstacle = obstacle;
    }
}
/** Bytes of all headers of one answer. A token grows with roles and catalog; the gateway allows 32 KB a header and 128 KB in all. */
const HEADER_LIMIT = 256 * 1024;
const NOT_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/;
const BAD_CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS_CERT/;
/**
 * toWireError makes a WireError of what a socket or request failed with.
 * @param sent whether the request may have reached the service
 * @param peer named in front, if it is not the service itself
 */
function toWireError(error, sent, peer = '') {
    if (error instanceof WireError)
        return error;
    const code = error.code ?? '';
    if (code === 'HPE_HEADER_OVERFLOW') {
        const message = `the headers of the answer are longer than ${HEADER_LIMIT / 1024} KB`;
        return peer === '' ? new WireError(message, true, 'oversized') : new WireError(`${peer}: ${message}`, sent);
    }
    const text = code === '' || error.message.includes(code) ? error.message : `${error.message} (${code})`;
    const message = peer === '' ? text : `${peer}: ${text}`;
    if (BAD_CERTIFICATE.test(code))
        return new WireError(message, false, 'untrusted');
    return new WireError(message, sent && !NOT_SENT.test(code));
}

;// CONCATENATED MODULE: ./build/cloud/tunnel.js

/**
 * openTunnel opens a connection to `target` through the proxy.
 * @param timeout milliseconds for all of it
 */
function openTunnel(proxy, target, timeout) {
    const { host, port } = target;
    const endpoint = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const peer = `proxy ${proxy.host}`;
    const library = proxy.protocol === 'https:' ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http');
    const request = library.request({
        method: 'CONNECT',
        host: proxy.hostname.replace(/^\[(.*)\]$/, '$1'),
        port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
        path: endpoint,
        headers: { host: endpoint, 'proxy-connection': 'keep-alive', ...credentialsOf(proxy) },
        agent: false,
        maxHeaderSize: HEADER_LIMIT,
        rejectUnauthorized: true,
    });
    const { promise, resolve, reject } = Promise.withResolvers();
    let inner = null;
    const fail = (error) => {
        clearTimeout(timer);
        inner?.destroy();
        request.destroy();
        reject(error);
    };
    const timer = setTimeout(() => fail(new WireError(`${peer} opened no connection to ${endpoint} within ${timeout / 1000} s`, false)), timeout);
    request.on('error', (error) => fail(toWireError(error, false, peer)));
    request.on('connect', (answer, socket) => {
        socket.on('error', (error) => fail(toWireError(error, false, peer)));
        if (answer.statusCode !== 200) {
            socket.destroy();
            fail(denied(peer, endpoint, answer));
            return;
        }
        const secure = process.getBuiltinModule('node:tls').connect({ ...target, socket });
        inner = secure;
        // Both listeners stay: what happens to an open tunnel is the concern of the request that uses it, which listens too.
        secure.on('error', (error) => fail(toWireError(error, false)));
        secure.once('close', () => fail(new WireError(`${peer} closed the connection to ${endpoint}`, false)));
        secure.once('secureConnect', () => {
            clearTimeout(timer);
            resolve(secure);
        });
    });
    request.end();
    return { opened: promise, destroy: () => fail(new WireError('the run is over', false)) };
}
/** A proxy that wants a login or forbids the host goes on doing so; one that cannot reach the host (5xx) may do so later. */
function denied(peer, endpoint, { statusCode = 0, statusMessage = '' }) {
    const lasting = statusCode >= 400 && statusCode < 500 && statusCode !== 408 && statusCode !== 429;
    const message = `${peer} opened no connection to ${endpoint}: HTTP ${statusCode} ${statusMessage}`.trimEnd();
    return new WireError(message, false, lasting ? 'barred' : null);
}
function credentialsOf({ username, password }) {
    if (username === '' && password === '')
        return {};
    const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
}

;// CONCATENATED MODULE: ./build/cloud/connections.js



const CONNECTIONS_PER_HOST = 8;
class Connections {
    #proxies;
    #pools = new Map();
    /** Requests, and sockets that no agent knows yet. */
    #owned = new Set();
    constructor(proxies) {
        this.#proxies = proxies;
    }
    /**
     * request prepares a request; it goes out when it is ended.
     * @param timeout milliseconds for opening a connection, if there is none
     */
    request(url, options, timeout) {
        const { agent } = this.#poolFor(url);
        const target = {
            ...options,
            agent,
            maxHeaderSize: HEADER_LIMIT,
            connectTimeout: timeout,
        };
        return this.#own(libraryOf(url).request(url, target));
    }
    /**
     * prepare opens a connection that a later request to the same host takes over. Nothing is sent but what opens it (CONNECT, TLS).
     * It is closed if no request has taken it within `timeout` milliseconds. A failure is left to the request to find out.
     */
    prepare(url, timeout) {
        const { options, open, spares } = this.#poolFor(url);
        const host = unbracketed(url.hostname);
        const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
        const servername = process.getBuiltinModule('node:net').isIP(host) === 0 ? host : '';
        const { promise, resolve, reject } = Promise.withResolvers();
        const target = { ...options, host, port, servername, path: null, keepAlive: true, connectTimeout: timeout };
        const socket = open(target, (error, tunnel) => (error ? reject(error) : tunnel && resolve(tunnel)));
        if (socket) {
            this.#own(socket).on('error', (error) => reject(toWireError(error, false)));
            socket.once('close', () => reject(new WireError('the connection was closed before it was used', false)));
            socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => resolve(socket));
        }
        const here = spares.get(keyOf({ host, port })) ?? [];
        spares.set(keyOf({ host, port }), here);
        const drop = () => {
            clearTimeout(spare.timer);
            const at = here.indexOf(spare);
            if (at >= 0)
                here.splice(at, 1);
        };
        const expire = () => {
            drop();
            (spare.socket ?? socket)?.destroy();
        };
        const spare = { opened: promise, socket: null, timer: setTimeout(expire, timeout) };
        here.push(spare);
        promise.then((ready) => {
            spare.socket = this.#own(ready).once('close', drop);
        }, drop);
    }
    /** close destroys every connection, open or not. */
    close() {
        for (const one of this.#owned)
            one.destroy();
        for (const { agent, spares } of this.#pools.values()) {
            for (const { timer } of [...spares.values()].flat())
                clearTimeout(timer);
            agent.destroy();
        }
        this.#pools.clear();
    }
    #poolFor(url) {
        const proxy = proxyFor(url, this.#proxies);
        const name = `${url.protocol} ${proxy?.href ?? ''}`;
        const known = this.#pools.get(name);
        if (known !== undefined)
            return known;
        const tunnelled = url.protocol === 'https:' && proxy !== null;
        const options = {
            keepAlive: true,
            maxSockets: CONNECTIONS_PER_HOST,
            proxyEnv: proxy === null || tunnelled ? {} : { HTTP_PROXY: proxy.href },
            // Set explicitly, because NODE_TLS_REJECT_UNAUTHORIZED=0 on a runner would switch the check off.
            rejectUnauthorized: true,
        };
        const agent = new (libraryOf(url).Agent)(options);
        const spares = new Map();
        const open = tunnelled
            ? (target, done) => handOver(this.#tunnel(proxy, target), done)
            : agent.createConnection.bind(agent);
        agent.createConnection = (target, done) => {
            const spare = takeFrom(spares.get(keyOf(target)) ?? []);
            return spare === null ? open(target, done) : handOver(spare, done);
        };
        const pool = { agent, options, open, spares };
        this.#pools.set(name, pool);
        return pool;
    }
    #tunnel(proxy, { connectTimeout = 0, host, port, ...options }) {
        const target = { ...options, host: String(host), port: Number(port) };
        const tunnel = openTunnel(proxy, target, connectTimeout);
        this.#owned.add(tunnel);
        const release = () => this.#owned.delete(tunnel);
        tunnel.opened.then(release, release);
        return tunnel.opened;
    }
    #own(one) {
        this.#owned.add(one);
        one.once('close', () => this.#owned.delete(one));
        return one;
    }
}
/** A spare on which the service has sent something unasked, or that it has closed, is of no use. */
function takeFrom(spares) {
    for (let spare = spares.shift(); spare !== undefined; spare = spares.shift()) {
        clearTimeout(spare.timer);
        const { socket } = spare;
        if (socket === null || (socket.writable && socket.readable && socket.readableLength === 0))
            return spare.opened;
        socket.destroy();
    }
    return null;
}
function handOver(opened, done) {
    opened.then((socket) => done?.(null, socket), (error) => done?.(error, undefined));
}
function keyOf({ host, port }) {
    return `${host}:${port}`;
}
/** Loaded on first use, and past the ES module loader, which would load Node's own undici with it (docs/performance.md). */
function libraryOf({ protocol }) {
    return protocol === 'https:' ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http');
}
function unbracketed(hostname) {
    return hostname.replace(/^\[(.*)\]$/, '$1');
}

;// CONCATENATED MODULE: ./build/cloud/transport.js





const SIZE_LIMIT = 10 * 1024 * 1024;
class Transport {
    #proxies;
    #connections;
    #closed = false;
    constructor(proxies = {}) {
        this.#proxies = proxies;
        this.#connections = new Connections(proxies);
    }
    /**
     * Opens a connection ahead of need, through the proxy if there is one, and sends no request. The next request to the same host that
     * finds no free connection takes it over. It is closed if that does not happen in time.
     * @param timeout milliseconds for opening it and for waiting
     */
    connect(url, timeout) {
        if (!this.#closed)
            this.#connections.prepare(new URL(url), timeout);
    }
    /**
     * Sends one request and reads the whole answer, whatever its status. Redirects are answers like any other.
     * Throws a WireError, or the signal's reason when the caller gave up.
     * @param timeout milliseconds for all of it, the answer's last byte included
     */
    send(request, timeout, signal) {
        return new Promise((resolve, reject) => {
            if (signal.aborted) {
                reject(signal.reason);
                return;
            }
            if (this.#closed) {
                reject(new WireError('the run is over', false));
                return;
            }
            const url = new URL(request.url);
            const proxy = proxyFor(url, this.#proxies);
            const wire = this.#open(request, url, timeout);
            // Set once an error status has come. It is the answer, whatever becomes of its body: a refused login that was
            // mistaken for a lost one would be repeated, and that locks accounts.
            let refusal = null;
            const end = (settle) => {
                clearTimeout(timer);
                signal.removeEventListener('abort', abort);
                settle();
                wire.destroy();
            };
            const fail = (error) => end(() => (refusal === null ? reject(error) : resolve(refusal())));
            const timer = setTimeout(() => fail(late(wire, proxy, timeout)), timeout);
            const abort = () => end(() => reject(signal.reason));
            signal.addEventListener('abort', abort, { once: true });
            wire.on('error', (error) => fail(toWireError(error, wasSent(wire))));
            wire.on('response', (answer) => {
                const chunks = [];
                if (!isSuccess(answer))
                    refusal = () => replyOf(answer, readable(chunks, answer));
                // A connection is free again when its request has closed, a moment after the answer's last byte. Whoever sends the next
                // request before that opens another connection.
                let free = Promise.resolve();
                answer.once('end', () => {
                    free = isFree(wire);
                });
                collect(answer, chunks)
                    .then(() => replyOf(answer, isSuccess(answer) ? unpack(chunks, answer) : readable(chunks, answer)))
                    .then((reply) => {
                    if (proxy !== null && url.protocol === 'http:' && isOfProxy(reply)) {
                        end(() => reject(proxyFailed(proxy, reply)));
                        return;
                    }
                    clearTimeout(timer);
                    signal.removeEventListener('abort', abort);
                    void free.then(() => resolve(reply));
                }, fail);
            });
            wire.end(request.body ?? undefined);
        });
    }
    /** Closes every connection for good, so that nothing keeps the process alive. */
    close() {
        this.#closed = true;
        this.#connections.close();
    }
    #open({ method, headers, body }, url, timeout) {
        const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
        return this.#connections.request(url, { method, headers: { ...headers, ...length } }, timeout);
    }
}
/** How long the closing of a request is waited for, in milliseconds; it takes less than one. */
const MOMENT = 20;
/** Resolves when the request has closed, and soon in any case. */
function isFree(wire) {
    return new Promise((done) => {
        const timer = setTimeout(done, MOMENT);
        wire.once('close', () => {
            clearTimeout(timer);
            done();
        });
    });
}
/** A request that waits for a connection, or for TLS on it, has not been sent. */
function wasSent({ socket }) {
    return socket !== null && !socket.connecting && !('secureConnecting' in socket && socket.secureConnecting === true);
}
function late(wire, proxy, timeout) {
    const sent = wasSent(wire);
    const through = proxy === null || sent ? '' : ` through the proxy ${proxy.host}`;
    return new WireError(`no ${sent ? 'answer' : 'connection'}${through} within ${timeout / 1000} s`, sent);
}
/**
 * Plain http reaches a proxy that answers in the service's place if it cannot reach the service. What the service itself says has
 * a request ID or a body of JSON. The proxy may have passed the request on before it failed.
 */
function isOfProxy({ status, headers, text }) {
    return status >= 502 && status <= 504 && headers['x-request-id'] === undefined && jsonOf(text) === undefined;
}
function proxyFailed({ host }, { status }) {
    return new WireError(`the proxy ${host} answered with HTTP ${status}`, true);
}
function isSuccess({ statusCode = 0 }) {
    return statusCode >= 200 && statusCode < 300;
}
function replyOf(answer, body) {
    const headers = {};
    for (const [name, value] of Object.entries(answer.headers)) {
        if (value !== undefined)
            headers[name] = Array.isArray(value) ? value.join(', ') : value;
    }
    return { status: answer.statusCode ?? 0, headers, text: body };
}
/** By events: an async iterator over the answer takes a MiB more for lists of a thousand images. */
function collect(answer, chunks) {
    return new Promise((resolve, reject) => {
        let size = 0;
        const broken = () => reject(new WireError('the answer broke off', true));
        answer.on('data', (chunk) => {
            size += chunk.length;
            if (size <= SIZE_LIMIT)
                chunks.push(chunk);
            else
                reject(new WireError(`the answer is larger than ${SIZE_LIMIT / 1024 / 1024} MiB`, true));
        });
        answer.on('end', () => (answer.complete ? resolve() : broken()));
        answer.on('error', broken);
        answer.on('close', broken);
    });
}
/** What can be read of a refusal's body; nothing of it is needed. */
function readable(chunks, answer) {
    try {
        return unpack(chunks, answer);
    }
    catch {
        return '';
    }
}
/** We ask for no compression, but gateways and proxies compress all the same. */
function unpack(chunks, { headers }) {
    const data = Buffer.concat(chunks);
    const name = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
    if (name === 'identity' || name === '' || data.length === 0)
        return data.toString('utf8');
    const zlib = process.getBuiltinModule('node:zlib');
    const limit = { maxOutputLength: SIZE_LIMIT };
    try {
        if (name === 'gzip' || name === 'x-gzip')
            return zlib.gunzipSync(data, limit).toString('utf8');
        if (name === 'deflate')
            return zlib.inflateSync(data, limit).toString('utf8');
        if (name === 'br')
            return zlib.brotliDecompressSync(data, limit).toString('utf8');
    }
    catch {
        throw new WireError(`the answer's ${name} encoding is broken or too large`, true);
    }
    throw new WireError('the answer has an encoding that is not known', true);
}

;// CONCATENATED MODULE: ./build/github/context.js
/**
 * What the runner says about the workflow run: read once, as plain data.
 */
/**
 * readContext reads the `GITHUB_*` variables. `readFile` gives the text of the event file; a file that is missing or
 * not JSON is treated as an event without content, because a report must not fail on it.
 */
function readContext(env, readFile) {
    const given = (name) => env[name]?.trim() || null;
    const eventName = given('GITHUB_EVENT_NAME');
    const eventPath = given('GITHUB_EVENT_PATH');
    const commit = given('GITHUB_SHA');
    const head = eventName?.startsWith('pull_request') && eventPath !== null ? headCommit(eventPath, readFile) : null;
    return {
        runUrl: runUrl(given),
        actor: given('GITHUB_ACTOR'),
        commit,
        statusCommit: head ?? commit,
        repository: given('GITHUB_REPOSITORY'),
        apiUrl: (given('GITHUB_API_URL') ?? 'https://api.github.com').replace(/\/+$/, ''),
    };
}
function runUrl(given) {
    const server = (given('GITHUB_SERVER_URL') ?? 'https://github.com').replace(/\/+$/, '');
    const repository = given('GITHUB_REPOSITORY');
    const run = given('GITHUB_RUN_ID');
    const attempt = given('GITHUB_RUN_ATTEMPT') ?? '1';
    if (repository === null || run === null) {
        return null;
    }
    return `${server}/${repository}/actions/runs/${run}${attempt === '1' ? '' : `/attempts/${attempt}`}`;
}
/** The event's `pull_request.head.sha`, where it looks like a commit. */
function headCommit(path, readFile) {
    try {
        const event = JSON.parse(readFile(path));
        const sha = property(property(property(event, 'pull_request'), 'head'), 'sha');
        return typeof sha === 'string' && /^[0-9a-f]{40,64}$/i.test(sha) ? sha : null;
    }
    catch {
        return null;
    }
}
function property(value, name) {
    return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

;// CONCATENATED MODULE: ./build/cloud/error-codes/code-table.js
/**
 * The form of the tables of error codes, and the sentences that many of their rows share.
 */
const SUPPORT = "Nothing in the workflow can mend this. Send the request ID to the cloud's support.";
const LATER = "Start the workflow again in a while. If it keeps failing, send the request ID to the cloud's support.";
const STATUS_PAGE = "Look at the cloud's status page, and start the workflow again once the service is back.";
const BUG = 'The action should not have sent this. Please open an issue with the request ID.';

;// CONCATENATED MODULE: ./build/cloud/error-codes/cbr-codes.js
/**
 * Codes of Cloud Backup and Recovery, which the job of a full-ECS image may pass on (OTC CBR API reference, Error Codes).
 */

// biome-ignore format: a table is read row by row
const CBR_CODES = {
    'BackupService.6105': ['vault', 'There is no such vault.', 'Give as `vault` the ID of a vault in the same project and region.'],
    'BackupService.6112': ['vault', 'The vault is in a state that forbids this.', 'Start the workflow again once its status is available.'],
    'BackupService.6129': ['vault', 'There is no room left in the vault.', 'Enlarge it, or give another `vault`.'],
    'BackupService.6705': ['image', "The image's backup is not shared with this project.", 'Ask the owner whether the image is still shared.'],
    'BackupService.6706': ['request', 'CBR does not accept a value of the update.', 'Look at `status` and `vault`.'],
    'BackupService.6708': ['service', "CBR failed to change the status of the backup's share.", LATER, 'transient'],
    'BackupService.6712': ['vault', 'The vault is in a state that forbids sharing.', 'Start the workflow again once its status is available.'],
    'BackupService.6713': ['vault', "The vault is of a type that does not suit the image's backup.", 'Give as `vault` one that stores servers (object type server) and serves for backup, not replication.'],
    'BackupService.9900': ['vault', 'CBR does not accept a parameter.', 'Look for typing mistakes in `vault`.'],
    'BackupService.9998': ['login', 'CBR could not verify who is asking.', 'See whether the credentials belong to `project`, and may use CBR there.'],
};

;// CONCATENATED MODULE: ./build/cloud/error-codes/gateway-codes.js
/**
 * Codes of the API gateway in front of the services. Huawei Cloud writes them `APIGW.` instead of `APIG.` (OTC API Gateway user guide,
 * Error Codes; Huawei Cloud API Gateway, Error Codes).
 */

const CREDENTIALS = 'See whether the credentials are right, complete and of this cloud.';
// biome-ignore format: a table is read row by row
const GATEWAY_CODES = {
    'APIG.0101': ['request', 'This host does not offer the call.', 'See whether `region`, `ims-endpoint` and `auth-url` lead to the right services.'],
    'APIG.0103': ['service', 'The gateway has no service behind this call.', LATER, 'transient'],
    'APIG.0106': ['request', "The gateway could not make sense of the request's parameters.", BUG],
    'APIG.0201': ['service', 'The gateway could not pass the request on, or got no answer in time.', STATUS_PAGE, 'transient'],
    'APIG.0202': ['service', 'The service behind the gateway is down.', STATUS_PAGE, 'transient'],
    'APIG.0203': ['service', 'The service behind the gateway was too slow; a change may have been made all the same.', 'Start the workflow again: the member status is read before anything is changed.', 'transient'],
    'APIG.0204': ['request', 'The gateway refuses this version of TLS.', 'Use a runner, and a proxy if there is one, that speaks TLS 1.2 or later.'],
    'APIG.0205': ['request', 'The gateway refuses the client certificate.', 'Look at the proxy between the runner and the cloud.'],
    'APIG.0301': ['login', 'The gateway does not accept the signature, the access key or the token.', "See whether keys or token are right and of this `region`, and the runner's clock within 15 minutes. The action does not repeat this: five failures lock an access key for five minutes."],
    'APIG.0302': ['permission', 'The IAM user may not make this call.', 'See whether the user is on a deny list, and whether the account is in order.'],
    'APIG.0303': ['login', 'The gateway does not accept the signature.', "See whether `access-key` and `secret-key` are right and the runner's clock within 15 minutes."],
    'APIG.0304': ['permission', 'The gateway takes the caller for an application that may not make this call.', 'Log in with credentials of IAM.'],
    'APIG.0305': ['login', 'The gateway does not accept the credentials.', CREDENTIALS],
    'APIG.0306': ['permission', 'The gateway refuses access to this call.', "Look at the identity's rights in the project."],
    'APIG.0307': ['login', 'The token is too old, or was made for another region.', "Obtain another token. On Huawei Cloud a regional IAM host's token is good for its own region only."],
    'APIG.0308': ['rate', 'The gateway gets too many requests.', 'The action has waited and tried again in vain. Run fewer workflows side by side, or raise `retries`.', 'transient'],
    'APIG.0310': ['project', 'The project cannot be used.', 'See whether `project` is enabled and belongs to `region`.'],
    'APIG.0401': ['permission', 'The gateway cannot tell where the request comes from.', SUPPORT],
    'APIG.0402': ['permission', 'The gateway does not admit the address of this runner.', "Look at the account's access control list. Runners hosted by GitHub change their addresses; one of your own can keep it."],
    'APIG.0404': ['service', "The gateway is barred from the address of the service.", SUPPORT],
    'APIG.0601': ['service', 'The gateway failed inside.', LATER, 'transient'],
    'APIG.0602': ['request', 'The gateway does not accept the request.', 'See whether `ims-endpoint` and `auth-url` are right. If they are, please open an issue with the request ID.'],
    'APIG.0605': ['service', 'The gateway could not resolve the name of the service.', LATER, 'transient'],
    'APIG.0606': ['service', 'The gateway could not load its own settings.', LATER, 'transient'],
    'APIG.0607': ['request', 'The gateway expects another protocol.', 'Write `ims-endpoint` and `auth-url` with `https`.'],
    'APIG.0608': ['service', 'The gateway got no token for itself.', LATER, 'transient'],
    'APIG.0610': ['service', 'The gateway finds no working service.', STATUS_PAGE, 'transient'],
    'APIG.0613': ['service', 'The gateway cannot reach IAM.', STATUS_PAGE, 'transient'],
    'APIG.0802': ['permission', 'The IAM user is shut out of this region.', 'Have the user admitted to the region, or give another `region`.'],
};

;// CONCATENATED MODULE: ./build/cloud/error-codes/iam-codes.js
/**
 * Codes of Identity and Access Management (OTC IAM API reference, Status Codes and Error Codes).
 */

const NAMED_INPUT = 'Mend the input that the message names. If it names none, please open an issue with the request ID.';
const ENABLE_USER = 'Have an administrator enable the user, or log in as another one.';
const NEW_KEY = 'Create another access key for the user, and store it as `access-key` and `secret-key`.';
// biome-ignore format: a table is read row by row
const IAM_CODES = {
    'IAM.0001': ['login', 'IAM does not accept the credentials.', 'See whether they are right and complete. With OIDC compare `identity-provider` and `audience` with the provider in IAM, then its issuer, signing key and conversion rules.'],
    'IAM.0002': ['permission', 'The identity is not allowed to do this.', 'Grant it what is missing; to assume an agency it needs the role Agent Operator.'],
    'IAM.0003': ['permission', "The identity's policies do not include this action.", 'The message names an action: add it to a policy of the identity.'],
    'IAM.0004': ['login', 'IAM does not know something that the login names.', 'Look for typing mistakes in `project`, `domain`, `username`, `identity-provider`, `agency-name` and `agency-domain`.'],
    'IAM.0005': ['request', 'IAM has a resource of this name already.', 'Nothing needs to be created again.'],
    'IAM.0006': ['service', 'IAM failed inside.', LATER, 'transient'],
    'IAM.0007': ['request', 'IAM does not accept a parameter.', NAMED_INPUT],
    'IAM.0009': ['login', 'IAM does not accept the token that it was asked about.', 'Give a fresh `token`.'],
    'IAM.0011': ['request', 'IAM does not accept the body of the request.', 'Look at `domain`, `project` and `audience`. If they are right, please open an issue with the request ID.'],
    'IAM.0012': ['rate', 'IAM gets too many requests; its message may name the limit.', 'The action has waited and tried again in vain. Start fewer workflows at the same time, or raise `retries`.', 'transient'],
    'IAM.0020': ['service', 'IAM is switching this region over to another one.', STATUS_PAGE, 'transient'],
    'IAM.0061': ['login', 'Too many failed logins have locked the user.', 'Wait for the lock to end, then see whether `password` is right. The action does not repeat a refused login.'],
    'IAM.0062': ['login', 'The password is wrong.', 'Store the right one as `password`. The action does not repeat a refused login, because that would lock the user.'],
    'IAM.0063': ['login', 'IAM could not verify the access token.', 'Obtain another token shortly before this step.'],
    'IAM.0064': ['permission', 'The access token does not cover this request.', 'Grant the IAM user what is missing, then obtain another token.'],
    'IAM.0066': ['login', 'The token is too old.', 'Obtain one in the same job: a token lives for 24 hours at most.'],
    'IAM.0067': ['login', 'IAM does not accept the token.', "Give a fresh `token`. Changing the user's password or rights ends tokens within half an hour."],
    'IAM.0072': ['request', 'A field that IAM needs is missing.', NAMED_INPUT],
    'IAM.0073': ['request', 'IAM does not allow the value of a field.', NAMED_INPUT],
    'IAM.0080': ['login', 'The access key belongs to a user who is disabled.', ENABLE_USER],
    'IAM.0081': ['permission', 'The user is admitted to the console only.', 'Have an administrator allow the user programmatic access.'],
    'IAM.0082': ['login', 'This user has been disabled in IAM.', ENABLE_USER],
    'IAM.0083': ['permission', 'The region is private and closed to this user.', 'Give another `region`, or ask whoever runs this one for access.'],
    'IAM.1101': ['request', 'The login has no body, or one of more than 32 KB.', 'See whether a name in the inputs or the ID token is unusually long. Otherwise please open an issue.'],
    'IAM.1102': ['request', 'IAM does not accept a value in the login.', NAMED_INPUT],
    'IAM.1103': ['request', 'The login lacks a value that IAM needs.', NAMED_INPUT],
    'IAM.1104': ['login', 'IAM has blocked this access key.', NEW_KEY],
    'IAM.1105': ['login', 'The access key is past its end date.', NEW_KEY],
    'IAM.1106': ['login', 'The access key belongs to nobody.', 'Look for typing mistakes in `access-key`. Its user or agency may have been deleted.'],
    'IAM.1107': ['login', 'The access key is switched off.', 'Have the key enabled in IAM, or use another one.'],
    'IAM.1108': ['login', 'The temporary keys are past their end.', 'Obtain `access-key`, `secret-key` and `security-token` in the same job, right before this step.'],
    'IAM.1109': ['project', 'IAM finds no such project.', 'Look at `project`, and whether it belongs to `region`.'],
};

;// CONCATENATED MODULE: ./build/cloud/error-codes/ims-codes.js
/**
 * Codes of the Image Management Service (OTC IMS API reference, Error Codes). All but IMG.0026 come with HTTP 400.
 */

const GONE = 'Compare the ID in `images` with its owner: it may be mistyped, deleted, no longer shared, or in another `region`.';
const OWN_KEY = "Ask the image's owner to look after the KMS key that the image is encrypted with.";
const KEY_GRANT = "Ask the image's owner to authorise this project for the image's KMS key.";
const CBR_IMAGE = "Ask the image's owner to build it anew from a CBR backup. No other full-ECS images can be shared.";
const SERVER_VAULT = 'Give as `vault` one that stores servers (object type server) and serves for backup, not replication.';
const SERVICE_AGENCY = 'Have an administrator of the account restore the agencies that IMS and CBR work through.';
// biome-ignore format: a table is read row by row
const IMS_CODES = {
    'IMG.0001': ['request', 'IMS could not read the request.', 'If `ims-endpoint` leads through a proxy, make sure that it leaves bodies alone. Otherwise please open an issue.'],
    'IMG.0007': ['request', 'IMS got the request without its body.', 'Make sure that no proxy on the way removes bodies. Otherwise please open an issue.'],
    'IMG.0014': ['service', 'The OpenStack service underneath IMS failed.', LATER, 'transient'],
    'IMG.0016': ['service', 'IMS stumbled over the body of the request.', SUPPORT],
    'IMG.0017': ['request', 'IMS does not understand the address of the request.', 'Give `ims-endpoint` as scheme and host only, or leave it out.'],
    'IMG.0018': ['service', 'IMS could not put the job into its queue.', LATER, 'transient'],
    'IMG.0020': ['image', 'The backup that this full-ECS image rests on does not exist any more.', 'Ask its owner to make the image anew.'],
    'IMG.0021': ['request', 'IMS does not know this kind of image source.', SUPPORT],
    'IMG.0023': ['service', 'IMS could not find the job.', 'The job may be at work all the same, and the member status shows its effect. Start the workflow again to be sure.', 'transient'],
    'IMG.0024': ['image', 'The image is of a type that IMS does not accept here.', 'Take it out of `images` unless it is an image for ECS or BMS servers.'],
    'IMG.0025': ['permission', 'IMS does not serve this kind of user.', "Log in as an IAM user, a federated group or an agency of the member project's account."],
    'IMG.0026': ['permission', 'The identity has no right to do this, or its account lacks real-name authentication.', 'Grant it `ims:images:share` and `ims:images:get` in the project. On Huawei Cloud the account needs real-name authentication too.'],
    'IMG.0027': ['image', 'There is no image with one of these IDs.', GONE],
    'IMG.0028': ['image', 'The image is under protection.', 'Ask its owner to take the protection off.'],
    'IMG.0030': ['project', 'The project does not match the credentials, or one of the two is wrong.', 'Use credentials that are scoped to the project given as `project`.'],
    'IMG.0031': ['image', 'One of the IDs in the request is wrong.', 'Look at `images` first, then at `project` and `vault`: each ID must be complete and belong to the same `region`.'],
    'IMG.0032': ['image', "The image's backup cannot be used now.", 'Ask its owner what state the backup is in.'],
    'IMG.0034': ['request', 'IMS does not allow a change in the number of images.', SUPPORT],
    'IMG.0035': ['image', 'The update contradicts what the image is already.', 'Start the workflow again: images that have the requested status by now are left out.'],
    'IMG.0036': ['account', 'IMS got no token to act in this account.', SERVICE_AGENCY],
    'IMG.0037': ['account', 'IMS got no access keys to act in this account.', SERVICE_AGENCY],
    'IMG.0041': ['account', 'No account is named as the one that is trusted.', 'Look at `agency-domain`, and at which account the agency is delegated to.'],
    'IMG.0046': ['image', 'The image is in a state in which nothing can be done with it.', 'Start the workflow again once the image is active, or ask its owner.'],
    'IMG.0047': ['image', 'This is reserved for the owner of the image.', 'Give as `project` the project that the image was shared with, and credentials of that project.'],
    'IMG.0053': ['service', 'IMS could not look up the domain of one of its own accounts.', SUPPORT],
    'IMG.0060': ['rate', 'IMS has too many tasks in hand.', 'The action has waited and tried again in vain. Run fewer workflows side by side, or raise `retries`.', 'transient'],
    'IMG.0061': ['service', 'IMS failed without saying why.', LATER, 'transient'],
    'IMG.0064': ['service', 'IAM did not tell IMS who the tenant is.', 'Start the workflow again in a while. If it keeps failing, see whether user and project are enabled.', 'transient'],
    'IMG.0065': ['service', 'IAM did not tell IMS which account the tenant belongs to.', 'Start the workflow again in a while. If it keeps failing, see whether the account is enabled.', 'transient'],
    'IMG.0066': ['image', 'One of the image IDs is not valid, and IMS refuses the others along with it.', GONE],
    'IMG.0067': ['project', 'This is not the ID of a project.', 'Give `project` the ID or the name of the member project. IDs of accounts and users do not serve.'],
    'IMG.0076': ['image', 'The image belongs to this very project.', 'Take it out of `images`: an owner has nothing to accept or reject.'],
    'IMG.0083': ['image', 'Everybody may use this image: it is public.', 'Take it out of `images`: there is nothing to accept or reject.'],
    'IMG.0084': ['image', 'The owner has not shared this image; it is private.', 'Ask its owner to share it with this project, or take it out of `images`.'],
    'IMG.0086': ['image', 'IMS finds no such image.', GONE],
    'IMG.0087': ['login', 'IMS does not accept the token.', 'Use a token that is scoped to `project` and still alive, or another way to log in.'],
    'IMG.0088': ['account', 'No more images can be shared: the quota is reached.', 'Have the quota raised, or ask the owner to withdraw shares that nobody uses.'],
    'IMG.0089': ['image', 'The image is public, and public images are not shared.', 'Take it out of `images`.'],
    'IMG.0095': ['image', "The image is encrypted, and its KMS key does not exist.", OWN_KEY],
    'IMG.0097': ['image', "The image is encrypted, and its KMS key is disabled.", OWN_KEY],
    'IMG.0098': ['image', 'The image is encrypted and cannot be shared for that reason.', 'Ask its owner for a copy without encryption.'],
    'IMG.0099': ['image', "The image is encrypted, and this project may not use its KMS key.", KEY_GRANT],
    'IMG.0100': ['image', 'The image is encrypted, and this account may not use KMS.', 'Have KMS switched on for the account that holds `project`.'],
    'IMG.0101': ['image', 'The KMS key that the image was first encrypted with does not exist.', OWN_KEY],
    'IMG.0102': ['image', 'The KMS key that the image was first encrypted with is disabled.', OWN_KEY],
    'IMG.0103': ['image', 'This project may not use the KMS key that the image was first encrypted with.', KEY_GRANT],
    'IMG.0104': ['project', 'There are several projects in the region, and IMS cannot tell which one is meant.', 'Name the member project in `project`.'],
    'IMG.0105': ['image', 'IMS does not offer this for the image.', 'See whether images of its kind can be shared in this region, or ask support.'],
    'IMG.0106': ['image', 'The image belongs to another tenant.', 'Give as `project` the project that the image was shared with, and credentials of that project.'],
    'IMG.0108': ['project', 'This region does not know the tenant.', 'Give a `project` and a `region` that belong together.'],
    'IMG.0112': ['service', 'IMS failed to share the image with the member.', "Ask the image's owner to share it once more.", 'transient'],
    'IMG.0113': ['service', 'IMS failed to withdraw the image from the member.', "Ask the image's owner to withdraw it once more.", 'transient'],
    'IMG.0114': ['image', "IMS failed to read the project's membership in the image.", 'Start the workflow again. If it keeps failing, ask the owner whether the image is still shared.', 'transient'],
    'IMG.0121': ['image', 'What the request is about was not found.', GONE],
    'IMG.0127': ['image', "The image's CSBS backup does not exist.", CBR_IMAGE],
    'IMG.0132': ['image', "The image's CSBS backup is in a state that forbids this.", 'Start the workflow again later, or ask the owner about the backup.'],
    'IMG.0133': ['image', "The image's CSBS backup cannot be reached from this project.", CBR_IMAGE],
    'IMG.0135': ['image', 'This full-ECS image is not one that can be shared.', CBR_IMAGE],
    'IMG.0144': ['image', 'The image is not there.', GONE],
    'IMG.0145': ['project', 'The name of the project is wrong.', 'Give `project` the exact name, such as `eu-de_team`, or the ID.'],
    'IMG.0154': ['service', 'IMS could not reach the enterprise project service.', LATER, 'transient'],
    'IMG.0155': ['account', 'IMS could not make sure of the enterprise project.', 'Look at the enterprise projects of the account, then start the workflow again.'],
    'IMG.0156': ['permission', 'IMS could not file the image under the enterprise project.', 'Grant the identity rights in the enterprise project (EPS).'],
    'IMG.0161': ['permission', 'This needs a right that the cloud gives to chosen accounts only.', SUPPORT],
    'IMG.0165': ['image', "This project has no right to the image's CSBS backup.", CBR_IMAGE],
    'IMG.0177': ['image', "The image is in another region than this project.", 'Ask its owner to replicate it to this region and to share the copy.'],
    'IMG.0178': ['image', 'The image is shared with the tenant that owns it.', "Give the receiving project as `project`, not the owner's."],
    'IMG.0179': ['account', "The token of the owner's agency is not valid.", "Ask the image's owner to see to the agency that replicates images."],
    'IMG.0180': ['vault', 'CBR cannot do this with a full-ECS image.', 'See whether CBR is offered in this region.'],
    'IMG.0182': ['vault', 'The vault has too little room.', "Enlarge it until the backups of all the image's disks fit in, or give a bigger `vault`."],
    'IMG.0183': ['vault', 'The server is in another vault already, and one is the limit.', 'Give that one as `vault`, or take the server out of it.'],
    'IMG.0184': ['vault', 'IMS could not read the vault.', 'Give as `vault` the ID of a CBR vault of this project and region, and grant `cbr:vaults:get`.'],
    'IMG.0185': ['vault', 'The vault cannot take one more server.', 'Remove servers that are no longer needed from it, or give another `vault`.'],
    'IMG.0186': ['vault', 'CSBS still has hold of the server.', 'Release the server from CSBS. If that is not possible, ask support.'],
    'IMG.0187': ['rate', 'KMS gets too many requests.', 'The action has waited and tried again in vain. Run fewer workflows side by side, or raise `retries`.', 'transient'],
    'IMG.0188': ['vault', 'The vault is not ready for use.', 'Look it up in CBR: its status must be available, not locked, frozen, being deleted or in error.'],
    'IMG.0189': ['vault', 'The vault does not fit: it cannot replicate.', SERVER_VAULT],
    'IMG.0190': ['image', 'The full-ECS image has no CBR backup behind it.', CBR_IMAGE],
    'IMG.0193': ['vault', 'The vault is not made for backups of servers.', SERVER_VAULT],
    'IMG.0196': ['image', 'Something used the image while it still waited to be accepted.', 'Run this action before the step that uses the image.'],
    'IMG.0198': ['image', "The image's backup is gone, or is of another type than its ID says.", 'Ask its owner about the backup.'],
    'IMG.0238': ['account', 'The account has not gone through real-name authentication.', 'Have its owner complete real-name authentication.'],
    'IMG.0239': ['account', "The account's balance is too low.", 'Top it up: storing a full-ECS image in a vault can cost money.'],
    'IMG.0241': ['account', 'The account has not said how it pays.', "Complete the account's details of payment."],
    'IMG.0242': ['account', 'The department has spent its budget.', "Have the department's budget raised in the enterprise console."],
};

;// CONCATENATED MODULE: ./build/cloud/error-codes/index.js
/**
 * What the services' error codes mean, what to do about them, and how the action has to take them.
 */





let codes = null;
/** lookup finds a code in whatever case, and under Huawei Cloud's name of the gateway too; undefined where it is not listed. */
function lookup(code) {
    codes ??= new Map([IMS_CODES, IAM_CODES, GATEWAY_CODES, CBR_CODES]
        .flatMap(Object.entries)
        .map((pair) => [pair[0].toUpperCase(), pair]));
    const found = codes.get(code
        .trim()
        .toUpperCase()
        .replace(/^APIGW\./, 'APIG.'));
    if (found === undefined)
        return undefined;
    const [name, [subject, cause, cure, transient]] = found;
    return { code: name, subject, cause, cure, retryable: transient !== undefined };
}
/** isThrottle tells whether the code asks for fewer requests, whatever HTTP status it comes with: IMG.0060 comes as 400. */
function isThrottle(code) {
    return lookup(code)?.subject === 'rate';
}
/** isAboutLogin tells whether the code refuses who is asking. Asking again would be refused again, and may lock user or key. */
function isAboutLogin(code) {
    return lookup(code)?.subject === 'login';
}
/** isAboutImage tells whether the code blames one image, so that the rest of a batch may pass without it. */
function isAboutImage(code) {
    return lookup(code)?.subject === 'image';
}
/** isAboutVault tells whether the code blames the vault, so that images that need none may pass without it. */
function isAboutVault(code) {
    return lookup(code)?.subject === 'vault';
}
/** The one code that stands for refusals and for faults alike. */
const MIXED = 'APIG.0201';
/** isTransient tells whether the same read may succeed later. APIG.0201 means a fault only with 500, 502 and 504. */
function isTransient(code, httpStatus) {
    const info = lookup(code);
    if (info?.code === MIXED)
        return httpStatus === 500 || httpStatus === 502 || httpStatus === 504;
    return info?.retryable ?? false;
}
/**
 * explainCode explains a failed call: by its code where that is listed, else by its HTTP status, else in general. Null stands for a
 * code or status that the answer did not have.
 */
function explainCode(code, httpStatus, service) {
    const info = code === null ? undefined : lookup(code);
    const vague = info?.code === MIXED && httpStatus !== null && !isTransient(MIXED, httpStatus);
    if (info === undefined || vague)
        return explainStatus(httpStatus, service);
    return { cause: info.cause, cure: info.cure };
}
// biome-ignore format: a table is read row by row
const BY_STATUS = {
    400: ['The service does not accept the request.', 'Look at the inputs that the message names. If they are right, please open an issue with the request ID.'],
    401: ['The service does not accept the credentials.', 'See whether they are right, still alive, and of this cloud and region.'],
    403: ['The identity is not allowed to do this.', 'Grant it `ims:images:share`, `ims:images:get` and `ims:images:list` in the member project.'],
    404: ['The service does not know what was asked for.', 'See whether `images`, `project` and `region` belong together, and whether `ims-endpoint` and `auth-url` are right.'],
    407: ['The proxy wants the runner to log in.', 'Put the user and password of the proxy into `HTTPS_PROXY`.'],
    408: ['The service did not get the whole request in time.', LATER],
    409: ['Something else is changing the same thing at this moment.', 'Start the workflow again, and see that no two runs change the same images at once.'],
    413: ['The request is too large for the service.', 'Name fewer images in one run.'],
    414: ['The address of the request is too long for the service.', BUG],
    429: ['The service gets too many requests.', 'The action has waited and tried again in vain. Run fewer workflows side by side, or raise `retries`.'],
    494: ['The headers of the request are too large for the service.', 'Use a shorter token: one without a catalog, or another way to log in.'],
};
// biome-ignore format: a table is read row by row
const BY_STATUS_OF_IAM = {
    401: ['IAM does not accept the credentials.', 'See whether they are right, still alive, and of this cloud and region. The action does not repeat a refused login.'],
    403: ['IAM does not allow this login.', 'See whether the user is locked or barred from programmatic access, and has a role in `project`. An agency must be delegated to the account of the caller, who needs the role Agent Operator.'],
    404: ['IAM does not know something that the login names, or takes the token for dead.', 'Look for typing mistakes in `project`, `domain`, `username`, `agency-name` and `agency-domain`, and see whether `auth-url` or `region` is right.'],
};
function explainStatus(status, service) {
    const own = status === null || service !== 'IAM' ? undefined : BY_STATUS_OF_IAM[status];
    const row = status === null ? undefined : (own ?? BY_STATUS[status]);
    if (row !== undefined)
        return { cause: row[0], cure: row[1] };
    if (status !== null && status >= 500)
        return { cause: 'The service failed inside or cannot be reached.', cure: STATUS_PAGE };
    return { cause: 'The call failed.', cure: LATER };
}

;// CONCATENATED MODULE: ./build/cloud/retry.js
/**
 * The one retry policy: pure functions that say whether a failed request may be sent again, and when.
 */

/**
 * mayRetry tells whether the same request may be sent again as it is.
 *
 * Safe requests are repeated after connection failures, lost answers, 408, 429, 5xx and the service's throttle codes, which
 * come as 400 (IMG.0060). A change is repeated only where the service certainly has not begun it: it was never reached, or it
 * said that it is too busy. Everything else that happens to a change is for the caller, who has to read the members first.
 * A 401, a 403, or a code that refuses the credentials, whatever its status, is never repeated here: repeated failures lock accounts
 * and keys. IAM reports a locked user with 429 as well.
 */
function mayRetry(failure, safety) {
    const { type, status, code } = failure;
    if (type === 'unreachable')
        return true;
    if (type === 'lost')
        return safety !== 'change';
    if (type !== 'refused' || status === null)
        return false;
    if (status === 401 || status === 403 || (code !== null && isAboutLogin(code)))
        return false;
    if (isThrottled(failure))
        return true;
    if (safety === 'change')
        return false;
    return isPassing(status) || (safety === 'safe' && code !== null && isTransient(code, status));
}
/** isPassing tells whether an HTTP status stands for trouble that may be over soon. */
function isPassing(status) {
    return status === 408 || status === 429 || status >= 500;
}
/** isThrottled tells whether the service has too much to do, and has not begun with the request: by HTTP 429, or by its code. */
function isThrottled({ status, code }) {
    return status === 429 || (code !== null && isThrottle(code));
}
/** effectUnknown tells whether a change that failed this way may have been carried out all the same. */
function effectUnknown(failure) {
    const { type, status } = failure;
    if (type === 'lost' || type === 'oversized')
        return true;
    if (type !== 'refused' || status === null || isThrottled(failure))
        return false;
    return status === 408 || status >= 500;
}
const FIRST_DELAY = 400;
const LONGEST_DELAY = 20_000;
/**
 * retryDelay gives the wait in milliseconds before the next attempt: `Retry-After` where the service gave one, with a little
 * jitter on top so that runs that were throttled together do not return together; else exponential backoff with full jitter.
 * @param attempt 0 for the first retry
 * @param random in [0, 1)
 */
function retryDelay(attempt, retryAfter, random) {
    if (retryAfter !== null)
        return Math.round(retryAfter + random * 250);
    return Math.round(random * Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** Math.min(attempt, 20)));
}
/** readRetryAfter understands both forms of the header, seconds and an HTTP date, and gives milliseconds; null for anything else. */
function readRetryAfter(value, now) {
    if (value === undefined)
        return null;
    const text = value.trim();
    if (/^\d{1,9}(\.\d+)?$/.test(text))
        return Math.ceil(Number(text) * 1000);
    if (!/^[A-Za-z]{3},? /.test(text))
        return null;
    const at = Date.parse(text);
    return Number.isNaN(at) ? null : Math.max(0, at - now);
}

;// CONCATENATED MODULE: ./build/github/publisher.js


/** GitHub gets this long for one status, in milliseconds; less when the run is being cancelled. */
const PATIENCE = 10_000;
const LAST_WORDS = 1_500;
const FURTHER_TRIES = 3;
/**
 * StatusPublisher publishes one after the other, in order; only a cancelled run does not wait for the one before. A failure to publish
 * is a warning, never a failed run.
 */
class StatusPublisher {
    #wanted;
    #tools;
    #last = Promise.resolve();
    #warned = false;
    constructor(wanted, tools) {
        this.#wanted = wanted;
        this.#tools = tools;
    }
    /** publish queues a status; resolves when it is out, or when it is clear that it cannot be. Never rejects. */
    publish(status, hurried = false) {
        if (this.#wanted === null)
            return Promise.resolve();
        const previous = hurried ? Promise.resolve() : this.#last;
        this.#last = previous
            .then(() => this.#send(status, hurried ? LAST_WORDS : PATIENCE))
            .catch((error) => this.#warn(String(error), ''));
        return this.#last;
    }
    async #send(status, patience) {
        const { context, load, log } = this.#tools;
        const wanted = this.#wanted;
        if (wanted === null)
            return;
        const { repository, statusCommit } = context;
        if (repository === null || statusCommit === null) {
            return this.#warn('The commit status cannot be published: the runner names no repository or commit.', '');
        }
        const { publishStatus } = await load();
        const signal = AbortSignal.timeout(patience);
        const request = {
            ...status,
            token: wanted.token,
            apiUrl: context.apiUrl,
            repository,
            sha: statusCommit,
            context: wanted.context,
            targetUrl: context.runUrl,
            fetch: this.#requester(patience, signal),
        };
        const result = await this.#insist(() => publishStatus(request), signal);
        if (result.ok)
            log.line(`Commit status ${log.quote(wanted.context)} of ${statusCommit.slice(0, 12)}: ${status.state}`);
        else
            this.#warn(result.cause, result.cure);
    }
    /** A gate that stays closed because GitHub was busy for a moment would wait for ever; the same status twice does no harm. */
    async #insist(publish, signal) {
        const { clock } = this.#tools;
        for (let attempt = 0;; attempt++) {
            const result = await publish();
            const final = result.ok || (result.status !== null && !isPassing(result.status));
            if (final || attempt >= FURTHER_TRIES)
                return result;
            try {
                await clock.sleep(retryDelay(attempt, null, clock.random()), signal);
            }
            catch {
                return result;
            }
        }
    }
    /** GitHub's client gets the action's own transport, so that proxies and certificates hold here as everywhere. */
    #requester(patience, signal) {
        return async (url, { method, headers, body }) => {
            if (method !== 'POST')
                throw new WireError(`unexpected request ${method}`, false);
            const reply = await this.#tools.transport.send({ method, url, headers, body: body ?? null }, patience, signal);
            const pairs = Object.entries(reply.headers);
            return {
                status: reply.status,
                url,
                headers: {
                    [Symbol.iterator]: () => pairs[Symbol.iterator](),
                    get: (name) => reply.headers[name.toLowerCase()] ?? null,
                },
                text: async () => reply.text,
                arrayBuffer: async () => new TextEncoder().encode(reply.text).buffer,
            };
        };
    }
    #warn(cause, cure) {
        if (this.#warned)
            return;
        this.#warned = true;
        this.#tools.log.warning(cause, cure);
    }
}

;// CONCATENATED MODULE: ./build/regions.js
/**
 * The regions whose hosts are known, and what a region, a project's name or an address says about the cloud behind it.
 */

const OTC = 'Open Telekom Cloud';
const SWISS_OTC = 'Swiss Open Telekom Cloud';
const HUAWEI = 'Huawei Cloud';
/** The regions of Huawei Cloud, which name all their hosts the same way (vendor SDK region lists). */
const HUAWEI_REGIONS = 'ae-ad-1 af-north-1 af-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ' +
    'cn-east-2 cn-east-3 cn-east-4 cn-east-5 cn-north-1 cn-north-11 cn-north-12 cn-north-2 cn-north-4 cn-north-9 ' +
    'cn-south-1 cn-south-2 cn-south-4 cn-southwest-2 cn-southwest-3 la-north-2 la-south-2 me-east-1 my-kualalumpur-1 ' +
    'na-mexico-1 ru-moscow-1 sa-brazil-1 tr-west-1';
function entry(cloud, hosts, proven = false) {
    return { cloud, ims: `https://ims.${hosts}`, iam: `https://iam.${hosts}`, proven };
}
const regions_bare = Object.create(null);
/**
 * REGIONS holds every known region by its ID. It has no prototype, so a look-up finds regions only
 * (OTC, Regions and Endpoints; Huawei Cloud, Regions and Endpoints and SDK region lists).
 */
const REGIONS = Object.assign(regions_bare, {
    'eu-de': entry(OTC, 'eu-de.otc.t-systems.com', true),
    'eu-nl': entry(OTC, 'eu-nl.otc.t-systems.com', true),
    'eu-ch2': { ...entry(SWISS_OTC, 'eu-ch2.sc.otc.t-systems.com'), iam: 'https://iam-pub.eu-ch2.sc.otc.t-systems.com' },
    ...Object.fromEntries(HUAWEI_REGIONS.split(' ').map((id) => [id, entry(HUAWEI, `${id}.myhuaweicloud.com`)])),
    'eu-west-101': entry('Huawei Cloud (Europe)', 'eu-west-101.myhuaweicloud.eu'),
    'eu-west-0': entry('Flexible Engine (Orange)', 'eu-west-0.prod-cloud-ocb.orange-business.com'),
});
/**
 * regionOf gives the region that a project's name begins with: `eu-de` and `eu-de_team` are in `eu-de`
 * (OTC IAM user guide, Projects). Null where the name begins with no known region.
 */
function regionOf(projectName) {
    // No region's ID holds an underscore, so the whole part before the first one has to be a region.
    const head = projectName.split('_', 1)[0] ?? '';
    return head in REGIONS ? head : null;
}
/** regionOfAuthUrl gives the known region that the host of an IAM address names; null for global and foreign hosts. */
function regionOfAuthUrl(url) {
    const host = urlOf(url)?.hostname ?? '';
    return host.split('.').find((label) => label in REGIONS) ?? null;
}
/**
 * cloudFamily gives the IAM dialect of a region's ID or of an IAM host name. Null where it is not known: an unknown region or
 * host, and Flexible Engine, whose documents do not settle it.
 */
function cloudFamily(regionOrHost) {
    const iam = REGIONS[regionOrHost]?.iam;
    const host = iam === undefined ? regionOrHost.toLowerCase() : iam.slice('https://'.length);
    if (host.endsWith('.t-systems.com'))
        return 'otc';
    return host.endsWith('.myhuaweicloud.com') || host.endsWith('.myhuaweicloud.eu') ? 'huawei' : null;
}

;// CONCATENATED MODULE: ./build/inputs/parsed.js
/**
 * What a parser gives back: a value, or what is wrong with the text. Parsers never throw and never shorten what they were
 * given, because secrets have to be taken out of it first, and half of one would not be found.
 */
/** right wraps a value that was understood. */
function right(value) {
    return { ok: true, value };
}
/** wrong wraps a mistake. */
function wrong(given, expected) {
    return { ok: false, wrong: { given, expected } };
}

;// CONCATENATED MODULE: ./build/inputs/parse.js
/**
 * Parsers for single values. Each is strict about what it accepts and says what that is.
 */

const BOOLEANS = new Map([
    ['true', true],
    ['True', true],
    ['TRUE', true],
    ['false', false],
    ['False', false],
    ['FALSE', false],
]);
/** parseBoolean knows the core words of YAML 1.2 and nothing else, so that a typo cannot mean "no". */
function parseBoolean(text) {
    const value = BOOLEANS.get(text);
    return value === undefined ? wrong(text, 'Expected `true` or `false`.') : right(value);
}
/** choice makes a parser for one of some words, in either case; `words` maps what can be written to what it means. */
function choice(words) {
    const known = new Map(Object.entries(words));
    return (text) => {
        const value = known.get(text.toLowerCase());
        return value === undefined ? wrong(text, `Expected ${listed([...known.keys()])}.`) : right(value);
    };
}
const UNITS = new Map([
    ['ms', 1],
    ['', 1000],
    ['s', 1000],
    ['m', 60_000],
    ['h', 3_600_000],
]);
/**
 * No duration may be longer. An IAM token lives for 24 hours, so no run can be useful beyond; what is longer is a number in the
 * wrong unit (`600000` meant as milliseconds is a week). Timers also end at 24.8 days, and fire at once beyond.
 */
const parse_LONGEST = 24 * 3_600_000;
/**
 * parseDuration makes a parser for `500ms`, `90s`, `10m`, `1h` or a bare number of seconds; the value is in whole milliseconds.
 * @param least 0 where zero is allowed and means "at once", else 1
 */
function parseDuration(least) {
    return (text) => {
        const [, number, unit = ''] = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h)?$/.exec(text) ?? [];
        const factor = UNITS.get(unit);
        if (number === undefined || factor === undefined) {
            return wrong(text, 'Expected a duration such as `500ms`, `90s`, `10m` or `1h`, or a bare number of seconds.');
        }
        const value = Math.round(Number(number) * factor);
        if (value < least)
            return wrong(text, 'Expected a duration of more than zero, such as `30s`.');
        if (value > parse_LONGEST) {
            return wrong(text, 'Expected at most 24 hours, the life of an IAM token. A bare number counts seconds; write `ms` for milliseconds.');
        }
        return right(value);
    };
}
const MOST_RETRIES = 100;
/** parseRetries reads a whole number from 0 to 100; more tries than that only wait for the run's time-out. */
function parseRetries(text) {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
    return value <= MOST_RETRIES ? right(value) : wrong(text, `Expected a whole number from 0 to ${MOST_RETRIES}.`);
}
/** parsePositive reads a whole number of at least 1. */
function parsePositive(text) {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    return value > 0 ? right(value) : wrong(text, 'Expected a positive whole number, such as `3`.');
}
const LONGEST_GLOB = 256;
/** parseGlob takes everything that fits in a line: a name may hold blanks, commas and every other character. */
function parseGlob(text) {
    if (/[\p{Cc}\u2028\u2029]/u.test(text))
        return wrong(text, 'Expected one glob in one line, such as `golden-*`; it is not a list.');
    // Image names have at most 128 characters (OTC IMS API reference, Querying Image Details).
    if (text.length > LONGEST_GLOB)
        return wrong(text, `Expected a glob of at most ${LONGEST_GLOB} characters; image names have at most 128.`);
    return right(text);
}
/** lineOf makes a parser for a name of one line with at most `longest` characters. */
function lineOf(longest) {
    return (text) => text.length > longest || /\p{Cc}/u.test(text)
        ? wrong(text, `Expected one line of at most ${longest} characters.`)
        : right(text);
}
/** A provider's name travels in a header and in a path. */
function parseIdentityProvider(text) {
    if (/^[\w.-]{1,64}$/.test(text))
        return right(text);
    return wrong(text, 'Expected the name of the identity provider at IAM: letters, digits, `_`, `-` and `.`, at most 64.');
}
/** uuidOf gives a UUID in lower case; null for everything else. */
function uuidOf(text) {
    return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : null;
}
/** projectOf accepts what can be the ID or name of a project (OTC IAM API reference, Creating a Project); null for everything else. */
function projectOf(text) {
    return /^[\w-]{1,64}$/.test(text) ? text : null;
}
/** listed writes words as `a`, `b` or `c`. */
function listed(words, joint = 'or') {
    const quoted = words.map((word) => `\`${word}\``);
    const last = quoted.pop() ?? '';
    return quoted.length === 0 ? last : `${quoted.join(', ')} ${joint} ${last}`;
}

;// CONCATENATED MODULE: ./build/inputs/agency-inputs.js

const LONGEST_NAME = 64;
/** readAgency reads the inputs, or the variables where neither input is given. */
function readAgency(reader) {
    const [name, domain] = [reader.given('agency-name'), reader.given('agency-domain')];
    if (name !== null || domain !== null)
        return pair(reader, ['agency-name', name], ['agency-domain', domain]);
    return pair(reader, ['OS_AGENCY_NAME', reader.variable('OS_AGENCY_NAME')], ['OS_AGENCY_DOMAIN_NAME', reader.variable('OS_AGENCY_DOMAIN_NAME')]);
}
function pair(reader, [nameOf, name], [domainOf, domain]) {
    if (name === null && domain === null)
        return { agency: null, wanted: false };
    if (name === null || domain === null) {
        const [given, value, lacking] = name === null ? [domainOf, domain, nameOf] : [nameOf, name, domainOf];
        reader.mistake(given, value, `An agency needs its name and the account that created it: give \`${lacking}\` too, or neither.`);
        return { agency: null, wanted: true };
    }
    const parse = lineOf(LONGEST_NAME);
    const agency = { name: reader.parseAs(nameOf, name, parse), domain: reader.parseAs(domainOf, domain, parse) };
    if (agency.name === null || agency.domain === null)
        return { agency: null, wanted: true };
    return { agency: { name: agency.name, domain: agency.domain }, wanted: true };
}

;// CONCATENATED MODULE: ./build/inputs/table.js
/**
 * The table of inputs: every name, where it belongs and its default. The descriptions are in action.yml, and a test holds
 * the two and the README together.
 */
/** The groups of the README, in its order. */
const GROUPS = (/* unused pure expression or super */ null && (['What', 'Where', 'Who', 'Safety', 'Reporting', 'Advanced']));
const INPUTS = [
    { name: 'images', group: 'What' },
    { name: 'manifest', group: 'What' },
    { name: 'manifest-builds', group: 'What' },
    { name: 'min-images', group: 'What' },
    { name: 'match-name', group: 'What' },
    { name: 'if-none', group: 'What', default: 'fail' },
    { name: 'status', group: 'What', default: 'accepted' },
    { name: 'mode', group: 'What', default: 'apply' },
    { name: 'project', group: 'Where' },
    { name: 'vault', group: 'Where' },
    { name: 'region', group: 'Where' },
    { name: 'ims-endpoint', group: 'Where' },
    { name: 'auth-url', group: 'Where' },
    { name: 'token', group: 'Who', secret: true },
    { name: 'username', group: 'Who' },
    { name: 'password', group: 'Who', secret: true },
    { name: 'domain', group: 'Who' },
    { name: 'access-key', group: 'Who', secret: true },
    { name: 'secret-key', group: 'Who', secret: true },
    { name: 'security-token', group: 'Who', secret: true },
    { name: 'identity-provider', group: 'Who' },
    { name: 'audience', group: 'Who' },
    { name: 'agency-name', group: 'Who' },
    { name: 'agency-domain', group: 'Who' },
    { name: 'trusted-owners', group: 'Safety' },
    { name: 'share-timeout', group: 'Safety', default: '2m' },
    { name: 'timeout', group: 'Safety', default: '10m' },
    { name: 'wait', group: 'Safety', default: 'true' },
    { name: 'summary', group: 'Reporting', default: 'true' },
    { name: 'results-file', group: 'Reporting' },
    { name: 'commit-status', group: 'Reporting' },
    { name: 'github-token', group: 'Reporting', secret: true },
    { name: 'poll-interval', group: 'Advanced' },
    { name: 'request-timeout', group: 'Advanced', default: '30s' },
    { name: 'retries', group: 'Advanced', default: '5' },
];

;// CONCATENATED MODULE: ./build/inputs/input-reader.js

const ROWS = new Map(INPUTS.map((row, rank) => [row.name, { ...row, rank }]));
/** Longer values and pieces are cut: a mistake has to fit an annotation. */
const LONGEST_VALUE = 120;
const MOST_PIECES = 5;
/**
 * InputReader gives inputs and variables trimmed, where empty means "not given", and remembers what is wrong with them.
 * Secret inputs are masked when the reader is made, before anything can fail or print; secret variables when they are read.
 */
class InputReader {
    #env;
    #secrets;
    #given = new Map();
    #wrong = [];
    constructor(env, secrets) {
        this.#env = env;
        this.#secrets = secrets;
        for (const row of INPUTS) {
            if (!('secret' in row))
                continue;
            const secret = this.secretVariable(inputVariable(row.name));
            if (secret !== null)
                this.#given.set(row.name, secret);
        }
    }
    /** given is the input's own text; null where there is none. */
    given(name) {
        return this.variable(inputVariable(name));
    }
    /** secret is a secret input; null where it is not given. */
    secret(name) {
        return this.#given.get(name) ?? null;
    }
    /** parse reads an input, or its default. Null means: not given and without a default, or wrong and noted as a mistake. */
    parse(name, parser) {
        const text = this.given(name) ?? ROWS.get(name)?.default;
        return text === undefined ? null : this.parseAs(name, text, parser);
    }
    /** defaultOf is the default of an input; empty if it has none. */
    defaultOf(name) {
        return ROWS.get(name)?.default ?? '';
    }
    /** parseAs parses a text on behalf of the input or variable `name`; null means wrong, and noted as a mistake. */
    parseAs(name, text, parser) {
        const parsed = parser(text);
        if (parsed.ok)
            return parsed.value;
        this.mistake(name, parsed.wrong.given, parsed.wrong.expected);
        return null;
    }
    /** variable reads an environment variable; null where it is unset or blank. */
    variable(name) {
        return this.#env[name]?.trim() || null;
    }
    /** firstVariable reads the first variable of the list that is set. */
    firstVariable(names) {
        for (const name of names) {
            const text = this.variable(name);
            if (text !== null)
                return { name, text };
        }
        return null;
    }
    /** secretVariable reads a secret from an environment variable and masks it at once. */
    secretVariable(name) {
        const text = this.variable(name);
        return text === null ? null : this.#secrets.hide(text);
    }
    /** hide masks a secret that was found inside another value. */
    hide(text) {
        this.#secrets.hide(text);
    }
    /** mistake notes what is wrong with an input or variable, or with several, joined by commas. */
    mistake(input, given, expected) {
        this.#wrong.push({ input, wrong: { given, expected } });
    }
    /** count is how many mistakes were found so far. */
    get count() {
        return this.#wrong.length;
    }
    /** mistakes gives all of them in the order of the table, free of every secret that was read, and short enough to print. */
    mistakes() {
        const rank = (input) => ROWS.get(input.split(',')[0] ?? '')?.rank ?? INPUTS.length;
        return this.#wrong
            .map(({ input, wrong }) => ({
            input,
            value: this.#show(wrong.given),
            expected: this.#secrets.redact(wrong.expected),
        }))
            .sort((a, b) => rank(a.input) - rank(b.input));
    }
    #show(given) {
        if (given === null)
            return null;
        const pieces = typeof given === 'string' ? [given] : given;
        const shown = pieces.slice(0, MOST_PIECES).map((piece) => shorten(this.#secrets.redact(piece)));
        const rest = pieces.length - shown.length;
        return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
    }
}
/** The variable in which the runner hands over an input: upper case, blanks as underscores, hyphens kept. */
function inputVariable(name) {
    return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}
function shorten(text) {
    const characters = Array.from(text.slice(0, 2 * LONGEST_VALUE + 2));
    return characters.length > LONGEST_VALUE ? `${characters.slice(0, LONGEST_VALUE).join('')}…` : text;
}

;// CONCATENATED MODULE: ./build/inputs/foreign.js
/**
 * What a list looks like if something went wrong on its way here, and what to change upstream. Each kind is recognised either in the
 * whole text, line by line, or in a single entry that is not what was expected.
 */
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** Kinds of damage that can happen to every list. */
const DAMAGED = [
    {
        text: /^[ \t]*\[command\]|^[ \t]*::[a-z-]+( [^:\n]*)?::|^Terraform exited with/m,
        hint: 'There are lines of the Terraform wrapper around the value: set `terraform_wrapper: false` on `hashicorp/setup-terraform` (`tofu_wrapper: false` on `opentofu/setup-opentofu`).',
    },
    {
        text: /\bto(list|set|map|object)\(|^[ \t]*[[{]?[ \t]*"?[\w.-]+"?[ \t]+=[ \t]|<<-?"?EOT|<sensitive>|\(sensitive value\)|\(known after apply\)|No outputs found/m,
        hint: 'This is what Terraform prints for people: use `terraform output -json NAME` (`-raw NAME` for a single string).',
    },
    {
        text: /\[(\d+;)*\d+m/,
        hint: 'There are colour codes in it: switch colours off upstream (`-no-color` for Terraform, `-color=false` for Packer).',
    },
    {
        text: /%0[AD]|\\+[nrt]|\\+u000[ad]|&#(1[03]|x0?[ad]);|<br ?\/?>/i,
        hint: 'Line breaks stayed escaped: write the output with a heredoc (`ids<<EOF`, the lines, `EOF`, into `$GITHUB_OUTPUT`), and take strings out of JSON with `jq -r`.',
    },
    {
        text: /\[object \w+\]|\bSystem\.[A-Z]\w+|\bmap\[|@\{/,
        entry: /^(Array|Object|HashTable)$/i,
        hint: 'A list or an object was put into a text: use `toJSON(…)` in an expression, `ConvertTo-Json` in PowerShell, `JSON.stringify` in JavaScript.',
    },
    {
        text: /\*\*\*/,
        hint: 'A value in it is masked (`***`): keep project, owner and image IDs in variables (`vars`), not in secrets.',
    },
    {
        text: /\$\{|\$\(|%[a-z_]\w+%/i,
        entry: /^\$\w+$/,
        hint: 'An expression or a variable in it was never evaluated: check how it is quoted, and where it is written.',
    },
    {
        text: /^[^\w\n]{0,4}(Error|ERROR|jq|Traceback|fatal)\b[^\n]*:|command not found|No such file or directory/m,
        hint: 'There is an error message in it: look at the log of the step upstream.',
    },
    {
        entry: /^(null|undefined|none|nil|nan|<no value>|<no)$/i,
        hint: 'A word for "nothing" is in it: the step upstream may have produced no image.',
    },
    { entry: /^[a-z_]\w*=/i, hint: 'This is a line `name=value`: give the value alone.' },
];
/** Kinds of text that tell of images, but are no list of image IDs. */
const IMAGES = [
    {
        text: /\bbuilds\\*"\s*:|\b(last|packer)_run_uuid\b/,
        entry: /\.json$/i,
        hint: 'This belongs to a Packer manifest: give the path of the file as `manifest`, instead of `images`.',
    },
    {
        text: /^[ \t]*(==>|-->) |^\d{10,},[^,\n]*,[a-z-]+,|\bimages? (was|were) created\b|^Build '[^'\n]*' (finished|errored)/im,
        hint: "This is Packer's log: let its post-processor `manifest` write a file, and give the path of the file as `manifest`, instead of `images`.",
    },
    {
        text: new RegExp(String.raw `^[ \t]*\+[-=+]{3,}|^[ \t]*\|[^\n]*\||^[^\w\n]{0,3}ID[^\w\n]*(Name|Status|$)|^[ \t]*(- )?["']?ID["']?[ \t]*:|[{,]\s*\\*"(ID|image_id)\\*"\s*:|^${UUID}[ \t]+\S[^\n]*[ \t](active|queued|saving|deactivated|killed|deleted)\b`, 'im'),
        hint: 'This looks like output of the OpenStack client that holds more than IDs: use `openstack image list -f value -c ID` (`image show -f value -c id`), or `-f json` for a list.',
    },
    { text: /\}\s*\{/, hint: 'There are several JSON texts in a row: make one array of them with `jq -s`.' },
    { entry: /(^|:)ami-/i, hint: looksLike('an AMI ID of AWS') },
    { entry: /^\/?subscriptions\//i, hint: looksLike('a resource ID of Azure') },
    { entry: /^(projects\/|https:\/\/.*googleapis\.com\/)/i, hint: looksLike('an image of Google Cloud') },
    { entry: /^sha256:|@sha256:/i, hint: looksLike('a digest of a container image') },
    {
        entry: new RegExp(`^[\\w-]+:${UUID}$`, 'i'),
        hint: looksLike('an image ID with its region in front, which has to go here'),
    },
    { entry: new RegExp(`^(https?:/)?/.*${UUID}`, 'i'), hint: looksLike('an address: give the ID at its end alone') },
    { entry: /^[0-9a-f]{32}$/i, hint: looksLike('an ID without dashes, perhaps that of a project') },
    {
        entry: /^[0-9a-f]{6,}-[0-9a-f-]{12,60}$/i,
        hint: looksLike('an image ID that has lost or gained characters: a UUID has 36'),
    },
];
/** What is tried if nothing else is recognised: much looks like a name or like JSON. */
const LAST_RESORTS = [
    {
        entry: /^\\*"?\\*[[{][\s\S]*[\]}]\\*"?\\*$/,
        hint: 'There is JSON inside a JSON string: take it out with `fromJSON(…)` or `jq -r`.',
    },
    { text: /^\s*[[{][\s\S]*[^\]}\s]\s*$/, hint: 'This looks like JSON that was cut off.' },
    { entry: new RegExp(`${UUID}[\\s,;]`, 'i'), hint: 'A string holds several IDs: give each a string of its own.' },
    {
        entry: /^(?=.*[a-z*?])[\w.*?+()-]{2,}$/i,
        hint: 'This looks like a name or a glob: `match-name` chooses images by name, instead of `images`.',
    },
];
const MOST_HINTS = 3;
/** damageHint says what happened to a list on its way here; empty if nothing is recognised. */
function damageHint(text, entries) {
    return sentences(hintsOf(DAMAGED, text, entries));
}
/**
 * imagesHint says what text and wrong entries look like, and what to change upstream; empty if nothing is recognised.
 * @param entries those that are no image IDs
 */
function imagesHint(text, entries) {
    const hints = hintsOf([...DAMAGED, ...IMAGES], text, entries);
    return sentences(hints.length > 0 ? hints : hintsOf(LAST_RESORTS, text, entries));
}
/** artifactHint says what the artifact of another builder looks like; empty if it is not recognised. */
function artifactHint(entries) {
    return sentences(hintsOf(IMAGES, '', entries));
}
/** What went wrong shows at the ends of a text; expressions must not take long over the rest. */
const END = 2_000;
const MOST_ENTRIES = 100;
function hintsOf(kinds, text, entries) {
    const ends = text.length > 2 * END ? `${text.slice(0, END)}\n${text.slice(-END)}` : text;
    const some = entries.slice(0, MOST_ENTRIES).map((entry) => entry.slice(0, END));
    return kinds
        .filter((kind) => kind.text?.test(ends) === true || some.some((entry) => kind.entry?.test(entry) === true))
        .map(({ hint }) => hint);
}
function looksLike(what) {
    return `What was given looks like ${what}.`;
}
function sentences(hints) {
    return hints
        .slice(0, MOST_HINTS)
        .map((hint) => ` ${hint}`)
        .join('');
}

;// CONCATENATED MODULE: ./build/inputs/list.js
/**
 * The one list grammar of all inputs, and the lists of names.
 *
 * Entries are separated by new lines, commas, semicolons or blanks, or come as a JSON array of strings. Lists arrive through shells,
 * YAML and expressions, so what those leave behind is forgiven: quotes, a pair of brackets around plain entries, trailing commas, the
 * dashes of a YAML list, JSON that was made JSON twice. What an entry may be is not forgiven: what is left of it has to be an ID or
 * a name.
 */




/** parseProjects reads IDs or names of projects: unique, as given, in the order given, at least one. */
function parseProjects(text) {
    return parseNames(text, projectOf, 'Expected IDs or names of projects: letters, digits, `_` and `-`, at most 64.');
}
/**
 * parseOwners reads the IDs of trusted projects, at least one. A name is refused, because it cannot be looked up in a
 * stranger's account; `isName` knows names by the region that they begin with. IDs are not told by their shape.
 */
function parseOwners(text, isName) {
    return parseNames(text, (entry) => (projectOf(entry) === null || isName(entry) ? null : isProjectId(entry) ? entry.toLowerCase() : entry), 'Expected IDs of the projects that own the images, such as `edc89b490d7d4392898e19b2deb34797`; names cannot be looked up in other accounts.');
}
const LONGEST_BUILD = 200;
/** parseBuilds reads names or builder types of Packer builds: unique, in the order given, at least one. */
function parseBuilds(text) {
    return parseNames(text, (entry) => (entry === '' || entry.length > LONGEST_BUILD ? null : entry), `Expected names or builder types of builds, such as \`ubuntu\` or \`huaweicloud-ecs\`, of at most ${LONGEST_BUILD} characters.`);
}
const STRINGS = 'Expected strings only, without further arrays or objects inside.';
/** A list that is given and empty is a mistake here: `[]` must not silently lift a restriction or mean another project. */
function parseNames(text, parse, expected) {
    const json = structureIn(text);
    if (json !== undefined && !Array.isArray(json)) {
        return wrong(text, `Expected a list or a JSON array of strings, not an object.${damageHint(text, [])}`);
    }
    const entries = json === undefined ? right(split(text)) : fromJson(json, stringOf, STRINGS);
    if (!entries.ok)
        return entries;
    if (entries.value.length === 0)
        return wrong(text, 'The list is empty: leave the input out, or give at least one entry.');
    return itemsOf(entries.value, parse, (texts) => `${expected}${damageHint(text, texts)}`);
}
/** itemsOf parses every entry: unique, in the order given, or all entries that are wrong. */
function itemsOf(entries, parse, expected) {
    const items = new Set();
    const rejected = [];
    for (const entry of entries) {
        const item = parse(entry.text);
        if (item === null)
            rejected.push(entry);
        else
            items.add(item);
    }
    if (rejected.length === 0)
        return right([...items]);
    const texts = rejected.map((entry) => entry.text);
    return wrong(rejected.map(({ label, text }) => `${label}: ${text === '' ? '(empty)' : text}`), expected(texts));
}
/** JSON can be made JSON so many times over and still be read. */
const MOST_WRAPPINGS = 3;
/**
 * structureIn reads an array or object; undefined if the text is none. Quotes around the whole leak from shells, escaped quotes inside it
 * are those of JSON in a JSON string.
 */
function structureIn(text) {
    const bare = text.replace(/^[\\"'`\s]+(?=[[{])/, '').replace(/(?<=[\]}])[\\"'`\s]+$/, '');
    if (!/^["[{]/.test(bare))
        return undefined;
    for (const candidate of [text, bare, jsonOf(`"${bare}"`), bare.replaceAll('\\"', '"')]) {
        let value = candidate;
        for (let depth = 0; depth <= MOST_WRAPPINGS && typeof value === 'string'; depth++)
            value = jsonOf(value);
        if (typeof value === 'object' && value !== null)
            return value;
    }
    return undefined;
}
/** fromJson gives the entries of an array or object; `textOf` says which values can be entries, and `expected` what is wrong with others. */
function fromJson(json, textOf, expected) {
    const pairs = Array.isArray(json)
        ? json.map((value) => [null, value])
        : Object.entries(json);
    const entries = [];
    const rejected = [];
    for (const [index, [key, value]] of pairs.entries()) {
        const label = key === null ? `entry ${index + 1}` : `entry ${index + 1} (${key})`;
        const text = textOf(value);
        if (text === null)
            rejected.push(`${label}: ${JSON.stringify(value)}`);
        else
            entries.push({ label, text: text.trim() });
    }
    if (rejected.length === 0)
        return right(entries);
    return wrong(rejected, expected);
}
/** stringOf takes JSON at its word: a number is no ID. */
function stringOf(value) {
    return typeof value === 'string' ? value : null;
}
/** split separates plain entries, and takes away what shells, YAML and JSON leave around them. */
function split(text) {
    const decoded = jsonOf(text);
    if (typeof decoded === 'string' && decoded !== text)
        return split(decoded);
    const bare = text
        .trim()
        .replace(/^[\\"'`]+(?=\s*\[)/, '')
        .replace(/(?<=\]\s*)[\\"'`]+$/, '')
        .trim();
    const list = bare.startsWith('[') && bare.endsWith(']') ? bare.slice(1, -1) : bare;
    return list
        .replace(/^\s*[-*](?=\s)/gm, '')
        .split(/[\s,;]+/)
        .map((entry) => entry.replace(/^[\\"'`]+|[\\"'`]+$/g, ''))
        .filter((entry) => entry !== '')
        .map((entry, index) => ({ label: `entry ${index + 1}`, text: entry }));
}

;// CONCATENATED MODULE: ./build/inputs/families.js
const SECRET_PARTS = new Set([
    'token',
    'password',
    'access-key',
    'secret-key',
    'security-token',
]);
const OPTIONAL_PARTS = new Set(['security-token', 'audience']);
function isSecretPart(part) {
    return SECRET_PARTS.has(part);
}
function isOptionalPart(part) {
    return OPTIONAL_PARTS.has(part);
}
/** TITLES are the methods' names for people. */
const TITLES = {
    token: 'token',
    password: 'password',
    aksk: 'AK/SK',
    oidc: 'OIDC',
};
/** INPUT_FAMILIES: the parts are inputs of the same name. */
const INPUT_FAMILIES = [
    { method: 'token', parts: [['token']] },
    { method: 'password', parts: [['username'], ['password'], ['domain']] },
    { method: 'aksk', parts: [['access-key'], ['secret-key'], ['security-token']] },
    { method: 'oidc', parts: [['identity-provider'], ['audience']] },
];
/** VARIABLE_FAMILIES: read where no input names a method. */
const VARIABLE_FAMILIES = [
    { method: 'token', parts: [['token', 'OS_TOKEN', 'OS_AUTH_TOKEN']] },
    {
        method: 'password',
        parts: [
            ['username', 'OS_USERNAME'],
            ['password', 'OS_PASSWORD'],
            ['domain', 'OS_USER_DOMAIN_NAME', 'OS_DOMAIN_NAME'],
        ],
    },
    {
        method: 'aksk',
        parts: [
            ['access-key', 'OS_ACCESS_KEY'],
            ['secret-key', 'OS_SECRET_KEY'],
            ['security-token', 'OS_SECURITY_TOKEN'],
        ],
    },
    {
        method: 'aksk',
        parts: [
            ['access-key', 'HW_ACCESS_KEY'],
            ['secret-key', 'HW_SECRET_KEY'],
            ['security-token', 'HW_SECURITY_TOKEN'],
        ],
    },
    {
        method: 'aksk',
        parts: [
            ['access-key', 'HUAWEI_CLOUD_ACCESS_KEY_ID'],
            ['secret-key', 'HUAWEI_CLOUD_SECRET_ACCESS_KEY'],
        ],
    },
];

;// CONCATENATED MODULE: ./build/inputs/login.js


/** readLogin finds the one method, or notes what stands in its way. */
function readLogin(reader) {
    const inputs = login_collect(reader, INPUT_FAMILIES, 'inputs');
    if (inputs.length > 0)
        return choose(reader, inputs, 'inputs');
    const variables = login_collect(reader, VARIABLE_FAMILIES, 'environment');
    // OS_DOMAIN_NAME and its kin accompany every method in the wild, so by themselves they name none.
    const naming = variables.filter(({ plain, secret }) => plain.has('username') || secret.size > 0);
    if (variables.length > 0)
        return choose(reader, naming.length > 0 ? naming : variables, 'environment');
    const cloud = reader.variable('OS_CLOUD') === null
        ? ''
        : ' `OS_CLOUD` is set, but `clouds.yaml` is not read: hand over what it holds as inputs.';
    reader.mistake('identity-provider, token, username, access-key', null, NO_METHOD + cloud);
    return { credentials: null, method: null, from: 'inputs' };
}
const NO_METHOD = 'No credentials are given. Give `identity-provider` (keyless), `token`, `username` with `password` and `domain`, or `access-key` with `secret-key`. ' +
    'A secret that does not exist, or that a pull request from a fork may not read, arrives empty.';
/** The families of which anything is set. */
function login_collect(reader, families, from) {
    return families.map((family) => look(reader, family, from)).filter(({ names }) => names.length > 0);
}
function look(reader, { method, parts }, from) {
    const plain = new Map();
    const secret = new Map();
    const names = [];
    const missing = [];
    for (const [part, ...variables] of parts) {
        const candidates = from === 'inputs' ? [part] : variables;
        const set = isSecretPart(part)
            ? note(secret, part, present(candidates, (name) => (from === 'inputs' ? reader.secret(part) : reader.secretVariable(name))))
            : note(plain, part, present(candidates, (name) => (from === 'inputs' ? reader.given(part) : reader.variable(name))));
        names.push(...set);
        if (set.length === 0 && !isOptionalPart(part))
            missing.push(candidates[0] ?? part);
    }
    refuseContradiction(reader, secret.get('token'), names);
    return { method, plain, secret, names, missing };
}
function present(names, read) {
    return names.flatMap((name) => {
        const value = read(name);
        return value === null ? [] : [{ name, value }];
    });
}
/** Keeps the preferred value, and gives the names of all. */
function note(values, part, found) {
    const [first] = found;
    if (first !== undefined)
        values.set(part, first);
    return found.map(({ name }) => name);
}
/** Only a token can be set under two names; a stale one beside a fresh one would be hard to diagnose at run time. */
function refuseContradiction(reader, token, names) {
    const other = names.find((name) => name !== token?.name);
    if (token === undefined || other === undefined || reader.secretVariable(other)?.reveal() === token.value.reveal())
        return;
    reader.mistake(`${token.name}, ${other}`, null, 'Both are names for the same token, but they differ: keep one of them.');
}
function choose(reader, offers, from) {
    const [offer, ...others] = offers;
    if (offer === undefined || others.length > 0) {
        reader.mistake(offers.flatMap(({ names }) => names).join(', '), null, severalMethods(offers, from));
        return { credentials: null, method: null, from };
    }
    if (offer.missing.length > 0) {
        reader.mistake(offer.names.join(', '), null, halfMethod(reader, offer, from));
        return { credentials: null, method: offer.method, from };
    }
    return { credentials: build(reader, offer), method: offer.method, from };
}
function severalMethods(offers, from) {
    const each = offers.map(({ method, names, missing }) => {
        const lack = missing.length === 0 ? '' : `, without ${listed(missing, 'and')}`;
        return `${listed(names, 'and')} (method ${TITLES[method]}${lack})`;
    });
    const cure = from === 'inputs'
        ? 'Give the inputs of one method only.'
        : 'Keep the variables of one method and one family (`OS_`, `HW_` or `HUAWEI_CLOUD_`), or give the credentials as inputs, which win.';
    return `These do not belong together: ${each.join('; ')}. ${cure}`;
}
function halfMethod(reader, { method, names, missing }, from) {
    const half = `Method ${TITLES[method]} is incomplete: ${listed(names, 'and')} without ${listed(missing, 'and')}.`;
    if (from === 'environment')
        return `${half} Set what is missing, or give all credentials as inputs, which win.`;
    const set = VARIABLE_FAMILIES.flatMap(({ parts }) => parts.flatMap(([, ...variables]) => variables)).filter((name) => reader.variable(name) !== null);
    const note = set.length === 0 ? '' : ` Inputs are not completed from the environment, so ${listed(set, 'and')} did not count.`;
    return `${half} Give what is missing; a secret that does not exist, or that a pull request from a fork may not read, arrives empty.${note}`;
}
function build(reader, { method, plain, secret }) {
    const header = (part) => sendable(reader, secret.get(part));
    switch (method) {
        case 'token': {
            const token = header('token');
            return token === null ? null : { method, token };
        }
        case 'password': {
            const [username, password, domain] = [plain.get('username'), secret.get('password'), plain.get('domain')];
            if (username === undefined || password === undefined || domain === undefined)
                return null;
            return { method, username: username.value, password: password.value, domain: domain.value };
        }
        case 'aksk': {
            const [accessKey, secretKey, securityToken] = [
                header('access-key'),
                header('secret-key'),
                header('security-token'),
            ];
            return accessKey === null || secretKey === null ? null : { method, accessKey, secretKey, securityToken };
        }
        case 'oidc':
            return buildOidc(reader, plain.get('identity-provider')?.value ?? '', plain.get('audience')?.value ?? null);
    }
}
/** A token or key that cannot stand in a header was damaged on its way here, and IAM would only say "refused". */
function sendable(reader, given) {
    if (given === undefined)
        return null;
    if (/^[\x21-\x7e]+$/.test(given.value.reveal()))
        return given.value;
    reader.mistake(given.name, null, 'Expected printable ASCII characters without white space: was it cut, wrapped or joined with something else?');
    return null;
}
const NO_ID_TOKEN = `The job may not ask GitHub for an ID token. Add to the job, and to the job that calls it where this is a reusable workflow:
permissions:
  id-token: write
  contents: read
Runs for pull requests from forks get no ID token, whatever the permissions say.`;
function buildOidc(reader, provider, givenAudience) {
    const requestUrl = reader.variable('ACTIONS_ID_TOKEN_REQUEST_URL');
    const requestToken = reader.secretVariable('ACTIONS_ID_TOKEN_REQUEST_TOKEN');
    const identityProvider = reader.parseAs('identity-provider', provider, parseIdentityProvider);
    const audience = givenAudience === null ? null : reader.parseAs('audience', givenAudience, lineOf(255));
    if (requestUrl === null || requestToken === null) {
        reader.mistake('identity-provider', provider, NO_ID_TOKEN);
        return null;
    }
    return identityProvider === null ? null : { method: 'oidc', identityProvider, audience, requestUrl, requestToken };
}

;// CONCATENATED MODULE: ./build/inputs/url.js
/**
 * Base URLs of services. Credentials travel there, so nothing is forgiven that could send them elsewhere.
 */


/** parseImsEndpoint reads the base URL of the image service: scheme and host, no path. Gives it without a trailing slash. */
function parseImsEndpoint(text) {
    return parseBase(text, /^\/$/, 'https://ims.eu-de.otc.t-systems.com');
}
/** parseAuthUrl reads the base URL of IAM, with or without `/v3`. Gives it without `/v3` and without a trailing slash. */
function parseAuthUrl(text) {
    return parseBase(text, /^\/(v3\/?)?$/, 'https://iam.eu-de.otc.t-systems.com/v3');
}
function parseBase(text, path, example) {
    const shown = withoutCredentials(text);
    const expected = `Expected a base URL such as \`${example}\``;
    const url = /\s/.test(text) ? null : urlOf(text);
    if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
        const bare = !text.includes('//') && urlOf(`https://${text}`) !== null && /^[\w.:/-]+$/.test(text);
        return wrong(shown, bare ? `${expected}: write \`https://${text}\`.` : `${expected}.`);
    }
    if (url.username !== '' || url.password !== '' || text.includes('@')) {
        return wrong(shown, `${expected}, without a user name or password in it.`);
    }
    if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
        return wrong(shown, `${expected}: credentials go over \`https\` only, so write \`https://${url.host}\`. Plain \`http\` is for loopback.`);
    }
    if (/[?#]/.test(text))
        return wrong(shown, `${expected}, without a query or fragment: write \`${url.origin}\`.`);
    if (!path.test(url.pathname))
        return wrong(shown, `${expected}, without any other path: write \`${url.origin}\`.`);
    return right(url.origin);
}
/** A URL with a password in it must not reach a log, and a query may hold a token. */
function withoutCredentials(text) {
    return text.replace(/^([a-z][a-z\d+.-]*:\/\/)?[\s\S]*@/i, '$1***@').replace(/[?#][\s\S]*$/, '?…');
}

;// CONCATENATED MODULE: ./build/inputs/place.js
/**
 * Where to work: the member projects, and how their region and endpoints are found.
 */





/** Where several variables are set, the first one counts: OpenStack's before Huawei's, an ID before a name. */
const PROJECT_VARIABLES = [
    'OS_PROJECT_ID',
    'OS_PROJECT_NAME',
    'HW_PROJECT_ID',
    'HW_PROJECT_NAME',
    'HUAWEI_CLOUD_PROJECT_ID',
];
const REGION_VARIABLES = ['OS_REGION_NAME', 'HW_REGION_NAME', 'HUAWEI_CLOUD_REGION'];
/** A variable with an ID says nothing of the region, but the name that the same tool gave beside it does. */
const NAME_BESIDE = new Map([
    ['OS_PROJECT_ID', 'OS_PROJECT_NAME'],
    ['HW_PROJECT_ID', 'HW_PROJECT_NAME'],
]);
/** readPlace reads projects, region and endpoints, and makes sure that every project's endpoints can be found. */
function readPlace(reader, login, agency) {
    const variable = reader.given('project') === null && mayComeFromEnvironment(login, agency)
        ? reader.firstVariable(PROJECT_VARIABLES)
        : null;
    const projects = readProjects(reader, variable, login, agency);
    const before = reader.count;
    const given = reader.parse('region', lineOf(64));
    const imsEndpoint = reader.parse('ims-endpoint', parseImsEndpoint);
    const authUrl = readAuthUrl(reader, given);
    const choice = given === null ? regionElse(reader, projects ?? [], variable) : { name: 'region', text: given };
    const place = { projects, region: choice?.text ?? null, imsEndpoint, authUrl };
    // Where one of them is wrong, nothing sensible can be said about how they go together.
    if (reader.count === before)
        checkEndpoints(reader, place, projects, choice, login.method === 'aksk' && !agency.wanted);
    return place;
}
/** A token that is an input brings its own project, so a project that happens to be in the environment is not meant. */
function mayComeFromEnvironment({ method, from }, agency) {
    return method !== 'token' || from === 'environment' || agency.wanted;
}
function readProjects(reader, variable, { method }, agency) {
    const given = reader.given('project');
    if (given === null && variable !== null) {
        const project = reader.parseAs(variable.name, variable.text, parseProject);
        return project === null ? null : [project];
    }
    if (given === null) {
        if (method === 'token' && !agency.wanted)
            return [];
        const why = agency.wanted
            ? 'With an agency it is a project of the account that created the agency.'
            : 'Only with `token` can it be left out.';
        reader.mistake('project', null, `Give the ID or name of the member project, which accepts or rejects the images. ${why}`);
        return null;
    }
    const projects = reader.parse('project', parseProjects);
    // With an agency the token only proves who is asking, and a token of the agency is obtained for each project.
    if (projects !== null && projects.length > 1 && method === 'token' && !agency.wanted) {
        reader.mistake('project', projects, 'Expected one project: a token belongs to a single one. Use another method, or a step for each project.');
    }
    return projects;
}
function parseProject(text) {
    return projectOf(text) === null
        ? wrong(text, 'Expected the ID or name of a project: letters, digits, `_` and `-`, at most 64.')
        : right(text);
}
/** An address in the environment that belongs to another known region than the input says is not meant: inputs win. */
function readAuthUrl(reader, region) {
    if (reader.given('auth-url') !== null)
        return reader.parse('auth-url', parseAuthUrl);
    const text = reader.variable('OS_AUTH_URL');
    if (text === null)
        return null;
    const itsRegion = regionOfAuthUrl(text);
    if (region !== null && region in REGIONS && itsRegion !== null && itsRegion !== region)
        return null;
    return reader.parseAs('OS_AUTH_URL', text, parseAuthUrl);
}
/** The region where no input gives one: null where each project's own name says it, or nothing does. */
function regionElse(reader, projects, variable) {
    const named = projects.map(regionOf);
    if (projects.length > 0 && named.every((region) => region !== null))
        return null;
    const beside = NAME_BESIDE.get(variable?.name ?? '');
    const besideRegion = beside === undefined ? null : regionOf(reader.variable(beside) ?? '');
    const choice = besideRegion === null || beside === undefined
        ? reader.firstVariable(REGION_VARIABLES)
        : { name: beside, text: besideRegion };
    const other = named.find((region) => region !== null && region !== choice?.text);
    if (choice !== null && other !== undefined) {
        reader.mistake('project', projects, `The names say \`${other}\`, but \`${choice.name}\` says \`${choice.text}\` for the projects given by ID. Give all of them by name, or a run for each region.`);
    }
    return choice;
}
function checkEndpoints(reader, place, projects, choice, withoutToken) {
    const { imsEndpoint, authUrl } = place;
    if (imsEndpoint !== null && authUrl !== null)
        return;
    if (choice !== null) {
        if (!(choice.text in REGIONS))
            reader.mistake(choice.name, choice.text, `This region is not known. ${eitherOr()}`);
        return;
    }
    // What is wrong with the projects may be all that is wrong.
    if (projects === null)
        return;
    const unnamed = projects.filter((project) => regionOf(project) === null);
    if (projects.length > 0 && unnamed.length === 0)
        return;
    // The catalog of a token that IAM issued names the image service; keys bring no token.
    if (authUrl !== null && (regionOfAuthUrl(authUrl) !== null || !withoutToken))
        return;
    const whose = unnamed.length === 0 ? "the token's project" : listed(unnamed, 'and');
    reader.mistake('region', null, `Nothing tells the region of ${whose}. ${eitherOr()}`);
}
function eitherOr() {
    return `Give \`region\`, one of ${Object.keys(REGIONS).sort().join(', ')}; or, for any other cloud, both \`ims-endpoint\` and \`auth-url\`.`;
}

;// CONCATENATED MODULE: ./build/inputs/proxy.js

/** The first Node whose HTTP client takes a proxy from the environment (Node.js documentation, `http.Agent`, `proxyEnv`). */
const FIRST_NODE = [24, 5];
/** readProxies gives the proxies in the one spelling that Node understands. A bare `host:port` is an HTTP proxy, as it is for the runner. */
function readProxies(env) {
    const url = (...names) => {
        const text = firstOf(env, names)?.text;
        return text === undefined || text.includes('://') ? text : `http://${text}`;
    };
    return {
        HTTPS_PROXY: url('https_proxy', 'HTTPS_PROXY'),
        HTTP_PROXY: url('http_proxy', 'HTTP_PROXY'),
        NO_PROXY: firstOf(env, ['no_proxy', 'NO_PROXY'])?.text,
    };
}
/** checkProxies notes what would make Node go past the proxy. Addresses are not quoted, because they may hold a password. */
function checkProxies(reader, env, nodeVersion) {
    const proxies = readProxies(env);
    const given = [
        { name: firstOf(env, ['https_proxy', 'HTTPS_PROXY'])?.name, url: proxies.HTTPS_PROXY },
        { name: firstOf(env, ['http_proxy', 'HTTP_PROXY'])?.name, url: proxies.HTTP_PROXY },
    ].flatMap(({ name, url }) => (name === undefined || url === undefined ? [] : [{ name, url }]));
    for (const { name, url } of given) {
        if (isProxy(url))
            hidePassword(reader, new URL(url));
        else
            reader.mistake(name, null, 'Expected the address of a proxy, such as `http://proxy.example:3128` or `http://user:password@proxy.example:3128` with special characters percent-encoded.');
    }
    if (given.length > 0 && isOlder(nodeVersion)) {
        reader.mistake(given.map(({ name }) => name).join(', '), null, `A proxy is set, but this runner's Node ${nodeVersion} would go past it: the action needs Node ${FIRST_NODE.join('.')} or later. Update the runner.`);
    }
}
function firstOf(env, names) {
    for (const name of names) {
        const text = env[name]?.trim();
        if (text !== undefined && text !== '')
            return { name, text };
    }
    return null;
}
function isProxy(text) {
    const url = urlOf(text);
    if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
        return false;
    try {
        decodeURIComponent(url.username + url.password);
        return true;
    }
    catch {
        return false;
    }
}
/** A proxy may echo what it was sent: the password, or user and password together in Base64, a spelling that is hidden with them. */
function hidePassword(reader, { username, password }) {
    if (password === '')
        return;
    reader.hide(decodeURIComponent(password));
    reader.hide(decodeURIComponent(`${username}:${password}`));
}
function isOlder(version) {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    return major < FIRST_NODE[0] || (major === FIRST_NODE[0] && minor < FIRST_NODE[1]);
}

;// CONCATENATED MODULE: external "node:path"
const external_node_path_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");
;// CONCATENATED MODULE: ./build/inputs/files.js
/**
 * The few questions about files that inputs raise.
 */


/** find tells what is at a path, through links. Throws where the system does not let us look. */
function find(path) {
    const stat = (0,external_node_fs_.statSync)(path, { throwIfNoEntry: false });
    if (stat === undefined)
        return { type: 'none', size: 0 };
    return { type: stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other', size: stat.size };
}
/** isInside tells whether a path lies in a folder, as the two are written: links are for the caller to resolve. */
function isInside(folder, path) {
    const way = (0,external_node_path_namespaceObject.relative)((0,external_node_path_namespaceObject.resolve)(folder), (0,external_node_path_namespaceObject.resolve)(path));
    return way !== '..' && !way.startsWith(`..${external_node_path_namespaceObject.sep}`) && !(0,external_node_path_namespaceObject.isAbsolute)(way);
}
/** realPath resolves all links. Throws where there is nothing. */
function realPath(path) {
    return (0,external_node_fs_.realpathSync)(path);
}
/** canCreateIn tells whether a file could be written into a folder, which may still have to be made. */
function canCreateIn(folder) {
    try {
        const { type } = find(folder);
        if (type === 'none')
            return (0,external_node_path_namespaceObject.dirname)(folder) !== folder && canCreateIn((0,external_node_path_namespaceObject.dirname)(folder));
        (0,external_node_fs_.accessSync)(folder, external_node_fs_.constants.W_OK);
        return type === 'folder';
    }
    catch {
        return false;
    }
}
/** codeOf gives the system's word for an error, such as `EACCES`. */
function codeOf(error) {
    return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
}

;// CONCATENATED MODULE: ./build/inputs/reporting.js
/**
 * What and where to report. Read even where everything else is wrong, because that has to be reported too.
 */




/** GitHub keeps no longer name of a status. */
const LONGEST_CONTEXT = 255;
/** readReporting gives what is right of the reporting inputs; what is wrong is noted, and counts as its default. */
function readReporting(reader, workspace) {
    const summary = reader.parse('summary', parseBoolean) ?? true;
    const resultsFile = reader.parse('results-file', (path) => parseTarget(path, workspace));
    const context = reader.parse('commit-status', lineOf(LONGEST_CONTEXT));
    return { summary, resultsFile, commitStatus: context === null ? null : withToken(reader, context) };
}
function withToken(reader, context) {
    const token = reader.secret('github-token');
    if (token === null) {
        reader.mistake('github-token', null, "A commit status needs a token: leave the input out, so that the job's own one is taken, or give one that may write statuses.");
        return null;
    }
    if (!/^[\x21-\x7e]+$/.test(token.reveal())) {
        reader.mistake('github-token', null, 'Expected a token in one line, without blanks in it.');
        return null;
    }
    return { context, token };
}
/** Nothing is created yet, but a run must not change members and then find that it cannot write its receipt. */
function parseTarget(path, workspace) {
    const full = (0,external_node_path_namespaceObject.resolve)(workspace, path);
    if (full.includes('\0') || /[\\/]$/.test(path))
        return wrong(path, 'Expected the path of a file, relative to the workspace.');
    try {
        const { type } = find(full);
        if (type !== 'file' && type !== 'none')
            return wrong(path, 'Expected the path of a file; there is something else at this path.');
    }
    catch (error) {
        return wrong(path, `Expected the path of a file that can be written; this one cannot be reached (${codeOf(error)}).`);
    }
    if (canCreateIn((0,external_node_path_namespaceObject.dirname)(full)))
        return right(full);
    return wrong(path, 'Expected the path of a file in a folder that can be written to, or that can be made.');
}

;// CONCATENATED MODULE: ./build/inputs/image-list.js
/**
 * The input `images`: image IDs as a list, or as what the tools upstream write.
 */




const EXPECTED = 'Expected image IDs, which are UUIDs such as `d164b5df-1bc3-4c3f-893e-3e471fd16e64`.';
const image_list_STRINGS = 'Expected strings only, or an array of objects with an image ID under `id` or `ID`. For one Terraform output use `terraform output -json NAME`.';
/**
 * parseImages reads image IDs: unique, in lower case, in the order given. Besides a list they may come as a JSON object whose values
 * are IDs (a Terraform map), or as a JSON array of objects with an ID (the OpenStack client). An empty array or object gives an empty list.
 */
function parseImages(text) {
    const json = structureIn(text);
    if (json === undefined && /^[\\"'`\s]*\{/.test(text)) {
        return wrong(text, `${EXPECTED} A JSON object whose values are image IDs is understood too, but this is none.${imagesHint(text, [])}`);
    }
    const entries = json === undefined ? right(split(text)) : fromJson(json, Array.isArray(json) ? itemOf : stringOf, image_list_STRINGS);
    if (!entries.ok) {
        return wrong(entries.wrong.given, `${entries.wrong.expected}${imagesHint(text, [])}`);
    }
    return itemsOf(entries.value, uuidOf, (texts) => `${EXPECTED}${emptyHint(texts)}${imagesHint(text, texts)}`);
}
/** An item of an array: an ID, or an object that holds one under `id` or `ID`. */
function itemOf(value) {
    if (typeof value !== 'object' || value === null)
        return stringOf(value);
    return stringOf(Reflect.get(value, 'id') ?? Reflect.get(value, 'ID'));
}
/** MASKED says why the output of another job may arrive empty. */
const MASKED = 'The runner drops a job output that contains a masked value ("Skip output … since it may contain secret"): keep project and owner IDs in variables (`vars`), not in secrets.';
function emptyHint(texts) {
    return texts.includes('') ? ` An entry is empty: the step upstream may have produced no image. ${MASKED}` : '';
}

;// CONCATENATED MODULE: ./build/inputs/manifest-file.js
/**
 * The files of the input `manifest`: from a path to JSON. The file has to be in the workspace, also after all links are followed:
 * elsewhere on the runner are things that a workflow must not read by accident.
 */





/** A manifest of this size would hold some ten thousand builds. */
const LARGEST = 10 * 1024 * 1024;
const WHAT = "Expected the file that Packer's post-processor `manifest` wrote";
/** readManifestFile reads the JSON of the manifest at `path`, relative to `workspace`. */
function readManifestFile(path, workspace) {
    const bytes = load(path, workspace);
    if (!bytes.ok)
        return bytes;
    const text = decode(bytes.value);
    if (text.trim() === '')
        return wrong(path, 'The manifest is empty: the build may have ended early.');
    const json = jsonOf(text);
    if (json === undefined)
        return wrong(path, `The file is not valid JSON.${contentHint(text)} ${WHAT}.`);
    return right({
        path,
        sha256: process.getBuiltinModule('node:crypto').createHash('sha256').update(bytes.value).digest('hex'),
        json,
    });
}
function load(path, workspace) {
    const outside = wrong(path, `The manifest has to be in the workspace, ${workspace}: give a path relative to it, and no link that leaves it.${pathHint(path, workspace)}`);
    const full = (0,external_node_path_namespaceObject.resolve)(workspace, path);
    if (full.includes('\0'))
        return wrong(path, `${WHAT}, given by its path.`);
    if (!isInside(workspace, full))
        return outside;
    try {
        const { type, size } = find(full);
        if (type === 'none')
            return wrong(path, `There is no such file in the workspace, ${workspace}.${missingHint(path, workspace)}`);
        if (!isInside(realPath(workspace), realPath(full)))
            return outside;
        if (type === 'folder')
            return wrong(path, `This is a folder, not a file.${folderHint(path, full)} ${WHAT}.`);
        if (type !== 'file')
            return wrong(path, `This is not a file. ${WHAT}.`);
        if (size > LARGEST)
            return wrong(path, `The file is too large (${size} bytes, at most ${LARGEST}). ${WHAT}.`);
        return right((0,external_node_fs_.readFileSync)(full));
    }
    catch (error) {
        return wrong(path, `The file cannot be read (${codeOf(error)}).${pathHint(path, workspace)} ${WHAT}.`);
    }
}
/** Windows PowerShell writes UTF-16 with `>`. JSON begins with an ASCII character, so the place of the zero bytes tells the order. */
function decode(bytes) {
    const [first, second] = bytes;
    const little = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
    const big = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
    if (!little && !big)
        return bytes.toString('utf8').replace(/^\uFEFF/, '');
    return new TextDecoder(little ? 'utf-16le' : 'utf-16be').decode(bytes);
}
/** What the file is instead; the first that fits counts. */
const CONTENTS = [
    [/^PK/, 'It is a zip archive: unpack it, or fetch it with `actions/download-artifact`.'],
    ['\u001f\ufffd', 'It is a compressed file: unpack it.'],
    [/^version https:\/\/git-lfs/, 'It is a pointer of Git LFS: check out with `lfs: true`.'],
    [/^\s*</, 'It is an HTML or XML page, perhaps of a login.'],
    [/^\s*(==>|-->|\d{10},)/, "It is Packer's log."],
    [/\}\s*\{/, 'It holds several JSON texts in a row: give each manifest as a file, one path a line.'],
    [/^(<{7}|={7}|>{7})( |$)/m, 'It holds the marks of a merge conflict.'],
    ['\0', 'It holds zero bytes: write it as UTF-8.'],
    [/^\s*[[{][\s\S]*[^\]}\s]\s*$/, 'It looks cut off: the build may have ended early.'],
];
function contentHint(text) {
    const found = CONTENTS.find(([sign]) => (typeof sign === 'string' ? text.includes(sign) : sign.test(text)));
    return found === undefined ? '' : ` ${found[1]}`;
}
/** What is written where a path should be; the first that fits counts. */
const PATHS = [
    [/^\s*["'`[]|["'`]$/, 'Write the path without quotes and brackets; several paths, one a line.'],
    [/^- /, 'Write the path without the dash of a list; several paths, one a line.'],
    [/^(https?|s3|file):/i, 'A URL is not fetched: download the file first, and give its path.'],
    [/%0[ad]|\.json\\[nr]/i, 'Line breaks stayed escaped: write one path a line.'],
    [/^~/, '`~` is not expanded: write the path relative to the workspace.'],
    [/\$|%\w+%/, 'Variables are not expanded: write the path relative to the workspace.'],
    [/[*?{}[\]]/, 'This is a glob, which is not expanded: write the path of each manifest, one a line.'],
    [/[,;]|\.json\s+\S/i, 'This is a list in one line: write one path a line.'],
];
function pathHint(path, workspace) {
    const found = PATHS.find(([pattern]) => pattern.test(path));
    if (found !== undefined)
        return ` ${found[1]}`;
    if (external_node_path_namespaceObject.sep === '\\' || !path.includes('\\'))
        return '';
    const slashed = path.replace(/^[a-z]:/i, '').replaceAll('\\', '/');
    const there = isInside(workspace, (0,external_node_path_namespaceObject.resolve)(workspace, slashed)) && typeOf((0,external_node_path_namespaceObject.resolve)(workspace, slashed)) === 'file';
    return ` There are backslashes in it, and folders are separated by \`/\` on this runner: write \`${slashed}\`${there ? ', which is there' : ''}.`;
}
function missingHint(path, workspace) {
    const hint = pathHint(path, workspace);
    if (hint !== '')
        return hint;
    const full = (0,external_node_path_namespaceObject.resolve)(workspace, path);
    const folder = (0,external_node_path_namespaceObject.dirname)(full);
    const inOtherCase = namesIn(folder).find((name) => name.toLowerCase() === (0,external_node_path_namespaceObject.basename)(full).toLowerCase());
    if (inOtherCase !== undefined)
        return ` There is \`${inOtherCase}\`: names are case-sensitive.`;
    const why = typeOf(folder) === 'folder' ? '' : ` Its folder is not there either.`;
    return `${why} Did the build run in this job, or was its manifest downloaded as an artifact?`;
}
const MOST_NAMES = 3;
/** `actions/download-artifact` makes a folder of what is taken for the path of the file. */
function folderHint(path, full) {
    const names = namesIn(full)
        .filter((name) => name.endsWith('.json'))
        .sort();
    if (names.length === 0)
        return ' It holds no .json file.';
    const shown = names.slice(0, MOST_NAMES).map((name) => `\`${(0,external_node_path_namespaceObject.join)(path, name)}\``);
    const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
    return names.length === 1
        ? ` It holds ${shown.join()}: write that path.`
        : ` It holds ${shown.join(', ')}${more}: write the paths that are meant, one a line.`;
}
function namesIn(folder) {
    try {
        return (0,external_node_fs_.readdirSync)(folder);
    }
    catch {
        return [];
    }
}
function typeOf(path) {
    try {
        return find(path).type;
    }
    catch {
        return 'none';
    }
}

;// CONCATENATED MODULE: ./build/inputs/manifest-builds.js
/**
 * The builds of one Packer manifest, as far as they are what Packer writes, and how to speak of them.
 */



/** manifestOf finds the builds of the last run in a manifest. */
function manifestOf({ json, path }) {
    const [list, lastRun] = [manifest_builds_property(json, 'builds'), manifest_builds_property(json, 'last_run_uuid')];
    if (Array.isArray(json) && json.some((part) => manifest_builds_property(part, 'builds') !== undefined))
        return wrong(path, 'The file is a list of manifests: give each of them as a file, one path a line.');
    if (!Array.isArray(list) || typeof lastRun !== 'string') {
        const lacking = [
            ...(Array.isArray(list) ? [] : ['builds']),
            ...(typeof lastRun === 'string' ? [] : ['last_run_uuid']),
        ];
        return wrong(path, `The file is JSON, but has no ${listed(lacking, 'and')}. ${WHAT}.`);
    }
    const all = list.map((build, index) => buildOf(build, path, index + 1));
    const last = all.filter(({ run }) => run === lastRun);
    const others = all.filter(({ run }) => run !== lastRun);
    if (last.length > 0)
        return right({ path, last, others, hasRuns: lastRun !== '' });
    const runs = others.some(({ run }) => run === '') ? ' The `packer_run_uuid` of some is empty.' : '';
    return wrong([path, `last_run_uuid: ${lastRun === '' ? '(empty)' : lastRun}`], `None of the ${all.length} builds belongs to the last run: its builds may have failed.${runs} Build again, or give the IDs as \`images\`.`);
}
function buildOf(build, path, position) {
    const built = manifest_builds_property(build, 'build_time');
    const time = typeof built === 'number' || typeof built === 'string' ? Number(built) : Number.NaN;
    return {
        path,
        position,
        name: textIn(build, 'name'),
        type: textIn(build, 'builder_type'),
        run: manifest_builds_property(build, 'packer_run_uuid'),
        // Not more than a Date can hold.
        time: time > 0 && time <= 8.64e12 ? time : null,
        artifact: manifest_builds_property(build, 'artifact_id'),
    };
}
/** isWanted tells whether `manifest-builds` names a build, by its name or its type. */
function isWanted(build, only) {
    return only === null || only.some((name) => isCalled(build, name));
}
function isCalled({ name, type }, wanted) {
    return name === wanted || type === wanted;
}
/** partsOf splits an artifact: builders join several images with commas or semicolons. */
function partsOf(artifact) {
    if (typeof artifact !== 'string')
        return [];
    return artifact
        .split(/[;,]/)
        .map((part) => part.trim())
        .filter((part) => part !== '');
}
/** idOf gives the image ID in one part of an artifact, its region taken away; null if there is none. */
function idOf(part) {
    return uuidOf(part.replace(/^[^:]*:/, '').trim());
}
const MOST_NAMED = 5;
const manifest_builds_LONGEST_NAME = 60;
/** where names a build by its place in the manifest, and by its name and type. */
function where(build) {
    return `build ${build.position} ${title(build)}`.trimEnd();
}
/** title is how Packer calls a build: `"azure-base" (azure-arm)`. */
function title({ name, type }) {
    return [...(name === null ? [] : [quoted(name)]), ...(type === null ? [] : [`(${quoted(type).slice(1, -1)})`])].join(' ');
}
/** quoted shows foreign text, shortened. */
function quoted(text) {
    return JSON.stringify(manifest_builds_shorten(text));
}
function manifest_builds_shorten(text) {
    return text.length > manifest_builds_LONGEST_NAME ? `${text.slice(0, manifest_builds_LONGEST_NAME).toWellFormed()}…` : text;
}
/** some lists a few of many, each once. */
function some(all) {
    const items = [...new Set(all)];
    const more = items.length > MOST_NAMED ? ` and ${items.length - MOST_NAMED} more` : '';
    return `${items.slice(0, MOST_NAMED).join(', ')}${more}`;
}
/** builds counts builds in words. */
function builds(number) {
    return `${number} build${number === 1 ? '' : 's'}`;
}
function textIn(value, name) {
    const text = manifest_builds_property(value, name);
    return typeof text === 'string' && text !== '' ? text : null;
}
function manifest_builds_property(value, name) {
    return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

;// CONCATENATED MODULE: ./build/inputs/manifest-remarks.js
/**
 * What is worth a line about manifests: builds that were left out, and signs that the last run is not the one that is meant.
 */

const HOUR = 3600;
const DAY = 24 * HOUR;
/**
 * remarksOn compares the last run of each manifest with its other runs, and with the present.
 * @param ids the images that were taken from all manifests
 * @param now seconds since the epoch
 */
function remarksOn(manifests, ids, { only, now }) {
    const warnings = [];
    let older = 0;
    let undated = 0;
    for (const manifest of manifests) {
        const left = manifest.others.filter((build) => isWanted(build, only) && !isTaken(build, ids));
        const { newer, unknown } = compare(manifest, left);
        undated += unknown.length;
        older += left.length - newer.length - unknown.length;
        warnings.push(...(newer.length === 0 ? [] : [newerText(manifest, newer)]), ...ageTexts(manifest, now), ...(manifest.hasRuns ? [] : [runsText(manifest)]));
    }
    const unwanted = manifests.flatMap(({ last }) => last).filter((build) => !isWanted(build, only)).length;
    const whose = manifests.length === 1 ? 'the manifest' : 'the manifests';
    const notes = [
        ...(older === 0 ? [] : [`${older} older ${older === 1 ? 'build' : 'builds'} of ${whose} left out`]),
        ...(undated === 0 ? [] : [`${builds(undated)} of other runs, without \`build_time\`, left out of ${whose}`]),
        ...(unwanted === 0 ? [] : [`${builds(unwanted)} of the last run left out, not named in \`manifest-builds\``]),
    ];
    return { notes, warnings };
}
/** An image that another manifest brings is not left out. */
function isTaken({ artifact }, ids) {
    const parts = partsOf(artifact);
    return parts.length > 0 && parts.every((part) => ids.includes(idOf(part) ?? ''));
}
/** A run that came before the last one had ended before the first build of the last one did. */
function compare({ last }, left) {
    const first = Math.min(...timesOf(last));
    const unknown = left.filter(({ time }) => time === null || first === Number.POSITIVE_INFINITY);
    return { unknown, newer: left.filter(({ time }) => time !== null && time >= first) };
}
function timesOf(all) {
    return all.map(({ time }) => time).filter((time) => time !== null);
}
function newerText({ path }, newer) {
    const [are, were, they] = newer.length === 1 ? ['is', 'was', 'it is'] : ['are', 'were', 'they are'];
    return `Manifest ${quoted(path)}: ${builds(newer.length)} of another run ${are} as new as the last run or newer, and ${were} left out: ${some(newer.map(where))}. If ${they} meant too, give the manifest of each run, one path a line.`;
}
function ageTexts({ path, last }, now) {
    const ended = Math.max(...timesOf(last));
    const age = now - ended;
    if (!(age > DAY) || age === Number.POSITIVE_INFINITY)
        return [];
    const ago = age < 2 * DAY ? `${Math.floor(age / HOUR)} hours` : `${Math.floor(age / DAY)} days`;
    const date = new Date(ended * 1000).toISOString().slice(0, 16).replace('T', ' ');
    return [
        `Manifest ${quoted(path)}: its last run ended ${ago} ago (${date} UTC). If Packer has failed since, these are the images of an earlier run.`,
    ];
}
function runsText({ path, last }) {
    return `Manifest ${quoted(path)}: its run UUIDs are empty, so its runs cannot be told apart: all images of ${builds(last.length)} are taken.`;
}

;// CONCATENATED MODULE: ./build/inputs/manifest.js






/** readManifests takes the images of the last run of each manifest; `text` holds their paths, one a line. */
function readManifests(text, options) {
    const paths = new Set(text
        .split(/[\r\n]+/)
        .map((line) => line.trim())
        .filter((line) => line !== ''));
    const files = [...paths].map((path) => readManifestFile(path, options.workspace));
    const manifests = files.map((file) => (file.ok ? manifestOf(file.value) : file));
    const mistakes = manifests.flatMap((manifest) => manifest.ok ? [] : [{ input: 'manifest', ...manifest.wrong }]);
    if (mistakes.length > 0)
        return { mistakes };
    const known = manifests.flatMap((manifest) => (manifest.ok ? [manifest.value] : []));
    const taken = take(known, options.only);
    if (!taken.ok)
        return { mistakes: [{ input: 'manifest-builds', ...taken.wrong }] };
    const ids = idsOf(taken.value, known);
    if (!ids.ok)
        return { mistakes: [{ input: 'manifest', ...ids.wrong }] };
    const sources = files.flatMap((file) => (file.ok ? [{ path: file.value.path, sha256: file.value.sha256 }] : []));
    return {
        images: {
            ids: ids.value,
            sources,
            ...remarksOn(known, ids.value, { only: options.only, now: options.now / 1000 }),
        },
    };
}
/** The builds of the last runs that are wanted, or the wanted names that no such build has. */
function take(manifests, only) {
    const builds = manifests.flatMap(({ last }) => last);
    if (only === null)
        return right(builds);
    const missing = only.filter((name) => !builds.some((build) => isCalled(build, name)));
    if (missing.length === 0)
        return right(builds.filter((build) => isWanted(build, only)));
    const others = manifests.flatMap(({ others }) => others);
    const earlier = missing.filter((name) => others.some((build) => isCalled(build, name)));
    const before = earlier.length === 0 ? '' : ` Only another run has ${listed(earlier, 'and')}: the build may have failed this time.`;
    const there = ` The last run has ${some(builds.map(title))}.`;
    return wrong(missing, `No build of the last run has this name or builder type; it has to match exactly.${before}${there}`);
}
function idsOf(builds, manifests) {
    const read = builds.map((build) => ({ build, parts: partsOf(build.artifact) }));
    const isGood = ({ parts }) => parts.length > 0 && parts.every((part) => idOf(part) !== null);
    const bad = read.filter((one) => !isGood(one));
    if (bad.length === 0)
        return right([...new Set(read.flatMap(({ parts }) => parts.map((part) => idOf(part) ?? '')))]);
    const paths = manifests.length > 1 ? [] : manifests.map(({ path }) => path);
    const shown = bad.map(({ build, parts }) => {
        const strange = parts.filter((part) => idOf(part) === null).join(', ') || absent(build.artifact);
        return `${manifests.length > 1 ? `${build.path}, ` : ''}${where(build)}: ${strange}`;
    });
    const good = read.filter(isGood).map(({ build }) => build.name ?? build.type ?? '');
    return wrong([...paths, ...shown], `${NOT_IMS}${artifactHint(bad.flatMap(({ parts }) => parts))} ${cureFor(good)}`);
}
function absent(artifact) {
    return artifact === undefined ? 'no artifact_id' : JSON.stringify(artifact);
}
const MOST_EXAMPLES = 3;
const NOT_IMS = 'Expected an IMS image ID, a UUID, as `artifact_id` of every build of the last run; several may be joined by `;` or `,`, each perhaps with its region in front.';
function cureFor(good) {
    const names = [...new Set(good)].filter((name) => /^[^\s,;"'`]+$/.test(name));
    const example = names.length === 0 ? '' : `, such as \`manifest-builds: ${names.slice(0, MOST_EXAMPLES).join(', ')}\``;
    return `If other builds are in the manifest on purpose, name those to take in \`manifest-builds\`${example}, or let the post-processor write them with \`only\`.`;
}

;// CONCATENATED MODULE: ./build/inputs/selection.js




const WAYS = ['images', 'manifest', 'match-name'];
/**
 * readSelection reads the one way that is given. Empty means unset, and so does an empty JSON array or object, because that is how a
 * step that produced nothing looks from here.
 */
function readSelection(reader, options) {
    const ifNone = reader.parse('if-none', choice({ fail: 'fail', pass: 'pass' }));
    const minImages = reader.parse('min-images', parsePositive);
    const before = reader.count;
    const images = reader.parse('images', parseImages);
    const isEmpty = images !== null && images.length === 0;
    const ways = WAYS.filter((way) => reader.given(way) !== null && !(way === 'images' && isEmpty));
    if (ways.length !== 1) {
        reader.mistake((ways.length === 0 ? WAYS : ways).join(', '), null, ways.length === 0 ? nothing(isEmpty) : `Expected one of ${listed(ways)}, not several.`);
    }
    const manifest = readManifest(reader, options);
    const glob = ways.includes('match-name') ? readGlob(reader, options) : null;
    if (reader.count > before)
        return NOTHING;
    if (glob !== null) {
        return ifNone === null
            ? NOTHING
            : { ...NOTHING, selection: { by: 'match-name', glob, ifNone, minImages: minImages ?? 0 } };
    }
    const ids = manifest?.ids ?? images ?? [];
    requireEnough(reader, ids.length, minImages);
    const [from, manifests] = manifest === null ? ['images', []] : ['manifest', manifest.sources];
    const { notes, warnings } = manifest ?? NOTHING;
    return { selection: { by: 'ids', from, ids, manifests }, notes, warnings };
}
const NOTHING = { selection: null, notes: [], warnings: [] };
function nothing(isEmpty) {
    const seen = isEmpty ? '`images` is an empty list, so no image is named.' : 'No image is named: all three are empty.';
    return `${seen} Give exactly one of ${listed(WAYS)}. If it was filled from another step or job, that one may have produced nothing: look at its outputs, and whether this job \`needs\` it. ${MASKED}`;
}
function readManifest(reader, { workspace, now }) {
    const before = reader.count;
    const only = reader.parse('manifest-builds', parseBuilds);
    const text = reader.given('manifest');
    if (text === null && reader.given('manifest-builds') !== null) {
        reader.mistake('manifest-builds', reader.given('manifest-builds'), 'It chooses builds of a `manifest`, which is not given.');
    }
    if (text === null || reader.count > before)
        return null;
    const reading = readManifests(text, { workspace, only, now });
    if ('images' in reading)
        return reading.images;
    for (const { input, given, expected } of reading.mistakes)
        reader.mistake(input, given, expected);
    return null;
}
function requireEnough(reader, count, least) {
    if (least === null || count >= least)
        return;
    reader.mistake('min-images', String(least), `Only ${count} ${count === 1 ? 'image is' : 'images are'} given, after duplicates are removed. A builder may have dropped an image that failed: look at the log of the build, or lower \`min-images\`.`);
}
/** A stranger can share an image under any name, so a name alone must never be enough to accept. */
function readGlob(reader, { status, mode }) {
    if (status === 'accepted' && mode !== null && mode !== 'plan' && reader.given('trusted-owners') === null) {
        reader.mistake('trusted-owners', null, 'Give the IDs of the projects that may share images with this one: with `match-name` anyone could share an image of a matching name and have it accepted. `mode: plan` shows all offers without it.');
    }
    return reader.parse('match-name', parseGlob);
}

;// CONCATENATED MODULE: ./build/inputs/timeouts.js

/**
 * readTimeouts reads both. A `share-timeout` that equals its default counts as unset and gives way to `timeout`: the runner hands over
 * the default as if it was given, and so do workflows that pass their own inputs on.
 * @param waits whether the run may wait for shares at all
 */
function readTimeouts(reader, waits) {
    const timeout = reader.parse('timeout', parseDuration(1));
    const shareTimeout = reader.parse('share-timeout', parseDuration(0));
    if (timeout === null || shareTimeout === null)
        return { timeout, shareTimeout };
    const standard = parseDuration(0)(reader.defaultOf('share-timeout'));
    const isGiven = !standard.ok || standard.value !== shareTimeout;
    if (waits && isGiven && shareTimeout > timeout) {
        reader.mistake('share-timeout', reader.given('share-timeout'), `Expected no more than \`timeout\`, which is \`${reader.given('timeout') ?? reader.defaultOf('timeout')}\` for the whole run: raise \`timeout\`, or lower this.`);
    }
    return { timeout, shareTimeout: Math.min(shareTimeout, timeout) };
}

;// CONCATENATED MODULE: ./build/inputs/vaults.js


/**
 * parseVaults reads the vaults of the given projects (as given, in input order; empty for the token's own project; null where they are
 * wrong themselves, so that nothing can be said about lines that name one).
 * With one project both `vault` and `project=vault` are understood; a bare vault may hold `=` itself. With several, every
 * line names its project, by what was given or, where projects are given by name, by ID.
 */
function parseVaults(text, projects) {
    if (projects === null)
        return text.includes('=') ? right({ form: 'none' }) : parseOne(text, []);
    return projects.length > 1 ? parseMany(text, projects) : parseOne(text, projects);
}
function parseOne(text, projects) {
    const pair = pairOf(text);
    if (pair !== null && (vaults_keyOf(pair.project, projects) !== null || isProjectId(pair.project)))
        return parseMany(text, projects);
    const vault = unquote(text);
    if (vault === '' || /\s/.test(vault)) {
        return wrong(text, 'Expected the ID of one vault, without white space in it; lines of `project=vault` are for several projects.');
    }
    return right({ form: 'single', vault });
}
function parseMany(text, projects) {
    const vaults = new Map();
    const rejected = [];
    for (const [index, line] of linesOf(text, projects).entries()) {
        const pair = pairOf(line);
        const key = pair === null ? null : vaults_keyOf(pair.project, projects);
        if (pair === null)
            rejected.push(`line ${index + 1}: ${line} (not \`project=vault\`)`);
        else if (key === null)
            rejected.push(`line ${index + 1}: ${line} (not a project of this run)`);
        else if (vaults.has(key))
            rejected.push(`line ${index + 1}: ${line} (a second vault for this project)`);
        else
            vaults.set(key, pair.vault);
    }
    if (rejected.length > 0) {
        return wrong(rejected, 'Expected one line `project=vault` for each project that is to get a vault, with the project as given in `project`, or its ID.');
    }
    const [only] = vaults;
    const isSingle = vaults.size === 1 && only !== undefined && projects.length === 1 && only[0] === projects[0];
    return right(isSingle ? { form: 'single', vault: only[1] } : { form: 'by-project', vaults });
}
/** The project as it was given, or an ID that may turn out to be the one of a project given by name or of the token's own. */
function vaults_keyOf(written, projects) {
    const given = projects.find((project) => project === written || (isProjectId(project) && project.toLowerCase() === written.toLowerCase()));
    if (given !== undefined)
        return given;
    return isProjectId(written) && (projects.length === 0 || !projects.every(isProjectId)) ? written.toLowerCase() : null;
}
/**
 * Lines are the rule. Commas, semicolons and blanks separate as well where every piece names a project of this run, because
 * then nothing else can be meant; otherwise they are part of the vault's ID, or a mistake.
 */
function linesOf(text, projects) {
    return text
        .split(/[\r\n]+/)
        .map((line) => unquote(line.replace(/[,;\s]+$/, '').trim()))
        .filter((line) => line !== '')
        .flatMap((line) => {
        const pieces = line.split(/[,;\s]+/);
        const allNamed = pieces.every((piece) => vaults_keyOf(pairOf(piece)?.project ?? '', projects) !== null);
        return allNamed ? pieces : [line];
    });
}
/** Splits at the first `=`, blanks around it allowed; null where there is none, or white space is left in either part. */
function pairOf(line) {
    const [, project, vault] = /^([^\s=]+)\s*=\s*(\S+)$/.exec(line.trim()) ?? [];
    return project === undefined || vault === undefined ? null : { project: unquote(project), vault: unquote(vault) };
}
/** Takes one pair of quotes away, as they leak from shells. */
function unquote(text) {
    return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text;
}

;// CONCATENATED MODULE: ./build/inputs/index.js
/**
 * Reading: from the environment to a configuration, or to every mistake at once. Nothing is sent and nothing is written here.
 */












const STATUSES = {
    accepted: 'accepted',
    rejected: 'rejected',
    accept: 'accepted',
    reject: 'rejected',
};
const MODES = { apply: 'apply', plan: 'plan', check: 'check' };
/**
 * readInputs reads all inputs and the variables that may stand in for them. Every secret is hidden in the statement
 * that reads it, also where something else turns out to be wrong. Never throws on what a user can give.
 * @param env the process's environment; relative paths are resolved against its GITHUB_WORKSPACE, or the working directory
 * @param now milliseconds since the epoch
 * @param nodeVersion the version of Node that runs the action
 */
function readInputs(env, secrets, now, nodeVersion = process.versions.node) {
    const reader = new InputReader(env, secrets);
    const workspace = reader.variable('GITHUB_WORKSPACE') ?? process.cwd();
    const login = readLogin(reader);
    const agency = readAgency(reader);
    const place = readPlace(reader, login, agency);
    const status = reader.parse('status', choice(STATUSES));
    const mode = reader.parse('mode', choice(MODES));
    const { selection, notes, warnings } = readSelection(reader, { workspace, status, mode, now });
    const trustedOwners = reader.parse('trusted-owners', (text) => parseOwners(text, (owner) => regionOf(owner) !== null)) ?? [];
    const vaults = reader.parse('vault', (text) => parseVaults(text, place.projects));
    const reporting = readReporting(reader, workspace);
    const needed = {
        selection,
        status,
        mode,
        projects: place.projects,
        credentials: login.credentials,
        ...readTimeouts(reader, mode === 'apply' && status === 'accepted' && reader.given('match-name') === null),
        requestTimeout: reader.parse('request-timeout', parseDuration(1)),
        retries: reader.parse('retries', parseRetries),
        wait: reader.parse('wait', parseBoolean),
    };
    checkProxies(reader, env, nodeVersion);
    const pollInterval = reader.parse('poll-interval', parseDuration(1));
    if (reader.count === 0 && isComplete(needed)) {
        const { region, imsEndpoint, authUrl } = place;
        const rest = { region, imsEndpoint, authUrl, vaults: vaults ?? { form: 'none' }, agency: agency.agency };
        const trace = { method: needed.credentials.method, sources: [], host: null };
        return {
            ok: true,
            config: {
                ...needed,
                ...rest,
                login: trace,
                hints: { login: [], project: '', region: '', certificate: '' },
                requireProof: false,
                trustedOwners,
                pollInterval,
                reporting,
                notes,
                warnings,
            },
        };
    }
    const images = selection?.by === 'ids' ? selection.ids : [];
    return {
        ok: false,
        mistakes: reader.mistakes(),
        known: { status, mode, images, projects: place.projects ?? [], reporting },
    };
}
/** Whatever is null here has left a mistake behind. */
function isComplete(parts) {
    return Object.values(parts).every((part) => part !== null);
}

;// CONCATENATED MODULE: ./build/decide/facts.js
/** factsOf starts the record of an image that nothing is known of yet. */
function factsOf(image, project) {
    return {
        image,
        project,
        evidence: null,
        obstacle: null,
        sent: 'no',
        refusal: null,
        jobId: null,
        requestId: null,
        job: null,
        proof: null,
    };
}

;// CONCATENATED MODULE: ./build/decide/settle.js
/** settle turns the facts of one image into its result. The members' status is believed over every job. */
function settle(facts, progress) {
    const { evidence } = facts;
    const verdict = verdictOf(facts, progress);
    const reason = verdict.reason ?? null;
    return {
        image: facts.image,
        name: evidence?.name ?? null,
        owner: evidence?.owner ?? null,
        project: facts.project,
        previous: evidence?.status ?? null,
        current: verdict.current,
        outcome: verdict.outcome,
        notAttempted: verdict.notAttempted === true,
        verified: verdict.verified,
        jobId: facts.jobId,
        errorCode: reason?.code ?? null,
        cause: reason?.cause ?? null,
        cure: reason === null || reason.cure === '' ? null : reason.cure,
        requestId: reason?.requestId ?? null,
        title: reason?.title ?? null,
        imageStatus: null,
        kind: evidence?.kind ?? { fullEcs: null, encrypted: null },
    };
}
function verdictOf(facts, progress) {
    const { evidence, obstacle, sent } = facts;
    const before = { current: evidence?.status ?? null, verified: evidence?.known === true };
    if (obstacle !== null)
        return { outcome: progress.mode === 'check' ? 'failed' : 'blocked', ...before, reason: obstacle };
    if (evidence?.known === true && evidence.status === progress.status)
        return { outcome: 'unchanged', ...before };
    if (sent === 'no')
        return unsentVerdict(facts, progress, before);
    // Without a job ID nothing was submitted that anybody could follow.
    if (!progress.wait && sent === 'answered' && facts.proof === null)
        return { outcome: 'submitted', current: null, verified: false };
    return sentVerdict(facts, progress);
}
function unsentVerdict(facts, progress, before) {
    if (facts.refusal !== null) {
        const proof = facts.proof;
        if (proof?.state === 'read')
            return {
                ...readVerdict(proof.status, progress),
                reason: proof.status === progress.status ? null : facts.refusal,
            };
        // What was seen before the refusal may be behind the times.
        return { outcome: 'failed', current: before.current, verified: false, reason: facts.refusal };
    }
    if (progress.stopped !== null)
        return {
            outcome: facts.evidence?.known === true ? 'failed' : 'unknown',
            ...before,
            reason: unattempted(progress),
            notAttempted: true,
        };
    if (progress.blocked)
        return { outcome: 'blocked', ...before, reason: unattempted(progress), notAttempted: true };
    return { outcome: progress.mode === 'plan' ? 'planned' : 'failed', ...before };
}
/** An image that was never sent, or whose change was refused, but that has the status now: someone else was faster. */
function readVerdict(status, progress) {
    return { outcome: status === progress.status ? 'unchanged' : 'failed', current: status, verified: true };
}
function sentVerdict({ proof, job, refusal, requestId }, progress) {
    const word = job?.state ?? null;
    const failed = job?.state === 'failure' ? jobFailed(job) : null;
    if (proof?.state === 'read') {
        if (proof.status === progress.status)
            return { outcome: 'updated', current: proof.status, verified: true };
        const reason = refusal ?? failed ?? unproven(proof.status, word, progress, requestId);
        return { outcome: 'failed', current: proof.status, verified: true, reason };
    }
    if (proof?.state === 'forbidden') {
        // The job's word is all there is.
        if (word === 'success')
            return { outcome: 'updated', current: progress.status, verified: false };
        if (failed !== null)
            return { outcome: 'failed', current: null, verified: false, reason: failed };
    }
    const reason = refusal ?? (proof?.state === 'failed' ? proof.problem : (failed ?? unknownEffect(word, progress, requestId)));
    return { outcome: 'unknown', current: null, verified: false, reason };
}
function jobFailed({ message, cure, code, requestId }) {
    return { cause: message ?? 'The job failed and gave no reason.', cure, code, requestId };
}
function unproven(status, word, progress, requestId) {
    const now = status === null ? 'is no longer shared with this project' : `is still ${status}`;
    const said = word === 'success'
        ? 'The job reported success, but the image'
        : word === 'silent'
            ? 'The job did not mention the image, which'
            : 'The image';
    const cure = status === null
        ? 'Ask the owner whether the share was withdrawn or the image deleted.'
        : progress.stopped === null
            ? `Run again; if it stays, give the cloud's support the job ID.`
            : 'The job may still be at work: nothing was cancelled. Run again, or with `mode: check`, to see how it ended.';
    return { cause: `${said} ${now}.`, cure, code: null, requestId };
}
function unknownEffect(word, progress, requestId) {
    const cause = word === 'silent'
        ? 'The job succeeded but did not mention this image, and the members cannot be read.'
        : progress.stopped === 'cancelled'
            ? 'The run was cancelled before the result was known.'
            : 'What became of the change is not known.';
    return { cause, cure: 'Run again: images that have the status already are left alone.', code: null, requestId };
}
function unattempted(progress) {
    const why = progress.stopped === 'timeout'
        ? 'the time was up'
        : progress.stopped === 'cancelled'
            ? 'the run was cancelled'
            : 'the run stopped before any change';
    return { cause: `Not attempted: ${why}.`, cure: '', code: null, requestId: null };
}

;// CONCATENATED MODULE: ./build/inputs/rejection.js
/**
 * The report of a run that ended before it began, because its inputs are wrong.
 */



/** rejectedInputs lists every mistake as a problem of its own; images and projects that could be understood are listed as blocked. */
function rejectedInputs({ mistakes, known }, startedAt, endedAt) {
    const { images, status, mode } = known;
    const projects = known.projects.map((given) => ({
        given,
        id: isProjectId(given) ? given : null,
        name: null,
        region: null,
    }));
    const ids = projects.length === 0 ? [null] : projects.map(({ id }) => id);
    const progress = { status: status ?? 'accepted', mode: 'apply', blocked: true, wait: true, stopped: null };
    return {
        outcome: 'blocked',
        changed: false,
        status,
        mode,
        projects,
        results: ids.flatMap((project) => images.map((image) => settle(factsOf(image, project), progress))),
        leftOut: [],
        jobIds: [],
        requestIds: [],
        problems: mistakes.map(({ input, value, expected }) => ({
            cause: `${input}${value === null ? '' : `: "${value}"`}`,
            cure: expected,
            code: null,
            requestId: null,
            title: mistakes.length === 1 ? 'a mistake in the inputs' : `${mistakes.length} mistakes in the inputs`,
        })),
        trustedOwners: [],
        manifests: [],
        login: null,
        warnings: [],
        notes: [],
        startedAt,
        endedAt,
    };
}

;// CONCATENATED MODULE: ./build/report/wording.js

/** tally counts the results by what they mean for the verdict. */
function tally(results) {
    const updated = results.filter((result) => result.outcome === 'updated').length;
    const unchanged = results.filter((result) => result.outcome === 'unchanged').length;
    const good = updated + unchanged;
    return { total: results.length, updated, unchanged, good, rest: results.length - good };
}
/** hasReason tells whether the report knows what is wrong with this very image; an image that was not attempted has none of its own. */
function hasReason(result) {
    return !result.notAttempted && (result.cause !== null || result.errorCode !== null);
}
/** succeeds tells whether a run with this outcome lets the step pass. */
function succeeds(outcome) {
    return outcome === 'success' || outcome === 'submitted' || outcome === 'planned';
}
/** targetWord is the requested status as a participle; neutral if the run does not know it. */
function targetWord(report) {
    return report.status ?? 'changed';
}
/** projectLabel is the shortest name of a project that a reader knows: its name, what was given, or its ID. */
function projectLabel(project) {
    return project.name ?? (project.given !== '' ? project.given : (project.id ?? ''));
}
/** isUnproven tells whether a run passes although a status was not read back from the service (`require-proof: false`). */
function isUnproven({ outcome, results }) {
    return outcome === 'success' && results.some((result) => hasStatus(result) && !result.verified);
}
/**
 * nounOf says what the results are called. With several projects each image counts once per project, so they are
 * called memberships, as the API does.
 */
function nounOf(report, count = report.results.length) {
    const noun = report.projects.length > 1 ? 'membership' : 'image';
    return count === 1 ? noun : `${noun}s`;
}
/** outcomeText says what became of one image, in a few words. */
function outcomeText(result, report) {
    const word = targetWord(report);
    switch (result.outcome) {
        case 'updated':
            return `${word} by this run`;
        case 'unchanged':
            return report.mode === 'check' ? `is ${word}` : `was ${word} already`;
        case 'failed':
            return report.mode === 'check' ? 'not as required' : `not ${word}`;
        case 'blocked':
            return hasReason(result) ? 'stopped the run' : 'not attempted';
        case 'submitted':
            return 'submitted, not verified';
        case 'planned':
            return `would be ${word}`;
        case 'unknown':
            return `not known to be ${word}`;
    }
}
/** transition is the membership before and after the run, such as `pending → accepted`. */
function transition(result, report) {
    // A status that was read and is none means that there is no membership.
    const none = result.verified && result.current === null ? 'not shared' : 'unknown';
    const before = result.previous ?? none;
    switch (result.outcome) {
        case 'planned':
            return `${before} → ${targetWord(report)}`;
        case 'submitted':
            return `${before} → not yet known`;
        default: {
            const after = result.current ?? none;
            return before === after ? before : `${before} → ${after}`;
        }
    }
}
/** proof names the basis of the status after the run; a dash if there was no change to prove. */
function proof(result) {
    if (result.outcome === 'planned' || result.outcome === 'submitted' || result.outcome === 'blocked') {
        return '–';
    }
    if (result.verified) {
        return 'read back';
    }
    return result.jobId !== null && result.outcome !== 'unknown' ? 'job status only' : '–';
}
/** formatDuration renders milliseconds for people: `0.4 s`, `12 s`, `2 min 5 s`, `1 h 0 min`. */
function formatDuration(milliseconds) {
    const ms = Math.max(0, milliseconds);
    if (ms < 9_950) {
        return `${(ms / 1000).toFixed(1)} s`;
    }
    const seconds = Math.round(ms / 1000);
    if (seconds < 60) {
        return `${seconds} s`;
    }
    const minutes = Math.floor(seconds / 60);
    return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

;// CONCATENATED MODULE: ./build/report/causes.js


/** causesOf lists the problems of the run, then the reasons of its images. A problem that images name as their reason is told with them. */
function causesOf(report) {
    const groups = imageCauses(report.results);
    const told = new Set(groups.map(({ cause }) => cause));
    return [...report.problems.filter(({ cause }) => !told.has(cause)).map(problemCause), ...groups];
}
/** projectsOf names the projects that a cause concerns; empty if the run serves one project, or the cause is not about images. */
function projectsOf({ results }, report) {
    if (report.projects.length < 2)
        return [];
    const concerned = new Set(results.map(({ project }) => project));
    return report.projects.filter(({ id }) => concerned.has(id)).map(projectLabel);
}
/** imagesOf gives each image of a cause once, whatever the number of projects. */
function imagesOf({ results }) {
    return [...new Map(results.map((result) => [result.image, result])).values()];
}
function problemCause({ cause, cure, code, requestId }) {
    return { cause, cure, results: [], references: referencesOf(cause, code, [requestId], []) };
}
/** Images that were not attempted have no reason of their own. */
function imageCauses(results) {
    const concerned = results.filter((result) => !hasStatus(result) && hasReason(result));
    const groups = Map.groupBy(concerned, ({ cause, cure, errorCode }) => JSON.stringify([cause, cure, errorCode]));
    return [...groups.values()].map((group) => {
        const [first] = group;
        const cause = first?.cause ?? 'The service refused the image.';
        const ids = (of) => group.map(of);
        return {
            cause,
            cure: first?.cure ?? '',
            results: group,
            references: referencesOf(cause, first?.errorCode ?? null, ids(({ requestId }) => requestId), ids(({ jobId }) => jobId)),
        };
    });
}
function referencesOf(cause, code, requestIds, jobIds) {
    const distinct = (ids) => [
        ...new Set(ids.filter((id) => id !== null && !cause.includes(id))),
    ];
    return {
        code: code === null || cause.includes(code) ? null : code,
        requestIds: distinct(requestIds),
        jobIds: distinct(jobIds),
    };
}

;// CONCATENATED MODULE: ./build/report/escape.js
/**
 * The only place where text is made safe for a target: log line, workflow command, job summary, commit status.
 *
 * Image names, owners' texts and messages of the service are chosen by strangers. Here they lose the power to act: what
 * cannot be seen is shown as an escape, and what a target would take for structure is taken apart.
 */
/** Longest line in the log, in UTF-16 units. */
const LOG_LINE = 2000;
/** The runner cuts annotations at 4,096 characters without a word, so ours end before. */
const ANNOTATION = 4000;
/** Longest foreign text in one place of the summary. */
const MARKUP = 1000;
/** GitHub's limit for the description of a commit status. */
const STATUS = 140;
/**
 * Everything that is not seen as itself: controls, format characters (bidi overrides, zero-width characters), line and
 * paragraph separators, white space other than the plain blank, lone surrogates, private and unassigned code points,
 * and code points that renderers ignore (variation selectors, fillers).
 */
const UNSEEN = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu;
/** Most lines are plain ASCII, and need no Unicode tables. */
const PLAIN = /^[ -~]*$/;
/**
 * What may be structure in markup: everything but letters, digits, blank, comma, parentheses, hyphen, full stop, the
 * underscore inside a word and the colon before a blank; the full stop of `www.` makes a link. So error codes, project
 * names and sentences stay readable, and can be searched for, in the raw summary. So does `GH-`, which refers to an issue.
 */
const STRUCTURE = /[^A-Za-z0-9 ,().:_-]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?! |$)|(?<=www)\.|(?<=\bgh)-/giu;
/** Longer than any ID. */
const LONG_WORD = /\S{41}/u;
/**
 * Characters by which GitHub turns text into mentions, references, emoji, and links. A possible line break after them
 * parts the text, invisibly and without effect on copying.
 */
const TRIGGERS = new Set(['@', '#', ':', '/', '.', '-']);
/**
 * forLog renders any text as one line, of at most `max` UTF-16 units: line breaks and all that cannot be seen become
 * visible escapes, and the runner's older command form `##[name]`, which it takes anywhere in a line, is broken.
 * Applying it twice changes nothing.
 */
function forLog(text, max = LOG_LINE) {
    return cut(visible(text), max);
}
/**
 * forCommand renders the message of a workflow command. Line breaks are kept, as they are ours: foreign text has passed
 * `forLog` before it is put into the message.
 */
function forCommand(text, max = ANNOTATION) {
    return cut(text.split('\n').map(visible).join('\n'), max);
}
/**
 * forMarkup renders any text for HTML or Markdown: all but letters, digits and inert punctuation becomes a numeric
 * character reference, so no tag, attribute, table cell, link, emphasis, code span, mention, reference or emoji can
 * arise, nor a blank line that would end an HTML block. Words that are longer than any ID may be broken, so that a long
 * name cannot push what follows it out of evidence.
 */
function forMarkup(text, max = MARKUP) {
    return breakable(text, max, inert);
}
/** forCode is `forMarkup` for the content of a `<code>` element, in which GitHub finds no triggers: only long words may be broken. */
function forCode(text, max = MARKUP) {
    return breakable(text, max, (piece) => piece.replace(STRUCTURE, reference));
}
function breakable(text, max, render) {
    const line = cut(visible(text), max);
    if (!LONG_WORD.test(line))
        return render(line);
    const pieces = (word) => word.match(/.{1,40}/gu) ?? [];
    return line
        .split(' ')
        .map((word) => pieces(word).map(render).join('<wbr>'))
        .join(' ');
}
function inert(text) {
    return text.replace(STRUCTURE, (character) => `${reference(character)}${TRIGGERS.has(character) ? '<wbr>' : ''}`);
}
/** forAttribute renders any text as the value of a quoted HTML attribute; what a plain URL is made of stays readable. */
function forAttribute(text) {
    return visible(text).replace(/[^A-Za-z0-9:/._~%?=+-]/gu, reference);
}
/**
 * forStatus renders the description of a commit status: one line, at most 140 characters, none beyond the Basic
 * Multilingual Plane (GitHub refuses a status with one).
 */
function forStatus(text) {
    const line = visible(text).replace(/[\u{10000}-\u{10ffff}]/gu, asEscape);
    return line.length <= STATUS ? line : `${line.slice(0, STATUS - 1)}…`;
}
function visible(text) {
    const line = PLAIN.test(text) ? text : text.replace(UNSEEN, asEscape);
    return line.replaceAll('##[', '##\\u{5b}');
}
function asEscape(character) {
    switch (character) {
        case '\n':
            return '\\n';
        case '\r':
            return '\\r';
        case '\t':
            return '\\t';
        default:
            return `\\u{${Number(character.codePointAt(0)).toString(16)}}`;
    }
}
function reference(character) {
    return `&#${character.codePointAt(0)};`;
}
/** Cuts so that the reader sees it, and sees how much is missing; the result is never longer than `max`. */
function cut(text, max) {
    if (text.length <= max) {
        return text;
    }
    const room = Math.max(0, max - `… (${text.length} more characters)`.length);
    const kept = text.slice(0, room).replace(/[\ud800-\udbff]$/, '');
    return `${kept}… (${text.length - kept.length} more characters)`;
}

;// CONCATENATED MODULE: ./build/report/headline.js


/** headline gives the verdict without an icon and full stop. `show` escapes the project's name for the target. */
function headline(report, show) {
    const count = tally(report.results);
    const place = placeOf(report, show);
    const word = targetWord(report);
    const of = (n) => `${n} of ${count.total} ${nounOf(report, count.total)}`;
    switch (report.outcome) {
        case 'success':
            return successLine(report, count, place);
        case 'partial':
        case 'failure':
            return report.mode === 'check'
                ? `Check failed: ${of(count.rest)} not as required${place}${reasonOf(report)}`
                : `${failure(report, count)}${place}${reasonOf(report)}`;
        case 'blocked':
            return blockedLine(report, place);
        case 'timeout':
            return `${timedOut(report)}: ${count.total === 0 ? 'no image was read' : `${of(count.rest)} not known to be ${word}`}${place}`;
        case 'cancelled':
            return count.total === 0 ? `Cancelled${place}` : `Cancelled: ${of(count.good)} known to be ${word}${place}`;
        case 'submitted':
            return `Submitted, not verified: ${of(count.rest)} to be ${word}${place}`;
        case 'planned':
            return count.rest === 0
                ? `Plan: nothing to change${place}${leftOutOf(report)}`
                : `Plan: ${of(count.rest)} would be ${word}${place}${leftOutOf(report)}`;
    }
}
function successLine(report, count, place) {
    const leftOut = leftOutOf(report);
    if (count.total === 0) {
        return leftOut === '' ? `No image matched: nothing to do${place}` : `Nothing to do${place}${leftOut}`;
    }
    const word = targetWord(report);
    const all = `${count.total} of ${count.total} ${nounOf(report, count.total)}`;
    if (report.mode === 'check')
        return `Check passed: ${all} ${word}${place}${leftOut}`;
    const before = count.updated === 0 && !report.changed ? ' already' : '';
    return `${all} ${word}${before}${place}${isUnproven(report) ? ', not verified' : ''}${leftOut}`;
}
/** What stopped the run: a problem of the run, else what its images have in common. */
function blockedLine(report, place) {
    const title = report.problems.find((problem) => problem.title !== undefined)?.title;
    if (title !== undefined)
        return `Blocked: ${title}`;
    const stoppers = report.results.filter((result) => !hasStatus(result) && hasReason(result));
    if (report.problems.length > 0 || stoppers.length === 0)
        return `Blocked: nothing was changed${place}`;
    const common = commonTitle(stoppers) ?? `cannot be ${targetWord(report)}`;
    return `Blocked: ${stoppers.length} of ${report.results.length} ${nounOf(report)} ${common}${place}`;
}
/** What all failed images have in common: a reason, else an error code; empty if neither. */
function reasonOf(report) {
    const failed = report.results.filter((result) => !hasStatus(result) && hasReason(result));
    const title = commonTitle(failed);
    if (title !== null)
        return `: ${title}`;
    const code = common(failed.map(({ errorCode }) => errorCode));
    return code === null || !/^[\w.]{1,30}$/.test(code) ? '' : ` (${code})`;
}
function commonTitle(results) {
    return common(results.map(({ title }) => title));
}
function common(values) {
    const [first = null] = values;
    return first !== null && values.every((value) => value === first) ? first : null;
}
function failure(report, { total, good, rest }) {
    const word = targetWord(report);
    if (good > 0)
        return `${rest} of ${total} ${nounOf(report, total)} not ${word}`;
    return total === 1 ? `The image is not ${word}` : `None of ${total} ${nounOf(report, total)} ${word}`;
}
function timedOut({ startedAt, endedAt }) {
    return `Timed out after ${formatDuration(endedAt - startedAt)}`;
}
function leftOutOf({ leftOut }) {
    return leftOut.length === 0 ? '' : `, ${leftOut.length} left out`;
}
function placeOf(report, show) {
    const [first] = report.projects;
    if (first === undefined)
        return '';
    if (report.projects.length > 1)
        return ` in ${report.projects.length} projects`;
    const label = projectLabel(first);
    return label === '' ? '' : ` in project ${show(label)}`;
}

;// CONCATENATED MODULE: ./build/report/annotation.js
/**
 * The one error annotation of a run that fails: which images, why, and what to do about it. Pure.
 */





/** Images, projects and IDs named per cause; all are in the summary. */
const NAMED = 3;
const TITLE = 200;
const NAME = 80;
const SENTENCE = 800;
/** toAnnotation renders the annotation, shorter than the 4,096 characters that the runner shows; `null` for a run that passes. */
function toAnnotation(report) {
    if (succeeds(report.outcome))
        return null;
    const parts = causeTexts(report);
    if (parts.length === 0)
        parts.push(fallback(report));
    if (report.jobIds.length > 0 && (report.outcome === 'timeout' || report.outcome === 'cancelled')) {
        parts.push(`The service may still finish: ${annotation_some(report.jobIds.map((id) => `job ${forLog(id, NAME)}`))}.`);
    }
    return {
        title: forLog(headline(report, (label) => label), TITLE),
        message: forCommand((parts.length === 1 ? parts : parts.map((part) => `- ${part}`)).join('\n')),
    };
}
/** causeTexts renders each cause as lines of text: the images and the cause, the cure, then the IDs for the service's support. */
function causeTexts(report) {
    return causesOf(report).map((cause) => [`${subject(cause, report)}${sentence(cause.cause)}`, ...cureLines(cause.cure), ...handles(cause.references)].join('\n'));
}
function subject(cause, report) {
    const images = imagesOf(cause);
    if (images.length === 0)
        return '';
    const projects = projectsOf(cause, report);
    const where = projects.length === 0 ? '' : ` in ${annotation_some(projects.map((label) => forLog(label, NAME)))}`;
    return `${annotation_some(images.map(naming))}${where}: `;
}
function fallback(report) {
    if (!report.changed && (report.outcome === 'timeout' || report.outcome === 'cancelled')) {
        return 'Nothing was changed. Run again: images that have the status already are left alone.';
    }
    const bad = new Map(report.results.filter((result) => !hasStatus(result)).map((result) => [result.image, result]));
    return bad.size === 0
        ? 'See the log of this step.'
        : `${annotation_some([...bad.values()].map(naming))}: see the log of this step.`;
}
function naming(result) {
    const image = forLog(result.image, NAME);
    return result.name === null ? image : `${image} ("${forLog(result.name, NAME)}")`;
}
function sentence(text) {
    return forLog(text, SENTENCE);
}
function cureLines(cure) {
    return cure
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => forLog(line, SENTENCE));
}
/** The service's own handles, which its support asks for. */
function handles({ code, requestIds, jobIds }) {
    const given = [
        ...(code === null ? [] : [forLog(code, NAME)]),
        ...jobIds.slice(0, NAMED).map((id) => `job ${forLog(id, NAME)}`),
        ...requestIds.slice(0, NAMED).map((id) => `request ${forLog(id, NAME)}`),
    ];
    return given.length === 0 ? [] : [`[${given.join(', ')}]`];
}
function annotation_some(items) {
    const more = items.length > NAMED ? ` and ${items.length - NAMED} more` : '';
    return items.slice(0, NAMED).join(', ') + more;
}

;// CONCATENATED MODULE: ./build/report/outputs.js
/**
 * GitHub takes 1 MiB of outputs from a whole job, counted in UTF-16, and fails the job beyond it. This leaves a share for the job's
 * other steps.
 */
const OUTPUT_LIMIT = 1_000_000;
/** Ways to render an entry, least loss first. None leaves out an image. */
const STAGES = [
    (entry) => entry,
    (entry) => outputs_shorten(entry, 300),
    (entry) => outputs_shorten(entry, 80),
    (entry) => outputs_shorten(entry, 20),
    (entry) => withoutNulls(outputs_shorten(entry, 20)),
    ({ image, project, outcome }) => withoutNulls({ image, project, outcome }),
];
/** Lists that are emptied if the shortest entries do not fit, least loss first: `images` is `updated` and `unchanged`. */
const EXPENDABLE = ['images', 'results', 'updated', 'unchanged', 'failed'];
/** toOutputs renders all outputs. Texts are shortened, fields dropped and lists emptied only as far as the limit demands. */
function toOutputs(report) {
    const { updated, unchanged, failed, images } = partition(report.results);
    const entries = toEntries(report.results);
    const values = {
        outcome: report.outcome,
        verified: String(isVerified(report)),
        images: toJson(images),
        changed: String(report.changed),
        'job-id': report.jobIds[0] ?? '',
        'job-ids': toJson(report.jobIds),
        updated: toJson(updated),
        unchanged: toJson(unchanged),
        failed: toJson(failed),
        results: '',
    };
    const room = OUTPUT_LIMIT - sizeOf(values);
    for (const stage of STAGES) {
        values.results = toJson(entries.map(stage));
        if (2 * values.results.length <= room)
            break;
    }
    const emptied = [];
    for (const name of EXPENDABLE) {
        if (sizeOf(values) <= OUTPUT_LIMIT)
            break;
        if (values[name] === '[]')
            continue;
        values[name] = '[]';
        emptied.push(name);
    }
    return { values, emptied };
}
/** sizeOf gives the bytes of outputs as GitHub counts them. */
function sizeOf(values) {
    return 2 * Object.entries(values).reduce((units, [name, value]) => units + name.length + value.length, 0);
}
/** Every entry was read back. A run without entries has read the lists if it did not fail (`if-none: pass`). */
function isVerified({ results, outcome }) {
    return results.length === 0
        ? outcome === 'success' || outcome === 'planned'
        : results.every(({ verified }) => verified);
}
/** toEntries renders the results with the fields of `action.yml`, in the order of the report. */
function toEntries(results) {
    return results.map((result) => ({
        image: result.image,
        name: result.name?.toWellFormed() ?? null,
        owner: result.owner,
        project: result.project,
        previous: result.previous,
        current: result.current,
        outcome: result.outcome,
        verified: result.verified,
        imageStatus: result.imageStatus?.toWellFormed() ?? null,
        jobId: result.jobId,
        errorCode: result.errorCode,
        message: joined(result.cause, result.cure),
    }));
}
/**
 * Sorts the images into three lists that hold each image once, in the order of first mention. An image that lacks the
 * status in one project counts as failed, whatever it has in the others. `images` is the first two lists together.
 */
function partition(results) {
    const outcomes = new Map();
    for (const { image, outcome } of results) {
        const here = outcome === 'updated' || outcome === 'unchanged' ? outcome : 'failed';
        const before = outcomes.get(image);
        if (before === undefined || here === 'failed' || (here === 'updated' && before === 'unchanged')) {
            outcomes.set(image, here);
        }
    }
    const lists = { updated: [], unchanged: [], failed: [], images: [] };
    for (const [image, outcome] of outcomes) {
        lists[outcome].push(image);
        if (outcome !== 'failed')
            lists.images.push(image);
    }
    return lists;
}
function joined(cause, cure) {
    const text = [cause, cure].filter((part) => part !== null && part !== '').join(' ');
    return text === '' ? null : text.toWellFormed();
}
function outputs_shorten(entry, max) {
    const cut = (text) => text === null || text.length <= max ? text : `${text.slice(0, max - 1)}…`.toWellFormed();
    return { ...entry, name: cut(entry.name), message: cut(entry.message) };
}
function withoutNulls(entry) {
    return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null));
}
/**
 * JSON in which the marks of workflow commands are spelt as escapes. Parsing it gives the same values, and a step that merely prints it
 * does not issue a command that an image's name contains.
 */
function toJson(value) {
    return JSON.stringify(value)
        .replaceAll('##[', '##\\u005b')
        .replaceAll('::', ':\\u003a')
        .replace(/[\u007f-\u009f\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

;// CONCATENATED MODULE: ./build/report/receipt.js

/** toReceipt renders the receipt; nothing in it is shortened. */
function toReceipt(report, context) {
    return {
        schemaVersion: 1,
        outcome: report.outcome,
        changed: report.changed,
        status: report.status,
        mode: report.mode,
        projects: report.projects.map(({ given, id, name, region }) => ({ given, id, name, region })),
        results: toEntries(report.results),
        leftOut: report.leftOut.map(({ image, name, owner, project, reason }) => ({
            image,
            name: name?.toWellFormed() ?? null,
            owner,
            project,
            reason,
        })),
        problems: report.problems.map(({ cause, cure, code, requestId }) => ({
            cause: cause.toWellFormed(),
            cure: cure.toWellFormed(),
            code,
            requestId,
        })),
        jobIds: report.jobIds,
        requestIds: report.requestIds,
        runUrl: context.runUrl,
        actor: context.actor,
        commit: context.commit,
        startedAt: new Date(report.startedAt).toISOString(),
        endedAt: new Date(report.endedAt).toISOString(),
    };
}
/**
 * writeReceipt writes the file in one step, so that a reader never finds half of it: into a neighbour first, which then
 * takes its place. Makes missing folders. Throws what the file system throws, leaving no neighbour behind.
 */
function writeReceipt(path, receipt) {
    const { renameSync, rmSync, writeFileSync } = process.getBuiltinModule('node:fs');
    const { basename, dirname, join } = process.getBuiltinModule('node:path');
    const folder = dirname(path);
    const neighbour = join(folder, `.${basename(path)}.${process.pid}.tmp`);
    makeFolder(folder);
    try {
        writeFileSync(neighbour, `${JSON.stringify(receipt, null, 2)}\n`);
        renameSync(neighbour, path);
    }
    catch (error) {
        rmSync(neighbour, { force: true });
        throw error;
    }
}
/** Level by level: Node's own recursive way never ends below /proc, where a folder's parent exists and the folder cannot be made. */
function makeFolder(folder) {
    const { existsSync, mkdirSync } = process.getBuiltinModule('node:fs');
    if (existsSync(folder))
        return;
    makeFolder(process.getBuiltinModule('node:path').dirname(folder));
    try {
        mkdirSync(folder);
    }
    catch (error) {
        // Somebody else may have made it meanwhile.
        if (!existsSync(folder))
            throw error;
    }
}

;// CONCATENATED MODULE: ./build/report/redact.js
/**
 * redactReport cleans every free text of the report. IDs of images, projects and jobs and the words of `action.yml`
 * stay as they are, whatever a secret may happen to look like; what only stands in the place of an ID does not.
 */
function redactReport(report, redact) {
    const clean = (text) => (text === null ? null : redact(text));
    const cleanId = (id) => (id === null || isId(id) ? id : redact(id));
    const cleanResult = (result) => ({
        ...result,
        name: clean(result.name),
        owner: cleanId(result.owner),
        jobId: cleanId(result.jobId),
        errorCode: clean(result.errorCode),
        cause: clean(result.cause),
        cure: clean(result.cure),
        requestId: clean(result.requestId),
    });
    return {
        ...report,
        projects: report.projects.map((project) => ({
            ...project,
            given: redact(project.given),
            name: clean(project.name),
        })),
        results: report.results.map(cleanResult),
        leftOut: report.leftOut.map((image) => ({ ...image, name: clean(image.name), owner: cleanId(image.owner) })),
        jobIds: report.jobIds.map((id) => cleanId(id) ?? id),
        requestIds: report.requestIds.map(redact),
        problems: report.problems.map((problem) => ({
            ...problem,
            cause: redact(problem.cause),
            cure: redact(problem.cure),
            code: clean(problem.code),
            requestId: clean(problem.requestId),
        })),
        warnings: report.warnings.map(redact),
        notes: report.notes.map(redact),
    };
}
/** The services' IDs are hexadecimal, with dashes or without. */
function isId(text) {
    return /^[0-9a-f-]{1,64}$/i.test(text);
}

;// CONCATENATED MODULE: ./build/report/result-lines.js
/**
 * The end of the log: a line for each image, then the verdict, for those who read the log and not the summary. Pure.
 */





/** The output `results` has all images. */
const LINES = 100;
/** resultLines renders the images: those with a reason of their own first, then those that were not attempted, then the rest. */
function resultLines(report) {
    const several = report.projects.length > 1;
    const names = new Map(report.projects.map((project) => [project.id, projectLabel(project)]));
    const bad = report.results.filter((result) => !hasStatus(result));
    const sorted = [
        ...bad.filter(hasReason),
        ...bad.filter((result) => !hasReason(result)),
        ...report.results.filter(hasStatus),
    ];
    const lines = sorted.slice(0, LINES).map((result) => {
        const name = result.name === null ? '' : ` "${forLog(result.name, 80)}"`;
        const where = several ? ` in ${names.get(result.project) ?? result.project}` : '';
        const basis = proof(result) === '–' ? '' : `, ${proof(result)}`;
        const code = result.errorCode === null ? '' : `, ${result.errorCode}`;
        return `${result.image}${name}${where}: ${outcomeText(result, report)} (${transition(result, report)}${basis}${code})`;
    });
    const more = sorted.length - lines.length;
    return [...lines, ...(more > 0 ? [`… and ${more} more, see the output results`] : [])];
}
/** Causes that the last lines of the log name. */
const CAUSES = 3;
/** verdictLines renders the verdict, and for a run that fails its first causes; their cures are in the annotation. */
function verdictLines(report) {
    const verdict = headline(report, (label) => label);
    if (succeeds(report.outcome))
        return [verdict];
    const causes = causeTexts(report);
    const more = causes.length - CAUSES;
    return [
        verdict,
        ...causes.slice(0, CAUSES).map((text) => `  ${text.split('\n', 1)[0]}`),
        ...(more > 0 ? [`  … and ${more} more causes, see the annotation and the summary`] : []),
    ];
}

;// CONCATENATED MODULE: ./build/report/html.js
/**
 * The few HTML elements that the summary is made of. Pure.
 *
 * The summary is HTML throughout, because Markdown does not act inside an HTML block. Such a block ends at the first
 * blank line, so no function here may return one; `forMarkup` cannot, and line breaks in `pre` are references.
 */

/** code renders foreign text as a name or an ID. GitHub finds no mention, reference or emoji in it, so names need no break inside. */
function code(foreign, max) {
    return `<code>${forCode(foreign, max)}</code>`;
}
/** link renders a link with a label of ours; anything but http and https is shown as plain text. */
function html_link(url, label) {
    return /^https?:\/\//i.test(url) ? `<a href="${forAttribute(url)}">${label}</a>` : code(url);
}
/** cureMarkup renders what to do about a problem, in our own words: sentences with names in backticks, and lines of YAML as a block of their own. */
function cureMarkup(cure) {
    let html = '';
    let yaml = [];
    const flush = () => {
        if (yaml.length > 0) {
            html += `<pre>${yaml.map((line) => forMarkup(line).replaceAll('<wbr>', '')).join('&#10;')}</pre>`;
            yaml = [];
        }
    };
    for (const line of cure.split('\n')) {
        if (/^(\s+\S|[a-z][\w-]*:(\s|$))/.test(line)) {
            yaml.push(line);
        }
        else if (line.trim() !== '') {
            flush();
            html += `${html === '' || html.endsWith('</pre>') ? '' : '<br>'}${prose(line)}`;
        }
    }
    flush();
    return html;
}
/** prose renders a sentence in which backticks enclose names. Foreign text in it can at most look like a name. */
function prose(sentence) {
    return sentence
        .split('`')
        .map((piece, index, pieces) => (index % 2 === 1 && index < pieces.length - 1 ? code(piece) : forMarkup(piece)))
        .join('');
}
/** list renders items, at most `max` of them, and says how many more there are. */
function list(items, max) {
    const shown = items.slice(0, max).map((item) => `<li>${item}</li>`);
    const more = items.length > max ? `<li>… and ${items.length - max} more</li>` : '';
    return `<ul>\n${shown.join('\n')}${more}\n</ul>`;
}
/** inline joins items, at most `max` of them, and says how many more there are. */
function inline(items, max, separator = ', ') {
    const more = items.length > max ? ` … and ${items.length - max} more` : '';
    return items.slice(0, max).join(separator) + more;
}
/** details renders a block that opens on a click. */
function details(title, content) {
    return `<details><summary>${title}</summary>\n${content}\n</details>`;
}
/**
 * table renders rows until the budget is used up, and says visibly how many it leaves out and where they are.
 * `rows` render lazily, so that a table of thousands costs no more than what is shown of it.
 * @param elsewhere where all rows can be found, as markup
 */
function table(head, rows, budget, elsewhere = 'the output <code>results</code>') {
    // One growing string and no list that is joined: a table of a thousand rows is copied once less, which is a MiB.
    let lines = head.length === 0 ? '' : `${line('th', head)}\n`;
    let shown = 0;
    for (const row of rows) {
        const rendered = line('td', row());
        const bytes = Buffer.byteLength(rendered) + 1;
        if (bytes > budget.left) {
            budget.left = 0;
            break;
        }
        budget.left -= bytes;
        lines += `${rendered}\n`;
        shown += 1;
    }
    const missing = rows.length - shown;
    const more = missing > 0 ? `\n<p>… and ${missing} more, see ${elsewhere}.</p>` : '';
    return `<table>\n${lines}</table>${more}`;
}
function line(cell, cells) {
    const align = cell === 'th' ? ' align="left"' : ' valign="top"';
    return `<tr>${cells.map((content) => `<${cell}${align}>${content}</${cell}>`).join('')}</tr>`;
}

;// CONCATENATED MODULE: ./build/report/cause-list.js


/** Causes shown; as a rule there are one or two. */
const cause_list_CAUSES = 20;
/** Images shown in the open; more are folded. */
const OPEN_IMAGES = 3;
/** Images listed in all, whatever the number of causes; the table has all that fit. */
const LISTED_IMAGES = 150;
/** IDs shown per cause. */
const IDS = 5;
const cause_list_NAME = 140;
/** causeList renders each cause once: cause, images and projects, cure, then codes and IDs. Empty if nothing failed. */
function causeList(report) {
    const causes = causesOf(report);
    if (causes.length === 0)
        return [];
    const share = Math.floor(LISTED_IMAGES / Math.min(cause_list_CAUSES, causes.length));
    return [
        list(causes.map((cause) => item(cause, report, share)), cause_list_CAUSES),
    ];
}
/** @param share the number of images that may be listed */
function item(cause, report, share) {
    const { code: errorCode, requestIds, jobIds } = cause.references;
    const handles = [
        ...(errorCode === null ? [] : [code(errorCode)]),
        ...(jobIds.length === 0 ? [] : [`job ${ids(jobIds)}`]),
        ...(requestIds.length === 0 ? [] : [`request ${ids(requestIds)}`]),
    ];
    const images = imagesOf(cause);
    const lines = [
        `<strong>${prose(cause.cause)}</strong>`,
        ...(images.length > 0 && images.length <= OPEN_IMAGES ? [images.map(cause_list_naming).join('<br>')] : []),
        ...place(cause, report),
        ...(cause.cure === '' ? [] : [cureMarkup(cause.cure)]),
        ...(handles.length === 0 ? [] : [handles.join(', ')]),
    ];
    const folded = images.length > OPEN_IMAGES ? details(`${images.length} images`, list(images.map(cause_list_naming), share)) : '';
    return `${lines.join('<br>')}${folded}`;
}
function place(cause, report) {
    const projects = projectsOf(cause, report).map((label) => code(label, cause_list_NAME));
    return projects.length === 0 ? [] : [`in ${inline(projects, IDS)}`];
}
function cause_list_naming({ image, name }) {
    return name === null ? code(image, cause_list_NAME) : `${code(name, cause_list_NAME)} ${code(image, cause_list_NAME)}`;
}
function ids(all) {
    return inline(all.map((id) => code(id)), IDS);
}

;// CONCATENATED MODULE: ./build/report/images.js
/**
 * The images in the job summary: a table for one project, a matrix and tables for several. Pure.
 */



/** More images than this that are as they should be are folded away, so that the facts below stay in evidence. */
const OPEN_ROWS = 12;
/** Longest image name shown, in UTF-16 units; the API allows 128 characters. */
const images_NAME = 140;
/** images renders all that the summary says about single images, failures first, as sections. */
function images_images(report, budget) {
    if (report.results.length === 0) {
        return [];
    }
    if (report.results.every(isBlank)) {
        const ids = [...new Set(report.results.map((result) => result.image))];
        return [
            `<p>${ids.length === 1 ? 'Image' : 'Images'} not looked at: ${inline(ids.map((id) => code(id)), 20)}</p>`,
        ];
    }
    return report.projects.length > 1 ? forProjects(report, budget) : forProject(report, budget);
}
function forProject(report, budget) {
    const { attention, fine } = sorted(report);
    if (fine.length <= OPEN_ROWS) {
        return [resultTable([...attention, ...fine], report, budget)];
    }
    return [
        ...(attention.length === 0 ? [] : [resultTable(attention, report, budget)]),
        details(`${fine.length} images ${targetWord(report)}`, resultTable(fine, report, budget)),
    ];
}
function forProjects(report, budget) {
    const { attention, fine } = sorted(report);
    // A large matrix must leave room for the table of failures.
    const share = Math.floor(budget.left / 2);
    const forMatrix = { left: share };
    const sections = [matrix(report, forMatrix)];
    budget.left -= share - forMatrix.left;
    if (attention.length > 0) {
        sections.push('<h3>What needs attention</h3>', resultTable(attention, report, budget));
    }
    if (fine.length > 0) {
        const title = `${fine.length} ${fine.length === 1 ? 'membership' : 'memberships'} ${targetWord(report)}`;
        sections.push(details(title, resultTable(fine, report, budget)));
    }
    return sections;
}
/** What needs attention: first what has a reason to tell, then what was merely held back. Otherwise in input order. */
function sorted(report) {
    const bad = report.results.filter((result) => !hasStatus(result));
    const attention = [...bad.filter(hasReason), ...bad.filter((result) => !hasReason(result))];
    return { attention, fine: report.results.filter(hasStatus) };
}
/** One row per image, one column per project; images that are not right everywhere come first. */
function matrix(report, budget) {
    const byImage = new Map();
    for (const result of report.results) {
        const cells = byImage.get(result.image) ?? new Map();
        cells.set(result.project ?? '', result);
        byImage.set(result.image, cells);
    }
    const rows = [...byImage.values()];
    const isFine = (cells) => [...cells.values()].every(hasStatus);
    const sorted = [...rows.filter((cells) => !isFine(cells)), ...rows.filter(isFine)];
    return table(['Image', ...report.projects.map((project) => code(projectLabel(project), images_NAME))], sorted.map((cells) => () => {
        const [any] = cells.values();
        return [
            any === undefined ? '' : images_naming(any),
            ...report.projects.map((project) => {
                const result = cells.get(project.id ?? '');
                return result === undefined ? '–' : `${icon(result)} ${matrixWord(result)}`;
            }),
        ];
    }), budget);
}
function matrixWord(result) {
    switch (result.outcome) {
        case 'updated':
        case 'unchanged':
        case 'failed':
            return result.current ?? (result.outcome === 'failed' ? 'failed' : 'taken');
        case 'blocked':
            return 'blocked';
        default:
            return result.outcome;
    }
}
function resultTable(results, report, budget) {
    const several = report.projects.length > 1;
    const names = new Map(report.projects.map((project) => [project.id, projectLabel(project)]));
    return table(['', 'Image, ID, owner', ...(several ? ['Project'] : []), 'Before&nbsp;→&nbsp;after,&nbsp;proof', 'What happened'], results.map((result) => () => [
        icon(result),
        // The unbreakable line of the owner keeps the column wide enough for an ID.
        `${images_naming(result)}${result.owner === null ? '' : `<br>owner&nbsp;${code(result.owner, images_NAME)}`}`,
        ...(several ? [code(names.get(result.project) ?? result.project ?? '–', images_NAME)] : []),
        `${transition(result, report)}${proof(result) === '–' ? '' : `<br><em>${proof(result)}</em>`}`,
        explanation(result, report),
    ]), budget);
}
/** Name and ID; the ID alone where the name is not known. */
function images_naming(result) {
    const id = code(result.image, images_NAME);
    return result.name === null ? id : `<strong>${code(result.name, images_NAME)}</strong><br>${id}`;
}
/** What became of the image, in a few words; causes and cures stand above the table. */
function explanation(result, report) {
    const parts = [outcomeText(result, report)];
    if (result.errorCode !== null)
        parts.push(code(result.errorCode));
    if (result.imageStatus !== null && result.imageStatus !== 'active')
        parts.push(`image is ${code(result.imageStatus, 40)}`);
    return parts.join('<br>');
}
function icon(result) {
    switch (result.outcome) {
        case 'updated':
            return '✅';
        case 'unchanged':
            return '☑️';
        case 'failed':
            return '❌';
        case 'blocked':
            return hasReason(result) ? '⛔' : '⏸️';
        case 'submitted':
            return '⏳';
        case 'planned':
            return '📝';
        case 'unknown':
            return '❓';
    }
}
/** Nothing is known but the ID: the run was stopped before it looked. */
function isBlank(result) {
    return (result.outcome === 'blocked' &&
        result.name === null &&
        result.previous === null &&
        result.current === null &&
        !hasReason(result));
}
/** leftOut renders the images that `match-name` leaves out: open if strangers offer images, else folded. */
function leftOut(report, budget) {
    if (report.leftOut.length === 0) {
        return [];
    }
    const names = new Map(report.projects.map((project) => [project.id, projectLabel(project)]));
    const reasons = {
        'owner-not-trusted': 'its owner is not among <code>trusted-owners</code>',
        'rejected-before': 'it was rejected before',
        'not-usable': 'it is not usable',
        'owner-trusted': 'its owner is among <code>trusted-owners</code>',
    };
    const rows = report.leftOut.map((image) => () => [
        images_naming(image),
        image.owner === null ? '–' : code(image.owner, images_NAME),
        code(names.get(image.project) ?? image.project, images_NAME),
        reasons[image.reason],
    ]);
    const hasOffers = report.leftOut.some(({ reason }) => reason === 'owner-not-trusted');
    const title = `${rows.length} matching ${rows.length === 1 ? 'image was' : 'images were'} left out`;
    const head = ['Image', 'Owner', 'Project', 'Left out because'];
    const all = table(head, rows, budget, 'the receipt');
    return hasOffers ? [`<h3>${title}</h3>`, all] : [details(title, all)];
}

;// CONCATENATED MODULE: ./build/report/summary.js
/**
 * The job summary. Pure.
 *
 * Order: the verdict, what it means, causes and cures, the images, the facts to quote, warnings and notes, images left out.
 */






/** The runner drops a summary over 1 MiB as a whole; this leaves room for what is not in a table. */
const LIMIT = 900 * 1024;
/** Items shown of a list of IDs or remarks. */
const MOST_LISTED = 20;
/** renderSummary renders the report as HTML blocks that GitHub shows as they are. At most 900 KiB. */
function renderSummary(report, context) {
    const icon = isUnproven(report) ? '⚠️' : ICONS[report.outcome];
    const top = [
        `<h2>${icon} ${headline(report, (label) => code(label, 100))}</h2>`,
        ...summary_unproven(report),
        ...meaning(report),
        ...causeList(report),
    ];
    const bottom = [facts(report, context), ...remarks(report)];
    const budget = { left: LIMIT - bytes(top) - bytes(bottom) - 4096 };
    // The images left out matter less, so they come last and get what is left, but a share is set aside for them.
    const share = Math.floor(budget.left / 8);
    budget.left -= share;
    const main = images_images(report, budget);
    budget.left += share;
    // Grown and not joined, for the same reason as the tables in it.
    return [...top, ...main, ...bottom, ...leftOut(report, budget)]
        .reduce((all, part) => `${all}\n\n${part}`)
        .concat('\n');
}
const ICONS = {
    success: '✅',
    partial: '❌',
    failure: '❌',
    blocked: '⛔',
    timeout: '⏱️',
    cancelled: '🚫',
    submitted: '📨',
    planned: '📝',
};
function bytes(sections) {
    return sections.reduce((sum, section) => sum + Buffer.byteLength(section) + 2, 0);
}
/** What the verdict means for the reader, one paragraph, and the warning about rejected images. */
function meaning(report) {
    const sentences = [...outcomeSentences(report), ...proofSentences(report)];
    const hidden = '<strong>Rejected means hidden, not revoked:</strong> a rejected image no longer appears in the project’s lists, ' +
        'but a server can still be made from it by its ID. Only its owner can take it back, by ending the share.';
    return [
        ...(sentences.length === 0 ? [] : [`<p>${sentences.join(' ')}</p>`]),
        ...(report.status === 'rejected' ? [`<p>${hidden}</p>`] : []),
    ];
}
function outcomeSentences(report) {
    const isCheck = report.mode === 'check';
    const jobs = report.jobIds.length === 0 ? '' : ` (${report.jobIds.length === 1 ? 'job' : 'jobs'} ${jobList(report)})`;
    switch (report.outcome) {
        case 'success':
            return summary_split(report);
        case 'partial':
        case 'failure':
            return isCheck ? ['A check changes nothing.'] : soFar(report);
        case 'blocked':
            return stoppers(report);
        case 'timeout':
        case 'cancelled':
            return jobs === '' ? soFar(report) : [...summary_split(report), goesOn(jobs)];
        case 'submitted':
            return [
                `The service took the request${jobs}. With <code>wait: false</code> the result is not read: this proves nothing.`,
            ];
        case 'planned':
            return tally(report.results).rest === 0
                ? [summary_NOTHING]
                : [summary_NOTHING, 'Run with <code>mode: apply</code> to make it so.'];
    }
}
/** How many images stopped the run; nothing if another problem did, which follows. */
function stoppers(report) {
    const count = report.results.filter(hasReason).length;
    return count === 0
        ? []
        : [`${count} of ${report.results.length} ${nounOf(report)} stopped the run before any change.`];
}
function goesOn(jobs) {
    return `The service may still finish what it was asked to do${jobs}; run again with <code>mode: check</code> to see.`;
}
/** What was done before the run ended, or that nothing was. */
function soFar(report) {
    return [...summary_split(report), ...(report.changed ? [] : [summary_NOTHING])];
}
const summary_NOTHING = 'Nothing was changed.';
/** How many were changed now and how many had the status before; nothing if the headline tells it already. */
function summary_split(report) {
    const { updated, unchanged } = tally(report.results);
    const word = targetWord(report);
    if (report.mode === 'check' || updated + unchanged === 0) {
        return [];
    }
    if (updated === 0) {
        return report.outcome === 'success' ? [summary_NOTHING] : [`${unchanged} ${were(unchanged)} ${word} already.`];
    }
    return [`${updated} ${word} by this run${unchanged === 0 ? '' : `, ${unchanged} ${were(unchanged)} already`}.`];
}
function were(n) {
    return n === 1 ? 'was' : 'were';
}
function proofSentences({ outcome, results }) {
    return outcome === 'success' && results.length > 0 && results.every(({ verified }) => verified)
        ? ['Read back from the service.']
        : [];
}
/** Directly under the heading: which statuses rest on the job alone. */
function summary_unproven({ results }) {
    const count = results.filter((result) => hasStatus(result) && !result.verified).length;
    if (count === 0)
        return [];
    return [
        `<p><strong>${count} of ${results.length} not verified:</strong> the status was not read back from the service, only the job status was available.</p>`,
    ];
}
/** What to quote to the service's support, and where this came from. */
function facts(report, context) {
    const rows = [];
    if (report.projects.length > 0) {
        const regions = [...new Set(report.projects.map((project) => project.region).filter((region) => region !== null))];
        rows.push([
            report.projects.length === 1 ? 'Project' : 'Projects',
            inline(report.projects.map(projectFact).filter((fact) => fact !== ''), MOST_LISTED, '<br>') || '–',
        ]);
        if (regions.length > 0) {
            rows.push([
                regions.length === 1 ? 'Region' : 'Regions',
                inline(regions.map((region) => code(region)), MOST_LISTED),
            ]);
        }
    }
    if (report.status !== null) {
        rows.push([
            'Asked for',
            `<code>${report.status}</code>${report.mode === null || report.mode === 'apply' ? '' : `, <code>mode: ${report.mode}</code>`}`,
        ]);
    }
    if (report.jobIds.length > 0) {
        rows.push([report.jobIds.length === 1 ? 'Job' : 'Jobs', jobList(report)]);
    }
    if (report.requestIds.length > 0) {
        rows.push([
            'Request IDs',
            inline(report.requestIds.map((id) => code(id)), MOST_LISTED),
        ]);
    }
    rows.push(['Duration', formatDuration(report.endedAt - report.startedAt)]);
    if (context.runUrl !== null) {
        rows.push(['Workflow run', html_link(context.runUrl, 'log of this run')]);
    }
    return table([], rows.map((row) => () => row), { left: Number.POSITIVE_INFINITY });
}
function projectFact(project) {
    const label = projectLabel(project);
    return [
        ...(label === '' ? [] : [code(label)]),
        ...(project.id === null || project.id === label ? [] : [code(project.id)]),
    ].join(' ');
}
function jobList(report) {
    return inline(report.jobIds.map((id) => code(id)), MOST_LISTED);
}
function remarks(report) {
    const items = [
        ...report.warnings.map((warning) => `<strong>Warning:</strong> ${prose(warning)}`),
        ...report.notes.map((note) => prose(note)),
    ];
    return items.length === 0 ? [] : [list(items, MOST_LISTED)];
}

;// CONCATENATED MODULE: ./build/report/index.js






/**
 * publish writes the report in every form that was asked for, and tells whether the step may pass: every gate reads the outputs, so a
 * step whose outputs cannot be written fails. Every other form that cannot be written becomes a warning and does not stop the next.
 * Never throws, and is synchronous, because a cancelled run has three seconds to live.
 */
function publish(report, publishing) {
    const { reporting, files, log, context } = publishing;
    const clean = redactReport(report, publishing.redact);
    const annotation = toAnnotation(clean);
    const attempt = (what, write, cure = '') => {
        try {
            write();
            return true;
        }
        catch (error) {
            const cause = `${what} could not be written: ${log.quote(error instanceof Error ? error.message : String(error))}`;
            // At most one error per run, and a failed run has its own.
            if (cure !== '' && annotation === null)
                log.error(`${what} could not be written`, `${cause}\n${cure}`);
            else
                log.warning(cause, cure);
            return false;
        }
    };
    const { values, emptied } = toOutputs(clean);
    if (emptied.length > 0)
        log.warning(...tooLarge(emptied));
    const handedOver = attempt('The outputs', () => {
        if (!files.setOutputs(values))
            log.line('GITHUB_OUTPUT is not set: the outputs are not handed over');
    }, UNWRITTEN);
    attempt('The result in the log', () => {
        log.group('Result');
        for (const line of resultLines(clean)) {
            log.line(line);
        }
        log.endGroup();
    });
    attempt('The annotation', () => {
        if (annotation !== null)
            log.error(annotation.title, annotation.message);
    });
    attempt('The verdict in the log', () => {
        for (const line of verdictLines(clean))
            log.line(line);
    });
    if (reporting.summary) {
        attempt('The job summary', () => {
            if (!files.appendSummary(renderSummary(clean, context)))
                log.line('GITHUB_STEP_SUMMARY is not set: the job summary is not handed over');
        });
    }
    const { resultsFile } = reporting;
    if (resultsFile !== null) {
        attempt('The results file', () => writeReceipt(resultsFile, toReceipt(clean, context)));
    }
    return handedOver;
}
const UNWRITTEN = 'The step fails, because later steps and gates read the outputs. Check the disk of the runner and the file that GITHUB_OUTPUT names, and run the job again: images that have the status already are left alone.';
function tooLarge(emptied) {
    const lists = emptied.map((name) => `\`${name}\``).join(', ');
    return [
        `The outputs exceed the 1 MiB that GitHub takes from a job, so ${lists} ${emptied.length === 1 ? 'is' : 'are'} an empty array. The outcome is not affected.`,
        emptied.includes('results')
            ? 'Read the receipt instead (`results-file`), which has no limit, or serve fewer images or projects in one step.'
            : 'Read `updated` and `unchanged` instead: `images` is the two together.',
    ];
}

;// CONCATENATED MODULE: ./build/report/log.js
/**
 * The log of the run: one line per event with the time since the start, groups, warnings as annotations.
 */

/** Longest foreign text inside a log line, in UTF-16 units. */
const QUOTE = 160;
/** createLog makes a log that starts its clock now; `now` gives milliseconds. */
function createLog(options) {
    const { sink, redact, now } = options;
    const startedAt = now();
    /** The group whose title has not been printed: an empty group is left out. */
    let waiting = null;
    let grouped = false;
    const endGroup = () => {
        waiting = null;
        if (grouped)
            sink.command('endgroup', {}, '');
        grouped = false;
    };
    const openGroup = () => {
        if (waiting === null)
            return;
        sink.command('group', {}, waiting);
        waiting = null;
        grouped = true;
    };
    const clean = (text) => forCommand(redact(text));
    return {
        group: (title) => {
            endGroup();
            waiting = forLog(redact(title));
        },
        endGroup,
        line: (text) => {
            openGroup();
            // The time comes first, so a line never begins with foreign text.
            sink.line(`${elapsed(now() - startedAt)}  ${forLog(redact(text))}`);
        },
        debug: (text) => {
            if (sink.isDebug) {
                sink.command('debug', {}, `${elapsed(now() - startedAt)}  ${forLog(redact(text))}`);
            }
        },
        warning: (text, cure = '') => sink.command('warning', {}, clean(`${forLog(redact(text))}${cure === '' ? '' : `\n${cure}`}`)),
        error: (title, text) => sink.command('error', { title: forLog(redact(title)) }, clean(text)),
        quote: (text) => `"${forLog(redact(text), QUOTE)}"`,
    };
}
/** Seconds with two decimals, right-aligned; a clock that was set back counts as no time. */
function elapsed(milliseconds) {
    return `${(Math.max(0, milliseconds) / 1000).toFixed(2)}s`.padStart(8);
}

;// CONCATENATED MODULE: ./build/report/status-text.js



/** pendingStatus is published at the start, so that an older verdict never stands for this run. */
function pendingStatus() {
    return { state: 'pending', description: 'Running: no verdict yet' };
}
/** statusFor is the final status of a run: green for success only. A success that was not proven says so first. */
function statusFor(report) {
    const verdict = headline(report, (label) => label);
    return {
        state: stateOf(report.outcome),
        description: forStatus(isUnproven(report) ? `Not verified: ${verdict}` : verdict),
    };
}
/** unpublishedStatus is the final status of a run whose outputs could not be written. */
function unpublishedStatus() {
    return { state: 'failure', description: 'The outputs of the step could not be written' };
}
function stateOf(outcome) {
    switch (outcome) {
        case 'success':
            return 'success';
        case 'planned':
        case 'submitted':
            return 'pending';
        case 'partial':
        case 'failure':
        case 'blocked':
        case 'timeout':
        case 'cancelled':
            return 'failure';
    }
}

;// CONCATENATED MODULE: ./build/cloud/decode.js
/**
 * Reading `unknown` data from the wire: each function gives the value in the wanted type, or null. None throws.
 */
/** fieldsOf gives an object's fields, and an empty object for anything else, so that look-ups can be chained. */
function fieldsOf(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
/** listOf gives an array's items, and an empty array for anything else. */
function listOf(value) {
    return Array.isArray(value) ? value : [];
}
/** textOf gives a non-empty string. */
function textOf(value) {
    return typeof value === 'string' && value !== '' ? value : null;
}
/** flagOf reads the booleans of image records, which come as `true` or as `"true"` (OTC IMS API reference, image attributes). */
function flagOf(value) {
    if (typeof value === 'boolean')
        return value;
    if (typeof value !== 'string')
        return null;
    const word = value.toLowerCase();
    return word === 'true' ? true : word === 'false' ? false : null;
}

;// CONCATENATED MODULE: ./build/cloud/errors.js
/**
 * The one error of the cloud client: which call failed, how, and what the service said about it.
 */


/** CloudError carries a `Failure`; its message is one line for logs. */
class CloudError extends Error {
    failure;
    constructor(failure) {
        super(describe(failure));
        this.name = 'CloudError';
        this.failure = failure;
    }
}
/** failureOf gives the Failure of a CloudError and null for every other thing that can be thrown. */
function failureOf(error) {
    return error instanceof CloudError ? error.failure : null;
}
/**
 * RenewalError says that a call was refused because the identity had died, and that logging in again failed; the cause is why. It is no
 * CloudError, lest the refusal of the login be taken for an answer to the call. The call had no effect.
 */
class RenewalError extends Error {
    constructor(cause) {
        super('the identity has died and could not be renewed', { cause });
        this.name = 'RenewalError';
    }
}
function describe(f) {
    const parts = [f.status === null ? null : `HTTP ${f.status}`, f.code, f.detail === '' ? null : f.detail];
    const id = f.requestId === null ? '' : ` (request ID ${f.requestId})`;
    return `${f.call} at ${f.host}: ${parts.filter((part) => part !== null).join(', ')}${id}`;
}
const MESSAGE_LIMIT = 600;
/** Pages of proxies can be long; what they have to say stands at the top. */
const MARKUP_LIMIT = 64 * 1024;
/**
 * readErrorBody understands the five documented JSON shapes, XML and HTML, and never fails:
 * `{error: {code, message}}` (IMS; Keystone with a numeric code), `{error_code, error_msg, request_id}` (gateway, IAM),
 * `{code, message}` (native calls) and `{badRequest: {code, message}}` (OpenStack style). OTC IMS API reference, Returned Values.
 * @param redact takes secrets out, see `messageOf`
 */
function readErrorBody(text, redact) {
    const body = jsonOf(text);
    if (body === undefined)
        return readMarkup(redact(text.slice(0, MARKUP_LIMIT)));
    const top = fieldsOf(body);
    const first = Object.values(top)[0];
    const inner = textOf(top['error_msg']) !== null || textOf(top['message']) !== null ? {} : fieldsOf(top['error'] ?? first);
    const candidates = [top['error_code'], top['code'], inner['error_code'], inner['code']];
    const message = textOf(top['error_msg']) ??
        textOf(top['message']) ??
        textOf(inner['message']) ??
        textOf(inner['error_msg']) ??
        textOf(top['error']) ??
        '';
    return {
        code: candidates.map(serviceCode).find((code) => code !== null) ?? null,
        message: messageOf(message, redact),
        requestId: textOf(top['request_id']) ?? textOf(inner['request_id']),
    };
}
/** serviceCode accepts codes such as `IMG.0066`, `PAP5.0001` or `BackupService.6105`, and nothing else: `404 Not Found` is a status. */
function serviceCode(value) {
    return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9]{1,19}\.\d{3,5}$/.test(value.trim()) ? value.trim() : null;
}
function readMarkup(text) {
    const element = (name) => new RegExp(`<${name}[^>]*>([^<]{1,2000})<`, 'i').exec(text)?.[1];
    const plain = text.trimStart().startsWith('<')
        ? (element('message') ?? element('title') ?? element('h1') ?? '')
        : text;
    return { code: serviceCode(element('code') ?? element('error_code')), message: tidy(plain), requestId: null };
}
/** messageOf makes one short line of what a service says; redacted first, because of half a secret nothing would be found any more. */
function messageOf(text, redact) {
    return tidy(redact(text));
}
/** JSON messages of native calls end in `<br /><br />` and hold line breaks. */
function tidy(message) {
    const flat = message
        .slice(0, 4 * MESSAGE_LIMIT)
        .replace(/<br\s*\/?>/gi, ' ')
        // A gateway may echo a signature, which is good for one request and 15 minutes.
        .replace(/\b(Signature=)[0-9a-f]+/gi, '$1***')
        .replace(/\s+/g, ' ')
        .trim();
    return flat.length > MESSAGE_LIMIT ? `${flat.slice(0, MESSAGE_LIMIT)}…` : flat;
}

;// CONCATENATED MODULE: ./build/problem.js
/** problem makes a Problem from what is known of it; a code and a request ID are optional. */
function problem(facts) {
    return { code: null, requestId: null, ...facts };
}
class ProblemError extends Error {
    problem;
    constructor(facts, options) {
        super(facts.cause, options);
        this.name = 'ProblemError';
        this.problem = problem(facts);
    }
}

;// CONCATENATED MODULE: ./build/run/failure-title.js
/** failureTitle gives what follows "Blocked:", such as `login refused (HTTP 401, IAM.0061)`. Holds no text of the service. */
function failureTitle(failure) {
    const { type, host } = failure;
    switch (type) {
        case 'refused':
            return `${refusedCall(failure)} (${statusOf(failure)})`;
        case 'unreachable':
            return `${host} cannot be reached`;
        case 'untrusted':
            return `the certificate of ${host} is not trusted`;
        case 'barred':
            return `the proxy does not let the runner through to ${host}`;
        case 'redirected':
            return `${host} answered with a redirect (${statusOf(failure)})`;
        case 'oversized':
            return `the answer of ${host} is too long`;
        case 'lost':
            return `no usable answer from ${host}`;
    }
}
function refusedCall({ service, status, call }) {
    if (service === 'IAM')
        return 'login refused';
    if (service === 'GitHub')
        return 'no ID token from GitHub';
    if (status === 401)
        return 'credentials refused';
    return status === 403 ? 'access denied' : `${call.split(' ', 1)[0]} refused`;
}
function statusOf({ status, code }) {
    return [`HTTP ${status}`, ...(code === null ? [] : [code])].join(', ');
}

;// CONCATENATED MODULE: ./build/run/explain.js
/**
 * From whatever was thrown to cause and cure in words for people.
 */




/** The service refuses signatures that are older or younger (Huawei Cloud, API Request Signing Guide). */
const SKEW = 15 * 60_000;
/** explain gives the Problem behind anything that can be thrown. */
function explain(error) {
    if (error instanceof ProblemError)
        return error.problem;
    if (error instanceof RenewalError) {
        const why = explain(error.cause);
        return { ...why, cause: `The token died in mid-run, and logging in again failed: ${why.cause}` };
    }
    const failure = failureOf(error);
    if (failure !== null)
        return explainFailure(failure);
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return {
        cause: `Something unexpected happened: ${text}`,
        cure: 'This is a bug of the action: please open an issue with the debug log of this run.',
        code: null,
        requestId: null,
    };
}
/** explainFor explains an error of one project, and names the project where there are several. */
function explainFor(member, { members }, error) {
    const problem = explain(error);
    return members.length > 1 ? { ...problem, cause: `Project ${member.label}: ${problem.cause}` } : problem;
}
/** explainJobResult adds to a job's failure what its code means and what to do, as for a failed call. */
function explainJobResult(word) {
    if (word.state !== 'failure')
        return word;
    const { code, message } = word;
    if (code === null)
        return { ...word, cure: "Run again; if it stays, give the cloud's support the job ID." };
    const { cause, cure } = explainCode(code, null, 'IMS');
    return {
        ...word,
        message: `${cause}${message === null ? '' : ` The job says: ${message}`} (${code})`,
        cure: cure,
    };
}
/** explainFailure words a failed call: what was called, what the service said, what its code means, and what to do. */
function explainFailure(failure) {
    return { ...describeFailure(failure), title: failureTitle(failure) };
}
function describeFailure(failure) {
    const { call, host, detail, code, requestId, status } = failure;
    const said = detail === '' ? '' : ` The service says: ${detail}`;
    switch (failure.type) {
        case 'refused': {
            const { cause, cure } = explainCode(code, status, failure.service);
            const what = `${cause}${said} (${call} at ${host}: HTTP ${status}${code === null ? '' : `, ${code}`})`;
            return { cause: what, cure: lines(cure, skewed(failure), failure.hint), code, requestId };
        }
        case 'unreachable':
            return {
                cause: `${call}: ${host} cannot be reached: ${detail}.`,
                cure: 'Check the network between runner and cloud, HTTPS_PROXY and NO_PROXY, and `region`, `ims-endpoint` or `auth-url`.',
                code,
                requestId,
            };
        case 'untrusted':
            return {
                cause: `${call}: the certificate of ${host} is not trusted: ${detail}.`,
                cure: lines('If a private authority signs it, name its certificate in the environment variable NODE_EXTRA_CA_CERTS of the runner; otherwise check the endpoint. Nothing was sent.', failure.hint),
                code,
                requestId,
            };
        case 'barred':
            return {
                cause: `${call}: the proxy does not let the runner through to ${host}: ${detail}.`,
                cure: 'Put the user and password of the proxy into HTTPS_PROXY, have the host admitted there, or exempt it with NO_PROXY. Nothing was sent.',
                code,
                requestId,
            };
        case 'redirected':
            return {
                cause: `${call}: ${host} answered with HTTP ${status}, a ${detail}, which is not followed because the credentials would go along.`,
                cure: 'Check `ims-endpoint`, `auth-url` and `region`, and proxies that ask for a login.',
                code,
                requestId,
            };
        case 'oversized':
            return {
                cause: `${call} at ${host}: the answer is too long to read: ${detail}.`,
                cure: failure.service === 'IAM'
                    ? 'The token is too long, because it lists every role of the user: use an identity with fewer roles, or `access-key` and `secret-key`, which need no token.'
                    : "Check `ims-endpoint` and `region`, then proxies between runner and cloud. If they are right, send the request to the cloud's support.",
                code,
                requestId,
            };
        case 'lost':
            return {
                cause: `${call} at ${host}: no usable answer came back: ${detail}${status === null ? '' : ` (HTTP ${status})`}.`,
                cure: lines(failure.hint, 'Run again later; if it stays, check proxies between runner and cloud, and raise `request-timeout` if the service is slow.'),
                code,
                requestId,
            };
    }
}
function lines(...parts) {
    return parts.filter((part) => part !== '').join('\n');
}
/** The server's own date shows a clock that is too far off for signatures. */
function skewed({ status, clockSkew }) {
    if (status !== 401 || clockSkew === null || Math.abs(clockSkew) <= SKEW)
        return '';
    const minutes = Math.round(Math.abs(clockSkew) / 60_000);
    return `The runner's clock is ${minutes} minutes ${clockSkew > 0 ? 'behind' : 'ahead of'} the server's, and signatures may differ by 15 at most: set the runner's clock.`;
}

;// CONCATENATED MODULE: ./build/cloud/client.js




/** Unusable says why an answer with a status of success cannot be used, in words that follow "the answer". */
class Unusable extends Error {
}
const SLOW = 'Raise `timeout`, or lower `request-timeout` so that it is tried again in time.';
const USER_AGENT = 'ims-members-action/1';
class ServiceClient {
    #options;
    constructor(options) {
        this.#options = options;
    }
    get hide() {
        return this.#options.hide;
    }
    /**
     * Sends the call until it is answered with success, must not be repeated, or was repeated often enough.
     * Throws a CloudError, or the signal's reason when the run ends first.
     */
    async send(call) {
        const { clock, retries, signal, onRetry } = this.#options;
        for (let attempt = 0;; attempt++) {
            call.onDoubt?.(true);
            const outcome = await this.#attempt(call);
            if (!(outcome instanceof CloudError))
                return outcome;
            if (!effectUnknown(outcome.failure))
                call.onDoubt?.(false);
            if (attempt >= retries || !mayRetry(outcome.failure, call.safety))
                throw outcome;
            const delay = retryDelay(attempt, outcome.failure.retryAfter, clock.random());
            onRetry(outcome.failure, delay);
            await clock.sleep(delay, signal).catch((reason) => {
                if (reason instanceof Error)
                    reason.cause ??= outcome;
                throw reason;
            });
        }
    }
    async #attempt(call) {
        const { transport, clock, requestTimeout, signal } = this.#options;
        const fresh = await call.prepare?.();
        const body = fresh?.body ?? call.body ?? null;
        const bare = {
            method: call.method,
            url: call.base + call.path,
            headers: { ...(body === null ? {} : { 'Content-Type': 'application/json' }), ...call.headers, ...fresh?.headers },
            body,
        };
        const headers = { ...bare.headers, ...call.authorize(bare), Accept: 'application/json', 'User-Agent': USER_AGENT };
        const begun = clock.now();
        try {
            const reply = await transport.send({ ...bare, headers }, requestTimeout, signal);
            const isSuccess = reply.status >= 200 && reply.status < 300;
            const outcome = isSuccess ? this.#read(call, reply) : this.#refusal(call, reply, 'X-Sdk-Date' in headers);
            // Traced last: what was read may be a secret, which is known from then on, and the trace may hold it.
            this.#trace(call, begun, `${reply.status}`, requestIdOf(reply));
            return outcome;
        }
        catch (error) {
            if (!(error instanceof WireError))
                throw this.#interrupted(call, error);
            this.#trace(call, begun, error.message, null);
            const type = error.obstacle ?? (error.sent ? 'lost' : 'unreachable');
            const hint = type === 'untrusted' ? this.#options.certificateHint : '';
            return this.#failure(call, { type, detail: error.message, hint });
        }
    }
    /** Whoever reports the end of the run should be able to say what it was waiting for. */
    #interrupted(call, reason) {
        if (reason instanceof Error && reason === this.#options.signal.reason)
            reason.cause ??= this.#failure(call, { type: 'lost', detail: 'none came before the time was up', hint: SLOW });
        return reason;
    }
    #read(call, reply) {
        try {
            return call.read(reply, this.#options.redact);
        }
        catch (error) {
            if (!(error instanceof Unusable))
                throw error;
            const detail = `the answer ${error.message}`;
            return this.#failure(call, { type: 'lost', status: reply.status, detail, requestId: requestIdOf(reply) });
        }
    }
    #failure(call, facts) {
        const { redact } = this.#options;
        return new CloudError({
            status: null,
            code: null,
            requestId: null,
            retryAfter: null,
            clockSkew: null,
            hint: '',
            ...facts,
            service: call.service,
            call: nameOf(call),
            host: new URL(call.base).host,
            detail: redact(facts.detail),
        });
    }
    #refusal(call, reply, signed) {
        const now = this.#options.clock.now();
        if (reply.status >= 300 && reply.status < 400) {
            return this.#failure(call, {
                type: 'redirected',
                status: reply.status,
                // Redacted before the host is read from it, which brings it to lower case.
                detail: `redirect to ${hostOf(this.#options.redact(reply.headers['location'] ?? ''))}`,
                requestId: requestIdOf(reply),
            });
        }
        const body = readErrorBody(reply.text, this.#options.redact);
        const date = Date.parse(reply.headers['date'] ?? '');
        return this.#failure(call, {
            type: 'refused',
            status: reply.status,
            code: body.code,
            detail: body.message,
            requestId: requestIdOf(reply) ?? body.requestId,
            retryAfter: readRetryAfter(reply.headers['retry-after'], now),
            clockSkew: !signed || Number.isNaN(date) ? null : date - now,
        });
    }
    #trace(call, begun, result, requestId) {
        const { debug, clock, redact } = this.#options;
        const id = requestId === null ? '' : ` ${requestId}`;
        debug(redact(`${nameOf(call)} ${result} ${clock.now() - begun} ms${id}`));
    }
}
/** jsonIn reads the body of an answer as JSON. Throws `Unusable` where it is none, such as the page of a proxy. */
function jsonIn(reply) {
    const body = jsonOf(reply.text);
    if (body === undefined)
        throw new Unusable('is not JSON');
    return body;
}
/** requestIdOf reads the request ID that support asks for (`X-Request-Id`; native calls have their own header). */
function requestIdOf(reply) {
    return reply.headers['x-request-id'] ?? reply.headers['x-openstack-request-id'] ?? null;
}
function nameOf(call) {
    return `${call.method} ${call.path.split('?')[0]}`;
}
function hostOf(location) {
    return location === '' ? 'nowhere' : (urlOf(location)?.host ?? '') || 'a relative address';
}

;// CONCATENATED MODULE: ./build/cloud/endpoints.js
/**
 * Where the services are: from the inputs and the table of regions, or from the catalog that comes with a token.
 */




/** pickRegion gives the region: the one given, else the one the project's name begins with, else the one that `authUrl` names. */
function pickRegion({ region, projectName, authUrl }) {
    return region ?? regionOf(projectName ?? '') ?? regionOfAuthUrl(authUrl ?? '');
}
/**
 * resolveEndpoints finds the services of one project: what was given explicitly first, then the region's hosts. Where `authUrl` leads to another cloud than
 * the region's, the region's IMS host is not used, so that credentials stay on the domain they are for.
 * Throws a ProblemError where IAM cannot be found.
 */
function resolveEndpoints(given) {
    const { imsEndpoint, authUrl } = given;
    const id = pickRegion(given);
    const entry = id === null ? undefined : REGIONS[id];
    const iam = authUrl === null ? entry?.iam : baseOf(authUrl).replace(/\/v3$/, '');
    if (iam === undefined)
        throw unknownIam(id);
    return { iam, ims: imsEndpoint === null ? regionalIms(entry, iam) : { url: baseOf(imsEndpoint), final: true } };
}
function regionalIms(entry, iam) {
    if (entry === undefined || trustedBase(entry.ims, iam, null) === null)
        return null;
    return { url: entry.ims, final: entry.proven };
}
function baseOf(url) {
    return url.replace(/\/+$/, '');
}
function unknownIam(region) {
    return new ProblemError({
        cause: region === null ? 'The region is not known.' : `The hosts of region ${region} are not known.`,
        cure: 'Give `region`, or the base URLs of the services as `auth-url` and `ims-endpoint`.',
    });
}
/**
 * imageServiceUrl gives the image service's base URL: the given or documented host; if that is known by a pattern only, or not at all,
 * what the token's catalog names on IAM's own domain. Throws a ProblemError if neither is there.
 */
async function imageServiceUrl({ iam, ims }, region, catalog) {
    if (ims?.final === true)
        return ims.url;
    const services = await catalog();
    const url = imsFromCatalog(services, region, iam) ?? ims?.url;
    if (url !== undefined)
        return url;
    throw new ProblemError(notFound(services, region, iam));
}
function notFound(catalog, region, iamUrl) {
    const iam = new URL(iamUrl).host;
    const listed = [...new Set(publicEndpoints(catalog, region, iamUrl).flatMap(({ regions }) => regions))].toSorted();
    const cure = 'Give `region`, or the base URL of the image service as `ims-endpoint`.';
    if (catalog === undefined) {
        const cause = `These credentials bring no catalog of services, so the image service that belongs to IAM at ${iam} is not known.`;
        return { cause, cure };
    }
    if (listed.length === 0)
        return { cause: `The token's catalog names no image service on the domain of ${iam}.`, cure };
    const names = listed.join(', ');
    if (region === null)
        return {
            cause: `The token's catalog names image services of several regions: ${names}.`,
            cure: `Give one of them as \`region\`, or its base URL as \`ims-endpoint\`.`,
        };
    return {
        cause: `The token's catalog names no image service of region ${region} on the domain of ${iam}. The regions it names: ${names}.`,
        cure: 'Check `region`, or give the base URL of the image service as `ims-endpoint`.',
    };
}
/**
 * imsFromCatalog finds the image service in a token's catalog and gives its base URL, or null. It reads both documented forms: services
 * with their endpoints, and a flat list of endpoints (OTC IAM API reference, Obtaining a User Token; … with an OpenID Connect ID Token).
 *
 * The endpoint has to be public, of the wanted region or of every region (`*`); where no region is wanted or an endpoint names none,
 * it has to be the only one. It counts only on IAM's own domain, because credentials are sent there: a catalog cannot lead them
 * to another party.
 */
function imsFromCatalog(catalog, region, iamUrl) {
    const found = publicEndpoints(catalog, region, iamUrl);
    const of = (wanted) => found.find(({ regions }) => regions.includes(wanted))?.base;
    const named = (region === null ? undefined : of(region)) ?? of('*');
    if (named !== undefined)
        return named;
    const rest = new Set(found.filter(({ regions }) => region === null || regions.length === 0).map(({ base }) => base));
    const [only] = rest;
    return only !== undefined && rest.size === 1 ? only : null;
}
/** The public image endpoints on IAM's own domain. */
function publicEndpoints(catalog, region, iamUrl) {
    return imageEndpoints(catalog).flatMap((endpoint) => {
        const base = trustedBase(textOf(endpoint['url']) ?? '', iamUrl, region);
        if (base === null || (endpoint['interface'] ?? 'public') !== 'public')
            return [];
        return [{ base, regions: regionsOf(endpoint) }];
    });
}
function regionsOf(endpoint) {
    return [textOf(endpoint['region']), textOf(endpoint['region_id'])].filter((id) => id !== null);
}
function imageEndpoints(catalog) {
    return listOf(catalog)
        .map(fieldsOf)
        .filter((service) => service['type'] === 'image')
        .flatMap((service) => ('endpoints' in service ? listOf(service['endpoints']).map(fieldsOf) : [service]));
}
/** Scheme, host and port in plain ASCII, without user info or a final dot; then a path, which is dropped. */
const PLAIN_URL = /^https?:\/\/((?:[a-z0-9-]+\.)*[a-z0-9-]+|\[[0-9a-f:]+\])(?::\d{1,5})?(?:\/[!-[\]-~]*)?$/i;
/** Labels that, right below a country's domain, belong to a registry: `co.uk`, `com.br`, `gouv.fr`. */
const REGISTRY = /^(?:.{1,3}|asso|firm|gouv|govt|info|name)$/;
/** The base of a URL that may get IAM's credentials, or null. Whatever is written in an unusual way is not trusted. */
function trustedBase(url, iamUrl, region) {
    const host = PLAIN_URL.exec(url)?.[1];
    const parsed = host === undefined ? null : urlOf(url);
    const iam = urlOf(iamUrl);
    if (parsed === null || iam === null || parsed.hostname !== host?.toLowerCase())
        return null;
    const plain = parsed.protocol === 'http:' && !(iam.protocol === 'http:' && isLoopback(iam.hostname));
    if (plain || !sameParty(parsed.hostname, iam.hostname, region))
        return null;
    return parsed.origin;
}
function sameParty(host, iamHost, region) {
    const domain = domainOf(iamHost, region);
    return host === iamHost || (domain !== null && host.endsWith(`.${domain}`));
}
/**
 * The domain that a cloud has for itself: IAM's host without its first label, and without the region's. Null where nothing may be cut
 * off: IP addresses, and hosts so short that what is left could be anybody's, such as `com` or `co.uk`.
 */
function domainOf(iamHost, region) {
    const labels = iamHost.split('.').slice(1);
    const [first = ''] = labels;
    if (first === region || first in REGIONS)
        labels.shift();
    const [owner = '', top = ''] = labels.slice(-2);
    const shortest = top.length === 2 && REGISTRY.test(owner) ? 3 : 2;
    const address = /^\d+$/.test(top);
    return labels.length < shortest || address ? null : labels.join('.');
}

;// CONCATENATED MODULE: ./build/cloud/login/refusal.js


/** The user is locked or disabled: nothing is wrong with what was sent. */
const CERTAIN = /^IAM\.(0061|0080|0082|1104|1105|1107)$/i;
/** refusalHint knows the credentials' method, their sources, and what looked odd when they were read. */
function refusalHint({ credentials, login, hints, }) {
    const from = login.sources.length === 0 ? [] : [`The credentials came from ${login.sources.join(', ')}.`];
    return ({ status, code }) => {
        if (CERTAIN.test(code ?? ''))
            return from.join('\n');
        const known = refusal_causesOf(credentials, status);
        return [...from, ...known, ...hints.login].join('\n');
    };
}
function refusal_causesOf(credentials, status) {
    switch (credentials.method) {
        case 'token':
            return status === 401 || status === 404
                ? [
                    'The token has expired, was withdrawn, or belongs to another cloud or region, and method token cannot renew it: obtain a fresh one in the same job, or use a method that logs in by itself.',
                ]
                : [];
        case 'password':
            return status === 401 || status === 403
                ? [
                    'If the user must log in with MFA, use a user without MFA, or OIDC (`identity-provider`): a pipeline has no second factor.',
                ]
                : [];
        case 'aksk':
            if (status !== 401)
                return [];
            return credentials.securityToken === null
                ? ['If these are temporary keys, they need their `security-token` as well.']
                : ['Temporary keys may have expired: obtain new ones in the same job, shortly before this step.'];
        case 'oidc':
            return [];
    }
}
/** isRefusal tells a login that was refused for what it says from one that met a service in trouble. */
function isRefusal({ type, status, code }) {
    if (type !== 'refused' || status === null)
        return false;
    return [400, 401, 403, 404].includes(status) || (code !== null && isAboutLogin(code));
}
/** hinted adds the hint to a refused login. */
async function hinted(login, hint) {
    try {
        return await login;
    }
    catch (error) {
        const failure = failureOf(error);
        throw failure === null || !isRefusal(failure) ? error : new CloudError({ ...failure, hint: hint(failure) });
    }
}

;// CONCATENATED MODULE: ./build/cloud/login/scope.js
/**
 * Which project credentials are for: what to ask IAM for, and whether the answer is what was asked.
 */


/** projectScope asks for a project by ID, or by name within its domain. */
function projectScope(given, domain) {
    if (isProjectId(given))
        return { project: { id: given } };
    return { project: { name: given, ...(domain === null ? {} : { domain }) } };
}
/** isProject tells whether a project is the one that was given by ID or by name. */
function isProject(project, given) {
    return (project.id === given ||
        project.name === given ||
        (isProjectId(given) && project.id.toLowerCase() === given.toLowerCase()));
}
/**
 * requireProject makes sure that credentials are scoped to the project that was asked for. An unscoped token would be answered
 * with other tenants' images (seen on OpenStack Glance), so nothing read with such credentials may be believed.
 * @param given null if the token's own project is meant
 * @param hint a sentence about variables that may explain a wrong project, or an empty text
 */
function requireProject(project, given, hint) {
    if (project === null) {
        throw new ProblemError({
            cause: given === null
                ? 'The token is not scoped to a project.'
                : `The credentials are not scoped to a project, but project ${given} is asked for.`,
            cure: `Use credentials of the member project: a token must be requested with a project scope.${hint}`,
        });
    }
    if (given === null || isProject(project, given))
        return project;
    throw new ProblemError({
        cause: `The credentials are for project ${scope_nameOf(project)}, but \`project\` is ${given}.`,
        cure: 'Give the project that the credentials are scoped to as `project`, or use credentials of that project. Nothing was changed.' +
            hint,
    });
}
/** findProject picks a project by ID or name from those that the caller can use; a name that fits several is refused. */
function findProject(projects, given, hint) {
    const found = projects.filter((project) => isProject(project, given));
    // An ID goes before a name that looks like it.
    const [first, second] = found.toSorted((a, b) => Number(b.id === given) - Number(a.id === given));
    if (first === undefined) {
        throw new ProblemError({
            cause: `The credentials cannot use a project ${given}.`,
            cure: `Check \`project\` and \`region\`, and that the user has a role in this project. Nothing was changed.${hint}`,
        });
    }
    if (second === undefined || first.id === given)
        return first;
    throw new ProblemError({
        cause: `The name ${given} fits ${found.length} projects: ${found.map((project) => project.id).join(', ')}.`,
        cure: 'Give the ID of the right one as `project`. Nothing was changed.',
    });
}
function scope_nameOf(project) {
    return project.name === null ? project.id : `${project.name} (${project.id})`;
}

;// CONCATENATED MODULE: ./build/cloud/channel.js
/**
 * A channel leads to one service with one identity: the clients above it name a path and get an answer.
 */


/** openChannel binds the image service's base URL and an identity. A 401 is answered with one renewal and one further try, never more. */
function openChannel(client, base, identity) {
    const bind = (call) => ({
        ...call,
        service: 'IMS',
        base,
        authorize: identity.authorize,
    });
    return {
        async send(call) {
            const generation = identity.generation;
            try {
                return await identity.pass(() => client.send(bind(call)));
            }
            catch (error) {
                if (failureOf(error)?.status !== 401)
                    throw error;
                // Another call may have renewed the identity while this one was under way.
                if (identity.generation === generation && !(await renewed(identity)))
                    throw channel_hinted(error, identity);
            }
            try {
                return await identity.pass(() => client.send(bind(call)));
            }
            catch (error) {
                throw channel_hinted(error, identity);
            }
        },
    };
}
async function renewed(identity) {
    try {
        return await identity.renew();
    }
    catch (error) {
        // Anything else is the end of the run, which nobody may take for a failed login.
        throw failureOf(error) !== null || error instanceof ProblemError ? new RenewalError(error) : error;
    }
}
function channel_hinted(error, { hint }) {
    const failure = failureOf(error);
    return failure?.status === 401 ? new CloudError({ ...failure, hint: hint(failure) }) : error;
}

;// CONCATENATED MODULE: ./build/cloud/iam.js



const JSON_UTF8 = { 'Content-Type': 'application/json;charset=utf8' };
const NOBODY = () => ({});
class Iam {
    #client;
    #base;
    #query;
    /** @param wantCatalog ask for the service catalog, which is some KB long and needed only where it names the image service */
    constructor(client, base, wantCatalog) {
        this.#client = client;
        this.#base = base;
        this.#query = wantCatalog ? '' : '?nocatalog=true';
    }
    /** byPassword obtains a token of an IAM user. A refusal must never be repeated: five lock the user. */
    byPassword(user, scope) {
        const { username, password, domain } = user;
        const identity = {
            methods: ['password'],
            password: { user: { name: username, password: password.reveal(), domain: { name: domain } } },
        };
        return this.#issueScoped(identity, scope);
    }
    /** byToken turns an unscoped or other token into one of the wanted scope. */
    byToken(token, scope) {
        const identity = { methods: ['token'], token: { id: token.reveal() } };
        return this.#issueScoped(identity, scope);
    }
    /** byAgency assumes an agency that another account (`domain`) has created for the caller's. */
    byAgency(agency, field, scope, caller) {
        const identity = { methods: ['assume_role'], assume_role: { domain_name: agency.domain, [field]: agency.name } };
        return this.#issueScoped(identity, scope, caller);
    }
    /** byIdToken exchanges an OIDC ID token (OTC IAM API reference, Obtaining a Token with an OpenID Connect ID Token). */
    byIdToken(provider, idToken, scope) {
        return this.#issue('/v3.0/OS-AUTH/id-token/tokens', async () => ({
            headers: { 'X-Idp-Id': provider },
            body: { auth: { id_token: { id: (await idToken()).reveal() }, ...scopeOf(scope) } },
        }));
    }
    /** byFederation exchanges an OIDC ID token for an unscoped token, on clouds that lack the call above. */
    byFederation(provider, idToken) {
        const path = `/v3/OS-FEDERATION/identity_providers/${encodeURIComponent(provider)}/protocols/oidc/auth`;
        return this.#issue(path, async () => ({ headers: { Authorization: `Bearer ${(await idToken()).reveal()}` } }));
    }
    /** inspect asks what a token is; a token may always ask about itself. */
    inspect(token) {
        return this.#client.send({
            method: 'GET',
            service: 'IAM',
            base: this.#base,
            path: `/v3/auth/tokens${this.#query}`,
            safety: 'safe',
            authorize: () => ({ 'X-Auth-Token': token.reveal(), 'X-Subject-Token': token.reveal() }),
            read: (reply) => readToken(jsonIn(reply)),
        });
    }
    /** ownProjects lists the projects that the caller can use; open to every identity, scoped or not. */
    ownProjects(authorize) {
        return this.#client.send({
            method: 'GET',
            service: 'IAM',
            base: this.#base,
            path: '/v3/auth/projects',
            safety: 'safe',
            authorize,
            read: (reply) => listOf(fieldsOf(jsonIn(reply))['projects'])
                .map(readProject)
                .filter((project) => project !== null),
        });
    }
    #issueScoped(identity, scope, caller = NOBODY) {
        const body = { auth: { identity, ...scopeOf(scope) } };
        return this.#issue(`/v3/auth/tokens${this.#query}`, async () => ({ body }), caller);
    }
    /** @param prepare gives what belongs to each attempt alone */
    #issue(path, prepare, authorize = NOBODY) {
        // A login may be sent again if its answer did not come or was of no use: it changes nothing.
        return this.#client.send({
            method: 'POST',
            service: 'IAM',
            base: this.#base,
            path,
            safety: 'safe',
            authorize,
            prepare: async () => {
                const { headers, body } = await prepare();
                return body === undefined ? { headers } : { headers: { ...JSON_UTF8, ...headers }, body: JSON.stringify(body) };
            },
            read: (reply) => {
                const value = reply.headers['x-subject-token'];
                if (value === undefined || value === '')
                    throw new Unusable('holds no token (header X-Subject-Token)');
                return { token: this.#client.hide(value), ...readToken(jsonOf(reply.text)) };
            },
        });
    }
}
function scopeOf(scope) {
    return scope === null ? {} : { scope };
}
function readToken(body) {
    const token = fieldsOf(fieldsOf(body)['token']);
    return {
        project: readProject(token['project']),
        userDomainId: textOf(fieldsOf(fieldsOf(token['user'])['domain'])['id']),
        catalog: token['catalog'],
    };
}
function readProject(value) {
    const fields = fieldsOf(value);
    const id = textOf(fields['id']);
    if (id === null)
        return null;
    return {
        id,
        name: textOf(fields['name']),
        domainId: textOf(fields['domain_id']) ?? textOf(fieldsOf(fields['domain'])['id']),
    };
}

;// CONCATENATED MODULE: ./build/cloud/job.js


/**
 * readJob understands both job paths' answers; a body without a known status word means "still running".
 * @param redact takes secrets out of reasons and codes, which are shortened
 */
function readJob(body, redact) {
    const job = fieldsOf(body);
    const entities = fieldsOf(job['entities']);
    const images = new Map();
    for (const entry of job_entriesOf(job, entities)) {
        const id = textOf(entry['image_id']) ?? textOf(fieldsOf(entry['entities'])['image_id']) ?? textOf(entry['id']);
        if (id === null)
            continue;
        const word = wordOf(entry, redact);
        const known = images.get(id.toLowerCase());
        // Contradictory entries for one image: the worse word stands, because the members are read anyway.
        if (known === undefined || known.state !== 'failure')
            images.set(id.toLowerCase(), word);
    }
    const own = wordOf(job, redact);
    const inner = wordOf(entities, redact);
    return { state: own.state, code: own.code ?? inner.code, message: own.message ?? inner.message, images };
}
function job_entriesOf(job, entities) {
    const lists = [entities['results'], entities['sub_jobs_result'], job['results'], job['sub_jobs_result']];
    const entries = lists.flatMap(listOf).map(fieldsOf);
    // A sub-job may hold results of its own.
    return entries.flatMap((entry) => [entry, ...listOf(fieldsOf(entry['entities'])['results']).map(fieldsOf)]);
}
const SUCCESS = /^(success|succeeded|successful)$/;
const FAILURE = /^(fail|failed|failure|error)$/;
function wordOf(fields, redact) {
    const word = textOf(fields['status'])?.trim().toLowerCase() ?? '';
    const nested = fieldsOf(fields['error']);
    const inner = fieldsOf(fields['entities']);
    const code = firstText(fields['error_code'], fields['addition_error_code'], nested['code'], fields['alarm_code'], inner['error_code']);
    const message = firstText(fields['fail_reason'], fields['error_msg'], fields['addition_error_msg'], nested['message'], fields['error'], inner['fail_reason']);
    return {
        state: SUCCESS.test(word) ? 'success' : FAILURE.test(word) ? 'failure' : 'running',
        code: code === null ? null : messageOf(code, redact),
        message: message === null ? null : messageOf(message, redact),
    };
}
function firstText(...values) {
    for (const value of values) {
        const text = textOf(value);
        if (text !== null)
            return text;
    }
    return null;
}

;// CONCATENATED MODULE: ./build/cloud/ims.js




/** How many images one page may hold (OTC IMS API reference, Querying Images: 1–1000). Services may give fewer without a word. */
const PAGE = 1000;
class Ims {
    #channel;
    constructor(channel) {
        this.#channel = channel;
    }
    /**
     * updateMembers submits the change and gives the job's ID (OTC IMS API reference, Updating Image Members).
     * An answer without a job ID counts as lost, because the change may have begun.
     * @param onDoubt see `Call`
     */
    updateMembers(change, onDoubt) {
        const { images, project, status, vault } = change;
        const body = JSON.stringify({
            images,
            project_id: project,
            status,
            ...(vault === null ? {} : { vault_id: vault }),
        });
        return this.#channel.send({
            method: 'PUT',
            path: '/v1/cloudimages/members',
            body,
            safety: 'change',
            onDoubt,
            read: (reply) => {
                const { job_id: id } = fieldsOf(jsonIn(reply));
                const jobId = typeof id === 'number' ? String(id) : textOf(id);
                if (jobId === null)
                    throw new Unusable('holds no job ID');
                return { jobId, requestId: requestIdOf(reply) };
            },
        });
    }
    /** getJob asks one of the two job paths (OTC IMS API reference, Querying an Asynchronous Job). */
    getJob(project, jobId, path) {
        // Opaque, so perhaps not even well-formed; what cannot be asked for is not found.
        const id = encodeURIComponent(jobId.toWellFormed());
        const at = path === 'project' ? `/v1/${encodeURIComponent(project)}/jobs/${id}` : `/v1/cloudimages/job/${id}`;
        return this.#channel.send({
            method: 'GET',
            path: at,
            safety: 'poll',
            read: (reply, redact) => ({ ...readJob(jsonIn(reply), redact), requestId: requestIdOf(reply) }),
        });
    }
    /** getMember gives the member's status in an image, or null where the image is not shared with it (404). */
    getMember(image, member) {
        const path = `/v2/images/${image}/members/${encodeURIComponent(member)}`;
        return orNull(this.#get(path, (body) => {
            const { status, image_id: about } = fieldsOf(body);
            const known = memberStatusOf(status);
            if (known === null)
                throw new Unusable('holds no member status');
            // What is said of another image must never prove anything of this one.
            if (typeof about === 'string' && about.toLowerCase() !== image)
                throw new Unusable('is about another image');
            return known;
        }));
    }
    /** getImage gives what the member may see of an image, or null where it may see nothing (404). */
    getImage(image) {
        return orNull(this.#get(`/v2/images/${image}`, readImage));
    }
    /**
     * listShared gives one page of the shared images in which the project has this member status. The list holds the project's own
     * shared-out images too, and may repeat entries (OTC IMS API reference, Querying Images; seen on OpenStack Glance).
     */
    listShared(filter) {
        const query = [
            `member_status=${filter.memberStatus}`,
            'visibility=shared',
            '__imagetype=shared',
            ...(filter.wholeImage === undefined ? [] : [`__whole_image=${filter.wholeImage}`]),
            ...(filter.id === undefined ? [`limit=${PAGE}`] : [`id=${filter.id}`]),
            ...(filter.marker === undefined ? [] : [`marker=${filter.marker}`]),
        ].join('&');
        return this.#get(`/v2/cloudimages?${query}`, (body) => {
            const images = fieldsOf(body)['images'];
            if (!Array.isArray(images))
                throw new Unusable('holds no list of images');
            return images.map(readImage).filter((image) => image !== null);
        });
    }
    #get(path, read) {
        return this.#channel.send({ method: 'GET', path, safety: 'safe', read: (reply) => read(jsonIn(reply)) });
    }
}
async function orNull(answer) {
    try {
        return await answer;
    }
    catch (error) {
        if (failureOf(error)?.status === 404)
            return null;
        throw error;
    }
}
function memberStatusOf(value) {
    const word = textOf(value)?.toLowerCase();
    return word === 'pending' || word === 'accepted' || word === 'rejected' ? word : null;
}
function readImage(value) {
    const fields = fieldsOf(value);
    const id = textOf(fields['id'])?.toLowerCase();
    // It goes into paths and reports; what is no image ID is no image of ours.
    if (id === undefined || !ims_UUID.test(id))
        return null;
    const key = fields['__system__cmkid'];
    return {
        id,
        name: textOf(fields['name']),
        owner: textOf(fields['owner']),
        kind: {
            fullEcs: flagOf(fields['__whole_image']),
            encrypted: key === undefined ? null : textOf(key) !== null,
        },
        fromBackup: textOf(fields['__backup_id']) !== null,
        visibility: textOf(fields['visibility']),
        status: textOf(fields['status'])?.toLowerCase() ?? null,
    };
}
const ims_UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** imageIdsIn finds the image IDs that a text names, such as the message of a refused batch. */
function imageIdsIn(text) {
    const ids = text.toLowerCase().match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g);
    return new Set(ids ?? []);
}

;// CONCATENATED MODULE: ./build/cloud/sign.js
/**
 * Request signatures of the form `SDK-HMAC-SHA256 Access=…` (Huawei Cloud, API Request Signing Guide; OTC, API Gateway user
 * guide, Calling APIs Through IAM Authentication). Pure: the same request, keys and date give the same headers.
 */
const ALGORITHM = 'SDK-HMAC-SHA256';
/**
 * sign gives the headers to send: those handed in, `X-Sdk-Date`, `host` and `Authorization`. Host, date and authorization among
 * the given headers are replaced. Sign every attempt anew, because a signature ages.
 */
function sign(request) {
    const own = new Set(['host', 'x-sdk-date', 'authorization']);
    const headers = {
        ...Object.fromEntries(Object.entries(request.headers).filter(([name]) => !own.has(name.toLowerCase()))),
        'X-Sdk-Date': request.date,
        host: new URL(request.url).host,
    };
    const canonical = canonicalRequest({ ...request, headers });
    const signature = sign_crypto()
        .createHmac('sha256', request.secretKey)
        .update(stringToSign(canonical, request.date))
        .digest('hex');
    const names = namesOf(headers).join(';');
    return {
        ...headers,
        Authorization: `${ALGORITHM} Access=${request.accessKey}, SignedHeaders=${names}, Signature=${signature}`,
    };
}
/** canonicalRequest gives the request in the one form that both sides hash; `headers` are exactly those to be signed. */
function canonicalRequest({ method, url, headers, body }) {
    const { pathname, search } = new URL(url);
    const names = namesOf(headers);
    const values = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]));
    const lines = names.map((name) => `${name}:${values.get(name)}\n`).join('');
    const payload = values.get('x-sdk-content-sha256') ?? sha256(body ?? '');
    return [method, canonicalPath(pathname), canonicalQuery(search), lines, names.join(';'), payload].join('\n');
}
/** stringToSign gives the text that the secret key signs. */
function stringToSign(canonical, date) {
    return `${ALGORITHM}\n${date}\n${sha256(canonical)}`;
}
/** sdkDate writes milliseconds since the epoch as the header X-Sdk-Date wants them: `20260301T120000Z`. */
function sdkDate(epochMs) {
    return new Date(epochMs).toISOString().replace(/[-:]|\.\d+/g, '');
}
function namesOf(headers) {
    return Object.keys(headers)
        .map((name) => name.toLowerCase())
        .sort();
}
/** The canonical path ends in a slash, whether or not the one on the wire does. */
function canonicalPath(path) {
    const encoded = path.split('/').map(encode).join('/');
    return encoded.endsWith('/') ? encoded : `${encoded}/`;
}
/** Encoded first, then sorted by key and value; a key without a value gets its equals sign. */
function canonicalQuery(search) {
    const pairs = search
        .slice(1)
        .split('&')
        .filter((pair) => pair !== '')
        .map((pair) => {
        const [key = '', ...value] = pair.split('=');
        return [encode(key), encode(value.join('='))];
    });
    pairs.sort(([key, value], [otherKey, otherValue]) => order(key, otherKey) || order(value, otherValue));
    return pairs.map(([key, value]) => `${key}=${value}`).join('&');
}
function order(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
}
/**
 * Percent-encodes all but unreserved characters. What is encoded on the wire already is decoded first: one of the vendor's signers
 * encodes such paths twice and the others do not, so callers keep paths free of anything that needs encoding.
 */
function encode(part) {
    return encodeURIComponent(sign_decode(part)).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
function sign_decode(part) {
    try {
        return decodeURIComponent(part);
    }
    catch {
        return part;
    }
}
function sha256(text) {
    return sign_crypto().createHash('sha256').update(text).digest('hex');
}
/** Loaded on first use, because only one of the login methods signs and loading costs every start. */
function sign_crypto() {
    return process.getBuiltinModule('node:crypto');
}

;// CONCATENATED MODULE: ./build/cloud/login/identity.js
/**
 * The two kinds of identity that a call can carry: a token that may be renewed once, and keys that sign every request.
 */


/** bearer authorises with a token as it is. */
function bearer(token) {
    return () => ({ 'X-Auth-Token': token.reveal() });
}
/** TokenIdentity carries a token, and may log in again once if it can. */
class TokenIdentity {
    #token;
    #generation = 0;
    #renewal = null;
    #login;
    hint;
    /**
     * @param login logs in anew; null if that is not possible (method token)
     * @param hint what to do if the token is refused and cannot be renewed (again)
     */
    constructor(token, login, hint) {
        this.#token = token;
        this.#login = login;
        this.hint = hint;
    }
    get generation() {
        return this.#generation;
    }
    authorize = () => ({ 'X-Auth-Token': this.#token.reveal() });
    pass = (send) => send();
    renew() {
        if (this.#login === null || this.#generation > 0)
            return Promise.resolve(false);
        this.#renewal ??= this.#login().then((token) => {
            this.#token = token;
            this.#generation = 1;
            return true;
        });
        return this.#renewal;
    }
}
/**
 * signer signs each request anew with the time of its attempt, because a signature older than 15 minutes is refused
 * (Huawei Cloud, API Request Signing Guide). `extra` headers, such as X-Project-Id, are signed with the rest.
 */
function signer(keys, clock, extra) {
    return (request) => {
        const token = keys.securityToken === null ? {} : { 'X-Security-Token': keys.securityToken.reveal() };
        return sign({
            method: request.method,
            url: request.url,
            headers: { ...request.headers, ...extra, ...token },
            body: request.body,
            accessKey: keys.accessKey.reveal(),
            secretKey: keys.secretKey.reveal(),
            date: sdkDate(clock.now()),
        });
    };
}
/**
 * KeyProbe lets calls through one at a time until the keys have been accepted once, and no call after a refusal before that: five
 * refusals in a row lock an access key, and a run sends more than five requests side by side.
 */
class KeyProbe {
    #proven = false;
    #refusal = null;
    #trial = null;
    pass = async (send) => {
        while (!this.#proven) {
            if (this.#refusal !== null)
                throw this.#refusal;
            if (this.#trial === null)
                return this.#try(send);
            await this.#trial;
        }
        return send();
    };
    #try(send) {
        const call = send();
        this.#trial = call.then(() => this.#settle(200, null), (error) => this.#settle(failureOf(error)?.status ?? null, error));
        return call;
    }
    /** A 403 comes from behind the check of the signature; other failures may come from before it, and prove nothing. */
    #settle(status, error) {
        this.#trial = null;
        if (status === 401)
            this.#refusal = error;
        if (status === 200 || status === 403)
            this.#proven = true;
    }
}
/** KeyIdentity signs; there is nothing to renew, and a refused signature is never repeated, because five lock the key. */
class KeyIdentity {
    generation = 0;
    authorize;
    hint;
    pass;
    constructor(keys, clock, project, probe, hint) {
        this.pass = probe.pass;
        this.authorize = signer(keys, clock, { 'X-Project-Id': project });
        this.hint = hint;
    }
    renew() {
        return Promise.resolve(false);
    }
}

;// CONCATENATED MODULE: ./build/cloud/login/session.js









/** iamAt gives the client for the target's IAM. The catalog is requested only if it is needed to find the image service. */
function iamAt({ endpoints }, { client }) {
    return new Iam(client, endpoints.iam, endpoints.ims?.final !== true);
}
/** openSession connects an identity to the image service. */
async function openSession(target, { client }, identity, project, catalog) {
    // Whoever awaits the project learns of its failure; until then it must not count as unhandled.
    project.catch(() => { });
    const imsUrl = await imageServiceUrl(target.endpoints, target.region, catalog);
    return { ims: new Ims(openChannel(client, imsUrl, identity)), imsUrl, project };
}
/** openWithToken obtains a token by `login` and opens a session that renews it once, in the same way. */
async function openWithToken(target, tools, login) {
    const iam = iamAt(target, tools);
    const issue = (fresh) => hinted(login(iam, fresh), tools.refusalHint);
    // The answer to an OIDC login may lack project and catalog (OTC IAM API reference, the example): ask IAM about the token.
    const scopeOf = async (issued) => {
        const { project, catalog } = issued.project === null ? await iam.inspect(issued.token) : issued;
        return { project: requireProject(project, target.given, tools.projectHint), catalog };
    };
    const first = await issue(false);
    const scope = scopeOf(first);
    scope.catch(() => { });
    const renew = async () => {
        const next = await tools.renewals.pass(() => issue(true));
        // A renewed token has to be scoped to the same project as the first one.
        const [before, after] = await Promise.all([scope, scopeOf(next)]);
        requireProject(after.project, before.project.id, '');
        return next.token;
    };
    return openSession(target, tools, new TokenIdentity(first.token, renew, () => 'A fresh token was refused as well.'), scope.then(({ project }) => project), async () => first.catalog ?? (await scope).catalog);
}
/**
 * RenewalLock lets one renewal through at a time, and none after a refused one: a run with many projects would otherwise send enough
 * refused logins to lock the account.
 */
class RenewalLock {
    #last = Promise.resolve();
    #refusal = null;
    #onRenewal;
    /** @param onRenewal called after every successful renewal */
    constructor(onRenewal) {
        this.#onRenewal = onRenewal;
    }
    pass(login) {
        const turn = this.#last.then(() => {
            if (this.#refusal !== null)
                throw this.#refusal;
            return login();
        });
        this.#last = turn.then(this.#onRenewal, (error) => {
            if (error instanceof ProblemError || failureOf(error)?.type === 'refused')
                this.#refusal = error;
        });
        return turn;
    }
}

;// CONCATENATED MODULE: ./build/cloud/login/agency.js







/** loginByAgency wraps a login: that one authenticates the caller, and the session gets the agency's token. */
function loginByAgency(agency, base, tools) {
    let caller = null;
    return {
        async open(target) {
            const { given } = target;
            if (given === null) {
                throw new ProblemError({
                    cause: `An agency of ${agency.domain} is to be assumed, but no \`project\` is given.`,
                    cure: "Give the member project in that account as `project`: the token's own project is in another account.",
                });
            }
            const scope = projectScope(given, { name: agency.domain });
            // The refusal of an agency concerns the agency: the caller's credentials have passed, unless they were refused (401).
            const hint = (failure) => [agencyHint(agency), failure.status === 401 ? tools.refusalHint(failure) : ''].filter(Boolean).join('\n');
            return openWithToken(target, { ...tools, refusalHint: (failure) => failure.hint }, async (iam, fresh) => {
                // The first login serves every project; a renewal logs in anew, in case the caller's own token has died too.
                if (fresh || caller === null)
                    caller = base.authorizeAgency(target, fresh);
                return hinted(assume(agency, iam, target, scope, await caller), hint);
            });
        },
        authorizeAgency: base.authorizeAgency,
    };
}
function agencyHint({ name, domain }) {
    const id = isAccountId(domain)
        ? ` ${domain} looks like the ID of an account: give the account's name as \`agency-domain\`.`
        : '';
    return `Agency ${name} of account ${domain} was to be assumed.${id}`;
}
/** OTC calls the agency's name xrole_name, Huawei Cloud agency_name; if the cloud is not known, a 400 leads to the other one. */
async function assume(agency, iam, { region, endpoints }, scope, caller) {
    const fields = cloudFamily(region ?? new URL(endpoints.iam).hostname) === 'huawei'
        ? ['agency_name', 'xrole_name']
        : ['xrole_name', 'agency_name'];
    const attempt = (field) => iam.byAgency(agency, field, scope, caller);
    return attempt(fields[0]).catch((error) => {
        if (failureOf(error)?.status !== 400)
            throw error;
        return attempt(fields[1]);
    });
}

;// CONCATENATED MODULE: ./build/cloud/availability.js
/**
 * Whether a refused call is open to this identity and offered by this host at all. Anything else that goes wrong is a failure.
 */

/** Each service's own codes: a 404 with one of them is about what the call names, not about the call. */
const OWN_CODES = { IAM: /^IAM\./i, IMS: /^IMG\./i, GitHub: /^$/ };
/**
 * unavailability tells a call that is `closed` to the identity (403) from one that the host does not offer (`missing`): 405, 501, and a
 * 404 that does not come from the service itself. Null for every other error.
 */
function unavailability(error) {
    const failure = failureOf(error);
    if (failure?.type !== 'refused')
        return null;
    const { status, code, service } = failure;
    if (status === 403)
        return 'closed';
    if (status === 405 || status === 501)
        return 'missing';
    return status === 404 && !OWN_CODES[service].test(code ?? '') ? 'missing' : null;
}

;// CONCATENATED MODULE: ./build/cloud/login/keys.js







function loginByKeys(keys, tools) {
    const { clock, refusalHint, projectHint } = tools;
    const asked = new Map();
    const probe = new KeyProbe();
    const projectsAt = (target) => {
        const { iam } = target.endpoints;
        const listed = () => iamAt(target, tools).ownProjects(signer(keys, clock, {}));
        const known = asked.get(iam) ?? ifAvailable(hinted(probe.pass(listed), refusalHint));
        asked.set(iam, known);
        return known;
    };
    return {
        async open(target) {
            const wanted = target.given ?? '';
            const projects = await projectsAt(target);
            const project = projects === null ? unlisted(wanted, projectHint) : findProject(projects, wanted, projectHint);
            const identity = new KeyIdentity(keys, clock, project.id, probe, refusalHint);
            return openSession(target, tools, identity, Promise.resolve(project), async () => undefined);
        },
        async authorizeAgency(target) {
            // IAM wants the caller's domain in signed calls; every project names it.
            const domainId = (await projectsAt(target))?.find((project) => project.domainId !== null)?.domainId;
            return signer(keys, clock, domainId === undefined || domainId === null ? {} : { 'X-Domain-Id': domainId });
        },
    };
}
/** Some identities may not make the call, and some clouds do not offer it: null. A refused signature is an error. */
async function ifAvailable(projects) {
    try {
        return await projects;
    }
    catch (error) {
        if (unavailability(error) !== null)
            return null;
        throw error;
    }
}
/**
 * If the projects cannot be listed, an ID is used as it is: it is signed into every request, and the service checks it. Finding a
 * project by name with `GET /v3/projects` does not work either: that call needs the domain's ID signed, which only a project tells.
 */
function unlisted(given, hint) {
    if (isProjectId(given))
        return { id: given, name: null, domainId: null };
    throw new ProblemError({
        cause: `The ID of project ${given} cannot be found: IAM does not list the projects of these keys.`,
        cure: `Give the ID of the project as \`project\`. Nothing was changed.${hint}`,
    });
}

;// CONCATENATED MODULE: ./build/cloud/login/oidc.js









function loginByOidc({ identityProvider }, tools) {
    const exchange = async (iam, given) => {
        // An ID token lives for minutes, and some providers take each one only once: every attempt of every exchange has its own.
        let sent = null;
        const fresh = async () => {
            sent = await tools.idToken();
            return sent;
        };
        try {
            return await exchangeToken(iam, identityProvider, fresh, given, tools.projectHint);
        }
        catch (error) {
            const failure = failureOf(error);
            throw failure?.service !== 'IAM' || sent === null || !isRefusal(failure)
                ? error
                : refused(identityProvider, sent, failure, error);
        }
    };
    return {
        open: (target) => openWithToken(target, tools, (iam) => exchange(iam, target.given)),
        authorizeAgency: async (target) => bearer((await exchange(iamAt(target, tools), null)).token),
    };
}
/** The call with scope comes first; a cloud that does not offer it gets the older one, whose token is unscoped. */
async function exchangeToken(iam, provider, idToken, given, projectHint) {
    try {
        return await iam.byIdToken(provider, idToken, given === null ? null : projectScope(given, null));
    }
    catch (error) {
        if (unavailability(error) !== 'missing')
            throw error;
    }
    const unscoped = await iam.byFederation(provider, idToken);
    if (given === null)
        return unscoped;
    if (isProjectId(given))
        return iam.byToken(unscoped.token, projectScope(given, null));
    // A name needs its domain; the caller's own list of projects gives the ID straight away.
    const project = findProject(await iam.ownProjects(bearer(unscoped.token)), given, projectHint);
    return iam.byToken(unscoped.token, projectScope(project.id, null));
}
/** The most telling ones first: a long text is cut. */
const CLAIMS = [
    'iss',
    'aud',
    'sub',
    'kid',
    'iat',
    'exp',
    'repository',
    'repository_id',
    'repository_owner_id',
    'environment',
    'job_workflow_ref',
    'ref',
];
const DOCUMENTATION = 'https://github.com/org/ims-members-action/blob/v1/docs/authentication.md#oidc-keyless';
/** A refused exchange is explained by what was sent: the claims, never the token. */
function refused(provider, jwt, failure, cause) {
    const [header, payload] = jwt.reveal().split('.').map(readSegment).map(fieldsOf);
    const claims = { ...payload, kid: header?.['kid'], iat: timeOf(payload?.['iat']), exp: timeOf(payload?.['exp']) };
    const sent = CLAIMS.map((name) => [name, fieldsOf(claims)[name]])
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
    const code = failure.code === null ? '' : `, ${failure.code}`;
    const detail = failure.detail === '' ? '' : `: ${failure.detail}`;
    return new ProblemError({
        cause: `IAM refused the workflow's ID token for identity provider ${provider} (HTTP ${failure.status}${code}${detail}). Claims sent: ${sent.join('; ')}.`,
        cure: [
            'Usual causes:',
            "(1) The identity provider's client ID is not exactly this aud: set `audience` to the client ID.",
            "(2) The signing key stored at IAM is older than this kid: paste GitHub's current key set (https://token.actions.githubusercontent.com/.well-known/jwks) again.",
            '(3) No conversion rule matches this sub: since July 2026 new and renamed repositories send repo:owner@id/repo@id:…, older ones repo:owner/repo:…, so list both.',
            '(4) The provider is disabled, or `identity-provider` is misspelt.',
            '(5) The mapped group has no role in `project`.',
            "(6) IAM's clock is not between this iat and exp.",
            `Set-up, step by step: ${DOCUMENTATION}`,
        ].join('\n'),
        code: failure.code,
        requestId: failure.requestId,
    }, { cause });
}
/** Seconds since the epoch, as people read them; anything else as it is. */
function timeOf(seconds) {
    const time = new Date(typeof seconds === 'number' ? seconds * 1000 : Number.NaN);
    return Number.isNaN(time.getTime()) ? seconds : time.toISOString().replace('.000Z', 'Z');
}
function readSegment(segment) {
    return jsonOf(Buffer.from(segment, 'base64url').toString('utf8'));
}

;// CONCATENATED MODULE: ./build/cloud/login/credentials-by-method.js






/** loginBy gives the login of the credentials' method. */
function loginBy(credentials, tools) {
    switch (credentials.method) {
        case 'token':
            return loginByToken(credentials.token, tools);
        case 'password':
            return loginByPassword(credentials, tools);
        case 'aksk':
            return loginByKeys(credentials, tools);
        case 'oidc':
            return loginByOidc(credentials, tools);
    }
}
/** A token cannot be renewed, and IAM is asked which project it is for. */
function loginByToken(token, tools) {
    return {
        open(target) {
            // Sent at once but not awaited: the images can be looked at in the meantime.
            const info = hinted(iamAt(target, tools).inspect(token), tools.refusalHint);
            info.catch(() => { });
            const project = info.then((known) => requireProject(known.project, target.given, tools.projectHint));
            const identity = new TokenIdentity(token, null, tools.refusalHint);
            return openSession(target, tools, identity, project, async () => (await info).catalog);
        },
        authorizeAgency: async () => bearer(token),
    };
}
function loginByPassword(user, tools) {
    const domain = { name: user.domain };
    return {
        // Method password always comes with `project`; an empty name would be refused by IAM.
        open: (target) => openWithToken(target, tools, (iam) => iam.byPassword(user, projectScope(target.given ?? '', domain))),
        // The role Agent Operator is granted on the domain, so the token is scoped to the domain.
        authorizeAgency: async (target) => {
            const { token } = await hinted(iamAt(target, tools).byPassword(user, { domain }), tools.refusalHint);
            return bearer(token);
        },
    };
}

;// CONCATENATED MODULE: ./build/cloud/login/index.js




/** createLogin gives the login for a set of credentials, through the agency if there is one. */
function createLogin(credentials, agency, tools) {
    const login = loginBy(credentials, tools);
    return agency === null ? login : loginByAgency(agency, login, tools);
}

;// CONCATENATED MODULE: ./build/deadline.js
/**
 * The run's one end: a deadline or a cancellation, as one signal that reaches every request and every wait.
 */
/** RunStopped is the reason of the run's signal. */
class RunStopped extends Error {
    reason;
    constructor(reason) {
        super(reason === 'timeout' ? 'the time-out of the run was reached' : 'the run was cancelled');
        this.name = 'RunStopped';
        this.reason = reason;
    }
}
/** deadlineAfter makes a deadline of `ms` milliseconds that `cancel` can bring forward. */
function deadlineAfter(ms, cancel) {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new RunStopped('timeout')), ms);
    const clear = () => {
        clearTimeout(timer);
        cancel.removeEventListener('abort', onCancel);
    };
    const onCancel = () => {
        clear();
        controller.abort(new RunStopped('cancelled'));
    };
    if (cancel.aborted)
        onCancel();
    else
        cancel.addEventListener('abort', onCancel, { once: true });
    const end = () => {
        clear();
        // Requests that ran beside one that failed are still being retried, for nobody.
        controller.abort(new Error('the run is over'));
    };
    return { signal: controller.signal, end };
}

;// CONCATENATED MODULE: ./build/github/id-token.js
/**
 * The workflow's OIDC ID token, asked for at the runner's token endpoint over the same HTTP path as everything else.
 */




/**
 * requestIdToken obtains a fresh ID token (GitHub Docs, OpenID Connect reference: a GET with the request token, `audience` in the
 * query). It is masked before anything else happens to it.
 */
async function requestIdToken(client, oidc) {
    const url = new URL(oidc.requestUrl);
    if (oidc.audience !== null)
        url.searchParams.set('audience', oidc.audience);
    const token = client.send({
        method: 'GET',
        service: 'GitHub',
        base: url.origin,
        path: url.pathname + url.search,
        safety: 'safe',
        authorize: () => ({ Authorization: `Bearer ${oidc.requestToken.reveal()}` }),
        read: (reply) => {
            const value = textOf(fieldsOf(jsonIn(reply))['value']);
            if (value === null)
                throw new Unusable('holds no ID token');
            return client.hide(value);
        },
    });
    try {
        return await token;
    }
    catch (error) {
        const failure = failureOf(error);
        throw failure?.type === 'refused' ? id_token_refused(failure, error) : error;
    }
}
function id_token_refused({ call, host, status, detail, code, requestId }, cause) {
    return new ProblemError({
        cause: `GitHub did not hand out an ID token (${call} at ${host}: HTTP ${status}${detail === '' ? '' : `, ${detail}`}).`,
        cure: 'See that the job has the permission `id-token: write`, and that the step runs inside the job: what gives the right to ask ends with it. If both are so, see whether GitHub Actions has an outage.',
        code,
        requestId,
    }, { cause });
}

;// CONCATENATED MODULE: ./build/pool.js
/**
 * Doing many things side by side, but not all at once.
 */
/**
 * pool runs `work` over the items, at most `limit` at a time, and gives the results in the items' order. After an error no
 * further item is begun, and the first error is thrown once those under way have ended: nothing goes on behind the caller's back.
 */
async function pool(items, limit, work) {
    const results = [];
    const errors = [];
    let next = 0;
    const worker = async () => {
        for (let index = next++; index < items.length && errors.length === 0; index = next++) {
            const item = items[index];
            try {
                results[index] = await work(item);
            }
            catch (error) {
                errors.push(error);
            }
        }
    };
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
    if (errors.length > 0)
        throw errors[0];
    return results;
}

;// CONCATENATED MODULE: ./build/decide/batches.js
/**
 * Change: how the images of a project are put into requests, and how a refused request is divided.
 */
/** Our own limit; the service documents none. */
const BATCH_SIZE = 50;
/**
 * planBatches makes requests of at most 50 images, in input order. Images that need the vault, or may need it, travel apart from
 * those that do not: whether the service ignores a superfluous `vault_id` is not documented.
 */
function planBatches(needs, vault) {
    const withVault = vault === null ? [] : needs.filter((need) => need.fullEcs !== false);
    const without = vault === null ? needs : needs.filter((need) => need.fullEcs === false);
    return [...slices(without, null), ...slices(withVault, vault)];
}
function slices(needs, vault) {
    const batches = [];
    for (let start = 0; start < needs.length; start += BATCH_SIZE) {
        batches.push({ images: needs.slice(start, start + BATCH_SIZE).map((need) => need.image), vault });
    }
    return batches;
}
/**
 * divide splits a batch that was refused because of one of its images. Images that the refusal names go one way and the rest the
 * other, which finds a named culprit at once; otherwise the batch is halved.
 * @param named image IDs found in the service's message
 */
function divide(batch, named) {
    const accused = batch.images.filter((image) => named.has(image));
    if (accused.length > 0 && accused.length < batch.images.length) {
        const rest = batch.images.filter((image) => !named.has(image));
        return [
            { ...batch, images: rest },
            { ...batch, images: accused },
        ];
    }
    const middle = Math.ceil(batch.images.length / 2);
    return [
        { ...batch, images: batch.images.slice(0, middle) },
        { ...batch, images: batch.images.slice(middle) },
    ];
}

;// CONCATENATED MODULE: ./build/decide/pace.js
/**
 * How long to wait before asking a job again.
 */
/** When a job is asked, in milliseconds after its submission: these first, then along the waypoints. */
const EARLY = [0, 100, 350, 650, 950, 1250, 1550, 1850];
/** After the last early poll: reach `at` in so many polls, each wait longer than the one before by the same ratio. */
const WAYPOINTS = [
    { at: 3_100, polls: 4 },
    { at: 10_300, polls: 8 },
    { at: 31_000, polls: 7 },
    { at: 64_000, polls: 5 },
];
/** From then on a steady pace, which meets every full minute four seconds later. */
const pace_LONGEST = 10_000;
const JITTER = 0.04;
/** dueTimes lists, in milliseconds after the submission, when a job is asked; without end. */
function* dueTimes() {
    let due = 0;
    for (const early of EARLY) {
        due = early;
        yield due;
    }
    for (const { at, polls } of WAYPOINTS) {
        const ratio = (at / due) ** (1 / polls);
        for (let poll = 0; poll < polls; poll++) {
            due *= ratio;
            yield due;
        }
    }
    for (;;) {
        due += pace_LONGEST;
        yield due;
    }
}
/**
 * pollDelay gives the wait in milliseconds before the next poll of a job.
 *
 * Nobody knows beforehand how long a job takes: the documented ones took 0.6 and 0.85 s, full-ECS images surely longer. The lag
 * after a job's end is half of the last wait on average; so waits that are a fixed share of the time already spent, about 15 %,
 * keep the lag at a fixed share of the job's duration, at a number of polls that grows with the logarithm of it only. Up to two
 * seconds a steady 0.3 s is enough and saves polls; after a minute a steady 10 s is often enough and costs little. The first poll
 * follows the submission at once, as a job may have nothing to do. The polls are due at fixed times and not so long after the
 * answer before, so that a slow network does not stretch them; the waypoints put one shortly after 3, 10, 30 and 60 s and every
 * further minute, because services that work in ticks finish at round times. Some jitter keeps runs that began together apart.
 * docs/performance.md shows the lag for round and for other durations.
 *
 * @param elapsed milliseconds since the submission
 * @param polls how many polls were made
 * @param random in [0, 1)
 * @param fixed the input `poll-interval` in milliseconds, which is kept exactly; null for the adaptive pace
 */
function pollDelay(elapsed, polls, random, fixed) {
    if (polls === 0)
        return 0;
    if (fixed !== null)
        return fixed;
    const times = dueTimes();
    let before = 0;
    let due = 0;
    while (due <= elapsed) {
        before = due;
        due = times.next().value;
    }
    return Math.round(due - elapsed + JITTER * random * (due - before));
}
/**
 * shareDelay gives the wait before asking again whether an image is shared by now: a second at first, an eighth of the time
 * waited later, half a minute at most. The owner's share job takes seconds, and nobody watches this wait.
 * @param elapsed milliseconds since the first look
 */
function shareDelay(elapsed, random) {
    const wait = Math.min(30_000, Math.max(1000, elapsed / 8));
    return Math.round(wait * (0.95 + 0.1 * random));
}
/** How long members may lag behind a job that says it has succeeded before its word is disbelieved. */
const PROOF_PATIENCE = 8000;
/** The same for a job that says it has failed: its word is no proof either, but a true failure should not be waited for as long. */
const FAILED_PATIENCE = 5000;
/** proofDelay gives the wait before members are read again: 0.1 s at first, growing with the time spent, 1 s at most. */
function proofDelay(elapsed) {
    return Math.min(1000, Math.max(100, Math.round(elapsed / 3)));
}
/** How long a change whose answer was lost is given to show in the members before it is sent again. */
const LOST_PATIENCE = 5000;
/** The same for a job that failed as a whole, before its images are sent apart; there may be six rounds of that. */
const APART_PATIENCE = 1500;

;// CONCATENATED MODULE: ./build/decide/job-results.js
/**
 * jobResults breaks a job's answer down by image. Documented answers list images, list none, or come without a list; whether a
 * failed image makes the job fail, or is hidden in a success, or is left out, is not documented. So an entry of its own counts
 * most, then the job's failure; a success without any list covers all, and a list that leaves an image out says nothing of it.
 */
function jobResults(images, reply) {
    return new Map(images.map((image) => [image, resultOf(image, reply)]));
}
function resultOf(image, reply) {
    const entry = reply.images.get(image);
    const code = entry?.code ?? null;
    const message = entry?.message ?? null;
    const rest = { cure: '', requestId: reply.requestId };
    if (entry?.state === 'success')
        return { state: 'success', code, message, ...rest };
    if (entry?.state === 'failure' || reply.state === 'failure')
        return { state: 'failure', code: code ?? reply.code, message: message ?? reply.message, ...rest };
    return { state: reply.images.size > 0 ? 'silent' : reply.state, code, message, ...rest };
}

;// CONCATENATED MODULE: ./build/run/follow.js
/**
 * Wait: follow a job to its end. Where the job cannot be asked, the members are.
 */




/** After so many polls in a row that brought no job, the members are read; if they are done, so is the job. */
const BLIND_POLLS = 3;
/** A job call that has failed so often, each time after its retries, is given up. */
const FAILED_POLLS = 3;
/** follow polls a job until it has ended and notes its word on each image. Gives its last answer; null where it could not be read. */
async function follow(context, member, images, jobId) {
    const { config, clock, signal, log } = context;
    const { session } = member;
    const poller = new JobPoller(session.ims, (await session.project).id, jobId);
    const begun = clock.now();
    let polls = 0;
    for (;;) {
        await clock.sleep(pollDelay(clock.now() - begun, polls, clock.random(), config.pollInterval), signal);
        polls++;
        const reply = await poller.ask();
        if (reply !== null && reply.state !== 'running') {
            for (const [image, job] of jobResults(images, reply))
                member.note(image, { job: explainJobResult(job) });
            const seconds = ((clock.now() - begun) / 1000).toFixed(1);
            log.line(`Job ${jobId} ended: ${reply.state}${reply.code === null ? '' : `, ${reply.code}`} (${polls} polls, ${seconds} s)`);
            return reply;
        }
        if (poller.blind > 0 && poller.blind % BLIND_POLLS === 0 && (await allDone(context, member, images))) {
            log.line(`Job ${jobId} cannot be read, but every member has changed`);
            return null;
        }
        if (poller.failed >= FAILED_POLLS) {
            log.line(`Job ${jobId} cannot be read: going by the members`);
            return null;
        }
    }
}
/** JobPoller asks for one job at the place that knows it: older editions have one path, newer ones the other. */
class JobPoller {
    #ims;
    #project;
    #jobId;
    #path = 'project';
    /** How many answers in a row brought no job. */
    blind = 0;
    /** How many calls in a row failed. */
    failed = 0;
    constructor(ims, project, jobId) {
        this.#ims = ims;
        this.#project = project;
        this.#jobId = jobId;
    }
    /** Null where the job is not found (yet), may not be read, or the call failed. */
    async ask() {
        let answer = await this.#try(this.#path);
        if (answer === 'elsewhere') {
            this.#path = this.#path === 'project' ? 'cloudimages' : 'project';
            answer = await this.#try(this.#path);
        }
        const reply = typeof answer === 'string' ? null : answer;
        this.blind = reply === null ? this.blind + 1 : 0;
        this.failed = answer === 'failed' ? this.failed + 1 : 0;
        return reply;
    }
    async #try(path) {
        try {
            return await this.#ims.getJob(this.#project, this.#jobId, path);
        }
        catch (error) {
            const failure = failureOf(error);
            if (failure === null || failure.status === 401)
                throw error;
            if (failure.status === 404 || failure.status === 403 || failure.status === 405)
                return 'elsewhere';
            // IMG.0023: the job could not be looked up, which right after its submission means nothing.
            return failure.status === 400 ? 'not-yet' : 'failed';
        }
    }
}
async function allDone({ config }, member, images) {
    const readings = await member.reader.statuses(images, config.status);
    return images.every((image) => {
        const reading = readings.get(image);
        return reading?.known === true && reading.status === config.status;
    });
}

;// CONCATENATED MODULE: ./build/decide/judge.js
/**
 * judge decides about one image from what was seen of it. It never looks at other images, so that a batch's fate is the sum of
 * its images'. Where the service would not say anything about the image, it is changed on trust unless owners are restricted.
 */
function judge(evidence, rules) {
    const accepting = rules.status === 'accepted';
    const trusted = isTrusted(evidence.owner, rules.trustedOwners);
    if (evidence.known && evidence.status === rules.status) {
        if (!accepting || trusted)
            return { action: 'unchanged', warning: null };
        if (rules.mode === 'check')
            return {
                action: 'obstacle',
                problem: notTrusted(evidence, 'It is accepted all the same: reject it unless you trust this owner.'),
            };
        return {
            action: 'unchanged',
            warning: `is accepted already, but ${ownerOf(evidence)} is not in \`trusted-owners\``,
        };
    }
    // Its own images are never shared with a project, so nobody should wait for that.
    if (evidence.known && evidence.owner === rules.project)
        return { action: 'obstacle', problem: ownImage() };
    if (evidence.known && evidence.status === null)
        return { action: 'obstacle', problem: notShared(rules.project) };
    if (rules.mode === 'check')
        return { action: 'obstacle', problem: hasNotStatus(evidence, rules.status) };
    if (accepting && !trusted)
        return {
            action: 'obstacle',
            problem: notTrusted(evidence, 'Add the owner to `trusted-owners` if you trust it, or leave the image out.'),
        };
    if (accepting && evidence.kind.fullEcs === true && rules.vault === null)
        return { action: 'obstacle', problem: needsVault() };
    return { action: 'change' };
}
/** isTrusted tells whether images of this owner may be accepted; an unknown owner is trusted only where all are. */
function isTrusted(owner, trustedOwners) {
    if (trustedOwners.length === 0)
        return true;
    return owner !== null && trustedOwners.some((trusted) => trusted.toLowerCase() === owner.toLowerCase());
}
function ownerOf(evidence) {
    return evidence.owner === null ? 'its owner, whom the service does not name,' : `its owner ${evidence.owner}`;
}
function notTrusted(evidence, cure) {
    return {
        cause: `${ownerOf(evidence)[0]?.toUpperCase()}${ownerOf(evidence).slice(1)} is not in \`trusted-owners\`.`,
        cure,
        code: null,
        requestId: null,
    };
}
function ownImage() {
    return {
        cause: 'The image belongs to this project itself.',
        cure: 'There is nothing to accept: leave it out, or give the project that it is shared with.',
        code: null,
        requestId: null,
    };
}
function notShared(project) {
    return {
        cause: 'The image is not shared with this project, or does not exist in this region.',
        cure: `Check the ID and \`region\`, and have the owner share it with project ${project}; the owner's share job may have failed.`,
        code: null,
        requestId: null,
    };
}
function hasNotStatus(evidence, status) {
    return {
        cause: evidence.known ? `The image is ${evidence.status}, not ${status}.` : 'The member status cannot be read.',
        cure: `Run this action with \`mode: apply\` to have it ${status}.`,
        code: null,
        requestId: null,
    };
}
function needsVault() {
    return {
        cause: 'This is a full-ECS image, which can be accepted only into a CBR vault.',
        cure: 'Give `vault`: the ID of a vault of this project and region, object type server, protection type backup, with room for the image.',
        code: null,
        requestId: null,
    };
}

;// CONCATENATED MODULE: ./build/members/evidence.js
/** Nothing shows the image. */
const UNSHARED = {
    known: true,
    status: null,
    name: null,
    owner: null,
    kind: { fullEcs: null, encrypted: null },
};
/** Where only the calls for single ones are left, an image that can be seen speaks against a membership that is not found. */
function isDoubtful(image) {
    return image !== null && image.visibility !== 'public';
}
/** A project's own images appear in every list of shared images, so these do not contradict each other. */
function isContested({ contested, record }, project) {
    return contested && record.owner !== project;
}
function readingOf(listed, project) {
    if (listed !== undefined && isContested(listed, project))
        return { known: false };
    return { known: true, status: memberStatus(listed, project) };
}
/** The project itself is no member of its own images. */
function memberStatus(listed, project) {
    return listed === undefined || listed.record.owner === project ? null : listed.status;
}
function evidenceOf(listed, project) {
    if (listed === undefined)
        return UNSHARED;
    if (isContested(listed, project))
        return { ...evidence_describe(listed.record), known: false, status: null };
    return { ...evidence_describe(listed.record), known: true, status: memberStatus(listed, project) };
}
function evidence_describe(record) {
    if (record === null)
        return { name: null, owner: null, kind: { fullEcs: null, encrypted: null } };
    return { name: record.name, owner: record.owner, kind: record.kind };
}

;// CONCATENATED MODULE: ./build/members/pager.js
/**
 * Paging through the lists of shared images, on services that cap pages, repeat entries and give no link to the next page.
 */

/** addListed adds a list's sighting of an image. The first one counts, and another one of another status contests it. */
function addListed(found, status, record) {
    const known = found.get(record.id);
    if (known === undefined)
        found.set(record.id, { status, record, contested: false });
    else if (known.status !== status)
        found.set(record.id, { ...known, contested: true });
}
const RESTARTS = 2;
/** Pages reads one list page by page. */
class Pages {
    status;
    #ims;
    #whole;
    #known = new Set();
    #marker = null;
    #restarts = 0;
    done = false;
    constructor(ims, status, whole = {}) {
        this.#ims = ims;
        this.status = status;
        this.#whole = whole;
    }
    /** next gives the images of the next page that were not seen before; nothing new means that the list is at its end. */
    async next() {
        const page = await this.#page();
        const fresh = page.filter((record) => !this.#known.has(record.id));
        for (const record of fresh)
            this.#known.add(record.id);
        this.#marker = page.at(-1)?.id ?? null;
        this.done = fresh.length === 0;
        return fresh;
    }
    async #page() {
        const filter = { memberStatus: this.status, ...this.#whole };
        if (this.#marker === null)
            return this.#ims.listShared(filter);
        try {
            return await this.#ims.listShared({ ...filter, marker: this.#marker });
        }
        catch (error) {
            // A marker whose image has left the list meanwhile is refused (403 or 400, seen on OpenStack Glance): start over.
            const status = failureOf(error)?.status;
            if ((status !== 400 && status !== 403) || this.#restarts++ >= RESTARTS)
                throw error;
            this.#marker = null;
            // Known entries stay known, so the restarted list must be read past them: only an empty page ends it for sure.
            return this.#skipKnown(filter);
        }
    }
    async #skipKnown(filter) {
        let page = await this.#ims.listShared(filter);
        const walked = new Set();
        while (page.length > 0 && page.every(({ id }) => this.#known.has(id)) && page.some(({ id }) => !walked.has(id))) {
            for (const { id } of page)
                walked.add(id);
            page = await this.#ims.listShared({ ...filter, marker: page.at(-1)?.id ?? '' });
        }
        return page;
    }
}
/**
 * readLists reads lists side by side, a page of each at a time, until all are at their end or `enough` says that what was asked
 * for has been found. Sightings count in the order of the lists.
 */
async function readLists(lists, found, enough) {
    while (!enough()) {
        const open = lists.filter((list) => !list.done);
        if (open.length === 0)
            return;
        const pages = await Promise.all(open.map((list) => list.next()));
        for (const [index, page] of pages.entries()) {
            for (const record of page) {
                const status = open[index]?.status;
                if (status !== undefined)
                    addListed(found, status, record);
            }
        }
    }
}

;// CONCATENATED MODULE: ./build/members/sources.js
/**
 * The ways to learn about a project's images: the lists, and the calls for a single member or image. Each of them may be closed to
 * the identity; once one has proved to be, it is not tried again.
 */


/** Up to here one request per image is cheaper than pages that hold all the project's images. */
const FEW = 3;
class Sources {
    #ims;
    #lists = true;
    #members = true;
    #images = true;
    constructor(ims) {
        this.#ims = ims;
    }
    /** False once a list was refused: then an image that was not found may be shared all the same. */
    get listsOpen() {
        return this.#lists;
    }
    /**
     * find adds what the lists of these statuses show: by one filtered request per image and status for a few images, by whole pages
     * for many.
     */
    async find(ids, statuses, found, whole = {}) {
        if (ids.length > FEW)
            return this.list(statuses, found, () => ids.every((id) => found.has(id)), whole);
        const asked = ids.flatMap((id) => statuses.map((status) => ({ id, status })));
        await Promise.all(asked.map(({ id, status }) => this.#viaLists(async () => {
            const images = await this.#ims.listShared({
                memberStatus: status,
                id,
                ...whole,
            });
            // Should a service ignore the filter, only the image that was asked for counts.
            const record = images.find((image) => image.id === id);
            if (record !== undefined)
                addListed(found, status, record);
        })));
    }
    /** list reads whole lists side by side until `enough` says that what was looked for has been found. */
    list(statuses, found, enough, whole = {}) {
        return this.#viaLists(() => readLists(statuses.map((status) => new Pages(this.#ims, status, whole)), found, enough));
    }
    /** Runs a read of the lists unless they are known to be closed; a refusal of the identity, or a missing call, closes them. */
    async #viaLists(read) {
        if (!this.#lists)
            return;
        try {
            await read();
        }
        catch (error) {
            const status = failureOf(error)?.status;
            if (![403, 404, 405, 501].includes(status ?? 0))
                throw error;
            this.#lists = false;
        }
    }
    /** member asks for the project's own membership in an image: null for none, undefined where the identity may not ask. */
    async member(id, project) {
        if (!this.#members)
            return undefined;
        try {
            return await this.#ims.getMember(id, project);
        }
        catch (error) {
            if (failureOf(error)?.status !== 403)
                throw error;
            this.#members = false;
            return undefined;
        }
    }
    /** image asks for one image: null where there is nothing to be seen, for whatever reason. */
    async image(id) {
        if (!this.#images)
            return null;
        try {
            return await this.#ims.getImage(id);
        }
        catch (error) {
            if (failureOf(error)?.status !== 403)
                throw error;
            this.#images = false;
            return null;
        }
    }
}

;// CONCATENATED MODULE: ./build/members/reader.js




const ALL = ['pending', 'accepted', 'rejected'];
/** So many images that the lists do not show are asked for one by one; beyond that the lists' word is taken. */
const CONFIRM = 10;
const SIDE_BY_SIDE = 6;
/** Degrees of certainty for which the filtered list is asked whatever the images show. */
const ASKS_FILTER = new Set(['always', 'suspected']);
/**
 * lookOptions says which statuses are likely, and how sure to be about full-ECS images, by what is asked for. To be sure of those
 * that do not show it takes a request more. It is saved for one image, and for a batch from one project, where a change that is sent
 * in vain is refused as a whole; where several changes go out, or none does, everything has to be known before.
 * @param count how many images there are
 */
function lookOptions(config, count) {
    const { status, mode, vaults, projects, selection } = config;
    // A check is about the status alone, so of a few images it asks the members themselves and not the lists.
    if (mode === 'check')
        return { likely: count <= FEW ? [] : [status], kind: 'as-shown' };
    if (status === 'rejected')
        return { likely: ['pending', 'accepted', 'rejected'], kind: 'as-shown' };
    const alone = mode === 'apply' && selection.by === 'ids' && projects.length <= 1 && vaults.form === 'none';
    const saves = alone && (count === 1 || (count > FEW && count <= BATCH_SIZE));
    return { likely: ['pending', 'accepted'], kind: saves ? 'confirm-signs' : 'always' };
}
class Reader {
    #sources;
    #project;
    /** @param project settles when the credentials' scope is certain; nothing is believed before */
    constructor(ims, project) {
        this.#sources = new Sources(ims);
        this.#project = project;
    }
    /** look learns all there is to know of the images. Throws where the service fails, not where it refuses to tell. */
    async look(ids, options) {
        const found = new Map();
        const whole = new Map();
        const likely = ids.length <= FEW ? options.likely.slice(0, 1) : options.likely;
        // These reads need no project ID, so they run at the same time as the check of the credentials' scope.
        await this.#afterScope([
            this.#sources.find(ids, likely, found),
            ASKS_FILTER.has(options.kind)
                ? this.#sources.find(ids, likely.slice(0, 1), whole, { wholeImage: true })
                : Promise.resolve(),
        ]);
        await this.#settleContested(found);
        const { id: project } = await this.#project;
        const rest = await this.#lookElsewhere(ids, { likely, kind: options.kind }, found, project);
        const findings = new Map();
        for (const id of ids)
            findings.set(id, rest.get(id) ?? evidenceOf(found.get(id), project));
        await this.#confirmKinds(findings, found, whole, options);
        return findings;
    }
    /** all lists every image that is shared with the project. Null where the identity may not list. */
    async all() {
        const found = new Map();
        await this.#afterScope([this.#sources.list(ALL, found, () => false)]);
        await this.#settleContested(found);
        return this.#sources.listsOpen ? [...found.values()].filter(({ contested }) => !contested) : null;
    }
    /**
     * arrived gives those of the images that may have come to be shared meanwhile, for waiting at little cost: one request per image
     * for a few, the list of pending images for many. Only a look can tell for certain.
     */
    async arrived(ids) {
        const found = new Map();
        if (ids.length > FEW) {
            await this.#sources.find(ids, ['pending'], found);
            if (this.#sources.listsOpen)
                return ids.filter((id) => found.has(id));
        }
        const { id: project } = await this.#project;
        const statuses = await pool(ids, SIDE_BY_SIDE, (id) => this.#sources.member(id, project));
        return ids.filter((_, index) => statuses[index] !== null);
    }
    /** statuses reads the members' status back, from the member call for a few images and from the target's list for many. */
    async statuses(ids, target) {
        const readings = new Map();
        const found = new Map();
        const missing = () => ids.filter((id) => !found.has(id));
        if (ids.length > FEW) {
            await this.#sources.find(ids, [target], found);
            if (missing().length > CONFIRM) {
                const others = ALL.filter((status) => status !== target);
                await this.#sources.list(others, found, () => missing().length === 0);
            }
        }
        await this.#settleContested(found);
        const certain = this.#sources.listsOpen && missing().length > CONFIRM;
        const { id: project } = await this.#project;
        await pool(ids, SIDE_BY_SIDE, async (id) => {
            const listed = found.get(id);
            const settled = listed !== undefined || certain;
            readings.set(id, settled ? readingOf(listed, project) : await this.#statusOf(id));
        });
        return readings;
    }
    /** Asks for one member: by its own call, and where that says nothing, by the lists. */
    async #statusOf(id) {
        const { id: project } = await this.#project;
        const status = await this.#sources.member(id, project);
        if (typeof status === 'string')
            return { known: true, status };
        const found = new Map();
        await this.#sources.find([id], ALL, found);
        if (this.#sources.listsOpen)
            return readingOf(found.get(id), project);
        if (status === undefined || isDoubtful(await this.#sources.image(id)))
            return { known: false };
        return { known: true, status: null };
    }
    /** An image that lists of different statuses show is asked for by its own call. Where that says nothing, it stays contested. */
    async #settleContested(found) {
        const { id: project } = await this.#project;
        const contested = [...found.values()].filter((listed) => isContested(listed, project));
        await pool(contested, SIDE_BY_SIDE, async ({ record }) => {
            const status = await this.#sources.member(record.id, project);
            if (typeof status === 'string')
                found.set(record.id, { status, record, contested: false });
            else if (status === null)
                found.delete(record.id);
        });
    }
    /** The second look, at images that the likely lists do not show. */
    async #lookElsewhere(ids, { likely: asked, kind }, found, project) {
        const missing = ids.filter((id) => !found.has(id));
        const others = ALL.filter((status) => !asked.includes(status));
        const rest = new Map();
        const few = missing.length <= FEW;
        if (!few)
            await this.#sources.find(missing, others, found);
        const open = missing.filter((id) => !found.has(id));
        if (this.#sources.listsOpen && open.length > CONFIRM) {
            for (const id of open)
                rest.set(id, UNSHARED);
            return rest;
        }
        await pool(open, SIDE_BY_SIDE, async (id) => {
            const [status, image] = await Promise.all([this.#sources.member(id, project), this.#sources.image(id)]);
            const unsure = typeof status !== 'string' || image === null;
            // Only of images in the lists can their kind be confirmed; a pending one may not have arrived there yet.
            if (few && (unsure || (status === 'rejected' && kind !== 'as-shown')))
                await this.#sources.find([id], unsure ? others : [status], found);
            const listed = found.get(id);
            rest.set(id, listed === undefined ? this.#unlisted(status, image, project) : evidenceOf(listed, project));
        });
        return rest;
    }
    /** An image that no list shows, by what the calls for it alone say. */
    #unlisted(status, image, project) {
        const own = image?.owner === project;
        const answered = typeof status === 'string' || (status === null && !isDoubtful(image));
        const known = own || answered || this.#sources.listsOpen;
        return { ...evidence_describe(image), known, status: own ? null : (status ?? null) };
    }
    /**
     * `__whole_image` may be missing although the image is one; the list filtered by it is the surest way to know. An image that the
     * lists do not show at all stays unknown. Where the filter lets all pass, without another sign of what they are, it may have no
     * effect: then the images stay unknown that the list of all others shows as well.
     */
    async #confirmKinds(findings, found, whole, { kind, likely }) {
        if (kind === 'as-shown')
            return;
        for (const status of ['pending', 'rejected']) {
            const open = [...findings].filter(([id, evidence]) => {
                const record = found.get(id)?.record;
                const wanted = kind !== 'confirm-signs' || record?.fromBackup === true;
                return evidence.status === status && evidence.kind.fullEcs === null && record !== undefined && wanted;
            });
            if (open.length === 0)
                continue;
            const ids = open.map(([id]) => id);
            const known = kind !== 'confirm-signs' && status === likely[0];
            const shown = known ? whole : await this.#listed(ids, status, { wholeImage: true });
            const isSelective = kind === 'suspected' || ids.some((id) => !shown.has(id));
            const doubtful = new Set(isSelective ? [] : ids.filter((id) => found.get(id)?.record.fromBackup !== true));
            const others = await this.#listed([...doubtful], status, { wholeImage: false });
            if (!this.#sources.listsOpen)
                return;
            for (const [id, evidence] of open) {
                const fullEcs = doubtful.has(id) && others.has(id) ? null : shown.has(id);
                findings.set(id, { ...evidence, kind: { ...evidence.kind, fullEcs } });
            }
        }
    }
    async #listed(ids, status, whole) {
        const found = new Map();
        if (ids.length > 0)
            await this.#sources.find(ids, [status], found, whole);
        return found;
    }
    /** The check of the scope goes first: when it fails, what the reads say or fail with is worth nothing. */
    async #afterScope(begun) {
        const reads = Promise.all(begun);
        reads.catch(() => { });
        await this.#project;
        await reads;
    }
}

;// CONCATENATED MODULE: ./build/run/run-context.js
/** Projects and batches that are worked on at the same time. */
const PROJECTS_AT_ONCE = 4;
const BATCHES_AT_ONCE = 4;
/** plural counts things in words. */
function plural(count, noun) {
    return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
/** warn puts a warning into the log and into the summary. */
function warn({ log, record }, text) {
    log.warning(text);
    record.warnings.push(text);
}

;// CONCATENATED MODULE: ./build/decide/name-match.js

/**
 * selectByName picks the images of other projects whose name matches. When accepting, images of owners that are not trusted and
 * images that were rejected before are left out: a stranger can give an image any name, and a "no" was said for a reason. Mode
 * check keeps what is accepted from a stranger, because that is what it is there to find.
 */
function selectByName(candidates, rules) {
    const matches = globMatcher(rules.glob);
    const chosen = [];
    const leftOut = [];
    const strangers = [];
    for (const candidate of candidates) {
        const { image, name, owner, status } = candidate;
        if (owner === rules.project || name === null || !matches(name))
            continue;
        const stranger = rules.status === 'accepted' && !isTrusted(owner, rules.trustedOwners);
        if (stranger && status === 'accepted' && rules.mode === 'check') {
            chosen.push(candidate);
        }
        else if (stranger) {
            if (status === 'accepted')
                strangers.push(candidate);
            leftOut.push({ image, name, owner, project: rules.project, reason: 'owner-not-trusted' });
        }
        else if (rules.status === 'accepted' && status === 'rejected') {
            leftOut.push({ image, name, owner, project: rules.project, reason: 'rejected-before' });
        }
        else {
            chosen.push(candidate);
        }
    }
    return { chosen, leftOut, strangers };
}
/** globMatcher understands `*` (any characters, none too) and `?` (one character); all else stands for itself, case included. */
function globMatcher(glob) {
    // Matched by hand and not by a regular expression: names are hostile, and many stars make expressions take exponential time.
    const pattern = Array.from(glob);
    return (name) => {
        const text = Array.from(name);
        let at = 0;
        let from = 0;
        let star = -1;
        let resume = 0;
        while (at < text.length) {
            if (pattern[from] === '*') {
                star = from++;
                resume = at;
            }
            else if (pattern[from] === '?' || pattern[from] === text[at]) {
                from++;
                at++;
            }
            else if (star >= 0) {
                from = star + 1;
                at = ++resume;
            }
            else {
                return false;
            }
        }
        while (pattern[from] === '*')
            from++;
        return from === pattern.length;
    };
}

;// CONCATENATED MODULE: ./build/run/select.js
/**
 * Choosing images by name from all that are shared with a project.
 */




/** select gives the images that `match-name` means, in the order of their names, with what the lists show of them. */
async function select_select(context, member, { glob, ifNone }) {
    const { session, reader } = member;
    const listed = await reader.all();
    const { id, name } = await session.project;
    const place = `project ${name ?? id}`;
    if (listed === null) {
        throw new ProblemError({
            cause: `The identity may not list images in ${place} (HTTP 403), but \`match-name\` needs that.`,
            cure: 'Grant the action ims:images:list in the project. Nothing was changed.',
        });
    }
    const candidates = listed.map(({ status, record }) => ({ image: record.id, name: record.name, owner: record.owner, status, record }));
    const { chosen, leftOut, strangers } = selectByName(candidates, { ...context.config, glob, project: id });
    context.record.leftOut.push(...leftOut);
    for (const left of leftOut) {
        const why = left.reason === 'rejected-before' ? 'rejected before' : `owner ${left.owner} is not trusted`;
        context.log.line(`Left out ${left.image} ${context.log.quote(left.name ?? '')}: ${why}`);
    }
    for (const { image, owner } of strangers)
        warn(context, `Image ${image} is accepted already, but its owner ${owner} is not in \`trusted-owners\`.`);
    if (chosen.length === 0 && ifNone === 'fail') {
        throw new ProblemError({
            cause: `No image that is shared with ${place} matches \`match-name\` ${glob}${leftOut.length === 0 ? '' : ` (${leftOut.length} left out)`}.`,
            cure: 'Check the pattern, which is case-sensitive, and whether the share has arrived; with `if-none: pass` no match is a success. Nothing was changed.',
        });
    }
    return evidenceOfChosen(chosen.toSorted(byName), reader, context.config);
}
/** By name and ID, so that the report is the same whatever order the service lists them in. */
function byName(a, b) {
    const key = ({ name, image }) => `${name ?? ''}\u0000${image}`;
    return key(a) < key(b) ? -1 : 1;
}
/** The lists may not show whether an image is full-ECS; those that matter are looked at more closely. */
async function evidenceOfChosen(chosen, reader, config) {
    const findings = new Map();
    for (const { image, name, owner, status, record } of chosen)
        findings.set(image, { known: true, status, name, owner, kind: record.kind });
    const options = lookOptions(config, chosen.length);
    const unsure = chosen.filter(({ status, record }) => status !== config.status && record.kind.fullEcs === null && (options.kind === 'always' || record.fromBackup));
    if (options.kind === 'as-shown' || unsure.length === 0)
        return findings;
    const ids = unsure.map(({ image }) => image);
    for (const [image, evidence] of await reader.look(ids, { ...options, kind: 'always' }))
        findings.set(image, evidence);
    return findings;
}

;// CONCATENATED MODULE: ./build/run/look.js





/** look looks at a project's images, once it is certain that the credentials are for this project. */
async function look_look(context, member) {
    const { config, log } = context;
    const { session, reader } = member;
    const { selection } = config;
    const findings = selection.by === 'ids'
        ? reader.look(selection.ids, lookOptions(config, selection.ids.length))
        : select_select(context, member, selection);
    // Both at once; a wrong scope is the better explanation of whatever the reads say.
    findings.catch(() => { });
    member.project = await session.project;
    log.line(`Project ${member.label} (${member.project.id}) at ${new URL(session.imsUrl).host}`);
    member.vault = vaultOf(config, member);
    for (const [image, evidence] of await findings)
        member.note(image, { evidence });
    log.line(`Looked at ${plural(member.facts.size, 'image')} in ${member.label}: ${census(member)}`);
}
/** judgeImages decides about images that were seen, and notes what must stop the run. */
function judgeImages(context, member, images) {
    const { config } = context;
    for (const image of images) {
        const evidence = member.facts.get(image)?.evidence ?? null;
        if (evidence === null)
            continue;
        const judgement = judge(evidence, { ...config, project: member.id ?? '', vault: member.vault });
        switch (judgement.action) {
            case 'unchanged':
                if (judgement.warning !== null)
                    warn(context, `Image ${image} in project ${member.label} ${judgement.warning}.`);
                break;
            case 'obstacle':
                member.note(image, { obstacle: judgement.problem });
                break;
            case 'change':
                break;
        }
    }
}
/** requireReadable stops the run where something was asked for that needs the reads, and warns once where it can go on without. */
function requireReadable(context) {
    const { config, record } = context;
    const blind = record.members.filter((member) => [...member.facts.values()].some(({ evidence }) => evidence?.known === false));
    if (blind.length === 0)
        return;
    const where = `project ${blind.map((member) => member.label).join(', ')}`;
    const needs = needsReads(config);
    if (needs === null) {
        warn(context, `The identity may not read images in ${where} (HTTP 403), so the job's word is taken, unverified. Grant ims:images:get and ims:images:list to have the result proven.`);
        return;
    }
    throw new ProblemError({
        cause: `The identity may not read images in ${where} (HTTP 403), but ${needs} needs that.`,
        cure: 'Grant the actions ims:images:get and ims:images:list in the project. Nothing was changed.',
    });
}
function needsReads({ mode, trustedOwners, status, selection }) {
    if (mode !== 'apply')
        return `\`mode: ${mode}\``;
    if (selection.by === 'match-name')
        return '`match-name`';
    return status === 'accepted' && trustedOwners.length > 0 ? '`trusted-owners`' : null;
}
function vaultOf({ vaults }, member) {
    if (vaults.form === 'none')
        return null;
    if (vaults.form === 'single')
        return vaults.vault;
    return vaults.vaults.get(member.given) ?? vaults.vaults.get(member.id ?? '') ?? null;
}
function census(member) {
    const counts = new Map();
    for (const { evidence } of member.facts.values()) {
        const word = evidence === null || !evidence.known ? 'not readable' : (evidence.status ?? 'not shared');
        counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    return counts.size === 0 ? 'none' : [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}

;// CONCATENATED MODULE: ./build/run/prove.js
/**
 * Prove: read the members back. The job's own word is not proof, either way.
 */




const UNKNOWN = { known: false };
/**
 * prove reads the status of every image that a change was sent for, refused ones included. Members may lag behind the job, so those
 * that do not show the change are read again for some seconds, fewer where the job says that it has failed.
 */
async function prove(context, member) {
    const { config, clock, signal, log } = context;
    const begun = clock.now();
    let left = member.with(prove_isUnproven);
    const count = left.length;
    try {
        while (left.length > 0) {
            const readings = await member.reader.statuses(left, config.status);
            const elapsed = clock.now() - begun;
            // A reading that may be behind the times is no proof, so it is noted only when it is the last one.
            const lagging = left.filter((image) => {
                const reading = readings.get(image) ?? UNKNOWN;
                return reading.known && reading.status !== config.status && elapsed < patienceWith(member.facts.get(image));
            });
            prove_note(member, left.filter((image) => !lagging.includes(image)), readings);
            left = lagging;
            if (left.length > 0)
                await clock.sleep(proofDelay(elapsed), signal);
        }
    }
    catch (error) {
        return unreadable(context, member, left, error);
    }
    const blind = member.with((facts) => wasTried(facts) && facts.proof?.state === 'forbidden').length;
    const readable = [...member.facts.values()].every(({ evidence }) => evidence?.known !== false);
    if (blind > 0 && readable)
        warn(context, `The identity may not read members in project ${member.label} (HTTP 403): the job's word is taken for ${plural(blind, 'image')}, unverified.`);
    if (count > blind) {
        const lacking = member.with((facts) => wasTried(facts) && facts.proof?.state === 'read' && facts.proof.status !== config.status).length;
        log.line(`Read ${plural(count - blind, 'member')} back in ${member.label}: ${lacking === 0 ? 'all' : `${count - blind - lacking} of ${count - blind}`} ${config.status}`);
    }
}
/**
 * stillMissing reads members for some time, notes what is proven, and gives the images that certainly do not have the status.
 * @param patience milliseconds that a change is given to show
 */
async function stillMissing(context, member, images, patience) {
    const { config, clock, signal } = context;
    const { reader } = member;
    const begun = clock.now();
    let left = images;
    for (;;) {
        const readings = await reader.statuses(left, config.status);
        for (const [image, reading] of readings) {
            if (reading.known && reading.status === config.status)
                member.note(image, { proof: { state: 'read', status: reading.status } });
            if (!reading.known)
                member.note(image, { proof: { state: 'forbidden' } });
        }
        left = left.filter((image) => {
            const reading = readings.get(image);
            return reading?.known === true && reading.status !== config.status;
        });
        const elapsed = clock.now() - begun;
        if (left.length === 0 || elapsed >= patience)
            return left;
        await clock.sleep(proofDelay(elapsed), signal);
    }
}
/** proveOnce reads the members a last time, so that the report tells the truth about a run whose time was up. */
async function proveOnce(context, member) {
    const { status } = context.config;
    const open = member.with((facts) => prove_isUnproven(facts) || (wasTried(facts) && facts.proof?.state === 'read' && facts.proof.status !== status));
    if (open.length === 0)
        return;
    try {
        prove_note(member, open, await member.reader.statuses(open, status));
    }
    catch (error) {
        unreadable(context, member, open, error);
    }
}
/** A change was sent for the image, with an effect or without. */
function wasTried({ sent, refusal }) {
    return sent !== 'no' || refusal !== null;
}
/** A refused image whose proof has failed is one that nothing can be read of, because the identity has died. */
function prove_isUnproven(facts) {
    const { sent, proof } = facts;
    return wasTried(facts) && proof?.state !== 'read' && !(sent === 'no' && proof?.state === 'failed');
}
/** How long a member may lag, in milliseconds; a refused change has been waited for already. */
function patienceWith(facts) {
    if (facts === undefined || facts.refusal !== null)
        return 0;
    return facts.job?.state === 'failure' ? FAILED_PATIENCE : PROOF_PATIENCE;
}
function unreadable({ record }, member, images, error) {
    if (error instanceof RunStopped)
        throw error;
    const problem = explain(error);
    record.problem(problem);
    for (const image of images)
        member.note(image, { proof: { state: 'failed', problem } });
}
function prove_note(member, images, readings) {
    for (const image of images) {
        const reading = readings.get(image) ?? UNKNOWN;
        const proof = reading.known ? { state: 'read', status: reading.status } : { state: 'forbidden' };
        member.note(image, { proof });
    }
}

;// CONCATENATED MODULE: ./build/run/change.js
/**
 * Change: send the change. It is never repeated blindly: whenever its effect is in doubt, the members are read first.
 */












/** change accepts or rejects all that is to be changed in a project and follows the jobs to their end (unless `wait` is false). */
function change(context, member) {
    return new Change(context, member).run();
}
/** Withdrawn takes a request back before it is sent. */
class Withdrawn extends Error {
}
/** Requests that a batch may lead to after its job has failed as a whole: enough to find one culprit among 50 images. */
const SENT_APART = 14;
class Change {
    #context;
    #member;
    /** A refusal that concerns the project and not an image: no further request is sent. */
    #halted = null;
    /** The refusal that showed that the identity has died. */
    #dead = null;
    /** A refusal of the vault: no further request is sent with it; images that need none are not held back. */
    #vaultRefused = null;
    /** Images of which it was asked whether they need a vault without having shown it. */
    #sought = new Set();
    /** Requests without an answer yet, and jobs that are being followed. */
    #underWay = new Set();
    /** Counts changes that were taken and jobs that have ended. */
    #progress = 0;
    #spare = 0;
    constructor(context, member) {
        this.#context = context;
        this.#member = member;
    }
    async run() {
        const { config } = this.#context;
        const member = this.#member;
        const ids = member.with(({ evidence, obstacle }) => obstacle === null && !(evidence?.known === true && evidence.status === config.status));
        const needs = ids.map((image) => ({ image, fullEcs: member.facts.get(image)?.evidence?.kind.fullEcs ?? null }));
        const batches = planBatches(needs, config.status === 'accepted' ? member.vault : null);
        this.#spare = SENT_APART * batches.length;
        await pool(batches, BATCHES_AT_ONCE, (batch) => this.#submit(batch, 0));
    }
    /**
     * @param resends how often a lost answer has made this part of the batch be sent again
     * @param seen the progress at which it has last waited for its turn
     */
    async #submit(batch, resends, seen = -1) {
        const { config, log, record } = this.#context;
        const member = this.#member;
        if (record.blocked)
            return;
        const halted = this.#halted ?? (batch.vault === null ? null : this.#vaultRefused);
        if (halted !== null)
            return this.#refuse(batch, halted);
        const before = new Map(batch.images.map((image) => [image, member.facts.get(image)?.sent ?? 'no']));
        // Noted as it happens, because the run may end at any moment.
        const onDoubt = (inDoubt) => {
            // While this request waited to be sent again, another one may have shown that nothing must be sent.
            if (inDoubt && record.blocked)
                throw new Withdrawn();
            for (const [image, sent] of before)
                member.note(image, { sent: inDoubt ? 'lost' : sent });
        };
        let answer;
        try {
            answer = await this.#track(this.#send(batch, onDoubt));
        }
        catch (error) {
            if (error instanceof Withdrawn)
                return;
            const failure = failureOf(error);
            if (error instanceof RenewalError)
                return this.#halt(batch, explain(error), true);
            if (failure === null)
                throw error;
            if (effectUnknown(failure))
                return this.#reconcile(batch, failure, resends);
            return this.#refused(batch, failure, seen);
        }
        this.#progress++;
        record.jobIds.push(answer.jobId);
        record.request(answer.requestId);
        for (const image of batch.images)
            member.note(image, { sent: 'answered', ...answer });
        log.line(`Asked for ${plural(batch.images.length, 'image')} to be ${config.status} in ${member.label}: job ${answer.jobId}`);
        if (!config.wait)
            return;
        const reply = await this.#track(follow(this.#context, member, batch.images, answer.jobId));
        this.#progress++;
        if (reply !== null && isBrokenByImage(batch, reply))
            await this.#sendApart(batch, reply);
    }
    /**
     * A job that fails as a whole because of one image may leave the others unchanged. Those whose members go on saying so are sent
     * again, divided, until the culprit is alone. Where there are many culprits, that is given up: the job's word stands for the rest.
     */
    async #sendApart(batch, reply) {
        const { log } = this.#context;
        if (this.#spare < 2)
            return;
        const unchanged = await stillMissing(this.#context, this.#member, batch.images, APART_PATIENCE);
        if (unchanged.length < 2 || this.#spare < 2)
            return;
        this.#spare -= 2;
        const parts = divide({ ...batch, images: unchanged }, imageIdsIn(reply.message ?? ''));
        log.line(`The job failed because of an image (${reply.code}) and left ${unchanged.length} unchanged: sending them again as ${parts[0].images.length} and ${parts[1].images.length}`);
        await pool(parts, parts.length, (part) => this.#submit(part, 0));
    }
    async #send(batch, onDoubt) {
        const { session } = this.#member;
        const { id } = await session.project;
        const { images, vault } = batch;
        return session.ims.updateMembers({ images, vault, project: id, status: this.#context.config.status }, onDoubt);
    }
    /** A refusal because of one image is divided until it concerns that image alone; any other one halts what it concerns. */
    async #refused(batch, failure, seen) {
        const { log } = this.#context;
        const problem = explainFailure(failure);
        if (isThrottled(failure) && this.#underWay.size > 0 && this.#progress !== seen)
            return this.#waitForTurn(batch);
        if (await this.#leaveOutHidden(batch, failure))
            return;
        if (!concernsImage(failure, batch))
            return this.#halt(batch, problem, failure.status === 401);
        if (batch.images.length === 1)
            return this.#refuse(batch, problem);
        const parts = divide(batch, imageIdsIn(failure.detail));
        log.line(`Refused because of an image (${failure.code ?? `HTTP ${failure.status}`}): dividing ${batch.images.length} into ${parts[0].images.length} and ${parts[1].images.length}`);
        await pool(parts, parts.length, (part) => this.#submit(part, 0));
    }
    async #track(work) {
        this.#underWay.add(work);
        return work.finally(() => this.#underWay.delete(work));
    }
    /**
     * The service's limit of tasks may be taken up by this run's own jobs: when one of them has ended, there may be room. Where nothing
     * has come of the last wait, it is others who keep the service busy, and this is given up.
     */
    async #waitForTurn(batch) {
        const seen = this.#progress;
        this.#context.log.line('Too many tasks at once: waiting for another one of this run to end');
        // How it ends is for whoever began it.
        await Promise.race(this.#underWay).catch(() => { });
        return this.#submit(batch, 0, seen);
    }
    /**
     * A refusal may come from an image that needs a vault without having shown it, because full-ECS images need not show. Such images
     * are sought, once, and stop the run as if they had shown; where something was sent before, only they are left out.
     * @returns whether such images were found
     */
    async #leaveOutHidden(batch, { code }) {
        const { config, record, log } = this.#context;
        const member = this.#member;
        if (member.vault !== null || config.status !== 'accepted')
            return false;
        if (code === null || !(isAboutVault(code) || isAboutImage(code)))
            return false;
        const unsure = batch.images.filter((image) => !this.#sought.has(image));
        if (unsure.length === 0)
            return false;
        for (const image of unsure)
            this.#sought.add(image);
        const findings = await this.#lookAgain(unsure, isAboutVault(code) ? 'suspected' : 'always');
        const hidden = unsure.filter((image) => findings.get(image)?.kind.fullEcs === true);
        if (hidden.length === 0)
            return false;
        log.line(`Refused (${code}): ${plural(hidden.length, 'image')} found to be full-ECS, and no vault is given`);
        for (const image of hidden)
            member.note(image, { evidence: findings.get(image) ?? null });
        judgeImages(this.#context, member, hidden);
        record.blocked = record.members.every((one) => one.with(({ sent }) => sent !== 'no').length === 0);
        const others = batch.images.filter((image) => !hidden.includes(image));
        if (!record.blocked && others.length > 0)
            await this.#submit({ ...batch, images: others }, 0);
        return true;
    }
    /** The refusal is known already, so a look that fails takes nothing away from it. */
    async #lookAgain(images, kind) {
        try {
            return await this.#member.reader.look(images, { likely: ['pending', 'rejected'], kind });
        }
        catch (error) {
            if (failureOf(error) === null)
                throw error;
            return new Map();
        }
    }
    /** @param dead the identity is no longer accepted, so that nothing can be read back with it either */
    #halt(batch, problem, dead) {
        if (dead)
            this.#dead = problem;
        if (batch.vault !== null && problem.code !== null && isAboutVault(problem.code))
            this.#vaultRefused = problem;
        else
            this.#halted = problem;
        this.#context.record.problem(problem);
        this.#refuse(batch, problem);
    }
    #refuse(batch, problem) {
        const dead = this.#dead;
        const proof = dead === null ? {} : { proof: { state: 'failed', problem: dead } };
        for (const image of batch.images)
            this.#member.note(image, { refusal: problem, ...proof });
    }
    /** The answer was lost: what the members say decides what is sent again. */
    async #reconcile(batch, failure, resends) {
        const { config, log, clock, signal, record } = this.#context;
        record.request(failure.requestId);
        log.line(`No usable answer to the change (${failure.detail}): reading the members before anything is sent again`);
        const missing = await stillMissing(this.#context, this.#member, batch.images, LOST_PATIENCE);
        if (missing.length === 0)
            return;
        if (resends >= config.retries)
            return this.#refuse({ ...batch, images: missing }, explainFailure(failure));
        const delay = retryDelay(resends, failure.retryAfter, clock.random());
        await clock.sleep(delay, signal);
        log.line(`Sending again for ${plural(missing.length, 'image')} whose status has not changed`);
        await this.#submit({ ...batch, images: missing }, resends + 1);
    }
}
/** By its code; a refusal without one comes from a gateway or a wrong address, unless it names an image of the batch. */
function concernsImage({ code, detail }, { images }) {
    if (code !== null)
        return isAboutImage(code);
    const named = imageIdsIn(detail);
    return images.some((image) => named.has(image));
}
/** A job without a word on any single image, with a code that blames one. */
function isBrokenByImage({ images }, { state, code, images: words }) {
    return images.length > 1 && state === 'failure' && words.size === 0 && code !== null && isAboutImage(code);
}

;// CONCATENATED MODULE: ./build/run/open.js
/**
 * Log in, scoped to each project.
 */







/**
 * open logs in to every project of the run and gives them in the run's order. The first login goes alone: if the credentials are
 * wrong, a refused login for each project would lock the account.
 */
async function open_open({ config, record }, login) {
    const openOne = async (member) => {
        const given = member.given === '' ? null : member.given;
        const { imsEndpoint, authUrl } = config;
        try {
            const endpoints = resolveEndpoints({ region: member.region, imsEndpoint, authUrl, projectName: given });
            const session = await login.open({ given, region: member.region, endpoints });
            return Object.assign(member, { session, reader: new Reader(session.ims, session.project) });
        }
        catch (error) {
            throw error instanceof RunStopped ? error : new ProblemError(explainFor(member, record, error), { cause: error });
        }
    };
    const [first, ...others] = record.members;
    if (first === undefined)
        return [];
    return [await openOne(first), ...(await pool(others, PROJECTS_AT_ONCE, openOne))];
}

;// CONCATENATED MODULE: ./build/decide/verdict.js

/** verdict gives the run's outcome (see the output `outcome`). No results at all is what was asked for: success. */
function verdict(results, progress) {
    if (progress.stopped === 'cancelled')
        return 'cancelled';
    const having = results.filter(hasStatus).length;
    const complete = having === results.length;
    if (progress.stopped === 'timeout' && !(complete && progress.mode !== 'plan' && !progress.blocked))
        return 'timeout';
    if (progress.blocked)
        return 'blocked';
    if (progress.mode === 'plan')
        return 'planned';
    if (complete)
        return 'success';
    const submitted = results.filter((result) => result.outcome === 'submitted').length;
    if (submitted + having === results.length)
        return 'submitted';
    // What was only submitted is not known to have the status.
    return having > 0 ? 'partial' : 'failure';
}
/**
 * hasChanged tells whether this run changed any membership, or sent a change whose effect could not be learnt: one that no
 * reading has followed, or one whose job was still running when the run ended.
 */
function hasChanged(facts, progress) {
    return facts.some(({ sent, proof, job, evidence }) => {
        if (sent === 'no')
            return false;
        if (proof?.state !== 'read')
            return true;
        if (proof.status === progress.status)
            return evidence?.status !== progress.status;
        return sent === 'lost' || job === null || job.state === 'running';
    });
}

;// CONCATENATED MODULE: ./build/run/record.js
/**
 * The run's record: everything that is found out is written here as it happens, so that the report is as complete as the run got,
 * whatever ended it.
 */




/** One member project of the run. */
class MemberProject {
    /** As written in `project`; empty for the token's own project. */
    given;
    region;
    facts = new Map();
    /** Known as soon as it is certain what the credentials are scoped to. */
    project = null;
    vault = null;
    constructor(given, region, images) {
        this.given = given;
        this.region = region;
        for (const image of images)
            this.facts.set(image, factsOf(image, this.id));
    }
    /** The project's ID as soon as it is known; one that was given counts. */
    get id() {
        return this.project?.id ?? (isProjectId(this.given) ? this.given : null);
    }
    /** How the project is called in log lines. */
    get label() {
        return this.project?.name ?? (this.given === '' ? (this.project?.id ?? "the token's project") : this.given);
    }
    /** note adds to what is known of an image. */
    note(image, news) {
        this.facts.set(image, { ...(this.facts.get(image) ?? factsOf(image, this.id)), ...news });
    }
    /** with gives the images whose facts fulfil a condition, in input order. */
    with(condition) {
        return [...this.facts.values()].filter(condition).map(({ image }) => image);
    }
}
/** RunRecord holds the whole run. */
class RunRecord {
    members;
    leftOut = [];
    jobIds = [];
    requestIds = [];
    problems = [];
    warnings = [];
    notes;
    /** True until the first change may be sent. */
    blocked = true;
    stopped = null;
    #config;
    #startedAt;
    constructor(config, members, startedAt) {
        this.#config = config;
        this.members = members;
        this.notes = [...config.notes];
        this.#startedAt = startedAt;
    }
    /** problem records a reason that is not about one image, once. */
    problem(problem) {
        if (!this.problems.some(({ cause }) => cause === problem.cause))
            this.problems.push(problem);
        this.request(problem.requestId);
    }
    request(id) {
        if (id !== null && !this.requestIds.includes(id))
            this.requestIds.push(id);
    }
    /** report settles every image and gives the verdict. */
    report(endedAt) {
        const { status, mode, wait } = this.#config;
        const progress = { status, mode, wait, blocked: this.blocked, stopped: this.stopped };
        const facts = this.members.flatMap((member) => [...member.facts.values()].map((known) => ({ ...known, project: member.id })));
        const results = facts.map((known) => settle(known, progress));
        for (const result of results)
            this.request(result.requestId);
        return {
            outcome: verdict(results, progress),
            changed: hasChanged(facts, progress),
            status,
            mode,
            projects: this.members.map((member) => ({
                given: member.given,
                id: member.id,
                name: member.project?.name ?? null,
                region: member.region,
            })),
            results,
            leftOut: this.leftOut,
            jobIds: this.jobIds,
            requestIds: this.requestIds,
            problems: this.problems,
            trustedOwners: this.#config.trustedOwners,
            manifests: this.#config.selection.by === 'ids' ? this.#config.selection.manifests : [],
            login: this.#config.login,
            warnings: this.warnings,
            notes: this.notes,
            startedAt: this.#startedAt,
            endedAt,
        };
    }
}

;// CONCATENATED MODULE: ./build/run/shares.js




/**
 * awaitShares looks again at a project's missing images until all are shared or `share-timeout` is over. What was found is noted;
 * what stays missing gets an obstacle that says how often and how long was asked.
 */
async function awaitShares(context, member) {
    const { config, log, clock, signal } = context;
    const { reader } = member;
    const begun = clock.now();
    let left = member.with((facts) => isMissing(member, facts));
    let asked = 1;
    log.line(`Waiting up to ${config.shareTimeout / 1000} s for ${plural(left.length, 'image')} to be shared with ${member.label}`);
    for (;;) {
        const elapsed = clock.now() - begun;
        const rest = config.shareTimeout - elapsed;
        if (rest <= 0)
            break;
        await clock.sleep(Math.min(rest, shareDelay(elapsed, clock.random())), signal);
        // Another image or project has stopped the run meanwhile: nothing would be done with what arrives.
        if (isHopeless(context))
            return;
        asked++;
        const arrived = await reader.arrived(left);
        const findings = arrived.length === 0 ? [] : await reader.look(arrived, lookOptions(config, member.facts.size));
        for (const [image, evidence] of findings) {
            if (evidence.known && evidence.status === null)
                continue;
            member.note(image, { evidence, obstacle: null });
            judgeImages(context, member, [image]);
            log.line(`Image ${image} ${log.quote(evidence.name ?? '')} is shared now (asked ${asked} times)`);
        }
        left = member.with((facts) => isMissing(member, facts));
        if (left.length === 0)
            return;
    }
    const seconds = ((clock.now() - begun) / 1000).toFixed(0);
    log.line(`${plural(left.length, 'image')} still not shared with ${member.label} after ${seconds} s`);
    for (const image of left) {
        member.note(image, {
            obstacle: {
                cause: `The image is not shared with this project: asked ${asked} times in ${seconds} s.`,
                cure: `The owner's share job may have failed: look at it there, and share the image with project ${member.id}. Also check the ID and \`region\`; where shares take longer, raise \`share-timeout\`.`,
                code: null,
                requestId: null,
            },
        });
    }
}
/** isHopeless tells whether something other than a missing share has stopped the run. */
function isHopeless({ record }) {
    if (record.problems.length > 0)
        return true;
    return record.members.some((member) => member.with((facts) => facts.obstacle !== null && !isMissing(member, facts)).length > 0);
}
/** isMissing tells whether an image is not shared with the project but may be one day. */
function isMissing({ id }, { evidence }) {
    return evidence?.known === true && evidence.status === null && evidence.owner !== id;
}

;// CONCATENATED MODULE: ./build/run/index.js
/**
 * A run from the configuration to the report: its steps in their order. Whatever happens, a report comes out.
 */















/** How long the last reading of the members may take once the run's time is up. */
const LAST_LOOK = 10_000;
/** run does what the configuration asks for and never throws. */
async function run(config, tools) {
    const { clock, log } = tools;
    const record = new RunRecord(config, membersOf(config), clock.now());
    let deadline = deadlineAfter(config.timeout, tools.cancel);
    const context = {
        config,
        record,
        log,
        clock,
        get signal() {
            return deadline.signal;
        },
    };
    const login = openLogin(context, tools);
    let opened = [];
    try {
        for (const note of config.notes)
            log.line(note);
        for (const warning of config.warnings)
            warn(context, warning);
        log.group('Log in and look');
        opened = await open_open(context, login);
        await steps(context, opened);
    }
    catch (error) {
        end(context, error);
    }
    deadline.end();
    if (record.stopped === 'timeout') {
        deadline = deadlineAfter(LAST_LOOK, tools.cancel);
        log.line('Time is up: reading the members a last time');
        await pool(opened, PROJECTS_AT_ONCE, (member) => proveOnce(context, member)).catch((error) => end(context, error));
        deadline.end();
    }
    log.endGroup();
    return record.report(clock.now());
}
async function steps(context, opened) {
    const { config, record, log } = context;
    await forEach(context, opened, look_look);
    if (record.problems.length > 0)
        return;
    requireDistinct(record.members);
    requireVaults(config, record.members);
    requireReadable(context);
    await run_judge(context, opened);
    const obstacles = record.members.flatMap((member) => member.with(({ obstacle }) => obstacle !== null));
    if (config.mode !== 'check' && obstacles.length > 0) {
        log.line(`Stopping before any change: ${plural(obstacles.length, 'image')} cannot be ${config.status}`);
        return;
    }
    record.blocked = false;
    if (config.mode !== 'apply')
        return;
    log.group(config.wait ? 'Change and follow the jobs' : 'Change');
    await forEach(context, opened, change);
    if (!config.wait) {
        if (record.jobIds.length > 0)
            warn(context, '`wait` is false: the jobs are submitted, but nothing is proven. Have a later run with `mode: check` prove it.');
        return;
    }
    log.group('Prove');
    await forEach(context, opened, prove);
}
/** Judges every image; those that are not shared yet may get time to arrive, unless something else stops the run anyway. */
async function run_judge(context, opened) {
    const { config } = context;
    for (const member of opened)
        judgeImages(context, member, member.facts.keys());
    const { mode, status, selection, shareTimeout } = config;
    const waits = mode === 'apply' && status === 'accepted' && selection.by === 'ids' && shareTimeout > 0;
    if (!waits || isHopeless(context))
        return;
    const waiting = opened.filter((member) => member.with((facts) => isMissing(member, facts)).length > 0);
    await pool(waiting, waiting.length, (member) => guard(context, member, awaitShares));
}
/** Works on every project; a failure in one is noted and does not end the others, the end of the run does. */
async function forEach(context, opened, work) {
    await pool(opened, PROJECTS_AT_ONCE, (member) => guard(context, member, work));
}
async function guard(context, member, work) {
    const { record, config } = context;
    try {
        await work(context, member);
    }
    catch (error) {
        if (error instanceof RunStopped)
            throw error;
        const problem = explain(error);
        record.problem(explainFor(member, record, error));
        const open = member.with(({ sent, evidence, refusal, obstacle }) => sent === 'no' && refusal === null && obstacle === null && evidence?.status !== config.status);
        if (!record.blocked)
            for (const image of open)
                member.note(image, { refusal: problem });
    }
}
function end({ record, log }, error) {
    if (error instanceof RunStopped) {
        record.stopped ??= error.reason;
        // A cancellation is the stronger word: it ends the last look too.
        if (error.reason === 'cancelled')
            record.stopped = 'cancelled';
        log.line(`Stopping: ${error.message}`);
        // Why a run was cancelled is known to who did it.
        if (error.reason === 'timeout' && error.cause !== undefined)
            record.problem(explain(error.cause));
        return;
    }
    record.problem(explain(error));
}
function openLogin(context, { transport, hide, redact, clock, log }) {
    const { config } = context;
    const client = new ServiceClient({
        transport,
        clock,
        retries: config.retries,
        requestTimeout: config.requestTimeout,
        get signal() {
            return context.signal;
        },
        hide,
        redact,
        certificateHint: config.hints.certificate,
        debug: log.debug,
        onRetry: ({ call, code, status, detail }, delay) => log.line(`${call}: ${code ?? (status === null ? detail : `HTTP ${status}`)}; trying again in ${(delay / 1000).toFixed(1)} s`),
    });
    const { credentials, agency } = config;
    return createLogin(credentials, agency, {
        client,
        clock,
        idToken: () => {
            if (credentials.method !== 'oidc')
                throw new Error('an ID token is only for OIDC');
            return requestIdToken(client, credentials);
        },
        renewals: new RenewalLock(() => log.line('The token had expired: logged in again')),
        refusalHint: refusalHint(config),
        projectHint: config.hints.project,
    });
}
function membersOf(config) {
    const { projects, region, authUrl, selection } = config;
    const ids = selection.by === 'ids' ? selection.ids : [];
    const given = projects.length === 0 ? [''] : projects;
    return given.map((projectName) => new MemberProject(projectName, pickRegion({ region, projectName, authUrl }), ids));
}
/** A name and an ID may mean the same project; served twice, it would be changed twice. */
function requireDistinct(members) {
    const seen = new Map();
    for (const member of members) {
        const other = seen.get(member.id);
        if (other !== undefined) {
            throw new ProblemError({
                cause: `\`project\` names the same project twice: ${other.given} and ${member.given} are both ${member.id}.`,
                cure: 'Leave one of them out. Nothing was changed.',
            });
        }
        seen.set(member.id, member);
    }
}
/** Lines of `vault` may name a project by its ID, which is known only after the login. */
function requireVaults({ vaults }, members) {
    if (vaults.form !== 'by-project')
        return;
    const stray = [...vaults.vaults.keys()].filter((key) => !members.some((member) => member.given === key || member.id === key));
    if (stray.length === 0)
        return;
    throw new ProblemError({
        cause: `\`vault\` names ${stray.join(', ')}, which is none of the projects of this run.`,
        cure: 'Write each line as project=vault, with the project as in `project`, or its ID. Nothing was changed.',
    });
}

;// CONCATENATED MODULE: ./build/secret.js
/**
 * Secrets: a value that cannot be printed by accident, and the book of all of them that cleans outgoing text.
 */
const SHOWN = '***';
/**
 * Shorter values are masked in the runner's log but not searched for in our own text: a password of one letter would
 * turn every line into stars, and what is left would give the letter away.
 */
const SHORTEST = 4;
/** Secret wraps a credential. Every ordinary way of printing it shows `***`; only `reveal()` gives the value. */
class Secret {
    #value;
    constructor(value) {
        this.#value = value;
    }
    /** The value itself, for the one place that puts it on the wire. */
    reveal() {
        return this.#value;
    }
    toString() {
        return SHOWN;
    }
    toJSON() {
        return SHOWN;
    }
    [Symbol.for('nodejs.util.inspect.custom')]() {
        return SHOWN;
    }
}
/**
 * SecretRegistry knows every secret of the run. `hide` enters one, telling the runner to mask it before anything can print
 * it; `redact` replaces all that are known in a text that is about to leave the process, because files (outputs,
 * summary, receipt) are not masked by the runner.
 */
class SecretRegistry {
    #mask;
    #known = new Set();
    /** Longest first, so that a secret inside another one cannot leave the rest of the longer one behind. */
    #spellings = [];
    constructor(mask) {
        this.#mask = mask;
    }
    /** Hide as a value, so that it can be handed around without the book. */
    hide = (value) => {
        // The runner warns about an empty mask, and trims what it is given.
        if (value.trim() !== '' && !this.#known.has(value)) {
            this.#known.add(value);
            const spellings = spellingsOf(value);
            for (const spelling of spellings) {
                this.#mask(spelling);
            }
            if (value.length >= SHORTEST) {
                this.#spellings = [...new Set([...this.#spellings, ...spellings])].sort((a, b) => b.length - a.length);
            }
        }
        return new Secret(value);
    };
    /** Redact returns the text with every known secret, however spelt, replaced by `***`. */
    redact(text) {
        let clean = text;
        for (const spelling of this.#spellings) {
            // Comparing lengths first keeps thousands of short lines against tokens of 10 KB cheap.
            if (clean.length >= spelling.length && clean.includes(spelling)) {
                clean = clean.replaceAll(spelling, SHOWN);
            }
        }
        return clean;
    }
}
/** The forms in which a value can turn up in a log, an error text or an echoed request; the value itself comes first. */
function spellingsOf(value) {
    if (value.length < SHORTEST) {
        return [value];
    }
    const url = encodeURIComponent(value.toWellFormed());
    const strictUrl = url.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
    // Without its padding the encoded form is found with and without it.
    const base64 = Buffer.from(value).toString('base64').replace(/=+$/, '');
    const base64url = Buffer.from(value).toString('base64url');
    // Single brackets and the like in a multi-line value (a key in JSON, say) are no secrets.
    const lines = value.split(/[\r\n]+/).filter((line) => line.trim().length >= SHORTEST);
    const lowerCaseUrl = strictUrl.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
    const json = JSON.stringify(value).slice(1, -1);
    // Some encoders escape the slash, and some what HTML would take for markup.
    const escaped = (text, characters) => text.replace(characters, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
    const jsonForHtml = escaped(json, /[<>&]/g);
    const markup = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    const quoted = markup.replaceAll('"', '&quot;');
    return [
        ...new Set([
            value,
            ...lines,
            json,
            json.replaceAll('/', '\\/'),
            jsonForHtml,
            jsonForHtml.replaceAll('/', '\\/'),
            escaped(json, /[<>&']/g),
            markup,
            quoted,
            quoted.replaceAll("'", '&#39;'),
            quoted.replaceAll("'", '&apos;'),
            url,
            strictUrl,
            lowerCaseUrl,
            url.replaceAll('%20', '+'),
            base64,
            base64url,
        ]),
    ];
}

;// CONCATENATED MODULE: ./build/action.js
/**
 * The action from the process's environment to its exit: read the inputs, run, publish.
 */
















/**
 * act does the whole job and tells whether the step has succeeded.
 * @param toolkit the runner's protocol
 * @param cancel aborted when the runner cancels the run
 * @param loadStatus loads the bundle with GitHub's client
 */
async function act(env, toolkit, cancel, loadStatus) {
    const secrets = new SecretRegistry(toolkit.addMask);
    const redact = (text) => secrets.redact(text);
    const log = createLog({ sink: toolkit, redact, now: systemClock.now });
    const transport = new Transport(readProxies(env));
    try {
        const startedAt = systemClock.now();
        const reading = readInputs(env, secrets, startedAt);
        const reporting = reportingOf(reading);
        const context = readContext(env, (path) => (0,external_node_fs_.readFileSync)(path, 'utf8'));
        const statusPublisher = new StatusPublisher(reporting.commitStatus, {
            transport,
            clock: systemClock,
            log,
            context,
            load: loadStatus,
        });
        let report;
        if (reading.ok) {
            // Not waited for: the run begins while the gate is being closed, but it ends no sooner than that.
            void statusPublisher.publish(pendingStatus());
            report = await run(reading.config, { transport, clock: systemClock, log, hide: secrets.hide, redact, cancel });
        }
        else {
            report = rejectedInputs(reading, startedAt, systemClock.now());
        }
        const published = publish(report, { reporting, files: toolkit, log, context, redact });
        const status = published ? statusFor(redactReport(report, redact)) : unpublishedStatus();
        await statusPublisher.publish(status, cancel.aborted);
        return published && succeeds(report.outcome);
    }
    catch (error) {
        // Nothing above should throw. Should it do so all the same, a stack trace would print what nobody has escaped or redacted.
        const { cause, cure } = explain(error);
        log.error('The action failed', `${log.quote(cause)}\n${cure}`);
        return false;
    }
    finally {
        transport.close();
    }
}
function reportingOf(reading) {
    return reading.ok ? reading.config.reporting : reading.known.reporting;
}


/***/ }),

/***/ 376:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  Z: () => (/* binding */ createToolkit)
});

// UNUSED EXPORTS: keyValue

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __nccwpck_require__(24);
;// CONCATENATED MODULE: external "os"
const external_os_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/utils.js
// We use any as a valid input type
/* eslint-disable @typescript-eslint/no-explicit-any */
/**
 * Sanitizes an input into a string so it can be passed into issueCommand safely
 * @param input input to sanitize into a string
 */
function toCommandValue(input) {
    if (input === null || input === undefined) {
        return '';
    }
    else if (typeof input === 'string' || input instanceof String) {
        return input;
    }
    return JSON.stringify(input);
}
/**
 *
 * @param annotationProperties
 * @returns The command properties to send with the actual annotation command
 * See IssueCommandProperties: https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs#L646
 */
function toCommandProperties(annotationProperties) {
    if (!Object.keys(annotationProperties).length) {
        return {};
    }
    return {
        title: annotationProperties.title,
        file: annotationProperties.file,
        line: annotationProperties.startLine,
        endLine: annotationProperties.endLine,
        col: annotationProperties.startColumn,
        endColumn: annotationProperties.endColumn
    };
}
//# sourceMappingURL=utils.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/command.js


/**
 * Issues a command to the GitHub Actions runner
 *
 * @param command - The command name to issue
 * @param properties - Additional properties for the command (key-value pairs)
 * @param message - The message to include with the command
 * @remarks
 * This function outputs a specially formatted string to stdout that the Actions
 * runner interprets as a command. These commands can control workflow behavior,
 * set outputs, create annotations, mask values, and more.
 *
 * Command Format:
 *   ::name key=value,key=value::message
 *
 * @example
 * ```typescript
 * // Issue a warning annotation
 * issueCommand('warning', {}, 'This is a warning message');
 * // Output: ::warning::This is a warning message
 *
 * // Set an environment variable
 * issueCommand('set-env', { name: 'MY_VAR' }, 'some value');
 * // Output: ::set-env name=MY_VAR::some value
 *
 * // Add a secret mask
 * issueCommand('add-mask', {}, 'secretValue123');
 * // Output: ::add-mask::secretValue123
 * ```
 *
 * @internal
 * This is an internal utility function that powers the public API functions
 * such as setSecret, warning, error, and exportVariable.
 */
function issueCommand(command, properties, message) {
    const cmd = new Command(command, properties, message);
    process.stdout.write(cmd.toString() + external_os_namespaceObject.EOL);
}
function issue(name, message = '') {
    issueCommand(name, {}, message);
}
const CMD_STRING = '::';
class Command {
    constructor(command, properties, message) {
        if (!command) {
            command = 'missing.command';
        }
        this.command = command;
        this.properties = properties;
        this.message = message;
    }
    toString() {
        let cmdStr = CMD_STRING + this.command;
        if (this.properties && Object.keys(this.properties).length > 0) {
            cmdStr += ' ';
            let first = true;
            for (const key in this.properties) {
                if (this.properties.hasOwnProperty(key)) {
                    const val = this.properties[key];
                    if (val) {
                        if (first) {
                            first = false;
                        }
                        else {
                            cmdStr += ',';
                        }
                        cmdStr += `${key}=${escapeProperty(val)}`;
                    }
                }
            }
        }
        cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
        return cmdStr;
    }
}
function escapeData(s) {
    return toCommandValue(s)
        .replace(/%/g, '%25')
        .replace(/\r/g, '%0D')
        .replace(/\n/g, '%0A');
}
function escapeProperty(s) {
    return toCommandValue(s)
        .replace(/%/g, '%25')
        .replace(/\r/g, '%0D')
        .replace(/\n/g, '%0A')
        .replace(/:/g, '%3A')
        .replace(/,/g, '%2C');
}
//# sourceMappingURL=command.js.map
;// CONCATENATED MODULE: ./build/github/commands.js
/**
 * The runner's protocol: workflow commands on stdout, and the files for outputs and the job summary.
 *
 * The only file that uses @actions/core, for workflow commands. It bypasses the package's index, which loads an HTTP client that this
 * action does not use and that alone would double the start-up time. The file commands are written here, because the package's own load
 * `node:crypto` for a random delimiter.
 */


/**
 * createToolkit binds the protocol to this process: its stdout and its `GITHUB_*` variables.
 * @param onBroken told when standard output cannot be written to: its reader has gone, or its disk is full
 */
function createToolkit(onBroken = () => { }) {
    process.stdout.on('error', onBroken);
    const command = (name, properties, message) => issueCommand(name, properties, message);
    return {
        isDebug: process.env['RUNNER_DEBUG'] === '1',
        line: (text) => {
            process.stdout.write(`${text}\n`);
        },
        command,
        addMask: (value) => command('add-mask', {}, value),
        setOutputs: (values) => appendTo(process.env['GITHUB_OUTPUT'], Object.entries(values).map(([name, value]) => keyValue(name, value))),
        appendSummary: (markup) => appendTo(process.env['GITHUB_STEP_SUMMARY'], [markup]),
        flush: () => new Promise((done) => process.stdout.write('', () => done())),
    };
}
/** Opened without creating it, because the runner has made the file, and without blocking, because a FIFO would hold the run up. */
const APPEND = external_node_fs_.constants.O_WRONLY | external_node_fs_.constants.O_APPEND | (external_node_fs_.constants.O_NONBLOCK ?? 0);
function appendTo(path, lines) {
    if (path === undefined || path === '')
        return false;
    const file = (0,external_node_fs_.openSync)(path, APPEND);
    try {
        (0,external_node_fs_.writeFileSync)(file, lines.map((line) => `${line}\n`).join(''));
    }
    finally {
        (0,external_node_fs_.closeSync)(file);
    }
    return true;
}
/** keyValue renders a name and a value of any number of lines. The delimiter does not occur in the value, so it need not be random. */
function keyValue(name, value) {
    let count = 0;
    while (value.includes(`ghadelimiter_${count}`))
        count++;
    const delimiter = `ghadelimiter_${count}`;
    return `${name}<<${delimiter}\n${value}\n${delimiter}`;
}


/***/ }),

/***/ 479:
/***/ ((__webpack_module__, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var _action_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(36);
/* harmony import */ var _github_commands_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(376);
/**
 * The process: signals in, exit code out. The only file that does something when it is loaded.
 */


const cancel = new AbortController();
/** A cancelled run ends itself within three seconds; the runner would kill it after ten. */
const LAST_MOMENT = 2_700;
function stop() {
    if (cancel.signal.aborted)
        return;
    cancel.abort();
    setTimeout(() => process.exit(1), LAST_MOMENT).unref();
}
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(name, stop);
// If nobody reads the log any more, the run ends like a cancelled one, so that outputs, summary and status are still written.
const toolkit = (0,_github_commands_js__WEBPACK_IMPORTED_MODULE_1__/* .createToolkit */ .Z)(stop);
const succeeded = await (0,_action_js__WEBPACK_IMPORTED_MODULE_0__/* .act */ .R)(process.env, toolkit, cancel.signal, () => import(/* webpackIgnore: true */ './github/commit-status/index.js'));
await toolkit.flush();
// Called outright, because a peer or a proxy may still hold a socket open.
process.exit(succeeded ? 0 : 1);

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId](module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 	var resolveQueue = (queue) => {
/******/ 		if(queue && queue.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				var queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				var obj = {};
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		var ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 		var queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		var depQueues = new Set();
/******/ 		var exports = module.exports;
/******/ 		var currentDeps;
/******/ 		var outerResolve;
/******/ 		var reject;
/******/ 		var promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		body((deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			var fn;
/******/ 			var getResult = () => (currentDeps.map((d) => {
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			var promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 		queue && queue.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ var __webpack_exports__ = __nccwpck_require__(479);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 
