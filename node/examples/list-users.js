// The program of the project's README: everybody who is not archived, by name.
import { Pluvo } from 'pluvo-sdk';

const pluvo = new Pluvo();
for await (const user of pluvo.users.list({ archived: false })) {
  console.log(user.name);
}
await pluvo.close();
