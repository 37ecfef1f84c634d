/******/ (() => { // webpackBootstrap
/******/ 	"use strict";
/******/ 	var __webpack_modules__ = ({

/***/ 837:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Q: () => (/* binding */ Alarm),
/* harmony export */   m: () => (/* binding */ systemClock)
/* harmony export */ });
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
    /** Waits until `time`, which may be infinity, or until `ring` is called. */
    wait(time) {
        return this.#clock.sleep(Math.max(0, time - this.#clock.now()), this.#signal, ((wake) => {
            this.#wake = wake;
        }));
    }
    /** Ends the current wait, if there is one. */
    ring() {
        this.#wake();
    }
}
/** Longer timers fire at once; a service may well ask for more with `Retry-After`. */
const LONGEST = 2 ** 31 - 1;
const systemClock = {
    now: (() => Date.now()),
    random: (() => Math.random()),
    sleep: ((ms, signal, begun) => new Promise(((resolve, reject) => {
        const end = ((settle) => {
            clearTimeout(timer);
            signal.removeEventListener('abort', stop);
            settle();
        });
        const stop = () => end(() => reject(signal.reason));
        const timer = setTimeout(() => end(resolve), Math.min(ms, LONGEST));
        if (signal.aborted)
            stop();
        else
            signal.addEventListener('abort', stop);
        begun?.((() => end(resolve)));
    }))),
};


/***/ }),

/***/ 533:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   D$: () => (/* binding */ readRetryAfter),
/* harmony export */   WG: () => (/* binding */ isPassing),
/* harmony export */   a2: () => (/* binding */ retryDelay)
/* harmony export */ });
/**
 * When a request may be sent again: the wait before it, and the HTTP statuses that may be over soon. Apart from the retry policy, because
 * the API of GitHub needs the same, and the policy brings the tables of error codes with it.
 */
/**
 * isPassing returns whether an HTTP status means a problem that may be over soon. With a status that HTTP does not know, such as 000, the
 * sender did not understand the request, or the answer.
 */
function isPassing(status) {
    return status === 408 || status === 429 || status < 200 || (status >= 500 && status !== 501);
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


/***/ }),

/***/ 895:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   x: () => (/* binding */ factsOf)
/* harmony export */ });
/** factsOf starts the record of an image that nothing is known of yet. */
const factsOf = (function (image) {
    return {
        image,
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
});


/***/ }),

/***/ 521:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   G: () => (/* binding */ settle)
/* harmony export */ });
/* harmony import */ var _problem_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(816);

/**
 * settle turns the facts of one image into its result. The members' status is believed over every job.
 * @param project ID of the member project, as far as it is known
 */
const settle = (function (facts, progress, project) {
    const { image, jobId, evidence } = facts;
    const { outcome, current, verified, reason, notAttempted } = verdictOf(facts, progress);
    return {
        image,
        name: evidence?.name ?? null,
        owner: evidence?.owner ?? null,
        project,
        previous: evidence?.status ?? null,
        current,
        outcome,
        notAttempted: notAttempted === true,
        verified,
        jobId,
        errorCode: reason?.code ?? null,
        cause: reason?.cause ?? null,
        cure: reason?.cure || null,
        requestId: reason?.requestId ?? null,
        title: reason?.title ?? null,
        imageStatus: evidence?.imageStatus ?? null,
        kind: evidence?.kind ?? { fullEcs: null, encrypted: null },
    };
});
const verdictOf = (function (facts, progress) {
    const { evidence, obstacle, sent, proof } = facts;
    const before = { current: evidence?.status ?? null, verified: evidence?.proven === true };
    if (obstacle !== null)
        return { outcome: progress.mode === 'check' ? 'failed' : 'blocked', ...before, reason: obstacle };
    if (evidence?.known === true && evidence.status === progress.status)
        return evidence.proven
            ? { outcome: 'unchanged', ...before }
            : { outcome: 'unknown', ...UNVERIFIED, reason: notCertain(progress) };
    if (sent === 'no')
        return unsentVerdict(facts, progress, before);
    // Without a job ID nothing was submitted that anybody could follow.
    if (!progress.wait && sent === 'answered' && proof === null)
        return { outcome: 'submitted', ...UNVERIFIED };
    return sentVerdict(facts, progress);
});
const sentVerdict = (function (facts, progress) {
    const { proof, job, refusal } = facts;
    const failed = job?.problem ?? null;
    if (proof?.state === 'read') {
        const { status } = proof;
        if (status === progress.status)
            return { outcome: 'updated', current: status, verified: true };
        const reason = refusal ?? failed ?? unproven(status, facts, progress);
        return { outcome: 'failed', current: status, verified: true, reason };
    }
    if (proof?.state === 'forbidden') {
        if (failed !== null)
            return { outcome: 'failed', ...UNVERIFIED, reason: failed };
        if (job?.state === 'success')
            return progress.requireProof
                ? { outcome: 'unknown', ...UNVERIFIED, reason: notReadBack(facts, progress) }
                : { outcome: 'updated', current: progress.status, verified: false };
    }
    const unread = proof?.state === 'failed' ? proof.problem : null;
    return { outcome: 'unknown', ...UNVERIFIED, reason: refusal ?? unread ?? failed ?? unknownEffect(facts, progress) };
});
const UNVERIFIED = { current: null, verified: false };
function unsentVerdict({ refusal, proof, evidence }, progress, before) {
    if (refusal !== null) {
        // What was seen before the refusal may be behind the times.
        if (proof?.state !== 'read')
            return { outcome: 'failed', current: before.current, verified: false, reason: refusal };
        const read = { current: proof.status, verified: true };
        // Refused, but it has the status now: someone else was faster.
        if (proof.status === progress.status)
            return { outcome: 'unchanged', ...read };
        return { outcome: 'failed', ...read, reason: refusal };
    }
    if (progress.stopped === null && !progress.blocked)
        return { outcome: progress.mode === 'plan' ? 'planned' : 'failed', ...before };
    const outcome = progress.stopped === null ? 'blocked' : evidence?.known === true ? 'failed' : 'unknown';
    return { outcome, ...before, reason: unattempted(progress), notAttempted: true };
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
    return (0,_problem_js__WEBPACK_IMPORTED_MODULE_0__/* .problem */ .CC)({ cause: `${said} ${now}.`, cure, requestId: facts.requestId, title });
}
/** One list shows the status, and nothing else could be read. */
function notCertain({ status, readCure }) {
    return (0,_problem_js__WEBPACK_IMPORTED_MODULE_0__/* .problem */ .CC)({
        cause: `A list shows the image as ${status}, but its member status could not be read for certain.`,
        cure: `${readCure} Then run again.`,
        title: 'not verified',
    });
}
function notReadBack(facts, { readCure }) {
    return (0,_problem_js__WEBPACK_IMPORTED_MODULE_0__/* .problem */ .CC)({
        cause: `${reporter(facts)} reported success, but the member status could not be read back.`,
        cure: `${readCure} Then run again. With \`require-proof: false\` the ${facts.jobId === null ? 'answer to the change' : 'job status'} alone counts.`,
        requestId: facts.requestId,
        title: 'not verified',
    });
}
function unknownEffect({ job, requestId }, progress) {
    const cause = job?.state === 'silent'
        ? 'The job succeeded but did not mention this image, and the members cannot be read.'
        : progress.stopped === null
            ? 'The effect of the change is not known.'
            : `The run ${ENDS[progress.stopped]} before the result was known.`;
    const cure = `${raise(progress)}Run again: images that have the status already are left alone.`;
    return (0,_problem_js__WEBPACK_IMPORTED_MODULE_0__/* .problem */ .CC)({ cause, cure, requestId });
}
const ENDS = { timeout: 'reached its time limit (`timeout`)', cancelled: 'was cancelled' };
function raise({ stopped }) {
    return stopped === 'timeout' ? 'Raise `timeout`. ' : '';
}
function unattempted({ stopped }) {
    const why = stopped === null ? 'stopped before any change' : ENDS[stopped];
    return (0,_problem_js__WEBPACK_IMPORTED_MODULE_0__/* .problem */ .CC)({ cause: `Not attempted: the run ${why}.`, cure: '' });
}


/***/ }),

/***/ 816:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   CC: () => (/* binding */ problem),
/* harmony export */   Mm: () => (/* binding */ ProblemError),
/* harmony export */   Uc: () => (/* binding */ REPORT_BUG),
/* harmony export */   os: () => (/* binding */ unexpected)
/* harmony export */ });
/** problem makes a Problem from what is known of it; a code and a request ID are optional. */
function problem(facts) {
    return { code: null, requestId: null, ...facts };
}
const REPORT_BUG = 'This is a bug of the action: please open an issue with the debug log of this run.';
/** unexpected explains an error that nothing has foreseen. */
function unexpected(error) {
    return problem({
        cause: `Something unexpected happened: ${error instanceof Error ? `${error.name}: ${error.message}` : error}`,
        cure: REPORT_BUG,
    });
}
class ProblemError extends Error {
    problem;
    constructor(facts, options) {
        super(facts.cause, options);
        this.name = 'ProblemError';
        this.problem = problem(facts);
    }
}


/***/ }),

/***/ 135:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   L: () => (/* binding */ cidrEntries),
/* harmony export */   i: () => (/* binding */ proxyFor)
/* harmony export */ });
/**
 * Which proxy a URL is reached through. Both HTTP clients of the action ask here, so that they always agree.
 */
/**
 * proxyFor gives the proxy for a URL, or null if it is reached directly. `https` uses `HTTPS_PROXY` only, as curl and Node do. Throws if
 * the proxy is no HTTP proxy, because going past it is not what was asked for.
 */
const proxyFor = (function ({ protocol, hostname, port }, proxies) {
    const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
    const proxy = proxies[name] ?? '';
    const [host, target] = [bare(hostname), port || (protocol === 'https:' ? '443' : '80')];
    if (proxy === '' || entriesOf(proxies.NO_PROXY ?? '').some((entry) => exempts(entry, host, target)))
        return null;
    if (/^https?:/i.test(proxy) && URL.canParse(proxy))
        return new URL(proxy);
    throw new Error(`${name} is not the address of an HTTP proxy`);
});
/** cidrEntries lists the entries of `NO_PROXY` in CIDR notation. They have no effect, because names are not resolved to compare them. */
const cidrEntries = (function (noProxy) {
    return entriesOf(noProxy).filter((entry) => /^[0-9a-f.:]+\/\d+$/i.test(entry));
});
const entriesOf = (function (noProxy) {
    return noProxy.split(/[,\s]+/).flatMap(((entry) => (entry === '' ? [] : [entry.toLowerCase()])));
});
/** A host without the brackets of an IPv6 address and without the dot that ends a full name. */
const bare = (function (host) {
    return host
        .toLowerCase()
        .replace(/^\[(.*)\]$/, '$1')
        .replace(/(?<=.)\.$/, '');
});
/** An entry is `*`, a host with its subdomains, `*.` and subdomains only, or a range of IPv4 addresses; a port narrows it down. */
function exempts(entry, host, port) {
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
function ipv4(text) {
    const parts = /^\d{1,3}(\.\d{1,3}){3}$/.test(text) ? text.split('.').map(Number) : [];
    return parts.length === 4 && parts.every((part) => part <= 255)
        ? parts.reduce((sum, part) => sum * 256 + part, 0)
        : null;
}


/***/ }),

/***/ 538:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   AP: () => (/* binding */ regionOf),
/* harmony export */   DI: () => (/* binding */ ownDomain),
/* harmony export */   HY: () => (/* binding */ regionOfAuthUrl),
/* harmony export */   ij: () => (/* binding */ REGIONS),
/* harmony export */   oR: () => (/* binding */ isHuawei)
/* harmony export */ });
/* harmony import */ var _values_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(597);
/**
 * The regions whose hosts are known, and what follows from a region, a project's name or an address about the cloud.
 */

const entry = (function (hosts, proven = false) {
    return { ims: `https://ims.${hosts}`, iam: `https://iam.${hosts}`, proven };
});
/**
 * regionOf gives the region that a project's name begins with: `eu-de` and `eu-de_team` are in `eu-de`
 * (OTC IAM user guide, Projects). Null if the name does not begin with a known region.
 */
const regionOf = (function (projectName) {
    // No region's ID holds an underscore, so the whole part before the first one has to be a region.
    const head = projectName.split('_', 1)[0] ?? '';
    return head in REGIONS ? head : null;
});
/** The regions of Huawei Cloud, which name all their hosts the same way (vendor SDK region lists). */
const HUAWEI_REGIONS = 'ae-ad-1 af-north-1 af-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ' +
    'cn-east-2 cn-east-3 cn-east-4 cn-east-5 cn-north-1 cn-north-11 cn-north-12 cn-north-2 cn-north-4 cn-north-9 ' +
    'cn-south-1 cn-south-2 cn-south-4 cn-southwest-2 cn-southwest-3 la-north-2 la-south-2 me-east-1 my-kualalumpur-1 ' +
    'na-mexico-1 ru-moscow-1 sa-brazil-1 tr-west-1';
const bare = Object.create(null);
/**
 * REGIONS holds every known region by its ID: of Open Telekom Cloud, its Swiss edition, Huawei Cloud, and Flexible Engine (Orange). It has
 * no prototype, so a look-up finds regions only (OTC, Regions and Endpoints; Huawei Cloud, Regions and Endpoints and SDK region lists).
 */
const REGIONS = Object.assign(bare, {
    'eu-de': entry('eu-de.otc.t-systems.com', true),
    'eu-nl': entry('eu-nl.otc.t-systems.com', true),
    'eu-ch2': { ...entry('eu-ch2.sc.otc.t-systems.com'), iam: 'https://iam-pub.eu-ch2.sc.otc.t-systems.com' },
    ...Object.fromEntries(HUAWEI_REGIONS.split(' ').map(((id) => [id, entry(`${id}.myhuaweicloud.com`)]))),
    'eu-west-101': entry('eu-west-101.myhuaweicloud.eu'),
    'eu-west-0': entry('eu-west-0.prod-cloud-ocb.orange-business.com'),
});
/** regionOfAuthUrl gives the known region that the host of an IAM address names; null for global and foreign hosts. */
function regionOfAuthUrl(url) {
    const host = (0,_values_js__WEBPACK_IMPORTED_MODULE_0__/* .urlOf */ .rs)(url)?.hostname ?? '';
    return host.split('.').find((label) => label in REGIONS) ?? null;
}
/** ownDomain gives the domain that a region's hosts are on, such as `otc.t-systems.com`; null for an unknown region. */
function ownDomain(region) {
    const host = (0,_values_js__WEBPACK_IMPORTED_MODULE_0__/* .urlOf */ .rs)(REGIONS[region]?.ims ?? '')?.hostname;
    return host?.slice(`ims.${region}.`.length) ?? null;
}
/** isHuawei returns whether a region's ID or the name of an IAM host is one of Huawei Cloud, whose IAM names agencies unlike that of OTC. */
function isHuawei(regionOrHost) {
    const host = (0,_values_js__WEBPACK_IMPORTED_MODULE_0__/* .urlOf */ .rs)(REGIONS[regionOrHost]?.iam ?? '')?.hostname ?? regionOrHost.toLowerCase();
    return host.endsWith('.myhuaweicloud.com') || host.endsWith('.myhuaweicloud.eu');
}


/***/ }),

/***/ 597:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Ax: () => (/* binding */ nounFor),
/* harmony export */   GO: () => (/* binding */ usabilityOf),
/* harmony export */   JG: () => (/* binding */ isAccountId),
/* harmony export */   LS: () => (/* binding */ plural),
/* harmony export */   Ro: () => (/* binding */ hasStatus),
/* harmony export */   SH: () => (/* binding */ methodTitle),
/* harmony export */   U9: () => (/* binding */ isLoopback),
/* harmony export */   Ul: () => (/* binding */ isPublic),
/* harmony export */   _F: () => (/* binding */ fieldOf),
/* harmony export */   kk: () => (/* binding */ UUID),
/* harmony export */   o_: () => (/* binding */ jsonOf),
/* harmony export */   pV: () => (/* binding */ uuidOf),
/* harmony export */   rm: () => (/* binding */ isProjectId),
/* harmony export */   rs: () => (/* binding */ urlOf),
/* harmony export */   tW: () => (/* binding */ isOlder),
/* harmony export */   yU: () => (/* binding */ someOf)
/* harmony export */ });
/**
 * Questions about plain values that several folders ask; each has one answer.
 */
/**
 * isProjectId distinguishes a project's ID from its name: IDs are 32 hexadecimal digits, with dashes in some editions, and names begin with
 * the region (OTC IAM API reference, Querying Projects).
 */
const isProjectId = (function (text) {
    return /^[0-9a-f]{32}$/i.test(text.replaceAll('-', ''));
});
/** uuidOf gives a UUID in lower case; null for everything else. */
const uuidOf = (function (text) {
    return WHOLE_UUID.test(text) ? text.toLowerCase() : null;
});
/** methodTitle is what people call a method of logging in. */
const methodTitle = (function (method) {
    return METHOD_TITLES[method] ?? method;
});
/**
 * isLoopback returns whether a host is this machine. Takes the `hostname` of a URL, which has brought every spelling of an IPv4
 * address to four numbers and of an IPv6 address to its shortest form.
 */
const isLoopback = (function (hostname) {
    return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
});
/** jsonOf parses JSON; undefined if the text is not JSON. */
const jsonOf = (function (text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
});
/** isOlder compares versions of Node by their first two numbers. */
const isOlder = (function (version, [first, second]) {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    return major < first || (major === first && minor < second);
});
/** urlOf parses an absolute URL; null if the text is not one. */
const urlOf = (function (text) {
    return URL.canParse(text) ? new URL(text) : null;
});
/** hasStatus returns whether an image has the requested status, as far as the run knows. */
const hasStatus = (function ({ outcome }) {
    return outcome === 'updated' || outcome === 'unchanged';
});
/** isPublic returns whether every project can use an image of this visibility, so that there is nothing to accept (`community` is Glance's). */
const isPublic = (function (visibility) {
    return visibility === 'public' || visibility === 'community';
});
/** usabilityOf judges an image's own status: only `active` can be used; an unknown status counts as usable. */
const usabilityOf = (function (imageStatus) {
    if (imageStatus === null || imageStatus === 'active')
        return 'usable';
    return /^(queued|saving|uploading|importing)$/.test(imageStatus) ? 'on-its-way' : 'unusable';
});
/** nounFor gives a regular noun in the number of what it counts. */
const nounFor = (function (count, noun) {
    return count === 1 ? noun : `${noun}s`;
});
/** plural counts things in words. */
const plural = (function (count, noun) {
    return `${count} ${nounFor(count, noun)}`;
});
/** someOf lists the first of many and counts the rest. */
const someOf = (function (items, most) {
    return `${items.slice(0, most).join(', ')}${items.length > most ? ` and ${items.length - most} more` : ''}`;
});
/** UUID is the pattern of a UUID. */
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const WHOLE_UUID = new RegExp(`^${UUID}$`, 'i');
const METHOD_TITLES = {
    aksk: 'AK/SK',
    oidc: 'OIDC',
    'application-credential': 'application credential',
};
/** isAccountId returns whether a text looks like the ID of an account: 32 hexadecimal digits. */
function isAccountId(text) {
    return /^[0-9a-f]{32}$/i.test(text);
}
/** fieldOf gives a field of an object; undefined for anything else. */
function fieldOf(value, name) {
    return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}


/***/ }),

/***/ 743:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   _: () => (/* binding */ USER_AGENT),
/* harmony export */   x: () => (/* binding */ VERSION)
/* harmony export */ });
/**
 * The action's version, for the log, the receipt and the user agent. A test compares it with package.json.
 */
const VERSION = '1.0.0';
const USER_AGENT = `ims-members-action/${VERSION}`;


/***/ })

/******/ 	});
/************************************************************************/
/******/ 	// The module cache
/******/ 	var __webpack_module_cache__ = {};
/******/ 	
/******/ 	// The require function
/******/ 	function __nccwpck_require__(moduleId) {
/******/ 		// Check if module is in cache
/******/ 		var cachedModule = __webpack_module_cache__[moduleId];
/******/ 		if (cachedModule !== undefined) {
/******/ 			return cachedModule.exports;
/******/ 		}
/******/ 		// Create a new module (and put it into the cache)
/******/ 		var module = __webpack_module_cache__[moduleId] = {
/******/ 			// no module.id needed
/******/ 			// no module.loaded needed
/******/ 			exports: {}
/******/ 		};
/******/ 	
/******/ 		// Execute the module function
/******/ 		var threw = true;
/******/ 		try {
/******/ 			__webpack_modules__[moduleId](module, module.exports, __nccwpck_require__);
/******/ 			threw = false;
/******/ 		} finally {
/******/ 			if(threw) delete __webpack_module_cache__[moduleId];
/******/ 		}
/******/ 	
/******/ 		// Return the exports of the module
/******/ 		return module.exports;
/******/ 	}
/******/ 	
/******/ 	// expose the modules object (__webpack_modules__)
/******/ 	__nccwpck_require__.m = __webpack_modules__;
/******/ 	
/************************************************************************/
/******/ 	/* webpack/runtime/asset-relocator-loader */
/******/ 	if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = __dirname + "/";
/******/ 	
/******/ 	/* webpack/runtime/define property getters */
/******/ 	(() => {
/******/ 		// define getter functions for harmony exports
/******/ 		__nccwpck_require__.d = (exports, definition) => {
/******/ 			for(var key in definition) {
/******/ 				if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 					Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 				}
/******/ 			}
/******/ 		};
/******/ 	})();
/******/ 	
/******/ 	/* webpack/runtime/ensure chunk */
/******/ 	(() => {
/******/ 		__nccwpck_require__.f = {};
/******/ 		// This file contains only the entry chunk.
/******/ 		// The chunk loading function for additional chunks
/******/ 		__nccwpck_require__.e = (chunkId) => {
/******/ 			return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
/******/ 				__nccwpck_require__.f[key](chunkId, promises);
/******/ 				return promises;
/******/ 			}, []));
/******/ 		};
/******/ 	})();
/******/ 	
/******/ 	/* webpack/runtime/get javascript chunk filename */
/******/ 	(() => {
/******/ 		// This function allow to reference async chunks
/******/ 		__nccwpck_require__.u = (chunkId) => {
/******/ 			// return url for filenames based on template
/******/ 			return "run.js";
/******/ 		};
/******/ 	})();
/******/ 	
/******/ 	/* webpack/runtime/hasOwnProperty shorthand */
/******/ 	(() => {
/******/ 		__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ 	})();
/******/ 	
/******/ 	/* webpack/runtime/require chunk loading */
/******/ 	(() => {
/******/ 		// no baseURI
/******/ 		
/******/ 		// object to store loaded chunks
/******/ 		// "1" means "loaded", otherwise not loaded yet
/******/ 		var installedChunks = {
/******/ 			792: 1
/******/ 		};
/******/ 		
/******/ 		// no on chunks loaded
/******/ 		
/******/ 		var installChunk = (chunk) => {
/******/ 			var moreModules = chunk.modules, chunkIds = chunk.ids, runtime = chunk.runtime;
/******/ 			for(var moduleId in moreModules) {
/******/ 				if(__nccwpck_require__.o(moreModules, moduleId)) {
/******/ 					__nccwpck_require__.m[moduleId] = moreModules[moduleId];
/******/ 				}
/******/ 			}
/******/ 			if(runtime) runtime(__nccwpck_require__);
/******/ 			for(var i = 0; i < chunkIds.length; i++)
/******/ 				installedChunks[chunkIds[i]] = 1;
/******/ 		
/******/ 		};
/******/ 		
/******/ 		// require() chunk loading for javascript
/******/ 		__nccwpck_require__.f.require = (chunkId, promises) => {
/******/ 			// "1" is the signal for "already loaded"
/******/ 			if(!installedChunks[chunkId]) {
/******/ 				if(true) { // all chunks have JS
/******/ 					const file = __dirname + "/" + __nccwpck_require__.u(chunkId);
const text = process.getBuiltinModule("node:fs").readFileSync(file, "utf8");
const chunk = {};
process.getBuiltinModule("node:vm").compileFunction(text, ["exports"], { filename: file })(chunk);
installChunk(chunk);
/******/ 				} else installedChunks[chunkId] = 1;
/******/ 			}
/******/ 		};
/******/ 		
/******/ 		// no external install chunk
/******/ 		
/******/ 		// no HMR
/******/ 		
/******/ 		// no HMR manifest
/******/ 	})();
/******/ 	
/************************************************************************/
var __webpack_exports__ = {};

