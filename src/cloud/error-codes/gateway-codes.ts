/**
 * Codes of the API gateway in front of the services. Huawei Cloud writes them `APIGW.` instead of `APIG.` (OTC API Gateway user guide,
 * Error Codes; Huawei Cloud API Gateway, Error Codes).
 */
import { BUG, LATER, STATUS_PAGE, SUPPORT, type Table } from './code-table.ts';

const CREDENTIALS = 'Check that the credentials are complete, valid, and of this cloud.';

// biome-ignore format: a table is read row by row
export const GATEWAY_CODES: Table = {
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
