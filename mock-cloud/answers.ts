/**
 * Answers in the documented shapes. Each service has its own way of saying no.
 */
import type { Answer } from './types.ts';

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** title is the reason phrase of a status. */
export function title(status: number): string {
  return TITLES[status] ?? 'Error';
}

/** json is an ordinary answer. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, body, headers };
}

/** nested is the documented shape of IMS errors. */
export function nested(status: number, code: string, message: string): Answer {
  return json(status, { error: { message, code } });
}

/** flat is the shape of the gateway, of IAM `/v3.0` and of newer IMS; `request_id` is filled in by the server. */
export function flat(status: number, code: string, message: string): Answer {
  return json(status, { error_msg: message, error_code: code, request_id: '' });
}

/** flatIam is the shape of IAM `/v3.0`, which has no request ID in the body. */
export function flatIam(status: number, code: string, message: string): Answer {
  return json(status, { error_msg: message, error_code: code });
}

/** keystone is the shape of IAM `/v3`. */
export function keystone(status: number, message: string): Answer {
  return json(status, { error: { message, code: status, title: title(status) } });
}

/** native is the shape of the native OpenStack calls: HTML, unless the caller asks for JSON. */
export function native(status: number, message: string, accept: string | undefined): Answer {
  if (!(accept ?? '').includes('application/json')) return html(status, message);
  return json(status, {
    message: `${message}<br /><br />\n\n\n`,
    code: `${status} ${title(status)}`,
    title: title(status),
  });
}

/** openstack is the style of Nova and similar services: one key that names the kind of error. */
export function openstack(status: number, message: string): Answer {
  const kinds: Record<number, string> = {
    400: 'badRequest',
    401: 'unauthorized',
    403: 'forbidden',
    404: 'itemNotFound',
    413: 'overLimit',
    503: 'serviceUnavailable',
  };
  return json(status, { [kinds[status] ?? 'computeFault']: { code: status, message } });
}

/** html is what proxies and Glance without an Accept header send. */
export function html(status: number, message: string): Answer {
  const name = `${status} ${title(status)}`;
  return {
    status,
    contentType: 'text/html; charset=UTF-8',
    body: `<html>\n <head>\n  <title>${name}</title>\n </head>\n <body>\n  <h1>${name}</h1>\n  ${message}<br /><br />\n\n\n\n </body>\n</html>`,
  };
}

/** xml is what the IMS reference announces for errors of native calls. */
export function xml(status: number, code: string, message: string): Answer {
  return {
    status,
    contentType: 'application/xml',
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  };
}

export type ErrorShape = 'nested' | 'flat' | 'keystone' | 'native' | 'openstack' | 'html' | 'xml' | 'empty';

/** errorAnswer gives an error in any of the shapes; for `respond` of a fault. */
export function errorAnswer(shape: ErrorShape, status: number, code: string, message: string): Answer {
  switch (shape) {
    case 'nested':
      return nested(status, code, message);
    case 'flat':
      return flat(status, code, message);
    case 'keystone':
      return keystone(status, message);
    case 'native':
      return native(status, message, 'application/json');
    case 'openstack':
      return openstack(status, message);
    case 'html':
      return html(status, message);
    case 'xml':
      return xml(status, code, message);
    case 'empty':
      return { status };
  }
}

/** throttled is the gateway's 429; `retryAfter` in seconds, or as the header's text (an HTTP date). */
export function throttled(retryAfter?: number | string): Answer {
  const headers: Record<string, string> = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
  return { ...flat(429, 'APIG.0308', 'The throttling threshold has been reached.'), headers };
}

/** flowControl is the throttle of IMS itself, which comes as 400. */
export function flowControl(): Answer {
  return nested(400, 'IMG.0060', 'The task flow control is exceeded, please try again later.');
}
