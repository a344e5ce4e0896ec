// The organisation behind the JavaScript servers: the project's own schema, made executable by graphql-tools, with
// connections cut by graphql-relay. `servers/pluvo_django` builds the same people from the same `people.json`.
import { readFileSync } from 'node:fs';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { GraphQLError, Kind, parse, visit } from 'graphql';
import { connectionFromArray, cursorToOffset, offsetToCursor } from 'graphql-relay';
import { mutations } from './mutations.mjs';

const people = JSON.parse(readFileSync(new URL('../people.json', import.meta.url), 'utf8'));

const uuid = (kind, n) => `00000000-0000-4000-${kind}-${String(n).padStart(12, '0')}`;

const person = (_, i) => {
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
};

const group = {
  id: uuid('9000', 1),
  name: 'Everybody',
  ref: 'GROUP-1',
  maxUsers: 500,
  enableChat: true,
  isEditable: true,
  managerCount: 1,
  trainings: [],
  extraCategoryValues: [],
};

const state = { group };

/** Puts everything back as it was at the start. */
export function reset() {
  state.users = Array.from({ length: people.users }, person);
  state.members = new Set(state.users.slice(0, people.groupSize).map(({ id }) => id));
}
reset();

/** What the server holds, for tests to compare with. */
export function told() {
  return {
    users: state.users.map(({ id, ref, name, email, archived }) => ({ id, ref, name, email, archived })),
    members: [...state.members],
  };
}

/**
 * The project's schema, with other names for the types whose names it only guesses: nobody but Pluvo knows these, so a
 * client must not depend on them.
 */
function renamed(schema) {
  const document = parse(schema);
  const isGuessed = (definition) =>
    definition.directives?.some(
      ({ name, arguments: [parts] }) =>
        name.value === 'inferred' && parts.value.values.some(({ value }) => value === 'NAME'),
    );
  const kinds = [Kind.INPUT_OBJECT_TYPE_DEFINITION, Kind.ENUM_TYPE_DEFINITION];
  const guessed = new Set(
    document.definitions.filter((it) => kinds.includes(it.kind) && isGuessed(it)).map((it) => it.name.value),
  );
  const other = (node) => {
    if (!guessed.has(node.name.value)) return undefined;
    return { ...node, name: { ...node.name, value: `Their${node.name.value}` } };
  };
  return visit(document, { InputObjectTypeDefinition: other, EnumTypeDefinition: other, NamedType: other });
}

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
  return state.users
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
  const isMember = ({ id }) => state.members.has(id);
  return makeExecutableSchema({
    typeDefs: renamed(readFileSync(schemaPath, 'utf8')),
    resolvers: {
      Query: {
        paginatedUsers: (_, args) => page(matching(args), args, limit),
        user: (_, args) => find(state.users, args),
        paginatedGroups: (_, args) => page([group], args, limit),
        group: (_, args) => find([group], args),
      },
      Mutation: mutations(state, { find, uuid }),
      Group: {
        users: (_, args) => page(byName(state.users.filter(isMember)), args, limit),
        managers: (_, args) => page(state.users.slice(0, 1), args, limit),
        userCount: () => state.members.size,
      },
      User: {
        participantGroups: (user) => (isMember(user) ? [group] : []),
      },
    },
  });
}
