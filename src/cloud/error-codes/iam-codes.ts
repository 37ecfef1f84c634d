/**
 * Codes of Identity and Access Management (OTC IAM API reference, Status Codes and Error Codes).
 */
import { LATER, STATUS_PAGE, type Table } from './code-table.ts';

const NAMED_INPUT =
  'Correct the input that the message names. If it names none, please open an issue with the request ID.';
const ENABLE_USER = 'Have an administrator enable the user, or log in as another one.';
const NEW_KEY = 'Create another access key for the user, and store it as `access-key` and `secret-key`.';

// biome-ignore format: a table is read row by row
export const IAM_CODES: Table = {
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
