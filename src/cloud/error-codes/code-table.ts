/**
 * The services' error codes: what each is about, what it means, and what to do about it. Sources: OTC IMS, IAM and CBR API references, Error
 * Codes; OTC API Gateway user guide, Error Codes; Huawei Cloud API Gateway, Error Codes.
 */

/** What a refusal is about, which decides what may be done next. */
export type Subject =
  | 'image' // one image of the request, so a batch that holds it may be divided
  | 'project' // that input, so every image is concerned
  | 'vault' // that input, so every image that needs a vault is concerned
  | 'rate' // too many requests; sent again after a pause. IMG.0060 comes with HTTP 400
  | 'login' // who is asking, as the next two; another attempt would be refused too, and may lock the user or the key
  | 'permission'
  | 'account'
  | 'service' // a fault of the service itself
  | 'request'; // the form of the request, which is this action's doing

/** Subject, cause, cure; `transient` if the same read may succeed later. */
type Row = readonly [subject: Subject, cause: string, cure: string, transient?: 'transient'];

const SUPPORT = "Nothing in the workflow can fix this. Send the request ID to the cloud's support.";
export const LATER = "Run the workflow again later. If it keeps failing, send the request ID to the cloud's support.";
export const STATUS_PAGE = "Check the cloud's status page, and run the workflow again once the service is back.";
export const BUG = 'The action should not have sent this. Please open an issue with the request ID.';
const GONE =
  'Compare the ID in `images` with its owner: it may be mistyped, deleted, no longer shared, or in another `region`.';
const OWN_KEY = "Ask the image's owner to check the KMS key that the image is encrypted with.";
const KEY_GRANT = "Ask the image's owner to authorise this project for the image's KMS key.";
const CBR_IMAGE = "Ask the image's owner to create it again from a CBR backup. No other full-ECS images can be shared.";
const SERVER_VAULT =
  'Give as `vault` one that stores servers (object type server) and serves for backup, not replication.';
const SERVICE_AGENCY = 'Have an administrator of the account restore the agencies that IMS and CBR work through.';
const NAMED_INPUT =
  'Correct the input that the message names. If it names none, please open an issue with the request ID.';
const ENABLE_USER = 'Have an administrator enable the user, or log in as another one.';
const NEW_KEY = 'Create another access key for the user, and store it as `access-key` and `secret-key`.';

/** errorCodes gives the rows by code, in the vendor's spelling. Only a run with an error builds the table. */
// biome-ignore format: a table is read row by row
export const errorCodes = (): Readonly<Record<string, Row>> => ({
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
