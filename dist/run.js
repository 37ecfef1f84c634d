"use strict";
exports.id = 698;
exports.ids = [698];
exports.modules = {

/***/ 698:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  run: () => (/* binding */ run)
});

// EXTERNAL MODULE: ./build/values.js
var values = __webpack_require__(597);
// EXTERNAL MODULE: ./build/version.js
var version = __webpack_require__(743);
// EXTERNAL MODULE: ./build/cloud/backoff.js
var backoff = __webpack_require__(533);
;// CONCATENATED MODULE: ./build/cloud/decode.js
/** fieldsOf gives an object's fields, and an empty object for anything else, so that look-ups can be chained. */
const fieldsOf = (function (value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
});
/** listOf gives an array's items, and an empty array for anything else. */
const listOf = (function (value) {
    return Array.isArray(value) ? value : [];
});
/** textOf gives a non-empty string. */
const textOf = (function (value) {
    return typeof value === 'string' && value !== '' ? value : null;
});
/** firstText gives the first of some values that is a non-empty string. */
const firstText = (function (...values) {
    return values.map(textOf).find(((text) => text !== null)) ?? null;
});
/** nameOf gives a name that another tenant chose, cut visibly if it is longer than any real one. */
const nameOf = (function (value, redact) {
    const name = textOf(value);
    if (name === null || name.length <= LONGEST_NAME)
        return name;
    return `${redact(name).slice(0, LONGEST_NAME).toWellFormed()}\u2026 (cut, ${name.length} characters)`;
});
/** flagOf reads the booleans of image records, which come as `true` or as `"true"` (OTC IMS API reference, image attributes). */
const flagOf = (function (value) {
    if (typeof value === 'boolean')
        return value;
    if (typeof value !== 'string')
        return null;
    const word = value.toLowerCase();
    return word === 'true' ? true : word === 'false' ? false : null;
});
/** In UTF-16 units. The API allows names of 128 characters; a glob over megabytes would hold the run up. */
const LONGEST_NAME = 1024;

;// CONCATENATED MODULE: ./build/cloud/errors.js


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
function describe({ call, host, status, code, detail, requestId }) {
    const parts = [status === null ? '' : `HTTP ${status}`, code ?? '', detail].filter((part) => part !== '');
    return `${call} at ${host}: ${parts.join(', ')}${requestId === null ? '' : ` (request ID ${requestId})`}`;
}
const MESSAGE_LIMIT = 600;
const ID_LIMIT = 128;
/** Pages of proxies can be long; the message is at the top. */
const MARKUP_LIMIT = 64 * 1024;
/**
 * readErrorBody understands the documented JSON shapes, XML and HTML, and never fails:
 * `{error: {code, message}}` (IMS; Keystone with a numeric code), `{error_code, error_msg, request_id}` (gateway, IAM),
 * `{code, message}` (native calls) and `{badRequest: {code, message}}` (OpenStack style). OTC IMS API reference, Returned Values.
 */
function readErrorBody(text, redact) {
    const body = (0,values/* jsonOf */.o_)(text);
    if (body === undefined)
        return readMarkup(redact(text.slice(0, MARKUP_LIMIT)));
    const top = fieldsOf(body);
    const isFlat = firstText(top['error_msg'], top['message']) !== null;
    const inner = isFlat ? {} : fieldsOf(top['error'] ?? Object.values(top)[0]);
    const codes = [top['error_code'], top['code'], inner['error_code'], inner['code']].map(serviceCode);
    const code = codes.find((one) => one !== null) ?? null;
    const message = firstText(top['error_msg'], top['message'], inner['message'], inner['error_msg'], top['error']);
    return {
        code,
        message: messageOf(message ?? '', redact),
        requestId: firstText(top['request_id'], inner['request_id'])?.slice(0, ID_LIMIT) ?? null,
        origin: code === null ? jsonOrigin(top) : codeOrigin(code),
    };
}
/** Kinds of errors in the style of OpenStack, each the only key of its body. */
const OPENSTACK = /^(badRequest|unauthorized|forbidden|itemNotFound|badMethod|conflictingRequest|overLimit)$/;
/** Glance writes `{message, code: "404 Not Found", title}`; Keystone's `{error: {code: 404, title}}` is not the image service's. */
function jsonOrigin(top) {
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
/** messageOf makes one short line of a service's message. */
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

;// CONCATENATED MODULE: ./build/cloud/error-codes/code-table.js
/**
 * The services' error codes: what each is about, what it means, and what to do about it. Sources: OTC IMS, IAM and CBR API references, Error
 * Codes; OTC API Gateway user guide, Error Codes; Huawei Cloud API Gateway, Error Codes.
 */
const SUPPORT = "Nothing in the workflow can fix this. Send the request ID to the cloud's support.";
const LATER = "Run the workflow again later. If it keeps failing, send the request ID to the cloud's support.";
const STATUS_PAGE = "Check the cloud's status page, and run the workflow again once the service is back.";
const BUG = 'The action should not have sent this. Please open an issue with the request ID.';
const GONE = 'Compare the ID in `images` with its owner: it may be mistyped, deleted, no longer shared, or in another `region`.';
const OWN_KEY = "Ask the image's owner to check the KMS key that the image is encrypted with.";
const KEY_GRANT = "Ask the image's owner to authorise this project for the image's KMS key.";
const CBR_IMAGE = "Ask the image's owner to create it again from a CBR backup. No other full-ECS images can be shared.";
const SERVER_VAULT = 'Give as `vault` one that stores servers (object type server) and serves for backup, not replication.';
const SERVICE_AGENCY = 'Have an administrator of the account restore the agencies that IMS and CBR work through.';
const NAMED_INPUT = 'Correct the input that the message names. If it names none, please open an issue with the request ID.';
const ENABLE_USER = 'Have an administrator enable the user, or log in as another one.';
const NEW_KEY = 'Create another access key for the user, and store it as `access-key` and `secret-key`.';
/** errorCodes gives the rows by code, in the vendor's spelling. Only a run with an error builds the table. */
// biome-ignore format: a table is read row by row
const errorCodes = () => ({
    // Image Management Service. All but IMG.0026 come with HTTP 400.
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
    // Identity and Access Management.
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
    // The API gateway in front of the services. Huawei Cloud writes `APIGW.` instead of `APIG.`.
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
    'APIG.0305': ['login', 'The gateway does not accept the credentials.', 'Check that the credentials are complete, valid, and of this cloud.'],
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
    // Cloud Backup and Recovery, whose codes the job of a full-ECS image may pass on.
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
});

;// CONCATENATED MODULE: ./build/cloud/error-codes/rights.js
/** rightsCure tells what to grant in the member project: one sentence. */
const rightsCure = (function (api, right) {
    return api === 'ims'
        ? `Grant ${ACTIONS[right]} in the member project.`
        : `Give the user a role in the member project to which Glance's policy allows ${RULES[right]}.`;
});
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

;// CONCATENATED MODULE: ./build/cloud/error-codes/index.js
/**
 * What the services' error codes mean, what to do about them, and how the action has to take them.
 */


let codes = null;
/** lookup finds a code in upper or lower case, and under Huawei Cloud's name of the gateway too; undefined if it is null or not listed. */
function lookup(code) {
    codes ??= new Map(Object.entries(errorCodes()).map(([name, [subject, cause, cure, transient]]) => [
        name.toUpperCase(),
        { code: name, subject, cause, cure, retryable: transient !== undefined },
    ]));
    const name = (code ?? '').trim().toUpperCase();
    return codes.get(name.replace(/^APIGW\./, 'APIG.'));
}
/** subjectOf gives what a code is about, whatever the HTTP status; null if it is null or not listed. */
function subjectOf(code) {
    return lookup(code)?.subject ?? null;
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
    const info = lookup(code);
    const isVague = info?.code === MIXED && httpStatus !== null && !isTransient(MIXED, httpStatus);
    if (info !== undefined && !isVague)
        return info;
    const rows = byStatus(service);
    const status = httpStatus ?? 0;
    const [cause, cure] = rows[service]?.[status] ?? rows.any[status] ?? (status < 500 ? FAILED : OUT_OF_ORDER);
    return { cause, cure };
}
const FAILED = ['The call failed.', LATER];
const OUT_OF_ORDER = ['The service had an internal error or is not available.', STATUS_PAGE];
/** longTokenCure says what to do about a token that is too long for a header. On plain OpenStack every login leads to a token. */
function longTokenCure(service) {
    const isPlain = service === 'Keystone' || service === 'Glance';
    const keys = isPlain ? '' : ', or `access-key` and `secret-key`, which need no token';
    return `The token is too long, because it lists every role of the user: use an identity with fewer roles${keys}.`;
}
/** By service and HTTP status; `any` has what holds for every service without a row of its own. */
// biome-ignore format: a table is read row by row
const byStatus = (service) => ({
    any: {
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
        431: ['The headers of the request are too large for the service.', longTokenCure(service)],
        494: ['The headers of the request are too large for the service.', longTokenCure(service)],
    },
    IAM: {
        401: ['IAM does not accept the credentials.', 'Check that they are valid, not expired, and of this cloud and region. A refused login is not repeated.'],
        403: ['IAM does not allow this login.', 'Check that the user is not locked, has programmatic access, and has a role in `project`. An agency must be delegated to the account of the caller, who needs the role Agent Operator.'],
        404: ['IAM does not know a name in the login, or the token is no longer valid.', 'Check `project`, `domain`, `username`, `agency-name` and `agency-domain` for typing mistakes, then `auth-url` and `region`.'],
    },
    Keystone: {
        400: ['Keystone does not accept the login request.', 'Check `project`, `project-domain`, `domain` and `auth-url`.'],
        401: ['Keystone does not accept the credentials.', 'Check them, and that they belong to this cloud. A user also needs a role in `project`. The action does not repeat a refused login.'],
        403: ['Keystone does not allow this login.', 'Check that the user is enabled and has a role in `project`.'],
        404: ['Keystone does not know something that the login names, or the token is no longer valid.', 'Check `project`, `project-domain`, `domain` and `username` for typing mistakes, and that `auth-url` leads to Keystone.'],
    },
    Glance: {
        401: ['Glance does not accept the token.', 'Check that `auth-url` and the image service belong to the same cloud. Glance also answers this way while it cannot reach Keystone.'],
        403: ['The identity is not allowed to do this.', rightsCure('openstack', 'change')],
        404: ['Glance does not find the image among those of the project.', 'Ask its owner whether the share was withdrawn or the image deleted. If all images fail, check `project`, `region` and `ims-endpoint`.'],
    },
});

;// CONCATENATED MODULE: ./build/cloud/retry.js
/**
 * The one retry policy: pure functions that decide whether a failed request may be sent again.
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
    return isThrottled(failure) || (0,backoff/* isPassing */.WG)(status) || (safety === 'safe' && isTransient(code, status));
}
function refusesIdentity({ status, code }) {
    return status === 401 || status === 403 || subjectOf(code) === 'login';
}
/** isBusy returns whether a request was refused only because the service has too much to do, so that it may be sent again later. */
function isBusy(failure) {
    return failure.type === 'refused' && !refusesIdentity(failure) && isThrottled(failure);
}
/** isThrottled returns whether the service refused the request because of the rate, by HTTP 429 or by its code, and has not begun it. */
function isThrottled({ status, code }) {
    return status === 429 || subjectOf(code) === 'rate';
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
    return status === 408 || status < 200 || status >= 500;
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
const BAD_CERTIFICATE = /CERT|UNABLE_TO_VERIFY/;
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

;// CONCATENATED MODULE: ./build/cloud/client.js






/** jsonIn reads the body of an answer as JSON. Throws `Unusable` if it is not JSON, such as the page of a proxy. */
const jsonIn = (function (reply) {
    const body = (0,values/* jsonOf */.o_)(reply.text);
    if (body === undefined)
        throw new Unusable('is not JSON');
    return body;
});
/** requestIdOf reads the request ID that support asks for (`X-Request-Id`; native calls have their own header). */
const requestIdOf = (function (reply) {
    return reply.headers['x-request-id'] ?? reply.headers['x-openstack-request-id'] ?? null;
});
const callName = (function (call) {
    return `${call.method} ${call.path.split('?')[0]}`;
});
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
            const delay = (0,backoff/* retryDelay */.a2)(attempt, outcome.failure.retryAfter, clock.random());
            onRetry(outcome.failure, delay);
            await clock.sleep(delay, signal).catch((reason) => {
                if (reason instanceof Error)
                    reason.cause ??= outcome;
                throw reason;
            });
        }
    }
    async #attempt(call) {
        const { transport, clock, requestTimeout, signal, redact, debug, certificateHint } = this.#options;
        const fresh = await call.prepare?.();
        const body = fresh?.body ?? call.body ?? null;
        const bare = {
            method: call.method,
            url: call.base + call.path,
            headers: { ...(body === null ? {} : { 'Content-Type': 'application/json' }), ...fresh?.headers },
            body,
        };
        const headers = { ...bare.headers, ...call.authorize(bare), Accept: 'application/json', 'User-Agent': version/* USER_AGENT */._ };
        const begun = clock.now();
        const trace = ((result, id) => debug(redact(`${callName(call)} ${result} ${clock.now() - begun} ms${id === null ? '' : ` ${id}`}`)));
        try {
            const reply = await transport.send({ ...bare, headers }, requestTimeout, signal);
            const isSuccess = reply.status >= 200 && reply.status < 300;
            const outcome = isSuccess ? this.#read(call, reply) : this.#refusal(call, reply, 'X-Sdk-Date' in headers);
            // Traced last: reading may reveal a secret that the trace has to hide.
            trace(`${reply.status}`, requestIdOf(reply));
            return outcome;
        }
        catch (error) {
            if (error instanceof WireError) {
                trace(error.message, null);
                const type = error.obstacle ?? (error.sent ? 'lost' : 'unreachable');
                return this.#failure(call, { type, detail: error.message, hint: type === 'untrusted' ? certificateHint : '' });
            }
            // For the report of a run that ended early: what it was waiting for.
            if (error instanceof Error && error === signal.reason)
                error.cause ??= this.#failure(call, { type: 'lost', detail: 'none came before the time was up', hint: SLOW });
            throw error;
        }
    }
    #read(call, reply) {
        try {
            return call.read(reply, this.#options.redact);
        }
        catch (error) {
            if (!(error instanceof Unusable))
                throw error;
            return this.#failure(call, { type: 'lost', detail: `the answer ${error.message}` }, reply);
        }
    }
    #refusal(call, reply, signed) {
        const { clock, redact } = this.#options;
        const now = clock.now();
        if (reply.status >= 300 && reply.status < 400) {
            // Redacted before the host is read from it, which brings it to lower case.
            const detail = `redirect to ${hostOf(redact(reply.headers['location'] ?? ''))}`;
            return this.#failure(call, { type: 'redirected', detail }, reply);
        }
        const { code, message: detail, origin, requestId } = readErrorBody(reply.text, redact);
        const date = Date.parse(reply.headers['date'] ?? '');
        const clockSkew = !signed || Number.isNaN(date) ? null : date - now;
        const retryAfter = (0,backoff/* readRetryAfter */.D$)(reply.headers['retry-after'], now);
        const facts = { code, detail, origin, requestId: requestIdOf(reply) ?? requestId, retryAfter, clockSkew };
        return this.#failure(call, { type: 'refused', ...facts }, reply);
    }
    /** @param reply null if there was none */
    #failure(call, facts, reply = null) {
        return new CloudError({
            status: reply?.status ?? null,
            requestId: reply === null ? null : requestIdOf(reply),
            code: null,
            origin: null,
            retryAfter: null,
            clockSkew: null,
            hint: '',
            ...facts,
            service: call.service,
            call: callName(call),
            host: new URL(call.base).host,
            detail: this.#options.redact(facts.detail),
        });
    }
}
function hostOf(location) {
    return location === '' ? 'nowhere' : ((0,values/* urlOf */.rs)(location)?.host ?? '') || 'a relative address';
}

// EXTERNAL MODULE: ./build/problem.js
var problem = __webpack_require__(816);
// EXTERNAL MODULE: ./build/regions.js
var regions = __webpack_require__(538);
;// CONCATENATED MODULE: ./build/cloud/endpoints.js
/**
 * Where the services are: from the inputs and the table of regions, or from the catalog that comes with a token.
 */




/**
 * pickRegion gives the region of a project: the one given, else the one the project's name begins with, else the one that `authUrl` names.
 * On plain OpenStack, regions and projects have any names, so only a region that was given counts.
 * @param project as given, by name or ID
 */
const pickRegion = (function ({ api, region, authUrl }, project) {
    if (api === 'openstack')
        return region;
    return region ?? (0,regions/* regionOf */.AP)(project) ?? (0,regions/* regionOfAuthUrl */.HY)(authUrl ?? '');
});
/**
 * resolveEndpoints finds the services of one project: what was given explicitly first, then the region's hosts. If `authUrl` leads to
 * another cloud than the region's, the region's IMS host is not used, so that credentials stay on the domain they are for.
 * Throws a ProblemError if IAM cannot be found.
 */
const resolveEndpoints = (function ({ api, region, imsEndpoint, authUrl }) {
    const entry = region === null || api === 'openstack' ? undefined : regions/* REGIONS */.ij[region];
    const iam = authUrl ?? entry?.iam;
    if (iam === undefined) {
        throw new problem/* ProblemError */.Mm({
            title: 'unknown region',
            cause: region === null ? 'The region is not known.' : `The hosts of region ${region} are not known.`,
            cure: 'Give `region`, or the base URLs of the services as `auth-url` and `ims-endpoint`.',
        });
    }
    if (imsEndpoint !== null)
        return { api, iam, ims: { url: imsEndpoint, final: true } };
    const isTrusted = entry !== undefined && trustedOrigin(entry.ims, iam, null) !== null;
    return { api, iam, ims: isTrusted ? { url: entry.ims, final: entry.proven } : null };
});
/**
 * imageServiceUrl gives the image service's base URL: the given or documented host; if that is known by a pattern only, or not at all,
 * what the token's catalog names on IAM's own domain. Throws a ProblemError if neither is there.
 * @param hint a sentence about variables that may explain this, or an empty text
 */
const imageServiceUrl = (async function (endpoints, region, catalog, hint) {
    const { ims } = endpoints;
    if (ims?.final === true)
        return ims.url;
    const services = await catalog();
    const url = imsFromCatalog(services, region, endpoints) ?? ims?.url;
    if (url !== undefined)
        return url;
    const [cause, cure] = notFound(services, region, endpoints);
    throw new problem/* ProblemError */.Mm({ cause, cure: `${cure}${hint}`, title: 'no image service found' });
});
const MOST_HOSTS = 3;
/** What is wrong if the catalog does not lead to the image service, and what to change. */
function notFound(catalog, region, endpoints) {
    const iam = new URL(endpoints.iam).host;
    if (catalog === undefined) {
        const apart = region === null ? '' : `, and the known hosts of region ${region} are on another domain`;
        return [
            `These credentials bring no catalog of services that names the image service that belongs to ${iam}${apart}.`,
            'Check `region` and `auth-url`, or give the base URL of the image service as `ims-endpoint`.',
        ];
    }
    const listed = imageEndpoints(catalog, region, endpoints);
    const own = listed.filter(({ base }) => base !== null);
    const names = [...new Set(own.flatMap(({ regions }) => regions))].toSorted().join(', ');
    if (region === null && names !== '')
        return [
            `The token's catalog names image services of several regions: ${names}.`,
            'Give one of them as `region`, or its base URL as `ims-endpoint`.',
        ];
    const elsewhere = listed.filter(({ base, host, regions }) => base === null && host !== '' && serves(regions, region));
    const foreign = [...new Set(elsewhere.map(({ host }) => host))].slice(0, MOST_HOSTS).join(', ');
    if (names !== '' && foreign === '')
        return [
            `The token's catalog names no image service of region ${region} on the domain of ${iam}. The regions it names: ${names}.`,
            'Check `region`, or give the base URL of the image service as `ims-endpoint`.',
        ];
    const cause = `The token's catalog names no image service on the domain of ${iam}${region === null ? '' : ` for region ${region}`}.`;
    return [
        foreign === ''
            ? cause
            : `${cause} It names ${foreign} on another domain, which is not used: credentials stay on IAM's domain.`,
        region === null
            ? 'Give `region`, or the base URL of the image service as `ims-endpoint`.'
            : 'Check `region` and `auth-url`; if they are right, give the base URL of the image service as `ims-endpoint`.',
    ];
}
function serves(regions, region) {
    return region === null || regions.length === 0 || regions.includes(region) || regions.includes('*');
}
/**
 * imsFromCatalog finds the image service in a token's catalog and gives its base URL, or null. The endpoint has to be public, of the
 * wanted region or of every region (`*`); if no region is wanted or an endpoint names none, it has to be the only one. It counts only
 * on IAM's own domain, because credentials are sent there: no catalog can send them to another party.
 */
function imsFromCatalog(catalog, region, endpoints) {
    const own = imageEndpoints(catalog, region, endpoints).filter(({ base }) => base !== null);
    const of = (wanted) => own.find(({ regions }) => regions.some((id) => id === wanted));
    const named = of(region) ?? of('*');
    if (named !== undefined)
        return named.base;
    const rest = own.filter(({ regions }) => region === null || regions.length === 0).map(({ base }) => base);
    return new Set(rest).size === 1 ? (rest[0] ?? null) : null;
}
/**
 * The public image endpoints of a catalog. Reads both documented forms: services with their endpoints, and a flat list of endpoints (OTC IAM API reference, Obtaining
 * a User Token; \u2026 with an OpenID Connect ID Token). A path counts only on plain OpenStack, where it leads to the service.
 */
