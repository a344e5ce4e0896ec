// The organisation behind the JavaScript servers: the project's own schema, made executable by graphql-tools, with
// connections cut by graphql-relay. `servers/pluvo_django` builds the same people from the same `people.json`.
import { readFileSync } from 'node:fs';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { GraphQLError } from 'graphql';
import { connectionFromArray, cursorToOffset, offsetToCursor } from 'graphql-relay';

const people = JSON.parse(readFileSync(new URL('../people.json', import.meta.url), 'utf8'));

const uuid = (kind, n) => `00000000-0000-4000-${kind}-${String(n).padStart(12, '0')}`;

const users = Array.from({ length: people.users }, (_, i) => {
  const n = i + 1;
  const given = people.givenNames[i % people.givenNames.length];
  const family = people.familyNames[i % people.familyNames.length];
  const archived = n % people.archivedEvery === 0;
  return {
    id: uuid('8000', n),
    modelId: uuid('8000', n),
    name: `${given} ${family} ${n}`,
    email: `person${n}@example.com`,
    ref: `EMP-${n}`,
    archived,
    isActive: !archived,
    roles: n === 1 ? ['MANAGER', 'PARTICIPANT'] : ['PARTICIPANT'],
    language: 'NL',
    extraCategoryValues: [],
  };
});

const group = {
  id: uuid('9000', 1),
  name: 'Everybody',
  ref: 'GROUP-1',
  maxUsers: 500,
  enableChat: true,
  isEditable: true,
  userCount: people.groupSize,
  managerCount: 1,
  trainings: [],
  extraCategoryValues: [],
};

/** A Relay page with Pluvo's additions: `offset`, `count`, and a limit on `first` that the server chooses. */
function page(list, args, limit) {
  const { first, offset } = args;
  if (first > 50 && limit === 'refuse') {
    throw new GraphQLError(`Requesting ${first} records exceeds the limit of 50 records.`, {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
  const cut = { ...args, first: Math.min(first ?? 50, 50) };
  if (offset) cut.after = offsetToCursor(offset + (args.after ? cursorToOffset(args.after) : -1));
  return { ...connectionFromArray(list, cut), count: list.length };
}

function matching({ q, archived, userRoles }) {
  return users
    .filter((user) => archived == null || user.archived === archived)
    .filter((user) => !q || user.name.includes(q) || user.email.includes(q))
    .filter((user) => !userRoles || user.roles.some((role) => userRoles.includes(role)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `limit` says what becomes of a `first` above 50: 'refuse' or 'cap'. */
export function organisation({ schemaPath, limit }) {
  const byName = (list) => [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
  const find = (list, { id, ref, email }) =>
    list.find((item) => (id && item.id === id) || (ref && item.ref === ref) || (email && item.email === email)) ?? null;
  return makeExecutableSchema({
    typeDefs: readFileSync(schemaPath, 'utf8'),
    resolvers: {
      Query: {
        paginatedUsers: (_, args) => page(matching(args), args, limit),
        user: (_, args) => find(users, args),
        paginatedGroups: (_, args) => page([group], args, limit),
        group: (_, args) => find([group], args),
      },
      Group: {
        users: (_, args) => page(byName(users.slice(0, people.groupSize)), args, limit),
        managers: (_, args) => page(users.slice(0, 1), args, limit),
      },
    },
  });
}
