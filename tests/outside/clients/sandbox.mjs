// Where the sandbox is, and a token for it had through openid-client, as a user of that library would.
import * as openid from 'openid-client';

export const base = process.env.PLUVO_BASE_URL;
export const users = Number(process.env.PLUVO_USERS);
export const graphqlUrl = `${base}graphql/`;
export const scopes = (process.env.PLUVO_SCOPES ?? 'users.read groups.read trainings.read').split(' ');

const clientId = process.env.PLUVO_CLIENT_ID;
const clientSecret = process.env.PLUVO_CLIENT_SECRET;

export function configuration(secret = clientSecret) {
  const server = { issuer: base, token_endpoint: `${base}oauth/token/` };
  const config = new openid.Configuration(server, clientId, undefined, openid.ClientSecretPost(secret));
  openid.allowInsecureRequests(config);
  return config;
}

export function grant(config = configuration(), wanted = scopes) {
  return openid.clientCredentialsGrant(config, { scope: wanted.join(' ') });
}

let token;
/** The `Authorization` header that every client here sends. */
export async function authorization() {
  token ??= grant();
  return `Bearer ${(await token).access_token}`;
}

export const usersPage = `
  query Users($first: Int, $after: String) {
    paginatedUsers(first: $first, after: $after) {
      count
      pageInfo { hasNextPage endCursor }
      edges { cursor node { id name email ref roles } }
    }
  }`;

/** Reads all users, page by page, with `send`: variables to `paginatedUsers`. */
export async function drain(send) {
  const ids = [];
  let after = null;
  for (;;) {
    const page = await send({ first: 50, after });
    ids.push(...page.edges.map((edge) => edge.node.id));
    if (!page.pageInfo.hasNextPage) return { ids, count: page.count };
    after = page.pageInfo.endCursor;
  }
}