;// CONCATENATED MODULE: external "node:fs"
const external_node_fs_namespaceObject = require("node:fs");
// EXTERNAL MODULE: ./build/clock.js
var clock = __nccwpck_require__(837);
// EXTERNAL MODULE: ./build/values.js
var values = __nccwpck_require__(597);
;// CONCATENATED MODULE: ./build/github/context.js
/**
 * The workflow run, as the runner describes it in its environment: read once, as plain data.
 */

/**
 * readContext reads the `GITHUB_*` variables. `readFile` gives the text of the event file; a file that is missing or
 * not JSON is treated as an event without content, because a report must not fail on it.
 */
const readContext = (function (env, readFile) {
    const given = ((name) => env[name]?.trim() || null);
    const eventName = given('GITHUB_EVENT_NAME');
    const commit = given('GITHUB_SHA');
    const attempt = given('GITHUB_RUN_ATTEMPT');
    return {
        /** Page of this run; of this attempt, if it is not the first. */
        runUrl: runUrl(given),
        /** 1 for the first attempt. */
        runAttempt: attempt !== null && /^\d{1,9}$/.test(attempt) ? Number(attempt) : null,
        /** Login name of who or what started the first attempt. */
        actor: given('GITHUB_ACTOR'),
        /** Login name of who or what started this attempt. */
        triggeringActor: given('GITHUB_TRIGGERING_ACTOR'),
        /** The workflow's file and ref. */
        workflow: given('GITHUB_WORKFLOW_REF'),
        /** On `pull_request` events that is a merge commit made for the run. */
        commit,
        /** `push`, `pull_request` and so on. */
        eventName,
        /** The commit that the event is about, for the commit status; `null` if it names none. */
        statusCommit: statusCommit(eventName, commit, () => eventOf(given('GITHUB_EVENT_PATH'), readFile)),
        /** `owner/name`. */
        repository: given('GITHUB_REPOSITORY'),
        /** Base URL of GitHub's REST API, without a trailing slash; differs on GitHub Enterprise Server. */
        apiUrl: (given('GITHUB_API_URL') ?? 'https://api.github.com').replace(/\/+$/, ''),
    };
});
const runUrl = (function (given) {
    const server = (given('GITHUB_SERVER_URL') ?? 'https://github.com').replace(/\/+$/, '');
    const repository = given('GITHUB_REPOSITORY');
    const run = given('GITHUB_RUN_ID');
    const attempt = given('GITHUB_RUN_ATTEMPT') ?? '1';
    if (repository === null || run === null)
        return null;
    return `${server}/${repository}/actions/runs/${run}${attempt === '1' ? '' : `/attempts/${attempt}`}`;
});
const statusCommit = (function (eventName, commit, event) {
    if (eventName === null)
        return null;
    if (OWN_COMMIT.test(eventName))
        return commit;
    const path = NAMED_COMMIT.find(([pattern]) => pattern.test(eventName))?.[1];
    const sha = path?.reduce(values/* fieldOf */._F, event());
    return typeof sha === 'string' && /^[0-9a-f]{40,64}$/i.test(sha) ? sha : null;
});
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
function eventOf(path, readFile) {
    try {
        return path === null ? null : (0,values/* jsonOf */.o_)(readFile(path));
    }
    catch {
        return null;
    }
}

// EXTERNAL MODULE: ./build/cloud/backoff.js
var backoff = __nccwpck_require__(533);
;// CONCATENATED MODULE: ./build/github/status-answer.js
/**
 * What GitHub's answer to a commit status means: whether and when to try again, and what to do about it. Pure.
 */

const PERMISSION = 'Give the job this permission; a token of your own in `github-token` needs it too:\npermissions:\n  statuses: write';
const WAITING = 'Gates that wait for this status go on waiting: run the job again.';
/** The cures of answers that stay the same however often GitHub is asked, by HTTP status. */
const FINAL = {
    401: 'GitHub does not know the token given as `github-token`, or it has expired.',
    403: PERMISSION,
    404: PERMISSION,
    422: 'The commit must exist in this repository, and a commit takes at most 1,000 statuses of one context.',
};
/**
 * judgeAnswer decides what to do after a failed attempt: whether another try may succeed, after how many milliseconds GitHub allows it
 * (null if the answer does not contain that), and what the reader should do.
 * @param now milliseconds since the epoch
 */
