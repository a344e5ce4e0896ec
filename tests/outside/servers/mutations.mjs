// What a client may write on the JavaScript servers: people, and who is in the group. The semantics are Pluvo's as its
// documentation has them: people are found by the selector, refs and addresses are unique, repeats land in `alreadyAdded`.
import { GraphQLError } from 'graphql';

const taken = (what) => new GraphQLError(`Another user has this ${what}.`, { extensions: { code: 'BAD_USER_INPUT' } });

/** Resolvers over `state`, whose `users` and `members` they change. */
export function mutations(state, { find, uuid }) {
  function unique(user, person) {
    const others = state.users.filter((other) => other !== person);
    for (const key of ['ref', 'email']) {
      if (user[key] != null && others.some((other) => other[key] === user[key])) throw taken(key);
    }
  }

  function change(person, { addParticipantGroups = [], removeParticipantGroups = [], ...user }) {
    unique(user, person);
    Object.assign(person, user);
    person.isActive = !person.archived;
    if (addParticipantGroups.includes(state.group.id)) state.members.add(person.id);
    if (removeParticipantGroups.includes(state.group.id)) state.members.delete(person.id);
    return person;
  }

  function create(user) {
    if (!user.name || !user.email) throw new GraphQLError('A new user needs a name and an e-mail address.');
    const id = uuid('8000', state.users.length + 1);
    const person = { id, modelId: id, ref: id, roles: ['PARTICIPANT'], language: 'NL', extraCategoryValues: [] };
    change(person, { archived: false, ...user });
    state.users.push(person);
    return person;
  }

  /** Adds or removes people, and says of whom that was so already. */
  function membership({ groupId, groupRef, userIds, userRefs }, wanted) {
    if (!find([state.group], { id: groupId, ref: groupRef })) throw new GraphQLError('There is no such group.');
    const [done, already, failed] = [[], [], []];
    for (const key of [...(userIds ?? []).map((id) => ({ id })), ...(userRefs ?? []).map((ref) => ({ ref }))]) {
      const person = find(state.users, key);
      if (!person) {
        if (key.id) failed.push(key.id);
      } else if (state.members.has(person.id) === wanted) {
        already.push(person.id);
      } else {
        if (wanted) state.members.add(person.id);
        else state.members.delete(person.id);
        done.push(person.id);
      }
    }
    return [done, already, failed];
  }

  return {
    updateOrCreateUser(_, { ref, email, user }) {
      const person = find(state.users, { ref, email });
      if (person) return { user: change(person, user), created: false };
      return { user: create({ ...(ref && { ref }), ...(email && { email }), ...user }), created: true };
    },
    updateUser(_, { id, ref, user }) {
      const person = find(state.users, { id, ref });
      if (!person) throw new GraphQLError('There is no such user.', { extensions: { code: 'NOT_FOUND' } });
      return { user: change(person, user) };
    },
    addUsersToGroup(_, args) {
      const [addedIds, alreadyAddedIds, failedIds] = membership(args, true);
      return { addedIds, alreadyAddedIds, failedIds };
    },
    removeUsersFromGroup(_, args) {
      const [removedIds, alreadyRemovedIds, failedIds] = membership(args, false);
      return { removedIds, alreadyRemovedIds, failedIds };
    },
  };
}
