/**
 * Requests to Keystone and Glance with one token, as a tenant or the administrator sends them.
 */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface Rest {
  /** Sends a request whose failure is a failure of the suite. */
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Sends a request that may be refused. */
  ask(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Keystone: adds one of a kind and gives its ID. */
  create(kind: string, fields: Readonly<Record<string, unknown>>): Promise<string>;
  /** Keystone: gives a user a role in a project. */
  grant(project: string, user: string, role: string): Promise<void>;
}

/** connect gives the calls below a base URL. */
export function connect(base: string, token: string): Rest {
  const ask: Rest['ask'] = async (method, path, body, headers = {}) => {
    const isData = body instanceof Uint8Array;
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        Accept: 'application/json',
        ...(token === '' ? {} : { 'X-Auth-Token': token }),
        ...(body === undefined ? {} : { 'Content-Type': isData ? 'application/octet-stream' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isData ? body : JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: parsed(await response.text()) };
  };
  const send: Rest['send'] = async (method, path, body, headers) => {
    const answer = await ask(method, path, body, headers);
    if (answer.status >= 300)
      throw new Error(`${method} ${base}${path} → ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  };
  return {
    ask,
    send,
    async create(kind, fields) {
      const { body } = await send('POST', `/${kind}s`, { [kind]: fields });
      return text(at(body, kind, 'id'));
    },
    async grant(project, user, role) {
      const { body } = await send('GET', `/roles?name=${role}`);
      const found = at(body, 'roles');
      const id = Array.isArray(found) ? text(at(found[0], 'id')) : await this.create('role', { name: role });
      await send('PUT', `/projects/${project}/users/${user}/roles/${id}`);
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** at walks into parsed JSON; `undefined` if the path ends. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  let here = value;
  for (const key of keys)
    here = typeof here === 'object' && here !== null ? (here as Record<string, unknown>)[key] : undefined;
  return here;
}

/** text is a string of parsed JSON; anything else is a failure. */
export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`not a text: ${JSON.stringify(value)}`);
  return value;
}
