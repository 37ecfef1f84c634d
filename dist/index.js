import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 24:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");

/***/ }),

/***/ 662:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  R: () => (/* binding */ act)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __nccwpck_require__(24);
;// CONCATENATED MODULE: ./build/clock.js
/**
 * Time and random numbers as one object, which code that waits or adds jitter gets as an argument.
 */
/** Alarm is a wait that can be cut short. One wait at a time. */
class Alarm {
    #clock;
    #signal;
    #wake = () => { };
    /** @param signal ends every wait; its reason is what is thrown */
    constructor(clock, signal) {
        this.#clock = clock;
        this.#signal = signal;
    }
    /** Waits until `time`, or without end if it is null, unless `ring` is called before. */
    async wait(time) {
        const signal = this.#signal;
        const nap = new AbortController();
        const stop = () => nap.abort(signal.reason);
        this.#wake = () => nap.abort(nap);
        signal.addEventListener('abort', stop, { once: true });
        if (signal.aborted)
            stop();
        try {
            await this.#clock.sleep(time === null ? LONGEST : Math.max(0, time - this.#clock.now()), nap.signal);
        }
        catch (reason) {
            if (reason !== nap)
                throw reason;
        }
        finally {
            signal.removeEventListener('abort', stop);
        }
    }
    /** Ends the current wait, if there is one. */
    ring() {
        this.#wake();
    }
}
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
/**
 * proxyFor gives the proxy for a URL, or null if it is reached directly. `https` uses `HTTPS_PROXY` only, as curl and Node do. Throws if
 * the proxy is no HTTP proxy, because going past it is not what was asked for.
 */