function imageEndpoints(catalog, region, { api, iam }) {
    return listOf(catalog)
        .map(fieldsOf)
        .filter((service) => service['type'] === 'image')
        .flatMap((service) => ('endpoints' in service ? listOf(service['endpoints']).map(fieldsOf) : [service]))
        .filter((endpoint) => (endpoint['interface'] ?? 'public') === 'public')
        .map((endpoint) => {
        const url = textOf(endpoint['url']) ?? '';
        const origin = trustedOrigin(url, iam, region);
        return {
            regions: [textOf(endpoint['region']), textOf(endpoint['region_id'])].filter((id) => id !== null),
            host: (0,values/* urlOf */.rs)(url)?.host ?? '',
            /** Null if it is not on IAM's own domain. */
            base: origin === null || api === 'ims' ? origin : origin + glancePath(url),
        };
    });
}
/** The path to Glance, without the version that every call begins with; openrc files and catalogs have it with and without. */
function glancePath(url) {
    return new URL(url).pathname.replace(/\/+$/, '').replace(/\/v2(\.\d+)?$/, '');
}
/** Scheme, host and port in plain ASCII, without user info or a final dot; then a path. */
const PLAIN_URL = /^https?:\/\/((?:[a-z0-9-]+\.)*[a-z0-9-]+|\[[0-9a-f:]+\])(?::\d{1,5})?(?:\/[!-[\]-~]*)?$/i;
/** Labels that, right below a country's domain, belong to a registry: `co.uk`, `com.br`, `gouv.fr`. */
const REGISTRY = /^(?:.{1,3}|asso|firm|gouv|govt|info|name)$/;
/** The origin of a URL that may get IAM's credentials, or null. Unusual spellings are not trusted. */
function trustedOrigin(url, iamUrl, region) {
    const host = PLAIN_URL.exec(url)?.[1]?.toLowerCase();
    const parsed = (0,values/* urlOf */.rs)(url);
    const iam = (0,values/* urlOf */.rs)(iamUrl);
    if (parsed === null || iam === null || parsed.hostname !== host)
        return null;
    if (parsed.protocol === 'http:' && !(iam.protocol === 'http:' && (0,values/* isLoopback */.U9)(iam.hostname)))
        return null;
    const domain = domainOf(iam.hostname, region);
    return host === iam.hostname || (domain !== null && host.endsWith(`.${domain}`)) ? parsed.origin : null;
}
/**
 * The domain that a cloud has for itself: IAM's host without its first label, and without the region's. Null if nothing may be cut
 * off: IP addresses, and hosts so short that what is left could be anybody's, such as `com` or `co.uk`.
 */
function domainOf(iamHost, region) {
    const labels = iamHost.split('.').slice(1);
    const [first = ''] = labels;
    if (first === region || first in regions/* REGIONS */.ij)
        labels.shift();
    const [owner = '', top = ''] = labels.slice(-2);
    const shortest = top.length === 2 && REGISTRY.test(owner) ? 3 : 2;
    const address = /^\d+$/.test(top);
    return labels.length < shortest || address ? null : labels.join('.');
}

;// CONCATENATED MODULE: ./build/cloud/login/scope.js


/** isProject returns whether a project is the one that was given by ID or by name. */
const isProject = (function (project, given) {
    return (project.id === given ||
        project.name === given ||
        ((0,values/* isProjectId */.rm)(given) && project.id.toLowerCase() === given.toLowerCase()));
});
/**
 * requireProject makes sure that credentials are scoped to the project that was asked for. An unscoped token would be answered
 * with other tenants' images (seen on OpenStack Glance), so nothing read with such credentials may be believed.
 * @param hint a sentence about variables that may explain a wrong project, or an empty text
 */
const requireProject = (function (project, { given, source }, hint) {
    if (project === null) {
        throw new problem/* ProblemError */.Mm({
            title: 'credentials without a project',
            cause: given === null
                ? 'The token is not scoped to a project.'
                : `The credentials are not scoped to a project, but project ${given} is asked for.`,
            cure: `Use credentials of the member project: a token must be requested with a project scope.${hint}`,
        });
    }
    const { id, name } = project;
    if (given === null || isProject(project, given))
        return project;
    const change = source === 'project'
        ? 'Give the project that the credentials are scoped to as `project`'
        : `Unset \`${source}\` or set it to the project that the credentials are scoped to`;
    throw new problem/* ProblemError */.Mm({
        title: 'credentials of another project',
        cause: `The credentials are for project ${name === null ? id : `${name} (${id})`}, but \`${source}\` is ${given}.`,
        cure: `${change}, or use credentials of that project. Nothing was changed.${hint}`,
    });
});
/** projectScope asks for a project by ID, or by name within its domain. */
function projectScope(given, domain) {
    if ((0,values/* isProjectId */.rm)(given))
        return { project: { id: given } };
    return { project: { name: given, ...(domain === null ? {} : { domain }) } };
}
/** findProject picks a project by ID or name from those that the caller can use; a name that fits several is refused. */
function findProject(projects, { given, source }, hint) {
    const wanted = given ?? '';
    const found = projects.filter((project) => isProject(project, wanted));
    // An ID goes before a name that looks like it.
    const first = found.find(({ id }) => id === wanted) ?? found[0];
    if (first === undefined) {
        throw new problem/* ProblemError */.Mm({
            title: 'project not found',
            cause: `The credentials cannot use a project ${given}.`,
            cure: `Check \`${source}\` and \`region\`, and that the user has a role in this project. Nothing was changed.${hint}`,
        });
    }
    if (found.length === 1 || first.id === wanted)
        return first;
    throw new problem/* ProblemError */.Mm({
        title: 'the project name is ambiguous',
        cause: `The name ${given} fits ${found.length} projects: ${found.map(({ id }) => id).join(', ')}.`,
        cure: 'Give the ID of the right one as `project`. Nothing was changed.',
    });
}

;// CONCATENATED MODULE: ./build/cloud/channel.js
/**
 * A channel leads to one service with one identity: the clients above it name a path and get an answer.
 */



/** getJson reads a JSON answer, which `read` checks and takes apart. Throws a CloudError if the service refuses. */
const getJson = (function (channel, path, read) {
    return channel.send({ method: 'GET', path, safety: 'safe', read: ((reply, redact) => read(jsonIn(reply), redact)) });
});
/** openChannel binds an image service's base URL and an identity. A 401 is answered with one renewal and one further try, never more. */
const openChannel = (function (client, base, identity, service) {
    const { authorize, hint } = identity;
    const hinted = (error) => {
        const failure = failureOf(error);
        return failure?.status === 401 ? new CloudError({ ...failure, hint: hint(failure) }) : error;
    };
    return {
        async send(call) {
            const attempt = (() => identity.pass((() => client.send({ ...call, service, base, authorize }))));
            const { generation } = identity;
            try {
                return await attempt();
            }
            catch (error) {
                if (failureOf(error)?.status !== 401)
                    throw error;
                // Another call may have renewed the identity while this one was under way.
                if (identity.generation === generation && !(await renewed(identity)))
                    throw hinted(error);
            }
            return attempt().catch((error) => {
                throw hinted(error);
            });
        },
    };
});
async function renewed(identity) {
    try {
        return await identity.renew();
    }
    catch (error) {
        // Anything else ends the run, and is no failed login.
        throw failureOf(error) !== null || error instanceof problem/* ProblemError */.Mm ? new RenewalError(error) : error;
    }
}

;// CONCATENATED MODULE: ./build/cloud/image-service.js



/** readMember reads a member's status. An answer about another image or another member must never prove anything about this one. */
const readMember = (function (body, image, member) {
    const top = fieldsOf(body);
    const fields = top['status'] === undefined ? fieldsOf(top['member']) : top;
    const status = textOf(fields['status'])?.toLowerCase();
    if (status !== 'pending' && status !== 'accepted' && status !== 'rejected')
        throw new Unusable('holds no member status');
    if (isOther(fields['image_id'], image))
        throw new Unusable('is about another image');
    if (isOther(fields['member_id'], member))
        throw new Unusable('is about another member');
    return status;
});
const isOther = (function (value, wanted) {
    return value !== undefined && value !== null && String(value).toLowerCase() !== wanted.toLowerCase();
});
/** readImage reads an image record; null if it is none. */
const readImage = (function (value, redact) {
    const fields = fieldsOf(value);
    // It goes into paths and reports; what is no image ID is no image of ours.
    const id = (0,values/* uuidOf */.pV)(textOf(fields['id']) ?? '');
    if (id === null)
        return null;
    const key = fields['__system__cmkid'];
    const owner = textOf(fields['owner']);
    return {
        id,
        name: nameOf(fields['name'], redact),
        owner: owner !== null && owner.length <= LONGEST_OWNER ? owner : null,
        kind: {
            fullEcs: flagOf(fields['__whole_image']),
            encrypted: key === undefined ? null : textOf(key) !== null,
        },
        fromBackup: textOf(fields['__backup_id']) !== null,
        visibility: textOf(fields['visibility']),
        status: textOf(fields['status'])?.trim().toLowerCase().slice(0, LONGEST_STATUS) ?? null,
    };
});
/** readImages reads the images of a list, without entries that are none. Throws `Unusable` if it holds nothing else. */
const readImages = (function (body, redact) {
    const images = fieldsOf(body)['images'];
    if (!Array.isArray(images))
        throw new Unusable('holds no list of images');
    const records = images.map(((image) => readImage(image, redact))).filter(((image) => image !== null));
    // Taken for an empty page, it would show that the list holds none of the images.
    if (records.length === 0 && images.length > 0)
        throw new Unusable('holds nothing that is an image');
    return records;
});
/** How many images a page of a list may hold. */
const PAGE_SIZE = 1000;
/** Longest owner that is taken for a project's ID. */
const LONGEST_OWNER = 128;
/** Longest word for an image's own status. */
const LONGEST_STATUS = 40;
/** readOneImage reads the image that was asked for. */
function readOneImage(body, image, redact) {
    const record = readImage(body, redact);
    if (record?.id !== image)
        throw new Unusable('is about another image');
    return record;
}

;// CONCATENATED MODULE: ./build/cloud/glance.js
/**
 * Glance, the image service of plain OpenStack: one method per call (OpenStack Image API v2). No retries, no decisions. Where its answers
 * are not documented, they are as seen on Glance 33.0.
 */





/** openGlance gives the calls of Glance, sent over a channel to it. */
function openGlance(channel) {
    return {
        api: 'openstack',
        batchSize: 1,
        /** The answer is the member as it is now; any other answer counts as lost. */
        updateMembers({ images, project, status }, onDoubt) {
            const [image = ''] = images;
            return channel.send({
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
        },
        getJob() {
            throw new Error('Glance has no jobs');
        },
        getMember: (image, member) => getJson(channel, memberPath(image, member), (body) => readMember(body, image, member)),
        getImage: (image) => getJson(channel, `/v2/images/${image}`, (body, redact) => withoutKind(readOneImage(body, image, redact))),
        /** A page has a link to the next one unless it is the last. */
        listShared({ memberStatus, id, marker, limit }) {
            const query = [
                'visibility=shared',
                `member_status=${memberStatus}`,
                `limit=${limit ?? PAGE_SIZE}`,
                ...(id === undefined ? [] : [`id=${id}`]),
                ...(marker === undefined ? [] : [`marker=${encodeURIComponent(marker)}`]),
            ].join('&');
            return getJson(channel, `/v2/images?${query}`, (body, redact) => ({
                images: readImages(body, redact).map(withoutKind),
                next: markerIn(textOf(fieldsOf(body)['next'])),
            }));
        },
    };
}
function memberPath(image, member) {
    return `/v2/images/${image}/members/${encodeURIComponent(member)}`;
}
/** Only the marker of the link counts: the link leaves out whatever precedes `/v2` in the service's address. */
function markerIn(link) {
    return (0,values/* urlOf */.rs)(`http://glance${link ?? ''}`)?.searchParams.get('marker') ?? null;
}
/** The attributes that mark full-ECS and encrypted images elsewhere are ordinary properties here, which any owner may set. */
function withoutKind(record) {
    return { ...record, kind: { fullEcs: false, encrypted: null }, fromBackup: false };
}

;// CONCATENATED MODULE: ./build/cloud/iam.js



const readToken = (function (body) {
    const token = fieldsOf(fieldsOf(body)['token']);
    return { project: readProject(token['project']), catalog: token['catalog'] };
});
const readProject = (function (value) {
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
});
const JSON_UTF8 = { 'Content-Type': 'application/json;charset=utf8' };
class Iam {
    #client;
    #at;
    #tokens;
    /** @param wantCatalog ask for the service catalog, which is some KB long and only needed to find the image service */
    constructor(client, base, wantCatalog, service = 'IAM') {
        this.#client = client;
        this.#at = { service, base };
        this.#tokens = `/v3/auth/tokens${wantCatalog ? '' : '?nocatalog=true'}`;
    }
    /** byPassword obtains a token of an IAM user. A refusal must never be repeated: five refusals lock the user. */
    byPassword({ username, password, domain }, scope) {
        return this.#issueScoped('password', { user: { name: username, password: password.reveal(), domain } }, scope);
    }
    /** byApplicationCredential obtains a token of the project that the credential carries, so there is no scope to ask for (Keystone API). */
    byApplicationCredential({ id, secret }) {
        return this.#issueScoped('application_credential', { id, secret: secret.reveal() }, null);
    }
    /** byToken turns an unscoped or other token into one of the wanted scope. */
    byToken(token, scope) {
        return this.#issueScoped('token', { id: token.reveal() }, scope);
    }
    /** byAgency assumes an agency that another account (`domain`) has created for the caller's. */
    byAgency(agency, field, scope, caller) {
        return this.#issueScoped('assume_role', { domain_name: agency.domain, [field]: agency.name }, scope, caller);
    }
    /** byIdToken exchanges an OIDC ID token (OTC IAM API reference, Obtaining a Token with an OpenID Connect ID Token). */
    byIdToken(provider, idToken, scope) {
        return this.#issue('/v3.0/OS-AUTH/id-token/tokens', async () => {
            const body = bodyOf({ id_token: { id: (await idToken()).reveal() } }, scope);
            return { headers: { ...JSON_UTF8, 'X-Idp-Id': provider }, body };
        });
    }
    /** byFederation exchanges an OIDC ID token for an unscoped token, on clouds that lack the call above. */
    byFederation(provider, idToken) {
        const path = `/v3/OS-FEDERATION/identity_providers/${encodeURIComponent(provider)}/protocols/oidc/auth`;
        return this.#issue(path, async () => ({ headers: { Authorization: `Bearer ${(await idToken()).reveal()}` } }));
    }
    /** inspect asks what a token is; a token may always ask about itself. */
    inspect(token) {
        const authorize = (() => ({ 'X-Auth-Token': token.reveal(), 'X-Subject-Token': token.reveal() }));
        return this.#get(this.#tokens, authorize, readToken);
    }
    /** ownProjects lists the projects that the caller can use; open to every identity, scoped or not. */
    ownProjects(authorize) {
        return this.#get('/v3/auth/projects', authorize, (body) => listOf(fieldsOf(body)['projects'])
            .map(readProject)
            .filter((project) => project !== null));
    }
    #get(path, authorize, read) {
        return this.#client.send({
            ...this.#at,
            method: 'GET',
            path,
            safety: 'safe',
            authorize,
            read: ((reply) => read(jsonIn(reply))),
        });
    }
    #issueScoped(method, credential, scope, caller) {
        const body = bodyOf({ identity: { methods: [method], [method]: credential } }, scope);
        return this.#issue(this.#tokens, async () => ({ headers: JSON_UTF8, body }), caller);
    }
    /** @param prepare gives what belongs to each attempt alone */
    #issue(path, prepare, authorize = () => ({})) {
        return this.#client.send({
            ...this.#at,
            method: 'POST',
            path,
            safety: 'login',
            authorize,
            prepare,
            read: (reply) => {
                const value = reply.headers['x-subject-token'];
                if (value === undefined || value === '')
                    throw new Unusable('holds no token (header X-Subject-Token)');
                return { token: this.#client.hide(value), ...readToken((0,values/* jsonOf */.o_)(reply.text)) };
            },
        });
    }
}
/** The body of a login; without a field `scope` if none is wanted. */
function bodyOf(proof, scope) {
    return JSON.stringify({ auth: { ...proof, scope: scope ?? undefined } });
}

;// CONCATENATED MODULE: ./build/cloud/job.js


/** readJob reads the answers of both job paths; a body without a known status means "still running". */
const readJob = (function (body, redact) {
    const job = fieldsOf(body);
    const entities = fieldsOf(job['entities']);
    const images = new Map();
    for (const entry of entriesOf(job, entities)) {
        const id = firstText(entry['image_id'], fieldsOf(entry['entities'])['image_id'], entry['id'])?.toLowerCase();
        // If entries for one image contradict each other, the worse one counts, because the members are read anyway.
        if (id !== undefined && images.get(id)?.state !== 'failure')
            images.set(id, readEntry(entry, redact));
    }
    const own = readEntry(job, redact);
    const inner = readEntry(entities, redact);
    return { state: own.state, code: own.code ?? inner.code, message: own.message ?? inner.message, images };
});
const entriesOf = (function (job, entities) {
    const lists = [entities['results'], entities['sub_jobs_result'], job['results'], job['sub_jobs_result']];
    const entries = lists.flatMap(listOf).map(fieldsOf);
    // A sub-job may hold results of its own.
    return entries.flatMap(((entry) => [entry, ...listOf(fieldsOf(entry['entities'])['results']).map(fieldsOf)]));
});
const readEntry = (function (fields, redact) {
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
});
const SUCCESS = /^(success|succeeded|successful)$/;
const FAILURE = /^(fail|failed|failure|error)$/;

;// CONCATENATED MODULE: ./build/cloud/ims.js
/**
 * Image Management Service: one method per call, typed replies out of unknown JSON. No retries, no decisions.
 */






/** openIms gives the calls of IMS, sent over a channel to it. */
const openIms = (function (channel) {
    return {
        api: 'ims',
        // Our own limit; the service documents none.
        batchSize: 50,
        /** OTC IMS API reference, Updating Image Members. An answer without a job ID counts as lost, because the change may have begun. */
        updateMembers({ images, project, status, vault }, onDoubt) {
            const body = { images, project_id: project, status, ...(vault === null ? {} : { vault_id: vault }) };
            return channel.send({
                method: 'PUT',
                path: '/v1/cloudimages/members',
                body: JSON.stringify(body),
                safety: 'change',
                onDoubt,
                read: ((reply) => {
                    const { job_id: id } = fieldsOf(jsonIn(reply));
                    const jobId = typeof id === 'number' ? String(id) : textOf(id);
                    if (jobId === null || jobId.length > LONGEST_JOB_ID)
                        throw new Unusable('holds no job ID');
                    return { jobId, requestId: requestIdOf(reply) };
                }),
            });
        },
        /** OTC IMS API reference, Querying an Asynchronous Job. */
        getJob(project, jobId, path) {
            // Opaque, so perhaps not even well-formed; what cannot be asked for is not found.
            const id = encodeURIComponent(jobId.toWellFormed());
            return channel.send({
                method: 'GET',
                path: path === 'project' ? `/v1/${encodeURIComponent(project)}/jobs/${id}` : `/v1/cloudimages/job/${id}`,
                safety: 'poll',
                read: ((reply, redact) => ({ ...readJob(jsonIn(reply), redact), requestId: requestIdOf(reply) })),
            });
        },
        /**
         * The native call comes from Glance; editions without it have the newer one, whose answer may hold the member itself or wrap it
         * (Huawei Cloud IMS API reference, Querying Image Sharing Members).
         */
        getMember(image, member, call) {
            const project = encodeURIComponent(member);
            const path = call === 'native'
                ? `/v2/images/${image}/members/${project}`
                : `/v1/${project}/cloudimages/${image}/members/${project}`;
            return getJson(channel, path, ((body) => readMember(body, image, member)));
        },
        getImage: (image) => getJson(channel, `/v2/images/${image}`, (body, redact) => readOneImage(body, image, redact)),
        /**
         * The list holds the project's own shared-out images too, and may repeat entries (OTC IMS API reference, Querying Images; seen on
         * OpenStack Glance).
         */
        listShared({ memberStatus, wholeImage, allEnterpriseProjects, id, limit, marker }) {
            const query = [
                `member_status=${memberStatus}`,
                'visibility=shared',
                '__imagetype=shared',
                ...(wholeImage === undefined ? [] : [`__whole_image=${wholeImage}`]),
                ...(allEnterpriseProjects === true ? ['enterprise_project_id=all_granted_eps'] : []),
                id === undefined ? `limit=${limit ?? PAGE_SIZE}` : `id=${id}`,
                ...(marker === undefined ? [] : [`marker=${marker}`]),
            ].join('&');
            return getJson(channel, `/v2/cloudimages?${query}`, ((body, redact) => {
                const images = readImages(body, redact);
                // There is no link to the next page: it begins after the last image of this one.
                return { images, next: images.at(-1)?.id ?? null };
            }));
        },
    };
});
/** Longest job ID that is taken for one. They are opaque, and 32 digits long wherever they were seen. */
const LONGEST_JOB_ID = 200;
/** imageIdsIn finds the image IDs that a text names, such as the message of a refused batch. */
function imageIdsIn(text) {
    return new Set(text.toLowerCase().match(new RegExp(values/* UUID */.kk, 'g')));
}

;// CONCATENATED MODULE: ./build/cloud/login/lockout.js
/**
 * A few refusals in a row lock a user or an access key, and a run makes many calls side by side.
 */
/**
 * oneAtATime gives a function that sends calls one after the other until the credentials are proven, and none after a refusal: it throws
 * the refusal instead. Credentials that were proven may be refused later, for example because they have expired.
 * @param judge what a call shows; `error` is null if it succeeded
 */
const oneAtATime = (function (judge) {
    let state = 'unknown';
    let refusal;
    let trial = null;
    const settle = (error) => {
        trial = null;
        state = judge(error);
        refusal = error;
    };
    return async (send) => {
        while (state !== 'proven') {
            if (state === 'refused')
                throw refusal;
            if (trial === null) {
                const call = send();
                trial = call.then(() => settle(null), settle);
                return call;
            }
            await trial;
        }
        return send().catch((error) => {
            if (judge(error) === 'refused')
                settle(error);
            throw error;
        });
    };
});

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
    const { status, code } = failure;
    if (NO_CALL.test(code ?? '') || isNotOffered(status))
        return 'missing';
    if (status === 404)
        return availability_notFound(failure);
    return status === 403 ? 'closed' : null;
}
/** 405, 410 and 501 are about the call, not about what it asks for. */
function isNotOffered(status) {
    return status === 405 || status === 410 || status === 501;
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
    return isNotOffered(status) && !/^IAM\./i.test(code ?? '');
}
/** A 404 of the service itself is about what the call asks for; one of a gateway or a proxy is about the call. */
function availability_notFound({ service, code, origin }) {
    if (service !== 'IMS' && service !== 'Glance')
        return service === 'IAM' && /^IAM\./i.test(code ?? '') ? 'absent' : 'missing';
    return origin === 'image-service' ? 'absent' : origin === 'nobody' ? 'unsure' : 'missing';
}