function judgeAnswer({ status, headers }, now) {
    const after = waitOf(headers, now);
    // GitHub throttles with 429, or with a 403 whose headers alone distinguish it from a missing permission.
    const throttled = status === 429 || (status === 403 && (after !== null || header(headers, 'x-ratelimit-remaining') === '0'));
    if (throttled) {
        const until = after === null ? '' : ` It may be asked again in ${Math.ceil(after / 1000)} s.`;
        return { again: true, after, cure: `GitHub limits how often this token may ask.${until} ${WAITING}` };
    }
    const cure = FINAL[status ?? 0];
    if (cure !== undefined)
        return { again: false, after: null, cure };
    return { again: status === null || (0,backoff/* isPassing */.WG)(status), after, cure: WAITING };
}
/** `Retry-After`; else the time at which a used-up limit is reset, by GitHub's own clock. */
function waitOf(headers, now) {
    const wait = (0,backoff/* readRetryAfter */.D$)(header(headers, 'retry-after'), now);
    if (wait !== null)
        return wait;
    const reset = header(headers, 'x-ratelimit-reset');
    if (header(headers, 'x-ratelimit-remaining') !== '0' || !/^\d{1,12}$/.test(reset))
        return null;
    const date = Date.parse(header(headers, 'date'));
    return Math.max(0, Number(reset) * 1000 - (Number.isNaN(date) ? now : date));
}
function header(headers, name) {
    return String(headers[name] ?? '').trim();
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
        this.#superseded.abort();
        const late = clock.sleep(IN_ORDER, AbortSignal.any([cancel, this.#abandoned.signal])).catch(() => { });
        await Promise.race([this.#first, late]);
        this.#abandoned.abort();
        const soon = soonAfter(cancel);
        const patience = PATIENCE - (clock.now() - begun);
        const failed = await this.#publish(status, { patience, wait: cancel, pause: soon, request: soon });
        if (failed !== null)
            log.warning(failed.cause, failed.cure);
    }
    async #publish(status, limits) {
        const wanted = this.#wanted;
        const { context, log, load, proxies } = this.#tools;
        const { repository, runUrl, apiUrl } = context;
        const sha = wanted.sha ?? context.statusCommit;
        if (repository === null || sha === null)
            return homeless(wanted.context, context);
        const request = { ...wanted, ...status, apiUrl, proxies, repository, sha, targetUrl: runUrl };
        const name = wanted.context;
        const failed = await load()
            .then(({ publishStatus }) => this.#insist((signal) => publishStatus(request, signal), limits))
            .catch((error) => ({ cause: error instanceof Error ? error.message : String(error), cure: '' }));
        if (failed !== null)
            return { ...failed, cause: `The commit status "${name}" of ${sha} could not be published: ${failed.cause}` };
        log.line(`Commit status ${log.quote(name)} of ${sha.slice(0, 12)}: ${status.state}`);
        return null;
    }
    /** A gate whose status is not published because GitHub was busy for a moment would wait for ever; the same status twice does no harm. */
    async #insist(send, limits) {
        const { clock, deadline } = this.#tools;
        const latest = Math.min(clock.now() + LONGEST_WAIT, deadline);
        let left = limits.patience;
        for (let attempt = 0;; attempt++) {
            const begun = clock.now();
            const answer = await send(AbortSignal.any([limits.request, AbortSignal.timeout(Math.max(1, Math.ceil(left)))]));
            if (answer.ok)
                return null;
            const now = clock.now();
            if (answer.status === null)
                left -= now - begun;
            const { again, after, cure } = judgeAnswer(answer, now);
            const failed = { cause: `${answer.status === null ? '' : `HTTP ${answer.status}, `}${answer.detail}`, cure };
            const delay = after ?? (0,backoff/* retryDelay */.a2)(attempt, null, clock.random());
            const isInTime = after === null ? attempt < FURTHER_TRIES && delay < left : now + delay < latest;
            if (!again || !isInTime)
                return failed;
            try {
                await clock.sleep(delay, after === null ? limits.pause : limits.wait);
            }
            catch {
                return failed;
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
function homeless(name, { repository, eventName }) {
    const event = eventName === null ? 'the runner names no event' : `the event ${eventName} names no commit`;
    const [why, cure] = repository === null
        ? ['the runner names no repository', 'Run the action in a workflow.']
        : [`${event} that it could belong to`, 'Name the commit in `commit-sha`.'];
    return { cause: `The commit status "${name}" is not published: ${why}.`, cure };
}

;// CONCATENATED MODULE: ./build/secret.js
/**
 * The runner masks each line of a mask. For a key in JSON it would mask `{` and `}` in the whole job, so it gets only the lines that are
 * long enough, and never a text of several lines.
 */
const linesOf = (function (text) {
    if (!/[\r\n]/.test(text))
        return [text];
    const lines = text.split(/[\r\n]+/).flatMap((line) => [line, line.trim()]);
    return lines.filter((line) => line.trim() !== '' && line.length >= SHORTEST);
});
/** destroysOutputs returns whether a secret, or one of its lines, is so short that masking it damages other text. */
const destroysOutputs = (function (value) {
    const lines = value.split(/[\r\n]+/).map(((line) => line.trim()));
    return lines.some(((line) => line !== '' && line.length < SHORTEST_HARMLESS));
});
/** The spellings in which a value can appear in a log, an error text or an echoed request; the value itself comes first. */
const spellingsOf = (function (value) {
    if (value.length < SHORTEST)
        return [value];
    const bytes = Buffer.from(value);
    const url = encodeURIComponent(value.toWellFormed());
    const strictUrl = url.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
    const json = JSON.stringify(value).slice(1, -1);
    // Some encoders escape the characters of HTML, and some escape the slash.
    const escaped = ((characters) => json.replace(characters, (character) => `\\u00${character.charCodeAt(0).toString(16)}`));
    const jsons = [json, escaped(/[<>&]/g), escaped(/[<>&']/g)];
    const markup = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    const quoted = markup.replaceAll('"', '&quot;');
    return [
        value,
        ...linesOf(value),
        ...jsons,
        ...jsons.map(((text) => text.replaceAll('/', '\\/'))),
        // A text that was put into JSON twice.
        JSON.stringify(json).slice(1, -1),
        ...[markup, quoted, quoted.replaceAll("'", '&#39;'), quoted.replaceAll("'", '&apos;')],
        ...[url, url.replaceAll('%20', '+'), strictUrl, strictUrl.replace(/%[0-9A-F]{2}/g, ((code) => code.toLowerCase()))],
        // Without padding, so that it matches encoded text with and without padding.
        bytes.toString('base64').replace(/=+$/, ''),
        bytes.toString('base64url'),
        ...[bytes.toString('hex'), bytes.toString('hex').toUpperCase()],
    ];
});
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
    hide = ((value) => {
        // The runner warns about an empty mask, and trims masks.
        if (value.trim() !== '' && !this.#known.has(value)) {
            this.#known.add(value);
            const spellings = new Set(spellingsOf(value));
            for (const line of new Set([...spellings].flatMap(linesOf)))
                this.#mask(line);
            if (value.length >= SHORTEST) {
                this.#spellings = [...new Set([...this.#spellings, ...spellings])].sort(((a, b) => b.length - a.length));
            }
        }
        return new Secret(value);
    });
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
/** Shorter values and lines, such as `true` or `[1, `, occur in ordinary outputs, and the runner drops an output that contains a mask. */
const SHORTEST_HARMLESS = 6;

;// CONCATENATED MODULE: ./build/inputs/parse.js
/**
 * Parsers for single values, and what a parser gives back: a value, or what is wrong with the text. Each parser is strict, and its error
 * describes what it accepts. None throws, and none shortens what it was given: redact before truncating, because a cut secret no
 * longer matches.
 */
/** right wraps a value that was understood. */
const right = (function (value) {
    return { ok: true, value };
});
/** complete gives parts of which none may be null; null if one is. */
const complete = (function (parts) {
    return Object.values(parts).includes(null) ? null : parts;
});
/** expecting makes a parser of a function that gives the value, or null for what is wrong. */
const expecting = (function (expected, read) {
    return ((text) => {
        const value = read(text);
        return value === null ? wrong(text, expected) : right(value);
    });
});
/** choice makes a parser for one of some words, in either case; `words` maps what can be written to what it means. */
const choice = (function (words) {
    const known = new Map(Object.entries(words));
    return expecting(`Expected ${listed([...known.keys()])}.`, ((text) => known.get(text.toLowerCase()) ?? null));
});
/**
 * parseDuration makes a parser for `500ms`, `90s`, `10m`, `1h` or a bare number of seconds; the value is in whole milliseconds.
 * @param least 0 if zero is allowed and means "at once", else 1
 */
const parseDuration = (function (least) {
    return ((text) => {
        const [, number, unit = 's'] = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h)?$/.exec(text) ?? [];
        const factor = UNITS[unit];
        if (number === undefined || factor === undefined) {
            return wrong(text, 'Expected a duration such as `500ms`, `90s`, `10m` or `1h`, or a bare number of seconds.');
        }
        const value = Math.round(Number(number) * factor);
        if (value < least)
            return wrong(text, 'Expected a duration of more than zero, such as `30s`.');
        if (value > LONGEST) {
            return wrong(text, 'Expected at most 24 hours, the life of an IAM token. A bare number counts seconds; write `ms` for milliseconds.');
        }
        return right(value);
    });
});
/** wholeNumber makes a parser for a whole number within bounds. */
const wholeNumber = (function (least, most, expected) {
    return expecting(expected, ((text) => {
        const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
        return value >= least && value <= most ? value : null;
    }));
});
/** lineOf makes a parser for a text of one line with at most `longest` characters. */
const lineOf = (function (longest, expected = `Expected one line of at most ${longest} characters.`) {
    return expecting(expected, ((text) => (text.length <= longest && !CONTROL.test(text) ? text : null)));
});
/** isQuoted returns whether a pair of quotes has been left around a value. */
const isQuoted = (function (text) {
    return /^(?:(["'`]).*\1|[\u201c\u201e\u2018\u201a\u00ab].*[\u201d\u201c\u2019\u2018\u00bb])$/su.test(text) && text.length > 1;
});
/** isQuotedList returns whether a pair of quotes is around a list as a whole, rather than around its first and last entries. */
const isQuotedList = (function (text) {
    return isQuoted(text) && /[^\s,;]/.test(text.slice(1, -1)) && !/["'`\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb]/.test(text.slice(1, -1));
});
/** projectOf accepts what can be the ID or name of a project (OTC IAM API reference, Creating a Project); null for everything else. */
const projectOf = (function (text) {
    return /^[\w-]{1,64}$/.test(text) ? text : null;
});
/** listed writes words as `a`, `b` or `c`. */
const listed = (function (words, joint = 'or') {
    const quoted = words.map(((word) => `\`${word}\``));
    const last = quoted.pop() ?? '';
    return quoted.length === 0 ? last : `${quoted.join(', ')} ${joint} ${last}`;
});
/** wrong wraps a mistake. */
function wrong(given, expected) {
    return { ok: false, wrong: { given, expected } };
}
/** parseBoolean accepts only the core booleans of YAML 1.2, so that a typo cannot mean "no". */
const parseBoolean = expecting('Expected `true` or `false`.', ((text) => /^(true|True|TRUE|false|False|FALSE)$/.test(text) ? text.toLowerCase() === 'true' : null));
const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/**
 * No duration may be longer. An IAM token lives for 24 hours, so no run can be useful beyond; what is longer is a number in the
 * wrong unit (`600000` meant as milliseconds is a week). Timers also end at 24.8 days, and fire at once beyond.
 */
const LONGEST = 24 * 3_600_000;
/** parseRetries reads how often to try again; more tries than 100 only wait for the run's time-out. */
const parseRetries = wholeNumber(0, 100, 'Expected a whole number from 0 to 100.');
const parsePositive = wholeNumber(1, Number.POSITIVE_INFINITY, 'Expected a positive whole number, such as `3`.');
/** Control characters, and what else ends a line. Not as `\p{Cc}`, which would load Unicode tables. */
const CONTROL = /[\0-\x1f\x7f-\x9f\u2028\u2029]/;
/**
 * parseGlob takes everything that fits in a line: a name may hold blanks, commas and every other character. Names have at most 128
 * characters (OTC IMS API reference, Querying Image Details).
 */
const parseGlob = lineOf(256, 'Expected one glob in one line, such as `golden-*`, of at most 256 characters (image names have at most 128); it is not a list.');
/** NO_QUOTES explains why there are quotes around a value, and how to remove them. */
const NO_QUOTES = 'The value has quotes around it, which count as part of it: remove them from the stored value. Only YAML and shells remove quotes.';
/** parseIdentityProvider reads a provider's name, which becomes part of a header and of a path. */
const parseIdentityProvider = expecting('Expected the name of the identity provider at IAM: letters, digits, `_`, `-` and `.`, at most 64.', (text) => (/^[\w.-]{1,64}$/.test(text) ? text : null));
/** theseAre writes the names of inputs or variables as a subject: `a` is, or `a` and `b` are. */
function theseAre(names) {
    return `${listed(names, 'and')} ${names.length === 1 ? 'is' : 'are'}`;
}

;// CONCATENATED MODULE: ./build/inputs/table.js
/**
 * The table of inputs: every name, where it belongs and its default. The descriptions are in action.yml, and a test holds
 * the two and the README together.
 */
/** isSecretInput returns whether the value of an input must not be shown. */
const isSecretInput = (function (name) {
    return specOf(name)?.secret === true;
});
/** specOf gives the row of an input; undefined if there is no input of that name. */
const specOf = (function (name) {
    return BY_NAME.get(name);
});
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
const BY_NAME = new Map(INPUTS.map(((row) => [row.name, row])));

;// CONCATENATED MODULE: ./build/inputs/variables.js
/** isRead returns whether a variable of the table is read with an API. */
const isRead = (function (row, api) {
    return row.api === 'both' || row.api === api;
});
/** namesOf names the variables of a role that are read with an API, family by family. */
const namesOf = (function (api, role, families) {
    const rows = (BY_ROLE.get(role) ?? []).filter(((row) => isRead(row, api)));
    return families.flatMap(((family) => rows.filter(((row) => row.family === family)))).map((({ name }) => name));
});
/** isOf returns whether a variable belongs to a family. */
const isOf = (function (family, name) {
    return name.startsWith(`${family}_`);
});
/** familiesFrom gives all families, the preferred one first. */
const familiesFrom = (function (preferred) {
    return preferred === null ? FAMILY_NAMES : [...new Set([preferred, ...FAMILY_NAMES])];
});
/** The tools' families of variables, in the order that counts if the credentials come from none of them. */
const FAMILY_NAMES = ['OS', 'HW', 'HUAWEI_CLOUD', 'HUAWEICLOUD_SDK'];
/** API, role and names, in the order of preference within a family. Every name begins with its family. */
const TABLE = [
    ['openstack', 'domain', 'OS_USER_DOMAIN_ID'],
    ['openstack', 'application-credential-id', 'OS_APPLICATION_CREDENTIAL_ID'],
    ['openstack', 'application-credential-secret', 'OS_APPLICATION_CREDENTIAL_SECRET'],
    ['openstack', 'project-domain', 'OS_PROJECT_DOMAIN_ID'],
    ['both', 'token', 'OS_TOKEN', 'OS_AUTH_TOKEN'],
    ['both', 'username', 'OS_USERNAME'],
    ['both', 'password', 'OS_PASSWORD'],
    ['both', 'domain', 'OS_USER_DOMAIN_NAME', 'OS_DOMAIN_NAME'],
    ['both', 'auth-url', 'OS_AUTH_URL'],
    ['both', 'project', 'OS_PROJECT_ID', 'OS_PROJECT_NAME', 'OS_TENANT_ID', 'OS_TENANT_NAME'],
    ['both', 'region', 'OS_REGION_NAME', 'OS_REGION'],
    ['both', 'project-domain', 'OS_PROJECT_DOMAIN_NAME'],
    ['both', 'insecure', 'OS_INSECURE'],
    ['ims', 'username', 'HW_USER_NAME'],
    ['ims', 'password', 'HW_USER_PASSWORD'],
    ['ims', 'domain', 'HW_DOMAIN_NAME'],
    ['ims', 'access-key', 'OS_ACCESS_KEY', 'HW_ACCESS_KEY', 'HUAWEI_CLOUD_ACCESS_KEY_ID', 'HUAWEICLOUD_SDK_AK'],
    ['ims', 'secret-key', 'OS_SECRET_KEY', 'HW_SECRET_KEY', 'HUAWEI_CLOUD_SECRET_ACCESS_KEY', 'HUAWEICLOUD_SDK_SK'],
    ['ims', 'security-token', 'OS_SECURITY_TOKEN', 'HW_SECURITY_TOKEN'],
    ['ims', 'auth-url', 'HW_AUTH_URL'],
    ['ims', 'project', 'HW_PROJECT_ID', 'HW_PROJECT_NAME', 'HUAWEI_CLOUD_PROJECT_ID', 'HUAWEICLOUD_SDK_PROJECT_ID'],
    ['ims', 'region', 'HW_REGION_NAME', 'HUAWEI_CLOUD_REGION'],
    ['ims', 'agency-name', 'OS_AGENCY_NAME', 'HW_ASSUME_ROLE_AGENCY_NAME'],
    ['ims', 'agency-domain', 'OS_AGENCY_DOMAIN_NAME', 'HW_ASSUME_ROLE_DOMAIN_NAME'],
    ['ims', 'delegated-project', 'OS_DELEGATED_PROJECT'],
    ['ims', 'cloud', 'HW_CLOUD'],
    ['ims', 'insecure', 'HW_INSECURE'],
];
const ROWS = TABLE.flatMap((([api, role, ...names]) => names.map(((name) => ({ name, role, api, family: FAMILY_NAMES.find(((family) => isOf(family, name))) })))));
/** The variables of the table, family by family. */
const READ_VARIABLES = FAMILY_NAMES.flatMap(((family) => ROWS.filter(((row) => row.family === family))));
/** By role, because a search through the whole table for every input is so much work that Node optimises it, which takes 2 MiB. */
const BY_ROLE = new Map();
for (const row of READ_VARIABLES)
    BY_ROLE.set(row.role, [...(BY_ROLE.get(row.role) ?? []), row]);

;// CONCATENATED MODULE: ./build/inputs/input-reader.js




/** The variable in which the runner hands over an input: upper case, hyphens kept. */
const inputVariable = (function (name) {
    return `INPUT_${name.toUpperCase()}`;
});
/** The name under which it is a mistake that inputs were dropped. */
const CUT = 'inputs with a hyphen';
/** Longer values and pieces are cut: a mistake has to fit an annotation. */
const LONGEST_VALUE = 120;
const MOST_PIECES = 5;
/**
 * InputReader gives inputs and variables trimmed (empty means unset), and collects what is wrong with them.
 * Secret inputs are masked when the reader is made, before anything can fail or print; secret variables when they are read.
 */
class InputReader {
    #env;
    #secrets;
    #wrong = [];
    /** Facts for log and summary. */
    notes = [];
    warnings = [];
    /** The inputs and variables whose secrets spoil other text when the runner masks them. */
    short = new Set();
    /** Which API the cloud offers, which decides about most other inputs; IMS if that is wrong. */
    api;
    constructor(env, secrets) {
        this.#env = env;
        this.#secrets = secrets;
        for (const { name } of INPUTS)
            if (isSecretInput(name))
                this.secret(name);
        this.api = this.parse('api', choice({ ims: 'ims', openstack: 'openstack' })) ?? 'ims';
    }
    /** variable reads an environment variable, or an input by its name; null if it is unset or blank, or if there is no name. */
    variable(name) {
        return this.#raw(name ?? '').trim() || null;
    }
    /** set gives those inputs and variables of a list that are set, in its order. */
    set(names) {
        return names.flatMap(((name) => {
            const text = this.variable(name);
            return text === null ? [] : [{ name, text }];
        }));
    }
    /** variables gives those of some roles that are set and read with the run's API, those of the preferred family first. */
    variables(roles, preferred) {
        return this.set(roles.flatMap(((role) => namesOf(this.api, role, familiesFrom(preferred)))));
    }
    /** candidates gives an input and the variables that may stand in for it, as far as they are set, in the order in which they count. */
    candidates(name, preferred = null) {
        return [...this.set([name]), ...this.variables([name], preferred)];
    }
    /** given is the input's own text; null if there is none. */
    given(name) {
        return this.variable(name);
    }
    /** secret reads a secret from an input or variable and masks it at once. */
    secret(name) {
        const text = this.variable(name);
        if (name === undefined || text === null)
            return null;
        if (destroysOutputs(text))
            this.short.add(name);
        return this.#secrets.hide(text);
    }
    /** parse reads an input, or its default. Null means: not given and without a default, or wrong and noted as a mistake. */
    parse(name, parser) {
        return this.#parse(name, this.given(name) ?? specOf(name)?.default ?? null, parser);
    }
    /** parseVariable does the same for a variable, or for an input without a default. */
    parseVariable(name, parser) {
        return this.#parse(name ?? '', this.variable(name), parser);
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
        const text = this.#raw(name);
        return text.trim() !== '' && /^[\r\n]*[^\S\r\n]|[^\S\r\n][\r\n]*$/.test(text);
    }
    /** hide masks a secret that was found inside another value. */
    hide(text) {
        this.#secrets.hide(text);
    }
    /** mistake notes what is wrong with an input or variable, or with several, joined by commas. */
    mistake(input, given, expected) {
        this.#wrong.push({ input, given, expected });
    }
    note(text) {
        this.notes.push(text);
    }
    warn(text) {
        this.warnings.push(text);
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
        const order = [CUT, ...INPUTS.map(({ name }) => name)];
        const rank = ({ input }) => {
            const at = order.indexOf(input.split(',', 1)[0] ?? '');
            return at < 0 ? order.length : at;
        };
        return this.#wrong
            .filter(({ input, given }) => !this.isCut || input === CUT || given !== null)
            .map(({ input, given, expected }) => ({
            input,
            value: this.#show(given),
            expected: this.#secrets.redact(expected),
        }))
            .sort((a, b) => rank(a) - rank(b));
    }
    #raw(name) {
        return this.#env[specOf(name) === undefined ? name : inputVariable(name)] ?? '';
    }
    /** Quotes around a value are a mistake, whatever the parser says. */
    #parse(name, text, parser) {
        if (text === null)
            return null;
        const parsed = parser(text);
        const list = specOf(name)?.list;
        const quoted = list === undefined ? isQuoted(text) : list === 'strict' && isQuotedList(text);
        if (parsed.ok && !quoted)
            return parsed.value;
        this.mistake(name, parsed.ok ? text : parsed.wrong.given, parsed.ok || quoted ? NO_QUOTES : parsed.wrong.expected);
        return null;
    }
    #show(given) {
        if (given === null)
            return null;
        const pieces = [given].flat();
        const shown = pieces.slice(0, MOST_PIECES).map((piece) => shorten(this.#secrets.redact(piece)));
        const rest = pieces.length - shown.length;
        return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
    }
}
function shorten(text) {
    const characters = Array.from(text.slice(0, 2 * LONGEST_VALUE + 2));
    return characters.length > LONGEST_VALUE ? `${characters.slice(0, LONGEST_VALUE).join('')}\u2026` : text;
}

// EXTERNAL MODULE: ./build/regions.js
var build_regions = __nccwpck_require__(538);
;// CONCATENATED MODULE: ./build/inputs/foreign.js
/**
 * What a list looks like if something went wrong on its way here, and what to change upstream. Each kind is recognised either in the
 * whole text, line by line, or in a single entry that is not what was expected.
 */

const looksLike = (function (what) {
    return `What was given looks like ${what}.`;
});
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
        hint: 'It contains a word for "nothing": the step upstream may have produced nothing.',
    },
    { entry: /^[a-z_]\w*=/i, hint: 'This is a line `name=value`: give the value alone.' },
];
/** A line of a builder, `openstack.ubuntu: \u2026`, or one that gives an image's ID, perhaps cut out of such a line. */
const LABELLED = String.raw `^[ \t]*[\w-]+\.[\w-]+: (?!${values/* UUID */.kk}[ \t]*$)[^\s\d"']|^[ \t]*[\w.-]+: [^\n]*\bimages?\b[^\n]*${values/* UUID */.kk}|\bimage id: ${values/* UUID */.kk}`;
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
        text: new RegExp(String.raw `^[ \t]*\+[-=+]{3,}|^[ \t]*\|[^\n]*\||^[^\w\n]{0,3}ID[^\w\n]*(Name|Status|$)|^[ \t]*(- )?["']?ID["']?[ \t]*:|[{,]\s*\\*"(ID|image_id)\\*"\s*:|^${values/* UUID */.kk}[ \t]+\S[^\n]*[ \t](active|queued|saving|deactivated|killed|deleted)\b`, 'im'),
        hint: 'This looks like output of the OpenStack client that holds more than IDs: use `openstack image list -f value -c ID` (`image show -f value -c id`), or `-f json` for a list.',
    },
    { text: /\}\s*\{/, hint: 'There are several JSON texts in a row: make one array of them with `jq -s`.' },
    { entry: /(^|:)ami-/i, hint: looksLike('an AMI ID of AWS') },
    { entry: /^\/?subscriptions\//i, hint: looksLike('a resource ID of Azure') },
    { entry: /^(projects\/|https:\/\/.*googleapis\.com\/)/i, hint: looksLike('an image of Google Cloud') },
    { entry: /^sha256:|@sha256:/i, hint: looksLike('a digest of a container image') },
    {
        entry: new RegExp(`^[\\w-]+:${values/* UUID */.kk}$`, 'i'),
        hint: looksLike('an image ID with a region in front: remove the region'),
    },
    { entry: new RegExp(`^(https?:/)?/.*${values/* UUID */.kk}`, 'i'), hint: looksLike('an address: give the ID at its end alone') },
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
    { entry: new RegExp(`${values/* UUID */.kk}[\\s,;]`, 'i'), hint: 'A string contains several IDs: give each a string of its own.' },
    {
        entry: /^(?=.*[a-z*?])[\w.*?+()-]{2,}$/i,
        hint: 'This looks like a name or a glob: `match-name` chooses images by name, instead of `images`.',
    },
];
/** What is in JSON, if nothing else is recognised. */
const NESTED = [
    {
        value: (value) => typeof value === 'string' && /^\s*[[{][\s\S]*[\]}]\s*$/.test(value),
        hint: 'There is JSON inside a JSON string: take it out with `fromJSON(\u2026)` or `jq -r`.',
    },
    {
        value: Array.isArray,
        hint: 'There is a list inside: make one flat list, with `flatten(\u2026)` in Terraform or `jq flatten`.',
    },
];
/** What may be given in place of each, by groups: the first group in which something is recognised counts. */
const foreign_GROUPS = {
    names: [DAMAGED],
    artifact: [IMAGES],
    images: [[...DAMAGED, ...IMAGES], NESTED, LAST_RESORTS],
};
/** What went wrong shows at the ends of a text; expressions must not take long over the rest. */
const END = 2_000;
const MOST_ENTRIES = 100;
const MOST_HINTS = 3;
/**
 * hintsOn describes what a text and its wrong entries look like, and what to change upstream; empty if nothing is recognised.
 * @param what is expected: names, image IDs, or the artifact of a build
 * @param text empty if there are entries only
 * @param entries those that are wrong
 * @param values what is in the JSON; empty if the text is no JSON
 */
function hintsOn(what, text, entries, values = []) {
    const ends = text.length > 2 * END ? `${text.slice(0, END)}\n${text.slice(-END)}` : text;
    const someEntries = entries.slice(0, MOST_ENTRIES).map((entry) => entry.slice(0, END));
    const someValues = values.slice(0, MOST_ENTRIES);
    const isSeen = ({ text, entry, value }) => text?.test(ends) || someEntries.some((one) => entry?.test(one)) || someValues.some((one) => value?.(one));
    const seen = foreign_GROUPS[what].map((kinds) => kinds.filter(isSeen)).find((kinds) => kinds.length > 0) ?? [];
    const hints = seen.slice(0, MOST_HINTS).map(({ hint }) => ` ${hint}`);
    return hints.join('');
}

;// CONCATENATED MODULE: ./build/inputs/list.js
/**
 * The one list grammar of all inputs: of image IDs and of names.
 *
 * Entries are separated by new lines, commas, semicolons or blanks, or come as a JSON array of strings. Lists arrive through shells,
 * YAML and expressions, so the parser ignores what those leave behind: quotes, a pair of brackets around plain entries, trailing
 * commas, the dashes of a YAML list, JSON that was made JSON twice. The entries themselves have to be IDs or names.
 */




/**
 * parseImages reads image IDs: unique, in lower case, in the order given. Besides a list they may come as a JSON object whose values
 * are IDs (a Terraform map), or as a JSON array of objects with an ID (the OpenStack client). An empty array or object gives an empty list.
 */
const parseImages = (function (text) {
    const json = structureIn(text);
    if (json === undefined && /^[\\"'`\s]*\{/.test(text)) {
        return wrong(text, `${list_IMAGES} A JSON object whose values are image IDs is understood too, but this is none.${hintsOn('images', text, [])}`);
    }
    // An item of an array may be an object that holds an ID.
    const idIn = (item) => [(0,values/* fieldOf */._F)(item, 'id'), (0,values/* fieldOf */._F)(item, 'ID')].find((id) => typeof id === 'string') ?? item;
    return itemsOf(Array.isArray(json) ? json.map(idIn) : (json ?? split(text)), {
        parse: values/* uuidOf */.pV,
        expected: list_IMAGES,
        strings: 'Expected strings only, or an array of objects with an image ID under `id` or `ID`. For one Terraform output use `terraform output -json NAME`.',
        hint: (entries) => `${entries.includes('') ? EMPTY : ''}${hintsOn('images', text, entries, json && Object.values(json))}`,
    });
});
/** parseProjects reads IDs or names of projects: unique, as given, in the order given, at least one. */
const parseProjects = (function (text) {
    return parseNames(text, projectOf, 'Expected IDs or names of projects: letters, digits, `_` and `-`, at most 64.');
});
/** A list that is given and empty is a mistake here: `[]` must not silently lift a restriction or mean another project. */
const parseNames = (function (text, parse, expected) {
    const list = structureIn(text) ?? split(text);
    const hint = (entries) => hintsOn('names', text, entries);
    if (!Array.isArray(list))
        return wrong(text, `Expected a list or a JSON array of strings, not an object.${hint([])}`);
    if (list.length === 0)
        return wrong(text, 'The list is empty: leave the input out, or give at least one entry.');
    const strings = 'Expected strings only, without further arrays or objects inside.';
    return itemsOf(list, { parse, expected, strings, hint });
});
/** The items of an array or object: unique, in the order given; or all that are wrong, by position, counted from 1, and by key. */
const itemsOf = (function (list, { parse, expected, strings, hint }) {
    const entries = Object.entries(list).map((([key, value], index) => {
        const text = typeof value === 'string' ? value.trim() : null;
        return {
            label: `entry ${index + 1}${Array.isArray(list) ? '' : ` (${key})`}`,
            isText: text !== null,
            shown: text ?? JSON.stringify(value),
            item: text === null ? null : parse(text),
        };
    }));
    const others = entries.filter((({ isText }) => !isText));
    const bad = others.length > 0 ? others : entries.filter((({ item }) => item === null));
    if (bad.length === 0)
        return right([...new Set(entries.flatMap((({ item }) => item ?? [])))]);
    return wrong(bad.map(({ label, shown }) => `${label}: ${shown || '(empty)'}`), `${others.length > 0 ? strings : expected}${hint(bad.map(({ shown }) => shown))}`);
});
/** An array or object; undefined if the text is none. Escaped quotes inside it are those of JSON in a JSON string. */
const structureIn = (function (text) {
    const bare = bareOf(text);
    if (!/^["[{]/.test(bare))
        return undefined;
    for (const candidate of [text, bare, (0,values/* jsonOf */.o_)(`"${bare}"`), bare.replaceAll('\\"', '"')]) {
        let value = candidate;
        for (let depth = 0; depth <= MOST_WRAPPINGS && typeof value === 'string'; depth++)
            value = (0,values/* jsonOf */.o_)(value);
        if (typeof value === 'object' && value !== null)
            return value;
    }
    return undefined;
});
/** Takes away the quotes that shells leave around an array or object. */
const bareOf = (function (text) {
    return text
        .trim()
        .replace(/^[\\"'`\s]+(?=[[{])/, '')
        .replace(/(?<=[\]}])[\\"'`\s]+$/, '');
});
/** Separates plain entries, and takes away what shells, YAML and JSON leave around them. */
const split = (function (text) {
    const decoded = /^\s*"/.test(text) ? (0,values/* jsonOf */.o_)(text) : undefined;
    if (typeof decoded === 'string')
        return split(decoded);
    return bareOf(text)
        .replace(/^\[(.*)\]$/s, '$1')
        .replace(/^\s*[-*](?=\s)/gm, '')
        .split(/[\s,;]+/)
        .map(((entry) => entry.replace(/^[\\"'`]+|[\\"'`]+$/g, '')))
        .filter(((entry) => entry !== ''));
});
const list_IMAGES = 'Expected image IDs, which are UUIDs such as `d164b5df-1bc3-4c3f-893e-3e471fd16e64`.';
/** MASKED explains why the output of another job may be empty. */
const MASKED = 'The runner drops a job output that contains a masked value ("Skip output \u2026 since it may contain secret"): keep project and owner IDs in variables (`vars`), not in secrets.';
const EMPTY = ` An entry is empty: the step upstream may have produced no image. ${MASKED}`;
/** parseKeystoneProjects does the same for plain OpenStack, whose projects may have any name; one with blanks needs a JSON array. */
function parseKeystoneProjects(text) {
    return parseNames(text, keystoneProjectOf, 'Expected IDs or names of projects, each of at most 64 characters.');
}
/** No literal, for which Node would load Unicode tables in every run. */
const KEYSTONE_NAME = '^[^\\p{C}\\u2028\\u2029]{1,64}$';
/** keystoneProjectOf accepts what can be the ID or name of a project on plain OpenStack; null for everything else. */
function keystoneProjectOf(text) {
    return new RegExp(KEYSTONE_NAME, 'u').test(text) && !isQuoted(text) ? text : null;
}
/**
 * parseOwners reads the IDs of trusted projects, at least one. A name is refused, because it cannot be looked up in a
 * stranger's account; it is known by the region that it begins with. IDs are not recognised by their shape.
 */
function parseOwners(text) {
    return parseNames(text, (entry) => projectOf(entry) === null || (0,build_regions/* regionOf */.AP)(entry) !== null ? null : (0,values/* isProjectId */.rm)(entry) ? entry.toLowerCase() : entry, 'Expected IDs of the projects that own the images, such as `edc89b490d7d4392898e19b2deb34797`; names cannot be looked up in other accounts.');
}
const LONGEST_BUILD = 200;
/** parseBuilds reads names or builder types of Packer builds: unique, in the order given, at least one. */
function parseBuilds(text) {
    return parseNames(text, (entry) => (entry === '' || entry.length > LONGEST_BUILD ? null : entry), `Expected names or builder types of builds, such as \`ubuntu\` or \`huaweicloud-ecs\`, of at most ${LONGEST_BUILD} characters.`);
}
/** How many times over a list may have been encoded as a JSON string. */
const MOST_WRAPPINGS = 3;

;// CONCATENATED MODULE: ./build/inputs/credentials.js

/**
 * buildCredentials gives the credentials of a method that lacks nothing; null if a value is wrong, which was noted as a mistake.
 * @param sources the input or variable that holds each part
 */
const buildCredentials = (function (reader, method, sources) {
    const text = (part, parser = lineOf(LONGEST_NAME)) => reader.parseVariable(sources.get(part), parser);
    const secret = ((part) => readSecret(reader, part, sources.get(part)));
    switch (method) {
        case 'token':
            return complete({ method, token: secret('token') });
        case 'password': {
            const user = { method, username: text('username'), password: secret('password'), domain: text('domain') };
            const whole = complete(user);
            if (whole === null)
                return null;
            const domain = domainOf(sources.get('domain'), whole.domain);
            return { ...whole, domain, projectDomain: readProjectDomain(reader) ?? domain };
        }
        case 'application-credential':
            return complete({
                method,
                id: text('application-credential-id'),
                secret: secret('application-credential-secret'),
            });
        case 'aksk': {
            if (areSwapped(reader, sources))
                return null;
            const keys = complete({ method, accessKey: secret('access-key'), secretKey: secret('secret-key') });
            const securityToken = secret('security-token');
            return keys && { ...keys, securityToken };
        }
        case 'oidc': {
            const identityProvider = text('identity-provider', parseIdentityProvider);
            const requestUrl = reader.variable('ACTIONS_ID_TOKEN_REQUEST_URL');
            const requestToken = reader.secret('ACTIONS_ID_TOKEN_REQUEST_TOKEN');
            if (requestUrl === null || requestToken === null)
                reader.mistake('identity-provider', reader.given('identity-provider'), NO_ID_TOKEN);
            const audience = text('audience');
            const provider = complete({ method, identityProvider, requestUrl, requestToken });
            return provider && { ...provider, audience };
        }
    }
});
const readSecret = (function (reader, part, source) {
    const secret = reader.secret(source);
    const flaw = secret === null ? null : flawOf(part, secret.reveal());
    if (source === undefined || flaw === null)
        return secret;
    reader.mistake(source, null, flaw);
    return null;
});
/** Tokens and keys travel in a header. Other secrets may hold blanks, and a password may hold quotes, but neither a line break. */
const flawOf = (function (part, text) {
    const inHeader = part !== 'password' && part !== 'application-credential-secret';
    if (!inHeader && /[\r\n]/.test(text))
        return 'Expected one line: was it wrapped, or joined with something else?';
    if (part !== 'password' && isQuoted(text))
        return NO_QUOTES;
    if (!inHeader || /^(?!\*+$)[\x21-\x7e]+$/.test(text))
        return null;
    return /^\*+$/.test(text)
        ? 'The value consists of asterisks: it was replaced by a mask on its way. A masked value cannot be passed on; read the secret itself in this job.'
        : 'Expected one line of printable ASCII characters without white space: was it cut, wrapped or joined with something else?';
});
const LONGEST_NAME = 255;
/** A value of this variable is an ID if the variable's name says so. */
function domainOf(source = '', text) {
    return source.endsWith('_ID') ? { id: text } : { name: text };
}
/** On plain OpenStack a project that is given by name may belong to another domain than the user; null if none is given. */
function readProjectDomain(reader) {
    if (reader.api !== 'openstack')
        return null;
    const source = reader.candidates('project-domain')[0]?.name;
    const text = reader.parseVariable(source, lineOf(LONGEST_NAME));
    return text === null ? null : domainOf(source, text);
}
/** Access keys have 20 letters and digits, secret keys 40 (OTC, Access Keys). Swapped, the secret key would be sent in the clear. */
function areSwapped(reader, sources) {
    const names = [sources.get('access-key'), sources.get('secret-key')];
    const [access, key] = names.map((name) => reader.variable(name) ?? '');
    if (!/^[a-z\d]{40}$/i.test(access ?? '') || !/^[a-z\d]{20}$/i.test(key ?? ''))
        return false;
    reader.mistake(names.join(', '), null, 'These are swapped: an access key has 20 letters and digits, a secret key 40. Exchange the two values.');
    return true;
}
const NO_ID_TOKEN = `The job may not ask GitHub for an ID token. Add to the job, and to the job that calls it if this is a reusable workflow:
permissions:
  id-token: write
  contents: read
Runs for pull requests from forks get no ID token, whatever the permissions say.`;

;// CONCATENATED MODULE: ./build/inputs/unread-variables.js


/** unread names the variables that are set, are not read, and may explain an error: sentences with a blank in front, or nothing. */
const unread = (function (reader, ...topics) {
    const read = new Set(READ_VARIABLES.filter(((row) => isRead(row, reader.api))).map((({ name }) => name)));
    return UNREAD_VARIABLES.filter((([, , explains]) => explains.some(((topic) => topics.includes(topic)))))
        .map((([names, but]) => ({
        but,
        set: names.split(' ').filter(((name) => reader.variable(name) !== null && !read.has(name))),
    })))
        .map((({ but, set }) => (set.length === 0 ? '' : ` ${theseAre(set)} set, but ${but}.`)))
        .join('');
});
const ALL_OF_A_FILE = ['login', 'project', 'region', 'agency'];
/**
 * The names are separated by blanks, `but` completes "\u2026 is set, but". Those that are read with `api: openstack` are in the table of
 * variables that are read as well.
 */
const UNREAD_VARIABLES = [
    ['OS_CLOUD OS_CLIENT_CONFIG_FILE', '`clouds.yaml` is not read: hand over what it holds as inputs', ALL_OF_A_FILE],
    [
        'OS_USER_ID OS_DOMAIN_ID HW_USER_ID HW_DOMAIN_ID OS_DEFAULT_DOMAIN OS_DEFAULT_DOMAIN_ID ' +
            'OS_DEFAULT_DOMAIN_NAME OS_USER_DOMAIN_ID',
        'users and domains are read by name only: use `OS_USERNAME` and `OS_USER_DOMAIN_NAME`, or the inputs',
        ['login'],
    ],
    ['OS_PASSCODE', 'a second factor cannot be given: use a user without MFA, or OIDC', ['login', 'refused password']],
    [
        'OS_AUTH_TYPE OS_AUTH_METHODS',
        'it has no effect: the method follows from the credentials',
        ['login', 'refused password', 'refused keys'],
    ],
    [
        'OS_APPLICATION_CREDENTIAL_ID OS_APPLICATION_CREDENTIAL_SECRET',
        'application credentials are read with `api: openstack` only',
        ['login'],
    ],
    ['OS_APPLICATION_CREDENTIAL_NAME', 'application credentials are read by ID only', ['login']],
    [
        'OS_IDENTITY_PROVIDER OS_PROTOCOL OS_ACCESS_TOKEN HUAWEICLOUD_SDK_IDP_ID HUAWEICLOUD_SDK_ID_TOKEN_FILE',
        'federated logins are given with `identity-provider`',
        ['login'],
    ],
    [
        'OS_PROJECT_DOMAIN_ID',
        'it is read with `api: openstack` only: here a project belongs to the domain of the user, or of the agency',
        ['project'],
    ],
    [
        'OS_TRUST_ID OS_SYSTEM_SCOPE HW_ENTERPRISE_PROJECT_ID',
        'it has no effect: the member project is given as `project`',
        ['project'],
    ],
    [
        'OS_ENDPOINT_TYPE OS_IMAGE_ENDPOINT_OVERRIDE HW_ENDPOINTS',
        'services are found by `region`, or given as `ims-endpoint` and `auth-url`',
        ['region'],
    ],
    [
        'OS_CACERT OS_CERT OS_KEY HW_CACERT HW_CERT HW_KEY SSL_CERT_FILE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE',
        'further certificates are read from `NODE_EXTRA_CA_CERTS` only',
        ['certificate'],
    ],
    [
        'HW_PROFILE HW_SHARED_CONFIG_FILE HUAWEICLOUD_SDK_CREDENTIALS_FILE',
        'configuration files are not read: hand over what they hold as inputs',
        ALL_OF_A_FILE,
    ],
    ['HW_AUTH_TOKEN HW_TOKEN', 'tokens are read from `OS_TOKEN`, and from the input `token`', ['login']],
    ['HW_ASSUME_ROLE_DOMAIN_ID OS_AGENCY_DOMAIN_ID', 'accounts are read by name only', ['agency']],
    [
        'HUAWEICLOUD_ACCESS_KEY_ID HUAWEICLOUD_SECRET_ACCESS_KEY HUAWEICLOUD_ACCESS_KEY HUAWEICLOUD_SECRET_KEY ' +
            'HUAWEICLOUD_SDK_DOMAIN_ID CLOUD_SDK_AK CLOUD_SDK_SK AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY',
        'keys are read from `OS_ACCESS_KEY` and `OS_SECRET_KEY`, and from the inputs `access-key` and `secret-key`',
        ['login'],
    ],
    [
        'AWS_SESSION_TOKEN HUAWEI_CLOUD_SECURITY_TOKEN HUAWEICLOUD_SECURITY_TOKEN HUAWEICLOUD_SDK_SECURITY_TOKEN',
        'it is not read: the token of temporary keys belongs into `security-token`, or into `OS_SECURITY_TOKEN` beside `OS_ACCESS_KEY`',
        ['login', 'refused keys'],
    ],
    ['HUAWEICLOUD_PROJECT_ID', 'projects are read from `OS_PROJECT_ID` and `OS_PROJECT_NAME`', ['project']],
    [
        'HUAWEICLOUD_REGION HUAWEICLOUD_SDK_REGION',
        'regions are read from `OS_REGION_NAME`, `HW_REGION_NAME` and `HUAWEI_CLOUD_REGION`',
        ['region'],
    ],
];

;// CONCATENATED MODULE: ./build/inputs/login.js






/** readLogin finds the one method, or notes what stands in its way, and reads the agency that is assumed after the login. */
const readLogin = (function (reader) {
    const choice = readMethod(reader);
    return { ...choice, ...readAgency(reader, choice.family) };
});
const readMethod = (function (reader) {
    const inputs = offers(reader, [null]);
    if (inputs.length > 0)
        return choose(reader, inputs);
    const variables = offers(reader, familiesFrom(null));
    // OS_DOMAIN_NAME and similar variables accompany every method, so by themselves they select none.
    const naming = variables.filter(({ sources }) => [...sources.keys()].some((part) => part === 'username' || isSecretInput(part)));
    if (variables.length > 0)
        return choose(reader, naming.length > 0 ? naming : variables);
    const [names, cure] = NOTHING[reader.api];
    reader.mistake(names, null, `No credentials are given. Give ${cure}. A ${login_EMPTY}${unread(reader, 'login')}`);
    return NO_LOGIN;
});
const offers = (function (reader, families) {
    const found = families
        .flatMap(((family) => METHODS[reader.api].map((([method, parts]) => ({ ...offerOf(reader, parts, family), method })))))
        .filter((({ names }) => names.length > 0));
    for (const { method, names } of found) {
        // A stale token beside a fresh one would be hard to diagnose at run time.
        if (method === 'token' && new Set(reader.set(names).map((({ text }) => text))).size > 1)
            reader.mistake(names.join(', '), null, 'Both are names for the same token, but they differ: keep one of them.');
    }
    return found;
});
/** offerOf gives what is set of some parts in the inputs (null) or in one family of variables. Secrets are masked. */
const offerOf = (function (reader, parts, family) {
    const sources = new Map();
    const names = [];
    const missing = [];
    for (const part of parts) {
        const candidates = family === null ? [part] : namesOf(reader.api, part, [family]);
        const set = reader.set(candidates).map((({ name }) => name));
        if (isSecretInput(part))
            for (const name of set)
                reader.secret(name);
        names.push(...set);
        const [first] = set;
        if (first !== undefined)
            sources.set(part, first);
        else if (!OPTIONAL.has(part))
            missing.push(candidates[0] ?? part);
    }
    return { family, sources, names, missing };
});
const choose = (function (reader, found) {
    const [offer, ...others] = found;
    if (offer === undefined || others.length > 0) {
        reader.mistake(found.flatMap(({ names }) => names).join(', '), null, severalMethods(found));
        return NO_LOGIN;
    }
    const { method, family, sources, names, missing } = offer;
    if (missing.length > 0)
        reader.mistake(names.join(', '), null, halfMethod(reader, offer));
    const credentials = missing.length > 0 ? null : buildCredentials(reader, method, sources);
    return { credentials, method, family, sources: [...sources.values()] };
});
/** Both names or neither: from the inputs or, if neither is given, from one family of variables, that of the credentials first. */
const readAgency = (function (reader, family) {
    const parts = ['agency-name', 'agency-domain'];
    const [used, ...others] = [null, ...familiesFrom(family)]
        .map(((each) => offerOf(reader, parts, each)))
        .filter((({ names }) => names.length > 0));
    if (used === undefined || reader.api === 'openstack')
        return { agency: null, isAgency: false };
    const [name = '', domain = ''] = used.names;
    const textOf = ({ sources }, part) => reader.variable(sources.get(part));
    for (const other of others) {
        const differ = parts.filter((part) => other.sources.has(part) && textOf(other, part) !== textOf(used, part));
        const names = differ.map((part) => other.sources.get(part) ?? '');
        if (names.length > 0)
            reader.note(`${theseAre(names)} ignored: \`${name}\` takes precedence`);
    }
    const [lacking] = used.missing;
    if (lacking !== undefined) {
        const cure = `An agency needs its name and the account that created it: give \`${lacking}\` too, or neither.`;
        reader.mistake(name, reader.variable(name), cure + unread(reader, 'agency'));
        return { agency: null, isAgency: true };
    }
    const parse = lineOf(LONGEST_AGENCY);
    const agency = { name: reader.parseVariable(name, parse), domain: reader.parseVariable(domain, parse) };
    return { agency: complete(agency), isAgency: true };
});
const METHODS = {
    ims: [
        ['token', ['token']],
        ['password', ['username', 'password', 'domain']],
        ['aksk', ['access-key', 'secret-key', 'security-token']],
        ['oidc', ['identity-provider', 'audience']],
    ],
    openstack: [
        ['token', ['token']],
        ['password', ['username', 'password', 'domain']],
        ['application-credential', ['application-credential-id', 'application-credential-secret']],
    ],
};
/** If nothing is given: the inputs concerned, and what to give. */
const NOTHING = {
    ims: [
        'identity-provider, token, username, access-key',
        '`identity-provider` (keyless), `token`, `username` with `password` and `domain`, or `access-key` with `secret-key`',
    ],
    openstack: [
        'application-credential-id, token, username',
        '`application-credential-id` with `application-credential-secret`, `token`, or `username` with `password` and `domain`',
    ],
};
/** Follows an article. */
const login_EMPTY = 'secret that does not exist, or that a pull request from a fork may not read, arrives empty.';
const NO_LOGIN = { credentials: null, method: null, family: null, sources: [] };
const OPTIONAL = new Set(['security-token', 'audience']);
function severalMethods(found) {
    const each = found.map(({ method, names, missing }) => {
        const lack = missing.length === 0 ? '' : `, without ${listed(missing, 'and')}`;
        return `${listed(names, 'and')} (method ${(0,values/* methodTitle */.SH)(method)}${lack})`;
    });
    const cure = found[0]?.family === null
        ? 'Give the inputs of one method only.'
        : 'Keep the variables of one method and one family (`OS_`, `HW_`, `HUAWEI_CLOUD_` or `HUAWEICLOUD_SDK_`), or give the credentials as inputs, which win.';
    return `These do not belong together: ${each.join('; ')}. ${cure}`;
}
function halfMethod(reader, { method, family, names, missing }) {
    const half = `Method ${(0,values/* methodTitle */.SH)(method)} is incomplete: ${listed(names, 'and')} without ${listed(missing, 'and')}.`;
    const others = unread(reader, 'login');
    if (family !== null)
        return `${half} Set what is missing, or give all credentials as inputs, which win.${others}`;
    const parts = new Set(METHODS[reader.api].flatMap(([, each]) => each));
    const rows = READ_VARIABLES.filter((row) => parts.has(row.role) && isRead(row, reader.api));
    const set = reader.set(rows.map(({ name }) => name)).map(({ name }) => name);
    const uncounted = set.length === 0 ? '' : ` Inputs are not completed from the environment, so ${listed(set, 'and')} did not count.`;
    return `${half} Give what is missing; a ${login_EMPTY}${uncounted}${others}`;
}
const LONGEST_AGENCY = 64;

;// CONCATENATED MODULE: ./build/inputs/login-hints.js




/** readHints gives sentences for errors that may come later. */
const readHints = (function (reader, login) {
    // The project's domain is compared for method password only.
    const isIdle = login.method !== 'password' && reader.variable('OS_PROJECT_DOMAIN_NAME') !== null;
    const domain = isIdle ? ' `OS_PROJECT_DOMAIN_NAME` is set, but has no effect with this method.' : '';
    return {
        login: loginHints(reader, login).filter((hint) => hint !== ''),
        project: domain + unread(reader, 'project'),
        region: unread(reader, 'region'),
        certificate: unread(reader, 'certificate').trim(),
    };
});
const loginHints = (function (reader, { credentials, sources }) {
    if (credentials?.method === 'aksk')
        return credentials.securityToken === null ? [tokenBeside(reader), unread(reader, 'refused keys').trim()] : [];
    if (credentials?.method !== 'password')
        return [];
    const name = sources.find((source) => /domain/i.test(source)) ?? 'domain';
    return [
        (0,values/* isAccountId */.JG)(nameOf(credentials)) ? `\`${name}\` looks like the ID of an account: give the account's name.` : '',
        ...sources
            .filter((source) => reader.isPadded(source))
            .map((source) => `\`${source}\` has a blank at one end, which was not sent: if it belongs to the value, change the value at IAM.`),
        unread(reader, 'refused password', 'project').trim(),
    ];
});
/**
 * checkDomains refuses a project's domain other than the user's, which would lead elsewhere if it were read. If the user was given by
 * inputs, it only does not count.
 */
const checkDomains = (function (reader, { credentials, family, isAgency }) {
    if (credentials?.method !== 'password')
        return;
    const domain = nameOf(credentials);
    const differing = (role) => reader.variables([role], family).filter(({ text }) => text.toLowerCase() !== domain.toLowerCase());
    for (const { name, text } of differing('project-domain')) {
        if (family !== null && !isAgency)
            reader.mistake(name, text, `The user belongs to domain \`${domain}\`, and the project has to be one of that domain. Unset the variable, or log in with a user of the project's domain; an agency leads to a project of another account.`);
        else
            reader.note(`\`${name}\` is ignored: the project belongs to the domain of the login`);
    }
    if (family === null)
        return;
    for (const { name } of differing('domain').filter((one) => isOf(family, one.name)))
        reader.note(`\`${name}\` is ignored: the user's domain is given as well`);
});
/** warnOfInsecure warns that no variable switches the check of certificates off. */
const warnOfInsecure = (function (reader) {
    const set = READ_VARIABLES.filter((({ role }) => role === 'insecure'))
        .map((({ name }) => name))
        .filter(((name) => !/^(|0|f|false|n|no|off)$/i.test(reader.variable(name) ?? '')));
    if (set.length === 0)
        return;
    reader.warn(`${listed(set, 'and')} ${set.length === 1 ? 'has' : 'have'} no effect: certificates are always checked. If a private authority signs them, name its certificate in \`NODE_EXTRA_CA_CERTS\`.`);
});
/** Keys that are inputs are not completed from the environment. */
function tokenBeside(reader) {
    const [first] = reader.variables(['security-token'], null);
    return first === undefined ? '' : `\`${first.name}\` is set, but does not count: give it as \`security-token\`.`;
}
/** The user's domain; empty if it is given by its ID, as it can be on plain OpenStack. */
function nameOf({ domain }) {
    return 'name' in domain ? domain.name : '';
}

;// CONCATENATED MODULE: ./build/inputs/url.js
/**
 * Base URLs of services. Credentials are sent there, so the parser is strict about anything that could send them elsewhere.
 */


/** parseImsEndpoint reads the base URL of the image service: scheme and host, no path. Gives it without a trailing slash. */
const parseImsEndpoint = (function (text) {
    return parseBase(text, 'https://ims.eu-de.otc.t-systems.com', /^\/$/);
});
/** parseAuthUrl reads the base URL of IAM, with or without `/v3`. Gives it without `/v3` and without a trailing slash. */
const parseAuthUrl = (function (text) {
    return parseBase(text, 'https://iam.eu-de.otc.t-systems.com/v3', /^\/(v3\/?)?$/, /\/v3$/);
});
/**
 * Gives a URL without slashes at its end.
 * @param version the end of a path that is left out
 */
const parseBase = (function (text, example, path, version = /$/) {
    const shown = withoutCredentials(text);
    const expected = `Expected a base URL such as \`${example}\``;
    const url = /\s/.test(text) ? null : (0,values/* urlOf */.rs)(text);
    if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
        const bare = !text.includes('//') && (0,values/* urlOf */.rs)(`https://${text}`) !== null && /^[\w.:/-]+$/.test(text);
        return wrong(shown, bare ? `${expected}: write \`https://${text}\`.` : `${expected}.`);
    }
    if (url.username !== '' || url.password !== '' || text.includes('@')) {
        return wrong(shown, `${expected}, without a user name or password in it.`);
    }
    if (url.protocol === 'http:' && !(0,values/* isLoopback */.U9)(url.hostname)) {
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
    return right(url.origin + url.pathname.replace(/\/+$/, '').replace(version, ''));
});
/** A URL with a password in it must not reach a log, and a query may hold a token. */
const withoutCredentials = (function (text) {
    return text.replace(/^([a-zA-Z][a-zA-Z\d+.-]*:\/\/)?[\s\S]*@/, '$1***@').replace(/[?#][\s\S]*$/, '?\u2026');
});
const ANY_PATH = /^(\/[\w.~-]+)*\/*$/;
/** parseGlanceUrl reads the base URL of Glance, which may have a path, with or without `/v2`. Gives it without `/v2` and a trailing slash. */
function parseGlanceUrl(text) {
    return parseBase(text, 'https://cloud.example.com/image', ANY_PATH, /\/v2(\.\d+)?$/);
}
/** parseKeystoneUrl reads the base URL of Keystone, which may have a path, with or without `/v3`. Gives it without `/v3` and a trailing slash. */
function parseKeystoneUrl(text) {
    const base = parseBase(text, 'https://cloud.example.com/identity/v3', ANY_PATH, /\/v3$/);
    if (!base.ok || !base.value.endsWith('/v2.0'))
        return base;
    const newer = base.value.replace(/\/v2\.0$/, '/v3');
    return wrong(text, `This is version 2.0 of Keystone's API, which no longer exists: write \`${newer}\`.`);
}

;// CONCATENATED MODULE: ./build/inputs/disagreement.js



/**
 * noteProjects compares the projects of the run with the variables that name one. An ID cannot be compared with a name: such variables are
 * given back, to be compared after the login.
 * @param source the input or variable that the projects come from
 */
const noteProjects = (function (reader, projects, source, set) {
    const others = set.filter(({ name, text }) => name !== source && !projects.some((project) => project.toLowerCase() === text.toLowerCase()));
    const isOtherForm = ({ name, text }) => /_(ID|NAME)$/.test(name) && projects.some((project) => (0,values/* isProjectId */.rm)(project) !== (0,values/* isProjectId */.rm)(text));
    const because = projects.length === 0 ? 'the credentials bring their own project' : `\`${source}\` takes precedence`;
    const definite = others.filter((one) => !isOtherForm(one));
    noteOthers(reader, definite, because);
    return others.filter(isOtherForm).map((one) => ({ text: one.text, note: ignored([one], because) }));
});
/** noteRegions compares the region in use with the variables that name one. */
const noteRegions = (function (reader, used, set) {
    if (used === null)
        return;
    const others = set.filter(({ text }) => text !== used.text);
    noteOthers(reader, others, `\`${used.name}\` (${disagreement_shorten(used.text)}) takes precedence`);
});
/** noteUrls compares IAM's address in use with the variables that hold one. `url` is null if the region of `source` counts instead. */
const noteUrls = (function (reader, source, url, set) {
    // An address with a path is one of Keystone's.
    const isSame = (text) => [parseAuthUrl(text), parseKeystoneUrl(text)].some((parsed) => parsed.ok && parsed.value === url);
    const others = set
        .filter((({ name, text }) => name !== source && !isSame(text)))
        .map(({ name, text }) => ({ name, text: (0,values/* urlOf */.rs)(text)?.host ?? 'not a URL' }));
    noteOthers(reader, others, `\`${source}\` ${url === null ? 'names another region' : 'takes precedence'}`);
});
const noteOthers = (function (reader, others, because) {
    if (others.length > 0)
        reader.note(ignored(others, because));
});
const disagreement_shorten = (function (text) {
    return (0,values/* isProjectId */.rm)(text) || text.length <= 64 ? text : `${text.slice(0, 64)}\u2026`;
});
function ignored(others, because) {
    const names = others.map(({ name }) => name);
    const texts = others.map(({ text }) => disagreement_shorten(text)).join(', ');
    return `${listed(names, 'and')} (${texts}) ${names.length === 1 ? 'is' : 'are'} ignored: ${because}`;
}

;// CONCATENATED MODULE: ./build/inputs/openstack.js




/** refuseOthers notes inputs that do not go with the API, and warns of such variables on plain OpenStack. */
const refuseOthers = (function (reader) {
    const { api } = reader;
    const isSet = ((name) => reader.variable(name) !== null);
    for (const [inputs, expected] of REFUSED[api]) {
        const names = inputs.filter(isSet);
        if (names.length > 0)
            reader.mistake(names.join(', '), null, expected);
    }
    const others = READ_VARIABLES.filter(((row) => !isRead(row, api))).map((({ name }) => name));
    const set = api === 'openstack' ? others.filter(isSet) : [];
    if (set.length > 0)
        reader.warn(`${theseAre(set)} ignored: \`api\` is \`openstack\`.`);
});
/** The inputs that do not go with an API, and why. */
const REFUSED = {
    ims: [
        [
            ['project-domain', 'application-credential-id', 'application-credential-secret'],
            'These are for plain OpenStack: set `api: openstack`, or leave them out.',
        ],
    ],
    openstack: [
        [['vault'], 'Plain OpenStack has no vaults. Leave it out, or set `api: ims`.'],
        [
            ['identity-provider', 'audience'],
            'Plain OpenStack does not take the ID token of the workflow: use an application credential. Leave it out, or set `api: ims`.',
        ],
        [
            ['agency-name', 'agency-domain'],
            'Plain OpenStack has no agencies: use credentials of the member project. Leave it out, or set `api: ims`.',
        ],
        [
            ['access-key', 'secret-key', 'security-token'],
            'Plain OpenStack does not take signed requests: use an application credential. Leave it out, or set `api: ims`.',
        ],
    ],
};
/** readKeystonePlace reads region and addresses. */
function readKeystonePlace(reader, { method }) {
    if (method !== null && method !== 'password' && reader.given('project-domain') !== null)
        reader.mistake('project-domain', reader.given('project-domain'), 'Expected with method password only: a token or application credential carries its project. Leave it out.');
    const regions = reader.candidates('region');
    const [named = null] = regions;
    noteRegions(reader, named, regions);
    const region = reader.parseVariable(named?.name, lineOf(255));
    const addresses = reader.candidates('auth-url');
    const [address] = addresses;
    if (address === undefined)
        reader.mistake('auth-url', null, 'Give the address of Keystone, such as `https://cloud.example.com/identity/v3`. The openrc file of the cloud has it as `OS_AUTH_URL`.');
    const authUrl = reader.parseVariable(address?.name, parseKeystoneUrl);
    noteUrls(reader, address?.name ?? '', authUrl ?? '', addresses);
    return { region, authUrl, imsEndpoint: reader.parse('ims-endpoint', parseGlanceUrl) };
}

;// CONCATENATED MODULE: ./build/inputs/place.js






/** readPlace reads region and endpoints, and makes sure that every project's endpoints can be found. */
const readPlace = (function (reader, { method, family, isAgency }, chosen) {
    const { projectSource } = chosen;
    const projects = chosen.projects ?? [];
    const before = reader.count;
    const given = reader.parse('region', lineOf(64));
    const input = given === null ? null : { name: 'region', text: given };
    const [named, ...others] = new Set(projects.map(build_regions/* regionOf */.AP));
    const common = named == null || others.length > 0 ? null : { name: projectSource, text: named };
    const imsEndpoint = reader.parse('ims-endpoint', parseImsEndpoint);
    const authUrl = readAuthUrl(reader, input ?? (projectSource === 'project' ? common : null), family);
    const regions = reader.variables(['region'], family);
    const choice = input ?? regionElse(reader, projects, projectSource, regions);
    noteRegions(reader, choice ?? common, regions);
    const place = { region: choice?.text ?? null, imsEndpoint, authUrl };
    // If one of them is wrong, nothing sensible can be said about how they go together.
    if (reader.count > before)
        return place;
    checkEndpoints(reader, place, choice, chosen.projects, method === 'aksk' && !isAgency);
    if (authUrl === null)
        checkCloud(reader, choice === null ? projects.map(build_regions/* regionOf */.AP) : [choice.text]);
    return place;
});
/**
 * An address in the environment is ignored if it belongs to another known region than the inputs name, or, if another tool set it, than
 * the region of the tool that the credentials come from.
 */
const readAuthUrl = (function (reader, input, family) {
    const candidates = reader.candidates('auth-url', family);
    const isOwn = ({ name }) => family !== null && isOf(family, name);
    const own = reader.variables(['region'], family).find(isOwn);
    const isElsewhere = (address) => {
        const region = (input ?? (isOwn(address) ? null : own))?.text ?? '';
        const itsRegion = (0,build_regions/* regionOfAuthUrl */.HY)(address.text);
        return region in build_regions/* REGIONS */.ij && itsRegion !== null && itsRegion !== region;
    };
    const used = candidates.find(((address) => address.name === 'auth-url' || !isElsewhere(address)));
    const url = reader.parseVariable(used?.name, parseAuthUrl);
    const source = used ?? input ?? own;
    noteUrls(reader, source?.name ?? 'region', used === undefined ? null : (url ?? ''), candidates);
    return url;
});
/** @param keysOnly whether no token is obtained, so that there is no catalog either */
const checkEndpoints = (function (reader, { imsEndpoint, authUrl }, choice, projects, keysOnly) {
    if (imsEndpoint !== null && authUrl !== null)
        return;
    // The catalog of a token that IAM issued names the image service.
    const catalogTells = authUrl !== null && !keysOnly;
    if (choice !== null) {
        if (!(choice.text in build_regions/* REGIONS */.ij) && !catalogTells)
            reader.mistake(choice.name, choice.text, `This region is not known. ${eitherOr(reader)}`);
        return;
    }
    // What is wrong with the projects may be all that is wrong.
    if (projects === null)
        return;
    const unnamed = projects.filter((project) => (0,build_regions/* regionOf */.AP)(project) === null);
    if (projects.length > 0 && unnamed.length === 0)
        return;
    if (catalogTells || (authUrl !== null && (0,build_regions/* regionOfAuthUrl */.HY)(authUrl) !== null))
        return;
    const whose = unnamed.length === 0 ? "the token's project" : listed(unnamed, 'and');
    reader.mistake('region', null, `No region is known for ${whose}. ${eitherOr(reader)}`);
});
/** The region if no input gives one: null if it follows from each project's own name, or from nothing. */
function regionElse(reader, projects, source, regions) {
    const named = projects.map(build_regions/* regionOf */.AP);
    if (projects.length > 0 && !named.includes(null))
        return null;
    const [first = null] = regions;
    const beside = regionBeside(reader, source);
    if (beside === null && first !== null)
        reader.parseVariable(first.name, lineOf(64));
    const choice = beside ?? first;
    const other = named.find((region) => region !== null && region !== choice?.text);
    if (choice !== null && other !== undefined) {
        reader.mistake('project', projects, `The names belong to region \`${other}\`, but \`${choice.name}\` is \`${choice.text}\` for the projects given by ID. Give all projects by name, or use one run for each region.`);
    }
    return choice;
}
/** The region does not follow from a variable with an ID, but from the name that the same tool gives beside it. */
function regionBeside(reader, source) {
    const [, prefix] = /^(.+)_ID$/.exec(source) ?? [];
    const beside = reader.variables(['project'], null).find(({ name }) => name === `${prefix}_NAME`);
    const region = (0,build_regions/* regionOf */.AP)(beside?.text ?? '');
    return beside === undefined || region === null ? null : { name: beside.name, text: region };
}
function eitherOr(reader) {
    const domain = reader.variable('HW_CLOUD') === null
        ? ''
        : ' `HW_CLOUD` is set, but the addresses of the services do not follow from a domain.';
    return `Give \`region\`, one of ${Object.keys(build_regions/* REGIONS */.ij).sort().join(', ')}; or, for any other cloud, both \`ims-endpoint\` and \`auth-url\`.${domain}${unread(reader, 'region')}`;
}
/** Of a name in DNS. */
const LONGEST_DOMAIN = 253;
/** The tool that HW_CLOUD is for would go to this domain; the action goes to the region's. */
function checkCloud(reader, regions) {
    const cloud = reader.parseVariable('HW_CLOUD', lineOf(LONGEST_DOMAIN));
    const wanted = cloud
        ?.toLowerCase()
        .replace(/^https?:\/\//, '')
        .replace(/[./]+$/, '');
    const region = regions.find((id) => id !== null && ![null, wanted].includes((0,build_regions/* ownDomain */.DI)(id)));
    if (cloud === null || region == null)
        return;
    reader.mistake('HW_CLOUD', cloud, `Region \`${region}\` is on the domain \`${(0,build_regions/* ownDomain */.DI)(region)}\`. Unset the variable if that is right; otherwise give the addresses of the cloud that you mean as \`auth-url\` and \`ims-endpoint\`.`);
}

;// CONCATENATED MODULE: ./build/inputs/projects.js




/** readProjects reads them, and names the variables that would lead to other projects. */
const readProjects = (function (reader, { method, family, isAgency }) {
    // With an agency the token only proves who is asking, and a token of the agency is obtained for each project.
    const bringOwn = !isAgency && (method === 'token' || method === 'application-credential');
    const set = reader.variables(['delegated-project', 'project'], family);
    const [variable] = isAgency ? set : reader.variables(['project'], family);
    // If such credentials are inputs, a project in the environment is meant for other tools.
    const isRead = reader.given('project') === null && !(bringOwn && family === null);
    const projectSource = (isRead && variable?.name) || 'project';
    const projects = parseEither(reader, projectSource, bringOwn, isAgency);
    const unconfirmed = projects === null ? [] : noteProjects(reader, projects, projectSource, set);
    return { projects, projectSource, unconfirmed };
});
const parseEither = (function (reader, source, bringOwn, isAgency) {
    const { one, several, ifMissing, ifTooMany } = DIALECTS[reader.api];
    if (source !== 'project') {
        const project = reader.parseVariable(source, one);
        return project === null ? null : [project];
    }
    const projects = reader.parse('project', several);
    if (projects !== null && projects.length > 1 && bringOwn)
        reader.mistake('project', projects, `Expected one project: ${ifTooMany}`);
    if (reader.given('project') !== null)
        return projects;
    if (bringOwn)
        return [];
    const why = isAgency ? 'With an agency it is a project of the account that created the agency.' : ifMissing;
    const cure = 'Give the ID or name of the member project, which accepts or rejects the images.';
    reader.mistake('project', null, `${cure} ${why}${unread(reader, 'project')}`);
    return null;
});
const DIALECTS = {
    ims: {
        one: expecting('Expected the ID or name of a project: letters, digits, `_` and `-`, at most 64.', projectOf),
        several: parseProjects,
        ifMissing: 'Only with `token` can it be left out.',
        ifTooMany: 'a token belongs to a single one. Use another method, or a step for each project.',
    },
    openstack: {
        one: lineOf(64),
        several: parseKeystoneProjects,
        ifMissing: 'It can be left out only with `token` or `application-credential-id`.',
        ifTooMany: 'a token or application credential belongs to a single one. Use method password, or a step for each project.',
    },
};

// EXTERNAL MODULE: ./build/proxies.js
var build_proxies = __nccwpck_require__(135);
;// CONCATENATED MODULE: ./build/inputs/proxy.js
/**
 * The proxy variables. Node silently bypasses a proxy whose address it does not understand, or if it is too old to use one; a run
 * that is meant to use a proxy must not do that.
 */


/** readProxies gives the proxies as full URLs. A bare `host:port` is an HTTP proxy, as it is for the runner. */
const readProxies = (function (env) {
    const url = ((name) => firstOf(env, name)?.text.replace(/^(?!.*:\/\/)/s, 'http://'));
    return { HTTPS_PROXY: url('HTTPS_PROXY'), HTTP_PROXY: url('HTTP_PROXY'), NO_PROXY: firstOf(env, 'NO_PROXY')?.text };
});
/** checkProxies notes what would make Node bypass the proxy. Addresses are not quoted, because they may contain a password. */
const checkProxies = (function (reader, env, nodeVersion) {
    const proxies = readProxies(env);
    const names = [];
    for (const variable of ['HTTPS_PROXY', 'HTTP_PROXY']) {
        const [name, url] = [firstOf(env, variable)?.name, proxies[variable]];
        if (name === undefined || url === undefined)
            continue;
        names.push(name);
        if (isProxy(url))
            hidePassword(reader, new URL(url));
        else
            reader.mistake(name, null, 'Expected the address of a proxy, such as `http://proxy.example:3128` or `http://user:password@proxy.example:3128` with special characters percent-encoded.');
    }
    if (names.length > 0 && (0,values/* isOlder */.tW)(nodeVersion, FIRST_NODE))
        reader.mistake(names.join(', '), null, `A proxy is set, but this runner's Node ${nodeVersion} would bypass it: the action needs Node ${FIRST_NODE.join('.')} or later. Update the runner.`);
    const cidr = (0,build_proxies/* cidrEntries */.L)(proxies.NO_PROXY ?? '');
    if (cidr.length > 0)
        reader.warn(`NO_PROXY: ${cidr.slice(0, 5).join(', ')} ${cidr.length === 1 ? 'has' : 'have'} no effect, because CIDR notation is not supported. Name the hosts or domains instead, or a range such as 10.0.0.1-10.0.0.9.`);
});
/** A proxy variable in lower case or, if that is unset or blank, in upper case. */
const firstOf = (function (env, name) {
    return [name.toLowerCase(), name]
        .map(((each) => ({ name: each, text: env[each]?.trim() ?? '' })))
        .find((({ text }) => text !== ''));
});
/** The first Node whose HTTP client takes a proxy from the environment (Node.js documentation, `http.Agent`, `proxyEnv`). */
const FIRST_NODE = [24, 5];
function isProxy(text) {
    const url = (0,values/* urlOf */.rs)(text);
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

;// CONCATENATED MODULE: external "node:path"
const external_node_path_namespaceObject = require("node:path");
;// CONCATENATED MODULE: ./build/inputs/files.js
/**
 * What reading the inputs needs to know about files.
 */


/** find returns what is at a path, following links; undefined if there is nothing. Throws if the system denies access. */
function find(path) {
    return (0,external_node_fs_namespaceObject.statSync)(path, { throwIfNoEntry: false });
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
            return (0,external_node_fs_namespaceObject.realpathSync)(one);
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
/** canCreateIn returns whether a file can be created in a folder, which may itself still have to be created. */
function canCreateIn(folder) {
    try {
        const found = find(folder);
        if (found === undefined)
            return (0,external_node_path_namespaceObject.dirname)(folder) !== folder && canCreateIn((0,external_node_path_namespaceObject.dirname)(folder));
        (0,external_node_fs_namespaceObject.accessSync)(folder, external_node_fs_namespaceObject.constants.W_OK);
        return found.isDirectory();
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



/** readReporting reads the reporting inputs. A wrong one is noted as a mistake and replaced by its default. */
const readReporting = (function (reader, workspace) {
    const summary = reader.parse('summary', parseBoolean) ?? true;
    const resultsFile = reader.parse('results-file', (path) => parseTarget(path, workspace));
    if (resultsFile !== null && !isReallyInside(workspace, resultsFile))
        reader.warn(`\`results-file\` is outside the workspace: ${resultsFile}. In a container job, steps see the workspace at another path than \`github.workspace\` gives; use a relative path there.`);
    return { summary, resultsFile, commitStatus: readStatus(reader) };
});
const readStatus = (function (reader) {
    const context = reader.parse('commit-status', lineOf(LONGEST_CONTEXT));
    const sha = reader.parse('commit-sha', parseCommit);
    const given = reader.given('commit-sha') !== null;
    if (given && reader.given('commit-status') === null)
        reader.mistake('commit-sha', null, 'It is for a commit status only: give `commit-status` too, or leave it out.');
    // A status on the wrong commit would open or close another gate.
    if (context === null || (given && sha === null))
        return null;
    const token = reader.secret('github-token');
    const mistake = tokenMistake(token);
    if (mistake !== null)
        reader.mistake('github-token', null, mistake);
    return token === null || mistake !== null ? null : { context, token, sha };
});
/** GitHub's limit for the name of a status. */
const LONGEST_CONTEXT = 255;
const parseCommit = expecting('Expected the full ID of a commit, 40 hexadecimal digits.', (text) => /^[0-9a-f]{40}$/i.test(text) ? text.toLowerCase() : null);
/** What is wrong with `github-token`; null if nothing is. */
function tokenMistake(token) {
    if (token === null)
        return "A commit status needs a token: omit the input to use the job's own token, or give a token that may write statuses.";
    if (isQuoted(token.reveal()))
        return NO_QUOTES;
    return /^[\x21-\x7e]+$/.test(token.reveal()) ? null : 'Expected a token in one line, without blanks.';
}
/** Nothing is created yet, but a run must not change memberships and then fail to write its receipt. */
function parseTarget(path, workspace) {
    const full = (0,external_node_path_namespaceObject.resolve)(workspace, path);
    const mistake = targetMistake(path, full);
    return mistake === null ? right(full) : wrong(path, mistake);
}
function targetMistake(path, full) {
    if (full.includes('\0') || /[\\/]$/.test(path))
        return 'Expected the path of a file, relative to the workspace.';
    if (isTooLong(full))
        return 'Expected a shorter path: a name takes at most 255 bytes, and the whole path 4,095.';
    try {
        if (find(full)?.isFile() === false)
            return 'Expected the path of a file; there is something else at this path.';
    }
    catch (error) {
        return `Expected the path of a file that can be written; this one cannot be reached (${codeOf(error)}).`;
    }
    if (canCreateIn((0,external_node_path_namespaceObject.dirname)(full)))
        return null;
    return 'Expected the path of a file in a folder that can be written to, or that can be made.';
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
    const full = (0,external_node_path_namespaceObject.resolve)(workspace, path);
    let bytes;
    try {
        const mistake = pathMistake(path, full, workspace);
        if (mistake !== null)
            return wrong(path, mistake);
        bytes = (0,external_node_fs_namespaceObject.readFileSync)(full);
    }
    catch (error) {
        return wrong(path, `The file cannot be read (${codeOf(error)}).${pathHint(path, workspace)} ${WHAT}.`);
    }
    const text = decode(bytes);
    if (text.trim() === '')
        return wrong(path, 'The manifest is empty: the build may have ended early.');
    const json = (0,values/* jsonOf */.o_)(text);
    if (json === undefined)
        return wrong(path, `The file is not valid JSON.${hintFor(text, CONTENTS)} ${WHAT}.`);
    const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
    return right({ path, sha256: hash.update(bytes).digest('hex'), json });
}
/** What is wrong with a path; null if it leads to a file that may be read. Throws if the system denies access. */
function pathMistake(path, full, workspace) {
    const outside = `The manifest has to be in the workspace, ${workspace}: give a path relative to it, and no link that leaves it.${pathHint(path, workspace)}`;
    if (full.includes('\0'))
        return `${WHAT}, given by its path.`;
    if (!isInside(workspace, full))
        return outside;
    const found = find(full);
    if (found === undefined)
        return `There is no such file in the workspace, ${workspace}.${missingHint(path, full, workspace)}`;
    if (!isInside((0,external_node_fs_namespaceObject.realpathSync)(workspace), (0,external_node_fs_namespaceObject.realpathSync)(full)))
        return outside;
    if (found.isDirectory())
        return `This is a folder, not a file.${folderHint(path, full)} ${WHAT}.`;
    if (!found.isFile())
        return `This is not a file. ${WHAT}.`;
    if (found.size > LARGEST)
        return `The file is too large (${found.size} bytes, at most ${LARGEST}). ${WHAT}.`;
    return null;
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
function hintFor(text, hints) {
    const found = hints.find(([sign]) => sign.test(text));
    return found === undefined ? '' : ` ${found[1]}`;
}
/** What the file is instead. */
const CONTENTS = [
    [/^PK/, 'It is a zip archive: unpack it, or fetch it with `actions/download-artifact`.'],
    [/^[\0-\x1f\x7f-\x9f]\ufffd/, 'It is a compressed file: unpack it.'],
    [/^version https:\/\/git-lfs/, 'It is a pointer of Git LFS: check out with `lfs: true`.'],
    [/^\s*</, 'It is an HTML or XML page, perhaps of a login.'],
    [/^\s*(==>|-->|\d{10},)/, "It is Packer's log."],
    [/\}\s*\{/, 'It contains several JSON texts in a row: give each manifest as a file, one path per line.'],
    [/^(<{7}|={7}|>{7})( |$)/m, 'It contains the marks of a merge conflict.'],
    [/\0/, 'It contains zero bytes: write it as UTF-8.'],
    [/^\s*[[{][\s\S]*[^\]}\s]\s*$/, 'It looks cut off: the build may have ended early.'],
];
/** What is written in place of a path. */
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
    const hint = hintFor(path, PATHS);
    if (hint !== '' || external_node_path_namespaceObject.sep === '\\' || !path.includes('\\'))
        return hint;
    const slashed = path.replace(/^[a-z]:/i, '').replaceAll('\\', '/');
    const full = (0,external_node_path_namespaceObject.resolve)(workspace, slashed);
    const isThere = isInside(workspace, full) && tried(() => find(full)?.isFile(), false);
    return ` There are backslashes in it, and folders are separated by \`/\` on this runner: write \`${slashed}\`${isThere ? ', which is there' : ''}.`;
}
function missingHint(path, full, workspace) {
    const hint = pathHint(path, workspace);
    if (hint !== '')
        return hint;
    const folder = (0,external_node_path_namespaceObject.dirname)(full);
    const inOtherCase = namesIn(folder).find((name) => name.toLowerCase() === (0,external_node_path_namespaceObject.basename)(full).toLowerCase());
    if (inOtherCase !== undefined)
        return ` There is \`${inOtherCase}\`: names are case-sensitive.`;
    const why = tried(() => find(folder)?.isDirectory(), false) ? '' : ' Its folder does not exist either.';
    return `${why} Did the build run in this job, or was its manifest downloaded as an artifact?`;
}
/** `actions/download-artifact` creates a folder at `path`, which many take for the path of the file. */
function folderHint(path, full) {
    const names = namesIn(full).filter((name) => name.endsWith('.json'));
    if (names.length === 0)
        return ' It holds no .json file.';
    const paths = names.sort().map((name) => `\`${(0,external_node_path_namespaceObject.join)(path, name)}\``);
    return ` It holds ${(0,values/* someOf */.yU)(paths, 3)}: write ${names.length === 1 ? 'that path' : 'the paths that are meant, one per line'}.`;
}
function namesIn(folder) {
    return tried(() => (0,external_node_fs_namespaceObject.readdirSync)(folder), []);
}
/** A hint must not fail. */
function tried(look, otherwise) {
    try {
        return look();
    }
    catch {
        return otherwise;
    }
}

;// CONCATENATED MODULE: ./build/inputs/manifest-builds.js



/** readManifest finds the builds of the last run in the manifest at `path`, relative to `workspace`. */
function readManifest(path, workspace) {
    const file = readManifestFile(path, workspace);
    if (!file.ok)
        return file;
    const { json, ...source } = file.value;
    const [list, lastRun] = [(0,values/* fieldOf */._F)(json, 'builds'), (0,values/* fieldOf */._F)(json, 'last_run_uuid')];
    if (Array.isArray(json) && json.some((part) => (0,values/* fieldOf */._F)(part, 'builds') !== undefined))
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
        return right({ ...source, last, others });
    const runs = others.some(({ run }) => run === '') ? ' The `packer_run_uuid` of some is empty.' : '';
    return wrong([path, `last_run_uuid: ${lastRun === '' ? '(empty)' : lastRun}`], `None of the ${all.length} builds belongs to the last run: its builds may have failed.${runs} Build again, or give the IDs as \`images\`.`);
}
function buildOf(build, path, position) {
    const [name, type] = [textIn(build, 'name'), textIn(build, 'builder_type')];
    const title = [...name.map(quoted), ...type.map((text) => `(${quoted(text).slice(1, -1)})`)].join(' ');
    const built = (0,values/* fieldOf */._F)(build, 'build_time');
    const time = typeof built === 'number' || typeof built === 'string' ? Number(built) : 0;
    return {
        path,
        names: [...name, ...type],
        title,
        where: `build ${position} ${title}`.trimEnd(),
        run: (0,values/* fieldOf */._F)(build, 'packer_run_uuid'),
        // Not more than a Date can hold.
        time: time > 0 && time <= 8.64e12 ? time : null,
        ...imagesIn((0,values/* fieldOf */._F)(build, 'artifact_id')),
    };
}
/** Builders join several images with commas or semicolons, and some write the region in front of each. */
function imagesIn(artifact) {
    if (artifact === undefined)
        return { ids: [], strange: ['no artifact_id'] };
    if (typeof artifact !== 'string')
        return { ids: [], strange: [JSON.stringify(artifact)] };
    const parts = artifact
        .split(/[;,]/)
        .map((part) => part.trim())
        .filter((part) => part !== '');
    if (parts.length === 0)
        return { ids: [], strange: [artifact === '' ? '(empty)' : quoted(artifact)] };
    const read = parts.map((part) => ({ part, id: (0,values/* uuidOf */.pV)(part.replace(/^[^:]*:/, '').trim()) }));
    return {
        ids: read.flatMap(({ id }) => id ?? []),
        strange: read.filter(({ id }) => id === null).map(({ part }) => part),
    };
}
/** isWanted returns whether `manifest-builds` names a build, by its name or its type; null names all. */
function isWanted({ names }, only) {
    return only === null || names.some((name) => only.includes(name));
}
const manifest_builds_LONGEST_NAME = 60;
/** quoted shows foreign text, shortened. */
function quoted(text) {
    return JSON.stringify(text.length > manifest_builds_LONGEST_NAME ? `${text.slice(0, manifest_builds_LONGEST_NAME).toWellFormed()}\u2026` : text);
}
/** A list of the text in a field; empty if there is none. */
function textIn(value, name) {
    const text = (0,values/* fieldOf */._F)(value, name);
    return typeof text === 'string' && text !== '' ? [text] : [];
}

;// CONCATENATED MODULE: ./build/inputs/manifest.js





/**
 * readManifests takes the images of the last run of each manifest; null if none is given, or something is wrong.
 * @param workspace paths are relative to it
 * @param now milliseconds since the epoch
 */
const readManifests = (function (reader, workspace, now) {
    const before = reader.count;
    const take = (input, parsed) => {
        if (parsed.ok)
            return parsed.value;
        reader.mistake(input, parsed.wrong.given, parsed.wrong.expected);
        return null;
    };
    const only = reader.parse('manifest-builds', parseBuilds);
    const text = reader.given('manifest');
    const wanted = reader.given('manifest-builds');
    if (text === null && wanted !== null)
        reader.mistake('manifest-builds', wanted, 'It chooses builds of a `manifest`, which is not given.');
    const paths = text === null ? null : take('manifest', pathsIn(text));
    if (paths === null || reader.count > before)
        return null;
    const manifests = paths.flatMap((path) => take('manifest', readManifest(path, workspace)) ?? []);
    if (reader.count > before)
        return null;
    const builds = take('manifest-builds', manifest_choose(manifests, only));
    const ids = builds === null ? null : take('manifest', idsOf(builds, manifests.length === 1));
    if (ids === null)
        return null;
    const { notes, warnings } = remarksOn(manifests, ids, only, now / 1000);
    for (const note of notes)
        reader.note(note);
    for (const warning of warnings)
        reader.warn(warning);
    return { ids, manifests: manifests.map(({ path, sha256 }) => ({ path, sha256 })) };
});
/** Builds that a sentence names. */
const NAMED = 5;
const NO_PATH = 'Expected the path of a manifest, or several, one per line. This is JSON: give neither a list of paths nor what is in the file.';
function pathsIn(text) {
    if (/^\s*[[{]/.test(text) && text.includes('"'))
        return wrong(text, NO_PATH);
    const lines = text.split(/[\r\n]+/).map((line) => line.trim());
    return right([...new Set(lines)].filter((line) => line !== ''));
}
/** The builds of the last runs that are wanted, or the wanted names that no such build has. */
function manifest_choose(manifests, only) {
    const builds = manifests.flatMap(({ last }) => last);
    const missing = only?.filter((name) => !builds.some((build) => isWanted(build, [name]))) ?? [];
    if (missing.length === 0)
        return right(builds.filter((build) => isWanted(build, only)));
    const others = manifests.flatMap(({ others }) => others);
    const earlier = missing.filter((name) => others.some((build) => isWanted(build, [name])));
    const before = earlier.length === 0 ? '' : ` Only another run has ${listed(earlier, 'and')}: the build may have failed this time.`;
    const there = ` The last run has ${(0,values/* someOf */.yU)([...new Set(builds.map(({ title }) => title))], NAMED)}.`;
    return wrong(missing, `No build of the last run has this name or builder type; it has to match exactly.${before}${there}`);
}
const MOST_EXAMPLES = 3;
function idsOf(builds, isOnlyFile) {
    const bad = builds.filter(({ strange }) => strange.length > 0);
    if (bad.length === 0)
        return right([...new Set(builds.flatMap(({ ids }) => ids))]);
    const shown = bad.map(({ path, where, strange }) => `${isOnlyFile ? '' : `${path}, `}${where}: ${strange.join(', ')}`);
    const good = builds.flatMap(({ names: [name = ''], strange }) => (strange.length === 0 ? name : []));
    const names = [...new Set(good)].filter((name) => /^[^\s,;"'`]+$/.test(name)).slice(0, MOST_EXAMPLES);
    const example = names.length === 0 ? '' : `, such as \`manifest-builds: ${names.join(', ')}\``;
    const hint = hintsOn('artifact', '', bad.flatMap(({ strange }) => strange));
    return wrong([...(isOnlyFile ? bad.slice(0, 1).map(({ path }) => path) : []), ...shown], `Expected an IMS image ID, a UUID, as \`artifact_id\` of every build of the last run; several may be joined by \`;\` or \`,\`, each perhaps with its region in front.${hint} If other builds are in the manifest on purpose, name those to take in \`manifest-builds\`${example}, or let the post-processor write them with \`only\`.`);
}
const HOUR = 3600;
const DAY = 24 * HOUR;
/**
 * What is worth a line: builds that were left out, and signs that the last run is not the one that is meant.
 * @param ids the images that were taken from all manifests
 * @param now seconds since the epoch
 */
function remarksOn(manifests, ids, only, now) {
    const left = manifests.flatMap((manifest) => leftOutOf(manifest, ids, only));
    const older = left.filter(({ age }) => age === 'older').length;
    const undated = left.filter(({ age }) => age === 'undated').length;
    const unwanted = manifests.flatMap(({ last }) => last).filter((build) => !isWanted(build, only)).length;
    const whose = `the ${(0,values/* nounFor */.Ax)(manifests.length, 'manifest')}`;
    return {
        notes: [
            ...(older === 0 ? [] : [`${(0,values/* plural */.LS)(older, 'older build')} of ${whose} left out`]),
            ...(undated === 0
                ? []
                : [`${(0,values/* plural */.LS)(undated, 'build')} of other runs, without \`build_time\`, left out of ${whose}`]),
            ...(unwanted === 0
                ? []
                : [`${(0,values/* plural */.LS)(unwanted, 'build')} of the last run left out, not named in \`manifest-builds\``]),
        ],
        warnings: manifests.flatMap((manifest) => {
            const newer = left.filter(({ path, age }) => path === manifest.path && age === 'newer');
            const texts = [...newerText(newer), ...ageText(manifest, now), ...runsText(manifest)];
            return texts.map((text) => `Manifest ${quoted(manifest.path)}: ${text}`);
        }),
    };
}
/** The builds of other runs. An image that another manifest brings is not left out. */
function leftOutOf({ last, others }, ids, only) {
    const isTaken = (build) => build.strange.length === 0 && build.ids.every((id) => ids.includes(id));
    const first = Math.min(...timesOf(last));
    // A run that came before the last one had ended before the first build of the last one did.
    const ageOf = ({ time }) => time === null || first === Number.POSITIVE_INFINITY ? 'undated' : time < first ? 'older' : 'newer';
    return others
        .filter((build) => isWanted(build, only) && !isTaken(build))
        .map((build) => ({ ...build, age: ageOf(build) }));
}
function timesOf(all) {
    return all.flatMap(({ time }) => time ?? []);
}
function newerText(newer) {
    if (newer.length === 0)
        return [];
    const [are, were, they] = newer.length === 1 ? ['is', 'was', 'it is'] : ['are', 'were', 'they are'];
    const names = (0,values/* someOf */.yU)([...new Set(newer.map(({ where }) => where))], NAMED);
    return [
        `${(0,values/* plural */.LS)(newer.length, 'build')} of another run ${are} as new as the last run or newer, and ${were} left out: ${names}. If ${they} meant too, give the manifest of each run, one path per line.`,
    ];
}
function ageText({ last }, now) {
    const ended = Math.max(...timesOf(last));
    const age = now - ended;
    if (age <= DAY || age === Number.POSITIVE_INFINITY)
        return [];
    const ago = age < 2 * DAY ? `${Math.floor(age / HOUR)} hours` : `${Math.floor(age / DAY)} days`;
    const date = new Date(ended * 1000).toISOString().slice(0, 16).replace('T', ' ');
    return [
        `its last run ended ${ago} ago (${date} UTC). If Packer has failed since, these are the images of an earlier run.`,
    ];
}
function runsText({ last }) {
    if (last[0]?.run !== '')
        return [];
    return [
        `its run UUIDs are empty, so its runs cannot be told apart: all images of ${(0,values/* plural */.LS)(last.length, 'build')} are taken.`,
    ];
}

;// CONCATENATED MODULE: ./build/inputs/selection.js



/**
 * readSelection reads the one way that is given; null if something is wrong. Empty means unset, and so does an empty JSON array or
 * object, because a step that produced nothing leaves that.
 */
const readSelection = (function (reader, options) {
    const ifNone = reader.parse('if-none', choice({ fail: 'fail', pass: 'pass' }));
    const minImages = reader.parse('min-images', parsePositive);
    const before = reader.count;
    const images = reader.parse('images', parseImages);
    const isEmpty = images?.length === 0;
    const ways = WAYS.filter(((way) => reader.given(way) !== null && !(way === 'images' && isEmpty)));
    if (ways.length === 0)
        reader.mistake(WAYS.join(', '), null, nothing(isEmpty));
    if (ways.length > 1)
        reader.mistake(ways.join(', '), null, `Expected one of ${listed(ways)}, not several.`);
    const packed = readManifests(reader, options.workspace, options.now);
    const glob = ways.includes('match-name') ? readGlob(reader, options) : null;
    if (reader.count > before)
        return null;
    if (glob !== null)
        return ifNone && { by: 'match-name', glob, ifNone, minImages: minImages ?? 0 };
    const { ids, manifests } = packed ?? { ids: images ?? [], manifests: [] };
    if (minImages !== null && ids.length < minImages) {
        reader.mistake('min-images', String(minImages), `Only ${ids.length} ${ids.length === 1 ? 'image is' : 'images are'} given, after duplicates are removed. A builder may have dropped an image that failed: look at the log of the build, or lower \`min-images\`.`);
    }
    return { by: 'ids', ids, manifests };
});
const WAYS = ['images', 'manifest', 'match-name'];
function nothing(isEmpty) {
    const seen = isEmpty ? '`images` is an empty list, so no image is named.' : 'No image is named: all three are empty.';
    return `${seen} Give exactly one of ${listed(WAYS)}. If it was filled from another step or job, that one may have produced nothing: look at its outputs, and whether this job \`needs\` it. ${MASKED}`;
}
/** A stranger can share an image under any name, so a name alone must never be enough to accept. */
function readGlob(reader, { status, mode }) {
    if (status === 'accepted' && mode !== null && mode !== 'plan' && reader.given('trusted-owners') === null) {
        reader.mistake('trusted-owners', null, 'Give the IDs of the projects that may share images with this one: with `match-name` anyone could share an image of a matching name and have it accepted. `mode: plan` shows all offers without it.');
    }
    return reader.parse('match-name', parseGlob);
}

;// CONCATENATED MODULE: ./build/inputs/vaults.js


/**
 * parseVaults reads the vaults of the given projects (as given, in input order; empty for the token's own project; null if they are
 * wrong themselves, so that lines that name one cannot be checked).
 * With one project both `vault` and `project=vault` are understood; a bare vault may hold `=` itself. With several, every
 * line names its project, as it was given, or by ID if projects are given by name.
 */
function parseVaults(text, projects) {
    if (projects === null && text.includes('='))
        return right(new Map());
    const served = projects ?? [];
    const [project] = pairOf(text) ?? [];
    if (served.length > 1 || (project !== undefined && ((0,values/* isProjectId */.rm)(project) || keyOf(project, served) !== null)))
        return parseLines(text, served);
    const vault = unquote(text);
    if (vault !== '' && !/\s/.test(vault))
        return right(new Map([[served[0] ?? '', vault]]));
    return wrong(text, 'Expected the ID of one vault, without white space in it; lines of `project=vault` are for several projects.');
}
function parseLines(text, projects) {
    const vaults = new Map();
    const rejected = [];
    for (const [index, line] of vaults_linesOf(text, projects).entries()) {
        const [project = '', vault] = pairOf(line) ?? [];
        const key = keyOf(project, projects);
        if (vault === undefined)
            rejected.push(`line ${index + 1}: ${line} (not \`project=vault\`)`);
        else if (key === null)
            rejected.push(`line ${index + 1}: ${line} (not a project of this run)`);
        else if (vaults.has(key))
            rejected.push(`line ${index + 1}: ${line} (a second vault for this project)`);
        else
            vaults.set(key, vault);
    }
    if (rejected.length === 0)
        return right(vaults);
    return wrong(rejected, 'Expected one line `project=vault` for each project that needs a vault, with the project as given in `project`, or its ID.');
}
/** The project as it was given, or an ID that may turn out to be the one of a project given by name or of the token's own. */
function keyOf(written, projects) {
    const id = (0,values/* isProjectId */.rm)(written) ? written.toLowerCase() : null;
    const given = projects.find((project) => project === written || project.toLowerCase() === id);
    return given ?? (projects.length > 0 && projects.every(values/* isProjectId */.rm) ? null : id);
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
        return pieces.every((piece) => keyOf(pairOf(piece)?.[0] ?? '', projects) !== null) ? pieces : [line];
    });
}
/** Splits at the first `=`, blanks around it allowed; null if there is none, or if white space is left in either part. */
function pairOf(line) {
    const [, project, vault] = /^([^\s=]+)\s*=\s*(\S+)$/.exec(line.trim()) ?? [];
    return project === undefined || vault === undefined ? null : [unquote(project), unquote(vault)];
}
/** Takes one pair of quotes away, as they leak from shells. */
function unquote(text) {
    return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text;
}

;// CONCATENATED MODULE: ./build/inputs/index.js













/**
 * readInputs reads all inputs and the variables that may stand in for them. Every secret is hidden in the statement
 * that reads it, even if something else is wrong. Never throws, whatever the user gives.
 * @param env the process's environment; relative paths are resolved against its GITHUB_WORKSPACE, or the working directory
 * @param now milliseconds since the epoch
 * @param nodeVersion the version of Node that runs the action
 */
const readInputs = (function (env, secrets, now, nodeVersion = process.versions.node) {
    const reader = new InputReader(env, secrets);
    const { api } = reader;
    const workspace = reader.variable('GITHUB_WORKSPACE') ?? process.cwd();
    // If `api` is wrong, nothing is known of what goes with it.
    if (reader.count === 0)
        refuseOthers(reader);
    const login = readLogin(reader);
    const chosen = readProjects(reader, login);
    const place = api === 'openstack' ? readKeystonePlace(reader, login) : readPlace(reader, login, chosen);
    if (api === 'ims')
        checkDomains(reader, login);
    warnOfInsecure(reader);
    const { projects, projectSource, unconfirmed } = chosen;
    const status = reader.parse('status', choice(STATUSES));
    const mode = reader.parse('mode', choice({ apply: 'apply', plan: 'plan', check: 'check' }));
    const selection = readSelection(reader, { workspace, status, mode, now });
    const trustedOwners = reader.parse('trusted-owners', parseOwners) ?? [];
    const vaults = api === 'openstack' ? null : reader.parse('vault', (text) => parseVaults(text, projects));
    const reporting = readReporting(reader, workspace);
    const needed = complete({
        selection,
        status,
        mode,
        api,
        projects,
        credentials: login.credentials,
        ...readTimeouts(reader, mode === 'apply' && status === 'accepted' && reader.given('match-name') === null),
        requestTimeout: reader.parse('request-timeout', parseDuration(1)),
        retries: reader.parse('retries', parseRetries),
        wait: readWait(reader),
        requireProof: reader.parse('require-proof', parseBoolean),
    });
    const pollInterval = reader.parse('poll-interval', parseDuration(1));
    checkEnvironment(reader);
    checkProxies(reader, env, nodeVersion);
    if (reader.count === 0 && needed !== null) {
        return {
            ok: true,
            config: {
                ...needed,
                ...place,
                projectSource,
                unconfirmed,
                vaults: vaults ?? new Map(),
                agency: login.agency,
                login: { method: needed.credentials.method, sources: login.sources, host: null },
                hints: readHints(reader, login),
                trustedOwners,
                pollInterval,
                reporting,
                notes: reader.notes,
                warnings: reader.warnings,
            },
        };
    }
    const images = selection?.by === 'ids' ? selection.ids : [];
    return {
        ok: false,
        mistakes: reader.mistakes(),
        known: { status, mode, images, projects: projects ?? [], reporting, warnings: reader.warnings },
    };
});
/**
 * `share-timeout` is a part of `timeout`. If it equals its default, it counts as unset and is shortened to `timeout`: the runner hands over
 * the default as if it was given, and so do workflows that pass their own inputs on.
 * @param waits whether the run may wait for shares at all
 */
const readTimeouts = (function (reader, waits) {
    const timeout = reader.parse('timeout', parseDuration(1));
    const shareTimeout = reader.parse('share-timeout', parseDuration(0));
    if (timeout === null || shareTimeout === null)
        return { timeout, shareTimeout };
    const standard = parseDuration(0)(specOf('share-timeout')?.default ?? '');
    const isGiven = !standard.ok || standard.value !== shareTimeout;
    if (waits && isGiven && shareTimeout > timeout) {
        reader.mistake('share-timeout', reader.given('share-timeout'), `Expected no more than \`timeout\`, which is \`${reader.given('timeout') ?? specOf('timeout')?.default}\` for the whole run: raise \`timeout\`, or lower this.`);
    }
    return { timeout, shareTimeout: Math.min(shareTimeout, timeout) };
});
const readWait = (function (reader) {
    const wait = reader.parse('wait', parseBoolean);
    if (wait === false && reader.api === 'openstack')
        reader.mistake('wait', reader.given('wait'), 'On plain OpenStack a change is done as soon as it is answered, so there is nothing to wait for: leave `wait` out.');
    return wait;
});
/** Mistakes and warnings about the environment as a whole, rather than about one input. */
const checkEnvironment = (function (reader) {
    if (reader.isCut)
        reader.mistake(CUT, null, 'Not one of them has arrived, neither `trusted-owners` nor any other, although inputs without a hyphen have. Something between the runner and the action has dropped them: POSIX shells such as dash remove variables with a hyphen in their names. Let the runner start Node without such a shell in between, for example as the entry point of a container.');
    if (reader.short.size > 0)
        reader.warn(`${[...reader.short].map((name) => `\`${name}\``).join(', ')}: a secret of fewer than 6 characters, or with such a line in it. The runner masks it in every line and drops outputs that contain it, such as \`true\`. Use a longer secret, and store JSON in one line.`);
});
const STATUSES = { accepted: 'accepted', rejected: 'rejected', accept: 'accepted', reject: 'rejected' };

// EXTERNAL MODULE: ./build/decide/facts.js
var facts = __nccwpck_require__(895);
// EXTERNAL MODULE: ./build/decide/settle.js
var settle = __nccwpck_require__(521);
// EXTERNAL MODULE: ./build/problem.js
var problem = __nccwpck_require__(816);
;// CONCATENATED MODULE: ./build/inputs/rejection.js
/**
 * The report of a run that did not start because its inputs are wrong.
 */




/** rejectedInputs reports every mistake as a problem, and all images and projects that could be read as blocked. */
function rejectedInputs({ mistakes, known }, startedAt, endedAt) {
    const { images, status, mode, warnings } = known;
    const projects = known.projects.map((given) => {
        return { given, id: (0,values/* isProjectId */.rm)(given) ? given : null, name: null, region: null };
    });
    const ids = projects.length === 0 ? [null] : projects.map(({ id }) => id);
    const asked = { status: status ?? 'accepted', mode: 'apply', wait: true, requireProof: true };
    const progress = { ...asked, readCure: '', blocked: true, stopped: null };
    const title = mistakes.length === 1 ? 'a mistake in the inputs' : `${mistakes.length} mistakes in the inputs`;
    return {
        outcome: 'blocked',
        changed: false,
        status,
        mode,
        projects,
        results: ids.flatMap((project) => images.map((image) => (0,settle/* settle */.G)((0,facts/* factsOf */.x)(image), progress, project))),
        leftOut: [],
        jobIds: [],
        requestIds: [],
        problems: mistakes.map(({ input, value, expected }) => (0,problem/* problem */.CC)({ title, cause: `${input}${value === null ? '' : `: "${value}"`}`, cure: expected })),
        trustedOwners: [],
        manifests: [],
        login: null,
        jobWorkflowRef: null,
        warnings,
        notes: [],
        startedAt,
        endedAt,
    };
}

;// CONCATENATED MODULE: ./build/report/escape.js
/**
 * The only place where text is made safe for a target: log line, workflow command, job summary, commit status.
 *
 * Image names, owners' texts and messages of the service are chosen by strangers. Here they lose the power to act: what
 * cannot be seen is shown as an escape, and what a target would take for structure is taken apart.
 */
/**
 * forLog renders any text as one line, of at most `max` UTF-16 units: line breaks and all that cannot be seen become
 * visible escapes, and the runner's older command form `##[name]`, which the runner accepts anywhere in a line, is broken.
 * Applying it twice changes nothing.
 */
const forLog = (function (text, max = LOG_LINE) {
    return cut(visible(text), max);
});
/** forCode is `forMarkup` for the content of a `<code>` element, in which GitHub finds no triggers: only long words may be broken. */
const forCode = (function (text, max = MARKUP) {
    return breakable(text, max, ((piece) => piece.replace(STRUCTURE, reference)));
});
const breakable = (function (text, max, render) {
    const line = cut(visible(text), max);
    if (line.length <= SHORT_LINE || !LONG_WORD.test(line))
        return render(line);
    const pieces = (word) => word.match(/.{1,40}/gu) ?? [];
    return line
        .split(' ')
        .map((word) => pieces(word).map(render).join('<wbr>'))
        .join(' ');
});
/** forAttribute renders any text as the value of a quoted HTML attribute; what a plain URL is made of stays readable. */
const forAttribute = (function (text) {
    return visible(text).replace(/[^A-Za-z0-9:/._~%?=+-]/gu, reference);
});
const visible = (function (text) {
    const line = PLAIN.test(text) ? text : text.replace(new RegExp(UNSEEN, 'gu'), asEscape);
    return line.replaceAll('##[', '##\\u{5b}');
});
/** Cuts so that the reader sees it, and sees how much is missing; the result is never longer than `max`. */
const cut = (function (text, max) {
    if (text.length <= max)
        return text;
    const room = Math.max(0, max - `\u2026 (${text.length} more characters)`.length);
    const kept = text.slice(0, room).replace(/[\ud800-\udbff]$/, '');
    return `${kept}\u2026 (${text.length - kept.length} more characters)`;
});
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
 *
 * No literal: Node would load the Unicode tables for it as soon as it reads this file, which takes time and memory in every run.
 */
const UNSEEN = '(?! )[\\p{C}\\p{Z}\\p{Default_Ignorable_Code_Point}]';
/** Most lines hold only ASCII, Latin letters and the signs of our own texts. They need no Unicode tables. */
const PLAIN = /^[ -~\u00a1-\u00ac\u00ae-\u024f\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2192]*$/;
/**
 * What may be structure in markup: everything but letters, digits, blank, comma, parentheses, hyphen, full stop, the
 * underscore inside a word and the colon before a blank; the full stop of `www.` makes a link. So error codes, project
 * names and sentences stay readable, and can be searched for, in the raw summary. So does `GH-`, which refers to an issue.
 */
const STRUCTURE = /[^A-Za-z0-9 ,().:_-]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?! |$)|(?<=[Ww]{3})\.|(?<=\b[Gg][Hh])-/gu;
/** Longer than any ID, in characters. */
const LONG_WORD = /\S{41}/u;
const SHORT_LINE = 40;
/**
 * Characters by which GitHub turns text into mentions, references, emoji, and links. A possible line break after them
 * parts the text, invisibly and without effect on copying.
 */
const TRIGGERS = '@#:/.-';
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
function inert(text) {
    return text.replace(STRUCTURE, (character) => `${reference(character)}${TRIGGERS.includes(character) ? '<wbr>' : ''}`);
}
/**
 * forStatus renders the description of a commit status: one line, at most 140 characters, none beyond the Basic
 * Multilingual Plane (GitHub refuses a status with one).
 */
function forStatus(text) {
    const line = visible(text).replace(/[\u{10000}-\u{10ffff}]/gu, asEscape);
    return line.length <= STATUS ? line : `${line.slice(0, STATUS - 1)}\u2026`;
}
const SHORT_ESCAPES = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
function asEscape(character) {
    return SHORT_ESCAPES[character] ?? `\\u{${Number(character.codePointAt(0)).toString(16)}}`;
}
function reference(character) {
    return `&#${character.codePointAt(0)};`;
}

;// CONCATENATED MODULE: ./build/report/html.js
/**
 * The few HTML elements that the summary is made of. Pure.
 *
 * The summary is HTML throughout, because Markdown does not act inside an HTML block. Such a block ends at the first
 * blank line, so no function here may return one; `forMarkup` cannot, and line breaks in `pre` are references.
 */

/** code renders foreign text as a name or an ID. GitHub finds no mention, reference or emoji in it, so names need no break inside. */
const code = (function (foreign, max) {
    return `<code>${forCode(foreign, max)}</code>`;
});
/** link renders a link with a label of ours; anything but http and https is shown as plain text. */
const html_link = (function (url, label) {
    return /^https?:\/\//i.test(url) ? `<a href="${forAttribute(url)}">${label}</a>` : code(url);
});
/** inline joins at most `max` items, and adds the number of further ones. */
const inline = (function (items, max, separator = ', ') {
    const more = items.length > max ? ` \u2026 and ${items.length - max} more` : '';
    return items.slice(0, max).join(separator) + more;
});
/** codes renders at most `max` names or IDs, and the number of further ones. */
const codes = (function (foreign, max) {
    return inline(foreign.map(((text) => code(text))), max);
});
/**
 * table renders rows until the budget is used up, then a line with the number of omitted rows and where to find them.
 * `rows` render lazily, so that a table of thousands costs no more than what is shown of it.
 * @param elsewhere where all rows can be found, as markup
 */
const table = (function (head, rows, budget, elsewhere = 'the output <code>results</code>') {
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
});
const line = (function (cell, cells) {
    const align = cell === 'th' ? ' align="left"' : ' valign="top"';
    return `<tr>${cells.map(((content) => `<${cell}${align}>${content}</${cell}>`)).join('')}</tr>`;
});
/** cureMarkup renders what to do about a problem, in our own words: sentences with names in backticks, and lines of YAML as a block of their own. */
function cureMarkup(cure) {
    const lines = cure.split('\n').filter((line) => line.trim() !== '');
    const isYaml = (line) => /^(\s+\S|[a-z][\w-]*:(\s|$))/.test(line);
    const blocks = lines.map((line) => isYaml(line) ? `<pre>${forMarkup(line).replaceAll('<wbr>', '')}</pre>` : prose(line));
    // Neighbouring lines of YAML share a block, and a block needs no line break around it.
    return blocks
        .join('<br>')
        .replaceAll('</pre><br><pre>', '&#10;')
        .replace(/<br>(?=<pre>)|(?<=<\/pre>)<br>/g, '');
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
/** details renders a block that opens on a click. */
function details(title, content) {
    return `<details><summary>${title}</summary>\n${content}\n</details>`;
}

;// CONCATENATED MODULE: ./build/report/wording.js

/**
 * tally counts the results, each of which is one image in one project: `good` ones have the status, `rest` ones do not, or are not known
 * to.
 */
const tally = (function (results) {
    const count = ((wanted) => results.filter((({ outcome }) => outcome === wanted)).length);
    const updated = count('updated');
    const unchanged = count('unchanged');
    const good = updated + unchanged;
    return { total: results.length, updated, unchanged, good, rest: results.length - good };
});
/** hasReason returns whether the report has a reason for this image; an image that was not attempted has none of its own. */
const hasReason = (function (result) {
    return !result.notAttempted && (result.cause !== null || result.errorCode !== null);
});
/** withReason gives the images without the status that have a reason of their own. */
const withReason = (function (results) {
    return results.filter(((result) => !(0,values/* hasStatus */.Ro)(result) && hasReason(result)));
});
/** byAttention parts the results, otherwise in input order: in `attention` images with a reason precede those that were only held back. */
const byAttention = (function (results) {
    const heldBack = results.filter(((result) => !(0,values/* hasStatus */.Ro)(result) && !hasReason(result)));
    return { attention: [...withReason(results), ...heldBack], fine: results.filter(values/* hasStatus */.Ro) };
});
/** succeeds returns whether a run with this outcome lets the step pass. */
const succeeds = (function (outcome) {
    return outcome === 'success' || outcome === 'submitted' || outcome === 'planned';
});
/** targetWord is the requested status as a participle; neutral if the run does not know it. */
const targetWord = (function (report) {
    return report.status ?? 'changed';
});
/** projectLabel is the name of a project that readers are most likely to know: its name, what was given, or its ID. */
const projectLabel = (function ({ name, given, id }) {
    return name ?? (given || (id ?? ''));
});
/** projectLabels gives the labels of a report's projects by ID. */
const projectLabels = (function ({ projects }) {
    return new Map(projects.map(((project) => [project.id, projectLabel(project)])));
});
/** isUnproven returns whether a run passes although a status was not read back from the service (`require-proof: false`). */
const isUnproven = (function ({ outcome, results }) {
    return outcome === 'success' && results.some(((result) => (0,values/* hasStatus */.Ro)(result) && !result.verified));
});
/**
 * nounOf is the noun for the results. With several projects each image counts once per project, so they are
 * called memberships, as the API does.
 */
const nounOf = (function ({ projects, results }) {
    return (0,values/* nounFor */.Ax)(results.length, projects.length > 1 ? 'membership' : 'image');
});
/** outcomeText describes the outcome of one image in a few words. */
const outcomeText = (function (result, report) {
    const word = targetWord(report);
    const isCheck = report.mode === 'check';
    const texts = {
        updated: `${word} by this run`,
        unchanged: isCheck ? `is ${word}` : `was ${word} already`,
        failed: isCheck ? 'not as required' : `not ${word}`,
        blocked: hasReason(result) ? 'stopped the run' : 'not attempted',
        submitted: 'submitted, not verified',
        planned: `would be ${word}`,
        unknown: `not known to be ${word}`,
    };
    return texts[result.outcome];
});
/** transition is the membership before and after the run, such as `pending \u2192 accepted`. */
const transition = (function (result, report) {
    // A status that was read and is none means that there is no membership.
    const none = result.verified && result.current === null ? 'not shared' : 'unknown';
    const before = result.previous ?? none;
    const read = result.outcome === 'submitted' ? 'not yet known' : (result.current ?? none);
    const after = result.outcome === 'planned' ? targetWord(report) : read;
    return before === after ? before : `${before} \u2192 ${after}`;
});
/** proof names the basis of the status after the run; a dash if there was no change to prove. */
const proof = (function ({ outcome, verified, jobId }) {
    if (outcome === 'planned' || outcome === 'submitted' || outcome === 'blocked')
        return '\u2013';
    if (verified)
        return 'read back';
    return jobId !== null && outcome !== 'unknown' ? 'job status only' : '\u2013';
});
/** formatDuration renders milliseconds for people: `0.4 s`, `12 s`, `2 min 5 s`, `1 h 0 min`. */
const formatDuration = (function (milliseconds) {
    const ms = Math.max(0, milliseconds);
    if (ms < 9_950)
        return `${(ms / 1000).toFixed(1)} s`;
    const seconds = Math.round(ms / 1000);
    if (seconds < 60)
        return `${seconds} s`;
    const minutes = Math.floor(seconds / 60);
    return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
});

;// CONCATENATED MODULE: ./build/report/causes.js


/** causesOf lists the problems of the run, then the reasons of its images. A problem that images name as their reason is told with them. */
const causesOf = (function ({ problems, projects, results }) {
    const groups = Map.groupBy(withReason(results), (result) => JSON.stringify([result.cause, result.cure, result.errorCode]));
    const ofImages = [...groups.values()].map((group) => causeOf(group, projects));
    const told = new Set(ofImages.map(({ cause }) => cause));
    const ofRun = problems
        .filter(({ cause }) => !told.has(cause))
        .map(({ requestId, ...facts }) => ({ ...facts, images: [], projects: [], jobIds: [], requestIds: [requestId] }));
    return [...ofRun, ...ofImages].map(withoutNamed);
});
/** causeList renders each cause once: cause, images and projects, cure, then codes and IDs. Empty if nothing failed. */
const causeList = (function (report) {
    const causes = causesOf(report);
    if (causes.length === 0)
        return [];
    const share = Math.floor(LISTED_IMAGES / Math.min(CAUSES, causes.length));
    const items = causes.map((cause) => item(cause, share));
    return [list(items, CAUSES)];
});
/** What images of the same cause, cure and code have in common. */
function causeOf(group, projects) {
    const concerned = new Set(group.map(({ project }) => project));
    return {
        cause: group[0]?.cause ?? 'The service refused the image.',
        cure: group[0]?.cure ?? '',
        images: [...new Map(group.map((result) => [result.image, result])).values()],
        projects: projects.length < 2 ? [] : projects.filter(({ id }) => concerned.has(id)).map(projectLabel),
        code: group[0]?.errorCode ?? null,
        jobIds: group.map(({ jobId }) => jobId),
        requestIds: group.map(({ requestId }) => requestId),
    };
}
function withoutNamed(given) {
    const unnamed = (ids) => [...new Set(ids)].filter((id) => id !== null).filter((id) => !given.cause.includes(id));
    return {
        ...given,
        code: unnamed([given.code])[0] ?? null,
        jobIds: unnamed(given.jobIds),
        requestIds: unnamed(given.requestIds),
    };
}
/** Causes shown; as a rule there are one or two. */
const CAUSES = 20;
/** Images shown in the open; more are folded. */
const OPEN_IMAGES = 3;
/** Images listed in all, whatever the number of causes; the table has all that fit. */
const LISTED_IMAGES = 150;
/** IDs shown per cause. */
const IDS = 5;
const NAME = 140;
/** @param share the number of images that may be listed */
function item({ cause, cure, images, projects, ...references }, share) {
    const { code: errorCode, requestIds, jobIds } = references;
    const handles = [
        errorCode === null ? '' : code(errorCode),
        jobIds.length === 0 ? '' : `job ${codes(jobIds, IDS)}`,
        requestIds.length === 0 ? '' : `request ${codes(requestIds, IDS)}`,
    ];
    const labels = projects.map((label) => code(label, NAME));
    const lines = [
        `<strong>${prose(cause)}</strong>`,
        images.length > OPEN_IMAGES ? '' : images.map(naming).join('<br>'),
        labels.length === 0 ? '' : `in ${inline(labels, IDS)}`,
        cureMarkup(cure),
        handles.filter((handle) => handle !== '').join(', '),
    ];
    const folded = images.length > OPEN_IMAGES ? details(`${images.length} images`, list(images.map(naming), share)) : '';
    return lines.filter((line) => line !== '').join('<br>') + folded;
}
function naming({ image, name }) {
    return name === null ? code(image, NAME) : `${code(name, NAME)} ${code(image, NAME)}`;
}

;// CONCATENATED MODULE: ./build/report/headline.js


/** headline gives the verdict without an icon and full stop. `show` escapes the project's name for the target. */
const headline = (function (report, show) {
    const { total, good, rest } = tally(report.results);
    const place = placeOf(report, show);
    const word = targetWord(report);
    const of = (count) => `${count} of ${total} ${nounOf(report)}`;
    switch (report.outcome) {
        case 'success':
            return successLine(report, place);
        case 'partial':
        case 'failure':
            return report.mode === 'check'
                ? `Check failed: ${of(rest)} not as required${place}${reasonOf(report)}`
                : `${failure(report)}${place}${reasonOf(report)}`;
        case 'blocked':
            return blockedLine(report, place);
        case 'timeout':
            return `${timedOut(report)}: ${total === 0 ? 'no image was read' : `${of(rest)} not ${headline_isRead(report) ? '' : 'known to be '}${word}`}${place}`;
        case 'cancelled':
            return total === 0 ? `Cancelled${place}` : `Cancelled: ${of(good)} known to be ${word}${place}`;
        case 'submitted':
            return `Submitted, not verified: ${of(rest)} to be ${word}${place}`;
        case 'planned':
            return `Plan: ${rest === 0 ? 'nothing to change' : `${of(rest)} would be ${word}`}${place}${headline_leftOutOf(report)}`;
    }
});
const successLine = (function (report, place) {
    const { total, updated } = tally(report.results);
    const leftOut = headline_leftOutOf(report);
    if (total === 0) {
        return leftOut === '' ? `No image matched: nothing to do${place}` : `Nothing to do${place}${leftOut}`;
    }
    const all = `${total} of ${total} ${nounOf(report)} ${targetWord(report)}`;
    if (report.mode === 'check')
        return `Check passed: ${all}${place}${leftOut}`;
    const before = updated === 0 && !report.changed ? ' already' : '';
    return `${all}${before}${place}${isUnproven(report) ? ', not verified' : ''}${leftOut}`;
});
const headline_leftOutOf = (function ({ leftOut }) {
    return leftOut.length === 0 ? '' : `, ${leftOut.length} left out`;
});
const placeOf = (function ({ projects }, show) {
    const [first] = projects;
    if (projects.length > 1)
        return ` in ${projects.length} projects`;
    const label = first === undefined ? '' : projectLabel(first);
    return label === '' ? '' : ` in project ${show(label)}`;
});
/** What stopped the run: a problem of the run, else what its images have in common. */
function blockedLine(report, place) {
    const title = report.problems.find((problem) => problem.title !== undefined)?.title;
    if (title !== undefined)
        return `Blocked: ${title}`;
    const stoppers = withReason(report.results);
    if (report.problems.length > 0 || stoppers.length === 0)
        return `Blocked: nothing was changed${place}`;
    const what = common(stoppers, 'title') ?? `cannot be ${targetWord(report)}`;
    return `Blocked: ${stoppers.length} of ${report.results.length} ${nounOf(report)} ${what}${place}`;
}
/** What all failed images have in common: a reason, else an error code; empty if neither. */
function reasonOf({ results }) {
    const failed = withReason(results);
    const title = common(failed, 'title');
    if (title !== null)
        return `: ${title}`;
    const code = common(failed, 'errorCode');
    return code === null || !/^[\w.]{1,30}$/.test(code) ? '' : ` (${code})`;
}
function common(results, field) {
    const first = results[0]?.[field] ?? null;
    return results.every((result) => result[field] === first) ? first : null;
}
function failure(report) {
    const { total, good, rest } = tally(report.results);
    const noun = nounOf(report);
    const word = targetWord(report);
    const isUnknown = rest > 0 && report.results.every((result) => (0,values/* hasStatus */.Ro)(result) || result.outcome === 'unknown');
    if (good > 0 || isUnknown)
        return `${rest} of ${total} ${noun} not ${isUnknown ? 'known to be ' : ''}${word}`;
    return total === 1 ? `The image is not ${word}` : `None of ${total} ${noun} ${word}`;
}
/** Every image that does not have the status was read back. */
function headline_isRead({ results }) {
    return results.every((result) => (0,values/* hasStatus */.Ro)(result) || result.verified);
}
function timedOut({ startedAt, endedAt, problems }) {
    const title = problems[0]?.title;
    return `Timed out after ${formatDuration(endedAt - startedAt)}${title === undefined ? '' : ` ${title}`}`;
}

;// CONCATENATED MODULE: ./build/report/annotation.js





/**
 * toAnnotation renders title and message of the annotation, not yet percent-encoded, and shorter than the 4,096 characters that the runner
 * shows; `null` for a run that passes.
 */
const toAnnotation = (function (report) {
    if (succeeds(report.outcome))
        return null;
    const parts = causeTexts(report);
    if (parts.length === 0)
        parts.push(fallback(report));
    if (report.jobIds.length > 0 && (report.outcome === 'timeout' || report.outcome === 'cancelled')) {
        parts.push(`The service may still finish: ${(0,values/* someOf */.yU)(report.jobIds.map((id) => `job ${forLog(id, annotation_NAME)}`), annotation_NAMED)}.`);
    }
    const verdict = headline(report, (label) => label);
    return {
        title: forLog(verdict, TITLE),
        message: forCommand((parts.length === 1 ? parts : parts.map((part) => `- ${part}`)).join('\n')),
    };
});
/** Images, projects and IDs named per cause; all are in the summary. */
const annotation_NAMED = 3;
const TITLE = 200;
const annotation_NAME = 80;
const SENTENCE = 800;
/** causeTexts renders each cause as lines of text: the images and the cause, the cure, then the IDs for the service's support. */
function causeTexts(report) {
    return causesOf(report).map((cause) => {
        const cures = cause.cure.split('\n').filter((line) => line.trim() !== '');
        const lines = [`${subject(cause)}${forLog(cause.cause, SENTENCE)}`, ...cures.map((line) => forLog(line, SENTENCE))];
        return [...lines, ...handles(cause)].join('\n');
    });
}
function subject({ images, projects }) {
    const where = projects.length === 0
        ? ''
        : ` in ${(0,values/* someOf */.yU)(projects.map((label) => forLog(label, annotation_NAME)), annotation_NAMED)}`;
    return images.length === 0 ? '' : `${(0,values/* someOf */.yU)(images.map(annotation_naming), annotation_NAMED)}${where}: `;
}
function fallback(report) {
    if (!report.changed && (report.outcome === 'timeout' || report.outcome === 'cancelled')) {
        return 'Nothing was changed. Run again: images that have the status already are left alone.';
    }
    // Each image once, although its name may be known in one project only.
    const bad = [...new Map(byAttention(report.results).attention.map((one) => [one.image, annotation_naming(one)])).values()];
    return `${bad.length === 0 ? 'See' : `${(0,values/* someOf */.yU)(bad, annotation_NAMED)}: see`} the log of this step.`;
}
function annotation_naming(result) {
    const image = forLog(result.image, annotation_NAME);
    return result.name === null ? image : `${image} ("${forLog(result.name, annotation_NAME)}")`;
}
/** The service's own handles, which its support asks for. */
function handles({ code, requestIds, jobIds }) {
    const given = [
        ...(code === null ? [] : [forLog(code, annotation_NAME)]),
        ...jobIds.slice(0, annotation_NAMED).map((id) => `job ${forLog(id, annotation_NAME)}`),
        ...requestIds.slice(0, annotation_NAMED).map((id) => `request ${forLog(id, annotation_NAME)}`),
    ];
    return given.length === 0 ? [] : [`[${given.join(', ')}]`];
}

;// CONCATENATED MODULE: ./build/report/log.js




/** createLog makes a log that starts its clock now; `now` gives milliseconds. */
const createLog = (function (options) {
    const { sink, redact, now } = options;
    const startedAt = now();
    /** The group whose title has not been printed: an empty group is left out. */
    let waiting = null;
    let grouped = false;
    const endGroup = (() => {
        waiting = null;
        if (grouped)
            sink.command('endgroup', {}, '');
        grouped = false;
    });
    const openGroup = (() => {
        if (waiting === null)
            return;
        sink.command('group', {}, waiting);
        waiting = null;
        grouped = true;
    });
    const inLine = ((text) => forLog(redact(text)));
    // The time comes first, so a line never begins with foreign text.
    const timed = ((text) => `${elapsed(now() - startedAt)}  ${inLine(text)}`);
    const annotate = (name, properties, message) => sink.command(name, properties, forCommand(redact(message)));
    return {
        /** Closes the open group, and opens another with its first line: the runner does not nest groups. */
        group: ((title) => {
            endGroup();
            waiting = inLine(title);
        }),
        endGroup,
        /** One event. */
        line: ((text) => {
            openGroup();
            sink.line(timed(text));
        }),
        /** Shown with debug logging only. */
        debug: ((text) => {
            if (sink.isDebug)
                sink.command('debug', {}, timed(text));
        }),
        /** An annotation that asks for no action. */
        notice: (text) => annotate('notice', {}, inLine(text)),
        /** An annotation: one line, which may quote foreign text, and our own lines on what to do about it. */
        warning: (text, cure = '') => annotate('warning', {}, `${inLine(text)}${cure === '' ? '' : `\n${cure}`}`),
        /** The annotation that explains a failed run; at most one per run. */
        error: (title, text) => annotate('error', { title: inLine(title) }, text),
        /** Foreign text for use inside a line: redacted before it is cut, so that no half of a secret is left. */
        quote: (text) => `"${forLog(redact(text), QUOTE)}"`,
    };
});
/** Seconds with two decimals, right-aligned; a clock that was set back counts as no time. */
const elapsed = (function (milliseconds) {
    return `${(Math.max(0, milliseconds) / 1000).toFixed(2)}s`.padStart(8);
});
/** resultLines renders the images: those with a reason of their own first, then those that were not attempted, then the rest. */
const resultLines = (function (report) {
    const several = report.projects.length > 1;
    const labels = projectLabels(report);
    const { attention, fine } = byAttention(report.results);
    const lines = [...attention, ...fine].slice(0, LINES).map(((result) => {
        const name = result.name === null ? '' : ` "${forLog(result.name, 80)}"`;
        const where = several ? ` in ${labels.get(result.project) ?? result.project}` : '';
        const basis = proof(result) === '\u2013' ? '' : `, ${proof(result)}`;
        const code = result.errorCode === null ? '' : `, ${result.errorCode}`;
        return `${result.image}${name}${where}: ${outcomeText(result, report)} (${transition(result, report)}${basis}${code})`;
    }));
    const more = report.results.length - lines.length;
    return [...lines, ...(more > 0 ? [`\u2026 and ${more} more, see the output results`] : [])];
});
/** verdictLines renders the verdict, and for a run that fails its first causes; their cures are in the annotation. */
const verdictLines = (function (report) {
    const verdict = headline(report, ((label) => label));
    if (succeeds(report.outcome))
        return [verdict];
    const causes = causeTexts(report);
    const more = causes.length - log_CAUSES;
    return [
        verdict,
        ...causes.slice(0, log_CAUSES).map((text) => `  ${firstSentence(text)}`),
        ...(more > 0 ? [`  \u2026 and ${more} more causes, see the annotation and the summary`] : []),
    ];
});
/** Longest foreign text inside a log line, in UTF-16 units. */
const QUOTE = 160;
/** The output `results` has all images. */
const LINES = 100;
/** Causes that the last lines of the log name. */
const log_CAUSES = 3;
/** The cause; of a mistake in the inputs, which is a name and a value, also what is wrong with it. */
function firstSentence(text) {
    const [cause = '', cure = ''] = text.split('\n');
    return cause.endsWith('.') || cure === '' ? cause : `${cause} \u2013 ${cure}`;
}

;// CONCATENATED MODULE: ./build/report/outputs.js

/**
 * toOutputs renders all outputs. Texts are shortened, fields dropped and lists emptied only as far as the limit demands; `emptied` names
 * the lists that do not fit.
 */
const toOutputs = (function ({ results, outcome, changed, jobIds }) {
    const entries = results.map(toEntry);
    const outcomes = outcomeByImage(results);
    const idsOf = ((...wanted) => toJson([...outcomes.keys()].filter(((image) => wanted.includes(outcomes.get(image) ?? '')))));
    const values = {
        outcome,
        verified: String(isVerified({ results, outcome })),
        images: idsOf('updated', 'unchanged'),
        changed: String(changed),
        'job-id': jobIds[0] ?? '',
        'job-ids': toJson(jobIds),
        updated: idsOf('updated'),
        unchanged: idsOf('unchanged'),
        failed: idsOf('failed'),
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
});
/** sizeOf gives the bytes of outputs as GitHub counts them. */
const sizeOf = (function (values) {
    return 2 * Object.entries(values).reduce(((units, [name, value]) => units + name.length + value.length), 0);
});
/** isVerified returns whether every entry was read back. A run without entries has read the lists if it did not fail (`if-none: pass`). */
const isVerified = (function ({ results, outcome }) {
    return results.length === 0
        ? outcome === 'success' || outcome === 'planned'
        : results.every((({ verified }) => verified));
});
/** toEntry renders a result with the fields of `action.yml`; `null` if unknown. */
const toEntry = (function (result) {
    const { image, name, owner, project, previous, current, outcome, verified, imageStatus, jobId, errorCode } = result;
    return {
        image,
        name: name?.toWellFormed() ?? null,
        owner,
        project,
        previous,
        current,
        outcome,
        verified,
        imageStatus: imageStatus?.toWellFormed() ?? null,
        jobId,
        errorCode,
        message: [result.cause, result.cure].filter(Boolean).join(' ').toWellFormed() || null,
    };
});
/** The outcome of each image in all its projects. One that lacks the status in one project counts as failed, even if it has it in the others. */
const outcomeByImage = (function (results) {
    const groups = [...Map.groupBy(results, (({ image }) => image))];
    return new Map(groups.map((([image, group]) => {
        const good = group.some((({ outcome }) => outcome === 'updated')) ? 'updated' : 'unchanged';
        return [image, group.every(values/* hasStatus */.Ro) ? good : 'failed'];
    })));
});
/**
 * JSON in which the marks of workflow commands are spelt as escapes. Parsing it gives the same values, and a step that merely prints it
 * does not issue a command that an image's name contains.
 */
const toJson = (function (value) {
    return JSON.stringify(value)
        .replaceAll('##[', '##\\u005b')
        .replaceAll('::', ':\\u003a')
        .replace(/[\u007f-\u009f\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
});
/** The outputs of a run that could not begin. Every run sets all of them. */
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
/**
 * GitHub takes 1 MiB of outputs from a whole job, counted in UTF-16, and fails the job beyond it. This leaves a share for the job's
 * other steps.
 */
const OUTPUT_LIMIT = 1_000_000;
/** Ways to render an entry, least loss first. None leaves out an image. */
const STAGES = [
    ((entry) => entry),
    (entry) => outputs_shorten(entry, 300),
    (entry) => outputs_shorten(entry, 80),
    (entry) => outputs_shorten(entry, 20),
    (entry) => withoutNulls(outputs_shorten(entry, 20)),
    ({ image, project, outcome }) => withoutNulls({ image, project, outcome }),
];
/** Lists that are emptied if the shortest entries do not fit, least loss first: `images` is `updated` and `unchanged`. */
const EXPENDABLE = ['images', 'results', 'updated', 'unchanged', 'failed'];
function outputs_shorten(entry, max) {
    const cut = (text) => text === null || text.length <= max ? text : `${text.slice(0, max - 1)}\u2026`.toWellFormed();
    return { ...entry, name: cut(entry.name), message: cut(entry.message) };
}
function withoutNulls(entry) {
    return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null));
}

// EXTERNAL MODULE: ./build/version.js
var version = __nccwpck_require__(743);
;// CONCATENATED MODULE: ./build/report/receipt.js


/** toReceipt renders the receipt; nothing in it is shortened. */
function toReceipt(report, context) {
    const { outcome, changed, status, mode, trustedOwners, login, jobIds, requestIds, jobWorkflowRef } = report;
    const { runUrl, runAttempt, actor, triggeringActor, workflow, commit } = context;
    return {
        schemaVersion: 1,
        actionVersion: version/* VERSION */.x,
        outcome,
        verified: isVerified(report),
        changed,
        status,
        mode,
        projects: report.projects.map(({ given, id, name, region }) => ({ given, id, name, region })),
        trustedOwners,
        manifests: report.manifests.map(({ path, sha256 }) => ({ path, sha256 })),
        login,
        results: report.results.map(toEntry),
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
        jobIds,
        requestIds,
        runUrl,
        runAttempt,
        actor,
        triggeringActor,
        workflow,
        jobWorkflowRef,
        commit,
        /** ISO 8601 in UTC, as is `endedAt`. */
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

;// CONCATENATED MODULE: ./build/report/images.js



/** images renders the sections of the summary about single images, failures first. */
const images_images = (function (report, budget) {
    const { results, projects } = report;
    if (results.length === 0)
        return [];
    if (results.every(isBlank)) {
        const ids = [...new Set(results.map(({ image }) => image))];
        return [`<p>${(0,values/* nounFor */.Ax)(ids.length, 'Image')} not looked at: ${codes(ids, 20)}</p>`];
    }
    const { attention, fine } = byAttention(results);
    const tableOf = ((rows) => resultTable(rows, report, budget));
    const folded = (noun) => details(`${fine.length} ${noun} ${targetWord(report)}`, tableOf(fine));
    if (projects.length < 2) {
        if (fine.length <= OPEN_ROWS)
            return [tableOf([...attention, ...fine])];
        return [...(attention.length === 0 ? [] : [tableOf(attention)]), folded('images')];
    }
    // A large matrix must leave room for the table of failures.
    const share = Math.floor(budget.left / 2);
    const forMatrix = { left: share };
    const sections = [matrix(report, forMatrix)];
    budget.left -= share - forMatrix.left;
    if (attention.length > 0)
        sections.push('<h3>What needs attention</h3>', tableOf(attention));
    if (fine.length > 0)
        sections.push(folded((0,values/* nounFor */.Ax)(fine.length, 'membership')));
    return sections;
});
/** Nothing is known but the ID: the run was stopped before it looked. */
const isBlank = (function (result) {
    const { outcome, name, previous, current } = result;
    return outcome === 'blocked' && name === null && previous === null && current === null && !hasReason(result);
});
const resultTable = (function (results, report, budget) {
    const several = report.projects.length > 1;
    const labels = projectLabels(report);
    return table(['', 'Image, ID, owner', ...(several ? ['Project'] : []), 'Before&nbsp;\u2192&nbsp;after,&nbsp;proof', 'What happened'], results.map(((result) => (() => [
        icon(result),
        // The unbreakable line of the owner keeps the column wide enough for an ID.
        `${images_naming(result)}${result.owner === null ? '' : `<br>owner&nbsp;${code(result.owner, images_NAME)}`}`,
        ...(several ? [code(labels.get(result.project) ?? result.project ?? '\u2013', images_NAME)] : []),
        `${transition(result, report)}${proof(result) === '\u2013' ? '' : `<br><em>${proof(result)}</em>`}`,
        explanation(result, report),
    ]))), budget);
});
/** Name and ID; only the ID if the name is not known. */
const images_naming = (function ({ image, name }) {
    const id = code(image, images_NAME);
    return name === null ? id : `<strong>${code(name, images_NAME)}</strong><br>${id}`;
});
/** What became of the image, in a few words; causes and cures stand above the table. */
const explanation = (function (result, report) {
    const { errorCode, imageStatus } = result;
    const parts = [outcomeText(result, report)];
    if (errorCode !== null)
        parts.push(code(errorCode));
    if (imageStatus !== null && imageStatus !== 'active')
        parts.push(`image is ${code(imageStatus, 40)}`);
    return parts.join('<br>');
});
const icon = (function (result) {
    const icons = {
        updated: '\u2705',
        unchanged: '\u2611\ufe0f',
        failed: '\u274c',
        blocked: hasReason(result) ? '\u26d4' : '\u23f8\ufe0f',
        submitted: '\u23f3',
        planned: '\ud83d\udcdd',
        unknown: '\u2753',
    };
    return icons[result.outcome];
});
/** leftOut renders the images that `match-name` leaves out: open if strangers offer images or nothing else is left, else folded. */
const leftOut = (function (report, budget) {
    const omitted = report.leftOut;
    if (omitted.length === 0)
        return [];
    const labels = projectLabels(report);
    const reasons = {
        'owner-not-trusted': 'its owner is not among <code>trusted-owners</code>',
        'rejected-before': 'it was rejected before',
        'not-usable': 'it is not usable',
        'owner-trusted': 'its owner is among <code>trusted-owners</code>',
    };
    const rows = omitted.map((image) => () => [
        images_naming(image),
        image.owner === null ? '\u2013' : code(image.owner, images_NAME),
        code(labels.get(image.project) ?? image.project, images_NAME),
        reasons[image.reason],
    ]);
    const hasOffers = omitted.some(({ reason }) => reason === 'owner-not-trusted');
    const title = `${omitted.length} matching ${omitted.length === 1 ? 'image was' : 'images were'} left out`;
    const all = table(['Image', 'Owner', 'Project', 'Left out because'], rows, budget, 'the receipt');
    return hasOffers || report.results.length === 0 ? [`<h3>${title}</h3>`, all] : [details(title, all)];
});
/** More images than this that are as they should be are folded away, so that the facts below stay in evidence. */
const OPEN_ROWS = 12;
/** Longest image name shown, in UTF-16 units; the API allows 128 characters. */
const images_NAME = 140;
/** One row per image, one column per project; images that are not right everywhere come first. */
function matrix({ results, projects }, budget) {
    const rows = [...Map.groupBy(results, ({ image }) => image).values()];
    const sorted = [...rows.filter((row) => !row.every(values/* hasStatus */.Ro)), ...rows.filter((row) => row.every(values/* hasStatus */.Ro))];
    return table(['Image', ...projects.map((project) => code(projectLabel(project), images_NAME))], sorted.map((row) => () => [
        row.slice(0, 1).map(images_naming).join(''),
        ...projects.map(({ id }) => {
            const result = row.find(({ project }) => project === id);
            return result === undefined ? '\u2013' : `${icon(result)} ${matrixWord(result)}`;
        }),
    ]), budget);
}
function matrixWord({ outcome, current }) {
    if (outcome === 'failed')
        return current ?? 'failed';
    return (0,values/* hasStatus */.Ro)({ outcome }) ? (current ?? 'taken') : outcome;
}

;// CONCATENATED MODULE: ./build/report/summary.js






/** renderSummary renders the report as HTML blocks that GitHub shows as they are. At most 900 KiB. */
const renderSummary = (function (report, { runUrl }) {
    const icon = isUnproven(report) ? '\u26a0\ufe0f' : ICONS[report.outcome];
    const top = [
        `<h2>${icon} ${headline(report, ((label) => code(label, 100)))}</h2>`,
        ...unproven(report),
        ...meaning(report),
        ...causeList(report),
    ];
    const bottom = [summary_facts(report, runUrl), ...remarks(report)];
    const budget = { left: LIMIT - bytes(top) - bytes(bottom) - 4096 };
    // The images left out matter less, so they come last and get what is left, but a share is set aside for them.
    const share = Math.floor(budget.left / 8);
    budget.left -= share;
    const main = images_images(report, budget);
    budget.left += share;
    // Grown and not joined, for the same reason as the tables in it.
    return [...top, ...main, ...bottom, ...leftOut(report, budget)]
        .reduce(((all, part) => `${all}\n\n${part}`))
        .concat('\n');
});
const bytes = (function (sections) {
    return sections.reduce(((sum, section) => sum + Buffer.byteLength(section) + 2), 0);
});
/** Directly under the heading: which statuses rest on the job alone. */
const unproven = (function ({ results, jobIds }) {
    const count = results.filter(((result) => (0,values/* hasStatus */.Ro)(result) && !result.verified)).length;
    const basis = jobIds.length === 0 ? 'the answer to the change' : 'the job status';
    const title = `<strong>${count} of ${results.length} not verified:</strong>`;
    return count === 0
        ? []
        : [`<p>${title} the status was not read back from the service, only ${basis} was available.</p>`];
});
/** What the verdict means for the reader, one paragraph, and the warning about rejected images. */
const meaning = (function (report) {
    const { outcome, status, results } = report;
    const isProven = outcome === 'success' && results.length > 0 && results.every((({ verified }) => verified));
    const sentences = [...outcomeSentences(report), ...(isProven ? ['Read back from the service.'] : [])];
    const hidden = '<strong>Rejected means hidden, not revoked:</strong> a rejected image no longer appears in the project\u2019s lists, ' +
        'but a server can still be made from it by its ID. Only its owner can take it back, by ending the share.';
    return [...(sentences.length === 0 ? [] : [sentences.join(' ')]), ...(status === 'rejected' ? [hidden] : [])].map(((paragraph) => `<p>${paragraph}</p>`));
});
const outcomeSentences = (function (report) {
    const { jobIds, results } = report;
    const jobs = jobIds.length === 0 ? '' : ` (${(0,values/* nounFor */.Ax)(jobIds.length, 'job')} ${codes(jobIds, MOST_LISTED)})`;
    // What was done before the run ended, or that nothing was.
    const soFar = [...summary_split(report), ...(report.changed ? [] : [summary_NOTHING])];
    switch (report.outcome) {
        case 'success':
            return summary_split(report);
        case 'partial':
        case 'failure':
            return report.mode === 'check' ? ['A check changes nothing.'] : soFar;
        case 'blocked': {
            // If another problem stopped the run, it follows.
            const count = results.filter(hasReason).length;
            return count === 0 ? [] : [`${count} of ${results.length} ${nounOf(report)} stopped the run before any change.`];
        }
        case 'timeout':
        case 'cancelled': {
            const goesOn = `The service may still finish what it was asked to do${jobs}; run again with <code>mode: check</code> to see.`;
            return jobs === '' ? soFar : [...summary_split(report), goesOn];
        }
        case 'submitted':
            return [
                `The service took the request${jobs}. With <code>wait: false</code> the result is not read: this proves nothing.`,
            ];
        case 'planned':
            return tally(results).rest === 0
                ? [summary_NOTHING]
                : [summary_NOTHING, 'Run with <code>mode: apply</code> to make these changes.'];
    }
});
/** How many were changed now and how many had the status before; nothing if the headline has it already. */
const summary_split = (function (report) {
    const { updated, unchanged } = tally(report.results);
    const word = targetWord(report);
    const were = unchanged === 1 ? 'was' : 'were';
    if (report.mode === 'check' || updated + unchanged === 0)
        return [];
    if (updated === 0)
        return [report.outcome === 'success' ? summary_NOTHING : `${unchanged} ${were} ${word} already.`];
    return [`${updated} ${word} by this run${unchanged === 0 ? '' : `, ${unchanged} ${were} already`}.`];
});
/** What to quote to the service's support, and the source of the report. */
const summary_facts = (function (report, runUrl) {
    const { projects, status, mode, jobIds, requestIds } = report;
    const regions = [...new Set(projects.flatMap((({ region }) => region ?? [])))];
    const names = projects.map(projectFact).filter(((fact) => fact !== ''));
    const isPlain = mode === null || mode === 'apply';
    const rows = [
        [(0,values/* nounFor */.Ax)(projects.length, 'Project'), inline(names, MOST_LISTED, '<br>') || (projects.length === 0 ? '' : '\u2013')],
        [(0,values/* nounFor */.Ax)(regions.length, 'Region'), codes(regions, MOST_LISTED)],
        ['Asked for', status === null ? '' : `<code>${status}</code>${isPlain ? '' : `, <code>mode: ${mode}</code>`}`],
        [(0,values/* nounFor */.Ax)(jobIds.length, 'Job'), codes(jobIds, MOST_LISTED)],
        ['Request IDs', codes(requestIds, MOST_LISTED)],
        ['Duration', formatDuration(report.endedAt - report.startedAt)],
        ['Workflow run', runUrl === null ? '' : html_link(runUrl, 'log of this run')],
    ];
    const known = rows.filter((([, fact]) => fact !== '')).map(((row) => (() => row)));
    return table([], known, { left: Number.POSITIVE_INFINITY });
});
/** Label and ID, each once. */
const projectFact = (function (project) {
    const texts = new Set([projectLabel(project), project.id ?? '']);
    return [...texts].flatMap(((text) => (text === '' ? [] : [code(text)]))).join(' ');
});
const remarks = (function (report) {
    const items = [
        ...report.warnings.map((warning) => `<strong>Warning:</strong> ${prose(warning)}`),
        ...report.notes.map((note) => prose(note)),
    ];
    return items.length === 0 ? [] : [list(items, MOST_LISTED)];
});
/** The runner drops a summary over 1 MiB as a whole; this leaves room for what is not in a table. */
const LIMIT = 900 * 1024;
/** Items shown of a list of IDs or remarks. */
const MOST_LISTED = 20;
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
const summary_NOTHING = 'Nothing was changed.';

;// CONCATENATED MODULE: ./build/report/index.js





/**
 * publish writes the report in every form that was asked for, and returns whether the step may pass: every gate reads the outputs, so a
 * step whose outputs cannot be written fails. Every other form that cannot be written becomes a warning and does not stop the next.
 * Never throws, and is synchronous, because a cancelled run must end within three seconds.
 * @param report free of secrets, see `redactReport`
 */
const publish = (function (report, { reporting, files, log, context }) {
    const annotation = toAnnotation(report);
    const attempt = ((what, write, cure = '') => {
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
    });
    const { values, emptied } = toOutputs(report);
    if (emptied.length > 0)
        log.warning(...tooLarge(emptied));
    const handedOver = attempt('The outputs', (() => {
        if (!files.setOutputs(values))
            log.line('GITHUB_OUTPUT is not set: the outputs are not written');
    }), UNWRITTEN);
    attempt('The result in the log', (() => {
        log.group('Result');
        for (const line of resultLines(report))
            log.line(line);
        log.endGroup();
    }));
    attempt('The annotation', (() => {
        if (annotation !== null)
            log.error(annotation.title, annotation.message);
    }));
    if (reporting.summary) {
        attempt('The job summary', (() => {
            if (!files.appendSummary(renderSummary(report, context)))
                log.line('GITHUB_STEP_SUMMARY is not set: the job summary is not written');
        }));
    }
    const { resultsFile } = reporting;
    if (resultsFile !== null) {
        attempt('The results file', () => {
            writeReceipt(resultsFile, toReceipt(report, context));
            log.line(`Receipt: ${resultsFile}`);
        });
    }
    return handedOver;
});
/**
 * publishVerdict ends the log with the verdict, unfolded. Never throws.
 * @param report free of secrets, see `redactReport`
 */
const publishVerdict = (function (report, log) {
    for (const line of verdictLines(report))
        log.line(line);
});
/** publishNothing sets all outputs of a run that could not begin. If they cannot be written, the step fails all the same. Never throws. */
function publishNothing({ setOutputs }) {
    try {
        setOutputs(NO_OUTPUTS);
    }
    catch {
        // The log has the reason why the run could not begin.
    }
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

;// CONCATENATED MODULE: ./build/report/redact.js
/**
 * redactReport cleans every free text of the report. Real IDs of images, projects and jobs and the words of `action.yml` stay as they
 * are, even if a secret looks like one. Other text in the place of an ID is cleaned.
 */
const redactReport = (function (report, redact) {
    const cleanId = ((id) => (isId(id) ? id : redact(id)));
    const clean = ((record, texts, ids = []) => {
        const copy = { ...record };
        for (const name of [...texts, ...ids]) {
            const text = copy[name];
            if (typeof text === 'string')
                copy[name] = (texts.includes(name) ? redact(text) : cleanId(text));
        }
        return copy;
    });
    return {
        ...clean(report, ['jobWorkflowRef']),
        projects: report.projects.map(((project) => clean(project, ['given', 'name', 'region'], ['id']))),
        results: report.results.map(((result) => clean(result, ['name', 'imageStatus', 'errorCode', 'cause', 'cure', 'requestId', 'title'], ['owner', 'jobId', 'project']))),
        leftOut: report.leftOut.map((image) => clean(image, ['name'], ['owner', 'project'])),
        jobIds: report.jobIds.map(cleanId),
        requestIds: report.requestIds.map(redact),
        problems: report.problems.map((problem) => clean(problem, ['cause', 'cure', 'code', 'requestId', 'title'])),
        trustedOwners: report.trustedOwners.map(cleanId),
        manifests: report.manifests.map((manifest) => clean(manifest, ['path'])),
        warnings: report.warnings.map(redact),
        notes: report.notes.map(redact),
    };
});
/** The services' IDs are hexadecimal, with dashes or without. */
const isId = (function (text) {
    return /^[0-9a-f-]{1,64}$/i.test(text);
});

;// CONCATENATED MODULE: ./build/report/status-text.js



/** pendingStatus is published at the start, so that an older verdict is never taken for this run's. */
function pendingStatus() {
    return { state: 'pending', description: 'Running: no verdict yet' };
}
/** statusFor is the final status of a run: green only for success. The text of an unproven success begins with "Not verified". */
function statusFor(report) {
    const { outcome } = report;
    const verdict = headline(report, (label) => label);
    return {
        state: outcome === 'success' ? 'success' : succeeds(outcome) ? 'pending' : 'failure',
        description: forStatus(isUnproven(report) ? `Not verified: ${verdict}` : verdict),
    };
}
/** unpublishedStatus is the final status of a run whose outputs could not be written. */
function unpublishedStatus() {
    return { state: 'failure', description: 'The outputs of the step could not be written' };
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
const act = (async function (env, toolkit, cancel, loadStatus) {
    const secrets = new SecretRegistry(toolkit.addMask);
    const redact = ((text) => secrets.redact(text));
    const log = createLog({ sink: toolkit, redact, now: clock/* systemClock */.m.now });
    const proxies = readProxies(env);
    toolkit.line(`ims-members-action ${version/* VERSION */.x}`);
    log.debug(`ims-members-action ${version/* VERSION */.x}, Node ${process.versions.node}, ${process.platform} ${process.arch}`);
    let report = null;
    try {
        const startedAt = clock/* systemClock */.m.now();
        const reading = readInputs(env, secrets, startedAt);
        const { reporting } = reading.ok ? reading.config : reading.known;
        const context = readContext(env, readRegularFile);
        const { commitStatus } = reporting;
        const deadline = reading.ok ? startedAt + reading.config.timeout : Number.POSITIVE_INFINITY;
        const tools = { clock: clock/* systemClock */.m, log, context, proxies, load: loadStatus, cancel, deadline };
        const statusPublisher = commitStatus === null ? null : new StatusPublisher(commitStatus, tools);
        if (reading.ok) {
            // A part of the bundle of its own, which a run with a mistake in its inputs does not load.
            const { run } = await __nccwpck_require__.e(/* import() */ 698).then(__nccwpck_require__.bind(__nccwpck_require__, 698));
            statusPublisher?.begin(pendingStatus());
            report = await run(reading.config, { proxies, clock: clock/* systemClock */.m, log, hide: secrets.hide, redact, cancel });
        }
        else {
            for (const warning of reading.known.warnings)
                log.warning(warning);
            report = rejectedInputs(reading, startedAt, clock/* systemClock */.m.now());
        }
        const clean = redactReport(report, redact);
        const published = publish(clean, { reporting, files: toolkit, log, context });
        await statusPublisher?.end(published ? statusFor(clean) : unpublishedStatus());
        publishVerdict(clean, log);
        return published && succeeds(report.outcome);
    }
    catch (error) {
        // Nothing above should throw. If something does, a stack trace would print text that is neither escaped nor redacted.
        const { cause, cure } = (0,problem/* unexpected */.os)(error);
        log.error('The action failed', `${log.quote(cause)}\n${cure}`);
        if (report === null)
            publishNothing(toolkit);
        return false;
    }
});
/** reportUncaught tells where an error came from. Its message may hold foreign text, which is neither escaped nor redacted. */
function reportUncaught(error, toolkit) {
    const stack = error instanceof Error ? `${error.stack}` : '';
    const frames = stack.split('\n').filter((line) => /^ +at /.test(line));
    toolkit.command('error', { title: 'Something unexpected happened' }, [problem/* REPORT_BUG */.Uc, ...frames].join('\n'));
}
/** The event file. Anything else at its path, such as a FIFO, could keep the run waiting. */
function readRegularFile(path) {
    return (0,external_node_fs_namespaceObject.statSync)(path).isFile() ? (0,external_node_fs_namespaceObject.readFileSync)(path, 'utf8') : '';
}

;// CONCATENATED MODULE: external "os"
const external_os_namespaceObject = require("os");
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
const createToolkit = (function (onBroken) {
    if (onBroken !== undefined)
        process.stdout.on('error', onBroken);
    return {
        /** Whether the run was started with debug logging (`RUNNER_DEBUG=1`). */
        isDebug: process.env['RUNNER_DEBUG'] === '1',
        /** Writes one line to the log. The caller has escaped it. */
        line: ((text) => void process.stdout.write(`${text}\n`)),
        /** Issues a workflow command such as `::warning title=\u2026::message`. */
        command: ((name, properties, message) => issueCommand(name, properties, message)),
        /** Tells the runner to show `***` for this value in every log line from now on. */
        addMask: ((value) => issueCommand('add-mask', {}, value)),
        /** Sets outputs of the step. False if GITHUB_OUTPUT is not set; throws if the file cannot be written. */
        setOutputs: ((values) => {
            const lines = Object.entries(values).map((([name, value]) => keyValue(name, value)));
            return appendTo(process.env['GITHUB_OUTPUT'], lines.join('\n'));
        }),
        /** Adds to the job summary. False if GITHUB_STEP_SUMMARY is not set; throws if the file cannot be written. */
        appendSummary: ((markup) => appendTo(process.env['GITHUB_STEP_SUMMARY'], markup)),
        /** Resolves when standard output has been written, or cannot be. */
        flush: (() => new Promise(((done) => {
            setTimeout(done, STALLED);
            process.stdout.write('', (() => done()));
        }))),
    };
});
const appendTo = (function (path, text) {
    if (path === undefined || path === '')
        return false;
    const file = (0,external_node_fs_namespaceObject.openSync)(path, APPEND);
    try {
        (0,external_node_fs_namespaceObject.writeFileSync)(file, `${text}\n`);
    }
    finally {
        (0,external_node_fs_namespaceObject.closeSync)(file);
    }
    return true;
});
/** keyValue renders a name and a value of any number of lines. The delimiter does not occur in the value, so it need not be random. */
const keyValue = (function (name, value) {
    let count = 0;
    while (value.includes(`ghadelimiter_${count}`))
        count++;
    const delimiter = `ghadelimiter_${count}`;
    return `${name}<<${delimiter}\n${value}\n${delimiter}`;
});
/** The longest wait for a stalled reader of the log, in milliseconds. */
const STALLED = 5_000;
/** The runner has created the file. Opening does not block, because a FIFO without a reader would never open; Windows has neither. */
const APPEND = external_node_fs_namespaceObject.constants.O_WRONLY | external_node_fs_namespaceObject.constants.O_APPEND | external_node_fs_namespaceObject.constants.O_NONBLOCK;

;// CONCATENATED MODULE: ./build/github/node-version.js
/**
 * Runners that start the action with a Node that is too old. This file uses nothing newer than Node 18, and no module does while it
 * is loaded.
 */


/** isTooOld returns whether a Node lacks something that the action uses. A proxy needs a newer one, see inputs/proxy.ts. */
const isTooOld = (function (version) {
    return (0,values/* isOlder */.tW)(version, [22, 3]);
});
/** refuseNode reports a run that cannot begin: an error, and all outputs. The step fails. */
function refuseNode(toolkit, version) {
    const message = `This action runs on Node 24, but the runner has started it with Node ${version}: update the runner. Nothing was changed.`;
    toolkit.command('error', { title: 'Blocked: Node is too old' }, message);
    publishNothing(toolkit);
    return false;
}

;// CONCATENATED MODULE: ./build/main.js
/**
 * The process: signals in, exit code out. The only file that does something when it is loaded.
 */



/** A function, because the bundler makes every module that waits at its top level slower to load. */
const main = (async function () {
    // A program that waits for nothing any more ends with this code, and 0 without a verdict would be a green step.
    process.exitCode = 1;
    const succeeded = isTooOld(process.versions.node)
        ? refuseNode(toolkit, process.versions.node)
        : await act(process.env, toolkit, cancel.signal, loadStatus);
    process.exitCode = succeeded ? 0 : 1;
    await toolkit.flush();
    // Exits explicitly, because a peer or a proxy may still hold a socket open.
    process.exit();
});
const cancel = new AbortController();
/** A cancelled run ends itself within three seconds; the runner would kill it after ten. */
const main_LAST_MOMENT = 2_700;
function stop() {
    if (cancel.signal.aborted)
        return;
    cancel.abort();
    // The verdict stands if it is there already and only the log is still being read.
    setTimeout(() => process.exit(), main_LAST_MOMENT).unref();
}
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(name, stop);
// If the log is no longer read, the run ends like a cancelled one, so that outputs, summary and status are still written.
const toolkit = createToolkit(stop);
// Node would end at once, without outputs.
process.on('uncaughtException', (error) => {
    reportUncaught(error, toolkit);
    stop();
});
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
void main();

module.exports = __webpack_exports__;
/******/ })()
;