function proxyFor({ protocol, hostname, port }, proxies) {
    const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
    const proxy = proxies[name] ?? '';
    const target = { host: bare(hostname), port: port || (protocol === 'https:' ? '443' : '80') };
    if (proxy === '' || entriesOf(proxies.NO_PROXY ?? '').some((entry) => exempts(entry, target)))
        return null;
    if (/^https?:/i.test(proxy) && URL.canParse(proxy))
        return new URL(proxy);
    throw new Error(`${name} is not the address of an HTTP proxy`);
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
 * isProjectId distinguishes a project's ID from its name: IDs are 32 hexadecimal digits, with dashes in some editions, and names begin with
 * the region (OTC IAM API reference, Querying Projects).
 */
function isProjectId(text) {
    return /^[0-9a-f]{32}$/i.test(text.replaceAll('-', ''));
}
const METHOD_TITLES = {
    aksk: 'AK/SK',
    oidc: 'OIDC',
    'application-credential': 'application credential',
};
/** methodTitle is what people call a method of logging in. */
function methodTitle(method) {
    return METHOD_TITLES[method] ?? method;
}
/** isAccountId returns whether a text looks like the ID of an account or project: 32 hexadecimal digits. */
function isAccountId(text) {
    return /^[0-9a-f]{32}$/i.test(text);
}
/**
 * isLoopback returns whether a host is this machine. Takes the `hostname` of a URL, which has brought every spelling of an IPv4
 * address to four numbers and of an IPv6 address to its shortest form.
 */
function isLoopback(hostname) {
    return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
/** jsonOf parses JSON; undefined if the text is not JSON. */
function jsonOf(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
/** urlOf parses an absolute URL; null if the text is not one. */
function urlOf(text) {
    return URL.canParse(text) ? new URL(text) : null;
}
/** hasStatus returns whether an image has the requested status, as far as the run knows. */
function hasStatus({ outcome }) {
    return outcome === 'updated' || outcome === 'unchanged';
}
/** isPublic returns whether every project can use an image of this visibility, so that there is nothing to accept (`community` is Glance's). */
function isPublic(visibility) {
    return visibility === 'public' || visibility === 'community';
}
/** usabilityOf judges an image's own status: only `active` can be used; an unknown status counts as usable. */
function usabilityOf(imageStatus) {
    if (imageStatus === null || imageStatus === 'active')
        return 'usable';
    return /^(queued|saving|uploading|importing)$/.test(imageStatus) ? 'on-its-way' : 'unusable';
}

;// CONCATENATED MODULE: ./build/cloud/wire-error.js
/**
 * Why no usable answer came back over the wire.
 */
/** WireError is the reason why no complete answer arrived. `sent` is false only if the request certainly did not reach the service. */
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
 * @param onAdmitted told as soon as the proxy has let the connection through
 */
function openTunnel(proxy, target, timeout, onAdmitted) {
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
        if (answer.statusCode === undefined || answer.statusCode < 200 || answer.statusCode > 299) {
            socket.destroy();
            fail(denied(peer, endpoint, answer));
            return;
        }
        onAdmitted();
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
/** A proxy that requires a login or forbids the host will do so again; one that cannot reach the host (5xx) may reach it later. */
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
     *
     * A proxy may lock its user after some wrong passwords. So the first connection through it is the one that a request needs.
     */
    prepare(url, timeout) {
        const { options, open, spares, waiting } = this.#poolFor(url);
        const host = unbracketed(url.hostname);
        const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
        const key = keyOf({ host, port });
        if (waiting !== null) {
            waiting.push({ key, start: () => this.prepare(url, timeout) });
            return;
        }
        const servername = process.getBuiltinModule('node:net').isIP(host) === 0 ? host : '';
        const { promise, resolve, reject } = Promise.withResolvers();
        const target = { ...options, host, port, servername, path: null, keepAlive: true, connectTimeout: timeout };
        const socket = open(target, (error, tunnel) => (error ? reject(error) : tunnel && resolve(tunnel)));
        if (socket) {
            this.#own(socket).on('error', (error) => reject(toWireError(error, false)));
            socket.once('close', () => reject(new WireError('the connection was closed before it was used', false)));
            socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => resolve(socket));
        }
        const here = spares.get(key) ?? [];
        spares.set(key, here);
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
        const admit = () => {
            const waiting = pool.waiting ?? [];
            pool.waiting = null;
            for (const { start } of waiting)
                start();
        };
        const open = tunnelled
            ? (target, done) => handOver(this.#tunnel(proxy, target, admit), done)
            : agent.createConnection.bind(agent);
        agent.createConnection = (target, done) => {
            const key = keyOf(target);
            const spare = takeFrom(spares.get(key) ?? []);
            if (spare !== null)
                return handOver(spare, done);
            // The request opens itself what was to be opened ahead of it.
            const at = pool.waiting?.findIndex((one) => one.key === key) ?? -1;
            if (at >= 0)
                pool.waiting?.splice(at, 1);
            return open(target, done);
        };
        const pool = { agent, options, open, spares, waiting: tunnelled ? [] : null };
        this.#pools.set(name, pool);
        return pool;
    }
    #tunnel(proxy, { connectTimeout = 0, host, port, ...options }, onAdmitted) {
        const target = { ...options, host: String(host), port: Number(port) };
        const tunnel = openTunnel(proxy, target, connectTimeout, onAdmitted);
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
     * Sends one request and reads the whole answer, of any status. Redirects are not followed.
     * Throws a WireError, or the signal's reason if the caller gave up.
     * @param timeout milliseconds until the answer's last byte
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
            // Set as soon as an error status arrives. It is the answer even if its body is lost: a refused login that is mistaken for a lost
            // one would be repeated, and that locks accounts.
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
                // A connection is free again when its request has closed, a moment after the answer's last byte. A request that is sent before
                // that opens another connection.
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
/** The longest wait for a request to close, in milliseconds; it usually takes less than one. */
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
 * With plain http, a proxy that cannot reach the service answers itself. Answers of the service have a request ID or a JSON body.
 * The proxy may have forwarded the request before it failed.
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
/** Uses events, because an async iterator needs a MiB more for lists of a thousand images. */
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
/** The body of a refusal, as far as it can be read. */
function readable(chunks, answer) {
    try {
        return unpack(chunks, answer);
    }
    catch {
        return '';
    }
}
/** The action asks for no compression, but gateways and proxies may compress anyway. */
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
    throw new WireError('the answer has an unknown encoding', true);
}

;// CONCATENATED MODULE: ./build/github/context.js
/**
 * The workflow run, as the runner describes it in its environment: read once, as plain data.
 */
/**
 * readContext reads the `GITHUB_*` variables. `readFile` gives the text of the event file; a file that is missing or
 * not JSON is treated as an event without content, because a report must not fail on it.
 */
function readContext(env, readFile) {
    const given = (name) => env[name]?.trim() || null;
    const eventName = given('GITHUB_EVENT_NAME');
    const commit = given('GITHUB_SHA');
    return {
        runUrl: runUrl(given),
        runAttempt: /^\d{1,9}$/.test(given('GITHUB_RUN_ATTEMPT') ?? '') ? Number(given('GITHUB_RUN_ATTEMPT')) : null,
        actor: given('GITHUB_ACTOR'),
        triggeringActor: given('GITHUB_TRIGGERING_ACTOR'),
        workflow: given('GITHUB_WORKFLOW_REF'),
        commit,
        eventName,
        statusCommit: statusCommit(eventName, commit, () => eventOf(given('GITHUB_EVENT_PATH'), readFile)),
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
/** The events on which GITHUB_SHA is the commit that the event is about. */
const OWN_COMMIT = /^(push|workflow_dispatch|repository_dispatch|schedule|merge_group|release|deployment(_.*)?|create)$/;
/** Where other events name their commit. On these, GITHUB_SHA is a merge commit or the head of the default branch. */
const NAMED_COMMIT = [
    [/^pull_request(_.*)?$/, ['pull_request', 'head', 'sha']],
    [/^workflow_run$/, ['workflow_run', 'head_sha']],
    [/^check_run$/, ['check_run', 'head_sha']],
    [/^check_suite$/, ['check_suite', 'head_sha']],
    [/^status$/, ['sha']],
];
function statusCommit(eventName, commit, event) {
    if (eventName === null)
        return null;
    if (OWN_COMMIT.test(eventName))
        return commit;
    const path = NAMED_COMMIT.find(([pattern]) => pattern.test(eventName))?.[1];
    const sha = path?.reduce(property, event());
    return typeof sha === 'string' && /^[0-9a-f]{40,64}$/i.test(sha) ? sha : null;
}
function eventOf(path, readFile) {
    try {
        return path === null ? null : JSON.parse(readFile(path));
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
const SUPPORT = "Nothing in the workflow can fix this. Send the request ID to the cloud's support.";
const LATER = "Run the workflow again later. If it keeps failing, send the request ID to the cloud's support.";
const STATUS_PAGE = "Check the cloud's status page, and run the workflow again once the service is back.";
const BUG = 'The action should not have sent this. Please open an issue with the request ID.';

;// CONCATENATED MODULE: ./build/cloud/error-codes/cbr-codes.js
/**
 * Codes of Cloud Backup and Recovery, which the job of a full-ECS image may pass on (OTC CBR API reference, Error Codes).
 */

// biome-ignore format: a table is read row by row
const CBR_CODES = {
    'BackupService.6105': ['vault', 'There is no such vault.', 'Give as `vault` the ID of a vault in the same project and region.'],
    'BackupService.6112': ['vault', "The vault's status does not allow this.", 'Run the workflow again once its status is available.'],
    'BackupService.6129': ['vault', 'The vault has no free space left.', 'Enlarge it, or give another `vault`.'],
    'BackupService.6705': ['image', "The image's backup is not shared with this project.", 'Ask the owner whether the image is still shared.'],
    'BackupService.6706': ['request', 'CBR does not accept a value of the update.', 'Check `status` and `vault`.'],
    'BackupService.6708': ['service', "CBR failed to change the status of the backup's share.", LATER, 'transient'],
    'BackupService.6712': ['vault', "The vault's status does not allow sharing.", 'Run the workflow again once its status is available.'],
    'BackupService.6713': ['vault', "The vault is of a type that does not suit the image's backup.", 'Give as `vault` one that stores servers (object type server) and serves for backup, not replication.'],
    'BackupService.9900': ['vault', 'CBR does not accept a parameter.', 'Check `vault` for typing mistakes.'],
    'BackupService.9998': ['login', 'CBR could not verify the caller.', 'Check that the credentials belong to `project`, and that they may use CBR there.'],
};

;// CONCATENATED MODULE: ./build/cloud/error-codes/gateway-codes.js
/**
 * Codes of the API gateway in front of the services. Huawei Cloud writes them `APIGW.` instead of `APIG.` (OTC API Gateway user guide,
 * Error Codes; Huawei Cloud API Gateway, Error Codes).
 */

const CREDENTIALS = 'Check that the credentials are complete, valid, and of this cloud.';
// biome-ignore format: a table is read row by row
const GATEWAY_CODES = {
    'APIG.0101': ['request', 'This host does not offer the call.', 'Check `region`, `ims-endpoint` and `auth-url`.'],
    'APIG.0103': ['service', 'The gateway has no service behind this call.', LATER, 'transient'],
    'APIG.0106': ['request', "The gateway could not read the request's parameters.", BUG],
    'APIG.0201': ['service', 'The gateway could not pass the request on, or got no answer in time.', STATUS_PAGE, 'transient'],
    'APIG.0202': ['service', 'The service behind the gateway is down.', STATUS_PAGE, 'transient'],
    'APIG.0203': ['service', 'The service behind the gateway was too slow. A change may have been made nevertheless.', 'Run the workflow again: it reads the member status before it changes anything.', 'transient'],
    'APIG.0204': ['request', 'The gateway refuses this version of TLS.', 'Use a runner, and a proxy if there is one, that speaks TLS 1.2 or later.'],
    'APIG.0205': ['request', 'The gateway refuses the client certificate.', 'Check the proxy between the runner and the cloud.'],
    'APIG.0301': ['login', 'The gateway does not accept the signature, the access key or the token.', "Check that the keys or the token are valid in this `region`. A refused signature is not repeated, because five failures lock an access key for five minutes."],
    'APIG.0302': ['permission', 'The IAM user may not make this call.', 'Check whether the user is on a deny list, and whether the account is in good standing.'],
    'APIG.0303': ['login', 'The gateway does not accept the signature.', 'Check `access-key` and `secret-key`.'],
    'APIG.0304': ['permission', 'The gateway treats the caller as an application, which may not make this call.', 'Log in with credentials of IAM.'],
    'APIG.0305': ['login', 'The gateway does not accept the credentials.', CREDENTIALS],
    'APIG.0306': ['permission', 'The gateway refuses access to this call.', "Check the permissions of the identity in the project."],
    'APIG.0307': ['login', 'The token is too old, or was made for another region.', "Obtain another token. On Huawei Cloud a regional IAM host's token is valid in its own region only."],
    'APIG.0308': ['rate', 'The gateway receives too many requests.', 'All retries failed. Run fewer workflows at the same time, or raise `retries`.', 'transient'],
    'APIG.0310': ['project', 'The project cannot be used.', 'Check that `project` is enabled and belongs to `region`.'],
    'APIG.0401': ['permission', 'The gateway cannot determine the origin of the request.', SUPPORT],
    'APIG.0402': ['permission', 'The gateway does not admit the address of this runner.', "Check the account's access control list. Addresses of GitHub-hosted runners change; a self-hosted runner can keep its address."],
    'APIG.0404': ['service', "The gateway may not access the address of the service.", SUPPORT],
    'APIG.0601': ['service', 'The gateway had an internal error.', LATER, 'transient'],
    'APIG.0602': ['request', 'The gateway does not accept the request.', 'Check `ims-endpoint` and `auth-url`. If they are right, please open an issue with the request ID.'],
    'APIG.0605': ['service', 'The gateway could not resolve the name of the service.', LATER, 'transient'],
    'APIG.0606': ['service', 'The gateway could not load its own settings.', LATER, 'transient'],
    'APIG.0607': ['request', 'The gateway expects another protocol.', 'Write `ims-endpoint` and `auth-url` with `https`.'],
    'APIG.0608': ['service', 'The gateway could not obtain a token for itself.', LATER, 'transient'],
    'APIG.0610': ['service', 'The gateway found no working service.', STATUS_PAGE, 'transient'],
    'APIG.0613': ['service', 'The gateway cannot reach IAM.', STATUS_PAGE, 'transient'],
    'APIG.0802': ['permission', 'The IAM user may not access this region.', 'Give the user access to the region, or use another `region`.'],
};

;// CONCATENATED MODULE: ./build/cloud/error-codes/iam-codes.js
/**
 * Codes of Identity and Access Management (OTC IAM API reference, Status Codes and Error Codes).
 */

const NAMED_INPUT = 'Correct the input that the message names. If it names none, please open an issue with the request ID.';
const ENABLE_USER = 'Have an administrator enable the user, or log in as another one.';
const NEW_KEY = 'Create another access key for the user, and store it as `access-key` and `secret-key`.';
// biome-ignore format: a table is read row by row
const IAM_CODES = {
    'IAM.0001': ['login', 'IAM does not accept the credentials.', 'Check that they are complete, valid, and of this cloud and region. With OIDC, compare `identity-provider` and `audience` with the provider in IAM, then its issuer, signing key and conversion rules.'],
    'IAM.0002': ['permission', 'The identity is not allowed to do this.', 'Grant it what is missing; to assume an agency it needs the role Agent Operator.'],
    'IAM.0003': ['permission', "The identity's policies do not include this action.", 'The message names an action: add it to a policy of the identity.'],
    'IAM.0004': ['login', 'IAM does not know a name in the login.', 'Check `project`, `domain`, `username`, `identity-provider`, `agency-name` and `agency-domain` for typing mistakes.'],
    'IAM.0005': ['request', 'IAM has a resource of this name already.', 'Nothing needs to be created again.'],
    'IAM.0006': ['service', 'IAM had an internal error.', LATER, 'transient'],
    'IAM.0007': ['request', 'IAM does not accept a parameter.', NAMED_INPUT],
    'IAM.0009': ['login', 'IAM does not accept the token.', 'Give a fresh `token`.'],
    'IAM.0011': ['request', 'IAM does not accept the body of the request.', 'Check `domain`, `project` and `audience`. If they are right, please open an issue with the request ID.'],
    'IAM.0012': ['rate', 'IAM receives too many requests. Its message may name the limit.', 'All retries failed. Run fewer workflows at the same time, or raise `retries`.', 'transient'],
    'IAM.0020': ['service', 'IAM is being switched to another region.', STATUS_PAGE, 'transient'],
    'IAM.0061': ['login', 'Too many failed logins have locked the user.', 'Wait for the lock to end, usually 15 minutes, then check the password. A refused login is not repeated.'],
    'IAM.0062': ['login', 'The user name or the password is wrong.', 'Check the user name, the password and the domain. A refused login is not repeated, because that would lock the user.'],
    'IAM.0063': ['login', 'IAM could not verify the access token.', 'Obtain another token shortly before this step.'],
    'IAM.0064': ['permission', 'The access token does not cover this request.', 'Grant the IAM user what is missing, then obtain another token.'],
    'IAM.0066': ['login', 'The token is too old.', 'Obtain one in the same job: a token lives for 24 hours at most.'],
    'IAM.0067': ['login', 'IAM does not accept the token.', "Give a fresh `token`. Changing the user's password or rights ends tokens within half an hour."],
    'IAM.0072': ['request', 'A field that IAM needs is missing.', NAMED_INPUT],
    'IAM.0073': ['request', 'IAM does not allow the value of a field.', NAMED_INPUT],
    'IAM.0080': ['login', 'The access key belongs to a user who is disabled.', ENABLE_USER],
    'IAM.0081': ['permission', 'The user has console access only.', 'Have an administrator allow the user programmatic access.'],
    'IAM.0082': ['login', 'This user has been disabled in IAM.', ENABLE_USER],
    'IAM.0083': ['permission', 'The region is private and closed to this user.', 'Give another `region`, or ask the operator of this one for access.'],
    'IAM.1101': ['request', 'The login has no body, or one of more than 32 KB.', 'Check whether a name in the inputs or the ID token is unusually long. Otherwise please open an issue.'],
    'IAM.1102': ['request', 'IAM does not accept a value in the login.', NAMED_INPUT],
    'IAM.1103': ['request', 'The login lacks a value that IAM needs.', NAMED_INPUT],
    'IAM.1104': ['login', 'IAM has blocked this access key.', NEW_KEY],
    'IAM.1105': ['login', 'The access key has expired.', NEW_KEY],
    'IAM.1106': ['login', 'The access key does not exist.', 'Check the access key for typing mistakes. Its user or agency may have been deleted.'],
    'IAM.1107': ['login', 'The access key is disabled.', 'Have the key enabled in IAM, or use another one.'],
    'IAM.1108': ['login', 'The temporary keys have expired.', 'Obtain `access-key`, `secret-key` and `security-token` in the same job, right before this step.'],
    'IAM.1109': ['project', 'IAM does not know this project.', 'Check `project`, and that it belongs to `region`.'],
};

;// CONCATENATED MODULE: ./build/cloud/error-codes/ims-codes.js
/**
 * Codes of the Image Management Service (OTC IMS API reference, Error Codes). All but IMG.0026 come with HTTP 400.
 */

const GONE = 'Compare the ID in `images` with its owner: it may be mistyped, deleted, no longer shared, or in another `region`.';
const OWN_KEY = "Ask the image's owner to check the KMS key that the image is encrypted with.";
const KEY_GRANT = "Ask the image's owner to authorise this project for the image's KMS key.";
const CBR_IMAGE = "Ask the image's owner to create it again from a CBR backup. No other full-ECS images can be shared.";
const SERVER_VAULT = 'Give as `vault` one that stores servers (object type server) and serves for backup, not replication.';
const SERVICE_AGENCY = 'Have an administrator of the account restore the agencies that IMS and CBR work through.';
// biome-ignore format: a table is read row by row
const IMS_CODES = {
    'IMG.0001': ['request', 'IMS could not read the request.', 'If `ims-endpoint` leads through a proxy, make sure that it leaves bodies alone. Otherwise please open an issue.'],
    'IMG.0007': ['request', 'IMS got the request without its body.', 'Make sure that no proxy on the way removes bodies. Otherwise please open an issue.'],
    'IMG.0014': ['service', 'The OpenStack service underneath IMS failed.', LATER, 'transient'],
    'IMG.0016': ['service', 'IMS failed to process the body of the request.', SUPPORT],
    'IMG.0017': ['request', 'IMS does not understand the address of the request.', 'Give `ims-endpoint` as scheme and host only, or leave it out.'],
    'IMG.0018': ['service', 'IMS could not put the job into its queue.', LATER, 'transient'],
    'IMG.0020': ['image', 'The backup behind this full-ECS image no longer exists.', 'Ask its owner to create the image again.'],
    'IMG.0021': ['request', 'IMS does not know this kind of image source.', SUPPORT],
    'IMG.0023': ['service', 'IMS could not find the job.', 'The job may be running nevertheless, and the member status shows its effect. Run the workflow again to make sure.', 'transient'],
    'IMG.0024': ['image', 'The image is of a type that IMS does not accept here.', 'Take it out of `images` unless it is an image for ECS or BMS servers.'],
    'IMG.0025': ['permission', 'IMS does not serve this kind of user.', "Log in as an IAM user, a federated group or an agency of the member project's account."],
    'IMG.0026': ['permission', 'The identity is not allowed to do this, or its account lacks real-name authentication.', 'Grant it `ims:images:share` and `ims:images:get` in the project. On Huawei Cloud the account needs real-name authentication too.'],
    'IMG.0027': ['image', 'There is no image with one of these IDs.', GONE],
    'IMG.0028': ['image', 'The image is protected.', 'Ask its owner to remove the protection.'],
    'IMG.0030': ['project', 'The project does not match the credentials, or one of the two is wrong.', 'Use credentials that are scoped to the project given as `project`.'],
    'IMG.0031': ['image', 'One of the IDs in the request is wrong.', 'Check `images` first, then `project` and `vault`: each ID must be complete and belong to the same `region`.'],
    'IMG.0032': ['image', "The image's backup cannot be used now.", 'Ask its owner what state the backup is in.'],
    'IMG.0034': ['request', 'IMS does not allow a change in the number of images.', SUPPORT],
    'IMG.0035': ['image', 'The update contradicts the current state of the image.', 'Run the workflow again: images that have the requested status are left out.'],
    'IMG.0036': ['account', 'IMS could not obtain a token for this account.', SERVICE_AGENCY],
    'IMG.0037': ['account', 'IMS could not obtain access keys for this account.', SERVICE_AGENCY],
    'IMG.0041': ['account', 'The request names no trusted account.', 'Check `agency-domain`, and which account the agency is delegated to.'],
    'IMG.0046': ['image', 'The image is not in a usable state.', 'Run the workflow again once the image is active, or ask its owner.'],
    'IMG.0047': ['image', 'This is reserved for the owner of the image.', 'Give as `project` the project that the image was shared with, and credentials of that project.'],
    'IMG.0053': ['service', 'IMS could not look up the domain of one of its own accounts.', SUPPORT],
    'IMG.0060': ['rate', 'IMS is processing too many tasks.', 'All retries failed. Run fewer workflows at the same time, or raise `retries`.', 'transient'],
    'IMG.0061': ['service', 'IMS failed without giving a reason.', LATER, 'transient'],
    'IMG.0064': ['service', 'IMS could not look up the tenant in IAM.', 'Run the workflow again later. If it keeps failing, check that user and project are enabled.', 'transient'],
    'IMG.0065': ['service', 'IMS could not look up the account of the tenant in IAM.', 'Run the workflow again later. If it keeps failing, check that the account is enabled.', 'transient'],
    'IMG.0066': ['image', 'One of the image IDs is not valid, and IMS refuses the others along with it.', GONE],
    'IMG.0067': ['project', 'This is not the ID of a project.', 'Give `project` the ID or the name of the member project. IDs of accounts and users are not accepted.'],
    'IMG.0076': ['image', 'The image belongs to this very project.', 'Take it out of `images`: an owner has nothing to accept or reject.'],
    'IMG.0083': ['image', 'The image is public, so every project can use it.', 'Take it out of `images`: there is nothing to accept or reject.'],
    'IMG.0084': ['image', 'The owner has not shared this image; it is private.', 'Ask its owner to share it with this project, or take it out of `images`.'],
    'IMG.0086': ['image', 'IMS finds no such image.', GONE],
    'IMG.0087': ['login', 'IMS does not accept the token.', 'Use a valid token that is scoped to `project`, or another method of logging in.'],
    'IMG.0088': ['account', 'No more images can be shared: the quota is reached.', 'Have the quota raised, or ask the owner to withdraw unused shares.'],
    'IMG.0089': ['image', 'The image is public, and public images are not shared.', 'Take it out of `images`.'],
    'IMG.0095': ['image', "The image is encrypted, and its KMS key does not exist.", OWN_KEY],
    'IMG.0097': ['image', "The image is encrypted, and its KMS key is disabled.", OWN_KEY],
    'IMG.0098': ['image', 'The image is encrypted and cannot be shared for that reason.', 'Ask its owner for a copy without encryption.'],
    'IMG.0099': ['image', "The image is encrypted, and this project may not use its KMS key.", KEY_GRANT],
    'IMG.0100': ['image', 'The image is encrypted, and this account may not use KMS.', 'Have KMS enabled for the account that holds `project`.'],
    'IMG.0101': ['image', 'The KMS key that the image was first encrypted with does not exist.', OWN_KEY],
    'IMG.0102': ['image', 'The KMS key that the image was first encrypted with is disabled.', OWN_KEY],
    'IMG.0103': ['image', 'This project may not use the KMS key that the image was first encrypted with.', KEY_GRANT],
    'IMG.0104': ['project', 'The region has several projects, and the request does not name one.', 'Name the member project in `project`.'],
    'IMG.0105': ['image', 'IMS does not support this for the image.', 'Check whether images of its kind can be shared in this region, or ask support.'],
    'IMG.0106': ['image', 'The image belongs to another tenant.', 'Give as `project` the project that the image was shared with, and credentials of that project.'],
    'IMG.0108': ['project', 'This region does not know the tenant.', 'Give a `project` and a `region` that belong together.'],
    'IMG.0112': ['service', 'IMS failed to share the image with the member.', "Ask the image's owner to share it again.", 'transient'],
    'IMG.0113': ['service', 'IMS failed to withdraw the image from the member.', "Ask the image's owner to withdraw it again.", 'transient'],
    'IMG.0114': ['image', "IMS failed to read the project's membership in the image.", 'Run the workflow again. If it keeps failing, ask the owner whether the image is still shared.', 'transient'],
    'IMG.0121': ['image', 'The subject of the request was not found.', GONE],
    'IMG.0127': ['image', "The image's CSBS backup does not exist.", CBR_IMAGE],
    'IMG.0132': ['image', "The status of the image's CSBS backup does not allow this.", 'Run the workflow again later, or ask the owner about the backup.'],
    'IMG.0133': ['image', "This project cannot access the image's CSBS backup.", CBR_IMAGE],
    'IMG.0135': ['image', 'This full-ECS image cannot be shared.', CBR_IMAGE],
    'IMG.0144': ['image', 'The image does not exist.', GONE],
    'IMG.0145': ['project', 'The name of the project is wrong.', 'Give `project` the exact name, such as `eu-de_team`, or the ID.'],
    'IMG.0154': ['service', 'IMS could not reach the enterprise project service.', LATER, 'transient'],
    'IMG.0155': ['account', 'IMS could not verify the enterprise project.', 'Check the enterprise projects of the account, then run the workflow again.'],
    'IMG.0156': ['permission', 'IMS could not assign the image to the enterprise project.', 'Grant the identity rights in the enterprise project (EPS).'],
    'IMG.0161': ['permission', 'This needs a permission that the cloud grants to selected accounts only.', SUPPORT],
    'IMG.0165': ['image', "This project may not access the image's CSBS backup.", CBR_IMAGE],
    'IMG.0177': ['image', "The image is in another region than this project.", 'Ask its owner to replicate it to this region and to share the copy.'],
    'IMG.0178': ['image', 'The image is shared with the tenant that owns it.', "Give the receiving project as `project`, not the owner's."],
    'IMG.0179': ['account', "The token of the owner's agency is not valid.", "Ask the image's owner to check the agency that replicates images."],
    'IMG.0180': ['vault', 'CBR cannot do this with a full-ECS image.', 'Check whether CBR is available in this region.'],
    'IMG.0182': ['vault', 'The vault has too little free space.', "Enlarge it until the backups of all the image's disks fit, or use a bigger `vault`."],
    'IMG.0183': ['vault', 'The server is already in another vault, and only one is allowed.', 'Give that one as `vault`, or take the server out of it.'],
    'IMG.0184': ['vault', 'IMS could not read the vault.', 'Give as `vault` the ID of a CBR vault of this project and region, and grant `cbr:vaults:get`.'],
    'IMG.0185': ['vault', 'The vault cannot take one more server.', 'Remove servers that are no longer needed from it, or give another `vault`.'],
    'IMG.0186': ['vault', 'The server is still associated with CSBS.', 'Release the server from CSBS. If that is not possible, ask support.'],
    'IMG.0187': ['rate', 'KMS receives too many requests.', 'All retries failed. Run fewer workflows at the same time, or raise `retries`.', 'transient'],
    'IMG.0188': ['vault', 'The vault is not ready for use.', 'Check the vault in CBR: its status must be available.'],
    'IMG.0189': ['vault', "The vault's protection type does not fit.", SERVER_VAULT],
    'IMG.0190': ['image', 'The full-ECS image has no CBR backup behind it.', CBR_IMAGE],
    'IMG.0193': ['vault', 'The vault does not store backups of servers.', SERVER_VAULT],
    'IMG.0196': ['image', 'The image was used before it was accepted.', 'Run this action before the step that uses the image.'],
    'IMG.0198': ['image', "The image's backup no longer exists, or is of another type than its ID indicates.", 'Ask its owner about the backup.'],
    'IMG.0238': ['account', 'The account has not gone through real-name authentication.', 'Have its owner complete real-name authentication.'],
    'IMG.0239': ['account', "The account's balance is too low.", 'Top it up: storing a full-ECS image in a vault can cost money.'],
    'IMG.0241': ['account', 'The account has no payment method.', "Complete the account's payment details."],
    'IMG.0242': ['account', 'The budget of the department is used up.', "Have the department's budget raised in the enterprise console."],
};

;// CONCATENATED MODULE: ./build/cloud/error-codes/rights.js
const ACTIONS = {
    list: '`ims:images:list`',
    read: '`ims:images:get` and `ims:images:list`',
    change: '`ims:images:share`, `ims:images:get` and `ims:images:list`',
};
/** Rules of Glance's policy, and the role that has them by default. */
const RULES = {
    list: '`get_images`, usually `reader`',
    read: '`get_image`, `get_images` and `get_member`, usually `reader`',
    change: '`modify_member`, `get_member`, `get_image` and `get_images`, usually `member`',
};
/** rightsCure tells what to grant in the member project: one sentence. */
function rightsCure(api, right) {
    return api === 'ims'
        ? `Grant ${ACTIONS[right]} in the member project.`
        : `Give the user a role in the member project to which Glance's policy allows ${RULES[right]}.`;
}

;// CONCATENATED MODULE: ./build/cloud/error-codes/index.js
/**
 * What the services' error codes mean, what to do about them, and how the action has to take them.
 */






let codes = null;
/** lookup finds a code in upper or lower case, and under Huawei Cloud's name of the gateway too; undefined if it is not listed. */
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
/** isThrottle returns whether the code asks for fewer requests, regardless of the HTTP status: IMG.0060 comes with 400. */
function isThrottle(code) {
    return lookup(code)?.subject === 'rate';
}
/** isAboutLogin returns whether the code refuses the identity. Another attempt would be refused too, and may lock the user or the key. */
function isAboutLogin(code) {
    return lookup(code)?.subject === 'login';
}
/** isAboutImage returns whether the code is about one image, so that the rest of a batch may succeed without it. */
function isAboutImage(code) {
    return lookup(code)?.subject === 'image';
}
/** isAboutVault returns whether the code is about the vault, so that images that need none may succeed without it. */
function isAboutVault(code) {
    return lookup(code)?.subject === 'vault';
}
/** The one code that is used both for refusals and for faults. */
const MIXED = 'APIG.0201';
/** isTransient returns whether the same read may succeed later. APIG.0201 means a fault only with 500, 502 and 504. */
function isTransient(code, httpStatus) {
    const info = lookup(code);
    if (info?.code === MIXED)
        return httpStatus === 500 || httpStatus === 502 || httpStatus === 504;
    return info?.retryable ?? false;
}
/**
 * explainCode explains a failed call: by its code if that is listed, else by its HTTP status, else in general. Null stands for a
 * code or status that the answer did not have.
 */
function explainCode(code, httpStatus, service) {
    const info = code === null ? undefined : lookup(code);
    const vague = info?.code === MIXED && httpStatus !== null && !isTransient(MIXED, httpStatus);
    if (info === undefined || vague)
        return explainStatus(httpStatus, service);
    return { cause: info.cause, cure: info.cure };
}
const LONG_TOKEN = 'The token is too long: use an identity with fewer roles, or `access-key` and `secret-key`, which need no token.';
// biome-ignore format: a table is read row by row
const BY_STATUS = {
    400: ['The service does not accept the request.', 'Check the inputs that the message names. If they are right, please open an issue with the request ID.'],
    401: ['The service does not accept the credentials.', 'Check that they are valid, not expired, and of this cloud and region.'],
    403: ['The identity is not allowed to do this.', rightsCure('ims', 'change')],
    404: ['The service did not find what was requested.', 'Check that `images`, `project` and `region` belong together, and that `ims-endpoint` and `auth-url` are right.'],
    407: ['The proxy requires a login.', 'Put the user and password of the proxy into `HTTPS_PROXY`.'],
    408: ['The service did not receive the whole request in time.', LATER],
    409: ['Another change of the same resource is in progress.', 'Run the workflow again, and make sure that no two runs change the same images at the same time.'],
    413: ['The request is too large for the service.', 'Name fewer images in one run.'],
    414: ['The address of the request is too long for the service.', BUG],
    429: ['The service receives too many requests.', 'All retries failed. Run fewer workflows at the same time, or raise `retries`.'],
    431: ['The headers of the request are too large for the service.', LONG_TOKEN],
    494: ['The headers of the request are too large for the service.', LONG_TOKEN],
};
// biome-ignore format: a table is read row by row
const BY_STATUS_OF_IAM = {
    401: ['IAM does not accept the credentials.', 'Check that they are valid, not expired, and of this cloud and region. A refused login is not repeated.'],
    403: ['IAM does not allow this login.', 'Check that the user is not locked, has programmatic access, and has a role in `project`. An agency must be delegated to the account of the caller, who needs the role Agent Operator.'],
    404: ['IAM does not know a name in the login, or the token is no longer valid.', 'Check `project`, `domain`, `username`, `agency-name` and `agency-domain` for typing mistakes, then `auth-url` and `region`.'],
};
// biome-ignore format: a table is read row by row
const BY_STATUS_OF_KEYSTONE = {
    400: ['Keystone does not accept the login request.', 'Check `project`, `project-domain`, `domain` and `auth-url`.'],
    401: ['Keystone does not accept the credentials.', 'Check them, and that they belong to this cloud. A user also needs a role in `project`. The action does not repeat a refused login.'],
    403: ['Keystone does not allow this login.', 'Check that the user is enabled and has a role in `project`.'],
    404: ['Keystone does not know something that the login names, or the token is no longer valid.', 'Check `project`, `project-domain`, `domain` and `username` for typing mistakes, and that `auth-url` leads to Keystone.'],
};
// biome-ignore format: a table is read row by row
const BY_STATUS_OF_GLANCE = {
    401: ['Glance does not accept the token.', 'Check that `auth-url` and the image service belong to the same cloud. Glance also answers this way while it cannot reach Keystone.'],
    403: ['The identity is not allowed to do this.', rightsCure('openstack', 'change')],
    404: ['Glance does not find the image among those of the project.', 'Ask its owner whether the share was withdrawn or the image deleted. If all images fail, check `project`, `region` and `ims-endpoint`.'],
};
const BY_SERVICE = {
    IAM: BY_STATUS_OF_IAM,
    IMS: {},
    Keystone: BY_STATUS_OF_KEYSTONE,
    Glance: BY_STATUS_OF_GLANCE,
    GitHub: {},
};
function explainStatus(status, service) {
    const own = status === null ? undefined : BY_SERVICE[service][status];
    const row = status === null ? undefined : (own ?? BY_STATUS[status]);
    if (row !== undefined)
        return { cause: row[0], cure: row[1] };
    if (status !== null && status >= 500)
        return { cause: 'The service had an internal error or is not available.', cure: STATUS_PAGE };
    return { cause: 'The call failed.', cure: LATER };
}

;// CONCATENATED MODULE: ./build/cloud/retry.js
/**
 * The one retry policy: pure functions that decide whether a failed request may be sent again, and when.
 */

/**
 * mayRetry returns whether the same request may be sent again as it is.
 *
 * Safe requests are repeated after connection failures, lost answers, 408, 429, 5xx and the service's throttle codes, which
 * come as 400 (IMG.0060). A login is not repeated after an answer that is complete but of no use, such as one without a token: IAM may
 * have counted it. A change is repeated only if the service was never reached. Everything else that happens to a change is for
 * the caller, who reads the members first, or sends fewer changes at once if the service is too busy.
 * A 401, a 403, or a code that refuses the credentials, whatever its status, is never repeated here: repeated failures lock accounts
 * and keys. IAM reports a locked user with 429 as well.
 */
function mayRetry(failure, safety) {
    const { type, status, code } = failure;
    if (type === 'unreachable')
        return true;
    if (type === 'lost')
        return safety === 'login' ? status === null : safety !== 'change';
    if (type !== 'refused' || status === null)
        return false;
    if (safety === 'change' || refusesIdentity(failure))
        return false;
    if (isThrottled(failure))
        return true;
    return isPassing(status) || (safety === 'safe' && code !== null && isTransient(code, status));
}
function refusesIdentity({ status, code }) {
    return status === 401 || status === 403 || (code !== null && isAboutLogin(code));
}
/** isBusy returns whether a request was refused only because the service has too much to do, so that it may be sent again later. */
function isBusy(failure) {
    return failure.type === 'refused' && !refusesIdentity(failure) && isThrottled(failure);
}
/** isPassing returns whether an HTTP status means a problem that may be over soon. */
function isPassing(status) {
    return status === 408 || status === 429 || isBroken(status) || (status >= 500 && status !== 501);
}
/** No status of HTTP's, such as 000: whoever sent it did not understand the request, or the answer. */
function isBroken(status) {
    return status < 200 || status > 599;
}
/** isThrottled returns whether the service refused the request because of the rate, by HTTP 429 or by its code, and has not begun it. */
function isThrottled({ status, code }) {
    return status === 429 || (code !== null && isThrottle(code));
}
/** effectUnknown returns whether a change that failed this way may have been carried out all the same. */
function effectUnknown(failure) {
    const { type, status } = failure;
    // A redirect may come from a proxy on the way back, after the service has done its work.
    if (type === 'lost' || type === 'oversized')
        return true;
    // A 300 is no redirect: Glance offers its versions at a path that it does not know.
    if (type === 'redirected')
        return status !== 300;
    if (type !== 'refused' || status === null || isThrottled(failure))
        return false;
    return status === 408 || status >= 500 || isBroken(status);
}
const FIRST_DELAY = 400;
const LONGEST_DELAY = 20_000;
/**
 * retryDelay gives the wait in milliseconds before the next attempt: `Retry-After` if the service gave one, with a little
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

;// CONCATENATED MODULE: ./build/github/status-answer.js
/**
 * What GitHub's answer to a commit status means: whether and when to try again, and what to do about it. Pure.
 */

const PERMISSION = 'Give the job this permission; a token of your own in `github-token` needs it too:\npermissions:\n  statuses: write';
const WAITING = 'Gates that wait for this status go on waiting: run the job again.';
/** judgeAnswer decides what to do after a failed attempt. `now` in milliseconds since the epoch. */
function judgeAnswer({ status, headers }, now) {
    const after = waitOf(headers, now);
    // GitHub throttles with 429, or with a 403 whose headers alone distinguish it from a missing permission.
    const throttled = status === 429 || (status === 403 && (after !== null || header(headers, 'x-ratelimit-remaining') === '0'));
    if (throttled) {
        const until = after === null ? '' : ` It may be asked again in ${Math.ceil(after / 1000)} s.`;
        return { again: true, after, cure: `GitHub limits how often this token may ask.${until} ${WAITING}` };
    }
    switch (status) {
        case 401:
            return status_answer_final('GitHub does not know the token given as `github-token`, or it has expired.');
        case 403:
        case 404:
            return status_answer_final(PERMISSION);
        case 422:
            return status_answer_final('The commit must exist in this repository, and a commit takes at most 1,000 statuses of one context.');
        default:
            return { again: status === null || isPassing(status), after, cure: WAITING };
    }
}
function status_answer_final(cure) {
    return { again: false, after: null, cure };
}
/** `Retry-After`; else the time at which a used-up limit is reset, by GitHub's own clock. */
function waitOf(headers, now) {
    const wait = readRetryAfter(header(headers, 'retry-after'), now);
    if (wait !== null)
        return wait;
    const reset = header(headers, 'x-ratelimit-reset');
    if (header(headers, 'x-ratelimit-remaining') !== '0' || reset === undefined || !/^\d{1,12}$/.test(reset))
        return null;
    const date = Date.parse(header(headers, 'date') ?? '');
    return Math.max(0, Number(reset) * 1000 - (Number.isNaN(date) ? now : date));
}
function header(headers, name) {
    const value = headers[name];
    return value === undefined ? undefined : String(value).trim();
}

;// CONCATENATED MODULE: ./build/github/publisher.js


/** A GitHub that does not answer gets this long for all tries of a status, in milliseconds. */
const PATIENCE = 10_000;
/** A cancelled run gives its last request this long. */
const LAST_MOMENT = 1_500;
/** The last status waits this long for an unanswered one before it, so that the two arrive in order. */
const IN_ORDER = PATIENCE / 2;
/** Further attempts if GitHub does not name a time. */
const FURTHER_TRIES = 3;
/** The longest wait that GitHub may ask for. */
const LONGEST_WAIT = 120_000;
/** StatusPublisher publishes the first and the last status of a run, in order. A failure of the last is a warning, never a failed run. */
class StatusPublisher {
    #wanted;
    #tools;
    /** Ends the waits of the first status, then its request. */
    #superseded = new AbortController();
    #abandoned = new AbortController();
    #first = Promise.resolve();
    constructor(wanted, tools) {
        this.#wanted = wanted;
        this.#tools = tools;
    }
    /** begin publishes the status of a run that has begun, in the background. What fails is left to the last status to warn about. */
    begin(status) {
        const { log } = this.#tools;
        const wait = this.#superseded.signal;
        const limits = { patience: PATIENCE, wait, pause: wait, request: this.#abandoned.signal };
        this.#first = this.#publish(status, limits).then((failed) => {
            if (failed !== null && !this.#superseded.signal.aborted)
                log.line(failed.cause);
        });
    }
    /** end publishes the verdict; resolves when it is out, or when it is clear that it cannot be. Never rejects. */
    async end(status) {
        const { clock, cancel, log } = this.#tools;
        const begun = clock.now();
        const arrived = new AbortController();
        this.#superseded.abort();
        const late = clock.sleep(IN_ORDER, AbortSignal.any([cancel, arrived.signal])).catch(() => { });
        await Promise.race([this.#first, late]);
        arrived.abort();
        this.#abandoned.abort();
        const soon = soonAfter(cancel);
        const patience = PATIENCE - (clock.now() - begun);
        const failed = await this.#publish(status, { patience, wait: cancel, pause: soon, request: soon });
        if (failed !== null)
            log.warning(failed.cause, failed.cure);
    }
    async #publish(status, limits) {
        const wanted = this.#wanted;
        if (wanted === null)
            return null;
        const { context, log, load, proxies } = this.#tools;
        const { repository, runUrl, apiUrl } = context;
        const sha = wanted.sha ?? context.statusCommit;
        if (repository === null || sha === null)
            return homeless(wanted.context, context);
        const { token } = wanted;
        const place = { token, apiUrl, proxies, repository, sha, context: wanted.context, targetUrl: runUrl };
        const what = `The commit status "${wanted.context}" of ${sha}`;
        try {
            const failed = await this.#insist(await load(), { ...place, ...status }, limits);
            if (failed !== null)
                return { cause: `${what} could not be published: ${failed.cause}`, cure: failed.cure };
            log.line(`Commit status ${log.quote(wanted.context)} of ${sha.slice(0, 12)}: ${status.state}`);
            return null;
        }
        catch (error) {
            return { cause: `${what} could not be published: ${error instanceof Error ? error.message : error}`, cure: '' };
        }
    }
    /** A gate whose status is not published because GitHub was busy for a moment would wait for ever; the same status twice does no harm. */
    async #insist({ publishStatus }, request, limits) {
        const { clock } = this.#tools;
        const latest = Math.min(clock.now() + LONGEST_WAIT, this.#tools.deadline);
        let left = limits.patience;
        for (let attempt = 0;; attempt++) {
            const begun = clock.now();
            const inTime = AbortSignal.any([limits.request, AbortSignal.timeout(Math.max(1, Math.ceil(left)))]);
            const answer = await publishStatus(request, inTime);
            if (answer.ok)
                return null;
            const verdict = judgeAnswer(answer, clock.now());
            const cause = `${answer.status === null ? '' : `HTTP ${answer.status}, `}${answer.detail}`;
            const delay = verdict.after ?? retryDelay(attempt, null, clock.random());
            left -= answer.status === null ? clock.now() - begun : 0;
            if (!mayTryAgain(verdict, attempt, verdict.after === null ? left - delay : latest - clock.now() - delay))
                return { cause, cure: verdict.cure };
            try {
                await clock.sleep(delay, verdict.after === null ? limits.pause : limits.wait);
            }
            catch {
                return { cause, cure: verdict.cure };
            }
        }
    }
}
/** A signal that a cancelled run gives its last request. */
function soonAfter(cancel) {
    const controller = new AbortController();
    const abort = () => setTimeout(() => controller.abort(), LAST_MOMENT).unref();
    if (cancel.aborted)
        abort();
    else
        cancel.addEventListener('abort', abort, { once: true });
    return controller.signal;
}
/** @param left milliseconds that are left after the wait */
function mayTryAgain({ again, after }, attempt, left) {
    return again && left > 0 && (after !== null || attempt < FURTHER_TRIES);
}
function homeless(name, { repository, eventName }) {
    const cause = `The commit status "${name}" is not published`;
    if (repository === null)
        return { cause: `${cause}: the runner names no repository.`, cure: 'Run the action in a workflow.' };
    return {
        cause: `${cause}: ${eventName === null ? 'the runner names no event' : `the event ${eventName} names no commit`} that it could belong to.`,
        cure: 'Name the commit in `commit-sha`.',
    };
}

;// CONCATENATED MODULE: ./build/regions.js
/**
 * The regions whose hosts are known, and what follows from a region, a project's name or an address about the cloud.
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
 * (OTC IAM user guide, Projects). Null if the name does not begin with a known region.
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
/** ownDomain gives the domain that a region's hosts are on, such as `otc.t-systems.com`; null for an unknown region. */
function ownDomain(region) {
    const host = urlOf(REGIONS[region]?.ims ?? '')?.hostname;
    return host?.slice(`ims.${region}.`.length) ?? null;
}
/**
 * cloudFamily gives the IAM dialect of a region's ID or of an IAM host name. Null if it is not known: an unknown region or
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
 * given: redact before truncating, because a cut secret no longer matches.
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
 * Parsers for single values. Each is strict, and its error describes what it accepts.
 */

const BOOLEANS = new Map([
    ['true', true],
    ['True', true],
    ['TRUE', true],
    ['false', false],
    ['False', false],
    ['FALSE', false],
]);
/** parseBoolean accepts only the core booleans of YAML 1.2, so that a typo cannot mean "no". */
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
 * @param least 0 if zero is allowed and means "at once", else 1
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
    return (text) => {
        if (text.length <= longest && !/[\p{Cc}\u2028\u2029]/u.test(text))
            return right(text);
        return wrong(text, `Expected one line of at most ${longest} characters.`);
    };
}
/** NO_QUOTES explains why there are quotes around a value, and how to remove them. */
const NO_QUOTES = 'The value has quotes around it, which count as part of it: remove them from the stored value. Only YAML and shells remove quotes.';
/** isQuoted returns whether a pair of quotes has been left around a value. */
function isQuoted(text) {
    return /^(?:(["'`]).*\1|[\u201c\u201e\u2018\u201a\u00ab].*[\u201d\u201c\u2019\u2018\u00bb])$/su.test(text) && text.length > 1;
}
/** isQuotedList returns whether a pair of quotes is around a list as a whole, rather than around its first and last entries. */
function isQuotedList(text) {
    return isQuoted(text) && /[^\s,;]/.test(text.slice(1, -1)) && !/["'`\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb]/.test(text.slice(1, -1));
}
/** parseIdentityProvider reads a provider's name, which becomes part of a header and of a path. */
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

;// CONCATENATED MODULE: ./build/inputs/api.js

/** parseApi reads the input `api`. */
const parseApi = choice({ ims: 'ims', openstack: 'openstack' });
/** apiOf gives the API that was given, or the default; null if it is wrong. */
function apiOf(reader) {
    const api = parseApi(reader.given('api') ?? reader.defaultOf('api'));
    return api.ok ? api.value : null;
}

;// CONCATENATED MODULE: ./build/inputs/unread-variables.js
/**
 * The variables of the OpenStack and Huawei tools that this action knows but does not read: each is named in the errors that it may
 * explain.
 */


function named(explains, but, ...names) {
    return names.map((name) => ({ name, explains, but }));
}
const forIms = (row) => ({ ...row, imsOnly: true });
const LOGIN = ['no credentials', 'incomplete'];
const ALL_OF_A_FILE = [...LOGIN, 'project', 'region', 'agency'];
const BY_NAME = 'users and domains are read by name only: use `OS_USERNAME` and `OS_USER_DOMAIN_NAME`, or the inputs';
const KEYS = 'keys are read from `OS_ACCESS_KEY` and `OS_SECRET_KEY`, and from the inputs `access-key` and `secret-key`';
const SECURITY_TOKEN = 'it is not read: the token of temporary keys belongs into `security-token`, or into `OS_SECURITY_TOKEN` beside `OS_ACCESS_KEY`';
const UNREAD_VARIABLES = [
    ...named(ALL_OF_A_FILE, '`clouds.yaml` is not read: hand over what it holds as inputs', 'OS_CLOUD', 'OS_CLIENT_CONFIG_FILE'),
    ...named(LOGIN, BY_NAME, 'OS_USER_ID', 'OS_DOMAIN_ID', 'HW_USER_ID', 'HW_DOMAIN_ID', 'OS_DEFAULT_DOMAIN', 'OS_DEFAULT_DOMAIN_ID', 'OS_DEFAULT_DOMAIN_NAME'),
    ...named(LOGIN, BY_NAME, 'OS_USER_DOMAIN_ID').map(forIms),
    ...named([...LOGIN, 'refused password'], 'a second factor cannot be given: use a user without MFA, or OIDC', 'OS_PASSCODE'),
    ...named([...LOGIN, 'refused password', 'refused keys'], 'it has no effect: the method follows from the credentials', 'OS_AUTH_TYPE', 'OS_AUTH_METHODS'),
    ...named(LOGIN, 'application credentials are read with `api: openstack` only', 'OS_APPLICATION_CREDENTIAL_ID', 'OS_APPLICATION_CREDENTIAL_SECRET').map(forIms),
    ...named(LOGIN, 'application credentials are read by ID only', 'OS_APPLICATION_CREDENTIAL_NAME'),
    ...named(LOGIN, 'federated logins are given with `identity-provider`', 'OS_IDENTITY_PROVIDER', 'OS_PROTOCOL', 'OS_ACCESS_TOKEN', 'HUAWEICLOUD_SDK_IDP_ID', 'HUAWEICLOUD_SDK_ID_TOKEN_FILE'),
    ...named(['project'], 'it is read with `api: openstack` only: here a project belongs to the domain of the user, or of the agency', 'OS_PROJECT_DOMAIN_ID').map(forIms),
    ...named(['project'], 'it has no effect: the member project is given as `project`', 'OS_TRUST_ID', 'OS_SYSTEM_SCOPE', 'HW_ENTERPRISE_PROJECT_ID'),
    ...named(['region'], 'services are found by `region`, or given as `ims-endpoint` and `auth-url`', 'OS_ENDPOINT_TYPE', 'OS_IMAGE_ENDPOINT_OVERRIDE', 'HW_ENDPOINTS'),
    ...named(['certificate'], 'further certificates are read from `NODE_EXTRA_CA_CERTS` only', 'OS_CACERT', 'OS_CERT', 'OS_KEY', 'HW_CACERT', 'HW_CERT', 'HW_KEY', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'),
    ...named(ALL_OF_A_FILE, 'configuration files are not read: hand over what they hold as inputs', 'HW_PROFILE', 'HW_SHARED_CONFIG_FILE', 'HUAWEICLOUD_SDK_CREDENTIALS_FILE'),
    ...named(LOGIN, 'tokens are read from `OS_TOKEN`, and from the input `token`', 'HW_AUTH_TOKEN', 'HW_TOKEN'),
    ...named(['agency'], 'accounts are read by name only', 'HW_ASSUME_ROLE_DOMAIN_ID', 'OS_AGENCY_DOMAIN_ID'),
    ...named(LOGIN, KEYS, 'HUAWEICLOUD_ACCESS_KEY_ID', 'HUAWEICLOUD_SECRET_ACCESS_KEY', 'HUAWEICLOUD_ACCESS_KEY', 'HUAWEICLOUD_SECRET_KEY', 'HUAWEICLOUD_SDK_DOMAIN_ID', 'CLOUD_SDK_AK', 'CLOUD_SDK_SK', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'),
    ...named([...LOGIN, 'refused keys'], SECURITY_TOKEN, 'AWS_SESSION_TOKEN', 'HUAWEI_CLOUD_SECURITY_TOKEN', 'HUAWEICLOUD_SECURITY_TOKEN', 'HUAWEICLOUD_SDK_SECURITY_TOKEN'),
    ...named(['project'], 'projects are read from `OS_PROJECT_ID` and `OS_PROJECT_NAME`', 'HUAWEICLOUD_PROJECT_ID'),
    ...named(['region'], 'regions are read from `OS_REGION_NAME`, `HW_REGION_NAME` and `HUAWEI_CLOUD_REGION`', 'HUAWEICLOUD_REGION', 'HUAWEICLOUD_SDK_REGION'),
];
/** unread names the variables that are set, are not read, and may explain an error: sentences with a blank in front, or nothing. */
function unread(reader, ...topics) {
    const isIms = apiOf(reader) !== 'openstack';
    const set = UNREAD_VARIABLES.filter(({ name, explains, imsOnly }) => explains.some((topic) => topics.includes(topic)) && reader.variable(name) !== null && (isIms || !imsOnly));
    return [...Map.groupBy(set, ({ but }) => but)]
        .map(([but, rows]) => {
        const names = rows.map(({ name }) => name);
        return ` ${listed(names, 'and')} ${names.length === 1 ? 'is' : 'are'} set, but ${but}.`;
    })
        .join('');
}

;// CONCATENATED MODULE: ./build/inputs/variables.js
/**
 * The variables of the OpenStack and Huawei tools that this action reads.
 */
/** The tools' families of variables, in the order that counts if the credentials come from none of them. */
const FAMILY_NAMES = ['OS', 'HW', 'HUAWEI_CLOUD', 'HUAWEICLOUD_SDK'];
function read(family, role, ...names) {
    return names.map((name) => ({ name, family, role }));
}
/** In the order of preference within a family and role. */
const READ_VARIABLES = [
    ...read('OS', 'token', 'OS_TOKEN', 'OS_AUTH_TOKEN'),
    ...read('OS', 'username', 'OS_USERNAME'),
    ...read('OS', 'password', 'OS_PASSWORD'),
    ...read('OS', 'domain', 'OS_USER_DOMAIN_NAME', 'OS_DOMAIN_NAME'),
    ...read('OS', 'access-key', 'OS_ACCESS_KEY'),
    ...read('OS', 'secret-key', 'OS_SECRET_KEY'),
    ...read('OS', 'security-token', 'OS_SECURITY_TOKEN'),
    ...read('OS', 'auth-url', 'OS_AUTH_URL'),
    ...read('OS', 'project', 'OS_PROJECT_ID', 'OS_PROJECT_NAME', 'OS_TENANT_ID', 'OS_TENANT_NAME'),
    ...read('OS', 'region', 'OS_REGION_NAME', 'OS_REGION'),
    ...read('OS', 'agency-name', 'OS_AGENCY_NAME'),
    ...read('OS', 'agency-domain', 'OS_AGENCY_DOMAIN_NAME'),
    ...read('OS', 'delegated-project', 'OS_DELEGATED_PROJECT'),
    ...read('OS', 'project-domain', 'OS_PROJECT_DOMAIN_NAME'),
    ...read('OS', 'insecure', 'OS_INSECURE'),
    ...read('HW', 'username', 'HW_USER_NAME'),
    ...read('HW', 'password', 'HW_USER_PASSWORD'),
    ...read('HW', 'domain', 'HW_DOMAIN_NAME'),
    ...read('HW', 'access-key', 'HW_ACCESS_KEY'),
    ...read('HW', 'secret-key', 'HW_SECRET_KEY'),
    ...read('HW', 'security-token', 'HW_SECURITY_TOKEN'),
    ...read('HW', 'auth-url', 'HW_AUTH_URL'),
    ...read('HW', 'project', 'HW_PROJECT_ID', 'HW_PROJECT_NAME'),
    ...read('HW', 'region', 'HW_REGION_NAME'),
    ...read('HW', 'agency-name', 'HW_ASSUME_ROLE_AGENCY_NAME'),
    ...read('HW', 'agency-domain', 'HW_ASSUME_ROLE_DOMAIN_NAME'),
    ...read('HW', 'cloud', 'HW_CLOUD'),
    ...read('HW', 'insecure', 'HW_INSECURE'),
    ...read('HUAWEI_CLOUD', 'access-key', 'HUAWEI_CLOUD_ACCESS_KEY_ID'),
    ...read('HUAWEI_CLOUD', 'secret-key', 'HUAWEI_CLOUD_SECRET_ACCESS_KEY'),
    ...read('HUAWEI_CLOUD', 'project', 'HUAWEI_CLOUD_PROJECT_ID'),
    ...read('HUAWEI_CLOUD', 'region', 'HUAWEI_CLOUD_REGION'),
    ...read('HUAWEICLOUD_SDK', 'access-key', 'HUAWEICLOUD_SDK_AK'),
    ...read('HUAWEICLOUD_SDK', 'secret-key', 'HUAWEICLOUD_SDK_SK'),
    ...read('HUAWEICLOUD_SDK', 'project', 'HUAWEICLOUD_SDK_PROJECT_ID'),
];
/** namesOf gives the variables of some roles, those of the preferred family first. */
function namesOf(roles, preferred) {
    const rows = roles.flatMap((role) => READ_VARIABLES.filter((row) => row.role === role));
    const rank = ({ family }) => (family === preferred ? -1 : FAMILY_NAMES.indexOf(family));
    return rows
        .toSorted((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role) || rank(a) - rank(b))
        .map(({ name }) => name);
}

;// CONCATENATED MODULE: ./build/inputs/agency-inputs.js



const LONGEST_NAME = 64;
/** readAgency reads the inputs, or the variables if neither input is given: those of the credentials' family first. */
function readAgency(reader, { family }) {
    const inputs = {
        name: { source: 'agency-name', value: reader.given('agency-name') },
        domain: { source: 'agency-domain', value: reader.given('agency-domain') },
    };
    const names = namesOf(['agency-name'], family);
    const domains = namesOf(['agency-domain'], family);
    const half = (source) => ({ source, value: reader.variable(source) });
    const variables = names.map((name, at) => ({ name: half(name), domain: half(domains[at] ?? '') }));
    const [used, ...others] = [inputs, ...variables].filter(({ name, domain }) => name.value ?? domain.value);
    if (used === undefined)
        return { agency: null, wanted: false };
    for (const other of others)
        noteOther(reader, used, other);
    return agency_inputs_read(reader, used);
}
function noteOther(reader, used, other) {
    const differ = ['name', 'domain']
        .filter((half) => other[half].value !== null && other[half].value !== used[half].value)
        .map((half) => other[half].source);
    if (differ.length === 0)
        return;
    const are = differ.length === 1 ? 'is' : 'are';
    reader.note(`${listed(differ, 'and')} ${are} ignored: \`${used.name.source}\` takes precedence`);
}
function agency_inputs_read(reader, { name, domain }) {
    const parse = lineOf(LONGEST_NAME);
    if (name.value === null || domain.value === null) {
        const [given, lacking] = name.value === null ? [domain, name] : [name, domain];
        reader.mistake(given.source, given.value, `An agency needs its name and the account that created it: give \`${lacking.source}\` too, or neither.${unread(reader, 'agency')}`);
        return { agency: null, wanted: true };
    }
    const agency = {
        name: reader.parseAs(name.source, name.value, parse),
        domain: reader.parseAs(domain.source, domain.value, parse),
    };
    if (agency.name === null || agency.domain === null)
        return { agency: null, wanted: true };
    return { agency: { name: agency.name, domain: agency.domain }, wanted: true };
}

;// CONCATENATED MODULE: ./build/secret.js
/**
 * Secrets: a wrapper that keeps a value from being printed by accident, and a registry that removes all known secrets from text.
 */
const SHOWN = '***';
/**
 * Shorter values are masked in the runner's log but not removed from our own text: redacting a password of one letter would turn every
 * line into stars and reveal the letter.
 */
const SHORTEST = 4;
/** Secret wraps a credential. Every ordinary way of printing it shows `***`; only `reveal()` gives the value. */
class Secret {
    #value;
    constructor(value) {
        this.#value = value;
    }
    /** The value itself. Only the code that sends it needs it. */
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
 * SecretRegistry holds every secret of the run. `hide` adds one and tells the runner to mask it before anything can print it. `redact`
 * replaces all known secrets in text that is about to leave the process, because the runner does not mask files (outputs, summary,
 * receipt).
 */
class SecretRegistry {
    #mask;
    #known = new Set();
    /** Longest first: if one secret contains another, the longer one must be replaced as a whole. */
    #spellings = [];
    constructor(mask) {
        this.#mask = mask;
    }
    /** `Hide` as a value, so that it can be passed on without the registry. */
    hide = (value) => {
        // The runner warns about an empty mask, and trims masks.
        if (value.trim() !== '' && !this.#known.has(value)) {
            this.#known.add(value);
            const spellings = spellingsOf(value);
            for (const spelling of new Set(spellings.flatMap(masksOf)))
                this.#mask(spelling);
            if (value.length >= SHORTEST) {
                this.#spellings = [...new Set([...this.#spellings, ...spellings])].sort((a, b) => b.length - a.length);
            }
        }
        return new Secret(value);
    };
    /** redact replaces every known secret, in every known spelling, by `***`. */
    redact(text) {
        let clean = text;
        for (const spelling of this.#spellings) {
            // Comparing lengths first makes thousands of short lines cheap to check against tokens of 10 KB.
            if (clean.length >= spelling.length && clean.includes(spelling)) {
                clean = clean.replaceAll(spelling, SHOWN);
            }
        }
        return clean;
    }
}
/**
 * The runner masks each line of a mask. For a key in JSON it would mask `{` and `}` in the whole job, so it gets only the lines that are
 * long enough, and never a text of several lines.
 */
function masksOf(spelling) {
    return /[\r\n]/.test(spelling) ? linesOf(spelling) : [spelling];
}
function linesOf(text) {
    return text
        .split(/[\r\n]+/)
        .flatMap((line) => [line, line.trim()].filter((one) => one.trim().length > 0 && one.length >= SHORTEST));
}
/** Shorter values and lines, such as `true` or `[1, `, occur in ordinary outputs, and the runner drops an output that contains a mask. */
const SHORTEST_HARMLESS = 6;
/** destroysOutputs returns whether a secret, or one of its lines, is so short that masking it damages other text. */
function destroysOutputs(value) {
    const lines = value.split(/[\r\n]+/).map((line) => line.trim());
    return lines.some((line) => line !== '' && line.length < SHORTEST_HARMLESS);
}
/** The spellings in which a value can appear in a log, an error text or an echoed request; the value itself comes first. */
function spellingsOf(value) {
    if (value.length < SHORTEST) {
        return [value];
    }
    const url = encodeURIComponent(value.toWellFormed());
    const strictUrl = url.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
    // Without padding, so that it matches encoded text with and without padding.
    const base64 = Buffer.from(value).toString('base64').replace(/=+$/, '');
    const base64url = Buffer.from(value).toString('base64url');
    const hex = Buffer.from(value).toString('hex');
    const lines = /[\r\n]/.test(value) ? linesOf(value) : [];
    const lowerCaseUrl = strictUrl.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
    const json = JSON.stringify(value).slice(1, -1);
    // Some encoders escape the slash, and some escape the characters of HTML.
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
            hex,
            hex.toUpperCase(),
            // A text that was put into JSON twice.
            JSON.stringify(json).slice(1, -1),
        ]),
    ];
}

;// CONCATENATED MODULE: ./build/inputs/table.js
/**
 * The table of inputs: every name, where it belongs and its default. The descriptions are in action.yml, and a test holds
 * the two and the README together.
 */
/** The groups of the README, in its order. */
const GROUPS = (/* unused pure expression or super */ null && (['What', 'Where', 'Who', 'Safety', 'Reporting', 'Advanced']));
const INPUTS = [
    { name: 'images', group: 'What', list: 'lenient' },
    { name: 'manifest', group: 'What' },
    { name: 'manifest-builds', group: 'What', list: 'strict' },
    { name: 'min-images', group: 'What' },
    { name: 'match-name', group: 'What' },
    { name: 'if-none', group: 'What', default: 'fail' },
    { name: 'status', group: 'What', default: 'accepted' },
    { name: 'mode', group: 'What', default: 'apply' },
    { name: 'project', group: 'Where', list: 'strict' },
    { name: 'vault', group: 'Where', list: 'strict' },
    { name: 'api', group: 'Where', default: 'ims' },
    { name: 'project-domain', group: 'Where' },
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
    { name: 'application-credential-id', group: 'Who' },
    { name: 'application-credential-secret', group: 'Who', secret: true },
    { name: 'agency-name', group: 'Who' },
    { name: 'agency-domain', group: 'Who' },
    { name: 'trusted-owners', group: 'Safety', list: 'strict' },
    { name: 'require-proof', group: 'Safety', default: 'true' },
    { name: 'share-timeout', group: 'Safety', default: '2m' },
    { name: 'timeout', group: 'Safety', default: '10m' },
    { name: 'wait', group: 'Safety', default: 'true' },
    { name: 'summary', group: 'Reporting', default: 'true' },
    { name: 'results-file', group: 'Reporting' },
    { name: 'commit-status', group: 'Reporting' },
    { name: 'commit-sha', group: 'Reporting' },
    { name: 'github-token', group: 'Reporting', secret: true },
    { name: 'poll-interval', group: 'Advanced' },
    { name: 'request-timeout', group: 'Advanced', default: '30s' },
    { name: 'retries', group: 'Advanced', default: '5' },
];

;// CONCATENATED MODULE: ./build/inputs/input-reader.js



const ROWS = new Map(INPUTS.map((row, rank) => [row.name, { ...row, rank }]));
/** The name under which it is a mistake that inputs were dropped. */
const CUT = 'inputs with a hyphen';
/** Longer values and pieces are cut: a mistake has to fit an annotation. */
const LONGEST_VALUE = 120;
const MOST_PIECES = 5;
/**
 * InputReader gives inputs and variables trimmed, (empty means unset), and collects what is wrong with them.
 * Secret inputs are masked when the reader is made, before anything can fail or print; secret variables when they are read.
 */
class InputReader {
    #env;
    #secrets;
    #given = new Map();
    #notes = [];
    #warnings = [];
    #short = new Set();
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
    /** given is the input's own text; null if there is none. */
    given(name) {
        return this.variable(inputVariable(name));
    }
    /** secret is a secret input; null if it is not given. */
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
    /**
     * parseAs parses a text on behalf of the input or variable `name`; null means wrong, and noted as a mistake. Quotes around a value are
     * one, whatever the parser says.
     */
    parseAs(name, text, parser) {
        const parsed = parser(text);
        const list = ROWS.get(name)?.list;
        const quoted = list === undefined ? isQuoted(text) : list === 'strict' && isQuotedList(text);
        if (parsed.ok && !quoted)
            return parsed.value;
        this.mistake(name, parsed.ok ? text : parsed.wrong.given, parsed.ok || quoted ? NO_QUOTES : parsed.wrong.expected);
        return null;
    }
    /** variable reads an environment variable; null if it is unset or blank. */
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
        if (text === null)
            return null;
        if (destroysOutputs(text))
            this.#short.add(nameOf(name));
        return this.#secrets.hide(text);
    }
    /** short names the inputs and variables whose secrets spoil other text when the runner masks them. */
    get short() {
        return [...this.#short];
    }
    /** isCut returns whether something between runner and action has dropped all variables with a hyphen in their names. */
    get isCut() {
        const { GITHUB_ACTIONS, INPUT_STATUS } = this.#env;
        return (GITHUB_ACTIONS === 'true' &&
            INPUT_STATUS !== undefined &&
            INPUTS.every(({ name }) => !name.includes('-') || this.#env[inputVariable(name)] === undefined));
    }
    /** isPadded returns whether a blank was removed from an end of the value of an input or variable. */
    isPadded(name) {
        const text = this.#env[ROWS.has(name) ? inputVariable(name) : name] ?? '';
        return text.trim() !== '' && /^[\r\n]*[^\S\r\n]|[^\S\r\n][\r\n]*$/.test(text);
    }
    /** hide masks a secret that was found inside another value. */
    hide(text) {
        this.#secrets.hide(text);
    }
    /** mistake notes what is wrong with an input or variable, or with several, joined by commas. */
    mistake(input, given, expected) {
        this.#wrong.push({ input, wrong: { given, expected } });
    }
    /** note keeps a fact for log and summary. */
    note(text) {
        this.#notes.push(text);
    }
    /** warn keeps a warning. */
    warn(text) {
        this.#warnings.push(text);
    }
    get notes() {
        return this.#notes;
    }
    get warnings() {
        return this.#warnings;
    }
    /** count is how many mistakes were found so far. */
    get count() {
        return this.#wrong.length;
    }
    /**
     * mistakes gives all of them in the order of the table, free of every secret that was read, and short enough to print. If inputs were
     * dropped, nothing can be said about what is missing, only about what has arrived.
     */
    mistakes() {
        const rank = (input) => ROWS.get(input.split(',')[0] ?? '')?.rank ?? (input === CUT ? -1 : INPUTS.length);
        return this.#wrong
            .filter(({ input, wrong }) => !this.isCut || input === CUT || wrong.given !== null)
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
/** The name of the input that a variable hands over, else the variable's own. */
function nameOf(variable) {
    return INPUTS.find(({ name }) => inputVariable(name) === variable)?.name ?? variable;
}
function shorten(text) {
    const characters = Array.from(text.slice(0, 2 * LONGEST_VALUE + 2));
    return characters.length > LONGEST_VALUE ? `${characters.slice(0, LONGEST_VALUE).join('')}\u2026` : text;
}

;// CONCATENATED MODULE: ./build/inputs/proxy.js

/** The first Node whose HTTP client takes a proxy from the environment (Node.js documentation, `http.Agent`, `proxyEnv`). */
const FIRST_NODE = [24, 5];
/** readProxies gives the proxies as full URLs. A bare `host:port` is an HTTP proxy, as it is for the runner. */
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
/** checkProxies notes what would make Node bypass the proxy. Addresses are not quoted, because they may contain a password. */
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
        reader.mistake(given.map(({ name }) => name).join(', '), null, `A proxy is set, but this runner's Node ${nodeVersion} would bypass it: the action needs Node ${FIRST_NODE.join('.')} or later. Update the runner.`);
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
/** A proxy may echo the password, or user and password together in Base64. Hiding the pair hides its Base64 too. */
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

;// CONCATENATED MODULE: ./build/inputs/environment.js
/**
 * Checks of the environment as a whole, rather than of one input.
 */



/** checkEnvironment notes a mistake if inputs were dropped on their way, and warnings about short secrets and `NO_PROXY`. */
function checkEnvironment(reader, env) {
    if (reader.isCut)
        reader.mistake(CUT, null, 'Not one of them has arrived, neither `trusted-owners` nor any other, although inputs without a hyphen have. Something between the runner and the action has dropped them: POSIX shells such as dash remove variables with a hyphen in their names. Let the runner start Node without such a shell in between, for example as the entry point of a container.');
    const { short } = reader;
    if (short.length > 0)
        reader.warn(`${short.map((name) => `\`${name}\``).join(', ')}: a secret of fewer than 6 characters, or with such a line in it. The runner masks it in every line and drops outputs that contain it, such as \`true\`. Use a longer secret, and store JSON in one line.`);
    const cidr = cidrEntries(readProxies(env).NO_PROXY ?? '');
    if (cidr.length > 0)
        reader.warn(`NO_PROXY: ${cidr.slice(0, 5).join(', ')} ${cidr.length === 1 ? 'has' : 'have'} no effect, because CIDR notation is not supported. Name the hosts or domains instead, or a range such as 10.0.0.1-10.0.0.9.`);
}

;// CONCATENATED MODULE: ./build/inputs/families.js

const SECRET_PARTS = new Set([
    'token',
    'password',
    'access-key',
    'secret-key',
    'security-token',
    'application-credential-secret',
]);
const OPTIONAL_PARTS = new Set(['security-token', 'audience']);
function isSecretPart(part) {
    return SECRET_PARTS.has(part);
}
function isOptionalPart(part) {
    return OPTIONAL_PARTS.has(part);
}
const METHODS = [
    ['token', ['token']],
    ['password', ['username', 'password', 'domain']],
    ['aksk', ['access-key', 'secret-key', 'security-token']],
    ['oidc', ['identity-provider', 'audience']],
];
/** INPUT_FAMILIES: the parts are inputs of the same name. */
const INPUT_FAMILIES = METHODS.map(([method, parts]) => ({
    method,
    variables: null,
    parts: parts.map((part) => [part, [part]]),
}));
/** VARIABLE_FAMILIES: what the table of variables offers; read if no input names a method. */
const VARIABLE_FAMILIES = FAMILY_NAMES.flatMap((variables) => METHODS.map(([method, parts]) => ({
    method,
    variables,
    parts: parts
        .map((part) => [part, variablesFor(variables, part)])
        .filter(([part, names]) => names.length > 0 || !isOptionalPart(part)),
})).filter(({ parts }) => parts.every(([, names]) => names.length > 0)));
function variablesFor(family, part) {
    return READ_VARIABLES.filter((row) => row.family === family && row.role === part).map(({ name }) => name);
}
const NOT_THERE = 'A secret that does not exist, or that a pull request from a fork may not read, arrives empty.';
/** IMS_LOGIN: the ways to log in at IAM. */
const IMS_LOGIN = {
    inputs: INPUT_FAMILIES,
    variables: VARIABLE_FAMILIES,
    none: {
        inputs: 'identity-provider, token, username, access-key',
        expected: `No credentials are given. Give \`identity-provider\` (keyless), \`token\`, \`username\` with \`password\` and \`domain\`, or \`access-key\` with \`secret-key\`. ${NOT_THERE}`,
    },
};
const KEYSTONE_METHODS = [
    { method: 'token', parts: [['token', ['OS_TOKEN', 'OS_AUTH_TOKEN']]] },
    {
        method: 'password',
        parts: [
            ['username', ['OS_USERNAME']],
            ['password', ['OS_PASSWORD']],
            ['domain', ['OS_USER_DOMAIN_ID', 'OS_USER_DOMAIN_NAME', 'OS_DOMAIN_NAME']],
        ],
    },
    {
        method: 'application-credential',
        parts: [
            ['application-credential-id', ['OS_APPLICATION_CREDENTIAL_ID']],
            ['application-credential-secret', ['OS_APPLICATION_CREDENTIAL_SECRET']],
        ],
    },
];
/** KEYSTONE_LOGIN: the ways to log in at Keystone. */
const KEYSTONE_LOGIN = {
    inputs: KEYSTONE_METHODS.map(({ method, parts }) => ({
        method,
        variables: null,
        parts: parts.map(([part]) => [part, [part]]),
    })),
    variables: KEYSTONE_METHODS.map((family) => ({ ...family, variables: 'OS' })),
    none: {
        inputs: 'application-credential-id, token, username',
        expected: `No credentials are given. Give \`application-credential-id\` with \`application-credential-secret\`, \`token\`, or \`username\` with \`password\` and \`domain\`. ${NOT_THERE}`,
    },
};

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
        hint: "This is Terraform's display format: use `terraform output -json NAME` (`-raw NAME` for a single string).",
    },
    {
        text: /\[(\d+;)*\d+m/,
        hint: 'There are colour codes in it: switch colours off upstream (`-no-color` for Terraform, `-color=false` for Packer).',
    },
    {
        text: /%0[AD]|\\+[nrt]|\\+u000[ad]|&#(1[03]|x0?[ad]);|<br ?\/?>/i,
        hint: 'Line breaks are still escaped: write the output with a heredoc (`ids<<EOF`, the lines, `EOF`, into `$GITHUB_OUTPUT`), and take strings out of JSON with `jq -r`.',
    },
    {
        text: /%(2[0C]|3B|22|5B)|&(quot|apos|amp|#3[49]);/i,
        hint: 'It is still encoded for a URL or a page: decode it upstream.',
    },
    {
        text: /[\u00ab\u00ad\u00bb\u200b-\u200f\u2018-\u201f\u2060]/,
        hint: 'It contains typographic quotes or invisible characters, as texts from web pages do: type it again.',
    },
    {
        text: /\[object \w+\]|\bSystem\.[A-Z]\w+|\bmap\[|@\{/,
        entry: /^(Array|Object|HashTable)$/i,
        hint: 'A list or an object was put into a text: use `toJSON(\u2026)` in an expression, `ConvertTo-Json` in PowerShell, `JSON.stringify` in JavaScript.',
    },
    {
        text: /\*\*\*/,
        hint: 'A value in it is masked (`***`): keep project, owner and image IDs in variables (`vars`), not in secrets.',
    },
    {
        text: /\$\{|\$\(|%[a-z_]\w+%/i,
        entry: /^\$\w+$/,
        hint: 'An expression or a variable in it was never evaluated: check how it is quoted, and in which place it is written.',
    },
    {
        text: /^[^\w\n]{0,4}(Error|ERROR|jq|Traceback|fatal)\b[^\n]*:|command not found|No such file or directory/m,
        hint: 'There is an error message in it: look at the log of the step upstream.',
    },
    {
        entry: /^(null|undefined|none|nil|nan|<no value>|<no)$/i,
        hint: 'It contains a word for "nothing": the step upstream may have produced no image.',
    },
    { entry: /^[a-z_]\w*=/i, hint: 'This is a line `name=value`: give the value alone.' },
];
/** A line of a builder, `openstack.ubuntu: \u2026`, or one that gives an image's ID, perhaps cut out of such a line. */
const LABELLED = String.raw `^[ \t]*[\w-]+\.[\w-]+: (?!${UUID}[ \t]*$)[^\s\d"']|^[ \t]*[\w.-]+: [^\n]*\bimages?\b[^\n]*${UUID}|\bimage id: ${UUID}`;
/** Kinds of text about images that are not a list of image IDs. */
const IMAGES = [
    {
        text: /\bbuilds\\*"\s*:|\b(last|packer)_run_uuid\b/,
        entry: /\.json$/i,
        hint: 'This belongs to a Packer manifest: give the path of the file as `manifest`, instead of `images`.',
    },
    {
        text: new RegExp(String.raw `^[ \t]*(==>|-->) |^\d{10,},[^,\n]*,[a-z-]+,|\bimages? (was|were) created\b|^Build '[^'\n]*' (finished|errored)|^Builds finished\b|${LABELLED}`, 'im'),
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
        hint: looksLike('an image ID with a region in front: remove the region'),
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
    { text: /^\s*\{\s*'/, hint: 'JSON needs double quotes: use `json.dumps` in Python, `toJSON(\u2026)` in an expression.' },
    { text: /^\s*[[{][\s\S]*[^\]}\s]\s*$/, hint: 'This looks like JSON that was cut off.' },
    { entry: new RegExp(`${UUID}[\\s,;]`, 'i'), hint: 'A string contains several IDs: give each a string of its own.' },
    {
        entry: /^(?=.*[a-z*?])[\w.*?+()-]{2,}$/i,
        hint: 'This looks like a name or a glob: `match-name` chooses images by name, instead of `images`.',
    },
];
const MOST_HINTS = 3;
/** damageHint describes how a list was damaged before it arrived; empty if nothing is recognised. */
function damageHint(text, entries) {
    return sentences(hintsOf(DAMAGED, text, entries));
}
/**
 * imagesHint describes what text and wrong entries look like, and what to change upstream; empty if nothing is recognised.
 * @param entries those that are no image IDs
 * @param values what is in the JSON and no image ID; empty if the text is no JSON
 */
function imagesHint(text, entries, values) {
    const hints = hintsOf([...DAMAGED, ...IMAGES], text, entries);
    const nested = hints.length > 0 ? hints : nestedHints(values);
    return sentences(nested.length > 0 ? nested : hintsOf(LAST_RESORTS, text, entries));
}
const NESTED = [
    [
        (value) => typeof value === 'string' && /^\s*[[{][\s\S]*[\]}]\s*$/.test(value),
        'There is JSON inside a JSON string: take it out with `fromJSON(\u2026)` or `jq -r`.',
    ],
    [Array.isArray, 'There is a list inside: make one flat list, with `flatten(\u2026)` in Terraform or `jq flatten`.'],
];
function nestedHints(values) {
    return NESTED.filter(([isSuch]) => values.slice(0, MOST_ENTRIES).some(isSuch)).map(([, hint]) => hint);
}
/** artifactHint describes the artifact of another builder; empty if it is not recognised. */
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
 * YAML and expressions, so the parser ignores what those leave behind: quotes, a pair of brackets around plain entries, trailing
 * commas, the dashes of a YAML list, JSON that was made JSON twice. The entries themselves have to be IDs or names.
 */




/** parseProjects reads IDs or names of projects: unique, as given, in the order given, at least one. */
function parseProjects(text) {
    return parseNames(text, projectOf, 'Expected IDs or names of projects: letters, digits, `_` and `-`, at most 64.');
}
/** parseKeystoneProjects does the same for plain OpenStack, whose projects may have any name; one with blanks needs a JSON array. */
function parseKeystoneProjects(text) {
    return parseNames(text, keystoneProjectOf, 'Expected IDs or names of projects, each of at most 64 characters.');
}
/** keystoneProjectOf accepts what can be the ID or name of a project on plain OpenStack; null for everything else. */
function keystoneProjectOf(text) {
    return /^[^\p{C}\u2028\u2029]{1,64}$/u.test(text) && !isQuoted(text) ? text : null;
}
/**
 * parseOwners reads the IDs of trusted projects, at least one. A name is refused, because it cannot be looked up in a
 * stranger's account; `isName` knows names by the region that they begin with. IDs are not recognised by their shape.
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
/**
 * fromJson gives the entries of an array or object; `textOf` decides which values can be entries, and `expected` describes what is
 * wrong with others.
 */
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
/** stringOf gives strings only: a number in JSON is not an ID. */
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

;// CONCATENATED MODULE: ./build/inputs/credentials.js

const credentials_LONGEST_NAME = 255;
/** buildCredentials gives the credentials of a complete offer; null if a value is wrong, which was noted as a mistake. */
function buildCredentials(reader, offer) {
    const { method } = offer.family;
    const header = (part) => sendable(reader, offer.secret.get(part));
    const name = (part) => {
        const given = offer.plain.get(part);
        return given === undefined ? null : reader.parseAs(given.name, given.value, lineOf(credentials_LONGEST_NAME));
    };
    switch (method) {
        case 'token': {
            const token = header('token');
            return token === null ? null : { method, token };
        }
        case 'password': {
            const [username, password, domain] = [name('username'), inOneLine(reader, offer, 'password'), name('domain')];
            if (username === null || password === null || domain === null)
                return null;
            const isId = offer.plain.get('domain')?.name === 'OS_USER_DOMAIN_ID';
            const reference = isId ? { id: domain } : { name: domain };
            return { method, username, password, domain: reference, projectDomain: reference };
        }
        case 'application-credential': {
            const [id, secret] = [
                name('application-credential-id'),
                inOneLine(reader, offer, 'application-credential-secret'),
            ];
            return id === null || secret === null ? null : { method, id, secret };
        }
        case 'aksk': {
            if (areSwapped(reader, offer))
                return null;
            const [accessKey, secretKey] = [header('access-key'), header('secret-key')];
            const before = reader.count;
            const securityToken = header('security-token');
            return accessKey === null || secretKey === null || reader.count > before
                ? null
                : { method, accessKey, secretKey, securityToken };
        }
        case 'oidc':
            return buildOidc(reader, offer.plain.get('identity-provider')?.value ?? '', name('audience'));
    }
}
/** A token or key travels in a header. */
function sendable(reader, given) {
    if (given === undefined)
        return null;
    const text = given.value.reveal();
    if (isQuoted(text))
        reader.mistake(given.name, null, NO_QUOTES);
    else if (/^\*+$/.test(text))
        reader.mistake(given.name, null, 'The value consists of asterisks: it was replaced by a mask on its way. A masked value cannot be passed on; read the secret itself in this job.');
    else if (!/^[\x21-\x7e]+$/.test(text))
        reader.mistake(given.name, null, 'Expected one line of printable ASCII characters without white space: was it cut, wrapped or joined with something else?');
    else
        return given.value;
    return null;
}
/** A secret may hold blanks, and a password may hold quotes, but neither a line break. */
function inOneLine(reader, { secret }, part) {
    const given = secret.get(part);
    if (given === undefined)
        return null;
    const text = given.value.reveal();
    if (/[\r\n]/.test(text))
        reader.mistake(given.name, null, 'Expected one line: was it wrapped, or joined with something else?');
    else if (part !== 'password' && isQuoted(text))
        reader.mistake(given.name, null, NO_QUOTES);
    else
        return given.value;
    return null;
}
/** Access keys have 20 letters and digits, secret keys 40 (OTC, Access Keys). Swapped, the secret key would be sent in the clear. */
function areSwapped(reader, { secret }) {
    const [access, key] = [secret.get('access-key'), secret.get('secret-key')];
    if (access === undefined || key === undefined)
        return false;
    if (!/^[a-z\d]{40}$/i.test(access.value.reveal()) || !/^[a-z\d]{20}$/i.test(key.value.reveal()))
        return false;
    reader.mistake(`${access.name}, ${key.name}`, null, 'These are swapped: an access key has 20 letters and digits, a secret key 40. Exchange the two values.');
    return true;
}
const NO_ID_TOKEN = `The job may not ask GitHub for an ID token. Add to the job, and to the job that calls it if this is a reusable workflow:
permissions:
  id-token: write
  contents: read
Runs for pull requests from forks get no ID token, whatever the permissions say.`;
function buildOidc(reader, provider, audience) {
    const requestUrl = reader.variable('ACTIONS_ID_TOKEN_REQUEST_URL');
    const requestToken = reader.secretVariable('ACTIONS_ID_TOKEN_REQUEST_TOKEN');
    const identityProvider = reader.parseAs('identity-provider', provider, parseIdentityProvider);
    if (requestUrl === null || requestToken === null) {
        reader.mistake('identity-provider', provider, NO_ID_TOKEN);
        return null;
    }
    return identityProvider === null ? null : { method: 'oidc', identityProvider, audience, requestUrl, requestToken };
}

;// CONCATENATED MODULE: ./build/inputs/login.js






/** readLogin finds the one method, or notes what stands in its way. */
function readLogin(reader, families) {
    const inputs = login_collect(reader, families.inputs, 'inputs');
    if (inputs.length > 0)
        return choose(reader, inputs, 'inputs');
    const variables = login_collect(reader, families.variables, 'environment');
    // OS_DOMAIN_NAME and similar variables accompany every method, so by themselves they select none.
    const naming = variables.filter(({ plain, secret }) => plain.has('username') || secret.size > 0);
    if (variables.length > 0)
        return choose(reader, naming.length > 0 ? naming : variables, 'environment');
    reader.mistake(families.none.inputs, null, families.none.expected + unread(reader, 'no credentials'));
    return { credentials: null, method: null, from: 'inputs', family: null, sources: [] };
}
/** The families of which anything is set. */
function login_collect(reader, families, from) {
    return families.map((family) => look(reader, family, from)).filter(({ names }) => names.length > 0);
}
function look(reader, family, from) {
    const plain = new Map();
    const secret = new Map();
    const names = [];
    const missing = [];
    for (const [part, candidates] of family.parts) {
        const set = isSecretPart(part)
            ? note(secret, part, present(candidates, (name) => (from === 'inputs' ? reader.secret(part) : reader.secretVariable(name))))
            : note(plain, part, present(candidates, (name) => (from === 'inputs' ? reader.given(part) : reader.variable(name))));
        names.push(...set);
        if (set.length === 0 && !isOptionalPart(part))
            missing.push(candidates[0] ?? part);
    }
    refuseContradiction(reader, secret.get('token'), names);
    return { family, plain, secret, names, missing };
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
/** A stale token beside a fresh one would be hard to diagnose at run time. */
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
        return { credentials: null, method: null, from, family: null, sources: [] };
    }
    const { method, variables: family } = offer.family;
    const sources = [...offer.plain.values(), ...offer.secret.values()].map(({ name }) => name);
    const choice = { method, from, family, sources: offer.names.filter((name) => sources.includes(name)) };
    if (offer.missing.length > 0) {
        reader.mistake(offer.names.join(', '), null, halfMethod(reader, offer, from));
        return { ...choice, credentials: null };
    }
    return { ...choice, credentials: buildCredentials(reader, offer) };
}
function severalMethods(offers, from) {
    const each = offers.map(({ family, names, missing }) => {
        const lack = missing.length === 0 ? '' : `, without ${listed(missing, 'and')}`;
        return `${listed(names, 'and')} (method ${methodTitle(family.method)}${lack})`;
    });
    const cure = from === 'inputs'
        ? 'Give the inputs of one method only.'
        : 'Keep the variables of one method and one family (`OS_`, `HW_`, `HUAWEI_CLOUD_` or `HUAWEICLOUD_SDK_`), or give the credentials as inputs, which win.';
    return `These do not belong together: ${each.join('; ')}. ${cure}`;
}
function halfMethod(reader, { family, names, missing }, from) {
    const half = `Method ${methodTitle(family.method)} is incomplete: ${listed(names, 'and')} without ${listed(missing, 'and')}.`;
    const others = unread(reader, 'incomplete');
    if (from === 'environment')
        return `${half} Set what is missing, or give all credentials as inputs, which win.${others}`;
    const set = READ_VARIABLES.filter(({ role, name }) => PARTS.has(role) && reader.variable(name) !== null);
    const uncounted = set.length === 0
        ? ''
        : ` Inputs are not completed from the environment, so ${listed(set.map(({ name }) => name), 'and')} did not count.`;
    return `${half} Give what is missing; a secret that does not exist, or that a pull request from a fork may not read, arrives empty.${uncounted}${others}`;
}
const PARTS = new Set(INPUT_FAMILIES.flatMap(({ parts }) => parts.map(([part]) => part)));

;// CONCATENATED MODULE: ./build/inputs/login-hints.js




/** loginHints gives a line for each possible cause. */
function loginHints(reader, { credentials, sources }) {
    const padded = sources
        .filter((name) => reader.isPadded(name))
        .map((name) => `\`${name}\` has a blank at one end, which was not sent: if it belongs to the value, change the value at IAM.`);
    switch (credentials?.method) {
        case 'password': {
            const name = sources.find((source) => /domain/i.test(source)) ?? 'domain';
            const id = isAccountId(login_hints_nameOf(credentials.domain))
                ? [`\`${name}\` looks like the ID of an account: give the account's name.`]
                : [];
            return [...id, ...padded, ...login_hints_sentences(unread(reader, 'refused password', 'project'))];
        }
        case 'aksk':
            return credentials.securityToken === null ? login_hints_sentences(unread(reader, 'refused keys')) : [];
        default:
            return [];
    }
}
/** projectHint explains credentials of another project. The project's domain is compared for method password only. */
function projectHint(reader, { method }) {
    const [name = ''] = namesOf(['project-domain'], null);
    const domain = method === 'password' || reader.variable(name) === null
        ? ''
        : ` \`${name}\` is set, but has no effect with this method.`;
    return `${domain}${unread(reader, 'project')}`;
}
function login_hints_sentences(text) {
    return text === '' ? [] : [text.trim()];
}
/** Empty for a domain that is given by its ID, as it can be on plain OpenStack. */
function login_hints_nameOf(domain) {
    return 'name' in domain ? domain.name : '';
}
/**
 * checkDomains refuses a project's domain other than the user's, which would lead elsewhere if it were read. If the user was given by
 * inputs, it only does not count.
 */
function checkDomains(reader, { credentials, from, family }, agency) {
    if (credentials?.method !== 'password')
        return;
    const domain = login_hints_nameOf(credentials.domain);
    const differs = (name) => {
        const text = reader.variable(name);
        return text !== null && text.toLowerCase() !== domain.toLowerCase();
    };
    for (const name of namesOf(['project-domain'], family).filter(differs)) {
        if (from === 'environment' && !agency.wanted)
            reader.mistake(name, reader.variable(name), `The user belongs to domain \`${domain}\`, and the project has to be one of that domain. Unset the variable, or log in with a user of the project's domain; an agency leads to a project of another account.`);
        else
            reader.note(`\`${name}\` is ignored: the project belongs to the domain of the login`);
    }
    if (from !== 'environment')
        return;
    for (const name of namesOf(['domain'], family).filter((one) => one.startsWith(`${family}_`) && differs(one)))
        reader.note(`\`${name}\` is ignored: the user's domain is given as well`);
}
/** warnOfInsecure warns that no variable switches the check of certificates off. */
function warnOfInsecure(reader) {
    const set = namesOf(['insecure'], null).filter((name) => !/^(|0|f|false|n|no|off)$/i.test(reader.variable(name) ?? ''));
    if (set.length === 0)
        return;
    reader.warn(`${listed(set, 'and')} ${set.length === 1 ? 'has' : 'have'} no effect: certificates are always checked. If a private authority signs them, name its certificate in \`NODE_EXTRA_CA_CERTS\`.`);
}

;// CONCATENATED MODULE: ./build/inputs/url.js
/**
 * Base URLs of services. Credentials are sent there, so the parser is strict about anything that could send them elsewhere.
 */


/** parseImsEndpoint reads the base URL of the image service: scheme and host, no path. Gives it without a trailing slash. */
function parseImsEndpoint(text) {
    return originOf(parseBase(text, /^\/$/, 'https://ims.eu-de.otc.t-systems.com'));
}
/** parseAuthUrl reads the base URL of IAM, with or without `/v3`. Gives it without `/v3` and without a trailing slash. */
function parseAuthUrl(text) {
    return originOf(parseBase(text, /^\/(v3\/?)?$/, 'https://iam.eu-de.otc.t-systems.com/v3'));
}
const ANY_PATH = /^(\/[\w.~-]+)*\/*$/;
/** parseGlanceUrl reads the base URL of Glance, which may have a path, with or without `/v2`. Gives it without `/v2` and a trailing slash. */
function parseGlanceUrl(text) {
    return withPath(parseBase(text, ANY_PATH, 'https://cloud.example.com/image'), /\/v2(\.\d+)?$/);
}
/** parseKeystoneUrl reads the base URL of Keystone, which may have a path, with or without `/v3`. Gives it without `/v3` and a trailing slash. */
function parseKeystoneUrl(text) {
    const base = withPath(parseBase(text, ANY_PATH, 'https://cloud.example.com/identity/v3'), /\/v3$/);
    if (!base.ok || !/\/v2\.0$/.test(base.value))
        return base;
    const newer = base.value.replace(/\/v2\.0$/, '/v3');
    return wrong(text, `This is version 2.0 of Keystone's API, which no longer exists: write \`${newer}\`.`);
}
function originOf(url) {
    return url.ok ? right(url.value.origin) : url;
}
function withPath(url, version) {
    if (!url.ok)
        return url;
    return right(url.value.origin + url.value.pathname.replace(/\/+$/, '').replace(version, ''));
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
    if (!path.test(url.pathname)) {
        const cure = path === ANY_PATH
            ? 'with letters, digits and `._~-` only in its path.'
            : `without any other path: write \`${url.origin}\`. For plain OpenStack, set \`api: openstack\`.`;
        return wrong(shown, `${expected}, ${cure}`);
    }
    return right(url);
}
/** A URL with a password in it must not reach a log, and a query may hold a token. */
function withoutCredentials(text) {
    return text.replace(/^([a-z][a-z\d+.-]*:\/\/)?[\s\S]*@/i, '$1***@').replace(/[?#][\s\S]*$/, '?\u2026');
}

;// CONCATENATED MODULE: ./build/inputs/disagreement.js



/**
 * noteProjects compares the projects of the run with the variables that name one. An ID cannot be compared with a name: such variables are
 * given back, to be compared after the login.
 */
function noteProjects(reader, projects, variable, names) {
    const source = variable?.name ?? 'project';
    const agrees = ({ name, text }) => name === source || projects.some((project) => project.toLowerCase() === text.toLowerCase());
    const isOtherForm = ({ name, text }) => /_(ID|NAME)$/.test(name) && projects.some((project) => isProjectId(project) !== isProjectId(text));
    const set = names.flatMap((name) => setValue(reader, name));
    const others = set.filter((one) => !agrees(one));
    const because = projects.length === 0 ? 'the credentials bring their own project' : `\`${source}\` takes precedence`;
    const definite = others.filter((one) => !isOtherForm(one));
    noteOthers(reader, definite, because);
    return others.filter(isOtherForm).map((one) => ({ text: one.text, note: ignored([one], because) }));
}
/** noteRegions compares the region in use with the variables that name one. */
function noteRegions(reader, used, names) {
    if (used === null)
        return;
    const others = names.flatMap((name) => setValue(reader, name)).filter(({ text }) => text !== used.text);
    noteOthers(reader, others, `\`${used.name}\` (${disagreement_shorten(used.text)}) takes precedence`);
}
/** noteUrls compares IAM's address in use with the variables that hold one. `used.text` is null if the region of `used.name` counts. */
function noteUrls(reader, used, names) {
    const others = names
        .flatMap((name) => setValue(reader, name))
        .filter(({ name, text }) => name !== used.name && !isSameUrl(text, used.text))
        .map(({ name, text }) => ({ name, text: urlOf(text)?.host ?? 'not a URL' }));
    noteOthers(reader, others, used.text === null ? `\`${used.name}\` names another region` : `\`${used.name}\` takes precedence`);
}
function isSameUrl(text, used) {
    // An address with a path is one of Keystone's.
    return [parseAuthUrl(text), parseKeystoneUrl(text)].some((parsed) => parsed.ok && parsed.value === used);
}
function setValue(reader, name) {
    const text = reader.variable(name);
    return text === null ? [] : [{ name, text }];
}
function noteOthers(reader, others, because) {
    if (others.length > 0)
        reader.note(ignored(others, because));
}
function ignored(others, because) {
    const names = others.map(({ name }) => name);
    const said = others.map(({ text }) => disagreement_shorten(text)).join(', ');
    return `${listed(names, 'and')} (${said}) ${names.length === 1 ? 'is' : 'are'} ignored: ${because}`;
}
function disagreement_shorten(text) {
    return isProjectId(text) || text.length <= 64 ? text : `${text.slice(0, 64)}\u2026`;
}

;// CONCATENATED MODULE: ./build/inputs/openstack.js








const openstack_LONGEST_NAME = 255;
const LONGEST_PROJECT = 64;
/** readOpenStack reads login and place. */
function readOpenStack(reader) {
    refuseUnknown(reader);
    warnOfOthers(reader);
    const login = readLogin(reader, KEYSTONE_LOGIN);
    const credentials = login.credentials === null ? null : withProjectDomain(reader, login.credentials);
    if (login.method !== 'password' && login.method !== null && reader.given('project-domain') !== null)
        reader.mistake('project-domain', reader.given('project-domain'), 'Expected with method password only: a token or application credential carries its project. Leave it out.');
    return { login: { ...login, credentials }, place: readPlace(reader, login) };
}
/** refuseOpenStackInputs notes inputs that need `api: openstack`. */
function refuseOpenStackInputs(reader) {
    const names = [
        ...['project-domain', 'application-credential-id'].filter((name) => reader.given(name) !== null),
        ...(reader.secret('application-credential-secret') === null ? [] : ['application-credential-secret']),
    ];
    if (names.length === 0)
        return;
    reader.mistake(names.join(', '), null, 'These are for plain OpenStack: set `api: openstack`, or leave them out.');
}
/** Inputs that belong to IMS and IAM. */
const UNKNOWN = [
    [['vault'], 'Plain OpenStack has no vaults'],
    [
        ['identity-provider', 'audience'],
        'Plain OpenStack does not take the ID token of the workflow: use an application credential',
    ],
    [['agency-name', 'agency-domain'], 'Plain OpenStack has no agencies: use credentials of the member project'],
];
function refuseUnknown(reader) {
    const refuse = (names, expected) => {
        if (names.length > 0)
            reader.mistake(names.join(', '), null, `${expected}. Leave it out, or set \`api: ims\`.`);
    };
    for (const [inputs, expected] of UNKNOWN)
        refuse(inputs.filter((name) => reader.given(name) !== null), expected);
    refuse(['access-key', 'secret-key', 'security-token'].filter((name) => reader.secret(name) !== null), 'Plain OpenStack does not take signed requests: use an application credential');
}
const OTHER_ROLES = new Set([
    'access-key',
    'secret-key',
    'security-token',
    'agency-name',
    'agency-domain',
    'delegated-project',
]);
function warnOfOthers(reader) {
    const others = READ_VARIABLES.filter(({ family, role }) => family !== 'OS' || OTHER_ROLES.has(role));
    const set = others.map(({ name }) => name).filter((name) => reader.variable(name) !== null);
    if (set.length > 0)
        reader.warn(`${listed(set, 'and')} ${set.length === 1 ? 'is' : 'are'} ignored: \`api\` is \`openstack\`.`);
}
/** The project's domain is the user's, unless something else is given. */
function withProjectDomain(reader, credentials) {
    if (credentials.method !== 'password')
        return credentials;
    const input = reader.parse('project-domain', lineOf(openstack_LONGEST_NAME));
    const variable = reader.firstVariable(['OS_PROJECT_DOMAIN_ID', 'OS_PROJECT_DOMAIN_NAME']);
    if (input !== null)
        return { ...credentials, projectDomain: { name: input } };
    const text = variable === null ? null : reader.parseAs(variable.name, variable.text, lineOf(openstack_LONGEST_NAME));
    if (variable === null || text === null)
        return credentials;
    const projectDomain = variable.name.endsWith('_ID') ? { id: text } : { name: text };
    return { ...credentials, projectDomain };
}
const PROJECT_VARIABLES = ['OS_PROJECT_ID', 'OS_PROJECT_NAME', 'OS_TENANT_ID', 'OS_TENANT_NAME'];
const REGION_VARIABLES = ['OS_REGION_NAME', 'OS_REGION'];
function readPlace(reader, login) {
    const { projects, variable } = readProjects(reader, login);
    const unconfirmed = projects === null ? [] : noteProjects(reader, projects, variable, PROJECT_VARIABLES);
    const region = fromEither(reader, 'region', REGION_VARIABLES);
    noteRegions(reader, region, REGION_VARIABLES);
    return {
        projects,
        projectSource: variable?.name ?? 'project',
        unconfirmed,
        region: region === null ? null : reader.parseAs(region.name, region.text, lineOf(openstack_LONGEST_NAME)),
        imsEndpoint: reader.parse('ims-endpoint', parseGlanceUrl),
        authUrl: readAuthUrl(reader),
    };
}
function readAuthUrl(reader) {
    const given = fromEither(reader, 'auth-url', ['OS_AUTH_URL']);
    if (given === null) {
        reader.mistake('auth-url', null, 'Give the address of Keystone, such as `https://cloud.example.com/identity/v3`. The openrc file of the cloud has it as `OS_AUTH_URL`.');
        return null;
    }
    const url = reader.parseAs(given.name, given.text, parseKeystoneUrl);
    if (given.name === 'auth-url')
        noteUrls(reader, { name: 'auth-url', text: url }, ['OS_AUTH_URL']);
    return url;
}
function fromEither(reader, input, variables) {
    const text = reader.given(input);
    return text === null ? reader.firstVariable(variables) : { name: input, text };
}
/** Credentials that carry their project need none; one in the environment is meant only if the credentials come from there too. */
function readProjects(reader, { method, from }) {
    const carriesProject = method === 'token' || method === 'application-credential';
    const given = reader.given('project');
    const isRead = given === null && !(carriesProject && from === 'inputs');
    const variable = isRead ? reader.firstVariable(PROJECT_VARIABLES) : null;
    if (given === null && variable === null) {
        if (carriesProject)
            return { projects: [], variable };
        reader.mistake('project', null, `Give the ID or name of the member project, which accepts or rejects the images. It can be left out only with \`token\` or \`application-credential-id\`.${unread(reader, 'project')}`);
        return { projects: null, variable };
    }
    const projects = variable !== null
        ? only(reader.parseAs(variable.name, variable.text, lineOf(LONGEST_PROJECT)))
        : reader.parse('project', parseKeystoneProjects);
    if (projects !== null && projects.length > 1 && carriesProject)
        reader.mistake('project', projects, 'Expected one project: a token or application credential belongs to a single one. Use method password, or a step for each project.');
    return { projects, variable };
}
function only(project) {
    return project === null ? null : [project];
}

;// CONCATENATED MODULE: ./build/inputs/place.js








/** readPlace reads projects, region and endpoints, and makes sure that every project's endpoints can be found. */
function place_readPlace(reader, login, agency) {
    const candidates = namesOf(agency.wanted ? ['delegated-project', 'project'] : ['project'], login.family);
    const variable = reader.given('project') === null && mayComeFromEnvironment(login, agency) ? reader.firstVariable(candidates) : null;
    const projects = place_readProjects(reader, variable, login, agency);
    const others = namesOf(['delegated-project', 'project'], login.family);
    const unconfirmed = projects === null ? [] : noteProjects(reader, projects, variable, others);
    const projectSource = variable?.name ?? 'project';
    const before = reader.count;
    const given = reader.parse('region', lineOf(64));
    const imsEndpoint = reader.parse('ims-endpoint', parseImsEndpoint);
    const inputRegion = given === null ? commonOf(variable === null ? (projects ?? []) : [], null) : regionInput(given);
    const authUrl = place_readAuthUrl(reader, inputRegion, login);
    const regionNames = namesOf(['region'], login.family);
    const choice = given === null ? regionElse(reader, projects ?? [], variable, regionNames) : regionInput(given);
    noteRegions(reader, choice ?? commonOf(projects ?? [], variable), regionNames);
    const place = { projects, projectSource, unconfirmed, region: choice?.text ?? null, imsEndpoint, authUrl };
    // If one of them is wrong, nothing sensible can be said about how they go together.
    if (reader.count > before)
        return place;
    checkEndpoints(reader, place, choice, login.method === 'aksk' && !agency.wanted);
    if (authUrl === null)
        checkCloud(reader, place);
    return place;
}
/** A token that is an input brings its own project, so a project in the environment is ignored. */
function mayComeFromEnvironment({ method, from }, agency) {
    return method !== 'token' || from === 'environment' || agency.wanted;
}
function place_readProjects(reader, variable, { method }, agency) {
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
        reader.mistake('project', null, `Give the ID or name of the member project, which accepts or rejects the images. ${why}${unread(reader, 'project')}`);
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
/**
 * An address in the environment is ignored if it belongs to another known region than the inputs name, or, if another tool set it, than
 * the region of the tool that the credentials come from.
 */
function place_readAuthUrl(reader, input, { family }) {
    const names = namesOf(['auth-url'], family);
    const url = reader.parse('auth-url', parseAuthUrl);
    if (reader.given('auth-url') !== null) {
        noteUrls(reader, { name: 'auth-url', text: url ?? '' }, names);
        return url;
    }
    const isOwn = (name) => family !== null && name.startsWith(`${family}_`);
    const own = reader.firstVariable(namesOf(['region'], family).filter(isOwn));
    const isElsewhere = (name) => {
        const region = (input ?? (isOwn(name) ? null : own))?.text ?? '';
        const itsRegion = regionOfAuthUrl(reader.variable(name) ?? '');
        return region in REGIONS && itsRegion !== null && itsRegion !== region;
    };
    const variable = reader.firstVariable(names.filter((name) => !isElsewhere(name)));
    if (variable === null) {
        noteUrls(reader, { name: (input ?? own)?.name ?? 'region', text: null }, names);
        return null;
    }
    const text = reader.parseAs(variable.name, variable.text, parseAuthUrl);
    noteUrls(reader, { name: variable.name, text: text ?? '' }, names);
    return text;
}
function regionInput(text) {
    return { name: 'region', text };
}
/** The region that all projects' names begin with. */
function commonOf(projects, variable) {
    const [first, ...others] = new Set(projects.map(regionOf));
    return first === undefined || first === null || others.length > 0
        ? null
        : { name: variable?.name ?? 'project', text: first };
}
/** The region if no input gives one: null if it follows from each project's own name, or from nothing. */
function regionElse(reader, projects, variable, names) {
    const named = projects.map(regionOf);
    if (projects.length > 0 && named.every((region) => region !== null))
        return null;
    const beside = nameBeside(variable);
    const besideRegion = beside === null ? null : regionOf(reader.variable(beside) ?? '');
    const choice = besideRegion === null || beside === null ? reader.firstVariable(names) : { name: beside, text: besideRegion };
    const other = named.find((region) => region !== null && region !== choice?.text);
    if (choice !== null && other !== undefined) {
        reader.mistake('project', projects, `The names belong to region \`${other}\`, but \`${choice.name}\` is \`${choice.text}\` for the projects given by ID. Give all projects by name, or use one run for each region.`);
    }
    return choice === null
        ? null
        : { ...choice, text: reader.parseAs(choice.name, choice.text, lineOf(64)) ?? choice.text };
}
/** The region does not follow from a variable with an ID, but from the name that the same tool gives beside it. */
function nameBeside(variable) {
    const name = variable?.name.replace(/_ID$/, '_NAME') ?? '';
    return name !== variable?.name && namesOf(['project'], null).includes(name) ? name : null;
}
function checkEndpoints(reader, place, choice, withoutToken) {
    const { projects, imsEndpoint, authUrl } = place;
    if (imsEndpoint !== null && authUrl !== null)
        return;
    // The catalog of a token that IAM issued names the image service; keys bring no token.
    const catalogTells = authUrl !== null && !withoutToken;
    if (choice !== null) {
        if (!(choice.text in REGIONS) && !catalogTells)
            reader.mistake(choice.name, choice.text, `This region is not known. ${eitherOr(reader)}`);
        return;
    }
    // What is wrong with the projects may be all that is wrong.
    if (projects === null)
        return;
    const unnamed = projects.filter((project) => regionOf(project) === null);
    if (projects.length > 0 && unnamed.length === 0)
        return;
    if (catalogTells || (authUrl !== null && regionOfAuthUrl(authUrl) !== null))
        return;
    const whose = unnamed.length === 0 ? "the token's project" : listed(unnamed, 'and');
    reader.mistake('region', null, `No region is known for ${whose}. ${eitherOr(reader)}`);
}
function eitherOr(reader) {
    const [cloud = ''] = namesOf(['cloud'], null);
    const domain = reader.variable(cloud) === null
        ? ''
        : ` \`${cloud}\` is set, but the addresses of the services do not follow from a domain.`;
    return `Give \`region\`, one of ${Object.keys(REGIONS).sort().join(', ')}; or, for any other cloud, both \`ims-endpoint\` and \`auth-url\`.${domain}${unread(reader, 'region')}`;
}
/** Of a name in DNS. */
const LONGEST_DOMAIN = 253;
/** The tool that HW_CLOUD is for would go to this domain; the action goes to the region's. */
function checkCloud(reader, { projects, region }) {
    const [name = ''] = namesOf(['cloud'], null);
    const set = reader.variable(name);
    const cloud = set === null ? null : reader.parseAs(name, set, lineOf(LONGEST_DOMAIN));
    if (cloud === null)
        return;
    const wanted = cloud
        .toLowerCase()
        .replace(/^https?:\/\//, '')
        .replace(/[./]+$/, '');
    const regions = region === null ? (projects ?? []).map(regionOf) : [region];
    const own = regions.filter((id) => id !== null).map((id) => [id, ownDomain(id)]);
    const other = own.find(([, domain]) => domain !== null && domain !== wanted);
    if (other === undefined)
        return;
    reader.mistake(name, cloud, `Region \`${other[0]}\` is on the domain \`${other[1]}\`. Unset the variable if that is right; otherwise give the addresses of the cloud that you mean as \`auth-url\` and \`ims-endpoint\`.`);
}

;// CONCATENATED MODULE: external "node:path"
const external_node_path_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");
;// CONCATENATED MODULE: ./build/inputs/files.js
/**
 * What reading the inputs needs to know about files.
 */


/** find returns what is at a path, following links. Throws if the system denies access. */
function find(path) {
    const stat = (0,external_node_fs_.statSync)(path, { throwIfNoEntry: false });
    if (stat === undefined)
        return { type: 'none', size: 0 };
    return { type: stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other', size: stat.size };
}
/** isInside returns whether a path lies in a folder. Compares the paths as written, without resolving links. */
function isInside(folder, path) {
    const way = (0,external_node_path_namespaceObject.relative)((0,external_node_path_namespaceObject.resolve)(folder), (0,external_node_path_namespaceObject.resolve)(path));
    return way !== '..' && !way.startsWith(`..${external_node_path_namespaceObject.sep}`) && !(0,external_node_path_namespaceObject.isAbsolute)(way);
}
/** isReallyInside returns whether a file that may not exist yet will lie in a folder once all links are resolved. */
function isReallyInside(folder, path) {
    const real = (one) => {
        try {
            return (0,external_node_fs_.realpathSync)(one);
        }
        catch {
            return (0,external_node_path_namespaceObject.dirname)(one) === one ? one : (0,external_node_path_namespaceObject.join)(real((0,external_node_path_namespaceObject.dirname)(one)), (0,external_node_path_namespaceObject.basename)(one));
        }
    };
    // A link at the path itself is replaced, not followed.
    return isInside(real(folder), (0,external_node_path_namespaceObject.join)(real((0,external_node_path_namespaceObject.dirname)(path)), (0,external_node_path_namespaceObject.basename)(path)));
}
/** The limits of Linux, in bytes. */
const files_LONGEST_NAME = 255;
const LONGEST_PATH = 4095;
/** isTooLong returns whether a path, or a name in it, is too long for a file, also in folders that do not exist yet. */
function isTooLong(path) {
    return (Buffer.byteLength(path) > LONGEST_PATH || path.split(external_node_path_namespaceObject.sep).some((name) => Buffer.byteLength(name) > files_LONGEST_NAME));
}
/** realPath resolves all links. Throws if nothing is there. */
function realPath(path) {
    return (0,external_node_fs_.realpathSync)(path);
}
/** canCreateIn returns whether a file can be created in a folder, which may itself still have to be created. */
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
/** codeOf gives the system's code of an error, such as `EACCES`. */
function codeOf(error) {
    return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
}

;// CONCATENATED MODULE: ./build/inputs/reporting.js
/**
 * The reporting inputs. They are read even if everything else is wrong, because mistakes are reported too.
 */




/** GitHub's limit for the name of a status. */
const LONGEST_CONTEXT = 255;
/** readReporting reads the reporting inputs. A wrong one is noted as a mistake and replaced by its default. */
function readReporting(reader, workspace) {
    const summary = reader.parse('summary', parseBoolean) ?? true;
    const resultsFile = reader.parse('results-file', (path) => parseTarget(path, workspace));
    if (resultsFile !== null && !isReallyInside(workspace, resultsFile))
        reader.warn(`\`results-file\` is outside the workspace: ${resultsFile}. In a container job, steps see the workspace at another path than \`github.workspace\` gives; use a relative path there.`);
    return { summary, resultsFile, commitStatus: readStatus(reader) };
}
function readStatus(reader) {
    const context = reader.parse('commit-status', lineOf(LONGEST_CONTEXT));
    const sha = reader.parse('commit-sha', parseCommit);
    const given = reader.given('commit-sha') !== null;
    if (given && reader.given('commit-status') === null)
        reader.mistake('commit-sha', null, 'It is for a commit status only: give `commit-status` too, or leave it out.');
    // A status on the wrong commit would open or close another gate.
    if (context === null || (given && sha === null))
        return null;
    return withToken(reader, context, sha);
}
function parseCommit(text) {
    return /^[0-9a-f]{40}$/i.test(text)
        ? right(text.toLowerCase())
        : wrong(text, 'Expected the full ID of a commit, 40 hexadecimal digits.');
}
function withToken(reader, context, sha) {
    const token = reader.secret('github-token');
    if (token === null) {
        reader.mistake('github-token', null, "A commit status needs a token: omit the input to use the job's own token, or give a token that may write statuses.");
        return null;
    }
    if (isQuoted(token.reveal())) {
        reader.mistake('github-token', null, NO_QUOTES);
        return null;
    }
    if (!/^[\x21-\x7e]+$/.test(token.reveal())) {
        reader.mistake('github-token', null, 'Expected a token in one line, without blanks.');
        return null;
    }
    return { context, token, sha };
}
/** Nothing is created yet, but a run must not change memberships and then fail to write its receipt. */
function parseTarget(path, workspace) {
    const full = (0,external_node_path_namespaceObject.resolve)(workspace, path);
    if (full.includes('\0') || /[\\/]$/.test(path))
        return wrong(path, 'Expected the path of a file, relative to the workspace.');
    if (isTooLong(full))
        return wrong(path, 'Expected a shorter path: a name takes at most 255 bytes, and the whole path 4,095.');
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
        return wrong(text, `${EXPECTED} A JSON object whose values are image IDs is understood too, but this is none.${imagesHint(text, [], [])}`);
    }
    const values = json === undefined ? [] : Object.values(json);
    const entries = json === undefined ? right(split(text)) : fromJson(json, Array.isArray(json) ? itemOf : stringOf, image_list_STRINGS);
    if (!entries.ok) {
        const { given, expected } = entries.wrong;
        const shown = [given].flat().map((entry) => (entry ?? '').replace(/^entry .*?: /, ''));
        return wrong(given, `${expected}${imagesHint(text, shown, values)}`);
    }
    return itemsOf(entries.value, uuidOf, (texts) => `${EXPECTED}${emptyHint(texts)}${imagesHint(text, texts, values)}`);
}
/** An item of an array: an ID, or an object that holds one under `id` or `ID`. */
function itemOf(value) {
    if (typeof value !== 'object' || value === null)
        return stringOf(value);
    return stringOf(Reflect.get(value, 'id') ?? Reflect.get(value, 'ID'));
}
/** MASKED explains why the output of another job may be empty. */
const MASKED = 'The runner drops a job output that contains a masked value ("Skip output \u2026 since it may contain secret"): keep project and owner IDs in variables (`vars`), not in secrets.';
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
/** Windows PowerShell writes UTF-16 with `>`. JSON begins with an ASCII character, so the position of the zero bytes shows the byte order. */
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
    [/\}\s*\{/, 'It contains several JSON texts in a row: give each manifest as a file, one path per line.'],
    [/^(<{7}|={7}|>{7})( |$)/m, 'It contains the marks of a merge conflict.'],
    ['\0', 'It contains zero bytes: write it as UTF-8.'],
    [/^\s*[[{][\s\S]*[^\]}\s]\s*$/, 'It looks cut off: the build may have ended early.'],
];
function contentHint(text) {
    const found = CONTENTS.find(([sign]) => (typeof sign === 'string' ? text.includes(sign) : sign.test(text)));
    return found === undefined ? '' : ` ${found[1]}`;
}
/** What is written in place of a path; the first that fits counts. */
const PATHS = [
    [/^\s*["'`[]|["'`]$/, 'Write the path without quotes and brackets; several paths, one per line.'],
    [/^- /, 'Write the path without the dash of a list; several paths, one per line.'],
    [/^(https?|s3|file):/i, 'A URL is not fetched: download the file first, and give its path.'],
    [/%0[ad]|\.json\\[nr]/i, 'Line breaks are still escaped: write one path per line.'],
    [/^~/, '`~` is not expanded: write the path relative to the workspace.'],
    [/\$|%\w+%/, 'Variables are not expanded: write the path relative to the workspace.'],
    [/[*?{}[\]]/, 'This is a glob, which is not expanded: write the path of each manifest, one per line.'],
    [/[,;]|\.json\s+\S/i, 'This is a list in one line: write one path per line.'],
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
    const why = typeOf(folder) === 'folder' ? '' : ` Its folder does not exist either.`;
    return `${why} Did the build run in this job, or was its manifest downloaded as an artifact?`;
}
const MOST_NAMES = 3;
/** `actions/download-artifact` creates a folder at `path`, which many take for the path of the file. */
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
        : ` It holds ${shown.join(', ')}${more}: write the paths that are meant, one per line.`;
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
 * The builds of one Packer manifest, as far as they are what Packer writes, and how messages name them.
 */



/** manifestOf finds the builds of the last run in a manifest. */
function manifestOf({ json, path }) {
    const [list, lastRun] = [manifest_builds_property(json, 'builds'), manifest_builds_property(json, 'last_run_uuid')];
    if (Array.isArray(json) && json.some((part) => manifest_builds_property(part, 'builds') !== undefined))
        return wrong(path, 'The file is a list of manifests: give each of them as a file, one path per line.');
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
/** isWanted returns whether `manifest-builds` names a build, by its name or its type. */
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
    return text.length > manifest_builds_LONGEST_NAME ? `${text.slice(0, manifest_builds_LONGEST_NAME).toWellFormed()}\u2026` : text;
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
    return `Manifest ${quoted(path)}: ${builds(newer.length)} of another run ${are} as new as the last run or newer, and ${were} left out: ${some(newer.map(where))}. If ${they} meant too, give the manifest of each run, one path per line.`;
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






const NO_PATH = 'Expected the path of a manifest, or several, one per line. This is JSON: give neither a list of paths nor what is in the file.';
/** readManifests takes the images of the last run of each manifest; `text` holds their paths, one per line. */
function readManifests(text, options) {
    const isJson = /^\s*[[{]/.test(text) && text.includes('"');
    if (isJson)
        return { mistakes: [{ input: 'manifest', given: text, expected: NO_PATH }] };
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
    if (artifact === undefined)
        return 'no artifact_id';
    return artifact === '' ? '(empty)' : JSON.stringify(artifact);
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
 * readSelection reads the one way that is given. Empty means unset, and so does an empty JSON array or object, because a step that
 * produced nothing leaves that.
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
 * readTimeouts reads both. A `share-timeout` that equals its default counts as unset and is shortened to `timeout`: the runner hands over
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
 * parseVaults reads the vaults of the given projects (as given, in input order; empty for the token's own project; null if they are
 * wrong themselves, so that lines that name one cannot be checked).
 * With one project both `vault` and `project=vault` are understood; a bare vault may hold `=` itself. With several, every
 * line names its project, as it was given, or by ID if projects are given by name.
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
    for (const [index, line] of vaults_linesOf(text, projects).entries()) {
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
        return wrong(rejected, 'Expected one line `project=vault` for each project that needs a vault, with the project as given in `project`, or its ID.');
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
 * Lines are the rule. Commas, semicolons and blanks separate as well if every piece names a project of this run, because then the
 * meaning is clear; otherwise they are part of the vault's ID, or a mistake.
 */
function vaults_linesOf(text, projects) {
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
/** Splits at the first `=`, blanks around it allowed; null if there is none, or if white space is left in either part. */
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
 * that reads it, even if something else is wrong. Never throws, whatever the user gives.
 * @param env the process's environment; relative paths are resolved against its GITHUB_WORKSPACE, or the working directory
 * @param now milliseconds since the epoch
 * @param nodeVersion the version of Node that runs the action
 */
function readInputs(env, secrets, now, nodeVersion = process.versions.node) {
    const reader = new InputReader(env, secrets);
    const workspace = reader.variable('GITHUB_WORKSPACE') ?? process.cwd();
    const api = reader.parse('api', parseApi);
    const { login, agency, place } = api === 'openstack' ? { ...readOpenStack(reader), agency: NO_AGENCY } : readIms(reader, api);
    warnOfInsecure(reader);
    const status = reader.parse('status', choice(STATUSES));
    const mode = reader.parse('mode', choice(MODES));
    const { selection, notes, warnings } = readSelection(reader, { workspace, status, mode, now });
    const trustedOwners = reader.parse('trusted-owners', (text) => parseOwners(text, (owner) => regionOf(owner) !== null)) ?? [];
    const vaults = api === 'openstack' ? null : reader.parse('vault', (text) => parseVaults(text, place.projects));
    const reporting = readReporting(reader, workspace);
    const needed = {
        selection,
        status,
        mode,
        api,
        projects: place.projects,
        credentials: login.credentials,
        ...readTimeouts(reader, mode === 'apply' && status === 'accepted' && reader.given('match-name') === null),
        requestTimeout: reader.parse('request-timeout', parseDuration(1)),
        retries: reader.parse('retries', parseRetries),
        wait: readWait(reader, api),
        requireProof: reader.parse('require-proof', parseBoolean),
    };
    checkProxies(reader, env, nodeVersion);
    checkEnvironment(reader, env);
    const pollInterval = reader.parse('poll-interval', parseDuration(1));
    if (reader.count === 0 && isComplete(needed)) {
        const { region, imsEndpoint, authUrl, projectSource, unconfirmed } = place;
        const rest = {
            region,
            imsEndpoint,
            authUrl,
            projectSource,
            unconfirmed,
            vaults: vaults ?? { form: 'none' },
            agency: agency.agency,
        };
        const trace = { method: needed.credentials.method, sources: login.sources, host: null };
        const hints = {
            login: loginHints(reader, login),
            project: projectHint(reader, login),
            region: unread(reader, 'region'),
            certificate: unread(reader, 'certificate').trim(),
        };
        return {
            ok: true,
            config: {
                ...needed,
                ...rest,
                login: trace,
                hints,
                trustedOwners,
                pollInterval,
                reporting,
                notes: [...notes, ...reader.notes],
                warnings: [...warnings, ...reader.warnings],
            },
        };
    }
    const images = selection?.by === 'ids' ? selection.ids : [];
    return {
        ok: false,
        mistakes: reader.mistakes(),
        known: { status, mode, images, projects: place.projects ?? [], reporting, warnings: reader.warnings },
    };
}
const NO_AGENCY = { agency: null, wanted: false };
/** @param api null if it is wrong: then nothing is known of what goes with it */
function readIms(reader, api) {
    if (api !== null)
        refuseOpenStackInputs(reader);
    const login = readLogin(reader, IMS_LOGIN);
    const agency = readAgency(reader, login);
    const place = place_readPlace(reader, login, agency);
    checkDomains(reader, login, agency);
    return { login, agency, place };
}
function readWait(reader, api) {
    const wait = reader.parse('wait', parseBoolean);
    if (wait === false && api === 'openstack')
        reader.mistake('wait', reader.given('wait'), 'On plain OpenStack a change is done as soon as it is answered, so there is nothing to wait for: leave `wait` out.');
    return wait;
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
        mayPass: false,
        sent: 'no',
        refusal: null,
        jobId: null,
        requestId: null,
        job: null,
        proof: null,
    };
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
        imageStatus: evidence?.imageStatus ?? null,
        kind: evidence?.kind ?? { fullEcs: null, encrypted: null },
    };
}
function verdictOf(facts, progress) {
    const { evidence, obstacle, sent } = facts;
    const before = { current: evidence?.status ?? null, verified: evidence?.proven === true };
    if (obstacle !== null)
        return { outcome: progress.mode === 'check' ? 'failed' : 'blocked', ...before, reason: obstacle };
    if (evidence?.known === true && evidence.status === progress.status)
        return evidence.proven
            ? { outcome: 'unchanged', ...before }
            : { outcome: 'unknown', current: null, verified: false, reason: notCertain(progress) };
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
function sentVerdict(facts, progress) {
    const { proof, job, refusal, requestId } = facts;
    const word = job?.state ?? null;
    const failed = job?.state === 'failure' ? jobFailed(job) : null;
    if (proof?.state === 'read') {
        if (proof.status === progress.status)
            return { outcome: 'updated', current: proof.status, verified: true };
        const reason = refusal ?? failed ?? unproven(proof.status, facts, progress);
        return { outcome: 'failed', current: proof.status, verified: true, reason };
    }
    if (proof?.state === 'forbidden') {
        if (failed !== null)
            return { outcome: 'failed', current: null, verified: false, reason: failed };
        if (word === 'success')
            return progress.requireProof
                ? { outcome: 'unknown', current: null, verified: false, reason: notReadBack(facts, progress) }
                : { outcome: 'updated', current: progress.status, verified: false };
    }
    const reason = refusal ?? (proof?.state === 'failed' ? proof.problem : (failed ?? unknownEffect(word, progress, requestId)));
    return { outcome: 'unknown', current: null, verified: false, reason };
}
function jobFailed({ message, cure, code, requestId }) {
    return { cause: message ?? 'The job failed and gave no reason.', cure, code, requestId };
}
/** Who reported success: a service without jobs answers with the result itself. */
function reporter({ jobId }) {
    return jobId === null ? 'The answer to the change' : 'The job';
}
function unproven(status, facts, progress) {
    const word = facts.job?.state ?? null;
    const now = status === null ? 'is no longer shared with this project' : `is still ${status}`;
    const said = word === 'success'
        ? `${reporter(facts)} reported success, but the image`
        : word === 'silent'
            ? 'The job did not mention the image, which'
            : 'The image';
    const cure = status === null
        ? 'Ask the owner whether the share was withdrawn or the image deleted.'
        : progress.stopped === null
            ? `Run again; if the error stays, give the cloud's support the ${facts.jobId === null ? 'request' : 'job'} ID.`
            : `${raise(progress)}${facts.jobId === null ? 'The change may still be under way' : 'The job may still be running'}: nothing was cancelled. Run again, or with \`mode: check\`, to see how it ended.`;
    const title = status === null ? 'no longer shared' : `still ${status}`;
    return problem({ cause: `${said} ${now}.`, cure, requestId: facts.requestId, title });
}
/** One list shows the status, and nothing else could be read. */
function notCertain({ status, readCure }) {
    return problem({
        cause: `A list shows the image as ${status}, but its member status could not be read for certain.`,
        cure: `${readCure} Then run again.`,
        title: 'not verified',
    });
}
function notReadBack(facts, { readCure }) {
    return problem({
        cause: `${reporter(facts)} reported success, but the member status could not be read back.`,
        cure: `${readCure} Then run again. With \`require-proof: false\` the ${facts.jobId === null ? 'answer to the change' : 'job status'} alone counts.`,
        requestId: facts.requestId,
        title: 'not verified',
    });
}
function unknownEffect(word, progress, requestId) {
    const cause = word === 'silent'
        ? 'The job succeeded but did not mention this image, and the members cannot be read.'
        : progress.stopped === 'cancelled'
            ? 'The run was cancelled before the result was known.'
            : progress.stopped === 'timeout'
                ? 'The run reached its time limit (`timeout`) before the result was known.'
                : 'The effect of the change is not known.';
    const cure = `${raise(progress)}Run again: images that have the status already are left alone.`;
    return problem({ cause, cure, requestId });
}
function raise({ stopped }) {
    return stopped === 'timeout' ? 'Raise `timeout`. ' : '';
}
function unattempted(progress) {
    const why = progress.stopped === 'timeout'
        ? 'the run reached its time limit (`timeout`)'
        : progress.stopped === 'cancelled'
            ? 'the run was cancelled'
            : 'the run stopped before any change';
    return problem({ cause: `Not attempted: ${why}.`, cure: '' });
}

;// CONCATENATED MODULE: ./build/inputs/rejection.js
/**
 * The report of a run that did not start because its inputs are wrong.
 */



/** rejectedInputs reports every mistake as a problem, and all images and projects that could be read as blocked. */
function rejectedInputs({ mistakes, known }, startedAt, endedAt) {
    const { images, status, mode } = known;
    const projects = known.projects.map((given) => ({
        given,
        id: isProjectId(given) ? given : null,
        name: null,
        region: null,
    }));
    const ids = projects.length === 0 ? [null] : projects.map(({ id }) => id);
    const progress = {
        status: status ?? 'accepted',
        mode: 'apply',
        blocked: true,
        wait: true,
        requireProof: true,
        readCure: '',
        stopped: null,
    };
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
        jobWorkflowRef: null,
        warnings: known.warnings,
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
/** hasReason returns whether the report has a reason for this image; an image that was not attempted has none of its own. */
function hasReason(result) {
    return !result.notAttempted && (result.cause !== null || result.errorCode !== null);
}
/** succeeds returns whether a run with this outcome lets the step pass. */
function succeeds(outcome) {
    return outcome === 'success' || outcome === 'submitted' || outcome === 'planned';
}
/** targetWord is the requested status as a participle; neutral if the run does not know it. */
function targetWord(report) {
    return report.status ?? 'changed';
}
/** projectLabel is the name of a project that readers are most likely to know: its name, what was given, or its ID. */
function projectLabel(project) {
    return project.name ?? (project.given !== '' ? project.given : (project.id ?? ''));
}
/** isUnproven returns whether a run passes although a status was not read back from the service (`require-proof: false`). */
function isUnproven({ outcome, results }) {
    return outcome === 'success' && results.some((result) => hasStatus(result) && !result.verified);
}
/**
 * nounOf is the noun for the results. With several projects each image counts once per project, so they are
 * called memberships, as the API does.
 */
function nounOf(report, count = report.results.length) {
    const noun = report.projects.length > 1 ? 'membership' : 'image';
    return count === 1 ? noun : `${noun}s`;
}
/** outcomeText describes the outcome of one image in a few words. */
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
/** transition is the membership before and after the run, such as `pending \u2192 accepted`. */
function transition(result, report) {
    // A status that was read and is none means that there is no membership.
    const none = result.verified && result.current === null ? 'not shared' : 'unknown';
    const before = result.previous ?? none;
    switch (result.outcome) {
        case 'planned':
            return `${before} \u2192 ${targetWord(report)}`;
        case 'submitted':
            return `${before} \u2192 not yet known`;
        default: {
            const after = result.current ?? none;
            return before === after ? before : `${before} \u2192 ${after}`;
        }
    }
}
/** proof names the basis of the status after the run; a dash if there was no change to prove. */
function proof(result) {
    if (result.outcome === 'planned' || result.outcome === 'submitted' || result.outcome === 'blocked') {
        return '\u2013';
    }
    if (result.verified) {
        return 'read back';
    }
    return result.jobId !== null && result.outcome !== 'unknown' ? 'job status only' : '\u2013';
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
/** The runner silently cuts annotations at 4,096 characters, so ours end before. */
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
 * visible escapes, and the runner's older command form `##[name]`, which the runner accepts anywhere in a line, is broken.
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
    return line.length <= STATUS ? line : `${line.slice(0, STATUS - 1)}\u2026`;
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
    const room = Math.max(0, max - `\u2026 (${text.length} more characters)`.length);
    const kept = text.slice(0, room).replace(/[\ud800-\udbff]$/, '');
    return `${kept}\u2026 (${text.length - kept.length} more characters)`;
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
            return `${timedOut(report)}: ${count.total === 0 ? 'no image was read' : `${of(count.rest)} not ${isRead(report) ? '' : 'known to be '}${word}`}${place}`;
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
    const isUnknown = rest > 0 && report.results.every((result) => hasStatus(result) || result.outcome === 'unknown');
    if (good > 0 || isUnknown)
        return `${rest} of ${total} ${nounOf(report, total)} not ${isUnknown ? 'known to be ' : ''}${word}`;
    return total === 1 ? `The image is not ${word}` : `None of ${total} ${nounOf(report, total)} ${word}`;
}
/** Every image that does not have the status was read back. */
function isRead({ results }) {
    return results.filter((result) => !hasStatus(result)).every(({ verified }) => verified);
}
function timedOut({ startedAt, endedAt, problems }) {
    const title = problems[0]?.title;
    return `Timed out after ${formatDuration(endedAt - startedAt)}${title === undefined ? '' : ` ${title}`}`;
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
/** isVerified returns whether every entry was read back. A run without entries has read the lists if it did not fail (`if-none: pass`). */
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
 * status in one project counts as failed, even if it has it in the others. `images` is the first two lists together.
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
    const cut = (text) => text === null || text.length <= max ? text : `${text.slice(0, max - 1)}\u2026`.toWellFormed();
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

;// CONCATENATED MODULE: ./build/version.js
/**
 * The action's version, for the log, the receipt and the user agent. A test compares it with package.json.
 */
const VERSION = '1.0.0';
const USER_AGENT = `ims-members-action/${VERSION}`;

;// CONCATENATED MODULE: ./build/report/receipt.js


/** toReceipt renders the receipt; nothing in it is shortened. */
function toReceipt(report, context) {
    return {
        schemaVersion: 1,
        actionVersion: VERSION,
        outcome: report.outcome,
        verified: isVerified(report),
        changed: report.changed,
        status: report.status,
        mode: report.mode,
        projects: report.projects.map(({ given, id, name, region }) => ({ given, id, name, region })),
        trustedOwners: report.trustedOwners,
        manifests: report.manifests.map(({ path, sha256 }) => ({ path, sha256 })),
        login: report.login,
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
        runAttempt: context.runAttempt,
        actor: context.actor,
        triggeringActor: context.triggeringActor,
        workflow: context.workflow,
        jobWorkflowRef: report.jobWorkflowRef,
        commit: context.commit,
        startedAt: new Date(report.startedAt).toISOString(),
        endedAt: new Date(report.endedAt).toISOString(),
    };
}
/**
 * writeReceipt writes the file in one step, so that a reader never finds half of it: into a neighbour first, which then
 * takes its place. The neighbour's name cannot be guessed, and nothing that is there already is written to, followed or opened.
 * Creates missing folders. Throws what the file system throws, leaving no neighbour behind.
 */
function writeReceipt(path, receipt) {
    const { closeSync, openSync, renameSync, rmSync, writeFileSync } = process.getBuiltinModule('node:fs');
    const { dirname, join } = process.getBuiltinModule('node:path');
    const folder = dirname(path);
    makeFolder(folder);
    // Shorter than most names, because a name that fits must not fail for its neighbour's length.
    const neighbour = join(folder, `.${process.getBuiltinModule('node:crypto').randomBytes(12).toString('hex')}.tmp`);
    const file = openSync(neighbour, 'wx');
    try {
        try {
            writeFileSync(file, `${JSON.stringify(receipt, null, 2)}\n`);
        }
        finally {
            closeSync(file);
        }
        renameSync(neighbour, path);
    }
    catch (error) {
        rmSync(neighbour, { force: true });
        throw error;
    }
}
/** Level by level, because Node's own recursive `mkdir` never returns below /proc, where a folder cannot be created in an existing parent. */
function makeFolder(folder) {
    const { existsSync, mkdirSync } = process.getBuiltinModule('node:fs');
    if (existsSync(folder))
        return;
    makeFolder(process.getBuiltinModule('node:path').dirname(folder));
    try {
        mkdirSync(folder);
    }
    catch (error) {
        // Another process may have created it meanwhile.
        if (!existsSync(folder))
            throw error;
    }
}

;// CONCATENATED MODULE: ./build/report/redact.js
/**
 * redactReport cleans every free text of the report. Real IDs of images, projects and jobs and the words of `action.yml` stay as they
 * are, even if a secret looks like one. Other text in the place of an ID is cleaned.
 */
function redactReport(report, redact) {
    const clean = (text) => (text === null ? null : redact(text));
    const cleanId = (id) => (id === null || isId(id) ? id : redact(id));
    const cleanResult = (result) => ({
        ...result,
        name: clean(result.name),
        imageStatus: clean(result.imageStatus),
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
        trustedOwners: report.trustedOwners.map((owner) => cleanId(owner) ?? owner),
        manifests: report.manifests.map(({ path, sha256 }) => ({ path: redact(path), sha256 })),
        jobWorkflowRef: clean(report.jobWorkflowRef),
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
        const basis = proof(result) === '\u2013' ? '' : `, ${proof(result)}`;
        const code = result.errorCode === null ? '' : `, ${result.errorCode}`;
        return `${result.image}${name}${where}: ${outcomeText(result, report)} (${transition(result, report)}${basis}${code})`;
    });
    const more = sorted.length - lines.length;
    return [...lines, ...(more > 0 ? [`\u2026 and ${more} more, see the output results`] : [])];
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
        ...causes.slice(0, CAUSES).map((text) => `  ${firstSentence(text)}`),
        ...(more > 0 ? [`  \u2026 and ${more} more causes, see the annotation and the summary`] : []),
    ];
}
/** The cause; of a mistake in the inputs, which is a name and a value, also what is wrong with it. */
function firstSentence(text) {
    const [cause = '', cure = ''] = text.split('\n');
    return cause.endsWith('.') || cure === '' ? cause : `${cause} \u2013 ${cure}`;
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
/** list renders at most `max` items, and the number of further ones. */
function list(items, max) {
    const shown = items.slice(0, max).map((item) => `<li>${item}</li>`);
    const more = items.length > max ? `<li>\u2026 and ${items.length - max} more</li>` : '';
    return `<ul>\n${shown.join('\n')}${more}\n</ul>`;
}
/** inline joins at most `max` items, and adds the number of further ones. */
function inline(items, max, separator = ', ') {
    const more = items.length > max ? ` \u2026 and ${items.length - max} more` : '';
    return items.slice(0, max).join(separator) + more;
}
/** details renders a block that opens on a click. */
function details(title, content) {
    return `<details><summary>${title}</summary>\n${content}\n</details>`;
}
/**
 * table renders rows until the budget is used up, then a line with the number of omitted rows and where to find them.
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
    const more = missing > 0 ? `\n<p>\u2026 and ${missing} more, see ${elsewhere}.</p>` : '';
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
/** images renders the sections of the summary about single images, failures first. */
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
/** What needs attention: first images with a reason of their own, then those that were only held back. Otherwise in input order. */
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
                return result === undefined ? '\u2013' : `${icon(result)} ${matrixWord(result)}`;
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
    return table(['', 'Image, ID, owner', ...(several ? ['Project'] : []), 'Before&nbsp;\u2192&nbsp;after,&nbsp;proof', 'What happened'], results.map((result) => () => [
        icon(result),
        // The unbreakable line of the owner keeps the column wide enough for an ID.
        `${images_naming(result)}${result.owner === null ? '' : `<br>owner&nbsp;${code(result.owner, images_NAME)}`}`,
        ...(several ? [code(names.get(result.project) ?? result.project ?? '\u2013', images_NAME)] : []),
        `${transition(result, report)}${proof(result) === '\u2013' ? '' : `<br><em>${proof(result)}</em>`}`,
        explanation(result, report),
    ]), budget);
}
/** Name and ID; only the ID if the name is not known. */
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
            return '\u2705';
        case 'unchanged':
            return '\u2611\ufe0f';
        case 'failed':
            return '\u274c';
        case 'blocked':
            return hasReason(result) ? '\u26d4' : '\u23f8\ufe0f';
        case 'submitted':
            return '\u23f3';
        case 'planned':
            return '\ud83d\udcdd';
        case 'unknown':
            return '\u2753';
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
/** leftOut renders the images that `match-name` leaves out: open if strangers offer images or nothing else is left, else folded. */
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
        image.owner === null ? '\u2013' : code(image.owner, images_NAME),
        code(names.get(image.project) ?? image.project, images_NAME),
        reasons[image.reason],
    ]);
    const hasOffers = report.leftOut.some(({ reason }) => reason === 'owner-not-trusted');
    const title = `${rows.length} matching ${rows.length === 1 ? 'image was' : 'images were'} left out`;
    const head = ['Image', 'Owner', 'Project', 'Left out because'];
    const all = table(head, rows, budget, 'the receipt');
    return hasOffers || report.results.length === 0 ? [`<h3>${title}</h3>`, all] : [details(title, all)];
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
    const icon = isUnproven(report) ? '\u26a0\ufe0f' : ICONS[report.outcome];
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
    success: '\u2705',
    partial: '\u274c',
    failure: '\u274c',
    blocked: '\u26d4',
    timeout: '\u23f1\ufe0f',
    cancelled: '\ud83d\udeab',
    submitted: '\ud83d\udce8',
    planned: '\ud83d\udcdd',
};
function bytes(sections) {
    return sections.reduce((sum, section) => sum + Buffer.byteLength(section) + 2, 0);
}
/** What the verdict means for the reader, one paragraph, and the warning about rejected images. */
function meaning(report) {
    const sentences = [...outcomeSentences(report), ...proofSentences(report)];
    const hidden = '<strong>Rejected means hidden, not revoked:</strong> a rejected image no longer appears in the project\u2019s lists, ' +
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
                : [summary_NOTHING, 'Run with <code>mode: apply</code> to make these changes.'];
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
/** How many were changed now and how many had the status before; nothing if the headline has it already. */
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
function summary_unproven({ results, jobIds }) {
    const count = results.filter((result) => hasStatus(result) && !result.verified).length;
    if (count === 0)
        return [];
    return [
        `<p><strong>${count} of ${results.length} not verified:</strong> the status was not read back from the service, only ${jobIds.length === 0 ? 'the answer to the change' : 'the job status'} was available.</p>`,
    ];
}
/** What to quote to the service's support, and the source of the report. */
function facts(report, context) {
    const rows = [];
    if (report.projects.length > 0) {
        const regions = [...new Set(report.projects.map((project) => project.region).filter((region) => region !== null))];
        rows.push([
            report.projects.length === 1 ? 'Project' : 'Projects',
            inline(report.projects.map(projectFact).filter((fact) => fact !== ''), MOST_LISTED, '<br>') || '\u2013',
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
 * publish writes the report in every form that was asked for, and returns whether the step may pass: every gate reads the outputs, so a
 * step whose outputs cannot be written fails. Every other form that cannot be written becomes a warning and does not stop the next.
 * Never throws, and is synchronous, because a cancelled run must end within three seconds.
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
            // At most one error per run, and a failed run has one already.
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
            log.line('GITHUB_OUTPUT is not set: the outputs are not written');
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
    if (reporting.summary) {
        attempt('The job summary', () => {
            if (!files.appendSummary(renderSummary(clean, context)))
                log.line('GITHUB_STEP_SUMMARY is not set: the job summary is not written');
        });
    }
    const { resultsFile } = reporting;
    if (resultsFile !== null) {
        attempt('The results file', () => {
            writeReceipt(resultsFile, toReceipt(clean, context));
            log.line(`Receipt: ${resultsFile}`);
        });
    }
    return handedOver;
}
/** publishVerdict ends the log with the verdict, unfolded. Never throws. */
function publishVerdict(report, { log, redact }) {
    for (const line of verdictLines(redactReport(report, redact)))
        log.line(line);
}
const UNWRITTEN = 'The step fails, because later steps and gates read the outputs. Check the disk of the runner and the file that GITHUB_OUTPUT names, and run the job again: images that have the status already are left alone.';
function tooLarge(emptied) {
    const lists = emptied.map((name) => `\`${name}\``).join(', ');
    return [
        `The outputs exceed the 1 MiB that GitHub takes from a job, so ${lists} ${emptied.length === 1 ? 'is an empty array' : 'are empty arrays'}. The outcome is not affected.`,
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
        notice: (text) => sink.command('notice', {}, clean(forLog(redact(text)))),
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



/** pendingStatus is published at the start, so that an older verdict is never taken for this run's. */
function pendingStatus() {
    return { state: 'pending', description: 'Running: no verdict yet' };
}
/** statusFor is the final status of a run: green only for success. The text of an unproven success begins with "Not verified". */
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
/** In UTF-16 units. The API allows names of 128 characters; a glob over megabytes would hold the run up. */
const decode_LONGEST_NAME = 1024;
/**
 * nameOf gives a name that another tenant chose, cut visibly if it is longer than any real one. It is redacted before that, because part
 * of a secret no longer matches.
 */
function decode_nameOf(value, redact) {
    const name = textOf(value);
    if (name === null || name.length <= decode_LONGEST_NAME)
        return name;
    return `${redact(name).slice(0, decode_LONGEST_NAME).toWellFormed()}\u2026 (cut, ${name.length} characters)`;
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
 * RenewalError means that a call was refused because the identity had expired, and that logging in again failed; `cause` has the
 * reason. It is no CloudError, so that the refusal of the login is not taken for an answer to the call. The call had no effect.
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
const ID_LIMIT = 128;
/** Pages of proxies can be long; the message is at the top. */
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
    const code = candidates.map(serviceCode).find((candidate) => candidate !== null) ?? null;
    return {
        code,
        message: messageOf(message, redact),
        requestId: (textOf(top['request_id']) ?? textOf(inner['request_id']))?.slice(0, ID_LIMIT) ?? null,
        origin: jsonOrigin(top, code),
    };
}
/** Kinds of errors in the style of OpenStack, each the only key of its body. */
const OPENSTACK = /^(badRequest|unauthorized|forbidden|itemNotFound|badMethod|conflictingRequest|overLimit)$/;
/** Glance writes `{message, code: "404 Not Found", title}`; Keystone's `{error: {code: 404, title}}` is not the image service's. */
function jsonOrigin(top, code) {
    if (code !== null)
        return codeOrigin(code);
    const [first] = Object.keys(top);
    if (first === undefined)
        return 'nobody';
    if (OPENSTACK.test(first))
        return 'image-service';
    return /^[45]\d\d\b/.test(String(top['code'])) && textOf(top['message']) !== null ? 'image-service' : 'other';
}
function codeOrigin(code) {
    return /^IM[GS]\./i.test(code) ? 'image-service' : 'other';
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
    const code = serviceCode(element('code') ?? element('error_code'));
    return { code, message: tidy(plain), requestId: null, origin: code === null ? markupOrigin(text) : codeOrigin(code) };
}
/**
 * Glance without JSON sends a page of a fixed form, with the reason between the heading and line breaks; the native calls of IMS are
 * documented to send XML. Both count only if they name an image or a member, because every server has a page for what is not found.
 */
function markupOrigin(text) {
    if (text.trim() === '')
        return 'nobody';
    const page = /<h1>\d{3} [^<]{1,40}<\/h1>\s*([^<]{1,500})<br ?\/>/i.exec(text)?.[1];
    const isXml = /^\s*<\?xml\b|^\s*<itemNotFound\b/.test(text) && !/<html\b/i.test(text);
    return /\b(image|member)\b/i.test(page ?? (isXml ? text : '')) ? 'image-service' : 'other';
}
/** messageOf makes one short line of a service's message. It redacts first, because a cut secret no longer matches. */
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
    return flat.length > MESSAGE_LIMIT ? `${flat.slice(0, MESSAGE_LIMIT)}\u2026` : flat;
}

;// CONCATENATED MODULE: ./build/cloud/availability.js
/**
 * Whether a refused call is open to this identity and offered by this host at all. Anything else that goes wrong is a failure.
 */

/** availabilityOf reads an error as a statement about the call; null if it is none, such as a time-out or a wrong token. */
function availabilityOf(error) {
    const failure = failureOf(error);
    if (failure === null)
        return null;
    // Glance answers 300 with a list of versions to paths that it does not know.
    if (failure.type === 'redirected')
        return failure.status === 300 ? 'missing' : null;
    if (failure.type !== 'refused')
        return null;
    if (NO_CALL.test(failure.code ?? ''))
        return 'missing';
    switch (failure.status) {
        case 403:
            return 'closed';
        case 405:
        case 410:
        case 501:
            return 'missing';
        case 404:
            return notFound(failure);
        default:
            return null;
    }
}
/** The gateway's code for a call that it does not offer. */
const NO_CALL = /^APIGW?\.0101$/i;
/**
 * isMissingLogin returns whether a host does not offer a call of IAM at all, so that nothing is known about the credentials. Any other
 * 404 may be about a name in the login.
 */
function isMissingLogin({ type, status, code }) {
    if (type !== 'refused')
        return false;
    if (NO_CALL.test(code ?? ''))
        return true;
    return (status === 405 || status === 410 || status === 501) && !/^IAM\./i.test(code ?? '');
}
/** unavailability distinguishes a call that is `closed` from one that is `missing`; null for every other error. */
function unavailability(error) {
    const why = availabilityOf(error);
    return why === null || why === 'absent' ? null : why === 'closed' ? 'closed' : 'missing';
}
/** A 404 of the service itself is about what the call asks for; one of a gateway or a proxy is about the call. */
function notFound({ service, code, origin }) {
    if (service !== 'IMS' && service !== 'Glance')
        return service === 'IAM' && /^IAM\./i.test(code ?? '') ? 'absent' : 'missing';
    return origin === 'image-service' ? 'absent' : origin === 'nobody' ? 'unsure' : 'missing';
}

;// CONCATENATED MODULE: ./build/run/failure-title.js
/**
 * A failed call in a few words, for headings, annotations and the commit status. Pure.
 */


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
function refusedCall(failure) {
    const { service, status, call, host } = failure;
    if (service === 'IAM' || service === 'Keystone') {
        if (isMissingLogin(failure))
            return `${host} does not offer this login`;
        return mayRetry(failure, 'safe') ? 'login failed' : 'login refused';
    }
    if (service === 'GitHub')
        return 'no ID token from GitHub';
    if (status === 401)
        return 'credentials refused';
    if (service === 'Glance' && status === 404)
        return 'image not found';
    return status === 403 ? 'access denied' : `${call.split(' ', 1)[0]} refused`;
}
function statusOf({ status, code }) {
    return [`HTTP ${status}`, ...(code === null ? [] : [code])].join(', ');
}

;// CONCATENATED MODULE: ./build/run/explain.js
/**
 * Turns any error into a readable cause and cure.
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
/** explainFor explains an error of one project, and names the project if there are several. */
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
        return { ...word, cure: "Run again; if the error stays, give the cloud's support the job ID." };
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
                cure: failure.service === 'Keystone'
                    ? 'The token is too long, because it lists every role of the user: use an identity with fewer roles.'
                    : failure.service === 'IAM'
                        ? 'The token is too long, because it lists every role of the user: use an identity with fewer roles, or `access-key` and `secret-key`, which need no token.'
                        : "Check `ims-endpoint` and `region`, then proxies between runner and cloud. If they are right, send the request to the cloud's support.",
                code,
                requestId,
            };
        case 'lost':
            return {
                cause: `${call} at ${host}: no usable answer came back: ${detail}${status === null ? '' : ` (HTTP ${status})`}.`,
                cure: lines(failure.hint, status === null || failure.service === 'GitHub' ? NO_ANSWER : OTHER_ANSWER),
                code,
                requestId,
            };
    }
}
const NO_ANSWER = 'Run again later; if it stays, check proxies between runner and cloud, and raise `request-timeout` if the service is slow.';
const OTHER_ANSWER = 'Another program may have answered: check `region`, `auth-url` and `ims-endpoint`, then proxies between runner and cloud. If they are right, run again later.';
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





/** Unusable is the reason why a successful answer cannot be used, as a phrase after "the answer". */
class Unusable extends Error {
}
const SLOW = 'Raise `timeout`, or lower `request-timeout` so that it is tried again in time.';
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
            // Traced last: reading may reveal a secret that the trace has to hide.
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
    /** For the report of a run that ended early: what it was waiting for. */
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
            origin: null,
            retryAfter: null,
            clockSkew: null,
            hint: '',
            ...facts,
            service: call.service,
            call: client_nameOf(call),
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
            origin: body.origin,
            requestId: requestIdOf(reply) ?? body.requestId,
            retryAfter: readRetryAfter(reply.headers['retry-after'], now),
            clockSkew: !signed || Number.isNaN(date) ? null : date - now,
        });
    }
    #trace(call, begun, result, requestId) {
        const { debug, clock, redact } = this.#options;
        const id = requestId === null ? '' : ` ${requestId}`;
        debug(redact(`${client_nameOf(call)} ${result} ${clock.now() - begun} ms${id}`));
    }
}
/** jsonIn reads the body of an answer as JSON. Throws `Unusable` if it is not JSON, such as the page of a proxy. */
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
function client_nameOf(call) {
    return `${call.method} ${call.path.split('?')[0]}`;
}
function hostOf(location) {
    return location === '' ? 'nowhere' : (urlOf(location)?.host ?? '') || 'a relative address';
}

;// CONCATENATED MODULE: ./build/cloud/endpoints.js
/**
 * Where the services are: from the inputs and the table of regions, or from the catalog that comes with a token.
 */




/**
 * pickRegion gives the region: the one given, else the one the project's name begins with, else the one that `authUrl` names. On plain
 * OpenStack, regions and projects have any names, so only a region that was given counts.
 */
function pickRegion({ api, region, projectName, authUrl }) {
    if (api === 'openstack')
        return region;
    return region ?? regionOf(projectName ?? '') ?? regionOfAuthUrl(authUrl ?? '');
}
/**
 * resolveEndpoints finds the services of one project: what was given explicitly first, then the region's hosts. If `authUrl` leads to another cloud than
 * the region's, the region's IMS host is not used, so that credentials stay on the domain they are for.
 * Throws a ProblemError if IAM cannot be found.
 */
function resolveEndpoints(given) {
    const { api, imsEndpoint, authUrl } = given;
    const id = pickRegion(given);
    const entry = id === null || api === 'openstack' ? undefined : REGIONS[id];
    const iam = authUrl === null ? entry?.iam : baseOf(authUrl).replace(/\/v3$/, '');
    if (iam === undefined)
        throw unknownIam(id);
    return { api, iam, ims: imsEndpoint === null ? regionalIms(entry, iam) : { url: baseOf(imsEndpoint), final: true } };
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
        title: 'unknown region',
        cause: region === null ? 'The region is not known.' : `The hosts of region ${region} are not known.`,
        cure: 'Give `region`, or the base URLs of the services as `auth-url` and `ims-endpoint`.',
    });
}
/**
 * imageServiceUrl gives the image service's base URL: the given or documented host; if that is known by a pattern only, or not at all,
 * what the token's catalog names on IAM's own domain. Throws a ProblemError if neither is there.
 * @param hint a sentence about variables that may explain this, or an empty text
 */
async function imageServiceUrl(endpoints, region, catalog, hint) {
    const { ims } = endpoints;
    if (ims?.final === true)
        return ims.url;
    const services = await catalog();
    const url = imsFromCatalog(services, region, endpoints) ?? ims?.url;
    if (url !== undefined)
        return url;
    const { cause, cure } = endpoints_notFound(services, region, endpoints);
    throw new ProblemError({ cause, cure: `${cure}${hint}`, title: 'no image service found' });
}
function endpoints_notFound(catalog, region, endpoints) {
    const iam = new URL(endpoints.iam).host;
    const listed = [...new Set(publicEndpoints(catalog, region, endpoints).flatMap(({ regions }) => regions))].toSorted();
    if (catalog === undefined) {
        const apart = region === null ? '' : `, and the known hosts of region ${region} are on another domain`;
        return {
            cause: `These credentials bring no catalog of services that names the image service that belongs to ${iam}${apart}.`,
            cure: `Check \`region\` and \`auth-url\`, or give the base URL of the image service as \`ims-endpoint\`.`,
        };
    }
    const foreign = region === null && listed.length > 0 ? [] : foreignHosts(catalog, region, endpoints);
    if (listed.length === 0 || foreign.length > 0) {
        const cure = region === null
            ? 'Give `region`, or the base URL of the image service as `ims-endpoint`.'
            : 'Check `region` and `auth-url`; if they are right, give the base URL of the image service as `ims-endpoint`.';
        const cause = `The token's catalog names no image service on the domain of ${iam}${region === null ? '' : ` for region ${region}`}`;
        return foreign.length === 0
            ? { cause: `${cause}.`, cure }
            : {
                cause: `${cause}. It names ${foreign.join(', ')} on another domain, which is not used: credentials stay on IAM's domain.`,
                cure,
            };
    }
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
 * with their endpoints, and a flat list of endpoints (OTC IAM API reference, Obtaining a User Token; \u2026 with an OpenID Connect ID Token).
 *
 * The endpoint has to be public, of the wanted region or of every region (`*`); if no region is wanted or an endpoint names none,
 * it has to be the only one. It counts only on IAM's own domain, because credentials are sent there: no catalog can send them to
 * another party. A path counts only on plain OpenStack, where it leads to the service.
 */
function imsFromCatalog(catalog, region, endpoints) {
    const found = publicEndpoints(catalog, region, endpoints);
    const of = (wanted) => found.find(({ regions }) => regions.includes(wanted))?.base;
    const named = (region === null ? undefined : of(region)) ?? of('*');
    if (named !== undefined)
        return named;
    const rest = new Set(found.filter(({ regions }) => region === null || regions.length === 0).map(({ base }) => base));
    const [only] = rest;
    return only !== undefined && rest.size === 1 ? only : null;
}
const MOST_HOSTS = 3;
/** Hosts of public image endpoints, of the region if one is wanted, that must not get credentials. */
function foreignHosts(catalog, region, { iam }) {
    const hosts = imageEndpoints(catalog)
        .filter((endpoint) => (endpoint['interface'] ?? 'public') === 'public')
        .filter((endpoint) => {
        const regions = regionsOf(endpoint);
        return region === null || regions.length === 0 || regions.includes(region) || regions.includes('*');
    })
        .map((endpoint) => textOf(endpoint['url']) ?? '')
        .filter((url) => trustedBase(url, iam, region) === null)
        .map((url) => urlOf(url)?.host ?? '')
        .filter((host) => host !== '');
    return [...new Set(hosts)].slice(0, MOST_HOSTS);
}
/** The public image endpoints on IAM's own domain. */
function publicEndpoints(catalog, region, { api, iam }) {
    return imageEndpoints(catalog).flatMap((endpoint) => {
        const url = textOf(endpoint['url']) ?? '';
        const origin = trustedBase(url, iam, region);
        const base = origin === null || api === 'ims' ? origin : origin + glancePath(url);
        if (base === null || (endpoint['interface'] ?? 'public') !== 'public')
            return [];
        return [{ base, regions: regionsOf(endpoint) }];
    });
}
/** The path to Glance, without the version that every call begins with; openrc files and catalogs have it with and without. */
function glancePath(url) {
    return new URL(url).pathname.replace(/\/+$/, '').replace(/\/v2(\.\d+)?$/, '');
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
/** Scheme, host and port in plain ASCII, without user info or a final dot; then a path. */
const PLAIN_URL = /^https?:\/\/((?:[a-z0-9-]+\.)*[a-z0-9-]+|\[[0-9a-f:]+\])(?::\d{1,5})?(?:\/[!-[\]-~]*)?$/i;
/** Labels that, right below a country's domain, belong to a registry: `co.uk`, `com.br`, `gouv.fr`. */
const REGISTRY = /^(?:.{1,3}|asso|firm|gouv|govt|info|name)$/;
/** The base of a URL that may get IAM's credentials, or null. Unusual spellings are not trusted. */
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
 * The domain that a cloud has for itself: IAM's host without its first label, and without the region's. Null if nothing may be cut
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
/** refusalHint makes hints of the credentials' method, their sources, and what looked odd when they were read. */
function refusalHint({ credentials, login, hints, }) {
    const from = login.sources.length === 0 ? [] : [`The credentials came from ${login.sources.join(', ')}.`];
    return ({ status, code, service }) => {
        if (CERTAIN.test(code ?? ''))
            return from.join('\n');
        const known = refusal_causesOf(credentials, status, service);
        return [...from, ...known, ...hints.login].join('\n');
    };
}
function refusal_causesOf(credentials, status, service) {
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
                    `A \`project\` that does not exist, or in which the user has no role, is refused in the same way. If the user must log in with MFA, use a user without MFA, or ${service === 'Keystone' ? 'an application credential (`application-credential-id`)' : 'OIDC (`identity-provider`)'}: a pipeline has no second factor.`,
                ]
                : [];
        case 'application-credential':
            return status === 401 || status === 404
                ? [
                    'The application credential may have expired or been deleted, or its user may have lost the role in the project.',
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
/** isRefusal distinguishes a login that was refused because of its content from one that failed because of the service. */
function isRefusal(failure) {
    const { type, status, code } = failure;
    if (type !== 'refused' || status === null || isMissingLogin(failure))
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


/** projectScope asks for a project by ID, or by name within its domain. */
function projectScope(given, domain) {
    if (isProjectId(given))
        return { project: { id: given } };
    return { project: { name: given, ...(domain === null ? {} : { domain }) } };
}
/** isProject returns whether a project is the one that was given by ID or by name. */
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
 * @param source the input or variable that the project was given in
 */
function requireProject(project, given, hint, source = 'project') {
    if (project === null) {
        throw new ProblemError({
            title: 'credentials without a project',
            cause: given === null
                ? 'The token is not scoped to a project.'
                : `The credentials are not scoped to a project, but project ${given} is asked for.`,
            cure: `Use credentials of the member project: a token must be requested with a project scope.${hint}`,
        });
    }
    if (given === null || isProject(project, given))
        return project;
    throw new ProblemError({
        title: 'credentials of another project',
        cause: `The credentials are for project ${scope_nameOf(project)}, but \`${source}\` is ${given}.`,
        cure: (source === 'project'
            ? 'Give the project that the credentials are scoped to as `project`, or use credentials of that project.'
            : `Unset \`${source}\` or set it to the project that the credentials are scoped to, or use credentials of that project.`) +
            ` Nothing was changed.${hint}`,
    });
}
/** findProject picks a project by ID or name from those that the caller can use; a name that fits several is refused. */
function findProject(projects, given, hint, source = 'project') {
    const found = projects.filter((project) => isProject(project, given));
    // An ID goes before a name that looks like it.
    const [first, second] = found.toSorted((a, b) => Number(b.id === given) - Number(a.id === given));
    if (first === undefined) {
        throw new ProblemError({
            title: 'project not found',
            cause: `The credentials cannot use a project ${given}.`,
            cure: `Check \`${source}\` and \`region\`, and that the user has a role in this project. Nothing was changed.${hint}`,
        });
    }
    if (second === undefined || first.id === given)
        return first;
    throw new ProblemError({
        title: 'the project name is ambiguous',
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



/** getJson reads a JSON answer, which `read` checks and takes apart. Throws a CloudError if the service refuses. */
function getJson(channel, path, read) {
    return channel.send({ method: 'GET', path, safety: 'safe', read: (reply, redact) => read(jsonIn(reply), redact) });
}
/** openChannel binds an image service's base URL and an identity. A 401 is answered with one renewal and one further try, never more. */
function openChannel(client, base, identity, service) {
    const bind = (call) => ({
        ...call,
        service,
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
        // Anything else ends the run, and is no failed login.
        throw failureOf(error) !== null || error instanceof ProblemError ? new RenewalError(error) : error;
    }
}
function channel_hinted(error, { hint }) {
    const failure = failureOf(error);
    return failure?.status === 401 ? new CloudError({ ...failure, hint: hint(failure) }) : error;
}

;// CONCATENATED MODULE: ./build/cloud/image-answers.js


/** Longest owner that is taken for a project's ID. */
const LONGEST_OWNER = 128;
/** Longest word for an image's own status. */
const LONGEST_STATUS = 40;
/** readMember reads a member's status. What is said of another image or another member must never prove anything of this one. */
function readMember(body, image, member) {
    const top = fieldsOf(body);
    const fields = top['status'] === undefined ? fieldsOf(top['member']) : top;
    const { status, image_id: aboutImage, member_id: aboutMember } = fields;
    const known = memberStatusOf(status);
    if (known === null)
        throw new Unusable('holds no member status');
    if (isOther(aboutImage, image))
        throw new Unusable('is about another image');
    if (isOther(aboutMember, member))
        throw new Unusable('is about another member');
    return known;
}
function isOther(value, wanted) {
    return value !== undefined && value !== null && String(value).toLowerCase() !== wanted.toLowerCase();
}
function memberStatusOf(value) {
    const word = textOf(value)?.toLowerCase();
    return word === 'pending' || word === 'accepted' || word === 'rejected' ? word : null;
}
/** readImage reads an image record; null if it is none. */
function readImage(value, redact) {
    const fields = fieldsOf(value);
    const id = textOf(fields['id'])?.toLowerCase();
    // It goes into paths and reports; what is no image ID is no image of ours.
    if (id === undefined || !image_answers_UUID.test(id))
        return null;
    const key = fields['__system__cmkid'];
    const owner = textOf(fields['owner']);
    return {
        id,
        name: decode_nameOf(fields['name'], redact),
        owner: owner !== null && owner.length <= LONGEST_OWNER ? owner : null,
        kind: {
            fullEcs: flagOf(fields['__whole_image']),
            encrypted: key === undefined ? null : textOf(key) !== null,
        },
        fromBackup: textOf(fields['__backup_id']) !== null,
        visibility: textOf(fields['visibility']),
        status: textOf(fields['status'])?.trim().toLowerCase().slice(0, LONGEST_STATUS) ?? null,
    };
}
const image_answers_UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** readOneImage reads the image that was asked for. */
function readOneImage(body, image, redact) {
    const record = readImage(body, redact);
    if (record?.id !== image)
        throw new Unusable('is about another image');
    return record;
}
/** readImages reads the images of a list, without entries that are none. Throws `Unusable` if it holds nothing else. */
function readImages(body, redact) {
    const images = fieldsOf(body)['images'];
    if (!Array.isArray(images))
        throw new Unusable('holds no list of images');
    const records = images.map((image) => readImage(image, redact)).filter((image) => image !== null);
    // Taken for an empty page, it would show that the list holds none of the images.
    if (records.length === 0 && images.length > 0)
        throw new Unusable('holds nothing that is an image');
    return records;
}

;// CONCATENATED MODULE: ./build/cloud/image-service.js
/** How many images a page of a list may hold. */
const PAGE_SIZE = 1000;

;// CONCATENATED MODULE: ./build/cloud/glance.js






class Glance {
    api = 'openstack';
    batchSize = 1;
    #channel;
    constructor(channel) {
        this.#channel = channel;
    }
    /** updateMembers sets one member's status. The answer is the member as it is now; any other answer counts as lost. */
    updateMembers({ images, project, status }, onDoubt) {
        const [image = ''] = images;
        return this.#channel.send({
            method: 'PUT',
            path: memberPath(image, project),
            body: JSON.stringify({ status }),
            safety: 'change',
            onDoubt,
            read: (reply) => {
                const now = readMember(jsonIn(reply), image, project);
                if (now !== status)
                    throw new Unusable(`holds the member status ${now}`);
                return { jobId: null, requestId: requestIdOf(reply) };
            },
        });
    }
    getJob() {
        throw new Error('Glance has no jobs');
    }
    getMember(image, member) {
        return getJson(this.#channel, memberPath(image, member), (body) => readMember(body, image, member));
    }
    getImage(image) {
        return getJson(this.#channel, `/v2/images/${image}`, (body, redact) => withoutKind(readOneImage(body, image, redact)));
    }
    /** listShared gives one page. A page has a link to the next one unless it is the last. */
    listShared({ memberStatus, id, marker, limit }) {
        const query = [
            'visibility=shared',
            `member_status=${memberStatus}`,
            `limit=${limit ?? PAGE_SIZE}`,
            ...(id === undefined ? [] : [`id=${id}`]),
            ...(marker === undefined ? [] : [`marker=${encodeURIComponent(marker)}`]),
        ].join('&');
        return getJson(this.#channel, `/v2/images?${query}`, (body, redact) => ({
            images: readImages(body, redact).map(withoutKind),
            next: markerIn(textOf(fieldsOf(body)['next'])),
        }));
    }
}
function memberPath(image, member) {
    return `/v2/images/${image}/members/${encodeURIComponent(member)}`;
}
/** Only the marker of the link counts: the link leaves out whatever precedes `/v2` in the service's address. */
function markerIn(link) {
    return urlOf(`http://glance${link ?? ''}`)?.searchParams.get('marker') ?? null;
}
/** The attributes that mark full-ECS and encrypted images elsewhere are ordinary properties here, which any owner may set. */
function withoutKind(record) {
    return { ...record, kind: { fullEcs: false, encrypted: null }, fromBackup: false };
}

;// CONCATENATED MODULE: ./build/cloud/iam.js



const JSON_UTF8 = { 'Content-Type': 'application/json;charset=utf8' };
const NOBODY = () => ({});
class Iam {
    #client;
    #base;
    #query;
    #service;
    /** @param wantCatalog ask for the service catalog, which is some KB long and only needed to find the image service */
    constructor(client, base, wantCatalog, service = 'IAM') {
        this.#client = client;
        this.#base = base;
        this.#service = service;
        this.#query = wantCatalog ? '' : '?nocatalog=true';
    }
    /** byPassword obtains a token of an IAM user. A refusal must never be repeated: five refusals lock the user. */
    byPassword(user, scope) {
        const { username, password, domain } = user;
        const identity = {
            methods: ['password'],
            password: { user: { name: username, password: password.reveal(), domain } },
        };
        return this.#issueScoped(identity, scope);
    }
    /** byApplicationCredential obtains a token of the project that the credential carries, so there is no scope to ask for (Keystone API). */
    byApplicationCredential({ id, secret }) {
        const identity = {
            methods: ['application_credential'],
            application_credential: { id, secret: secret.reveal() },
        };
        return this.#issueScoped(identity, null);
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
            service: this.#service,
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
            service: this.#service,
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
        return this.#client.send({
            method: 'POST',
            service: this.#service,
            base: this.#base,
            path,
            safety: 'login',
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
    // It goes into paths and into the body of the change.
    if (!/^[\w-]{1,64}$/.test(id))
        throw new Unusable('holds a project ID that cannot be one');
    return {
        id,
        name: textOf(fields['name']),
        domainId: textOf(fields['domain_id']) ?? textOf(fieldsOf(fields['domain'])['id']),
    };
}

;// CONCATENATED MODULE: ./build/cloud/job.js


/**
 * readJob reads the answers of both job paths; a body without a known status means "still running".
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
        // If entries for one image contradict each other, the worse one counts, because the members are read anyway.
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






/** Our own limit; the service documents none. */
const BATCH_SIZE = 50;
/** Longest job ID that is taken for one. They are opaque, and 32 digits long wherever they were seen. */
const LONGEST_JOB_ID = 200;
class Ims {
    api = 'ims';
    batchSize = BATCH_SIZE;
    #channel;
    constructor(channel) {
        this.#channel = channel;
    }
    /**
     * updateMembers submits the change and gives the job's ID (OTC IMS API reference, Updating Image Members).
     * An answer without a job ID counts as lost, because the change may have begun.
     */
    updateMembers({ images, project, status, vault }, onDoubt) {
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
                if (jobId === null || jobId.length > LONGEST_JOB_ID)
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
    /**
     * getMember gives the member's status in an image. The native call comes from Glance; editions without it have the newer one, whose
     * answer may hold the member itself or wrap it (Huawei Cloud IMS API reference, Querying Image Sharing Members).
     */
    getMember(image, member, call) {
        const project = encodeURIComponent(member);
        const path = call === 'native'
            ? `/v2/images/${image}/members/${project}`
            : `/v1/${project}/cloudimages/${image}/members/${project}`;
        return getJson(this.#channel, path, (body) => readMember(body, image, member));
    }
    /** getImage gives what the member may see of an image. */
    getImage(image) {
        return getJson(this.#channel, `/v2/images/${image}`, (body, redact) => readOneImage(body, image, redact));
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
            ...(filter.allEnterpriseProjects === true ? ['enterprise_project_id=all_granted_eps'] : []),
            ...(filter.id === undefined ? [`limit=${filter.limit ?? PAGE_SIZE}`] : [`id=${filter.id}`]),
            ...(filter.marker === undefined ? [] : [`marker=${filter.marker}`]),
        ].join('&');
        return getJson(this.#channel, `/v2/cloudimages?${query}`, (body, redact) => {
            const images = readImages(body, redact);
            // There is no link to the next page: it begins after the last image of this one.
            return { images, next: images.at(-1)?.id ?? null };
        });
    }
}
/** imageIdsIn finds the image IDs that a text names, such as the message of a refused batch. */
function imageIdsIn(text) {
    const ids = text.toLowerCase().match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g);
    return new Set(ids ?? []);
}

;// CONCATENATED MODULE: ./build/cloud/sign.js
/**
 * Request signatures of the form `SDK-HMAC-SHA256 Access=\u2026` (Huawei Cloud, API Request Signing Guide; OTC, API Gateway user
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
    const names = sign_namesOf(headers).join(';');
    return {
        ...headers,
        Authorization: `${ALGORITHM} Access=${request.accessKey}, SignedHeaders=${names}, Signature=${signature}`,
    };
}
/** canonicalRequest gives the request in the one form that both sides hash; `headers` are exactly those to be signed. */
function canonicalRequest({ method, url, headers, body }) {
    const { pathname, search } = new URL(url);
    const names = sign_namesOf(headers);
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
function sign_namesOf(headers) {
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
    const { api, iam, ims } = endpoints;
    return new Iam(client, iam, ims?.final !== true, api === 'ims' ? 'IAM' : 'Keystone');
}
/** openSession connects an identity to the image service. */
async function openSession(target, { client, regionHint }, identity, project, catalog) {
    // Whoever awaits the project learns of its failure; until then it must not count as unhandled.
    project.catch(() => { });
    const { endpoints, region } = target;
    const serviceUrl = await imageServiceUrl(endpoints, region, catalog, regionHint);
    const service = endpoints.api === 'ims'
        ? new Ims(openChannel(client, serviceUrl, identity, 'IMS'))
        : new Glance(openChannel(client, serviceUrl, identity, 'Glance'));
    return { service, serviceUrl, project };
}
/** openWithToken obtains a token by `login` and opens a session that renews it once, in the same way. */
async function openWithToken(target, tools, login) {
    const iam = iamAt(target, tools);
    const issue = (fresh) => hinted(login(iam, fresh), tools.refusalHint);
    // The answer to an OIDC login may lack project and catalog (OTC IAM API reference, the example): ask IAM about the token.
    const scopeOf = async (issued) => {
        const { project, catalog } = issued.project === null ? await iam.inspect(issued.token) : issued;
        return { project: requireProject(project, target.given, tools.projectHint, target.source), catalog };
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
 * RenewalLock lets one renewal through at a time, and none after one that was answered without a token: a run with many projects would
 * otherwise send enough refused logins to lock the account.
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
            if (error instanceof ProblemError || (failureOf(error)?.status ?? null) !== null)
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
                // The first login serves every project; a renewal logs in anew, in case the caller's own token has expired too.
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
            const project = projects === null ? unlisted(wanted, projectHint) : findProject(projects, wanted, projectHint, target.source);
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
 * project by name with `GET /v3/projects` does not work either: that call needs the domain's ID in the signature, which only a
 * project contains.
 */
function unlisted(given, hint) {
    if (isProjectId(given))
        return { id: given, name: null, domainId: null };
    throw new ProblemError({
        title: 'project not found',
        cause: `The ID of project ${given} cannot be found: IAM does not list the projects of these keys.`,
        cure: `Give the ID of the project as \`project\`. Nothing was changed.${hint}`,
    });
}

;// CONCATENATED MODULE: ./build/cloud/login/oidc.js









function loginByOidc({ identityProvider }, tools) {
    const exchange = async (iam, wanted) => {
        // An ID token lives for minutes, and some providers take each one only once: every attempt of every exchange has its own.
        let sent = null;
        const fresh = async () => {
            sent = await tools.idToken();
            return sent;
        };
        try {
            return await exchangeToken(iam, identityProvider, fresh, wanted, tools.projectHint);
        }
        catch (error) {
            const failure = failureOf(error);
            if (failure?.service !== 'IAM' || sent === null)
                throw error;
            if (isMissingExchange(failure))
                throw new CloudError({ ...failure, hint: NOT_OFFERED });
            throw isRefusal(failure) ? refused(identityProvider, sent, failure, error) : error;
        }
    };
    return {
        open: (target) => openWithToken(target, tools, (iam) => exchange(iam, target)),
        authorizeAgency: async (target) => bearer((await exchange(iamAt(target, tools), { ...target, given: null })).token),
    };
}
const NOT_OFFERED = 'Neither call for ID tokens is offered there. If `auth-url` and `region` are right, this cloud has no login by OIDC: use another method.';
/** A page that does not mention the provider is of a program that does not know the call, not of IAM, which does not know the provider. */
function isMissingExchange(failure) {
    const { status, code, detail } = failure;
    if (isMissingLogin(failure))
        return true;
    return status === 404 && code === null && !/provider|protocol|mapping|federat|could not find/i.test(detail);
}
/** The call with scope comes first; a cloud that does not offer it gets the older one, whose token is unscoped. */
async function exchangeToken(iam, provider, idToken, { given, source }, projectHint) {
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
    const project = findProject(await iam.ownProjects(bearer(unscoped.token)), given, projectHint, source);
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
            '(3) No conversion rule matches this sub: since July 2026 new and renamed repositories send repo:owner@id/repo@id:\u2026, older ones repo:owner/repo:\u2026, so list both.',
            '(4) The provider is disabled, or `identity-provider` is misspelt.',
            '(5) The mapped group has no role in `project`.',
            "(6) IAM's clock is not between this iat and exp.",
            `Set-up, step by step: ${DOCUMENTATION}`,
        ].join('\n'),
        code: failure.code,
        requestId: failure.requestId,
        title: `login refused (HTTP ${failure.status}${code})`,
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
        case 'application-credential':
            return loginByApplicationCredential(credentials, tools);
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
            const { given, source } = target;
            const project = info.then((known) => requireProject(known.project, given, tools.projectHint, source));
            const identity = new TokenIdentity(token, null, tools.refusalHint);
            return openSession(target, tools, identity, project, async () => (await info).catalog);
        },
        authorizeAgency: async () => bearer(token),
    };
}
function loginByPassword(user, tools) {
    return {
        // Method password always comes with `project`; an empty name would be refused by IAM.
        open: (target) => openWithToken(target, tools, (iam) => iam.byPassword(user, projectScope(target.given ?? '', user.projectDomain))),
        // The role Agent Operator is granted on the domain, so the token is scoped to the domain.
        authorizeAgency: async (target) => {
            const { token } = await hinted(iamAt(target, tools).byPassword(user, { domain: user.domain }), tools.refusalHint);
            return bearer(token);
        },
    };
}
function loginByApplicationCredential(credential, tools) {
    const issue = (iam) => iam.byApplicationCredential(credential);
    return {
        open: (target) => openWithToken(target, tools, issue),
        authorizeAgency: async (target) => bearer((await issue(iamAt(target, tools))).token),
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
 * The end of the run, by deadline or cancellation, as one signal for every request and every wait.
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
        // Requests that ran beside a failed one are still being retried, and nothing waits for them.
        controller.abort(new Error('the run is over'));
    };
    return { signal: controller.signal, end };
}

;// CONCATENATED MODULE: ./build/github/id-token.js
/**
 * The workflow's OIDC ID token, from the runner's token endpoint, over the same HTTP path as calls to the cloud.
 */





/**
 * requestIdToken obtains a fresh ID token (GitHub Docs, OpenID Connect reference: a GET with the request token, `audience` in the
 * query). It is masked before anything else is done with it.
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
/** jobWorkflowRefOf reads the claim `job_workflow_ref` for the receipt. No decision depends on it, so the signature is not checked. */
function jobWorkflowRefOf(token) {
    const payload = Buffer.from(token.reveal().split('.')[1] ?? '', 'base64url').toString('utf8');
    return textOf(fieldsOf(jsonOf(payload))['job_workflow_ref']);
}
function id_token_refused({ call, host, status, detail, code, requestId }, cause) {
    return new ProblemError({
        cause: `GitHub did not issue an ID token (${call} at ${host}: HTTP ${status}${detail === '' ? '' : `, ${detail}`}).`,
        cure: 'Check that the job has the permission `id-token: write`, and that the step runs while the job runs: the right to ask ends with the job. If both hold, GitHub Actions may have an outage.',
        code,
        requestId,
        title: `no ID token from GitHub (HTTP ${status})`,
    }, { cause });
}

;// CONCATENATED MODULE: ./build/members/question.js
/** Up to this many images the member calls decide, and lists only help to find out what the images are. */
const FEW = 3;
/** So many members stand for many that no list shows while they are waited for. */
const SAMPLE = 2;
const CHANGED = {
    accepted: ['pending', 'rejected'],
    rejected: ['pending', 'accepted'],
};
/** questionOf derives the question from what the run is asked to do. */
function questionOf(config, ids) {
    const { status, mode } = config;
    // A check accepts nothing, so it needs no kinds.
    const accepting = status === 'accepted' && mode !== 'check';
    const presumes = new Set(mode === 'apply' ? CHANGED[status] : []);
    return { ids, accepting, presumes, waits: waitsForShares(config), ...listsFor(status, mode, ids.length) };
}
/** waitsForShares tells whether images that are not shared, or not usable, yet are waited for. */
function waitsForShares({ mode, status, selection, shareTimeout }) {
    return mode === 'apply' && status === 'accepted' && selection.by === 'ids' && shareTimeout > 0;
}
function listsFor(status, mode, count) {
    const few = count <= FEW;
    const likely = status === 'accepted' ? ['pending', 'accepted'] : ['pending', 'accepted', 'rejected'];
    if (mode === 'apply') {
        const changed = CHANGED[status];
        return { lists: count === 1 ? ['pending'] : likely, listsProve: new Set(few ? changed : [...changed, status]) };
    }
    if (mode === 'check')
        return { lists: few ? [] : likely, listsProve: new Set(few ? [] : [status]) };
    // Also if the members are asked: kinds are read from the list of pending images.
    return { lists: few && status === 'rejected' ? [] : likely, listsProve: new Set(few ? [] : likely) };
}

;// CONCATENATED MODULE: ./build/pool.js
/**
 * Doing many things side by side, but not all at once.
 */
/**
 * pool runs `work` over the items, at most `limit` at a time, and gives the results in the items' order. After an error no
 * further item is begun, and the first error is thrown once those under way have ended: nothing continues after the call has returned.
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

;// CONCATENATED MODULE: ./build/decide/host-load.js
/**
 * Change: how many changes one host is sent at a time. All projects of a run share the limits of a host.
 */
/** How many changes may be without an answer at once: so many at first, and one more for each that is taken, up to a limit. */
const FIRST_WINDOW = 4;
const LARGEST_WINDOW = 8;
const IDLE = {
    requests: 0,
    jobs: 0,
    window: FIRST_WINDOW,
    most: null,
    notBefore: 0,
    probeAt: 0,
    busyAt: Number.NEGATIVE_INFINITY,
    busy: 0,
    busyAlone: 0,
};
/** sendableAt gives the time from which one more change may be sent; null if an answer or the end of a job has to come first. */
function sendableAt({ requests, jobs, window, most, notBefore, probeAt }) {
    if (requests >= window)
        return null;
    if (most === null || requests + jobs < most)
        return notBefore;
    // One more than the host is known to take is tried alone.
    return requests === 0 ? Math.max(notBefore, probeAt) : null;
}
function withRequest(load) {
    return { ...load, requests: load.requests + 1 };
}
/** withAnswer counts the answer to a change that the host has not begun, for any reason. */
function withAnswer(load) {
    return { ...load, requests: load.requests - 1 };
}
/** withJob counts a change that was taken. If the host takes more than it is known to take, more is tried at once. */
function withJob(load) {
    const jobs = load.jobs + 1;
    const taken = {
        ...withAnswer(load),
        jobs,
        window: Math.min(LARGEST_WINDOW, load.window + 1),
        busyAlone: 0,
    };
    return load.most === null || jobs <= load.most ? taken : { ...taken, most: jobs, probeAt: 0, busy: 0 };
}
/** withDone counts a change that was made at once. It leaves no job behind, so there is room for one more than the host is known to take. */
function withDone(load) {
    const done = { ...withAnswer(load), window: Math.min(LARGEST_WINDOW, load.window + 1), busyAlone: 0 };
    return load.most === null ? done : { ...done, most: load.most + 1, probeAt: 0, busy: 0 };
}
function withoutJob(load) {
    return { ...load, jobs: load.jobs - 1 };
}
/** isAlone returns whether no change or job of this run is in progress on the host. */
function isAlone({ requests, jobs }) {
    return requests === 0 && jobs === 0;
}
/**
 * whenBusy adapts to an answer that reports a busy host. Requests that were on their way together count once.
 * @param load with the answer counted already
 * @param times when the request was sent, and when the answer came
 * @param delay milliseconds to wait before one more is tried
 * @param isOrdered whether the host has named this delay
 */
function whenBusy(load, times, delay, isOrdered) {
    const until = times.now + delay;
    const learnt = {
        ...load,
        most: load.jobs,
        notBefore: isOrdered ? Math.max(load.notBefore, until) : load.notBefore,
        busyAlone: load.busyAlone + (isAlone(load) ? 1 : 0),
    };
    if (times.sent < load.busyAt)
        return learnt;
    return { ...learnt, busyAt: times.now, busy: load.busy + 1, probeAt: until };
}

;// CONCATENATED MODULE: ./build/decide/batches.js
/**
 * Change: how the images of a project are put into requests, and how a refused request is divided.
 */
/**
 * planBatches makes requests of at most `size` images, in input order. Images that need the vault, or may need it, are sent apart from
 * those that do not: whether the service ignores a superfluous `vault_id` is not documented.
 */
function planBatches(needs, vault, size) {
    const withVault = vault === null ? [] : needs.filter((need) => need.fullEcs !== false);
    const without = vault === null ? needs : needs.filter((need) => need.fullEcs === false);
    return [...slices(without, null, size), ...slices(withVault, vault, size)];
}
function slices(needs, vault, size) {
    const batches = [];
    for (let start = 0; start < needs.length; start += size) {
        batches.push({ images: needs.slice(start, start + size).map((need) => need.image), vault, resends: 0 });
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

;// CONCATENATED MODULE: ./build/decide/next-step.js

/** So many refusals for want of a right show that it is missing for all images of the project. */
const ENOUGH = 4;
/** nextStep decides what to do with a batch after it was sent. */
function nextStep(outcome, batch, state) {
    switch (outcome.type) {
        case 'taken':
            return { step: 'follow', job: outcome.job };
        case 'done':
            return { step: 'count' };
        case 'lost': {
            const { problem, retryAfter, lasts } = outcome;
            return { step: 'resend-after-reading', problem, retryAfter, lasts };
        }
        case 'busy':
            // This run's own load never fails a change: its jobs end, and then there is room.
            if (state.ownLoad || state.busyAlone <= state.retries)
                return { step: 'wait-for-turn' };
            return halt('project', outcome.problem);
        case 'identity-refused':
            return halt('project', outcome.problem, true);
        case 'refused':
            return afterRefusal(outcome, batch, state);
    }
}
function afterRefusal({ problem, status, about, named }, batch, { withoutRight }) {
    if (status === 401)
        return halt('project', problem, true);
    // A refusal without a code comes from a gateway or a wrong address, unless it names an image of the batch.
    const concernsImage = about === 'image' ||
        (about === 'right' && withoutRight < ENOUGH) ||
        (about === null && batch.images.some((image) => named.has(image)));
    if (!concernsImage)
        return halt(about === 'vault' && batch.vault !== null ? 'vault' : 'project', problem);
    return batch.images.length === 1
        ? { step: 'refuse', problem }
        : { step: 'divide', parts: divide(batch, named), problem };
}
function halt(scope, problem, identityRefused = false) {
    return { step: 'halt', scope, identityRefused, problem };
}
/**
 * afterReading decides about a batch whose answer was lost, once its memberships were read: nothing is left to do, it is sent again,
 * or it is given up.
 * @param missing the batch, with those of its images that certainly do not have the status
 * @param lasts whether the next answer would be lost for the same reason
 * @param retries the input `retries`
 */
function afterReading(missing, lasts, retries) {
    if (missing.images.length === 0)
        return 'done';
    return lasts || missing.resends >= retries ? 'give-up' : 'resend';
}

;// CONCATENATED MODULE: ./build/decide/job-results.js
/**
 * jobResults breaks a job's answer down by image. Documented answers list images, list none, or come without a list; whether a
 * failed image makes the job fail, or is hidden in a success, or is left out, is not documented. So an entry of its own counts
 * most, then the job's failure; a success without any list covers all, and a list without an image gives no result for it.
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

;// CONCATENATED MODULE: ./build/decide/job-turns.js
/**
 * Wait: which of many jobs to ask at a time.
 */
/** Number of jobs of a group, the oldest, that are polled at their own pace on behalf of the rest. */
const STANDING = 4;
/** How far beyond its turn any other job is asked, in milliseconds; below five seconds, with room for the requests before it. */
const job_turns_PATIENCE = 4500;
/** How many further jobs each one that has ended brings to their turn: those that began together often end together. */
const RELEASED = 2;
/** askTimes gives the time at which each job is to be asked. Jobs of one group come in the order of their submission. */
function askTimes(jobs) {
    const standing = new Map();
    return new Map(jobs.map((job) => {
        const before = standing.get(job.group) ?? 0;
        standing.set(job.group, before + 1);
        return [job, before < STANDING || job.released ? job.turn : job.turn + job_turns_PATIENCE];
    }));
}
/** releasedBy gives the jobs that need not wait beyond their turn any longer because one of their group has ended. */
function releasedBy(group, jobs) {
    const others = jobs.filter((job) => job.group === group).slice(STANDING);
    return others.filter(({ released }) => !released).slice(0, RELEASED);
}

;// CONCATENATED MODULE: ./build/decide/pace.js
/**
 * How long to wait before asking a job again.
 */
/** The wait before the next poll of a job, as a share of the time that the job has taken so far. */
const GROWTH = 0.11;
/** The shortest and the longest wait between two polls, in milliseconds. */
const FLOOR = 200;
const CEILING = 3400;
/** The largest share of a wait that chance takes off, so that runs that began together do not keep polling together. */
const JITTER = 0.02;
/**
 * pollDelay gives the wait in milliseconds between one poll of a job and the next.
 *
 * The duration of a job is not known in advance: the documented examples took 0.6 and 0.85 s, full-ECS images take longer. The lag
 * between the end of a job and the poll that sees it is half a wait on average. If every wait is the same share of the time spent so
 * far, the lag is a fixed share of the duration, and the number of polls grows with its logarithm only. The floor saves polls during
 * the first two seconds, and the ceiling limits the lag of long jobs. The first poll follows the submission at once, because a job
 * may have nothing to do. docs/performance.md compares this rule with the schedules of others.
 *
 * @param elapsed milliseconds from the submission to the poll before
 * @param polls how many polls were made
 * @param random in [0, 1)
 * @param fixed the input `poll-interval` in milliseconds, which is kept exactly; null for the adaptive pace
 */
function pollDelay(elapsed, polls, random, fixed) {
    if (polls === 0)
        return 0;
    if (fixed !== null)
        return fixed;
    const wait = Math.min(CEILING, Math.max(FLOOR, GROWTH * elapsed));
    return Math.round(wait * (1 - JITTER * random));
}
/**
 * shareDelay gives the wait before asking again whether an image is shared by now: a second at first, an eighth of the time
 * waited later, half a minute at most. The owner's share job takes seconds, and a delay matters less here.
 * @param elapsed milliseconds since the first look
 */
function shareDelay(elapsed, random) {
    const wait = Math.min(30_000, Math.max(1000, elapsed / 8));
    return Math.round(wait * (0.95 + 0.1 * random));
}
/** How long members may lag behind a job that reports success before the run stops waiting for them. */
const PROOF_PATIENCE = 8000;
/** How long any other change is given to show in the members: one whose answer was lost, or whose job reported a failure. */
const DOUBT_PATIENCE = 5000;
/** proofDelay gives the wait before members are read again: 0.1 s at first, growing with the time spent, 1 s at most. */
function proofDelay(elapsed) {
    return Math.min(1000, Math.max(100, Math.round(elapsed / 3)));
}

;// CONCATENATED MODULE: ./build/run/run-context.js
/** Projects that are worked on at the same time. */
const PROJECTS_AT_ONCE = 4;
/** plural counts things in words. */
function plural(count, noun) {
    return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
/** unprovenBasis says what is left to go by if a change cannot be proven. */
function unprovenBasis({ api }) {
    return api === 'ims' ? 'the job status' : 'the answer to the change';
}
/** warn puts a warning into the log and into the summary. */
function warn({ log, record }, text) {
    log.warning(text);
    record.warnings.push(text);
}

;// CONCATENATED MODULE: ./build/run/prove.js
/**
 * Prove: read the members back. Job status is never treated as proof.
 */




/**
 * prove reads the status of every image that a change was sent for, refused ones included. Members may lag behind the job, so those
 * that do not show the change are read again for some seconds.
 */
async function prove(context, member) {
    const open = prove_unproven(member);
    // Rights may depend on the membership that was just changed.
    member.reader.reopen();
    if (await readPatiently(context, member, open, patienceWith))
        summarize(context, member, open.length);
}
/**
 * readPatiently reads members until they show the target or the patience with them is at its end, and notes what is proven.
 * @param patience milliseconds that a member may lag
 * @returns false if the reading failed
 */
async function readPatiently(context, member, images, patience) {
    const { config, clock, signal } = context;
    const begun = clock.now();
    let left = images;
    try {
        while (left.length > 0) {
            const readings = await readBack(context, member, left);
            const elapsed = clock.now() - begun;
            // A reading that may be behind the times is no proof, so it is noted only if it is the last one.
            const lagging = left.filter((image) => {
                const reading = readings.get(image);
                const mayChange = reading?.known === true ? reading.status !== config.status : reading?.again === true;
                return mayChange && elapsed < patience(member.facts.get(image));
            });
            prove_note(member, left.filter((image) => !lagging.includes(image)), readings);
            left = lagging;
            if (left.length > 0)
                await clock.sleep(proofDelay(elapsed), signal);
        }
        return true;
    }
    catch (error) {
        unreadable(context, member, left, error);
        return false;
    }
}
function summarize(context, member, count) {
    const { config, log } = context;
    const tried = [...member.facts.values()].filter(wasTried);
    const blind = tried.filter(({ proof }) => proof?.state === 'forbidden').length;
    const wasReadable = [...member.facts.values()].every(({ evidence }) => evidence?.known !== false);
    if (blind > 0 && wasReadable)
        warn(context, `The status of ${plural(blind, 'image')} in project ${member.label} could not be read back, so it is not verified. ${config.requireProof
            ? 'It counts as unknown, because `require-proof` is true.'
            : `Only ${unprovenBasis(config)} was available.`}`);
    if (count <= blind)
        return;
    const read = count - blind;
    const lacking = tried.filter(({ proof }) => proof?.state === 'read' && proof.status !== config.status).length;
    log.line(`Read ${plural(read, 'member')} back in ${member.label}: ${lacking === 0 ? 'all' : `${read - lacking} of ${read}`} ${config.status}`);
}
/** readBack reads what became of images; lists count only for those whose job agrees with them. */
function readBack({ config }, member, images) {
    const facts = (image) => member.facts.get(image);
    const before = images.map((image) => facts(image)?.evidence?.status ?? 'pending');
    return member.reader.statuses(images, {
        target: config.status,
        before: [...new Set(before)],
        agrees: (image) => ['success', 'silent'].includes(facts(image)?.job?.state ?? ''),
        disputes: (image) => ['failure', 'running'].includes(facts(image)?.job?.state ?? ''),
    });
}
/**
 * stillMissing reads members for some time, notes what is proven, and gives the images that certainly do not have the status.
 * @param patience milliseconds that a change is given to show
 */
async function stillMissing(context, member, images, patience) {
    const { config, clock, signal } = context;
    const begun = clock.now();
    let left = images;
    for (;;) {
        const readings = await readBack(context, member, left);
        const isMissing = (image) => {
            const reading = readings.get(image);
            return reading?.known === true && reading.status !== config.status;
        };
        prove_note(member, left.filter((image) => !isMissing(image)), readings);
        left = left.filter(isMissing);
        const elapsed = clock.now() - begun;
        if (left.length === 0 || elapsed >= patience)
            return left;
        await clock.sleep(proofDelay(elapsed), signal);
    }
}
/**
 * proveOnce reads the members a last time, so that the report is accurate about a run whose time was up. Only members whose job has
 * ended may lag behind it; the others show how far it has come.
 */
async function proveOnce(context, member) {
    const { status } = context.config;
    if (member.identityRefused !== null)
        return;
    const doubtful = member.with((facts) => facts.proof?.state === 'read' && !hasTarget(facts, status));
    const open = [...new Set([...prove_unproven(member), ...doubtful])];
    member.reader.reopen();
    const patience = (facts) => (hasEnded(facts) ? patienceWith(facts) : 0);
    if (!(await readPatiently(context, member, open, patience)))
        return;
    // A job that ends during the reading shows in some members only: the others are read once more.
    const lacking = open.filter((image) => !hasTarget(member.facts.get(image), status));
    if (lacking.length > 0 && lacking.length < open.length)
        await readPatiently(context, member, lacking, () => 0);
}
function hasEnded(facts) {
    return facts?.job !== undefined && facts.job !== null && facts.job.state !== 'running';
}
function hasTarget(facts, target) {
    return facts?.proof?.state === 'read' && facts.proof.status === target;
}
/** A change was sent for the image, with an effect or without. */
function wasTried({ sent, refusal }) {
    return sent !== 'no' || refusal !== null;
}
/** Once the service has refused the identity, only what was sent before is worth a reading; it will say why there is none. */
function prove_unproven(member) {
    const isReadable = ({ sent }) => member.identityRefused === null || sent !== 'no';
    return member.with((facts) => wasTried(facts) && facts.proof?.state !== 'read' && isReadable(facts));
}
/** How long a member may lag, in milliseconds; a refused change has been waited for already. */
function patienceWith(facts) {
    if (facts === undefined || facts.refusal !== null)
        return 0;
    return facts.job?.state === 'failure' ? DOUBT_PATIENCE : PROOF_PATIENCE;
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
        const reading = readings.get(image);
        const proof = reading?.known === true ? { state: 'read', status: reading.status } : { state: 'forbidden' };
        member.note(image, { proof });
    }
}

;// CONCATENATED MODULE: ./build/run/follow.js
/**
 * Wait: follow all jobs of the run to their ends, on one schedule. If a job cannot be read, the memberships are.
 */








/** Jobs that are asked at the same time on one host. */
const ASKED_AT_ONCE = 8;
/** After so many polls in a row that brought no job, the memberships are read; if all have changed, the job has ended. */
const BLIND_POLLS = 3;
/** A job whose calls have failed so often, each time after its retries, is given up. */
const FAILED_POLLS = 3;
/** How often a run that waits writes a line to the log, in milliseconds. */
const PROGRESS_EVERY = 30_000;
class JobFollower {
    #context;
    #tools;
    /** In the order of submission. */
    #jobs = [];
    /** Older editions have one path for jobs, newer ones the other: where the jobs of a project were found last. */
    #paths = new Map();
    #followed = 0;
    #polls = 0;
    #tellAt;
    constructor(context, tools) {
        this.#context = context;
        this.#tools = tools;
        this.#tellAt = context.clock.now() + PROGRESS_EVERY;
    }
    get size() {
        return this.#jobs.length;
    }
    /** follow takes on a job. It is asked by `askDue`. */
    follow(submitted) {
        const begun = this.#context.clock.now();
        const { host, withVault } = submitted;
        const fresh = { turn: begun, released: false, asking: false, polls: 0, blind: 0, failed: 0 };
        this.#jobs.push({ ...submitted, ...fresh, begun, group: `${host}${withVault ? ' with a vault' : ''}` });
        this.#followed++;
    }
    /**
     * askDue asks the jobs whose time has come, and gives the time when it wants to be called again; null if there is nothing to ask.
     * @param waiting changes that wait for the service, for the line that says what goes on
     */
    askDue(waiting) {
        const now = this.#context.clock.now();
        const isOpen = this.#jobs.length + waiting > 0;
        if (isOpen && now >= this.#tellAt)
            this.#tell(now, waiting);
        const asked = new Map();
        for (const { host, asking } of this.#jobs)
            if (asking)
                asked.set(host, (asked.get(host) ?? 0) + 1);
        let next = isOpen ? this.#tellAt : null;
        for (const [job, time] of askTimes(this.#jobs)) {
            const busy = asked.get(job.host) ?? 0;
            if (job.asking || busy >= ASKED_AT_ONCE)
                continue;
            if (time <= now) {
                asked.set(job.host, busy + 1);
                job.asking = true;
                this.#tools.start(job.member, () => this.#ask(job));
            }
            else if (next === null || time < next)
                next = time;
        }
        return next;
    }
    /** abandon gives up the jobs of a project, whose identity is not accepted any more. */
    abandon(member) {
        for (const job of this.#jobs)
            if (job.member === member)
                this.#remove(job);
    }
    async #ask(job) {
        const { config, clock } = this.#context;
        const askedAt = clock.now();
        job.released = false;
        job.polls++;
        this.#polls++;
        try {
            if (await this.#hasEnded(job, await this.#query(job)))
                this.#end(job);
        }
        catch (error) {
            this.#remove(job);
            throw error;
        }
        job.turn = askedAt + pollDelay(askedAt - job.begun, job.polls, clock.random(), config.pollInterval);
        job.asking = false;
    }
    async #hasEnded(job, reply) {
        const { clock, log } = this.#context;
        const { id, member, images, polls } = job;
        if (reply !== null) {
            if (reply.state === 'running')
                return false;
            for (const [image, result] of jobResults(images, reply))
                member.note(image, { job: explainJobResult(result) });
            const code = reply.code === null ? '' : `, ${reply.code}`;
            const seconds = ((clock.now() - job.begun) / 1000).toFixed(1);
            log.line(`Job ${id} ended: ${reply.state}${code} (${plural(polls, 'poll')}, ${seconds} s)`);
            return true;
        }
        if (job.failed >= FAILED_POLLS) {
            log.line(`Job ${id} cannot be read: going by the memberships`);
            return true;
        }
        if (job.blind % BLIND_POLLS !== 0 || !(await this.#allChanged(job)))
            return false;
        log.line(`Job ${id} cannot be read, but every membership has changed`);
        return true;
    }
    #end(job) {
        this.#remove(job);
        for (const other of releasedBy(job.group, this.#jobs))
            other.released = true;
    }
    /** An answer may come after the project was given up. */
    #remove(job) {
        if (!this.#jobs.includes(job))
            return;
        this.#jobs = this.#jobs.filter((other) => other !== job);
        this.#tools.onEnd(job);
    }
    /** Null if the job is not found (yet), may not be read, or the call failed. */
    async #query(job) {
        const path = this.#paths.get(job.member) ?? 'project';
        let answer = await this.#try(job, path);
        if (answer === 'elsewhere') {
            const other = path === 'project' ? 'cloudimages' : 'project';
            answer = await this.#try(job, other);
            if (typeof answer !== 'string')
                this.#paths.set(job.member, other);
        }
        const reply = typeof answer === 'string' ? null : answer;
        job.blind = reply === null ? job.blind + 1 : 0;
        job.failed = answer === 'failed' ? job.failed + 1 : 0;
        return reply;
    }
    async #try({ member, id }, path) {
        try {
            return await member.session.service.getJob((await member.session.project).id, id, path);
        }
        catch (error) {
            const failure = failureOf(error);
            if (failure === null || failure.status === 401)
                throw error;
            if (availabilityOf(error) !== null)
                return 'elsewhere';
            // IMG.0023: the job could not be looked up, which means nothing right after its submission.
            return failure.status === 400 ? 'not-yet' : 'failed';
        }
    }
    async #allChanged({ member, images }) {
        const readings = await readBack(this.#context, member, images);
        return images.every((image) => readings.get(image)?.status === this.#context.config.status);
    }
    /** One line, however many jobs there are. */
    #tell(now, waiting) {
        const { config, record, log } = this.#context;
        this.#tellAt = now + PROGRESS_EVERY;
        const [oldest] = this.#jobs;
        const jobs = this.#followed === 1 ? 'job' : `${this.#jobs.length} of ${this.#followed} jobs, the oldest of them`;
        const parts = [
            ...(oldest === undefined
                ? []
                : [`${jobs} ${oldest.id}, ${time(now - oldest.begun)}, ${plural(this.#polls, 'poll')}`]),
            ...(waiting === 0 ? [] : [`${plural(waiting, 'change')} to send`]),
            `${time(record.startedAt + config.timeout - now)} left`,
        ];
        log.line(`Still running: ${parts.join(', ')}`);
    }
}
/** Minutes from two minutes on, else seconds. */
function time(milliseconds) {
    const whole = Math.max(0, Math.round(milliseconds / 1000));
    return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min`;
}

;// CONCATENATED MODULE: ./build/run/guard.js
/**
 * A failure in one project is noted and does not end the work on the others. The end of the run does.
 */


/** guard works on one project and notes its failure. Throws only if the run has ended. */
async function guard(context, member, work) {
    try {
        await work(context, member);
    }
    catch (error) {
        if (error instanceof RunStopped)
            throw error;
        noteFailure(context, member, error);
    }
}
/** noteFailure records why the work on a project ended, for the run and for the images that were still to be changed. */
function noteFailure({ record, config }, member, error) {
    record.problem(explainFor(member, record, error));
    if (record.blocked)
        return;
    const refusal = explain(error);
    const open = member.with((facts) => facts.sent === 'no' &&
        facts.refusal === null &&
        facts.obstacle === null &&
        facts.evidence?.status !== config.status);
    for (const image of open)
        member.note(image, { refusal });
}

;// CONCATENATED MODULE: ./build/run/project-change.js
/**
 * Change: one project while it is changed. A change is never repeated blindly: if its effect is in doubt, the memberships are read
 * first.
 */









/** A line of the log is written for so many images that were changed one by one. */
const TOLD_AT_ONCE = 100;
class ProjectChange {
    member;
    /** Of the image service. */
    host;
    #context;
    #tools;
    /** A refusal that concerns the project and not an image: no further request is sent. */
    #halted = null;
    /** A refusal of the vault: no further request is sent with it. */
    #vaultRefused = null;
    /** Batches whose memberships are still to be read. */
    #lost = [];
    #reading = false;
    /** Images whose change was made at once. */
    #done = 0;
    /** How many changes were refused for want of a right. */
    refusedForRight = 0;
    constructor(context, member, tools) {
        this.member = member;
        this.host = new URL(member.session.serviceUrl).host;
        this.#context = context;
        this.#tools = tools;
    }
    /** batches gives the requests that change all images without the requested status. */
    batches() {
        const { status } = this.#context.config;
        const { member } = this;
        const images = member.with(({ evidence, obstacle }) => obstacle === null && !(evidence?.known === true && evidence.status === status));
        const needs = images.map((image) => ({ image, fullEcs: member.facts.get(image)?.evidence?.kind.fullEcs ?? null }));
        const vault = status === 'accepted' ? member.vault : null;
        return planBatches(needs, vault, member.session.service.batchSize);
    }
    /** refuseIfHalted refuses the images of a batch that must not be sent any more, and tells whether it has done so. */
    refuseIfHalted(batch) {
        const halted = this.#halted ?? (batch.vault === null ? null : this.#vaultRefused);
        if (halted !== null)
            this.#refuse(batch, halted);
        return halted !== null;
    }
    /** See `SubmitState`. */
    get withoutRight() {
        return this.#done === 0 ? this.refusedForRight : 0;
    }
    /** count counts images whose change was made at once, and says so in the log at a pace that suits a thousand of them. */
    count({ images }) {
        const before = Math.floor(this.#done / TOLD_AT_ONCE);
        this.#done += images.length;
        if (Math.floor(this.#done / TOLD_AT_ONCE) > before)
            this.#tell();
    }
    /** tellRest says how many changes were made, unless that was said already. */
    tellRest() {
        if (this.#done % TOLD_AT_ONCE > 0)
            this.#tell();
    }
    #tell() {
        const { config, log } = this.#context;
        log.line(`Asked for ${plural(this.#done, 'image')} to be ${config.status} in ${this.member.label}`);
    }
    /** recover carries out what follows from a batch that led to no change. */
    recover(batch, step) {
        const { record, log } = this.#context;
        switch (step.step) {
            case 'wait-for-turn':
                this.#tools.enqueue(this, [batch], 0);
                break;
            case 'divide': {
                const [first, second] = step.parts.map(({ images }) => images.length);
                const code = step.problem.code ?? 'named in the answer';
                log.line(`Refused because of an image (${code}): dividing ${batch.images.length} into ${first} and ${second}`);
                this.#tools.enqueue(this, step.parts, 0);
                break;
            }
            case 'resend-after-reading':
                record.request(step.problem.requestId);
                log.line(`${step.problem.cause} Reading the memberships before anything is sent again.`);
                this.#lost.push({ batch, ...step });
                if (!this.#reading)
                    this.#tools.start(this.member, () => this.#readLost());
                break;
            case 'halt':
                if (step.identityRefused)
                    this.member.identityRefused = step.problem;
                if (step.scope === 'vault')
                    this.#vaultRefused = step.problem;
                else
                    this.#halted = step.problem;
                record.problem(step.problem);
                this.#refuse(batch, step.problem);
                break;
            case 'refuse':
                this.#refuse(batch, step.problem);
        }
    }
    /**
     * fail ends the work on the project, because something other than a change has failed.
     * @returns whether the identity is no longer accepted, so that nothing more can be asked
     */
    fail(error) {
        noteFailure(this.#context, this.member, error);
        const problem = explain(error);
        this.#halted ??= problem;
        const isRefused = error instanceof RenewalError || failureOf(error)?.status === 401;
        if (isRefused)
            this.member.identityRefused ??= problem;
        return isRefused;
    }
    /** Reads the memberships of all batches whose answers were lost; each image is read once. */
    async #readLost() {
        this.#reading = true;
        try {
            while (this.#lost.length > 0) {
                const lost = this.#lost.splice(0);
                const images = lost.flatMap(({ batch }) => batch.images);
                const missing = new Set(await stillMissing(this.#context, this.member, images, DOUBT_PATIENCE));
                for (const one of lost) {
                    const rest = one.batch.images.filter((image) => missing.has(image));
                    this.#resend({ ...one, batch: { ...one.batch, images: rest } });
                }
            }
        }
        finally {
            this.#reading = false;
        }
    }
    #resend({ batch, problem, retryAfter, lasts }) {
        const { config, clock, log } = this.#context;
        switch (afterReading(batch, lasts, config.retries)) {
            case 'done':
                break;
            case 'give-up':
                this.#refuse(batch, problem);
                break;
            case 'resend': {
                log.line(`Sending again for ${plural(batch.images.length, 'image')} whose status has not changed`);
                const delay = retryDelay(batch.resends, retryAfter, clock.random());
                this.#tools.enqueue(this, [{ ...batch, resends: batch.resends + 1 }], clock.now() + delay);
            }
        }
    }
    #refuse({ images }, refusal) {
        for (const image of images)
            this.member.note(image, { refusal });
    }
}

;// CONCATENATED MODULE: ./build/run/submit.js
/**
 * Change: send one batch, and classify what came of it.
 */





/** submit sends a batch once. What is known of its images is noted as it happens, because the run may end at any moment. */
async function submit_submit(member, batch, status) {
    const { images, vault } = batch;
    const before = new Map(images.map((image) => [image, member.facts.get(image)?.sent ?? 'no']));
    const onDoubt = (inDoubt) => {
        for (const [image, sent] of before)
            member.note(image, { sent: inDoubt ? 'lost' : sent });
    };
    try {
        const { service, project } = member.session;
        const answer = await service.updateMembers({ images, vault, project: (await project).id, status }, onDoubt);
        const { jobId, requestId } = answer;
        const job = jobId === null ? { ...DONE, requestId } : null;
        for (const image of images)
            member.note(image, { sent: 'answered', ...answer, job });
        return jobId === null ? { type: 'done' } : { type: 'taken', job: { jobId, requestId } };
    }
    catch (error) {
        if (error instanceof RenewalError)
            return { type: 'identity-refused', problem: explain(error) };
        const failure = failureOf(error);
        if (failure === null)
            throw error;
        return outcomeOf(failure);
    }
}
/** A change without a job counts like one whose job has ended with success: it is to be proven as well. */
const DONE = { state: 'success', code: null, message: null, cure: '' };
/** outcomeOf says what a failed call means for the change. */
function outcomeOf(failure) {
    const { type, status, detail, retryAfter } = failure;
    const problem = explainFailure(failure);
    if (effectUnknown(failure))
        return { type: 'lost', problem, retryAfter, lasts: type === 'redirected' };
    if (isBusy(failure))
        return { type: 'busy', problem, retryAfter };
    return { type: 'refused', problem, status, about: blamed(failure), named: imageIdsIn(detail) };
}
/** Glance has no codes, but a change concerns one image there, and so does its refusal if Glance itself gives it. */
function blamed({ service, code, status, origin }) {
    if (code !== null)
        return isAboutImage(code) ? 'image' : isAboutVault(code) ? 'vault' : 'other';
    if (service !== 'Glance' || origin !== 'image-service')
        return null;
    return status === 403 ? 'right' : 'image';
}

;// CONCATENATED MODULE: ./build/run/change.js
/**
 * Change: one queue of requests for all projects of the run, and the jobs that they lead to.
 */










/** change accepts or rejects all that is to be changed, and follows the jobs to their ends (unless `wait` is false). */
function change(context, opened) {
    return new ChangeQueue(context, opened).run();
}
/** How an answer changes what is known of the host. */
const COUNT = {
    taken: withJob,
    done: withDone,
};
class ChangeQueue {
    #context;
    #projects;
    #queue;
    /** By host: all projects share its limits. */
    #loads = new Map();
    #follower;
    /** Jobs that nobody follows, because `wait` is false. */
    #unfollowed = [];
    #alarm;
    #underWay = new Set();
    #stopped = null;
    /** Why changes wait for their turn, if they do. */
    #busy = null;
    constructor(context, opened) {
        this.#context = context;
        this.#alarm = new Alarm(context.clock, context.signal);
        const start = (member, work) => this.#start(member, work);
        this.#follower = new JobFollower(context, {
            start,
            onEnd: ({ host }) => this.#update(host, withoutJob),
        });
        const enqueue = (project, batches, notBefore) => {
            this.#queue = [...batches.map((batch) => ({ project, batch, notBefore })), ...this.#queue];
        };
        this.#projects = new Map(opened.map((member) => [member, new ProjectChange(context, member, { enqueue, start })]));
        this.#queue = [...this.#projects.values()].flatMap((project) => project.batches().map((batch) => ({ project, batch, notBefore: 0 })));
    }
    /** Sends and asks whatever is due, then waits until something has happened or is due. */
    async run() {
        try {
            for (;;) {
                const times = [this.#submitDue(), this.#follower.askDue(this.#queue.length)].filter((time) => time !== null);
                if (this.#stopped !== null)
                    throw this.#stopped;
                if (this.#isDone())
                    return;
                await this.#alarm.wait(times.length === 0 ? null : Math.min(...times));
            }
        }
        catch (error) {
            // The report of a time-out says what the run was waiting for.
            if (error instanceof RunStopped && this.#busy !== null && this.#queue.length > 0)
                error.cause ??= new ProblemError(this.#busy);
            await Promise.all(this.#underWay);
            throw error;
        }
        finally {
            for (const project of this.#projects.values())
                project.tellRest();
        }
    }
    #isDone() {
        if (this.#queue.length > 0 || this.#underWay.size > 0)
            return false;
        // Without `wait`, jobs are followed only as long as a change waits for their ends.
        return !this.#context.config.wait || this.#follower.size === 0;
    }
    /** Runs work beside the queue. Its error concerns its project only, unless it is the end of the run. */
    #start(member, work) {
        const task = work()
            .catch((error) => {
            if (error instanceof RunStopped)
                this.#stopped = error;
            else if (this.#projects.get(member)?.fail(error))
                this.#follower.abandon(member);
        })
            .finally(() => {
            this.#underWay.delete(task);
            this.#alarm.ring();
        });
        this.#underWay.add(task);
    }
    #loadOf(host) {
        return this.#loads.get(host) ?? IDLE;
    }
    #update(host, change) {
        this.#loads.set(host, change(this.#loadOf(host)));
    }
    /** Sends what may be sent, and gives the time when more may be sent; null if something else has to happen first. */
    #submitDue() {
        const now = this.#context.clock.now();
        let next = null;
        const waiting = [];
        for (const queued of this.#queue) {
            const { project, batch, notBefore } = queued;
            if (project.refuseIfHalted(batch))
                continue;
            const sendable = sendableAt(this.#loadOf(project.host));
            const time = sendable === null ? null : Math.max(sendable, notBefore);
            if (time !== null && time <= now) {
                this.#start(project.member, () => this.#submit(project, batch));
                continue;
            }
            waiting.push(queued);
            if (time !== null && (next === null || time < next))
                next = time;
        }
        this.#queue = waiting;
        return next;
    }
    async #submit(project, batch) {
        const { config, clock } = this.#context;
        const { host, member } = project;
        const sent = clock.now();
        this.#update(host, withRequest);
        let outcome = null;
        try {
            outcome = await submit_submit(member, batch, config.status);
        }
        finally {
            this.#update(host, COUNT[outcome?.type ?? 'lost'] ?? withAnswer);
        }
        if (outcome.type === 'busy')
            this.#learn(host, outcome, sent);
        const known = this.#loadOf(host);
        if (outcome.type === 'refused' && outcome.about === 'right')
            project.refusedForRight++;
        const state = {
            retries: config.retries,
            ownLoad: !isAlone(known),
            busyAlone: known.busyAlone,
            withoutRight: project.withoutRight,
        };
        const step = nextStep(outcome, batch, state);
        if (step.step === 'follow')
            this.#follow(project, batch, step.job);
        else if (step.step === 'count')
            this.#count(project, batch);
        else
            project.recover(batch, step);
    }
    #count(project, batch) {
        this.#busy = null;
        project.count(batch);
    }
    #follow({ member, host }, { images, vault }, { jobId, requestId }) {
        const { config, log, record } = this.#context;
        this.#busy = null;
        record.jobIds.push(jobId);
        record.request(requestId);
        log.line(`Asked for ${plural(images.length, 'image')} to be ${config.status} in ${member.label}: job ${jobId}`);
        const job = { id: jobId, member, images, host, withVault: vault !== null };
        if (config.wait || this.#loadOf(host).most !== null)
            this.#follower.follow(job);
        else
            this.#unfollowed.push(job);
    }
    #learn(host, { problem, retryAfter }, sent) {
        const { clock, log } = this.#context;
        const { busy } = this.#loadOf(host);
        const delay = retryDelay(busy, retryAfter, clock.random());
        const times = { sent, now: clock.now() };
        this.#update(host, (known) => whenBusy(known, times, delay, retryAfter !== null));
        this.#busy = problem;
        // The end of a job is what makes room.
        for (const job of this.#unfollowed.splice(0))
            this.#follower.follow(job);
        const known = this.#loadOf(host);
        if (known.busy === busy)
            return;
        const why = problem.code ?? 'HTTP 429';
        const jobs = known.jobs === 0 ? '' : ` with ${plural(known.jobs, 'job')} of this run`;
        log.line(`The service is busy (${why})${jobs}: changes wait for their turn`);
    }
}

;// CONCATENATED MODULE: ./build/decide/judge.js


/**
 * judge decides about one image from what was seen of it, without regard to other images. If the service reveals nothing about the
 * image, it is changed all the same unless owners are restricted.
 */
function judge(evidence, rules) {
    const accepting = rules.status === 'accepted';
    const trusted = isTrusted(evidence.owner, rules.trustedOwners);
    const usability = accepting ? usabilityOf(evidence.imageStatus) : 'usable';
    // Its own images and public ones are never shared with a project, so the run does not wait for that.
    if (evidence.owner === rules.project)
        return obstacle(ownImage());
    if (isPublic(evidence.visibility))
        return obstacle(publicImage(evidence));
    if (evidence.known && evidence.status === rules.status) {
        if (usability !== 'usable')
            return obstacle(notUsable(evidence, usability), usability === 'on-its-way');
        return !accepting || trusted
            ? { action: 'unchanged', isSuspect: false }
            : acceptedFromStranger(evidence, rules.mode);
    }
    if (evidence.known && evidence.status === null)
        return obstacle(notShared(evidence, rules.project), true);
    if (rules.mode === 'check')
        return obstacle(hasNotStatus(evidence, rules.status));
    if (accepting && !trusted)
        return obstacle(notTrusted(evidence, 'Add the owner to `trusted-owners` if you trust it, or leave the image out.'));
    if (accepting && evidence.kind.fullEcs === true && rules.vault === null)
        return obstacle(needsVault());
    if (usability !== 'usable')
        return obstacle(notUsable(evidence, usability), usability === 'on-its-way');
    return { action: 'change' };
}
function acceptedFromStranger(evidence, mode) {
    if (mode === 'check')
        return obstacle(notTrusted(evidence, 'It is accepted nevertheless: reject it unless you trust this owner.'));
    return { action: 'unchanged', isSuspect: true };
}
function obstacle(problem, mayPass = false) {
    return { action: 'obstacle', problem, mayPass };
}
/** isTrusted returns whether images of this owner may be accepted; an unknown owner is trusted only if all are. */
function isTrusted(owner, trustedOwners) {
    if (trustedOwners.length === 0)
        return true;
    return owner !== null && trustedOwners.some((trusted) => trusted.toLowerCase() === owner.toLowerCase());
}
function ownerOf(evidence) {
    return evidence.owner === null ? 'its owner, whom the service does not name,' : `its owner ${evidence.owner}`;
}
function notTrusted(evidence, cure) {
    return problem({
        cause: `${ownerOf(evidence)[0]?.toUpperCase()}${ownerOf(evidence).slice(1)} is not in \`trusted-owners\`.`,
        cure,
        title: 'from an owner that is not trusted',
    });
}
function ownImage() {
    return problem({
        cause: 'The image belongs to this project itself.',
        cure: 'There is nothing to accept: leave it out, or give the project that it is shared with.',
        title: 'of the project itself',
    });
}
function publicImage({ visibility }) {
    return problem({
        cause: `The image is ${visibility}: every project can use it, so there is nothing to accept or reject.`,
        cure: 'Remove it from the list.',
        title: 'public',
    });
}
function notUsable({ imageStatus, status }, usability) {
    const membership = status === 'accepted' ? 'The image is accepted, but it' : 'The image';
    return usability === 'on-its-way'
        ? problem({
            cause: `${membership} is not ready: its own status is ${imageStatus}.`,
            cure: 'Run again once the owner has finished it. In mode `apply`, a longer `share-timeout` waits for it.',
            title: 'not ready',
        })
        : problem({
            cause: `${membership} cannot be used: its own status is ${imageStatus}.`,
            cure: 'Only images whose status is active can be used. Ask the owner for another image, or leave this one out.',
            title: 'not usable',
        });
}
function notShared({ proven, owner }, project) {
    return problem({
        cause: proven || owner === null
            ? 'The image is not shared with this project, or does not exist in this region.'
            : 'No membership of this project was found, but the reads are not conclusive.',
        cure: `Check the ID and \`region\`, and ask the owner to share it with project ${project}; the owner's share may have failed.`,
        title: 'not shared',
    });
}
function hasNotStatus(evidence, status) {
    return problem({
        cause: evidence.known ? `The image is ${evidence.status}, not ${status}.` : 'The member status cannot be read.',
        cure: `Run this action with \`mode: apply\` to have it ${status}.`,
        title: evidence.known ? `${evidence.status}, not ${status}` : 'not readable',
    });
}
function needsVault() {
    return problem({
        cause: 'This is a full-ECS image, which can be accepted only into a CBR vault.',
        cure: 'Give `vault`: the ID of a vault of this project and region, object type server, protection type backup, with room for the image.',
        title: 'full-ECS without a vault',
    });
}

;// CONCATENATED MODULE: ./build/decide/left-out.js

/** More lines than this are no help; the summary and the receipt have all images. */
const left_out_LINES = 50;
const left_out_NAMED = 5;
const REASONS = {
    'owner-not-trusted': {
        label: 'owner not trusted',
        cure: 'Owner not trusted: add the project ID of the owner to `trusted-owners`, if you trust it.',
    },
    'rejected-before': {
        label: 'rejected before',
        cure: 'Rejected before: name the image in `images` to accept it anyway.',
    },
    'not-usable': {
        label: 'not usable',
        cure: 'Not usable: ask the owner about the image; a later run takes an image that is still being created.',
    },
    'owner-trusted': {
        label: 'owner trusted',
        cure: 'Owner trusted: `match-name` does not reject images of `trusted-owners`; name the image in `images` to reject it.',
    },
};
/** leftOutLines lists what is left out, a line for each image of a bounded number, and the counts of all. */
function leftOutLines(leftOut, place, quote) {
    if (leftOut.length === 0)
        return [];
    const lines = leftOut.slice(0, left_out_LINES).map((left) => `Left out ${left.image} ${quote(left.name ?? '')}: ${why(left)}`);
    const more = leftOut.length - lines.length;
    return [
        ...lines,
        ...(more > 0 ? [`\u2026 and ${more} more left out; the summary and the receipt list them`] : []),
        `${count(leftOut.length, 'matching image')} left out in ${place}: ${counts(leftOut)}`,
    ];
}
function why({ reason, owner, imageStatus }) {
    const whose = owner ?? '(unknown)';
    switch (reason) {
        case 'owner-not-trusted':
            return `owner ${whose} is not trusted`;
        case 'rejected-before':
            return 'rejected before';
        case 'not-usable':
            return `not usable, its status is ${imageStatus}`;
        case 'owner-trusted':
            return `owner ${whose} is trusted`;
    }
}
/** outsidersNote counts the offers of strangers that the glob does not mean; null if there are none. */
function outsidersNote(outsiders, { glob, place }) {
    if (outsiders === 0)
        return null;
    const offers = outsiders === 1 ? 'offer of an owner that is not trusted does' : 'offers of owners that are not trusted do';
    return `${outsiders} pending ${offers} not match ${glob} in ${place}, and ${outsiders === 1 ? 'was' : 'were'} left alone`;
}
/** acceptedWarnings name what is accepted although a sweep would not accept it. */
function acceptedWarnings(leftOut, place) {
    const accepted = leftOut.filter(({ isAccepted }) => isAccepted);
    const strangers = accepted.filter(({ reason }) => reason === 'owner-not-trusted');
    const unusable = accepted.filter(({ reason }) => reason === 'not-usable');
    return [
        ...(strangers.length === 0
            ? []
            : [
                `${left_out_subject(strangers, place)} accepted already, but ${strangers.length === 1 ? 'its owner is' : 'their owners are'} not in \`trusted-owners\`: ${left_out_some(strangers, ({ image, owner }) => `${image} (owner ${owner})`)}. Reject what you do not trust, or add the owner to \`trusted-owners\`.`,
            ]),
        ...(unusable.length === 0
            ? []
            : [
                `${left_out_subject(unusable, place)} accepted already, but not usable: ${left_out_some(unusable, ({ image, imageStatus }) => `${image} (${imageStatus})`)}. Ask the owner, or reject what is no longer needed.`,
            ]),
    ];
}
/** nothingChosen explains a sweep without a result: whether nothing matched, or everything that matched was left out. */
function nothingChosen(selection, sweep) {
    const { leftOut } = selection;
    if (leftOut.length === 0)
        return nothingMatched(selection, sweep);
    return problem({
        title: `${leftOut.length} matched, none may be ${sweep.status}`,
        cause: `\`match-name\` ${sweep.glob} in ${sweep.place}: ${leftOut.length} matched, none may be ${sweep.status}: ${counts(leftOut)} (${leftOut.length} left out).`,
        cure: [...cures(leftOut), 'With `if-none: pass` this is a success. Nothing was changed.'].join('\n'),
    });
}
function nothingMatched({ shared, outsiders, inOtherCase }, { glob, place }) {
    const there = shared === 0 ? 'no image of another project is shared with it' : `${count(shared, 'shared image')} there`;
    const strangers = outsiders === 0 ? '' : `, ${outsiders} of them pending offers of owners that are not trusted`;
    const otherCase = inOtherCase === 0 ? '' : ` ${count(inOtherCase, 'name')} would match in another case.`;
    return problem({
        title: 'no image matched',
        cause: `No image that is shared with ${place} matches \`match-name\` ${glob} (${there}${strangers}).`,
        cure: `Check the pattern, which is case-sensitive, and whether the share has arrived.${otherCase} With \`if-none: pass\` this is a success. Nothing was changed.`,
    });
}
/** tooFewChosen explains a sweep with fewer results than `min-images`. */
function tooFewChosen(chosen, least, leftOut, sweep) {
    const rest = leftOut.length === 0 ? '' : ` ${leftOut.length} more matched and were left out: ${counts(leftOut)}.`;
    return problem({
        title: `fewer images than min-images`,
        cause: `\`match-name\` ${sweep.glob} in ${sweep.place}: ${count(chosen, 'result')}, fewer than \`min-images\`, which is ${least}.${rest}`,
        cure: [
            'A build may have lost an image, or a share may not have arrived: check both, or lower `min-images`. Nothing was changed.',
            ...cures(leftOut),
        ].join('\n'),
    });
}
function counts(leftOut) {
    return reasonsOf(leftOut)
        .map(([reason, number]) => `${number} ${REASONS[reason].label}`)
        .join(', ');
}
/** The cure of each reason; owners are named, because their IDs are what has to be added. */
function cures(leftOut) {
    return reasonsOf(leftOut).map(([reason]) => {
        if (reason !== 'owner-not-trusted')
            return REASONS[reason].cure;
        const owners = leftOut.filter((left) => left.reason === reason).map(({ owner }) => owner ?? '(unknown)');
        return `${REASONS[reason].cure} Owners: ${left_out_some([...new Set(owners)], (owner) => owner)}.`;
    });
}
function reasonsOf(leftOut) {
    const numbers = new Map();
    for (const { reason } of leftOut)
        numbers.set(reason, (numbers.get(reason) ?? 0) + 1);
    return [...numbers];
}
function left_out_subject(images, place) {
    return `${count(images.length, 'image')} in ${place} ${images.length === 1 ? 'is' : 'are'}`;
}
function left_out_some(items, show) {
    const more = items.length > left_out_NAMED ? ` and ${items.length - left_out_NAMED} more` : '';
    return `${items.slice(0, left_out_NAMED).map(show).join(', ')}${more}`;
}
function count(number, noun) {
    return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

;// CONCATENATED MODULE: ./build/decide/name-match.js


/**
 * selectByName picks the images of other projects whose name matches. When accepting, it leaves out images of owners that are not
 * trusted, images that were rejected before, and images that are not usable: a stranger can give an image any name, and someone had
 * a reason to reject. When rejecting, it leaves out the images of trusted owners. Mode check keeps what was accepted although it should
 * not have been, because a check is there to find it.
 */
function selectByName(candidates, rules) {
    const matches = globMatcher(rules.glob);
    const matchesAnyCase = globMatcher(rules.glob.toLowerCase());
    const shared = candidates.filter(({ owner, visibility }) => owner !== rules.project && !isPublic(visibility));
    const others = shared.filter(({ name }) => name === null || !matches(name));
    const chosen = [];
    const leftOut = [];
    for (const candidate of shared) {
        const { image, name, owner, status, imageStatus } = candidate;
        if (name === null || !matches(name))
            continue;
        const reason = reasonToLeaveOut(candidate, rules);
        if (reason === null)
            chosen.push(candidate);
        else {
            const isAccepted = rules.status === 'accepted' && status === 'accepted';
            leftOut.push({ image, name: shortName(name), owner, project: rules.project, reason, imageStatus, isAccepted });
        }
    }
    return {
        chosen,
        leftOut,
        shared: shared.length,
        outsiders: others.filter(({ owner, status }) => status === 'pending' && !isTrusted(owner, rules.trustedOwners))
            .length,
        inOtherCase: others.filter(({ name }) => name !== null && matchesAnyCase(name.toLowerCase())).length,
    };
}
function reasonToLeaveOut({ owner, status, imageStatus }, rules) {
    const { trustedOwners } = rules;
    if (rules.status === 'rejected')
        return trustedOwners.length > 0 && isTrusted(owner, trustedOwners) ? 'owner-trusted' : null;
    if (rules.mode === 'check' && status === 'accepted')
        return null;
    if (!isTrusted(owner, trustedOwners))
        return 'owner-not-trusted';
    if (status === 'rejected')
        return 'rejected-before';
    return usabilityOf(imageStatus) === 'usable' ? null : 'not-usable';
}
/** Names have at most 128 characters (OTC IMS API reference, Querying Image Details); a longer one must not take time to match. */
const name_match_LONGEST_NAME = 1024;
/** shortName cuts a name visibly that is longer than any real one. */
function shortName(name) {
    return name.length > name_match_LONGEST_NAME ? `${name.slice(0, name_match_LONGEST_NAME).toWellFormed()}\u2026` : name;
}
/** globMatcher understands `*` (any characters, none too) and `?` (one character); everything else matches itself, including case. */
function globMatcher(glob) {
    // Matched by hand and not by a regular expression: names are hostile, and many stars make expressions take exponential time.
    const pattern = Array.from(glob);
    const [prefix = ''] = glob.split(/[*?]/, 1);
    return (name) => name.startsWith(prefix) && matchesPattern(pattern, Array.from(shortName(name)));
}
function matchesPattern(pattern, text) {
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
}

;// CONCATENATED MODULE: ./build/run/select.js
/**
 * Choosing images by name from all that are shared with a project.
 */







/** select gives the images that `match-name` means, in the order of their names, with what the lists show of them. */
async function select_select(context, member, { glob, ifNone, minImages }) {
    const { config, record, log } = context;
    const offers = await readOffers(context, member, glob);
    const { id, name } = await member.session.project;
    const sweep = { glob, status: config.status, place: `project ${name ?? id}` };
    const selection = selectByName(offers, { ...config, glob, project: id });
    const { chosen, leftOut } = selection;
    for (const left of leftOut)
        record.leftOut.push(left);
    for (const line of leftOutLines(leftOut, sweep.place, log.quote))
        log.line(line);
    for (const text of acceptedWarnings(leftOut, sweep.place))
        warn(context, text);
    const note = outsidersNote(selection.outsiders, sweep);
    if (note !== null) {
        log.line(note);
        record.notes.push(note);
    }
    if (chosen.length === 0 && ifNone === 'fail')
        throw new ProblemError(nothingChosen(selection, sweep));
    if (chosen.length < minImages)
        throw new ProblemError(tooFewChosen(chosen.length, minImages, leftOut, sweep));
    return new Map(chosen.map(({ image, evidence }) => [image, evidence]));
}
/** The images that are shared, by name and ID, so that the report is the same whatever order the service lists them in. */
async function readOffers(context, member, glob) {
    const matches = globMatcher(glob);
    const { config } = context;
    const listed = await member.reader.all(needsKinds(config), (record) => matches(record.name ?? ''), (ids) => questionOf(config, ids).listsProve);
    if (listed === null) {
        const { id, name } = await member.session.project;
        throw notListed(name ?? id, member.reader.listsRefusal, context.config.api);
    }
    return listed
        .map(({ status, record, evidence }) => {
        const { id: image, name, owner, visibility, status: imageStatus } = record;
        return { image, name, owner, status, visibility, imageStatus, evidence };
    })
        .sort((a, b) => select_compare(a.name ?? '', b.name ?? '') || select_compare(a.image, b.image));
}
/** Whether images are full-ECS matters only to those that are to be accepted. */
function needsKinds({ status, mode }) {
    return status === 'accepted' && mode !== 'check';
}
function select_compare(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
}
const ENTERPRISE = ' Rights in single enterprise projects are not enough: the list was also refused with `enterprise_project_id=all_granted_eps`.';
function notListed(project, refusal, api) {
    const why = refusal === null ? null : explainFailure(refusal);
    if (why !== null && refusal?.status !== 403) {
        const cause = `The images of project ${project} cannot be listed, but \`match-name\` needs that: ${why.cause}`;
        return new ProblemError({ ...why, title: 'the images cannot be listed', cause });
    }
    return new ProblemError({
        title: 'no right to list images',
        cause: `The identity may not list images in project ${project} (HTTP 403), but \`match-name\` needs that.`,
        cure: `${rightsCure(api, 'list')}${api === 'ims' ? ENTERPRISE : ''} Nothing was changed.`,
        code: why?.code ?? null,
        requestId: why?.requestId ?? null,
    });
}

;// CONCATENATED MODULE: ./build/run/look.js
/**
 * Look: learn what each image is and what is to be done about it. Nothing is changed here.
 */






/** look looks at a project's images, once it is certain that the credentials are for this project. */
async function look_look(context, member) {
    const { config, log } = context;
    const { session, reader } = member;
    const { selection } = config;
    const findings = selection.by === 'ids' ? reader.look(questionOf(config, selection.ids)) : select_select(context, member, selection);
    // Both at once; a wrong scope is the better explanation of whatever the reads say.
    findings.catch(() => { });
    member.project = await session.project;
    log.line(`Project ${member.label} (${member.project.id}) at ${new URL(session.serviceUrl).host}`);
    member.vault = vaultOf(config, member);
    for (const [image, evidence] of await findings)
        member.note(image, { evidence });
    log.line(`Looked at ${plural(member.facts.size, 'image')} in ${member.label}: ${census(member)}`);
}
/** judgeImages decides about images that were seen, and notes what must stop the run. */
function judgeImages(context, member, images) {
    const { config } = context;
    const suspects = [];
    for (const image of images) {
        const evidence = member.facts.get(image)?.evidence ?? null;
        if (evidence === null)
            continue;
        const judgement = judge(evidence, { ...config, project: member.id ?? '', vault: member.vault });
        switch (judgement.action) {
            case 'unchanged':
                member.note(image, { obstacle: null, mayPass: false });
                if (judgement.isSuspect)
                    suspects.push(image);
                break;
            case 'obstacle':
                member.note(image, { obstacle: judgement.problem, mayPass: judgement.mayPass });
                break;
            case 'change':
                member.note(image, { obstacle: null, mayPass: false });
                break;
        }
    }
    if (suspects.length > 0)
        warn(context, suspectWarning(member, suspects));
}
/** Images and owners that a warning names. */
const look_NAMED = 5;
function suspectWarning({ facts, label }, images) {
    const owners = new Set(images.map((image) => facts.get(image)?.evidence?.owner ?? 'unknown'));
    const some = (all) => `${all.slice(0, look_NAMED).join(', ')}${all.length > look_NAMED ? ` and ${all.length - look_NAMED} more` : ''}`;
    const [are, their] = images.length === 1 ? ['is', 'its owner'] : ['are', 'their owners'];
    return `${plural(images.length, 'image')} in project ${label} ${are} accepted already, but ${their} ${owners.size === 1 ? '' : `(${owners.size}) `}${some([...owners])} ${owners.size === 1 ? 'is' : 'are'} not in \`trusted-owners\`: ${some(images)}. Reject what you do not trust, or add the owner to \`trusted-owners\`.`;
}
/**
 * confirmObstacles asks for the members of images that stop the run although no member call, and no two lists, have shown their status.
 * @param which the images that are not shared, which may be waited for before, or all others
 */
async function confirmObstacles(context, member, which) {
    const stopped = [...member.facts.values()].flatMap(({ image, obstacle, evidence }) => {
        if (obstacle === null || evidence === null || !evidence.known || evidence.proven)
            return [];
        return (evidence.status === null) === (which === 'not-shared') ? [[image, evidence]] : [];
    });
    if (stopped.length === 0)
        return;
    for (const [image, evidence] of await member.reader.confirm(new Map(stopped))) {
        member.note(image, { evidence });
        judgeImages(context, member, [image]);
    }
}
/** requireReadable stops the run if it needs reads that are closed, and warns once if it can go on without them. */
function requireReadable(context) {
    const { config, record } = context;
    const blind = record.members.filter((member) => member.with(({ evidence }) => evidence?.known === false).length > 0);
    if (blind.length === 0)
        return;
    const where = `project ${blind.map((member) => member.label).join(', ')}`;
    const needs = needsReads(config);
    if (needs === null && !config.requireProof) {
        const text = `Not verified: memberships in ${where} cannot be read (HTTP 403, or a call that is not offered), so only ${unprovenBasis(config)} counts. ${rightsCure(config.api, 'read')}`;
        if (!record.warnings.includes(text))
            warn(context, text);
        return;
    }
    const why = needs === null ? 'so the result could not be proven' : `but ${needs} needs that`;
    throw new ProblemError({
        cause: `The identity may not read memberships in ${where} (HTTP 403, or a call that is not offered), ${why}.`,
        title: 'no right to read memberships',
        cure: `${rightsCure(config.api, 'change')}${config.api === 'ims' ? READ_POLICY : ' '}${needs === null ? withoutProof(config) : ''}Nothing was changed.`,
    });
}
/** The custom policy that accepting and proving takes. */
const READ_POLICY = [
    ' For example with this custom policy:',
    '{ "Version": "1.1",',
    '  "Statement": [{ "Effect": "Allow",',
    '    "Action": ["ims:images:get", "ims:images:list", "ims:images:share"] }] }',
    '',
].join('\n');
function withoutProof(config) {
    return `Or set \`require-proof: false\`: ${unprovenBasis(config)} alone then decides, so the step can be green although an image does not have the status. `;
}
/** needsReads names the input that cannot do without the reads; null if there is none. */
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

;// CONCATENATED MODULE: ./build/members/evidence.js

const ALL_STATUSES = ['pending', 'accepted', 'rejected'];
/** listingOf reads lists as witnesses: one list proves nothing, two that agree do. */
function listingOf(image, lists) {
    const holding = new Set(lists.filter(({ records }) => records.has(image)).map(({ status }) => status));
    const [status, other] = holding;
    if (status === undefined)
        return { state: 'nowhere' };
    if (other !== undefined)
        return { state: 'contradictory' };
    const agreed = lists.some((list) => list.status !== status && lacks(list, image));
    return { state: 'listed', status, agreed };
}
/** lacks tells whether a list was read to its end and does not hold an image. */
function lacks(list, image) {
    return list.ended && !list.records.has(image) && (list.only === undefined || list.only === image);
}
/** recordIn gives the image as lists show it; the reading that came last counts. */
function recordIn(image, lists) {
    return lists.findLast(({ records }) => records.has(image))?.records.get(image) ?? null;
}
const evidence_UNKNOWN = { known: false, proven: false, status: null };
const proven = (status) => ({ known: true, proven: true, status });
/** Good enough to go on with, but nothing to report as a fact. */
const presumed = (status) => ({ known: true, proven: false, status });
/** standingOf weighs all answers about one image of another project. The member call counts for more than any list. */
function standingOf(image, answers) {
    const { lists, believed, member } = answers;
    if (member === 'pending' || member === 'accepted' || member === 'rejected')
        return proven(member);
    const listing = listingOf(image, lists);
    const isNowhere = listing.state === 'nowhere';
    if (member === 'none')
        return withoutMember(image, answers, listing);
    if (believed && listing.state === 'listed')
        return listing.agreed ? proven(listing.status) : presumed(listing.status);
    // Lists alone never show that an image is not shared, if the member can be asked.
    if (member === 'not-asked' && isNowhere)
        return presumed(null);
    if (!believed || !isNowhere || !evidence_isComplete(image, lists))
        return evidence_UNKNOWN;
    // An image in no list may be hidden: only its member could prove that it is not shared.
    return presumed(null);
}
/**
 * The image service knows no such member. A share with the project's account or an organisation looks like that too, but then the
 * project sees the image; a share that was withdrawn may stay in the lists for a while, but then it does not.
 */
function withoutMember(image, answers, listing) {
    const isNowhere = listing.state === 'nowhere';
    const listed = answers.believed && listing.state === 'listed' ? listing : null;
    if (answers.image === 'not-asked')
        return presumed(listed?.status ?? null);
    if (answers.image === 'silent') {
        if (!isNowhere)
            return evidence_UNKNOWN;
        return evidence_isComplete(image, answers.lists) ? proven(null) : presumed(null);
    }
    if (!isSeen(answers))
        return proven(null);
    if (listed !== null)
        return listed.agreed ? proven(listed.status) : presumed(listed.status);
    return isNowhere && evidence_isComplete(image, answers.lists) ? presumed(null) : evidence_UNKNOWN;
}
/** All three lists were read to their ends, and none holds the image. */
function evidence_isComplete(image, lists) {
    return ALL_STATUSES.every((status) => lists.some((list) => list.status === status && lacks(list, image)));
}
/** The project sees the image, and not because everybody does. */
function isSeen({ image }) {
    return typeof image === 'object' && !isPublic(image.visibility);
}
/** evidenceOf gives all that is known of an image, its kind as its own attributes show it. */
function evidenceOf(image, project, answers) {
    const record = typeof answers.image === 'object' ? answers.image : recordIn(image, answers.lists);
    // The project is no member of its own images, which appear in every list of shared images.
    const standing = record?.owner === project ? proven(null) : standingOf(image, answers);
    return {
        ...standing,
        name: record?.name ?? null,
        owner: record?.owner ?? null,
        kind: record?.kind ?? { fullEcs: null, encrypted: null },
        visibility: record?.visibility ?? null,
        imageStatus: record?.status ?? null,
    };
}
/**
 * fullEcsOf tells whether an image of a member status is full-ECS, by the lists that are filtered by that. Null: its own list does not
 * show it, so that the filtered one proves nothing by its silence, or the filter has no effect.
 */
function fullEcsOf(image, status, lists) {
    const own = lists.filter((list) => list.status === status);
    const whole = own.filter((list) => list.wholeImage === true);
    if (whole.some(({ records }) => records.has(image)))
        return isFilterIgnored(status, lists) ? null : true;
    const isShown = own.some((list) => list.wholeImage === undefined && list.records.has(image));
    return isShown && whole.some((list) => lacks(list, image)) ? false : null;
}
/** The lists of full-ECS images and of all others share an image: the filter has no effect. */
function isFilterIgnored(status, lists) {
    const own = lists.filter((list) => list.status === status);
    const others = own.filter((list) => list.wholeImage === false).flatMap(({ records }) => [...records.keys()]);
    return others.some((id) => own.some((list) => list.wholeImage === true && list.records.has(id)));
}
/**
 * readingOf gives the status after a change as far as it is proven: by the member itself, or by lists that show the target if the
 * job does not dispute it. Lists alone prove nothing else. Lists that are believed but contradict each other may only lag.
 */
function readingOf(image, standing, { lists, believed, member }, { target, disputed }) {
    const { proven: isProven, status, known } = standing;
    const byMember = member === status || (member === 'none' && status === null);
    if (isProven && (byMember || (!disputed && status === target)))
        return { known: true, status };
    const mayLag = believed && listingOf(image, lists).state === 'contradictory';
    return { known: false, status: null, again: mayLag || (known && status !== target) };
}

;// CONCATENATED MODULE: ./build/members/pager.js
/**
 * Reading lists of shared images, on services that cap pages, repeat entries and may give no link to the next page.
 */


const RESTARTS = 2;
/** SharedList reads one list page by page, or looks up a single image in it with the filter `id`. */
class SharedList {
    status;
    wholeImage;
    only;
    records = new Map();
    #page;
    #filter;
    #marker = null;
    #restarts = 0;
    /** False once a further page cannot show anything new. */
    goesOn = true;
    ended = false;
    /** The last page held as many images as were asked for, so that more are to be expected. */
    full = false;
    constructor(page, filter) {
        this.#page = page;
        this.#filter = filter;
        this.status = filter.memberStatus;
        this.wholeImage = filter.wholeImage;
        this.only = filter.id;
    }
    /** next reads the next page. A page that shows nothing new is the end of the list. */
    async next() {
        const { images: page, next } = await this.#read();
        if (this.only !== undefined) {
            // A service that ignores the filter gives a page of a list that may go on.
            for (const record of page)
                if (record.id === this.only)
                    this.records.set(record.id, record);
            this.ended = page.every((record) => record.id === this.only);
            this.goesOn = false;
            return;
        }
        const fresh = page.filter((record) => !this.records.has(record.id));
        for (const record of fresh)
            this.records.set(record.id, record);
        this.#marker = next;
        this.full = page.length >= (this.#filter.limit ?? PAGE_SIZE);
        this.ended = next === null || fresh.length === 0;
        this.goesOn = !this.ended;
    }
    async #read() {
        if (this.#marker === null)
            return this.#page(this.#filter);
        try {
            return await this.#page({ ...this.#filter, marker: this.#marker });
        }
        catch (error) {
            // A marker whose image has left the list meanwhile is refused (403 or 400, seen on OpenStack Glance): start over.
            const status = failureOf(error)?.status;
            if ((status !== 400 && status !== 403) || this.#restarts++ >= RESTARTS)
                throw error;
            this.#marker = null;
            return this.#skipKnown();
        }
    }
    /** Known entries stay known, so a list that was started over is read past them: only an empty page ends it for sure. */
    async #skipKnown() {
        let page = await this.#page(this.#filter);
        const walked = new Set();
        const isKnown = ({ images }) => images.every(({ id }) => this.records.has(id));
        while (page.next !== null && isKnown(page) && page.images.some(({ id }) => !walked.has(id))) {
            for (const { id } of page.images)
                walked.add(id);
            page = await this.#page({ ...this.#filter, marker: page.next });
        }
        return page;
    }
}
/** Up to this many images are asked for one by one if a list that may show them is long. */
const SOME_DOZENS = 48;
/** For some dozens of images, a page of this size shows whether a list is long; a full page of a thousand images takes a megabyte. */
const SHORT_PAGE = 100;
/** pageSizeFor gives the filter for lists that are read about so many images. */
function pageSizeFor(count) {
    return count <= SOME_DOZENS ? { limit: SHORT_PAGE } : {};
}
/**
 * isWorthReadingOn tells whether further pages are the shorter way to the images that are still open: always for many of them. For some
 * dozens, only while lists seem to be near their ends and calls for the images themselves would take more rounds.
 * @param open how many images are open
 * @param rounds how many pages of each list were read
 * @param full whether a list's last page was full, so that it is a long one
 * @param atOnce how many calls are made side by side
 */
function isWorthReadingOn(open, rounds, full, atOnce) {
    if (open > SOME_DOZENS)
        return true;
    return !full && rounds <= Math.ceil(open / atOnce);
}
/**
 * readLists reads lists side by side, a page of each at a time.
 * @param wanted gives those lists whose next page is of use; asked before every round
 */
async function readLists(wanted) {
    for (let rounds = 0;; rounds++) {
        const lists = (await wanted(rounds)).filter((list) => list.goesOn);
        if (lists.length === 0)
            return;
        await Promise.all(lists.map((list) => list.next()));
    }
}

;// CONCATENATED MODULE: ./build/members/sources.js
/**
 * The sources of what is known about memberships: the lists, two calls for a single member, and the call for a single image. Each may
 * be closed to the identity or not be offered by the host; this is remembered, so that it is found out once.
 */





/** Calls for single images or members that are made side by side. */
const AT_ONCE = 8;
class Sources {
    #reads;
    #optional;
    #shut = new Map();
    #answered = new Set();
    /** The first refusal that says that the host does not offer a call. */
    #foreign = null;
    /** Who wrote the error by which the list was found missing. */
    #listOrigin = null;
    #refused = false;
    /** The first failure of a call for a single member or image that lists may stand in for. */
    #breakage = null;
    #listsRefusal = null;
    #believed = true;
    /** Whether lists have to be asked for with all enterprise projects; settled by the first refusal. */
    #enterprise = null;
    /** @param optional the run goes on without any reads, so that a host need not offer them */
    constructor(reads, optional = false) {
        this.#reads = reads;
        this.#optional = optional;
    }
    /** What closed the lists. */
    get listsRefusal() {
        return this.#listsRefusal;
    }
    /** See `MembershipReads`. */
    get api() {
        return this.#reads.api;
    }
    /** True if the host answers as plain OpenStack does, which has the native calls, but not the list of IMS. */
    get looksLikeOpenStack() {
        if (this.api !== 'ims' || !this.#isMissing('lists'))
            return false;
        return this.#listOrigin === 'image-service' || this.#answered.size > 0;
    }
    get listsOpen() {
        return !this.#shut.has('lists');
    }
    /** False once lists have contradicted each other; from then on the members decide. */
    get listsBelieved() {
        return this.#believed;
    }
    distrustLists() {
        this.#believed = false;
    }
    /** True once the host has answered a read. */
    get isAnswered() {
        return this.#answered.size > 0;
    }
    /** reopen has closed sources asked once more: rights and what they depend on may have changed, above all after a change. */
    reopen() {
        for (const [source, why] of this.#shut)
            if (why !== 'missing')
                this.#shut.delete(source);
        this.#breakage = null;
    }
    /** Throws the failure of a call if the other sources could not answer what was asked. */
    requireAnswers(isAnswered) {
        if (!isAnswered && this.#breakage !== null)
            throw this.#breakage;
    }
    /** Throws if nothing that the host has answered shows that it is an image service. */
    requireOffered() {
        const failure = this.#foreign;
        if (this.#optional || failure === null || this.#refused || this.#answered.size > 0)
            return;
        throw new ProblemError({
            title: 'the host does not offer the image service',
            cause: `This host does not offer the call: ${failure.call} at ${failure.host} (HTTP ${failure.status}${failure.code === null ? '' : `, ${failure.code}`}), and none of the other reads either.`,
            cure: 'Check `region` and `ims-endpoint`: they must lead to the image service. Nothing was changed, and nothing is known about the images.',
            code: failure.code,
            requestId: failure.requestId,
        });
    }
    /** list begins a list; nothing is read yet. */
    list(filter) {
        return new SharedList((page) => this.#page(page), filter);
    }
    /**
     * read reads lists side by side for as long as that is of use.
     * @param open tells what is left to find out; asked between rounds of pages
     */
    async read(lists, open) {
        if (!this.listsOpen)
            return;
        try {
            await readLists(async (rounds) => {
                if (rounds === 0)
                    return lists;
                const left = await open();
                const full = left.lists.some((list) => list.full);
                return isWorthReadingOn(left.count, rounds, full, AT_ONCE) ? left.lists : [];
            });
        }
        catch (error) {
            if (this.#unavailable('lists', error) === null)
                throw error;
        }
    }
    /** member asks for one member, by the call that the host offers. */
    async member(image, project) {
        for (const call of this.api === 'ims' ? ['native', 'newer'] : ['native']) {
            if (this.#isMissing(call))
                continue;
            const reply = await this.#ask(call, () => this.#reads.getMember(image, project, call));
            if (reply !== 'silent' || !this.#isMissing(call))
                return reply;
        }
        return 'silent';
    }
    image(image) {
        return this.#ask('image', () => this.#reads.getImage(image));
    }
    /** settle decides what a 404 without a body means, once other reads may have been answered. */
    settle(reply) {
        if (reply !== 'unsure')
            return reply;
        return this.#answered.size > 0 ? 'none' : 'silent';
    }
    async #ask(source, call) {
        if (this.#shut.has(source))
            return 'silent';
        try {
            const answer = await call();
            this.#answered.add(source);
            return answer;
        }
        catch (error) {
            const why = this.#unavailable(source, error);
            if (why === null && !this.#isBroken(source, error))
                throw error;
            return why === 'absent' ? 'none' : why === 'unsure' ? 'unsure' : 'silent';
        }
    }
    /** What a failed read says about its source; null if it is an ordinary failure. */
    #unavailable(source, error) {
        const failure = failureOf(error);
        if (failure === null)
            return null;
        const why = source === 'lists' ? listAvailability(error) : availabilityOf(error);
        if (source === 'lists')
            this.#listsRefusal ??= failure;
        if (why === 'missing' || why === 'unsure')
            this.#foreign ??= failure;
        if (source === 'lists' && why === 'missing')
            this.#listOrigin = failure.origin;
        if (why === 'closed' || why === 'absent')
            this.#refused = true;
        // Closed for one image only if the call has been answered for another one.
        if (why === 'missing' || (why === 'closed' && !this.#answered.has(source)))
            this.#shut.set(source, why);
        return why;
    }
    /** A useless answer about a member or image closes that call, because lists may know. Without any answer, they would not be reached either. */
    #isBroken(source, error) {
        const failure = failureOf(error);
        if (failure === null || failure.status === null || failure.status === 401 || isThrottled(failure))
            return false;
        this.#breakage ??= error;
        this.#shut.set(source, 'broken');
        return true;
    }
    #isMissing(source) {
        return this.#shut.get(source) === 'missing';
    }
    /** An identity with rights in enterprise projects only may have to name them; that is tried once. */
    async #page(filter) {
        const all = (await this.#enterprise) ?? false;
        try {
            return await this.#listed(all ? { ...filter, allEnterpriseProjects: true } : filter);
        }
        catch (error) {
            if (all || this.api !== 'ims' || filter.marker !== undefined || failureOf(error)?.status !== 403)
                throw error;
            const isFirst = this.#enterprise === null;
            const attempt = isFirst ? this.#listed({ ...filter, allEnterpriseProjects: true }) : null;
            this.#enterprise ??= (attempt ?? Promise.resolve()).then(() => true, () => false);
            if (!(await this.#enterprise))
                throw error;
            return attempt ?? this.#listed({ ...filter, allEnterpriseProjects: true });
        }
    }
    async #listed(filter) {
        const page = await this.#reads.listShared(filter);
        this.#answered.add('lists');
        return page;
    }
}
/** A list cannot be absent, so any 404 means that the call is missing. */
function listAvailability(error) {
    const why = availabilityOf(error);
    return why === null || why === 'closed' ? why : 'missing';
}

;// CONCATENATED MODULE: ./build/members/inquiry.js





const inquiry_ALL_STATUSES = ['pending', 'accepted', 'rejected'];
class Inquiry {
    lists = [];
    sources;
    #members = new Map();
    #images = new Map();
    #scope;
    /** Empty until the scope of the credentials is certain. */
    project = '';
    constructor(sources, scope) {
        this.sources = sources;
        this.#scope = scope;
    }
    /** begin waits until it is certain whose images these are; nothing that was read is weighed before. */
    async begin() {
        this.project = (await this.#scope).id;
        return this;
    }
    /**
     * add begins lists, one for each status, or one for each status and image.
     * @param about the images to look up one by one, or how many images whole lists are read about
     */
    add(statuses, about, wholeImage) {
        const filters = typeof about === 'number' ? [pageSizeFor(about)] : about.map((id) => ({ id }));
        const whole = wholeImage === undefined ? {} : { wholeImage };
        const lists = statuses.flatMap((memberStatus) => filters.map((filter) => this.sources.list({ memberStatus, ...filter, ...whole })));
        this.lists.push(...lists);
        return lists;
    }
    /** The lists that are filtered by nothing but the member status and an ID. */
    get plain() {
        return this.lists.filter(({ wholeImage }) => wholeImage === undefined);
    }
    answers(image) {
        return {
            lists: this.plain,
            believed: this.sources.listsBelieved,
            member: this.#members.get(image) ?? 'not-asked',
            image: this.#images.get(image) ?? 'not-asked',
        };
    }
    evidence(image) {
        const evidence = evidenceOf(image, this.project, this.answers(image));
        const asked = evidence.status === null ? null : fullEcsOf(image, evidence.status, this.lists);
        return { ...evidence, kind: { ...evidence.kind, fullEcs: evidence.kind.fullEcs ?? asked } };
    }
    /** isOwn: own images appear in every list of shared images, so that these do not contradict each other. */
    isOwn(image) {
        return this.evidence(image).owner === this.project;
    }
    /** isCertain tells whether the member was asked, if it can be, or the image is the project's own. */
    isCertain(image) {
        return this.#members.has(image) || this.isOwn(image);
    }
    /**
     * noteContradictions compares the lists with each other, not only about the images of the question: a list whose filter has no effect
     * shows other images under a wrong status as well. Lists that contradict each other are not believed any more.
     */
    noteContradictions() {
        if (!this.sources.listsBelieved)
            return;
        const shown = new Map();
        for (const { status, records } of this.plain)
            for (const [image, { owner }] of records) {
                if (owner === this.project)
                    continue;
                if ((shown.get(image) ?? status) !== status) {
                    this.sources.distrustLists();
                    return;
                }
                shown.set(image, status);
            }
    }
    readToEnd(lists) {
        return this.sources.read(lists, () => ({ count: Number.POSITIVE_INFINITY, lists }));
    }
    /** readFor reads lists until they hold the images; `toEnd`: however long they are. */
    readFor(images, lists, toEnd = false) {
        return this.sources.read(lists, () => {
            const open = images.filter((image) => !lists.some((list) => list.records.has(image)));
            return { count: toEnd ? Number.POSITIVE_INFINITY : open.length, lists: open.length === 0 ? [] : lists };
        });
    }
    /** askMembers asks for each member, side by side. */
    async askMembers(images) {
        const replies = await pool(images, AT_ONCE, async (image) => this.isOwn(image) ? 'none' : this.sources.member(image, this.project));
        for (const [index, image] of images.entries())
            this.#members.set(image, this.sources.settle(replies[index] ?? 'silent'));
    }
    /** ask asks for each member, and at the same time for the image if no list shows it. */
    async ask(images) {
        const [first] = images;
        // At a wrong address everything is a 404, which one image shows as well as a thousand.
        if (!this.sources.isAnswered && images.length > AT_ONCE && first !== undefined) {
            await this.#askBoth([first]);
            this.sources.requireOffered();
        }
        await this.#askBoth(images);
    }
    async #askBoth(images) {
        const unlisted = images.filter((image) => recordIn(image, this.plain) === null);
        const unasked = images.filter((image) => !this.#members.has(image));
        await Promise.all([this.askMembers(unasked), this.askImages(unlisted)]);
    }
    /** askImages asks for the images themselves, unless that has been done. */
    async askImages(images) {
        const open = images.filter((image) => !this.#images.has(image));
        const replies = await pool(open, AT_ONCE, (image) => this.sources.image(image));
        for (const [index, image] of open.entries())
            this.#images.set(image, this.sources.settle(replies[index] ?? 'silent'));
    }
    /**
     * resolve asks on for images whose members cannot be asked, or are not found although the project sees the image, as with a share with
     * its account or organisation: then the image itself and all three lists have to tell.
     * @param last the list that is read after the others
     */
    async resolve(images, last) {
        await this.askImages(images.filter((image) => this.answers(image).member === 'none' && this.#isUnresolved(image)));
        await this.#readAllLists(images, last);
        // A share that arrived between the two calls shows in the image only; its member is there by now.
        await this.askMembers(images.filter((image) => this.answers(image).member === 'none' && this.#isUnresolved(image)));
    }
    async #readAllLists(images, last) {
        const open = images.filter((image) => this.#isUnresolved(image));
        if (!this.sources.listsBelieved || !this.sources.listsOpen || open.length === 0)
            return;
        for (const statuses of [inquiry_ALL_STATUSES.filter((status) => status !== last), [last]]) {
            const unread = statuses.filter((status) => open.some((image) => !this.#isReadFor(image, status)));
            await this.readToEnd(this.add(unread, open.length <= FEW ? open : Number.POSITIVE_INFINITY));
        }
    }
    #isReadFor(image, status) {
        return this.plain.some((list) => list.status === status && (list.records.has(image) || lacks(list, image)));
    }
    #isUnresolved(image) {
        const answers = this.answers(image);
        if (!this.#members.has(image) || this.evidence(image).proven)
            return false;
        return answers.member !== 'none' || answers.image !== 'none';
    }
}

;// CONCATENATED MODULE: ./build/members/kinds.js


/** isKindOpen tells whether neither an image's attributes nor the filtered list have shown what it is. Only IMS has kinds. */
function isKindOpen(image, status, { lists, sources }) {
    if (sources.api !== 'ims')
        return false;
    const kind = recordIn(image, lists)?.kind.fullEcs ?? null;
    const whole = lists.filter((list) => list.status === status && list.wholeImage === true);
    return kind === null && !whole.some((list) => list.records.has(image) || lacks(list, image));
}
/** askKinds asks for the kinds of all images that are to be accepted and whose kind is open. */
async function askKinds(images, inquiry) {
    for (const status of ['pending', 'rejected']) {
        const shared = images.filter((image) => inquiry.evidence(image).status === status);
        const open = shared.filter((image) => isKindOpen(image, status, inquiry));
        if (open.length > 0 && inquiry.sources.listsOpen)
            await ask(open, status, inquiry);
        if (inquiry.sources.listsOpen)
            await testFilter(shared, status, inquiry);
    }
}
async function ask(open, status, inquiry) {
    // The silence of the filtered list counts only for images that the list of their status shows.
    const unlisted = open.filter((image) => !inquiry.plain.some((list) => list.status === status && list.records.has(image)));
    const isFew = open.length <= SOME_DOZENS;
    await inquiry.readToEnd([
        ...(unlisted.length === 0 ? [] : inquiry.add([status], isFew ? unlisted : open.length)),
        ...inquiry.add([status], isFew ? open : open.length, true),
    ]);
}
/**
 * If the list of full-ECS images holds every image of the question, one of them without another sign of what it is, the filter may have
 * no effect: then the list of all others holds them too.
 */
async function testFilter(shared, status, inquiry) {
    const lists = inquiry.lists.filter((list) => list.status === status);
    const unmarked = shared.filter((image) => recordIn(image, lists)?.kind.fullEcs === null);
    const isHeld = unmarked.every((image) => fullEcsOf(image, status, lists) === true);
    const unsigned = unmarked.filter((image) => recordIn(image, lists)?.fromBackup === false);
    const [only] = unsigned;
    if (!isHeld || only === undefined)
        return;
    const others = inquiry.add([status], unsigned.length === 1 ? [only] : Number.POSITIVE_INFINITY, false);
    await inquiry.sources.read(others, () => {
        const isFound = others.some((list) => unsigned.some((image) => list.records.has(image)));
        return { count: Number.POSITIVE_INFINITY, lists: isFound ? [] : others };
    });
}

;// CONCATENATED MODULE: ./build/members/open-images.js
/**
 * Which images of a question are still open, given what lists have shown so far.
 */



/** readUntilClear reads on in whatever list can still settle something. */
function readUntilClear(question, inquiry, lists) {
    return inquiry.sources.read(lists, async () => {
        await inquiry.begin();
        // For a single image, no other list is read if the first one shows it.
        const open = unsettled(question, inquiry, question.ids.length === 1);
        const unclear = question.ids.filter((image) => isKindOpen(image, 'pending', inquiry));
        const wanted = lists.filter((list) => (list.wholeImage === undefined ? open : unclear).some((image) => !list.records.has(image)));
        return { count: Math.max(open.length, unclear.length), lists: wanted };
    });
}
/**
 * unsettled gives the images that lists have not settled: all of them, once lists have contradicted each other.
 * @param presumes whether to take one list for enough where the question allows it
 */
function unsettled(question, inquiry, presumes) {
    inquiry.noteContradictions();
    if (!inquiry.sources.listsBelieved)
        return question.ids;
    return question.ids.filter((image) => {
        const listing = listingOf(image, inquiry.plain);
        if (listing.state !== 'listed')
            return true;
        const isEnough = listing.agreed ? question.listsProve : question.presumes;
        return !((listing.agreed || presumes) && isEnough.has(listing.status));
    });
}
/** unlisted gives the unsettled images that no list shows. */
function open_images_unlisted(question, inquiry) {
    return unsettled(question, inquiry, true).filter((image) => recordIn(image, inquiry.plain) === null);
}
/** sampleOf picks a few images, other ones in every round. */
function sampleOf(images, round) {
    const start = (round * SAMPLE) % images.length;
    return [...images.slice(start), ...images].slice(0, SAMPLE);
}

;// CONCATENATED MODULE: ./build/members/reader.js
/**
 * Reading the images and memberships of one project: asks the sources in the order that takes the fewest requests, until the evidence
 * answers the question.
 */









class Reader {
    #sources;
    #project;
    /**
     * @param project settles when the credentials' scope is certain; nothing is believed before
     * @param optional see `Sources`
     */
    constructor(reads, project, optional = false) {
        this.#sources = new Sources(reads, optional);
        this.#project = project;
    }
    /** look learns all there is to know of the images. Throws if the service fails, or is no image service; not if it refuses to tell. */
    async look(question) {
        const { ids, accepting, lists } = question;
        const inquiry = new Inquiry(this.#sources, this.#project);
        const about = ids.length === 1 ? ids : ids.length;
        inquiry.add(lists, about);
        if (accepting && this.#sources.api === 'ims')
            inquiry.add(['pending'], about, true);
        await this.#afterScope(inquiry, readUntilClear(question, inquiry, inquiry.lists));
        const others = inquiry_ALL_STATUSES.filter((status) => !lists.includes(status));
        // For many images that the likely lists do not show, the other lists are shorter than a call for each.
        if (lists.length > 0 && open_images_unlisted(question, inquiry).length > FEW && this.#sources.listsBelieved)
            await readUntilClear(question, inquiry, inquiry.add(others, ids.length));
        const open = await this.#worthAsking(question, inquiry);
        await inquiry.ask(open);
        await inquiry.resolve(open, 'accepted');
        inquiry.noteContradictions();
        if (accepting) {
            await askKinds(ids, inquiry);
            // That an image cannot be used is believed only if the image itself says so.
            await inquiry.askImages(ids.filter((image) => usabilityOf(inquiry.evidence(image).imageStatus) !== 'usable'));
        }
        this.#sources.requireOffered();
        this.#sources.requireAnswers(ids.map((image) => inquiry.evidence(image)).every(isAnswered));
        return new Map(ids.map((image) => {
            const evidence = inquiry.evidence(image);
            // However much lists agree, they prove nothing about a few images.
            const isProven = evidence.proven && (ids.length > FEW || inquiry.isCertain(image));
            return [image, { ...evidence, proven: isProven }];
        }));
    }
    /** confirm asks for each image's member, whatever lists have shown of it. */
    async confirm(known) {
        const inquiry = await new Inquiry(this.#sources, this.#project).begin();
        const images = [...known.keys()];
        await inquiry.ask(images);
        await inquiry.resolve(images, 'accepted');
        return new Map([...known].map(([image, before]) => {
            const now = inquiry.evidence(image);
            const { known: isKnown, proven, status } = now;
            // No answer may have shown the image now; what it is was known before.
            if (now.owner === null)
                return [image, { ...before, known: isKnown, proven, status }];
            return [image, { ...now, kind: { ...now.kind, fullEcs: now.kind.fullEcs ?? before.kind.fullEcs } }];
        }));
    }
    /** What closed the lists, if `all` gave nothing. */
    get listsRefusal() {
        return this.#sources.listsRefusal;
    }
    /**
     * all reads the three lists to their ends. Null if the identity may not list.
     * @param kinds also find out which of the pending images are full-ECS
     * @param matters the images whose status has to be certain
     * @param provable the statuses for which lists are enough, given which images matter; see `Question`
     */
    async all(kinds = false, matters = () => true, provable = () => new Set(inquiry_ALL_STATUSES)) {
        const inquiry = new Inquiry(this.#sources, this.#project);
        inquiry.add(inquiry_ALL_STATUSES, Number.POSITIVE_INFINITY);
        if (kinds && this.#sources.api === 'ims')
            inquiry.add(['pending'], Number.POSITIVE_INFINITY, true);
        await this.#afterScope(inquiry, inquiry.readToEnd(inquiry.lists));
        this.#sources.requireOffered();
        if (!this.#sources.listsOpen)
            return null;
        const records = new Map(inquiry.plain.flatMap((list) => [...list.records]));
        const foreign = [...records].filter(([, { owner }]) => owner !== inquiry.project);
        inquiry.noteContradictions();
        const wanted = foreign.filter(([, record]) => matters(record)).map(([image]) => image);
        const enough = provable(wanted);
        const isSettled = ({ status }) => this.#sources.listsBelieved && status !== null && enough.has(status);
        const open = wanted.filter((image) => !isSettled(inquiry.evidence(image)));
        await inquiry.ask(open);
        await inquiry.resolve(open, 'accepted');
        if (wanted.some((image) => !inquiry.evidence(image).known))
            throw new ProblemError(contradiction(this.#sources.api));
        if (kinds)
            await askKinds(wanted, inquiry);
        return foreign.flatMap(([image, record]) => {
            const evidence = inquiry.evidence(image);
            const { status } = evidence;
            return status === null ? [] : [{ status, record, evidence }];
        });
    }
    /**
     * arrived gives those images that may have come to be shared, or usable, meanwhile; for waiting at little cost. The list of pending
     * images and a few members are enough, because only a look can tell for certain.
     * @param onTheirWay images that are shared but were not usable yet
     * @param round counts the calls, so that other members are asked each time
     */
    async arrived(missing, onTheirWay, round) {
        const inquiry = await new Inquiry(this.#sources, this.#project).begin();
        if (missing.length > 0)
            await inquiry.readFor(missing, inquiry.add(['pending'], missing.length === 1 ? missing : Number.POSITIVE_INFINITY), true);
        const hidden = missing.filter((image) => recordIn(image, inquiry.lists) === null);
        const isFew = hidden.length <= FEW || !this.#sources.listsOpen;
        const samples = isFew ? hidden : sampleOf(hidden, round);
        await Promise.all([inquiry.askMembers(samples), inquiry.askImages(onTheirWay)]);
        const usable = onTheirWay.filter((image) => usabilityOf(inquiry.evidence(image).imageStatus) !== 'on-its-way');
        // The lists hide a member, so that any other image may be shared too.
        if (samples.some((image) => inquiry.evidence(image).status !== null))
            return [...missing, ...usable];
        return [...missing.filter((image) => !hidden.includes(image)), ...usable];
    }
    /** Many images that no list shows: while they are waited for, a few members tell whether the lists hide them. */
    async #worthAsking(question, inquiry) {
        const open = unsettled(question, inquiry, true);
        const missing = open_images_unlisted(question, inquiry);
        if (!question.waits || missing.length <= AT_ONCE || !this.#sources.listsOpen)
            return open;
        const samples = sampleOf(missing, 0);
        await inquiry.askMembers(samples);
        if (samples.some((image) => inquiry.evidence(image).status !== null))
            return open;
        return open.filter((image) => !missing.includes(image));
    }
    /** statuses reads back what became of members. */
    async statuses(images, readback) {
        const { target, agrees, disputes } = readback;
        const inquiry = await new Inquiry(this.#sources, this.#project).begin();
        const credible = images.filter(agrees);
        if (this.#sources.listsBelieved && this.#sources.listsOpen && credible.length > FEW)
            await this.#readLists(credible, readback, inquiry);
        const open = images.filter((image) => {
            const listing = listingOf(image, inquiry.lists);
            const isThere = listing.state === 'listed' && listing.status === target && listing.agreed;
            return !(isThere && agrees(image) && this.#sources.listsBelieved);
        });
        await inquiry.askMembers(open);
        await inquiry.resolve(open, target);
        const readings = images.map((image) => {
            const expected = { target, disputed: disputes(image) };
            return [image, readingOf(image, inquiry.evidence(image), inquiry.answers(image), expected)];
        });
        this.#sources.requireAnswers(readings.every(([, { known }]) => known));
        return new Map(readings);
    }
    /** See `Sources`. */
    get looksLikeOpenStack() {
        return this.#sources.looksLikeOpenStack;
    }
    /** reopen has closed reads tried once more; see `Sources`. */
    reopen() {
        this.#sources.reopen();
    }
    /**
     * The target's list is begun only when the others have been read: an image that moves in between is then seen at its new place. One
     * that both show has moved, or one of them lags, so that its member is asked; this makes no other image suspect.
     */
    async #readLists(images, { target, before }, inquiry) {
        const left = before.filter((status) => status !== target);
        const others = inquiry.add(left.length > 0 ? left : inquiry_ALL_STATUSES.filter((status) => status !== target), images.length);
        await this.#sources.read(others, () => ({ count: images.length, lists: others }));
        await inquiry.readFor(images, inquiry.add([target], images.length));
    }
    /** The check of the scope goes first: if it fails, what the reads say or fail with is worth nothing. */
    async #afterScope(inquiry, begun) {
        begun.catch(() => { });
        await inquiry.begin();
        await begun;
    }
}
/** That an image is not shared is no answer unless it is proven. */
function isAnswered({ known, proven, status }) {
    return known && (proven || status !== null);
}
function contradiction(api) {
    return {
        cause: 'The lists of shared images contradict each other, and the members themselves cannot be asked.',
        cure: `${rightsCure(api, 'read')} Or name the images with \`images\`. Nothing was changed.`,
    };
}

;// CONCATENATED MODULE: ./build/run/open.js
/**
 * Log in, scoped to each project.
 */










/** Connections that the first reads of a project need. */
const FIRST_READS = 2;
/**
 * open logs in to every project of the run and gives them in the run's order. The first login goes alone: if the credentials are
 * wrong, a refused login for each project would lock the account. While IAM answers, the connections that the first reads need are
 * opened already, if the host is known for certain.
 * @param connect opens a connection to the host of a URL ahead of need
 */
async function open_open(context, login, connect) {
    const { config, record } = context;
    const targets = record.members.map((member) => ({ member, target: targetOf(config, member) }));
    trace(context, targets);
    const openOne = async ({ member, target }) => {
        try {
            const { ims } = target.endpoints;
            // Later projects find the connections of those before them.
            const needed = record.members.indexOf(member) < PROJECTS_AT_ONCE ? FIRST_READS : 0;
            if (ims?.final)
                for (let count = 0; count < needed; count++)
                    connect(ims.url);
            const session = explained(await login.open(target));
            const optional = !config.requireProof && needsReads(config) === null;
            const reader = new Reader(session.service, session.project, optional);
            return Object.assign(member, { session, reader });
        }
        catch (error) {
            throw error instanceof RunStopped ? error : new ProblemError(explainFor(member, record, error), { cause: error });
        }
    };
    const [first, ...others] = targets;
    if (first === undefined)
        return [];
    const opened = [await openOne(first), ...(await pool(others, PROJECTS_AT_ONCE, openOne))];
    noteDisagreements(context, opened);
    return opened;
}
/** A failed login is explained at once: later it would look like an answer of the image service. */
function explained(session) {
    const project = session.project.catch((error) => {
        throw error instanceof RunStopped ? error : new ProblemError(explain(error), { cause: error });
    });
    project.catch(() => { });
    return { ...session, project };
}
/** Names the variables that turn out to name another project, as soon as it is certain which projects the run has. */
function noteDisagreements({ config, record, log }, opened) {
    if (config.unconfirmed.length === 0)
        return;
    const note = (projects) => {
        for (const { text, note } of config.unconfirmed) {
            if (projects.some((project) => isProject(project, text)))
                continue;
            log.line(note);
            record.notes.push(note);
        }
    };
    // A failure is noted by the steps that follow.
    Promise.all(opened.map(({ session }) => session.project)).then(note, () => { });
}
function targetOf({ api, imsEndpoint, authUrl, projectSource }, { given, region }) {
    const project = given === '' ? null : given;
    return {
        given: project,
        source: projectSource,
        region,
        endpoints: resolveEndpoints({ api, region, imsEndpoint, authUrl, projectName: project }),
    };
}
/** Says before the login who logs in where, and for which projects: names of inputs and variables, never their values. */
function trace({ config, record, log }, targets) {
    const { login, agency } = config;
    const hosts = [...new Set(targets.map(({ target }) => new URL(target.endpoints.iam).host))].join(', ');
    const projects = targets.map(({ member }) => member.label);
    const named = projects.slice(0, open_NAMED).join(', ');
    const more = projects.length > open_NAMED ? ` and ${projects.length - open_NAMED} more` : '';
    const where = config.projects.length === 0
        ? 'the project of these credentials'
        : `${projects.length === 1 ? 'project' : 'projects'} ${named}${more}`;
    const through = agency === null ? '' : `, through agency ${agency.name} of account ${agency.domain}`;
    log.line(`Logging in by method ${methodTitle(login.method)} (${login.sources.join(', ')})${through} at ${hosts} for ${where}`);
    record.loginHost = hosts;
}
/** Projects named in the log line of the login. */
const open_NAMED = 10;

;// CONCATENATED MODULE: ./build/run/other-api.js
/**
 * A hint for runs that went wrong because the cloud has another API than the inputs say. It never changes what is called: an answer of a
 * proxy must not decide that.
 */

/** noteOtherApi adds the hint if something went wrong at a host that answers like plain OpenStack. */
function noteOtherApi(record, opened) {
    const other = opened.find(({ reader }) => reader.looksLikeOpenStack);
    if (other === undefined)
        return;
    const isWrong = record.members.some((member) => member.with(({ obstacle, refusal }) => obstacle !== null || refusal !== null).length > 0);
    if (!isWrong && record.problems.length === 0)
        return;
    record.problem(problem({
        cause: `${new URL(other.session.serviceUrl).host} answers like the image service of plain OpenStack: it does not have the list of IMS.`,
        cure: 'If this cloud is plain OpenStack, set `api: openstack`.',
    }));
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
 * hasChanged returns whether this run changed any membership, or sent a change whose effect could not be learnt: one that no
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
    /** Why the service no longer accepts the identity, so that nothing can be read back with it either. */
    identityRefused = null;
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
        return this.project?.name ?? (this.given === '' ? (this.project?.id ?? "the credentials' project") : this.given);
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
    /** What the run was waiting for when it reached its time limit. */
    timedOut = null;
    /** Host of IAM, as soon as it is known. */
    loginHost = null;
    jobWorkflowRef = null;
    #config;
    startedAt;
    constructor(config, members, startedAt) {
        this.#config = config;
        this.members = members;
        this.notes = [...config.notes];
        this.startedAt = startedAt;
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
        const { status, mode, api, wait, requireProof } = this.#config;
        const { blocked, stopped } = this;
        const readCure = rightsCure(api, 'read');
        const progress = { status, mode, wait, requireProof, readCure, blocked, stopped };
        const facts = this.members.flatMap((member) => [...member.facts.values()].map((known) => ({ ...known, project: member.id })));
        const results = facts.map((known) => settle(known, progress));
        for (const result of results)
            this.request(result.requestId);
        const outcome = verdict(results, progress);
        return {
            outcome,
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
            problems: outcome === 'timeout' && this.timedOut !== null ? [this.timedOut, ...this.problems] : this.problems,
            trustedOwners: this.#config.trustedOwners,
            manifests: this.#config.selection.by === 'ids' ? this.#config.selection.manifests : [],
            login: { ...this.#config.login, host: this.loginHost },
            jobWorkflowRef: this.jobWorkflowRef,
            warnings: this.warnings,
            notes: this.notes,
            startedAt: this.startedAt,
            endedAt,
        };
    }
}

;// CONCATENATED MODULE: ./build/run/shares.js
/**
 * Waits for images that are not shared, or not ready, yet: Packer requests the share and does not wait for it.
 */






/**
 * awaitShares looks again at a project's missing images until all are shared and ready, or `share-timeout` is over. The last word on
 * images that stay missing comes from their own members.
 */
async function awaitShares(context, member) {
    const { config, log, clock } = context;
    const wait = { begun: clock.now(), asked: 1 };
    log.line(`Waiting up to ${config.shareTimeout / 1000} s for ${plural(waitingFor(member).length, 'image')} to be shared with ${member.label}`);
    try {
        await askUntilShared(context, member, wait);
    }
    catch (error) {
        if (error instanceof RunStopped && error.reason === 'timeout')
            giveUp(context, member, wait, 'timeout');
        throw error;
    }
}
async function askUntilShared(context, member, wait) {
    const { config, clock, signal } = context;
    for (;;) {
        const elapsed = clock.now() - wait.begun;
        const rest = config.shareTimeout - elapsed;
        await clock.sleep(Math.max(0, Math.min(rest, shareDelay(elapsed, clock.random()))), signal);
        // Another image or project has stopped the run meanwhile: what arrives would not be used.
        if (isHopeless(context))
            return;
        wait.asked++;
        const isLast = clock.now() - wait.begun >= config.shareTimeout;
        const news = isLast
            ? waitingFor(member)
            : await member.reader.arrived(member.with(isMissing), member.with((facts) => facts.mayPass && !isMissing(facts)), wait.asked);
        await lookAgain(context, member, news, wait.asked);
        if (waitingFor(member).length === 0)
            return;
        if (isLast)
            return giveUp(context, member, wait, 'share-timeout');
    }
}
async function lookAgain(context, member, news, asked) {
    if (news.length === 0)
        return;
    const { config, log } = context;
    const arrived = [];
    for (const [image, evidence] of await member.reader.look({ ...questionOf(config, news), waits: false })) {
        member.note(image, { evidence });
        requireReadable(context);
        judgeImages(context, member, [image]);
        if (member.facts.get(image)?.mayPass !== true)
            arrived.push(`${image} ${log.quote(evidence.name ?? '')}`);
    }
    const times = `(asked ${asked} times)`;
    for (const image of arrived.slice(0, shares_NAMED))
        log.line(`Image ${image} is shared now ${times}`);
    if (arrived.length > shares_NAMED)
        log.line(`${plural(arrived.length - shares_NAMED, 'more image')} shared now ${times}`);
}
/** Images that the log names when they arrive together. */
const shares_NAMED = 5;
/** @param limit the input that ended the wait */
function giveUp(context, member, { begun, asked }, limit) {
    const { log, clock } = context;
    const left = waitingFor(member);
    const seconds = ((clock.now() - begun) / 1000).toFixed(0);
    log.line(`${plural(left.length, 'image')} still not shared with ${member.label}, or not ready, after ${seconds} s`);
    const ended = limit === 'timeout' ? `, until \`timeout\` ended the run` : '';
    const raise = `raise \`${limit}\`${limit === 'timeout' ? ', which ends the wait for shares too' : ''}`;
    for (const image of left) {
        const facts = member.facts.get(image);
        if (facts === undefined)
            continue;
        const obstacle = isMissing(facts)
            ? problem({
                cause: `The image is not shared with this project: asked ${asked} times in ${seconds} s${ended}.`,
                cure: `If shares take longer, ${raise}. The owner's share may have failed: check it there, and share the image with project ${member.id}. Also check the ID and \`region\`.`,
                title: 'not shared',
            })
            : problem({
                cause: `The image is not ready: its own status is still ${facts.evidence?.imageStatus}, asked ${asked} times in ${seconds} s${ended}.`,
                cure: `Check whether its owner is still uploading it. If images take longer, ${raise}.`,
                title: 'not ready',
            });
        member.note(image, { obstacle, mayPass: false });
    }
}
/** isHopeless tells whether something other than what is waited for has stopped the run. */
function isHopeless({ record }) {
    if (record.problems.length > 0)
        return true;
    return record.members.some((member) => member.with(({ obstacle, mayPass }) => obstacle !== null && !mayPass).length > 0);
}
/** waitingFor gives the images that may become shared, or usable, by themselves. */
function waitingFor(member) {
    return member.with(({ mayPass }) => mayPass);
}
function isMissing({ mayPass, evidence }) {
    return mayPass && evidence?.status === null;
}

;// CONCATENATED MODULE: ./build/run/time-limit.js
/**
 * What a run was waiting for when it reached its time limit.
 */



/** Jobs that the message names. */
const time_limit_NAMED = 3;
/**
 * timeLimitProblem explains the time-out of a run, and that `timeout` is the input to raise.
 * @param cause what was under way: the failure of a call, or undefined if the run was waiting between two calls
 */
function timeLimitProblem(record, cause) {
    const call = failureOf(cause);
    const why = cause === undefined ? null : explain(cause);
    const jobs = openJobs(record);
    const some = `${jobs.slice(0, time_limit_NAMED).join(', ')}${jobs.length > time_limit_NAMED ? ` and ${jobs.length - time_limit_NAMED} more` : ''}`;
    const wait = call === null ? time_limit_waitingFor(record, jobs.length) : `for ${call.host}`;
    return problem({
        // Without job IDs, which the service chooses: titles are printed as they are.
        title: `waiting ${wait}`,
        cause: [
            `The run reached its time limit (\`timeout\`) while waiting ${wait}${jobs.length > 0 && call === null ? `: ${some}` : ''}.`,
            ...(why === null ? [] : [why.cause]),
        ].join(' '),
        // Advice on the call itself would be for one that has failed for good.
        cure: call?.hint.startsWith('Raise `timeout`') === true ? call.hint : 'Raise `timeout`.',
        code: why?.code ?? null,
        requestId: why?.requestId ?? null,
    });
}
function openJobs({ members }) {
    const open = members.flatMap(({ facts }) => [...facts.values()].filter(({ job }) => job === null || job.state === 'running').map(({ jobId }) => jobId));
    return [...new Set(open)].filter((id) => id !== null);
}
function time_limit_waitingFor({ blocked }, jobs) {
    if (blocked)
        return 'for images to be shared or ready';
    if (jobs > 0)
        return `for ${jobs === 1 ? 'a job' : `${jobs} jobs`}`;
    return 'for the service to take changes, or for memberships to change';
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
        opened = await open_open(context, login, (url) => tools.transport.connect(url, config.requestTimeout));
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
    noteOtherApi(record, opened);
    log.endGroup();
    const report = record.report(clock.now());
    const notice = encryptedNotice(report);
    if (notice === null)
        return report;
    log.notice(notice);
    return { ...report, notes: [...report.notes, notice] };
}
/** An encrypted image is usable only with its owner's key, and the member cannot see whether the key is granted. */
function encryptedNotice({ status, results }) {
    const encrypted = status === 'accepted' ? results.filter((result) => result.kind.encrypted === true && hasStatus(result)) : [];
    const [first] = encrypted;
    if (first === undefined)
        return null;
    const others = encrypted.length === 1 ? '' : ` and ${encrypted.length - 1} more`;
    return `Encrypted image ${first.image}${others}: usable only as long as the owner's grant of the key to this project holds, which the action cannot check.`;
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
    log.group('Change');
    await change(context, opened);
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
    await forEach(context, opened, async (_, member) => {
        judgeImages(context, member, member.facts.keys());
        await confirmObstacles(context, member, 'others');
    });
    requireReadable(context);
    if (waitsForShares(context.config) && !isHopeless(context)) {
        const waiting = opened.filter((member) => waitingFor(member).length > 0);
        await pool(waiting, waiting.length, (member) => guard(context, member, awaitShares));
    }
    await forEach(context, opened, (_, member) => confirmObstacles(context, member, 'not-shared'));
    requireReadable(context);
}
/** Works on every project; a failure in one is noted and does not end the others, the end of the run does. */
async function forEach(context, opened, work) {
    await pool(opened, PROJECTS_AT_ONCE, (member) => guard(context, member, work));
}
function end({ record, log }, error) {
    if (error instanceof RunStopped) {
        record.stopped ??= error.reason;
        // A cancellation is the stronger word: it ends the last look too.
        if (error.reason === 'cancelled')
            record.stopped = 'cancelled';
        log.line(`Stopping: ${error.message}`);
        // Why a run was cancelled is known to who did it.
        if (error.reason === 'timeout')
            record.timedOut ??= timeLimitProblem(record, error.cause);
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
        idToken: async () => {
            if (credentials.method !== 'oidc')
                throw new Error('an ID token is only for OIDC');
            const token = await requestIdToken(client, credentials);
            context.record.jobWorkflowRef = jobWorkflowRefOf(token);
            return token;
        },
        renewals: new RenewalLock(() => log.line('The token had expired: logged in again')),
        refusalHint: refusalHint(config),
        projectHint: config.hints.project,
        regionHint: config.hints.region,
    });
}
function membersOf(config) {
    const { api, projects, region, authUrl, selection } = config;
    const ids = selection.by === 'ids' ? selection.ids : [];
    const given = projects.length === 0 ? [''] : projects;
    return given.map((projectName) => new MemberProject(projectName, pickRegion({ api, region, projectName, authUrl }), ids));
}
/** A name and an ID may mean the same project; served twice, it would be changed twice. */
function requireDistinct(members) {
    const seen = new Map();
    for (const member of members) {
        const other = seen.get(member.id);
        if (other !== undefined) {
            throw new ProblemError({
                title: 'a project is named twice',
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
        title: 'a vault for a project that is not served',
        cause: `\`vault\` names ${stray.join(', ')}, which is none of the projects of this run.`,
        cure: 'Write each line as project=vault, with the project as in `project`, or its ID. Nothing was changed.',
    });
}

;// CONCATENATED MODULE: ./build/action.js
/**
 * One run of the action: read the inputs, run, publish.
 */

















/**
 * act runs the action and returns whether the step succeeds.
 * @param toolkit the runner's protocol
 * @param cancel aborted when the runner cancels the run
 * @param loadStatus loads the bundle with GitHub's client
 */
async function act(env, toolkit, cancel, loadStatus) {
    const secrets = new SecretRegistry(toolkit.addMask);
    const redact = (text) => secrets.redact(text);
    const log = createLog({ sink: toolkit, redact, now: systemClock.now });
    const proxies = readProxies(env);
    const transport = new Transport(proxies);
    toolkit.line(`ims-members-action ${VERSION}`);
    log.debug(`ims-members-action ${VERSION}, Node ${process.versions.node}, ${process.platform} ${process.arch}`);
    try {
        const startedAt = systemClock.now();
        const reading = readInputs(env, secrets, startedAt);
        const reporting = reportingOf(reading);
        const context = readContext(env, readRegularFile);
        const statusPublisher = new StatusPublisher(reporting.commitStatus, {
            clock: systemClock,
            log,
            context,
            proxies,
            load: loadStatus,
            cancel,
            deadline: reading.ok ? startedAt + reading.config.timeout : Number.POSITIVE_INFINITY,
        });
        let report;
        if (reading.ok) {
            statusPublisher.begin(pendingStatus());
            report = await run(reading.config, { transport, clock: systemClock, log, hide: secrets.hide, redact, cancel });
        }
        else {
            for (const warning of reading.known.warnings)
                log.warning(warning);
            report = rejectedInputs(reading, startedAt, systemClock.now());
        }
        const published = publish(report, { reporting, files: toolkit, log, context, redact });
        const status = published ? statusFor(redactReport(report, redact)) : unpublishedStatus();
        await statusPublisher.end(status);
        publishVerdict(report, { log, redact });
        return published && succeeds(report.outcome);
    }
    catch (error) {
        // Nothing above should throw. If something does, a stack trace would print text that is neither escaped nor redacted.
        const { cause, cure } = explain(error);
        log.error('The action failed', `${log.quote(cause)}\n${cure}`);
        return false;
    }
    finally {
        transport.close();
    }
}
/** The event file. Anything else at its path, such as a FIFO, could keep the run waiting. */
function readRegularFile(path) {
    return (0,external_node_fs_.statSync)(path).isFile() ? (0,external_node_fs_.readFileSync)(path, 'utf8') : '';
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
 * @param onBroken called when standard output cannot be written to, because its reader has gone or its disk is full
 */
function createToolkit(onBroken) {
    if (onBroken !== undefined)
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
        flush: () => new Promise((done) => {
            setTimeout(done, STALLED);
            process.stdout.write('', () => done());
        }),
    };
}
/** The longest wait for a stalled reader of the log, in milliseconds. */
const STALLED = 5_000;
/** The runner has created the file. Opening does not block, because a FIFO without a reader would never open; Windows has neither. */
const APPEND = external_node_fs_.constants.O_WRONLY | external_node_fs_.constants.O_APPEND | external_node_fs_.constants.O_NONBLOCK;
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

/***/ 181:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  U: () => (/* binding */ isTooOld),
  R: () => (/* binding */ refuseNode)
});

;// CONCATENATED MODULE: ./build/report/no-outputs.js
const NO_OUTPUTS = {
    outcome: 'blocked',
    verified: 'false',
    images: '[]',
    changed: 'false',
    'job-id': '',
    'job-ids': '[]',
    updated: '[]',
    unchanged: '[]',
    failed: '[]',
    results: '[]',
};

;// CONCATENATED MODULE: ./build/github/node-version.js
/**
 * Runners that start the action with a Node that is too old. This file uses nothing newer than Node 18, and no module does while it
 * is loaded.
 */

/** The first Node that has all that the action uses. A proxy needs a newer one, see inputs/proxy.ts. */
const FIRST = [22, 3];
function isTooOld(version) {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    return major < FIRST[0] || (major === FIRST[0] && minor < FIRST[1]);
}
/** refuseNode reports a run that cannot begin: an error, and all outputs. The step fails. */
function refuseNode(toolkit, version) {
    const message = `This action runs on Node 24, but the runner has started it with Node ${version}: update the runner. Nothing was changed.`;
    toolkit.command('error', { title: 'Blocked: Node is too old' }, message);
    try {
        toolkit.setOutputs(NO_OUTPUTS);
    }
    catch {
        // The step fails anyway, with the error above.
    }
    return false;
}


/***/ }),

/***/ 479:
/***/ ((__webpack_module__, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var _action_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(662);
/* harmony import */ var _github_commands_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(376);
/* harmony import */ var _github_node_version_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(181);
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
    // The verdict stands if it is there already and only the log is still being read.
    setTimeout(() => process.exit(process.exitCode ?? 1), LAST_MOMENT).unref();
}
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(name, stop);
// If the log is no longer read, the run ends like a cancelled one, so that outputs, summary and status are still written.
const toolkit = (0,_github_commands_js__WEBPACK_IMPORTED_MODULE_1__/* .createToolkit */ .Z)(stop);
/** GitHub's client reads the event file when it is loaded, and throws if it is no JSON. This action reads it tolerantly on its own. */
async function loadStatus() {
    const { GITHUB_EVENT_PATH } = process.env;
    delete process.env['GITHUB_EVENT_PATH'];
    try {
        return await import(/* webpackIgnore: true */ './github/commit-status/index.js');
    }
    finally {
        if (GITHUB_EVENT_PATH !== undefined)
            process.env['GITHUB_EVENT_PATH'] = GITHUB_EVENT_PATH;
    }
}
const succeeded = (0,_github_node_version_js__WEBPACK_IMPORTED_MODULE_2__/* .isTooOld */ .U)(process.versions.node)
    ? (0,_github_node_version_js__WEBPACK_IMPORTED_MODULE_2__/* .refuseNode */ .R)(toolkit, process.versions.node)
    : await (0,_action_js__WEBPACK_IMPORTED_MODULE_0__/* .act */ .R)(process.env, toolkit, cancel.signal, loadStatus);
process.exitCode = succeeded ? 0 : 1;
await toolkit.flush();
// Exits explicitly, because a peer or a proxy may still hold a socket open.
process.exit();

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