;// CONCATENATED MODULE: ./build/cloud/login/refusal.js



/** refusalHint makes hints of the credentials' method, their sources, and what looked odd when they were read. */
const refusalHint = (function ({ credentials, login, hints, }) {
    const from = login.sources.length === 0 ? [] : [`The credentials came from ${login.sources.join(', ')}.`];
    return ({ status, code, service }) => {
        if (CERTAIN.test(code ?? ''))
            return from.join('\n');
        const [statuses, doubt] = doubtOf(credentials, service);
        const own = status !== null && statuses.includes(status) ? [doubt] : [];
        return [...from, ...own, ...hints.login].join('\n');
    };
});
/** hinted adds the hint to a refused login that has none yet. */
const hinted = (async function (login, hint) {
    try {
        return await login;
    }
    catch (error) {
        const failure = failureOf(error);
        if (failure === null || failure.hint !== '' || !isRefusal(failure))
            throw error;
        throw new CloudError({ ...failure, hint: hint(failure) });
    }
});
/** The user is locked or disabled: nothing is wrong with what was sent. */
const CERTAIN = /^IAM\.(0061|0080|0082|1104|1105|1107)$/i;
/** The statuses that refuse credentials of a method, and what may then be wrong with them. */
function doubtOf(credentials, service) {
    // biome-ignore format: a table is read row by row
    switch (credentials.method) {
        case 'token':
            return [[401, 404], 'The token has expired, was withdrawn, or belongs to another cloud or region, and method token cannot renew it: obtain a fresh one in the same job, or use a method that logs in by itself.'];
        case 'password':
            return [[401, 403], `A \`project\` that does not exist, or in which the user has no role, is refused in the same way. If the user must log in with MFA, use a user without MFA, or ${service === 'Keystone' ? 'an application credential (`application-credential-id`)' : 'OIDC (`identity-provider`)'}: a pipeline has no second factor.`];
        case 'application-credential':
            return [[401, 404], 'The application credential may have expired or been deleted, or its user may have lost the role in the project.'];
        case 'aksk':
            return credentials.securityToken === null
                ? [[401], 'If these are temporary keys, they need their `security-token` as well.']
                : [[401], 'Temporary keys may have expired: obtain new ones in the same job, shortly before this step.'];
        case 'oidc':
            return [[], ''];
    }
}
/** isRefusal distinguishes a login that was refused because of its content from one that failed because of the service. */
function isRefusal(failure) {
    const { type, status, code } = failure;
    if (type !== 'refused' || status === null || isMissingLogin(failure))
        return false;
    return [400, 401, 403, 404].includes(status) || subjectOf(code) === 'login';
}

;// CONCATENATED MODULE: ./build/cloud/login/session.js










/** iamAt gives the client for the target's IAM. The catalog is requested only if it is needed to find the image service. */
const iamAt = (function ({ endpoints }, { client }) {
    const { api, iam, ims } = endpoints;
    return new Iam(client, iam, ims?.final !== true, api === 'ims' ? 'IAM' : 'Keystone');
});
/** openSession connects an identity to the image service. */
const openSession = (async function ({ endpoints, region }, { client, regionHint }, identity, project, catalog) {
    // Whoever awaits the project learns of its failure; until then it must not count as unhandled.
    project.catch(() => { });
    const serviceUrl = await imageServiceUrl(endpoints, region, catalog, regionHint);
    const service = endpoints.api === 'ims'
        ? openIms(openChannel(client, serviceUrl, identity, 'IMS'))
        : openGlance(openChannel(client, serviceUrl, identity, 'Glance'));
    return { service, serviceUrl, project };
});
/** loginWithToken makes a login of the way in which a method obtains its token. */
const loginWithToken = (function (issue, tools, isRenewable = true) {
    const { refusalHint, projectHint } = tools;
    const renewOne = oneAtATime(judgeRenewal);
    return {
        async open(target) {
            const iam = iamAt(target, tools);
            const login = ((fresh) => hinted(issue(iam, target, fresh), refusalHint));
            // The answer to an OIDC login may lack project and catalog (OTC IAM API reference, the example): ask IAM about the token.
            const scopeOf = (async (issued) => {
                const asked = issued.project === null ? hinted(iam.inspect(issued.token), refusalHint) : issued;
                const { project, catalog } = await asked;
                return { project: requireProject(project, target, projectHint), catalog };
            });
            const first = await login(false);
            // Not awaited: the images can be looked at in the meantime.
            const scope = scopeOf(first);
            const renew = async () => {
                const next = await renewOne(() => login(true));
                tools.onRenewal();
                // A renewed token has to be scoped to the same project as the first one.
                const [before, after] = await Promise.all([scope, scopeOf(next)]);
                requireProject(after.project, { given: before.project.id, source: 'project' }, '');
                return next.token;
            };
            const identity = isRenewable
                ? tokenIdentity(first.token, renew, () => 'A fresh token was refused as well.')
                : tokenIdentity(first.token, null, refusalHint);
            const project = scope.then(((known) => known.project));
            return openSession(target, tools, identity, project, async () => first.catalog ?? (await scope).catalog);
        },
        async authorizeAgency(target) {
            const login = issue(iamAt(target, tools), { ...target, given: null }, false);
            return bearer((await hinted(login, refusalHint)).token);
        },
    };
});
/** bearer authorises with a token as it is. */
const bearer = (function (token) {
    return (() => ({ 'X-Auth-Token': token.reveal() }));
});
/**
 * tokenIdentity carries a token, and may log in again once if it can.
 * @param login logs in anew; null if that is not possible (method token)
 * @param hint what to do if the token is refused and cannot be renewed (again)
 */
const tokenIdentity = (function (token, login, hint) {
    let current = token;
    let generation = 0;
    let renewal = null;
    return {
        hint,
        authorize: ((request) => bearer(current)(request)),
        pass: ((send) => send()),
        get generation() {
            return generation;
        },
        async renew() {
            if (login === null || generation > 0)
                return false;
            renewal ??= login().then((next) => {
                current = next;
                generation = 1;
                return true;
            });
            return renewal;
        },
    };
});
/** judgeRenewal stops further renewals after one that was answered without a token: many projects would lock the account. */
function judgeRenewal(error) {
    const isAnswered = error instanceof problem/* ProblemError */.Mm || typeof failureOf(error)?.status === 'number';
    return isAnswered ? 'refused' : 'unknown';
}

;// CONCATENATED MODULE: ./build/cloud/login/agency.js






