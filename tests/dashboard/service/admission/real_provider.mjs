// The certified npm package oidc-provider on loopback: node real_provider.mjs NODE_MODULES PORT REDIRECT_URI
// Its own pages ask who comes, and believe it; who is called unverified-… has no verified address.
import { pathToFileURL } from 'node:url';

const [modules, port, redirect] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(`${modules}/oidc-provider/lib/index.js`));

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: 'leadline', client_secret: 'a secret of the client', redirect_uris: [redirect] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  conformIdTokenClaims: false, // the address stands in the identity token
  findAccount: (_, login) => ({
    accountId: login,
    claims: () => ({
      sub: login, name: 'Somebody', email: login.replace('unverified-', ''), email_verified: !login.startsWith('unverified-'),
    }),
  }),
});
provider.listen(port, '127.0.0.1', () => console.log('listens'));
