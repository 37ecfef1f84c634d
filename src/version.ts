/**
 * The action's version, for the log, the receipt and the user agent. A test compares it with package.json.
 */
export const VERSION = '1.0.0';
export const USER_AGENT = `ims-members-action/${VERSION}`;