/** loginByAgency wraps a login: that one authenticates the caller, and the session gets the agency's token. */
function loginByAgency(agency, base, tools) {
    const { name, domain } = agency;
    let caller = null;
    const issue = async (iam, target, fresh) => {
        const { given, region, endpoints } = target;
        if (given === null) {
            throw new problem/* ProblemError */.Mm({
                cause: `An agency of ${domain} is to be assumed, but no \`project\` is given.`,
                cure: "Give the member project in that account as `project`: the token's own project is in another account.",
            });
        }
        // The first login serves every project; a renewal logs in anew, in case the caller's own token has expired too.
        if (fresh || caller === null)
            caller = base.authorizeAgency(target);
        const authorize = await caller;
        const assume = (field) => iam.byAgency(agency, field, projectScope(given, { name: domain }), authorize);
        // OTC calls the agency's name xrole_name, Huawei Cloud agency_name; if the cloud is not known, a 400 leads to the other one.
        const huawei = (0,regions/* isHuawei */.oR)(region ?? new URL(endpoints.iam).hostname);
        return assume(huawei ? 'agency_name' : 'xrole_name').catch((error) => {
            if (failureOf(error)?.status !== 400)
                throw error;
            return assume(huawei ? 'xrole_name' : 'agency_name');
        });
    };
    const wrong = (0,values/* isAccountId */.JG)(domain)
        ? ` ${domain} looks like the ID of an account: give the account's name as \`agency-domain\`.`
        : '';
    const assumed = `Agency ${name} of account ${domain} was to be assumed.${wrong}`;
    // The refusal of an agency concerns the agency: the caller's credentials have passed, unless they were refused (401).
    const refusalHint = (failure) => failure.status === 401 ? `${assumed}\n${tools.refusalHint(failure)}`.trimEnd() : assumed;
    return loginWithToken(issue, { ...tools, refusalHint });
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
    // The canonical path ends in a slash, whether or not the one on the wire does.
    const path = `${pathname.split('/').map(encode).join('/')}/`.replace(/\/\/$/, '/');
    return [method, path, canonicalQuery(search), lines, names.join(';'), payload].join('\n');
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
/** Encoded first, then sorted by key and value; a key without a value gets its equals sign. */
function canonicalQuery(search) {
    const pairs = search
        .slice(1)
        .split('&')
        .filter((pair) => pair !== '')
        .map((pair) => {
        const [key = '', ...value] = pair.split('=');
        // A line feed sorts before every character of an encoded key, the equals sign does not.
        return `${encode(key)}\n${encode(value.join('='))}`;
    });
    return pairs.sort().join('&').replaceAll('\n', '=');
}
/**
 * Percent-encodes all but unreserved characters. What is encoded on the wire already is decoded first: one of the vendor's signers
 * encodes such paths twice and the others do not, so callers keep paths free of anything that needs encoding.
 */
function encode(part) {
    return encodeURIComponent(decode(part)).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
function decode(part) {
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

;// CONCATENATED MODULE: ./build/cloud/login/keys.js









function loginByKeys(keys, tools) {
    const { clock, refusalHint, projectHint } = tools;
    const asked = new Map();
    const pass = oneAtATime(judgeKeys);
    const projectsAt = (target) => {
        const { iam } = target.endpoints;
        const listed = () => iamAt(target, tools).ownProjects(signer(keys, clock, {}));
        const known = asked.get(iam) ?? hinted(pass(listed), refusalHint).catch(noneIfUnavailable);
        asked.set(iam, known);
        return known;
    };
    return {
        async open(target) {
            const projects = await projectsAt(target);
            const project = projects === null ? unlisted(target, projectHint) : findProject(projects, target, projectHint);
            const authorize = signer(keys, clock, { 'X-Project-Id': project.id });
            // There is nothing to renew, and a refused signature is never repeated.
            const identity = { authorize, pass, hint: refusalHint, generation: 0, renew: async () => false };
            return openSession(target, tools, identity, Promise.resolve(project), async () => undefined);
        },
        async authorizeAgency(target) {
            // IAM wants the caller's domain in signed calls; every project names it.
            const domainId = (await projectsAt(target))?.find((project) => project.domainId !== null)?.domainId;
            return signer(keys, clock, domainId ? { 'X-Domain-Id': domainId } : {});
        },
    };
}
/**
 * judgeKeys tells what a signed call shows of the keys; five refusals in a row lock an access key. A 403 comes from behind the check of
 * the signature; other failures may come from before it, and prove nothing.
 */
function judgeKeys(error) {
    const status = failureOf(error)?.status;
    if (status === 401)
        return 'refused';
    return error === null || status === 403 ? 'proven' : 'unknown';
}
/**
 * signer signs each request anew with the time of its attempt, because a signature older than 15 minutes is refused
 * (Huawei Cloud, API Request Signing Guide). `extra` headers, such as X-Project-Id, are signed with the rest.
 */
function signer(keys, clock, extra) {
    return ({ headers, ...request }) => {
        const token = keys.securityToken === null ? {} : { 'X-Security-Token': keys.securityToken.reveal() };
        return sign({
            ...request,
            headers: { ...headers, ...extra, ...token },
            accessKey: keys.accessKey.reveal(),
            secretKey: keys.secretKey.reveal(),
            date: sdkDate(clock.now()),
        });
    };
}
/** Some identities may not make the call, and some clouds do not offer it. A refused signature is an error. */
function noneIfUnavailable(error) {
    const why = availabilityOf(error);
    if (why !== 'closed' && why !== 'missing')
        throw error;
    return null;
}
/**
 * If the projects cannot be listed, an ID is used as it is: it is signed into every request, and the service checks it. Finding a
 * project by name with `GET /v3/projects` does not work either: that call needs the domain's ID in the signature, which only a
 * project contains.
 */
function unlisted({ given }, hint) {
    if (given !== null && (0,values/* isProjectId */.rm)(given))
        return { id: given, name: null, domainId: null };
    throw new problem/* ProblemError */.Mm({
        title: 'project not found',
        cause: `The ID of project ${given} cannot be found: IAM does not list the projects of these keys.`,
        cure: `Give the ID of the project as \`project\`. Nothing was changed.${hint}`,
    });
}

;// CONCATENATED MODULE: ./build/cloud/login/oidc.js








function issueByOidc({ identityProvider }, { idToken, projectHint }) {
    return async (iam, target) => {
        // An ID token lives for minutes, and some providers take each one only once: every attempt of every exchange has its own.
        let sent = null;
        const fresh = async () => {
            sent = await idToken();
            return sent;
        };
        try {
            return await exchange(iam, identityProvider, fresh, target, projectHint);
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
async function exchange(iam, provider, idToken, target, projectHint) {
    const { given } = target;
    try {
        return await iam.byIdToken(provider, idToken, given === null ? null : projectScope(given, null));
    }
    catch (error) {
        if (availabilityOf(error) !== 'missing')
            throw error;
    }
    const unscoped = await iam.byFederation(provider, idToken);
    if (given === null)
        return unscoped;
    if ((0,values/* isProjectId */.rm)(given))
        return iam.byToken(unscoped.token, projectScope(given, null));
    // A name needs its domain; the caller's own list of projects gives the ID straight away.
    const project = findProject(await iam.ownProjects(bearer(unscoped.token)), target, projectHint);
    return iam.byToken(unscoped.token, projectScope(project.id, null));
}
/** The most telling ones first: a long text is cut. */
const CLAIMS = 'iss aud sub kid iat exp repository repository_id repository_owner_id environment job_workflow_ref ref';
/** A refused exchange is explained by what was sent: the claims, never the token. */
function refused(provider, jwt, failure, cause) {
    const [header, payload] = jwt.reveal().split('.').map(fieldsIn);
    const times = { iat: timeOf(payload?.['iat']), exp: timeOf(payload?.['exp']) };
    const claims = { ...payload, kid: header?.['kid'], ...times };
    const sent = CLAIMS.split(' ').flatMap((name) => {
        const value = claims[name];
        return value === undefined ? [] : `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
    });
    const code = failure.code === null ? '' : `, ${failure.code}`;
    const detail = failure.detail === '' ? '' : `: ${failure.detail}`;
    return new problem/* ProblemError */.Mm({
        cause: `IAM refused the workflow's ID token for identity provider ${provider} (HTTP ${failure.status}${code}${detail}). Claims sent: ${sent.join('; ')}.`,
        cure: [
            'Usual causes:',
            "(1) The identity provider's client ID is not exactly this aud: set `audience` to the client ID.",
            "(2) The signing key stored at IAM is older than this kid: paste GitHub's current key set (https://token.actions.githubusercontent.com/.well-known/jwks) again.",
            '(3) No conversion rule matches this sub: since July 2026 new and renamed repositories send repo:owner@id/repo@id:\u2026, older ones repo:owner/repo:\u2026, so list both.',
            '(4) The provider is disabled, or `identity-provider` is misspelt.',
            '(5) The mapped group has no role in `project`.',
            "(6) IAM's clock is not between this iat and exp.",
            'Set-up, step by step: https://github.com/org/ims-members-action/blob/v1/docs/authentication.md#oidc-keyless',
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
function fieldsIn(segment) {
    return fieldsOf((0,values/* jsonOf */.o_)(Buffer.from(segment, 'base64url').toString()));
}

;// CONCATENATED MODULE: ./build/cloud/login/index.js





/** createLogin gives the login for a set of credentials, through the agency if there is one. */
const createLogin = (function (credentials, agency, tools) {
    const login = loginBy(credentials, tools);
    return agency === null ? login : loginByAgency(agency, login, tools);
});
const loginBy = (function (credentials, tools) {
    switch (credentials.method) {
        case 'token':
            return loginWithToken((async () => ({ token: credentials.token, project: null, catalog: undefined })), tools, false);
        case 'password': {
            const { domain, projectDomain } = credentials;
            // Only the caller of an agency comes without a project: the role Agent Operator is granted on the domain.
            return loginWithToken((iam, { given }) => iam.byPassword(credentials, given === null ? { domain } : projectScope(given, projectDomain)), tools);
        }
        case 'application-credential':
            return loginWithToken((iam) => iam.byApplicationCredential(credentials), tools);
        case 'oidc':
            return loginWithToken(issueByOidc(credentials, tools), tools);
        case 'aksk':
            return loginByKeys(credentials, tools);
    }
});



// EXTERNAL MODULE: ./build/proxies.js
var proxies = __webpack_require__(135);
;// CONCATENATED MODULE: ./build/cloud/tunnel.js

/** placeOf gives what a URL's connection leads to. IPv6 addresses are without brackets. */
const placeOf = (function ({ protocol, hostname, port }) {
    return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || (protocol === 'https:' ? 443 : 80)) };
});
/**
 * libraryOf loads Node's http or https on first use, and past the ES module loader, which would load Node's own undici with it
 * (docs/performance.md).
 */
const libraryOf = (function ({ protocol }) {
    return protocol === 'https:' ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http');
});
/**
 * openTunnel opens a connection to `target` through the proxy.
 * @param onAdmitted called as soon as the proxy has let the connection through
 */
function openTunnel(proxy, target, onAdmitted) {
    const { host, port, connectTimeout: timeout } = target;
    const endpoint = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const peer = `proxy ${proxy.host}`;
    const request = libraryOf(proxy).request({
        method: 'CONNECT',
        ...placeOf(proxy),
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
        if (Math.floor((answer.statusCode ?? 0) / 100) !== 2) {
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
            opening.socket = secure;
            resolve(secure);
        });
    });
    request.end();
    const destroy = () => fail(new WireError('the run is over', false));
    const opening = { socket: null, opened: promise, destroy };
    return opening;
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



const direct = (function (socket) {
    // For as long as no request listens.
    socket.on('error', () => { });
    return { socket, opened: Promise.resolve(socket), destroy: () => socket.destroy() };
});
/** A spare on which the service has sent something unasked, or that it has closed, is of no use. */
const takeFrom = (function (spares, key) {
    for (const spare of spares) {
        if (spare.key !== key)
            continue;
        spares.delete(spare);
        clearTimeout(spare.timer);
        const opening = spare.open();
        const { socket } = opening;
        if (socket === null || (socket.writable && socket.readable && socket.readableLength === 0))
            return opening;
        opening.destroy();
    }
    return null;
});
const keyOf = (function ({ host, port }) {
    return `${host}:${port}`;
});
const CONNECTIONS_PER_HOST = 8;
class Connections {
    #proxies;
    #pools = new Map();
    /** Requests, and tunnels that no agent knows yet. */
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
        const target = { ...options, agent, maxHeaderSize: HEADER_LIMIT, connectTimeout: timeout };
        const request = libraryOf(url).request(url, target);
        this.#owned.add(request);
        return request.once('close', (() => this.#owned.delete(request)));
    }
    /**
     * prepare opens a connection that a later request to the same host takes over. Nothing is sent but what opens it (CONNECT, TLS).
     * It is closed if no request has taken it within `timeout` milliseconds. A failure is left to the request to find out.
     *
     * A proxy may lock its user after some wrong passwords. So the first connection through it is the one that a request needs.
     */
    prepare(url, timeout) {
        const { options, open, spares, isAdmitted } = this.#poolFor(url);
        const place = placeOf(url);
        const servername = process.getBuiltinModule('node:net').isIP(place.host) === 0 ? place.host : '';
        const target = { ...options, ...place, servername, path: null, keepAlive: true, connectTimeout: timeout };
        let opening = null;
        const close = () => {
            clearTimeout(timer);
            spares.delete(spare);
            opening?.destroy();
        };
        const timer = setTimeout(close, timeout);
        const begin = (() => {
            if (opening === null) {
                opening = open(target);
                opening.opened.catch(close);
            }
            return opening;
        });
        const spare = { key: keyOf(place), open: begin, close, timer };
        spares.add(spare);
        if (isAdmitted)
            spare.open();
    }
    /** close destroys every connection, open or not. */
    close() {
        for (const one of this.#owned)
            one.destroy();
        for (const { agent, spares } of this.#pools.values()) {
            for (const spare of spares)
                spare.close();
            agent.destroy();
        }
        this.#pools.clear();
    }
    #poolFor(url) {
        const proxy = (0,proxies/* proxyFor */.i)(url, this.#proxies);
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
        const connect = agent.createConnection.bind(agent);
        const admit = () => {
            pool.isAdmitted = true;
            for (const spare of pool.spares)
                spare.open();
        };
        const open = tunnelled
            ? (target) => this.#tunnel(openTunnel(proxy, target, admit))
            : ((target) => direct(connect(target)));
        agent.createConnection = ((target, done) => {
            const { socket, opened } = takeFrom(pool.spares, keyOf(target)) ?? open(target);
            if (socket !== null)
                return socket;
            opened.then((tunnel) => done?.(null, tunnel), (error) => done?.(error, undefined));
            return undefined;
        });
        const pool = { agent, options, open, spares: new Set(), isAdmitted: !tunnelled };
        this.#pools.set(name, pool);
        return pool;
    }
    #tunnel(tunnel) {
        this.#owned.add(tunnel);
        const release = () => this.#owned.delete(tunnel);
        tunnel.opened.then(release, release);
        return tunnel;
    }
}

;// CONCATENATED MODULE: ./build/cloud/transport.js




const isSuccess = (function ({ statusCode = 0 }) {
    return statusCode >= 200 && statusCode < 300;
});
const replyOf = (function ({ headers, statusCode = 0 }, text) {
    const joined = Object.entries(headers).map((([name, value]) => [name, [value].flat().join(', ')]));
    return { status: statusCode, headers: Object.fromEntries(joined), text };
});
/** Uses events, because an async iterator needs a MiB more for lists of a thousand images. */
const collect = (function (answer, chunks) {
    return new Promise(((resolve, reject) => {
        let size = 0;
        const broken = () => reject(new WireError('the answer broke off', true));
        answer.on('data', ((chunk) => {
            size += chunk.length;
            if (size <= SIZE_LIMIT)
                chunks.push(chunk);
            else
                reject(new WireError(`the answer is larger than ${SIZE_LIMIT / 1024 / 1024} MiB`, true));
        }));
        answer.on('end', (() => (answer.complete ? resolve() : broken())));
        answer.on('error', broken);
        answer.on('close', (() => answer.readableEnded || broken()));
    }));
});
/** The action asks for no compression, but gateways and proxies may compress anyway. */
const unpack = (function (chunks, { headers }) {
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
});
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
    async send(request, timeout, signal) {
        signal.throwIfAborted();
        if (this.#closed)
            throw new WireError('the run is over', false);
        const { method, headers, body } = request;
        const url = new URL(request.url);
        const proxy = (0,proxies/* proxyFor */.i)(url, this.#proxies);
        const wire = this.#connections.request(url, { method, headers }, timeout);
        // Set as soon as an error status arrives. It is the answer even if its body is lost: a refused login that is mistaken for a lost
        // one would be repeated, and that locks accounts.
        let refusal = null;
        const { promise, resolve, reject } = Promise.withResolvers();
        const fail = (error) => {
            if (refusal === null)
                reject(error);
            else
                resolve(refusal());
            wire.destroy();
        };
        const abort = () => {
            reject(signal.reason);
            wire.destroy();
        };
        const timer = setTimeout(() => fail(late(wire, proxy, timeout)), timeout);
        signal.addEventListener('abort', abort, { once: true });
        wire.on('error', (error) => fail(toWireError(error, wasSent(wire))));
        wire.on('response', ((answer) => {
            const chunks = [];
            const reply = (() => replyOf(answer, isSuccess(answer) ? unpack(chunks, answer) : readable(chunks, answer)));
            if (!isSuccess(answer))
                refusal = reply;
            // A connection is free again when its request has closed, a moment after the answer's last byte. A request that is sent before
            // that opens another connection.
            const free = new Promise(((done) => {
                wire.once('close', done);
                answer.once('end', (() => setTimeout(done, MOMENT).unref()));
            }));
            collect(answer, chunks)
                .then(reply)
                .then(((read) => {
                if (proxy === null || url.protocol === 'https:' || !isOfProxy(read))
                    return resolve(free.then((() => read)));
                refusal = null;
                fail(new WireError(`the proxy ${proxy.host} answered with HTTP ${read.status}`, true));
            }))
                .catch(fail);
        }));
        wire.end(body ?? undefined);
        try {
            return await promise;
        }
        finally {
            clearTimeout(timer);
            signal.removeEventListener('abort', abort);
        }
    }
    /** Closes every connection for good, so that nothing keeps the process alive. */
    close() {
        this.#closed = true;
        this.#connections.close();
    }
}
/** The longest wait for a request to close, in milliseconds; it usually takes less than one. */
const MOMENT = 20;
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
    return status >= 502 && status <= 504 && headers['x-request-id'] === undefined && (0,values/* jsonOf */.o_)(text) === undefined;
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

;// CONCATENATED MODULE: ./build/deadline.js
/**
 * The end of the run, by deadline or cancellation, as one signal for every request and every wait.
 */
/**
 * deadlineAfter makes a signal that is aborted after `ms` milliseconds, or as soon as `cancel` is. `end` aborts it as well: requests beside
 * a failed one may still be retried although nothing waits for them, and they would keep the process alive.
 */
const deadlineAfter = (function (ms, cancel) {
    const controller = new AbortController();
    const { signal } = controller;
    const stop = ((reason) => {
        clearTimeout(timer);
        controller.abort(reason);
    });
    const timer = setTimeout(() => stop(new RunStopped('timeout')), ms);
    const onCancel = () => stop(new RunStopped('cancelled'));
    if (cancel.aborted)
        onCancel();
    else
        cancel.addEventListener('abort', onCancel, { signal });
    return { signal, end: (() => stop(new Error('the run is over'))) };
});
/** RunStopped is the reason of the run's signal. */
class RunStopped extends Error {
    reason;
    constructor(reason) {
        super(reason === 'timeout' ? 'the time-out of the run was reached' : 'the run was cancelled');
        this.name = 'RunStopped';
        this.reason = reason;
    }
}

;// CONCATENATED MODULE: ./build/decide/needs.js

/** vaultFor gives the vault of a project; null if it has none. */
const vaultFor = (function ({ given, id }, vaults) {
    return vaults.get(given) ?? vaults.get(id ?? '') ?? null;
});
/**
 * projectsProblem finds what only the IDs of the projects show: a name and an ID of the same project, which would be changed twice, or a
 * vault for a project that is not served.
 */
const projectsProblem = (function (projects, vaults) {
    for (const [index, { given, id }] of projects.entries()) {
        const twin = projects.slice(index + 1).find((other) => other.id === id);
        if (twin !== undefined)
            return (0,problem/* problem */.CC)({
                title: 'a project is named twice',
                cause: `\`project\` names the same project twice: ${given} and ${twin.given} are both ${id}.`,
                cure: 'Leave one of them out. Nothing was changed.',
            });
    }
    const stray = [...vaults.keys()].filter((key) => !projects.some(({ given, id }) => given === key || id === key));
    if (stray.length === 0)
        return null;
    return (0,problem/* problem */.CC)({
        title: 'a vault for a project that is not served',
        cause: `\`vault\` names ${stray.join(', ')}, which is none of the projects of this run.`,
        cure: 'Write each line as project=vault, with the project as in `project`, or its ID. Nothing was changed.',
    });
});
/** needsReads names the input that cannot do without the reads; null if there is none. */
function needsReads({ mode, trustedOwners, status, selection }) {
    if (mode !== 'apply')
        return `\`mode: ${mode}\``;
    if (selection.by === 'match-name')
        return '`match-name`';
    return status === 'accepted' && trustedOwners.length > 0 ? '`trusted-owners`' : null;
}

;// CONCATENATED MODULE: ./build/decide/verdict.js

/** verdict gives the run's outcome (see the output `outcome`). No results at all is what was asked for: success. */
const verdict = (function (results, progress) {
    if (progress.stopped === 'cancelled')
        return 'cancelled';
    const having = results.filter(values/* hasStatus */.Ro).length;
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
});
/**
 * hasChanged returns whether this run changed any membership, or sent a change whose effect could not be learnt: one that no
 * reading has followed, or one whose job was still running when the run ended.
 */
const hasChanged = (function (facts, progress) {
    return facts.some((({ sent, proof, job, evidence }) => {
        if (sent === 'no')
            return false;
        if (proof?.state !== 'read')
            return true;
        if (proof.status === progress.status)
            return evidence?.status !== progress.status;
        return sent === 'lost' || job === null || job.state === 'running';
    }));
});
/** encryptedNotice: an encrypted image is usable only with its owner's key, and the member cannot see whether the key is granted. */
const encryptedNotice = (function (results, status) {
    const encrypted = results.filter(((result) => result.kind.encrypted === true && (0,values/* hasStatus */.Ro)(result)));
    const [first] = encrypted;
    if (first === undefined || status !== 'accepted')
        return null;
    const others = encrypted.length === 1 ? '' : ` and ${encrypted.length - 1} more`;
    return `Encrypted image ${first.image}${others}: usable only as long as the owner's grant of the key to this project holds, which the action cannot check.`;
});

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
    return token.catch((error) => {
        const failure = failureOf(error);
        throw failure?.type === 'refused' ? id_token_refused(failure, error) : error;
    });
}
/** jobWorkflowRefOf reads the claim `job_workflow_ref` for the receipt. No decision depends on it, so the signature is not checked. */
function jobWorkflowRefOf(token) {
    const payload = Buffer.from(token.reveal().split('.')[1] ?? '', 'base64url').toString('utf8');
    return textOf(fieldsOf((0,values/* jsonOf */.o_)(payload))['job_workflow_ref']);
}
function id_token_refused({ call, host, status, detail, code, requestId }, cause) {
    return new problem/* ProblemError */.Mm({
        cause: `GitHub did not issue an ID token (${call} at ${host}: HTTP ${status}${detail === '' ? '' : `, ${detail}`}).`,
        cure: 'Check that the job has the permission `id-token: write`, and that the step runs while the job runs: the right to ask ends with the job. If both hold, GitHub Actions may have an outage.',
        code,
        requestId,
        title: `no ID token from GitHub (HTTP ${status})`,
    }, { cause });
}

;// CONCATENATED MODULE: ./build/members/evidence.js

/** listingOf compares the lists: one list proves nothing, two that agree do. */
const listingOf = (function (image, lists) {
    let status = null;
    const lacking = [];
    for (const list of lists) {
        const { memberStatus } = list.filter;
        if (list.records.has(image)) {
            if (status !== null && status !== memberStatus)
                return { state: 'contradictory' };
            status = memberStatus;
        }
        else if (lacks(list, image) && !lacking.includes(memberStatus))
            lacking.push(memberStatus);
    }
    if (status === null)
        return { state: 'nowhere', complete: lacking.length === ALL_STATUSES.length };
    return { state: 'listed', status, agreed: lacking.some(((each) => each !== status)) };
});
/** listsOf gives the lists of a member status, without the filter by `__whole_image` or with one of its values. */
const listsOf = (function (status, lists, wholeImage) {
    return lists.filter((({ filter }) => filter.memberStatus === status && filter.wholeImage === wholeImage));
});
/** lacks returns whether a list was read to its end and does not hold an image. */
const lacks = (function ({ filter, records, ended }, image) {
    return ended && !records.has(image) && (filter.id === undefined || filter.id === image);
});
/** isReadFor returns whether one of the lists holds an image, or certainly does not. */
const isReadFor = (function (image, lists) {
    return lists.some(((list) => list.records.has(image) || lacks(list, image)));
});
/** recordIn gives the image as lists show it; the reading that came last counts. */
const recordIn = (function (image, lists) {
    for (let at = lists.length - 1; at >= 0; at--) {
        const record = lists[at]?.records.get(image);
        if (record !== undefined)
            return record;
    }
    return null;
});
/** unlistedIn gives those images that no list shows. */
const unlistedIn = (function (lists, images) {
    return images.filter((image) => recordIn(image, lists) === null);
});
/** standingOf weighs all answers about one image of another project. The member call counts for more than any list. */
const standingOf = (function (image, answers) {
    const { lists, believed, member } = answers;
    if (member === 'pending' || member === 'accepted' || member === 'rejected')
        return proven(member);
    const listing = listingOf(image, lists);
    const standing = member === 'none' ? withoutMember(answers, listing) : null;
    if (standing !== null)
        return standing;
    if (believed && listing.state === 'listed')
        return listing.agreed ? proven(listing.status) : presumed(listing.status);
    if (listing.state !== 'nowhere')
        return UNKNOWN;
    // Lists alone never show that an image is not shared: it may be hidden, and only its member could prove that.
    return member === 'not-asked' || (listing.complete && (believed || member === 'none')) ? presumed(null) : UNKNOWN;
});
/** evidenceOf gives all that is known of an image, its kind as its own attributes show it. */
const evidenceOf = (function (image, project, answers) {
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
});
/** kindListsOf gives the lists by which `fullEcsOf` judges images of a member status. */
const kindListsOf = (function (status, lists) {
    return { whole: listsOf(status, lists, true), all: listsOf(status, lists) };
});
/**
 * fullEcsOf returns whether an image is full-ECS, by the lists of its member status. Null: no list of all images shows it, so that the
 * filtered one proves nothing by its silence, or the filter has no effect.
 */
const fullEcsOf = (function (image, { whole, all }, isIgnored) {
    if (recordIn(image, whole) !== null)
        return isIgnored ? null : true;
    return recordIn(image, all) !== null && whole.some(((list) => lacks(list, image))) ? false : null;
});
/**
 * readingOf gives the status after a change as far as it is proven: by the member itself, or by lists that show the target if the
 * job does not dispute it. Lists alone prove nothing else. Lists that are believed but contradict each other may only lag.
 * @param target what the change should have led to
 * @param isDisputed the job has failed for the image, or has not ended
 */
const readingOf = (function (image, standing, { lists, believed, member }, target, isDisputed) {
    const { proven: isProven, status, known } = standing;
    const byMember = member === status || (member === 'none' && status === null);
    if (isProven && (byMember || (!isDisputed && status === target)))
        return { known: true, status, again: false };
    const mayLag = believed && listingOf(image, lists).state === 'contradictory';
    return { known: false, status: null, again: mayLag || (known && status !== target) };
});
const ALL_STATUSES = ['pending', 'accepted', 'rejected'];
const UNKNOWN = { known: false, proven: false, status: null };
const proven = ((status) => ({ known: true, proven: true, status }));
/** Good enough to go on with, but nothing to report as a fact. */
const presumed = ((status) => ({ known: true, proven: false, status }));
/**
 * The image service knows no such member. Null if the project sees the image nevertheless, as with a share with its account or an
 * organisation. A share that was withdrawn may stay in the lists for a while, but then the project does not see the image.
 */
function withoutMember({ image, believed }, listing) {
    if (image === 'not-asked')
        return presumed(believed && listing.state === 'listed' ? listing.status : null);
    if (image === 'none' || (image !== 'silent' && (0,values/* isPublic */.Ul)(image.visibility)))
        return proven(null);
    if (image !== 'silent')
        return null;
    if (listing.state !== 'nowhere')
        return UNKNOWN;
    return listing.complete ? proven(null) : presumed(null);
}
/** isFilterIgnored returns whether the lists of full-ECS images and of all others share an image, so that their filter has no effect. */
function isFilterIgnored(status, lists) {
    const whole = listsOf(status, lists, true);
    return listsOf(status, lists, false).some(({ records }) => whole.some((list) => [...list.records.keys()].some((image) => records.has(image))));
}

;// CONCATENATED MODULE: ./build/members/question.js

/** questionOf derives the question from what the run is asked to do. */
const questionOf = (function (config, ids) {
    const { status, mode } = config;
    const few = ids.length <= FEW;
    const changed = ALL_STATUSES.filter(((one) => one !== status));
    const likely = status === 'accepted' ? ['pending', 'accepted'] : ALL_STATUSES;
    const rules = {
        apply: [ids.length === 1 ? ['pending'] : likely, few ? changed : [...changed, status]],
        check: few ? [[], []] : [likely, [status]],
        // Also if the members are asked: kinds are read from the list of pending images.
        plan: [few && status === 'rejected' ? [] : likely, few ? [] : likely],
    };
    const [lists, listsProve] = rules[mode];
    return {
        ids,
        lists,
        listsProve: new Set(listsProve),
        presumes: new Set(mode === 'apply' ? changed : []),
        // A check accepts nothing, so it needs no kinds.
        accepting: status === 'accepted' && mode !== 'check',
        waits: waitsForShares(config),
    };
});
/** waitsForShares returns whether images that are not shared, or not usable, yet are waited for. */
const waitsForShares = (function ({ mode, status, selection, shareTimeout }) {
    return mode === 'apply' && status === 'accepted' && selection.by === 'ids' && shareTimeout > 0;
});
/** Up to this many images the member calls decide, and lists only help to find out what the images are. */
const FEW = 3;

;// CONCATENATED MODULE: ./build/pool.js
/**
 * Doing many things side by side, but not all at once.
 */
/**
 * pool runs `work` over the items, at most `limit` at a time, and gives the results in the items' order. After an error no
 * further item is begun, and the first error is thrown once those under way have ended: nothing continues after the call has returned.
 */
const pool = (async function (items, limit, work) {
    const results = [];
    const errors = [];
    const waiting = items.entries();
    const worker = (async () => {
        for (const [index, item] of waiting) {
            if (errors.length > 0)
                return;
            try {
                results[index] = await work(item);
            }
            catch (error) {
                errors.push(error);
            }
        }
    });
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
    if (errors.length > 0)
        throw errors[0];
    return results;
});

// EXTERNAL MODULE: ./build/clock.js
var clock = __webpack_require__(837);
;// CONCATENATED MODULE: ./build/decide/host-load.js
/** sendableAt gives the time from which one more change may be sent; infinity if an answer or the end of a job has to come first. */
const sendableAt = (function ({ requests, jobs, window, most, notBefore, probeAt }) {
    if (requests >= window)
        return Number.POSITIVE_INFINITY;
    if (most === null || requests + jobs < most)
        return notBefore;
    // One more than the host is known to take is tried alone.
    return requests === 0 ? Math.max(notBefore, probeAt) : Number.POSITIVE_INFINITY;
});
const withRequest = (function (load) {
    return { ...load, requests: load.requests + 1 };
});
/**
 * withAnswer counts the answer to a change. A change that was taken leaves a job behind, and one that is done leaves room for one more.
 * If the host takes more than it is known to take, more is tried at once.
 */
const withAnswer = (function (load, answer) {
    const answered = { ...load, requests: load.requests - 1 };
    if (answer !== 'taken' && answer !== 'done')
        return answered;
    const jobs = load.jobs + (answer === 'taken' ? 1 : 0);
    const begun = { ...answered, jobs, window: Math.min(LARGEST_WINDOW, load.window + 1), busyAlone: 0 };
    if (load.most === null || (answer === 'taken' && jobs <= load.most))
        return begun;
    return { ...begun, most: load.most + 1, probeAt: 0, busy: 0 };
});
const withoutJob = (function (load) {
    return { ...load, jobs: load.jobs - 1 };
});
/** Whether no change or job of this run is in progress on the host. */
const isAlone = (function ({ requests, jobs }) {
    return requests === 0 && jobs === 0;
});
/**
 * isStuck returns whether waiting for the host is of no use any more. This run's own load never makes it so: its jobs end, and then
 * there is room.
 * @param retries the input `retries`
 */
const isStuck = (function (load, retries) {
    return isAlone(load) && load.busyAlone > retries;
});
/** How many changes may be without an answer at once: at first, and at most. Each change that is taken adds one. */
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

;// CONCATENATED MODULE: ./build/decide/job-results.js
/**
 * jobResults breaks a job's answer down by image. Documented answers list images, list none, or come without a list; whether a
 * failed image makes the job fail, or is hidden in a success, or is left out, is not documented. So an entry of its own counts
 * most, then the job's failure; a success without any list covers all, and a list without an image gives no result for it.
 */
const jobResults = (function (images, reply, explain) {
    return new Map(images.map(((image) => [image, resultOf(image, reply, explain)])));
});
const resultOf = (function (image, reply, explain) {
    const entry = reply.images.get(image);
    if (entry?.state === 'success')
        return { state: 'success', problem: null };
    if (entry?.state === 'failure' || reply.state === 'failure') {
        const { requestId } = reply;
        const problem = explain({ code: entry?.code ?? reply.code, message: entry?.message ?? reply.message, requestId });
        return { state: 'failure', problem };
    }
    return { state: reply.images.size > 0 ? 'silent' : reply.state, problem: null };
});

;// CONCATENATED MODULE: ./build/decide/job-turns.js
/**
 * Wait: which of many jobs to ask at a time.
 */
/** dueJobs gives the jobs to ask now, and the time when the next one is due; infinity if an answer has to come first. */
const dueJobs = (function (jobs, now) {
    const asked = new Map();
    for (const { host, asking } of jobs)
        if (asking)
            asked.set(host, (asked.get(host) ?? 0) + 1);
    const due = [];
    let next = Number.POSITIVE_INFINITY;
    for (const [job, time] of askTimes(jobs)) {
        const busy = asked.get(job.host) ?? 0;
        if (job.asking || busy >= ASKED_AT_ONCE)
            continue;
        if (time > now)
            next = Math.min(next, time);
        else {
            asked.set(job.host, busy + 1);
            due.push(job);
        }
    }
    return { due, next };
});
/** askTimes gives the time at which each job is to be asked. Jobs of one group come in the order of their submission. */
const askTimes = (function (jobs) {
    const standing = new Map();
    return new Map(jobs.map(((job) => {
        const before = standing.get(job.group) ?? 0;
        standing.set(job.group, before + 1);
        return [job, before < STANDING || job.released ? job.turn : job.turn + PATIENCE];
    })));
});
/** releasedBy gives the jobs that need not wait beyond their turn any longer because one of their group has ended. */
const releasedBy = (function (group, jobs) {
    const others = jobs.filter((job) => job.group === group).slice(STANDING);
    return others.filter(({ released }) => !released).slice(0, RELEASED);
});
/** This many jobs of a group, the oldest, are polled at their own pace on behalf of the rest. */
const STANDING = 4;
/** How long after its turn any other job is asked, in milliseconds: less than five seconds, to leave time for the requests before it. */
const PATIENCE = 4500;
/** After a job has ended, this many others are asked at their turn: jobs that began together often end together. */
const RELEASED = 2;
/** Jobs that are asked at the same time on one host. */
const ASKED_AT_ONCE = 8;

;// CONCATENATED MODULE: ./build/decide/pace.js
/**
 * How long to wait before asking again: for a job, for a share, or for a membership after a change.
 */
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
const pollDelay = (function (elapsed, polls, random, fixed) {
    if (polls === 0)
        return 0;
    if (fixed !== null)
        return fixed;
    const wait = Math.min(CEILING, Math.max(FLOOR, GROWTH * elapsed));
    return Math.round(wait * (1 - JITTER * random));
});
/** The wait before the next poll of a job, as a share of the time that the job has taken so far. */
const GROWTH = 0.11;
/** The shortest and the longest wait between two polls, in milliseconds. */
const FLOOR = 200;
const CEILING = 3400;
/** The largest share of a wait that chance takes off, so that runs that began together do not keep polling together. */
const JITTER = 0.02;
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

;// CONCATENATED MODULE: ./build/run/explain.js
/**
 * Turns any error, and a time-out of the run, into a readable cause and cure.
 */






/** The service refuses signatures that are older or younger (Huawei Cloud, API Request Signing Guide). */
const SKEW = 15 * 60_000;
/** explain gives the Problem behind anything that can be thrown. */
function explain(error) {
    if (error instanceof problem/* ProblemError */.Mm)
        return error.problem;
    if (error instanceof RenewalError) {
        const why = explain(error.cause);
        return { ...why, cause: `The token died in mid-run, and logging in again failed: ${why.cause}` };
    }
    const failure = failureOf(error);
    if (failure !== null)
        return explainFailure(failure);
    return (0,problem/* unexpected */.os)(error);
}
/** explainFor explains an error of one project, and names the project if there are several. */
function explainFor(member, { members }, error) {
    const why = explain(error);
    return members.length > 1 ? { ...why, cause: `Project ${member.label}: ${why.cause}` } : why;
}
/**
 * timeLimitProblem explains the time-out of a run, and that `timeout` is the input to raise.
 * @param cause what was under way: the failure of a call, or undefined if the run was waiting between two calls
 */
function timeLimitProblem(record, cause) {
    const call = failureOf(cause);
    const why = cause === undefined ? null : explain(cause);
    const jobs = openJobs(record);
    const wait = call === null ? waitReason(record, jobs.length) : `for ${call.host}`;
    const named = jobs.length > 0 && call === null ? `: ${(0,values/* someOf */.yU)(jobs, NAMED)}` : '';
    return (0,problem/* problem */.CC)({
        // Without job IDs, which the service chooses: titles are printed as they are.
        title: `waiting ${wait}`,
        cause: `The run reached its time limit (\`timeout\`) while waiting ${wait}${named}.${why === null ? '' : ` ${why.cause}`}`,
        cure: call?.hint || 'Raise `timeout`.',
        code: why?.code ?? null,
        requestId: why?.requestId ?? null,
    });
}
function openJobs({ members }) {
    const open = members.flatMap(({ facts }) => [...facts.values()].filter(({ job }) => job === null || job.state === 'running').map(({ jobId }) => jobId));
    return [...new Set(open)].filter((id) => id !== null);
}
function waitReason({ blocked }, jobs) {
    if (blocked)
        return 'for images to be shared or ready';
    if (jobs > 0)
        return `for ${jobs === 1 ? 'a job' : `${jobs} jobs`}`;
    return 'for the service to take changes, or for memberships to change';
}
/** Jobs that the message of a time-out names. */
const NAMED = 3;
/** explainJobFailure says what the code of a failed job means and what to do, as for a failed call. */
function explainJobFailure({ code, message, requestId }) {
    if (code === null)
        return (0,problem/* problem */.CC)({
            cause: message ?? 'The job failed and gave no reason.',
            cure: "Run again; if the error stays, give the cloud's support the job ID.",
            requestId,
        });
    const { cause, cure } = explainCode(code, null, 'IMS');
    const said = message === null ? '' : ` The job says: ${message}`;
    return { cause: `${cause}${said} (${code})`, cure, code, requestId };
}
/**
 * explainFailure words a failed call: what was called, what the service said, what its code means, and what to do. The title holds no
 * text of the service.
 */
function explainFailure(failure) {
    const { code, requestId } = failure;
    return { ...explain_describe(failure), code, requestId };
}
function explain_describe(failure) {
    const { call, host, detail, code, status, service } = failure;
    const answer = code === null ? `HTTP ${status}` : `HTTP ${status}, ${code}`;
    const unsent = (title, ...cures) => {
        return { title, cause: `${call}: ${title}: ${detail}.`, cure: lines(...cures) };
    };
    switch (failure.type) {
        case 'refused': {
            const { cause, cure } = explainCode(code, status, service);
            const said = detail === '' ? '' : ` The service says: ${detail}`;
            return {
                title: `${refusedCall(failure)} (${answer})`,
                cause: `${cause}${said} (${call} at ${host}: ${answer})`,
                cure: lines(cure, skewed(failure), failure.hint),
            };
        }
        case 'unreachable':
            return unsent(`${host} cannot be reached`, 'Check the network between runner and cloud, HTTPS_PROXY and NO_PROXY, and `region`, `ims-endpoint` or `auth-url`.');
        case 'untrusted':
            return unsent(`the certificate of ${host} is not trusted`, 'If a private authority signs it, name its certificate in the environment variable NODE_EXTRA_CA_CERTS of the runner; otherwise check the endpoint. Nothing was sent.', failure.hint);
        case 'barred':
            return unsent(`the proxy does not let the runner through to ${host}`, 'Put the user and password of the proxy into HTTPS_PROXY, have the host admitted there, or exempt it with NO_PROXY. Nothing was sent.');
        case 'redirected':
            return {
                title: `${host} answered with a redirect (${answer})`,
                cause: `${call}: ${host} answered with HTTP ${status}, a ${detail}, which is not followed because the credentials would go along.`,
                cure: 'Check `ims-endpoint`, `auth-url` and `region`, and proxies that ask for a login.',
            };
        case 'oversized':
            return {
                title: `the answer of ${host} is too long`,
                cause: `${call} at ${host}: the answer is too long to read: ${detail}.`,
                cure: service === 'IAM' || service === 'Keystone'
                    ? longTokenCure(service)
                    : "Check `ims-endpoint` and `region`, then proxies between runner and cloud. If they are right, send the request to the cloud's support.",
            };
        case 'lost':
            return {
                title: `no usable answer from ${host}`,
                cause: `${call} at ${host}: no usable answer came back: ${detail}${status === null ? '' : ` (HTTP ${status})`}.`,
                cure: lines(failure.hint, status === null || service === 'GitHub' ? NO_ANSWER : OTHER_ANSWER),
            };
    }
}
const NO_ANSWER = 'Run again later; if it stays, check proxies between runner and cloud, and raise `request-timeout` if the service is slow.';
const OTHER_ANSWER = 'Another program may have answered: check `region`, `auth-url` and `ims-endpoint`, then proxies between runner and cloud. If they are right, run again later.';
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

;// CONCATENATED MODULE: ./build/decide/readback.js

/** wasTried returns whether a change was sent for the image, with an effect or without. */
const wasTried = (function ({ sent, refusal }) {
    return sent !== 'no' || refusal !== null;
});
/**
 * isToProve returns whether a change is still to be read back.
 * @param identityRefused then only changes that were sent are read, which fails and gives the reason
 */
const isToProve = (function (facts, identityRefused) {
    return wasTried(facts) && facts.proof?.state !== 'read' && (!identityRefused || facts.sent !== 'no');
});
/** isProven returns whether the status was read back and is the requested one. */
const isProven = (function ({ proof }, status) {
    return proof?.state === 'read' && proof.status === status;
});
/** jobAgrees returns whether the job supports lists that show the change: it succeeded, and names no failure of the image. */
const jobAgrees = (function ({ job }) {
    return job?.state === 'success' || job?.state === 'silent';
});
/** jobDisputes returns whether the job contradicts them: it has failed for the image, or has not ended. */
const jobDisputes = (function ({ job }) {
    return job?.state === 'failure' || job?.state === 'running';
});
/** patienceWith gives the milliseconds that a member may lag; a refused change has been waited for already. */
function patienceWith({ refusal, job }) {
    if (refusal !== null)
        return 0;
    return job?.state === 'failure' ? DOUBT_PATIENCE : PROOF_PATIENCE;
}
/** lastPatienceWith is for a run whose time is up: only a member whose job has ended may lag behind it. */
function lastPatienceWith(facts) {
    return facts.job === null || facts.job.state === 'running' ? 0 : patienceWith(facts);
}

;// CONCATENATED MODULE: ./build/decide/batches.js
/**
 * Change: how the images of a project are put into requests, and how a refused request is divided.
 */
/** isToChange returns whether a change has to be sent for an image: nothing stops it, and it is not known to have the status. */
const isToChange = (function ({ obstacle, evidence }, status) {
    return obstacle === null && !(evidence?.known === true && evidence.status === status);
});
/**
 * planBatches makes requests of at most `size` images, in input order, for all images that are to be changed. When accepting, images
 * that need the vault, or may need it, are sent apart from those that do not: whether the service ignores a superfluous `vault_id` is
 * not documented.
 */
const planBatches = (function (facts, status, vault, size) {
    const needsVault = (({ evidence }) => status === 'accepted' && vault !== null && evidence?.kind.fullEcs !== false);
    const changing = facts.filter(((one) => isToChange(one, status)));
    const others = changing.filter(((one) => !needsVault(one)));
    return [...slices(others, null, size), ...slices(changing.filter(needsVault), vault, size)];
});
const slices = (function (facts, vault, size) {
    const images = facts.map((({ image }) => image));
    return Array.from({ length: Math.ceil(images.length / size) }, ((_, index) => ({
        images: images.slice(index * size, (index + 1) * size),
        vault,
        resends: 0,
    })));
});
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

;// CONCATENATED MODULE: ./build/run/run-context.js




/** forEachProject works on every project. A failure in one is noted and does not end the work on the others; the end of the run does. */
const forEachProject = (async function (context, opened, work, atOnce = PROJECTS_AT_ONCE) {
    await pool(opened, atOnce, (async (member) => {
        try {
            await work(context, member);
        }
        catch (error) {
            if (error instanceof RunStopped)
                throw error;
            noteFailure(context, member, error);
        }
    }));
});
/** Projects that are worked on at the same time. */
const PROJECTS_AT_ONCE = 4;
/** noteFailure records why the work on a project ended, for the run and for the images that were still to be changed. */
function noteFailure({ record, config }, member, error) {
    record.problem(explainFor(member, record, error));
    if (record.blocked)
        return;
    const refusal = explain(error);
    const open = member.with((facts) => facts.sent === 'no' && facts.refusal === null && isToChange(facts, config.status));
    for (const image of open)
        member.note(image, { refusal });
}
/** unprovenBasis names what alone counts if a change cannot be proven. */
function unprovenBasis({ api }) {
    return api === 'ims' ? 'the job status' : 'the answer to the change';
}
/** warn puts a warning into the log and into the summary. */
function warn({ log, record }, text) {
    log.warning(text);
    record.warnings.push(text);
}
/** remark puts a fact into the log and into the summary. */
function remark({ log, record }, text) {
    log.line(text);
    record.notes.push(text);
}

;// CONCATENATED MODULE: ./build/run/prove.js
/**
 * Prove: read the members back. Job status is never treated as proof.
 */






/**
 * prove reads the status of every image that a change was sent for, refused ones included. Members may lag behind the job, so those
 * that do not show the change are read again for some seconds.
 */
const prove = (async function (context, member) {
    const open = unproven(member);
    // Rights may depend on the membership that was just changed.
    member.reader.sources.reopen();
    if (await readPatiently(context, member, open, patienceWith))
        summarize(context, member, open.length);
});
const unproven = (function (member) {
    return member.with(((facts) => isToProve(facts, member.identityRefused !== null)));
});
/**
 * readPatiently reads members until they show the target or the patience with them is at its end, and notes what is proven. A reading
 * that may be behind the times is no proof, so it is noted only if it is the last one.
 * @param patience milliseconds that a member may lag
 * @returns false if the reading of an image failed
 */
const readPatiently = (async function (context, member, images, patience) {
    const { config, record } = context;
    const open = new Set(images);
    try {
        await readWhile(context, member, open, Number.POSITIVE_INFINITY, ((image, reading, elapsed) => {
            const mayChange = reading.known ? reading.status !== config.status : reading.again;
            return mayChange && elapsed < patience(member.known(image));
        }));
    }
    catch (error) {
        if (error instanceof RunStopped)
            throw error;
        const problem = explain(error);
        for (const image of open)
            member.note(image, { proof: { state: 'failed', problem } });
    }
    const problems = images.flatMap(((image) => failureOfProof(member.known(image)) ?? []));
    for (const problem of problems)
        record.problem(problem);
    return problems.length === 0;
});
const failureOfProof = (function ({ proof }) {
    return proof?.state === 'failed' ? proof.problem : null;
});
/**
 * Reads members again as long as they lag, but not beyond a time, and notes what the others prove.
 * @param open loses the images that do not lag
 */
const readWhile = (async function (context, member, open, limit, lags) {
    const { clock, signal } = context;
    const begun = clock.now();
    while (open.size > 0) {
        const readings = await readBack(context, member, [...open]);
        const elapsed = clock.now() - begun;
        for (const [image, reading] of readings) {
            if (lags(image, reading, elapsed))
                continue;
            member.note(image, { proof: proofOf(reading) });
            open.delete(image);
        }
        if (open.size === 0 || elapsed >= limit)
            return;
        await clock.sleep(proofDelay(elapsed), signal);
    }
});
const proofOf = (function ({ known, status, failure }) {
    if (known)
        return { state: 'read', status };
    return failure === null ? { state: 'forbidden' } : { state: 'failed', problem: explain(failure) };
});
const summarize = (function (context, member, count) {
    const { config, log } = context;
    const facts = [...member.facts.values()];
    const blind = facts.filter(((one) => wasTried(one) && one.proof?.state === 'forbidden')).length;
    if (blind > 0 && facts.every(({ evidence }) => evidence?.known !== false)) {
        const effect = config.requireProof
            ? 'It counts as unknown, because `require-proof` is true.'
            : `Only ${unprovenBasis(config)} was available.`;
        const what = `The status of ${(0,values/* plural */.LS)(blind, 'image')} in project ${member.label}`;
        warn(context, `${what} could not be read back, so it is not verified. ${effect}`);
    }
    const read = count - blind;
    if (read <= 0)
        return;
    const lacking = facts.filter(((one) => one.proof?.state === 'read' && !isProven(one, config.status))).length;
    const having = lacking === 0 ? 'all' : `${read - lacking} of ${read}`;
    log.line(`Read ${(0,values/* plural */.LS)(read, 'member')} back in ${member.label}: ${having} ${config.status}`);
});
/** readBack reads what became of images; lists count only for those whose job agrees with them. */
const readBack = (function ({ config }, member, images) {
    return member.reader.statuses(images, {
        target: config.status,
        before: [...new Set(images.map(((image) => member.known(image).evidence?.status ?? 'pending')))],
        agrees: ((image) => jobAgrees(member.known(image))),
        disputes: ((image) => jobDisputes(member.known(image))),
    });
});
/**
 * proveOnce reads the members a last time, so that the report is accurate about a run whose time was up. Members whose job has not
 * ended show how far it has come.
 */
async function proveOnce(context, member) {
    const { status } = context.config;
    if (member.identityRefused !== null)
        return;
    const doubtful = member.with((facts) => facts.proof?.state === 'read' && !isProven(facts, status));
    const open = [...new Set([...unproven(member), ...doubtful])];
    member.reader.sources.reopen();
    if (!(await readPatiently(context, member, open, lastPatienceWith)))
        return;
    // A job that ends during the reading shows in some members only: the others are read once more.
    const lacking = open.filter((image) => !isProven(member.known(image), status));
    if (lacking.length > 0 && lacking.length < open.length)
        await readPatiently(context, member, lacking, () => 0);
}
/**
 * stillMissing reads members for some time, notes what is proven, and gives the images that certainly do not have the status.
 * @param patience milliseconds that a change is given to show
 */
async function stillMissing(context, member, images, patience) {
    const open = new Set(images);
    const { status } = context.config;
    await readWhile(context, member, open, patience, (_, reading) => reading.known && reading.status !== status);
    return open;
}

;// CONCATENATED MODULE: ./build/run/follow.js
/**
 * Wait: follow all jobs of the run to their ends, on one schedule. If a job cannot be read, the memberships are.
 */








/** After this many polls in a row that brought no job, the memberships are read; if all have changed, the job has ended. */
const BLIND_POLLS = 3;
/** After this many calls in a row that failed, each after its retries, a job is given up. */
const FAILED_POLLS = 3;
/** How often a run that waits writes a line to the log, in milliseconds. */
const PROGRESS_EVERY = 30_000;
class JobFollower {
    #context;
    #tools;
    /** In the order of submission. */
    #jobs = [];
    /** The path at which a project's jobs were found last: older editions have one, newer ones the other. */
    #paths = new Map();
    #followed = 0;
    #polls = 0;
    #tellAt;
    /** False with `wait: false`, until a change has to wait for the end of a job. */
    isAsking;
    constructor(context, tools) {
        this.#context = context;
        this.#tools = tools;
        this.#tellAt = context.clock.now() + PROGRESS_EVERY;
        this.isAsking = context.config.wait;
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
     * askDue asks the jobs whose time has come, and gives the time when it wants to be called again.
     * @param waiting how many changes wait to be sent, for the line about the progress
     */
    askDue(waiting) {
        const now = this.#context.clock.now();
        // Without `wait`, jobs are followed only while changes wait for their ends.
        const isOpen = waiting > 0 || (this.isAsking && this.#jobs.length > 0);
        if (isOpen && now >= this.#tellAt)
            this.#tell(now, waiting);
        const tellAt = isOpen ? this.#tellAt : Number.POSITIVE_INFINITY;
        if (!this.isAsking)
            return tellAt;
        const { due, next } = dueJobs(this.#jobs, now);
        for (const job of due) {
            job.asking = true;
            this.#tools.start(job.member, (() => this.#ask(job)));
        }
        return Math.min(next, tellAt);
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
            for (const [image, result] of jobResults(images, reply, explainJobFailure))
                member.note(image, { job: result });
            const code = reply.code === null ? '' : `, ${reply.code}`;
            const seconds = ((clock.now() - job.begun) / 1000).toFixed(1);
            log.line(`Job ${id} ended: ${reply.state}${code} (${(0,values/* plural */.LS)(polls, 'poll')}, ${seconds} s)`);
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
        this.#jobs = this.#jobs.filter(((other) => other !== job));
        this.#tools.onEnd(job.host);
    }
    /** Null if the job is not found (yet), may not be read, or the call failed. */
    async #query(job) {
        const { service, project } = job.member.session;
        const path = this.#paths.get(job.member) ?? 'project';
        job.blind++;
        for (const at of [path, path === 'project' ? 'cloudimages' : 'project']) {
            try {
                const reply = await service.getJob((await project).id, job.id, at);
                this.#paths.set(job.member, at);
                job.blind = 0;
                job.failed = 0;
                return reply;
            }
            catch (error) {
                const failure = failureOf(error);
                if (failure === null || failure.status === 401)
                    throw error;
                if (availabilityOf(error) !== null)
                    continue;
                // IMG.0023: the job could not be looked up, which means nothing right after its submission.
                job.failed = failure.status === 400 ? 0 : job.failed + 1;
                return null;
            }
        }
        job.failed = 0;
        return null;
    }
    async #allChanged({ member, images }) {
        const readings = await readBack(this.#context, member, images);
        // A membership that only lags, or has not changed yet, is no reason to give the job up.
        for (const { failure, again } of readings.values())
            if (failure !== null && !again)
                throw failure;
        return images.every((image) => readings.get(image)?.status === this.#context.config.status);
    }
    /** One line, however many jobs there are. */
    #tell(now, waiting) {
        const { config, record, log } = this.#context;
        this.#tellAt = now + PROGRESS_EVERY;
        const [oldest] = this.isAsking ? this.#jobs : [];
        const jobs = this.#followed === 1 ? 'job' : `${this.#jobs.length} of ${this.#followed} jobs, the oldest of them`;
        const parts = [
            ...(oldest === undefined
                ? []
                : [`${jobs} ${oldest.id}, ${time(now - oldest.begun)}, ${(0,values/* plural */.LS)(this.#polls, 'poll')}`]),
            ...(waiting === 0 ? [] : [`${(0,values/* plural */.LS)(waiting, 'change')} to send`]),
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

;// CONCATENATED MODULE: ./build/decide/next-step.js

/** nextStep decides what to do with a batch after it was sent. */
const nextStep = (function (outcome, batch, state) {
    switch (outcome.type) {
        case 'taken':
            return { step: 'follow', jobId: outcome.jobId, requestId: outcome.requestId };
        case 'done':
            return { step: 'count' };
        case 'lost': {
            const { problem, retryAfter, lasts } = outcome;
            return { step: 'resend-after-reading', problem, retryAfter, lasts };
        }
        case 'busy':
            return state.isStuck ? { step: 'halt', scope: 'project', problem: outcome.problem } : { step: 'wait-for-turn' };
        case 'refused':
            return afterRefusal(outcome, batch, state);
    }
});
/** This many refusals because of a missing right show that it is missing for all images of the project. */
const ENOUGH = 4;
function afterRefusal({ problem, about, named }, batch, { withoutRight }) {
    if (about === 'identity')
        return { step: 'halt', scope: 'identity', problem };
    // A refusal without a code comes from a gateway or a wrong address, unless it names an image of the batch.
    const concernsImage = about === 'image' ||
        (about === 'right' && withoutRight < ENOUGH) ||
        (about === null && batch.images.some((image) => named.has(image)));
    if (!concernsImage)
        return { step: 'halt', scope: about === 'vault' && batch.vault !== null ? 'vault' : 'project', problem };
    return batch.images.length === 1
        ? { step: 'refuse', problem }
        : { step: 'divide', parts: divide(batch, named), problem };
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

;// CONCATENATED MODULE: ./build/run/submit-outcome.js
/**
 * Change: what a failed call means for the change that it was to make. Pure.
 */





/** outcomeOf classifies what the call has thrown; null if it is no failure of the call. */
function outcomeOf(error) {
    const problem = explain(error);
    if (error instanceof RenewalError)
        return { type: 'refused', problem, about: 'identity', named: new Set() };
    const failure = failureOf(error);
    if (failure === null)
        return null;
    const { type, detail, retryAfter } = failure;
    if (effectUnknown(failure))
        return { type: 'lost', problem, retryAfter, lasts: type === 'redirected' };
    if (isBusy(failure))
        return { type: 'busy', problem, retryAfter };
    return { type: 'refused', problem, about: blamed(failure), named: imageIdsIn(detail) };
}
/** Glance has no codes, but a change concerns one image there, and so does its refusal if Glance itself gives it. */
function blamed({ service, code, status, origin }) {
    if (status === 401)
        return 'identity';
    const subject = subjectOf(code);
    if (subject === 'image' || subject === 'vault')
        return subject;
    if (code !== null)
        return 'other';
    if (service !== 'Glance' || origin !== 'image-service')
        return null;
    return status === 403 ? 'right' : 'image';
}

;// CONCATENATED MODULE: ./build/run/project-change.js
/**
 * Change: one project while it is changed. A change is never repeated blindly: if its effect is in doubt, the memberships are read
 * first.
 */











/** A change without a job counts like one whose job has ended with success: it is to be proven as well. */
const DONE = { state: 'success', problem: null };
/** The log gets one line for this many images that were changed one by one. */
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
    /** How many changes were refused because a right is missing. */
    #withoutRight = 0;
    constructor(context, member, tools) {
        this.member = member;
        this.host = new URL(member.session.serviceUrl).host;
        this.#context = context;
        this.#tools = tools;
    }
    /** batches gives the requests that change all images without the requested status. */
    batches() {
        const { member } = this;
        const { status, vaults } = this.#context.config;
        const { batchSize } = member.session.service;
        return planBatches([...member.facts.values()], status, vaultFor(member, vaults), batchSize);
    }
    /** refuseIfHalted refuses the images of a batch that must not be sent any more, and returns whether it has done so. */
    refuseIfHalted(batch) {
        const halted = this.#halted ?? (batch.vault === null ? null : this.#vaultRefused);
        if (halted !== null)
            this.#refuse(batch, halted);
        return halted !== null;
    }
    /** send sends a batch once. What is known of its images is noted as it happens, because the run may end at any moment. */
    async send({ images, vault }) {
        const { member } = this;
        const { service, project } = member.session;
        const { status } = this.#context.config;
        const before = new Map(images.map(((image) => [image, member.known(image).sent])));
        const onDoubt = ((inDoubt) => {
            for (const [image, sent] of before)
                member.note(image, { sent: inDoubt ? 'lost' : sent });
        });
        try {
            const answer = await service.updateMembers({ images, vault, project: (await project).id, status }, onDoubt);
            const { jobId, requestId } = answer;
            const job = jobId === null ? DONE : null;
            for (const image of images)
                member.note(image, { sent: 'answered', ...answer, job });
            return jobId === null ? { type: 'done' } : { type: 'taken', jobId, requestId };
        }
        catch (error) {
            const outcome = outcomeOf(error);
            if (outcome === null)
                throw error;
            return outcome;
        }
    }
    /**
     * goOn does what follows from the outcome of sending a batch.
     * @param isStuck see `SubmitState`
     */
    goOn(batch, outcome, isStuck) {
        if (outcome.type === 'refused' && outcome.about === 'right')
            this.#withoutRight++;
        const withoutRight = this.#done === 0 ? this.#withoutRight : 0;
        this.#carryOut(batch, nextStep(outcome, batch, { isStuck, withoutRight }));
    }
    /** tellRest logs how many changes were made one by one, unless the last line has the number already. */
    tellRest() {
        if (this.#done % TOLD_AT_ONCE > 0)
            this.#tell(this.#done, '');
    }
    #tell(count, job) {
        const { config, log } = this.#context;
        log.line(`Asked for ${(0,values/* plural */.LS)(count, 'image')} to be ${config.status} in ${this.member.label}${job}`);
    }
    #carryOut(batch, step) {
        const { record, log } = this.#context;
        const { images, vault } = batch;
        switch (step.step) {
            case 'follow':
                record.jobIds.push(step.jobId);
                record.request(step.requestId);
                this.#tell(images.length, `: job ${step.jobId}`);
                this.#tools.follow({ id: step.jobId, member: this.member, images, host: this.host, withVault: vault !== null });
                break;
            case 'count':
                // A line for each of a thousand images would bury the log.
                this.#done += images.length;
                if (this.#done % TOLD_AT_ONCE === 0)
                    this.#tell(this.#done, '');
                break;
            case 'wait-for-turn':
                this.#tools.enqueue(this, [batch], 0);
                break;
            case 'divide': {
                const [first, second] = step.parts.map((part) => part.images.length);
                const code = step.problem.code ?? 'named in the answer';
                log.line(`Refused because of an image (${code}): dividing ${images.length} into ${first} and ${second}`);
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
                if (step.scope === 'identity')
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
                const missing = await stillMissing(this.#context, this.member, images, DOUBT_PATIENCE);
                for (const { batch, ...answer } of lost) {
                    const rest = batch.images.filter((image) => missing.has(image));
                    this.#resend({ ...batch, images: rest }, answer);
                }
            }
        }
        finally {
            this.#reading = false;
        }
    }
    #resend(batch, { problem, retryAfter, lasts }) {
        const { config, clock, log } = this.#context;
        switch (afterReading(batch, lasts, config.retries)) {
            case 'done':
                break;
            case 'give-up':
                this.#refuse(batch, problem);
                break;
            case 'resend': {
                log.line(`Sending again for ${(0,values/* plural */.LS)(batch.images.length, 'image')} whose status has not changed`);
                const delay = (0,backoff/* retryDelay */.a2)(batch.resends, retryAfter, clock.random());
                this.#tools.enqueue(this, [{ ...batch, resends: batch.resends + 1 }], clock.now() + delay);
            }
        }
    }
    #refuse({ images }, refusal) {
        for (const image of images)
            this.member.note(image, { refusal });
    }
}

;// CONCATENATED MODULE: ./build/run/change.js
/**
 * Change: one queue of requests for all projects of the run, and the jobs that they lead to.
 */








/** change accepts or rejects all that is to be changed, and follows the jobs to their ends (unless `wait` is false). */
const change = (function (context, opened) {
    return new ChangeQueue(context, opened).run();
});
class ChangeQueue {
    #context;
    #projects;
    #queue;
    /** By host: all projects share its limits. */
    #loads = new Map();
    #follower;
    #alarm;
    #underWay = new Set();
    #stopped = null;
    /** Why changes wait for their turn, if they do. */
    #busy = null;
    constructor(context, opened) {
        this.#context = context;
        this.#alarm = new clock/* Alarm */.Q(context.clock, context.signal);
        const start = ((member, work) => this.#start(member, work));
        this.#follower = new JobFollower(context, { start, onEnd: ((host) => this.#update(host, withoutJob)) });
        const tools = {
            enqueue: (project, batches, notBefore) => {
                this.#queue = [...batches.map((batch) => ({ project, batch, notBefore })), ...this.#queue];
            },
            start,
            follow: ((job) => this.#follower.follow(job)),
        };
        this.#projects = new Map(opened.map(((member) => [member, new ProjectChange(context, member, tools)])));
        this.#queue = [...this.#projects.values()].flatMap(((project) => project.batches().map(((batch) => ({ project, batch, notBefore: 0 })))));
    }
    /** Sends and asks whatever is due, then waits until something has happened or is due. */
    async run() {
        try {
            for (;;) {
                const next = Math.min(this.#submitDue(), this.#follower.askDue(this.#queue.length));
                if (this.#stopped !== null)
                    throw this.#stopped;
                if (this.#isDone())
                    return;
                await this.#alarm.wait(next);
            }
        }
        catch (error) {
            // The report of a time-out says what the run was waiting for.
            if (error instanceof RunStopped && this.#busy !== null && this.#queue.length > 0)
                error.cause ??= new problem/* ProblemError */.Mm(this.#busy);
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
            .finally((() => {
            this.#underWay.delete(task);
            this.#alarm.ring();
        }));
        this.#underWay.add(task);
    }
    #loadOf(host) {
        return this.#loads.get(host) ?? IDLE;
    }
    #update(host, change) {
        this.#loads.set(host, change(this.#loadOf(host)));
    }
    /** Sends what may be sent, and gives the time when more may be sent. */
    #submitDue() {
        const now = this.#context.clock.now();
        let next = Number.POSITIVE_INFINITY;
        const waiting = [];
        for (const queued of this.#queue) {
            const { project, batch, notBefore } = queued;
            if (project.refuseIfHalted(batch))
                continue;
            const time = Math.max(sendableAt(this.#loadOf(project.host)), notBefore);
            if (time <= now)
                this.#start(project.member, (() => this.#submit(project, batch)));
            else {
                waiting.push(queued);
                next = Math.min(next, time);
            }
        }
        this.#queue = waiting;
        return next;
    }
    async #submit(project, batch) {
        const { config, clock } = this.#context;
        const { host } = project;
        const sent = clock.now();
        this.#update(host, withRequest);
        let outcome = null;
        try {
            outcome = await project.send(batch);
        }
        finally {
            const answer = outcome?.type ?? 'lost';
            this.#update(host, ((known) => withAnswer(known, answer)));
        }
        if (outcome.type === 'busy')
            this.#learn(host, outcome, sent);
        else if (outcome.type === 'taken' || outcome.type === 'done')
            this.#busy = null;
        project.goOn(batch, outcome, isStuck(this.#loadOf(host), config.retries));
    }
    #learn(host, { problem, retryAfter }, sent) {
        const { clock, log } = this.#context;
        const { busy } = this.#loadOf(host);
        const delay = (0,backoff/* retryDelay */.a2)(busy, retryAfter, clock.random());
        const times = { sent, now: clock.now() };
        this.#update(host, (known) => whenBusy(known, times, delay, retryAfter !== null));
        this.#busy = problem;
        // The end of a job is what makes room.
        this.#follower.isAsking = true;
        const known = this.#loadOf(host);
        if (known.busy === busy)
            return;
        const why = problem.code ?? 'HTTP 429';
        const jobs = known.jobs === 0 ? '' : ` with ${(0,values/* plural */.LS)(known.jobs, 'job')} of this run`;
        log.line(`The service is busy (${why})${jobs}: changes wait for their turn`);
    }
}

;// CONCATENATED MODULE: ./build/decide/judge.js


/**
 * judge decides about one image from what was seen of it, without regard to other images. If the service reveals nothing about the
 * image, it is changed all the same unless owners are restricted.
 */
const judge = (function (evidence, rules) {
    const accepting = rules.status === 'accepted';
    const isStranger = accepting && !isTrusted(evidence.owner, rules.trustedOwners);
    const usability = accepting ? (0,values/* usabilityOf */.GO)(evidence.imageStatus) : 'usable';
    // Its own images and public ones are never shared with a project, so the run does not wait for that.
    if (evidence.owner === rules.project)
        return stop(ownImage());
    if ((0,values/* isPublic */.Ul)(evidence.visibility))
        return stop(publicImage(evidence));
    if (evidence.known && evidence.status === rules.status) {
        if (usability !== 'usable')
            return stop(notUsable(evidence, usability), usability === 'on-its-way');
        if (isStranger && rules.mode === 'check')
            return stop(notTrusted(evidence, 'It is accepted nevertheless: reject it unless you trust this owner.'));
        return { obstacle: null, mayPass: false, isSuspect: isStranger };
    }
    if (evidence.known && evidence.status === null)
        return stop(notShared(evidence, rules.project), true);
    if (rules.mode === 'check')
        return stop(hasNotStatus(evidence, rules.status));
    if (isStranger)
        return stop(notTrusted(evidence, 'Add the owner to `trusted-owners` if you trust it, or leave the image out.'));
    if (accepting && evidence.kind.fullEcs === true && rules.vault === null)
        return stop(needsVault());
    if (usability !== 'usable')
        return stop(notUsable(evidence, usability), usability === 'on-its-way');
    return { obstacle: null, mayPass: false, isSuspect: false };
});
/** isTrusted returns whether images of this owner may be accepted; an unknown owner is trusted only if all are. */
const isTrusted = (function (owner, trustedOwners) {
    if (trustedOwners.length === 0)
        return true;
    return owner !== null && trustedOwners.some((trusted) => trusted.toLowerCase() === owner.toLowerCase());
});
function stop(obstacle, mayPass = false) {
    return { obstacle, mayPass, isSuspect: false };
}
function notTrusted({ owner }, cure) {
    return (0,problem/* problem */.CC)({
        cause: `Its owner${owner === null ? ', whom the service does not name,' : ` ${owner}`} is not in \`trusted-owners\`.`,
        cure,
        title: 'from an owner that is not trusted',
    });
}
function ownImage() {
    return (0,problem/* problem */.CC)({
        cause: 'The image belongs to this project itself.',
        cure: 'There is nothing to accept: leave it out, or give the project that it is shared with.',
        title: 'of the project itself',
    });
}
function publicImage({ visibility }) {
    return (0,problem/* problem */.CC)({
        cause: `The image is ${visibility}: every project can use it, so there is nothing to accept or reject.`,
        cure: 'Remove it from the list.',
        title: 'public',
    });
}
function notUsable({ imageStatus, status }, usability) {
    const membership = status === 'accepted' ? 'The image is accepted, but it' : 'The image';
    return usability === 'on-its-way'
        ? (0,problem/* problem */.CC)({
            cause: `${membership} is not ready: its own status is ${imageStatus}.`,
            cure: 'Run again once the owner has finished it. In mode `apply`, a longer `share-timeout` waits for it.',
            title: 'not ready',
        })
        : (0,problem/* problem */.CC)({
            cause: `${membership} cannot be used: its own status is ${imageStatus}.`,
            cure: 'Only images whose status is active can be used. Ask the owner for another image, or leave this one out.',
            title: 'not usable',
        });
}
function notShared({ proven, owner }, project) {
    return (0,problem/* problem */.CC)({
        cause: proven || owner === null
            ? 'The image is not shared with this project, or does not exist in this region.'
            : 'No membership of this project was found, but the reads are not conclusive.',
        cure: `Check the ID and \`region\`, and ask the owner to share it with project ${project}; the owner's share may have failed.`,
        title: 'not shared',
    });
}
/** isMissing returns whether an image is waited for because it is not shared yet. */
function isMissing({ mayPass, evidence }) {
    return mayPass && evidence?.status === null;
}
/**
 * notArrived is the obstacle of an image that was waited for in vain.
 * @param effort how often it was asked for, and how long
 * @param limit the input that ended the wait
 */
function notArrived(facts, project, effort, limit) {
    const [ended, raise] = limit === 'timeout'
        ? [', until `timeout` ended the run', 'raise `timeout`, which ends the wait for shares too']
        : ['', 'raise `share-timeout`'];
    return isMissing(facts)
        ? (0,problem/* problem */.CC)({
            cause: `The image is not shared with this project: ${effort}${ended}.`,
            cure: `If shares take longer, ${raise}. The owner's share may have failed: check it there, and share the image with project ${project}. Also check the ID and \`region\`.`,
            title: 'not shared',
        })
        : (0,problem/* problem */.CC)({
            cause: `The image is not ready: its own status is still ${facts.evidence?.imageStatus}, ${effort}${ended}.`,
            cure: `Check whether its owner is still uploading it. If images take longer, ${raise}.`,
            title: 'not ready',
        });
}
function hasNotStatus(evidence, status) {
    return (0,problem/* problem */.CC)({
        cause: evidence.known ? `The image is ${evidence.status}, not ${status}.` : 'The member status cannot be read.',
        cure: `Run this action with \`mode: apply\` to have it ${status}.`,
        title: evidence.known ? `${evidence.status}, not ${status}` : 'not readable',
    });
}
function needsVault() {
    return (0,problem/* problem */.CC)({
        cause: 'This is a full-ECS image, which can be accepted only into a CBR vault.',
        cure: 'Give `vault`: the ID of a vault of this project and region, object type server, protection type backup, with room for the image.',
        title: 'full-ECS without a vault',
    });
}

;// CONCATENATED MODULE: ./build/decide/left-out.js


/** More lines than this are no help; the summary and the receipt have all images. */
const LINES = 50;
const left_out_NAMED = 5;
const REASONS = {
    'owner-not-trusted': {
        label: 'owner not trusted',
        cure: 'Owner not trusted: add the project ID of the owner to `trusted-owners`, if you trust it.',
        why: ({ owner }) => `owner ${owner ?? left_out_UNKNOWN} is not trusted`,
    },
    'rejected-before': {
        label: 'rejected before',
        cure: 'Rejected before: name the image in `images` to accept it anyway.',
        why: () => 'rejected before',
    },
    'not-usable': {
        label: 'not usable',
        cure: 'Not usable: ask the owner about the image; a later run takes an image that is still being created.',
        why: ({ imageStatus }) => `not usable, its status is ${imageStatus}`,
    },
    'owner-trusted': {
        label: 'owner trusted',
        cure: 'Owner trusted: `match-name` does not reject images of `trusted-owners`; name the image in `images` to reject it.',
        why: ({ owner }) => `owner ${owner} is trusted`,
    },
};
const left_out_UNKNOWN = '(unknown)';
/** leftOutLines lists what is left out, a line for each image of a bounded number, and the counts of all. */
function leftOutLines(leftOut, place, quote) {
    if (leftOut.length === 0)
        return [];
    const lines = leftOut
        .slice(0, LINES)
        .map((left) => `Left out ${left.image} ${quote(left.name ?? '')}: ${REASONS[left.reason].why(left)}`);
    const more = leftOut.length - lines.length;
    return [
        ...lines,
        ...(more > 0 ? [`\u2026 and ${more} more left out; the summary and the receipt list them`] : []),
        `${(0,values/* plural */.LS)(leftOut.length, 'matching image')} left out in ${place}: ${counts(leftOut)}`,
    ];
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
    const states = unusable.map(({ image, imageStatus }) => `${image} (${imageStatus})`);
    return [
        ...(strangers.length === 0 ? [] : [strangersWarning(strangers, place)]),
        ...(unusable.length === 0
            ? []
            : [
                `${subject(unusable, place)} accepted already, but not usable: ${(0,values/* someOf */.yU)(states, left_out_NAMED)}. Ask the owner, or reject what is no longer needed.`,
            ]),
    ];
}
/** strangersWarning names images that are accepted already from owners that are not trusted, and these owners. */
function strangersWarning(images, place) {
    const owners = ownersOf(images);
    const [who, verb] = owners.length === 1 ? ['owner', 'is'] : [`owners (${owners.length})`, 'are'];
    // If there are several owners, the reader has to know whose each image is.
    const ids = images.map(({ image, owner }) => (owners.length === 1 ? image : `${image} (owner ${owner ?? left_out_UNKNOWN})`));
    return `${subject(images, place)} accepted already, but ${images.length === 1 ? 'its' : 'their'} ${who} ${(0,values/* someOf */.yU)(owners, left_out_NAMED)} ${verb} not in \`trusted-owners\`: ${(0,values/* someOf */.yU)(ids, left_out_NAMED)}. Reject what you do not trust, or add the owner to \`trusted-owners\`.`;
}
function ownersOf(images) {
    return [...new Set(images.map(({ owner }) => owner ?? left_out_UNKNOWN))];
}
/** nothingChosen explains a sweep without a result: whether nothing matched, or everything that matched was left out. */
function nothingChosen(selection, sweep) {
    const { leftOut } = selection;
    if (leftOut.length === 0)
        return nothingMatched(selection, sweep);
    return (0,problem/* problem */.CC)({
        title: `${leftOut.length} matched, none may be ${sweep.status}`,
        cause: `\`match-name\` ${sweep.glob} in ${sweep.place}: ${leftOut.length} matched, none may be ${sweep.status}: ${counts(leftOut)} (${leftOut.length} left out).`,
        cure: [...cures(leftOut), 'With `if-none: pass` this is a success. Nothing was changed.'].join('\n'),
    });
}
function nothingMatched({ shared, outsiders, inOtherCase }, { glob, place }) {
    const there = shared === 0 ? 'no image of another project is shared with it' : `${(0,values/* plural */.LS)(shared, 'shared image')} there`;
    const strangers = outsiders === 0 ? '' : `, ${outsiders} of them pending offers of owners that are not trusted`;
    const otherCase = inOtherCase === 0 ? '' : ` ${(0,values/* plural */.LS)(inOtherCase, 'name')} would match in another case.`;
    return (0,problem/* problem */.CC)({
        title: 'no image matched',
        cause: `No image that is shared with ${place} matches \`match-name\` ${glob} (${there}${strangers}).`,
        cure: `Check the pattern, which is case-sensitive, and whether the share has arrived.${otherCase} With \`if-none: pass\` this is a success. Nothing was changed.`,
    });
}
/** tooFewChosen explains a sweep with fewer results than `min-images`. */
function tooFewChosen(chosen, least, leftOut, sweep) {
    const rest = leftOut.length === 0 ? '' : ` ${leftOut.length} more matched and were left out: ${counts(leftOut)}.`;
    return (0,problem/* problem */.CC)({
        title: 'fewer images than min-images',
        cause: `\`match-name\` ${sweep.glob} in ${sweep.place}: ${(0,values/* plural */.LS)(chosen, 'result')}, fewer than \`min-images\`, which is ${least}.${rest}`,
        cure: [
            'A build may have lost an image, or a share may not have arrived: check both, or lower `min-images`. Nothing was changed.',
            ...cures(leftOut),
        ].join('\n'),
    });
}
function counts(leftOut) {
    return byReason(leftOut)
        .map(([reason, images]) => `${images.length} ${REASONS[reason].label}`)
        .join(', ');
}
/** The cure of each reason; owners are named, because their IDs are what has to be added. */
function cures(leftOut) {
    return byReason(leftOut).map(([reason, images]) => reason === 'owner-not-trusted'
        ? `${REASONS[reason].cure} Owners: ${(0,values/* someOf */.yU)(ownersOf(images), left_out_NAMED)}.`
        : REASONS[reason].cure);
}
function byReason(leftOut) {
    return [...Map.groupBy(leftOut, ({ reason }) => reason)];
}
function subject(images, place) {
    return `${(0,values/* plural */.LS)(images.length, 'image')} in ${place} ${images.length === 1 ? 'is' : 'are'}`;
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
    const shared = candidates.filter(({ owner, visibility }) => owner !== rules.project && !(0,values/* isPublic */.Ul)(visibility));
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
            leftOut.push({ image, name, owner, project: rules.project, reason, imageStatus, isAccepted });
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
    return (0,values/* usabilityOf */.GO)(imageStatus) === 'usable' ? null : 'not-usable';
}
/** globMatcher understands `*` (any characters, none too) and `?` (one character); everything else matches itself, including case. */
function globMatcher(glob) {
    // Matched by hand and not by a regular expression: names are hostile, and many stars make expressions take exponential time.
    const pattern = Array.from(glob);
    const [prefix = ''] = glob.split(/[*?]/, 1);
    return (name) => name.startsWith(prefix) && matchesPattern(pattern, Array.from(name));
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
    if (note !== null)
        remark(context, note);
    if (chosen.length === 0 && ifNone === 'fail')
        throw new problem/* ProblemError */.Mm(nothingChosen(selection, sweep));
    if (chosen.length < minImages)
        throw new problem/* ProblemError */.Mm(tooFewChosen(chosen.length, minImages, leftOut, sweep));
    return new Map(chosen.map(({ image, ...evidence }) => [image, evidence]));
}
/** The images that are shared, by name and ID, so that the report is the same whatever order the service lists them in. */
async function readOffers(context, member, glob) {
    const matches = globMatcher(glob);
    const { config } = context;
    const listed = await member.reader.all(config, (record) => matches(record.name ?? ''));
    if (listed === null) {
        const { id, name } = await member.session.project;
        throw notListed(name ?? id, member.reader.sources.listsRefusal, config.api);
    }
    return [...listed]
        .filter(([, { status }]) => status !== null)
        .map(([image, evidence]) => ({ image, ...evidence }))
        .sort((a, b) => compare(a.name ?? '', b.name ?? '') || compare(a.image, b.image));
}
function compare(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
}
const ENTERPRISE = ' Rights in single enterprise projects are not enough: the list was also refused with `enterprise_project_id=all_granted_eps`.';
function notListed(project, refusal, api) {
    const why = refusal === null ? null : explainFailure(refusal);
    if (why !== null && refusal?.status !== 403) {
        const cause = `The images of project ${project} cannot be listed, but \`match-name\` needs that: ${why.cause}`;
        return new problem/* ProblemError */.Mm({ ...why, title: 'the images cannot be listed', cause });
    }
    return new problem/* ProblemError */.Mm({
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
const look = (async function (context, member) {
    const { config, log } = context;
    const { session, reader } = member;
    const { selection } = config;
    const findings = selection.by === 'ids' ? reader.look(questionOf(config, selection.ids)) : select_select(context, member, selection);
    // Both run at once. A wrong scope is thrown first, because it explains whatever the reads have brought.
    findings.catch(() => { });
    member.project = await session.project;
    log.line(`Project ${member.label} (${member.project.id}) at ${new URL(session.serviceUrl).host}`);
    for (const [image, evidence] of await findings)
        member.note(image, { evidence });
    log.line(`Looked at ${(0,values/* plural */.LS)(member.facts.size, 'image')} in ${member.label}: ${census(member)}`);
});
/** judgeImages decides about images that were seen, and notes what must stop the run. */
const judgeImages = (function (context, member, images) {
    const { config } = context;
    const rules = { ...config, project: member.id ?? '', vault: vaultFor(member, config.vaults) };
    const suspects = [];
    for (const image of images) {
        const { evidence } = member.known(image);
        if (evidence === null)
            continue;
        const { obstacle, mayPass, isSuspect } = judge(evidence, rules);
        member.note(image, { obstacle, mayPass });
        if (isSuspect)
            suspects.push({ image, owner: evidence.owner });
    }
    if (suspects.length > 0)
        warn(context, strangersWarning(suspects, `project ${member.label}`));
});
/**
 * confirmObstacles asks for the members of images that stop the run although no member call, and no two lists, have shown their status.
 * @param which the images that are not shared, which may be waited for before, or all others
 */
const confirmObstacles = (async function (context, member, which) {
    const stopped = [...member.facts.values()].flatMap((({ image, obstacle, evidence }) => {
        if (obstacle === null || evidence === null || !evidence.known || evidence.proven)
            return [];
        return (evidence.status === null) === (which === 'not-shared') ? [[image, evidence]] : [];
    }));
    if (stopped.length === 0)
        return;
    for (const [image, evidence] of await member.reader.confirm(new Map(stopped))) {
        member.note(image, { evidence });
        judgeImages(context, member, [image]);
    }
});
/** requireReadable stops the run if it needs reads that are closed, and warns once if it can go on without them. */
const requireReadable = (function (context) {
    const { config, record } = context;
    const blind = record.members.filter(((member) => member.with((({ evidence }) => evidence?.known === false)).length > 0));
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
    const [why, otherwise] = needs === null
        ? [
            'so the result could not be proven',
            `Or set \`require-proof: false\`: ${unprovenBasis(config)} alone then decides, so the step can be green although an image does not have the status. `,
        ]
        : [`but ${needs} needs that`, ''];
    throw new problem/* ProblemError */.Mm({
        cause: `The identity may not read memberships in ${where} (HTTP 403, or a call that is not offered), ${why}.`,
        title: 'no right to read memberships',
        cure: `${rightsCure(config.api, 'change')}${config.api === 'ims' ? READ_POLICY : ' '}${otherwise}Nothing was changed.`,
    });
});
const census = (function (member) {
    const groups = Map.groupBy(member.facts.values(), (({ evidence }) => evidence?.known === true ? (evidence.status ?? 'not shared') : 'not readable'));
    return [...groups].map((([word, all]) => `${all.length} ${word}`)).join(', ') || 'none';
});
/** The custom policy that accepting and proving takes. */
const READ_POLICY = [
    ' For example with this custom policy:',
    '{ "Version": "1.1",',
    '  "Statement": [{ "Effect": "Allow",',
    '    "Action": ["ims:images:get", "ims:images:list", "ims:images:share"] }] }',
    '',
].join('\n');

;// CONCATENATED MODULE: ./build/members/pager.js
/**
 * Reading lists of shared images, on services that cap pages, repeat entries and may give no link to the next page.
 */


/**
 * readLists reads new lists side by side, a page of each at a time, for as long as that is of use.
 * @param open tells what is left to find out; asked after each round of pages
 */
const readLists = (async function (lists, open) {
    let wanted = lists;
    for (let rounds = 1; wanted.length > 0; rounds++) {
        await Promise.all(wanted.map(((list) => list.next())));
        const left = await open();
        if (!isWorthReadingOn(left, rounds))
            return;
        wanted = left.lists.filter(((list) => list.goesOn));
    }
});
/**
 * isWorthReadingOn returns whether further pages are the shorter way to the images that are still open: always for many of them. For some
 * dozens, only while lists seem to be near their ends and calls for the images themselves would take more rounds.
 * @param rounds how many pages of each list were read
 */
const isWorthReadingOn = (function ({ count, lists }, rounds) {
    if (count > SOME_DOZENS)
        return true;
    return !lists.some((list) => list.full) && rounds <= Math.ceil(count / AT_ONCE);
});
/** Calls for single images or members that are made side by side. */
const AT_ONCE = 8;
const RESTARTS = 2;
/** SharedList reads one list page by page, or looks up a single image in it with the filter `id`. */
class SharedList {
    filter;
    records = new Map();
    #page;
    #walked = new Set();
    #marker = null;
    #restarts = 0;
    /** False once a further page cannot show anything new. */
    goesOn = true;
    /** True if the list was read to its end. */
    ended = false;
    /** The last page held as many images as were asked for, so that more are to be expected. */
    full = false;
    constructor(page, filter) {
        this.#page = page;
        this.filter = filter;
    }
    /** next reads the next page. A page that shows nothing new is the end of the list. */
    async next() {
        const { images, next } = await this.#read();
        const { id: only, limit = PAGE_SIZE } = this.filter;
        const fresh = images.filter((({ id }) => !this.#walked.has(id) && (only === undefined || id === only)));
        for (const record of fresh) {
            this.#walked.add(record.id);
            this.records.set(record.id, record);
        }
        this.#marker = next;
        this.full = images.length >= limit;
        // A service that ignores the filter by ID gives a page of a list that may go on.
        this.ended = only === undefined ? next === null || fresh.length === 0 : images.every(({ id }) => id === only);
        this.goesOn = only === undefined && !this.ended;
    }
    async #read() {
        if (this.#marker === null)
            return this.#page(this.filter);
        try {
            return await this.#page({ ...this.filter, marker: this.#marker });
        }
        catch (error) {
            // A marker whose image has left the list meanwhile is refused (403 or 400, seen on OpenStack Glance): start over.
            const status = failureOf(error)?.status;
            if ((status !== 400 && status !== 403) || this.#restarts++ >= RESTARTS)
                throw error;
            this.#walked.clear();
            return this.#page(this.filter);
        }
    }
}
/** Up to this many images are asked for one by one if a list that may show them is long. */
const SOME_DOZENS = 48;
/** For some dozens of images, a page of this size shows whether a list is long; a full page of a thousand images takes a megabyte. */
const SHORT_PAGE = 100;

;// CONCATENATED MODULE: ./build/members/inquiry.js




class Inquiry {
    lists = [];
    /** Those of them that are filtered by nothing but the member status and an ID. */
    plain = [];
    sources;
    #members = new Map();
    #images = new Map();
    /** The statuses whose lists ignore the filter by `__whole_image`. */
    #ignored = new Set();
    #scope;
    /** The lists of each status that show kinds, found once for all images. */
    #kinds = new Map();
    /** How many records of lists were compared with each other. */
    #compared = 0;
    /** Empty until the scope of the credentials is certain. */
    project = '';
    constructor(sources, scope) {
        this.sources = sources;
        this.#scope = scope;
    }
    /**
     * begin waits until it is certain whose images these are; nothing that was read is weighed before.
     * @param reading the first reads; if the credentials are for another project, neither their answers nor their errors count
     */
    async begin(reading = Promise.resolve()) {
        reading.catch(() => { });
        this.project = (await this.#scope).id;
        await reading;
        return this;
    }
    /**
     * add begins lists, one for each status, or one for each status and image.
     * @param about the images to look up one by one, or how many images whole lists are read about
     */
    add(statuses, about, wholeImage) {
        const whole = ((count) => [count <= SOME_DOZENS ? { limit: SHORT_PAGE } : {}]);
        const filters = typeof about === 'number' ? whole(about) : about.map((id) => ({ id }));
        const lists = statuses.flatMap(((memberStatus) => filters.map(((filter) => this.sources.list({ memberStatus, wholeImage, ...filter })))));
        this.lists.push(...lists);
        this.#kinds.clear();
        if (wholeImage === undefined)
            this.plain.push(...lists);
        return lists;
    }
    answers(image) {
        return {
            lists: this.plain,
            believed: this.sources.listsBelieved,
            member: this.#members.get(image) ?? 'not-asked',
            image: this.#images.get(image) ?? 'not-asked',
        };
    }
    /** seen gives what is known of an image without the lists that are filtered by kind. */
    seen(image) {
        return evidenceOf(image, this.project, this.answers(image));
    }
    /** evidence gives all that is known of an image. */
    evidence(image) {
        const seen = this.seen(image);
        const { status, kind } = seen;
        const fullEcs = kind.fullEcs ?? fullEcsOf(image, this.#kindLists(status), this.#ignored.has(status));
        return { ...seen, kind: { ...kind, fullEcs } };
    }
    #kindLists(status) {
        const known = this.#kinds.get(status) ?? kindListsOf(status, this.lists);
        this.#kinds.set(status, known);
        return known;
    }
    /**
     * noteContradictions compares the lists with each other, not only about the images of the question: a list whose filter has no effect
     * shows other images under a wrong status as well. Lists that contradict each other are not believed any more. Own images do not count:
     * they appear in every list of shared images.
     */
    noteContradictions() {
        const count = this.plain.reduce(((sum, { records }) => sum + records.size), 0);
        // Lists only grow.
        if (count === this.#compared)
            return;
        this.#compared = count;
        const shown = new Map();
        for (const { filter, records } of this.plain)
            records.forEach((({ owner }, image) => {
                const isElsewhere = (shown.get(image) ?? filter.memberStatus) !== filter.memberStatus;
                if (isElsewhere && owner !== this.project)
                    this.sources.listsBelieved = false;
                shown.set(image, filter.memberStatus);
            }));
    }
    /** readToEnd reads lists to their ends, or until that is of no use any more. */
    readToEnd(lists, isEnough = () => false) {
        return this.sources.read(lists, () => ({ count: isEnough() ? 0 : Number.POSITIVE_INFINITY, lists }));
    }
    /** ask asks for each member, and at the same time for the image if no list shows it. */
    async ask(images) {
        // At a wrong address everything is a 404, which one image shows as well as a thousand.
        if (!this.sources.isAnswered && images.length > AT_ONCE) {
            await this.ask(images.slice(0, 1));
            this.sources.requireOffered();
        }
        const unasked = images.filter((image) => !this.#members.has(image));
        await Promise.all([this.askMembers(unasked), this.askImages(unlistedIn(this.plain, images))]);
    }
    /** askMembers asks for each member, side by side. The project is no member of its own images. */
    askMembers(images) {
        return this.#collect(this.#members, images, (async (image) => this.seen(image).owner === this.project ? 'none' : this.sources.member(image, this.project)));
    }
    /** askImages asks for the images themselves, unless that has been done. */
    askImages(images) {
        const unasked = images.filter((image) => !this.#images.has(image));
        return this.#collect(this.#images, unasked, (image) => this.sources.image(image));
    }
    async #collect(answers, images, call) {
        const replies = await pool(images, AT_ONCE, call);
        for (const [index, image] of images.entries())
            answers.set(image, this.sources.settle(replies[index]));
    }
    /**
     * resolve asks further about images whose members cannot be asked, or are not found although the project sees the image, as with a share
     * with its account or organisation: then it asks for the image itself and reads all three lists.
     * @param last the list that is read after the others
     */
    async resolve(images, last) {
        const unresolved = (() => images.filter(((image) => this.#members.has(image) && !this.seen(image).proven)));
        const withoutMember = (() => unresolved().filter((image) => this.#members.get(image) === 'none'));
        await this.askImages(withoutMember());
        const open = unresolved();
        const rounds = [ALL_STATUSES.filter(((status) => status !== last)), [last]];
        for (const statuses of this.sources.listsBelieved ? rounds : []) {
            const unread = statuses.filter(((status) => !open.every((image) => isReadFor(image, listsOf(status, this.lists)))));
            await this.readToEnd(this.add(unread, open.length <= FEW ? open : Number.POSITIVE_INFINITY));
        }
        // A share that arrived between the two calls shows in the image only; its member is there by now.
        await this.askMembers(withoutMember());
    }
    /** withoutKind gives those images of which neither their attributes nor the list of full-ECS images have shown what they are. Only IMS has kinds. */
    withoutKind(images, status) {
        const whole = listsOf(status, this.lists, true);
        const isOpen = ((image) => (recordIn(image, this.lists)?.kind.fullEcs ?? null) === null && !isReadFor(image, whole));
        return this.sources.api === 'ims' ? images.filter(isOpen) : [];
    }
    /** askKinds finds out which images are full-ECS, of all that are to be accepted: by the lists that are filtered by `__whole_image`. */
    async askKinds(images) {
        for (const status of ['pending', 'rejected']) {
            const shared = images.filter(((image) => this.seen(image).status === status));
            const open = this.withoutKind(shared, status);
            // The silence of the filtered list counts only for images that the list of their status shows.
            const unlisted = unlistedIn(listsOf(status, this.lists), open);
            const about = ((some) => (open.length <= SOME_DOZENS ? some : open.length));
            const plain = unlisted.length === 0 ? [] : this.add([status], about(unlisted));
            await this.readToEnd([...plain, ...this.add([status], about(open), true)]);
            await this.#testFilter(shared, status);
        }
    }
    /**
     * If the list of full-ECS images holds every image of the question, one of them without another sign of what it is, the filter may
     * have no effect: then the list of all others holds them too.
     */
    async #testFilter(shared, status) {
        const lists = this.lists.filter((({ filter }) => filter.memberStatus === status));
        const unmarked = shared.filter(((image) => recordIn(image, lists)?.kind.fullEcs === null));
        const unsigned = unmarked.filter(((image) => recordIn(image, lists)?.fromBackup === false));
        if (unsigned.length === 0 || unmarked.some(((image) => fullEcsOf(image, this.#kindLists(status), false) !== true)))
            return;
        const others = this.add([status], unsigned.length === 1 ? unsigned : Number.POSITIVE_INFINITY, false);
        await this.readToEnd(others, () => unlistedIn(others, unsigned).length < unsigned.length);
        if (isFilterIgnored(status, this.lists))
            this.#ignored.add(status);
    }
}

;// CONCATENATED MODULE: ./build/members/sources.js
/**
 * The sources of what is known about memberships: the lists, two calls for a single member, and the call for a single image. Each may
 * be closed to the identity or not be offered by the host; this is remembered, so that it is found out once.
 */




class Sources {
    #reads;
    #optional;
    #shut = new Map();
    #answered = new Set();
    /** The first refusal that says that the host does not offer a call. */
    #foreign = null;
    #refused = false;
    /** The failures of sources that others may stand in for, in the order in which they came. */
    #broken = new Map();
    /** The first page that was asked for with all enterprise projects, because it had been refused; null if that was refused too. */
    #enterprise = null;
    /** What closed the lists. */
    listsRefusal = null;
    /** False once lists have contradicted each other; from then on the members decide. */
    listsBelieved = true;
    /** @param optional the run goes on without any reads, so that a host need not offer them */
    constructor(reads, optional = false) {
        this.#reads = reads;
        this.#optional = optional;
    }
    get api() {
        return this.#reads.api;
    }
    /** True if the host answers as plain OpenStack does, which has the native calls, but not the list of IMS. */
    get looksLikeOpenStack() {
        if (this.api !== 'ims' || this.#shut.get('lists') !== 'missing')
            return false;
        return this.listsRefusal?.origin === 'image-service' || this.isAnswered;
    }
    get listsOpen() {
        return !this.#shut.has('lists');
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
        this.#broken.clear();
    }
    /** The first failure of a source that others may stand in for; null if there was none since the sources were reopened. */
    get breakage() {
        return this.#broken.values().next().value ?? null;
    }
    /** Throws the failure of a source if the others could not answer what was asked. */
    requireAnswers(isAnswered) {
        if (!isAnswered && this.breakage !== null)
            throw this.breakage;
    }
    /** Throws the failure of the lists, for what nothing else can answer. Lists that are closed or not offered have not failed. */
    requireLists() {
        if (this.#broken.has('lists'))
            throw this.#broken.get('lists');
    }
    /** Throws if nothing that the host has answered shows that it is an image service. */
    requireOffered() {
        const failure = this.#foreign;
        if (this.#optional || failure === null || this.#refused || this.isAnswered)
            return;
        throw new problem/* ProblemError */.Mm({
            title: 'the host does not offer the image service',
            cause: `This host does not offer the call: ${failure.call} at ${failure.host} (HTTP ${failure.status}${failure.code === null ? '' : `, ${failure.code}`}), and none of the other reads either.`,
            cure: 'Check `region` and `ims-endpoint`: they must lead to the image service. Nothing was changed, and nothing is known about the images.',
            code: failure.code,
            requestId: failure.requestId,
        });
    }
    /** list begins a list; nothing is read yet. */
    list(filter) {
        return new SharedList(((page) => this.#page(page)), filter);
    }
    /** read reads lists, if they are open, for as long as that is of use; see `readLists`. */
    async read(lists, open) {
        if (!this.listsOpen)
            return;
        try {
            await readLists(lists, open);
        }
        catch (error) {
            this.#refusal('lists', error);
        }
    }
    /** member asks for one member, by the call that the host offers. */
    async member(image, project) {
        for (const call of this.api === 'ims' ? ['native', 'newer'] : ['native']) {
            const reply = await this.#ask(call, (() => this.#reads.getMember(image, project, call)));
            if (reply !== 'silent' || this.#shut.get(call) !== 'missing')
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
        return this.isAnswered ? 'none' : 'silent';
    }
    async #ask(source, call) {
        if (this.#shut.has(source))
            return 'silent';
        try {
            return await this.#answer(source, call);
        }
        catch (error) {
            return this.#refusal(source, error);
        }
    }
    async #answer(source, call) {
        const answer = await call();
        this.#answered.add(source);
        return answer;
    }
    /** What a failed read shows about its source; throws if it is an ordinary failure. */
    #refusal(source, error) {
        const failure = failureOf(error);
        let why = availabilityOf(error);
        if (source === 'lists') {
            this.listsRefusal = failure;
            // A list cannot be absent, so any 404 means that the call is missing.
            if (why !== null && why !== 'closed')
                why = 'missing';
        }
        if (why === null && isUseless(failure)) {
            if (!this.#broken.has(source))
                this.#broken.set(source, error);
            why = 'broken';
        }
        if (why === null)
            throw error;
        if (why === 'absent' || why === 'closed')
            this.#refused = true;
        if (why === 'missing' || why === 'unsure')
            this.#foreign ??= failure;
        if (why === 'absent')
            return 'none';
        if (why === 'unsure')
            return 'unsure';
        // Closed for one image only if the call has been answered for another one.
        if (why !== 'closed' || !this.#answered.has(source))
            this.#shut.set(source, why);
        return 'silent';
    }
    /** An identity with rights in enterprise projects only may have to name them; that is tried once. */
    async #page(filter) {
        const ask = ((all) => this.#answer('lists', (() => this.#reads.listShared(all ? { ...filter, allEnterpriseProjects: true } : filter))));
        if ((await this.#enterprise) !== null)
            return ask(true);
        try {
            return await ask(false);
        }
        catch (error) {
            if (this.api !== 'ims' || filter.marker !== undefined || failureOf(error)?.status !== 403)
                throw error;
            const isFirst = this.#enterprise === null;
            this.#enterprise ??= ask(true).catch(() => null);
            const page = await this.#enterprise;
            if (page === null)
                throw error;
            return isFirst ? page : ask(true);
        }
    }
}
/** A useless or a lost answer closes its source, because others may know. A refused identity, or a host that is not reached, concerns all. */
function isUseless(failure) {
    if (failure === null || failure.status === 401)
        return false;
    return failure.type !== 'unreachable' && failure.type !== 'untrusted' && failure.type !== 'barred';
}

;// CONCATENATED MODULE: ./build/members/reader.js
/**
 * Reading the images and memberships of one project: asks the sources in the order that takes the fewest requests, until the evidence
 * answers the question.
 */








/** readUntilClear reads on in whatever list can still settle something. */
const readUntilClear = (function (question, inquiry, lists) {
    return inquiry.sources.read(lists, (async () => {
        await inquiry.begin();
        const open = unsettled(question, inquiry, false);
        const unclear = inquiry.withoutKind(question.ids, 'pending');
        const wanted = lists.filter((({ filter, records }) => (filter.wholeImage === undefined ? open : unclear).some((image) => !records.has(image))));
        return { count: Math.max(open.length, unclear.length), lists: wanted };
    }));
});
/**
 * unsettled gives the images of which lists do not show enough.
 * @param presumes whether one list is enough if the question allows that
 */
const unsettled = (function (question, inquiry, presumes = true) {
    inquiry.noteContradictions();
    return question.ids.filter(((image) => {
        const { proven, status } = standingOf(image, inquiry.answers(image));
        if (status === null || !(proven || presumes))
            return true;
        return !(proven ? question.listsProve : question.presumes).has(status);
    }));
});
/** If many images that no list shows are waited for, this many members are asked on behalf of all. */
const SAMPLE = 2;
class Reader {
    sources;
    #project;
    /**
     * @param project settles when the credentials' scope is certain; nothing is believed before
     * @param optional see `Sources`
     */
    constructor(reads, project, optional = false) {
        this.sources = new Sources(reads, optional);
        this.#project = project;
    }
    /** look learns all there is to know of the images. Throws if the service fails, or is no image service, but not if it refuses reads. */
    async look(question) {
        const { ids, accepting, lists } = question;
        const inquiry = new Inquiry(this.sources, this.#project);
        const about = ids.length === 1 ? ids : ids.length;
        const asksKinds = accepting && this.sources.api === 'ims';
        inquiry.add(lists, about);
        if (asksKinds)
            inquiry.add(['pending'], about, true);
        await inquiry.begin(readUntilClear(question, inquiry, inquiry.lists));
        // Nothing is changed before every check is made, and only lists show every full-ECS image.
        if (asksKinds)
            this.sources.requireLists();
        const others = ALL_STATUSES.filter(((status) => !lists.includes(status)));
        let open = unsettled(question, inquiry);
        // For many images that the likely lists do not show, the other lists are shorter than a call for each.
        if (this.sources.listsBelieved && unlistedIn(inquiry.plain, open).length > FEW) {
            await readUntilClear(question, inquiry, inquiry.add(others, ids.length));
            open = unsettled(question, inquiry);
        }
        const hidden = unlistedIn(inquiry.plain, open);
        // While many images that no list shows are waited for, a few members are enough.
        if (question.waits && hidden.length > AT_ONCE && this.sources.listsOpen && !(await isAnyShared(hidden, 0, inquiry)))
            open = withoutAny(open, hidden);
        await inquiry.ask(open);
        await inquiry.resolve(open, 'accepted');
        inquiry.noteContradictions();
        if (accepting) {
            await inquiry.askKinds(ids);
            // That an image cannot be used is believed only if the image itself says so.
            await inquiry.askImages(ids.filter(((image) => (0,values/* usabilityOf */.GO)(inquiry.seen(image).imageStatus) !== 'usable')));
        }
        this.sources.requireOffered();
        if (asksKinds)
            this.sources.requireLists();
        const findings = ids.map(((image) => [image, inquiry.evidence(image)]));
        // That an image is not shared is no answer unless it is proven.
        this.sources.requireAnswers(findings.every((([, { known, proven, status }]) => known && (proven || status !== null))));
        // However much lists agree, they prove nothing about a few images.
        const isProven = ((image, { proven, owner }) => proven && (ids.length > FEW || owner === inquiry.project || inquiry.answers(image).member !== 'not-asked'));
        return new Map(findings.map((([image, found]) => [image, { ...found, proven: isProven(image, found) }])));
    }
    /** confirm asks for each image's member, whatever lists have shown of it. */
    async confirm(seen) {
        const inquiry = await new Inquiry(this.sources, this.#project).begin();
        const images = [...seen.keys()];
        await inquiry.ask(images);
        await inquiry.resolve(images, 'accepted');
        this.sources.requireAnswers(images.every((image) => inquiry.seen(image).known));
        return new Map([...seen].map(([image, before]) => {
            const now = inquiry.evidence(image);
            const { known, proven, status } = now;
            // No answer may have shown the image now; what it is was known before.
            if (now.owner === null)
                return [image, { ...before, known, proven, status }];
            return [image, { ...now, kind: { ...now.kind, fullEcs: now.kind.fullEcs ?? before.kind.fullEcs } }];
        }));
    }
    /**
     * all reads the three lists to their ends, and gives all images of others that they hold. Null if the identity may not list.
     * @param matters the images whose status has to be certain
     */
    async all(config, matters) {
        const { accepting } = questionOf(config, []);
        const inquiry = new Inquiry(this.sources, this.#project);
        inquiry.add(ALL_STATUSES, Number.POSITIVE_INFINITY);
        if (accepting && this.sources.api === 'ims')
            inquiry.add(['pending'], Number.POSITIVE_INFINITY, true);
        await inquiry.begin(inquiry.readToEnd(inquiry.lists));
        this.sources.requireOffered();
        this.sources.requireLists();
        if (!this.sources.listsOpen)
            return null;
        const records = new Map(inquiry.plain.flatMap((list) => [...list.records]));
        const foreign = [...records.values()].filter(({ owner }) => owner !== inquiry.project);
        const wanted = foreign.filter(matters).map(({ id }) => id);
        const open = unsettled(questionOf(config, wanted), inquiry);
        await inquiry.ask(open);
        await inquiry.resolve(open, 'accepted');
        const isKnown = wanted.every((image) => inquiry.seen(image).known);
        this.sources.requireAnswers(isKnown);
        if (!isKnown)
            throw new problem/* ProblemError */.Mm({
                cause: 'The lists of shared images contradict each other, and the members themselves cannot be asked.',
                cure: `${rightsCure(this.sources.api, 'read')} Or name the images with \`images\`. Nothing was changed.`,
            });
        if (accepting)
            await inquiry.askKinds(wanted);
        this.sources.requireLists();
        return new Map(foreign.map(({ id }) => [id, inquiry.evidence(id)]));
    }
    /**
     * arrived gives those images that may have come to be shared, or usable, meanwhile; for waiting at little cost. The list of pending
     * images and a few members are enough, because only a look can tell for certain.
     * @param onTheirWay images that are shared but were not usable yet
     * @param round counts the calls, so that other members are asked each time
     */
    async arrived(missing, onTheirWay, round) {
        const inquiry = await new Inquiry(this.sources, this.#project).begin();
        const about = missing.length === 1 ? missing : Number.POSITIVE_INFINITY;
        const lists = missing.length === 0 ? [] : inquiry.add(['pending'], about);
        await inquiry.readToEnd(lists, () => unlistedIn(lists, missing).length === 0);
        this.sources.requireLists();
        const hidden = unlistedIn(lists, missing);
        const [mayBeShared] = await Promise.all([isAnyShared(hidden, round, inquiry), inquiry.askImages(onTheirWay)]);
        const usable = onTheirWay.filter((image) => (0,values/* usabilityOf */.GO)(inquiry.seen(image).imageStatus) !== 'on-its-way');
        return [...(mayBeShared ? missing : withoutAny(missing, hidden)), ...usable];
    }
    /** statuses reads back what became of members. */
    async statuses(images, readback) {
        const { target, agrees, disputes } = readback;
        const inquiry = await new Inquiry(this.sources, this.#project).begin();
        const credible = images.filter(agrees);
        if (this.sources.listsBelieved && credible.length > FEW)
            await readTarget(credible, readback, inquiry);
        const open = images.filter(((image) => {
            const { proven, status } = inquiry.seen(image);
            return !(agrees(image) && proven && status === target);
        }));
        await inquiry.askMembers(open);
        await inquiry.resolve(open, target);
        const readings = images.map(((image) => {
            const reading = readingOf(image, inquiry.seen(image), inquiry.answers(image), target, disputes(image));
            return [image, { ...reading, failure: reading.known ? null : this.sources.breakage }];
        }));
        return new Map(readings);
    }
}
function withoutAny(images, excluded) {
    const set = new Set(excluded);
    return images.filter((image) => !set.has(image));
}
/** isAnyShared asks for a few members that no list shows, other ones in every round: if one is shared, the lists may hide all others too. */
async function isAnyShared(images, round, inquiry) {
    const start = (round * SAMPLE) % images.length;
    const isFew = images.length <= FEW || !inquiry.sources.listsOpen;
    const samples = isFew ? images : [...images.slice(start), ...images].slice(0, SAMPLE);
    await inquiry.askMembers(samples);
    return samples.some((image) => inquiry.seen(image).status !== null);
}
/**
 * The target's list is begun only when the others have been read: an image that moves in between is then seen at its new place. One
 * that both show has moved, or one of them lags, so that its member is asked; this makes no other image suspect.
 */
async function readTarget(images, { target, before }, inquiry) {
    const others = ALL_STATUSES.filter((status) => status !== target);
    const left = others.filter((status) => before.includes(status));
    const first = inquiry.add(left.length > 0 ? left : others, images.length);
    await inquiry.sources.read(first, () => ({ count: images.length, lists: first }));
    const last = inquiry.add([target], images.length);
    await inquiry.sources.read(last, () => ({ count: unlistedIn(last, images).length, lists: last }));
}

;// CONCATENATED MODULE: ./build/run/open.js
/**
 * Log in, scoped to each project.
 */










/**
 * open logs in to every project of the run and gives them in the run's order. The first login goes alone: if the credentials are
 * wrong, a refused login for each project would lock the account. While IAM answers, the connections that the first reads need are
 * opened already, if the host is known for certain.
 * @param connect opens a connection to the host of a URL ahead of need
 */
const open_open = (async function (context, login, connect) {
    const { config, record } = context;
    trace(context);
    const openOne = (async (member) => {
        try {
            const target = targetOf(config, member);
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
            throw error instanceof RunStopped ? error : new problem/* ProblemError */.Mm(explainFor(member, record, error), { cause: error });
        }
    });
    const [first, ...others] = record.members;
    if (first === undefined)
        return [];
    const opened = [await openOne(first), ...(await pool(others, PROJECTS_AT_ONCE, openOne))];
    noteDisagreements(context, opened);
    return opened;
});
/** A failed login is explained at once: later it would look like an answer of the image service. */
const explained = (function (session) {
    const project = session.project.catch((error) => {
        throw error instanceof RunStopped ? error : new problem/* ProblemError */.Mm(explain(error), { cause: error });
    });
    project.catch(() => { });
    return { ...session, project };
});
/** Names the variables that turn out to name another project, as soon as it is certain which projects the run has. */
const noteDisagreements = (function (context, opened) {
    const note = ((projects) => {
        for (const { text, note } of context.config.unconfirmed)
            if (!projects.some((project) => isProject(project, text)))
                remark(context, note);
    });
    // A failure is noted by the steps that follow.
    Promise.all(opened.map((({ session }) => session.project))).then(note, () => { });
});
const targetOf = (function ({ api, imsEndpoint, authUrl, projectSource }, { given, region }) {
    return {
        given: given === '' ? null : given,
        source: projectSource,
        region,
        endpoints: resolveEndpoints({ api, region, imsEndpoint, authUrl }),
    };
});
/** Says before the login who logs in where, and for which projects: names of inputs and variables, never their values. */
const trace = (function ({ config, record, log }) {
    const { login, agency } = config;
    const { members } = record;
    const hosts = [...new Set(members.map(((member) => new URL(targetOf(config, member).endpoints.iam).host)))].join(', ');
    const projects = members.map((({ label }) => label));
    const where = config.projects.length === 0
        ? 'the project of these credentials'
        : `${(0,values/* nounFor */.Ax)(projects.length, 'project')} ${(0,values/* someOf */.yU)(projects, open_NAMED)}`;
    const through = agency === null ? '' : `, through agency ${agency.name} of account ${agency.domain}`;
    log.line(`Logging in by method ${(0,values/* methodTitle */.SH)(login.method)} (${login.sources.join(', ')})${through} at ${hosts} for ${where}`);
    record.loginHost = hosts;
});
/** Connections that the first reads of a project need. */
const FIRST_READS = 2;
/** Projects named in the log line of the login. */
const open_NAMED = 10;

// EXTERNAL MODULE: ./build/decide/facts.js
var facts = __webpack_require__(895);
// EXTERNAL MODULE: ./build/decide/settle.js
var settle = __webpack_require__(521);
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
    /** Why the service no longer accepts the identity, so that nothing can be read back with it either. */
    identityRefused = null;
    constructor(given, region, images) {
        this.given = given;
        this.region = region;
        for (const image of images)
            this.facts.set(image, (0,facts/* factsOf */.x)(image));
    }
    /** The project's ID as soon as it is known; one that was given counts. */
    get id() {
        return this.project?.id ?? ((0,values/* isProjectId */.rm)(this.given) ? this.given : null);
    }
    /** What log lines call the project. */
    get label() {
        return this.project?.name ?? (this.given === '' ? (this.project?.id ?? "the credentials' project") : this.given);
    }
    /** known gives what is known of an image. */
    known(image) {
        return this.facts.get(image) ?? (0,facts/* factsOf */.x)(image);
    }
    /** note adds to what is known of an image. */
    note(image, news) {
        this.facts.set(image, { ...this.known(image), ...news });
    }
    /** with gives the images whose facts fulfil a condition, in input order. */
    with(condition) {
        return [...this.facts.values()].filter(condition).map((({ image }) => image));
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
        const { status, mode, api, selection, trustedOwners, login } = this.#config;
        const { blocked, stopped } = this;
        const progress = { ...this.#config, readCure: rightsCure(api, 'read'), blocked, stopped };
        const results = this.members.flatMap((({ facts, id }) => [...facts.values()].map(((known) => (0,settle/* settle */.G)(known, progress, id)))));
        for (const result of results)
            this.request(result.requestId);
        const outcome = verdict(results, progress);
        return {
            outcome,
            changed: this.members.some((({ facts }) => hasChanged([...facts.values()], progress))),
            status,
            mode,
            projects: this.members.map((({ given, id, project, region }) => ({
                given,
                id,
                name: project?.name ?? null,
                region,
            }))),
            results,
            leftOut: this.leftOut,
            jobIds: this.jobIds,
            requestIds: this.requestIds,
            problems: outcome === 'timeout' && this.timedOut !== null ? [this.timedOut, ...this.problems] : this.problems,
            trustedOwners,
            manifests: selection.by === 'ids' ? selection.manifests : [],
            login: { ...login, host: this.loginHost },
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






/** isHopeless returns whether something other than what is waited for has stopped the run. */
const isHopeless = (function ({ record }) {
    return (record.problems.length > 0 ||
        record.members.some(((member) => member.with((({ obstacle, mayPass }) => obstacle !== null && !mayPass)).length > 0)));
});
/** waitingFor gives the images that may become shared, or usable, by themselves. */
const waitingFor = (function (member) {
    return member.with((({ mayPass }) => mayPass));
});
/**
 * awaitShares looks again at a project's missing images until all are shared and ready, or `share-timeout` is over. At the end it asks
 * for the members of all that are still missing.
 */
async function awaitShares(context, member) {
    const { config, log, clock, signal } = context;
    const { shareTimeout } = config;
    const begun = clock.now();
    let asked = 1;
    const giveUp = (limit) => {
        const left = waitingFor(member);
        const seconds = ((clock.now() - begun) / 1000).toFixed(0);
        log.line(`${(0,values/* plural */.LS)(left.length, 'image')} still not shared with ${member.label}, or not ready, after ${seconds} s`);
        for (const image of left) {
            const obstacle = notArrived(member.known(image), member.id ?? '', `asked ${asked} times in ${seconds} s`, limit);
            member.note(image, { obstacle, mayPass: false });
        }
    };
    log.line(`Waiting up to ${shareTimeout / 1000} s for ${(0,values/* plural */.LS)(waitingFor(member).length, 'image')} to be shared with ${member.label}`);
    try {
        for (let isLast = false; !isLast;) {
            const elapsed = clock.now() - begun;
            await clock.sleep(Math.max(0, Math.min(shareTimeout - elapsed, shareDelay(elapsed, clock.random()))), signal);
            // Another image or project has stopped the run meanwhile: what arrives would not be used.
            if (isHopeless(context))
                return;
            asked++;
            isLast = clock.now() - begun >= shareTimeout;
            await lookAgain(context, member, isLast ? waitingFor(member) : await arrived(member, asked), asked);
            if (waitingFor(member).length === 0)
                return;
        }
        giveUp('share-timeout');
    }
    catch (error) {
        if (error instanceof RunStopped && error.reason === 'timeout')
            giveUp('timeout');
        throw error;
    }
}
/** The images that may have come to be shared, or usable, meanwhile. */
function arrived(member, round) {
    const onTheirWay = member.with((facts) => facts.mayPass && !isMissing(facts));
    return member.reader.arrived(member.with(isMissing), onTheirWay, round);
}
async function lookAgain(context, member, images, asked) {
    if (images.length === 0)
        return;
    const { config, log } = context;
    const shared = [];
    for (const [image, evidence] of await member.reader.look({ ...questionOf(config, images), waits: false })) {
        member.note(image, { evidence });
        requireReadable(context);
        judgeImages(context, member, [image]);
        if (!member.known(image).mayPass)
            shared.push(`${image} ${log.quote(evidence.name ?? '')}`);
    }
    const times = `(asked ${asked} times)`;
    for (const image of shared.slice(0, shares_NAMED))
        log.line(`Image ${image} is shared now ${times}`);
    if (shared.length > shares_NAMED)
        log.line(`${(0,values/* plural */.LS)(shared.length - shares_NAMED, 'more image')} shared now ${times}`);
}
/** Images that the log names when they arrive together. */
const shares_NAMED = 5;

;// CONCATENATED MODULE: ./build/run/index.js
/**
 * A run from the configuration to the report: its steps in their order. Whatever happens, a report comes out.
 */




















/** run does what the configuration asks for and never throws. */
const run = (async function (config, tools) {
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
    const transport = new Transport(tools.proxies);
    const login = openLogin(context, transport, tools);
    let opened = [];
    try {
        for (const note of config.notes)
            log.line(note);
        for (const warning of config.warnings)
            warn(context, warning);
        log.group('Log in and look');
        opened = await open_open(context, login, ((url) => transport.connect(url, config.requestTimeout)));
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
    transport.close();
    noteOtherApi(record, opened);
    log.endGroup();
    const report = record.report(clock.now());
    const notice = encryptedNotice(report.results, config.status);
    if (notice === null)
        return report;
    log.notice(notice);
    return { ...report, notes: [...report.notes, notice] };
});
const steps = (async function (context, opened) {
    const { config, record, log } = context;
    await forEachProject(context, opened, look);
    if (record.problems.length > 0)
        return;
    const misfit = projectsProblem(record.members, config.vaults);
    if (misfit !== null)
        throw new problem/* ProblemError */.Mm(misfit);
    requireReadable(context);
    await run_judge(context, opened);
    const obstacles = record.members.flatMap(((member) => member.with((({ obstacle }) => obstacle !== null))));
    if (config.mode !== 'check' && obstacles.length > 0) {
        log.line(`Stopping before any change: ${(0,values/* plural */.LS)(obstacles.length, 'image')} cannot be ${config.status}`);
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
    await forEachProject(context, opened, prove);
});
/** Judges every image; those that are not shared yet may get time to arrive, unless something else stops the run anyway. */
const run_judge = (async function (context, opened) {
    await forEachProject(context, opened, (async (_, member) => {
        judgeImages(context, member, member.facts.keys());
        await confirmObstacles(context, member, 'others');
    }));
    requireReadable(context);
    if (waitsForShares(context.config) && !isHopeless(context)) {
        const waiting = opened.filter(((member) => waitingFor(member).length > 0));
        await forEachProject(context, waiting, awaitShares, waiting.length);
    }
    await forEachProject(context, opened, ((_, member) => confirmObstacles(context, member, 'not-shared')));
    requireReadable(context);
});
const openLogin = (function (context, transport, { hide, redact, clock, log }) {
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
        onRenewal: () => log.line('The token had expired: logged in again'),
        refusalHint: refusalHint(config),
        projectHint: config.hints.project,
        regionHint: config.hints.region,
    });
});
const membersOf = (function (config) {
    const { projects, selection } = config;
    const ids = selection.by === 'ids' ? selection.ids : [];
    const given = projects.length === 0 ? [''] : projects;
    return given.map(((project) => new MemberProject(project, pickRegion(config, project), ids)));
});
/**
 * Adds a hint if something went wrong at a host that answers like plain OpenStack. It never changes what is called: an answer of a proxy
 * must not decide that.
 */
const noteOtherApi = (function (record, opened) {
    const other = opened.find((({ reader }) => reader.sources.looksLikeOpenStack));
    const isWrong = (({ obstacle, refusal }) => obstacle !== null || refusal !== null);
    const wentWrong = record.problems.length > 0 || record.members.some(((member) => member.with(isWrong).length > 0));
    if (other === undefined || !wentWrong)
        return;
    record.problem((0,problem/* problem */.CC)({
        cause: `${new URL(other.session.serviceUrl).host} answers like the image service of plain OpenStack: it does not have the list of IMS.`,
        cure: 'If this cloud is plain OpenStack, set `api: openstack`.',
    }));
});
/** How long the last reading of the members may take once the run's time is up. */
const LAST_LOOK = 10_000;
function end({ record, log }, error) {
    if (error instanceof RunStopped) {
        record.stopped ??= error.reason;
        // A cancellation outranks a time-out: it ends the last look too.
        if (error.reason === 'cancelled')
            record.stopped = 'cancelled';
        log.line(`Stopping: ${error.message}`);
        // Whoever cancelled a run knows why.
        if (error.reason === 'timeout')
            record.timedOut ??= timeLimitProblem(record, error.cause);
        return;
    }
    record.problem(explain(error));
}


/***/ })

};
;