// Passkeys and USB keys (Web Authentication). A form says what it is for and
// carries the server's options; the browser's answer goes into its hidden field
// and the form is posted as any other.

const bytes = (text) => {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (c) => c.charCodeAt(0));
};

const text = (buffer) => {
  let raw = "";
  for (const b of new Uint8Array(buffer)) raw += String.fromCharCode(b);
  return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

const listed = (list) => (list || []).map((c) => ({ ...c, id: bytes(c.id) }));

async function create(options) {
  const o = options.publicKey;
  const c = await navigator.credentials.create({
    publicKey: {
      ...o,
      challenge: bytes(o.challenge),
      user: { ...o.user, id: bytes(o.user.id) },
      excludeCredentials: listed(o.excludeCredentials),
    },
  });
  return {
    id: c.id,
    rawId: text(c.rawId),
    type: c.type,
    response: {
      attestationObject: text(c.response.attestationObject),
      clientDataJSON: text(c.response.clientDataJSON),
      transports: c.response.getTransports ? c.response.getTransports() : [],
    },
  };
}

async function get(options) {
  const o = options.publicKey;
  const c = await navigator.credentials.get({
    publicKey: { ...o, challenge: bytes(o.challenge), allowCredentials: listed(o.allowCredentials) },
  });
  return {
    id: c.id,
    rawId: text(c.rawId),
    type: c.type,
    response: {
      authenticatorData: text(c.response.authenticatorData),
      clientDataJSON: text(c.response.clientDataJSON),
      signature: text(c.response.signature),
      userHandle: c.response.userHandle ? text(c.response.userHandle) : null,
    },
  };
}

document.addEventListener("submit", async (e) => {
  const form = e.target;
  const kind = form.dataset?.passkey;
  if (!kind || form.dataset.ready) return;
  e.preventDefault();
  const said = form.querySelector("[data-said]");
  try {
    if (!window.PublicKeyCredential) throw new DOMException("", "NotSupportedError");
    const options = JSON.parse(form.dataset.options);
    const answer = await (kind === "create" ? create(options) : get(options));
    form.elements.credential.value = JSON.stringify(answer);
    form.dataset.ready = "1";
    form.submit();
  } catch (err) {
    if (said) {
      said.textContent = err.name === "NotSupportedError" ? said.dataset.unsupported
        : err.name === "InvalidStateError" ? said.dataset.known
        : said.dataset.failed;
      said.hidden = false;
    }
  }
});
