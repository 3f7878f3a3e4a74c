// Makes and uses passkeys. A form with data-passkey="create", "get" or "login" is sent once the
// device has answered; without passkeys in the browser such a form stays hidden.
const able = "PublicKeyCredential" in window && "credentials" in navigator;

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!able) continue;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form).catch((error) => {
      const message = form.querySelector("[role=alert]");
      message.textContent = message.dataset.failed;
      form.dataset.failure = error.name;
    });
  });
}

async function ask(form) {
  const kind = form.dataset.passkey;
  const options = kind === "login" ? await fetched(form.action) : JSON.parse(form.dataset.options);
  const credential = kind === "create" ? await made(form, options) : await used(options);
  form.elements.credential.value = JSON.stringify(written(credential));
  form.submit();
}

async function fetched(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}`);
  return answer.json();
}

async function made(form, options) {
  const wanted = structuredClone(options.creation_options.publicKey);
  const alone = form.elements.passwordless?.checked ?? false;
  wanted.authenticatorSelection = {
    ...wanted.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone ? { userVerification: "required" } : {}),
  };
  wanted.challenge = bytes(wanted.challenge);
  wanted.user.id = bytes(wanted.user.id);
  wanted.excludeCredentials = (wanted.excludeCredentials ?? []).map(known);
  return navigator.credentials.create({ publicKey: wanted });
}

async function used(options) {
  const wanted = structuredClone(options.request_options.publicKey);
  wanted.challenge = bytes(wanted.challenge);
  wanted.allowCredentials = (wanted.allowCredentials ?? []).map(known);
  return navigator.credentials.get({ publicKey: wanted });
}

function known(one) {
  return { ...one, id: bytes(one.id) };
}

function written(credential) {
  const answer = credential.response;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const response = Object.fromEntries(parts.filter((part) => answer[part]).map((part) => [part, text(answer[part])]));
  if (answer.getTransports) response.transports = answer.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

function bytes(base64url) {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function text(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
