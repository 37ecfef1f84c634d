/**
 * Codes of the API gateway in front of the services. Huawei Cloud writes them `APIGW.` instead of `APIG.` (OTC API Gateway user guide,
 * Error Codes; Huawei Cloud API Gateway, Error Codes).
 */
import { BUG, LATER, STATUS_PAGE, SUPPORT, type Table } from './code-table.ts';

const CREDENTIALS = 'See whether the credentials are right, complete and of this cloud.';

// biome-ignore format: a table is read row by row
export const GATEWAY_CODES: Table = {
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
